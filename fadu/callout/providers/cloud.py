"""What the adapters in the shape of the two big clouds share: settings, batches with our reference, times, unsigned receipts.

Neither cloud signs its receipts; they come to an address with a key in it that only the provider was told.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fadu.callout.providers import reference
from fadu.callout.providers.interface import Message, Posted
from fadu.callout.providers.wire import Wire
from fadu.kernel import hashing
from fadu.kernel.clock import BEIJING

KEY_LENGTH = 32  # hex digits


@dataclass
class Cloud:
    """One account: its keys, the template that our text is put into, and its limits."""

    url: str
    key_id: str
    secret: str
    template: str
    sign_name: str = ""
    app_id: str = ""
    region: str = ""
    show_number: str = ""
    bye: str = ""
    personal: bool = False
    batch: int = 1
    rate: float = 100.0
    lines: int = 0
    name: str = "sms"
    account: str = "sms"
    real: bool = True
    _wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self._wire = Wire(self.url)

    @property
    def key(self) -> str:
        """The key in the address to which its receipts come."""
        return receipt_key(self.account, self.secret)

    def demand_key(self, posted: Posted) -> None:
        """Refuse what did not come to that address; raises ValueError."""
        if not hmac.compare_digest(self.key.encode(), posted.key.encode()):
            raise ValueError("key")


def receipt_key(account: str, secret: str) -> str:
    """The key of an account's address of receipts; it changes with the account's secret."""
    return hashing.keyed(f"receipts/{account}/{secret}").lower()[:KEY_LENGTH]


def groups(messages: Sequence[Message], text: Mapping[int, str], longest: int) -> list[list[Message]]:
    """Messages that may go out in one request: the same text, each number once, and a reference that fits."""
    made: list[list[Message]] = []
    open_: dict[str, list[Message]] = {}
    for message in messages:
        into = open_.get(text[message.id])
        if (
            into is None
            or any(one.phone == message.phone for one in into)
            or len(reference.encode(one.id for one in [*into, message])) > longest
        ):
            into = open_[text[message.id]] = []
            made.append(into)
        into.append(message)
    return made


def moment_of(text: object, now: datetime) -> datetime:
    """A time of a cloud, Beijing's without saying so; what cannot be read or lies ahead counts as now."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return min(at if at.tzinfo else at.replace(tzinfo=BEIJING), now)


def domestic(phone: object) -> str:
    """A number as the register has it, without the country's prefix."""
    return str(phone).removeprefix("+").removeprefix("86") if str(phone).startswith(("+86", "86")) else str(phone)
