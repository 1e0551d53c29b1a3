"""What the procedures add to other pages: the desk in the navigation, the search page, and the law's implementation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from fadu.kernel import clock
from fadu.power import registry as powers
from fadu.procedure import controls, flowing, implementing, queries
from fadu.procedure.models import Matter
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


def register() -> None:
    """Add the desk, name the search page, and tell the law library what the procedures do with each article."""
    slots.nav(NavEntry(Group.DESK, "工作台", "procedure:desk", icon="desk", order=1, on_phone=True))
    slots.search_at("procedure:search")
    assert controls  # registers what it counts by being imported
    powers.flows_from(flowing.flow_of)
    powers.drawn_by(flowing.draw)
    slots.slot("power.item", order=10)(matters_of_power)
    slots.slot("law.article", order=10)(implementing.of_article)
    slots.slot("law.statute", order=10)(implementing.of_statute)


SHOWN = 10


def matters_of_power(context: Mapping[str, Any]) -> str | None:
    """How many matters stand on an item of the list of powers; an officer sees the latest of those within sight."""
    code = context["item"].code
    rows = Matter.objects.filter(power__code=code)
    count = rows.count()
    officer = getattr(context["request"], "officer", None)
    seen: list[Matter] = []
    if officer is not None:
        seen = list(
            queries.visible(officer, clock.today()).filter(power__code=code).order_by("-opened_on", "-pk")[:SHOWN]
        )
    data = {"count": count, "matters": seen, "officer": officer, "code": code}
    return render_to_string("procedure/part/of_power.html", data)
