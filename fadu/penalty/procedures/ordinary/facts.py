"""What the rules of the ordinary procedure read of a case and of each party [pure]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from fadu.document.kinds import Document
from fadu.law import lawfulness
from fadu.law.provisions import Measure, Party, Provision
from fadu.penalty.procedures.closure import Closure
from fadu.penalty.procedures.daily import DailyFine
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.leniency import AppliedLeniency
from fadu.penalty.procedures.same_act import Fined
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.procedure.facts import MatterFacts, PaperFact


@dataclass(frozen=True)
class HearingFact:
    """The hearing of the present notice: who hosts it, when it is to be held, and what came of it."""

    host_id: int = 0
    host: str = ""
    host_investigated: bool = False
    host_recused: bool = False
    held_at: date | None = None
    latest_notice: date | None = None  # the latest day on which the parties may be notified of that day
    held_on: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True)
class RemedyFact:
    """One reconsideration or lawsuit of a party, and its result."""

    kind: str
    filed_on: date
    ended_on: date | None = None
    result: str = ""

    @property
    def upheld(self) -> bool:
        """Does the decision stand after it?"""
        return self.result in UPHELD


@dataclass(frozen=True)
class DiscretionFact:
    """What the benchmark leaves open for one party's fine, in yuan, and the reason where the fine departs from it."""

    lower: Decimal
    upper: Decimal
    upper_in: bool = True
    words: str = ""
    level: str = ""
    departure: str = ""

    def holds(self, fine: Decimal) -> bool:
        """Whether the fine lies within."""
        return self.lower <= fine <= self.upper if self.upper_in else self.lower <= fine < self.upper


# what is done with the decision itself, is money, or is an order rather than a penalty
PERFORMED_AT_ONCE = {
    Measure.WARNING, Measure.CRITICISM, Measure.CONFISCATION, Measure.CORRECT, Measure.CORRECT_NOW, Measure.DAILY_FINE
}  # fmt: skip
UPHELD = ("维持", "驳回请求", "撤回申请")
CHANGED = ("变更", "撤销", "撤销并责令重作", "确认违法", "确认无效")


class Elsewhere(Protocol):
    """What the records of other matters say of a party. Each is looked up when a rule reads it: most steps read none."""

    @property
    def fined(self) -> tuple[Fined, ...]:
        """The fines that were received for what must be taken for the same act."""
        ...

    @property
    def daily(self) -> DailyFine | str:
        """The daily fines that the records bear, or the sentence of what is wanting."""
        ...

    @property
    def closure(self) -> Closure | str:
        """The ground for closing that the records bear, or the sentence of what is wanting."""
        ...


@dataclass(frozen=True)
class Told:
    """What other records say of a party, as it is told."""

    fined: tuple[Fined, ...] = ()
    daily: DailyFine | str = ""
    closure: Closure | str = ""


