"""The board's live line: figures of a callout read once for all who look, and sent to each as server-sent events.

It runs as an ASGI process of its own (``granian --interface asgi fadu.callout.live:application``): pages are served by threads, of
which a thousand open lines would need a thousand. The line is opened with a signed ticket that names the callout and the
counties its holder may see, so that this process needs no session.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import psycopg
from django.core import signing
from psycopg.rows import dict_row

from fadu.callout import queries
from fadu.callout.stream import Receive, Scope, Send, begin, connect, refuse, tell, until_gone

SALT = "fadu.callout.live"
AGE = 12 * 3600  # seconds a ticket is good
EVERY = 0.5  # seconds between readings
BEAT = 15  # seconds between signs of life
SUMS = (
    "posts", "answered", "by_b", "by_above", "at_door", "waiting", "unreached", "cancelled", "carried", "climbed",
)  # fmt: skip


def ticket(callout: int, prefixes: Sequence[str]) -> str:
    """The ticket for one callout and the counties whose codes begin so."""
    return signing.dumps([callout, list(prefixes)], salt=SALT, compress=True)


def snapshot(callout: int) -> dict[str, Any]:
    """The rows of one reading, by Django's connection."""
    return queries.counted(callout)


def figures(read: dict[str, Any], prefixes: Sequence[str]) -> dict[str, Any]:
    """A reading as one reader may see it: by county, by level, in all."""
    rows = [row for row in read["rows"] if row["county"].startswith(tuple(prefixes))]
    counties: dict[str, dict[str, int]] = {}
    levels: dict[str, dict[str, int]] = {}
    for row in rows:
        for table, key in ((counties, row["county"]), (levels, row["level"])):
            into = table.setdefault(key, dict.fromkeys(SUMS, 0))
            for name in SUMS:
                into[name] += row[name]
    total = {name: sum(row[name] for row in counties.values()) for name in SUMS}
    ordered = {level: levels[level] for level in ("county", "township", "village") if level in levels}
    return {"total": total, "counties": counties, "levels": ordered, "calls": read["calls"], "curve": read["curve"]}


_kept: dict[int, tuple[float, dict[str, Any]]] = {}
_lock = threading.Lock()


def cached(callout: int) -> dict[str, Any]:
    """A reading at most a second old: one a second a process, however many ask."""
    with _lock:
        kept = _kept.get(callout)
        if kept is None or time.monotonic() - kept[0] > 1:
            kept = _kept[callout] = (time.monotonic(), snapshot(callout))
            if len(_kept) > 50:
                _kept.pop(next(iter(_kept)))
        return kept[1]


class Reader:
    """Reads each callout that somebody looks at, and tells all lookers when it changed."""

    def __init__(self, connect: Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]) -> None:
        self.connect = connect
        self.lookers: dict[int, int] = {}
        self.readings: dict[int, tuple[int, dict[str, Any]]] = {}
        self.events: dict[int, dict[tuple[str, ...], tuple[int, bytes]]] = {}
        # one signal for all lookers, renewed each time it is given: a thousand waiters cost a thousand wakings and nothing more
        self.news = asyncio.Event()
        self.beats = 0
        self.beat_at = time.monotonic()
        self.count = 0
        self.task: asyncio.Task[None] | None = None  # kept: a task without a reference may vanish

    async def run(self) -> None:
        """Read until the process ends; a lost database is waited for."""
        while True:
            with suppress(psycopg.Error):
                async with await self.connect() as connection:
                    while True:
                        await self.read(connection)
                        self.beat()
            self.beat()
            await asyncio.sleep(1)

    def tell(self) -> None:
        """Wake whoever looks."""
        news, self.news = self.news, asyncio.Event()
        news.set()

    def beat(self) -> None:
        """Now and then a sign of life, by which a dead line is noticed."""
        if time.monotonic() - self.beat_at > BEAT:
            self.beats, self.beat_at = self.beats + 1, time.monotonic()
            self.tell()

    async def read(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """One round over what is looked at, and the rest until the next."""
        began = time.monotonic()
        for callout in list(self.lookers):
            found: dict[str, Any] = {}
            async with connection.cursor(row_factory=dict_row) as cursor:
                for name, statement in queries.COUNTERS.items():
                    await cursor.execute(statement, {"callout": callout})
                    found[name] = await cursor.fetchall()
            found["calls"] = found["calls"][0]
            self.count += 1
            number, before = self.readings.get(callout, (0, {}))
            if found != before:
                self.readings[callout] = (number + 1, found)
                self.tell()
        took = time.monotonic() - began
        await asyncio.sleep(max(EVERY - took, 0.05))

    def event(self, callout: int, prefixes: Sequence[str]) -> tuple[int, bytes]:
        """The number of the last reading and its event, written once for all who may see these counties; 0 before the first."""
        number, found = self.readings.get(callout, (0, {}))
        if not number:
            return 0, b""
        written, key = self.events.setdefault(callout, {}), tuple(prefixes)
        if key not in written or written[key][0] != number:
            said = json.dumps(figures(found, prefixes), separators=(",", ":"))
            written[key] = (number, f"data: {said}\n\n".encode())
        return written[key]

    async def look(self, callout: int) -> None:
        """Begin to look; the first looker starts the reading."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.run())
        self.lookers[callout] = self.lookers.get(callout, 0) + 1

    def leave(self, callout: int) -> None:
        """Look no longer."""
        self.lookers[callout] -= 1
        if not self.lookers[callout]:
            del self.lookers[callout]
            self.readings.pop(callout, None)
            self.events.pop(callout, None)


_reader: list[Reader] = []


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: ``/live/<ticket>`` is a line, everything else does not exist."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["type"] != "http":
        return
    path = scope["path"].removeprefix("/live/")
    try:
        callout, prefixes = signing.loads(path, salt=SALT, max_age=AGE)
    except signing.BadSignature:
        await refuse(send)
        return
    if not _reader:
        _reader.append(Reader(connect))
    await stream(_reader[0], int(callout), [str(prefix) for prefix in prefixes], receive, send)


async def stream(reader: Reader, callout: int, prefixes: list[str], receive: Receive, send: Send) -> None:
    """Send each change until the browser goes."""
    await begin(send)
    await reader.look(callout)
    gone = asyncio.create_task(until_gone(receive))
    seen, beats = 0, reader.beats
    try:
        while not gone.done():
            number, event = reader.event(callout, prefixes)
            if number > seen:
                seen = number
                await tell(send, event)
                continue
            if reader.beats > beats:
                beats = reader.beats
                await tell(send)
                continue
            await reader.news.wait()
    finally:
        reader.leave(callout)
        gone.cancel()
