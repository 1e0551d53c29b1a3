"""What upper floors tell this one: how a procedure flows and is drawn, what the machine has checked, figures of other lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from fadu.power.flow import Flow

FlowMaker = Callable[[str, date], "Flow | None"]
Drawing = Callable[[Flow, str, bool], str]


@dataclass(frozen=True)
class Tally:
    """What the record says of one control: how often it was checked, and how often it fired (fired_as says in which way)."""

    checked: int
    fired: int = 0
    fired_as: str = ""


# What each control checks, in words. Whether a floor counts it depends on what runs: one that nobody counts is shown as
# not yet connected, never as zero.
CONTROLS: dict[str, tuple[str, str]] = {
    "two_officers": ("两人以上执法", "须由两人以上办理的行为，每次都核对承办人数和当日有效的证件"),
    "separation": ("岗位分离", "审核、决定、收款登记时，核对本人没有办过不能兼任的事"),
    "approval": ("逐级审批", "须经审批的行为，经审批链同意才作出；退回的写明理由"),
    "period": ("期限预警", "法定期限到期前提醒，逾期须写明理由并永久标明"),
    "legal_review": ("法制审核", "应当审核的案件，未经审核或者审核未通过不能决定"),
    "evidence": ("证据固定", "证据入库时计算校验值，此后每次读取核对"),
    "record": ("全过程记录", "每一行为写入前后相接的记录，不能改动"),
    "random_draw": ("随机抽取", "检查对象和人员由系统随机抽取"),
    "deviation": ("偏离基准审批", "处罚偏离裁量基准的，须说明理由并经审批"),
}

_flows: list[FlowMaker] = []
_drawing: list[Drawing] = []
_tallies: dict[str, Callable[[str], Tally]] = {}
_figures: dict[str, Callable[[date], list[str] | int]] = {}


def flows_from(maker: FlowMaker) -> FlowMaker:
    """Decorator: the function that gives the flow of the version of a procedure in force on a day (the last counts)."""
    _flows[:] = [maker]
    return maker


def flow_of_procedure(code: str, on: date) -> Flow | None:
    """The flow of the declared procedure of that code, None when none is declared."""
    return _flows[0](code, on) if _flows else None


def drawn_by(drawing: Drawing) -> Drawing:
    """Decorator: the function that draws a flow as SVG: (flow, prefix of ids, standalone)."""
    _drawing[:] = [drawing]
    return drawing


def draw(flow: Flow, ident: str = "flow", *, standalone: bool = False) -> str:
    """The operation flow chart as one ``<svg>`` element; empty when no floor draws."""
    return _drawing[0](flow, ident, standalone) if _drawing else ""


def counts(key: str) -> Callable[[Callable[[str], Tally]], Callable[[str], Tally]]:
    """Decorator: the function counts control ``key`` over the matters of the item with the code it is given."""
    if key not in CONTROLS:
        raise ValueError(f"no control is called {key}")

    def register(function: Callable[[str], Tally]) -> Callable[[str], Tally]:
        _tallies[key] = function
        return function

    return register


def tally(key: str, code: str) -> Tally | None:
    """What the record says of a control for the item ``code``; None when no floor counts it yet."""
    return _tallies[key](code) if key in _tallies else None


def figure(name: str) -> Callable[[Callable[[date], list[str] | int]], Callable[[date], list[str] | int]]:
    """Decorator: a figure beside the list's own: ``checklist_sectors`` or ``benchmarks``, as of a day."""

    def register(function: Callable[[date], list[str] | int]) -> Callable[[date], list[str] | int]:
        _figures[name] = function
        return function

    return register


def figure_on(name: str, on: date, absent: list[str] | int) -> list[str] | int:
    """A figure as of a day; ``absent`` when no floor knows it."""
    return _figures[name](on) if name in _figures else absent
