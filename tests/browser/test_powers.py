"""The list of powers as the public reads it, without script and on a phone, and as it comes into force by three persons."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import expect

from fadu.org.models import Officer
from fadu.penalty.tests import universe
from fadu.power.models import PowerList
from tests.browser.conftest import WIDTHS, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_public_finds_a_power_and_reads_its_charts_without_script(opened: Any, calendar: Any, width: int) -> None:
    calendar.turn(1)
    universe.filed(universe.bureau())
    calendar.turn(90)
    page = opened(None, width, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="权责清单").first.click()
    expect(page.locator("#main")).to_contain_text("共293项")
    page.get_by_label("编码、名称或者依据").fill("第九十七条第四项")
    page.locator(".fd-filters button[type=submit]").first.click()
    page.get_by_role("link", name="对未如实记录教育培训的处罚").click()
    expect(page.locator("h1")).to_contain_text("对未如实记录教育培训的处罚")
    expect(page.locator("svg.fd-flow")).to_be_visible()
    expect(page.locator("svg.fd-risk")).to_be_visible()
    # what the machine checked is counted from the one case that stands on the item
    expect(page.locator("#main")).to_contain_text("两人以上执法：已核对1次")
    expect(page.locator("#main")).to_contain_text("逐级审批：已核对1次，退回0次")
    expect(page.locator("#main")).to_contain_text("本机关依本事项办理了1件")
    with page.expect_download() as download:
        page.get_by_role("link", name="运行流程图（BPMN 2.0）").click()
    assert etree.parse(download.value.path()).getroot().tag.endswith("definitions")
    page.get_by_role("link", name="打印本事项和两张图").click()
    expect(page.locator("svg.fd-risk")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_powers_look_right(opened: Any, calendar: Any, width: int) -> None:
    calendar.turn(90)
    town = universe.bureau()
    page = opened(None, width)
    for address in ("/public/powers/", "/public/powers/B010/", "/public/powers/A002/", "/public/powers/B010/print/"):
        page.goto(address)
        looks_right(page)
    page = opened(town.first, width)
    for address in ("/powers/", "/powers/B010/", "/powers/versions/"):
        page.goto(address)
        looks_right(page)


def test_a_chart_opened_by_itself_keeps_its_styles(opened: Any, calendar: Any) -> None:
    calendar.turn(90)
    universe.bureau()
    page = opened(None, 1280)
    page.goto("/public/powers/B010/risk.svg")
    fill = page.evaluate("getComputedStyle(document.querySelector('.high rect')).fill")
    assert fill == "rgb(156, 34, 51)"


def test_three_persons_bring_a_list_into_force(opened: Any, calendar: Any) -> None:
    day = calendar.turn(30)
    town = universe.bureau()

    def at_work(person: Officer, address: str) -> Any:
        page = opened(person, 1280)
        page.goto(address)
        return page

    clerk = at_work(town.clerk, "/powers/versions/")
    clerk.get_by_role("link", name="拟定清单").click()
    clerk.get_by_label("发布机关").fill("示例市人民政府")
    clerk.get_by_label("施行日期").fill("2026-01-01")
    clerk.get_by_label("底本").select_option(index=1)
    clerk.get_by_role("button", name="拟定").click()
    expect(clerk.locator(".fd-err").first).to_contain_text("施行日期不能早于今天")
    clerk.get_by_label("施行日期").fill(day)
    clerk.get_by_role("button", name="拟定").click()
    clerk.wait_for_url("**/powers/versions/*/")
    listed = PowerList.objects.get(organ=town.organ)
    clerk.get_by_role("link", name="B010", exact=True).click()
    clerk.get_by_label("依据").fill("《安全生产法》第九十七条第八项")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.locator(".fd-err").first).to_contain_text("不存在")
    looks_right(clerk)
    clerk.goto(f"/powers/versions/{listed.pk}/")
    looks_right(clerk)
    legal = at_work(town.legal, f"/powers/versions/{listed.pk}/")
    legal.get_by_role("button", name="审核通过").click()
    expect(legal.locator("#fd-messages")).to_contain_text("审核通过")
    head = at_work(town.head, f"/powers/versions/{listed.pk}/")
    head.get_by_label("文号").fill("示政发〔2026〕1号")
    head.get_by_role("button", name="公布清单").click()
    expect(head.locator("#fd-messages")).to_contain_text("从此不能修改")
    listed.refresh_from_db()
    assert listed.state == "published"
    anybody = opened(None, 1280)
    anybody.goto("/public/powers/")
    expect(anybody.locator("#main")).to_contain_text(listed.title)
