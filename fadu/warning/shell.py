"""The entry of the warnings in the navigation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from fadu.kernel import clock
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry
from fadu.warning.intake import sources


def works(request: HttpRequest) -> bool:
    """Whoever sees no organ's matters sees no warnings either: the three administrators."""
    return bool(request.scope.organs)  # type: ignore[attr-defined]


slots.nav(NavEntry(Group.WARNINGS, "预警", "warning:list", icon="flag", order=605, allowed=works))


@slots.slot("desk.main", order=5)
def silent(context: Mapping[str, Any]) -> str | None:
    """On the desk: the sources of warnings that fell silent; nobody who works here may overlook it."""
    found = sources.silent(clock.now()) if works(context["request"]) else []
    return render_to_string("warning/part/silent.html", {"silent": found}) if found else None
