"""SMS in batches over HTTP and JSON, in the shape most gateways have; a gateway that differs gets an adapter of its own.

``POST {url}`` with ``{"messages": [{"id", "mobile", "content"}]}`` answers ``{"results": [{"id", "code", "ref", "message"}]}``: code 0 is
accepted, 429 and 5xx are for later, anything else is refused. ``POST {url}/query`` with ``{"ids": […]}`` answers ``{"results": [{"id",
"ref"}]}`` with a null ref for those it does not have. Every body is signed: ``X-Sign`` is HMAC-SHA256(secret, time + body).
Receipts come to our own page, signed the same way (``parse``).
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fadu.callout.providers.interface import Accepted, Message, Outcome, Rejected, Said, Unknown, refuse_drills
from fadu.kernel.clock import BEIJING

TIMEOUT = 5.0
SKEW = 300  # seconds a signed body may be old
KINDS = {"delivered": "delivered", "answered": "answered", "failed": "failed"}


def sign(secret: str, moment: str, body: bytes) -> str:
    """The signature of a body sent at a moment."""
    return hmac.new(secret.encode(), moment.encode() + body, hashlib.sha256).hexdigest()


@dataclass
class HttpSms:
    """One account at a gateway. Each sending thread keeps its connection open."""

    url: str
    secret: str = ""
    batch: int = 200
    rate: float = 1000.0
    name: str = "sms"
    real: bool = True
    _local: threading.local = field(default_factory=threading.local)

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send one request; when its answer is lost, all of it is unknown."""
        if reason := refuse_drills(messages):
            return [Rejected(reason) for _ in messages]
        body = {"messages": [{"id": str(m.id), "mobile": m.phone, "content": m.text} for m in messages]}
        try:
            status, answer = self._post("", body, now)
        except ConnectionRefusedError:
            return [Rejected("通道没有应答", retryable=True) for _ in messages]
        except (OSError, http.client.HTTPException, ValueError) as error:
            return [Unknown(type(error).__name__) for _ in messages]
        if status == 429 or status == 503:
            return [Rejected(f"通道繁忙（{status}）", retryable=True) for _ in messages]
        if status >= 500:
            return [Unknown(f"通道出错（{status}）") for _ in messages]
        if status >= 400:
            return [Rejected(f"通道拒绝（{status}）") for _ in messages]
        results = {str(one.get("id")): one for one in answer.get("results", ()) if isinstance(one, dict)}
        return [_outcome(results.get(str(message.id))) for message in messages]

    def query(self, ids: Sequence[int]) -> dict[int, str | None]:
        """Ask by our own reference; nothing is known while it does not answer."""
        found: dict[int, str | None] = {}
        for start in range(0, len(ids), self.batch):
            part = ids[start : start + self.batch]
            try:
                status, answer = self._post("/query", {"ids": [str(one) for one in part]}, datetime.now(BEIJING))  # noqa: TID251
            except (OSError, http.client.HTTPException, ValueError):
                continue
            if status == 200:
                for one in answer.get("results", ()):
                    found[int(one["id"])] = one.get("ref")
        return found

    def receipts(self, now: datetime) -> list[Said]:
        """They are sent to us."""
        return []

    def _post(self, path: str, body: dict[str, Any], now: datetime) -> tuple[int, dict[str, Any]]:
        """One request over the thread's open connection, opened anew when the other side has closed it in between."""
        parts = urlsplit(self.url)
        data = json.dumps(body, ensure_ascii=False).encode()
        moment = str(int(now.timestamp()))
        headers = {"Content-Type": "application/json", "X-Time": moment, "X-Sign": sign(self.secret, moment, data)}
        connection = getattr(self._local, "connection", None)
        if connection is None:
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            connection = self._local.connection = kind(parts.netloc, timeout=TIMEOUT)
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}{path}" or "/", data, headers)
            response = connection.getresponse()
            read = response.read()
        except BaseException:
            connection.close()
            self._local.connection = None
            raise
        answer = json.loads(read or b"{}") if response.status < 400 else {}
        if not isinstance(answer, dict):
            raise ValueError("not an object")
        return response.status, answer


def _outcome(one: dict[str, Any] | None) -> Outcome:
    """What the gateway said of one message."""
    if one is None:
        return Unknown("应答里没有这一条")
    code = one.get("code")
    if code == 0:
        return Accepted(str(one.get("ref", "")))
    retryable = code == 429 or (isinstance(code, int) and 500 <= code < 600)
    return Rejected(str(one.get("message") or code)[:80], retryable=retryable)


def parse(body: bytes, secret: str, moment: str, signature: str, now: datetime) -> list[Said]:
    """The receipts of a signed body: ``[{"id", "kind", "at", "how"}]``; raises ValueError for a bad signature or form.

    A time of the gateway that lies ahead of ours counts as now: nobody answers in the future.
    """
    if not secret or not hmac.compare_digest(sign(secret, moment, body), signature):
        raise ValueError("signature")
    if not moment.isdecimal() or abs(now.timestamp() - int(moment)) > SKEW:
        raise ValueError("time")
    found = []
    for one in json.loads(body):
        at = datetime.fromisoformat(one["at"])
        if at.tzinfo is None:
            at = at.replace(tzinfo=BEIJING)
        found.append(Said(int(one["id"]), KINDS[one["kind"]], min(at, now), str(one.get("how", ""))[:20]))
    return found
