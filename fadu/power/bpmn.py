"""A flow as BPMN 2.0 XML with diagram layout, for the tools in which others read and draw processes [pure]."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from fadu.power.flow import Edge, Flow, Kind, Node

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMES = {None: BPMN, "bpmndi": DI, "dc": DC, "di": DD, "xsi": XSI}
TARGET = "urn:fadu:power"

SIZES = {Kind.START: (36, 36), Kind.END: (36, 36), Kind.TASK: (120, 64), Kind.STATE: (50, 50)}
TAGS = {Kind.START: "startEvent", Kind.END: "endEvent", Kind.TASK: "userTask", Kind.STATE: "exclusiveGateway"}
COLUMN, ROW, HEAD, PAD, LEFT, TOP, TRACK, ASIDE = 190, 104, 30, 20, 160, 60, 10, 20
NOTE_WIDTH = 260

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Where a shape stands, in pixels from the upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def cx(self) -> float:
        """The middle, across."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle, down."""
        return self.y + self.h / 2


class Layout:
    """Columns by the longest way from the start, lanes by who acts; no shape stands on another and no line runs through one."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.nodes = {node.id: node for node in flow.nodes}
        self.columns = self._columns()
        self.back = [edge for edge in flow.edges if self._span(edge) <= 0]
        self.boxes: dict[str, Box] = {}
        self.lanes: dict[str, Box] = {}
        self._place()

    def _span(self, edge: Edge) -> int:
        """How many columns the line goes ahead."""
        return self.columns[edge.target] - self.columns[edge.source]

    def _columns(self) -> dict[str, int]:
        """The column of each node: one beyond the last of those that lead to it, what leads back left aside."""
        after: dict[str, list[str]] = defaultdict(list)
        for edge in self.flow.edges:
            after[edge.source].append(edge.target)
        ahead: dict[str, list[str]] = defaultdict(list)
        order: list[str] = []
        state: dict[str, int] = {}  # 1: on the way, 2: done
        for first in (node.id for node in self.flow.nodes):
            waiting = [(first, iter(after[first]))] if first not in state else []
            state.setdefault(first, 1)
            while waiting:
                name, rest = waiting[-1]
                other = next(rest, None)
                if other is None:
                    waiting.pop()
                    state[name] = 2
                    order.append(name)
                elif state.get(other) != 1:
                    ahead[name].append(other)
                    if other not in state:
                        state[other] = 1
                        waiting.append((other, iter(after[other])))
        found = dict.fromkeys(order, 0)
        for name in reversed(order):
            for other in ahead[name]:
                found[other] = max(found[other], found[name] + 1)
        return found

    def _place(self) -> None:
        cells: dict[tuple[str, int], list[str]] = defaultdict(list)
        for node in self.flow.nodes:
            cells[(node.lane, self.columns[node.id])].append(node.id)
        y = float(TOP)
        width = HEAD + PAD + COLUMN * (max(self.columns.values()) + 1)
        for number, lane in enumerate(self.flow.lanes):
            band = TRACK * (len(self.back) + 1) if number == 0 and self.back else 0
            rows = max(len(names) for (owner, _), names in cells.items() if owner == lane)
            height = band + rows * ROW + PAD
            self.lanes[lane] = Box(LEFT + HEAD, y, width, height)
            for (owner, column), names in cells.items():
                if owner == lane:
                    for row, name in enumerate(names):
                        w, h = SIZES[self.nodes[name].kind]
                        x = self._left(column) + (SIZES[Kind.TASK][0] - w) / 2
                        self.boxes[name] = Box(x, y + band + PAD / 2 + row * ROW + (ROW - h) / 2, w, h)
            y += height
        self.pool = Box(LEFT, TOP, width + HEAD, y - TOP)

    @staticmethod
    def _left(column: int) -> float:
        return LEFT + 2 * HEAD + PAD + column * COLUMN

    def way(self, edge: Edge) -> list[Point]:
        """The corners of a line: up and down between the columns, far ahead between the rows, back above all of them."""
        a, b = self.boxes[edge.source], self.boxes[edge.target]
        start, end = (a.x + a.w, a.cy), (b.x, b.cy)
        out = self._left(self.columns[edge.source]) + SIZES[Kind.TASK][0] + ASIDE
        into = self._left(self.columns[edge.target]) - ASIDE
        span = self._span(edge)
        if span == 1:
            return [start, end] if a.cy == b.cy else [start, (into, a.cy), (into, b.cy), end]
        level = b.cy - ROW / 2 + ASIDE / 2 if span > 1 else TOP + TRACK * (self.back.index(edge) + 1)
        return [start, (out, a.cy), (out, level), (into, level), (into, b.cy), end]


def _tag(space: str, name: str) -> str:
    return f"{{{space}}}{name}"


def _number(value: float) -> str:
    return f"{value:g}"


def xml(flow: Flow) -> bytes:
    """The flow as a BPMN 2.0 document: one pool, a lane for whoever acts, tasks, gateways, flows, and their places."""
    layout = Layout(flow)
    root = etree.Element(_tag(BPMN, "definitions"), nsmap=NAMES)
    root.set("id", "definitions")
    root.set("name", flow.title)
    root.set("targetNamespace", TARGET)
    root.set("exporter", "fadu")
    collaboration = etree.SubElement(root, _tag(BPMN, "collaboration"), id="collaboration")
    etree.SubElement(collaboration, _tag(BPMN, "participant"), id="pool", name=flow.title, processRef="process")
    process = etree.SubElement(root, _tag(BPMN, "process"), id="process", name=flow.title, isExecutable="false")
    source = f"由程序声明 {flow.key} 导出" if flow.key else "流程样式（样例）"
    etree.SubElement(process, _tag(BPMN, "documentation")).text = source
    lane_set = etree.SubElement(process, _tag(BPMN, "laneSet"), id="lanes")
    lane_ids = {}
    for number, lane in enumerate(flow.lanes, 1):
        lane_ids[lane] = f"lane{number}"
        made = etree.SubElement(lane_set, _tag(BPMN, "lane"), id=lane_ids[lane], name=lane)
        for node in flow.nodes:
            if node.lane == lane:
                etree.SubElement(made, _tag(BPMN, "flowNodeRef")).text = node.id
    forks = Counter(edge.source for edge in flow.edges)
    ids = {edge: f"flow{number}" for number, edge in enumerate(flow.edges, 1)}
    for node in flow.nodes:
        _node(process, node, flow, ids)
    for edge, name in ids.items():
        line = etree.SubElement(
            process, _tag(BPMN, "sequenceFlow"), id=name, sourceRef=edge.source, targetRef=edge.target
        )
        if edge.label:
            line.set("name", edge.label)
        if forks[edge.source] > 1:
            said = etree.SubElement(line, _tag(BPMN, "conditionExpression"))
            said.set(_tag(XSI, "type"), "tFormalExpression")
            said.text = edge.condition or edge.label or layout.nodes[edge.target].title
    if flow.anytime:
        note = etree.SubElement(process, _tag(BPMN, "textAnnotation"), id="anytime")
        etree.SubElement(note, _tag(BPMN, "text")).text = "随时可以：" + "、".join(flow.anytime)
    _diagram(root, layout, lane_ids, ids)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _node(process: etree._Element, node: Node, flow: Flow, ids: dict[Edge, str]) -> None:
    made = etree.SubElement(process, _tag(BPMN, TAGS[node.kind]), id=node.id, name=node.title)
    if node.note:
        etree.SubElement(made, _tag(BPMN, "documentation")).text = node.note
    coming = [name for edge, name in ids.items() if edge.target == node.id]
    going = [name for edge, name in ids.items() if edge.source == node.id]
    for name in coming:
        etree.SubElement(made, _tag(BPMN, "incoming")).text = name
    for name in going:
        etree.SubElement(made, _tag(BPMN, "outgoing")).text = name
    if node.kind is Kind.STATE:
        several, into = len(going) > 1, len(coming) > 1
        made.set("gatewayDirection", "Mixed" if several and into else "Diverging" if several else "Converging")


def _diagram(root: etree._Element, layout: Layout, lane_ids: dict[str, str], ids: dict[Edge, str]) -> None:
    diagram = etree.SubElement(root, _tag(DI, "BPMNDiagram"), id="diagram")
    plane = etree.SubElement(diagram, _tag(DI, "BPMNPlane"), id="plane", bpmnElement="collaboration")
    for name, box, level in _shapes(layout, lane_ids):
        shape = etree.SubElement(plane, _tag(DI, "BPMNShape"), id=f"{name}_di", bpmnElement=name)
        if level:
            shape.set("isHorizontal", "true")
        elif name in layout.nodes and layout.nodes[name].kind is Kind.STATE:
            shape.set("isMarkerVisible", "true")
        etree.SubElement(
            shape, _tag(DC, "Bounds"), x=_number(box.x), y=_number(box.y), width=_number(box.w), height=_number(box.h)
        )
    for edge, name in ids.items():
        drawn = etree.SubElement(plane, _tag(DI, "BPMNEdge"), id=f"{name}_di", bpmnElement=name)
        for x, y in layout.way(edge):
            etree.SubElement(drawn, _tag(DD, "waypoint"), x=_number(x), y=_number(y))


def _shapes(layout: Layout, lane_ids: dict[str, str]) -> Iterator[tuple[str, Box, bool]]:
    yield "pool", layout.pool, True
    for lane, box in layout.lanes.items():
        yield lane_ids[lane], box, True
    for name, box in layout.boxes.items():
        yield name, box, False
    if layout.flow.anytime:
        yield "anytime", Box(layout.pool.x, layout.pool.y + layout.pool.h + 20, NOTE_WIDTH * 2, ROW), False
