"""法制审核、集体讨论、决定 (行政处罚法 57–60): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL, ARL, CPL, LIT, WSL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import State
from fadu.procedure.declare import Bound, Chapter, Duty, Escalation, If, Step, days, months, workdays


class Decision(Chapter):
    """法制审核、集体讨论、决定 (行政处罚法 57–60)"""

    review = Step(
        "法制审核",
        (State.CONSIDERED,),
        by=(Role.LEGAL_REVIEWER,),
        duty=Duty.REVIEW,
        requires=(rules.needs_legal_review,),
        documents=(Document.LEGAL_OPINION,),
        basis=(APL[58],),
    )

    discuss = Step(
        "集体讨论",
        (State.CONSIDERED,),
        by=(Role.CLERK, Role.AGENCY_HEAD),
        requires=(rules.grave_case, rules.discussion_in_order, If(rules.needs_legal_review, rules.legally_reviewed)),
        documents=(Document.DISCUSSION_MINUTES,),
        basis=(APL[57, 2],),
        hint="主要负责人最后发言（本机关的规则）。",
    )

    decide = Step(
        "作出处罚决定",
        (State.CONSIDERED,),
        State.DECIDED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="decision",
        decided_by=Role.AGENCY_HEAD,
        escalates=Escalation(rules.departs_from_benchmark, "decision_departure", Role.PRINCIPAL_HEAD),
        duty=Duty.INVESTIGATE,
        requires=(
            rules.notices_served,
            rules.no_hearing_pending,
            rules.every_party_disposed,
            rules.within_the_law,
            rules.provisions_within_powers,
            rules.within_benchmark,
            rules.not_heavier_than_noticed,
            rules.not_the_same_again,
            rules.no_penalty_time_barred,
            rules.no_second_fine,
            rules.exemption_grounded,
            If(rules.needs_legal_review, rules.legally_reviewed),
            If(rules.grave_case, rules.collectively_discussed),
            rules.no_recusal_pending,
            rules.no_transfer_pending,
            rules.crime_answered,
            rules.two_certified_officers,
        ),
        documents=(
            Document.DISPOSAL_SUBMISSION,
            Document.PENALTY_DECISION_UNIT,
            Document.PENALTY_DECISION_PERSON,
            Document.NO_PENALTY_DECISION,
        ),
        within="作出处罚决定",
        starts=(workdays("送达决定书", 7, APL[61, 1]), workdays("公开处罚决定", 7, WSL[78, 2])),
        basis=(APL[57, 1, 1], APL[59], APL[60]),
    )

    exempt = Step(
        "不予处罚",
        (State.CONCLUDED, State.CONSIDERED),
        State.NOT_PENALISED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="exemption",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.all_exempt,
            rules.exemption_grounded,
            rules.no_recusal_pending,
            rules.no_transfer_pending,
            If(rules.needs_legal_review, rules.legally_reviewed),
        ),
        documents=(Document.NO_PENALTY_DECISION,),
        within="作出处罚决定",
        starts=(workdays("送达决定书", 7, APL[61, 1]),),
        basis=(APL[57, 1, 2], APL[57, 1, 3], APL[33]),
    )

    serve_exemption = Step(
        "送达不予处罚决定书",
        (State.NOT_PENALISED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        documents=(Document.SERVICE_RECEIPT,),
        starts=(
            days("申请行政复议", 60, ARL[20, 1], bound=Bound.RIGHT, runs_from="service"),
            months("提起行政诉讼", 6, LIT[46, 1], bound=Bound.RIGHT, runs_from="service"),
        ),
        basis=(APL[61, 1], CPL[87]),
    )
