"""Tables, faults and answers as pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fadu.discretion.benchmarks.declare import Benchmark as Table
from fadu.discretion.benchmarks.declare import Direction, Fact, Payer
from fadu.discretion.benchmarks.judging import Compiled, Judgement, Unanswered
from fadu.discretion.benchmarks.weighing import Weighing, weigh
from fadu.discretion.benchmarks.wording import fine_words, key_value, place_words
from fadu.discretion.models import Benchmark, BenchmarkSet
from fadu.law.provisions import Stage


@dataclass(frozen=True)
class Shown:
    """One table: its columns of fines and its rows of tiers."""

    row: Benchmark
    table: Table
    columns: tuple[str, ...]
    tiers: tuple[dict[str, Any], ...]


def shown(row: Benchmark) -> Shown:
    """A table for a page."""
    table = row.value
    places = list(dict.fromkeys(fine.place for tier in table.tiers for fine in tier.fines))
    tiers = tuple(
        {
            "tier": tier,
            "fines": [fine_words(fine) if (fine := tier.fine(*place)) else "—" for place in places],
            "confidence": tier.confidence if tier.confidence != table.confidence else "",
        }
        for tier in table.tiers
    )
    return Shown(row, table, tuple(place_words(*place) for place in places), tiers)


@dataclass(frozen=True)
class Answer:
    """What the wizard answers: the judgement or why there is none, and what would change it."""

    judged: Judgement | Unanswered
    weighing: Weighing | None = None
    circumstances: tuple[str, ...] = ()
    lighter: tuple[tuple[str, str, str], ...] = ()  # what, basis, the range with it
    leniencies: tuple[Any, ...] = ()

    @property
    def found(self) -> Judgement | None:
        """The judgement, when there is one."""
        return self.judged if isinstance(self.judged, Judgement) else None


def answer(
    row: Benchmark, compiled: Compiled, values: dict[str, Any], payer: Payer, stage: Stage, codes: list[str]
) -> Answer:
    """Judge given circumstances, and say what would make it lighter: correcting in time, each fact not yet there."""
    held, table = row.set, row.value
    facts = [fact for fact in held.fact_values if fact.code in codes]
    weighing = weigh(facts, values, stage, keys=frozenset(table.keyed))
    judged = compiled.judge(values, payer, stage, weighing.direction)
    if isinstance(judged, Unanswered):
        return Answer(judged)
    said = tuple(key_value(key, values[key.name]) for key in table.keys)
    return Answer(
        judged, weighing, said, tuple(_lighter(row, compiled, values, payer, stage, facts, judged)),
        tuple(one for one in held.leniency_values if not one.benchmarks or row.code in one.benchmarks),
    )  # fmt: skip


def _lighter(
    row: Benchmark,
    compiled: Compiled,
    values: dict[str, Any],
    payer: Payer,
    stage: Stage,
    facts: list[Fact],
    judged: Judgement,
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if stage is Stage.UNCORRECTED:
        before = compiled.judge(values, payer, Stage.IMMEDIATE, judged.measure.direction)
        words = str(before.open) if isinstance(before, Judgement) else f"法律没有规定对{payer.title_zh}的罚款"
        found.append(("在责令改正的期限内改正", str(row.value.basis or ""), words))
    for fact in row.set.fact_values:
        if not fact.lightens or fact in facts:
            continue
        weighed = weigh([*facts, fact], values, stage, keys=frozenset(row.value.keyed))
        other = compiled.judge(values, payer, stage, weighed.direction)
        if isinstance(other, Judgement) and other.open.upper < judged.open.upper:
            words = str(other.open)
            if fact.mitigates:
                below = compiled.judge(values, payer, stage, Direction.MITIGATED)
                if isinstance(below, Judgement) and not below.open.upper_in:
                    words += f"；减轻处罚的，{below.open}"
            found.append((fact.title, fact.basis, words))
    return found


def as_json(row: Benchmark) -> dict[str, Any]:
    """A table for the API: the mapping it is kept as, with the set it belongs to."""
    return {
        "set": row.set_id, "code": row.code, "violation": row.violation, "basis": row.basis, "provisions": row.provisions,
        "confidence": row.confidence, "since": row.since, "until": row.until, "body": row.body,
    }  # fmt: skip


def set_json(row: BenchmarkSet) -> dict[str, Any]:
    """A set for the API."""
    return {
        "id": row.pk, "title": row.title, "issuer": row.issuer, "number": row.number, "since": row.since, "until": row.until,
        "published_on": row.published_on, "source": row.source, "confidence": row.confidence, "note": row.note, "digest": row.digest,
        "bands": row.bands, "facts": row.facts, "leniencies": row.leniencies,
    }  # fmt: skip
