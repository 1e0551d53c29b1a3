"""A warning as immutable values: what the message said, no more; whatever form it came in."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from fadu.warning.cap.notation import Pair

# §3.2.2; these say nothing we act on, so they stay words
CATEGORIES = (
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
)
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


class Form(StrEnum):
    """In what form a message came."""

    CAP = "CAP 1.2"
    NATIONAL = "国家突发事件预警信息发布系统"


class Status(StrEnum):
    """§3.2.1 status."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    """§3.2.1 msgType."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """§3.2.1 scope."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Severity(StrEnum):
    """§3.2.2 severity."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Colour(StrEnum):
    """The four colours of warning signals in China, from the highest down."""

    RED = "红"
    ORANGE = "橙"
    YELLOW = "黄"
    BLUE = "蓝"


class Named(NamedTuple):
    """A valueName and its value: event codes, parameters, geocodes."""

    name: str
    value: str


class Reference(NamedTuple):
    """What identifies a message in all the world: sender, identifier, and the aware moment of sending (§3.2.1 references)."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Polygon:
    """A closed ring of (latitude, longitude) in degrees, the last point the same as the first."""

    points: tuple[Pair, ...]


@dataclass(frozen=True)
class Circle:
    """A centre (latitude, longitude) in degrees and a radius in kilometres."""

    centre: Pair
    radius: float


@dataclass(frozen=True)
class Area:
    """Where: the union of its polygons, circles and geocodes (§3.2.4); altitudes in feet above mean sea level."""

    desc: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """A file that belongs to the message (§3.2.3); ``deref`` is its content in Base64, as it came."""

    desc: str
    mime_type: str
    size: int | None = None
    uri: str | None = None
    deref: str | None = None
    digest: str | None = None
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Info:
    """What, how bad, when and where (§3.2.2), in one language; ``colour`` only where the form itself states one.

    Texts stand word for word as they came: a warning is relayed, never edited.
    """

    event: str
    categories: tuple[str, ...]
    urgency: str
    severity: Severity
    certainty: str
    language: str = "en-US"
    response_types: tuple[str, ...] = ()
    audience: str | None = None
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()
    colour: Colour | None = None
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alert:
    """A whole message (§3.2.1). ``extras`` of each part keep, as XML, the elements that CAP does not know."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str | None = None
    restriction: str | None = None
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()
    form: Form = Form.CAP
    extras: tuple[str, ...] = ()

    @property
    def key(self) -> Reference:
        """By what others refer to it; the same key a second time is the same message again."""
        return Reference(self.sender, self.identifier, self.sent)

    def effective(self, info: Info) -> datetime:
        """From when an info of this message counts: its own time, else that of sending (§3.2.2 effective (3))."""
        return info.effective or self.sent
