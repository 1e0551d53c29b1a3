"""How fast the callout is, beside the floor of this machine and a straightforward procrastinate program for the same work.

``python -m bench.callout [POSTS …] [--batch N] [--silent SHARE] [--wait SECONDS] [--no-procrastinate]`` (default 5147 posts; several sizes in one run); needs the
embedded database; works in a database of its own that is dropped afterwards. Writes ``bench/results/callout.json``. Above 50,000 posts the
procrastinate program is not run but derived from the largest size that was: its time grows with the number of its jobs.

The work: every post is called once; a fifth stays silent, so its B is called after ``--wait`` seconds (2), and a fifth of those again, so the
post above is. Measured: from the commit of the callout to the last first call at the provider; from each deadline to the next
holder's call (p50, p99); processor time a call of engine and program; that nobody is missed and nobody called twice.

The floor: the same rows claimed by a thousand with SKIP LOCKED, handed to nobody, and marked, on one connection, all durable.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

DATABASE = "fadu_bench_callout"
RESULTS = Path(__file__).with_name("results") / "callout.json"
DERIVED_ABOVE = 50_000
LIMIT = 900.0  # seconds after which a size is given up
COLUMNS = ("first_calls_s", "lag_p50_s", "lag_p99_s", "cpu_ms_per_call", "calls", "missed", "twice")
WAIT = 2  # seconds each holder has
SILENT = 0.2
HELD = "ARRAY[n, n + 10000000, n + 20000000]"


def main(given: argparse.Namespace) -> None:
    """Make the database, run each part, drop it."""
    os.environ["FADU_DATABASE"] = DATABASE
    os.environ["DATABASE_URL"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    from fadu.config import database

    database.prepare()
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
        import django

        django.setup()
        for posts in given.posts:
            _measure(posts, given)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)
        (database.cluster().var / "pg" / f"made-{DATABASE}").unlink(missing_ok=True)


def _measure(posts: int, given: argparse.Namespace) -> None:
    """One size: the floor, ours, theirs (or what theirs would take), told and kept."""
    told: dict[str, Any] = {}
    _say(f"{posts:,} posts", "first calls", "lag p50", "lag p99", "ms/call", "calls", "missed", "twice")
    told["floor"] = floor(posts)
    told["fadu"] = ours(posts, given)
    kept: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if posts > DERIVED_ABOVE:
        told["procrastinate"] = _derived(posts, kept)
    elif not given.no_procrastinate:
        told["procrastinate"] = theirs(posts, given)
    elif earlier := kept.get(str(posts), {}).get("procrastinate"):
        told["procrastinate"] = earlier
    kept[str(posts)] = told | {"batch": given.batch, "wait_s": given.wait, "load_average": round(os.getloadavg()[0], 1)}
    RESULTS.write_text(json.dumps(dict(sorted(kept.items(), key=lambda one: int(one[0]))), indent=1) + "\n")


def _derived(posts: int, kept: dict[str, Any]) -> dict[str, Any] | None:
    """What the procrastinate program would take to the last first call, by the largest size at which it ran."""
    sizes = [int(size) for size, told in kept.items() if (told.get("procrastinate") or {}).get("calls")]
    if not sizes:
        return None
    took = kept[str(max(sizes))]["procrastinate"]["first_calls_s"]
    return {"derived_from": max(sizes), "first_calls_s": round(took * posts / max(sizes), 1)}


def _say(name: str, *values: Any) -> None:
    """One line of the table."""
    sys.stdout.write(f"{name:26}" + "".join(f"{value:>13}" for value in values) + "\n")
    sys.stdout.flush()


def _told(name: str, *values: float) -> dict[str, Any]:
    """One line of the table, and the same as it is kept."""
    first, p50, p99, cpu, *counts = values
    lags = ["-" if value != value else f"{value:.2f} s" for value in (p50, p99)]
    _say(name, f"{first:.2f} s", *lags, f"{cpu:.2f}", *counts)
    return {key: None if value != value else round(value, 3) for key, value in zip(COLUMNS, values, strict=True)}


def _cpu() -> float:
    """Processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _percentile(values: Sequence[float], share: float) -> float:
    """By rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def prepare() -> int:
    """A callout ready to be fanned out; its key."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO org_division (code, name, full_name, local_name, level) VALUES ('14', '示例', '示例', '示例', 'province')"
            " ON CONFLICT DO NOTHING"
        )
    from fadu.callout.models import Callout
    from fadu.kernel import clock
    from fadu.org.models import Division, Organ
    from fadu.warning.models import Warning

    organ = Organ.objects.first() or Organ.objects.create(
        name="示例", short="示例", prefix="示", level="city", division=Division.objects.get(pk="14"), address="示例路1号",
        postcode="046000", phone="0355-2000000", reconsideration_body="示例", court="示例",
    )  # fmt: skip
    number = Warning.objects.count()
    warning = Warning.objects.create(
        identifier=f"B{number}", sender="b", sent=clock.now(), form="x", status="Exercise", msg_type="Alert", kind="drill", signature="none",
        standing="current", raw=b"x", sha256=f"{number:064}",
    )  # fmt: skip
    return Callout.objects.create(
        warning=warning, organ=organ, kind="drill", state="open", title="x", message="示例市气象台发布暴雨红色预警信号", policy={"rules": []}
    ).pk  # fmt: skip


