"""行刑衔接 (行政处罚法 8, 27; 移送规定): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL, TRANSFER
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import HANDLED, UNDECIDED, State
from fadu.procedure.declare import Chapter, Duty, If, Step, days, hours


class Transfer(Chapter):
    """行刑衔接 (行政处罚法 8, 27; 移送规定)"""

    report_crime = Step(
        "报告涉嫌犯罪",
        UNDECIDED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        starts=(days("决定是否移送", 3, TRANSFER[5, 2]),),
        basis=(APL[27, 1], APL[8, 2], TRANSFER[3], TRANSFER[5, 1], TRANSFER[11, 1]),
        hint="两名以上执法人员组成专案组核实后提出书面报告。",
    )

    transfer = Step(
        "移送公安机关",
        UNDECIDED,
        State.TRANSFERRED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="transfer",
        decided_by=Role.PRINCIPAL_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.crime_reported,),
        documents=(Document.TRANSFER_APPROVAL, Document.TRANSFER_LETTER),
        draws_serial=True,
        fulfils=("决定是否移送",),
        pauses=("作出处罚决定",),
        cancels=("陈述申辩", "要求听证"),
        starts=(hours("送交公安机关", 24, TRANSFER[5, 2]),),
        basis=(APL[27, 1], APL[57, 1, 4], TRANSFER[5, 2], TRANSFER[6]),
    )

    refuse_transfer = Step(
        "不批准移送",
        UNDECIDED,
        by=(Role.PRINCIPAL_HEAD,),
        duty=Duty.DECIDE,
        requires=(rules.crime_reported,),
        fulfils=("决定是否移送",),
        basis=(TRANSFER[5, 2],),
        hint="理由记录在案。",
    )

    deny_crime = Step(
        "认定不涉嫌犯罪",
        HANDLED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="transfer",
        decided_by=Role.PRINCIPAL_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.threshold_reached, rules.no_transfer_pending),
        basis=(APL[27, 1], APL[8, 2], TRANSFER[5, 2]),
        hint="案卷记载的后果达到刑事追诉标准，而认为不涉嫌犯罪的，写明理由，由正职负责人认定。",
    )

    send_transfer = Step(
        "送交公安机关",
        (State.TRANSFERRED,),
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        fulfils=("送交公安机关",),
        basis=(TRANSFER[5, 2], TRANSFER[6]),
    )

    record_reply = Step(
        "登记公安机关答复",
        (State.TRANSFERRED,),
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        starts=(If(rules.accepted_by_police, days("移交涉案物品和材料", 3, TRANSFER[12])),),
        basis=(TRANSFER[8],),
    )

    hand_over = Step(
        "移交涉案物品和材料",
        (State.TRANSFERRED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.accepted_by_police,),
        fulfils=("移交涉案物品和材料",),
        basis=(TRANSFER[12],),
        hint="自接到立案通知书之日起三日内移交，并办结交接手续。",
    )

    resume = Step(
        "移回后恢复办理",
        (State.TRANSFERRED,),
        State.INVESTIGATING,
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        requires=(rules.returned_by_justice,),
        resumes=("作出处罚决定",),
        basis=(APL[27, 1], TRANSFER[10], TRANSFER[13]),
    )
