"""What is wrong with a declaration itself: unreachable states, dead ends, steps without basis or paper, lost periods [pure]."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from fadu.law.counting import DAY_RULES, day_rule
from fadu.procedure.declare import Bound, Period, Procedure, Rule, Step
from fadu.procedure.table import number_of, periods_of, rules_of


@dataclass(frozen=True)
class Finding:
    """One finding: a fault cannot stand; a warning may be meant so, and is then named in the test with its reason."""

    procedure: str
    code: str
    where: str
    text: str
    fault: bool = True

    def __str__(self) -> str:
        return f"{self.procedure}  {'错误' if self.fault else '提示'}  {self.where}：{self.text}（{self.code}）"


def lint(procedure: type[Procedure], approvals: Collection[str] | None = None) -> list[Finding]:
    """Every finding about a declaration; an empty list when there is none.

    approvals: the approval chains that are laid down as content; None leaves that question out.
    """
    found = [*_states(procedure), *_steps(procedure, approvals), *_rules(procedure), *_periods(procedure)]
    return sorted(dict.fromkeys(found), key=lambda f: (not f.fault, f.code, f.where))


def _states(procedure: type[Procedure]) -> Iterator[Finding]:
    key = procedure.key()
    moves = [step for step in procedure.steps.values() if step.target is not None]
    reached: set[Enum] = {procedure.initial}
    while grown := {s.target for s in moves if s.target not in reached and reached & set(s.sources)}:
        reached |= {target for target in grown if target is not None}
    for state in procedure.State:
        if state not in reached:
            yield Finding(key, "unreachable", state.value, "从起点到不了这一状态")
        leads_on = any(state in step.sources and step.target is not state for step in moves)
        leads_on = leads_on or any(state in step.sources for step in procedure.steps.values() if step.returns)
        if state not in procedure.final and not leads_on:
            yield Finding(key, "dead_end", state.value, "不是终点，却没有离开这一状态的步骤")
        if state in procedure.final and leads_on:
            yield Finding(key, "final_left", state.value, "是终点，却有离开这一状态的步骤")
    for state, following in zip(procedure.main, procedure.main[1:], strict=False):
        if not any(state in step.sources and step.target is following for step in moves):
            yield Finding(key, "broken_line", f"{state.value} → {following.value}", "主线上相邻的两个状态之间没有步骤")
    if not procedure.main or procedure.main[0] is not procedure.initial:
        yield Finding(key, "broken_line", procedure.title, "主线不从起点开始")


def _steps(procedure: type[Procedure], approvals: Collection[str] | None) -> Iterator[Finding]:
    key = procedure.key()
    titles: dict[str, str] = {}
    for step in procedure.steps.values():
        if not step.basis:
            yield Finding(key, "no_basis", step.name, f"“{step.title}”没有依据")
        if not step.sources:
            yield Finding(key, "no_source", step.name, f"“{step.title}”在任何状态都不能进行")
        if not step.by:
            yield Finding(key, "no_actor", step.name, f"“{step.title}”没有写明由谁作出", fault=False)
        if step.target is not None and not step.documents:
            yield Finding(key, "no_paper", step.name, f"“{step.title}”改变状态而不制作文书", fault=False)
        if (step.approval == "") != (step.decided_by is None):
            yield Finding(key, "half_approval", step.name, f"“{step.title}”的审批链和决定人应当一并写明")
        if step.approval and approvals is not None and step.approval not in approvals:
            yield Finding(key, "no_chain", step.name, f"没有名为“{step.approval}”的审批链")
        if step.escalates and approvals is not None and step.escalates.approval not in approvals:
            yield Finding(key, "no_chain", step.name, f"没有名为“{step.escalates.approval}”的审批链")
        if step.reaches is not None and step.target is None:
            yield Finding(key, "reaches_nothing", step.name, f"“{step.title}”写了到达的条件而没有目标状态")
        if step.title in titles:
            yield Finding(key, "same_title", step.name, f"与 {titles[step.title]} 同名：{step.title}")
        titles[step.title] = step.name


def _rules(procedure: type[Procedure]) -> Iterator[Finding]:
    key = procedure.key()
    used = {rule for step in procedure.steps.values() for rule in rules_of(step)}
    # A rule may be built on another of its module; that one is used, too.
    names = {name for rule in used for name in rule.test.__code__.co_names}
    modules = {rule.test.__module__ for rule in used}
    for rule in sorted(used, key=lambda r: r.name):
        if not rule.basis:
            yield Finding(key, "rule_no_basis", rule.name, f"条件“{rule}”没有依据")
    for module in sorted(modules):
        for name, rule in vars(sys.modules[module]).items():
            if isinstance(rule, Rule) and rule.test.__module__ == module and rule not in used and name not in names:
                yield Finding(key, "rule_unused", name, f"条件“{rule}”没有步骤用到")


def _periods(procedure: type[Procedure]) -> Iterator[Finding]:
    key = procedure.key()
    steps = procedure.steps.values()
    starting = [(step.name, period) for step in steps for period in periods_of(step) if period not in step.extends]
    extending = [(step.name, period) for step in steps for period in step.extends]
    starting += [("（立项时）", period) for period in procedure.opens]
    started = {period.name for _, period in starting}
    ended = {name for step in steps for name in (*step.fulfils, *step.meets, step.within) if name}
    for step in steps:
        for name in dict.fromkeys(_named(step)):
            if name not in started:
                yield Finding(key, "period_unknown", step.name, f"期间“{name}”没有步骤起算", fault=False)
    for where, period in extending:
        if period.name not in started:
            yield Finding(key, "period_unknown", where, f"期间“{period.name}”没有步骤起算", fault=False)
    for where, period in (*starting, *extending):
        if not period.basis:
            yield Finding(key, "period_no_basis", where, f"期间“{period.name}”没有依据")
        if period.parameter and number_of(period) is None:
            yield Finding(key, "no_number", where, f"期间“{period.name}”所指的法定数字“{period.parameter}”没有收录")
        if period.bound is not Bound.RIGHT and period.name not in ended and (where, period) in starting:
            yield Finding(key, "period_open", where, f"期间“{period.name}”没有步骤了结", fault=False)
        if (fault := _wrong_unit(period)) is not None:
            yield Finding(key, "wrong_unit", where, fault)


def _named(step: Step) -> list[str]:
    return [
        *step.fulfils,
        *step.meets,
        *step.pauses,
        *step.resumes,
        *step.cancels,
        *((step.within,) if step.within else ()),
    ]


def _wrong_unit(period: Period) -> str | None:
    """Days that the statute makes working days, or working days where it means calendar days."""
    if period.parameter or not period.basis or period.unit not in ("days", "workdays"):
        return None
    statute = period.basis[0].statute
    rule = day_rule(statute, period.n, partys=period.bound is not Bound.DUTY)
    if rule is not None and period.unit == "days":
        return f"期间“{period.name}”应按工作日计算：{rule.article}"
    if rule is None and period.unit == "workdays" and statute in DAY_RULES:
        return f"期间“{period.name}”应按自然日计算：{DAY_RULES[statute].article}"
    return None
