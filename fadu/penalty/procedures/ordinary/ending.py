"""结案、归档 (行政处罚法 47; 档案法 14): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL, ARCHIVES
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import HANDLED, State
from fadu.procedure.declare import Chapter, Duty, Step, days


class Ending(Chapter):
    """结案、归档 (行政处罚法 47; 档案法 14)"""

    extend = Step(
        "延长办案期限",
        HANDLED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="term_extension",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.term_not_extended, rules.term_still_running),
        documents=(Document.TERM_EXTENSION,),
        extends=(days("作出处罚决定", 90, APL[60], parameter="decision_extension"),),
        basis=(APL[60],),
        hint="法律本身不设延期，依规章另有的规定；延长的天数凭记忆收录，待核。",
    )

    suspend = Step(
        "中止办理",
        (State.INVESTIGATING, State.CONCLUDED, State.CONSIDERED),
        State.SUSPENDED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="suspension",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        documents=(Document.ENDING_APPROVAL,),
        pauses=("作出处罚决定",),
        basis=(APL[60],),
        hint="法律没有规定中止，依规章另有的规定（凭记忆，待核）；中止期间不计入办案期限。",
    )

    go_on = Step(
        "恢复办理",
        (State.SUSPENDED,),
        returns=True,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        resumes=("作出处罚决定",),
        basis=(APL[60],),
        hint="中止的原因消除后应当立即恢复。",
    )

    dismiss = Step(
        "撤销案件",
        (State.INVESTIGATING, State.CONCLUDED, State.NOTIFIED, State.CONSIDERED, State.SUSPENDED),
        State.DISMISSED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="dismissal",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.nothing_left_preserved, rules.no_transfer_pending),
        documents=(Document.ENDING_APPROVAL,),
        cancels=("作出处罚决定", "陈述申辩", "要求听证"),
        basis=(APL[54, 2], APL[25, 1], APL[22]),
        hint="立案错误、不属本机关管辖、重复立案的；违法事实不能成立的，应当作出不予处罚决定。",
    )

    terminate = Step(
        "终结案件",
        (*HANDLED, State.SUSPENDED),
        State.TERMINATED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="termination",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.nothing_left_preserved, rules.no_transfer_pending),
        documents=(Document.ENDING_APPROVAL,),
        cancels=("作出处罚决定", "陈述申辩", "要求听证"),
        basis=(APL[4], APL[57, 1]),
        hint="当事人死亡，或者终止而没有承受其权利义务的；依规章的规定（凭记忆，待核）。",
    )

    close = Step(
        "结案",
        (State.PERFORMED, State.NOT_PENALISED, State.TRANSFERRED),
        State.CLOSED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="closing",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.ready_to_close,),
        documents=(Document.CLOSING_APPROVAL,),
        basis=(APL[47], APL[57, 1]),
    )

    archive = Step(
        "归档",
        (State.CLOSED, State.DISMISSED, State.TERMINATED),
        State.ARCHIVED,
        by=(Role.ARCHIVIST,),
        documents=(Document.CASE_FILE_COVER,),
        basis=(APL[47], ARCHIVES[14]),
    )
