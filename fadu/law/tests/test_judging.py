"""The judgment of cases: expected answers come from reading the statutes, never from the content files."""

from typing import Any

import pytest

from fadu.law.judging.answering import answer
from fadu.law.tests import cases_by_law as cases

DAYS = {"危险化学品安全法": ("2026-05-01", "2026-06-01"), "危险化学品安全管理条例": ("2026-04-30", "2026-06-01")}


def ask(law: str, place: tuple[Any, ...], sanctions: dict[str, Any], case: dict[str, Any] | None = None) -> Any:
    article, paragraph, item = (*place, None, None)[:3]
    acted, decided = DAYS.get(law, ("2025-03-03", "2025-05-06"))
    row: dict[str, Any] = {"id": 7, "law": law, "article": article, "act_date": acted, "decision_date": decided}
    row |= {"paragraph": paragraph} if paragraph else {}
    row |= {"item": item} if item else {}
    return answer({**row, "sanctions": sanctions, **(case or {})})


def codes(answered: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in answered["reasons"]]


ROWS = [*cases.WORK_SAFETY, *cases.HAZCHEM, *cases.HAZCHEM_OLD, *cases.COAL, *cases.OTHERS, *cases.MORE]


@pytest.mark.parametrize(
    ("law", "place", "sanctions", "case", "lawful", "code"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_answer_is_what_the_statute_says(law, place, sanctions, case, lawful, code):
    answered = ask(law, place, sanctions, case)
    assert (answered["id"], answered["lawful"]) == (7, lawful), answered
    if code:
        assert code in codes(answered), answered
    assert bool(answered["reasons"]) is (lawful is not True)
