"""Who may read what the record holds, who is reading, and who may audit the readings: the floors above say so.

Where nobody says yes, the answer is no.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q
from django.http import HttpRequest

from fadu.record import services
from fadu.record.actor import Actor

Reader = Callable[[HttpRequest, str], bool]
Identity = Callable[[HttpRequest], Actor | None]
Auditor = Callable[[HttpRequest], Q | None]
Address = Callable[[str], str | None]
_readers: list[Reader] = []
_identities: list[Identity] = []
_auditors: list[Auditor] = []
_blind: list[Auditor] = []
_addresses: list[Address] = []


def register_reader(reader: Reader) -> Reader:
    """Let ``reader(request, chain)`` say whether this request may read the matter ``chain``; usable as a decorator."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def may_read(request: HttpRequest, chain: str) -> bool:
    """Does any registered reader allow it?"""
    return any(reader(request, chain) for reader in _readers)


def register_identity(identity: Identity) -> Identity:
    """Let ``identity(request)`` say who is reading, with post and organ of the day; the last registered counts."""
    _identities[:] = [identity]
    return identity


def register_auditor(auditor: Auditor, *, blind: bool = False) -> Auditor:
    """Let ``auditor(request)`` name the notes of access this request may see: a Q over ``Access``, None for none.

    ``Q()`` stands for all of them. What several auditors allow adds up. Usable as a decorator. ``blind``: it lets in
    somebody who sees no matter, who is told who read when and what kind of thing, and never what a matter is about.
    """
    if auditor not in _auditors:
        _auditors.append(auditor)
        if blind:
            _blind.append(auditor)
    return auditor


def audits_blind(request: HttpRequest) -> bool:
    """Whether this request may see notes of access only without what the matters are about."""
    return any(auditor(request) is not None for auditor in _blind)


def auditable(request: HttpRequest) -> Q | None:
    """The notes of access this request may see; None when it may see none."""
    allowed = [found for auditor in _auditors if (found := auditor(request)) is not None]
    if not allowed:
        return None
    if any(not found for found in allowed):  # an empty Q: everything
        return Q()
    joined = allowed[0]
    for found in allowed[1:]:
        joined |= found
    return joined


def register_address(address: Address) -> Address:
    """Let ``address(chain)`` give the address of a matter's page, None for a chain of another floor."""
    if address not in _addresses:
        _addresses.append(address)
    return address


def address_of(chain: str) -> str | None:
    """Where the matter ``chain`` is shown; None when no floor says."""
    return next((found for address in _addresses if (found := address(chain))), None)


def note_reading(request: HttpRequest, chain: str, what: str) -> None:
    """Have it noted that this request reads ``what`` of the matter ``chain``, after its own read-only transaction.

    The note is written before anything of the answer leaves the house: without the note there is no answer.
    """
    notes = getattr(request, "after_reading", None)
    if notes is None or request.method not in ("GET", "HEAD"):
        return
    who = _identities[0](request) if _identities else None
    reader = who or Actor(None, request.user.get_username() or "未登录")
    notes.append(lambda: services.note_access(reader, chain, what))
