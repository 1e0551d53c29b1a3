"""The flow chart of a procedure, drawn from its declaration: SVG for pages and print, a list for phones [pure]."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache, wraps
from html import escape
from itertools import pairwise, permutations, product
from typing import Any, TypeVar

from fadu.procedure.declare import Procedure, Step

WIDTH = 1000
CHAR, LATIN, SMALL = 13.0, 7.5, 12.0
LINE_HEIGHT, MARGIN, GAP, WIDEST_GAP = 16.0, 4.0, 22.0, 64.0
NOTE_HEIGHT = 18.0
TRACK, CLEAR, RADIUS, ARROW = 20.0, 16.0, 6.0, 5.0

Found = TypeVar("Found")
Point = tuple[float, float]
Dates = Mapping[Enum, date | None]


def _kept(find: Callable[..., Found]) -> Callable[..., Found]:
    """Find once for a declaration, which stays as it is; for what only looks like one (a flow of the list of powers) each time."""
    known = lru_cache(maxsize=1024)(find)

    @wraps(find)
    def ask(procedure: type[Procedure], *rest: Any) -> Found:
        return known(procedure, *rest) if isinstance(procedure, type) else find(procedure, *rest)  # type: ignore[arg-type]  # a class has its own hash

    return ask


# --- the list for phones --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FlowItem:
    """One state of a matter's flow; ``state`` is done, here or todo, ``on`` the day it was reached."""

    title: str
    state: str
    on: date | None = None
    note: str = ""


def listed(procedure: type[Procedure], state: Enum, done: Dates) -> list[FlowItem]:
    """The flow of a matter as a list: what was reached, where it is, what of the main line may still come.

    done: the states reached, with their days. A state of the main line beyond the present one counts as not reached:
    a matter that went back passes it anew.
    """
    main = procedure.main
    passed = _passed(procedure, state, done)
    ahead = _reachable(procedure, state)
    last = max((main.index(s) for s in passed if s in main), default=-1)
    items: list[FlowItem] = []
    for s in _in_order(procedure, {*main, *passed, state}):
        if s is state:
            items.append(FlowItem(s.value, "here", done.get(s)))
        elif s in passed:
            items.append(FlowItem(s.value, "done", done.get(s), "" if s in main else _reached_by(procedure, s)))
        elif s in main and s in ahead and main.index(s) > last:
            items.append(FlowItem(s.value, "todo"))
    following = next((i for i, item in enumerate(items) if item.state == "todo"), None)
    if following is not None:
        others = [s.value for s in _next(procedure, state) if s not in main]
        if others:
            items[following] = FlowItem(items[following].title, "todo", None, f"或者{'、'.join(others)}")
    return items


def _passed(procedure: type[Procedure], state: Enum, done: Dates) -> list[Enum]:
    """The states of ``done`` that still count: not the present one, and none of the main line beyond it."""
    main = procedure.main
    limit = main.index(state) if state in main else len(main)
    return [s for s in done if s is not state and (s not in main or main.index(s) < limit)]


def _in_order(procedure: type[Procedure], states: set[Enum]) -> list[Enum]:
    """States in the order of the main line, a branch after the last main state that leads to it and is among them."""
    main = procedure.main
    ranked = []
    for i, s in enumerate(procedure.State):
        if s not in states:
            continue
        sources = [main.index(a) for a, b in _edges(procedure) if b is s and a in main and a in states]
        rank = float(main.index(s)) if s in main else max(sources, default=len(main) - 1) + 0.5
        ranked.append((rank, i, s))
    return [s for _, _, s in sorted(ranked, key=lambda item: item[:2])]


def _reached_by(procedure: type[Procedure], state: Enum) -> str:
    titles = [step.title for (_, b), steps in _edges(procedure).items() if b is state for step in steps]
    return next((title for title in dict.fromkeys(titles) if title != state.value), "")


@_kept
def _next(procedure: type[Procedure], state: Enum) -> tuple[Enum, ...]:
    """The states that one step from ``state`` may reach, in the order of the declaration."""
    return tuple(dict.fromkeys(b for a, b in _edges(procedure) if a is state))


