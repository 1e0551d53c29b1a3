"""The SMS interface: one HTTP request as the settings describe it, so that any gateway of a city can be asked."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote_plus

import requests
from django.conf import settings

from fadu.kernel import clock

TIMEOUT = 10  # seconds


class GatewayError(Exception):
    """The gateway could not be reached, was in trouble or said no for a time; worth another try."""


class RefusedByGatewayError(Exception):
    """The request itself is wrong (settings, number); trying again would change nothing."""


def signature(secret: str, mobile: str, text: str, time: str) -> str:
    """HMAC-SHA256 over number, text and time, in hexadecimal."""
    return hmac.new(secret.encode(), f"{mobile}{text}{time}".encode(), hashlib.sha256).hexdigest()


def filled(template: str, values: dict[str, str], *, as_json: bool) -> str:
    """The template with {name} replaced, each value written so that it cannot break out of its place."""
    for name, value in values.items():
        written = json.dumps(value, ensure_ascii=False)[1:-1] if as_json else quote_plus(value)
        template = template.replace("{" + name + "}", written)
    return template


def _at(answer: Any, path: str) -> str | None:
    """The value at ``data.status`` in the gateway's answer; None when it is not there."""
    for part in path.split("."):
        if not isinstance(answer, dict) or part not in answer:
            return None
        answer = answer[part]
    return str(answer)


def send(mobile: str, text: str, identity: str) -> None:
    """Send one message; ``identity`` is the same at each try, so that a gateway can tell a repetition.

    Raises GatewayError (worth another try) or RefusedByGatewayError (4xx: it is not).
    """
    conf = settings.SMS
    time = str(int(clock.now().timestamp()))
    values = {"mobile": mobile, "text": text, "id": identity, "time": time}
    values["sign"] = signature(conf["secret"], mobile, text, time) if conf["secret"] else ""
    as_json = conf["body"].lstrip().startswith(("{", "["))
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    headers = {"Content-Type": f"{kind}; charset=utf-8"}
    for line in conf["headers"].splitlines():
        name, _, value = line.partition(":")
        if name.strip():
            for key, filling in values.items():
                value = value.replace("{" + key + "}", filling if filling.isascii() else quote_plus(filling))
            headers[name.strip()] = value.strip()
    body = filled(conf["body"], values, as_json=as_json).encode()
    try:
        answer = requests.post(conf["url"], data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise GatewayError(f"短信接口没有应答（{type(error).__name__}）") from error
    if 400 <= answer.status_code < 500 and answer.status_code not in (408, 429):
        raise RefusedByGatewayError(f"短信接口拒绝了请求（HTTP {answer.status_code}），请核对设置")
    if answer.status_code >= 300:
        raise GatewayError(f"短信接口出错（HTTP {answer.status_code}）")
    _accepted(answer, conf["success"], conf["message"])


def _accepted(answer: requests.Response, success: str, message: str) -> None:
    """See that the answer says it was taken, where the settings tell how it says so."""
    if not success:
        return
    path, _, wanted = success.partition("=")
    try:
        said = answer.json()
    except ValueError as error:
        raise GatewayError("短信接口的回执不是 JSON") from error
    if _at(said, path.strip()) != wanted.strip():
        raise GatewayError(f"短信接口没有受理：{_at(said, message) or answer.text[:80]}")
