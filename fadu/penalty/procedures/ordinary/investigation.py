"""调查取证 (行政处罚法 40, 42, 43, 46, 54, 55): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import HANDLED, UNDECIDED, State
from fadu.procedure.declare import Chapter, Duty, Step, workdays


class Investigation(Chapter):
    """调查取证 (行政处罚法 40, 42, 43, 46, 54, 55)"""

    summon = Step(
        "通知询问",
        (State.INVESTIGATING,),
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        requires=(rules.two_certified_officers,),
        documents=(Document.QUESTIONING_NOTICE,),
        basis=(APL[55, 2],),
    )

    question = Step(
        "询问",
        (State.INVESTIGATING,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.two_certified_officers,),
        documents=(Document.QUESTIONING_RECORD,),
        basis=(APL[55], APL[42, 1], APL[43, 1]),
    )

    take_evidence = Step(
        "取证",
        (State.INVESTIGATING,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.two_certified_officers,),
        basis=(APL[46], APL[54, 1], APL[47]),
    )

    verify_evidence = Step(
        "查证", (State.INVESTIGATING,), by=(Role.CASE_OFFICER,), duty=Duty.INVESTIGATE, basis=(APL[46, 2], APL[46, 3])
    )

    reassign = Step(
        "变更承办人",
        HANDLED,
        by=(Role.REVIEWER, Role.AGENCY_HEAD),
        requires=(rules.two_certified_officers,),
        basis=(APL[42, 1], APL[43]),
    )

    request_recusal = Step(
        "提出回避",
        UNDECIDED,
        by=(Role.CASE_OFFICER, Role.LEGAL_REVIEWER, Role.CLERK),
        basis=(APL[43, 1], APL[43, 2]),
        hint="当事人提出的，由收到申请的人员登记；决定前不停止调查。",
    )

    decide_recusal = Step(
        "决定回避",
        UNDECIDED,
        by=(Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD),
        documents=(Document.RECUSAL_DECISION,),
        basis=(APL[43, 3],),
    )

    preserve = Step(
        "先行登记保存证据",
        (State.INVESTIGATING,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="preservation",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.two_certified_officers,),
        documents=(Document.PRESERVATION_APPROVAL, Document.PRESERVATION_NOTICE),
        starts=(workdays("处理先行登记保存的证据", 7, APL[56], parameter="registration_of_evidence", each=True),),
        basis=(APL[56],),
        hint="证据可能灭失或者以后难以取得的，经负责人批准；在此期间不得销毁或者转移证据。",
    )

    dispose_preserved = Step(
        "处理先行登记保存的证据",
        HANDLED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="preservation_disposal",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.something_preserved,),
        documents=(Document.PRESERVATION_DISPOSAL_APPROVAL, Document.PRESERVATION_DISPOSAL),
        meets=("处理先行登记保存的证据",),
        basis=(APL[56],),
        hint="逐件作出处理决定；一批全部处理完毕，七个工作日的期限才了结。",
    )

    conclude = Step(
        "调查终结",
        (State.INVESTIGATING,),
        State.CONCLUDED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.two_certified_officers,
            rules.evidence_verified,
            rules.questioned_or_examined,
            rules.nothing_left_preserved,
            rules.every_party_disposed,
            rules.within_the_law,
            rules.provisions_within_powers,
            rules.within_benchmark,
            rules.no_penalty_time_barred,
            rules.exemption_grounded,
        ),
        documents=(Document.INVESTIGATION_REPORT,),
        basis=(APL[40], APL[54, 1], APL[57, 1], APL[34]),
    )
