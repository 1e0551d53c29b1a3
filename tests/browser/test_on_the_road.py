"""Rectification re-inspected with a thumb at 390 px, one form by keyboard alone, and a matter on paper."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from fadu.inspection.tests import universe as visits
from fadu.org.models import Organ
from fadu.penalty.tests import universe
from tests.browser import hands
from tests.browser.conftest import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DUE = date(2026, 4, 9)


def sign(page: Any, name: str) -> None:
    """Draw on a pad."""
    pad = page.locator(f"[data-fd-sign]:has(input[name='{name}']) canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    expect(page.locator(f"[data-fd-sign]:has(input[name='{name}']) [data-fd-sign-note]")).to_contain_text("已签")


def test_an_officer_reinspects_item_by_item_on_a_phone(opened: Any, calendar: Any) -> None:
    """《安全生产法》第六十五条第一款第二项：逐项复查，未整改的写明还存在什么问题"""
    bureau = visits.build()
    visit = visits.rectifying(bureau, "G-10", "G-15")
    calendar.set(DUE, 10)
    page = opened(bureau.first, 390, has_touch=True)
    page.goto("/inspection/today/")
    page.get_by_role("link", name=visit.subject.name).first.click()
    page.wait_for_selector("[name=result_1]")
    assert "整改期限2026年4月9日" in page.inner_text("main")
    looks_right(page)
    page.locator("[name=result_1][value=yes]").check()
    page.locator("[name=result_2][value=no]").check()
    page.set_input_files(
        "[name=photos_2]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": visits.picture("brown")}
    )
    page.fill("[name=opinion]", "第1项已整改，第2项未整改。")
    page.get_by_role("button", name="作出复查意见").click()
    expect(page.locator(".fd-field:has([name=note_2]) .fd-err")).to_contain_text("未整改的，请写明")
    assert page.input_value("[name=opinion]") == "第1项已整改，第2项未整改。"
    assert page.locator("[name=result_2][value=no]").is_checked()
    expect(page.locator(".fd-shots li")).to_have_count(1)  # the photograph is still there
    page.fill("[name=note_2]", "警示标志仍未设置。")
    for officer in bureau.both:
        sign(page, f"sign_{officer.pk}")
    page.get_by_role("button", name="作出复查意见").click()
    page.wait_for_url(re.compile(rf"/matter/{visit.pk}/$"))
    visit = visits.fresh(visit)
    assert [f.corrected for f in visit.findings.order_by("ordinal")] == [True, False]
    page.goto(f"/matter/{visit.pk}/")
    looks_right(page)
    assert "复查意见书" in page.inner_text("main")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_step_is_taken_with_the_keyboard_alone(opened: Any, calendar: Any) -> None:
    calendar.turn(1)
    town = universe.bureau()
    case = universe.investigated(town)
    calendar.turn(4)
    page = opened(town.first, 1280)
    page.goto(f"/matter/{case.pk}/act/take_evidence/")

    def reach(name: str) -> None:
        """Press Tab until the field has the focus."""
        for _ in range(60):
            if page.evaluate("document.activeElement && document.activeElement.name") == name:
                return
            page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not reach {name}")

    reach("kind")
    for _ in range(12):
        if page.input_value("[name=kind]") == "physical":
            break
        page.keyboard.press("ArrowDown")
    for name, words in (("name", "物证一件"), ("proves", "示例")):
        reach(name)
        page.keyboard.type(words)
    for digits in ("03052026", "20260305"):  # the picker speaks the language of the browser, not of the page
        reach("obtained_on")
        page.keyboard.type(digits)
        if page.input_value("[name=obtained_on]") == "2026-03-05":
            break
        page.keyboard.press("Shift+Tab")
    assert page.input_value("[name=kind]") == "physical"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main button[type=submit]')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "where the focus is must be seen"
    page.keyboard.press("Enter")
    hands.done(page, case, "“取证”已办理")
    assert case.evidence.filter(name="物证一件").count() == 1


def test_what_could_not_be_sent_stays_with_its_file_and_is_sent_later(opened: Any, calendar: Any) -> None:
    calendar.turn(1)
    town = universe.bureau()
    case = universe.investigated(town)
    calendar.turn(4)
    page = opened(town.first, 1280)
    hands.start(page, case, "take_evidence")
    hands.enter(
        page, kind="documentary", name="档案", proves="缺页", obtained_on="2026-03-05", file=hands.picture("档案.png")
    )
    before = hands.typed(page)
    page.route("**/act/take_evidence/", lambda route: route.abort())  # the line is cut
    hands.send(page)
    expect(page.locator("#fd-messages")).to_contain_text("没有送到")
    assert hands.typed(page) == before
    page.unroute("**/act/take_evidence/")
    type(case).objects.filter(pk=case.pk).update(organ=Organ.objects.get(short="东区局"))  # out of sight meanwhile
    hands.send(page)
    expect(page.locator("#fd-messages")).to_contain_text("没有找到")
    assert hands.typed(page) == before
    type(case).objects.filter(pk=case.pk).update(organ=town.organ)
    hands.send(page)
    hands.done(page, case, "“取证”已办理")
    assert case.evidence.filter(name="档案").exclude(sha256="").count() == 1


def test_a_matter_prints_on_paper_without_its_buttons(opened: Any, calendar: Any) -> None:
    calendar.turn(1)
    town = universe.bureau()
    case = universe.decided(town)
    calendar.turn(22)
    page = opened(town.first, 1280)
    page.goto(f"/matter/{case.pk}/")
    count, words = hands.text_of(page.pdf(format="A4", prefer_css_page_size=True))
    assert 1 < count < 9
    assert "甲山矿业有限公司" in words
    assert "期间" in words
    for gone in ("工作台等我办", "退出", "记下"):
        assert gone not in words
