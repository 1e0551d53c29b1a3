"""The clauses of preservation, hearing, enforcement and correction, each where it holds and where it does not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from fadu.document.kinds import Document
from fadu.law.provisions import Measure
from fadu.law.statutes import ACL, APL, ARL, LIT, TRANSFER
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.facts import CaseFacts, DiscretionFact, HearingFact, PartyFact, RemedyFact
from fadu.penalty.procedures.surcharge import accrued
from fadu.penalty.tests.test_ordinary_rules import TODAY, TOMORROW, YESTERDAY, State, case, fine, party, period, says
from fadu.procedure.facts import ActFact, PaperFact

HEARD = HearingFact(9, "冯示法", held_at=TODAY, latest_notice=date(2026, 11, 13), held_on=TODAY)
NOTICE = PaperFact(
    Document.HEARING_NOTICE, "示应急听通〔2026〕1号", 1, date(2026, 11, 10), served_on=date(2026, 11, 12)
)


def act(step: str, ordinal: int, number: int | None = 1) -> ActFact:
    return ActFact(step, TODAY, 1, party=number, ordinal=ordinal)


def asked(**more: object) -> PartyFact:
    """A party that asked for a hearing and has its notice in time."""
    return party(**{"hearing_requested": True, "hearing_notice": NOTICE, "proposed": fine(60_000)} | more)  # type: ignore[arg-type]


def decided(**more: object) -> PartyFact:
    """A party fined 60,000 yuan, of which nothing is paid."""
    return party(**{"decided": fine(60_000)} | more)  # type: ignore[arg-type]


def served(*parties: PartyFact, **more: object) -> CaseFacts:
    return case(*(parties or (decided(),)), **{"state": State.SERVED, "party": 1} | more)


# --- 先行登记保存 -----------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[56])
def test_an_investigation_does_not_end_while_a_preserved_item_is_undecided() -> None:
    left = case(preserved=("培训档案（3册）",))
    assert "培训档案（3册）先行登记保存后还没有作出处理决定" in says(rules.nothing_left_preserved, left)
    assert says(rules.nothing_left_preserved, case()) == ""


@pytest.mark.law(APL[56])
def test_only_what_is_preserved_can_be_decided_on() -> None:
    assert says(rules.something_preserved, case(preserved=("培训档案（3册）",))) == ""
    assert "没有尚未处理" in says(rules.something_preserved, case())
    assert says(rules.something_preserved, case(input={"disposals": [{"item": 1}]})) == ""  # the last one, just decided


# --- 听证 -----------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[63, 1])
def test_a_hearing_is_pending_until_held_and_reported_withdrawn_or_missed() -> None:
    assert says(rules.hearing_pending, case(asked())) == ""
    for over in ({"heard": True}, {"hearing_abandoned": True}, {"hearing_withdrawn": True}):
        assert "没有待举行的听证" in says(rules.hearing_pending, case(asked(**over)))
        assert says(rules.no_hearing_pending, case(asked(**over))) == ""


@pytest.mark.law(APL[63, 1])
def test_only_a_standing_request_is_withdrawn_and_only_an_unmade_one_waived() -> None:
    standing, none = case(asked(), party=1), case(party(proposed=fine(60_000)), party=1)
    assert says(rules.hearing_asked, standing) == ""
    assert "没有待举行的听证" in says(rules.hearing_asked, none)
    assert "登记撤回听证要求" in says(rules.hearing_not_asked, standing)
    assert says(rules.hearing_not_asked, none) == ""


@pytest.mark.law(APL[64, None, 4])
def test_the_host_is_appointed_did_not_investigate_and_was_not_recused() -> None:
    assert "还没有指定" in says(rules.host_appointed, case(asked()))
    assert says(rules.host_appointed, case(asked(), hearing=HEARD)) == ""
    assert says(rules.host_independent, case(asked(), hearing=HEARD)) == ""
    investigated = case(asked(), hearing=replace(HEARD, host_investigated=True))
    assert "冯示法是本案调查人员，不能主持听证（《行政处罚法》第六十四条第四项）" in says(
        rules.host_independent, investigated
    )
    recused = case(asked(), hearing=replace(HEARD, host_recused=True))
    assert "冯示法已经回避" in says(rules.host_independent, recused)


@pytest.mark.law(APL[64, None, 2])
def test_no_day_is_fixed_for_a_hearing_of_which_nobody_can_be_told_in_time() -> None:
    far = HearingFact(9, "冯示法", held_at=date(2026, 12, 4), latest_notice=TODAY)
    assert says(rules.hearing_far_enough, case(asked(), hearing=far)) == ""
    assert "请另定日期" in says(rules.hearing_far_enough, case(asked(), hearing=replace(far, latest_notice=YESTERDAY)))
    assert "请填写举行听证的时间" in says(rules.hearing_far_enough, case(asked()))


@pytest.mark.law(APL[64, None, 2])
def test_a_hearing_is_held_only_when_every_party_that_asked_was_notified_in_time() -> None:
    assert says(rules.hearing_notified_in_time, case(asked(), hearing=HEARD)) == ""
    unserved = case(asked(hearing_notice=replace(NOTICE, served_on=None)), hearing=HEARD)
    assert "听证会通知书尚未送达生效" in says(rules.hearing_notified_in_time, unserved)
    late = case(asked(hearing_notice=replace(NOTICE, served_on=date(2026, 11, 16))), hearing=HEARD)
    assert "距听证不足七个工作日" in says(rules.hearing_notified_in_time, late)
    # who stays away must have been notified all the same
    absent = case(asked(hearing_notice=None, hearing_abandoned=True), hearing=HEARD)
    assert "尚未送达生效" in says(rules.hearing_notified_in_time, absent)
    assert "还没有通知" in says(rules.hearing_notified_in_time, case(asked()))


@pytest.mark.law(APL[64, None, 2])
def test_a_hearing_is_held_on_the_day_that_was_notified() -> None:
    assert says(rules.hearing_day_reached, case(asked(), hearing=HEARD)) == ""
    other = case(asked(), hearing=replace(HEARD, held_on=YESTERDAY))
    assert f"通知当事人在{TODAY}举行听证" in says(rules.hearing_day_reached, other)
    assert "请填写" in says(rules.hearing_day_reached, case(asked()))


@pytest.mark.law(APL[64, None, 5])
def test_a_party_brings_two_agents_at_most() -> None:
    two = case(asked(), input={"attendance": [{"party": 1, "agents": "甲示一\n乙示二\n"}]})
    assert says(rules.agents_within_two, two) == ""
    three = case(asked(), input={"attendance": [{"party": 1, "agents": "甲示一\n乙示二\n丙示三"}]})
    assert "示例矿业有限公司的代理人超过二人" in says(rules.agents_within_two, three)


@pytest.mark.law(APL[65])
def test_a_report_follows_a_hearing_and_is_made_once() -> None:
    assert "听证尚未举行" in says(rules.hearing_held, case(asked(), hearing=replace(HEARD, held_on=None)))
    held = case(asked(), hearing=HEARD, acts=(act("hold_hearing", 5, None),))
    assert says(rules.hearing_held, held) == ""
    reported = replace(held, acts=(*held.acts, act("report_hearing", 6, None)))
    assert "已经提出" in says(rules.hearing_held, reported)


@pytest.mark.law(APL[65])
def test_after_a_hearing_the_organ_decides_by_its_record() -> None:
    heard = case(asked(heard=True))
    assert says(rules.was_heard, heard) == ""
    assert says(rules.was_heard, case(asked())) != ""
    assert "依据听证笔录的处理意见" in says(rules.rests_on_the_record, heard)
    assert says(rules.rests_on_the_record, replace(heard, input={"hearing_finding": "听证意见成立。"})) == ""


@pytest.mark.law(APL[58, 1])
def test_a_case_that_was_heard_is_reviewed() -> None:
    assert any("经过听证程序" in ground for ground in rules.review_grounds(case(asked(heard=True))))


# --- 送达、缓缴 ------------------------------------------------------------------------------------------------------


def test_only_a_paper_that_waits_is_served() -> None:
    assert "没有待送达" in says(rules.something_to_serve, served())
    assert says(rules.something_to_serve, served(decided(unserved=(Document.DEMAND,)))) == ""


@pytest.mark.law(ACL[54])
def test_the_ten_days_run_only_from_the_service_of_a_demand() -> None:
    papers = (
        PaperFact(Document.DEMAND, "示应急执行催告〔2026〕1号", 1, TODAY, paper_id=7),
        PaperFact(Document.DEFERRAL_CONSENT, "示应急缴批〔2026〕1号", 1, TODAY, paper_id=8),
    )
    assert says(rules.serves_a_demand, served(papers=papers, input={"paper": 7})) == ""
    assert says(rules.serves_a_demand, served(papers=papers, input={"paper": 8})) != ""


@pytest.mark.law(APL[66, 2])
def test_what_is_deferred_is_what_is_owed_in_instalments_one_after_the_other() -> None:
    def plan(*rows: tuple[date, int]) -> CaseFacts:
        part = decided(paid=Decimal(10_000))
        return served(part, input={"instalments": [{"due": str(d), "amount": str(a)} for d, a in rows]})

    later = TODAY + timedelta(60)
    assert says(rules.plan_covers_what_is_owed, plan((TOMORROW, 20_000), (later, 30_000))) == ""
    assert "各期合计40,000元，尚未缴纳的是50,000元" in says(rules.plan_covers_what_is_owed, plan((TOMORROW, 40_000)))
    assert "先后有序" in says(rules.plan_covers_what_is_owed, plan((later, 20_000), (TOMORROW, 30_000)))
    assert "今天以后" in says(rules.plan_covers_what_is_owed, plan((TODAY, 50_000)))
    assert "请填写缴纳安排" in says(rules.plan_covers_what_is_owed, served())


@pytest.mark.law(APL[66, 2])
def test_a_paid_fine_is_not_deferred() -> None:
    assert says(rules.fine_unpaid, served()) == ""
    assert "没有尚未缴清的罚款" in says(rules.fine_unpaid, served(decided(paid=Decimal(60_000))))


# --- 加处罚款、催告、申请法院 ---------------------------------------------------------------------------------------------


@pytest.mark.law(APL[67, 3])
def test_a_fine_is_overdue_the_day_after_its_last_day() -> None:
    late = served(periods=(period("缴纳罚款", YESTERDAY),))
    assert says(rules.payment_overdue, late) == ""
    assert f"缴纳罚款的期限至{TODAY}届满" in says(rules.payment_overdue, served(periods=(period("缴纳罚款", TODAY),)))
    paid = served(decided(paid=Decimal(60_000)), periods=(period("缴纳罚款", YESTERDAY),))
    assert "没有逾期未缴" in says(rules.payment_overdue, paid)


@pytest.mark.law(ACL[45, 1])
def test_no_surcharge_without_its_standard_told_beforehand() -> None:
    assert "没有告知加处罚款的标准" in says(rules.surcharge_told, served())
    assert says(rules.surcharge_told, served(decided(surcharge_told=True))) == ""


@pytest.mark.law(APL[72, 1, 1])
def test_a_surcharge_stands_on_an_item_of_the_list_of_powers() -> None:
    assert says(rules.surcharge_within_powers, served(surcharge_power="C005")) == ""
    assert "没有加处罚款这一行政强制事项（《行政处罚法》第七十二条" in says(rules.surcharge_within_powers, served())


@pytest.mark.law(APL[72, 1, 1])
def test_a_surcharge_is_decided_once() -> None:
    assert says(rules.no_surcharge_yet, served()) == ""
    assert "不用重复决定" in says(rules.no_surcharge_yet, served(acts=(act("surcharge", 9),)))


@pytest.mark.law(APL[72, 1, 1], ACL[45, 2])
@pytest.mark.parametrize(
    ("until", "sum_"),
    [
        (date(2026, 5, 7), "1800.00"),  # the first day: 3 % of 60,000
        (date(2026, 5, 16), "18000.00"),  # ten days
        (date(2026, 6, 9), "60000.00"),  # the 34th day would be 61,200: capped at the fine
        (date(2027, 1, 1), "60000.00"),
    ],
)
def test_the_surcharge_is_three_percent_a_day_and_never_more_than_the_fine(until: date, sum_: str) -> None:
    assert accrued(Decimal(60_000), date(2026, 5, 7), until, []) == Decimal(sum_)


@pytest.mark.law(APL[73, 3])
def test_days_of_a_remedy_are_not_counted_and_what_is_paid_bears_no_surcharge() -> None:
    since, until = date(2026, 5, 1), date(2026, 5, 10)
    spared = [(date(2026, 5, 3), date(2026, 5, 6))]
    assert accrued(Decimal(10_000), since, until, [], spared) == Decimal(1_800)  # 6 of 10 days
    # 4,000 paid on the third day: two days of 300, eight of 180
    assert accrued(Decimal(10_000), since, until, [(date(2026, 5, 3), Decimal(4_000))]) == Decimal(2_040)
    assert accrued(Decimal(10_000), since, until, [(since, Decimal(10_000))]) == 0


@pytest.mark.law(ACL[54])
def test_the_court_is_asked_only_when_ten_working_days_from_the_demand_have_run_out() -> None:
    demand = PaperFact(Document.DEMAND, "示应急执行催告〔2026〕1号", 1, YESTERDAY, served_on=YESTERDAY)
    assert "催告书尚未送达" in says(rules.demand_run_out, served())
    assert "催告书尚未送达" in says(rules.demand_served, served())
    told = decided(demand=demand)
    assert says(rules.demand_served, served(told)) == ""
    assert f"催告期至{TODAY}届满" in says(rules.demand_run_out, served(told, periods=(period("催告", TODAY),)))
    assert says(rules.demand_run_out, served(told, periods=(period("催告", YESTERDAY),))) == ""


@pytest.mark.law(ACL[53])
def test_the_court_is_asked_only_after_the_remedies_unused_or_upheld() -> None:
    running = served(periods=(period("申请行政复议", YESTERDAY), period("提起行政诉讼", TODAY)))
    assert f"提起行政诉讼的期限至{TODAY}届满" in says(rules.remedies_over, running)
    over = served(periods=(period("申请行政复议", YESTERDAY), period("提起行政诉讼", YESTERDAY)))
    assert says(rules.remedies_over, over) == ""
    suing = served(decided(remedies=(RemedyFact("行政诉讼", YESTERDAY),)), periods=over.periods)
    assert "行政诉讼尚未结束" in says(rules.remedies_over, suing)
    upheld = replace(running, parties=(decided(remedies=(RemedyFact("行政诉讼", YESTERDAY, TODAY, "驳回请求"),)),))
    assert says(rules.remedies_over, upheld) == ""


@pytest.mark.law(ACL[53], APL[72, 2])
def test_three_months_after_the_remedies_the_court_is_closed() -> None:
    assert says(rules.within_three_months, served(periods=(period("申请人民法院强制执行", TODAY),))) == ""
    late = served(periods=(period("申请人民法院强制执行", YESTERDAY),))
    assert f"申请人民法院强制执行的期限已于{YESTERDAY}届满" in says(rules.within_three_months, late)


@pytest.mark.law(ACL[53])
def test_only_what_is_unperformed_is_enforced_and_once() -> None:
    assert says(rules.unperformed, served()) == ""
    assert "已经履行" in says(rules.unperformed, served(decided(paid=Decimal(60_000))))
    assert "已经履行" in says(rules.unperformed, served(acts=(act("end_execution", 9),)))
    assert "已经履行" in says(rules.unperformed, served(decided(court_ruling="执行完毕")))
    assert says(rules.not_yet_applied, served()) == ""
    assert "已经向人民法院申请" in says(rules.not_yet_applied, served(acts=(act("apply_court", 9),)))


@pytest.mark.law(ACL[56, 2], ACL[58, 3])
def test_against_a_refusal_the_court_above_is_asked() -> None:
    assert "没有向人民法院申请过" in says(rules.applied_to_court, served())
    assert says(rules.applied_to_court, served(decided(court_applied=True))) == ""
    for ruling in ("不予受理", "不予执行"):
        assert says(rules.court_refused, served(decided(court_ruling=ruling))) == ""
    assert "没有不予受理" in says(rules.court_refused, served(decided(court_ruling="准予执行")))


@pytest.mark.law(APL[66, 1])
def test_a_case_is_over_when_its_fine_and_surcharge_are_paid_or_enforcement_has_ended() -> None:
    assert "应缴78,000元，已缴60,000元" in says(
        rules.all_performed, served(decided(paid=Decimal(60_000), surcharge=Decimal(18_000)))
    )
    assert says(rules.all_performed, served(decided(execution_ended=True))) == ""


# --- 复议、诉讼、纠正 --------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[73, 3])
def test_a_remedy_runs_from_its_entry_to_its_result() -> None:
    running = served(acts=(act("record_remedy", 9),))
    assert "复议、诉讼尚未结束" in says(rules.no_remedy_running, running)
    assert says(rules.remedy_running, running) == ""
    ended = served(acts=(act("record_remedy", 9), act("end_remedy", 10)))
    assert says(rules.no_remedy_running, ended) == ""
    assert "没有正在进行" in says(rules.remedy_running, ended)
    assert says(rules.no_remedy_running, served(acts=(act("record_remedy", 9, 2),))) == ""  # another party's


@pytest.mark.law(APL[48, 2])
def test_a_public_text_is_withdrawn_when_its_decision_was_changed() -> None:
    assert says(rules.published_and_changed, served(decided(disclosed=True), changed=True)) == ""
    assert says(rules.published_and_changed, served(decided(disclosed=True))) != ""
    assert says(rules.published_and_changed, served(changed=True)) != ""


@pytest.mark.law(APL[75, 2])
def test_a_correction_lightens_and_never_burdens() -> None:
    lighter = served(decided(annulled=fine(80_000)))
    assert says(rules.correction_not_heavier, lighter) == ""
    heavier = served(decided(annulled=fine(50_000)))
    assert "纠正后重于原决定：罚款由50,000元增至60,000元" in says(rules.correction_not_heavier, heavier)
    added = served(party(decided=fine(60_000, Measure.WARNING), annulled=fine(60_000)))
    assert "增加“警告”" in says(rules.correction_not_heavier, added)
    assert "相同" in says(rules.correction_not_heavier, served(decided(annulled=fine(60_000))))


@pytest.mark.law(ARL[64, 2], LIT[71])
def test_a_remanded_case_is_not_decided_the_same_on_the_same_evidence() -> None:
    assert "没有责令重新作出" in says(rules.remanded, served())
    assert says(rules.remanded, served(decided(remanded=True))) == ""
    again = case(party(proposed=fine(60_000), annulled=fine(60_000)))
    assert "与被撤销的决定相同，也没有新的证据" in says(rules.not_the_same_again, again)
    for changed in ({"proposed": fine(50_000)}, {"new_evidence": True}, {"remand_for_procedure": True}):
        other = replace(again, parties=(replace(again.parties[0], **changed),))
        assert says(rules.not_the_same_again, other) == ""
    assert says(rules.not_the_same_again, case()) == ""


@pytest.mark.law(TRANSFER[12])
def test_items_are_handed_over_once_the_police_have_filed_the_case() -> None:
    assert "没有公安机关的立案通知书" in says(rules.accepted_by_police, case(state=State.TRANSFERRED))


# --- 办案期限 --------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[60])
def test_the_term_is_extended_once_and_before_it_has_run_out() -> None:
    assert says(rules.term_not_extended, case()) == ""
    assert "已经延长过一次" in says(rules.term_not_extended, case(acts=(act("extend", 4, None),)))
    # a new decision after a remand has a term of its own
    again = case(acts=(act("extend", 4, None), act("redecide", 9, None)))
    assert says(rules.term_not_extended, again) == ""
    assert says(rules.term_still_running, case(periods=(period("作出处罚决定", TODAY),))) == ""
    assert f"已于{YESTERDAY}届满" in says(rules.term_still_running, case(periods=(period("作出处罚决定", YESTERDAY),)))
    assert "没有正在计算" in says(rules.term_still_running, case())


# --- the benchmark of discretion --------------------------------------------------------------------------------------


BAND = DiscretionFact(Decimal(30_000), Decimal(60_000), words="3万元至6万元", level="一般")


@pytest.mark.law(APL[34])
@pytest.mark.parametrize("amount", [30_000, 45_000, 60_000])
def test_a_fine_at_either_end_of_the_range_lies_within_the_benchmark(amount: int) -> None:
    inside = case(party(proposed=fine(amount), discretion=BAND))
    assert says(rules.within_benchmark, inside) == ""
    assert not rules.departs_from_benchmark.holds(inside)


@pytest.mark.law(APL[34], APL[57, 2])
def test_a_fine_outside_the_range_takes_a_reason_and_then_collective_discussion() -> None:
    outside = case(party(proposed=fine(29_999), discretion=BAND))
    assert "不在裁量基准“一般”一档算出的幅度（3万元至6万元）之内" in says(rules.within_benchmark, outside)
    reasoned = case(party(proposed=fine(29_999), discretion=replace(BAND, departure="初创企业")))
    assert says(rules.within_benchmark, reasoned) == ""
    assert rules.departs_from_benchmark.holds(reasoned)
    assert "偏离裁量基准：示例矿业有限公司（初创企业）" in rules.grave_grounds(reasoned)


@pytest.mark.law(APL[32])
def test_a_mitigated_fine_stays_below_the_minimum_of_the_law() -> None:
    below = replace(BAND, lower=Decimal(0), upper=Decimal(100_000), upper_in=False)
    assert rules.departs_from_benchmark.holds(case(party(proposed=fine(100_000), discretion=below)))
    assert not rules.departs_from_benchmark.holds(case(party(proposed=fine(99_999), discretion=below)))


def test_without_a_benchmark_there_is_none_to_leave() -> None:
    assert says(rules.within_benchmark, case(party(proposed=fine(1)))) == ""
