"""A hearing, and a decision that is carried out through the court, clicked through by the persons who do it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.penalty.tests.test_hearing import HELD, NOTIFIED
from tests.browser.conftest import WIDTHS, looks_right
from tests.browser.hands import Office, papers, picture, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def last_day(case: PenaltyCase, name: str) -> date:
    """The last day of the running period of that name."""
    found: date = case.deadlines.filter(name=name, cancelled_on=None).latest("pk").last_day
    return found


def show(page: Page, case: PenaltyCase, name: str) -> None:
    """The matter's page is whole and accessible at every width; kept as a picture where one is wanted."""
    page.goto(f"/matter/{case.pk}/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        looks_right(page)
        if SHOTS.is_dir():
            page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


SHOTS = Path("var/shots")


@pytest.mark.law("《行政处罚法》第六十三条", "《行政处罚法》第六十四条", "《行政处罚法》第六十五条")
def test_a_hearing_from_the_request_to_its_report(opened: Any, calendar: Any) -> None:
    """Asked for, a host who did not investigate, told seven working days before, held in public, recorded, reported."""
    town = universe.bureau()
    case = universe.notified(town)
    office = Office(town, opened)
    calendar.turn(9)
    take(office(town.clerk), case, "request_hearing", "已办理", party=1, reason="当事人书面提出。")
    take(office(town.head), case, "appoint_host", "已办理", host=town.legal.pk, recorder=town.clerk.pk)

    calendar.set(NOTIFIED - timedelta(days=3), 10)
    legal = office(town.legal)
    take(
        legal, case, "notify_hearing", "听证会通知书",
        {"held_at": ("2026-03-01T09:00", "应当在今天以后")}, held_at=f"{HELD}T09:00", place="第一会议室", manner="公开",
    )  # fmt: skip
    calendar.set(NOTIFIED, 11)
    take(
        office(town.first), case, "serve_hearing_notice", "已办理", party=1, method="in_person", served_on=NOTIFIED, receiver="周示八",
        in_person__capacity="主要负责人", proof=picture("送达回证.png"),
    )  # fmt: skip
    calendar.set(HELD, 12)
    take(
        office(town.clerk), case, "hold_hearing", "听证笔录", {"ended_at": (f"{HELD}T08:00", "结束时间应当晚于开始时间")},
        started_at=f"{HELD}T09:00", ended_at=f"{HELD}T10:30", accusation="说明事实，出示证据，建议罚款陆万元。",
        defence="认为已经整改，请求从轻。", last_words="请求从轻。", confirmation="交当事人核对无误后签名。",
        **{"attendance-0-party": 1, "attendance-0-status": "出席", "attendance-0-speaker": "周示八", "attendance-0-agents": "吴示律"},
    )  # fmt: skip
    take(legal, case, "report_hearing", "听证报告", summary="公开举行，当事人出席。", opinion="事实清楚，建议维持。")
    made = papers(legal, case)
    for title, words in (("听证会通知书", "第一会议室"), ("听证笔录", "请求从轻"), ("听证会报告书", "建议维持")):
        assert any(title in name and words in text for name, text in made.items()), (title, list(made))
    show(legal, case, "hearing")


@pytest.mark.law("《行政处罚法》第七十二条", "《行政强制法》第五十三条", "《行政强制法》第五十四条")
def test_an_unpaid_fine_goes_by_surcharge_and_demand_to_the_court(opened: Any, calendar: Any) -> None:
    """The remedies expire unused, the demand waits ten working days, the head signs, the court executes."""
    town = universe.bureau()
    case = universe.served(town)
    office = Office(town, opened)
    calendar.set(last_day(case, "缴纳罚款") + timedelta(days=5))
    office.approve(case, "surcharge", party=1, reason="逾期未缴。")

    remedies = last_day(case, "提起行政诉讼")
    served_on = calendar.set(remedies - timedelta(days=5))
    first = office(town.first)
    take(first, case, "demand", "催告书", party=1)
    paper = case.case_file.papers.get(kind="DEMAND")
    take(
        first, case, "serve_paper", "已办理", party=1, paper=paper.pk, method="in_person", served_on=served_on, receiver="周示八",
        in_person__capacity="主要负责人", proof=picture("送达回证.png"),
    )  # fmt: skip
    first.goto(f"/matter/{case.pk}/")
    expect(first.locator("#act-apply_court")).to_contain_text("届满")

    today = calendar.set(last_day(case, "催告") + timedelta(days=1))
    office.approve(case, "apply_court", party=1, court="示例区人民法院", subject_matter="示例银行账户。")
    asked = papers(first, case)
    assert any("强制执行申请书" in name and "示例区人民法院" in text for name, text in asked.items()), list(asked)
    take(
        first, case, "record_court", "已办理", party=1, ruled_on=today, court="示例区人民法院", ruling="执行完毕",
        document="（2026）示执1号", file=picture("结案通知书.png"),
    )  # fmt: skip
    take(first, case, "perform", "已办理")
    case.refresh_from_db()
    assert case.state == "PERFORMED"
    show(first, case, "court")
