"""立案 (行政处罚法 54 II): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import State
from fadu.procedure.declare import Chapter, Duty, Step, days


class Filing(Chapter):
    """立案 (行政处罚法 54 II)"""

    file = Step(
        "立案",
        (State.CLUE,),
        State.INVESTIGATING,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="filing",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.within_powers,
            rules.has_parties,
            rules.in_jurisdiction,
            rules.not_time_barred,
            rules.two_certified_proposers,
        ),
        documents=(Document.CASE_FILING_APPROVAL,),
        draws_serial=True,
        starts=(days("作出处罚决定", 90, APL[60], parameter="decision"),),
        fulfils=("决定是否立案",),
        basis=(APL[54, 2], APL[42, 1]),
    )

    refuse_filing = Step(
        "不予立案",
        (State.CLUE,),
        State.NOT_FILED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="filing_refusal",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        documents=(Document.FILING_REFUSAL,),
        fulfils=("决定是否立案",),
        basis=(APL[54, 2], APL[36, 1], APL[76, 2]),
    )
