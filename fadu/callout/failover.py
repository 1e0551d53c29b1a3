"""How a channel's messages are shared between two accounts: a pure function of what was seen of each in the last minutes [pure].

Between a rate at which an account is sick and one at which it is well lies a gap in which nothing moves, a share moves by ten
points and then stays for five minutes, and both accounts always get something, so that a recovery is seen.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
DWELL = timedelta(minutes=5)
SLOW = timedelta(seconds=60)  # a message of which nothing was heard by then
STEP, LEAST, MOST = 10, 10, 90  # points of a hundred that the first account has; MOST is where it rests
ENOUGH = 20  # messages of which a rate may be told
SICK, WELL = 0.2, 0.05


@dataclass(frozen=True)
class Tally:
    """What was seen of one account: messages, of these refused or lost, and those of which nothing was heard in time."""

    sent: int = 0
    failed: int = 0
    slow: int = 0

    @property
    def rate(self) -> float | None:
        """The share that went wrong; None when too little was sent to tell."""
        return (self.failed + self.slow) / self.sent if self.sent >= ENOUGH else None

    @property
    def sick(self) -> bool:
        """Whether the account should get less."""
        return self.rate is not None and self.rate >= SICK

    @property
    def well(self) -> bool:
        """Whether nothing speaks against giving it more."""
        return self.rate is None or self.rate <= WELL


def following(share: int, held: timedelta, first: Tally, second: Tally) -> int:
    """The first account's share (points of a hundred) from now on, when it has held ``share`` for ``held``.

    Away from the one that is sick when the other is not; back to where it rests when both are well; else it stays.
    """
    if held < DWELL or (first.sick and second.sick):
        return share
    if first.sick:
        return max(LEAST, share - STEP)
    if second.sick or (first.well and second.well):
        return min(MOST, share + STEP)
    return share


def divide(count: int, share: int, owed: float) -> tuple[int, float]:
    """How many of ``count`` messages go to the first account, and the fraction of a message it is still owed.

    ``owed`` is what the last call gave back, so that in the long run the share is exact however small the batches are.
    """
    due = count * share / 100 + owed
    whole = min(count, max(0, int(due + 0.5)))
    return whole, due - whole


@dataclass
class Window:
    """The tally of one account over the last minutes, kept by slices of time."""

    _slices: deque[tuple[datetime, Tally]] = field(default_factory=deque)

    def note(self, now: datetime, tally: Tally) -> None:
        """Add what was just seen."""
        if tally != Tally():
            self._slices.append((now, tally))

    def tally(self, now: datetime) -> Tally:
        """The sum over the window that ends at ``now``; what is older is forgotten."""
        while self._slices and self._slices[0][0] < now - WINDOW:
            self._slices.popleft()
        seen = [tally for _, tally in self._slices]
        return Tally(sum(t.sent for t in seen), sum(t.failed for t in seen), sum(t.slow for t in seen))
