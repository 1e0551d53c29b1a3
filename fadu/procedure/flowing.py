"""A declaration as the flow of a power: nodes, edges and lanes for BPMN, and the drawing of any flow by the same chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from types import SimpleNamespace
from typing import Any

from fadu.law.citations import in_chinese
from fadu.power.flow import Edge, Flow, Kind, Node
from fadu.procedure import chart
from fadu.procedure.declare import If, Procedure, Step

STAGES = "办理阶段"
ELSEWHERE = 2  # a step of more states than that may be taken at almost any time


def flow_of(code: str, on: date) -> Flow | None:
    """The flow of the version of a procedure in force on a day, None when none is."""
    try:
        return of_procedure(Procedure.version(code, on))
    except LookupError:
        return None


def of_procedure(procedure: type[Procedure]) -> Flow:
    """Every state a gateway, every step a task in the lane of whoever takes it.

    A step that moves nothing leads back to its own state; one that moves nothing and may be taken in more than two
    states, and one that leads back to wherever the matter came from, are named apart: lines to all states would hide
    the rest.
    """
    nodes = [Node("start", "开始", Kind.START, STAGES), *(_state(state) for state in procedure.State)]
    edges = [Edge("start", _name(procedure.initial))]
    anytime: list[str] = []
    for step in procedure.steps.values():
        if step.target is None and (step.returns or len(step.sources) > ELSEWHERE):
            anytime.append(step.title)
            continue
        name = f"step_{step.name}"
        nodes.append(Node(name, step.title, Kind.TASK, _lane(step), _note(step), step.name))
        edges += [Edge(_name(source), name, condition=_condition(step)) for source in step.sources]
        after = _after(step)
        if len(after) == 1:
            edges.append(Edge(name, after[0][0]))
            continue
        fork = Node(f"after_{step.name}", "办理结果" if step.target else "回到原阶段", Kind.STATE, _lane(step))
        nodes.append(fork)
        edges.append(Edge(name, fork.id))
        edges += [Edge(fork.id, target, label) for target, label in after]
    nodes.append(Node("end", "结束", Kind.END, STAGES))
    edges += [Edge(_name(state), "end") for state in procedure.final]
    titles = {step.name: step.title for step in procedure.steps.values()}
    return Flow(
        procedure.code, procedure.title, tuple(nodes), tuple(dict.fromkeys(edges)), key=procedure.key(),
        anytime=tuple(dict.fromkeys(anytime)), steps=titles,
    )  # fmt: skip


def _after(step: Step) -> list[tuple[str, str]]:
    """Where a step leads, and when: to its target (or back until that is reached), else back to where it was taken."""
    if step.target is None:
        return [(_name(source), f"在“{source.value}”时") for source in step.sources]
    if step.reaches is None:
        return [(_name(step.target), "")]
    back = [(_name(source), f"尚未{step.reaches}") for source in step.sources if source is not step.target]
    return [(_name(step.target), str(step.reaches)), *back]


def _condition(step: Step) -> str:
    """The rules of a step, as the declaration words them."""
    rules = [f"{item.when}的，{item.then}" if isinstance(item, If) else str(item) for item in step.requires]
    return "；".join(rules) or f"办理{step.title}"


def _name(state: Enum) -> str:
    return f"state_{state.name}"


def _state(state: Enum) -> Node:
    return Node(_name(state), str(state.value), Kind.STATE, STAGES)


def _lane(step: Step) -> str:
    return step.by[0].title if step.by else "系统"


def _note(step: Step) -> str:
    papers = [item.then if isinstance(item, If) else item for item in step.documents]
    parts = [
        f"作出人：{step.actors}" if step.actors else "",
        f"依据：{in_chinese(step.basis)}",
        f"文书：{'、'.join(f'《{paper.title}》' for paper in dict.fromkeys(papers))}" if papers else "",
        "期限：" + "、".join(map(str, _periods(step))) if step.starts else "",
    ]
    return "；".join(filter(None, parts))


def _periods(step: Step) -> Iterator[Any]:
    for item in step.starts:
        yield item.then if isinstance(item, If) else item


def draw(flow: Flow, ident: str, standalone: bool) -> str:
    """The chart of a flow: of the declaration itself where one runs it, else of the pattern, in the same manner."""
    if flow.key and flow.key in Procedure.registry:
        return chart.draw(Procedure.registry[flow.key], ident=ident, standalone=standalone)
    return chart.draw(_as_declared(flow), ident=ident, standalone=standalone)


def _as_declared(flow: Flow) -> Any:
    """What the chart reads of a declaration, made of a pattern: its steps are the states, an optional one lies aside."""
    tasks = [node for node in flow.nodes if node.kind is Kind.TASK]
    aside = {edge.target for edge in flow.edges if edge.source.startswith("fork")}
    optional = {node.id for node in tasks if node.id in aside and f"fork{node.id.removeprefix('step')}" in _ids(flow)}
    members = {node.id: node.title for node in tasks}
    state: Any = Enum("state", members)  # type: ignore[misc]
    main = tuple(state[node.id] for node in tasks if node.id not in optional)
    steps: dict[str, Step] = {}

    def lead(a: Enum, b: Enum) -> None:
        step = Step(str(b.value), (a,), b)
        object.__setattr__(step, "name", f"{a.name}_{b.name}")
        steps[step.name] = step

    order = [state[node.id] for node in tasks]
    for number, here in enumerate(order):
        for there in order[number + 1 :]:
            lead(here, there)
            if there.name not in optional:
                break
    return SimpleNamespace(State=state, steps=steps, main=main, final=(order[-1],), title=flow.title)


def _ids(flow: Flow) -> set[str]:
    return {node.id for node in flow.nodes}
