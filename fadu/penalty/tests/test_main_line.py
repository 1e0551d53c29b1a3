"""The main job on a real database: from a clue to an archived, published case, and what is refused on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest

from fadu.document import services as documents
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.record import queries as record

pytestmark = pytest.mark.django_db

BOTH = [
    {"party": 1, "provision": "", "fine": "60000", "measures": []},
    {"party": 2, "provision": "", "exemption": "NO_FAULT", "exemption_reason": "不知情", "education": "当面教育"},
]


@pytest.fixture
def town():
    return universe.bureau()


def test_a_case_runs_from_clue_to_archive(town, client):
    """立案、调查、告知、申辩、审核、讨论、决定、送达、公开、缴款、结案、归档"""
    case = universe.archived(town)
    assert case.state == "ARCHIVED"
    party = case.parties.get()
    assert party.decision_sanctions.fine == Decimal(60000)
    assert party.decision.kind == "PENALTY_DECISION_UNIT"
    assert case.late_count == 0
    assert record.verify_chain(case.chain).ok
    numbers = list(case.case_file.papers.exclude(number="").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
    assert all("〔2026〕1" in number for number in numbers)
    page = client.get(f"/public/penalties/{party.disclosure.pk}/")
    assert page.status_code == 200
    assert "周示八" not in page.content.decode()
    assert documents.case_file_pdf(case.case_file).startswith(b"%PDF")


def test_the_periods_of_the_decision_run_from_service(town):
    """《行政处罚法》第六十七条第三款：十五日；《行政复议法》第二十条：六十日；送达之日不计入"""
    case = universe.served(town)
    day = START + timedelta(days=23)
    assert case.state == "SERVED"
    assert case.deadlines.get(name="缴纳罚款").starts_on == day
    assert case.deadlines.get(name="申请行政复议").last_day >= day + timedelta(days=60)
    assert case.deadlines.get(name="送达决定书").ended_on == day


def test_a_decision_may_not_be_heavier_than_the_notice(town):
    """《行政处罚法》第四十五条第二款"""
    case = universe.notified(town)
    with clock.at(START + timedelta(days=18)), pytest.raises(OutOfOrder, match="第四十五条第二款"):
        town.act(case, "consider", points=[], revised=[{"party": 1, "fine": "70000"}])
    assert case.parties.get().sanctions.fine == Decimal(60000)


def test_a_fine_above_the_range_is_refused_with_its_reason(town):
    """《安全生产法》第九十七条：十万元以下"""
    case = universe.investigated(town)
    row = {"party": 1, "provision": universe.provision(), "fine": "100001", "measures": []}
    with clock.at(START + timedelta(days=7)), pytest.raises(OutOfOrder, match="高于法定上限"):
        town.act(case, "conclude", proposals=[row], **universe.PARTICULARS)
    case.refresh_from_db()
    assert case.state == "INVESTIGATING"


def test_a_running_window_for_a_hearing_blocks(town):
    """《行政处罚法》第六十四条第一项：五个工作日"""
    case = universe.notified(town)
    with clock.at(START + timedelta(days=10)), pytest.raises(OutOfOrder, match="要求听证的期限"):
        town.act(case, "consider", points=[], revised=[])


def test_a_requested_hearing_is_never_skipped(town):
    """《行政处罚法》第六十三条、第六十五条"""
    case = universe.notified(town)
    with clock.at(START + timedelta(days=10)):
        town.act(case, "request_hearing", party=1, reason="书面要求听证")
    assert case.state == "HEARING"
    with clock.at(START + timedelta(days=40)), pytest.raises(OutOfOrder, match="听证尚未举行"):
        town.act(case, "consider", points=[], revised=[])


def test_no_decision_before_review_and_discussion(town):
    """《行政处罚法》第五十七条第二款、第五十八条第一款"""
    case = universe.considered(town)
    with clock.at(START + timedelta(days=20)), pytest.raises(OutOfOrder, match="法制审核尚未通过") as refused:
        town.approve(case, "decide")
    assert "集体讨论" in str(refused.value)


def test_a_late_decision_needs_a_reason_and_stays_marked(town):
    """《行政处罚法》第六十条：逾期不阻断，写明理由，永久标明"""
    case = universe.reviewed(town)
    with clock.at(START + timedelta(days=120)):
        with pytest.raises(Invalid, match="逾期"):
            town.approve(case, "decide")
        act = town.approve(case, "decide", late_reason="示例：系统停用。")
    assert act.late["late"] == {"作出处罚决定": 120 - 1 - 90}
    assert case.late_count == 1


def test_the_investigator_does_not_take_the_money(town):
    """《行政处罚法》第六十七条第一款"""
    case = universe.served(town)
    with clock.at(START + timedelta(days=24)), pytest.raises(NotCompetent):
        town.act(
            case, "record_payment", party=1, voucher="示票9", amount="60000", paid_on=str(START + timedelta(days=24))
        )


def test_a_case_is_transferred_from_any_state_and_comes_back(town):
    """《行政处罚法》第二十七条第一款；移送规定第五条：正职负责人决定"""
    case = universe.notified(town)
    with clock.at(START + timedelta(days=10)):
        town.act(case, "report_crime", offence="重大责任事故罪", reason="示例理由", receiving_body="示例市公安局")
        town.approve(case, "transfer", last=town.principal, copied_to="示例市人民检察院", handling="")
    assert case.state == "TRANSFERRED"
    with clock.at(START + timedelta(days=11)):
        town.act(case, "send_transfer", sent_at=f"{START + timedelta(days=11)}T08:00", received_by="吴示九")
    with clock.at(START + timedelta(days=15)):
        day = str(START + timedelta(days=15))
        town.act(case, "record_reply", reply="declined", reply_on=day, document="不予立案通知书", file=town.keep(case))
        town.act(case, "resume", reason="公安机关不予立案")
    assert case.state == "INVESTIGATING"
    assert case.deadlines.filter(name="作出处罚决定", cancelled_on=None).get().last_day > START + timedelta(days=91)
