"""SMS and calls in the shape of Aliyun's RPC interfaces of 2017-05-25: signed parameters, a hundred numbers a request.

Its documentation says that sending is not idempotent, so a request whose answer was lost is looked for by number and by our
reference (``OutId``) before it is sent again. A call plays a menu, and the key pressed comes in its receipt.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from fadu.callout.providers import reference
from fadu.callout.providers.affirming import BY_KEY, BY_REPLY, affirms
from fadu.callout.providers.cloud import Cloud, domestic, groups, moment_of
from fadu.callout.providers.interface import Accepted, Heard, Message, Outcome, Posted, Said
from fadu.callout.providers.wire import Answer, one_by_one, outcomes, refusal
from fadu.kernel import clock
from fadu.kernel.clock import BEIJING

VERSION = "2017-05-25"
LONGEST = 255  # letters of an OutId
HEARD = frozenset({"200000", "300000"})  # codes of a call that a person took


def signature(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """The signature (base64 of HMAC-SHA1) of an RPC request over its sorted parameters, as the documentation of version 1.0 has it."""
    said = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(parameters.items()))
    text = f"{method}&{_quoted('/')}&{_quoted(said)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


@dataclass
class _Aliyun(Cloud):
    """What both products share."""

    thanks: Mapping[str, object] = field(default_factory=lambda: {"code": 0, "msg": "OK"})

    def _ask(self, action: str, parameters: Mapping[str, str], now: datetime) -> tuple[int, Answer]:
        """One signed request."""
        given = {
            "AccessKeyId": self.key_id,
            "Action": action,
            "Format": "JSON",
            "RegionId": self.region or "cn-hangzhou",
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": uuid.uuid4().hex,
            "SignatureVersion": "1.0",
            "Timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Version": VERSION,
            **parameters,
        }
        given["Signature"] = signature("POST", given, self.secret)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._wire.post("", urlencode(given).encode(), headers)

    def receipts(self, now: datetime) -> list[Said]:
        """They are sent to us."""
        return []

    def parse(self, posted: Posted) -> list[Heard]:
        """The receipts of a body; raises ValueError for another address or form."""
        self.demand_key(posted)
        try:
            said = [self.heard(one, posted.now) for one in json.loads(posted.body)]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("form") from error
        return [one for one in said if one is not None]

    def heard(self, one: dict[str, Any], now: datetime) -> Heard | None:
        """One receipt of the product."""
        raise NotImplementedError


@dataclass
class AliyunSms(_Aliyun):
    """SMS: ``SendBatchSms``, ``QuerySendDetails``, ``SmsReport``, ``SmsUp``."""

    batch: int = 100
    rate: float = 500.0

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send, each number with its own text."""
        found = one_by_one(groups(messages, {m.id: "" for m in messages}, LONGEST), lambda part: self._send(part, now))
        return [found[message.id] for message in messages]

    def _send(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """One request: it is taken or refused as a whole."""
        given = {
            "PhoneNumberJson": _json([message.phone for message in messages]),
            "SignNameJson": _json([self.sign_name for _ in messages]),
            "TemplateCode": self.template,
            "TemplateParamJson": _json([{"text": message.text} for message in messages]),
            "OutId": reference.encode(message.id for message in messages),
        }

        def read(answer: Answer) -> list[Outcome]:
            if answer.get("Code") == "OK":
                return [Accepted(str(answer.get("BizId", ""))) for _ in messages]
            return [refusal(answer.get("Code"), answer.get("Message")) for _ in messages]

        return outcomes(messages, lambda: self._ask("SendBatchSms", given, now), read)

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Those that stand in its list of today. One that does not may only be late in it, so nothing is said of it."""
        now = clock.now()
        found: dict[int, str | None] = {}
        for call, phone in calls.items():
            given = {
                "PhoneNumber": phone,
                "SendDate": now.astimezone(BEIJING).strftime("%Y%m%d"),
                "PageSize": "50",
                "CurrentPage": "1",
            }
            try:
                _status, answer = self._ask("QuerySendDetails", given, now)
                rows = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or ()
            except (OSError, http.client.HTTPException, ValueError, AttributeError):
                return found
            if any(call in reference.decode(str(row.get("OutId", ""))) for row in rows):
                found[call] = ""
        return found

    def heard(self, one: dict[str, Any], now: datetime) -> Heard | None:
        """``SmsReport``, or ``SmsUp`` where a person wrote back."""
        phone = domestic(one["phone_number"])
        if "content" in one:
            at = moment_of(one.get("send_time"), now)
            return Heard("answered", at, BY_REPLY, phone=phone) if affirms(str(one["content"])) else None
        ids = reference.decode(str(one.get("out_id", "")))
        if one["success"] in (True, "true"):
            return Heard("delivered", moment_of(one.get("report_time"), now), ids=ids, phone=phone)
        return Heard(
            "failed", moment_of(one.get("report_time"), now), str(one.get("err_code", ""))[:20], ids=ids, phone=phone
        )


@dataclass
class AliyunVoice(_Aliyun):
    """Calls: ``IvrCall``, one number a request; ``VoiceReport`` and ``VoiceCallReport``. It cannot be asked by our reference."""

    name: str = "voice"

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Call each."""
        found = one_by_one([[message] for message in messages], lambda part: self._call(part[0], now))
        return [found[message.id] for message in messages]

    def _call(self, message: Message, now: datetime) -> list[Outcome]:
        """One call: the text, then the menu, in which 1 confirms."""
        given = {
            "CalledShowNumber": self.show_number,
            "CalledNumber": message.phone.replace("-", ""),
            "StartCode": self.template,
            "StartTtsParams": _json({"text": message.text}),
            "MenuKeyMap.1.Key": "1",
            "MenuKeyMap.1.Code": self.bye or self.template,
            "PlayTimes": "3",
            "OutId": str(message.id),
        }

        def read(answer: Answer) -> list[Outcome]:
            if answer.get("Code") == "OK":
                return [Accepted(str(answer.get("CallId", "")))]
            return [refusal(answer.get("Code"), answer.get("Message"))]

        return outcomes([message], lambda: self._ask("IvrCall", given, now), read)

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Nothing: it knows calls by its own number only."""
        return {}

    def heard(self, one: dict[str, Any], now: datetime) -> Heard | None:
        """The end of a call, or its state while it lasts; the key counts whenever it is told."""
        at = moment_of(one.get("status_time") or one.get("end_time"), now)
        call = int(one["out_id"])
        if affirms(str(one.get("dtmf") or "")):
            return Heard("answered", at, BY_KEY, call)
        code = str(one.get("status_code", ""))
        return Heard("delivered", at, "", call) if code in HEARD else Heard("failed", at, code[:20], call)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
