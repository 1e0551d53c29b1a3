"""送达、公开、履行 (行政处罚法 48, 61, 66, 67): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import ACL, APL, ARL, CPL, LIT, WSL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import AFTER_DECISION, HANDLED, State
from fadu.procedure.declare import Bound, Chapter, Duty, If, Step, days, months, workdays


class Performance(Chapter):
    """送达、公开、履行 (行政处罚法 48, 61, 66, 67)"""

    serve_decision = Step(
        "送达决定书",
        (State.DECIDED,),
        State.SERVED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        reaches=rules.all_decisions_served,
        documents=(Document.SERVICE_RECEIPT,),
        starts=(
            days("缴纳罚款", 15, APL[67, 3], bound=Bound.OBLIGATION, runs_from="service"),
            days("申请行政复议", 60, ARL[20, 1], bound=Bound.RIGHT, runs_from="service"),
            months("提起行政诉讼", 6, LIT[46, 1], bound=Bound.RIGHT, runs_from="service"),
            months("申请人民法院强制执行", 3, ACL[53], runs_from="提起行政诉讼"),
        ),
        basis=(APL[61], CPL[87]),
    )

    serve_paper = Step(
        "送达其他文书",
        (*HANDLED, *AFTER_DECISION, State.SUSPENDED),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.something_to_serve,),
        documents=(Document.SERVICE_RECEIPT,),
        starts=(
            If(rules.serves_a_demand, workdays("催告", 10, ACL[54], ACL[69], bound=Bound.RIGHT, runs_from="service")),
        ),
        basis=(CPL[87], CPL[88, 1]),
        hint="保存证据的通知和处理决定、批准书、加处罚款决定书、催告书、变更（撤销）决定书。",
    )

    confirm_service = Step(
        "确认送达生效",
        (State.DECIDED,),
        State.SERVED,
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        requires=(rules.all_decisions_served,),
        basis=(CPL[95],),
        hint="公告期满后确认。",
    )

    publish = Step(
        "公开处罚决定",
        AFTER_DECISION,
        by=(Role.PUBLISHER,),
        documents=(Document.DISCLOSURE_SHEET,),
        fulfils=("公开处罚决定",),
        basis=(APL[48, 1], WSL[78, 2], APL[50]),
    )

    withdraw = Step(
        "撤回公开信息",
        (*AFTER_DECISION, State.ARCHIVED),
        by=(Role.PUBLISHER,),
        requires=(rules.disclosed, rules.decision_changed),
        fulfils=("撤回公开信息",),
        documents=(Document.DISCLOSURE_SHEET,),
        basis=(APL[48, 2],),
    )

    record_payment = Step(
        "登记缴款",
        (State.DECIDED, State.SERVED),
        by=(Role.TREASURER,),
        duty=Duty.COLLECT,
        per_party=True,
        basis=(APL[67], APL[74, 2]),
    )

    defer = Step(
        "批准暂缓、分期缴纳罚款",
        (State.SERVED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="deferral",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.fine_unpaid, rules.plan_covers_what_is_owed),
        documents=(Document.DEFERRAL_APPROVAL, Document.DEFERRAL_CONSENT),
        basis=(APL[66, 2], APL[72, 2]),
        hint="当事人确有经济困难并提出申请的；申请法院强制执行的期限自暂缓、分期期限结束之日起算。",
    )

    record_performance = Step(
        "登记其他处罚的履行",
        (State.DECIDED, State.SERVED),
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.something_to_perform,),
        basis=(APL[66, 1],),
    )

    perform = Step(
        "履行（执行）完毕",
        (State.SERVED,),
        State.PERFORMED,
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        requires=(rules.all_performed,),
        cancels=("申请人民法院强制执行",),
        basis=(APL[66, 1], APL[67, 3]),
    )
