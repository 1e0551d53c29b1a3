"""Which clauses of a provision are open in a case: the stage reached, and who is their addressee. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fadu.law.judging.question import PartyKind, PersonFine, Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import Grade, Provision, Sanction, Stage, Target

UNITS = frozenset({Target.UNIT, Target.BUILDER, Target.AGENCY, Target.UNIT_OR_PERSON, Target.AGENCY_AND_PERSONS})
ANYBODY = frozenset({Target.UNIT_OR_PERSON, Target.PERSON})
PERSONS = frozenset(
    {
        Target.PRINCIPAL,
        Target.INVESTOR,
        Target.PRINCIPAL_OR_INVESTOR,
        Target.OTHER_LEADERS,
        Target.RESPONSIBLE,
        Target.PRINCIPAL_AND_RESPONSIBLE,
        Target.PERSON,
    }
)


@dataclass(frozen=True)
class Stages:
    """What is assumed of the case where it is not given: that an order ran out unobeyed, that there was an accident."""

    uncorrected: bool
    accident: bool


def assumptions(provision: Provision, asked: Question) -> Iterator[Stages]:
    """The stages at which the case may be, as far as what is given leaves it open."""
    orders = (False, True) if asked.prior_order is None else (asked.prior_order,)
    stages = {sanction.stage for sanction in provision.sanctions}
    # An article that speaks of accidents only is cited because there was one.
    accidents = (False, True) if Stage.IMMEDIATE in stages and asked.facts.grade is None else (True,)
    if Stage.ACCIDENT not in stages:
        accidents = (True,)
    if Stage.UNCORRECTED not in stages and not any(s.after_order for s in provision.sanctions):
        orders = orders[:1]
    for uncorrected in orders:
        for accident in accidents:
            yield Stages(uncorrected, accident)


def reached(sanction: Sanction, stages: Stages, asked: Question) -> bool:
    """Whether the clause is open. Aggravation and harm that are not given count as not established."""
    facts = asked.facts
    if sanction.grades and facts.grade is not None and facts.grade not in sanction.grades:
        return False
    if sanction.after_order and not stages.uncorrected:
        return False
    match sanction.stage:
        case Stage.UNCORRECTED:
            return stages.uncorrected
        case Stage.ACCIDENT:
            return stages.accident
        case Stage.SERIOUS | Stage.ESPECIALLY_SERIOUS:
            return bool(facts.aggravated)
        case Stage.SERIOUS_CONSEQUENCE:
            return bool(facts.harm or facts.aggravated)
        case _:
            return True


def gravest(sanctions: Iterable[Sanction]) -> list[Sanction]:
    """Those of the gravest stage among them: its range of fines takes the place of the milder ones."""
    rows = list(sanctions)
    rank = max((row.stage.rank for row in rows), default=0)
    return [row for row in rows if row.stage.rank == rank]


def why_closed(sanctions: Iterable[Sanction], stages: Stages, asked: Question) -> Finding:
    """What would have to be established for one of these clauses, none of which is open."""
    rows = list(sanctions)
    facts = asked.facts
    for row in rows:
        if row.grades and facts.grade is not None and facts.grade not in row.grades:
            grades = "、".join(grade.title_zh for grade in Grade if grade in row.grades)
            text = f"只适用于{grades}，本案是{facts.grade.title_zh}"
            return Finding(Code.WRONG_GRADE, text)
    if any(row.stage is Stage.UNCORRECTED or row.after_order for row in rows) and not stages.uncorrected:
        return Finding(Code.MISSING_PRIOR_ORDER, "须以责令改正后逾期未改正（拒不改正）为前提，本案没有")
    return Finding(Code.NOT_AGGRAVATED, f"须认定“{rows[0].stage.title_zh}”，本案没有")


def fines_units(provision: Provision) -> bool:
    """Whether the provision fines units at any stage, rather than natural persons only."""
    return any(s.fines and s.target in UNITS for s in provision.sanctions)


def strikes_entity(target: Target, party: PartyKind | None, provision: Provision) -> bool:
    """Whether a fine of the clause is the party's own.

    A natural person as the party is struck by what strikes anybody, and by a provision that fines natural persons only;
    where unit and person are fined side by side, the person's fine is not the party's.
    """
    if party is PartyKind.PERSON:
        return target in ANYBODY or (target in PERSONS and not fines_units(provision))
    return target in UNITS


def strikes_person(target: Target, fine: PersonFine, party: PartyKind | None) -> bool:
    """Whether a fine of the clause may be that person's."""
    if target in ANYBODY and party is PartyKind.PERSON:
        return True
    if fine.role is None:
        return target in PERSONS
    if target is Target.UNIT_OR_PERSON:
        return target in fine.role.targets and party is None
    return target in fine.role.targets
