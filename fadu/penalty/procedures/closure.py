"""提请关闭 (安全生产法 113, item 1): a major hazard, and so many penalties under that law within so many days or a year [pure]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fadu.law.judging.limitation import years_after


@dataclass(frozen=True)
class Windows:
    """The dated numbers of the law: how many penalties within how many days, and how many within how many years."""

    penalties_in_days: int = 3
    days: int = 180
    penalties_in_years: int = 4
    years: int = 1


@dataclass(frozen=True)
class Penalised:
    """One penalty under the law: the day of its decision, and how it is named."""

    on: date
    title: str


@dataclass(frozen=True)
class Closure:
    """What founds a proposal to close: the hazards that stand open, the penalties that count, and the window they lie in."""

    hazards: tuple[str, ...]
    penalties: tuple[Penalised, ...]
    window: str


def closure(hazards: Sequence[str], penalties: Sequence[Penalised], windows: Windows) -> Closure | str:
    """The ground of a proposal that the local government close an undertaking, or the sentence of what is wanting.

    The windows roll: any run of penalties that lies within one suffices, and the latest run is named. A window of 180
    days ends on the 180th day after the first penalty, one of a year on its anniversary; the first day is not counted.
    """
    if not hazards:
        return "没有尚未消除的重大事故隐患的记录"
    ordered = sorted(penalties, key=lambda one: one.on)
    for count, last_day, words in (
        (windows.penalties_in_days, lambda day: day + timedelta(days=windows.days), f"{windows.days}日内"),
        (windows.penalties_in_years, lambda day: years_after(day, windows.years), f"{windows.years}年内"),
    ):
        runs = [ordered[i : i + count] for i in range(len(ordered) - count + 1)]
        if within := [run for run in runs if run[-1].on <= last_day(run[0].on)]:
            return Closure(tuple(hazards), tuple(within[-1]), f"{words}{count}次")
    return (
        f"依《安全生产法》受到处罚{len(ordered)}次，没有{windows.days}日内{windows.penalties_in_days}次，"
        f"也没有{windows.years}年内{windows.penalties_in_years}次"
    )
