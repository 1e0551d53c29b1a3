"""A stand-in for a city's SMS gateway, over real HTTP: for tests, demonstrations and trying one's settings."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fadu.reminder.services.sms import signature


@dataclass
class Gateway:
    """What the gateway has taken, and how it behaves: the first ``failures`` requests get ``status`` or a refusal."""

    secret: str = ""
    failures: int = 0
    status: int = 503
    refuse: bool = False
    said: Callable[[str], object] = lambda line: None
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take one message: (HTTP status, answer). The same id twice is one message."""
        with self.lock:
            self.asked += 1
            if self.asked <= self.failures:
                return (200, {"code": 21, "message": "通道繁忙"}) if self.refuse else (self.status, {"message": "故障"})
            mobile, text, identity = (str(body.get(name, "")) for name in ("mobile", "content", "id"))
            if not mobile.isdecimal() or len(mobile) != 11 or not text:
                return 400, {"code": 40, "message": "手机号或者内容不对"}
            wanted = signature(self.secret, mobile, text, str(body.get("time", "")))
            if self.secret and body.get("sign") != wanted:
                return 401, {"code": 41, "message": "签名不对"}
            self.taken[identity or str(len(self.taken))] = {"mobile": mobile, "content": text}
            self.said(f"{mobile}：{text}")
            return 200, {"code": 0, "message": "ok"}


def serve(gateway: Gateway, address: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """An HTTP server of ``gateway``, bound and not yet running: POST any path takes JSON, GET tells what was taken."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            except ValueError:
                body = None
            if isinstance(body, dict):
                self._answer(*gateway.take(body))
            else:
                self._answer(400, {"code": 40, "message": "不是 JSON"})

        def do_GET(self) -> None:
            self._answer(200, {"messages": list(gateway.taken.values()), "asked": gateway.asked})

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
