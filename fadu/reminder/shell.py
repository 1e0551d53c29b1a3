"""The bell at the head of every page, the way to one's preferences, and the ledger of deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from fadu.org.backends import read_beside
from fadu.org.roles import Role
from fadu.reminder import queries
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry

read_beside(
    "unread",
    "(SELECT count(*) FROM reminder_reminder r JOIN org_officer o ON o.id = r.officer_id"
    " WHERE o.user_id = t.id AND r.read_at IS NULL)",
)


@slots.slot("shell.top")
def bell(context: Mapping[str, Any]) -> str | None:
    """The bell with the number of unread reminders, for who holds a post today."""
    request = context.get("request")
    officer = getattr(request, "officer", None)
    if officer is None or not getattr(request, "roles", ()):
        return None
    unread = getattr(getattr(request, "user", None), "beside", {}).get("unread")
    return render_to_string(
        "reminder/part/bell.html", {"unread": queries.unread(officer) if unread is None else unread}
    )


@slots.slot("account.actions")
def preferences(context: Mapping[str, Any]) -> str | None:
    """The way from one's account to one's preferences."""
    if getattr(context.get("request"), "officer", None) is None:
        return None
    return render_to_string("reminder/part/preferences_link.html")


def _keeps_the_system(request: HttpRequest) -> bool:
    return Role.ADMIN in getattr(request, "roles", ())


slots.nav(
    NavEntry(Group.MANAGE, "提醒发送情况", "reminder:deliveries", icon="bell", order=83, allowed=_keeps_the_system)
)
