"""Which divisions a warning is for: exactly by code, and by representative points where it draws shapes."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from fadu.warning.cap.message import Area, Circle, Polygon
from fadu.warning.cap.notation import Pair

EARTH = 6371.0088  # mean radius in kilometres (IUGG)
_CODE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", re.ASCII)
_LENGTHS = (12, 9, 6, 4, 2)  # village, township, county, city, province


@dataclass(frozen=True)
class Coverage:
    """The divisions an area covers, by short code.

    ``exact``: those a geocode names or contains. ``near``: those whose representative point a shape contains; a division may
    be hit without its point, so these are fewer than all. ``undecided``: without a point, while the area has shapes.
    ``unknown``: geocodes that name or contain no division of ours, also where a division that contains them is covered.
    """

    exact: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()

    @property
    def divisions(self) -> frozenset[str]:
        """All that are known to be covered."""
        return self.exact | self.near


def short(code: str) -> str | None:
    """A division code without the zeros that fill it up: 140400000000, 140400 and 1404 are one. None for no such code."""
    code = code.strip()
    if not _CODE.fullmatch(code):
        return None
    for length, shorter in pairwise(_LENGTHS):
        if len(code) == length and not code[shorter:].strip("0"):
            code = code[:shorter]
    return code


def under(code: str, divisions: Iterable[str]) -> frozenset[str]:
    """The divisions (short codes) that a code names or contains; exact, since a parent's code is its children's prefix."""
    prefix = short(code)
    return frozenset() if prefix is None else frozenset(d for d in divisions if d.startswith(prefix))


def covered(area: Area, points: Mapping[str, Pair | None]) -> Coverage:
    """What an area covers of the divisions that are the keys of ``points``, short codes with their point or None.

    A geocode that we do not know but that lies within a division of ours covers the lowest such division, and is flagged.
    """
    exact: set[str] = set()
    unknown = []
    for named in area.geocodes:
        if found := under(named.value, points):
            exact |= found
            continue
        unknown.append(named.value)
        code = short(named.value) or ""
        exact.update(sorted((d for d in points if code.startswith(d)), key=len)[-1:])
    if not area.polygons and not area.circles:
        return Coverage(frozenset(exact), unknown=tuple(unknown))
    near = {d for d, point in points.items() if point is not None and contains(area, point)}
    undecided = {d for d, point in points.items() if point is None} - exact
    return Coverage(frozenset(exact), frozenset(near - exact), frozenset(undecided), tuple(unknown))


def contains(area: Area, point: Pair) -> bool:
    """Whether a point lies in one of the shapes of an area; their union counts, there are no holes (§3.2.4 area (2))."""
    return any(in_polygon(point, polygon) for polygon in area.polygons) or any(
        in_circle(point, c) for c in area.circles
    )


def in_circle(point: Pair, circle: Circle) -> bool:
    """Whether a point is within the radius, by the great circle on a sphere (off the ellipsoid by up to 0.6 %)."""
    return distance(point, circle.centre) <= circle.radius


def distance(a: Pair, b: Pair) -> float:
    """Kilometres between two points along the great circle."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, p)) for p in (a, b))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def in_polygon(point: Pair, polygon: Polygon) -> bool:
    """Whether a point is inside a ring or on it; sides are straight in latitude and longitude, the date line is not crossed.

    A side of the size of a county leaves the geodesic by metres. A ring that crosses itself counts by even and odd.
    """
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in pairwise(polygon.points):
        if _on(point, (lat1, lon1), (lat2, lon2)):
            return True
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    return inside


def _on(point: Pair, a: Pair, b: Pair) -> bool:
    """Whether a point lies on a side."""
    (y, x), (y1, x1), (y2, x2) = point, a, b
    if not (min(y1, y2) <= y <= max(y1, y2) and min(x1, x2) <= x <= max(x1, x2)):
        return False
    return (x2 - x1) * (y - y1) == (y2 - y1) * (x - x1)
