"""Starting, meeting, pausing and recomputing the periods of a matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from fadu.kernel import clock
from fadu.law import queries as law
from fadu.periods.counting import Due, Pause, last_day
from fadu.periods.lengths import Length, Unit
from fadu.procedure.declare import Bound, Period
from fadu.procedure.models import Deadline, Matter, as_text


def compute(row: Deadline) -> Due:
    """The end of ``row``'s period by today's calendar, with its pauses and extensions."""
    pauses = [Pause(date.fromisoformat(a), date.fromisoformat(b)) for a, b in row.pauses]
    extensions = [Length(n, Unit(unit)) for n, unit in row.extensions]
    start: date = row.starts_at.astimezone(clock.BEIJING) if row.unit == "hours" and row.starts_at else row.starts_on
    rolls = row.bound != Bound.DUTY.name
    return last_day(start, Length(row.n, Unit(row.unit)), law.calendar(), rolls, pauses, extensions)


def draft(matter: Matter, period: Period, starts: date | datetime, *, party: int | None, on: date) -> Deadline:
    """The row of ``period`` from ``starts`` (that day itself is not counted) with its last day, not yet written."""
    n, unit, confidence, basis = period.n, period.unit, "text", as_text(period.basis)
    if period.parameter:
        number = law.parameter(period.parameter, on, organ_id=matter.organ_id)
        n, unit, confidence = int(number.value), str(number.unit), number.confidence
    day = starts.date() if isinstance(starts, datetime) else starts
    row = Deadline(
        matter=matter, name=period.name, party=party, bound=period.bound.name, n=n, unit=unit,
        basis=basis, confidence=confidence, starts_on=day, starts_at=starts if isinstance(starts, datetime) else None,
    )  # fmt: skip
    due = compute(row)
    row.last_day, row.provisional = due.day, due.provisional
    return row


def start(
    matter: Matter, period: Period, starts: date | datetime, *, party: int | None, on: date, first: bool = False
) -> Deadline:
    """Start ``period`` on ``starts`` (that day itself is not counted).

    ``first``: it is known that none of the name runs. An earlier one of the name for the party is cancelled, unless the period is declared for ``each`` of several.
    """
    row = draft(matter, period, starts, party=party, on=on)
    if not (period.each or first):
        matter.deadlines.filter(name=period.name, party=party, ended_on=None, cancelled_on=None).update(cancelled_on=on)
    row.save()
    return row


def meet(matter: Matter, names: Iterable[str], *, party: int | None, on: date, reason: str = "") -> list[Deadline]:
    """Mark the running periods of ``names`` as met on ``on``; returns those met late."""
    rows = matter.deadlines.filter(name__in=list(names), ended_on=None, cancelled_on=None)
    return meet_rows([r for r in rows if party is None or r.party in (None, party)], on=on, reason=reason)


def meet_rows(rows: Iterable[Deadline], *, on: date, reason: str = "") -> list[Deadline]:
    """Mark ``rows`` as met on ``on``; returns those met late."""
    late = []
    for row in rows:
        row.ended_on = on
        if row.is_late:
            row.late_reason = reason
            late.append(row)
        row.save(update_fields=["ended_on", "late_reason"])
    return late


def extend(matter: Matter, periods: Iterable[Period], *, on: date) -> None:
    """Add the length of each of ``periods`` (a dated number of law where it names one) to the running one of its name."""
    for period in periods:
        n, unit = period.n, period.unit
        if period.parameter:
            number = law.parameter(period.parameter, on, organ_id=matter.organ_id)
            n, unit = int(number.value), str(number.unit)
        for row in matter.deadlines.filter(name=period.name, ended_on=None, cancelled_on=None):
            lengthen(row, n, unit)


def lengthen(row: Deadline, n: int, unit: str) -> None:
    """Add ``n`` of ``unit`` (days, months …) to one running period and compute its end anew."""
    row.extensions = [*row.extensions, [n, unit]]
    due = compute(row)
    row.last_day, row.provisional = due.day, due.provisional
    row.save(update_fields=["extensions", "last_day", "provisional"])


def pause(matter: Matter, names: Collection[str], *, on: date) -> None:
    """Stop the clock of ``names`` from the day after ``on``."""
    if not names:
        return
    matter.deadlines.filter(name__in=list(names), ended_on=None, cancelled_on=None, paused_since=None).update(
        paused_since=on + timedelta(days=1)
    )


def resume(matter: Matter, names: Collection[str], *, on: date) -> None:
    """Let the paused periods of ``names`` run on; the days from the pause to ``on`` do not count."""
    if not names:
        return
    for row in matter.deadlines.filter(name__in=list(names), ended_on=None, cancelled_on=None).exclude(
        paused_since=None
    ):
        if row.paused_since is not None and row.paused_since <= on:
            row.pauses = [*row.pauses, [row.paused_since.isoformat(), on.isoformat()]]
        row.paused_since = None
        due = compute(row)
        row.last_day, row.provisional = due.day, due.provisional
        row.save(update_fields=["pauses", "paused_since", "last_day", "provisional"])


def cancel(matter: Matter, names: Collection[str], *, party: int | None, on: date) -> None:
    """Cancel the running periods of ``names``: what they were for can no longer happen."""
    if not names:
        return
    rows = matter.deadlines.filter(name__in=list(names), ended_on=None, cancelled_on=None)
    (rows.filter(party=party) if party is not None else rows).update(cancelled_on=on)


def recompute_provisional() -> int:
    """Recompute every running period that was provisional, after a holiday notice was loaded; returns how many changed."""
    changed = 0
    for row in Deadline.objects.filter(provisional=True, cancelled_on=None):
        due = compute(row)
        if (due.day, due.provisional) != (row.last_day, row.provisional):
            row.last_day, row.provisional = due.day, due.provisional
            row.save(update_fields=["last_day", "provisional"])
            changed += 1
    return changed
