"""Discretion in real Chromium at 1280 and 390 px: the wizard without scripts, the way into force, the conclusion of a case."""

from typing import Any

import pytest
from playwright.sync_api import expect

from fadu.discretion.models import BenchmarkSet
from fadu.discretion.tests.universe import makers
from fadu.kernel import clock
from fadu.penalty.models import CaseDiscretion
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from tests.browser import hands
from tests.browser.conftest import WIDTHS, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_enterprise_asks_what_would_become_of_it_without_scripts(opened: Any, width: int) -> None:
    town = universe.bureau()
    with clock.at(START):
        makers(town.organ).publish()
    page = opened(None, width, java_script_enabled=False)
    page.goto("/public/benchmarks/")
    page.get_by_role("link", name="开始").click()
    page.select_option("[name=table]", "B14")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="看怎样处理").click()
    assert "请填写或者选择" in page.inner_text(".fd-field:has([name=persons]) .fd-err")
    page.fill("[name=persons]", "2")
    page.select_option("[name=dangerous]", "no")
    page.get_by_role("button", name="看怎样处理").click()
    told = page.inner_text("#answer")
    for words in ("“一般”一档", "3万元至6万元", "第九十七条第七项", "没有达到"):
        assert words in told, words
    assert "主动消除或者减轻违法行为危害后果" in page.inner_text("#main")
    seen = opened(None, width)
    for address in (
        "/public/benchmarks/",
        "/public/benchmarks/B07/",
        "/public/benchmarks/ask/",
        "/public/benchmarks/ask/?table=B07",
        "/public/benchmarks/ask/?table=B07&answer=1&payer=unit&stage=uncorrected&employees=150&high_risk=no",
    ):
        assert seen.goto(address).status == 200, address
        looks_right(seen)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_benchmark_goes_into_force_by_three_people(opened: Any, calendar: Any, width: int) -> None:
    town = universe.bureau()
    calendar.turn(0)
    three = makers(town.organ)
    page = opened(three.drafter, width)
    page.goto("/discretion/")
    looks_right(page)
    page.get_by_label("施行日期").fill("2025-01-01")
    page.get_by_role("button", name="装入53张示例表").click()
    expect(page.locator("#fd-messages")).to_contain_text("成为一份草稿")
    row = BenchmarkSet.objects.get()
    page.goto("/discretion/import/")
    looks_right(page)
    page = opened(three.reviewer, width)
    page.goto(f"/discretion/{row.pk}/")
    page.get_by_label("意见").fill("同意。")
    page.get_by_role("button", name="审核通过").click()
    expect(page.locator("#fd-messages")).to_contain_text("已审核")
    page = opened(three.head, width)
    page.goto(f"/discretion/{row.pk}/")
    looks_right(page)
    page.get_by_role("button", name="公布").first.click()
    expect(page.locator("#fd-messages")).to_contain_text("已公布")
    page.goto(f"/discretion/{row.pk}/B07/")
    looks_right(page)
    assert BenchmarkSet.objects.get().status == "published"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_conclusion_asks_for_the_circumstances_and_shows_the_tier(opened: Any, calendar: Any, width: int) -> None:
    town = universe.bureau()
    with clock.at(START):
        makers(town.organ).publish()
    case = universe.investigated(town)
    calendar.turn(7)
    page = opened(town.first, width)
    hands.start(page, case, "conclude")
    hands.enter(page, **{"proposals-0-provision": universe.provision()})
    expect(page.locator("[name='proposals-0-c_B11_persons']")).to_be_visible()
    hands.enter(page, **universe.PARTICULARS | {"proposals-0-fine": "2万元"})
    hands.send(page)
    persons = page.locator(".fd-field:has([name='proposals-0-c_B11_persons'])")
    expect(persons.locator(".fd-err")).to_contain_text("请认定")
    expect(page.locator(f"{hands.FORM} [name='proposals-0-fine']")).to_have_value("2万元")
    looks_like = {
        "proposals-0-c_B11_persons": "5",
        "proposals-0-c_B11_forged": "no",
        "proposals-0-fine_reason": "人数居中。",
    }
    hands.enter(page, **looks_like)
    hands.send(page)
    expect(page.get_by_role("alert").first).to_contain_text("不在裁量基准B11")
    hands.enter(page, **{"proposals-0-fine": "4万元"})
    hands.send(page)
    hands.done(page, case, "已制作《行政处罚案件调查报告》")
    assert CaseDiscretion.objects.get(party__case=case).level == "一般"
    expect(page.locator("#main")).to_contain_text("可以裁量的幅度")
    head = opened(town.head, width)
    head.goto(f"/matter/{case.pk}/")
    expect(head.locator("#main")).to_contain_text("不适用其他档的理由")
    looks_right(head)
    head.goto("/penalty/consistency/")
    looks_right(head)
