"""Terminals of broadcast over MQTT: a signed message to each of a place, and their signed receipts.

Topics, below a prefix: ``…/{division}/{terminal}/play`` from us, ``…/{division}/{terminal}/receipt`` from the terminal, both QoS 1 and never
retained, so that a terminal that comes back tomorrow does not play yesterday's warning. Every body is a JSON object with
``sign``: HMAC-SHA256 with the terminal's own key over the object without it in its canonical form.
"""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion

from fadu.callout.providers.interface import Accepted, Message, Outcome, Rejected, Said, Unknown, refuse_drills
from fadu.callout.providers.wire import TIMEOUT
from fadu.kernel.clock import BEIJING
from fadu.kernel.hashing import canonical

log = structlog.get_logger("fadu.callout")
QOS = 1
GOOD = timedelta(minutes=30)  # after which a terminal plays a message no more
SKEW = timedelta(minutes=10)  # by which a terminal's clock may differ in a receipt
KINDS = frozenset({"received", "playing", "played"})
KEPT = 100_000  # receipts that wait to be read
LARGEST = 4096  # bytes of a receipt


class Station(NamedTuple):
    """A terminal as the channel needs it."""

    code: str
    division: str
    key: str


@dataclass(frozen=True)
class Told:
    """A receipt of a terminal whose signature is good."""

    terminal: str
    call: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class Book:
    """What the channel asks of the register, and tells it.

    of: the terminals of these divisions; by: the terminal of a code, None for one that is not there or out of use; keep: keeps
    receipts and answers those that make a call delivered; known: which of these calls a terminal has told of.
    """

    of: Callable[[Collection[str]], Sequence[Station]]
    by: Callable[[str], Station | None]
    keep: Callable[[Sequence[Told]], list[Said]]
    known: Callable[[Collection[int]], Collection[int]]


def sign(key: str, body: Mapping[str, Any]) -> str:
    """The signature of a body: HMAC-SHA256 over its canonical JSON without ``sign``, 64 hex digits."""
    plain = canonical({name: value for name, value in body.items() if name != "sign"})
    return hmac.new(key.encode(), plain.encode(), sha256).hexdigest()


def told_of(station: Station, payload: bytes, now: datetime) -> Told:
    """The receipt in a payload; raises ValueError for a wrong signature, time or form."""
    if len(payload) > LARGEST:
        raise ValueError("size")
    body = json.loads(payload)
    try:
        if not hmac.compare_digest(sign(station.key, body).encode(), str(body["sign"]).encode()):
            raise ValueError("signature")
        call, kind, at = int(body["id"]), str(body["kind"]), datetime.fromisoformat(body["at"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("form") from error
    at = at if at.tzinfo else at.replace(tzinfo=BEIJING)
    if kind not in KINDS or abs(now - at) > SKEW:
        raise ValueError("kind or time")
    return Told(station.code, call, kind, min(at, now))


@dataclass
class Terminals:
    """The broker of the settings, as one client."""

    url: str  # mqtt://user:password@host:1883 or mqtts://…
    prefix: str
    book: Book
    client_id: str = ""
    name: str = "broadcast"
    real: bool = True
    batch: int = 50
    rate: float = 500.0
    lines: int = 0
    _client: mqtt.Client | None = None
    _heard: deque[tuple[str, bytes]] = field(default_factory=lambda: deque(maxlen=KEPT))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Publish to every terminal of each place; a place without any is refused, so that the ladder goes on."""
        if reason := refuse_drills(messages):
            return [Rejected(reason) for _ in messages]
        by_place: dict[str, list[Station]] = {}
        for station in self.book.of({message.phone for message in messages}):
            by_place.setdefault(station.division, []).append(station)
        client = self._connected()
        until = time.monotonic() + TIMEOUT
        waiting = [(self._publish(client, message, by_place.get(message.phone, ()), now)) for message in messages]
        return [_outcome(infos, until) if isinstance(infos, list) else infos for infos in waiting]

    def _publish(
        self, client: mqtt.Client, message: Message, stations: Sequence[Station], now: datetime
    ) -> list[mqtt.MQTTMessageInfo] | Rejected:
        """Hand one message to the client for each terminal."""
        if not stations:
            return Rejected("本地没有登记广播终端")
        if not client.is_connected():
            return Rejected("广播服务器没有连接", retryable=True)
        sent = []
        for station in stations:
            body: dict[str, Any] = {
                "id": message.id,
                "terminal": station.code,
                "text": message.text,
                "drill": message.drill,
                "at": now.isoformat(),
                "until": (now + GOOD).isoformat(),
            }
            body["sign"] = sign(station.key, body)
            topic = f"{self.prefix}/{station.division}/{station.code}/play"
            sent.append(client.publish(topic, canonical(body), qos=QOS, retain=False))
        return sent

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Those of which a terminal has told; the broker cannot be asked, and terminals play a number once."""
        return dict.fromkeys(self.book.known(list(calls)), "")

    def receipts(self, now: datetime) -> list[Said]:
        """What the terminals have told since; what is not rightly signed is noted in the log and dropped."""
        self._connected()
        told = []
        while self._heard:
            topic, payload = self._heard.popleft()
            _division, code, _ = topic.removeprefix(f"{self.prefix}/").split("/", 2)
            station = self.book.by(code)
            try:
                if station is None:
                    raise ValueError("terminal")
                told.append(told_of(station, payload, now))
            except ValueError as error:
                log.warning("terminal receipt refused", topic=topic, error=str(error)[:80])
        return self.book.keep(told) if told else []

    # --- the client

    def _connected(self) -> mqtt.Client:
        """The client, connecting since the first time it was asked for, and again by itself whenever it is cut off."""
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> mqtt.Client:
        """Begin to connect; the session is kept by the broker, so that receipts wait for us while we are away."""
        parts = urlsplit(self.url)
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self.client_id, clean_session=not self.client_id)
        if parts.username:
            client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        if parts.scheme == "mqtts":
            client.tls_set()
        client.reconnect_delay_set(1, 10)
        client.on_connect = self._subscribe
        client.on_message = lambda _client, _data, message: self._heard.append((message.topic, bytes(message.payload)))
        client.connect_async(parts.hostname or "127.0.0.1", parts.port or (8883 if parts.scheme == "mqtts" else 1883))
        client.loop_start()
        return client

    def _subscribe(self, client: mqtt.Client, *_: object) -> None:
        """Listen to all receipts."""
        client.subscribe(f"{self.prefix}/+/+/receipt", QOS)

    def close(self) -> None:
        """Leave the broker."""
        with self._lock:
            if self._client is not None:
                self._client.disconnect()
                self._client.loop_stop()
                self._client = None


def _outcome(infos: Sequence[mqtt.MQTTMessageInfo], until: float) -> Outcome:
    """Accepted when the broker has confirmed every terminal's; unknown when it has not in time."""
    for info in infos:
        try:
            info.wait_for_publish(max(0.0, until - time.monotonic()))
        except (ValueError, RuntimeError):
            return Rejected("广播服务器没有接收", retryable=True)
        if not info.is_published():
            return Unknown("广播服务器没有确认")
    return Accepted(str(len(infos)))
