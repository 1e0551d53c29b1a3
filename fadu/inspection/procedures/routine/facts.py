"""What the rules of an inspection read of a visit: results, findings, who was there, who signed, what was served [pure]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from fadu.procedure.facts import MatterFacts, OfficerFact


class Result(Enum):
    """What an item of the checklist showed."""

    OK = "ok"
    BAD = "bad"
    NOT_APPLICABLE = "none"
    UNCHECKED = "unchecked"

    @property
    def title(self) -> str:
        """In Chinese."""
        return {"ok": "符合", "bad": "不符合", "none": "不适用", "unchecked": "未查"}[self.value]


class Occasion(Enum):
    """When somebody was there, or signed."""

    VISIT = "visit"
    ORDER = "order"
    REINSPECTION = "reinspection"

    @property
    def title(self) -> str:
        """In Chinese."""
        return {"visit": "现场检查", "order": "责令限期整改", "reinspection": "复查"}[self.value]


@dataclass(frozen=True)
class FindingFact:
    """One problem found: its ground, its term, and what became of it."""

    ordinal: int
    text: str
    obligation: str
    major: bool = False
    on_the_spot: bool = False
    order_round: int = 0
    due: date | None = None
    reinspected_on: date | None = None
    corrected: bool | None = None
    referred_on: date | None = None
    extension_asked: bool = False

    @property
    def open(self) -> bool:
        """Is it still to be put right?"""
        return self.corrected is not True

    @property
    def to_order(self) -> bool:
        """Must it still be ordered: never ordered, or found not put right after its term?"""
        return self.open and (self.due is None or self.corrected is False)

    @property
    def to_reinspect(self) -> bool:
        """Ordered, and not looked at again since."""
        return self.open and self.due is not None and self.reinspected_on is None


@dataclass(frozen=True)
class MeasureFact:
    """An order to withdraw people, to suspend or to stop using: for which findings, and whether it was lifted."""

    ordinal: int
    findings: frozenset[int]
    lifted_on: date | None = None
    lift_round: int = 0

    @property
    def standing(self) -> bool:
        """Does it still bind?"""
        return self.lifted_on is None


@dataclass(frozen=True)
class SignatureFact:
    """A signature, or the note why there is none; ``officer_id`` None for the enterprise's side."""

    occasion: Occasion
    officer_id: int | None = None
    name: str = ""
    signed: bool = False
    refusal: str = ""


@dataclass(frozen=True)
class VisitFacts(MatterFacts):
    """The facts of a visit."""

    power: str = ""  # the item of the list of powers in force that day at the organ that covers the visit
    planned_on: date | None = None
    planned_until: date | None = None
    items: int = 0
    checked: int = 0
    bad_without_finding: tuple[str, ...] = ()
    findings: tuple[FindingFact, ...] = ()
    present: tuple[OfficerFact, ...] = ()
    reinspecting: tuple[OfficerFact, ...] = ()
    certificates_shown: bool = False
    signatures: tuple[SignatureFact, ...] = ()
    reinspections: int = 0
    extension_round: int = 0
    photos: int = 0
    measures: tuple[MeasureFact, ...] = ()

    @property
    def order_round(self) -> int:
        """How many times findings were ordered to be put right, the act under way included."""
        return max((f.order_round for f in self.findings), default=0)

    @property
    def lifting(self) -> tuple[MeasureFact, ...]:
        """The measures that the act under way lifts."""
        return tuple(one for one in self.measures if one.lift_round > self.taken("resume"))

    def unsafe(self, measure: MeasureFact) -> list[int]:
        """The hazards of a measure that are still to be put right."""
        return sorted(f.ordinal for f in self.findings if f.open and f.ordinal in measure.findings)

    def taken(self, step: str) -> int:
        """How many times a step was taken before the act under way."""
        return sum(act.step == step for act in self.acts)

    def signed_by(self, occasion: Occasion) -> frozenset[int]:
        """The officers who have signed on that occasion."""
        return frozenset(s.officer_id for s in self.signatures if s.occasion is occasion and s.signed and s.officer_id)

    def party_signature(self, occasion: Occasion) -> SignatureFact | None:
        """The enterprise's signature or refusal on that occasion."""
        found = [s for s in self.signatures if s.occasion is occasion and s.officer_id is None]
        return found[-1] if found else None
