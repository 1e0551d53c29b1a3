"""What messages do to each other: the same again, replaced, cancelled; and that a drill never becomes real. Any order of arrival."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from fadu.kernel.errors import OutOfOrder
from fadu.warning.cap.message import Alert, MsgType, Reference, Status

DRILL_WORDS = ("演练", "演习", "测试", "试验")


class Kind(StrEnum):
    """What a message may set going. It follows from ``status`` alone and is fixed for ever (§3.2.1 status)."""

    REAL = "实战"
    DRILL = "演练"
    TECHNICAL = "技术"  # "all recipients disregard", network functions, drafts: taken in, nothing is set going


KIND_OF = {
    Status.ACTUAL: Kind.REAL,
    Status.EXERCISE: Kind.DRILL,
    Status.TEST: Kind.TECHNICAL,
    Status.SYSTEM: Kind.TECHNICAL,
    Status.DRAFT: Kind.TECHNICAL,
}


def kind_of(alert: Alert) -> Kind:
    """What a message may set going."""
    return KIND_OF[alert.status]


def demand(alert: Alert, wanted: Kind) -> None:
    """Refuse a use of a message for which it was not sent: a drill is never real, and a real warning is no drill.

    Raises OutOfOrder.
    """
    if kind_of(alert) is not wanted:
        raise OutOfOrder(f"报文 {alert.identifier} 的状态是 {alert.status}（{kind_of(alert)}），不能用于{wanted}")


def looks_like_a_drill(alert: Alert) -> bool:
    """Whether a message sent as real speaks of a drill: a person has to decide before it goes further."""
    texts = (alert.note, *(text for info in alert.infos for text in (info.event, info.headline, info.description)))
    return kind_of(alert) is Kind.REAL and any(word in text for text in texts if text for word in DRILL_WORDS)


class Standing(StrEnum):
    """How a message stands among the others."""

    CURRENT = "有效"
    SUPERSEDED = "已被更新"
    CANCELLED = "已解除"
    NOTICE = "回执"  # Ack, Error, and a Cancel itself: says something of others and warns of nothing


@dataclass(frozen=True)
class Chain:
    """The messages known, each once, and what follows from them; but for conflicts, the same in whatever order they came."""

    standing: dict[Reference, Standing]
    by: dict[Reference, Reference]  # message → the one that superseded or cancelled it
    missing: frozenset[Reference] = frozenset()  # referred to and not (yet) here
    conflicts: frozenset[Reference] = frozenset()  # came twice with different contents; the first is kept
    doubts: tuple[str, ...] = field(default=())  # references that do nothing, each a sentence for a person

    def current(self) -> tuple[Reference, ...]:
        """The messages that warn now, expiry apart, oldest first."""
        found = (key for key, standing in self.standing.items() if standing is Standing.CURRENT)
        return tuple(sorted(found, key=lambda key: (key.sent, key)))


def chain(messages: Iterable[Alert]) -> Chain:
    """How each message stands, by the references of the others (§3.2.1 msgType, references).

    An Update replaces, a Cancel cancels the messages it names, and those alone; a cancelled message stays cancelled whatever
    else names it. A reference does nothing, and is doubted, when it comes from another sender, crosses between real and
    drill, or names a message that was not sent before.
    """
    known: dict[Reference, Alert] = {}
    conflicts: set[Reference] = set()
    for alert in messages:
        if known.setdefault(alert.key, alert) != alert:
            conflicts.add(alert.key)
    notices = (MsgType.ACK, MsgType.ERROR, MsgType.CANCEL)
    standing = {key: Standing.NOTICE if alert.msg_type in notices else Standing.CURRENT for key, alert in known.items()}
    by: dict[Reference, Reference] = {}
    missing: set[Reference] = set()
    doubts: list[str] = []
    for key in sorted(known, key=lambda key: (key.sent, key)):
        alert = known[key]
        if alert.msg_type not in (MsgType.UPDATE, MsgType.CANCEL):
            continue
        for named in alert.references:
            target = known.get(named)
            if doubt := _doubt(alert, named, target):
                doubts.append(doubt)
            elif target is None:
                missing.add(named)
            elif standing[named] is Standing.CURRENT or (
                alert.msg_type is MsgType.CANCEL and standing[named] is Standing.SUPERSEDED
            ):
                standing[named] = Standing.CANCELLED if alert.msg_type is MsgType.CANCEL else Standing.SUPERSEDED
                by[named] = key
    return Chain(standing, by, frozenset(missing), frozenset(conflicts), tuple(doubts))


def _doubt(alert: Alert, named: Reference, target: Alert | None) -> str:
    """Why a reference does nothing; empty when it does."""
    if named.sender != alert.sender:
        return f"{alert.identifier} 引用了别的发布者（{named.sender}）的报文 {named.identifier}，需由人判断"
    if named.sent >= alert.sent:
        return f"{alert.identifier} 引用的报文 {named.identifier} 不早于它自己，引用不起作用"
    if target is not None and kind_of(target) is not kind_of(alert):
        return f"{alert.identifier}（{kind_of(alert)}）引用了{kind_of(target)}报文 {named.identifier}，引用不起作用"
    return ""
