"""Threads beside the loop: a second connection with one thing at a time to do, and how the interpreter is set for them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import psycopg

SWITCH = 0.0005  # seconds a sender's thread may keep the interpreter while the loop wants it: five milliseconds are a whole claim
GARBAGE = 50_000  # objects after which garbage is looked for: a round makes thousands, which end with it by themselves


def tune() -> None:
    """Set the interpreter of a process that does nothing but run an engine; what was loaded until now is there for good."""
    sys.setswitchinterval(SWITCH)
    gc.freeze()
    gc.set_threshold(GARBAGE)


class Inline(Executor):
    """Runs what it is given at once: for drills played in a moment."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Beside:
    """A second connection, on which one thing at a time is done in a thread of ``executor``, beside the loop."""

    def __init__(self, connection: psycopg.Connection[Any], executor: Executor) -> None:
        self.connection, self.executor = connection, executor
        self.work: Future[int] | None = None

    @property
    def busy(self) -> bool:
        """Whether it is at work."""
        return self.work is not None and not self.work.done()

    def start(self, work: Callable[[psycopg.Connection[Any]], int], woken: Callable[[], object]) -> None:
        """Do this; ``woken`` is called when it did something, or failed."""
        self.work = self.executor.submit(work, self.connection)
        self.work.add_done_callback(lambda done: woken() if done.exception() or done.result() else None)

    def finish(self) -> int:
        """Wait for what was started, if anything; how much it did. Raises what it raised."""
        work, self.work = self.work, None
        return work.result() if work else 0
