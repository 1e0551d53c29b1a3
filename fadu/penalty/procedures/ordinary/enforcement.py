"""加处罚款、催告和申请法院强制执行 (行政处罚法 72, 73; 行政强制法 45, 53–58): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import ACL, APL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import State
from fadu.procedure.declare import Chapter, Duty, If, Step, days


class Enforcement(Chapter):
    """加处罚款、催告和申请法院强制执行 (行政处罚法 72; 行政强制法 45, 53–58)"""

    surcharge = Step(
        "决定加处罚款",
        (State.SERVED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="surcharge",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(
            rules.surcharge_within_powers,
            rules.payment_overdue,
            rules.surcharge_told,
            rules.no_surcharge_yet,
            rules.no_remedy_running,
        ),
        documents=(Document.SURCHARGE_DECISION,),
        basis=(APL[72, 1, 1], ACL[45], APL[73, 3]),
        hint="每日百分之三，总额不超过罚款本数；复议、诉讼期间不计算。",
    )

    demand = Step(
        "催告履行",
        (State.SERVED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.payment_overdue,),
        documents=(Document.DEMAND,),
        basis=(ACL[54], APL[72, 1]),
    )

    answer_demand = Step(
        "听取对催告的陈述申辩",
        (State.SERVED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.demand_served,),
        documents=(Document.DEFENCE_RECORD,),
        basis=(ACL[36], ACL[55, 1, 3]),
    )

    apply_court = Step(
        "申请人民法院强制执行",
        (State.SERVED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="court_application",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(
            rules.unperformed,
            rules.remedies_over,
            rules.demand_run_out,
            rules.within_three_months,
            rules.not_yet_applied,
        ),
        documents=(Document.COURT_APPLICATION,),
        fulfils=("申请人民法院强制执行",),
        basis=(APL[72, 1, 4], APL[72, 2], ACL[53], ACL[54], ACL[55]),
        hint="申请书由行政机关负责人签名，加盖公章，注明日期。",
    )

    record_court = Step(
        "登记法院裁定和执行情况",
        (State.SERVED,),
        by=(Role.CASE_OFFICER, Role.CLERK, Role.LEGAL_REVIEWER),
        per_party=True,
        requires=(rules.applied_to_court,),
        starts=(If(rules.court_refused, days("向上一级人民法院申请复议", 15, ACL[56, 2], ACL[58, 3])),),
        basis=(ACL[56], ACL[57], ACL[58]),
    )

    ask_again = Step(
        "向上一级人民法院申请复议",
        (State.SERVED,),
        by=(Role.CASE_OFFICER, Role.LEGAL_REVIEWER),
        per_party=True,
        requires=(rules.court_refused,),
        fulfils=("向上一级人民法院申请复议",),
        basis=(ACL[56, 2], ACL[58, 3]),
    )

    end_execution = Step(
        "终结执行",
        (State.SERVED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="execution_end",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.unperformed,),
        documents=(Document.ENDING_APPROVAL,),
        basis=(ACL[40],),
    )
