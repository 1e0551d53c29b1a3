"""行政处罚普通程序, as a jurist reads it chapter by chapter: it runs the case, computes the periods, draws the chart [pure]."""

from __future__ import annotations

from datetime import date

from fadu.law.statutes import APL
from fadu.penalty.procedures.ordinary.consequences import Consequences
from fadu.penalty.procedures.ordinary.decision import Decision
from fadu.penalty.procedures.ordinary.ending import Ending
from fadu.penalty.procedures.ordinary.enforcement import Enforcement
from fadu.penalty.procedures.ordinary.filing import Filing
from fadu.penalty.procedures.ordinary.hearing import Hearing
from fadu.penalty.procedures.ordinary.investigation import Investigation
from fadu.penalty.procedures.ordinary.notice import Notice
from fadu.penalty.procedures.ordinary.one_act import OneAct
from fadu.penalty.procedures.ordinary.performance import Performance
from fadu.penalty.procedures.ordinary.remedies import Remedies
from fadu.penalty.procedures.ordinary.states import State as States
from fadu.penalty.procedures.ordinary.transfer import Transfer
from fadu.procedure.declare import Procedure, workdays


class OrdinaryPenalty(
    Filing,
    Investigation,
    OneAct,
    Transfer,
    Notice,
    Hearing,
    Decision,
    Performance,
    Enforcement,
    Consequences,
    Remedies,
    Ending,
    Procedure,
    code="penalty.ordinary",
):
    """行政处罚普通程序（行政处罚法第五章第三节）"""

    title = "行政处罚普通程序"
    basis = (APL[54], APL[57])
    in_force = date(2021, 7, 15)
    State = States
    initial = States.CLUE
    main = (
        States.CLUE,
        States.INVESTIGATING,
        States.CONCLUDED,
        States.NOTIFIED,
        States.CONSIDERED,
        States.DECIDED,
        States.SERVED,
        States.PERFORMED,
        States.CLOSED,
        States.ARCHIVED,
    )
    final = (States.NOT_FILED, States.ARCHIVED)
    opens = (workdays("决定是否立案", 15, APL[54, 2], parameter="filing"),)
