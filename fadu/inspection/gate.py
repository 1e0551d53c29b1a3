"""The gate before publication of a checklist: whether it may be published, and where not, which item is wrong and how [pure]."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from fadu.inspection import hazards
from fadu.inspection.checklists import MAJOR, TITLES, Item
from fadu.law.citations import CitationError, parse
from fadu.law.content import penalties
from fadu.law.provisions import Provision
from fadu.power.gate import Book, book, unfounded

NEEDED = ("area", "content", "how", "standard")


@dataclass(frozen=True)
class Fault:
    """What stands against publication: at which item (none: at the version itself) and in which of its fields."""

    code: str
    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}：{self.text}" if self.code else self.text


@dataclass(frozen=True)
class Days:
    """The days on which an item applies: its own within those of its version."""

    first: date
    end: date | None

    def outlast(self, until: date | None) -> bool:
        """Whether they go on beyond the end of what the item rests on."""
        return until is not None and (self.end is None or self.end > until)


@cache
def provided() -> dict[str, tuple[Provision, ...]]:
    """Every version of every penalty provision that ships, by key."""
    found: dict[str, tuple[Provision, ...]] = {}
    for sourced in penalties.provisions():
        key = sourced.provision.id
        found[key] = (*found.get(key, ()), sourced.provision)
    return found


def faults(listed: Iterable[Item], from_date: date, until: date | None) -> list[Fault]:
    """Everything that keeps a version that runs from ``from_date`` until the day before ``until`` from being published."""
    rows = list(listed)
    found = [] if rows else [Fault("", "items", "检查表中没有检查项。")]
    if until is not None and until <= from_date:
        found.append(Fault("", "until", f"检查表的失效日期{until}应晚于施行日期{from_date}。"))
    known = book()
    for row in rows:
        found += _of(row, from_date, until, known)
    return found + _twice(rows)


def _twice(rows: list[Item]) -> list[Fault]:
    """Codes listed for days that overlap."""
    found = []
    counts = Counter(row.code for row in rows)
    for code in (code for code, count in counts.items() if count > 1):
        same = sorted((row for row in rows if row.code == code), key=lambda row: row.from_date)
        for earlier, later in pairwise(same):
            if earlier.until is None or earlier.until > later.from_date:
                found.append(Fault(code, "code", f"代码{code}在{later.from_date}重复列出。"))
    return found


def _of(row: Item, from_date: date, until: date | None, known: Book) -> list[Fault]:
    found = [Fault(row.code, name, f"没有{TITLES[name]}。") for name in NEEDED if not str(getattr(row, name)).strip()]
    if row.until is not None and row.until <= row.from_date:
        return [*found, Fault(row.code, "until", f"失效日期{row.until}应晚于施行日期{row.from_date}。")]
    if (until is not None and row.from_date >= until) or (row.until is not None and row.until <= from_date):
        return [*found, Fault(row.code, "from_date", f"检查项的施行期间（{row.from_date}起）与检查表的没有重合。")]
    ends = [end for end in (until, row.until) if end is not None]
    days = Days(max(from_date, row.from_date), min(ends, default=None))
    if not row.obligations:
        found.append(Fault(row.code, "obligations", "没有依据。检查项须有义务条款，写明依据的法律、法规、规章的条款。"))
    for name in ("obligations", "penalties"):
        texts = [_article(text, days, known) for text in getattr(row, name)]
        found += [Fault(row.code, name, text) for text in texts if text]
    found += [Fault(row.code, "provisions", text) for key in row.provisions if (text := _provision(key, days))]
    found += [Fault(row.code, "hazards", text) for code in row.hazards if (text := _hazard(code, days))]
    if row.level == MAJOR and not row.hazards:
        found.append(Fault(row.code, "level", "定为重大的，须写明判定标准的情形；判定标准没有列举的，定为一般。"))
    return found


def _article(text: str, days: Days, known: Book) -> str:
    """Why a citation cannot stand in an item for these days; empty if it can."""
    try:
        return unfounded(parse(text), days.first, days.end, known)
    except CitationError as error:
        return f"“{text}”：{error}"


def _provision(key: str, days: Days) -> str:
    """Why a penalty provision cannot."""
    versions = provided().get(key, ())
    if not versions:
        return f"没有处罚条款 {key}。"
    running = [one for one in versions if one.in_force(days.first)]
    if not running:
        return f"处罚条款{versions[0].article}（{key}）在{days.first}没有施行。"
    last = None if any(one.until is None for one in running) else max(one.until for one in running if one.until)
    if days.outlast(last) and not any(one.since == last for one in versions):
        return f"处罚条款{running[0].article}（{key}）于{last}失效，检查项应同日终止。"
    return ""


def _hazard(code: str, days: Days) -> str:
    """Why a situation of a standard of determination cannot."""
    known = hazards.by_code().get(code)
    if known is None:
        return f"没有判定情形 {code}。"
    standard = known.standard
    if not standard.in_force(days.first):
        others = [one for one in hazards.in_force(days.first) if one.family == standard.family]
        instead = f"；这一天施行的是{others[0].cited}" if others else ""
        return f"{code}所属的{standard.cited}在{days.first}没有施行{instead}。"
    if days.outlast(standard.until):
        return f"{code}所属的{standard.cited}于{standard.until}失效，检查项应同日终止。"
    return ""
