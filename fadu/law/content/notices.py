"""Holiday notices, from ``holidays/*.yaml``. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fadu.law.content.reading import DATA, Node, once, read, read_all


@dataclass(frozen=True)
class Notice:
    """A notice of the State Council or its General Office: the days it makes days of rest or of work."""

    year: int
    number: str
    title: str
    issued: date | None
    source: str
    confidence: str
    note: str
    off: dict[date, str]
    work: dict[date, str]


def _notices(root: Node) -> list[Notice]:
    root.only("year", "notices")
    year = root.values.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or not 1950 <= year <= 2200:
        raise root.fail("year", "应为年份")
    found = []
    for node in root.nodes("notices", required=True):
        node.only("number", "issued", "title", "source", "confidence", "note", "days")
        off: dict[date, str] = {}
        work: dict[date, str] = {}
        for festival in node.nodes("days", required=True):
            festival.only("name", "rest", "work")
            for kind, into in (("rest", off), ("work", work)):
                for index, value in enumerate(festival.items(kind)):
                    for day in _span(festival, f"{kind}[{index}]", value, year):
                        if day in off or day in work:
                            raise festival.fail(f"{kind}[{index}]", f"{day.isoformat()}重复")
                        if kind == "work" and day.weekday() < 5:
                            raise festival.fail(f"{kind}[{index}]", f"{day.isoformat()}不是周六、周日")
                        into[day] = festival.text("name")
        found.append(
            Notice(
                year,
                node.text("number"),
                node.text("title"),
                node.optional_day("issued"),
                node.text("source"),
                node.confidence(),
                node.text("note", ""),
                off,
                work,
            )
        )
    return found


def _span(node: Node, key: str, value: Any, year: int) -> list[date]:
    """One day, or first/last as ISO writes an interval; only days of the year and of the last days of the year before."""
    try:
        first, _, last = (value.isoformat() if isinstance(value, date) else str(value)).partition("/")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise node.fail(key, f"应为日期或者“起/止”：{value}") from None
    if not timedelta(0) <= end - start <= timedelta(31):
        raise node.fail(key, f"起止日期不合理：{value}")
    if not date(year - 1, 12, 20) <= start <= end <= date(year, 12, 31):
        raise node.fail(key, f"不在{year}年之内：{value}")
    return [start + timedelta(n) for n in range((end - start).days + 1)]


def notices_of(path: Path) -> list[Notice]:
    """The notices of one file, of the same form as those of ``holidays/``."""
    return once(_notices(read(path)), lambda n: n.number, lambda n: path.name)


def notices(folder: Path = DATA) -> list[Notice]:
    """All holiday notices of ``holidays/*.yaml``, later ones of a year after earlier ones."""
    found = read_all(folder / "holidays", _notices)
    return once(found, lambda n: n.number, lambda n: f"holidays/{n.year}.yaml")