def fan_out(callout: int, posts: int, wait: int) -> None:
    """The posts, their ladder A, B, above with ``wait`` seconds each, and the first calls, as ``start`` makes them."""
    from django.db import connection, transaction
    from psycopg.types.json import Jsonb

    from fadu.callout.engine import statements
    from fadu.kernel import clock

    with transaction.atomic(), connection.cursor() as cursor:
        for no in (1, 2, 3):
            cursor.execute(
                "INSERT INTO callout_calloutrung (callout_id, rule, no, who, channel, seconds, provider) VALUES (%s, 1, %s, %s, 1, %s, 'simulated')",
                [callout, no, no, wait],
            )
        cursor.execute(
            "INSERT INTO callout_calledpost (callout_id, post_id, county, level, title, colour, rule, persons, names, phones, rung, state, "
            f"answered_how, carried) SELECT %s, n, '1404' || lpad((n %% 12)::text, 2, '0'), 'village', '岗位' || n, '红', 1, {HELD}, "
            "ARRAY['甲', '乙', '丙'], ARRAY['19900000001', '19900000002', '19900000003'], 0, 0, '', false FROM generate_series(1, %s) n",
            [callout, posts],
        )
        connection.connection.execute(statements.FIRST, {"callout": callout, "rules": Jsonb([]), "now": clock.now()})
        cursor.execute("NOTIFY callout")


class Loopback:
    """A provider in this process that takes everything and answers for four in five, by the post's number."""

    name, real, rate, lines = "simulated", False, 1e9, 0

    def __init__(self, batch: int, silent: float) -> None:
        from fadu.callout.providers.interface import Accepted, Said

        self.batch, self.silent = batch, silent
        self.accepted, self.said = Accepted, Said
        self.first: list[float] = []
        self.sent: dict[int, int] = {}
        self.answers: list[Any] = []
        self.lock = threading.Lock()

    def send_batch(self, messages: Sequence[Any], now: Any) -> list[Any]:
        """Take all."""
        at = time.perf_counter()
        with self.lock:
            for message in messages:
                self.sent[message.id] = self.sent.get(message.id, 0) + 1
                # silent by a hash of the call: a fifth of the As, a fifth of the Bs
                if (message.id * 2654435761) % 1000 >= self.silent * 1000:
                    self.answers.append(self.said(message.id, "answered", now, ""))
            self.first += [at] * len(messages)
        return [self.accepted("") for _ in messages]

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """What it has."""
        return {call: "" if call in self.sent else None for call in calls}

    def receipts(self, now: Any) -> list[Any]:
        """The answers so far."""
        with self.lock:
            found, self.answers = self.answers, []
        return found


