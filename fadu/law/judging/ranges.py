"""Whether a fine lies within the ranges that are open, in yuan (行政处罚法 counts 以上、以下 with the figure). Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import Enum
from itertools import product

from fadu.kernel.money import plain
from fadu.law.judging.question import CaseFacts
from fadu.law.judging.reasons import Code
from fadu.law.provisions import Basis, FineRange, FineType, Mode, Provision

YUAN, CENT = Decimal(1), Decimal("0.01")


@dataclass(frozen=True)
class Bounds:
    """A range in yuan, both ends included; lower None when there is none."""

    lower: Decimal | None
    upper: Decimal

    @property
    def words(self) -> str:
        """The range as it is read."""
        if self.lower == self.upper:
            return f"{plain(self.upper)}元"
        return f"{plain(self.lower)}元至{plain(self.upper)}元" if self.lower else f"{plain(self.upper)}元以下"


class Fit(Enum):
    """How an amount lies to the ranges."""

    WITHIN = 0
    BELOW = 1
    ABOVE = 2


def _applies(fine: FineRange, facts: CaseFacts) -> bool:
    """Whether the range is the one for these gains and goods; no gains count as less than any threshold."""
    gains, goods = facts.gains or Decimal(0), facts.goods or Decimal(0)
    return (
        (fine.gains_from is None or gains >= fine.gains_from)
        and (fine.gains_below is None or gains < fine.gains_below)
        and (fine.goods_from is None or goods >= fine.goods_from)
        and (fine.goods_below is None or goods < fine.goods_below)
    )


def bounds(fines: Iterable[FineRange], facts: CaseFacts, brackets: tuple[FineRange, ...] = ()) -> list[Bounds]:
    """The ranges reckoned out. Every number that they are computed from must be among the facts.

    brackets: the ranges of which a multiple of the base fine is taken when that fine itself is not given.
    """
    found = []
    for fine in fines:
        if not _applies(fine, facts):
            continue
        if fine.type is FineType.YUAN:
            found.append(Bounds(fine.lower, fine.upper))
        elif fine.basis is Basis.BASE_FINE and facts.base_fine is None:
            found += [
                Bounds((fine.lower or Decimal(0)) * (b.lower or Decimal(0)), fine.upper * b.upper) for b in brackets
            ]
        elif fine.type is not FineType.DAILY:
            found.append(_of_basis(fine, facts))
    return found


def _of_basis(fine: FineRange, facts: CaseFacts) -> Bounds:
    share = Decimal(100) if fine.type is FineType.PERCENT else Decimal(1)
    basis = {
        Basis.INCOME: facts.income, Basis.GAINS: facts.gains, Basis.GOODS: facts.goods, Basis.BASE_FINE: facts.base_fine
    }.get(fine.basis or Basis.GAINS) or Decimal(0)  # fmt: skip
    upper = fine.upper * basis / share
    if fine.at_least is not None and upper < fine.at_least:
        return Bounds(fine.at_least, fine.at_least)
    # A share of an income rarely is a whole amount: it may be rounded down to the yuan, or to the nearest cent.
    lower = (fine.lower * basis / share).quantize(YUAN, ROUND_FLOOR) if fine.lower is not None else None
    return Bounds(lower, upper.quantize(CENT, ROUND_HALF_UP))


def fit(amount: Decimal, ranges: Iterable[Bounds]) -> Fit:
    """Within one of the ranges; else above all of them, or below one that it does not reach."""
    rows = list(ranges)
    if any((row.lower is None or amount >= row.lower) and amount <= row.upper for row in rows):
        return Fit.WITHIN
    return Fit.ABOVE if all(amount > row.upper for row in rows) else Fit.BELOW


# --- numbers that are not given -------------------------------------------------------------------------------------


def unknowns(provision: Provision, facts: CaseFacts) -> list[tuple[str, Code]]:
    """The facts that ranges of the provision are computed from and that are not given."""
    fines = [fine for sanction in provision.sanctions for fine in sanction.fines]
    found = []
    if facts.gains is None and any(
        f.basis is Basis.GAINS or f.gains_from is not None or f.gains_below is not None for f in fines
    ):
        found.append(("gains", Code.GAINS_UNKNOWN))
    if facts.income is None and any(f.basis is Basis.INCOME for f in fines):
        found.append(("income", Code.INCOME_UNKNOWN))
    if facts.goods is None and any(f.basis is Basis.GOODS or f.goods_from is not None for f in fines):
        found.append(("goods", Code.GOODS_UNKNOWN))
    return found


def scenarios(
    provision: Provision, facts: CaseFacts, amounts: tuple[Decimal, ...], missing: list[tuple[str, Code]]
) -> Iterator[CaseFacts]:
    """The facts with each value of the missing numbers at which the answer may change."""
    names = [name for name, _ in missing]
    for values in product(*(_telling(provision, name, amounts) for name in names)):
        yield replace(facts, **dict(zip(names, values, strict=True)))  # type: ignore[arg-type]


_BASES = {"gains": Basis.GAINS, "income": Basis.INCOME, "goods": Basis.GOODS}


def _telling(provision: Provision, name: str, amounts: tuple[Decimal, ...]) -> list[Decimal]:
    """Values on both sides of every point at which a fine enters or leaves a range, or another range applies."""
    points: set[Decimal] = set()
    for fine in (fine for sanction in provision.sanctions for fine in sanction.fines):
        thresholds = {"gains": (fine.gains_from, fine.gains_below), "goods": (fine.goods_from, fine.goods_below)}
        points |= {point for point in thresholds.get(name, ()) if point is not None}
        if fine.basis is _BASES[name]:
            share = Decimal(100) if fine.type is FineType.PERCENT else Decimal(1)
            points |= {amount * share / edge for amount in amounts for edge in (fine.lower, fine.upper) if edge}
    sides = {point + step for point in points for step in (-YUAN, Decimal(0), YUAN)}
    return sorted({value for value in (Decimal(0), YUAN, *sides, Decimal(10) ** 13) if value >= 0})


def must(fines: Iterable[FineRange]) -> bool:
    """Whether a fine has to be imposed: every range that is open commands it."""
    rows = list(fines)
    return bool(rows) and all(fine.mode is not Mode.MAY and fine.type is not FineType.DAILY for fine in rows)
