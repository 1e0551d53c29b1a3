"""The flow chart: what it shows, that nothing overlaps, and that a strict page may hold it."""

import re
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from fadu.law.statutes import APL
from fadu.procedure.chart import FlowItem, draw, listed
from fadu.procedure.declare import Procedure, Step
from fadu.procedure.tests.paper import PaperProcedure, State, unregistered

NS = {"svg": "http://www.w3.org/2000/svg"}
DAYS = {State.OPEN: date(2026, 9, 9), State.TOLD: date(2026, 10, 27), State.HEARD: date(2026, 11, 2)}
EVERY = [PaperProcedure, *Procedure.registry.values()]
Box = tuple[float, float, float, float]


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg if "xmlns=" in svg else svg.replace("<svg", f'<svg xmlns="{NS["svg"]}"', 1))


def boxes(root: ElementTree.Element) -> dict[str, tuple[str, Box]]:
    """State name → the classes of its box and its rectangle."""
    found = {}
    for group in root.findall("svg:g", NS):
        (rect,) = [r for r in group.findall("svg:rect", NS) if r.get("class") != "halo"]
        spans = [s.text or "" for s in group.findall("svg:text/svg:tspan", NS) if s.get("font-size") is None]
        x, y, w, h = (float(rect.get(key) or 0) for key in ("x", "y", "width", "height"))
        found["".join(spans)] = (rect.get("class") or "", (x, y, x + w, y + h))
    return found


def lines(root: ElementTree.Element) -> list[tuple[str, list[tuple[float, float]]]]:
    """Each path: its tooltip, and the points it runs through."""
    found = []
    for path in root.findall("svg:path", NS):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d") or "")]
        found.append((path.findtext("svg:title", "", NS), list(zip(numbers[::2], numbers[1::2], strict=True))))
    return found


def classes(state: State, done: dict[Any, Any] | None = None) -> dict[str, str]:
    root = tree(draw(PaperProcedure, state=state, done=DAYS if done is None else done))
    return {name: css for name, (css, _) in boxes(root).items()}


@pytest.mark.parametrize("procedure", EVERY, ids=lambda p: p.code)
@pytest.mark.parametrize("width", [640, 1000])
def test_every_state_has_a_box_within_the_drawing_and_none_overlap(procedure: type[Procedure], width: int) -> None:
    root = tree(draw(procedure, width=width))
    _, _, right, bottom = map(float, (root.get("viewBox") or "").split())
    found = {name: box for name, (_, box) in boxes(root).items()}
    assert set(found) == {s.value for s in procedure.State}
    for name, (x1, y1, x2, y2) in found.items():
        assert 0 <= x1 < x2 <= right, name
        assert 0 <= y1 < y2 <= bottom, name
        for other, (a1, b1, a2, b2) in found.items():
            assert other == name or x2 <= a1 or a2 <= x1 or y2 <= b1 or b2 <= y1, (name, other)


@pytest.mark.parametrize("procedure", EVERY, ids=lambda p: p.code)
def test_every_move_of_the_declaration_is_drawn_or_told(procedure: type[Procedure]) -> None:
    root = tree(draw(procedure))
    told = "".join(root.itertext())
    tips = [tip for tip, _ in lines(root)]
    for step in procedure.steps.values():
        for source in step.sources:
            if step.target is not None and step.target is not source:
                way = f"{source.value} → {step.target.value}"
                drawn = [tip for tip in tips if tip.endswith(f"：{way}")]
                assert (len(drawn) == 1 and step.title in drawn[0]) or f"“{source.value}”时亦可{step.title}" in told, (
                    way
                )
    assert len(tips) == len(set(tips))


@pytest.mark.parametrize("procedure", EVERY, ids=lambda p: p.code)
def test_no_line_runs_through_a_box_that_it_does_not_touch(procedure: type[Procedure]) -> None:
    root = tree(draw(procedure))
    for tip, points in lines(root):
        ends = tip.split("：")[-1].split(" → ")
        for name, (_, (x1, y1, x2, y2)) in boxes(root).items():
            if name in ends:
                continue
            for (ax, ay), (bx, by) in pairwise(points):
                apart = max(ax, bx) <= x1 or min(ax, bx) >= x2 or max(ay, by) <= y1 or min(ay, by) >= y2
                assert apart, f"{tip} runs through {name}"


@pytest.mark.parametrize("procedure", EVERY, ids=lambda p: p.code)
def test_it_can_be_drawn_in_every_state(procedure: type[Procedure]) -> None:
    for state in procedure.State:
        root = tree(draw(procedure, state=state, done={procedure.initial: date(2026, 9, 1), state: date(2026, 9, 2)}))
        marked = [name for name, (css, _) in boxes(root).items() if "here" in css]
        assert marked == [state.value]
        assert f"现处于“{state.value}”" in root.findtext("svg:title", "", NS)
        assert listed(procedure, state, {})


