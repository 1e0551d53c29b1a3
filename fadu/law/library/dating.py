"""What a statute's title, notes and last articles say of its kind, its maker and the day it comes into force [pure]."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from fadu.law.citations import REPUBLIC
from fadu.law.library.tree import StatuteText

_DATE = re.compile(r"((?:19|20)\d\d) ?年 ?(\d\d?) ?月 ?(\d\d?) ?日")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.年]?(\d\d?)[-_.月]?(\d\d?)日?[）)]?$")
_EVENT = re.compile(r"(第[一二三四五六七八九十]+次)?(修正|修订|修改)|通过|公布|发布|批准|施行|实施|生效")
_FROM_DATE = re.compile(r"[自从]((?:19|20)\d\d)年(\d\d?)月(\d\d?)日起(?:施行|实施|生效|执行)")
_FROM_ISSUE = re.compile(r"[自从](?:公布|发布|印发)之日起(?:施行|实施|生效|执行)")
_IN_FORCE = {"施行", "实施", "生效"}
_NUMBER = re.compile(
    r"(?:中华人民共和国)?((?:国务院|[一-鿿]{2,20}(?:部|委员会|总局|局|署|政府))令?第\d+号)|(法释〔\d{4}〕\d+号)"
)
_MAKERS = (
    "全国人民代表大会常务委员会",
    "全国人民代表大会",
    "国务院",
    "最高人民法院、最高人民检察院",
    "最高人民法院",
    "最高人民检察院",
)


class Event(NamedTuple):
    """An adoption or amendment that the notes tell of."""

    day: date
    name: str
    number: str

    @property
    def amends(self) -> bool:
        """Whether it changed a text that stood already."""
        return "修" in self.name


@dataclass(frozen=True)
class Facts:
    """What can be known of a text from itself.

    adopted: the day of the last adoption, amendment or publication; named: the day in the file's name; since: the day
    it comes into force, None where the text does not say; presumed: since is the day of an amendment whose own day of
    coming into force stands in another document.
    """

    title: str
    short: str
    kind: str
    issuer: str
    event: str
    number: str
    adopted: date | None
    named: date | None
    since: date | None
    presumed: bool
    basis: str


def short_name(title: str) -> str:
    """The customary name: without 中华人民共和国 in front."""
    return title.removeprefix(REPUBLIC)


def plain_title(title: str) -> str:
    """A title as titles are compared: without blanks, brackets full-width, inner book marks single or double alike."""
    return re.sub(r"\s", "", title).translate(str.maketrans("()<>《》", "（）〈〉〈〉"))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def events(notes: Iterable[str]) -> list[Event]:
    """The dated events of the notes, in order; the words up to the next date say what happened."""
    text = unicodedata.normalize("NFKC", " ".join(notes))
    found = list(_DATE.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    told: list[Event] = []
    for match, end in zip(found, ends, strict=False):
        words = text[match.end() : end]
        if day := _day(*match.groups()):
            number = _NUMBER.search(words)
            told.append(Event(day, _event(words), (number[1] or number[2]) if number else ""))
    return told


def _event(words: str) -> str:
    """通过, 第三次修正, 修正案（十一）, 施行 …; empty when the words say nothing of the kind."""
    if amendment := re.search(r"《[^》]*修正案\(([一二三四五六七八九十]+)\)》", words):
        return f"修正案（{amendment[1]}）"
    named = list(_EVENT.finditer(re.sub(r"《[^》]*》|〈[^〉]*〉", "", words)))
    return named[-1][0] if named else ""


def day_in_name(name: str) -> date | None:
    """The day at the end of a file's name: …(2021-06-10).md, …_20210610.docx; None without one."""
    match = _IN_NAME.search(PurePath(name).stem.strip())
    return _day(*match.groups()) if match else None


def facts_of(text: StatuteText, file_name: str) -> Facts:
    """What the text and the name of its file say."""
    told = events(text.notes)
    made = [event for event in told if event.name not in _IN_FORCE]
    last = made[-1] if made else None
    named = day_in_name(file_name)
    adopted = last.day if last else named
    event, number = (last.name or "公布", last.number) if last else ("公布", "")
    # The file's name knows of amendments that the notes leave out, and of the day of publication.
    if named and adopted and named > adopted and (amends := last is None or (named - adopted).days > 180):
        adopted, event, number = named, "修改" if amends else event, ""
    since, presumed, basis = _in_force(text, told, adopted)
    notes = " ".join(text.notes)
    if not number and (found := re.search(r"法释〔\d{4}〕\d+号", notes + " ".join(text.preamble[:4]))):
        number = found[0]
    issuer = _issuer(text, notes)
    return Facts(
        title=text.title,
        short=short_name(text.title),
        kind=_kind(text.title, issuer),
        issuer=issuer,
        event=event,
        number=number,
        adopted=adopted,
        named=named,
        since=since,
        presumed=presumed,
        basis=basis,
    )


def _in_force(text: StatuteText, told: list[Event], adopted: date | None) -> tuple[date | None, bool, str]:
    """The day of coming into force, whether it is only presumed, and where it stands."""
    for event in reversed(told):
        if event.name in _IN_FORCE and (adopted is None or event.day >= adopted):
            return event.day, False, "题注"
    for clause in reversed(text.clauses[-3:]):
        words = unicodedata.normalize("NFKC", clause.plain)
        label = text.label(clause).rstrip("、")
        days = [day for match in _FROM_DATE.finditer(words) if (day := _day(*match.groups()))]
        late = [day for day in days if adopted is None or day >= adopted]
        if late:
            return late[0], False, label
        if _FROM_ISSUE.search(words) and adopted:
            return adopted, any(event.amends for event in told) or not told or told[-1].day < adopted, label
    return adopted, True, "题注"


def _issuer(text: StatuteText, notes: str) -> str:
    head = notes + text.title
    return next((maker for maker in _MAKERS if maker in head), "")


def _kind(title: str, issuer: str) -> str:
    """law, regulation, rule, interpretation or local, by the customs of their names (立法法)."""
    if title.startswith(("最高人民法院", "最高人民检察院", "人民检察院", "人民法院")):
        return "interpretation"
    if re.match(r"[一-鿿]{2,12}?(省|市|自治区|自治州)(?!场)[一-鿿]", title):
        return "local"
    if (
        re.search(r"(?<!办)法$", title)
        or re.search(r"修正案（?[一-鿿]*）?$", title)
        or issuer.startswith("全国人民代表大会")
    ):
        return "law"
    return "regulation" if title.endswith("条例") or issuer == "国务院" else "rule"
