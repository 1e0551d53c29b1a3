"""What the rules of a response read: its level, the tasks that nobody has answered, who is still to be counted [pure]."""

from __future__ import annotations

from dataclasses import dataclass

from fadu.procedure.facts import MatterFacts


@dataclass(frozen=True)
class ResponseFacts(MatterFacts):
    """The facts of a response."""

    started: bool = False  # a level is in force, or was when the act under way ended it
    unanswered: tuple[str, ...] = ()  # the tasks that are neither done nor found not to apply, by member
    uncounted: tuple[str, ...] = ()  # the places whose people have not been counted where they were to go
