"""Counting periods: the last day, the earliest and the latest day, what is left; given a calendar, without tables."""

import calendar as months_of_the_year
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from fadu.law.calendar import Calendar, PeriodError
from fadu.periods.lengths import Length, Unit

T = TypeVar("T")


@dataclass(frozen=True)
class Pause:
    """Days that are not counted (鉴定, 听证 …), the first and the last included; one still running ends today for now."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError(f"中止期间的结束日{self.last.isoformat()}早于开始日{self.first.isoformat()}")


@dataclass(frozen=True)
class Due:
    """When a period ends: its last day and, for hours, the moment.

    provisional: a year without a holiday notice was touched, so that the day may change once the notice is loaded;
    nominal: the last day before it was rolled over days of rest.
    """

    day: date
    provisional: bool = False
    unit: Unit = Unit.DAYS
    moment: datetime | None = None
    nominal: date | None = None

    @property
    def rolled(self) -> bool:
        """Whether days of rest pushed the last day."""
        return self.nominal is not None and self.nominal != self.day

    def is_past(self, on: date) -> bool:
        """Whether the period is over on that day (or at that moment)."""
        if self.moment and isinstance(on, datetime):
            return on > self.moment
        return _day(on) > self.day

    def __str__(self) -> str:
        text = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        if self.moment:
            text += f"{self.moment.hour}时{self.moment.minute}分"
        return text + ("（暂定）" if self.provisional else "")


def last_day(
    start: date,
    length: Length,
    calendar: Calendar,
    rolls: bool,
    pauses: Iterable[Pause] = (),
    extensions: Sequence[Length] = (),
) -> Due:
    """The last day of a period that starts on ``start``, which is not counted (民事诉讼法第八十五条第二款).

    rolls: a party's right whose last day is a day of rest ends on the next working day (第三款); the bureau's own duty
    does not. pauses: days not counted. extensions: lengths added by decision, counted on from the unrolled last day.
    Months and years end on the day of the same date, or on the last of a shorter month. Hours need a moment to start
    from, end at a moment, and are neither rolled nor paused. PeriodError when it cannot be counted.
    """
    if length.unit is Unit.HOURS:
        return _moment(start, length, pauses, extensions)
    first = _day(start)
    breaks = tuple(pauses)
    lengths = _joined((length, *extensions))
    nominal = first
    for part in lengths:
        nominal = _advance(nominal, part, calendar, breaks)
    day = calendar.workday_from(nominal) if rolls else nominal
    if any(part.unit is Unit.WORKDAYS for part in lengths):
        provisional = calendar.is_provisional(first + timedelta(1), day) if day > first else False
    else:
        provisional = rolls and calendar.is_provisional(nominal, day)
    return Due(day, provisional, length.unit, None, nominal)


def earliest_after(
    start: date, length: Length, calendar: Calendar, rolls: bool = True, pauses: Iterable[Pause] = ()
) -> date:
    """The first day on which what must wait for a whole period may be done: the day after its last day.

    For periods a party must be left, e.g. ten working days after the demand notice (行政强制法第五十四条).
    """
    return last_day(start, length, calendar, rolls, pauses).day + timedelta(1)


def latest_before(day: date, length: Length, calendar: Calendar) -> Due:
    """The latest day on which what must be done so long before ``day`` may be done (举行听证的七日前); day is not counted.

    Counting from the answer, the period ends on or before ``day``. Hours need a moment.
    """
    if length.unit is Unit.HOURS:
        if not isinstance(day, datetime):
            raise PeriodError("以小时计算的期限须有起算的时刻")
        moment = _within(lambda: day - timedelta(hours=length.n))
        return Due(moment.date(), False, Unit.HOURS, moment)
    last = _day(day)
    match length.unit:
        case Unit.WORKDAYS:
            found = calendar.shift(last, -length.n)
            return Due(found, calendar.is_provisional(found, last), length.unit, None, found)
        case Unit.DAYS:
            found = _within(lambda: last - timedelta(length.n))
        case _:
            found = _same_date(last, -_months(length))
    return Due(found, False, length.unit, None, found)


@dataclass(frozen=True)
class Remaining:
    """What is left of a period, in the unit of the statute; negative n: days (or hours) overdue."""

    n: int
    unit: Unit

    @property
    def overdue(self) -> bool:
        """Whether the period is over."""
        return self.n < 0

    def __str__(self) -> str:
        if self.n < 0:
            return f"已逾期{-self.n}{self.unit.words}"
        if self.n == 0:
            return "不足1小时" if self.unit is Unit.HOURS else "今日届满"
        return f"还剩{self.n}{self.unit.words}"


def remaining(due: Due, on: date, calendar: Calendar) -> Remaining:
    """What is left on that day (or at that moment): working days for periods in working days, else days, or hours.

    Lateness is always told in calendar days (hours for periods in hours), since it goes on over weekends.
    """
    if due.moment and isinstance(on, datetime):
        seconds = (due.moment - on).total_seconds()
        # Rounded away from comfort: a begun hour of lateness is an hour, an unfinished hour left is none.
        return Remaining(int(seconds // 3600), Unit.HOURS)
    today = _day(on)
    if today > due.day:
        return Remaining((due.day - today).days, Unit.DAYS)
    if due.unit is Unit.WORKDAYS:
        return Remaining(calendar.count(today, due.day), Unit.WORKDAYS)
    return Remaining((due.day - today).days, Unit.DAYS)


# --- how it is done -------------------------------------------------------------------------------------------------


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _within(count: Callable[[], T]) -> T:
    try:
        return count()
    except (OverflowError, ValueError):
        raise PeriodError("超出可以计算的日期范围") from None


def _months(length: Length) -> int:
    return length.n * 12 if length.unit is Unit.YEARS else length.n


def _same_date(day: date, by: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    month += 1
    return _within(lambda: date(year, month, min(day.day, months_of_the_year.monthrange(year, month)[1])))


def _joined(lengths: Sequence[Length]) -> list[Length]:
    # Neighbours of one unit are one length, or 31 January would lose its date over February: 1 + 1 months are 2.
    joined: list[Length] = []
    for length in lengths:
        if joined and joined[-1].unit is length.unit:
            joined[-1] = Length(joined[-1].n + length.n, length.unit)
        else:
            joined.append(length)
    return joined


def _advance(start: date, length: Length, calendar: Calendar, pauses: tuple[Pause, ...]) -> date:
    match length.unit:
        case Unit.WORKDAYS:
            return _past_pauses(start, length.n, calendar.shift, calendar.count, pauses)
        case Unit.DAYS:
            nominal = _within(lambda: start + timedelta(length.n))
        case Unit.MONTHS | Unit.YEARS:
            nominal = _same_date(start, _months(length))
        case _:
            raise PeriodError("以小时计算的期限不能与以日计算的期限相加")
    return _past_pauses(
        start,
        (nominal - start).days,
        lambda day, n: _within(lambda: day + timedelta(n)),
        lambda after, until: max(0, (until - after).days),
        pauses,
    )


def _past_pauses(
    start: date,
    n: int,
    shift: Callable[[date, int], date],
    count: Callable[[date, date], int],
    pauses: tuple[Pause, ...],
) -> date:
    """The n-th day after start that no pause takes away; each push may reach a further pause, so repeat until it rests."""
    end = shift(start, n)
    while pauses:
        lost = sum(
            count(max(first - timedelta(1), start), min(last, end)) for first, last in _merged(pauses) if last > start
        )
        pushed = shift(start, n + lost)
        if pushed == end:
            break
        end = pushed
    return end


def _merged(pauses: tuple[Pause, ...]) -> list[tuple[date, date]]:
    merged: list[tuple[date, date]] = []
    for pause in sorted(pauses, key=lambda p: p.first):
        if merged and pause.first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], pause.last))
        else:
            merged.append((pause.first, pause.last))
    return merged


def _moment(start: date, length: Length, pauses: Iterable[Pause], extensions: Sequence[Length]) -> Due:
    if not isinstance(start, datetime):
        raise PeriodError("以小时计算的期限须有起算的时刻")
    if tuple(pauses) or any(extension.unit is not Unit.HOURS for extension in extensions):
        raise PeriodError("以小时计算的期限不中止，也不能以日延长")
    total = length.n + sum(extension.n for extension in extensions)
    moment = _within(lambda: start + timedelta(hours=total))
    return Due(moment.date(), False, Unit.HOURS, moment, moment.date())
