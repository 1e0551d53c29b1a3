"""The clerk at the desk, the head who decides and the public, in real Chromium at 1280 and 390 px, with axe."""

import pytest

from fadu.kernel import clock
from fadu.penalty.tests import universe
from fadu.procedure.models import Application
from tests.browser.conftest import WIDTHS, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_case_are_whole_and_accessible(opened, width):
    town = universe.bureau()
    case = universe.considered(town)
    page = opened(town.first, width)
    for address in ("/desk/", f"/matter/{case.pk}/", f"/matter/{case.pk}/record/", f"/matter/{case.pk}/act/repropose/", "/penalty/clues/",
                    "/penalty/clues/new/", "/penalty/cases/", "/inspection/", "/inspection/findings/", "/search/?q=甲山", "/subject/"):  # fmt: skip
        answer = page.goto(address)
        assert answer.status == 200, address
        looks_right(page)


def test_a_clerk_registers_a_clue_and_bad_input_loses_nothing(opened):
    town = universe.bureau()
    page = opened(town.first, 1280)
    page.goto("/penalty/clues/new/")
    page.fill("[name=cause]", "未设置安全警示标志")
    page.fill("[name=clue]", "示例：车间入口没有警示标志。")
    page.fill("[name=received_on]", str(clock.today()))
    page.click("main button[type=submit]")
    assert "发现之日" in page.inner_text(".fd-errors")
    assert page.input_value("[name=clue]") == "示例：车间入口没有警示标志。"
    page.fill("[name=found_on]", str(clock.today()))
    page.click("main button[type=submit]")
    page.wait_for_url("**/matter/**")
    assert "线索核查" in page.inner_text("main")


def test_two_officers_propose_and_the_reviewer_and_the_head_agree(opened):
    """《行政处罚法》第五十四条第二款：立案审批在浏览器里走完"""
    town = universe.bureau()
    case = universe.clue(town, clock.today())
    page = opened(town.first, 1280)
    page.goto(f"/matter/{case.pk}/act/file/")
    page.fill("[name=acted_on]", str(clock.today()))
    page.select_option("[name=power]", "B010")
    page.fill("[name=opinion]", "建议立案。")
    page.select_option("[name=cosigner]", str(town.second.pk))
    page.click("main form button.btn-act[type=submit]")
    page.wait_for_load_state()
    assert page.locator(".fd-errors, [role=alert]").all_inner_texts() == []
    page.wait_for_url(f"**/matter/{case.pk}/")
    application = Application.objects.get(matter=case)
    for person, button in ((town.second, "共同签署"), (town.reviewer, "签署意见"), (town.head, "签署意见")):
        other = opened(person, 1280)
        other.goto(f"/application/{application.pk}/")
        other.click(f"button:has-text('{button}')")
        other.wait_for_url(f"**/matter/{case.pk}/")
    case.refresh_from_db()
    assert case.state == "INVESTIGATING"
    page.goto(f"/matter/{case.pk}/")
    assert "（晋示）应急立〔" in page.inner_text("main")
    address = page.get_attribute("a[href$='/pdf/']", "href")
    answer = page.request.get(address)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_public_reads_decisions_without_login_or_script(opened, width):
    town = universe.bureau()
    case = universe.archived(town)
    row = case.parties.get().disclosure
    page = opened(None, width)
    for address in (
        "/",
        "/public/penalties/",
        f"/public/penalties/{row.pk}/",
        "/public/procedures/",
        "/procedures/penalty.ordinary/",
        "/verify/",
        "/law/",
    ):
        answer = page.goto(address)
        assert answer.status == 200, address
        looks_right(page)
    page.goto("/public/penalties/?q=甲山")
    assert "甲山矿业有限公司" in page.inner_text("main")
