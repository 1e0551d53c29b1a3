"""What Prometheus may know: requests, database pool, jobs, deadlines, the record; numbers only, nothing of any person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
from django.db import connection, connections
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from fadu.kernel import clock

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where the web processes add up; set by ``manage.py serve``
HEARTBEAT = 30  # seconds; a worker beats every ten
LABELS = ["view", "method", "status"]
REGISTRY = CollectorRegistry()
REQUESTS = Counter("fadu_requests", "Requests answered, by view, method and status", LABELS, registry=REGISTRY)
SECONDS = Histogram(
    "fadu_request_seconds",
    "Time to answer a request, by view",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
POOL = Gauge(
    "fadu_database_pool",
    "Connections in the pools of this host's web processes (size, available) and requests waiting for one (waiting)",
    ["state"],
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


def observe(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Count one answered request; the view's name stands for the address, which might name a matter."""
    match = getattr(request, "resolver_match", None)
    view = match.view_name or "unnamed" if match else "unmatched"
    # methods are bounded, or a visitor could invent series without end
    REQUESTS.labels(view, request.method if request.method in METHODS else "other", response.status_code).inc()
    SECONDS.labels(view).observe(seconds)
    if (pool := connections["default"].pool) is not None:  # type: ignore[attr-defined]
        told = pool.get_stats()
        for state, key in (("size", "pool_size"), ("available", "pool_available"), ("waiting", "requests_waiting")):
            POOL.labels(state).set(told.get(key, 0))


def worker_state() -> str:
    """``ok`` when a worker beat lately, ``stale`` when the last one has stopped beating, ``none`` when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_heartbeat) > now() - make_interval(secs => %s) FROM procrastinate_workers", [HEARTBEAT]
        )
        (fresh,) = cursor.fetchone()
    return "none" if fresh is None else "ok" if fresh else "stale"


NUMBERS = """
SELECT
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'),
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'),
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
    (SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
        WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %(heartbeat)s))),
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(heartbeat)s)),
    (SELECT count(*) FROM procedure_deadline WHERE bound = 'DUTY' AND last_day < %(today)s AND ended_on IS NULL
        AND cancelled_on IS NULL AND paused_since IS NULL),
    (SELECT coalesce(sum(seq), 0)::bigint FROM record_head),
    (SELECT count(*) FROM record_head),
    (SELECT %(today)s::date - 1 - max(day) FROM record_seal)
"""


class Numbers:
    """What is asked of the database at each scrape; every host answers the same."""

    def collect(self) -> Iterator[Metric]:
        """The numbers, in one query."""
        with connection.cursor() as cursor:
            cursor.execute(NUMBERS, {"today": clock.today(), "heartbeat": HEARTBEAT})
            todo, doing, failed, stalled, workers, overdue, entries, chains, behind = cursor.fetchone()
        jobs = GaugeMetricFamily("fadu_jobs", "Jobs by state; stalled ones are also doing", labels=["state"])
        for state, count in (("todo", todo), ("doing", doing), ("failed", failed), ("stalled", stalled)):
            jobs.add_metric([state], count)
        yield jobs
        yield GaugeMetricFamily("fadu_workers", "Workers that beat within 30 seconds", value=workers)
        yield GaugeMetricFamily("fadu_deadlines_missed", "Duties of the bureau past their last day", value=overdue)
        yield GaugeMetricFamily("fadu_record_entries", "Entries of the record", value=entries)
        yield GaugeMetricFamily("fadu_record_chains", "Chains of the record", value=chains)
        if behind is not None:
            yield GaugeMetricFamily("fadu_seal_days_behind", "Days that are over and not yet sealed", value=behind)


def exposition() -> bytes:
    """All numbers in the text format of Prometheus."""
    numbers = CollectorRegistry()
    numbers.register(Numbers())
    folder = os.environ.get(FOLDER)
    if not folder:
        return generate_latest(REGISTRY) + generate_latest(numbers)
    forget_the_dead(Path(folder))
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(together) + generate_latest(numbers)


def forget_the_dead(folder: Path) -> None:
    """Take away the live gauges of web processes that have ended; what they counted stays."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            path.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Make the folder empty before the web processes start: what an earlier run counted is over."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder.glob("*.db"):
        with suppress(FileNotFoundError):
            path.unlink()
