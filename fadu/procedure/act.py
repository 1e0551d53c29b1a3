"""Whether a step may be taken: may this person, and is it time? Two questions, two kinds of refusal [pure]."""

from __future__ import annotations

from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.procedure.declare import Duty, If, Procedure, Refusal, Step, applies
from fadu.procedure.facts import Doer, MatterFacts

# Which duties may not meet in one person on one matter. That the reviewer and the decider did not investigate follows
# from 57 (the head examines the result of the investigation) and 58 (review before the decision); that whoever decides
# a fine does not take the money in is 67(1).
APART: dict[frozenset[Duty], tuple[str, Refusal]] = {
    frozenset({Duty.INVESTIGATE, Duty.REVIEW}): ("调查人员不审核自己承办的案件", Refusal("", (APL[58, 1],))),
    frozenset({Duty.INVESTIGATE, Duty.DECIDE}): ("调查人员不决定自己承办的案件", Refusal("", (APL[57, 1],))),
    frozenset({Duty.REVIEW, Duty.DECIDE}): ("审核人员与决定人员应当分开", Refusal("", (APL[57, 1], APL[58, 1]))),
    frozenset({Duty.INVESTIGATE, Duty.COLLECT}): ("办案人员不登记自己案件的罚款", Refusal("", (APL[67, 1],))),
    frozenset({Duty.DECIDE, Duty.COLLECT}): ("决定罚款的人员不登记收款", Refusal("", (APL[67, 1],))),
}


def competence(
    step: Step, doer: Doer, facts: MatterFacts, *, roles: tuple[Role, ...] | None = None, duty: Duty | None = None
) -> tuple[Refusal, ...]:
    """Why ``doer`` may not take (or propose, or approve) ``step``: post, certificate, recusal, separation of duties.

    ``roles`` and ``duty`` replace the step's own where a stage of an approval is asked about. An empty tuple means
    that the person may.
    """
    roles = step.by if roles is None else roles
    duty = step.duty if duty is None else duty
    found: list[Refusal] = []
    if doer.organ_id != facts.organ_id:
        found.append(Refusal("您不是本案办理机关的人员"))
    if roles and not (doer.roles & set(roles)):
        found.append(Refusal(f"须由{'、'.join(role.title for role in roles)}作出，您没有这一岗位", step.basis))
    if doer.recused:
        found.append(Refusal(f"{doer.name}已回避本案", (APL[43, 1],)))
    if duty is Duty.INVESTIGATE:
        if facts.officers and doer.officer_id not in {officer.officer_id for officer in facts.officers}:
            names = "、".join(officer.name for officer in facts.officers)
            found.append(Refusal(f"您不是本案承办人（承办人：{names}）", (APL[42, 1],)))
        if not doer.certified:
            found.append(Refusal(f"{doer.name}没有在当日有效的执法证件", (APL[42, 1],)))
    if duty is Duty.REVIEW and Role.LEGAL_REVIEWER in roles and not doer.legally_qualified:
        found.append(Refusal(f"{doer.name}初次从事法制审核，没有登记法律职业资格", (APL[58, 2],)))
    for pair, (text, refusal) in APART.items():
        if duty in pair:
            (other,) = pair - {duty}
            # the case officers of 42 are appointed at filing; before that, proposing is not yet investigating
            if doer.officer_id in facts.did(other):
                found.append(Refusal(f"{text}：{doer.name}在本案中已经{other.value}", refusal.basis))
    return tuple(found)


def order(procedure: type[Procedure], step: Step, facts: MatterFacts) -> tuple[Refusal, ...]:
    """The refusal for a step that is not open in the present state, if so."""
    if facts.state in step.sources:
        return ()
    names = "、".join(state.value for state in step.sources)
    return (Refusal(f"现处于“{facts.state.value}”，{step.title}须在“{names}”时进行", step.basis),)


def wanting(step: Step, facts: MatterFacts, *, with_input: bool) -> tuple[Refusal, ...]:
    """The rules of ``step`` that ``facts`` do not satisfy; rules that read the act's own input only ``with_input``."""
    found: list[Refusal] = []
    for item in step.requires:
        needed = applies(item, facts)
        if needed is None or (needed.reads_input and not with_input):
            continue
        if isinstance(item, If) and item.when.reads_input and not with_input:
            continue
        if (refusal := needed.refusal(facts)) is not None:
            found.append(refusal)
    return tuple(found)


def timeliness(
    procedure: type[Procedure], step: Step, facts: MatterFacts, *, with_input: bool = False
) -> tuple[Refusal, ...]:
    """Why it is not yet time for ``step``: state first, then each rule that is not satisfied."""
    return order(procedure, step, facts) or wanting(step, facts, with_input=with_input)


def lateness(step: Step, facts: MatterFacts) -> tuple[str, ...]:
    """The names of the bureau's own periods that have run out before this act that should have met them.

    A missed duty does not block (else the wrong could never be ended); the caller asks for a reason and marks it.
    """
    names = {*step.fulfils, *step.meets, *({step.within} if step.within else ())}
    return tuple(
        period.name
        for period in facts.periods
        if period.name in names
        and not period.right
        and period.expired(facts.on)
        and period.party in (None, facts.party)
    )
