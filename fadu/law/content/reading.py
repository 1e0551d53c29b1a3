"""Reading a YAML file so that every complaint names the file and the key. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from fadu.law.citations import Article, CitationError, Statute, parse, statute_named

# The safe loader written in C where there is one: ten times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DATA = Path(__file__).parents[1] / "data"
CONFIDENCES = ("source", "text", "analysis", "memory", "model")

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class ContentError(ValueError):
    """A content file that cannot be used: which file, which key, what is wrong."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        self.file, self.key, self.problem = file, key, problem
        super().__init__(f"{file}：{key}：{problem}")


@dataclass(frozen=True)
class Node:
    """A mapping in a file and the way to it, so that every complaint can name its place."""

    file: str
    path: str
    values: dict[str, Any]

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, problem: str) -> ContentError:
        """The error for a key."""
        return ContentError(self.file, self.at(key), problem)

    def only(self, *keys: str) -> None:
        """Refuse keys nobody reads: a misspelt key would else be silence."""
        if unknown := set(self.values) - set(keys):
            raise self.fail(sorted(map(str, unknown))[0], "未知的键")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless there is a default."""
        value = self.values.get(key, default)
        if value is None or (value == "" and default is None):
            raise self.fail(key, "不能为空")
        if not isinstance(value, str):
            raise self.fail(key, "应为文字")
        return value

    def day(self, key: str) -> date:
        """A required date."""
        value = self.values.get(key)
        if not isinstance(value, date):
            raise self.fail(key, "应为日期，如2021-09-01")
        return value

    def optional_day(self, key: str) -> date | None:
        """A date or nothing."""
        return self.day(key) if self.values.get(key) is not None else None

    def number(self, key: str) -> Decimal:
        """A required number, 0 or more."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.fail(key, "应为数字")
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise self.fail(key, f"应为数字：{value}") from None
        if not number.is_finite() or number < 0:
            raise self.fail(key, f"应为不小于零的数：{value}")
        return number

    def optional_number(self, key: str) -> Decimal | None:
        """A number or nothing."""
        return self.number(key) if self.values.get(key) is not None else None

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """One member of an enumeration."""
        value = self.values.get(key, default)
        try:
            return kind(str(value))
        except ValueError:
            known = "、".join(member.value for member in kind)
            raise self.fail(key, f"“{value}”不在可用值之中（{known}）") from None

    def confidence(self, default: str | None = None) -> str:
        """How far the fact is known."""
        value = self.text("confidence", default)
        if value not in CONFIDENCES:
            raise self.fail("confidence", f"“{value}”不在可用值之中（{'、'.join(CONFIDENCES)}）")
        return value

    def items(self, key: str, *, required: bool = False) -> list[Any]:
        """A list, empty when absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or (required and not value):
            raise self.fail(key, "应为列表" if not isinstance(value, list) else "至少应有一项")
        return value

    def nodes(self, key: str, *, required: bool = False) -> "Iterator[Node]":
        """The mappings of a list; their own id or name is shown in complaints."""
        for index, value in enumerate(self.items(key, required=required)):
            yield node_of(self.file, f"{self.at(key)}[{_label(value, index)}]", value)

    def statute(self, key: str) -> Statute:
        """A statute by any of its names."""
        try:
            return statute_named(self.text(key))
        except CitationError as error:
            raise self.fail(key, str(error)) from None

    def articles(self, key: str, statute: Statute | None = None) -> tuple[Article, ...]:
        """A list of citations."""
        return tuple(self._article(f"{key}[{index}]", value, statute) for index, value in enumerate(self.items(key)))

    def article(self, key: str, statute: Statute | None = None) -> Article:
        """One citation, of the given statute when it names none."""
        return self._article(key, self.text(key), statute)

    def _article(self, key: str, value: Any, statute: Statute | None) -> Article:
        if not isinstance(value, str):
            raise self.fail(key, "应为条文引用")
        try:
            return parse(f"《{statute.short}》{value}" if statute and value.startswith("第") else value)
        except CitationError as error:
            raise self.fail(key, str(error)) from None


def _label(value: Any, index: int) -> str:
    keys = ("id", "name", "statute", "number")
    return next((str(value[k]) for k in keys if isinstance(value, dict) and value.get(k)), str(index))


def node_of(file: str, path: str, value: Any) -> Node:
    """A mapping as a node; ContentError when it is none."""
    if not isinstance(value, dict):
        raise ContentError(file, path or "（全文）", "应为键值对")
    return Node(file, path, value)


def read(path: Path) -> Node:
    """A YAML file as a node; ContentError when it is not YAML or no mapping."""
    name = path.relative_to(DATA).as_posix() if path.is_relative_to(DATA) else path.name
    try:
        return node_of(name, "", yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, ContentError):
            raise
        raise ContentError(name, "（全文）", f"不是有效的YAML：{str(error).splitlines()[0]}") from None


def read_all(folder: Path, of: Callable[[Node], list[T]]) -> list[T]:
    """What ``of`` makes of every YAML file of a folder, in order of their names."""
    return [found for path in sorted(folder.glob("*.yaml")) for found in of(read(path))]


def once(rows: list[T], key: Callable[[T], object], file: Callable[[T], str]) -> list[T]:
    """The rows, refused when two of them have the same key."""
    seen: set[object] = set()
    for row in rows:
        if key(row) in seen:
            raise ContentError(file(row), str(key(row)), "重复")
        seen.add(key(row))
    return rows
