"""What follows an unpaid, contested or mistaken decision, by real steps (行政处罚法 60, 66, 72–75; 行政强制法 45, 53–58)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.law.statutes import ACL, APL, ARL
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests.universe import (
    START,
    Bureau,
    bureau,
    concluded,
    investigated,
    provision,
    reviewed,
    serve,
    served,
)

pytestmark = pytest.mark.django_db

SERVED = START + timedelta(days=23)  # Wednesday 2026-03-25
DUE = date(2026, 4, 9)  # fifteen days later
SUE = date(2026, 9, 25)  # six months from service: Mid-Autumn Day, so the right rolls to the first working day after


def deadline(case: PenaltyCase, name: str) -> Any:
    return case.deadlines.filter(name=name, cancelled_on=None).last()


def demanded(town: Bureau, case: PenaltyCase, on: date) -> date:
    """The demand is made and served on that day; returns the last of its ten working days."""
    with clock.at(on):
        town.act(case, "demand", party=1)
        paper = case.case_file.papers.get(kind="DEMAND")
        town.act(
            case, "serve_paper", party=1, paper=paper.pk, method="in_person", served_on=str(on), receiver="周示八",
            details={"capacity": "主要负责人"}, proof=town.keep(case),
        )  # fmt: skip
    last: date = deadline(case, "催告").last_day
    return last


def apply(town: Bureau, case: PenaltyCase) -> Any:
    return town.approve(case, "apply_court", party=1, court="示例区人民法院", subject_matter="示例银行账户。")


@pytest.mark.law(APL[72, 1, 1], ACL[45])
def test_an_overdue_fine_bears_a_surcharge_that_the_payment_must_cover() -> None:
    town = bureau()
    case = served(town)
    assert deadline(case, "缴纳罚款").last_day == DUE
    with clock.at(DUE), pytest.raises(OutOfOrder, match=f"缴纳罚款的期限至{DUE}届满"):
        town.approve(case, "surcharge", party=1, reason="逾期未缴。")
    with clock.at(DUE + timedelta(days=5)):
        town.approve(case, "surcharge", party=1, reason="逾期未缴。")
        paper = Paper.objects.get(case_file=case.case_file_id, kind="SURCHARGE_DECISION")
        assert (paper.context["from_on"], Decimal(paper.context["accrued"])) == ("2026-04-10", Decimal(9_000))
    with clock.at(DUE + timedelta(days=11)):
        pay = {"by": town.treasurer, "party": 1, "paid_on": str(clock.today()), "file": ""}
        with pytest.raises(Invalid, match="应缴78,000元"):  # ten days at 1,800; the day of payment is not counted
            town.act(case, "record_payment", voucher="示票1", amount="78000.01", **pay)
        town.act(case, "record_payment", voucher="示票1", amount="60000", **pay)
        with pytest.raises(OutOfOrder, match="应缴78,000"):
            town.act(case, "perform")
        town.act(case, "record_payment", voucher="示票2", amount="18000", **pay)
        town.act(case, "perform")
    assert case.state == "PERFORMED"
    assert deadline(case, "申请人民法院强制执行") is None


@pytest.mark.law(APL[73, 3])
def test_during_a_lawsuit_no_surcharge_is_decided_or_counted() -> None:
    town = bureau()
    case = served(town)
    with clock.at(DUE + timedelta(days=3)):
        town.act(
            case, "record_remedy", by=town.legal, party=1, kind="行政诉讼", body="示例区人民法院", filed_on=str(DUE + timedelta(days=3)),
            document="（2026）示行初1号应诉通知书", file=town.keep(case),
        )  # fmt: skip
        with pytest.raises(OutOfOrder, match="复议、诉讼尚未结束"):
            town.approve(case, "surcharge", party=1, reason="逾期未缴。")


@pytest.mark.law(APL[73, 3])
def test_days_of_a_lawsuit_bear_no_surcharge() -> None:
    town = bureau()
    case = served(town)
    with clock.at(DUE + timedelta(days=2)):
        town.approve(case, "surcharge", party=1, reason="逾期未缴。")
        town.act(
            case, "record_remedy", by=town.legal, party=1, kind="行政诉讼", body="示例区人民法院", filed_on=str(clock.today()),
            document="（2026）示行初1号应诉通知书", file=town.keep(case),
        )  # fmt: skip
    with clock.at(DUE + timedelta(days=60)):
        end = {
            "by": town.legal,
            "party": 1,
            "ground": "",
            "fine": None,
            "document": "（2026）示行初1号判决书",
            "reason": "驳回。",
            "file": town.keep(case),
        }
        town.act(case, "end_remedy", effective_on=str(clock.today()), result="驳回请求", **end)
        from fadu.penalty.queries import surcharge_of

        # one day before the lawsuit, none during it (its first and last day included)
        assert surcharge_of(case.parties.get(), clock.today()) == Decimal(1_800)
        assert deadline(case, "申请人民法院强制执行").starts_on != clock.today()  # the later of the two terms stands


@pytest.mark.law(ACL[53], ACL[54], ACL[55])
def test_the_court_is_asked_after_the_remedies_and_ten_working_days_and_within_three_months() -> None:
    town = bureau()
    case = served(town)
    remedies = deadline(case, "提起行政诉讼").last_day
    court = deadline(case, "申请人民法院强制执行")
    assert remedies >= SUE
    assert court.starts_on == remedies
    over = demanded(town, case, remedies - timedelta(days=5))
    with clock.at(remedies), pytest.raises(OutOfOrder, match="提起行政诉讼的期限"):
        apply(town, case)
    with clock.at(over), pytest.raises(OutOfOrder, match=f"催告期至{over}届满"):
        apply(town, case)
    with clock.at(over + timedelta(days=1)):
        act = apply(town, case)
        (paper,) = [row.paper for row in act.papers.all()]
        assert paper.context["head"] == town.head.name  # signed by the head (55 II)
        assert "没有申请行政复议，也没有提起行政诉讼" in paper.context["remedies_used"]
        ruling = {"party": 1, "court": "示例区人民法院", "ruled_on": str(clock.today())}
        town.act(case, "record_court", ruling="不予受理", document="（2026）示行审1号", file=town.keep(case), **ruling)
        assert deadline(case, "向上一级人民法院申请复议").last_day == clock.today() + timedelta(days=15)
        town.act(case, "ask_again", party=1, reason="裁定适用法律错误。")
        town.act(case, "record_court", ruling="执行完毕", document="（2026）示执1号", file=town.keep(case), **ruling)
        town.act(case, "perform")
    assert case.state == "PERFORMED"


@pytest.mark.law(ACL[53])
def test_after_three_months_the_court_is_closed_for_ever() -> None:
    town = bureau()
    case = served(town)
    last = deadline(case, "申请人民法院强制执行").last_day
    demanded(town, case, last - timedelta(days=30))
    with clock.at(last + timedelta(days=1)), pytest.raises(OutOfOrder, match=f"期限已于{last}届满"):
        apply(town, case)


@pytest.mark.law(APL[66, 2], APL[72, 2])
def test_a_deferral_moves_the_term_of_payment_and_the_three_months() -> None:
    town = bureau()
    case = served(town)
    until = date(2027, 3, 31)
    plan = [{"due": "2026-12-31", "amount": "30000"}, {"due": str(until), "amount": "30000"}]
    with clock.at(SERVED + timedelta(days=5)):
        with pytest.raises(OutOfOrder, match="各期合计30,000元，尚未缴纳的是60,000元"):
            town.approve(case, "defer", party=1, reason="停产。", file=town.keep(case), instalments=plan[:1])
        act = town.approve(case, "defer", party=1, reason="停产。", file=town.keep(case), instalments=plan)
    assert {row.paper.kind for row in act.papers.all()} == {"DEFERRAL_APPROVAL", "DEFERRAL_CONSENT"}
    assert deadline(case, "缴纳罚款").last_day == until
    court = deadline(case, "申请人民法院强制执行")
    assert (court.starts_on, court.last_day) == (until, date(2027, 6, 30))
    with clock.at(until), pytest.raises(OutOfOrder, match="届满"):
        town.act(case, "demand", party=1)


@pytest.mark.law(ACL[40])
def test_execution_ends_where_nothing_and_nobody_is_left() -> None:
    town = bureau()
    case = served(town)
    with clock.at(DUE + timedelta(days=1)):
        ground = "法人或者其他组织终止，无财产可供执行，又无义务承受人"
        town.approve(case, "end_execution", party=1, ground=ground, reason="已注销。", file=town.keep(case))
        town.act(case, "perform")
    assert case.state == "PERFORMED"


# --- 纠正与重新处理 ----------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[75, 2], APL[48, 2])
def test_the_organ_mends_its_own_error_never_to_the_partys_harm() -> None:
    town = bureau()
    case = served(town)
    with clock.at(SERVED + timedelta(days=1)):
        town.act(case, "publish", by=town.publisher, facts="未如实记录培训情况。", checked="与决定书一致。")
        with pytest.raises(OutOfOrder, match="纠正后重于原决定"):
            town.approve(case, "correct", party=1, effect="变更", fine="70000", reason="计算错误。")
        town.approve(case, "correct", party=1, effect="变更", fine="50000", reason="计算错误。")
        assert case.parties.get().decision_sanctions.fine == Decimal(50_000)
        assert deadline(case, "撤回公开信息").last_day == date(2026, 3, 31)
        paper = Paper.objects.get(case_file=case.case_file_id, kind="CORRECTION_DECISION")
        assert (paper.context["former"], paper.context["now"]) == (
            ["罚款60,000元（陆万元整）"],
            ["罚款50,000元（伍万元整）"],
        )


@pytest.mark.law(ARL[64, 2])
def test_a_remanded_case_begins_again_and_is_not_decided_the_same() -> None:
    town = bureau()
    case = served(town)
    with clock.at(SERVED + timedelta(days=10)):
        with pytest.raises(OutOfOrder, match="没有责令重新作出"):
            town.act(case, "redecide", reason="复议机关责令。")
        town.act(
            case, "record_remedy", by=town.legal, party=1, kind="行政复议", body="示例市人民政府", filed_on=str(clock.today()),
            document="示复受〔2026〕1号", file=town.keep(case),
        )  # fmt: skip
        end = {
            "by": town.legal,
            "party": 1,
            "fine": None,
            "document": "示复决〔2026〕1号",
            "reason": "事实不清。",
            "file": town.keep(case),
        }
        town.act(
            case,
            "end_remedy",
            effective_on=str(clock.today()),
            result="撤销并责令重作",
            ground="主要事实不清、证据不足",
            **end,
        )
        assert case.parties.get().decision_sanctions.is_empty
        town.act(case, "redecide", reason="复议机关责令重新作出。")
        assert case.state == "INVESTIGATING"
        assert deadline(case, "作出处罚决定").last_day == clock.today() + timedelta(days=90)
        party = case.parties.get()
        assert (party.decided, party.decision) == (None, None)


# --- 中止、终结、撤销、延期 -------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[60])
def test_a_suspended_case_stands_still_and_goes_on_where_it_was() -> None:
    town = bureau()
    case = concluded(town)
    before = deadline(case, "作出处罚决定").last_day
    stop = START + timedelta(days=8)
    with clock.at(stop):
        town.approve(case, "suspend", ground="需要等待检验、检测、鉴定的结论", reason="等待鉴定。", file="")
        assert case.state == "SUSPENDED"
        with pytest.raises(OutOfOrder, match="现处于“中止办理”"):
            town.act(case, "notify")
    with clock.at(stop + timedelta(days=10)):
        town.act(case, "go_on", reason="鉴定意见已经收到。")
    assert case.state == "CONCLUDED"
    assert deadline(case, "作出处罚决定").last_day == before + timedelta(days=10)


@pytest.mark.law(APL[60])
def test_the_term_is_extended_once_with_approval() -> None:
    town = bureau()
    case = investigated(town)
    before = deadline(case, "作出处罚决定").last_day
    with clock.at(before - timedelta(days=1)):
        act = town.approve(case, "extend", reason="需要补充鉴定。")
        (paper,) = [row.paper for row in act.papers.all()]
        after = deadline(case, "作出处罚决定").last_day
        assert after == before + timedelta(days=90)
        assert paper.context["extended_to"] == str(after)


@pytest.mark.law(APL[60])
def test_a_term_that_has_run_out_is_not_extended() -> None:
    town = bureau()
    case = investigated(town)
    before = deadline(case, "作出处罚决定").last_day
    with clock.at(before + timedelta(days=1)), pytest.raises(OutOfOrder, match="不能再延长"):
        town.approve(case, "extend", reason="需要补充鉴定。")


@pytest.mark.law(APL[54, 2])
@pytest.mark.parametrize(("step", "state"), [("dismiss", "DISMISSED"), ("terminate", "TERMINATED")])
def test_a_case_that_ends_without_decision_is_archived(step: str, state: str) -> None:
    town = bureau()
    case = investigated(town)
    with clock.at(START + timedelta(days=7)):
        grounds = {"dismiss": "重复立案", "terminate": "作为当事人的自然人死亡"}
        town.approve(case, step, ground=grounds[step], reason="经查属实。", file=town.keep(case))
        assert case.state == state
        assert deadline(case, "作出处罚决定") is None
        town.act(case, "archive", by=town.archivist, archive_number="2026-9", retention="10年")
    assert case.state == "ARCHIVED"


@pytest.mark.law(APL[59])
def test_a_case_reviewed_is_decided_with_the_standard_of_the_surcharge_told() -> None:
    """行政强制法 45 I: the decision itself tells the standard, or none could be added later."""
    town = bureau()
    case = reviewed(town, proposals=[{"party": 1, "provision": provision(), "fine": "60000", "measures": []}])
    with clock.at(START + timedelta(days=22)):
        town.approve(case, "decide")
    with clock.at(SERVED):
        serve(town, case, "serve_decision", 1)
    assert case.case_file.papers.get(kind="PENALTY_DECISION_UNIT").context["pay_days"] == 15
