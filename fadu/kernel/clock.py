"""The one clock of the house, in Beijing time; the demo city and tests may set it with ``at``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in Beijing time (or the simulated one inside ``at``)."""
    moment = _moment.get()
    return moment if moment is not None else datetime.now(UTC).astimezone(BEIJING)  # noqa: TID251 - the one place


def today() -> date:
    """The present day in Beijing."""
    return now().date()


@contextmanager
def at(moment: datetime | date) -> Iterator[datetime]:
    """Set the clock to ``moment`` within the block; a bare date means nine in the morning; naive means Beijing time."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 9, 0, tzinfo=BEIJING)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BEIJING)
    moment = moment.astimezone(BEIJING)
    token = _moment.set(moment)
    try:
        yield moment
    finally:
        _moment.reset(token)