def ours(posts: int, given: argparse.Namespace) -> dict[str, Any]:
    """The engine itself, on a connection of its own, with a provider on the spot or behind HTTP."""
    from concurrent.futures import ThreadPoolExecutor
    from datetime import timedelta

    import psutil
    import psycopg
    from django.db import connection

    from fadu.callout.engine import statements
    from fadu.callout.engine.beside import Beside, tune
    from fadu.callout.engine.loop import Engine
    from fadu.callout.providers.interface import Hand

    callout = prepare()
    provider = Loopback(given.batch, given.silent)
    params = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool"):
        params.pop(name, None)
    woken = threading.Event()
    opened = [psycopg.connect(**params | {"prepare_threshold": None, "autocommit": True}) for _ in range(3)]
    for own in opened:
        own.execute(statements.STEADY)
    tune()
    with ThreadPoolExecutor(8) as executor, ThreadPoolExecutor(2) as beside:
        engine = Engine(
            opened[0], {"simulated": provider, "hand": Hand()}, executor, address="http://127.0.0.1:8000", woken=woken.set,
            grace=timedelta(milliseconds=50), name="bench", writer=Beside(opened[1], beside), reader=Beside(opened[2], beside),
        )  # fmt: skip
        for _ in range(20):  # as a running engine stands before a callout
            engine.tick()
        fan_out(callout, posts, given.wait)
        backends = [psutil.Process(own.info.backend_pid) for own in opened]
        began, cpu = time.perf_counter(), _cpu() + sum(sum(backend.cpu_times()[:2]) for backend in backends)
        last_first = 0.0
        while True:
            if time.perf_counter() - began > LIMIT:
                raise TimeoutError(f"{posts:,} posts were not done in {LIMIT:.0f} seconds")
            woken.clear()
            done = engine.tick()
            if not last_first and len(provider.first) >= posts:
                last_first = provider.first[posts - 1] - began
            if not done:
                if not engine.busy():
                    break
                rows = connection.cursor()
                rows.execute(
                    "SELECT EXISTS (SELECT FROM callout_calledpost WHERE callout_id = %s AND state = 0)", [callout]
                )
                if not rows.fetchone()[0]:
                    break
                woken.wait(0.05)
        engine.settle()
        used = _cpu() + sum(sum(backend.cpu_times()[:2]) for backend in backends) - cpu
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM n.sent_at - c.due_at) FROM callout_call c JOIN callout_call n ON n.called_id = c.called_id "
            "AND n.rung = c.rung + 1 WHERE c.callout_id = %s AND n.sent_at IS NOT NULL",
            [callout],
        )
        lags = [float(row[0]) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*), (SELECT count(*) FROM callout_calledpost WHERE callout_id = %s) - count(DISTINCT called_id) FILTER (WHERE rung = 1) "
            "FROM callout_call WHERE callout_id = %s AND attempts > 0",
            [callout, callout],
        )
        calls, missed = cursor.fetchone()
    twice = sum(count - 1 for count in provider.sent.values())
    for own in opened:
        own.close()
    return _told(
        f"fadu, batches of {given.batch}", last_first, _percentile(lags, 0.5), _percentile(lags, 0.99), 1000 * used / calls, calls,
        missed, twice,
    )  # fmt: skip


def floor(posts: int) -> dict[str, Any]:
    """Claim and mark the same number of rows by thousands, durable, one connection: what the machine allows."""
    import psycopg
    from django.db import connection

    params = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool"):
        params.pop(name, None)
    from fadu.config import database

    with psycopg.connect(database.url_for("owner"), autocommit=True) as own:
        own.execute("DROP TABLE IF EXISTS bench_floor")
        own.execute(
            "CREATE TABLE bench_floor (id bigint PRIMARY KEY, state smallint, phone text) WITH (fillfactor = 70)"
        )
        own.execute("INSERT INTO bench_floor SELECT n, 0, '19900000001' FROM generate_series(1, %s) n", [posts])
        own.execute("CREATE INDEX ON bench_floor (id) WHERE state = 0")
        began, cpu = time.perf_counter(), _cpu()
        while True:
            ids = [
                row[0]
                for row in own.execute(
                    "UPDATE bench_floor f SET state = 1 FROM (SELECT id FROM bench_floor WHERE state = 0 ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED) t "
                    "WHERE f.id = t.id RETURNING f.id, f.phone"
                ).fetchall()
            ]
            if not ids:
                break
            own.execute(
                "UPDATE bench_floor f SET state = 2 FROM unnest(%s::bigint[]) AS t(id) WHERE f.id = t.id", [ids]
            )
        took = time.perf_counter() - began
        nan = float("nan")
        return _told("floor of the machine", took, nan, nan, 1000 * (_cpu() - cpu) / posts, posts, 0, 0)


