"""From a root element that was judged valid to values, and from bytes to both verdict and values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from lxml import etree

from fadu.kernel.errors import Refused
from fadu.warning.cap import notation
from fadu.warning.cap.message import (
    Alert,
    Area,
    Circle,
    Info,
    MsgType,
    Named,
    Polygon,
    Reference,
    Resource,
    Scope,
    Severity,
    Status,
)
from fadu.warning.cap.reading import text_of
from fadu.warning.cap.schema import NAMESPACE
from fadu.warning.cap.validate import Verdict, judge

T = TypeVar("T")
CAP = f"{{{NAMESPACE}}}"


class NotCapError(Refused):
    """A message that is not valid CAP 1.2; ``verdict`` says where it fails."""

    status = 422

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(*verdict.reasons)


@dataclass(frozen=True)
class Received:
    """A verdict, when it is valid the values, and in any case how the message calls itself, where that could be read."""

    verdict: Verdict
    alert: Alert | None
    identifier: str = ""


def receive(data: bytes) -> Received:
    """Judge bytes and read them when they are valid; raises nothing."""
    verdict, root = judge(data)
    return Received(verdict, alert_of(root) if verdict.valid else None, _name_of(root))


def parse(data: bytes) -> Alert:
    """The values of a valid message; raises NotCapError."""
    received = receive(data)
    if received.alert is None:
        raise NotCapError(received.verdict)
    return received.alert


def _name_of(root: Any) -> str:
    """The identifier in a root element of whatever version or form; empty without one or without an element."""
    element = None if root is None else root.find("{*}identifier")
    return "" if element is None else text_of(element).strip()


class _Children:
    """The children of an element by name; what nobody asks for is extra."""

    def __init__(self, element: Any) -> None:
        self._by_name: dict[str, list[Any]] = {}
        self._others: list[Any] = []
        for child in element.iterchildren(etree.Element):
            name = str(child.tag)
            if name.startswith(CAP):
                self._by_name.setdefault(name.removeprefix(CAP), []).append(child)
            else:
                self._others.append(child)

    def text(self, name: str) -> str | None:
        """The text of the only child of that name, as it stands; None without one."""
        found = self._by_name.get(name)
        return text_of(found[0]) if found else None

    def must(self, name: str) -> str:
        """The text of a child that the schema demands."""
        return text_of(self._by_name[name][0])

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of all children of that name."""
        return tuple(text_of(child) for child in self._by_name.get(name, ()))

    def as_(self, name: str, read: Callable[[str], T]) -> T | None:
        """A child of a type in which white space around the value means nothing."""
        text = self.text(name)
        return None if text is None else read(text.strip())

    def each(self, name: str, read: Callable[["_Children"], T]) -> tuple[T, ...]:
        """Every child of that name, read as a part."""
        return tuple(read(_Children(child)) for child in self._by_name.get(name, ()))

    def extras(self) -> tuple[str, ...]:
        """The elements of other namespaces, as XML of their own."""
        return tuple(etree.tostring(child, encoding="unicode", with_tail=False) for child in self._others)


def alert_of(root: Any) -> Alert:
    """The values of the root element of a valid message."""
    of = _Children(root)
    return Alert(
        identifier=of.must("identifier"),
        sender=of.must("sender"),
        sent=_moment(of.must("sent")),
        status=Status(of.must("status")),
        msg_type=MsgType(of.must("msgType")),
        scope=Scope(of.must("scope")),
        source=of.text("source"),
        restriction=of.text("restriction"),
        addresses=notation.words(of.text("addresses") or ""),
        codes=of.texts("code"),
        note=of.text("note"),
        references=references(of.text("references") or ""),
        incidents=notation.words(of.text("incidents") or ""),
        infos=of.each("info", _info),
        extras=of.extras(),
    )


def references(text: str) -> tuple[Reference, ...]:
    """The references of a message; raises ValueError when one has another form."""
    return tuple(Reference(*notation.reference(word)) for word in text.split())


def _moment(text: str) -> datetime:
    """A dateTime, around which white space means nothing."""
    return notation.moment(text.strip())


def _info(of: _Children) -> Info:
    """§3.2.2."""
    return Info(
        event=of.must("event"),
        categories=of.texts("category"),
        urgency=of.must("urgency"),
        severity=Severity(of.must("severity")),
        certainty=of.must("certainty"),
        language=(of.text("language") or "").strip() or "en-US",
        response_types=of.texts("responseType"),
        audience=of.text("audience"),
        event_codes=of.each("eventCode", _named),
        effective=of.as_("effective", notation.moment),
        onset=of.as_("onset", notation.moment),
        expires=of.as_("expires", notation.moment),
        sender_name=of.text("senderName"),
        headline=of.text("headline"),
        description=of.text("description"),
        instruction=of.text("instruction"),
        web=of.as_("web", str),
        contact=of.text("contact"),
        parameters=of.each("parameter", _named),
        resources=of.each("resource", _resource),
        areas=of.each("area", _area),
        extras=of.extras(),
    )


def _named(of: _Children) -> Named:
    """A valueName and a value."""
    return Named(of.must("valueName"), of.must("value"))


def _resource(of: _Children) -> Resource:
    """§3.2.3."""
    return Resource(
        desc=of.must("resourceDesc"),
        mime_type=of.must("mimeType"),
        size=of.as_("size", _size),
        uri=of.as_("uri", str),
        deref=of.text("derefUri"),
        digest=of.text("digest"),
        extras=of.extras(),
    )


def _size(text: str) -> int | None:
    """A size in bytes; None for more digits than any file has, which the schema allows."""
    return int(text) if len(text) <= 18 else None


def _area(of: _Children) -> Area:
    """§3.2.4."""
    return Area(
        desc=of.must("areaDesc"),
        polygons=polygons(of.texts("polygon")),
        circles=circles(of.texts("circle")),
        geocodes=of.each("geocode", _named),
        altitude=of.as_("altitude", Decimal),
        ceiling=of.as_("ceiling", Decimal),
        extras=of.extras(),
    )


def polygons(texts: Iterable[str]) -> tuple[Polygon, ...]:
    """Polygons; raises ValueError for one that is none."""
    return tuple(Polygon(notation.ring(text)) for text in texts)


def circles(texts: Iterable[str]) -> tuple[Circle, ...]:
    """Circles; raises ValueError for one that is none."""
    return tuple(Circle(*notation.disc(text)) for text in texts)