@dataclass(frozen=True)
class PartyFact:
    """One party: what is proposed for it, what it was told, what it said, what was decided and paid."""

    ordinal: int
    name: str
    party: Party
    provision: Provision | None = None
    circumstances: lawfulness.Facts | None = None
    proposed: Sanctions = field(default_factory=Sanctions)
    exemption: Exemption | None = None
    exemption_reason: str = ""
    noticed: Sanctions | None = None
    notice: PaperFact | None = None
    defended: bool = False
    waived: bool = False
    hearing_requested: bool = False
    heard: bool = False
    decision: PaperFact | None = None
    decided: Sanctions | None = None
    paid: Decimal = Decimal(0)
    performed_otherwise: bool = False
    corrected: bool = False
    earlier_penalties: int = 0
    evidence_by_party: bool = False
    appraised: bool = False
    age_at_act: int | None = None
    disclosed: bool = False
    hearing_waived: bool = False
    hearing_notice: PaperFact | None = None
    hearing_withdrawn: bool = False
    hearing_abandoned: bool = False
    kept: bool = False
    surcharge: Decimal = Decimal(0)
    surcharge_told: bool = False
    remedies: tuple[RemedyFact, ...] = ()
    remanded: bool = False
    remand_for_procedure: bool = False
    annulled: Sanctions | None = None
    new_evidence: bool = False
    power: str = ""  # the item of the list of powers in force that day at the organ that covers the provision
    demand: PaperFact | None = None
    unserved: tuple[Document, ...] = ()
    court_applied: bool = False
    court_ruling: str = ""
    execution_ended: bool = False
    discretion: DiscretionFact | None = None
    leniency_listed: bool = False  # a list of no penalty in force on the day of the act has items for the ground
    leniency: AppliedLeniency | None = None
    elsewhere: Elsewhere = Told()
    told_apart_on: date | None = None  # the latest statement that the act of this case is another one
    closure_waiting: bool = False  # the government has not yet answered a proposal

    @property
    def fined_already(self) -> tuple[Fined, ...]:
        """The fines for the same act that no later statement tells apart from this one."""
        return tuple(f for f in self.elsewhere.fined if self.told_apart_on is None or f.known_on > self.told_apart_on)

    @property
    def to_be_done(self) -> frozenset[Measure]:
        """What was decided and is performed by deed rather than by paying, with a ban from a trade."""
        if self.decided is None:
            return frozenset()
        ban = {Measure.BAN} if self.decided.ban_years or self.decided.ban_for_life else set()
        return frozenset((self.decided.measures | ban) - PERFORMED_AT_ONCE)

    @property
    def departs(self) -> bool:
        """Is a fine proposed outside what the benchmark leaves open?"""
        if self.discretion is None or not self.penalised:
            return False
        return not self.discretion.holds(self.proposed.fine or Decimal(0))

    @property
    def is_person(self) -> bool:
        """A natural person?"""
        return self.party.is_person

    @property
    def penalised(self) -> bool:
        """Is a penalty proposed (rather than an exemption)?"""
        return self.exemption is None

    @property
    def owed(self) -> Decimal:
        """What the party must pay under the decision, in yuan; with the surcharge that was decided and has accrued."""
        return self.principal + self.surcharge

    @property
    def principal(self) -> Decimal:
        """Fine and confiscation of the decision, in yuan."""
        if self.decided is None:
            return Decimal(0)
        return (self.decided.fine or Decimal(0)) + (self.decided.confiscation or Decimal(0))

    @property
    def remedy(self) -> RemedyFact | None:
        """The reconsideration or lawsuit that still runs, if any."""
        return next((r for r in self.remedies if r.ended_on is None), None)


@dataclass(frozen=True)
class CaseFacts(MatterFacts):
    """One case. Thresholds are dated numbers of law; ``review_catalogue`` and ``grave_catalogue`` are the bureau's own."""

    power: str = ""  # the item of the list of powers on which the case is filed
    surcharge_power: str = ""  # the item by which the organ may decide a surcharge that day
    found_on: date | None = None
    acted_on: date | None = None
    act_ended_on: date | None = None
    ongoing: bool = False  # the act goes on
    harm: str = ""
    suspicions: tuple[str, ...] = ()  # crimes whose figures the case reaches, each with the figures
    crime_answered: bool = False
    closure_power: str = ""  # the item by which the organ may propose a closure that day
    in_area: bool = True
    parties: tuple[PartyFact, ...] = ()
    evidence: int = 0
    unverified: tuple[str, ...] = ()
    site_records: int = 0
    large_fine_unit: Decimal = Decimal(0)
    large_fine_person: Decimal = Decimal(0)
    review_reasons: tuple[str, ...] = ()
    grave_reason: str = ""
    review_passed: bool = False
    review_returned: bool = False
    discussed: bool = False
    discussion_faults: tuple[str, ...] = ()
    transfer_pending: bool = False
    transferred_reply: str = ""
    returned_by_police: bool = False
    changed: bool = False
    hearing: HearingFact | None = None
    preserved: tuple[str, ...] = ()
    limit: Callable[[date, int], date] = field(default=lambda day, years: day.replace(year=day.year + years))

    @property
    def penalised(self) -> tuple[PartyFact, ...]:
        """The parties for whom a penalty is proposed; not those whose earlier decision stands."""
        return tuple(p for p in self.parties if p.penalised and not p.kept)

    @property
    def one(self) -> PartyFact | None:
        """The party that the act concerns."""
        return next((p for p in self.parties if p.ordinal == self.party), None)

    def threshold(self, party: PartyFact) -> Decimal:
        """What counts as a large amount for this party."""
        return self.large_fine_person if party.is_person else self.large_fine_unit
