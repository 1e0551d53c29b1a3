"""How upper floors listen to steps taken below them: one of the two ways up (the other is ``ui.slots``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fadu.procedure.models import Act, Matter
    from fadu.procedure.registry import Taking


@dataclass(frozen=True)
class StepTaken:
    """A step was taken; listeners run in its transaction, so that both stand or neither."""

    matter: Matter
    act: Act
    taking: Taking


Listener = Callable[[StepTaken], None]
_listeners: dict[str, list[Listener]] = {}


def on_step(*codes: str) -> Callable[[Listener], Listener]:
    """Listen to steps by code (``inspection.routine.refer``)."""

    def register(listener: Listener) -> Listener:
        for code in codes:
            _listeners.setdefault(code, []).append(listener)
        return listener

    return register


def heard(code: str) -> bool:
    """Does anybody listen to the step of that code?"""
    return code in _listeners


def announce(event: StepTaken) -> None:
    """Tell the listeners of the step, in the order in which they were registered."""
    for listener in _listeners.get(f"{event.matter.code}.{event.act.step}", ()):
        listener(event)
