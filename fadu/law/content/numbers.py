"""Dated numbers of law, from ``parameters/*.yaml``. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from fadu.law.citations import Article
from fadu.law.content.reading import DATA, Node, once, read_all

UNITS = {
    "hours": "小时",
    "workdays": "个工作日",
    "days": "日",
    "months": "个月",
    "years": "年",
    "yuan": "元",
    "percent": "%",
    "times": "次",
}


@dataclass(frozen=True)
class Number:
    """A number of law as it stands from a day on: value and unit, what it rests on, how far it is known."""

    name: str
    title: str
    value: Decimal
    unit: str
    since: date
    until: date | None = None
    basis: tuple[Article, ...] = ()
    source: str = ""
    confidence: str = "text"
    note: str = ""
    organ_id: int | None = None

    @property
    def n(self) -> int:
        """The value as a whole number; ValueError when it is none."""
        if self.value != self.value.to_integral_value():
            raise ValueError(f"{self.title}不是整数：{self.value}")
        return int(self.value)

    @property
    def unchecked(self) -> bool:
        """Whether it was written from memory or as a model, and must be shown so."""
        return self.confidence in {"memory", "model"}

    def __str__(self) -> str:
        return f"{self.value.normalize():,f}{UNITS[self.unit]}"


@dataclass(frozen=True)
class SourcedNumber:
    """A number and the file it stands in."""

    number: Number
    file: str


def _numbers(root: Node) -> list[SourcedNumber]:
    root.only("parameters")
    found = []
    for node in root.nodes("parameters", required=True):
        node.only("name", "title", "basis", "note", "values")
        rows = list(node.nodes("values", required=True))
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            row.only("from", "until", "value", "unit", "source", "confidence")
            if row.text("unit") not in UNITS:
                raise row.fail("unit", f"“{row.text('unit')}”不在可用值之中（{'、'.join(UNITS)}）")
            since = row.day("from")
            if following and following.day("from") <= since:
                raise row.fail("from", "数值应按施行日先后排列")
            until = row.optional_day("until") or (following.day("from") if following else None)
            if until and until <= since:
                raise row.fail("until", "失效日应晚于施行日")
            number = Number(
                node.text("name"),
                node.text("title"),
                row.number("value"),
                row.text("unit"),
                since,
                until,
                node.articles("basis"),
                row.text("source"),
                row.confidence(),
                node.text("note", ""),
            )
            found.append(SourcedNumber(number, root.file))
    return found


def numbers(folder: Path = DATA) -> list[SourcedNumber]:
    """All dated numbers of ``parameters/*.yaml``."""
    found = read_all(folder / "parameters", _numbers)
    return once(found, lambda n: (n.number.name, n.number.since), lambda n: n.file)
