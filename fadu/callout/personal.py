"""The live line of a person's page of calls: told when something changes for that person, and telling that the page is open.

It runs in the process of the board's live line. Two statements a second and one every twenty seconds serve all pages.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.core import signing

from fadu.callout.stream import Receive, Scope, Send, begin, connect, refuse, tell, until_gone

SALT = "fadu.callout.mine"
AGE = 12 * 3600  # seconds a ticket is good; the page asks for a new one when it is loaded anew
EVERY = 1.0  # seconds between readings
BEAT = 20.0  # seconds between two notes that pages are open
WAIT = 15  # seconds until a sign of life
Standing = tuple[int, int]  # how many posts wait for this person, and the newest of all they were called for

STANDING = """
SELECT x.person, count(*) FILTER (WHERE p.state IN (0, 2)), max(p.id)
FROM callout_calledpost p JOIN callout_callout o ON o.id = p.callout_id AND o.state = 'open'
CROSS JOIN LATERAL unnest(p.persons) AS x(person)
WHERE x.person = ANY(%(people)s) AND EXISTS (
  SELECT FROM callout_call c WHERE c.called_id = p.id AND c.person_id = x.person AND c.attempts > 0 AND NOT c.clear
) GROUP BY 1
"""
PRESENT = "UPDATE callout_appline SET seen_at = clock_timestamp() WHERE person_id = ANY(%(people)s)"


def ticket(person: int) -> str:
    """The ticket for one person's line."""
    return signing.dumps(person, salt=SALT)


class Watch:
    """Reads for all people whose page is open."""

    def __init__(self, connect: Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]) -> None:
        self.connect = connect
        self.lookers: dict[int, int] = {}
        self.standing: dict[int, Standing] = {}
        self.changed = asyncio.Condition()
        self.task: asyncio.Task[None] | None = None
        self._noted = 0.0  # when it was last noted which pages are open; 0: do it in the next round

    async def run(self) -> None:
        """Read until the process ends; a lost database is waited for."""
        while True:
            with suppress(psycopg.Error):
                async with await self.connect() as connection:
                    while True:
                        began = time.monotonic()
                        await self.read(connection)
                        took = time.monotonic() - began
                        await asyncio.sleep(max(EVERY, 4 * took))
            self.note()
            await asyncio.sleep(1)

    def note(self) -> None:
        """Have it noted in the next round which pages are open."""
        self._noted = 0.0

    async def read(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """One round: note that the pages are open, then see what stands on them."""
        people = list(self.lookers)
        if not people:
            return
        if time.monotonic() - self._noted > BEAT:
            # before the statement: whose page opens meanwhile is noted in the next round
            self._noted = time.monotonic()
            await connection.execute(PRESENT, {"people": people})
        cursor = await connection.execute(STANDING, {"people": people})
        found = {person: (waiting, newest) for person, waiting, newest in await cursor.fetchall()}
        if found != self.standing:
            self.standing = found
            async with self.changed:
                self.changed.notify_all()

    def look(self, person: int) -> None:
        """A page is opened; it is noted in the next round."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.run())
        self.lookers[person] = self.lookers.get(person, 0) + 1
        self.note()

    def leave(self, person: int) -> None:
        """A page is closed."""
        self.lookers[person] -= 1
        if not self.lookers[person]:
            del self.lookers[person]


_watch: list[Watch] = []


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """``/live/mine/<ticket>`` is a line; everything else does not exist."""
    try:
        person = int(signing.loads(scope["path"].removeprefix("/live/mine/"), salt=SALT, max_age=AGE))
    except signing.BadSignature:
        await refuse(send)
        return
    if not _watch:
        _watch.append(Watch(connect))
    await stream(_watch[0], person, receive, send)


async def stream(watch: Watch, person: int, receive: Receive, send: Send) -> None:
    """Tell each change until the browser goes."""
    await begin(send)
    watch.look(person)
    gone = asyncio.create_task(until_gone(receive))
    told: Standing | None = None
    try:
        while not gone.done():
            standing = watch.standing.get(person, (0, 0))
            if standing != told:
                told = standing
                said = json.dumps({"waiting": standing[0], "newest": standing[1]})
                await tell(send, f"data: {said}\n\n".encode())
                continue
            try:
                async with watch.changed:
                    await asyncio.wait_for(watch.changed.wait(), WAIT)
            except TimeoutError:  # a sign of life, by which a dead line is noticed
                await tell(send)
    finally:
        watch.leave(person)
        gone.cancel()
