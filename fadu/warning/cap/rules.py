"""What the text of CAP 1.2 demands beyond its schema: the MUSTs, each with its section, and apart from them the SHOULDs.

Conformance (§4.1) asks for the schema and for the mandatory requirements of section 3; what the text only recommends makes a
remark and never a fault.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from fadu.warning.cap import notation
from fadu.warning.cap.reading import text_of
from fadu.warning.cap.schema import MOST_REASONS, NAMESPACE

CAP = f"{{{NAMESPACE}}}"
REFERRING = {
    "Update": "更新",
    "Cancel": "解除",
    "Ack": "确认",
    "Error": "拒收",
}  # §3.2.1 msgType: "identified in <references>"
_MOMENTS = (f"{CAP}sent", f"{CAP}effective", f"{CAP}onset", f"{CAP}expires")
_RESTRICTED = re.compile(r"[\s,<&]")


def faults(alert: Any) -> tuple[str, ...]:
    """The MUST rules broken by a root element that fits the schema, as Chinese sentences with the section; at most MOST_REASONS."""
    return _said(alert, _names, _recipients, _references, _areas)


def remarks(alert: Any) -> tuple[str, ...]:
    """What the text recommends (SHOULD) and the message does otherwise; never a reason to refuse it."""
    return _said(alert, _utc, _notes, _resources)


def _said(alert: Any, *rules: Callable[[Any], Iterator[str]]) -> tuple[str, ...]:
    """What the rules say, as far as anybody reads; the rest is not even looked at."""
    return tuple(islice((said for rule in rules for said in rule(alert)), MOST_REASONS))


def _text(element: Any, name: str) -> str | None:
    """The text of a child, None when there is no such child; whitespace as it stands."""
    child = element.find(CAP + name)
    return None if child is None else text_of(child)


def _names(alert: Any) -> Iterator[str]:
    """§3.2.1 identifier (2), sender (2)."""
    for name in ("identifier", "sender"):
        value = _text(alert, name) or ""
        if not value:
            yield f"<{name}> 是空的，不能唯一标识（CAP 1.2 §3.2.1）"
        elif _RESTRICTED.search(value):
            yield f"<{name}> 的值“{value.strip()[:60]}”含有空白、逗号、< 或者 &（CAP 1.2 §3.2.1）"


def _recipients(alert: Any) -> Iterator[str]:
    """§3.2.1 scope, restriction, addresses (1)."""
    scope = _text(alert, "scope")
    if scope == "Restricted" and not (_text(alert, "restriction") or "").strip():
        yield "<scope> 为 Restricted 时应有 <restriction>（CAP 1.2 §3.2.1）"
    if scope == "Private" and not (_text(alert, "addresses") or "").strip():
        yield "<scope> 为 Private 时必须有 <addresses>（CAP 1.2 §3.2.1）"


def _references(alert: Any) -> Iterator[str]:
    """§3.2.1 msgType, references (1), (2)."""
    kind, text = _text(alert, "msgType") or "", _text(alert, "references")
    if text is None:
        if kind in REFERRING:
            yield f"<msgType> 为 {kind}（{REFERRING[kind]}）时必须有 <references>（CAP 1.2 §3.2.1）"
        return
    if not text.split():
        yield "<references> 是空的（CAP 1.2 §3.2.1）"
    for word in text.split():
        yield from _unless(notation.reference, word, "<references>", "CAP 1.2 §3.2.1")


def _areas(alert: Any) -> Iterator[str]:
    """§3.2.4 polygon (1), (2), circle (1), ceiling (1)."""
    for area in alert.iter(f"{CAP}area"):
        for polygon in area.iterfind(f"{CAP}polygon"):
            yield from _unless(
                notation.ring, text_of(polygon), f"第 {polygon.sourceline} 行 <polygon>", "CAP 1.2 §3.2.4"
            )
        for circle in area.iterfind(f"{CAP}circle"):
            yield from _unless(notation.disc, text_of(circle), f"第 {circle.sourceline} 行 <circle>", "CAP 1.2 §3.2.4")
        ceiling = area.find(f"{CAP}ceiling")
        if ceiling is not None and area.find(f"{CAP}altitude") is None:
            yield f"第 {ceiling.sourceline} 行 <ceiling> 不得离开 <altitude> 单独使用（CAP 1.2 §3.2.4）"


def _unless(read: Callable[[str], object], text: str, where: str, section: str) -> Iterator[str]:
    """A fault unless ``read`` accepts ``text``."""
    try:
        read(text)
    except ValueError as error:
        yield f"{where}：{error}（{section}）"


def _utc(alert: Any) -> Iterator[str]:
    """§3.3.2: UTC is ``-00:00``. ``+00:00`` may also be the civil time of a country on Greenwich, which is no UTC (ADR 40)."""
    if any((element.text or "").strip().endswith("+00:00") for element in alert.iter(*_MOMENTS)):
        yield "时间写作 +00:00；如果是协调世界时，CAP 1.2 §3.3.2 要求写作 -00:00"


def _notes(alert: Any) -> Iterator[str]:
    """§3.2.1 status (1), msgType (1)."""
    noted = (_text(alert, "note") or "").strip()
    if _text(alert, "status") == "Exercise" and not noted:
        yield "演练报文的 <note> 宜写明演练名称（CAP 1.2 §3.2.1）"
    if _text(alert, "msgType") == "Error" and not noted:
        yield "拒收报文的 <note> 宜写明原因（CAP 1.2 §3.2.1）"


def _resources(alert: Any) -> Iterator[str]:
    """§3.2.3 uri and derefUri: one of them leads to the file."""
    for resource in alert.iter(f"{CAP}resource"):
        if resource.find(f"{CAP}uri") is None and resource.find(f"{CAP}derefUri") is None:
            yield f"第 {resource.sourceline} 行 <resource> 既没有 <uri> 也没有 <derefUri>，取不到文件"