@_kept
def _reachable(procedure: type[Procedure], state: Enum) -> frozenset[Enum]:
    found: set[Enum] = set()
    waiting = [state]
    while waiting:
        for s in _next(procedure, waiting.pop()):
            if s not in found:
                found.add(s)
                waiting.append(s)
    return frozenset(found)


def _walked(procedure: type[Procedure], state: Enum, done: Dates) -> set[tuple[Enum, Enum]]:
    """The way taken, as far as the states reached show it: each to the next in the order of the line."""
    line = _in_order(procedure, {*_passed(procedure, state, done), state})
    return {pair for pair in pairwise(line) if pair in _edges(procedure)}


@_kept
def _edges(procedure: type[Procedure]) -> Mapping[tuple[Enum, Enum], list[Step]]:
    """Which steps lead from which state to which other; steps that move nothing are no edges."""
    found: dict[tuple[Enum, Enum], list[Step]] = {}
    for step in procedure.steps.values():
        for source in step.sources:
            if step.target is not None and source is not step.target:
                found.setdefault((source, step.target), []).append(step)
    return found


# --- boxes ----------------------------------------------------------------------------------------------------------


@dataclass
class _Box:
    state: Enum
    lines: list[str]
    w: float
    h: float
    x: float = 0.0
    y: float = 0.0
    row: int = 0  # -1 above the main line, 0 on it, 1 below

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def edge(self, side: int) -> float:
        """The y of the upper (-1) or lower (1) edge."""
        return self.y if side < 0 else self.y + self.h


def _wide(text: str, size: float = CHAR) -> float:
    return sum(size if ord(c) > 0x2E7F else size * LATIN / CHAR for c in text)