def test_the_present_state_what_is_done_and_what_is_possible_are_told_apart() -> None:
    assert classes(State.HEARD) == {
        "承办": "box done",
        "已告知": "box done",
        "已听证": "box here",
        "已决定": "box",  # one step away
        "不予处罚": "box todo",
    }


def test_a_state_beyond_the_present_one_is_passed_anew() -> None:
    """A matter that went back to the beginning has its notice still before it."""
    assert classes(State.OPEN)["已告知"] == "box"


def test_lines_not_walked_are_dashed() -> None:
    svg = draw(PaperProcedure, state=State.HEARD, done=DAYS)
    root = tree(svg)
    dashed = {
        p.findtext("svg:title", "", NS).split("：")[-1]
        for p in root.findall("svg:path", NS)
        if p.get("class") == "next"
    }
    walked = {"承办 → 已告知", "已告知 → 已听证"}
    assert not dashed & walked
    assert "已告知 → 已决定" in dashed
    exact = tree(draw(PaperProcedure, state=State.HEARD, done=DAYS, walked=[(State.HEARD, State.OPEN)]))
    solid = [p.findtext("svg:title", "", NS) for p in exact.findall("svg:path", NS) if p.get("class") != "next"]
    assert solid == ["补充调查：已听证 → 承办"]


def test_days_stand_in_the_boxes() -> None:
    svg = draw(PaperProcedure, state=State.TOLD, done=DAYS)
    assert "9月9日" in svg
    assert "10月27日" in svg


def test_the_page_version_holds_no_style_and_no_script() -> None:
    svg = draw(PaperProcedure, state=State.TOLD, done=DAYS)
    assert "style" not in svg
    assert "script" not in svg
    assert svg.startswith('<svg class="fd-flow" viewBox="0 0 1000 ')


def test_two_charts_on_a_page_have_ids_of_their_own() -> None:
    one, two = (set(re.findall(r'id="([^"]+)"', draw(PaperProcedure, ident=ident))) for ident in ("a", "b"))
    assert one
    assert not one & two


def test_standing_alone_it_brings_its_styles() -> None:
    svg = draw(PaperProcedure, standalone=True)
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("svg:style", NS) is not None
    assert svg == draw(PaperProcedure, standalone=True)


def test_names_that_do_not_fit_are_broken_into_lines() -> None:
    class Long(Enum):
        A, B, C = "很长很长的名称一", "很长很长的名称二", "很长很长的名称三"

    with unregistered():

        class Narrow(Procedure, code="test.narrow"):
            title, basis, in_force, State = "狭窄", (APL[54],), date(2021, 7, 15), Long
            initial, main, final = Long.A, (Long.A, Long.B, Long.C), (Long.C,)
            go = Step("前往<二>", (Long.A,), Long.B, basis=(APL[54],))
            on = Step("再前往", (Long.B,), Long.C, basis=(APL[54],))

    root = tree(draw(Narrow, width=260))
    assert root.get("viewBox", "").startswith("0 0 260 ")
    assert {len(g.findall("svg:text/svg:tspan", NS)) for g in root.findall("svg:g", NS)} == {2}
    assert "前往&lt;二&gt;" in draw(Narrow)


# --- the list for phones --------------------------------------------------------------------------------------------


def test_the_list_holds_what_was_the_present_and_what_may_come() -> None:
    assert listed(PaperProcedure, State.HEARD, DAYS) == [
        FlowItem("承办", "done", date(2026, 9, 9)),
        FlowItem("已告知", "done", date(2026, 10, 27)),
        FlowItem("已听证", "here", date(2026, 11, 2)),
        FlowItem("已决定", "todo"),
    ]


def test_the_list_names_the_way_aside() -> None:
    todo = [item for item in listed(PaperProcedure, State.TOLD, DAYS) if item.state == "todo"]
    assert todo == [FlowItem("已决定", "todo", None, "或者已听证、不予处罚")]


def test_a_branch_that_was_passed_says_how_it_was_reached() -> None:
    items = listed(PaperProcedure, State.DECIDED, DAYS | {State.DECIDED: date(2026, 11, 20)})
    assert FlowItem("已听证", "done", date(2026, 11, 2), "听证") in items
    assert items[-1] == FlowItem("已决定", "here", date(2026, 11, 20))


def test_after_an_exit_nothing_more_is_promised() -> None:
    items = listed(PaperProcedure, State.DROPPED, {State.OPEN: date(2026, 9, 9), State.DROPPED: date(2026, 9, 20)})
    assert [item.state for item in items] == ["done", "here"]
