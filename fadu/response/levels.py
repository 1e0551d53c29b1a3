"""Levels of a response, and which one the rules of a hazard suggest; a person decides (突发事件应对法 71) [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

COLOURS = ("蓝", "黄", "橙", "红")


class Level(IntEnum):
    """响应级别: Ⅰ is the highest (突发事件应对法 71 II). Not the colour of a warning and not the grade of an event."""

    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4

    @property
    def title(self) -> str:
        """As it is written: Ⅱ级."""
        return f"{'ⅠⅡⅢⅣ'[self - 1]}级"

    @property
    def grave(self) -> bool:
        """Whether only the principal head may enter the decision (model: the upper two)."""
        return self <= Level.TWO


@dataclass(frozen=True)
class Raise:
    """One step higher where a fact has reached a number."""

    fact: str
    at_least: int
    text: str


@dataclass(frozen=True)
class Ladder:
    """What a hazard's rules say of levels: the level of each colour, and what raises it by one; ``decided_by`` names the
    post that decides at each level.
    """

    base: Mapping[str, Level]
    raises: tuple[Raise, ...] = ()
    decided_by: Mapping[Level, str] | None = None


FACTS = {"counties": "覆盖的县（区）数", "people": "需要转移的人数", "overdue": "逾期的任务数"}


@dataclass(frozen=True)
class Suggestion:
    """建议: a level, or None for no response, and why. It starts nothing by itself."""

    level: Level | None
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        said = f"建议{self.level.title}响应" if self.level else "建议不启动响应"
        return f"{said}：{'；'.join(self.reasons)}。"


def suggest(ladder: Ladder | None, colour: str, facts: Mapping[str, int]) -> Suggestion:
    """The level that the rules suggest for a colour under these facts (see ``FACTS``; absent ones count as 0).

    A hazard without rules suggests nothing and says so. Each condition that is met raises the level once, never above Ⅰ.
    """
    if ladder is None:
        return Suggestion(None, ("这一灾种还没有响应规则，由人判断",))
    level = ladder.base.get(colour)
    if level is None:
        return Suggestion(None, (f"规则没有为{colour or '没有写明颜色的'}{'色' if colour else ''}预警规定响应级别",))
    reasons = [f"{colour}色预警对应{level.title}"]
    for one in ladder.raises:
        if facts.get(one.fact, 0) >= one.at_least and level > Level.ONE:
            level = Level(level - 1)
            reasons.append(f"{one.text}（{FACTS[one.fact]}{facts[one.fact]}），提高到{level.title}")
    return Suggestion(level, tuple(reasons))


def higher(one: str, other: str) -> bool:
    """Whether a colour is higher than another; no colour is the lowest."""
    return COLOURS.index(one) > (COLOURS.index(other) if other in COLOURS else -1) if one in COLOURS else False
