"""The entry of the warnings in the navigation."""

from __future__ import annotations

from django.http import HttpRequest

from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


def works(request: HttpRequest) -> bool:
    """Whoever sees no organ's matters sees no warnings either: the three administrators."""
    return bool(request.scope.organs)  # type: ignore[attr-defined]


slots.nav(NavEntry(Group.WARNINGS, "预警", "warning:list", icon="flag", order=605, allowed=works))
