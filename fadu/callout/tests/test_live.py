"""The live lines: what one who looks at a board is sent and when, and what a called person's own page is told."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from fadu.callout import asgi, live, personal
from fadu.callout.models import AppLine, CalledPost, DutyPerson, DutyPost
from fadu.callout.services import calling, lines
from fadu.callout.states import Post
from fadu.callout.stream import connect
from fadu.callout.tests.test_calling import NOON, World, quiet
from fadu.kernel import clock
from fadu.org.roles import Role

ROW = dict.fromkeys(live.SUMS, 0) | {"county": "140403", "level": "village", "posts": 3}


def reading(answered: int) -> dict[str, Any]:
    return {"rows": [ROW | {"answered": answered}], "calls": {"calls": 3}, "curve": []}


class Line:
    """A browser: keeps what it is sent, and goes when it is told."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.status = 0
        self.gone = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.sent.append(message.get("body", b""))

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


async def _never() -> Any:
    await asyncio.Event().wait()


async def _soon(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0)


def test_each_reading_is_sent_once_and_a_sign_of_life_when_nothing_happens():
    async def play() -> None:
        reader, line = live.Reader(_never), Line()
        reader.readings[1] = (1, reading(0))
        looking = asyncio.create_task(live.stream(reader, 1, ["1404"], line.receive, line.send))
        await _soon(lambda: len(line.sent) == 2)  # the head, then what was there
        assert b'"answered":0' in line.sent[1]
        reader.tell()  # of another callout: nothing for this line
        await asyncio.sleep(0.01)
        assert len(line.sent) == 2
        reader.readings[1] = (2, reading(2))
        reader.tell()
        await _soon(lambda: len(line.sent) == 3)
        assert b'"answered":2' in line.sent[2]
        reader.beat_at -= live.BEAT + 1
        reader.beat()
        await _soon(lambda: len(line.sent) == 4)
        assert line.sent[3] == b": \n\n"
        line.gone.set()
        await asyncio.sleep(0.01)
        reader.tell()
        await asyncio.wait_for(looking, 5)
        assert not reader.lookers
        assert not reader.readings
        assert reader.task is not None
        reader.task.cancel()

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep a loop running in this thread
        apart.submit(asyncio.run, play()).result()


def test_a_county_is_sent_its_own_figures_only():
    reader = live.Reader(_never)
    reader.readings[1] = (1, {**reading(1), "rows": [ROW, ROW | {"county": "140404"}]})
    assert b'"140404"' not in reader.event(1, ["140403"])[1]
    assert b'"140404"' in reader.event(1, ["1404"])[1]


# --- a person's own page --------------------------------------------------------------------------------------------


class Apart:
    """The process of the live lines, as a thread with its own loop and its own connection to the database."""

    def __init__(self, watch: personal.Watch) -> None:
        self.watch = watch
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.open: list[tuple[Line, Future[None]]] = []

    def get(self, path: str) -> Line:
        """A browser that opens a line at this path and keeps it open."""
        line, scope = Line(), {"type": "http", "path": path}
        coming = asgi.application(scope, line.receive, line.send)
        self.open.append((line, asyncio.run_coroutine_threadsafe(coming, self.loop)))
        until(lambda: line.status)
        return line

    def close(self) -> None:
        """Every browser goes; no line and no connection stays behind."""
        for line, _ in self.open:
            self.loop.call_soon_threadsafe(line.gone.set)
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _end(self) -> None:
        await asyncio.sleep(0.05)  # every line has heard that its browser is gone
        async with self.watch.changed:
            self.watch.changed.notify_all()
        waiting = [asyncio.wrap_future(answered) for _, answered in self.open]
        await asyncio.wait_for(asyncio.gather(*waiting), 5)
        assert not self.watch.lookers
        if self.watch.task is not None:
            self.watch.task.cancel()
            await asyncio.gather(self.watch.task, return_exceptions=True)


