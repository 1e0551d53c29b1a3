"""Which provider carries which channel: frozen into a callout when it starts, looked up by the engine when it sends."""

from __future__ import annotations

import socket
from functools import cache, partial
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from fadu.callout import queries
from fadu.callout.providers import accounts
from fadu.callout.providers.cloud import receipt_key
from fadu.callout.providers.interface import Account, Hand, Missing, Provider
from fadu.callout.providers.mail import Mail
from fadu.callout.providers.page import Page
from fadu.callout.providers.pool import Pool
from fadu.callout.providers.simulated import Simulated
from fadu.callout.providers.terminals import Terminals
from fadu.callout.services import shares, terminals
from fadu.callout.states import Channel

POOLS = ("sms", "voice")
TITLES = shares.TITLES
NAMES = {Channel.SMS: "sms", Channel.VOICE: "voice", Channel.MAIL: "mail", Channel.BROADCAST: "broadcast"}


@cache
def _file(path: str) -> accounts.Accounts:
    """The accounts of a file; raises AccountsError."""
    return accounts.read(Path(path))


def entries(channel: str) -> list[accounts.Entry]:
    """The accounts of ``sms`` or ``voice``, the one used first before the other: of the file, else the one of the SMS settings."""
    found = _file(settings.CALLOUT_ACCOUNTS).of(channel) if settings.CALLOUT_ACCOUNTS else []
    if not found and channel == "sms" and settings.CALLOUT_SMS["url"]:
        found = [accounts.Entry.model_validate({"name": "sms", **settings.CALLOUT_SMS})]
    return found


def account(name: str) -> tuple[str, Account] | None:
    """The channel and the account of a name, for its receipts; None when there is none."""
    for channel in POOLS:
        for entry in entries(channel):
            if entry.name == name:
                return channel, accounts.make(channel, entry)
    return None


def receipts_at(entry: accounts.Entry) -> str:
    """The path to which receipts of an account come: with a key in it where they are not signed."""
    if entry.shape == "generic":
        return reverse("callout:receipts", args=[entry.name])
    return reverse("callout:receipts-with-key", args=[entry.name, receipt_key(entry.name, entry.secret)])


def _set_up(channel: Channel) -> bool:
    """Whether a real provider of the channel is there."""
    if channel is Channel.MAIL:
        return bool(settings.MAIL_ON)
    if channel is Channel.BROADCAST:
        return bool(settings.CALLOUT_MQTT["url"])
    if channel is Channel.APP:
        return not settings.DEMO
    return bool(entries(NAMES[channel]))


def route(channel: Channel, *, drill: bool, real_channels: bool) -> str:
    """The name of the provider of a channel: drills go to the simulator unless they were let out.

    A real callout goes to the simulator in the demo city only; elsewhere a channel nobody has set up fails at once, and the
    ladder goes on to the next.
    """
    if channel is Channel.DOOR:
        return "hand"
    if drill and not real_channels:
        return "simulated"
    if _set_up(channel):
        return "app" if channel is Channel.APP else NAMES[channel]
    return "simulated" if settings.DEMO else "none"


def providers(simulated: Simulated | None = None) -> dict[str, Provider]:
    """The providers of this installation."""
    found: dict[str, Provider] = {
        "simulated": simulated or Simulated(),
        "hand": Hand(),
        "none": Missing(),
        "app": Page(queries.open_pages),
    }
    for channel in POOLS:
        made = {entry.name: accounts.make(channel, entry) for entry in entries(channel)}
        if made:
            found[channel] = Pool(
                channel,
                made,
                shares.silent,
                partial(shares.read, channel, list(made)),
                partial(shares.write, channel, list(made)),
            )
    if settings.MAIL_ON:
        found["mail"] = Mail()
    mqtt = settings.CALLOUT_MQTT
    if mqtt["url"]:
        client = f"fadu-{socket.gethostname()}"
        found["broadcast"] = Terminals(mqtt["url"], mqtt["topic"], terminals.BOOK, client_id=client)
    return found
