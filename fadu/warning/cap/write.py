"""From values to a CAP 1.2 message: for acknowledgements, and to hand a message of another form on to those who read CAP."""

from decimal import Decimal
from typing import Any

from lxml import etree

from fadu.warning.cap import notation
from fadu.warning.cap.message import Alert, Area, Info, Named, Resource
from fadu.warning.cap.notation import Pair
from fadu.warning.cap.schema import NAMESPACE


def write(alert: Alert) -> bytes:
    """The message in UTF-8, without the extras: CAP has a place for signatures only, and those cover another text.

    Raises ValueError for a character that XML cannot hold or a time without zone.
    """
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _put(root, "identifier", alert.identifier)
    _put(root, "sender", alert.sender)
    _put(root, "sent", notation.written(alert.sent))
    _put(root, "status", alert.status)
    _put(root, "msgType", alert.msg_type)
    _put(root, "source", alert.source)
    _put(root, "scope", alert.scope)
    _put(root, "restriction", alert.restriction)
    _put(root, "addresses", notation.listed(alert.addresses) or None)
    for code in alert.codes:
        _put(root, "code", code)
    _put(root, "note", alert.note)
    named = (f"{r.sender},{r.identifier},{notation.written(r.sent)}" for r in alert.references)
    _put(root, "references", " ".join(named) or None)
    _put(root, "incidents", notation.listed(alert.incidents) or None)
    for info in alert.infos:
        _info(etree.SubElement(root, f"{{{NAMESPACE}}}info"), info)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)  # type: ignore[no-any-return]


def _put(parent: Any, name: str, value: str | None) -> Any:
    """A child with a text, unless there is none."""
    if value is None:
        return None
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = str(value)
    return child


def _info(element: Any, info: Info) -> None:
    """§3.2.2."""
    _put(element, "language", info.language)
    for category in info.categories:
        _put(element, "category", category)
    _put(element, "event", info.event)
    for response_type in info.response_types:
        _put(element, "responseType", response_type)
    _put(element, "urgency", info.urgency)
    _put(element, "severity", info.severity)
    _put(element, "certainty", info.certainty)
    _put(element, "audience", info.audience)
    _pairs(element, "eventCode", info.event_codes)
    for name, value in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        _put(element, name, None if value is None else notation.written(value))
    _put(element, "senderName", info.sender_name)
    _put(element, "headline", info.headline)
    _put(element, "description", info.description)
    _put(element, "instruction", info.instruction)
    _put(element, "web", info.web)
    _put(element, "contact", info.contact)
    _pairs(element, "parameter", info.parameters)
    for resource in info.resources:
        _resource(etree.SubElement(element, f"{{{NAMESPACE}}}resource"), resource)
    for area in info.areas:
        _area(etree.SubElement(element, f"{{{NAMESPACE}}}area"), area)


def _pairs(parent: Any, name: str, pairs: tuple[Named, ...]) -> None:
    """A valueName and a value for each."""
    for pair in pairs:
        child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        _put(child, "valueName", pair.name)
        _put(child, "value", pair.value)


def _resource(element: Any, resource: Resource) -> None:
    """§3.2.3."""
    _put(element, "resourceDesc", resource.desc)
    _put(element, "mimeType", resource.mime_type)
    _put(element, "size", None if resource.size is None else str(resource.size))
    _put(element, "uri", resource.uri)
    _put(element, "derefUri", resource.deref)
    _put(element, "digest", resource.digest)


def _area(element: Any, area: Area) -> None:
    """§3.2.4."""
    _put(element, "areaDesc", area.desc)
    for polygon in area.polygons:
        _put(element, "polygon", " ".join(_pair(point) for point in polygon.points))
    for circle in area.circles:
        _put(element, "circle", f"{_pair(circle.centre)} {_plain(circle.radius)}")
    _pairs(element, "geocode", area.geocodes)
    for name, feet in (("altitude", area.altitude), ("ceiling", area.ceiling)):
        _put(element, name, None if feet is None else f"{feet:f}")


def _pair(point: Pair) -> str:
    """A coordinate pair (§1.5)."""
    return f"{_plain(point[0])},{_plain(point[1])}"


def _plain(number: float) -> str:
    """A number without exponent, from which the same number is read again."""
    return f"{Decimal(repr(number)):f}"
