"""The simulator: no telephone rings; latency, loss, silence, lies and faults follow from a seed, the same every time."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from fadu.callout.providers.interface import Accepted, Message, Outcome, Rejected, Said, Unknown


@dataclass
class Simulated:
    """Each call's fate is drawn from (seed, its id): two runs of the same callout are the same run.

    silent: the share that never answers; lost: accepted and never delivered; failing: reported as failed; unknown: the answer
    to the request is lost although it was sent; twice: receipts that come two times; answer: seconds from delivery to answer.
    """

    seed: int = 1404
    silent: float = 0.2
    lost: float = 0.02
    failing: float = 0.01
    unknown: float = 0.0
    twice: float = 0.05
    delay: tuple[float, float] = (1.0, 8.0)
    answer: tuple[float, float] = (4.0, 75.0)
    name: str = "simulated"
    real: bool = False
    batch: int = 500
    rate: float = 1e9
    lines: int = 0
    dead: bool = False
    said: Callable[[Sequence[Message]], object] = lambda messages: None
    taken: dict[int, str] = field(default_factory=dict)
    _coming: list[tuple[datetime, int, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Take each message and draw its fate."""
        if self.dead:
            return [Rejected("通道没有应答", retryable=True) for _ in messages]
        self.said(messages)
        outcomes: list[Outcome] = []
        with self._lock:
            for message in messages:
                draw = Random(self.seed * 1_000_003 + message.id)
                self.taken[message.id] = ref = f"S{message.id}"
                outcomes.append(Unknown("应答丢失") if draw.random() < self.unknown else Accepted(ref))
                self._fate(message, draw, now)
        return outcomes

    def _fate(self, message: Message, draw: Random, now: datetime) -> None:
        """What will be heard of a message."""
        chance = draw.random()
        delivered = now + timedelta(seconds=draw.uniform(*self.delay))
        if chance < self.lost:
            return
        if chance < self.lost + self.failing:
            self._will(delivered, message.id, "failed", draw)
            return
        self._will(delivered, message.id, "delivered", draw)
        if draw.random() >= self.silent:
            self._will(delivered + timedelta(seconds=draw.uniform(*self.answer)), message.id, "answered", draw)

    def _will(self, at: datetime, call: int, kind: str, draw: Random) -> None:
        """Have a receipt come, perhaps twice."""
        for _ in range(2 if draw.random() < self.twice else 1):
            heapq.heappush(self._coming, (at, call, kind))

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """What it has; nothing while it is dead."""
        return {} if self.dead else {call: self.taken.get(call) for call in calls}

    def receipts(self, now: datetime) -> list[Said]:
        """What has come by ``now``."""
        found = []
        with self._lock:
            while self._coming and self._coming[0][0] <= now:
                at, call, kind = heapq.heappop(self._coming)
                found.append(Said(call, kind, at, HOW if kind == "answered" else ""))
        return found

    def coming(self) -> datetime | None:
        """When the next receipt comes; None when none will."""
        return self._coming[0][0] if self._coming else None


HOW = "模拟应答"
