"""Kinds and colours of weather warnings: dated content, and what a message says of them. An unknown pair is flagged, never lost."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fadu.kernel.clock import BEIJING
from fadu.warning.cap.message import Alert, Colour, Info, Severity

DATA = Path(__file__).parents[1] / "data" / "signals.yaml"
# How the Chinese profile reads CAP's severities, from the highest down; from memory (ADR 40, docs/cap.md)
COLOUR_OF = {
    Severity.EXTREME: Colour.RED,
    Severity.SEVERE: Colour.ORANGE,
    Severity.MODERATE: Colour.YELLOW,
    Severity.MINOR: Colour.BLUE,
}
SEVERITY_OF = {colour: severity for severity, colour in COLOUR_OF.items()}
_COLOUR = re.compile(r"(红|橙|黄|蓝)色预警|预警[信号]*[（(]?(红|橙|黄|蓝)色")


@dataclass(frozen=True)
class Kind:
    """A kind of signal: its name, its two-digit code in the weather feed, and the threshold of each colour it has."""

    name: str
    code: str
    thresholds: dict[Colour, str]


@dataclass(frozen=True)
class Signals:
    """The kinds in force from a day on, with source and confidence."""

    since: date
    title: str
    source: str
    confidence: str
    note: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Signal:
    """A kind and a colour as looked up: ``problem`` is empty for one of the 44 pairs, else it says what is unknown."""

    kind: str
    colour: Colour | None
    threshold: str = ""
    confidence: str = ""
    source: str = ""
    problem: str = ""

    @property
    def known(self) -> bool:
        """Whether the order on signals has this pair."""
        return not self.problem


@cache
def _content() -> dict[str, Any]:
    """The content file."""
    loaded: dict[str, Any] = yaml.safe_load(DATA.read_text())
    return loaded


@cache
def versions() -> tuple[Signals, ...]:
    """All versions, the newest first."""
    read = (
        Signals(
            entry["from"],
            entry["title"],
            entry["source"],
            entry["confidence"],
            entry.get("note", ""),
            tuple(
                Kind(kind["name"], kind["code"], {Colour(name): text for name, text in kind["colours"].items()})
                for kind in entry["kinds"]
            ),
        )
        for entry in _content()["versions"]
    )
    return tuple(sorted(read, key=lambda version: version.since, reverse=True))


def on(day: date) -> Signals | None:
    """The version in force on a day; None before the first."""
    return next((version for version in versions() if version.since <= day), None)


def event_codes() -> dict[str, str]:
    """Event code of the national platform → name of the kind."""
    codes: dict[str, str] = _content()["event_codes"]["codes"]
    return codes


def kind_of_code(text: str) -> str | None:
    """The kind an event code of the national platform stands for (11B03); None for any other.

    The two-digit codes of the weather feed are no event codes: elsewhere the same digits mean something else.
    """
    return event_codes().get(text.strip().upper())


def kind_named(text: str, day: date) -> str | None:
    """The kind that a name, an event code (11B03) or a two-digit code (02) stands for on a day; None when none does."""
    text = text.strip()
    name = event_codes().get(text.upper(), text)
    version = on(day)
    kinds = version.kinds if version else ()
    return next((kind.name for kind in kinds if name in (kind.name, kind.code)), None)


def lookup(kind: str, colour: Colour | None, day: date) -> Signal:
    """The signal of a kind (name or code) and a colour on a day; an unknown pair comes back with its ``problem``."""
    version, name = on(day), kind_named(kind, day)
    if version is None or name is None:
        return Signal(kind, colour, problem=f"“{kind}”不在气象灾害预警信号的种类之内")
    if colour is None:
        return Signal(name, None, problem=f"{name}预警没有写明颜色")
    threshold = next(entry for entry in version.kinds if entry.name == name).thresholds.get(colour)
    if threshold is None:
        return Signal(name, colour, problem=f"{name}预警信号没有{colour}色这一级")
    return Signal(name, colour, threshold, version.confidence, version.source)


def signal_of(alert: Alert, info: Info) -> Signal:
    """What kind and colour an info block warns of, on the Beijing day the message was sent.

    The kind by event code, else by the event's own words, in which the longest name of a kind wins; the colour as the form states
    it, else as the headline names it, else by severity. What is not found is flagged.
    """
    day = _day(alert)
    kind = next((name for code in info.event_codes if (name := kind_of_code(code.value))), None)
    return lookup(kind or _kind_in(info.event, day) or info.event.strip(), colour_of(info), day)


def _day(alert: Alert) -> date:
    """The day in Beijing on which a message was sent, also at the ends of the calendar."""
    try:
        return alert.sent.astimezone(BEIJING).date()
    except OverflowError:
        return alert.sent.date()


def _kind_in(event: str, day: date) -> str | None:
    """The kind whose name stands in a text; None when there is none or two of them."""
    version = on(day)
    found = [kind.name for kind in version.kinds if kind.name in event] if version else []
    return found[0] if len(found) == 1 else None


def colour_of(info: Info) -> Colour | None:
    """The colour of an info block; None when it says none."""
    if info.colour:
        return info.colour
    found = _COLOUR.search(info.headline or "") or _COLOUR.search(info.event)
    return Colour(found[1] or found[2]) if found else COLOUR_OF.get(info.severity)
