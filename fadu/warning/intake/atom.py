"""Reading an Atom feed of CAP messages: what it says of itself, and which messages it names [pure]."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from fadu.kernel.errors import Refused
from fadu.kernel.hashing import sha256_bytes
from fadu.warning.cap.reading import read, text_of

ATOM = "{http://www.w3.org/2005/Atom}"
TYPES = ("application/cap+xml", "application/xml", "text/xml", "")  # of links, the better before the worse
MOST = 1000  # entries of a feed


@dataclass(frozen=True)
class Entry:
    """One message that a feed names. ``id`` and ``updated`` tell whether it was seen; exactly one of ``href`` and ``inline`` is there.

    ``fault``: why the entry names no message; ``inline`` is then the entry itself.
    """

    id: str
    updated: str
    href: str = ""
    inline: bytes = b""
    fault: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed: when it says that it was renewed, its entries, the oldest first, and those of its entries that name no message."""

    updated: datetime | None
    entries: tuple[Entry, ...]
    faulty: tuple[Entry, ...] = ()


def parse(data: bytes, address: str) -> Feed:
    """The feed in ``data`` that was read from ``address``; raises Refused with the reason for bytes that are none.

    Relative links are of the address.
    """
    root = read(data)
    if root.tag != f"{ATOM}feed":
        raise Refused("不是 Atom 格式的预警列表")
    entries = root.findall(f"{ATOM}entry")
    if len(entries) > MOST:
        raise Refused(f"预警列表有 {len(entries)} 条，超过 {MOST} 条")
    found = sorted((_entry(one, address) for one in entries), key=lambda entry: entry.updated)
    good, faulty = (tuple(entry for entry in found if bool(entry.fault) is wrong) for wrong in (False, True))
    return Feed(_moment(_text(root, "updated")), good, faulty)


def same_place(href: str, address: str) -> bool:
    """Whether a link leads to the host of the feed itself: a list may not send us elsewhere in our own network."""
    try:
        one, other = urlsplit(href), urlsplit(address)
        return (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)
    except ValueError:  # not an address at all
        return False


def with_login(href: str, address: str) -> str:
    """A link of the feed's own host with the name and password that stand in the feed's address."""
    parts = urlsplit(href)
    login = urlsplit(address).netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}").geturl() if login else href


def _entry(element: Any, address: str) -> Entry:
    """One entry of the list."""
    name = _text(element, "id")
    updated = _text(element, "updated") or _text(element, "published")
    links = sorted(
        (
            (TYPES.index(link.get("type", "")), link.get("href", ""))
            for link in element.findall(f"{ATOM}link")
            if link.get("type", "") in TYPES and link.get("rel", "alternate") in ("alternate", "enclosure", "self")
        ),
        key=lambda pair: pair[0],
    )
    if links and links[0][1]:
        # the name is the link as the feed writes it: joined, it would carry the password of our address
        return Entry((name or links[0][1])[:500], updated[:60], href=_joined(address, links[0][1]))
    content = element.find(f"{ATOM}content")
    if name and content is not None and len(content):
        return Entry(name[:500], updated[:60], inline=etree.tostring(content[0], with_tail=False))
    itself = _without_moments(element)
    fault = (
        "列表的这一条带有报文，但没有条目标识（id）"
        if content is not None and len(content)
        else "列表的这一条没有给出报文，也没有报文的网址"
    )
    return Entry((name or sha256_bytes(itself))[:500], updated[:60], inline=itself, fault=fault)


def _without_moments(element: Any) -> bytes:
    """An entry as XML without its own moments, or a placeholder that is renewed each minute would be new each minute."""
    copy = deepcopy(element)
    for name in ("updated", "published"):
        for child in copy.findall(f"{ATOM}{name}"):
            copy.remove(child)
    return str(etree.tostring(copy, encoding="unicode", with_tail=False)).encode()


def _joined(address: str, href: str) -> str:
    """A link of a feed; one that is no address stays as it is, and is refused by name."""
    try:
        return urljoin(address, href)
    except ValueError:
        return href


def _text(element: Any, name: str) -> str:
    """The text of a child, empty without one."""
    child = element.find(f"{ATOM}{name}")
    return text_of(child).strip() if child is not None else ""


def _moment(text: str) -> datetime | None:
    """A moment with its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
