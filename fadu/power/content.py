"""The content of this floor read from its files: editions, items, patterns of flows, risk points and duties [pure]."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from fadu.law.citations import Article, CitationError, parse
from fadu.law.content.reading import ContentError, Node, read, read_all
from fadu.power.classes import Holder, PowerClass, Risk
from fadu.power.flow import Pattern, PatternStep

DATA = Path(__file__).parent / "data"
HEAD = ("class", "levels", "confidence", "source", "procedure", "flow", "posts", "items")
ITEM = (
    "code", "name", "group", "bases", "office", "risk", "levels", "sectors", "reasons", "general", "procedure", "flow",
    "posts", "since", "until", "confidence", "source", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One item of the list for the days from ``since`` until the day before ``until``.

    bases: citations as they are printed, or the name of a document of which we hold no text. group: the item as a whole
    of which this is one clause. sectors, reasons, general: which visits an inspection item covers. procedure: code of
    the declared procedure that runs it; flow: the pattern that stands for it where none does.
    """

    code: str
    cls: PowerClass
    name: str
    bases: tuple[str, ...]
    levels: tuple[str, ...]
    office: str
    risk: Risk
    since: date
    until: date | None
    source: str
    confidence: str
    group: str = ""
    note: str = ""
    procedure: str = ""
    flow: str = ""
    posts: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    general: bool = False

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """The bases that are citations of a statute of the register."""
        return articles_in(self.bases)

    def in_force(self, on: date) -> bool:
        """Is it in force on that day?"""
        return self.since <= on and (self.until is None or on < self.until)


def articles_in(bases: Iterable[str]) -> tuple[Article, ...]:
    """Those of the bases that are citations of a statute of the register."""
    found = []
    for basis in bases:
        try:
            found.append(parse(basis))
        except CitationError:
            continue
    return tuple(found)


@dataclass(frozen=True)
class Edition:
    """An edition of the list that ships with the program, and its items."""

    code: str
    title: str
    issuer: str
    document: str
    since: date
    until: date | None
    source: str
    confidence: str
    items: tuple[Item, ...] = field(default=())


@dataclass(frozen=True)
class RiskPoint:
    """廉政风险点 at one step: what may go wrong, how grave, what stands against it, who answers for it."""

    flow: str
    step: str
    risk: str
    level: Risk
    measure: str
    post: str
    controls: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResponsibilityItem:
    """责任事项 of a class, with its article where one says so."""

    name: str
    text: str
    basis: str = ""


@dataclass(frozen=True)
class Responsibility:
    """What the holder of a class of powers answers for, and the articles by which it is held to account."""

    cls: PowerClass
    duties: tuple[ResponsibilityItem, ...]
    accountability: tuple[str, ...]


