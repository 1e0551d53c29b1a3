"""The signed address by which a person answers without login, and the words a call carries."""

from __future__ import annotations

import hmac

from fadu.callout.providers.interface import DRILL_MARK
from fadu.callout.states import Channel
from fadu.kernel import hashing
from fadu.kernel.numerals import whole

LENGTH = 20  # hex digits: 80 bits


def token(callout: int, person: int) -> str:
    """callout-person-signature, for the address in a message."""
    return f"{callout}-{person}-{hashing.keyed(f'callout/{callout}/{person}')[:LENGTH]}"


def read(text: str) -> tuple[int, int] | None:
    """The callout and the person of a token; None when it was not made here."""
    parts = text.split("-")
    callout, person = map(whole, parts[:2]) if len(parts) == 3 else (None, None)
    if callout is None or person is None:
        return None
    return (callout, person) if hmac.compare_digest(text.encode(), token(callout, person).encode()) else None


def words(message: str, posts: list[str], address: str, channel: Channel, *, drill: bool, clear: bool) -> str:
    """What is sent: the warning word for word, whom it calls, and how to answer. A drill says so first and last.

    A loudspeaker calls nobody by name and takes no answer; on the telephone 1 is pressed; elsewhere an address is opened.
    """
    who = "、".join(posts[:3]) + (f"等{len(posts)}个岗位" if len(posts) > 3 else "")
    if channel is Channel.BROADCAST:
        said = f"预警已解除：{message}" if clear else message
    elif clear:
        said = f"预警已解除：{message}（{who}）"
    elif channel is Channel.VOICE:
        said = f"{message} 您负责{who}，收到请按1确认。"
    else:
        said = f"{message} 您负责{who}，收到请点：{address}"
    return _marked(said, drill=drill)


def common(message: str, *, drill: bool, clear: bool) -> str:
    """The same for everybody, for providers that send one text to many numbers: it is answered by writing 1 back."""
    return _marked(f"预警已解除：{message}" if clear else f"{message} 收到请回复1。", drill=drill)


def _marked(said: str, *, drill: bool) -> str:
    """A drill says so first and last."""
    return f"{DRILL_MARK}{said}（演练，不是真实预警）" if drill else said
