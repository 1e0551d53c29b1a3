"""期间: how law counts time, pure; given a calendar, no tables."""

from fadu.law.calendar import Calendar, PeriodError
from fadu.periods.counting import Due, Pause, Remaining, earliest_after, last_day, latest_before, remaining
from fadu.periods.lengths import Length, Unit, days, days_of, hours, months, unit_of_days, workdays, years

__all__ = [
    "Calendar",
    "Due",
    "Length",
    "Pause",
    "PeriodError",
    "Remaining",
    "Unit",
    "days",
    "days_of",
    "earliest_after",
    "hours",
    "last_day",
    "latest_before",
    "months",
    "remaining",
    "unit_of_days",
    "workdays",
    "years",
]