def _broken(text: str, longest: int) -> list[str]:
    """Text in lines of about equal length, none longer than ``longest`` characters."""
    count = -(-len(text) // longest)
    size = -(-len(text) // count)
    return [text[i : i + size] for i in range(0, len(text), size)]


# --- links ----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Bus:
    """All links of one kind that end in one state: they share a lane and an arrow."""

    kind: str  # over: main to main; into: main to branch; out: branch to main or branch
    side: int
    target: _Box
    links: list[_Link] = field(default_factory=list)
    track: int = 0
    end_x: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        xs = [self.target.cx, *(link.source.cx for link in self.links)]
        return min(xs), max(xs)


@dataclass(eq=False)
class _Link:
    """One edge of the chart and how it is led: ahead, straight, flat (along its row, then up) or lane."""

    source: _Box
    target: _Box
    steps: list[Step]
    way: str = "ahead"
    bus: _Bus | None = None
    x: float = 0.0
    points: list[Point] = field(default_factory=list)
    also: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return "、".join(dict.fromkeys(step.title for step in self.steps))


class _Plan:
    """The layout: the main line in a row, detours above it, exits below; lanes where a link is not straight."""

    def __init__(self, procedure: type[Procedure], width: float, dated: bool) -> None:
        self.procedure = procedure
        self.main = procedure.main or tuple(procedure.State)
        self.width = width
        self.boxes: dict[Enum, _Box] = {}
        self.buses: list[_Bus] = []
        self.links: list[_Link] = []
        self._place_main(dated)
        self._place_branches()
        self._link()
        self._choose_tracks()

    # boxes

    def _place_main(self, dated: bool) -> None:
        longest = max(len(s.value) for s in self.main)
        room = self.width - 2 * MARGIN
        for size in range(max(longest, 3), 2, -1):
            lines = {s: _broken(s.value, size) for s in self.main}
            wide = max(_wide(line) for parts in lines.values() for line in parts) + 12
            wide = max(wide, 60.0 if dated else 52.0)
            if len(self.main) * wide + (len(self.main) - 1) * GAP <= room:
                break
        self.longest = size
        self.extra = 13.0 if dated else 0.0
        self.height = 18 + LINE_HEIGHT * max(map(len, lines.values())) + self.extra
        count = len(self.main)
        gap = min(WIDEST_GAP, max(GAP, (room - count * wide) / max(count - 1, 1)))
        self.width = max(self.width, 2 * MARGIN + count * wide + (count - 1) * GAP)
        x = (self.width - count * wide - (count - 1) * gap) / 2
        for s in self.main:
            self.boxes[s] = _Box(s, lines[s], wide, self.height, x)
            x += wide + gap
        self.pitch = wide + gap

    def _place_branches(self) -> None:
        edges = _edges(self.procedure)
        index = {s: i for i, s in enumerate(self.main)}
        waiting = [s for s in self.procedure.State if s not in index]
        wanted: dict[Enum, tuple[int, float]] = {}
        while waiting:
            ready = [s for s in waiting if any(b is s and (a in index or a in wanted) for a, b in edges)] or waiting[:1]
            for s in ready:
                wanted[s] = self._wanted(s, edges, index, wanted)
                waiting.remove(s)
        for side in (-1, 1):
            right = MARGIN
            row = sorted((s for s in wanted if wanted[s][0] == side), key=lambda s: wanted[s][1])
            for s in row:
                lines = _broken(s.value, max(self.longest, 6))
                wide = max(self.boxes[self.main[0]].w, max(map(_wide, lines)) + 12)
                box = _Box(s, lines, wide, 18 + LINE_HEIGHT * len(lines) + self.extra, row=side)
                box.x = max(right, min(wanted[s][1] - wide / 2, self.width - MARGIN - wide))
                right = box.x + wide + 18
                self.boxes[s] = box
            self.width = max(self.width, right - 18 + MARGIN)

    def _wanted(
        self, s: Enum, edges: Any, index: dict[Enum, int], wanted: Mapping[Enum, tuple[int, float]]
    ) -> tuple[int, float]:
        """On which side of the main line a branch lies, and the x of its middle."""
        into = [index[a] for a, b in edges if b is s and a in index]
        out = [index[b] for a, b in edges if a is s and b in index]

        def at(i: int) -> float:
            return self.boxes[self.main[i]].cx

        if not into:
            before = [wanted[a] for a, b in edges if b is s and a in wanted]
            return (before[0][0], before[0][1] + self.pitch) if before else (1, at(0))
        if out and s not in self.procedure.final and 0 < max(out) - min(into) <= 2:
            return -1, (at(min(into)) + at(max(out))) / 2
        back = [j for j in out if min(into) <= j <= max(into)]
        return 1, at(back[0] if back else max(into))

    # links

    def _link(self) -> None:
        index = {s: i for i, s in enumerate(self.main)}
        buses: dict[tuple[str, int, Enum, int], _Bus] = {}
        for (a, b), steps in _edges(self.procedure).items():
            source, target = self.boxes[a], self.boxes[b]
            link = _Link(source, target, steps)
            self.links.append(link)
            if a in index and b in index:
                if index[b] == index[a] + 1:
                    continue
                key = ("over", -1, b, 1 if index[b] > index[a] else -1)
            elif a in index:
                key = ("into", target.row, b, 0)
            else:
                key = ("out", source.row, b, 0)
            link.way = "lane"
            bus = buses.setdefault(key, _Bus(key[0], key[1], target))
            link.bus = bus
            bus.links.append(link)
        for bus in buses.values():
            self._lead(bus)
        self._fold(buses)
        self.buses = [bus for bus in buses.values() if bus.links]

    def _lead(self, bus: _Bus) -> None:
        """Straight where two boxes stand above each other, flat where the row is free, else by the lane."""
        if bus.kind == "into":
            over = [link for link in bus.links if _common(link.source, link.target)]
            if over:
                min(over, key=lambda link: abs(link.source.cx - bus.target.cx)).way = "straight"
        elif bus.kind == "out":
            for link in bus.links:
                if link.target.row == 0 and _common(link.source, link.target):
                    link.way = "straight"
                elif self._free(link.source, link.target):
                    link.way = "flat"

    def _free(self, source: _Box, target: _Box) -> bool:
        low, high = sorted((source.cx, target.cx))
        between = [
            b
            for b in self.boxes.values()
            if b.row == source.row and b not in (source, target) and low - b.w < b.cx < high + b.w
        ]
        return not between and target.row in (0, source.row)

    def _fold(self, buses: dict[tuple[str, int, Enum, int], _Bus]) -> None:
        """A branch on the other side of the main line joins the bus of its step in words, not by a line across."""
        for bus in list(buses.values()):
            for link in [link for link in bus.links if bus.kind == "out" and link.target.row == -link.source.row]:
                into = next((b for b in buses.values() if b.kind == "into" and b.target is link.target), None)
                if into is not None:
                    into.links[0].also += [f"“{link.source.state.value}”时亦可{step.title}" for step in link.steps]
                    bus.links.remove(link)
                    self.links.remove(link)

    # tracks and lines

    def _laned(self, kind: str, side: int) -> list[_Bus]:
        """The buses with a lane in one region; lanes to the main line lie beyond the branches of the side."""
        kinds = {"inner": ("into",), "outer": ("over", "out")}[kind]
        return [b for b in self.buses if b.kind in kinds and b.side == side and any(k.way == "lane" for k in b.links)]

    def _choose_tracks(self) -> None:
        """Try the orders of the lanes and keep the one with the fewest crossings."""
        regions = [self._laned(kind, side) for side in (-1, 1) for kind in ("inner", "outer")]
        orders = [list(permutations(range(len(r)))) if len(r) <= 4 else [tuple(range(len(r)))] for r in regions]
        best: tuple[float, tuple[Any, ...]] | None = None
        for choice in product(*orders):
            self._draw(regions, choice)
            cost = self._crossings() + self._length() / 1e5
            if best is None or cost < best[0] - 1e-9:
                best = (cost, choice)
        if best is not None:
            self._draw(regions, best[1])

    def _draw(self, regions: list[list[_Bus]], choice: Sequence[Sequence[int]]) -> None:
        for region, order in zip(regions, choice, strict=True):
            for bus, track in zip(region, order, strict=True):
                bus.track = track
        upper_in, upper_out, lower_in, lower_out = map(len, regions)
        rows = {side: max((b.h for b in self.boxes.values() if b.row == side), default=0.0) for side in (-1, 1)}
        y = 2.0 + (TRACK * upper_out if upper_out else 0.0)
        self.outer = {-1: y}
        y += 6 if upper_out and rows[-1] else 0
        top_row = y
        if rows[-1]:
            y += rows[-1]
            self.inner_top = y
            y += CLEAR * 2 + TRACK * max(upper_in - 1, 0)
        else:
            y += CLEAR if upper_out else 4
        main_row = y
        y += self.height
        self.main_bottom = y
        if rows[1]:
            y += CLEAR + TRACK * max(lower_in, 1) + (CLEAR - 6)
        low_row = y
        y += rows[1]
        self.outer[1] = y
        y += (CLEAR - 6 + TRACK * lower_out) if lower_out else 0
        self.total = y + (4 if lower_out else 8)  # room for the ring around the present state
        for box in self.boxes.values():
            box.y = {-1: top_row + rows[-1] - box.h, 0: main_row, 1: low_row}[box.row]
        self._ports()
        for link in self.links:
            link.points = self._points(link)

    def _lane_y(self, bus: _Bus) -> float:
        if bus.kind == "into":
            if bus.side > 0:
                return self.main_bottom + CLEAR + TRACK * bus.track
            return self.inner_top + CLEAR + TRACK * bus.track
        if bus.side < 0:
            return self.outer[-1] - 4 - TRACK * bus.track
        return self.outer[1] + CLEAR - 2 + TRACK * bus.track

    def _ports(self) -> None:
        """Where each link leaves and enters the upper and lower edges, so ordered that links do not tangle."""
        wishes: dict[tuple[Enum, int], list[tuple[float, float, str, _Link | _Bus]]] = {}

        def wish(box: _Box, side: int, toward: float, depth: float, which: str, item: _Link | _Bus) -> None:
            direction = 0.0 if abs(toward - box.cx) < 1 else (1.0 if toward > box.cx else -1.0)
            wishes.setdefault((box.state, side), []).append((direction, -direction * depth, which, item))

        for bus in self.buses:
            depth = abs(self._lane_y(bus) - self.boxes[self.main[0]].edge(bus.side)) if self._has_lane(bus) else 1.0
            for link in bus.links:
                if link.way == "straight":
                    main = link.source if link.source.row == 0 else link.target
                    other = link.target if main is link.source else link.source
                    wish(main, bus.side, other.cx, 1.0, "straight", link)
                elif link.way == "lane" and bus.kind in ("over", "into"):
                    wish(link.source, bus.side, bus.target.cx, depth, "leave", link)
            if bus.target.row == 0 and any(link.way in ("lane", "flat") for link in bus.links):
                ways = [link for link in bus.links if link.way in ("lane", "flat")]
                mean = sum(link.source.cx for link in ways) / len(ways)
                wish(bus.target, bus.side, mean, depth, "arrive", bus)
        for (state, _side), items in wishes.items():
            box = self.boxes[state]
            items.sort(key=lambda item: item[:2])
            for k, (_, _, which, item) in enumerate(items):
                x = box.x + box.w * (k + 1) / (len(items) + 1) if len(items) != 2 else box.x + box.w * (0.28 + 0.44 * k)
                if isinstance(item, _Bus):
                    item.end_x = x
                elif which == "straight":
                    low, high = _common(item.source, item.target) or (x, x)
                    item.x = min(max(x, low), high)
                else:
                    item.x = x
        for bus in self.buses:
            straight = next((link for link in bus.links if link.way == "straight"), None)
            if bus.kind == "into":
                taken = [
                    k.x
                    for b in self.buses
                    for k in b.links
                    if k.way == "straight" and bus.target in (k.source, k.target)
                ]
                middle = bus.target.cx
                while any(abs(middle - x) < 12 for x in taken):
                    middle += 12
                bus.end_x = straight.x if straight else middle

    @staticmethod
    def _has_lane(bus: _Bus) -> bool:
        return any(link.way == "lane" for link in bus.links)

    def _points(self, link: _Link) -> list[Point]:
        source, target, bus = link.source, link.target, link.bus
        if bus is None:
            return [(source.x + source.w, source.cy), (target.x - ARROW, target.cy)]
        side = bus.side
        if link.way == "straight":
            from_main = source.row == 0
            start, end = source.edge(side if from_main else -side), target.edge(-side if from_main else side)
            return [(link.x, start), (link.x, end + (ARROW if end < start else -ARROW))]
        if link.way == "flat" and target.row == source.row:
            right = target.cx > source.cx
            return [
                (source.x + (source.w if right else 0), source.cy),
                (target.x - ARROW if right else target.x + target.w + ARROW, source.cy),
            ]
        if link.way == "flat":
            right = bus.end_x > source.cx
            return [
                (source.x + (source.w if right else 0), source.cy),
                (bus.end_x, source.cy),
                (bus.end_x, target.edge(side) + side * ARROW),
            ]
        lane = self._lane_y(bus)
        if bus.kind == "into":
            return [
                (link.x, source.edge(side)),
                (link.x, lane),
                (bus.end_x, lane),
                (bus.end_x, target.edge(-side) - side * ARROW),
            ]
        if bus.kind == "over":
            return [
                (link.x, source.edge(side)),
                (link.x, lane),
                (bus.end_x, lane),
                (bus.end_x, target.edge(side) + side * ARROW),
            ]
        end_x = bus.end_x if target.row == 0 else target.cx
        end_y = target.edge(side) + side * ARROW
        return [(source.cx, source.edge(side)), (source.cx, lane), (end_x, lane), (end_x, end_y)]

    # measures

    def segments(self) -> Iterator[tuple[Point, Point, _Link]]:
        """Every straight piece of every link."""
        for link in self.links:
            for p, q in zip(link.points, link.points[1:], strict=False):
                yield p, q, link

    def _crossings(self) -> int:
        pieces = list(self.segments())
        flat = [(min(p[0], q[0]), max(p[0], q[0]), p[1], k) for p, q, k in pieces if p[1] == q[1]]
        tall = [(min(p[1], q[1]), max(p[1], q[1]), p[0], k) for p, q, k in pieces if p[0] == q[0]]
        return sum(
            1
            for x1, x2, y, a in flat
            for y1, y2, x, b in tall
            if a is not b and not (a.bus is not None and a.bus is b.bus) and x1 < x < x2 and y1 < y < y2
        )

    def _length(self) -> float:
        return sum(abs(p[0] - q[0]) + abs(p[1] - q[1]) for p, q, _ in self.segments())


def _common(a: _Box, b: _Box) -> tuple[float, float] | None:
    """The range of x at which a vertical line meets both boxes well within their edges."""
    low, high = max(a.x, b.x) + 8, min(a.x + a.w, b.x + b.w) - 8
    return (low, high) if low <= high else None


# --- drawing --------------------------------------------------------------------------------------------------------


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@lru_cache(maxsize=4096)
def _path(points: tuple[Point, ...]) -> str:
    """A line through the points with rounded corners."""
    kept = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    text = [f"M{_n(kept[0][0])} {_n(kept[0][1])}"]
    for before, corner, after in zip(kept, kept[1:], kept[2:], strict=False):
        r = min(RADIUS, _far(before, corner) / 2, _far(corner, after) / 2)
        enter, leave = _toward(corner, before, r), _toward(corner, after, r)
        text.append(f"L{_n(enter[0])} {_n(enter[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(leave[0])} {_n(leave[1])}")
    text.append(f"L{_n(kept[-1][0])} {_n(kept[-1][1])}")
    return "".join(text)


def _far(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(a: Point, b: Point, r: float) -> Point:
    total = _far(a, b) or 1.0
    return a[0] + (b[0] - a[0]) * r / total, a[1] + (b[1] - a[1]) * r / total


Rect = tuple[float, float, float, float]


class _Labels:
    """Places captions beside lines where nothing else is; a caption without room is left to the tooltip."""

    def __init__(self, plan: _Plan) -> None:
        self.taken: list[Rect] = [(b.x - 3, b.y - 3, b.x + b.w + 3, b.y + b.h + 3) for b in plan.boxes.values()]
        for (x1, y1), (x2, y2), _ in plan.segments():
            self.taken.append((min(x1, x2) - 3, min(y1, y2) - 2, max(x1, x2) + 3, max(y1, y2) + 2))
        self.width, self.height = plan.width, plan.total

    def place(self, links: Sequence[_Link], text: str) -> Point | None:
        """The middle of the base line of the caption, or None."""
        wide = _wide(text, SMALL)
        every = [piece for link in links for piece in zip(link.points, link.points[1:], strict=False)]
        # Along a level line first, the longest first: that is where a caption reads best.
        pieces = sorted(every, key=lambda s: (s[0][1] != s[1][1], -_far(*s)))
        for (x1, y1), (x2, y2) in pieces:
            for x, y in self._near(x1, y1, x2, y2, wide):
                rect = (x - wide / 2, y - 11, x + wide / 2, y + 3)
                if (
                    rect[0] >= 0
                    and rect[2] <= self.width
                    and rect[1] >= -2
                    and rect[3] <= self.height
                    and not self._hit(rect)
                ):
                    self.taken.append(rect)
                    return x, y
        return None

    @staticmethod
    def _near(x1: float, y1: float, x2: float, y2: float, wide: float) -> Iterator[Point]:
        if y1 == y2:
            low, high, middle = min(x1, x2), max(x1, x2), (x1 + x2) / 2
            steps = int((high - low) / 2 // 6)
            for y in (y1 - 6, y1 + 14):
                for k in range(max(steps, 1)):
                    yield from ((middle - 6 * k, y), (middle + 6 * k, y))
        else:
            low, high = min(y1, y2), max(y1, y2)
            for k in range(max(int((high - low) // 4), 1)):
                y = (low + high) / 2 + 4 + (2 * k if k % 2 else -2 * k)
                yield from ((x1 + 6 + wide / 2, y), (x1 - 6 - wide / 2, y))

    def _hit(self, rect: Rect) -> bool:
        return any(rect[0] < t[2] and t[0] < rect[2] and rect[1] < t[3] and t[1] < rect[3] for t in self.taken)


STYLE = (
    ".fd-flow{background:#fff}.fd-flow text{font:500 13px 'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif;"
    "fill:#1F1B17;text-anchor:middle}.fd-flow .box{fill:#FFFEFB;stroke:#4F4840;stroke-width:1.2}.fd-flow .done{fill:#ECE7DE}"
    ".fd-flow .todo{stroke:#8A8175;stroke-dasharray:4 3}.fd-flow .todo+text{fill:#6A625A;font-weight:400}"
    ".fd-flow .here{fill:#9C2233;stroke:#9C2233}.fd-flow .here+text{fill:#fff;font-weight:600}"
    ".fd-flow .halo{fill:none;stroke:#9C2233;stroke-width:1.2;opacity:.45}.fd-flow path{fill:none;stroke:#4F4840;stroke-width:1.4}"
    ".fd-flow path.next{stroke:#8A8175;stroke-dasharray:4 3}.fd-flow marker path{fill:#4F4840;stroke:none}"
    ".fd-flow marker.next path{fill:#8A8175}.fd-flow .cap{font-size:12px;font-weight:400;fill:#6A625A}"
)


def draw(
    procedure: type[Procedure], *, state: Enum | None = None, done: Dates | None = None,
    walked: Collection[tuple[Enum, Enum]] | None = None, width: float = WIDTH, ident: str = "flow", standalone: bool = False,
) -> str:  # fmt: skip
    """The chart as one ``<svg class="fd-flow">`` element.

    state: the present state, marked; done: the states reached before, with their days; walked: the moves that were
    made, from and to, where the acts are at hand (else the way is inferred from ``done``). width: units to draw in, which
    are pixels at full size; names are broken into lines where the main line would not fit. ident: prefix of the ids,
    different for each chart on a page. standalone: with its own styles and namespace, for print and docs; without
    them it follows the page's style sheet, and holds no style attribute, so that a strict policy admits it.
    """
    given = done or {}
    dated = state is not None and any(given.values())
    plan, captions, notes = _planned(procedure, width, dated)
    total = plan.total + NOTE_HEIGHT * len(notes)
    passed = {*_passed(procedure, state, given), state} if state is not None else set()
    following = set(_next(procedure, state)) if state is not None else set()
    head = f' xmlns="http://www.w3.org/2000/svg" width="{_n(plan.width)}" height="{_n(total)}"' if standalone else ""
    parts = [
        f'<svg class="fd-flow"{head} viewBox="0 0 {_n(plan.width)} {_n(total)}" role="img" aria-labelledby="{ident}-t">',
        f'<title id="{ident}-t">{escape(_title(procedure, state, given))}</title>',
        f"<style>{STYLE}</style>" if standalone else "",
        f"<defs>{_marker(ident, 'a', '')}{_marker(ident, 'n', 'next')}</defs>",
    ]
    moves = None if state is None else set(_walked(procedure, state, given) if walked is None else walked)
    parts += _lines(plan, moves, ident)
    parts += [_box(box, state, passed, following, given) for box in plan.boxes.values()]
    parts += captions
    parts += [
        f'<text class="cap" x="{_n(plan.width / 2)}" y="{_n(plan.total + NOTE_HEIGHT * n + 12)}">{escape(note)}</text>'
        for n, note in enumerate(notes)
    ]
    parts.append("</svg>")
    return "".join(parts) + ("\n" if standalone else "")


@_kept
def _planned(procedure: type[Procedure], width: float, dated: bool) -> tuple[_Plan, list[str], list[str]]:
    """The layout with its captions and notes, which is the same for every matter; nobody changes it afterwards."""
    plan = _Plan(procedure, width, dated)
    return plan, *_captions(plan)


def _title(procedure: type[Procedure], state: Enum | None, done: Dates) -> str:
    line = "、".join(s.value for s in procedure.main)
    if state is None:
        others = "、".join(s.value for s in procedure.State if s not in procedure.main)
        return f"{procedure.title}流程图。主线：{line}" + (f"；其他：{others}。" if others else "。")
    text = f"{procedure.title}流程图，现处于“{state.value}”"
    via = [s.value for s in _passed(procedure, state, done) if s not in procedure.main]
    if via:
        text += f"；经过{'、'.join(via)}"
    after = _next(procedure, state)
    return text + (f"；下一步可以到“{'”“'.join(s.value for s in after)}”。" if after else "。")


def _marker(ident: str, name: str, css: str) -> str:
    kind = f' class="{css}"' if css else ""
    return (
        f'<marker{kind} id="{ident}-{name}" markerWidth="7" markerHeight="7" refX="1" refY="3.5" orient="auto" '
        f'markerUnits="userSpaceOnUse"><path d="M0 .5 6 3.5 0 6.5z"/></marker>'
    )


def _lines(plan: _Plan, walked: set[tuple[Enum, Enum]] | None, ident: str) -> list[str]:
    """The links, those not yet walked first and dashed; a link that joins another's line ends there, without arrow."""
    drawn: list[tuple[bool, str]] = []
    for link in plan.links:
        went = walked is None or _move(link) in walked
        trunk = _trunk(link)
        joins = (
            link is not trunk
            and link.way in ("lane", "flat")
            and (walked is None or not went or _move(trunk) in walked)
        )
        points = _until(trunk, link) if joins else link.points
        css = "" if went else ' class="next"'
        arrow = "" if joins else f' marker-end="url(#{ident}-{"a" if went else "n"})"'
        tip = escape(f"{link.title}：{link.source.state.value} → {link.target.state.value}")
        drawn.append((went, f'<path{css} d="{_path(tuple(points))}"{arrow}><title>{tip}</title></path>'))
    return [text for _, text in sorted(drawn, key=lambda item: item[0])]


def _move(link: _Link) -> tuple[Enum, Enum]:
    return link.source.state, link.target.state


def _trunk(link: _Link) -> _Link:
    """The link of the bus that is drawn to the arrow: the straight one on the way to a branch, else the longest."""
    if link.bus is None:
        return link
    straight = [k for k in link.bus.links if k.way == "straight"]
    if link.bus.kind == "into" and straight:
        return straight[0]
    return max((k for k in link.bus.links if k.way != "straight"), key=_reach, default=link)


def _reach(link: _Link) -> tuple[bool, float]:
    return link.way == "lane", abs(link.source.cx - (link.bus.end_x if link.bus else link.target.cx))


def _until(trunk: _Link, link: _Link) -> list[Point]:
    """The link up to where it meets its trunk: on the lane, or at the end of the lane."""
    if link.way == "flat":
        return link.points[:2]
    start, corner, end, *_ = link.points
    if trunk.way == "lane" and (trunk.points[1][0] - end[0]) * (corner[0] - end[0]) > 0:
        return [start, corner, _toward(corner, end, RADIUS)]
    return [start, corner, end]


def _captions(plan: _Plan) -> tuple[list[str], list[str]]:
    """The names of the steps beside their lines, unless the box they lead to says the same; once for a bus.

    What finds no room beside its line is given back apart, to be said below the drawing.
    """
    labels, found, notes = _Labels(plan), [], []
    for bus in plan.buses:
        titles = dict.fromkeys(step.title for link in bus.links for step in link.steps)
        words = [t for t in titles if t not in bus.target.state.value]
        words += [also for link in bus.links for also in link.also]
        if not words:
            continue
        place = labels.place(bus.links, text := "、".join(words))
        if place is not None:
            found.append(f'<text class="cap" x="{_n(place[0])}" y="{_n(place[1])}">{escape(text)}</text>')
        else:
            notes.append(text)
    return found, notes


def _box(box: _Box, state: Enum | None, passed: set[Any], following: set[Enum], done: Dates) -> str:
    css = "box"
    if state is not None:
        css = (
            "box here"
            if box.state is state
            else "box done"
            if box.state in passed
            else "box"
            if box.state in following
            else "box todo"
        )
    halo = ""
    if box.state is state:
        halo = f'<rect class="halo" x="{_n(box.x - 4)}" y="{_n(box.y - 4)}" width="{_n(box.w + 8)}" height="{_n(box.h + 8)}" rx="7"/>'
    day = done.get(box.state) if state is not None and box.state in passed else None
    count = len(box.lines)
    top = box.cy - (LINE_HEIGHT * (count - 1) + (13 if day else 0)) / 2 + 4.5
    rows = [
        f'<tspan x="{_n(box.cx)}" y="{_n(top + LINE_HEIGHT * k)}">{escape(line)}</tspan>'
        for k, line in enumerate(box.lines)
    ]
    if day:
        y = top + LINE_HEIGHT * (count - 1) + 14
        rows.append(
            f'<tspan x="{_n(box.cx)}" y="{_n(y)}" font-size="11" font-weight="400">{day.month}月{day.day}日</tspan>'
        )
    return (
        f'<g>{halo}<rect class="{css}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}" rx="4"/>'
        f"<text>{''.join(rows)}</text></g>"
    )
