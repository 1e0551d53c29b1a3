"""The gate before publication: whether a list may be published, and where not, which item is wrong and how [pure]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Protocol

from fadu.law.citations import Article, CitationError, Statute, parse
from fadu.law.content import outlines, penalties, versions
from fadu.law.provisions import Outline, Provision


class Listed(Protocol):
    """What the gate reads of an item, row or content alike."""

    @property
    def code(self) -> str:
        """编码."""
        ...

    @property
    def name(self) -> str:
        """职权名称."""
        ...

    @property
    def bases(self) -> Iterable[str]:
        """Citations, or names of documents."""
        ...

    @property
    def since(self) -> date:
        """The first day."""
        ...

    @property
    def until(self) -> date | None:
        """The day from which it no longer counts."""
        ...


@dataclass(frozen=True)
class Fault:
    """What stands against publication, and at which item."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}：{self.text}" if self.code else self.text


@dataclass(frozen=True)
class Book:
    """Versions of statutes with the days on which each is in force; outlines and penalty provisions of those whose text is held."""

    versions: Mapping[Statute, tuple[tuple[date, date | None], ...]]
    outlines: Mapping[Statute, tuple[Outline, ...]]
    provisions: Mapping[Statute, tuple[Provision, ...]]


@cache
def book() -> Book:
    """The book of the register and the provisions that ship with the program."""
    dated: dict[Statute, tuple[tuple[date, date | None], ...]] = {}
    for version in versions.versions():
        dated[version.statute] = (*dated.get(version.statute, ()), (version.since, version.until))
    held: dict[Statute, tuple[Outline, ...]] = {}
    for outline in outlines.outlines():
        held[outline.statute] = (*held.get(outline.statute, ()), outline)
    provided: dict[Statute, tuple[Provision, ...]] = {}
    for sourced in penalties.provisions():
        statute = sourced.provision.article.statute
        provided[statute] = (*provided.get(statute, ()), sourced.provision)
    return Book(dated, held, provided)


def faults(listed: Iterable[Listed], since: date, until: date | None, known: Book) -> list[Fault]:
    """Everything that keeps a list that runs from ``since`` until the day before ``until`` from being published."""
    rows = list(listed)
    found = [] if rows else [Fault("", "清单中没有职权事项。")]
    if until is not None and until <= since:
        found.append(Fault("", f"清单的失效日期{until}应晚于施行日期{since}。"))
    periods: dict[str, list[Listed]] = {}
    for item in rows:
        found += _of(item, since, until, known)
        periods.setdefault(item.code, []).append(item)
    for code, same in periods.items():
        same.sort(key=lambda item: item.since)
        for earlier, later in pairwise(same):
            if earlier.until is None or earlier.until > later.since:
                found.append(Fault(code, f"同一编码在{later.since}重复列出。"))
    return found


def _of(item: Listed, since: date, until: date | None, known: Book) -> list[Fault]:
    found = []
    bases = [basis for basis in item.bases if basis.strip()]
    if not item.name.strip():
        found.append(Fault(item.code, "没有名称。"))
    if not bases:
        found.append(Fault(item.code, "没有依据。权力须有法律、法规、规章的依据。"))
    if item.until is not None and item.until <= item.since:
        found.append(Fault(item.code, f"失效日期{item.until}应晚于施行日期{item.since}。"))
        return found
    if (until is not None and item.since >= until) or (item.until is not None and item.until <= since):
        found.append(Fault(item.code, f"事项的施行期间（{item.since}起）与清单的施行期间没有重合。"))
        return found
    first = max(since, item.since)
    ends = [end for end in (until, item.until) if end is not None]
    for basis in bases:
        try:
            article = parse(basis)
        except CitationError:
            continue  # a document that the register does not hold: shown as not checked
        if fault := unfounded(article, first, min(ends, default=None), known):
            found.append(Fault(item.code, fault))
    return found


def unfounded(article: Article, first: date, end: date | None, known: Book) -> str:
    """Why the article cannot found a power from ``first`` until the day before ``end`` (None: for ever); empty if it can."""
    dated = known.versions.get(article.statute, ())
    if not dated:
        return ""
    ceased = [until for since, until in dated if since <= first and until is not None and until <= first]
    running = [(since, until) for since, until in dated if since <= first and (until is None or until > first)]
    if not running:
        if ceased:
            return f"依据{article}已于{max(ceased)}失效。"
        return f"依据{article}在{first}还没有施行。"
    last = max(running)[1]
    if last is not None and (end is None or end > last) and not any(since == last for since, _ in dated):
        return f"依据{article}于{last}失效，事项应同日终止。"
    outline = next((one for one in known.outlines.get(article.statute, ()) if one.in_force(first)), None)
    if outline is not None and not stands_in(article, outline):
        return f"{article}在{first}施行的文本中不存在。"
    return _displaced(article, first, end, known)


def _displaced(article: Article, first: date, end: date | None, known: Book) -> str:
    """Whether what the article provides no longer applies, although its statute stands: a newer law has taken its place."""
    here = [one for one in known.provisions.get(article.statute, ()) if one.article.touches(article)]
    if not here:
        return ""
    running = [one for one in here if one.in_force(first)]
    if not running:
        over = [one.until for one in here if one.until is not None and one.until <= first]
        return f"依据{article}自{max(over)}起不再适用。" if over else f"依据{article}在{first}还没有施行。"
    if any(one.until is None for one in running):
        return ""
    last = max(one.until for one in running if one.until is not None)
    follows = any(one.since == last for one in here)
    return f"依据{article}自{last}起不再适用，事项应同日终止。" if not follows and (end is None or end > last) else ""


def stands_in(article: Article, outline: Outline) -> bool:
    """Has this version of the statute such a place, as far as its outline tells?"""
    if article.bis is not None or article.number > outline.last:
        return False
    shape = outline.articles.get(article.number)
    if shape is None:
        return True
    if article.paragraph is not None:
        if article.paragraph > len(shape):
            return False
        counts: tuple[int, ...] = (shape[article.paragraph - 1],)
    else:
        counts = shape
    return article.item is None or any(article.item <= count for count in counts)
