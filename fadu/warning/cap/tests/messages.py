"""Small messages for tests, written by hand after §3.2 of the standard; parts can be replaced, left out or added."""

from hypothesis import HealthCheck, settings

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # no test judges by the clock
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

ALERT = {
    "identifier": "EX-2026-0001",
    "sender": "office@example.org",
    "sent": "2026-07-01T08:00:00+08:00",
    "status": "Actual",
    "msgType": "Alert",
    "scope": "Public",
}
INFO = {
    "language": "zh-CN",
    "category": "Met",
    "event": "暴雨",
    "urgency": "Expected",
    "severity": "Minor",
    "certainty": "Likely",
    "headline": "示例市气象台发布暴雨蓝色预警",
}
ORDER = (
    "identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses", "code", "note",
    "references", "incidents",
)  # fmt: skip


def elements(values: dict[str, str | None]) -> str:
    """Elements of those names and contents, None left out; contents are put in as they are."""
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value is not None)


def info(area: str = "", **changed: str | None) -> str:
    """An info block; ``area`` is the inside of its area, without which it has none."""
    return f"<info>{elements(INFO | changed)}{f'<area><areaDesc>示例市</areaDesc>{area}</area>' if area else ''}</info>"


def message(inside: str = "", namespace: str = NAMESPACE, **changed: str | None) -> bytes:
    """A whole message in UTF-8; ``inside`` stands where info blocks do."""
    values = ALERT | changed
    ordered = {name: values[name] for name in ORDER if name in values}
    space = f' xmlns="{namespace}"' if namespace else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<alert{space}>{elements(ordered)}{inside}</alert>'.encode()
