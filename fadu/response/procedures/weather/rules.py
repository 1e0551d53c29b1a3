"""The clauses of a response that are true or false of its facts, each with its article [pure]."""

from __future__ import annotations

from fadu.law.statutes import EMERGENCY
from fadu.procedure.declare import Verdict, rule
from fadu.response.procedures.weather.facts import ResponseFacts

SHOWN = 5


def _listed(names: tuple[str, ...]) -> str:
    more = f"等{len(names)}项" if len(names) > SHOWN else ""
    return f"{'、'.join(names[:SHOWN])}{more}"


@rule("每项任务都已反馈：完成，或者写明为什么不适用", EMERGENCY[66])
def every_task_answered(facts: ResponseFacts) -> Verdict:
    """What was asked of a member is not forgotten because the rain has stopped (应对法 66, 67)."""
    return True if not facts.unanswered else f"还没有反馈：{_listed(facts.unanswered)}"


@rule("每处安排转移的人员都已清点", EMERGENCY[67])
def everybody_counted(facts: ResponseFacts) -> Verdict:
    """Whoever was told to leave is counted where he went (应对法 67 (六))."""
    return True if not facts.uncounted else f"还没有登记到达人数：{_listed(facts.uncounted)}"


@rule("启动过应急响应", EMERGENCY[71], unmet="没有启动应急响应")
def was_started(facts: ResponseFacts) -> Verdict:
    """Only what was started is ended by a decision."""
    return facts.started
