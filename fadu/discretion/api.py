"""The discretion floor's part of the API: the benchmarks in force, and what they say of given circumstances; open to all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from fadu.discretion import queries
from fadu.discretion.benchmarks.declare import Payer
from fadu.discretion.benchmarks.reading import read_circumstance
from fadu.discretion.models import Benchmark
from fadu.discretion.showing import answer, as_json, set_json
from fadu.kernel import clock
from fadu.law.api import OPEN_REFUSALS
from fadu.law.provisions import Stage

router = Router(tags=["裁量基准"])


class SetOut(Schema):
    """One published version."""

    id: int
    title: str
    issuer: str
    number: str
    since: date
    until: date | None
    published_on: date | None
    source: str
    confidence: str = Field(description="source、text、analysis、memory、model；后两种没有经过确认")
    note: str
    digest: str
    bands: dict[str, Any]
    facts: list[dict[str, Any]]
    leniencies: list[dict[str, Any]]


class TableOut(Schema):
    """One table; body is the declaration itself: keys, tiers with conditions and fines in yuan."""

    set: int
    code: str
    violation: str
    basis: str
    provisions: list[str]
    confidence: str
    since: date | None
    until: date | None
    body: dict[str, Any]


class ListOut(Schema):
    """The version in force and its tables."""

    set: SetOut | None
    benchmarks: list[TableOut]


class JudgeIn(Schema):
    """The circumstances of a case."""

    values: dict[str, Any] = Field(description="要素的代号和数值", examples=[{"employees": 150, "high_risk": False}])
    payer: Payer = Field(Payer.UNIT, description="unit：单位；person：个人")
    stage: Stage = Field(Stage.IMMEDIATE, description="immediate、uncorrected（逾期未改正）、accident等")
    facts: list[str] = Field([], description="从轻、从重情节的代号")


class OtherOut(Schema):
    """A tier that does not match, and why."""

    level: str
    why: str


class JudgeOut(Schema):
    """The answer; where no tier can be told, ``level`` is empty and ``problem`` says what is missing."""

    level: str = ""
    condition: str = ""
    because: list[str] = []
    others: list[OtherOut] = []
    direction: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    upper_in: bool = True
    statutory: str = ""
    tier: str = ""
    problem: str = ""
    key: str = ""


@router.get("/benchmarks", response={200: ListOut, **OPEN_REFUSALS}, auth=None, summary="现行的裁量基准")
def benchmarks(request: HttpRequest, on: date | None = None) -> dict[str, Any]:
    """The published benchmark that applies on a day (today without one), with all its tables."""
    day = on or clock.today()
    row = queries.current(day)
    return {"set": set_json(row) if row else None, "benchmarks": [as_json(one) for one in queries.tables_of(row, day)]}


class Missing(Schema):
    """What was asked for is not held."""

    detail: str


@router.get(
    "/benchmarks/{code}", response={200: TableOut, **OPEN_REFUSALS, 404: Missing}, auth=None, summary="一张裁量基准表"
)
def benchmark(request: HttpRequest, code: str, on: date | None = None) -> Any:
    """One table of the benchmark in force."""
    row = _table(code, on)
    return as_json(row) if row else (404, {"detail": "现行的裁量基准中没有这张表"})


@router.post(
    "/benchmarks/{code}/judge", response={200: JudgeOut, **OPEN_REFUSALS, 404: Missing}, auth=None, summary="适用哪一档"
)
def judge(request: HttpRequest, code: str, case: JudgeIn, on: date | None = None) -> Any:
    """Tier, reasons and range for given circumstances. Nothing is stored; it is no decision."""
    row = _table(code, on)
    if row is None:
        return 404, {"detail": "现行的裁量基准中没有这张表"}
    values = dict(case.values)
    for key in row.value.keys:
        if key.name in values:
            values[key.name] = read_circumstance(key, values[key.name])
    for name in ("income", "gains", "goods"):
        if name in values and not isinstance(values[name], Decimal | int):
            values[name] = Decimal(str(values[name])) if str(values[name]).replace(".", "", 1).isdecimal() else None
    told = answer(row, queries.compiled(row), values, case.payer, case.stage, case.facts)
    found = told.found
    if found is None:
        return {"problem": told.judged.sentence, "key": told.judged.key}  # type: ignore[union-attr]
    return {
        "level": found.tier.level, "condition": found.tier.when, "because": list(found.finding.because),
        "others": [{"level": o.tier.level, "why": o.why} for o in found.others], "direction": found.measure.direction.title_zh,
        "lower": found.open.lower, "upper": found.open.upper, "upper_in": found.open.upper_in,
        "statutory": str(found.measure.statutory or ""), "tier": str(found.measure.tier),
    }  # fmt: skip


def _table(code: str, on: date | None) -> Benchmark | None:
    day = on or clock.today()
    return next((one for one in queries.tables_of(queries.current(day), day) if one.code == code), None)
