"""Finds the county that a cell means, among the divisions of one city: full, short and former names [pure]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fadu.subject.ledger.cleaning import clean_text, is_empty, plain
from fadu.subject.ledger.reading import Reading, told, without_value, written
from fadu.subject.ledger.sheet import Cell, Kind

# former names and codes of the counties of 长治市, until the State Council's approval of 2018 (codes: GB/T 2260; memory)
FORMER_NAMES = {
    "140403": ("城区", "郊区"),
    "140404": ("长治县",),
    "140405": ("屯留县",),
    "140406": ("潞城市", "潞城县"),
}
FORMER_CODES = {"140403": ("140402", "140411"), "140404": ("140421",), "140405": ("140424",), "140406": ("140481",)}
ZONE = re.compile(r"开发区|高新区|经开区|高新技术|经济技术|经济开发|工业园|产业园|园区|示范区|产业集聚区|保税区|新区$")
# the other cities of 山西省: a zone or county named after one of them lies outside
ELSEWHERE = re.compile(r"太原|大同|阳泉|晋城|朔州|晋中|运城|忻州|临汾|吕梁")


@dataclass(frozen=True)
class Places:
    """The divisions of a city. ``city``: its code (4 digits); ``counties``: code (6 digits) → full name;
    ``townships``: county code → name → code (9 digits); ``above``: names of city and province.
    """

    city: str
    counties: Mapping[str, str]
    townships: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    above: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Places:
        """From (code, name) of all divisions of one province and city; raises ValueError when there is no single city."""
        named = dict(rows)
        cities = [code for code in named if len(code) == 4]
        if len(cities) != 1:
            raise ValueError(f"需要一个设区的市，现在有{len(cities)}个")
        counties = {code: name for code, name in named.items() if len(code) == 6 and code.startswith(cities[0])}
        townships: dict[str, dict[str, str]] = {code: {} for code in counties}
        for code, name in named.items():
            if len(code) == 9 and code[:6] in townships:
                townships[code[:6]][name] = code
        return cls(cities[0], counties, townships, (named.get(cities[0][:2], ""), named[cities[0]]))

    def county(self, text: str) -> str | None:
        """The code of the county that a name, short name, former name or code means; None when it means none."""
        bare = "".join(plain(text).split())
        for name in ("", *self.above, *(name[:-1] for name in self.above)):
            if bare.startswith(name):
                bare = bare.removeprefix(name)
                if (code := self.known.get(bare)) is not None:
                    return code
        if "(" in bare:  # 潞州区（原城区）
            return self.county(re.sub(r"\([^()]*\)|[()]", "", bare))
        for code, name in self.counties.items():  # 潞州区东街街道
            if bare.startswith(name) and self.township(code, bare):
                return code
        return None

    @cached_property
    def known(self) -> dict[str, str]:
        """Every name, short name, former name and code → county code."""
        known: dict[str, str] = {}
        for code, name in self.counties.items():
            words = (name, *FORMER_NAMES.get(code, ()))
            known |= dict.fromkeys(words, code)
            known |= {word[:-1]: code for word in words if len(word) > 2}
            for number in (code, *FORMER_CODES.get(code, ())):
                known[number] = known[f"{number}000000"] = code
        for name in self.above:  # 长治 is the city and not 长治县
            known.pop(name[:-1], None)
        return known

    def in_text(self, text: str) -> str | None:
        """The only county that a heading such as 长治市潞州区企业台账 names in full; None when it names none or several."""
        found = {code for code, name in self.counties.items() if name in text}
        return found.pop() if len(found) == 1 else None

    def township(self, county: str, text: str) -> str | None:
        """The code of the township of a county, with or without 镇, 乡, 街道 (办事处); None when there is none."""
        bare = "".join(plain(text).split()).removeprefix(self.counties.get(county, "")).removesuffix("办事处")
        names = self.townships.get(county, {})
        found = [code for name, code in names.items() if bare in (name, _stem(name)) and bare]
        return found[0] if len(found) == 1 else None

    def code_fits(self, code: str, county: str) -> bool:
        """Whether characters 3 to 8 of a code may belong to an enterprise of the county: itself, as it was, or above it."""
        area = code[2:8]
        own = (county, *FORMER_CODES.get(county, ()))
        above = (f"{self.city}00", f"{self.city}01", f"{self.city[:2]}0000", "100000", "000000")
        return area in own or area in above or area.startswith(f"{self.city}7")  # 7x: development zones


def read_county(cell: Cell, places: Places) -> Reading:
    """The county in a cell; a development zone or a formula without result leave it empty, an unknown one fails."""
    if without_value(cell) is not None:
        return told("county_not_read", "县区是没有结果的公式，县区留空；请改成县区的名称。")
    raw = written(cell)
    if is_empty(raw):
        return told("county_missing", "请填写所属县区。")
    if (code := places.county(raw)) is not None:
        return Reading(code, cell.kind is not Kind.TEXT or raw != places.counties[code])
    shown = clean_text(raw)[:30]
    if ZONE.search(shown) and not ELSEWHERE.search(shown):
        return told("county_zone", f"“{shown}”不是县区，县区留空；请填写企业所在的县区。")
    return told(
        "county_unknown", f"“{shown}”不是{places.above[-1] if places.above else '本市'}的县区，请填写县区的现用全称。"
    )


def _stem(name: str) -> str:
    """A township's name without its kind: 马厂镇 → 马厂."""
    return re.sub(r"(?:街道|地区|镇|乡)$", "", name)
