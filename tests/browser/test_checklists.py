"""Checklists as the public reads them, on a phone and without script, and as a version comes into force by three persons."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from fadu.discretion import services as discretion
from fadu.inspection import queries
from fadu.inspection.models import Checklist
from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.penalty.tests import universe
from tests.browser.conftest import WIDTHS, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def benchmarked(town: universe.Bureau) -> None:
    """The shipped example of benchmarks in force."""
    row = discretion.draft_example(organ=town.organ, by=town.clerk, since=date(2026, 1, 1))
    discretion.review(row, by=town.legal, opinion="同意。")
    discretion.publish(row, by=town.head)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_public_follows_an_item_to_its_benchmark_without_script(opened: Any, calendar: Any, width: int) -> None:
    calendar.turn(90)
    benchmarked(universe.bureau())
    page = opened(None, width, java_script_enabled=False)
    page.goto("/public/checklists/")
    page.get_by_role("link", name="冶金工贸安全检查表").click()
    page.get_by_role("link", name="M-02", exact=True).click()
    main = page.locator("#main")
    expect(main).to_contain_text("（应急管理部令第10号）管理类第2项")
    expect(main).to_contain_text("《安全生产法》第三十条第一款")
    expect(main).to_contain_text("裁量基准")
    page.get_by_role("link", name="（应急管理部令第10号）管理类第2项").click()
    expect(page.locator("h1")).to_contain_text("工贸企业重大事故隐患判定标准")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_checklists_look_right(opened: Any, calendar: Any, width: int) -> None:
    calendar.turn(90)
    town = universe.bureau()
    benchmarked(town)
    page = opened(None, width)
    for address in (
        "/public/checklists/", "/public/checklists/steel8/", "/public/checklists/industry/items/M-02/", "/public/hazards/",
        "/public/hazards/FIRE17/",
    ):  # fmt: skip
        page.goto(address)
        looks_right(page)
    held = queries.checklists_on(clock.today()).get(code="dust6")
    page = opened(town.first, width)
    for address in ("/inspection/checklists/", f"/inspection/checklists/{held.pk}/"):
        page.goto(address)
        looks_right(page)


def test_three_persons_bring_a_version_into_force(opened: Any, calendar: Any) -> None:
    day = calendar.turn(30)
    town = universe.bureau()
    held = queries.checklists_on(clock.today()).get(code="dust6")

    def at_work(person: Officer, address: str) -> Any:
        page = opened(person, 1280)
        page.goto(address)
        return page

    clerk = at_work(town.clerk, f"/inspection/checklists/{held.pk}/")
    clerk.get_by_role("link", name="拟定新的一版").click()
    clerk.get_by_label("施行日期").fill("2026-01-01")
    clerk.get_by_role("button", name="拟定").click()
    expect(clerk.locator(".fd-err").first).to_contain_text("施行日期不能早于今天")
    clerk.get_by_label("施行日期").fill(day)
    clerk.get_by_role("button", name="拟定").click()
    expect(clerk.locator("#fd-messages")).to_contain_text("新的一版已拟定")
    row = Checklist.objects.get(organ=town.organ)
    clerk.get_by_role("link", name="修改D6-2").click()
    clerk.get_by_label("检查方法").fill("查设计图，现场核对")
    clerk.get_by_label("重大隐患判定").fill("GM17-H-2")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.locator(".fd-err").first).to_contain_text("没有施行")
    looks_right(clerk)
    expect(clerk.get_by_label("检查方法")).to_have_value("查设计图，现场核对")
    clerk.get_by_label("重大隐患判定").fill("GM10-H-2")
    clerk.get_by_role("button", name="保存").click()
    clerk.get_by_role("button", name="上移D6-2").click()
    expect(clerk.locator("tbody tr").first).to_contain_text("D6-2")
    looks_right(clerk)
    clerk.get_by_role("link", name="比较变动").first.click()
    expect(clerk.locator("#main")).to_contain_text("查设计图，现场核对")
    looks_right(clerk)
    legal = at_work(town.legal, f"/inspection/checklists/{row.pk}/")
    legal.get_by_role("button", name="审核通过").click()
    expect(legal.locator("#fd-messages")).to_contain_text("审核通过")
    head = at_work(town.head, f"/inspection/checklists/{row.pk}/")
    head.get_by_role("button", name="公布").click()
    expect(head.locator("#fd-messages")).to_contain_text("从此不能修改")
    anybody = opened(None, 1280)
    anybody.goto("/public/checklists/dust6/")
    expect(anybody.locator("#main")).to_contain_text("查设计图，现场核对")
