"""From which address a request really comes, also behind the bureau's own reverse proxy."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def _read(text: str) -> Address | None:
    """An address as written, also with a port or in brackets; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _trusted(address: Address) -> bool:
    """Whether the address is one of the proxies named in the settings."""
    return any(address in network for network in settings.TRUSTED_PROXIES)


def client_address(request: HttpRequest) -> str | None:
    """The address of the person's machine; what a header claims counts only when a trusted proxy wrote it.

    X-Forwarded-For is read from its end: each trusted proxy has added the address it was asked from.
    """
    found = _read(request.META.get("REMOTE_ADDR") or "")
    if found is None:
        return None
    for claimed in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _trusted(found):
            break
        if (before := _read(claimed)) is None:
            break
        found = before
    return str(found)
