"""The live line without a database: what one who looks is sent, and when."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fadu.callout import live

ROW = dict.fromkeys(live.SUMS, 0) | {"county": "140403", "level": "village", "posts": 3}


def reading(answered: int) -> dict[str, Any]:
    return {"rows": [ROW | {"answered": answered}], "calls": {"calls": 3}, "curve": []}


class Line:
    """A browser: keeps what it is sent, and goes when it is told."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.gone = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
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
