"""The integrity-risk chart (廉政风险防控图): the steps of a flow, and at each the risk, what stands against it, who answers [pure]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from fadu.power.classes import Risk
from fadu.power.content import RiskPoint
from fadu.power.flow import Flow

WIDTH = 1000
STEP, GAP, LEFT, LINE, PAD = 150.0, 14.0, 4.0, 17.0, 10.0
COLUMNS = ((186.0, 46.0, "等级"), (248.0, 230.0, "风险点"), (494.0, 340.0, "防控措施"), (850.0, 146.0, "责任岗位"))
CHAR = 13.0
STYLE = (
    ".fd-risk{background:#fff}.fd-risk text{font:400 13px 'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif;"
    "fill:#1F1B17}.fd-risk .head{font-weight:600;fill:#4F4840}.fd-risk .step text{font-weight:600;text-anchor:middle}"
    ".fd-risk .box{fill:#FFFEFB;stroke:#4F4840;stroke-width:1.2}.fd-risk .row{fill:#FFFEFB;stroke:#CFC7BA;stroke-width:1}"
    ".fd-risk .flag text{fill:#fff;font-weight:600;text-anchor:middle}.fd-risk .high rect{fill:#9C2233}.fd-risk .middle rect{fill:#8A5A00}"
    ".fd-risk .low rect{fill:#3F6B4A}.fd-risk path{fill:none;stroke:#4F4840;stroke-width:1.4}.fd-risk marker path{fill:#4F4840;stroke:none}"
)
CSS = {Risk.HIGH: "high", Risk.MIDDLE: "middle", Risk.LOW: "low"}


def _broken(text: str, width: float) -> list[str]:
    """Text in lines that fit a width; a full-width character counts one, a narrow one about half."""
    lines, line, used = [], "", 0.0
    for char in text:
        wide = CHAR if ord(char) > 0x2E7F else CHAR * 0.58
        if used + wide > width and line and char not in "，。、；：）":
            lines.append(line)
            line, used = "", 0.0
        line, used = line + char, used + wide
    return [*lines, line] if line else lines


def _text(lines: Sequence[str], x: float, middle: float) -> str:
    top = middle - LINE * (len(lines) - 1) / 2 + 4.5
    spans = [
        f'<tspan x="{x:g}" y="{top + LINE * number:g}">{escape(line)}</tspan>' for number, line in enumerate(lines)
    ]
    return f"<text>{''.join(spans)}</text>"


def draw(
    flow: Flow, points: Sequence[RiskPoint], *, ident: str = "risk", standalone: bool = False,
    counted: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """The chart as one ``<svg class="fd-risk">`` element: the steps that bear a risk in the order of the flow.

    counted: for each control what the record says of it, in words; it stands under the measure. ident, standalone: as
    for the flow chart.
    """
    order = list(flow.steps)
    rows = sorted(points, key=lambda point: order.index(point.step) if point.step in order else len(order))
    y, parts, arrows = 34.0, [], []
    for number, point in enumerate(rows):
        risk = _broken(point.risk, COLUMNS[1][1])
        said = [counted[key] for key in point.controls if counted and counted.get(key)]
        measure = _broken(point.measure, COLUMNS[2][1])
        for words in said:
            measure += _broken(f"▸{words}", COLUMNS[2][1])
        post, title = _broken(point.post, COLUMNS[3][1]), _broken(flow.steps.get(point.step, point.step), STEP - 16)
        height = LINE * max(len(risk), len(measure), len(post), len(title)) + 2 * PAD
        middle = y + height / 2
        parts.append(
            f'<g class="step"><rect class="box" x="{LEFT:g}" y="{y:g}" width="{STEP:g}" height="{height:g}" rx="4"/>'
            f"{_text(title, LEFT + STEP / 2, middle)}</g>"
            f'<rect class="row" x="{COLUMNS[0][0] - 10:g}" y="{y:g}" width="{WIDTH - COLUMNS[0][0] + 6:g}" height="{height:g}" rx="4"/>'
            f'<g class="flag {CSS[point.level]}"><rect x="{COLUMNS[0][0]:g}" y="{middle - 12:g}" width="{COLUMNS[0][1]:g}" height="24" rx="3"/>'
            f"{_text([point.level.value], COLUMNS[0][0] + COLUMNS[0][1] / 2, middle)}</g>"
            f"{_text(risk, COLUMNS[1][0], middle)}{_text(measure, COLUMNS[2][0], middle)}{_text(post, COLUMNS[3][0], middle)}"
            f'<path d="M{LEFT + STEP:g} {middle:g}H{COLUMNS[0][0] - 10:g}"/>'
        )
        if number + 1 < len(rows):
            x = LEFT + STEP / 2
            arrows.append(f'<path d="M{x:g} {y + height:g}V{y + height + GAP - 6:g}" marker-end="url(#{ident}-a)"/>')
        y += height + GAP
    total = y - GAP + 4
    size = f' xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{total:g}"' if standalone else ""
    heads = "".join(f'<text class="head" x="{x:g}" y="20">{title}</text>' for x, _, title in COLUMNS)
    summary = "；".join(f"{flow.steps.get(p.step, p.step)}：{p.risk}（{p.level.value}）" for p in rows)
    return (
        f'<svg class="fd-risk"{size} viewBox="0 0 {WIDTH} {total:g}" role="img" aria-labelledby="{ident}-t">'
        f'<title id="{ident}-t">{escape(flow.title)}廉政风险防控图。{escape(summary)}。</title>'
        + (f"<style>{STYLE}</style>" if standalone else "")
        + f'<defs><marker id="{ident}-a" markerWidth="7" markerHeight="7" refX="1" refY="3.5" orient="auto" markerUnits="userSpaceOnUse">'
        f'<path d="M0 .5 6 3.5 0 6.5z"/></marker></defs><text class="head" x="{LEFT:g}" y="20">流程环节</text>{heads}'
        + "".join(arrows)
        + "".join(parts)
        + "</svg>"
    )
