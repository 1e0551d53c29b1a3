"""What the rules read: a matter's facts as plain values, gathered from records, never from tick-boxes [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from fadu.document.kinds import Document
from fadu.org.roles import Role
from fadu.procedure.declare import Duty


@dataclass(frozen=True)
class Doer:
    """The person who acts: posts of that day turned into roles, certificate, qualification, and recusal from this matter."""

    officer_id: int
    name: str
    roles: frozenset[Role]
    organ_id: int
    certificate: str = ""
    certified: bool = False
    legally_qualified: bool = False
    recused: bool = False


@dataclass(frozen=True)
class OfficerFact:
    """A case officer of the matter and whether the enforcement certificate is valid on the day of the act."""

    officer_id: int
    name: str
    certificate: str = ""
    certified: bool = False


@dataclass(frozen=True)
class PaperFact:
    """A paper of the matter; ``served_on`` is the day on which its service takes effect (perhaps in the future)."""

    kind: Document
    number: str
    party: int | None = None
    issued_on: date | None = None
    void: bool = False
    served_on: date | None = None
    paper_id: int = 0

    def served_by(self, on: date) -> bool:
        """Has its service taken effect by ``on``?"""
        return not self.void and self.served_on is not None and self.served_on <= on


@dataclass(frozen=True)
class PeriodFact:
    """A period of the matter; ``last_day`` already counts extensions and finished pauses."""

    name: str
    starts_on: date
    last_day: date
    party: int | None = None
    right: bool = False
    ended_on: date | None = None
    cancelled: bool = False
    paused: bool = False

    def running(self, on: date) -> bool:
        """Is it still running on ``on`` (its last day included)?"""
        return not self.cancelled and self.ended_on is None and not self.paused and on <= self.last_day

    def expired(self, on: date) -> bool:
        """Has it run out before ``on`` without being met?"""
        return not self.cancelled and self.ended_on is None and not self.paused and on > self.last_day


@dataclass(frozen=True)
class ActFact:
    """A step that was taken: when, by whom, for which party, and what was entered."""

    step: str
    on: date
    officer_id: int
    duty: Duty = Duty.OTHER
    party: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    ordinal: int = 0


@dataclass(frozen=True)
class MatterFacts:
    """The facts that every procedure has; an app's own facts extend them."""

    state: Enum
    on: date
    organ_id: int = 0
    opened_on: date | None = None
    officers: tuple[OfficerFact, ...] = ()
    papers: tuple[PaperFact, ...] = ()
    periods: tuple[PeriodFact, ...] = ()
    acts: tuple[ActFact, ...] = ()
    recusals_pending: tuple[str, ...] = ()
    party_count: int = 0
    input: Mapping[str, Any] = field(default_factory=dict)
    party: int | None = None

    def paper(self, kind: Document, party: int | None = None) -> PaperFact | None:
        """The latest issued, not voided paper of ``kind`` (for ``party`` if given)."""
        found = [
            p
            for p in self.papers
            if p.kind is kind and p.issued_on and not p.void and (party is None or p.party == party)
        ]
        return found[-1] if found else None

    def last(self, step: str, party: int | None = None) -> ActFact | None:
        """The latest taking of ``step`` (for ``party`` if given)."""
        found = [a for a in self.acts if a.step == step and (party is None or a.party == party)]
        return found[-1] if found else None

    def since(self, step: str, *marks: str) -> tuple[ActFact, ...]:
        """The takings of ``step`` that came after the latest taking of any of ``marks``."""
        start = max((a.ordinal for a in self.acts if a.step in marks), default=-1)
        return tuple(a for a in self.acts if a.step == step and a.ordinal > start)

    def period(self, name: str, party: int | None = None) -> PeriodFact | None:
        """The latest period of ``name`` (for ``party`` if given)."""
        found = [p for p in self.periods if p.name == name and not p.cancelled and (party is None or p.party == party)]
        return found[-1] if found else None

    def did(self, duty: Duty) -> frozenset[int]:
        """The officers who have carried out ``duty`` on this matter; the case officers investigate by being appointed."""
        ids = {act.officer_id for act in self.acts if act.duty is duty}
        if duty is Duty.INVESTIGATE:
            ids |= {officer.officer_id for officer in self.officers}
        return frozenset(ids)
