"""The adapter for messages of the 国家突发事件预警信息发布系统, whose form is CAP's in content but has no namespace and other values.

The names and values taken here (``sendTime``, ``senderCode``, ``eventType``, severities by colour, bare geocodes) are from memory and from the
notes on the national profile; they are to be compared with messages of the city's own platform. What is not known is kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from fadu.kernel.clock import BEIJING
from fadu.kernel.errors import Refused
from fadu.warning.cap import notation, parse, reading, signals
from fadu.warning.cap.message import (
    CATEGORIES,
    CERTAINTIES,
    RESPONSES,
    URGENCIES,
    Alert,
    Area,
    Colour,
    Form,
    Info,
    MsgType,
    Named,
    Reference,
    Resource,
    Scope,
    Severity,
    Status,
)
from fadu.warning.cap.reading import text_of

COLOURS = {"Red": Colour.RED, "Orange": Colour.ORANGE, "Yellow": Colour.YELLOW, "Blue": Colour.BLUE}
GEOCODE = "行政区划代码"
EVENT_CODE = "国家预警事件分类编码"
_IDENTIFIER = re.compile(
    r"(?P<division>\d{6})(?P<agency>[0-9A-Z]{3})(?P<unit>[0-9A-Z]{3})(?P<extension>[0-9A-Z]{2})_(?P<entered>\d{14})_(?P<serial>\d)",
    re.ASCII,
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\+08:00)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{0,9})?", re.ASCII)
_CODE = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?", re.ASCII)


class NotNationalError(Refused):
    """Bytes that are no message of the national platform that we can take in; the reasons name the elements."""

    status = 422


@dataclass(frozen=True)
class Identifier:
    """The 31 characters ``ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N``: whose message it is, when it was entered, and its serial number."""

    division: str  # GB/T 2260, six digits
    agency: str  # GB/T 4657, three characters
    unit: str  # 000 when there is none
    extension: str  # 00 when there is none
    entered: datetime
    serial: int


def identifier(text: str) -> Identifier:
    """The parts of a national identifier; raises ValueError for another form or a time that the calendar does not have."""
    found = _IDENTIFIER.fullmatch(text)
    if not found:
        raise ValueError(f"“{text[:60]}”不是 31 位的国家预警标识（14 位发布单位_14 位时间_1 位序号）")
    try:
        entered = datetime.strptime(found["entered"], "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise ValueError(f"预警标识中的时间 {found['entered']} 不是历法上有的时间") from error
    return Identifier(
        found["division"], found["agency"], found["unit"], found["extension"], entered, int(found["serial"])
    )


def is_national(root: Any) -> bool:
    """Whether a root element is of the national form: an ``alert`` without namespace."""
    return root is not None and root.tag == "alert"


def adapt(data: bytes) -> Alert:
    """The values of a message of the national form; raises NotNationalError, with every fault found, and nothing else."""
    try:
        root = reading.read(data)
    except reading.Unreadable as refusal:
        raise NotNationalError(*refusal.reasons) from refusal
    if not is_national(root):
        raise NotNationalError("根元素不是没有命名空间的 <alert>，不是国家预警发布系统的报文")
    return _Adapter().alert(root)


class _Fields:
    """The children of an element by name; an empty element is one that is not there; what nobody asked for is kept."""

    def __init__(self, element: Any) -> None:
        self._children = list(element.iterchildren(etree.Element))
        self._asked: set[str] = set()

    def all(self, *names: str) -> list[Any]:
        """The children of these names that have content."""
        self._asked.update(names)
        return [child for child in self._children if child.tag in names and (len(child) or text_of(child).strip())]

    def text(self, *names: str) -> str | None:
        """The text of the first child of these names, as it stands."""
        found = self.all(*names)
        return text_of(found[0]) if found else None

    def extras(self) -> tuple[str, ...]:
        """The children that have content and were not asked for."""
        rest = (c for c in self._children if c.tag not in self._asked and (len(c) or text_of(c).strip() or c.attrib))
        return tuple(etree.tostring(child, encoding="unicode", with_tail=False) for child in rest)


class _Adapter:
    """One reading, which gathers all faults before it refuses."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def alert(self, root: Any) -> Alert:
        """The whole message."""
        of = _Fields(root)
        number = (of.text("identifier") or "").strip()
        self._try("identifier", lambda: identifier(number))
        sent = self._moment(of, "sent", "sendTime") or datetime.min.replace(tzinfo=BEIJING)
        kind = self._value(of, "msgType", MsgType, MsgType.ALERT)
        answer = Alert(
            identifier=number,
            sender=self._must(of, "sender").strip(),
            sent=sent,
            status=self._value(of, "status", Status, Status.TEST),
            msg_type=kind,
            scope=self._value(of, "scope", Scope, Scope.PUBLIC),
            source=of.text("source"),
            restriction=of.text("restriction"),
            addresses=notation.words(of.text("addresses") or ""),
            note=of.text("note"),
            references=self._references(of.text("references") or "", kind),
            infos=tuple(self._info(_Fields(info), kind) for info in of.all("info")),
            form=Form.NATIONAL,
            extras=of.extras(),
        )
        if kind is MsgType.ALERT and not answer.infos:
            self.faults.append("<info> 没有内容")
        if self.faults:
            raise NotNationalError(*self.faults)
        return answer

    def _try(self, name: str, read: Any) -> Any:
        """What ``read`` gives; its ValueError becomes a fault."""
        try:
            return read()
        except ValueError as error:
            self.faults.append(f"<{name}>：{error}")
            return None

    def _must(self, of: _Fields, *names: str) -> str:
        """A text that has to be there."""
        text = of.text(*names)
        if text is None:
            self.faults.append(f"缺少 <{names[0]}>")
        return text or ""

    def _value(self, of: _Fields, name: str, kind: Any, instead: Any) -> Any:
        """A code that has to be one of CAP's; ``instead`` only fills the place in a message that is refused."""
        text = self._must(of, name).strip()
        if text not in list(kind):
            if text:
                self.faults.append(f"<{name}> 的值“{text[:40]}”不在允许的值之内：{'、'.join(kind)}")
            return instead
        return kind(text)

    def _one_of(self, name: str, text: str, allowed: tuple[str, ...]) -> str:
        """A code that has to be one of CAP's."""
        if text.strip() not in allowed:
            self.faults.append(f"<{name}> 的值“{text.strip()[:40]}”不在允许的值之内：{'、'.join(allowed)}")
        return text.strip()

    def _moment(self, of: _Fields, *names: str, must: bool = True) -> datetime | None:
        """A time with +08:00, the day and the time parted by T or a space."""
        text = self._must(of, *names) if must else of.text(*names)
        return self._try(names[0], lambda: _moment(text.strip())) if text else None

    def _references(self, text: str, kind: MsgType) -> tuple[Reference, ...]:
        """The references; an Update or a Cancel has to have one."""
        found = self._try("references", lambda: parse.references(text)) or ()
        if not text.strip() and kind in (MsgType.UPDATE, MsgType.CANCEL):
            self.faults.append(f"<msgType> 为 {kind} 时必须有 <references>")
        return tuple(found)

    def _info(self, of: _Fields, kind: MsgType) -> Info:
        """An info block; a code alone is a kind too, and a missing urgency is unknown, never none.

        Only what warns has to say where: a cancellation that does not is better taken in than lost.
        """
        codes = self._codes(of.all("eventCode", "eventType"), EVENT_CODE)
        named = next((name for code in codes if (name := signals.kind_of_code(code.value))), None)
        event = of.text("event") or named or (codes[0].value if codes else "")
        if not event:
            self.faults.append("<info> 既没有 <event> 也没有 <eventType>")
        colour, severity = self._colour((of.text("severity") or "").strip())
        areas = tuple(self._area(_Fields(area)) for area in of.all("area"))
        if not areas and kind in (MsgType.ALERT, MsgType.UPDATE):
            self.faults.append("<info> 缺少 <area>")
        return Info(
            event=event,
            categories=tuple(self._one_of("category", text_of(each), CATEGORIES) for each in of.all("category"))
            or ("Met",),
            urgency=self._one_of("urgency", of.text("urgency") or "Unknown", URGENCIES),
            severity=severity,
            certainty=self._one_of("certainty", of.text("certainty") or "Unknown", CERTAINTIES),
            language=(of.text("language") or "zh-CN").strip(),
            response_types=tuple(
                self._one_of("responseType", text_of(each), RESPONSES) for each in of.all("responseType")
            ),
            audience=of.text("audience"),
            event_codes=codes,
            effective=self._moment(of, "effective", must=False),
            onset=self._moment(of, "onset", must=False),
            expires=self._moment(of, "expires", must=False),
            sender_name=of.text("senderName"),
            headline=self._must(of, "headline"),
            description=of.text("description"),
            instruction=of.text("instruction"),
            web=of.text("web"),
            contact=of.text("contact"),
            parameters=self._codes(of.all("parameter"), ""),
            resources=tuple(self._resource(_Fields(resource)) for resource in of.all("resource")),
            areas=areas,
            colour=colour,
            extras=of.extras(),
        )

    def _colour(self, text: str) -> tuple[Colour | None, Severity]:
        """Colour and severity; the national form has colours where CAP has words, and both are taken."""
        if text in COLOURS:
            return COLOURS[text], signals.SEVERITY_OF[COLOURS[text]]
        if text in list(Severity):
            return None, Severity(text)
        self.faults.append(f"<severity> 的值“{text[:40]}”应为 Red、Orange、Yellow、Blue 或者 Unknown")
        return None, Severity.UNKNOWN

    def _codes(self, elements: Iterable[Any], name: str) -> tuple[Named, ...]:
        """Codes, either bare or with valueName and value."""
        found = []
        for element in elements:
            if len(element):
                of = _Fields(element)
                found.append(Named((of.text("valueName") or name).strip(), (of.text("value") or "").strip()))
            else:
                found.append(Named(name, text_of(element).strip()))
        return tuple(found)

    def _resource(self, of: _Fields) -> Resource:
        """A file; its type is often left out."""
        size = of.text("size")
        return Resource(
            desc=of.text("resourceDesc") or "",
            mime_type=of.text("mimeType") or "application/octet-stream",
            size=self._try("size", lambda: int(_number(size) or 0)) if size else None,
            uri=of.text("uri"),
            deref=of.text("derefUri"),
            digest=of.text("digest"),
            extras=of.extras(),
        )

    def _area(self, of: _Fields) -> Area:
        """One area, whose geocodes are division codes of 6, 9 or 12 digits."""
        geocodes = self._codes(of.all("geocode"), GEOCODE)
        for code in geocodes:
            if not _CODE.fullmatch(code.value):
                self.faults.append(f"<geocode> 的值“{code.value[:40]}”不是 6、9 或者 12 位的行政区划代码")
        shapes = {name: [text_of(e) for e in of.all(name)] for name in ("polygon", "circle")}
        heights = {name: of.text(name) for name in ("altitude", "ceiling")}
        return Area(
            desc=self._must(of, "areaDesc"),
            polygons=self._try("polygon", lambda: parse.polygons(shapes["polygon"])) or (),
            circles=self._try("circle", lambda: parse.circles(shapes["circle"])) or (),
            geocodes=geocodes,
            altitude=self._try("altitude", lambda: _number(heights["altitude"])),
            ceiling=self._try("ceiling", lambda: _number(heights["ceiling"])),
            extras=of.extras(),
        )


def _moment(text: str) -> datetime:
    """A time of the national form; raises ValueError."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(f"“{text[:40]}”不是 2026-07-01T08:00:00+08:00 这样的北京时间")
    return notation.moment(f"{found[1]}T{found[2]}{found[3]}")


def _number(text: str | None) -> Decimal | None:
    """A number; raises ValueError."""
    if text is None:
        return None
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"“{text[:40]}”不是数")
    return Decimal(text.strip())