@pytest.fixture
def apart(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    monkeypatch.setattr(personal, "EVERY", 0.05)
    watch = personal.Watch(connect)
    monkeypatch.setattr(personal, "_watch", [watch])
    process = Apart(watch)
    yield process
    process.close()


def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def told(line: Line) -> list[dict[str, int]]:
    """What a line was told, without its signs of life."""
    return [json.loads(one.removeprefix(b"data: ")) for one in line.sent if one.startswith(b"data: ")]


def page_of(world: World, post: DutyPost, slot: str) -> tuple[DutyPerson, str]:
    """A holder of a post and the address of that person's page, as the keeper of the register opens it."""
    person = post.holdings.get(slot=slot).person
    with clock.at(NOON):
        line = lines.begin(person, post, by=world.town.officers["东区局"][Role.CLERK])
    return person, f"/callout/mine/{lines.token(AppLine.objects.get(pk=line.pk))}/"


def ticket_on(address: str) -> str:
    """The ticket that a page, opened without login, was given for its line."""
    page = Client().get(address)
    assert page.status_code == 200
    found = re.search(r'data-live="[^"]*(/live/mine/[^"]+)"', page.content.decode())
    assert found
    assert page.context["live"].endswith(found[1])
    return found[1]


@pytest.mark.django_db(transaction=True)
def test_a_called_person_is_told_of_the_call_of_the_answer_and_of_the_all_clear_and_nobody_else_is(apart):
    world = World(quiet())
    post = DutyPost.objects.filter(level="village").earliest("pk")
    person, address = page_of(world, post, "A")
    _, others = page_of(world, post, "B")
    mine, other = apart.get(ticket_on(address)), apart.get(ticket_on(others))
    until(lambda: told(mine) and told(other))
    nothing = {"waiting": 0, "newest": 0}
    assert (told(mine), told(other)) == ([nothing], [nothing])
    until(lambda: AppLine.objects.exclude(seen_at=None).count() == 2)  # the open pages are noted

    callout = world.open(colour="红")
    assert len(told(mine)) == 1  # a call that only waits to go out is none yet
    world.run()
    called = CalledPost.objects.get(callout=callout, post=post)
    until(lambda: len(told(mine)) == 2)
    assert told(mine)[-1] == {"waiting": 1, "newest": called.pk}

    with clock.at(world.clock.moment):
        assert Client().post(address, {"callout": callout.pk}).status_code == 302
    called.refresh_from_db()
    assert called.state == Post.ANSWERED
    until(lambda: len(told(mine)) == 3)
    assert told(mine)[-1] == {"waiting": 0, "newest": called.pk}

    with clock.at(world.clock.moment):
        calling.cancel(callout, by=world.head)
    until(lambda: len(told(mine)) == 4)
    assert told(mine)[-1] == nothing
    assert told(other) == [nothing]  # B was not called, since A answered
    assert not any(str(person.pk).encode() in one or person.phone.encode() in one for one in mine.sent)


def test_a_page_that_opens_while_others_are_noted_is_noted_in_the_next_round():
    noted: list[list[int]] = []

    class Connection:
        """Instead of the database: a second page opens while it notes the first."""

        async def execute(self, statement: str, given: dict[str, list[int]]) -> "Connection":
            if statement == personal.PRESENT:
                noted.append(given["people"])
                watch.look(2)
            return self

        async def fetchall(self) -> list[Any]:
            return []

    async def rounds() -> None:
        for _ in range(2):
            await watch.read(Connection())  # type: ignore[arg-type]

    watch = personal.Watch(_never)
    watch.lookers[1] = 1
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, rounds()).result()
    assert noted == [[1], [1, 2]]


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_is_too_old_was_made_elsewhere_or_is_of_another_line_opens_nothing(apart):
    world = World(quiet())
    person, address = page_of(world, DutyPost.objects.filter(level="village").earliest("pk"), "A")
    good = ticket_on(address).removeprefix("/live/mine/")
    with time_machine.travel(datetime.now(UTC) - timedelta(seconds=personal.AGE + 60)):  # noqa: TID251 - the real clock
        old = personal.ticket(person.pk)
    body, _, sign = good.rpartition(":")
    forged = {
        "too old": old,
        "of another key": signing.dumps(person.pk, salt=personal.SALT, key="another"),
        "of a board": live.ticket(person.pk, ["1404"]),
        "of another person": f"{signing.dumps(person.pk + 1, salt=personal.SALT).split(':')[0]}:{body.split(':')[1]}:{sign}",
        "unsigned": str(person.pk),
        "nothing": "",
    }
    for why, ticket in forged.items():
        line = apart.get(f"/live/mine/{ticket}")
        assert (line.status, told(line)) == (404, []), why
    assert not apart.watch.lookers
    assert apart.watch.task is None  # nothing is read for them either
    assert apart.get(f"/live/mine/{good}").status == 200
