"""按日连续处罚 (安全生产法 112): whether the records bear it, from which day, and how much [pure]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Disobeyed:
    """What the records say of an undertaking that was ordered to correct, fined, and found not to have corrected.

    fined_on: the day on which the decision took effect by service. ordered_on: that of the first order to correct;
    order_served: it was served. due: the last day of its term. refused_on: the latest re-inspection that found the
    problem still there. counted_until: the last day for which daily fines were already proposed.
    """

    unit: bool
    work_safety: bool
    fine: Decimal
    fined_on: date | None = None
    ordered_on: date | None = None
    order_served: bool = False
    due: date | None = None
    refused_on: date | None = None
    counted_until: date | None = None


@dataclass(frozen=True)
class DailyFine:
    """The fine of every day between two days, both included, in yuan."""

    since: date
    until: date
    each: Decimal

    @property
    def days(self) -> int:
        """How many days."""
        return (self.until - self.since).days + 1

    @property
    def total(self) -> Decimal:
        """What they come to."""
        return self.each * self.days


def daily_fine(known: Disobeyed) -> DailyFine | str:
    """The daily fines that the records bear, or the sentence that says what is wanting.

    From the day after the order, by the amount of the fine (安全生产法 112). The law names no last day: the re-inspection
    that found the refusal is the last day that is proved.
    """
    if not known.unit or not known.work_safety:
        return "按日连续处罚只适用于违反《安全生产法》的生产经营单位"
    if known.fine <= 0 or known.fined_on is None:
        return "没有已经送达的罚款决定"
    if known.refused_on is None:
        return "没有复查发现拒不改正的记录"
    if known.ordered_on is None or not known.order_served:
        return "没有已经送达的责令改正文书"
    if known.due is not None and known.refused_on <= known.due:
        return f"责令改正的期限至{known.due}，复查（{known.refused_on}）时尚未届满"
    if known.refused_on <= known.fined_on:
        return f"罚款决定{known.fined_on}送达以后，还没有复查发现拒不改正"
    since = known.ordered_on + timedelta(days=1)
    if known.counted_until is not None:
        since = max(since, known.counted_until + timedelta(days=1))
    if since > known.refused_on:
        return f"至{known.refused_on}的按日连续处罚已经提出"
    return DailyFine(since, known.refused_on, known.fine)
