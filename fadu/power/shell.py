"""What the list of powers adds to pages below it: navigation, and the items that rest on an article of law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from fadu.kernel import clock
from fadu.power import queries
from fadu.ui.slots import Group, NavEntry, nav, public_nav, slot

nav(NavEntry(Group.LAW, "权责清单", "power:powers", icon="list", order=490, short="权责"))
public_nav("权责清单", "power:public", order=30)


@slot("law.article", order=20)
def resting_on_article(context: Mapping[str, Any]) -> str | None:
    """The items of the list that rest on the article, each leading to its charts."""
    held = queries.on_article(context["article"], clock.today())
    officer = getattr(context["request"], "officer", None) if "request" in context else None
    data = {"items": [one.item for one in held], "space": "" if officer else "public_"}
    return render_to_string("power/part/of_article.html", data) if held else None
