"""What the provision commands and the case leaves out: a fine, a personal fine, the confiscation of gains. Pure."""

from collections.abc import Iterable

from fadu.law.judging.clauses import ANYBODY, PERSONS, Stages, fines_units, reached, strikes_entity
from fadu.law.judging.fines import fining
from fadu.law.judging.question import PartyKind, Question
from fadu.law.judging.ranges import must
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import Measure, Provision, Sanction, Stage, Target
from fadu.law.statutes import APL

# Whether there is an investor, or an outsider who took part, is not for the provision to say.
COMMANDED = PERSONS - ANYBODY - {Target.INVESTOR}


def omissions(provision: Provision, stages: Stages, asked: Question, used: Iterable[Sanction]) -> list[Finding]:
    """What must be among the sanctions and is not. Orders to correct and to suspend need not be listed.

    used: the clauses on which the listed sanctions rest. An order that ran out leaves the clauses of the first stage
    behind it; they are commanded only when the case applies one of them.
    """
    if asked.sanctions.only_enforces:
        return []
    clauses = list(used)
    found = [*_confiscation(provision, stages, asked, clauses)]
    # 减轻 may leave a fine out, and who was fined for the act already must not be fined again (第二十九条).
    if not asked.facts.fined_before:
        if not asked.entity_grounds:
            found += _entity(provision, stages, asked, clauses)
        if not asked.person_grounds:
            found += _persons(provision, stages, asked, clauses)
    return found


def _behind(clause: Sanction, provision: Provision, stages: Stages, used: list[Sanction]) -> bool:
    """Whether the clause belongs to the first stage, a later one is reached, and nothing of the first is applied."""
    later = any(s.stage is Stage.UNCORRECTED for s in provision.sanctions)
    return (
        clause.stage is Stage.IMMEDIATE
        and stages.uncorrected
        and later
        and not any(s.stage is Stage.IMMEDIATE for s in used)
    )


def _another_organ(clause: Sanction, asked: Question, used: list[Sanction]) -> bool:
    """Whether another organ than the one that decides here has to impose it."""
    if not clause.organs:
        return False
    if asked.facts.authority is not None:
        return asked.facts.authority not in clause.organs
    return bool(used) and all(s.organs and not s.organs & clause.organs for s in used)


def _due(clauses: list[Sanction], provision: Provision, stages: Stages, asked: Question, used: list[Sanction]) -> bool:
    return bool(clauses) and not any(
        _behind(c, provision, stages, used) or _another_organ(c, asked, used) for c in clauses
    )


def _entity(provision: Provision, stages: Stages, asked: Question, used: list[Sanction]) -> list[Finding]:
    if asked.sanctions.fine_entity is not None or asked.party is PartyKind.PERSON:
        return []
    clauses = fining(provision, stages, asked, lambda target: strikes_entity(target, asked.party, provision))
    if not _due(clauses, provision, stages, asked, used) or not must(f for c in clauses for f in c.fines):
        return []
    text = f"{provision.article}规定应当对{clauses[0].addressee}处以罚款，本案没有，也没有减轻处罚的情形"
    return [Finding(Code.FINE_OMITTED, text, provision.article)]


def _persons(provision: Provision, stages: Stages, asked: Question, used: list[Sanction]) -> list[Finding]:
    if asked.sanctions.fines_persons or asked.party is PartyKind.PERSON:
        return []
    if asked.party is PartyKind.INDIVIDUAL_BUSINESS and fines_units(provision):
        return []
    clauses = fining(provision, stages, asked, lambda target: target in COMMANDED)
    if not _due(clauses, provision, stages, asked, used) or not must(f for c in clauses for f in c.fines):
        return []
    text = f"{provision.article}规定应当对{clauses[0].addressee}处以罚款，本案没有"
    return [Finding(Code.PERSONAL_FINE_OMITTED, text, provision.article)]


def _confiscation(provision: Provision, stages: Stages, asked: Question, used: list[Sanction]) -> list[Finding]:
    if asked.sanctions.confiscation:
        return []
    gains = asked.facts.gains
    ordered = False
    for clause in provision.sanctions:
        named = (clause.all_measures & {Measure.CONFISCATION, Measure.CONFISCATION_OF_GOODS}) - clause.optional
        if not named or not reached(clause, stages, asked):
            continue
        if _behind(clause, provision, stages, used) or _another_organ(clause, asked, used):
            ordered = True
            continue
        if Measure.CONFISCATION_OF_GOODS in named:
            text = f"{provision.article}规定应当没收非法财物，本案没有"
            return [Finding(Code.CONFISCATION_OMITTED, text, provision.article)]
        if (gains is None and not clause.if_gains) or (gains is not None and gains > 0):
            text = f"{provision.article}规定没收违法所得，本案没有"
            return [Finding(Code.CONFISCATION_OMITTED, text, provision.article)]
    if gains is not None and gains > 0 and not ordered:
        return [Finding(Code.CONFISCATION_OMITTED, "当事人有违法所得，应当没收，本案没有", APL[28, 2])]
    return []
