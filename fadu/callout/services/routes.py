"""Which provider carries which channel: frozen into a callout when it starts, looked up by the engine when it sends."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from fadu.callout.providers.http_sms import HttpSms
from fadu.callout.providers.interface import Hand, Missing, Provider
from fadu.callout.providers.simulated import Simulated
from fadu.callout.states import Channel


def route(channel: Channel, *, drill: bool, real_channels: bool) -> str:
    """The name of the provider of a channel: drills go to the simulator unless they were let out.

    A real callout goes to the simulator in the demo city only; elsewhere a channel nobody has set up fails at once, and the
    ladder goes on to the next.
    """
    if channel is Channel.DOOR:
        return "hand"
    if drill and not real_channels:
        return "simulated"
    if channel is Channel.SMS and settings.CALLOUT_SMS["url"]:
        return "sms"
    return "simulated" if settings.DEMO else "none"


def providers(simulated: Simulated | None = None) -> dict[str, Provider]:
    """The providers of this installation."""
    found: dict[str, Provider] = {"simulated": simulated or Simulated(), "hand": Hand(), "none": Missing()}
    sms: dict[str, Any] = settings.CALLOUT_SMS
    if sms["url"]:
        found["sms"] = HttpSms(sms["url"], secret=sms["secret"], batch=sms["batch"], rate=sms["rate"])
    return found
