"""What there is to read of benchmarks: the set in force for an organ on a day, its tables, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from fadu.discretion.benchmarks.faults import Fault, faults_of_set, in_force_within
from fadu.discretion.benchmarks.judging import Compiled
from fadu.discretion.models import Benchmark, BenchmarkSet
from fadu.kernel.memory import remember
from fadu.law import queries as law
from fadu.law.content.reading import read
from fadu.law.provisions import Provision
from fadu.org import queries as org
from fadu.org.models import Officer, Organ

DATA = Path(__file__).parent / "data"
PUBLISHED = BenchmarkSet.Status.PUBLISHED
_compiled: dict[tuple[int, str], Compiled] = {}


def published(on: date | None = None) -> QuerySet[BenchmarkSet]:
    """The published sets, those that apply on a day where one is given."""
    rows = BenchmarkSet.objects.filter(status=PUBLISHED)
    if on is None:
        return rows
    return rows.filter(Q(until=None) | Q(until__gt=on), Q(ended_on=None) | Q(ended_on__gt=on), since__lte=on)


def _lineage(organ: Organ) -> list[int]:
    """The organ and those above it, the nearest first."""
    found = [organ.pk]
    parent = organ.parent
    while parent is not None and parent.pk not in found and len(found) < 6:
        found.append(parent.pk)
        parent = parent.parent
    return found


def set_for(organ: Organ, on: date) -> BenchmarkSet | None:
    """The set that applies to acts of that day at an organ: its own, else that of the nearest organ above, the latest."""

    def look_up() -> BenchmarkSet | None:
        rows = list(published(on))
        if not rows:
            return None
        near = {pk: place for place, pk in enumerate(_lineage(organ))}
        rows = [row for row in rows if row.organ_id is None or row.organ_id in near]
        return min(
            rows, key=lambda r: (near.get(r.organ_id or 0, len(near)), -r.since.toordinal(), -r.pk), default=None
        )

    return remember(("benchmark_set", organ.pk, on), look_up)


def tables_for(provision: str, on: date, organ: Organ) -> list[Benchmark]:
    """The tables that refine a penalty provision for acts of that day at an organ; none where no benchmark is held."""

    def look_up() -> list[Benchmark]:
        held = set_for(organ, on)
        if held is None or not provision:
            return []
        rows = held.benchmarks.filter(
            Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gt=on), provisions__contains=[provision]
        )
        for row in (found := list(rows)):
            row.set = held
        return found

    return remember(("benchmark_tables", provision, on, organ.pk), look_up)


def current(on: date) -> BenchmarkSet | None:
    """The set the public is shown: the latest that applies, of the highest organ that has one."""
    rows = published(on).select_related("organ")
    order = {"province": 1, "city": 2, "county": 3}
    return min(
        rows, key=lambda r: (order.get(r.organ.level, 4) if r.organ else 0, -r.since.toordinal(), -r.pk), default=None
    )


def tables_of(row: BenchmarkSet | None, on: date) -> list[Benchmark]:
    """The tables of a set that apply on a day."""
    if row is None:
        return []
    rows = row.benchmarks.filter(Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gt=on))
    for one in (found := list(rows)):
        one.set = row
    return found


def in_force(on: date) -> QuerySet[Benchmark]:
    """Every published table that applies on a day in the latest version of its set's organ."""
    latest: dict[int | None, BenchmarkSet] = {}
    for row in published(on).order_by("since", "pk"):
        latest[row.organ_id] = row
    return Benchmark.objects.filter(
        Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gt=on), set__in=list(latest.values())
    ).select_related("set")


def count_in_force(on: date) -> int:
    """How many published benchmarks apply on a day."""
    return in_force(on).count()


def compiled(row: Benchmark) -> Compiled:
    """A table ready to judge. A published one never changes, so it is compiled once a process."""
    key = (row.pk, row.set.digest)
    if row.set.status != PUBLISHED or not row.set.digest:
        return _compile(row)
    if key not in _compiled:
        _compiled[key] = _compile(row)
    return _compiled[key]


def _compile(row: Benchmark) -> Compiled:
    table = row.value
    wanted = {*table.provisions, *(tier.provision for tier in table.tiers if tier.provision)}
    start, end = period_of(row)
    rows = law.provision_rows().filter(key__in=wanted)
    held = {one.key: one.value for one in rows if in_force_within(one.value, start, end)}
    return Compiled(table, held, row.set.band_values)


def period_of(row: Benchmark) -> tuple[date, date | None]:
    """The days on which a table applies: its own within those of its set."""
    since = max(filter(None, (row.set.since, row.since)))
    ends = [day for day in (row.set.until, row.until) if day]
    return since, min(ends) if ends else None


def faults_in(rows: Iterable[Benchmark]) -> list[Fault]:
    """What keeps tables from publication, with their places; remarks among them are marked as not blocking."""
    tables = list(rows)
    wanted = {one for row in tables for one in (*row.value.provisions, *(t.provision for t in row.value.tiers))}
    provisions: dict[str, list[Provision]] = {}
    for one in law.provision_rows().filter(key__in=wanted):
        provisions.setdefault(one.key, []).append(one.value)
    found: list[Fault] = []
    for row in tables:
        start, end = period_of(row)
        held = {
            key: next((p for p in versions if in_force_within(p, start, end)), None)
            for key, versions in provisions.items()
        }
        found += faults_of_set([row.value], {key: p for key, p in held.items() if p is not None})
    return found or ([] if tables else faults_of_set([], {}))


def visible_sets(officer: Officer, on: date) -> QuerySet[BenchmarkSet]:
    """The sets an officer may look at: those published, and drafts of organs within sight."""
    sight = org.scope(officer, on)
    own = Q(organ__in=sight.organs) if sight.organs else Q(pk=None)
    return BenchmarkSet.objects.filter(Q(status=PUBLISHED) | own).select_related("organ")


def example_content() -> dict[str, Any]:
    """The shipped example as the mapping its file holds."""
    return read(DATA / "example.yaml").values


def history() -> list[dict[str, Any]]:
    """The norms above the bureau's own, as far as they are known: title, number, day, whether the text is held."""
    rows: list[dict[str, Any]] = read(DATA / "history.yaml").values["norms"]
    return rows
