"""A gate before which real backends wait for the same lock, so that what runs at once does so every time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connections

from conftest import DATABASE
from fadu.config import database
from fadu.config.embedded import APP
from fadu.kernel import clock

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Gate:
    """Holds a lock in a transaction of its own until as many backends as are expected wait for it."""

    @contextmanager
    def hold(self, statement: str, parameters: tuple[Any, ...], until: int) -> Iterator[None]:
        """Execute ``statement``, run the block, and give way once ``until`` backends wait."""
        url = database.cluster().url(APP, DATABASE)
        with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as watcher:
            holder.execute(statement, parameters)
            yield
            for _ in range(600):
                row = watcher.execute(WAITING).fetchone()
                if row is not None and row[0] >= until:
                    break
                time.sleep(0.05)
            else:
                pytest.fail(f"fewer than {until} transactions came to wait: this was no race")
            holder.rollback()


def at_once(
    day: date, *acts: Callable[[], Any], gate: tuple[str, tuple[Any, ...]] | None = None, wait_for: int | None = None
) -> list[Any]:
    """Run ``acts`` at once, each in a thread with a connection of its own; their values, or the exceptions they raised.

    ``gate``: a statement that takes a lock for which all of them have to wait, with its parameters.
    """
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with clock.at(datetime(day.year, day.month, day.day, 16, tzinfo=clock.BEIJING)):
                barrier.wait(30)
                return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        if gate is None:
            return list(pool.map(run, acts))
        with Gate().hold(*gate, until=wait_for or len(acts)):
            running = [pool.submit(run, act) for act in acts]
        return [one.result(120) for one in running]
