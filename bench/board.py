"""How old what the viewers of a board see is: many lines on the real live process while answers come in.

``python -m bench.board [VIEWERS] [--seconds N] [--posts N]`` (default 300 viewers, 20 seconds, 5147 posts); needs the embedded database; works in a
database of its own that is dropped afterwards. The live process is the one that ``serve`` starts; posts are answered a
few hundred a second by plain statements, each commit noted with its moment. The age of an answer for a viewer is the time
from its commit until the first message to that viewer that counts it. Writes ``bench/results/board.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import json
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from bench.callout import WAIT, fan_out, prepare

DATABASE = "fadu_bench_board"
RESULTS = Path(__file__).with_name("results") / "board.json"
EACH = 0.1  # seconds between commits of answers
ANSWERED = re.compile(rb'data: \{"total":\{"posts":\d+,"answered":(\d+)')
READY = 60.0


def main(given: argparse.Namespace) -> None:
    """Make the database and a callout, start the live process, look at it, drop it all."""
    os.environ |= {"FADU_DATABASE": DATABASE, "DATABASE_URL": ""}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    from fadu.config import database

    database.prepare()
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
        import django

        django.setup()
        callout = prepare()
        fan_out(callout, given.posts, WAIT)
        _run(callout, given)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)
        (database.cluster().var / "pg" / f"made-{DATABASE}").unlink(missing_ok=True)


def _run(callout: int, given: argparse.Namespace) -> None:
    """Start, measure, tell and keep."""
    from fadu.callout import live
    from fadu.config import servers
    from fadu.config.environment import environment

    env = environment()
    process = subprocess.Popen(servers.live(env, given.port))
    try:
        path = f"/live/{live.ticket(callout, [''])}"
        answers = Answers(callout, given.posts, given.seconds)
        seen = asyncio.run(_look(env.address, given.port, path, given.viewers, answers))
        used = sum(
            sum(one.cpu_times()[:2])
            for one in (psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True))
        )
    finally:
        process.terminate()
        process.wait(10)
    ages = sorted(age for viewer in seen for age in answers.ages(viewer))
    found: dict[str, Any] = {
        "viewers": given.viewers, "lines_open": len([viewer for viewer in seen if viewer]), "answers": len(answers.moments),
        "messages": sum(map(len, seen)), "cpu_seconds": round(used, 1), "seconds": given.seconds,
        **{f"age_p{share}_s": round(ages[min(len(ages) - 1, int(len(ages) * share / 100))], 2) for share in (50, 95, 99)},
        "load_average": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | {str(given.viewers): found}, ensure_ascii=False, indent=1) + "\n")


class Answers:
    """Answers the posts of a callout, a part each tenth of a second, and notes when each commit was done."""

    def __init__(self, callout: int, posts: int, seconds: float) -> None:
        self.callout, self.posts, self.seconds = callout, posts, seconds
        self.moments: list[float] = []  # when the n-th answer was committed
        self.thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        from django.db import connection

        part = max(1, int(self.posts / (self.seconds / EACH)))
        with connection.cursor() as cursor:
            for start in range(0, self.posts - part + 1, part):
                began = time.monotonic()
                cursor.execute(
                    "UPDATE callout_calledpost SET state = 1, answered_at = clock_timestamp(), answered_who = 1 WHERE id IN "
                    "(SELECT id FROM callout_calledpost WHERE callout_id = %s ORDER BY id OFFSET %s LIMIT %s)",
                    [self.callout, start, part],
                )
                self.moments += [time.monotonic()] * cursor.rowcount
                time.sleep(max(0.0, EACH - (time.monotonic() - began)))
        connection.close()

    def ages(self, viewer: list[tuple[float, int]]) -> list[float]:
        """For one viewer, who got (moment, answered so far) in order: how long each answer was on its way."""
        counts = [count for _, count in viewer]
        found = []
        for number, moment in enumerate(self.moments, 1):
            first = bisect.bisect_left(counts, number)
            if first < len(viewer):
                found.append(max(0.0, viewer[first][0] - moment))
        return found


async def _look(host: str, port: int, path: str, viewers: int, answers: Answers) -> list[list[tuple[float, int]]]:
    """Open the lines, let the answers come, and close the lines when the last was seen; what each viewer got and when."""
    began = time.monotonic()
    while True:
        with suppress(OSError):
            (await asyncio.open_connection(host, port))[1].close()
            break
        if time.monotonic() - began > READY:
            raise TimeoutError("the live process does not listen")
        await asyncio.sleep(0.2)
    seen: list[list[tuple[float, int]]] = [[] for _ in range(viewers)]
    tasks = []
    for viewer in seen:
        tasks.append(asyncio.create_task(_view(host, port, path, viewer)))
        await asyncio.sleep(0.002)  # a listen queue is finite
    while not all(seen) and time.monotonic() - began < READY:
        await asyncio.sleep(0.1)
    answers.thread.start()
    while answers.thread.is_alive():
        await asyncio.sleep(0.2)
    last = len(answers.moments)
    until = time.monotonic() + 10
    while any(viewer and viewer[-1][1] < last for viewer in seen) and time.monotonic() < until:
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return seen


async def _view(host: str, port: int, path: str, seen: list[tuple[float, int]]) -> None:
    """One viewer: note the moment and the count of each message."""
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n\r\n".encode())
    await writer.drain()
    while line := await reader.readline():
        if found := ANSWERED.match(line):
            seen.append((time.monotonic(), int(found[1])))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="看板的新旧：一千人看时，看到的有多旧")
    parser.add_argument("viewers", nargs="?", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--posts", type=int, default=5147)
    parser.add_argument("--port", type=int, default=8198)
    main(parser.parse_args())
