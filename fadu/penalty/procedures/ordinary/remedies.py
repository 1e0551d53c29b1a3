"""复议、诉讼和自行纠正 (行政处罚法 48 II, 73, 75 II): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL, ARL, LIT
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import AFTER_DECISION, State
from fadu.procedure.declare import Chapter, Duty, If, Step, days, workdays

OPEN_AFTER = (*AFTER_DECISION, State.ARCHIVED)


class Remedies(Chapter):
    """复议、诉讼和自行纠正 (行政处罚法 48 II, 73, 75 II)"""

    record_remedy = Step(
        "登记行政复议、行政诉讼",
        OPEN_AFTER,
        by=(Role.LEGAL_REVIEWER, Role.CLERK),
        per_party=True,
        requires=(rules.no_remedy_running,),
        basis=(APL[7, 1], APL[73, 1], APL[73, 3]),
        hint="复议、诉讼期间不停止执行，法律另有规定的除外；加处罚款的数额不予计算。",
    )

    end_remedy = Step(
        "登记复议、诉讼结果",
        OPEN_AFTER,
        by=(Role.LEGAL_REVIEWER, Role.CLERK),
        per_party=True,
        requires=(rules.remedy_running,),
        starts=(If(rules.published_and_changed, workdays("撤回公开信息", 3, APL[48, 2])),),
        basis=(APL[73, 3], ARL[64, 1], LIT[70]),
    )

    record_change = Step(
        "登记决定被变更",
        (*AFTER_DECISION, State.ARCHIVED),
        by=(Role.LEGAL_REVIEWER, Role.CLERK),
        starts=(workdays("撤回公开信息", 3, APL[48, 2]),),
        basis=(APL[48, 2], APL[75, 2]),
    )

    correct = Step(
        "自行纠正处罚决定",
        AFTER_DECISION,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="correction",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.correction_not_heavier, rules.no_remedy_running),
        documents=(Document.CORRECTION_DECISION,),
        starts=(If(rules.published_and_changed, workdays("撤回公开信息", 3, APL[48, 2])),),
        basis=(APL[75, 2],),
        hint="发现处罚决定有错误的，应当主动改正；纠正不得使当事人的处罚加重。",
    )

    redecide = Step(
        "责令重新处理，恢复调查",
        (State.DECIDED, State.SERVED, State.PERFORMED),
        State.INVESTIGATING,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.remanded,),
        starts=(days("作出处罚决定", 90, APL[60], parameter="decision"),),
        cancels=("缴纳罚款", "申请人民法院强制执行", "催告", "送达决定书"),
        basis=(ARL[64, 2], LIT[70], LIT[71]),
        hint="不得以同一事实和理由作出相同或者基本相同的处罚；因违反法定程序被撤销的除外。",
    )
