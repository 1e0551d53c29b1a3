"""The channel inside the application: a call stands on the person's own page; who does not have it open is not waited for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fadu.callout.providers.interface import Accepted, Message, Outcome, Rejected, Said, refuse_drills


@dataclass
class Page:
    """The pages of calls. ``open_``: which of these people have theirs open now."""

    open_: Callable[[Collection[int], datetime], Collection[int]]
    name: str = "app"
    real: bool = True
    batch: int = 1000
    rate: float = 1e9
    lines: int = 0

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """It stands there already: the page reads the calls themselves."""
        if reason := refuse_drills(messages):
            return [Rejected(reason) for _ in messages]
        present = set(self.open_([message.person for message in messages], now))
        return [Accepted("") if message.person in present else Rejected("接收页面没有打开") for message in messages]

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """It has all."""
        return dict.fromkeys(calls, "")

    def receipts(self, now: datetime) -> list[Said]:
        """They come from the page."""
        return []
