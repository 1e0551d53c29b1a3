"""An item of a checklist as pages show it: with the standard, the penalty provisions and the benchmarks it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fadu.discretion import queries as discretion
from fadu.discretion.models import Benchmark
from fadu.discretion.showing import shown
from fadu.inspection.hazards import Judged
from fadu.inspection.models import Checklist, ChecklistItem
from fadu.law import queries as law
from fadu.law.models import Provision
from fadu.org.models import Organ
from fadu.power.queries import house


@dataclass(frozen=True)
class TierPart:
    """A tier of a benchmark: its condition, and the fine of each payer and stage that it has one for."""

    level: str
    when: str
    fines: list[tuple[str, str]]
    confidence: str


@dataclass(frozen=True)
class BenchmarkPart:
    """A benchmark table and its tiers."""

    row: Benchmark
    tiers: list[TierPart]


@dataclass(frozen=True)
class PenaltyPart:
    """A penalty provision in force on the day, with the benchmark tables that refine it at the organ."""

    row: Provision
    tables: list[BenchmarkPart]


def _benchmark(table: Benchmark) -> BenchmarkPart:
    told = shown(table)
    return BenchmarkPart(table, [
        TierPart(line["tier"].level, line["tier"].when, list(zip(told.columns, line["fines"], strict=True)), line["confidence"])
        for line in told.tiers
    ])  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """检查项 → 判定标准 → 义务条款 → 处罚条款 → 裁量基准, as of a day."""

    item: ChecklistItem
    on: date
    judged: list[Judged]
    penalties: list[PenaltyPart]


def day_of(row: Checklist, today: date) -> date:
    """The day as of which a version is shown: today, else the first or the last of its own days."""
    if today < row.from_date:
        return row.from_date
    return (
        today
        if row.until is None or today < row.until
        else max(row.from_date, date.fromordinal(row.until.toordinal() - 1))
    )


def chain(item: ChecklistItem, on: date, organ: Organ | None) -> Chain:
    """What an item leads to on a day at an organ (at the house where none is named)."""
    acting = organ or house()
    rows = {row.key: row for row in law.provision_rows(on).filter(key__in=item.provisions)}
    parts = [
        PenaltyPart(
            rows[key], [_benchmark(table) for table in discretion.tables_for(key, on, acting)] if acting else []
        )
        for key in item.provisions
        if key in rows
    ]
    return Chain(item, on, item.judged, parts)
