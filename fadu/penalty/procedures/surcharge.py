"""加处罚款: three percent a day of the unpaid fine, never more than the fine, not counted during a remedy [pure].

行政处罚法第七十二条第一款第一项、第七十三条第三款；行政强制法第四十五条。
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def accrued(
    fine: Decimal,
    since: date,
    until: date,
    payments: Iterable[tuple[date, Decimal]],
    spared: Iterable[tuple[date, date]] = (),
    percent: Decimal = Decimal(3),
) -> Decimal:
    """What has been added to ``fine`` (yuan) from ``since`` through ``until``, both days counted.

    payments: (day, yuan), each first set against the fine; the day of a payment no longer counts what it paid. spared:
    first and last days of reconsideration or litigation, not counted. percent: of the unpaid fine, a day. Rounded down
    to the cent, in the party's favour.
    """
    paid = sorted(payments)
    pauses = list(spared)
    total, day, limit = Decimal(0), since, fine
    while day <= until and total < limit:
        unpaid = fine - sum((amount for on, amount in paid if on <= day), Decimal(0))
        if unpaid <= 0:
            break
        if not any(first <= day <= last for first, last in pauses):
            total += unpaid * percent / 100
        day += timedelta(days=1)
    return min(total, limit).quantize(CENT, ROUND_DOWN)
