"""What the engine asks of whoever carries a call, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One message to one telephone, mailbox, page or place. ``id`` is our own reference, by which the provider is asked.

    phone: the number; for mail the address, for a broadcast the code of the division. common: the text without anything
    that is this person's alone, for providers that send one text to many numbers. person: 0 where nobody is.
    """

    id: int
    phone: str
    text: str
    channel: int
    drill: bool
    released: bool  # a drill that two people have let out; a real provider sends no other
    common: str = ""
    person: int = 0


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


@dataclass(frozen=True)
class Heard:
    """A receipt as a provider tells it, before we know of which call: by our reference, else its own, else the number.

    ids: the calls of the batch it went out in, of which the one to ``phone`` is meant.
    """

    kind: str  # delivered, answered, failed
    at: datetime
    how: str = ""
    id: int | None = None
    ref: str = ""
    ids: tuple[int, ...] = ()
    phone: str = ""


@dataclass(frozen=True)
class Posted:
    """What was sent to our page of receipts: the body, the two headers of a signed one, and the key in the address."""

    body: bytes
    now: datetime
    moment: str = ""
    signature: str = ""
    key: str = ""


class Provider(Protocol):
    """A channel as the engine sees it."""

    @property
    def name(self) -> str:
        """Under which calls are queued for it."""
        ...

    @property
    def real(self) -> bool:
        """Whether telephones ring."""
        ...

    @property
    def batch(self) -> int:
        """Messages a request."""
        ...

    @property
    def rate(self) -> float:
        """Messages a second."""
        ...

    @property
    def lines(self) -> int:
        """Calls at the same time; 0 for as many as one likes."""
        ...

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send; one outcome a message, in order. Never raises: what went wrong is an outcome."""
        ...

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Calls with their numbers, asked for by our own reference: the provider's number of those it has, None of those it
        does not; none of those it cannot say.
        """
        ...

    def receipts(self, now: datetime) -> list[Said]:
        """What there is to hear by ``now``, for providers that are asked; others come to the page of receipts."""
        ...


class Account(Provider, Protocol):
    """An account at a provider that tells us its receipts."""

    def parse(self, posted: Posted) -> list[Heard]:
        """The receipts of a body sent to our page; raises ValueError for a wrong signature, time or form."""
        ...

    @property
    def thanks(self) -> Mapping[str, object]:
        """What the provider wants to hear when the receipts are kept."""
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
    lines: int = 0

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Refuse all."""
        return [Rejected("没有配置这种通道") for _ in messages]

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """It has none."""
        return dict.fromkeys(calls)

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
    lines: int = 0

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Take all."""
        return [Accepted("") for _ in messages]

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """It has all."""
        return dict.fromkeys(calls, "")

    def receipts(self, now: datetime) -> list[Said]:
        """They are entered on the board."""
        return []
