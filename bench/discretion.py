"""How fast a case is judged by a discretion benchmark with its full trace, beside a decision-table engine and a bare function.

``python -m bench.discretion [seconds]``: one core, the same 2,000 cases of table B07 (从业人员; 高危单位) in every way. What must
hold is the first ratio of the last lines: with full trace at least 300,000 evaluations a second, and a multiple of the
engine. The bare function is the ceiling: it answers two numbers and says nothing of why.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fadu.discretion.benchmarks.declare import Payer
from fadu.discretion.benchmarks.faults import in_force_within
from fadu.discretion.benchmarks.judging import Compiled, Judgement
from fadu.discretion.benchmarks.reading import read_set
from fadu.law.content.penalties import provisions
from fadu.law.content.reading import read
from fadu.law.provisions import Stage

DATA = Path(__file__).resolve().parents[1] / "fadu" / "discretion" / "data" / "example.yaml"
CASES, SEED, ROUNDS, WANTED = 2_000, 20261201, 5, 300_000


def bare(case: dict[str, Any]) -> tuple[int, int]:
    """Table B07 as a programmer would write it: the range of the fine on the unit, in yuan, and nothing else."""
    if case["high_risk"] or case["employees"] >= 300:
        return 60_000, 100_000
    if case["employees"] >= 100:
        return 30_000, 60_000
    return 0, 30_000


def engine(trace: bool) -> Callable[[dict[str, Any]], Any]:
    """The same table in zen-engine, with its trace or without."""
    import zen

    def row(number: int, employees: str, high_risk: str, low: int, high: int) -> dict[str, str]:
        return {"_id": str(number), "e": employees, "r": high_risk, "l": str(low), "h": str(high)}

    table = {
        "hitPolicy": "first",
        "inputs": [{"id": "e", "name": "employees", "field": "employees"}, {"id": "r", "name": "high_risk", "field": "high_risk"}],
        "outputs": [{"id": "l", "name": "low", "field": "low"}, {"id": "h", "name": "high", "field": "high"}],
        "rules": [
            row(1, "", "true", 60_000, 100_000), row(2, ">= 300", "", 60_000, 100_000),
            row(3, "[100..300)", "", 30_000, 60_000), row(4, "< 100", "", 0, 30_000),
        ],
    }  # fmt: skip
    place = {"x": 0, "y": 0}
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": table, "position": place},
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    if not trace:
        return lambda case: decision.evaluate(case)
    return lambda case: decision.evaluate(case, {"trace": True})


def compiled(code: str) -> Compiled:
    """One table of the shipped example."""
    content = read_set(read(DATA))
    table = next(one for one in content.benchmarks if one.code == code)
    held = {
        p.provision.id: p.provision for p in provisions() if in_force_within(p.provision, content.since, table.until)
    }
    return Compiled(table, held, content.bands)


def measure(act: Callable[[dict[str, Any]], Any], cases: list[dict[str, Any]], seconds: float) -> float:
    """Evaluations a second: the median of some rounds, so that a neighbour on the machine spoils one and not all."""
    rates = []
    for _ in range(ROUNDS):
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < seconds / ROUNDS:
            for case in cases:
                act(case)
            count += len(cases)
        rates.append(count / (time.perf_counter() - began))
    return statistics.median(rates)


def main(seconds: float = 5.0) -> int:
    """Judge, compare answers, measure, print; 1 when it is slower than it must be."""
    chance = random.Random(SEED)
    cases = [{"employees": chance.randrange(0, 500), "high_risk": chance.random() < 0.2} for _ in range(CASES)]
    table, by_engine = compiled("B07"), engine(trace=True)
    judge, unit, now = table.judge, Payer.UNIT, Stage.IMMEDIATE

    def with_trace(case: dict[str, Any]) -> Any:
        return judge(case, unit, now)

    for case in cases:  # all three say the same before anything is timed
        judged = judge(case, unit, now)
        assert isinstance(judged, Judgement)
        assert len(judged.others) == 2
        own = (int(judged.open.lower), int(judged.open.upper))
        told = by_engine(case)["result"]
        assert own == bare(case) == (told["low"], told["high"]), case
    accidents = [
        {"deaths": chance.randrange(3), "injured": chance.randrange(10), "loss": chance.randrange(9_999_999)}
        for _ in range(CASES)
    ]
    three, accident = compiled("B43").judge, Stage.ACCIDENT
    rates = {
        "Fadu, tier, range and reasons of all tiers": measure(with_trace, cases, seconds),
        "zen-engine with trace": measure(by_engine, cases[:200], seconds),
        "zen-engine without trace": measure(engine(trace=False), cases[:200], seconds),
        "bare Python function, no trace": measure(bare, cases, seconds),
    }
    for name, rate in rates.items():
        sys.stdout.write(f"{name:46} {rate:>12,.0f}/s\n")
    of_three = measure(lambda case: three(case, unit, accident), accidents, seconds)
    sys.stdout.write(f"{'Fadu, a table of three keys, the same':46} {of_three:>12,.0f}/s\n")
    mine, theirs, _, ceiling = rates.values()
    sys.stdout.write(
        f"{'times zen-engine':46} {mine / theirs:>12.1f}\n{'share of the bare function':46} {mine / ceiling:>12.2f}\n"
    )
    return 0 if mine >= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0))
