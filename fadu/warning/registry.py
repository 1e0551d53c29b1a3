"""What higher floors want to hear of warnings, registered by them."""

from __future__ import annotations

from collections.abc import Callable

from fadu.org.models import Officer
from fadu.warning.models import Warning

Listener = Callable[[Warning, Officer | None], object]
_listeners: list[Listener] = []


def on_taken_in(listener: Listener) -> Listener:
    """Decorator: call the function after a message was taken in, in the same transaction; never for a quarantined one."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(warning: Warning, by: Officer | None) -> None:
    """Tell every listener."""
    for listener in _listeners:
        listener(warning, by)
