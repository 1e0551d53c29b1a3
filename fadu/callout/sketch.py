"""The counties as tiles of a schematic map: which lies beside which, dated content with its source [pure]."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data" / "map.yaml"
WIDTH, HEIGHT, GAP = 112, 68, 6  # of a tile and between two, in units of the picture
ACROSS = 5  # tiles in a row of counties whose place is not known


@dataclass(frozen=True)
class Tile:
    """A county with the corner of its tile, in units of the picture."""

    code: str
    x: int
    y: int


@dataclass(frozen=True)
class Sketch:
    """The tiles with the size of the picture; ``confidence`` of the places, and whose they are."""

    tiles: tuple[Tile, ...]
    width: int
    height: int
    source: str
    confidence: str


def sketch(codes: Iterable[str]) -> Sketch:
    """The counties of these codes: each at its place, those without one in rows below, none upon another."""
    content = _content()
    wanted = sorted(set(codes))
    places: dict[str, tuple[int, int]] = {code: content["places"][code] for code in wanted if code in content["places"]}
    below = max((row for row, _ in places.values()), default=0)
    for n, code in enumerate(code for code in wanted if code not in places):
        places[code] = (below + 1 + n // ACROSS, 1 + n % ACROSS)
    north = min((row for row, _ in places.values()), default=1)
    west = min((column for _, column in places.values()), default=1)
    tiles = tuple(
        Tile(code, (column - west) * (WIDTH + GAP), (row - north) * (HEIGHT + GAP))
        for code, (row, column) in sorted(places.items())
    )
    return Sketch(
        tiles,
        max((tile.x for tile in tiles), default=0) + WIDTH,
        max((tile.y for tile in tiles), default=0) + HEIGHT,
        content["source"],
        content["confidence"],
    )


@cache
def _content() -> dict[str, Any]:
    """The file; ValueError when two counties stand on one place."""
    content: dict[str, Any] = yaml.safe_load(DATA.read_text())
    content["places"] = {code: (place[0], place[1]) for code, place in content["places"].items()}
    if len(set(content["places"].values())) < len(content["places"]):
        raise ValueError("two counties on one place of the map")
    return content
