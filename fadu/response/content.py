"""The rules of a response as they are shipped: one file a hazard, dated, with source and confidence [pure]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fadu.law.content.reading import ContentError, Node, once, read_all
from fadu.response.levels import COLOURS, FACTS, Ladder, Level, Raise

FOLDER = Path(__file__).parent / "data" / "rules"
HEAD = ("hazard", "title", "from", "until", "source", "confidence", "note", "levels", "tasks")
TASK = ("id", "member", "action", "minutes", "basis", "source", "confidence")
RAISE = ("fact", "at_least", "text")


@dataclass(frozen=True)
class Task:
    """What one member does, within how many minutes of the receipt for each colour at which it is asked."""

    code: str
    member: str
    action: str
    minutes: dict[str, int]
    basis: tuple[str, ...]
    source: str
    confidence: str


@dataclass(frozen=True)
class Plan:
    """The rules of one hazard from a day on."""

    hazard: str
    title: str
    since: date
    until: date | None
    source: str
    confidence: str
    note: str
    levels: dict[str, object]
    tasks: tuple[Task, ...]


def ladder_of(levels: dict[str, object] | None) -> Ladder | None:
    """The ladder of levels as a plan keeps it (JSON); None where there is none."""
    if not levels:
        return None
    base, raises, decided = levels["base"], levels["raise"], levels["decided_by"]
    assert isinstance(base, dict)
    assert isinstance(raises, list)
    assert isinstance(decided, dict)
    return Ladder(
        {colour: Level(n) for colour, n in base.items()},
        tuple(Raise(one["fact"], one["at_least"], one["text"]) for one in raises),
        {Level(int(n)): who for n, who in decided.items()},
    )


def plans(folder: Path = FOLDER) -> list[Plan]:
    """Every plan of a folder; ContentError names the file and the key that is wrong."""
    found = read_all(folder, lambda root: [_plan(root)])
    return once(found, lambda plan: (plan.hazard, plan.since), lambda plan: plan.hazard)


def _plan(root: Node) -> Plan:
    root.only(*HEAD)
    since, until = root.day("from"), root.optional_day("until")
    if until and until <= since:
        raise root.fail("until", "失效日应晚于施行日")
    source, confidence = root.text("source"), root.confidence()
    tasks = tuple(_task(node, source, confidence) for node in root.nodes("tasks", required=True))
    once(list(tasks), lambda task: task.code, lambda _: root.file)
    return Plan(
        root.text("hazard"), root.text("title"), since, until, source, confidence, root.text("note", ""),
        _levels(root), tasks,
    )  # fmt: skip


def _minutes(node: Node) -> dict[str, int]:
    """Minutes by colour; a higher colour never has more time than a lower one."""
    given = node.values.get("minutes")
    if not isinstance(given, dict) or not given or set(given) - set(COLOURS):
        raise node.fail("minutes", f"应按颜色（{'、'.join(COLOURS)}）写明分钟数")
    if any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in given.values()):
        raise node.fail("minutes", "分钟数应为不小于1的整数")
    inner = [given[colour] for colour in COLOURS if colour in given]
    if inner != sorted(inner, reverse=True):
        raise node.fail("minutes", "颜色更高的，时限不得更长")
    return dict(given)


def _task(node: Node, source: str, confidence: str) -> Task:
    node.only(*TASK)
    basis = tuple(str(article) for article in node.articles("basis"))
    return Task(
        node.text("id"), node.text("member"), node.text("action"), _minutes(node), basis, node.text("source", source),
        node.confidence(confidence),
    )  # fmt: skip


def _levels(root: Node) -> dict[str, object]:
    """The ladder as JSON, checked."""
    value = root.values.get("levels")
    if not isinstance(value, dict) or set(value) - {"base", "raise", "decided_by"}:
        raise root.fail("levels", "应为 base、raise、decided_by 三项")
    node = Node(root.file, "levels", value)
    base, decided = value.get("base"), value.get("decided_by")
    if not isinstance(base, dict) or set(base) - set(COLOURS) or not all(n in (1, 2, 3, 4) for n in base.values()):
        raise node.fail("base", "应按颜色写明响应级别（1至4）")
    if not isinstance(decided, dict) or set(decided) != {1, 2, 3, 4}:
        raise node.fail("decided_by", "应写明一至四级各由谁决定")
    raises = []
    for one in node.nodes("raise"):
        one.only(*RAISE)
        if one.text("fact") not in FACTS:
            raise one.fail("fact", f"“{one.text('fact')}”不在可用值之中（{'、'.join(FACTS)}）")
        raises.append({"fact": one.text("fact"), "at_least": int(one.number("at_least")), "text": one.text("text")})
    return {"base": base, "raise": raises, "decided_by": {str(n): str(who) for n, who in decided.items()}}


__all__ = ["ContentError", "Plan", "Task", "ladder_of", "plans"]
