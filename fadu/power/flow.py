"""A flow as a chart and BPMN take it: who does what, in which order, under which condition [pure]."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a node is."""

    START = "开始"
    TASK = "步骤"
    STATE = "阶段"  # a point at which one of several steps may follow
    END = "结束"


@dataclass(frozen=True)
class Node:
    """One node. lane: who acts; note: articles, papers and periods in words; key: the step's name in the declaration."""

    id: str
    title: str
    kind: Kind
    lane: str = ""
    note: str = ""
    key: str = ""


@dataclass(frozen=True)
class Edge:
    """From one node to another, perhaps under a condition; label: the same in few words, as it stands beside the line."""

    source: str
    target: str
    label: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Flow:
    """The flow of one power. model: a pattern that no declared procedure runs, to be shown as such.

    key: the version of the procedure it was drawn from, empty for a pattern. anytime: steps that may be taken in
    almost every state; drawn as lines of their own they would hide the rest.
    """

    code: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    key: str = ""
    model: bool = False
    anytime: tuple[str, ...] = ()
    steps: dict[str, str] = field(default_factory=dict)  # name of a step → its title, in the order of the flow

    @property
    def lanes(self) -> tuple[str, ...]:
        """Who takes part, in the order of their first step."""
        return tuple(dict.fromkeys(node.lane for node in self.nodes if node.lane))


@dataclass(frozen=True)
class PatternStep:
    """A step of a pattern; optional: the condition under which it is taken, empty for always."""

    name: str
    post: str
    optional: str = ""
    limit: str = ""
    basis: str = ""

    @property
    def note(self) -> str:
        """Condition, period and article in words."""
        limit = f"期限：{self.limit}" if self.limit else ""
        return "；".join(filter(None, (self.optional, limit, self.basis)))


@dataclass(frozen=True)
class Pattern:
    """流程样式: the steps of a kind of power that no declared procedure runs yet."""

    code: str
    title: str
    steps: tuple[PatternStep, ...]
    source: str = ""
    confidence: str = "model"

    @property
    def flow(self) -> Flow:
        """As a flow: one step after the other; one that is optional may be passed by."""
        nodes = [Node("start", "开始", Kind.START, self.steps[0].post)]
        edges: list[Edge] = []
        open_ends: list[tuple[str, str]] = [("start", "")]
        for number, step in enumerate(self.steps, 1):
            name = f"step{number}"
            if step.optional:
                fork = f"fork{number}"
                nodes.append(Node(fork, f"是否{step.name}", Kind.STATE, step.post, step.optional))
                edges += [Edge(source, fork, label) for source, label in open_ends]
                edges.append(Edge(fork, name, step.optional))
                open_ends = [(fork, "其他"), (name, "")]
            else:
                edges += [Edge(source, name, label) for source, label in open_ends]
                open_ends = [(name, "")]
            nodes.append(Node(name, step.name, Kind.TASK, step.post, step.note, step.name))
        nodes.append(Node("end", "结束", Kind.END, self.steps[-1].post))
        edges += [Edge(source, "end", label) for source, label in open_ends]
        return Flow(
            self.code, self.title, tuple(nodes), tuple(edges), model=True, steps={s.name: s.name for s in self.steps}
        )