def theirs(posts: int, given: argparse.Namespace) -> dict[str, Any]:
    """The same work as anybody would write it with procrastinate: a job a call, a delayed job a deadline, forty at once."""
    import procrastinate
    import psycopg
    from django.db import connection
    from procrastinate import PsycopgConnector

    from fadu.config import database

    with psycopg.connect(database.url_for("owner"), autocommit=True) as own:
        own.execute("DROP TABLE IF EXISTS bench_post")
        own.execute(
            "CREATE TABLE bench_post (id bigint PRIMARY KEY, answered boolean NOT NULL DEFAULT false, rung int NOT NULL DEFAULT 0)"
        )
        own.execute("INSERT INTO bench_post SELECT n FROM generate_series(1, %s) n", [posts])
        own.execute("GRANT ALL ON bench_post TO fadu_app")
    params = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        params.pop(name, None)
    app = procrastinate.App(connector=PsycopgConnector(kwargs=params, max_size=12))
    first: list[float] = []
    lags: list[float] = []
    sent: dict[tuple[int, int], int] = {}

    @app.task(name="bench.call", queue="bench")
    async def call(post: int, rung: int, due: float) -> None:
        at = time.perf_counter()
        if rung == 1:
            first.append(at)
        else:
            lags.append(at - due)
        sent[post, rung] = sent.get((post, rung), 0) + 1
        await app.connector.execute_query_async(
            "UPDATE bench_post SET rung = %(rung)s WHERE id = %(post)s", rung=rung, post=post
        )
        if ((post * 3 + rung) * 2654435761) % 1000 >= given.silent * 1000:
            await app.connector.execute_query_async(
                "UPDATE bench_post SET answered = true WHERE id = %(post)s", post=post
            )
        if rung < 3:
            await check.configure(schedule_in={"seconds": given.wait}).defer_async(
                post=post, rung=rung, due=at + given.wait
            )

    @app.task(name="bench.check", queue="bench")
    async def check(post: int, rung: int, due: float) -> None:
        row = await app.connector.execute_query_one_async(
            "SELECT answered FROM bench_post WHERE id = %(post)s", post=post
        )
        if not row["answered"]:
            await call.defer_async(post=post, rung=rung + 1, due=due)

    async def run() -> tuple[float, float]:
        async with app.open_async():
            rows: list[Any] = [{"post": post, "rung": 1, "due": 0.0} for post in range(1, posts + 1)]
            for start in range(0, posts, 1000):
                await call.batch_defer_async(*rows[start : start + 1000])
            began, cpu = time.perf_counter(), _cpu()
            work = asyncio.create_task(
                app.run_worker_async(
                    queues=["bench"],
                    concurrency=40,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=0.2,
                    listen_notify=False,
                )
            )
            while True:
                await asyncio.sleep(0.5)
                row = await app.connector.execute_query_one_async(
                    "SELECT count(*) AS n FROM procrastinate_jobs WHERE queue_name = 'bench' AND status IN ('todo', 'doing')"
                )
                if not row["n"]:
                    break
            used = _cpu() - cpu
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            return (first[posts - 1] if len(first) >= posts else float("nan")) - began, used

    took, used = asyncio.run(run())
    missed = posts - len({post for post, rung in sent if rung == 1})
    return _told(
        "procrastinate, 40 at once", took, _percentile(lags, 0.5), _percentile(lags, 0.99), 1000 * used / max(len(sent), 1), len(sent),
        missed, sum(n - 1 for n in sent.values()),
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="叫应引擎的测速")
    parser.add_argument("posts", nargs="*", type=int, default=[5147])
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--silent", type=float, default=SILENT)
    parser.add_argument("--wait", type=int, default=WAIT)
    parser.add_argument("--no-procrastinate", action="store_true")
    main(parser.parse_args())
