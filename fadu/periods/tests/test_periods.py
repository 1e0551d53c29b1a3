"""Counting of periods: facts from notices and statutes typed by hand, and properties that hold for every calendar."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fadu.law.statutes import ACL, APL, ARL, LIT, PERMIT, TRANSFER, WSL
from fadu.periods import (
    Calendar,
    Due,
    Length,
    Pause,
    PeriodError,
    Remaining,
    Unit,
    days,
    days_of,
    earliest_after,
    hours,
    last_day,
    latest_before,
    months,
    remaining,
    unit_of_days,
    workdays,
    years,
)

BEIJING = timezone(timedelta(hours=8))


def span(first, last):
    return {first + timedelta(n) for n in range((last - first).days + 1)}


# The notice for 2022: spring festival 31 January to 6 February, 29 and 30 January worked; national day with make-up.
YEAR_2022 = Calendar(
    off=frozenset(
        span(date(2022, 1, 1), date(2022, 1, 3))
        | span(date(2022, 1, 31), date(2022, 2, 6))
        | span(date(2022, 4, 3), date(2022, 4, 5))
        | span(date(2022, 4, 30), date(2022, 5, 4))
        | span(date(2022, 10, 1), date(2022, 10, 7))
    ),
    work=frozenset(
        {
            *(date(2022, 1, 29), date(2022, 1, 30), date(2022, 4, 2), date(2022, 4, 24)),
            *(date(2022, 5, 7), date(2022, 10, 8), date(2022, 10, 9)),
        }
    ),
    years=frozenset({2022}),
)

some_days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@st.composite
def calendars(draw):
    off = draw(st.sets(st.dates(date(2010, 1, 1), date(2030, 12, 31)), max_size=60))
    spells = draw(st.lists(st.tuples(st.dates(date(2010, 1, 1), date(2030, 12, 1)), st.integers(1, 10)), max_size=8))
    for first, length in spells:
        off |= span(first, first + timedelta(length))
    work = draw(st.sets(st.dates(date(2010, 1, 1), date(2030, 12, 31)), max_size=40))
    return Calendar(
        frozenset(off),
        frozenset(day for day in work - off if day.weekday() >= 5),
        frozenset(draw(st.sets(st.integers(2010, 2030)))),
    )


units = st.sampled_from([Unit.WORKDAYS, Unit.DAYS, Unit.MONTHS, Unit.YEARS])


@st.composite
def lengths(draw):
    unit = draw(units)
    return Length(
        draw(st.integers(0, {Unit.WORKDAYS: 400, Unit.DAYS: 600, Unit.MONTHS: 60, Unit.YEARS: 8}[unit])), unit
    )


@st.composite
def pauses(draw):
    first = draw(st.dates(date(2009, 1, 1), date(2032, 1, 1)))
    return Pause(first, first + timedelta(draw(st.integers(0, 60))))


# --- facts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2022-01-29", 5, "2022-02-10"),  # 30 Jan worked; 31 Jan to 6 Feb off; 7, 8, 9, 10 Feb
        ("2022-01-28", 1, "2022-01-29"),  # a Saturday that is worked
        ("2022-01-30", 1, "2022-02-07"),
        ("2022-09-30", 7, "2022-10-14"),  # 8 and 9 October are worked
        ("2022-03-31", 3, "2022-04-06"),  # 1 and 2 (worked) April, 3 to 5 off
        ("2022-06-06", 5, "2022-06-13"),
        ("2022-06-11", 0, "2022-06-11"),
    ],
)
def test_working_days_follow_the_notice_of_2022(start, n, due):
    assert last_day(date.fromisoformat(start), workdays(n), YEAR_2022, rolls=False).day == date.fromisoformat(due)


def test_a_year_without_a_notice_answers_by_weekends_and_says_so():
    due = last_day(date(2030, 9, 27), workdays(5), YEAR_2022, rolls=False)
    assert due.day == date(2030, 10, 4)
    assert due.provisional
    assert str(due) == "2030年10月4日（暂定）"
    assert not last_day(date(2022, 3, 1), workdays(5), YEAR_2022, rolls=False).provisional
    assert last_day(date(2022, 12, 28), workdays(5), YEAR_2022, rolls=False).provisional


def test_calendar_days_are_provisional_only_where_rest_days_matter():
    assert not last_day(date(2029, 1, 1), days(90), YEAR_2022, rolls=False).provisional
    assert last_day(date(2029, 1, 1), days(15), YEAR_2022, rolls=True).provisional
    assert not last_day(date(2022, 3, 1), days(15), YEAR_2022, rolls=True).provisional


@pytest.mark.law("《民事诉讼法》第八十五条第三款")
def test_a_partys_right_rolls_over_the_holiday_and_the_bureaus_duty_does_not():
    """15 days to pay from 17 September 2022 end on 2 October; the next working day is Saturday the 8th."""
    assert last_day(date(2022, 9, 17), days(15), YEAR_2022, rolls=True).day == date(2022, 10, 8)
    due = last_day(date(2022, 9, 17), days(15), YEAR_2022, rolls=False)
    assert due.day == date(2022, 10, 2)
    assert not due.rolled


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2021-11-30", months(3), "2022-02-28"),
        ("2024-02-29", years(1), "2025-02-28"),
        ("2024-02-29", years(4), "2028-02-29"),
        ("2022-03-31", months(6), "2022-09-30"),
        ("2022-08-31", months(6), "2023-02-28"),
        ("2022-05-17", months(6), "2022-11-17"),
        ("2022-12-01", days(90), "2023-03-01"),
    ],
)
def test_months_and_years_end_on_the_same_date_or_the_last_of_a_shorter_month(start, length, due):
    assert last_day(date.fromisoformat(start), length, YEAR_2022, rolls=False).day == date.fromisoformat(due)


def test_extensions_of_one_unit_are_counted_in_one():
    """90 days extended by 90 are 180; one month and one more are two months, not a clamped month and another."""
    assert last_day(date(2022, 1, 4), days(90), YEAR_2022, False, extensions=[days(90)]).day == date(2022, 7, 3)
    assert last_day(date(2022, 1, 31), months(1), YEAR_2022, False, extensions=[months(1)]).day == date(2022, 3, 31)


def test_a_pause_pushes_the_last_day_by_the_days_it_takes():
    appraisal = Pause(date(2022, 6, 1), date(2022, 6, 10))
    assert last_day(date(2022, 5, 20), days(30), YEAR_2022, False, [appraisal]).day == date(2022, 6, 29)
    # A pause of the last day itself pushes it, one that begins the day after does not.
    assert last_day(
        date(2022, 5, 20), days(30), YEAR_2022, False, [Pause(date(2022, 6, 19), date(2022, 6, 19))]
    ).day == (date(2022, 6, 20))
    assert last_day(
        date(2022, 5, 20), days(30), YEAR_2022, False, [Pause(date(2022, 6, 20), date(2022, 7, 1))]
    ).day == (date(2022, 6, 19))
    # Pushed into a further pause, it is pushed again; overlapping pauses count once.
    chain = [appraisal, Pause(date(2022, 6, 8), date(2022, 6, 10)), Pause(date(2022, 6, 25), date(2022, 6, 30))]
    assert last_day(date(2022, 5, 20), days(30), YEAR_2022, False, chain).day == date(2022, 7, 5)


def test_hours_end_at_a_moment():
    start = datetime(2022, 3, 1, 10, 20, tzinfo=BEIJING)
    due = last_day(start, hours(24), YEAR_2022, rolls=False)
    assert due.moment == datetime(2022, 3, 2, 10, 20, tzinfo=BEIJING)
    assert str(due) == "2022年3月2日10时20分"
    assert str(remaining(due, start, YEAR_2022)) == "还剩24小时"
    assert str(remaining(due, start + timedelta(hours=23, minutes=30), YEAR_2022)) == "不足1小时"
    assert str(remaining(due, start + timedelta(hours=25), YEAR_2022)) == "已逾期1小时"
    with pytest.raises(PeriodError, match="时刻"):
        last_day(date(2022, 3, 1), hours(24), YEAR_2022, rolls=False)
    with pytest.raises(PeriodError, match="不中止"):
        last_day(start, hours(24), YEAR_2022, False, [Pause(date(2022, 3, 1), date(2022, 3, 1))])


def test_before_a_hearing_the_working_days_are_counted_back():
    """Seven working days before Friday 14 October 2022: the 30th of September (8 and 9 October are worked)."""
    assert latest_before(date(2022, 10, 14), workdays(7), YEAR_2022).day == date(2022, 9, 30)
    assert latest_before(date(2022, 6, 10), days(7), YEAR_2022).day == date(2022, 6, 3)
    assert latest_before(date(2022, 3, 31), months(1), YEAR_2022).day == date(2022, 2, 28)
    moment = latest_before(datetime(2022, 3, 2, 9, tzinfo=BEIJING), hours(24), YEAR_2022).moment
    assert moment == datetime(2022, 3, 1, 9, tzinfo=BEIJING)


@pytest.mark.law("《行政强制法》第五十四条")
def test_what_must_wait_for_ten_working_days_may_be_done_on_the_day_after():
    """Demand served on Thursday 1 September 2022: ten working days end on the 15th, the application from the 16th."""
    assert earliest_after(date(2022, 9, 1), workdays(10), YEAR_2022) == date(2022, 9, 16)


@pytest.mark.parametrize(
    ("due", "on", "words"),
    [
        (Due(date(2022, 2, 10), unit=Unit.WORKDAYS), "2022-01-29", "还剩5个工作日"),
        (Due(date(2022, 2, 10), unit=Unit.WORKDAYS), "2022-02-08", "还剩2个工作日"),
        (Due(date(2022, 2, 10), unit=Unit.WORKDAYS), "2022-02-10", "今日届满"),
        (Due(date(2022, 2, 10), unit=Unit.WORKDAYS), "2022-02-11", "已逾期1日"),
        (Due(date(2022, 2, 11), unit=Unit.WORKDAYS), "2022-02-13", "已逾期2日"),
        (Due(date(2022, 3, 31)), "2022-03-01", "还剩30日"),
        (Due(date(2022, 9, 30), unit=Unit.MONTHS), "2022-09-27", "还剩3日"),
    ],
)
def test_what_is_left_is_told_in_the_statutes_own_unit(due, on, words):
    assert str(remaining(due, date.fromisoformat(on), YEAR_2022)) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [(workdays(5), "5个工作日"), (days(15), "15日"), (months(6), "6个月"), (years(2), "2年"), (hours(24), "24小时")],
)
def test_a_length_reads_in_chinese(length, words):
    assert str(length) == words


@pytest.mark.parametrize(
    ("statute", "n", "unit", "article"),
    [
        *((APL, n, Unit.WORKDAYS, APL[85]) for n in (2, 3, 5, 7)),
        *((APL, n, Unit.DAYS, None) for n in (1, 4, 6, 10, 15, 30, 90)),
        *((ACL, n, Unit.WORKDAYS, ACL[69]) for n in (3, 5, 7, 10)),
        *((ACL, n, Unit.DAYS, None) for n in (11, 15, 30)),
        *((ARL, n, Unit.WORKDAYS, ARL[88, 2]) for n in (3, 5, 7, 10)),
        *((ARL, n, Unit.DAYS, None) for n in (2, 15, 30, 60)),
        *((PERMIT, n, Unit.WORKDAYS, PERMIT[82]) for n in (5, 20, 45)),
        *((statute, 3, Unit.DAYS, None) for statute in (TRANSFER, LIT, WSL)),
    ],
)
def test_which_days_are_working_days_by_which_article(statute, n, unit, article):
    assert unit_of_days(statute, n) == (unit, article)
    assert days_of(statute, n) == Length(n, unit)


def test_an_applicants_own_period_under_the_permit_law_is_in_calendar_days():
    assert unit_of_days(PERMIT, 30, partys=True) == (Unit.DAYS, None)
    assert unit_of_days(APL, 5, partys=True) == (Unit.WORKDAYS, APL[85])


@pytest.mark.parametrize("n", [-1, 100_001, True, 1.5])
def test_a_length_that_is_none_is_refused(n):
    with pytest.raises(PeriodError):
        Length(n, Unit.DAYS)


def test_a_period_beyond_the_calendar_is_refused_in_chinese():
    for length in (workdays(100_000), days(100_000), years(9000), months(99_999)):
        with pytest.raises(PeriodError, match="日期范围"):
            last_day(date(9990, 1, 1), length, YEAR_2022, rolls=True)


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(PeriodError, match="早于"):
        Pause(date(2022, 2, 2), date(2022, 2, 1))


def test_a_day_cannot_be_both_off_and_worked_and_only_weekends_are_made_up():
    with pytest.raises(PeriodError, match="既放假又上班"):
        Calendar(frozenset({date(2022, 1, 29)}), frozenset({date(2022, 1, 29)}), frozenset({2022}))
    with pytest.raises(PeriodError, match="周六或者周日"):
        Calendar(frozenset(), frozenset({date(2022, 1, 28)}), frozenset({2022}))


# --- properties -----------------------------------------------------------------------------------------------------


@given(calendars(), some_days, st.integers(1, 300))
def test_shifting_agrees_with_walking_day_by_day(calendar, start, n):
    day, left = start, n
    while left:
        day += timedelta(1)
        left -= calendar.is_workday(day)
    assert calendar.shift(start, n) == day
    assert calendar.count(start, day) == n


@given(calendars(), some_days, st.integers(1, 300))
def test_shifting_back_agrees_with_walking_back(calendar, start, n):
    day, left = start, n
    while left:
        day -= timedelta(1)
        left -= calendar.is_workday(day)
    assert calendar.shift(start, -n) == day


@given(calendars(), some_days, st.integers(1, 200))
def test_counting_back_undoes_counting_on(calendar, start, n):
    """From a working day, n working days on and back again is the same day; back from any day, the period fits."""
    assume(calendar.is_workday(start))
    assert calendar.shift(calendar.shift(start, n), -n) == start
    latest = latest_before(start, workdays(n), calendar).day
    assert last_day(latest, workdays(n), calendar, rolls=False).day <= start
    assert last_day(latest + timedelta(1), workdays(n), calendar, rolls=False).day >= start


@given(calendars(), some_days, lengths())
def test_a_rolled_last_day_is_never_a_day_of_rest_and_never_earlier(calendar, start, length):
    due = last_day(start, length, calendar, rolls=True)
    assert calendar.is_workday(due.day)
    fixed = last_day(start, length, calendar, rolls=False)
    assert due.day >= fixed.day == due.nominal
    assert not any(calendar.is_workday(fixed.day + timedelta(n)) for n in range((due.day - fixed.day).days))
    if length.unit is Unit.WORKDAYS and length.n:
        assert calendar.is_workday(fixed.day)


@given(calendars(), some_days, some_days, lengths(), st.booleans())
def test_a_later_start_never_ends_earlier(calendar, one, other, length, rolls):
    early, late = sorted((one, other))
    assert last_day(early, length, calendar, rolls).day <= last_day(late, length, calendar, rolls).day


@given(calendars(), some_days, units, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_period_never_ends_earlier(calendar, start, unit, n, more):
    ends = [last_day(start, Length(k, unit), calendar, rolls=True).day for k in (n, n + more)]
    assert ends[0] <= ends[1]


@given(calendars(), some_days, lengths(), st.lists(pauses(), max_size=4))
def test_pauses_leave_exactly_the_days_of_the_period(calendar, start, length, given_pauses):
    """Counted days between start and end that lie in no pause are as many as without pauses; the last is one of them."""
    assume(length.n > 0)
    end = last_day(start, length, calendar, False, given_pauses).day
    plain = last_day(start, length, calendar, False).day
    paused = {day for pause in given_pauses for day in span(pause.first, pause.last)}
    counts = calendar.is_workday if length.unit is Unit.WORKDAYS else lambda day: True

    def counted(until):
        return [day for day in span(start + timedelta(1), until) if counts(day)] if until > start else []

    left = [day for day in counted(end) if day not in paused]
    assert end >= plain
    assert len(left) == len(counted(plain))
    assert max(left) == end


@given(calendars(), some_days, lengths(), pauses())
def test_a_pause_outside_the_period_changes_nothing(calendar, start, length, pause):
    end = last_day(start, length, calendar, False).day
    assume(pause.last <= start or pause.first > end)
    assert last_day(start, length, calendar, False, [pause]).day == end


@given(calendars(), some_days, lengths(), some_days)
def test_what_is_left_agrees_with_the_last_day(calendar, start, length, on):
    due = last_day(start, length, calendar, rolls=True)
    left = remaining(due, on, calendar)
    assert left.overdue == due.is_past(on) == (on > due.day)
    assert (left.n == 0) == (on == due.day)
    if on == start and length.unit is Unit.WORKDAYS and length.n:
        assert left == Remaining(length.n, Unit.WORKDAYS)


@given(calendars(), some_days, st.integers(1, 60))
def test_an_answer_is_final_exactly_when_every_year_it_touches_has_a_notice(calendar, start, n):
    due = last_day(start, workdays(n), calendar, rolls=False)
    touched = {day.year for day in span(start + timedelta(1), due.day)}
    assert due.provisional == (not touched <= calendar.years)


@given(some_days, st.integers(0, 48), st.integers(0, 48))
def test_months_added_in_parts_never_pass_the_whole(start, one, other):
    whole = last_day(start, months(one + other), YEAR_2022, False).day
    parts = last_day(last_day(start, months(one), YEAR_2022, False).day, months(other), YEAR_2022, False).day
    assert parts <= whole
    assert (whole - parts).days <= 3
