"""The hearing and preserved evidence by real steps (行政处罚法 56, 63–65)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import APL
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests.universe import START, Bureau, bureau, investigated, notified, serve

pytestmark = pytest.mark.django_db

ASKED = START + timedelta(days=9)
HELD = date(2026, 3, 25)  # Wednesday; the seventh working day before it is Monday 16 March
NOTIFIED = date(2026, 3, 16)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=clock.BEIJING)


def waiting(town: Bureau) -> PenaltyCase:
    """The unit, to be fined 60,000 yuan, has asked for a hearing."""
    case = notified(town)
    with clock.at(ASKED):
        town.act(case, "request_hearing", by=town.clerk, party=1, reason="书面提出。")
    return case


def appointed(town: Bureau) -> PenaltyCase:
    case = waiting(town)
    with clock.at(ASKED):
        town.act(case, "appoint_host", by=town.head, host=town.legal.pk, recorder=town.clerk.pk, members="")
    return case


def fix(town: Bureau, case: PenaltyCase, day: date = HELD, **more: Any) -> None:
    data = {"held_at": f"{day}T09:00", "place": "第一会议室", "manner": "公开", "closed_reason": ""}
    town.act(case, "notify_hearing", by=town.legal, **(data | more))


def scheduled(town: Bureau, served_on: date = NOTIFIED) -> PenaltyCase:
    case = appointed(town)
    with clock.at(NOTIFIED - timedelta(days=3)):
        fix(town, case)
    with clock.at(served_on):
        serve(town, case, "serve_hearing_notice", 1)
    return case


def hold(town: Bureau, case: PenaltyCase, by: Any = None, status: str = "出席", **more: Any) -> Any:
    data: dict[str, Any] = {
        "started_at": f"{HELD}T09:00", "ended_at": f"{HELD}T10:30", "place": "第一会议室", "accusation": "说明事实，出示证据，建议罚款陆万元。",
        "defence": "认为已经整改，请求从轻。", "debate": "", "last_words": "请求从轻。", "confirmation": "交当事人核对无误后签名。",
        "attendance": [{"party": 1, "status": status, "speaker": "周示八", "agents": "吴示律"}],
    }  # fmt: skip
    return town.act(case, "hold_hearing", by=by or town.clerk, **(data | more))


def heard(town: Bureau) -> PenaltyCase:
    case = scheduled(town)
    with clock.at(at(HELD, 12)):
        hold(town, case)
        town.act(
            case, "report_hearing", by=town.legal, summary="公开举行，当事人出席。", opinion="事实清楚，建议维持。"
        )
    return case


def consider(town: Bureau, case: PenaltyCase, **more: Any) -> Any:
    return town.act(case, "consider", **({"points": [], "revised": [], "conclusion": "维持拟处罚。"} | more))


@pytest.mark.law(APL[63, 1], APL[65])
def test_a_requested_hearing_is_held_reported_and_the_decision_rests_on_it() -> None:
    town = bureau()
    case = scheduled(town)
    with clock.at(at(HELD, 12)):
        with pytest.raises(OutOfOrder, match="本案须等待听证"):
            consider(town, case)
        hold(town, case)
        with pytest.raises(OutOfOrder, match="尚未举行并提出报告"):
            consider(town, case)
        town.act(case, "report_hearing", by=town.legal, summary="公开举行。", opinion="事实清楚，建议维持。")
        with pytest.raises(OutOfOrder, match="请写明依据听证笔录的处理意见"):
            consider(town, case)
        consider(town, case, hearing_finding="听证笔录证明的事实与告知一致，采纳听证意见。")
    assert case.state == "CONSIDERED"
    with clock.at(at(HELD, 14)), pytest.raises(OutOfOrder, match="法制审核尚未通过"):
        town.approve(case, "decide")  # heard cases are reviewed (58 I 2)


@pytest.mark.law(APL[65])
def test_the_decision_tells_of_the_hearing_and_its_opinion() -> None:
    town = bureau()
    case = heard(town)
    with clock.at(at(HELD, 14)):
        consider(town, case, hearing_finding="采纳听证意见。")
        items = [{"item": "程序是否合法", "conclusion": "符合", "note": ""}]
        town.act(
            case,
            "review",
            by=town.legal,
            verdict="同意",
            reason="合法。",
            items=items,
        )
        town.act(
            case, "discuss", by=town.clerk, started_at=f"{HELD}T13:00", ended_at=f"{HELD}T13:30", place="会议室", reporter="李示一", recorder="钱示二",
            observers="", content="案情。", conclusion="同意。",
            statements=[{"officer": town.head.pk, "opinion": "同意。"}, {"officer": town.principal.pk, "opinion": "同意。"}],
        )  # fmt: skip
        town.approve(case, "decide")
    note = Paper.objects.get(case_file=case.case_file_id, kind="PENALTY_DECISION_UNIT").context["procedure_note"]
    assert "本机关于2026年3月25日举行听证。听证意见：事实清楚，建议维持。根据听证笔录，采纳听证意见。" in note


@pytest.mark.law(APL[64, None, 2])
@pytest.mark.parametrize(("served_on", "held"), [(NOTIFIED, True), (NOTIFIED + timedelta(days=1), False)])
def test_the_notice_takes_effect_seven_working_days_before_the_hearing(served_on: date, held: bool) -> None:
    town = bureau()
    case = scheduled(town, served_on)
    with clock.at(at(HELD, 12)):
        if held:
            assert hold(town, case).step == "hold_hearing"
        else:
            with pytest.raises(OutOfOrder, match="距听证不足七个工作日"):
                hold(town, case)


@pytest.mark.law(APL[64, None, 2])
def test_a_day_too_near_cannot_be_fixed() -> None:
    town = bureau()
    case = appointed(town)
    with clock.at(NOTIFIED + timedelta(days=1)), pytest.raises(OutOfOrder, match="请另定日期"):
        fix(town, case)
    with clock.at(NOTIFIED), pytest.raises(Invalid, match="国家秘密、商业秘密或者个人隐私"):
        fix(town, case, manner="不公开")


@pytest.mark.law(APL[64, None, 4])
def test_who_investigated_cannot_host_and_who_is_recused_is_replaced() -> None:
    town = bureau()
    case = waiting(town)
    with clock.at(ASKED):
        with pytest.raises(OutOfOrder, match=f"{town.first.name}是本案调查人员，不能主持听证"):
            town.act(case, "appoint_host", by=town.head, host=town.first.pk, recorder=town.clerk.pk, members="")
        with pytest.raises(NotCompetent):
            town.act(case, "appoint_host", by=town.clerk, host=town.legal.pk, recorder=town.clerk.pk, members="")
        town.act(case, "appoint_host", by=town.head, host=town.legal.pk, recorder=town.clerk.pk, members="")
        town.act(
            case,
            "request_recusal",
            by=town.clerk,
            officer=town.legal.pk,
            asked_by="甲山矿业有限公司",
            reason="与本案有利害关系。",
        )
        town.act(case, "decide_recusal", by=town.head, officer=town.legal.pk, granted="yes", reason="情况属实。")
        with pytest.raises(OutOfOrder, match="已经回避，请另行指定主持人"):
            town.act(case, "appoint_host", by=town.head, host=town.legal.pk, recorder=town.clerk.pk, members="")
        town.act(case, "appoint_host", by=town.head, host=town.reviewer.pk, recorder=town.clerk.pk, members="")
    assert case.hearings.get().host == town.reviewer


@pytest.mark.law(APL[64, None, 6])
def test_who_stays_away_has_given_the_hearing_up() -> None:
    town = bureau()
    case = scheduled(town)
    with clock.at(at(HELD, 12)):
        hold(town, case, status="无正当理由不出席", accusation="", defence="")
        consider(town, case)
    assert case.state == "CONSIDERED"


@pytest.mark.law(APL[63, 1])
def test_a_request_taken_back_ends_the_waiting() -> None:
    town = bureau()
    case = waiting(town)
    with clock.at(ASKED + timedelta(days=1)):
        with pytest.raises(Invalid, match="请上传"):
            town.act(case, "withdraw_hearing", by=town.clerk, party=1, proof="", reason="")
        town.act(case, "withdraw_hearing", by=town.clerk, party=1, proof=town.keep(case), reason="")
    with clock.at(START + timedelta(days=18)):
        consider(town, case)
    assert case.state == "CONSIDERED"


@pytest.mark.law(APL[62], APL[64, None, 1])
def test_giving_up_the_defence_does_not_give_up_the_hearing() -> None:
    town = bureau()
    case = notified(town)
    with clock.at(ASKED):
        town.act(case, "waive", party=1, waived_on=str(ASKED), proof=town.keep(case))
        with pytest.raises(OutOfOrder, match="要求听证的期限至2026-03-17届满"):
            consider(town, case)
        town.act(case, "waive_hearing", party=1, waived_on=str(ASKED), proof=town.keep(case))
        consider(town, case)
    assert case.state == "CONSIDERED"


@pytest.mark.law(APL[64, None, 7], APL[64, None, 8])
def test_only_its_host_or_recorder_enters_a_hearing_and_what_was_said_is_on_record() -> None:
    town = bureau()
    case = scheduled(town)
    with clock.at(at(HELD, 12)):
        with pytest.raises(NotCompetent, match="须由其登记"):
            hold(town, case, by=town.reviewer)
        with pytest.raises(Invalid, match="请记录当事人的申辩和质证"):
            hold(town, case, defence="")
        act = hold(town, case)
        with pytest.raises(NotCompetent, match="听证报告由主持人"):
            town.act(case, "report_hearing", by=town.clerk, summary="略", opinion="略")
    (paper,) = [row.paper for row in act.papers.all()]
    assert paper.kind == "HEARING_RECORD"
    assert paper.context["attendance"] == [
        {"name": case.parties.get().name, "status": "出席", "speakers": "周示八、吴示律（委托代理人）"}
    ]


# --- 先行登记保存 -----------------------------------------------------------------------------------------------------

SAVED = date(2026, 3, 6)  # a Friday: the seventh working day is Tuesday 17 March


def preserve(town: Bureau, case: PenaltyCase, *names: str) -> None:
    items = [{"name": name, "spec": "", "quantity": "1册", "condition": "完好"} for name in names]
    town.approve(
        case,
        "preserve",
        party=1,
        reason="可能被替换。",
        manner="异地保存",
        place="证据室",
        custodian="钱示二",
        items=items,
    )


@pytest.mark.law(APL[56], APL[85])
def test_each_batch_has_seven_working_days_and_every_item_its_decision() -> None:
    town = bureau()
    case = investigated(town)
    with clock.at(SAVED):
        preserve(town, case, "培训档案", "签到表")
    with clock.at(SAVED + timedelta(days=4)):
        preserve(town, case, "考核试卷")
        terms = case.deadlines.filter(name="处理先行登记保存的证据", cancelled_on=None).order_by("id")
        assert [t.last_day for t in terms] == [date(2026, 3, 17), date(2026, 3, 19)]
        first, second, third = (
            item.pk for batch in case.parties.get().preservations.all() for item in batch.items.all()
        )
        town.approve(case, "dispose_preserved", disposals=[{"item": first, "disposal": "返还", "note": ""}])
        assert [t.ended_on for t in terms.all()] == [None, None]  # one item of the first batch is left
        town.approve(
            case, "dispose_preserved",
            disposals=[{"item": second, "disposal": "返还", "note": ""}, {"item": third, "disposal": "返还", "note": ""}],
        )  # fmt: skip
        assert [t.ended_on for t in terms.all()] == [clock.today(), clock.today()]
    kinds = list(case.case_file.papers.order_by("id").values_list("kind", flat=True))
    assert kinds.count("PRESERVATION_NOTICE") == 2
    assert kinds.count("PRESERVATION_DISPOSAL") == 3  # one for each batch an act touches


@pytest.mark.law(APL[56])
def test_an_investigation_does_not_end_with_an_item_undecided_and_late_needs_a_reason() -> None:
    from fadu.penalty.tests.universe import PARTICULARS, provision

    town = bureau()
    case = investigated(town)
    with clock.at(SAVED):
        preserve(town, case, "培训档案")
    item = case.parties.get().preservations.get().items.get()
    rows = [{"party": 1, "provision": provision(), "fine": "60000", "measures": []}]
    with clock.at(date(2026, 3, 18)):
        with pytest.raises(OutOfOrder, match="还没有作出处理决定"):
            town.act(case, "conclude", proposals=rows, **PARTICULARS)
        disposals = [{"item": item.pk, "disposal": "返还", "note": ""}]
        with pytest.raises(Invalid, match="须写明逾期的理由"):
            town.approve(case, "dispose_preserved", disposals=disposals)
    with clock.at(date(2026, 3, 19)):
        act = town.approve(case, "dispose_preserved", late_reason="等待鉴定。", disposals=disposals)
        assert act.late["late"] == {"处理先行登记保存的证据": 2}
        town.act(case, "conclude", proposals=rows, **PARTICULARS)
    assert case.late_count == 1
