"""How far fines for one violation lie apart, and which of them lie apart from the rest [pure].

行政处罚法第五条第二款: what is alike in fact, nature and circumstances is penalised alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles

FENCE = Decimal("1.5")  # of the distance between the quartiles, as Tukey has it
ENOUGH = 4  # fines below which nothing is said to lie apart


@dataclass(frozen=True)
class Decided:
    """One fine that was decided: by whom, where, for what, and where in the range of its tier."""

    case: int
    title: str
    party: str
    fine: Decimal
    county: str
    officers: tuple[str, ...]
    level: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    departed: bool = False
    benchmark: str = ""

    @property
    def place(self) -> Decimal | None:
        """Where in the open range it lies: 0 at its foot, 1 at its head; None without a span, and outside it."""
        if self.departed or self.lower is None or self.upper is None or self.upper <= self.lower:
            return None
        return (self.fine - self.lower) / (self.upper - self.lower)


@dataclass(frozen=True)
class Spread:
    """The fines of one group in figures, in yuan."""

    name: str
    count: int
    least: Decimal
    middle: Decimal
    most: Decimal
    place: Decimal | None = None  # the mean place in the range, where there is one

    @property
    def percent(self) -> str:
        """The mean place as a percentage, empty where there is none."""
        return f"{self.place * 100:.0f}%" if self.place is not None else ""


def spread(name: str, fines: Sequence[Decided]) -> Spread:
    """Count, least, median, most and the mean place of some fines (at least one)."""
    amounts = sorted(one.fine for one in fines)
    places = [place for one in fines if (place := one.place) is not None]
    return Spread(
        name, len(amounts), amounts[0], Decimal(median(amounts)), amounts[-1],
        sum(places, Decimal(0)) / len(places) if places else None,
    )  # fmt: skip


def by_county(fines: Iterable[Decided]) -> list[Spread]:
    """The same fines by the county of the act, the dearest first."""
    return _groups((one.county, one) for one in fines)


def by_officer(fines: Iterable[Decided]) -> list[Spread]:
    """The same fines by each officer who handled the case."""
    return _groups((officer, one) for one in fines for officer in one.officers)


def _groups(pairs: Iterable[tuple[str, Decided]]) -> list[Spread]:
    found: dict[str, list[Decided]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one)
    return sorted((spread(name, rows) for name, rows in found.items()), key=lambda s: (-s.middle, s.name))


def apart(fines: Sequence[Decided]) -> dict[int, str]:
    """Which fines lie apart, by their place in ``fines``, and why: from those of the same tier, or by a departure."""
    found: dict[int, str] = {}
    tiers: dict[str, list[int]] = {}
    for index, one in enumerate(fines):
        tiers.setdefault(one.level, []).append(index)
        if one.departed:
            found[index] = "偏离裁量基准"
    for members in tiers.values():
        if len(members) < ENOUGH:
            continue
        low, _, high = quantiles([fines[i].fine for i in members], n=4, method="inclusive")
        reach = (Decimal(high) - Decimal(low)) * FENCE
        for index in members:
            fine = fines[index].fine
            if fine > Decimal(high) + reach:
                found.setdefault(index, "明显高于同类")
            elif fine < Decimal(low) - reach:
                found.setdefault(index, "明显低于同类")
    return found
