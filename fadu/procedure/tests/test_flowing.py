"""The flow of every power, and as BPMN 2.0: read by another's parser and by the schema of the standard, and laid out without overlap."""

from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from fadu.power import bpmn, content, registry
from fadu.power.bpmn import BPMN, DC, DD, DI, Layout
from fadu.power.flow import Flow, Kind
from fadu.procedure.declare import Procedure
from fadu.procedure.flowing import of_procedure

FLOWS: list[Flow] = [
    *(of_procedure(procedure) for procedure in Procedure.registry.values() if procedure.code.split(".")[0] != "test"),
    *(pattern.flow for pattern in content.patterns().values()),
]
NAMES = {"b": BPMN, "di": DI, "dc": DC, "dd": DD}


def by_code(flow: Flow) -> str:
    return flow.code


@pytest.mark.parametrize("flow", FLOWS, ids=by_code)
def test_it_is_valid_by_the_schema_of_the_standard(flow: Flow) -> None:
    BpmnValidator().validate(etree.parse(BytesIO(bpmn.xml(flow))), flow.code)


@pytest.mark.parametrize("flow", FLOWS, ids=by_code)
def test_a_parser_of_others_reads_the_process_and_every_task(flow: Flow, tmp_path: Path) -> None:
    path = tmp_path / "flow.bpmn"
    # what we export describes and is not to be run; this parser builds only what is
    path.write_bytes(bpmn.xml(flow).replace(b'isExecutable="false"', b'isExecutable="true"'))
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_file(str(path))
    lanes = {lane.get("name") for lane in etree.parse(str(path)).iterfind(".//b:lane", NAMES)}
    assert lanes == set(flow.lanes)
    spec = parser.get_spec("process")
    read = {task.bpmn_name for task in spec.task_specs.values() if task.bpmn_name}
    assert {node.title for node in flow.nodes if node.kind is Kind.TASK} <= read


@pytest.mark.parametrize("flow", FLOWS, ids=by_code)
def test_every_shape_has_its_place_within_its_lane_and_none_stands_on_another(flow: Flow) -> None:
    layout = Layout(flow)
    assert set(layout.boxes) == {node.id for node in flow.nodes}
    for a, b in combinations(layout.boxes.values(), 2):
        assert a.x + a.w <= b.x or b.x + b.w <= a.x or a.y + a.h <= b.y or b.y + b.h <= a.y
    for node in flow.nodes:
        box, lane = layout.boxes[node.id], layout.lanes[node.lane]
        assert lane.x <= box.x
        assert box.x + box.w <= lane.x + lane.w
        assert lane.y <= box.y
        assert box.y + box.h <= lane.y + lane.h


@pytest.mark.parametrize("flow", FLOWS, ids=by_code)
def test_every_flow_is_drawn_level_and_upright_between_its_shapes(flow: Flow) -> None:
    tree = etree.fromstring(bpmn.xml(flow))
    drawn = {edge.get("bpmnElement"): edge for edge in tree.iterfind(".//di:BPMNEdge", NAMES)}
    lines = tree.findall(".//b:sequenceFlow", NAMES)
    assert len(lines) == len(flow.edges) == len(drawn)
    for line in lines:
        points = [
            (float(p.get("x", "")), float(p.get("y", ""))) for p in drawn[line.get("id")].iterfind("dd:waypoint", NAMES)
        ]
        assert len(points) >= 2
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


@pytest.mark.parametrize("flow", FLOWS, ids=by_code)
def test_no_line_runs_through_a_shape(flow: Flow) -> None:
    layout = Layout(flow)
    for edge in flow.edges:
        for (x1, y1), (x2, y2) in pairwise(layout.way(edge)):
            for name, box in layout.boxes.items():
                apart = (
                    max(x1, x2) <= box.x
                    or min(x1, x2) >= box.x + box.w
                    or max(y1, y2) <= box.y
                    or min(y1, y2) >= box.y + box.h
                )
                assert apart, f"{edge.source} → {edge.target} runs through {name}"


def test_the_flow_of_a_penalty_is_that_of_its_declaration() -> None:
    procedure = next(p for p in Procedure.registry.values() if p.code == "penalty.ordinary")
    flow = of_procedure(procedure)
    tasks = {node.key for node in flow.nodes if node.kind is Kind.TASK}
    apart = {name for name, step in procedure.steps.items() if step.title in flow.anytime}
    assert tasks | apart == set(procedure.steps)
    assert {"file", "conclude", "decide", "archive"} <= tasks
    assert ("state_CLUE", "step_file") in {(edge.source, edge.target) for edge in flow.edges}
    assert ("step_file", "state_INVESTIGATING") in {(edge.source, edge.target) for edge in flow.edges}


def test_a_step_that_is_optional_may_be_passed_by() -> None:
    flow = content.patterns()["permit"].flow
    titles = {node.id: node.title for node in flow.nodes}
    pairs = {(titles[edge.source], titles[edge.target]) for edge in flow.edges}
    assert ("审查", "是否现场核查") in pairs
    assert ("是否现场核查", "是否专家评审") in pairs
    assert ("是否专家评审", "决定") in pairs
    assert ("现场核查", "是否专家评审") in pairs


# --- items, flows, risks ---------------------------------------------------------------------------------------------


def test_every_item_has_a_flow_and_every_flow_its_risks() -> None:
    declared = {procedure.code for procedure in Procedure.registry.values()}
    for one in content.editions()[-1].items:
        assert one.procedure in declared or one.flow in content.patterns(), one.code
        assert content.risks()[one.procedure or one.flow], one.code


def test_every_risk_point_is_at_a_step_of_its_flow_and_names_known_controls() -> None:
    declared = {procedure.code: procedure for procedure in Procedure.registry.values()}
    for flow, points in content.risks().items():
        steps = of_procedure(declared[flow]).steps if flow in declared else content.patterns()[flow].flow.steps
        for point in points:
            assert point.step in steps, (flow, point.step)
            assert set(point.controls) <= set(registry.CONTROLS), (flow, point.step)


def test_a_pattern_is_drawn_in_the_manner_of_a_declaration() -> None:
    drawn = registry.draw(content.patterns()["permit"].flow, standalone=True)
    chart = etree.fromstring(drawn.encode())
    boxes = ["".join(text.itertext()) for text in chart.iterfind(".//{*}g/{*}text")]
    assert boxes[0] == "申请"
    assert set(boxes) == {step.name for step in content.patterns()["permit"].steps}
