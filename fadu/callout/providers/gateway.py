"""A stand-in for a city's SMS gateway in the shape of ``generic``, over real HTTP: for tests, measurements and trying one's settings."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fadu.kernel.signing import sign


@dataclass
class Gateway:
    """What it has taken, by our reference and how often, and how it behaves.

    slow: seconds before each answer; dead: closes every connection; deaf: takes the messages and loses the answer, so many
    times; lying: says accepted and sends nothing; busy: so many requests get 429; silent: does not answer questions.
    """

    secret: str = ""
    slow: float = 0.0
    dead: bool = False
    deaf: int = 0
    lying: bool = False
    busy: int = 0
    silent: bool = False
    sent: Counter[int] = field(default_factory=Counter)
    phones: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    times: dict[int, float] = field(default_factory=dict)
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a batch."""
        now = time.monotonic()
        results = []
        with self.lock:
            for one in body["messages"]:
                key = int(one["id"])
                if not self.lying:
                    self.sent[key] += 1
                    self.phones[key], self.texts[key] = one["mobile"], one["content"]
                    self.times.setdefault(key, now)
                results.append({"id": one["id"], "code": 0, "ref": f"G{key}"})
        return {"results": results}

    def tell(self, body: dict[str, Any]) -> dict[str, Any]:
        """What it has of these."""
        return {"results": [{"id": one, "ref": f"G{one}" if int(one) in self.sent else None} for one in body["ids"]]}


def serve(gateway: Gateway, address: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """An HTTP server of ``gateway``, bound and not yet running."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with gateway.lock:
                gateway.requests += 1
                busy = gateway.busy > 0
                gateway.busy -= busy
            if gateway.dead:
                self.close_connection = True
                return
            if gateway.slow:
                time.sleep(gateway.slow)
            if gateway.secret and sign(gateway.secret, self.headers["X-Time"], data) != self.headers["X-Sign"]:
                self._answer(401, {})
            elif self.path.endswith("/query"):
                self._answer(503 if gateway.silent else 200, gateway.tell(json.loads(data)))
            elif busy:
                self._answer(429, {})
            else:
                answer = gateway.take(json.loads(data))
                with gateway.lock:
                    deaf = gateway.deaf > 0
                    gateway.deaf -= deaf
                if deaf:
                    self.close_connection = True
                    return
                self._answer(200, answer)

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing on standard error."""

    return ThreadingHTTPServer((address, port), Handler)
