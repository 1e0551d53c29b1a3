"""HTTP to a provider: connections kept open, and what each way of failing means for the messages of a request."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fadu.callout.providers.interface import Message, Outcome, Rejected, Unknown, refuse_drills

TIMEOUT = 3.5  # seconds; two accounts asked one after the other stay within the engine's lease
THROTTLED = ("throttling", "limitexceeded", "limit_control", "frequency")  # in the codes of those who say "later"
Answer = Mapping[str, Any]


@dataclass
class Wire:
    """Requests to one address. Each sending thread keeps its connection open."""

    url: str
    _local: threading.local = field(default_factory=threading.local)

    @property
    def host(self) -> str:
        """Host and port, as the Host header has them."""
        return urlsplit(self.url).netloc

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Answer]:
        """One POST below the address; the status and the JSON object of the answer ({} when there is none).

        Raises OSError, HTTPException, and ValueError for an answer that is no JSON object.
        """
        parts = urlsplit(self.url)
        connection = getattr(self._local, "connection", None)
        if connection is None:
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            connection = self._local.connection = kind(parts.netloc, timeout=TIMEOUT)
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}{path}" or "/", body, dict(headers))
            response = connection.getresponse()
            read = response.read()
        except BaseException:
            connection.close()
            self._local.connection = None
            raise
        return response.status, _object(read, strict=response.status < 400)


def _object(read: bytes, *, strict: bool) -> Answer:
    """The JSON object of an answer; what an error page says need not be one."""
    try:
        answer = json.loads(read or b"{}")
    except ValueError:
        if strict:
            raise
        return {}
    if isinstance(answer, dict):
        return answer
    if strict:
        raise ValueError("not an object")
    return {}


def outcomes(
    messages: Sequence[Message], ask: Callable[[], tuple[int, Answer]], read: Callable[[Answer], list[Outcome]]
) -> list[Outcome]:
    """Send one request for these messages. Refused connections and "later" may be tried again; when the answer is lost, all is
    unknown; ``read`` is given the answer of a request that was understood.
    """
    if reason := refuse_drills(messages):
        return [Rejected(reason) for _ in messages]
    try:
        status, answer = ask()
    except ConnectionRefusedError:
        return [Rejected("通道没有应答", retryable=True) for _ in messages]
    except (OSError, http.client.HTTPException, ValueError) as error:
        return [Unknown(type(error).__name__) for _ in messages]
    if status in (429, 503):
        return [Rejected(f"通道繁忙（{status}）", retryable=True) for _ in messages]
    if status >= 500:
        return [Unknown(f"通道出错（{status}）") for _ in messages]
    if status >= 400 and not answer:
        return [Rejected(f"通道拒绝（{status}）") for _ in messages]
    return read(answer)


def refusal(code: object, said: object) -> Rejected:
    """The provider's own refusal: for now when its code says that we ask too often."""
    retryable = any(word in str(code).lower() for word in THROTTLED)
    return Rejected(f"{code}：{said}"[:80], retryable=retryable)


def one_by_one(
    groups: Sequence[Sequence[Message]], send: Callable[[Sequence[Message]], list[Outcome]]
) -> dict[int, Outcome]:
    """Send several requests one after the other, as long as the time of one lasts; the rest is for the next round."""
    until = time.monotonic() + TIMEOUT
    found: dict[int, Outcome] = {}
    for group in groups:
        late = time.monotonic() > until
        said = [Rejected("通道来不及", retryable=True) for _ in group] if late else send(group)
        found.update(zip((message.id for message in group), said, strict=True))
    return found
