"""What is proposed, noticed or decided for one party, and when one set of sanctions is heavier than another [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fadu.kernel.money import in_capitals, plain
from fadu.law.lawfulness import Proposal
from fadu.law.provisions import Measure


@dataclass(frozen=True)
class Sanctions:
    """The sanctions for one party; amounts in yuan. ``ban_years`` 0 with ``ban_for_life`` False means no ban."""

    fine: Decimal | None = None
    measures: frozenset[Measure] = frozenset()
    confiscation: Decimal | None = None
    ban_years: int = 0
    ban_for_life: bool = False
    suspension_days: int = 0
    detail: str = ""

    @property
    def is_empty(self) -> bool:
        """Is nothing imposed?"""
        return not (self.fine or self.measures or self.ban_years or self.ban_for_life)

    def as_proposal(self) -> Proposal:
        """The same for the check against the provision."""
        return Proposal(self.fine, self.measures, self.ban_years or None, self.ban_for_life)

    def heavier_than(self, other: Sanctions) -> tuple[str, ...]:
        """In what this is heavier than ``other``: each sanction on its own, so that nothing is set off against another."""
        found: list[str] = []
        if (self.fine or 0) > (other.fine or 0):
            found.append(f"罚款由{plain(other.fine or Decimal(0))}元增至{plain(self.fine or Decimal(0))}元")
        found += [
            f"增加“{m.title_zh}”" for m in sorted(self.measures - other.measures, key=lambda m: m.rank) if m.is_penalty
        ]
        if (self.confiscation or 0) > (other.confiscation or 0):
            found.append("没收数额增加")
        if self.suspension_days > other.suspension_days:
            found.append(f"停产停业（暂扣）由{other.suspension_days}日增至{self.suspension_days}日")
        if self._ban() > other._ban():
            found.append("限制从业加重")
        return tuple(found)

    def _ban(self) -> int:
        return 1000 if self.ban_for_life else self.ban_years

    def in_words(self) -> list[str]:
        """Each sanction as it is printed, money in figures and capitals."""
        found = []
        for measure in sorted(self.measures, key=lambda m: m.rank):
            text = measure.title_zh
            if measure is Measure.CONFISCATION and self.confiscation:
                text += f"{plain(self.confiscation)}元（{in_capitals(self.confiscation)}）"
            if measure in (Measure.SUSPENSION, Measure.LICENCE_SUSPENSION) and self.suspension_days:
                text += f"{self.suspension_days}日"
            found.append(text)
        if self.fine:
            found.append(f"罚款{plain(self.fine)}元（{in_capitals(self.fine)}）")
        if self.ban_for_life:
            found.append("终身限制从业")
        elif self.ban_years:
            found.append(f"限制从业{self.ban_years}年")
        return found

    def __str__(self) -> str:
        return "，".join(self.in_words()) or "无"

    def as_json(self) -> dict[str, Any]:
        """As JSON keeps it; ``from_json`` reads it back."""
        return {
            "fine": str(self.fine) if self.fine is not None else None,
            "measures": sorted(m.value for m in self.measures),
            "confiscation": str(self.confiscation) if self.confiscation is not None else None,
            "ban_years": self.ban_years,
            "ban_for_life": self.ban_for_life,
            "suspension_days": self.suspension_days,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> Sanctions:
        """Read what ``as_json`` wrote; None gives no sanctions."""
        if not value:
            return cls()
        return cls(
            Decimal(value["fine"]) if value.get("fine") else None,
            frozenset(Measure(m) for m in value.get("measures", ())),
            Decimal(value["confiscation"]) if value.get("confiscation") else None,
            int(value.get("ban_years") or 0),
            bool(value.get("ban_for_life")),
            int(value.get("suspension_days") or 0),
            str(value.get("detail") or ""),
        )
