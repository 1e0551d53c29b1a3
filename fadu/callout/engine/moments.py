"""The engine's sense of time: the database's clock, checked against the machine's own count of seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

JUMP = timedelta(seconds=5)


def _seconds() -> float:
    """Seconds that no clock setting moves; those asleep count where the system can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass
class Moments:
    """The present moment between two readings of the database's clock, and whether that clock was set.

    ``told`` is given each reading and answers by how much the clock was set since the last one, zero in the ordinary case.
    """

    seconds: Callable[[], float] = _seconds
    _read: datetime | None = None
    _at: float = 0.0

    def told(self, reading: datetime) -> timedelta:
        """Take a reading; the jump, when what passed by the clock is not what passed."""
        at = self.seconds()
        jump = timedelta()
        if self._read is not None:
            off = (reading - self._read) - timedelta(seconds=at - self._at)
            jump = off if abs(off) > JUMP else jump
        self._read, self._at = reading, at
        return jump

    def now(self) -> datetime:
        """The last reading and what passed since; LookupError before the first."""
        if self._read is None:
            raise LookupError("no reading yet")
        return self._read + timedelta(seconds=self.seconds() - self._at)


@dataclass
class Simulated:
    """A clock that stands until it is set: for drills played in a moment, and for tests."""

    moment: datetime

    def told(self, reading: datetime) -> timedelta:
        """The database's clock means nothing here."""
        return timedelta()

    def now(self) -> datetime:
        """As it is set."""
        return self.moment
