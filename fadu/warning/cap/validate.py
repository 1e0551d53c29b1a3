"""The verdict on a message: valid as CAP 1.2 or where it fails, and apart from that what its signature is worth."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fadu.warning.cap import reading, rules, schema, signature
from fadu.warning.cap.notation import moment
from fadu.warning.cap.reading import Level, Unreadable
from fadu.warning.cap.signature import Report, Signed, State


@dataclass(frozen=True)
class Verdict:
    """``level`` is None for a valid message; ``reasons`` and ``remarks`` are Chinese sentences; the signature never counts in."""

    level: Level | None
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    signature: Report = signature.UNSIGNED

    @property
    def valid(self) -> bool:
        """Whether it is a conforming CAP 1.2 message (§4.1) that we are willing to read."""
        return self.level is None


def validate(data: bytes) -> Verdict:
    """The verdict on any bytes; raises nothing. Security comes first, then version, schema and the rules of the text."""
    return judge(data)[0]


def judge(data: bytes) -> tuple[Verdict, Any]:
    """The verdict, and the root element when the bytes could be read (None otherwise)."""
    try:
        root = reading.read(data)
    except Unreadable as refusal:
        return Verdict(refusal.level, refusal.reasons, signature=_unread(data)), None
    report = signature.check(root, _sent(root))
    if version := schema.other_version(root):
        reason = f"这是 CAP {version} 的报文，不是 CAP 1.2"
        return Verdict(Level.VERSION, (reason,), signature=report), root
    if faults := schema.faults(root):
        return Verdict(Level.SCHEMA, faults, signature=report), root
    if faults := rules.faults(root):
        return Verdict(Level.SPEC, faults, rules.remarks(root), report), root
    return Verdict(None, (), rules.remarks(root), report), root


def _unread(data: bytes) -> Report:
    """Of a message we did not read we do not know the signature; we only see whether it speaks of one."""
    if reading.SIGNATURE_NAMESPACE.encode() not in data:
        return signature.UNSIGNED
    return Report(State.UNVERIFIABLE, (Signed(State.UNVERIFIABLE, "报文没有读取，签名没有核验"),))


def _sent(root: Any) -> datetime | None:
    """The moment of sending, of whatever version."""
    element = root.find("{*}sent")
    try:
        return None if element is None else moment(reading.text_of(element).strip())
    except ValueError:
        return None
