"""拒不改正的按日连续处罚、提请关闭 (安全生产法 112, 113): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import WSL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import AFTER_DECISION, State
from fadu.procedure.declare import Chapter, Duty, Step


class Consequences(Chapter):
    """拒不改正的按日连续处罚、提请关闭 (安全生产法 112, 113)"""

    continue_fine = Step(
        "提出按日连续处罚",
        AFTER_DECISION,
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.daily_fine_open,),
        basis=(WSL[112],),
        hint="另行立案，照普通程序告知、听证、审核和决定；数额由系统按原罚款逐日计算。",
    )

    propose_closure = Step(
        "提请人民政府关闭",
        AFTER_DECISION,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="closure",
        decided_by=Role.PRINCIPAL_HEAD,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.closure_within_powers, rules.closure_open, rules.no_closure_waiting),
        documents=(Document.CLOSURE_PROPOSAL,),
        basis=(WSL[113, None, 1], WSL[115]),
        hint="本机关只提请，是否关闭由县级以上人民政府决定。",
    )

    record_closure = Step(
        "登记人民政府的决定",
        (*AFTER_DECISION, State.ARCHIVED),
        by=(Role.CASE_OFFICER, Role.CLERK),
        per_party=True,
        requires=(rules.closure_waiting,),
        basis=(WSL[115],),
    )
