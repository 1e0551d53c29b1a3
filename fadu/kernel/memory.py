"""What was looked up once within one act is not looked up again: posts of a day, numbers of law; never beyond the act."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember look-ups inside the block (an inner block shares the outer one's memory); forget them at its end.

    Only for blocks in which what is looked up does not change: an act on a matter changes no post and no number of law.
    """
    if _remembered.get() is not None:
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def remember(key: Hashable, look_up: Callable[[], T]) -> T:
    """What ``look_up`` answers, asked once for a ``key`` within ``remembering``; outside of it asked each time."""
    known = _remembered.get()
    if known is None:
        return look_up()
    if key not in known:
        known[key] = look_up()
    return known[key]  # type: ignore[no-any-return]


def tell(key: Hashable, value: object) -> None:
    """Remember ``value`` for ``key`` within ``remembering``; outside of it nothing is remembered."""
    known = _remembered.get()
    if known is not None:
        known[key] = value
