"""The list of powers as a ledger: one declaration gives the page, for officers and for the public, and the xlsx."""

from __future__ import annotations

from typing import ClassVar

from django.urls import reverse

from fadu.power.forms import PowerFilters
from fadu.power.models import PowerItem
from fadu.ui.listing import Column, Kind, Listing

TONES = {"高": "late", "中": "due", "低": "line"}


def public_page(item: PowerItem) -> str:
    """The public page of an item."""
    return reverse("power:public_item", args=[item.code])


def own_page(item: PowerItem) -> str:
    """The officers' page of an item."""
    return reverse("power:item", args=[item.code])


def _checked(item: PowerItem) -> str:
    return str(item.get_confidence_display())


def columns(link: object) -> tuple[Column, ...]:
    """The columns; ``link`` gives the page of an item."""
    return (
        Column("编码", "code", sort="code", width=10),
        Column("类别", "cls", sort="cls", width=10, phone=False),
        Column("职权名称", "name", sort="name", link=link, small="group", small_title="主项", width=50),  # type: ignore[arg-type]
        Column("依据", lambda item: "；".join(item.bases), width=60, phone=False),
        Column("行使层级", lambda item: "、".join(item.levels), width=10, phone=False),
        Column("承办机构", "office", sort="office", width=18, phone=False),
        Column("责任岗位", lambda item: "、".join(item.posts), screen=False, width=40),
        Column("风险", "risk", Kind.TAG, sort="risk", tone=lambda item: TONES[item.risk]),
        Column("施行日期", "since", Kind.DATE, sort="since", phone=False),
        Column("失效日期", "until", Kind.DATE, screen=False),
        Column("可信程度", _checked, screen=False),
        Column("来源", "source", screen=False, width=40),
        Column("说明", "note", screen=False, width=40),
    )


class Powers(Listing):
    """权责清单, for officers"""

    title = "权责清单"
    unit = "项"
    filters = PowerFilters
    columns = columns(own_page)
    template = "power/list.html"
    empty = "没有符合条件的职权事项。"


class PublicPowers(Powers):
    """权责清单, for everybody"""

    columns: ClassVar = columns(public_page)
    template = "power/public_list.html"
