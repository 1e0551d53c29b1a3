"""What the engine asks of whoever carries a call, and what it gets back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One message to one telephone. ``id`` is our own reference, by which the provider is asked and answers."""

    id: int
    phone: str
    text: str
    channel: int
    drill: bool
    released: bool  # a drill that two people have let out; a real provider sends no other


@dataclass(frozen=True)
class Accepted:
    """The provider has it."""

    ref: str


@dataclass(frozen=True)
class Rejected:
    """The provider will not send it; again later when ``retryable``."""

    reason: str
    retryable: bool = False


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether it went out; the provider is asked before it is sent again."""

    reason: str = ""


Outcome = Accepted | Rejected | Unknown


@dataclass(frozen=True)
class Said:
    """One receipt: of our call ``id``, that it was delivered, answered or failed, when by the provider's clock, and how."""

    id: int
    kind: str
    at: datetime
    how: str = ""


class Provider(Protocol):
    """An account at a provider. ``real``: telephones ring; ``rate``: messages a second; ``batch``: a request."""

    name: str
    real: bool
    batch: int
    rate: float

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send; one outcome a message, in order. Never raises: what went wrong is an outcome."""
        ...

    def query(self, ids: Sequence[int]) -> dict[int, str | None]:
        """By our own reference: the provider's number of those it has, None of those it does not; none of those it cannot say."""
        ...

    def receipts(self, now: datetime) -> list[Said]:
        """What there is to hear by ``now``, for providers that are asked; others come to the page of receipts."""
        ...


DRILL_MARK = "【演练】"


def refuse_drills(messages: Sequence[Message]) -> str | None:
    """The last of three guards: why a real provider sends none of these, or None. (drills never pass for real)"""
    if any(message.drill and not message.released for message in messages):
        return "演练没有经两人批准，真实通道不发送"
    if any(message.drill and not message.text.startswith(DRILL_MARK) for message in messages):
        return "演练的内容没有标明“演练”，真实通道不发送"
    return None


@dataclass
class Missing:
    """A channel nobody has set up: every call on it fails at once, so that the ladder goes on."""

    name: str = "none"
    real: bool = False
    batch: int = 1000
    rate: float = 1e9

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Refuse all."""
        return [Rejected("没有配置这种通道") for _ in messages]

    def query(self, ids: Sequence[int]) -> dict[int, str | None]:
        """It has none."""
        return dict.fromkeys(ids)

    def receipts(self, now: datetime) -> list[Said]:
        """Nothing."""
        return []


@dataclass
class Hand:
    """People who go there: the call is theirs at once, and they enter the answer."""

    name: str = "hand"
    real: bool = False
    batch: int = 1000
    rate: float = 1e9

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Take all."""
        return [Accepted("") for _ in messages]

    def query(self, ids: Sequence[int]) -> dict[int, str | None]:
        """It has all."""
        return dict.fromkeys(ids, "")

    def receipts(self, now: datetime) -> list[Said]:
        """They are entered on the board."""
        return []
