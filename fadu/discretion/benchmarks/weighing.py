"""Which circumstances count beside the tier, and what they come to: lighter, mitigated, heavier, or both weighed [pure]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fadu.discretion.benchmarks.declare import Direction, Fact
from fadu.law.provisions import Stage


class Weighing(NamedTuple):
    """The direction, the facts that count, and those that do not with the reason."""

    direction: Direction
    counted: tuple[Fact, ...]
    dropped: tuple[tuple[Fact, str], ...]

    @property
    def sentence(self) -> str:
        """The direction with its facts, as papers print it."""
        if not self.counted:
            return "没有应当计入的从轻、减轻或者从重情节"
        facts = "；".join(f"{fact.title}（{fact.basis}）" for fact in self.counted)
        return f"{self.direction.title_zh}：{facts}"


def weigh(
    facts: Iterable[Fact], values: Mapping[str, Any], stage: Stage, *, keys: frozenset[str], mitigate: bool = False
) -> Weighing:
    """Count each fact once: what the table's keys or the statutory stage have used already is not counted again.

    keys: the names of the table's keys. mitigate: the bureau means to go below the statutory minimum, which needs a fact
    that allows it (行政处罚法第三十二条).
    """
    counted: list[Fact] = []
    dropped: list[tuple[Fact, str]] = []
    for fact in dict.fromkeys(facts):
        used = [name for name in fact.keys if name in keys and values.get(name) not in (None, False, 0)]
        if used:
            dropped.append((fact, "已经作为确定阶次的情形，不重复计算"))
        elif fact.stage is not None and fact.stage is stage:
            dropped.append((fact, f"已经适用“{stage.title_zh}”的罚款幅度，不重复计算"))
        else:
            counted.append(fact)
    lighter = [fact for fact in counted if fact.lightens]
    heavier = [fact for fact in counted if not fact.lightens]
    if mitigate and any(fact.mitigates for fact in lighter):
        direction = Direction.MITIGATED
    elif lighter and heavier:
        direction = Direction.BOTH
    elif lighter:
        direction = Direction.LIGHTER
    else:
        direction = Direction.HEAVIER if heavier else Direction.PLAIN
    return Weighing(direction, tuple(counted), tuple(dropped))
