"""SMS and calls in the shape of Tencent's interfaces, signed by TC3-HMAC-SHA256: two hundred numbers a request, one text for all.

Since a request has one text, it carries no address of one person: people answer by writing 1 back, unless the account is
``personal`` and takes one request a person. Receipts of calls name Tencent's own number only.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fadu.callout.providers import reference
from fadu.callout.providers.affirming import BY_KEY, BY_REPLY, affirms
from fadu.callout.providers.cloud import Cloud, domestic, groups, moment_of
from fadu.callout.providers.interface import Accepted, Heard, Message, Outcome, Posted, Said, Unknown
from fadu.callout.providers.wire import Answer, one_by_one, outcomes, refusal
from fadu.kernel import clock

SMS_VERSION, VOICE_VERSION = "2021-01-11", "2020-09-02"
LONGEST = 512  # letters of a SessionContext
JSON = "application/json; charset=utf-8"
BACK = 3600  # seconds back in which a message is looked for
TAKEN = "0"  # the result of a call that a person took


def authorization(key_id: str, secret: str, service: str, host: str, payload: bytes, timestamp: int) -> str:
    """The Authorization header of a JSON request, over content type and host, as the documentation of signature v3 has it."""
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    request = f"POST\n/\n\ncontent-type:{JSON}\nhost:{host}\n\ncontent-type;host\n{hashlib.sha256(payload).hexdigest()}"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signed = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders=content-type;host, Signature={signed}"


@dataclass
class _Tencent(Cloud):
    """What both products share."""

    thanks: Mapping[str, object] = field(default_factory=lambda: {"result": 0, "errmsg": "OK"})
    service: str = "sms"
    version: str = SMS_VERSION

    def _ask(self, action: str, given: Mapping[str, object], now: datetime) -> tuple[int, Answer]:
        """One signed request; the ``Response`` in the answer."""
        payload = json.dumps(given, ensure_ascii=False).encode()
        timestamp = int(now.timestamp())
        host = self._wire.host
        headers = {
            "Content-Type": JSON,
            "Host": host,
            "Authorization": authorization(self.key_id, self.secret, self.service, host, payload, timestamp),
            "X-TC-Action": action,
            "X-TC-Version": self.version,
            "X-TC-Timestamp": str(timestamp),
            "X-TC-Region": self.region or "ap-guangzhou",
        }
        status, answer = self._wire.post("", payload, headers)
        inner = answer.get("Response", {})
        if not isinstance(inner, dict):
            raise ValueError("Response")
        return status, inner

    def receipts(self, now: datetime) -> list[Said]:
        """They are sent to us."""
        return []


@dataclass
class TencentSms(_Tencent):
    """SMS: ``SendSms``, ``PullSmsSendStatusByPhoneNumber``, and the callbacks of status and reply."""

    batch: int = 200
    rate: float = 3000.0

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send, one request for each text there is."""
        texts = {m.id: m.text if self.personal or not m.common else m.common for m in messages}
        parts = groups(messages, texts, LONGEST)
        found = one_by_one(parts, lambda part: self._send(part, texts[part[0].id], now))
        return [found[message.id] for message in messages]

    def _send(self, messages: Sequence[Message], text: str, now: datetime) -> list[Outcome]:
        """One request; each number is taken or refused by itself."""
        given = {
            "PhoneNumberSet": [f"+86{message.phone}" for message in messages],
            "SmsSdkAppId": self.app_id,
            "SignName": self.sign_name,
            "TemplateId": self.template,
            "TemplateParamSet": [text],
            "SessionContext": reference.encode(message.id for message in messages),
        }

        def read(answer: Answer) -> list[Outcome]:
            if "Error" in answer:
                return [_refused(answer) for _ in messages]
            said = {domestic(one.get("PhoneNumber")): one for one in answer.get("SendStatusSet", ())}
            return [_outcome(said.get(message.phone)) for message in messages]

        return outcomes(messages, lambda: self._ask("SendSms", given, now), read)

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Those whose number has a status that names our reference. One without may only be late, so nothing is said of it."""
        now = clock.now()
        found: dict[int, str | None] = {}
        for call, phone in calls.items():
            given = {
                "BeginTime": int(now.timestamp()) - BACK,
                "EndTime": int(now.timestamp()),
                "Offset": 0,
                "Limit": 100,
                "PhoneNumber": f"+86{phone}",
                "SmsSdkAppId": self.app_id,
            }
            try:
                _status, answer = self._ask("PullSmsSendStatusByPhoneNumber", given, now)
            except (OSError, http.client.HTTPException, ValueError):
                return found
            for row in answer.get("PullSmsSendStatusSet") or ():
                if call in reference.decode(str(row.get("SessionContext", ""))):
                    found[call] = str(row.get("SerialNo", ""))
        return found

    def parse(self, posted: Posted) -> list[Heard]:
        """A list of states, or one reply; raises ValueError for another address or form."""
        self.demand_key(posted)
        said = json.loads(posted.body)
        try:
            if isinstance(said, dict):
                at = moment_of(said.get("time"), posted.now)
                answered = affirms(str(said["text"]))
                return [Heard("answered", at, BY_REPLY, phone=domestic(said["mobile"]))] if answered else []
            return [_status(one, posted.now) for one in said]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("form") from error


@dataclass
class TencentVoice(_Tencent):
    """Calls: ``SendTts``, one number a request, and its three callbacks. It cannot be asked by our reference."""

    name: str = "voice"
    service: str = "vms"
    version: str = VOICE_VERSION

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Call each."""
        found = one_by_one([[message] for message in messages], lambda part: self._call(part[0], now))
        return [found[message.id] for message in messages]

    def _call(self, message: Message, now: datetime) -> list[Outcome]:
        """One call."""
        given = {
            "TemplateId": self.template,
            "CalledNumber": f"+86{message.phone.lstrip('0').replace('-', '')}",
            "VoiceSdkAppid": self.app_id,
            "TemplateParamSet": [message.text],
            "PlayTimes": 3,
            "SessionContext": str(message.id),
        }

        def read(answer: Answer) -> list[Outcome]:
            if "Error" in answer:
                return [_refused(answer)]
            return [Accepted(str((answer.get("SendStatus") or {}).get("CallId", "")))]

        return outcomes([message], lambda: self._ask("SendTts", given, now), read)

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """Nothing: it knows calls by its own number only."""
        return {}

    def parse(self, posted: Posted) -> list[Heard]:
        """The key pressed, the end of a call, or why it failed; raises ValueError for another address or form."""
        self.demand_key(posted)
        said = json.loads(posted.body)
        try:
            if "voicekey_callback" in said:
                one = said["voicekey_callback"]
                kind, how = ("answered", BY_KEY) if affirms(str(one["keypress"])) else ("delivered", "")
            elif "voiceprompt_callback" in said:
                one = said["voiceprompt_callback"]
                kind, how = ("delivered", "") if str(one["result"]) == TAKEN else ("failed", "")
            else:
                one = said["voice_failure_callback"]
                kind, how = "failed", str(one.get("failure_code", ""))[:20]
            return [Heard(kind, posted.now, how, ref=str(one["callid"]))]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("form") from error


def _refused(answer: Answer) -> Outcome:
    """The error of a whole request."""
    error = answer["Error"]
    return refusal(error.get("Code"), error.get("Message"))


def _outcome(one: Mapping[str, Any] | None) -> Outcome:
    """What was said of one number."""
    if one is None:
        return Unknown("应答里没有这个号码")
    return (
        Accepted(str(one.get("SerialNo", "")))
        if one.get("Code") == "Ok"
        else refusal(one.get("Code"), one.get("Message"))
    )


def _status(one: Mapping[str, Any], now: datetime) -> Heard:
    """One state of a message; it names the serial number and the number."""
    kind = "delivered" if one["report_status"] == "SUCCESS" else "failed"
    how = "" if kind == "delivered" else str(one.get("errmsg", ""))[:20]
    at = moment_of(one.get("user_receive_time"), now)
    return Heard(kind, at, how, ref=str(one["sid"]), phone=domestic(one["mobile"]))
