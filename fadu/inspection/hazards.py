"""判定标准: the standards by which a hazard is a major one, each version with its days and situations [pure] (安全生产法 118 II)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from fadu.law.content.reading import ContentError, Node, read_all

FOLDER = Path(__file__).parent / "data" / "hazards"
UNCHECKED = ("memory", "model")


@dataclass(frozen=True)
class Hazard:
    """判定情形: one situation that makes a hazard a major one, in our own words, with the number it has in its group."""

    code: str
    number: int
    group: str
    text: str
    confidence: str

    @property
    def unchecked(self) -> bool:
        """Whether it must be shown as not yet checked."""
        return self.confidence in UNCHECKED


@dataclass(frozen=True)
class Standard:
    """判定标准, one version: in force from ``since`` until the day before ``until``; versions of one family follow each other."""

    code: str
    family: str
    title: str
    issuer: str
    number: str
    since: date
    until: date | None
    sectors: tuple[str, ...]
    source: str
    confidence: str
    note: str
    hazards: tuple[Hazard, ...]

    def in_force(self, on: date) -> bool:
        """Whether hazards of that day are judged by it."""
        return self.since <= on and (self.until is None or on < self.until)

    @property
    def cited(self) -> str:
        """As it is cited, with its number."""
        return f"《{self.title}》（{self.number}）"

    @property
    def groups(self) -> list[tuple[str, list[Hazard]]]:
        """The situations by group, in their order."""
        found: dict[str, list[Hazard]] = {}
        for hazard in self.hazards:
            found.setdefault(hazard.group, []).append(hazard)
        return list(found.items())


@dataclass(frozen=True)
class Judged:
    """A situation with the version of the standard that names it."""

    standard: Standard
    hazard: Hazard

    def __str__(self) -> str:
        return f"{self.standard.cited}{self.hazard.group}第{self.hazard.number}项"


@cache
def standards(folder: Path = FOLDER) -> tuple[Standard, ...]:
    """Every version that ships, by family and day. ContentError, naming file and key, when a file is malformed."""
    found = sorted(read_all(folder, lambda root: [_standard(root)]), key=lambda one: (one.family, one.since))
    for earlier, later in pairwise(found):
        if earlier.family == later.family and (earlier.until is None or earlier.until > later.since):
            raise ContentError(later.code, "from", f"与{earlier.code}的施行日期重叠")
    codes = Counter(hazard.code for one in found for hazard in one.hazards)
    if twice := [code for code, count in codes.items() if count > 1]:
        raise ContentError(folder.name, twice[0], "重复")
    return tuple(found)


def _standard(root: Node) -> Standard:
    root.only(
        *("code", "family", "title", "issuer", "number", "from", "until", "sectors"),
        *("source", "confidence", "texts", "note", "groups"),
    )
    since, until = root.day("from"), root.optional_day("until")
    if until and until <= since:
        raise root.fail("until", "失效日应晚于施行日")
    confidence = root.confidence()
    return Standard(
        code=root.text("code"), family=root.text("family"), title=root.text("title"), issuer=root.text("issuer"),
        number=root.text("number"), since=since, until=until, sectors=tuple(map(str, root.items("sectors", required=True))),
        source=root.text("source"), confidence=confidence, note=root.text("note", ""),
        hazards=tuple(_hazards(root, root.text("texts", confidence))),
    )  # fmt: skip


def _hazards(root: Node, confidence: str) -> Iterable[Hazard]:
    for group in root.nodes("groups", required=True):
        group.only("name", "hazards")
        for number, node in enumerate(group.nodes("hazards", required=True), 1):
            node.only("id", "text", "confidence")
            yield Hazard(node.text("id"), number, group.text("name"), node.text("text"), node.confidence(confidence))


@cache
def by_code() -> dict[str, Judged]:
    """Every situation of every version, by its code."""
    return {hazard.code: Judged(one, hazard) for one in standards() for hazard in one.hazards}


def judged(codes: Iterable[str]) -> list[Judged]:
    """The situations of these codes, those that nobody knows left out."""
    return [by_code()[code] for code in codes if code in by_code()]


def in_force(on: date, sector: str = "") -> list[Standard]:
    """The versions by which hazards of that day are judged: all, or those for one sector."""
    return [one for one in standards() if one.in_force(on) and (not sector or sector in one.sectors)]


def standard(code: str) -> Standard | None:
    """The version of that code."""
    return next((one for one in standards() if one.code == code), None)
