"""听证 (行政处罚法 63–65): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL, CPL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import State
from fadu.procedure.declare import Chapter, Duty, Step

STAFF = (Role.LEGAL_REVIEWER, Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD)


class Hearing(Chapter):
    """听证 (行政处罚法 63–65)"""

    request_hearing = Step(
        "当事人要求听证",
        (State.NOTIFIED, State.HEARING),
        State.HEARING,
        by=(Role.CASE_OFFICER, Role.CLERK),
        per_party=True,
        requires=(rules.hearing_right, rules.hearing_asked_in_time),
        fulfils=("要求听证",),
        basis=(APL[63, 1], APL[64, None, 1]),
    )

    waive_hearing = Step(
        "当事人放弃听证",
        (State.NOTIFIED, State.HEARING),
        by=(Role.CASE_OFFICER, Role.CLERK),
        per_party=True,
        requires=(rules.hearing_right, rules.notices_served, rules.hearing_not_asked),
        fulfils=("要求听证",),
        basis=(APL[63, 1], APL[64, None, 1]),
        hint="须有当事人书面或者音像的明确表示；放弃陈述申辩不等于放弃听证。",
    )

    appoint_host = Step(
        "指定听证主持人",
        (State.HEARING,),
        by=(Role.AGENCY_HEAD,),
        requires=(rules.hearing_pending, rules.host_independent),
        basis=(APL[64, None, 4],),
        hint="由非本案调查人员主持；主持人回避的，另行指定。",
    )

    notify_hearing = Step(
        "通知举行听证",
        (State.HEARING,),
        by=STAFF,
        requires=(rules.hearing_pending, rules.host_appointed, rules.hearing_far_enough),
        documents=(Document.HEARING_NOTICE,),
        basis=(APL[64, None, 2], APL[64, None, 3]),
    )

    serve_hearing_notice = Step(
        "送达听证会通知书",
        (State.HEARING,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        documents=(Document.SERVICE_RECEIPT,),
        basis=(APL[64, None, 2], CPL[87]),
    )

    withdraw_hearing = Step(
        "当事人撤回听证要求",
        (State.HEARING,),
        by=(Role.CASE_OFFICER, Role.CLERK),
        per_party=True,
        requires=(rules.hearing_asked,),
        basis=(APL[63, 1], APL[64, None, 6]),
        hint="须有当事人书面或者音像的明确表示。",
    )

    hold_hearing = Step(
        "举行听证",
        (State.HEARING,),
        by=STAFF,
        requires=(
            rules.host_appointed,
            rules.host_independent,
            rules.hearing_notified_in_time,
            rules.hearing_day_reached,
            rules.agents_within_two,
        ),
        documents=(Document.HEARING_RECORD,),
        basis=(APL[63, 2], APL[64, None, 3], APL[64, None, 5], APL[64, None, 6], APL[64, None, 7], APL[64, None, 8]),
        hint="由主持人或者记录员登记；当事人无正当理由不出席或者未经许可中途退出的，视为放弃，终止听证。",
    )

    report_hearing = Step(
        "提出听证报告",
        (State.HEARING,),
        by=STAFF,
        requires=(rules.hearing_held,),
        documents=(Document.HEARING_REPORT,),
        basis=(APL[65],),
    )
