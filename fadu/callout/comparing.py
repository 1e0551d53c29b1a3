"""One callout beside those before it: how many were reached, how fast, and how far up the ladders it had to go [pure]."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHARES = (50, 90, 100)


@dataclass(frozen=True)
class Measure:
    """What is compared of one callout; minutes are None where that share was never reached."""

    posts: int
    reached: float | None  # percent
    minutes: tuple[int | None, ...]  # to each of ``SHARES`` of all posts, counted from the start
    to_b: int
    to_door: int
    unreached: int


def minutes_to(curve: Sequence[Mapping[str, Any]], posts: int, share: int) -> int | None:
    """In which minute (the first is 1) so many percent of the posts had answered; None if never, or without posts."""
    wanted, so_far = math.ceil(posts * share / 100), 0
    for point in sorted(curve, key=lambda one: one["minute"]):
        so_far += point["answered"]
        if wanted and so_far >= wanted:
            return int(point["minute"]) + 1
    return None


def measure(counts: Mapping[str, Any]) -> Measure:
    """The measure of a callout from its counts (as the report keeps them, or the counters say).

    Posts that carried an answer over from the callout before are left out of the times: nobody called them.
    """
    rows = counts["rows"]
    total = {name: sum(row[name] for row in rows) for name in ("posts", "answered", "carried", "unreached")}
    called = total["posts"] - total["carried"]
    return Measure(
        total["posts"],
        round(100 * total["answered"] / total["posts"], 1) if total["posts"] else None,
        tuple(minutes_to(counts["curve"], called, share) for share in SHARES),
        counts["calls"]["to_b"],
        counts["calls"]["to_door"],
        total["unreached"],
    )
