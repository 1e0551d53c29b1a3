"""From a line or an object of JSON to the answer in JSON: never an error, always one answer. Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fadu.law.judging.book import Book
from fadu.law.judging.judge import bad_input, judge
from fadu.law.judging.numbers import Numbers
from fadu.law.judging.reading import question
from fadu.law.judging.values import InputError


def answer(row: object, book: Book | None = None, numbers: Numbers | None = None) -> dict[str, Any]:
    """The answer to one object: its id, lawful, reasons. What cannot be read is answered null with its field."""
    given = row.get("id") if isinstance(row, dict) else None
    try:
        judgment = judge(question(row), book, numbers)
    except InputError as error:
        judgment = bad_input(error.field, error.problem)
    return {"id": given, **judgment.as_answer}


def answer_line(line: str) -> dict[str, Any]:
    """The answer to one line of JSON."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, **bad_input("（全文）", "不是有效的JSON").as_answer}
    return answer(row)


def answer_lines(lines: Iterable[str]) -> Iterator[str]:
    """One line of JSON for each line that is not empty, in their order."""
    for line in lines:
        if line.strip():
            yield _written(answer_line(line))


def _written(answered: dict[str, Any]) -> str:
    """The answer as JSON; an id that JSON or UTF-8 cannot hold is answered as null or without its stray halves."""
    try:
        text = json.dumps(answered, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        text = json.dumps({**answered, "id": None}, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()
