"""Stand-ins for the two clouds over real HTTP. They check signatures by their own reading of the public documentation, from the
request as it arrives, and know nothing of the adapters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote

KEY_ID, SECRET = "AKID-shili", "shili-secret"


@dataclass
class Stand:
    """One stand-in: what it was asked, and how it behaves.

    deaf: takes so many requests and loses the answer; busy: says "later" so many times; refuse: numbers it will not take.
    """

    asked: list[dict[str, Any]] = field(default_factory=list)
    refuse: frozenset[str] = frozenset()
    deaf: int = 0
    busy: int = 0
    wrong: int = 0  # requests whose signature was not right

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, Any]]:
        raise NotImplementedError


def _percent(text: str) -> str:
    return quote(text, safe="").replace("%7E", "~")


class Aliyun(Stand):
    """RPC signature 1.0, HMAC-SHA1; SendBatchSms, QuerySendDetails, IvrCall."""

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, Any]]:
        given = dict(parse_qsl(body.decode(), keep_blank_values=True))
        said = given.pop("Signature")
        query = "&".join(f"{_percent(k)}={_percent(given[k])}" for k in sorted(given))
        text = "POST" + "&" + "%2F" + "&" + _percent(query)
        wanted = base64.b64encode(hmac.digest((SECRET + "&").encode(), text.encode(), "sha1")).decode()
        sent = datetime.strptime(given["Timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        fresh = abs((datetime.now(UTC) - sent).total_seconds()) < 900  # noqa: TID251 - the cloud's own clock
        if wanted != said or given["AccessKeyId"] != KEY_ID or not fresh:
            self.wrong += 1
            return 403, {"Code": "SignatureDoesNotMatch", "Message": "signature"}
        if self.busy:
            self.busy -= 1
            return 400, {"Code": "Throttling.User", "Message": "later"}
        if given["Action"] == "QuerySendDetails":
            rows = [
                {"OutId": one["OutId"], "SendStatus": 3}
                for one in self.asked
                if one["Action"] == "SendBatchSms" and given["PhoneNumber"] in json.loads(one["PhoneNumberJson"])
            ]
            return 200, {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
        self.asked.append(given)
        if given["Action"] == "SendBatchSms":
            phones, texts = json.loads(given["PhoneNumberJson"]), json.loads(given["TemplateParamJson"])
            if len(phones) > 100 or len(phones) != len(texts) or len(given["OutId"]) > 255:
                return 400, {"Code": "isv.PARAM_LENGTH_LIMIT", "Message": "too many"}
        elif given["CalledNumber"] in self.refuse:
            return 200, {"Code": "isv.CALL_NUMBER_ILLEGAL", "Message": "number"}
        number = str(len(self.asked))
        return 200, {"Code": "OK", "BizId": f"B{number}", "CallId": f"C{number}"}


class Tencent(Stand):
    """Signature v3, TC3-HMAC-SHA256; SendSms, PullSmsSendStatusByPhoneNumber, SendTts."""

    service = "sms"

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, Any]]:
        headers = handler.headers
        stamp = headers["X-TC-Timestamp"]
        day = datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
        names = "content-type;host"
        canonical = "\n".join((
            "POST", "/", "", f"content-type:{headers['Content-Type']}", f"host:{headers['Host']}", "", names,
            hashlib.sha256(body).hexdigest(),
        ))  # fmt: skip
        scope = f"{day}/{self.service}/tc3_request"
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n" + hashlib.sha256(canonical.encode()).hexdigest()
        dated = hmac.digest(f"TC3{SECRET}".encode(), day.encode(), "sha256")
        key = hmac.digest(hmac.digest(dated, self.service.encode(), "sha256"), b"tc3_request", "sha256")
        wanted = (
            f"TC3-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={names}, Signature="
            + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        )
        if headers["Authorization"] != wanted:
            self.wrong += 1
            return 200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "signature"}}}
        if self.busy:
            self.busy -= 1
            return 200, {"Response": {"Error": {"Code": "RequestLimitExceeded", "Message": "later"}}}
        given = json.loads(body)
        action = headers["X-TC-Action"]
        if action == "PullSmsSendStatusByPhoneNumber":
            rows = [
                {"SessionContext": one["SessionContext"], "SerialNo": f"S{n}"}
                for n, one in enumerate(self.asked)
                if given["PhoneNumber"] in one["PhoneNumberSet"]
            ]
            return 200, {"Response": {"PullSmsSendStatusSet": rows}}
        self.asked.append(given)
        if action == "SendTts":
            return 200, {"Response": {"SendStatus": {"CallId": f"T{len(self.asked)}"}}}
        if len(given["PhoneNumberSet"]) > 200 or len(given["SessionContext"]) > 512:
            return 200, {"Response": {"Error": {"Code": "InvalidParameterValue", "Message": "too many"}}}
        said = [
            {"PhoneNumber": phone, "SerialNo": f"{len(self.asked)}:{phone}", "Code": "Ok"}
            if phone not in self.refuse
            else {
                "PhoneNumber": phone,
                "SerialNo": "",
                "Code": "FailedOperation.PhoneNumberInBlacklist",
                "Message": "no",
            }
            for phone in given["PhoneNumberSet"]
        ]
        return 200, {"Response": {"SendStatusSet": said}}


class TencentCalls(Tencent):
    """The same for calls."""

    service = "vms"


@contextmanager
def served(stand: Stand) -> Iterator[str]:
    """The address of a stand-in that runs as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, answer = stand.answer(self, self.rfile.read(int(self.headers["Content-Length"])))
            if stand.deaf:
                stand.deaf -= 1
                self.close_connection = True
                return
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
