"""What the procedures add to other pages: the desk in the navigation, the search page, and the law's implementation."""

from __future__ import annotations

from fadu.procedure import implementing
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


def register() -> None:
    """Add the desk, name the search page, and tell the law library what the procedures do with each article."""
    slots.nav(NavEntry(Group.DESK, "工作台", "procedure:desk", icon="desk", order=1, on_phone=True))
    slots.search_at("procedure:search")
    slots.slot("law.article", order=10)(implementing.of_article)
    slots.slot("law.statute", order=10)(implementing.of_statute)
