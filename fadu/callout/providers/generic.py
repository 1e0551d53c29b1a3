"""SMS and calls over HTTP and JSON, in the shape most gateways have; a gateway that differs gets an adapter of its own.

``POST {url}`` with ``{"messages": [{"id", "mobile", "content"}]}`` answers ``{"results": [{"id", "code", "ref", "message"}]}``: code 0 is
accepted, 429 and 5xx are for later, anything else is refused. ``POST {url}/query`` with ``{"ids": […]}`` answers ``{"results": [{"id",
"ref"}]}`` with a null ref for those it does not have. Every body is signed: ``X-Sign`` is HMAC-SHA256(secret, time + body).
Receipts come to our own page, signed the same way: ``[{"id", "kind", "at", "how"}]``; kind ``key`` names the ``key`` a person
pressed, kind ``reply`` the ``text`` sent from ``mobile``.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fadu.callout.providers.affirming import BY_KEY, BY_REPLY, affirms
from fadu.callout.providers.interface import Accepted, Heard, Message, Outcome, Posted, Rejected, Said, Unknown
from fadu.callout.providers.wire import Answer, Wire, outcomes
from fadu.kernel import clock
from fadu.kernel.clock import BEIJING
from fadu.kernel.signing import demand_signed, sign

KINDS = frozenset({"delivered", "answered", "failed"})


@dataclass
class Generic:
    """One account at a gateway."""

    url: str
    secret: str = ""
    batch: int = 200
    rate: float = 1000.0
    lines: int = 0
    name: str = "sms"
    real: bool = True
    thanks: Mapping[str, object] = field(default_factory=lambda: {"code": 0})
    _wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self._wire = Wire(self.url)

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send one request; when its answer is lost, all of it is unknown."""
        body = {"messages": [{"id": str(m.id), "mobile": m.phone, "content": m.text} for m in messages]}

        def read(answer: Answer) -> list[Outcome]:
            results = {str(one.get("id")): one for one in answer.get("results", ()) if isinstance(one, dict)}
            return [_outcome(results.get(str(message.id))) for message in messages]

        return outcomes(messages, lambda: self._post("", body, now), read)

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Ask by our own reference; nothing is known while it does not answer."""
        found: dict[int, str | None] = {}
        ids = list(calls)
        for start in range(0, len(ids), self.batch):
            part = ids[start : start + self.batch]
            try:
                status, answer = self._post("/query", {"ids": [str(one) for one in part]}, clock.now())
            except (OSError, http.client.HTTPException, ValueError):
                continue
            if status == 200:
                for one in answer.get("results", ()):
                    found[int(one["id"])] = one.get("ref")
        return found

    def receipts(self, now: datetime) -> list[Said]:
        """They are sent to us."""
        return []

    def parse(self, posted: Posted) -> list[Heard]:
        """The receipts of a signed body; raises ValueError for a bad signature or form."""
        demand_signed(self.secret, posted.moment, posted.signature, posted.body, posted.now)
        try:
            said = [_heard(one, posted.now) for one in json.loads(posted.body)]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("form") from error
        return [one for one in said if one is not None]

    def _post(self, path: str, body: dict[str, Any], now: datetime) -> tuple[int, Answer]:
        """One signed request."""
        data = json.dumps(body, ensure_ascii=False).encode()
        moment = str(int(now.timestamp()))
        headers = {"Content-Type": "application/json", "X-Time": moment, "X-Sign": sign(self.secret, moment, data)}
        return self._wire.post(path, data, headers)


def _outcome(one: dict[str, Any] | None) -> Outcome:
    """What the gateway said of one message."""
    if one is None:
        return Unknown("应答里没有这一条")
    code = one.get("code")
    if code == 0:
        return Accepted(str(one.get("ref", "")))
    retryable = code == 429 or (isinstance(code, int) and 500 <= code < 600)
    return Rejected(str(one.get("message") or code)[:80], retryable=retryable)


def _heard(one: dict[str, Any], now: datetime) -> Heard | None:
    """One receipt, or None for a key or a reply that is no answer. Nobody answers in the future: such a time counts as now."""
    at = datetime.fromisoformat(one["at"])
    at = min(at if at.tzinfo else at.replace(tzinfo=BEIJING), now)
    kind, how = one["kind"], str(one.get("how", ""))[:20]
    number = int(one["id"]) if one.get("id") is not None else None
    if kind == "reply":
        return Heard("answered", at, BY_REPLY, number, phone=str(one["mobile"])) if affirms(str(one["text"])) else None
    if kind == "key":  # another key: the call was taken, and that is all we know
        return Heard("answered", at, BY_KEY, number) if affirms(str(one["key"])) else Heard("delivered", at, "", number)
    if kind not in KINDS or number is None:
        raise ValueError("kind")
    return Heard(kind, at, how, number)
