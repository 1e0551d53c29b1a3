"""What a case form knows by itself, in real Chromium at 1280 and 390 px: what a choice asks for at once, and the notes."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from fadu.discretion.tests.universe import makers
from fadu.kernel import clock
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from tests.browser import hands
from tests.browser.conftest import WIDTHS, looks_right

SHOTS = os.environ.get("FADU_SHOTS", "")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shot(page: Any, name: str) -> None:
    """A picture where pictures are asked for."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_choice_asks_at_once_for_what_it_needs_and_records_speak_above_the_form(
    opened: Any, calendar: Any, width: int
) -> None:
    town = universe.bureau()
    with clock.at(START):
        makers(town.organ).publish()
    case = universe.investigated(town)
    calendar.turn(7)
    town.act(
        case, "record_fine", party=1, organ="示例区消防救援大队", document="示消罚〔2026〕3号", decided_on="2026-03-04", amount="5000",
        cause=case.cause, basis="《消防法》第六十条第一款第一项", acted_on="2026-03-01", act_ended_on=None, file=town.keep(case),
    )  # fmt: skip
    page = opened(town.first, width)
    page.goto(f"/matter/{case.pk}/act/conclude/")
    expect(page.locator("#h-notes")).to_have_text("依记录提示")
    expect(page.locator("#main")).to_contain_text("示例区消防救援大队已于2026-03-04（示消罚〔2026〕3号）罚款5,000元")
    form = page.locator(hands.FORM)
    hands.enter(page, **universe.PARTICULARS | {"proposals-0-fine": "4万元"})
    assert form.locator("[name='proposals-0-c_B11_persons']").count() == 0
    form.locator("[name='proposals-0-provision']").focus()
    form.locator("[name='proposals-0-provision']").select_option(universe.provision())
    expect(form.locator("[name='proposals-0-c_B11_persons']")).to_be_visible()
    expect(form.locator("[name='proposals-0-fine']")).to_have_value("4万元")
    expect(form.locator("[name='proposals-0-provision']")).to_be_focused()
    assert page.locator(".fd-err").count() == 0
    shot(page, f"conclude-provision-{width}")
    form.locator("[name='proposals-0-exemption']").select_option("FIRST")
    form.locator("[name='proposals-0-leniency']").select_option("training_records")
    expect(form.locator("[name='proposals-0-leniency_4']")).to_be_visible()
    expect(form.locator("[name='proposals-0-c_B11_persons']")).to_have_count(0)
    shot(page, f"conclude-leniency-{width}")
    form.locator("[name='proposals-0-exemption']").select_option("")
    expect(form.locator("[name='proposals-0-c_B11_persons']")).to_be_visible()
    hands.enter(page, deaths="1", **{
        "proposals-0-c_B11_persons": "5", "proposals-0-c_B11_forged": "no", "proposals-0-fine_reason": "人数居中。",
    })  # fmt: skip
    hands.send(page)
    hands.done(page, case, "已制作《行政处罚案件调查报告》")
    expect(page.locator("#main")).to_contain_text("回答是否移送以前，不能作出处罚决定")
    shot(page, f"case-{width}")
    head = opened(town.principal, width)
    head.goto(f"/matter/{case.pk}/")
    looks_right(head)
    page.goto(f"/matter/{case.pk}/act/deny_crime/")
    shot(page, f"deny-crime-{width}")
    looks_right(page)
    page.goto(f"/matter/{case.pk}/act/distinguish/?party=1")
    shot(page, f"distinguish-{width}")
    looks_right(page)
