"""The states of the ordinary procedure and the groups of them that steps name [pure]."""

from enum import Enum


class State(Enum):
    """案件所处的阶段"""

    CLUE, INVESTIGATING, CONCLUDED = "线索核查", "调查取证", "调查终结"
    NOTIFIED, HEARING, CONSIDERED = "已告知", "待听证", "意见已复核"
    DECIDED, SERVED, PERFORMED = "已决定", "已送达", "已履行"
    NOT_FILED, NOT_PENALISED, TRANSFERRED = "不予立案", "不予处罚", "移送公安机关"
    SUSPENDED, DISMISSED, TERMINATED = "中止办理", "已撤销案件", "已终结案件"
    CLOSED, ARCHIVED = "已结案", "已归档"


UNDECIDED = (
    State.CLUE,
    State.INVESTIGATING,
    State.CONCLUDED,
    State.NOTIFIED,
    State.HEARING,
    State.CONSIDERED,
)
HANDLED = UNDECIDED[1:]
AFTER_DECISION = (State.DECIDED, State.SERVED, State.PERFORMED, State.CLOSED)