def _texts(node: Node, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    values = node.items(key)
    if any(not isinstance(value, str) or not value.strip() for value in values):
        raise node.fail(key, "应为文字的列表")
    return tuple(values) or default


def _chosen(node: Node, key: str, kind: type[PowerClass] | type[Risk]) -> Any:
    value = node.text(key)
    try:
        return kind(value)
    except ValueError:
        raise node.fail(key, f"“{value}”不在可用值之中（{'、'.join(kind)}）") from None


def _holders(node: Node, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    levels = _texts(node, "levels", default)
    if not levels or set(levels) - {holder.value for holder in Holder}:
        raise node.fail("levels", f"应为{'、'.join(Holder)}中的一级或者几级")
    return levels


def _items(root: Node) -> list[Item]:
    root.only(*HEAD)
    cls: PowerClass = _chosen(root, "class", PowerClass)
    levels = _holders(root)
    head = {key: root.text(key, "") for key in ("procedure", "flow", "source")}
    posts = _texts(root, "posts")
    return [_item(node, root, cls, levels, head, posts) for node in root.nodes("items", required=True)]


def _item(
    node: Node, root: Node, cls: PowerClass, levels: tuple[str, ...], head: dict[str, str], posts: tuple[str, ...]
) -> Item:
    node = Node(node.file, f"items[{node.values.get('code', '?')}]", node.values)
    node.only(*ITEM)
    bases = _texts(node, "bases")
    procedure, flow = node.text("procedure", ""), node.text("flow", "")
    if not procedure and not flow:
        procedure, flow = head["procedure"], head["flow"]
    return Item(
        code=node.text("code"), cls=cls, name=node.text("name"), bases=bases, levels=_holders(node, levels),
        office=node.text("office"), risk=_chosen(node, "risk", Risk), since=node.day("since"), until=node.optional_day("until"),
        source=node.text("source", head["source"]), confidence=node.confidence(root.confidence()), group=node.text("group", ""),
        note=node.text("note", ""), procedure=procedure, flow=flow, posts=_texts(node, "posts", posts),
        sectors=_texts(node, "sectors"), reasons=_texts(node, "reasons"), general=bool(node.values.get("general", False)),
    )  # fmt: skip


@cache
def items(folder: Path = DATA) -> tuple[Item, ...]:
    """Every item of every class, in the order of the classes and of their files; ContentError when one is malformed."""
    found = read_all(folder / "items", _items)
    order = list(PowerClass)
    return tuple(sorted(found, key=lambda item: order.index(item.cls)))


@cache
def editions(folder: Path = DATA) -> tuple[Edition, ...]:
    """The editions with the items whose own days meet theirs, the oldest first."""
    root = read(folder / "lists.yaml")
    found = []
    for node in root.nodes("lists", required=True):
        node.only("code", "title", "issuer", "document", "from", "until", "source", "confidence")
        since, until = node.day("from"), node.optional_day("until")
        held = tuple(
            item
            for item in items(folder)
            if (until is None or item.since < until) and (item.until is None or item.until > since)
        )
        found.append(
            Edition(
                node.text("code"), node.text("title"), node.text("issuer"), node.text("document"), since, until,
                node.text("source"), node.confidence(), held,
            )
        )  # fmt: skip
    codes = Counter(edition.code for edition in found)
    if twice := [code for code, count in codes.items() if count > 1]:
        raise ContentError("lists.yaml", twice[0], "重复")
    return tuple(sorted(found, key=lambda edition: edition.since))


@cache
def patterns(folder: Path = DATA) -> dict[str, Pattern]:
    """The patterns of flows by code."""
    root = read(folder / "flows.yaml")
    found = {}
    for node in root.nodes("flows", required=True):
        node.only("code", "title", "steps")
        steps = []
        for step in node.nodes("steps", required=True):
            step.only("name", "post", "optional", "limit", "basis")
            basis = str(step.article("basis")) if step.values.get("basis") else ""
            steps.append(
                PatternStep(
                    step.text("name"), step.text("post"), step.text("optional", ""), step.text("limit", ""), basis
                )
            )
        pattern = Pattern(node.text("code"), node.text("title"), tuple(steps), root.text("source"), root.confidence())
        if pattern.code in found:
            raise node.fail("code", "重复")
        found[pattern.code] = pattern
    return found


@cache
def risks(folder: Path = DATA) -> dict[str, tuple[RiskPoint, ...]]:
    """The risk points of each flow, in the order of its steps."""
    root = read(folder / "risks.yaml")
    found: dict[str, tuple[RiskPoint, ...]] = {}
    for node in root.nodes("flows", required=True):
        node.only("flow", "points")
        points = []
        for point in node.nodes("points", required=True):
            point.only("step", "risk", "level", "measure", "post", "controls")
            points.append(
                RiskPoint(
                    node.text("flow"), point.text("step"), point.text("risk"), _chosen(point, "level", Risk),
                    point.text("measure"), point.text("post"), _texts(point, "controls"),
                )
            )  # fmt: skip
        found[node.text("flow")] = tuple(points)
    return found


@cache
def responsibilities(folder: Path = DATA) -> dict[PowerClass, Responsibility]:
    """责任事项 and 追责依据 of each class."""
    root = read(folder / "duties.yaml")
    found = {}
    for node in root.nodes("classes", required=True):
        node.only("class", "duties", "accountability")
        duties = []
        for duty in node.nodes("duties", required=True):
            duty.only("name", "text", "basis")
            basis = str(duty.article("basis")) if duty.values.get("basis") else ""
            duties.append(ResponsibilityItem(duty.text("name"), duty.text("text"), basis))
        cls: PowerClass = _chosen(node, "class", PowerClass)
        found[cls] = Responsibility(cls, tuple(duties), tuple(map(str, node.articles("accountability"))))
    return found


def as_values(item: Item) -> dict[str, Any]:
    """An item as the columns of its row."""
    values = asdict(item)
    values["cls"], values["risk"] = item.cls.value, item.risk.value
    for name in ("bases", "levels", "posts", "sectors", "reasons"):
        values[name] = list(values[name])
    return values
