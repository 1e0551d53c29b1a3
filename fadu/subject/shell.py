"""The entries of the subjects in the navigation."""

from __future__ import annotations

from django.http import HttpRequest

from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


def _sees_rows(request: HttpRequest) -> bool:
    """Whoever sees no organ's rows needs no entry."""
    return bool(request.scope.organs)  # type: ignore[attr-defined]


slots.nav(
    NavEntry(
        Group.SUBJECTS, "监管对象", "subject:list", icon="building", order=10, allowed=_sees_rows, on_phone=True,
        short="对象",
    )
)  # fmt: skip
