"""Small tables for the tests, each by itself readable, and the shipped example with the provisions it rests on."""

from functools import cache
from pathlib import Path
from typing import Any

from fadu.discretion.benchmarks.declare import Benchmark
from fadu.discretion.benchmarks.faults import Fault, faults, in_force_within
from fadu.discretion.benchmarks.judging import Compiled
from fadu.discretion.benchmarks.reading import Content, read_benchmark, read_set
from fadu.law.content.penalties import provisions
from fadu.law.content.reading import node_of, read
from fadu.law.provisions import Provision

DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def example() -> Content:
    """The shipped example."""
    return read_set(read(DATA / "example.yaml"))


@cache
def _provisions() -> tuple[Provision, ...]:
    return tuple(sourced.provision for sourced in provisions())


def held(benchmark: Benchmark) -> dict[str, Provision]:
    """The provisions in force on the days on which a table applies."""
    since, until = benchmark.since or example().since, benchmark.until or example().until
    return {p.id: p for p in _provisions() if in_force_within(p, since, until)}


def shipped(code: str) -> Compiled:
    """One table of the example, ready to judge."""
    benchmark = next(b for b in example().benchmarks if b.code == code)
    return Compiled(benchmark, held(benchmark), example().bands)


def table(keys: list[dict[str, Any]], tiers: list[dict[str, Any]], **more: Any) -> Benchmark:
    """A table on 安全生产法 97 (四), which fines units up to 100,000 yuan at once."""
    values = {
        "id": "T1", "violation": "示例违法行为", "basis": "《安全生产法》第九十七条第四项", "provisions": ["wsl_97_p1_i4"],
        "keys": keys, "tiers": tiers, "confidence": "model",
    } | more  # fmt: skip
    return read_benchmark(node_of("测试", "T1", values))


def tier(level: str, *conditions: str, low: int = 0, high: int = 30000, **more: Any) -> dict[str, Any]:
    """One tier that fines the unit."""
    fines = [{"to": "unit", "min": low, "max": high}]
    return {"level": level, "when": "；".join(conditions), "if": list(conditions), "fines": fines} | more


PERSONS = {"id": "persons", "title": "人数", "type": "whole", "unit": "人", "least": 1}


def found(benchmark: Benchmark) -> list[Fault]:
    """What keeps a table from publication."""
    return [fault for fault in faults(benchmark, held(benchmark)) if fault.blocks]
