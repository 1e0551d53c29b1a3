"""What is asked: the sanctions of one case, the provision they cite and what is known of the case. Pure."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fadu.law.citations import Statute
from fadu.law.provisions import Grade, Organ, Target, Titled


class PartyKind(Titled):
    """What the party of the case is."""

    COMPANY = "company", "企业"
    INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
    PERSON = "person", "自然人"
    OTHER = "other", "其他组织"


class Role(Titled):
    """In what capacity a natural person is fined."""

    PRINCIPAL = "principal", "主要负责人"
    OTHER_LEADER = "other_leader", "其他负责人"
    SAFETY_OFFICER = "safety_officer", "安全生产管理人员"
    DIRECT_MANAGER = "direct_manager", "直接负责的主管人员"
    OTHER_DIRECT = "other_direct", "其他直接责任人员"
    INVESTOR = "investor", "个人经营的投资人"
    CITIZEN = "citizen", "公民"

    @property
    def targets(self) -> frozenset[Target]:
        """The addressees of provisions that a person in this capacity may be one of.

        直接负责的主管人员和其他直接责任人员 may be anybody of the unit: neither its investor as such nor an outsider.
        """
        return _TARGETS[self]


_RESPONSIBLE = frozenset({Target.RESPONSIBLE, Target.PRINCIPAL_AND_RESPONSIBLE, Target.PERSON})
_TARGETS: dict[Role, frozenset[Target]] = {
    Role.PRINCIPAL: _RESPONSIBLE | {Target.PRINCIPAL, Target.PRINCIPAL_OR_INVESTOR},
    Role.OTHER_LEADER: _RESPONSIBLE | {Target.OTHER_LEADERS},
    Role.SAFETY_OFFICER: _RESPONSIBLE | {Target.OTHER_LEADERS},
    Role.DIRECT_MANAGER: _RESPONSIBLE,
    Role.OTHER_DIRECT: _RESPONSIBLE,
    Role.INVESTOR: frozenset({Target.INVESTOR, Target.PRINCIPAL_OR_INVESTOR}),
    Role.CITIZEN: frozenset({Target.UNIT_OR_PERSON, Target.PERSON}),
}


@dataclass(frozen=True)
class PersonFine:
    """A fine on a natural person beside the party, in yuan; role None: not given."""

    role: Role | None
    amount: Decimal


@dataclass(frozen=True)
class Sanctions:
    """All sanctions of the case, amounts in yuan. confiscated: the amount, where one is given beside the fact."""

    fine_entity: Decimal | None = None
    fines_persons: tuple[PersonFine, ...] = ()
    warning: bool = False
    confiscation: bool = False
    confiscated: Decimal | None = None
    suspension: bool = False
    revocation: bool = False
    closure: bool = False
    detention_days: int | None = None
    additional_fine: Decimal | None = None
    daily: bool = False
    daily_fine: Decimal | None = None

    @property
    def fines(self) -> bool:
        """Whether anybody is fined."""
        return self.fine_entity is not None or bool(self.fines_persons)

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """All amounts of fines."""
        return (*([self.fine_entity] if self.fine_entity is not None else []), *(f.amount for f in self.fines_persons))

    @property
    def only_enforces(self) -> bool:
        """Whether nothing but additional or daily fines is at issue: the penalty itself was decided before."""
        others = self.fines or self.warning or self.confiscation or self.suspension or self.revocation or self.closure
        return (self.additional_fine is not None or self.daily) and not others and self.detention_days is None


@dataclass(frozen=True)
class CaseFacts:
    """What is known of the case; None: not given."""

    authority: Organ | None = None
    summary: bool | None = None
    notice_given: bool | None = None
    hearing_offered: bool | None = None
    officers: int | None = None
    noticed_fine: Decimal | None = None
    filed_on: date | None = None
    found_on: date | None = None
    act_ended_on: date | None = None
    extended_by: int | None = None
    harm: bool | None = None
    gains: Decimal | None = None
    income: Decimal | None = None
    goods: Decimal | None = None
    grade: Grade | None = None
    aggravated: bool | None = None
    refused: bool | None = None
    fined_before: str = ""
    days_late: int | None = None
    base_fine: Decimal | None = None
    remedy_pending: bool | None = None
    ordered_on: date | None = None
    daily_from: date | None = None


@dataclass(frozen=True)
class Question:
    """One case. statute None: a law that is not registered. grounds: what permits a fine below the range, by article.

    paragraph, item, prior_order None: not given, so every candidate is considered.
    """

    law: str
    statute: Statute | None
    number: int
    bis: int | None = None
    paragraph: int | None = None
    item: int | None = None
    acted_on: date | None = None
    decided_on: date | None = None
    party: PartyKind | None = None
    prior_order: bool | None = None
    grounds: frozenset[str] = frozenset()
    sanctions: Sanctions = field(default_factory=Sanctions)
    facts: CaseFacts = field(default_factory=CaseFacts)
    id: object = None

    @property
    def act_day(self) -> date | None:
        """The day whose law applies: the end of an act that went on, else its day, else the day of the decision."""
        last = self.facts.act_ended_on or self.acted_on or self.decided_on
        return min(last, self.decided_on) if last and self.decided_on else last

    @property
    def person_grounds(self) -> bool:
        """Whether a natural person's fine may go below the range (行政处罚法第三十条至第三十二条)."""
        return bool(self.grounds)

    @property
    def entity_grounds(self) -> bool:
        """Whether the party's fine may: age and illness are grounds for natural persons only."""
        if self.party is PartyKind.PERSON:
            return self.person_grounds
        return any(ground.startswith("32") for ground in self.grounds)
