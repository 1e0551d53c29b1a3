"""一事不二罚 (行政处罚法 29): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import HANDLED, UNDECIDED
from fadu.procedure.declare import Chapter, Duty, Step


class OneAct(Chapter):
    """一事不二罚 (行政处罚法 29)"""

    record_fine = Step(
        "登记其他机关的罚款",
        UNDECIDED,
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        per_party=True,
        basis=(APL[29],),
        hint="当事人已受其他机关罚款的，登记其决定；本系统内的处罚自动查出，不用登记。",
    )

    distinguish = Step(
        "说明不是同一违法行为",
        HANDLED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.fined_before,),
        basis=(APL[29],),
        hint="写明本案的违法行为与已受罚款的行为为什么不是同一个。",
    )
