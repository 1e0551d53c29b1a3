"""Legal review, collective discussion, the decision and its service (行政处罚法 57–61)."""

from __future__ import annotations

from typing import Any

from fadu.kernel.errors import Invalid
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.penalty.models import Discussion, LegalReview, PenaltyCase
from fadu.penalty.services.investigating import CODE, iso, party_of
from fadu.penalty.services.noticing import serve_paper, unserved
from fadu.procedure.events import StepTaken, on_step
from fadu.procedure.registry import Taking, effect
from fadu.procedure.services import deadlines

DECISIONS = ("PENALTY_DECISION_UNIT", "PENALTY_DECISION_PERSON", "NO_PENALTY_DECISION")


@effect(f"{CODE}.review")
def review(taking: Taking) -> None:
    """法制审核: item by item; not passed means no decision (58 I)."""
    data = taking.data
    LegalReview.objects.create(
        case_id=taking.matter.pk, act_ordinal=taking.matter.revision + 1, on=taking.on, reviewer=taking.officer,
        verdict=data["verdict"], reason=data["reason"], items=data["items"],
    )  # fmt: skip
    taking.after["verdict"] = data["verdict"]
    taking.note = data["reason"]


@effect(f"{CODE}.discuss")
def discuss(taking: Taking) -> None:
    """集体讨论: attendance, recusal, each opinion in the order in which it was given (57 II)."""
    data = taking.data
    minutes = {**data, "faults": discussion_faults(taking, data)}
    Discussion.objects.create(
        case_id=taking.matter.pk, act_ordinal=taking.matter.revision + 1, held_on=iso(data["started_at"]) or taking.on,
        minutes=minutes, conclusion=data["conclusion"],
    )  # fmt: skip
    taking.after["present"] = [Officer.objects.get(pk=row["officer"]).name for row in data["statements"]]
    taking.note = data["conclusion"]


def discussion_faults(taking: Taking, data: Any) -> list[str]:
    """What is wrong with the discussion: too few heads, somebody recused or investigating, the head not last."""
    case, faults = taking.matter, []
    rows = data["statements"]
    heads = [Officer.objects.get(pk=row["officer"]) for row in rows]
    if len({h.pk for h in heads}) < 2:
        faults.append("出席的负责人不足两人，不成集体讨论")
    handling = set(case.assignments.values_list("officer_id", flat=True))
    recused = set(case.recusals.filter(granted=True).values_list("officer_id", flat=True))
    for head in heads:
        roles = org.roles_of(head, taking.on, case.organ)
        if not roles & {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}:
            faults.append(f"{head.name}不是本机关负责人")
        if head.pk in handling:
            faults.append(f"{head.name}是本案承办人，不能参加讨论决定")
        if head.pk in recused:
            faults.append(f"{head.name}已经回避")
    principal = [i for i, head in enumerate(heads) if Role.PRINCIPAL_HEAD in org.roles_of(head, taking.on, case.organ)]
    if principal and principal[-1] != len(heads) - 1:
        faults.append("主要负责人应当最后发言（本机关的规则）")
    if any(not row["opinion"].strip() for row in rows):
        faults.append("每名出席人都要有意见")
    return faults


@effect(f"{CODE}.decide")
def decide(taking: Taking) -> None:
    """作出处罚决定: for each party what was proposed becomes what is decided (57 I, 59)."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    for party in case.parties.filter(kept=False):
        party.decided = party.proposed if not party.exemption else {}
        party.decided_on = taking.on
        party.save(update_fields=["decided", "decided_on"])
        taking.after[party.name] = str(party.decision_sanctions) if not party.exemption else "不予处罚"
    case.decided_on = taking.on
    case.save(update_fields=["decided_on"])


@effect(f"{CODE}.exempt")
def exempt(taking: Taking) -> None:
    """不予处罚: each party's ground stands in its decision; education is given all the same (33 III)."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    for party in case.parties.filter(kept=False):
        if not party.education.strip():
            raise Invalid(
                {
                    "": f"{party.name}：不予处罚的，应当对当事人进行教育，请在处理建议中写明（《行政处罚法》第三十三条第三款）。"
                }
            )
        party.decided, party.decided_on = {}, taking.on
        party.save(update_fields=["decided", "decided_on"])
        taking.after[party.name] = party.get_exemption_display()
    case.decided_on = taking.on
    case.save(update_fields=["decided_on"])


@on_step(f"{CODE}.decide", f"{CODE}.exempt")
def keep_decision_papers(event: StepTaken) -> None:
    """Point each party at its own decision paper."""
    case = event.matter
    assert isinstance(case, PenaltyCase)
    for made in event.act.papers.select_related("paper"):
        if made.paper.kind in DECISIONS:
            case.parties.filter(ordinal=made.paper.party_no or 0).update(decision=made.paper)


@effect(f"{CODE}.serve_decision", f"{CODE}.serve_exemption")
def serve_decision(taking: Taking) -> None:
    """送达决定书: each party's own; the term of service is met when the last is served."""
    party = party_of(taking)
    serve_paper(taking, unserved(party.case, party, *DECISIONS), party)


@on_step(f"{CODE}.serve_decision", f"{CODE}.serve_exemption", f"{CODE}.confirm_service")
def meet_service(event: StepTaken) -> None:
    """The bureau's seven working days are met on the day of the act with which the last paper went out (61 I)."""
    case = event.matter
    assert isinstance(case, PenaltyCase)
    if not any(unserved(case, party, *DECISIONS) for party in case.parties.all()):
        last = max(
            s
            for p in case.case_file.papers.filter(kind__in=DECISIONS)
            for s in p.services.values_list("served_on", flat=True)
        )
        deadlines.meet(case, ["送达决定书"], party=None, on=last, reason=str(event.taking.data.get("late_reason", "")))
    for party in case.parties.exclude(decided=None):
        if not (party.decision_sanctions.fine or party.decision_sanctions.confiscation):
            deadlines.cancel(case, ["缴纳罚款"], party=party.ordinal, on=event.act.on)
