"""An item of the lists of no penalty applied to a party, with what was stated for each of its conditions (行政处罚法 33) [pure]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIRST = "初次违法"  # a condition that the house reads from its own records, whatever is stated


@dataclass(frozen=True)
class AppliedLeniency:
    """The item chosen: its code and title, the list it stands in, and its conditions each with the fact stated for it."""

    code: str
    title: str
    listed: str
    basis: str
    conditions: tuple[tuple[str, str], ...]

    @property
    def unstated(self) -> tuple[str, ...]:
        """The conditions for which no fact was stated."""
        return tuple(condition for condition, fact in self.conditions if not fact.strip())

    @property
    def wants_first(self) -> bool:
        """Does the item ask for a first violation?"""
        return any(FIRST in condition for condition, _ in self.conditions)

    def __str__(self) -> str:
        facts = "；".join(f"{condition}：{fact}" for condition, fact in self.conditions)
        return f"适用{self.listed}所列“{self.title}”（{self.basis}）。{facts}。"

    def as_json(self) -> dict[str, Any]:
        """As JSON keeps it; ``read`` reads it back."""
        return {
            "code": self.code, "title": self.title, "listed": self.listed, "basis": self.basis,
            "conditions": [list(pair) for pair in self.conditions],
        }  # fmt: skip


def read(value: Mapping[str, Any] | None) -> AppliedLeniency | None:
    """What ``as_json`` wrote; None for nothing."""
    if not value:
        return None
    pairs: Sequence[Sequence[str]] = value["conditions"]
    return AppliedLeniency(
        str(value["code"]), str(value["title"]), str(value["listed"]), str(value["basis"]),
        tuple((str(condition), str(fact)) for condition, fact in pairs),
    )  # fmt: skip
