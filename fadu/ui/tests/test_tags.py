"""What the template tags put into a page."""

from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from fadu.ui import slots
from fadu.ui.icons import ICONS


def render(source: str, **context: Any) -> str:
    return Template("{% load fadu %}" + source).render(Context(context))


def test_articles_are_links_where_a_floor_offers_a_page(own_registries: None) -> None:
    cited = ["《行政处罚法》第五十七条", "《行政处罚法》第五十九条"]
    assert render("{% articles cited %}", cited=cited) == "《行政处罚法》第五十七条、第五十九条"
    slots.article_url(lambda article: "/law/59" if "五十九" in article else None)
    assert render("{% articles cited %}", cited=cited) == '《行政处罚法》第五十七条、<a href="/law/59">第五十九条</a>'


def test_one_article_or_none_may_be_given(own_registries: None) -> None:
    assert render("{% articles cited %}", cited="《行政处罚法》第六十条") == "《行政处罚法》第六十条"
    assert render("{% articles cited %}", cited=None) == ""


def test_what_is_cited_is_escaped() -> None:
    assert "<b>" not in render("{% articles cited %}", cited=["《<b>》第一条"])


def test_money_is_written_with_separators_and_in_capitals() -> None:
    context = {"sum": Decimal("60000")}
    assert render("{{ sum|money }}（{{ sum|capitals }}）", **context) == "60,000元（陆万元整）"
    assert render("{{ none|money }}{{ none|capitals }}", none=None) == ""


def test_what_rests_on_memory_says_so() -> None:
    assert "待核：凭记忆" in render("{% confidence 'memory' %}")
    assert "样例" in render("{% confidence 'model' %}")
    assert render("{% confidence 'source' %}") == ""


def test_a_period_shows_its_number_large() -> None:
    assert (
        render("{{ left|period }}", left="还剩3个工作日") == '<span class="fd-period due">还剩<b>3</b>个工作日</span>'
    )


def test_every_icon_is_drawn_and_an_unknown_one_is_a_fault() -> None:
    for name in ICONS:
        assert 'aria-hidden="true"' in render("{% icon name %}", name=name)
    with pytest.raises(KeyError):
        render("{% icon 'nonesuch' %}")


def test_query_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/", {"q": "甲山", "page": "3"})
    assert render("{% query page=4 %}", request=request) == "?q=%E7%94%B2%E5%B1%B1&amp;page=4"
    assert render("{% query page=None %}", request=request) == "?q=%E7%94%B2%E5%B1%B1"


def test_a_slot_holds_what_upper_floors_put_there_in_order(own_registries: None) -> None:
    slots.slot("matter.aside", order=20)(lambda context: "后")
    slots.slot("matter.aside", order=10)(_first)
    slots.slot("matter.aside")(_nothing)
    assert render("{% slot 'matter.aside' %}", name="<甲>") == "先&lt;甲&gt;后"


def _first(context: Any) -> str:
    return f"先{context['name']}"


def _nothing(context: Any) -> None:
    return None
