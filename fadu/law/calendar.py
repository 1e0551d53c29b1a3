"""Working days as the State Council's yearly notices make them: a pure calendar, built from the notices that are loaded."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

SATURDAY = 5


class PeriodError(ValueError):
    """A period that cannot be counted; its message is a Chinese sentence fit to be shown at the field."""


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up working days, and the years for which there is a notice.

    In a year without a notice weekends alone are days of rest, and every answer that touches it is provisional.
    off: days of rest by notice (whether or not they fall on a weekend); work: weekend days worked by notice.
    """

    off: frozenset[date] = field(default=frozenset(), repr=False)
    work: frozenset[date] = field(default=frozenset(), repr=False)
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if both := self.off & self.work:
            raise PeriodError(f"同一天既放假又上班：{min(both).isoformat()}")
        if weekdays := [day for day in self.work if day.weekday() < SATURDAY]:
            raise PeriodError(f"调休上班日应为周六或者周日：{min(weekdays).isoformat()}")

    @cached_property
    def _off_weekdays(self) -> list[int]:
        return sorted(day.toordinal() for day in self.off if day.weekday() < SATURDAY)

    @cached_property
    def _worked_weekends(self) -> list[int]:
        return sorted(day.toordinal() for day in self.work)

    def is_workday(self, day: date) -> bool:
        """Whether offices work that day."""
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a year without a notice lies between the two days, both counted."""
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def _up_to(self, ordinal: int) -> int:
        # Ordinal 1 is a Monday; so whole weeks and what is left over count the weekdays, and the notices correct them.
        weekdays = ordinal // 7 * 5 + min(ordinal % 7, 5)
        return weekdays - bisect_right(self._off_weekdays, ordinal) + bisect_right(self._worked_weekends, ordinal)

    def count(self, after: date, until: date) -> int:
        """Working days later than ``after`` and not later than ``until``; 0 when until is not later."""
        return max(0, self._up_to(until.toordinal()) - self._up_to(after.toordinal()))

    def shift(self, day: date, n: int) -> date:
        """The n-th working day after ``day`` (before it when n is negative; ``day`` itself when 0); ``day`` is not counted."""
        if n == 0:
            return day
        start = day.toordinal()
        # Room enough for the n weekdays and for every day off there could be among them.
        room = (abs(n) + len(self._off_weekdays)) * 7 // 5 + 8
        if n > 0:
            target, low, high = self._up_to(start) + n, start + 1, start + room
        else:
            target, low, high = self._up_to(start - 1) + n + 1, start - room, start
        found = low + bisect_left(range(low, high), target, key=self._up_to)
        try:
            return date.fromordinal(found)
        except (ValueError, OverflowError):
            raise PeriodError(f"自{day.isoformat()}起{n}个工作日，超出可以计算的日期范围") from None

    def workday_from(self, day: date) -> date:
        """``day`` when it is a working day, else the first working day after it."""
        return day if self.is_workday(day) else self.shift(day, 1)

    def workday_until(self, day: date) -> date:
        """``day`` when it is a working day, else the last working day before it."""
        return day if self.is_workday(day) else self.shift(day, -1)
