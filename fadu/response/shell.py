"""The entries of the response in the navigation, what it adds to warnings and matters, and what it hears of warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from fadu.org.models import Officer
from fadu.procedure.models import Matter
from fadu.procedure.registry import summary_of
from fadu.record import access
from fadu.response import queries
from fadu.response.models import Response
from fadu.response.services import opening
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry
from fadu.ui.wording import with_time
from fadu.warning.models import Warning
from fadu.warning.registry import on_taken_in
from fadu.warning.shell import works


def keeps(request: HttpRequest) -> bool:
    """Whoever keeps the lists of members."""
    return bool(queries.KEEPERS & request.roles)  # type: ignore[attr-defined]


slots.nav(NavEntry(Group.WARNINGS, "应急响应", "response:list", icon="shield", order=608, allowed=works))
slots.nav(NavEntry(Group.WARNINGS, "避险转移指南", "response:places", icon="pin", order=609, allowed=works))
slots.nav(NavEntry(Group.WARNINGS, "响应规则", "response:rules", icon="book", order=610, allowed=works))
slots.nav(NavEntry(Group.WARNINGS, "成员单位联络员", "response:members", icon="people", order=611, allowed=keeps))


@on_taken_in
def hear(warning: Warning, by: Officer | None) -> None:
    """A real warning with rules opens its response; an update and a cancel are followed."""
    opening.hear(warning, by)


@slots.slot("warning.actions", order=90)
def open_link(context: Mapping[str, Any]) -> str | None:
    """The way to the response of a warning, or the button that opens one."""
    warning: Warning = context["warning"]
    request = context["request"]
    response = queries.visible(request.scope).filter(warning=warning).first()
    opened = response is not None or Response.objects.filter(warning=warning).exists()
    may = bool(queries.OPERATORS & request.roles) and warning.standing == "current" and warning.kind != "technical"
    if response is None and (opened or not may):
        return None
    return render_to_string("response/part/open_link.html", {"warning": warning, "response": response}, request=request)


@summary_of(queries.CODE)
def summary(matter: Matter) -> list[tuple[str, ...]]:
    """The facts at the head of a response's page."""
    assert isinstance(matter, Response)
    until = matter.expected_until
    return [
        ("预警", str(matter.warning), reverse("warning:page", args=[matter.warning_id])),
        ("性质", matter.get_kind_display()),
        ("灾种、颜色", f"{matter.hazard}{matter.colour}{'色' if matter.colour else ''}"),
        ("响应级别", matter.level_title),
        ("预计至", with_time(until) if until else "—"),
        ("开始", with_time(matter.begun_at)),
        ("所用规则", str(matter.plan.get("title", "没有规则"))),
        ("机关", matter.organ.name),
    ]


@slots.slot("matter.top", order=20)
def board_link(context: Mapping[str, Any]) -> str | None:
    """The way from the matter to its board."""
    matter = context["matter"]
    if not isinstance(matter, Response):
        return None
    return render_to_string("response/part/board_link.html", {"response": matter, "figures": queries.figures(matter)})


@access.register_reader
def reader(request: HttpRequest, chain: str) -> bool:
    """Who may read the chain of a county's places: whoever sees that county."""
    name, _, key = chain.partition("/")
    scope = getattr(request, "scope", None)
    if name != "response.places" or scope is None or not getattr(request, "officer", None):
        return False
    return queries.divisions(scope).filter(code=key).exists()


@access.register_address
def address(chain: str) -> str | None:
    """Where the guide of a county is shown."""
    return reverse("response:places") if chain.startswith("response.places/") else None
