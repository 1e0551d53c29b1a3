"""安全生产监督检查, as a jurist reads it: the declaration runs the visit, counts its periods and draws the chart [pure]."""

from __future__ import annotations

from datetime import date
from enum import Enum

from fadu.document.kinds import Document
from fadu.inspection.procedures.routine import rules
from fadu.law.statutes import APL, CPL, WSL
from fadu.org.roles import Role
from fadu.procedure.declare import Duty, If, Procedure, Step, days

REINSPECTION = "整改复查"


class RoutineInspection(Procedure, code="inspection.routine"):
    """安全生产监督检查（安全生产法第四章）"""

    title = "安全生产监督检查"
    basis = (WSL[62, 2], WSL[65, 1])
    in_force = date(2021, 9, 1)

    class State(Enum):
        """检查所处的阶段"""

        PLANNED, ARRANGED, ON_SITE, FINISHED = "拟定方案", "已安排", "现场检查", "检查结束"
        RECTIFYING, CORRECTED = "限期整改", "整改合格"
        CLOSED, CANCELLED = "已办结", "已取消"

    initial = State.PLANNED
    main = (
        State.PLANNED,
        State.ARRANGED,
        State.ON_SITE,
        State.FINISHED,
        State.RECTIFYING,
        State.CORRECTED,
        State.CLOSED,
    )
    final = (State.CLOSED, State.CANCELLED)
    AFTER = (State.FINISHED, State.RECTIFYING, State.CORRECTED)

    # ---- 安排 ------------------------------------------------------------------------------------------------------

    arrange = Step(
        "安排检查",
        (State.PLANNED,),
        State.ARRANGED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        approval="inspection_plan",
        decided_by=Role.AGENCY_HEAD,
        duty=Duty.INVESTIGATE,
        requires=(rules.within_powers, rules.has_content, rules.two_certified_officers),
        documents=(Document.INSPECTION_PLAN,),
        draws_serial=True,
        basis=(WSL[62, 2],),
    )

    reassign = Step(
        "变更检查人员",
        (State.PLANNED, State.ARRANGED, State.ON_SITE, *AFTER),
        by=(Role.REVIEWER, Role.AGENCY_HEAD),
        requires=(rules.two_certified_officers,),
        basis=(APL[42, 1], APL[43, 1]),
    )

    drop = Step(
        "放弃方案",
        (State.PLANNED,),
        State.CANCELLED,
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        basis=(WSL[62, 2],),
        hint="方案还没有批准的，由检查人员写明原因后放弃。",
    )

    cancel = Step(
        "取消检查",
        (State.ARRANGED,),
        State.CANCELLED,
        by=(Role.AGENCY_HEAD,),
        duty=Duty.DECIDE,
        basis=(WSL[62, 2],),
        hint="方案已经批准的，取消由机关负责人决定。",
    )

    # ---- 现场 ------------------------------------------------------------------------------------------------------

    begin = Step(
        "亮证检查",
        (State.ARRANGED,),
        State.ON_SITE,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.within_powers,
            rules.two_certified_officers,
            rules.two_present,
            rules.certificates_shown,
        ),
        basis=(APL[42, 1], APL[55, 1], WSL[67, 2]),
    )

    check = Step(
        "逐项检查",
        (State.ON_SITE,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        basis=(WSL[65, 1, 1], WSL[68]),
    )

    find = Step(
        "记录问题",
        (State.ON_SITE,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        basis=(WSL[65, 1, 2], WSL[68]),
    )

    measure = Step(
        "责令现场处理",
        (State.ON_SITE, State.FINISHED, State.RECTIFYING),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.major_hazard_open, rules.two_certified_officers),
        documents=(Document.ONSITE_MEASURE_DECISION,),
        basis=(WSL[65, 1, 3],),
        hint="重大事故隐患排除前或者排除过程中无法保证安全的，当场责令撤出人员、暂时停产停业或者停止使用。",
    )

    finish = Step(
        "结束检查",
        (State.ON_SITE,),
        State.FINISHED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.two_certified_officers,
            rules.something_checked,
            rules.every_failure_recorded,
            rules.every_finding_founded,
            rules.officers_signed,
            rules.party_signed_or_refused,
        ),
        documents=(Document.SITE_RECORD, If(rules.has_photos, Document.PHOTO_EVIDENCE)),
        basis=(WSL[68], APL[55, 2]),
    )

    # ---- 整改 ------------------------------------------------------------------------------------------------------

    order = Step(
        "责令限期整改",
        (State.FINISHED, State.RECTIFYING),
        State.RECTIFYING,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.something_to_order, rules.two_certified_officers, rules.every_open_finding_has_a_term),
        documents=(Document.RECTIFICATION_ORDER,),
        basis=(WSL[65, 1, 2], APL[28, 1]),
    )

    serve = Step(
        "送达文书",
        (State.ON_SITE, *AFTER),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.served_in_time,),
        starts=(
            If(
                rules.more_to_reinspect,
                days(REINSPECTION, 10, WSL[65, 1, 2], runs_from="service", parameter="reinspection"),
            ),
        ),
        basis=(CPL[87], CPL[88, 1], WSL[65, 1, 2]),
        hint="责令限期整改指令书、现场处理措施决定书、整改延期申请答复书和整改复查意见书都要送达。复查期限自最早的整改期限届满之日起算，不自点击之日起算。",
    )

    apply_extension = Step(
        "申请延长整改期限",
        (State.RECTIFYING,),
        by=(Role.CASE_OFFICER, Role.CLERK),
        requires=(rules.more_to_reinspect, rules.asked_in_time),
        basis=(WSL[65, 1, 2],),
        hint="登记被检查单位在期限届满前提出的书面申请。",
    )

    decide_extension = Step(
        "决定是否延长",
        (State.RECTIFYING,),
        by=(Role.AGENCY_HEAD,),
        duty=Duty.DECIDE,
        requires=(rules.extension_pending,),
        documents=(Document.EXTENSION_APPROVAL, Document.EXTENSION_REPLY),
        starts=(
            If(
                rules.more_to_reinspect,
                days(REINSPECTION, 10, WSL[65, 1, 2], runs_from="service", parameter="reinspection"),
            ),
        ),
        basis=(WSL[65, 1, 2],),
    )

    ask_reinspection = Step(
        "收到复查申请",
        (State.RECTIFYING,),
        by=(Role.CASE_OFFICER, Role.CLERK),
        requires=(rules.order_served, rules.more_to_reinspect),
        starts=(days(REINSPECTION, 10, WSL[65, 1, 2], parameter="reinspection"),),
        basis=(WSL[65, 1, 2],),
        hint="被检查单位提前整改完毕申请复查的，复查期限自收到申请之日起算。",
    )

    reinspect = Step(
        "复查",
        (State.RECTIFYING,),
        State.CORRECTED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.order_served, rules.something_to_reinspect, rules.two_reinspecting),
        reaches=rules.all_corrected,
        fulfils=(REINSPECTION,),
        documents=(Document.REINSPECTION_OPINION,),
        starts=(
            If(
                rules.more_to_reinspect,
                days(REINSPECTION, 10, WSL[65, 1, 2], runs_from="service", parameter="reinspection"),
            ),
        ),
        basis=(WSL[65, 1, 2],),
    )

    resume = Step(
        "同意恢复",
        AFTER,
        by=(Role.AGENCY_HEAD,),
        duty=Duty.DECIDE,
        requires=(rules.measure_standing, rules.hazards_removed),
        basis=(WSL[65, 1, 3],),
        hint="重大事故隐患排除后，经审查同意，方可恢复生产经营和使用。",
    )

    # ---- 移交、办结 -------------------------------------------------------------------------------------------------

    refer = Step(
        "移交立案",
        AFTER,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.something_found,),
        basis=(APL[54, 2], WSL[65, 1, 2]),
        hint="需要给予行政处罚的，登记为案件线索；整改照常进行。",
    )

    close = Step(
        "办结",
        AFTER,
        State.CLOSED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(rules.nothing_left, rules.no_measure_standing),
        cancels=(REINSPECTION,),
        basis=(WSL[62, 2], WSL[68]),
    )
