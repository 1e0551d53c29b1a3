"""灾害性天气预警响应, as a jurist reads it: from the warning to the report; the level is a person's decision [pure]."""

from __future__ import annotations

from datetime import date
from enum import Enum

from fadu.document.kinds import Document
from fadu.law.statutes import EMERGENCY, WEATHER_DISASTER
from fadu.org.roles import Role
from fadu.procedure.declare import If, Procedure, Step
from fadu.response.procedures.weather import rules

DUTY = (Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD)  # whoever sits at the desk of the command
HEADS = (Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD)


class WeatherResponse(Procedure, code="response.weather"):
    """灾害性天气预警响应（突发事件应对法第四、五章）"""

    title = "灾害性天气预警响应"
    basis = (EMERGENCY[66], EMERGENCY[71], WEATHER_DISASTER[34, 2])
    in_force = date(2024, 11, 1)

    class State(Enum):
        """响应所处的阶段"""

        WARNED, RESPONDING, ENDED = "预警响应", "应急响应", "已结束"

    initial = State.WARNED
    main = (State.WARNED, State.RESPONDING, State.ENDED)
    final = (State.ENDED,)
    OPEN = (State.WARNED, State.RESPONDING)

    # ---- 任务 ------------------------------------------------------------------------------------------------------

    answer = Step(
        "反馈任务",
        OPEN,
        basis=(EMERGENCY[66], WEATHER_DISASTER[36]),
        hint="成员单位从收到的链接反馈；打电话反馈的，由值班人员代为登记。",
    )

    add = Step("增加任务", OPEN, by=DUTY, basis=(EMERGENCY[66],), hint="规则没有写到的任务，或者没有规则的灾种。")

    follow = Step(
        "跟进预警变动",
        OPEN,
        basis=(EMERGENCY[70], WEATHER_DISASTER[34, 2]),
        hint="收到更新、解除的预警时由系统登记：颜色升高的，按新的颜色重新布置任务。",
    )

    # ---- 会商、级别 --------------------------------------------------------------------------------------------------

    consult = Step("会商", OPEN, by=DUTY, documents=(Document.CONSULTATION_MINUTES,), basis=(EMERGENCY[62],))

    start = Step(
        "启动应急响应",
        (State.WARNED,),
        State.RESPONDING,
        by=HEADS,
        documents=(Document.RESPONSE_DECISION,),
        draws_serial=True,
        basis=(EMERGENCY[71], EMERGENCY[72, 2], WEATHER_DISASTER[34, 2]),
        hint="级别由规则建议，由有权决定的人决定；须写明响应事项、级别、预计期限和处置措施。",
    )

    raise_level = Step(
        "提升响应级别",
        (State.RESPONDING,),
        by=HEADS,
        documents=(Document.RESPONSE_DECISION,),
        basis=(EMERGENCY[70], EMERGENCY[72, 2]),
    )

    lower_level = Step(
        "降低响应级别",
        (State.RESPONDING,),
        by=HEADS,
        documents=(Document.RESPONSE_DECISION,),
        basis=(EMERGENCY[70], EMERGENCY[72, 2]),
    )

    # ---- 避险转移 ----------------------------------------------------------------------------------------------------

    evacuate = Step("安排避险转移", OPEN, by=DUTY, basis=(EMERGENCY[67], WEATHER_DISASTER[36]))

    arrive = Step("登记到达人数", OPEN, by=DUTY, basis=(EMERGENCY[67],))

    # ---- 结束 ------------------------------------------------------------------------------------------------------

    end = Step(
        "结束响应",
        OPEN,
        State.ENDED,
        by=HEADS,
        requires=(rules.every_task_answered, rules.everybody_counted),
        documents=(If(rules.was_started, Document.RESPONSE_DECISION), Document.RESPONSE_REPORT),
        basis=(EMERGENCY[70],),
        hint="没有启动应急响应的，不制作决定书，只出情况报告。",
    )
