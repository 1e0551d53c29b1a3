"""A channel of one or two accounts: shared between them by ``failover``, and what one refuses for now goes to the other at once.

To the engine it is one provider. Which account took a message stands before its number: ``account/number``.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fadu.callout.failover import MOST, SLOW, Tally, Window, divide, following
from fadu.callout.providers.interface import Accepted, Account, Message, Outcome, Rejected, Said, Unknown

EVERY = timedelta(seconds=5)  # between two looks at the window
UNSEEN = Tally()
SAMPLE = 500  # messages of an account whose receipts are watched at one time


@dataclass(frozen=True)
class Share:
    """Points of a hundred that the first account gets, since when, and what was seen that led to it."""

    points: int
    since: datetime
    first: Tally = UNSEEN
    second: Tally = UNSEEN


@dataclass
class Pool:
    """The accounts of a channel by name, the first of them first.

    silent: which of these calls have not been heard of; read: the share that holds; wrote: called when it changes.
    """

    name: str
    accounts: Mapping[str, Account]
    silent: Callable[[Collection[int]], Collection[int]] = lambda calls: ()
    read: Callable[[], Share | None] = lambda: None
    wrote: Callable[[Share, Share], object] = lambda before, after: None
    real: bool = True
    share: Share | None = None
    _owed: float = 0.0
    _windows: dict[str, Window] = field(default_factory=dict)
    _watched: dict[str, deque[tuple[datetime, int]]] = field(default_factory=dict)
    _looked: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._windows = {name: Window() for name in self.accounts}
        self._watched = {name: deque(maxlen=SAMPLE) for name in self.accounts}

    @property
    def batch(self) -> int:
        """What either account takes in one request."""
        return min(account.batch for account in self.accounts.values())

    @property
    def rate(self) -> float:
        """Both together."""
        return sum(account.rate for account in self.accounts.values())

    @property
    def lines(self) -> int:
        """Both together; 0 when one of them has no limit."""
        lines = [account.lines for account in self.accounts.values()]
        return sum(lines) if all(lines) else 0

    # --- sending

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Share the messages out; what the first account refuses for now is sent by the second in the same round."""
        names = list(self.accounts)
        if len(names) == 1:
            found = self._send(names[0], messages, now)
            return [found[message.id] for message in messages]
        with self._lock:
            points = self.share.points if self.share else MOST
            count, self._owed = divide(len(messages), points, self._owed)
        found = self._send(names[0], messages[:count], now)
        left = [m for m in messages[:count] if _later(found[m.id])]
        found |= self._send(names[1], [*left, *messages[count:]], now)
        return [found[message.id] for message in messages]

    def _send(self, name: str, messages: Sequence[Message], now: datetime) -> dict[int, Outcome]:
        """Send by one account, and note how it did."""
        if not messages:
            return {}
        outcomes = self.accounts[name].send_batch(messages, now)
        found = dict(zip((message.id for message in messages), outcomes, strict=True))
        failed = sum(_later(outcome) or isinstance(outcome, Unknown) for outcome in outcomes)
        with self._lock:
            self._windows[name].note(now, Tally(len(outcomes), failed))
            self._watched[name].extend((now, call) for call, said in found.items() if isinstance(said, Accepted))
        return {
            call: Accepted(f"{name}/{said.ref}"[:80]) if isinstance(said, Accepted) else said
            for call, said in found.items()
        }

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Ask each account. A call that one of them has is there; it is nowhere only when all say so."""
        found: dict[int, str | None] = {}
        asked = {name: account.query(calls) for name, account in self.accounts.items()}
        for call in calls:
            refs = {name: said[call] for name, said in asked.items() if call in said}
            has = next((f"{name}/{ref}"[:80] for name, ref in refs.items() if ref is not None), None)
            if has is not None or len(refs) == len(self.accounts):
                found[call] = has
        return found

    # --- listening

    def receipts(self, now: datetime) -> list[Said]:
        """What the accounts have to say; and every few seconds a look at how they do."""
        if len(self.accounts) > 1 and (self._looked is None or now - self._looked >= EVERY):
            self._looked = now
            self.review(now)
        return [said for account in self.accounts.values() for said in account.receipts(now)]

    def review(self, now: datetime) -> None:
        """Count the silent, and move the share when the window says so."""
        if self.share is None:
            self.share = self.read() or Share(MOST, now)
        for name in self.accounts:
            with self._lock:
                watched = self._watched[name]
                ripe = [watched.popleft()[1] for _ in range(len(watched)) if watched and watched[0][0] <= now - SLOW]
            slow = len(self.silent(ripe)) if ripe else 0
            with self._lock:
                self._windows[name].note(now, Tally(slow=slow))
        with self._lock:
            first, second = (window.tally(now) for window in self._windows.values())
        points = following(self.share.points, now - self.share.since, first, second)
        if points != self.share.points:
            before, self.share = self.share, Share(points, now, first, second)
            self.wrote(before, self.share)


def _later(outcome: Outcome) -> bool:
    """Whether it certainly did not go out and may be tried elsewhere."""
    return isinstance(outcome, Rejected) and outcome.retryable
