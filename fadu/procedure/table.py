"""The table of a procedure that a jurist reads and signs, printed from the declaration as Markdown [pure]."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from fadu.document.kinds import Document
from fadu.law.citations import Article, in_chinese
from fadu.law.content.numbers import Number, numbers
from fadu.procedure.declare import Bound, If, Period, Procedure, Rule, Step

HEADS = ("步骤", "从 → 到", "作出人", "条件", "文书", "期间", "依据")
CONFIDENCE = {"memory": "凭记忆，待核", "model": "示例，待核"}


class Row(NamedTuple):
    """One step as the table shows it; every cell is a text."""

    title: str
    way: str
    actors: str
    conditions: str
    papers: str
    periods: str
    basis: str


# --- words ----------------------------------------------------------------------------------------------------------


@cache
def _shipped() -> dict[str, Number]:
    """The dated numbers of law that are shipped, by name; of several the one that came last into force."""
    found: dict[str, Number] = {}
    for one in numbers():
        if one.number.name not in found or found[one.number.name].since < one.number.since:
            found[one.number.name] = one.number
    return found


def number_of(period: Period) -> Number | None:
    """The shipped number of law that sets the period's length; None when the declaration sets it or no such number is."""
    return _shipped().get(period.parameter) if period.parameter else None


def length_of(period: Period) -> str:
    """How long the period is; where a dated number of law sets it, that number and how far it is known."""
    number = number_of(period)
    if number is None:
        return period.length
    known = CONFIDENCE.get(number.confidence)
    return f"{number}（{known}）" if known else str(number)


def period_in_words(period: Period) -> str:
    """Name, length, and from when."""
    return f"{period.name}{length_of(period)}{period.origin}"


def _words(item: Any) -> str:
    """A rule, paper or period, with the condition under which it applies."""
    inner, when = (item.then, f"（{item.when}的）") if isinstance(item, If) else (item, "")
    if isinstance(inner, Document):
        return f"《{inner.title}》{when}"
    return (period_in_words(inner) if isinstance(inner, Period) else str(inner)) + when


def rules_of(step: Step) -> list[Rule]:
    """Every rule a step names, as a requirement or as a condition of something else."""
    found: list[Rule] = [step.escalates.when] if step.escalates else []
    for item in (*step.requires, *step.documents, *step.starts, *((step.reaches,) if step.reaches else ())):
        if isinstance(item, If):
            found.append(item.when)
        inner = item.then if isinstance(item, If) else item
        if isinstance(inner, Rule):
            found.append(inner)
    return list(dict.fromkeys(found))


def periods_of(step: Step) -> list[Period]:
    """Every period a step starts, with or without a condition, and every length by which it extends one."""
    return [item.then if isinstance(item, If) else item for item in (*step.starts, *step.extends)]


def row(step: Step) -> Row:
    """One step as a row of the table."""
    conditions = [_words(item) for item in step.requires]
    if step.reaches and step.target:
        conditions.append(f"到“{step.target.value}”须：{step.reaches}")
    return Row(
        step.title + ("（逐一当事人）" if step.per_party else ""),
        f"{_named(step.sources)} → {step.target.value if step.target else '原来的阶段' if step.returns else '不变'}",
        step.actors,
        "；".join(conditions),
        "".join(_words(item) for item in step.documents),
        "；".join(_periods(step)),
        in_chinese(step.basis),
    )


def _periods(step: Step) -> list[str]:
    found = [f"须在“{step.within}”期限内"] if step.within else []
    found += [f"起算：{_words(item)}" for item in step.starts]
    found += [f"延长：{item.name}，延长{length_of(item)}" for item in step.extends]
    for word, names in (
        ("了结", (*step.fulfils, *step.meets)),
        ("中止", step.pauses),
        ("恢复", step.resumes),
        ("取消", step.cancels),
    ):
        if names:
            found.append(f"{word}：{'、'.join(names)}")
    return found


def _named(states: Iterable[Enum]) -> str:
    return "、".join(s.value for s in states)


# --- the printed form -----------------------------------------------------------------------------------------------


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = tuple(heads)
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return lines + [f"| {' | '.join(cell.replace('|', '｜') for cell in cells)} |" for cells in rows]


def _place(procedure: type[Procedure], state: Enum) -> str:
    if state is procedure.initial:
        return "起点"
    if state in procedure.final:
        return "终点"
    return "主线" if state in procedure.main else "分支"


def _whose(period: Period) -> str:
    # Whose period it is decides what its end means: say that, not the name of the class.
    return {
        Bound.DUTY: "机关的义务，逾期须说明理由并永久标明",
        Bound.RIGHT: "当事人的权利，届满前不得断其机会",
        Bound.OBLIGATION: "当事人的义务",
    }[period.bound]


def markdown(procedure: type[Procedure], *, chart: str = "") -> str:
    """The whole printed form: steps, conditions with their articles, periods, states.

    chart: the address of the drawing to show at the head, if any.
    """
    steps = procedure.steps.values()
    rules: dict[Rule, list[str]] = {}
    periods: dict[Period, list[str]] = {period: ["（立项时）"] for period in procedure.opens}
    for step in steps:
        for one in rules_of(step):
            rules.setdefault(one, []).append(step.title)
        for period in periods_of(step):
            periods.setdefault(period, []).append(step.title)
    until = f"，至{procedure.until.isoformat()}" if procedure.until else ""
    lines = [
        f"# {procedure.title}",
        "",
        f"- 程序：`{procedure.code}`，自{procedure.in_force.isoformat()}施行{until}",
        f"- 依据：{in_chinese(procedure.basis)}",
        f"- 主线：{' → '.join(s.value for s in procedure.main)}",
        "",
    ]
    if chart:
        lines += [f"![{procedure.title}流程图]({chart})", ""]
    lines += ["## 步骤", "", *_table(HEADS, (row(step) for step in steps)), ""]
    if notes := [f"- {step.title}：{step.hint}" for step in steps if step.hint]:
        lines += ["说明：", "", *notes, ""]
    lines += ["## 条件", ""]
    lines += _table(
        ("条件", "依据", "用于"),
        ((r.text, in_chinese(r.basis), "、".join(dict.fromkeys(used))) for r, used in rules.items()),
    )
    lines += ["", "## 期间", ""]
    lines += _table(
        ("期间", "长度", "起算", "性质", "末日遇休息日", "依据"),
        (
            (
                p.name,
                length_of(p),
                f"{'、'.join(used)}{'，自送达生效之日起' if p.runs_from == 'service' else ''}",
                _whose(p),
                "顺延" if p.rolls else "不顺延",
                in_chinese(p.basis),
            )
            for p, used in periods.items()
        ),
    )
    lines += ["", "## 状态", ""]
    lines += _table(
        ("状态", "位置", "此时可以进行的步骤"),
        (
            (s.value, _place(procedure, s), "、".join(step.title for step in procedure.from_state(s)))
            for s in procedure.State
        ),
    )
    return "\n".join(lines) + "\n"


def articles(procedure: type[Procedure]) -> list[tuple[str, str, Article]]:
    """What of a procedure rests on which article: (step name or empty, what, article), each once."""
    found = [("", f"{procedure.title}：依据", article) for article in procedure.basis]
    found += [("", f"期间：{period_in_words(p)}", article) for p in procedure.opens for article in p.basis]
    for step in procedure.steps.values():
        found += [(step.name, what, article) for what, article in step.articles()]
    return list(dict.fromkeys(found))
