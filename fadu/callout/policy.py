"""The policy of calling: dated content by kind, colour and level, frozen into a callout when it starts [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fadu.callout.states import Channel, Rung, Who
from fadu.kernel.clock import BEIJING
from fadu.kernel.hashing import canonical, sha256_text

DATA = Path(__file__).parent / "data" / "policy.yaml"
COLOURS = ("蓝", "黄", "橙", "红")  # from the lowest up: the place in this row is the rank
LEVELS = ("county", "township", "village")
KINDS = {
    "county": ("duty", "bureau", "deputy", "head"),
    "township": ("duty", "deputy", "head"),
    "village": ("village",),
}
FIRST_MINUTES = (
    300  # called awake within five minutes: by then the B holder has been called too, when the colour is red
)


def rank(colour: str) -> int:
    """1 for 蓝 to 4 for 红; ValueError for anything else."""
    return COLOURS.index(colour) + 1


@dataclass(frozen=True)
class Night:
    """The hours in which a colour is called as another, or waits for the morning."""

    begins: time
    ends: time
    raised: Mapping[str, str]
    quiet: frozenset[str]

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is in the night, by the clock of Beijing whatever the machine's zone; the end is day."""
        at = moment.astimezone(BEIJING).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def morning(self, moment: datetime) -> datetime:
        """The end of the night a moment lies in."""
        local = moment.astimezone(BEIJING)
        morning = datetime.combine(local.date(), self.ends, BEIJING)
        return morning if morning > local else morning + timedelta(days=1)


@dataclass(frozen=True)
class Policy:
    """One version of the policy."""

    since: date
    title: str
    source: str
    confidence: str
    verify_days: int  # a telephone number is stale when it was not verified for so many days
    grace: int  # seconds a sweep waits beyond a deadline for receipts under way
    night: Night
    audience: Mapping[str, Mapping[str, tuple[str, ...]]]
    ladders: Mapping[str, tuple[Rung, ...]]
    kinds: Mapping[str, Mapping[str, tuple[Rung, ...]]]

    def faults(self) -> list[str]:
        """What is wrong with the content, as Chinese sentences; empty for a policy that may be used."""
        said = [f"{level}{c}没有写明叫谁" for level in LEVELS for c in COLOURS if c not in self.audience.get(level, {})]
        for level, by_colour in self.audience.items():
            for colour, kinds in by_colour.items():
                said += [f"{level}{colour}：没有“{kind}”这种岗位" for kind in kinds if kind not in KINDS[level]]
        if "红" in self.night.quiet:
            said.append("红色预警夜间不得推迟到早晨")
        said += [
            f"夜间{colour}色按{raised}色叫应，是降级"
            for colour, raised in self.night.raised.items()
            if rank(raised) < rank(colour)
        ]
        for name, ladders in (("", self.ladders), *self.kinds.items()):
            said += [f"没有{colour}色的叫应次序" for colour in COLOURS if not name and colour not in ladders]
            for colour, rungs in ladders.items():
                said += _faults_of(f"{name}{colour}色", colour, rungs)
        return said

    def ladder(self, kind: str, colour: str) -> tuple[Rung, ...]:
        """The ladder of a kind of warning and a colour: the kind's own, else the general one."""
        return self.kinds.get(kind, {}).get(colour) or self.ladders[colour]

    def frozen(self, kind: str, moment: datetime, colours: set[str]) -> dict[str, Any]:
        """The rules for the colours of one warning at one moment, as a callout keeps them whatever the content becomes."""
        night = self.night.holds(moment)
        rules: list[dict[str, Any]] = []
        for level in LEVELS:
            for colour in sorted(colours, key=rank):
                as_colour = self.night.raised.get(colour, colour) if night else colour
                quiet = night and colour in self.night.quiet
                kinds = self.audience[level][as_colour]
                if not kinds:
                    continue
                rules.append(
                    {
                        "no": len(rules) + 1,
                        "level": level,
                        "colour": colour,
                        "as": as_colour,
                        "kinds": list(kinds),
                        "not_before": self.night.morning(moment).isoformat() if quiet else None,
                        "rungs": [
                            {"who": rung.who.name, "channel": rung.channel.name, "seconds": rung.seconds}
                            for rung in self.ladder(kind, as_colour)
                        ],
                    }
                )
        return {
            "since": self.since.isoformat(),
            "title": self.title,
            "source": self.source,
            "confidence": self.confidence,
            "grace": self.grace,
            "night": night,
            "kind": kind,
            "rules": rules,
        }


def _faults_of(name: str, colour: str, rungs: tuple[Rung, ...]) -> list[str]:
    """What is wrong with one ladder."""
    said = []
    order = [rung.who for rung in rungs]
    if not rungs or order[0] is not Who.A:
        said.append(f"{name}的第一步应当叫A岗")
    if order != sorted(order, key=lambda who: who.turn):
        said.append(f"{name}的次序应当是A岗、B岗、上级岗位、当地广播、上门")
    if any(rung.seconds <= 0 for rung in rungs):
        said.append(f"{name}有一步没有等待时间")
    if any((rung.who is Who.DOOR) is not (rung.channel is Channel.DOOR) for rung in rungs):
        said.append(f"{name}的上门和通道对不上")
    if any((rung.who is Who.BROADCAST) is not (rung.channel is Channel.BROADCAST) for rung in rungs):
        said.append(f"{name}的当地广播和通道对不上")
    if colour != "蓝" and Who.DOOR not in order:
        said.append(f"{name}最后应当上门")
    if colour == "红" and sum(rung.seconds for rung in rungs if rung.who is Who.A) >= FIRST_MINUTES:
        said.append(f"{name}五分钟内还没有叫到B岗")
    return said


def _rungs(entries: list[dict[str, Any]]) -> tuple[Rung, ...]:
    """A ladder of the content."""
    return tuple(Rung(Who[e["who"].upper()], Channel[e["channel"].upper()], int(e["seconds"])) for e in entries)


def read(entry: Mapping[str, Any]) -> Policy:
    """A version as the file has it; raises ValueError with all faults."""
    night = entry["night"]
    policy = Policy(
        since=entry["from"],
        title=entry["title"],
        source=entry["source"],
        confidence=entry["confidence"],
        verify_days=int(entry["verify_days"]),
        grace=int(entry["grace"]),
        night=Night(
            time.fromisoformat(night["from"]),
            time.fromisoformat(night["to"]),
            dict(night.get("as", {})),
            frozenset(night.get("quiet", ())),
        ),
        audience={level: {c: tuple(k) for c, k in row.items()} for level, row in entry["audience"].items()},
        ladders={colour: _rungs(rungs) for colour, rungs in entry["ladders"].items()},
        kinds={kind: {c: _rungs(r) for c, r in row.items()} for kind, row in entry.get("kinds", {}).items()},
    )
    if faults := policy.faults():
        raise ValueError("；".join(faults))
    return policy


@cache
def versions() -> tuple[Policy, ...]:
    """All versions, the newest first."""
    entries = yaml.safe_load(DATA.read_text())["versions"]
    return tuple(sorted(map(read, entries), key=lambda policy: policy.since, reverse=True))


def on(day: date) -> Policy:
    """The version in force on a day, the oldest one for days before it."""
    return next((policy for policy in versions() if policy.since <= day), versions()[-1])


def digest(frozen: Mapping[str, Any]) -> str:
    """The hash under which a frozen policy stands in the record."""
    return sha256_text(canonical(frozen))
