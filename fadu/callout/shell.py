"""The entries of the callout in the navigation, what it adds to a warning's page, and what it hears of warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from fadu.callout import queries
from fadu.callout.models import Callout, ChannelShare
from fadu.callout.services import calling
from fadu.callout.services.shares import TITLES
from fadu.org.models import Officer
from fadu.record import access
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry
from fadu.warning.models import Warning
from fadu.warning.registry import on_taken_in
from fadu.warning.shell import works


def operates(request: HttpRequest) -> bool:
    """Whoever starts callouts or enters answers."""
    return bool(queries.OPERATORS & request.roles)  # type: ignore[attr-defined]


slots.nav(NavEntry(Group.WARNINGS, "叫应", "callout:list", icon="bell", order=606, allowed=works))
slots.nav(NavEntry(Group.WARNINGS, "值班责任人名册", "callout:register", icon="people", order=607, allowed=works))
slots.nav(NavEntry(Group.WARNINGS, "广播终端", "callout:terminals", icon="pin", order=608, allowed=works))
slots.nav(NavEntry(Group.WARNINGS, "叫应通道", "callout:channels", icon="link", order=609, allowed=operates))


@slots.slot("warning.actions")
def start_link(context: Mapping[str, Any]) -> str | None:
    """The button that starts the callout of a warning, or the way to the one there is."""
    warning: Warning = context["warning"]
    request = context["request"]
    callout = Callout.objects.filter(warning=warning).first()
    may = bool(queries.OPERATORS & request.roles) and warning.standing == "current" and warning.kind != "technical"
    if callout is None and not may:
        return None
    return render_to_string("callout/part/start_link.html", {"warning": warning, "callout": callout})


@slots.slot("callout.board")
def shares(context: Mapping[str, Any]) -> str | None:
    """How two accounts share a channel, where that was moved while this callout lasted."""
    callout: Callout = context["callout"]
    moved = ChannelShare.objects.filter(since__gte=callout.opened_at)
    if callout.closed_at is not None:
        moved = moved.filter(since__lte=callout.closed_at)
    titled = [(TITLES.get(row.channel, row.channel), row) for row in moved]
    return render_to_string("callout/part/board_shares.html", {"shares": titled}) if titled else None


@on_taken_in
def hear(warning: Warning, by: Officer | None) -> None:
    """A Cancel ends the open callouts of the warnings it cancels, at once (突发事件应对法 70)."""
    if warning.msg_type != "Cancel":
        return
    cancelled = Warning.objects.filter(replaced_by=warning, standing="cancelled")
    for callout in Callout.objects.filter(warning__in=cancelled, state__in=("open", "pending"), kind=warning.kind):
        calling.cancel(callout, by=by, note=f"收到解除报文 {warning.identifier}。")


@access.register_reader
def reader(request: HttpRequest, chain: str) -> bool:
    """Who may read a chain of the callout: whoever sees the callout, or the county of the register."""
    name, _, key = chain.partition("/")
    scope = getattr(request, "scope", None)
    if scope is None or not getattr(request, "officer", None):
        return False
    if name == "callout":
        return key.isdecimal() and queries.callouts(scope).filter(pk=int(key)).exists()
    if name == "callout.channel":
        return operates(request)
    return name == "callout.register" and any(key.startswith(code[:6]) for code in queries.divisions_of(scope))


@access.register_address
def address(chain: str) -> str | None:
    """Where the matter of a chain is shown."""
    name, _, key = chain.partition("/")
    if name == "callout" and key.isdecimal():
        return reverse("callout:board", args=[int(key)])
    pages = {"callout.register": "callout:register", "callout.channel": "callout:channels"}
    return reverse(pages[name]) if name in pages else None
