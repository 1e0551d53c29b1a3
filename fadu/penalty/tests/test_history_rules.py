"""What other records say of a party, on plain facts: one act and one fine, limitation, crimes, leniency, daily fines, closure."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.law.citations import parse
from fadu.law.provisions import Measure
from fadu.law.statutes import APL, TRANSFER, WSL
from fadu.penalty.procedures.closure import Closure, Penalised, Windows, closure
from fadu.penalty.procedures.daily import DailyFine, Disobeyed, daily_fine
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.leniency import AppliedLeniency, read
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.facts import Told
from fadu.penalty.procedures.ordinary.procedure import OrdinaryPenalty
from fadu.penalty.procedures.same_act import ActOfParty, Fined, same_act
from fadu.penalty.tests.test_ordinary_rules import ACTED, TODAY, case, fine, party, says

State = OrdinaryPenalty.State
BEFORE = ActOfParty(ACTED, article=WSL[97, None, 4], cause="未如实记录培训情况")


# --- 29: one act, one fine ----------------------------------------------------------------------------------------------


@pytest.mark.law(APL[29])
@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"acted_on": ACTED + timedelta(1)}, False),
        ({"article": WSL[97, None, 5]}, True),  # the cause is the same
        ({"article": WSL[97, None, 5], "cause": "未通报隐患排查治理情况"}, False),
        ({"cause": "培训记录不实"}, True),  # the provision is the same
        ({"acted_on": ACTED - timedelta(9), "ended_on": ACTED}, True),  # an act that lasted until that day
        ({"acted_on": ACTED - timedelta(9), "ongoing": True}, True),
        ({"acted_on": ACTED - timedelta(9), "ended_on": ACTED - timedelta(1)}, False),
        ({"article": None, "cause": ""}, False),
    ],
)
def test_two_acts_are_one_by_their_days_and_by_the_norm_broken(other: dict[str, Any], same: bool) -> None:
    assert bool(same_act(BEFORE, replace(BEFORE, **other))) is same
    assert bool(same_act(replace(BEFORE, **other), BEFORE)) is same, "whichever of the two comes first"


@pytest.mark.law(APL[29], WSL[112])
def test_what_goes_on_after_its_fine_was_decided_is_another_act() -> None:
    """The fine answers the act until then; what is done in spite of it can be fined again."""
    fined = replace(BEFORE, ongoing=True).answered_on(ACTED + timedelta(20))
    assert same_act(replace(BEFORE, acted_on=ACTED + timedelta(20)), fined)
    assert not same_act(replace(BEFORE, acted_on=ACTED + timedelta(21)), fined)
    assert BEFORE.answered_on(ACTED + timedelta(20)) == BEFORE, "what had ended stays as it was"


@pytest.mark.law(APL[29])
def test_norms_of_two_laws_that_rest_on_one_duty_are_broken_by_one_act() -> None:
    """同一个违法行为违反多个法律规范"""
    duty = parse("《危险化学品安全法》第三十八条")
    mine = ActOfParty(ACTED, article=WSL[99, None, 4], duties=(WSL[36], duty), cause="停用报警装置")
    theirs = ActOfParty(
        ACTED, article=parse("《危险化学品安全法》第一百零一条第一款"), duties=(duty,), cause="报警装置不能用"
    )
    assert same_act(mine, theirs) == "违反的义务相同，行为日期重合"
    beside = replace(theirs, article=WSL[99, None, 2])
    assert not same_act(mine, beside), "within one law several duties may be broken side by side"


@pytest.mark.law(APL[29])
def test_one_finding_of_one_visit_is_one_act_whatever_days_the_two_files_state() -> None:
    found = replace(BEFORE, visit=7)
    later = replace(found, acted_on=ACTED + timedelta(30), cause="其他")
    assert same_act(found, later)
    assert not same_act(found, replace(later, visit=8))


FINED = Fined(
    "示例区应急管理局", "（区）应急罚〔2026〕9号", date(2026, 10, 1), Decimal(20_000), BEFORE, date(2026, 11, 1)
)


@pytest.mark.law(APL[29])
def test_who_was_fined_for_the_act_is_not_fined_again_unless_a_person_tells_the_acts_apart() -> None:
    fined = party(elsewhere=Told(fined=(FINED,)))
    refusal = says(rules.no_second_fine, case(fined))
    assert "示例区应急管理局已于2026-10-01（（区）应急罚〔2026〕9号）罚款20,000元" in refusal
    assert refusal.endswith("（《行政处罚法》第二十九条）")
    assert says(rules.no_second_fine, case(replace(fined, told_apart_on=date(2026, 11, 1)))) == ""
    assert says(rules.no_second_fine, case(replace(fined, told_apart_on=date(2026, 10, 31)))), (
        "stated before it was known"
    )


@pytest.mark.law(APL[29])
def test_only_a_second_fine_is_forbidden_and_not_another_sanction() -> None:
    warned = party(elsewhere=Told(fined=(FINED,)), proposed=replace(fine(30_000, Measure.WARNING), fine=None))
    assert says(rules.no_second_fine, case(warned)) == ""
    assert says(rules.no_second_fine, case(party(elsewhere=Told(fined=(FINED,)), exemption=Exemption.MINOR))) == ""


@pytest.mark.law(APL[29])
def test_an_act_is_told_apart_only_from_a_fine_that_is_known() -> None:
    assert says(rules.fined_before, case(party()))
    assert says(rules.fined_before, case(party(elsewhere=Told(fined=(FINED,))), party=1)) == ""
    assert says(rules.fined_before, case(party(elsewhere=Told(fined=(FINED,))), party=2))


# --- 36: limitation -----------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[36, 2])
def test_an_act_that_goes_on_is_never_barred() -> None:
    old = case(acted_on=date(2020, 1, 1))
    assert "二年追溯期限" in says(rules.not_time_barred, old)
    assert says(rules.not_time_barred, replace(old, ongoing=True)) == ""


@pytest.mark.law(APL[36])
def test_what_is_barred_is_not_penalised_but_may_be_exempted() -> None:
    old = case(acted_on=date(2020, 1, 1))
    assert "超过二年追溯期限" in says(rules.no_penalty_time_barred, old)
    exempted = case(party(exemption=Exemption.TIME_BARRED, exemption_reason="过期"), acted_on=date(2020, 1, 1))
    assert says(rules.no_penalty_time_barred, exempted) == ""


# --- 27: crimes ---------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[27, 1])
def test_no_penalty_is_decided_while_the_question_of_a_crime_is_open() -> None:
    harmed = case(suspicions=("死亡1人（1人以上的应当追诉），可能涉嫌重大责任事故罪",))
    assert "是否涉嫌犯罪还没有结论" in says(rules.crime_answered, harmed)
    assert says(rules.crime_answered, replace(harmed, crime_answered=True)) == ""
    assert says(rules.crime_answered, case()) == ""


@pytest.mark.law(APL[27, 1], TRANSFER[5, 2])
def test_a_crime_is_denied_only_where_the_figures_raise_it() -> None:
    assert says(rules.threshold_reached, case())
    assert says(rules.threshold_reached, case(suspicions=("死亡1人",))) == ""


# --- 33: the list of no penalty -----------------------------------------------------------------------------------------

ITEM = AppliedLeniency(
    "first", "初次违法且危害后果轻微并及时改正", "《示例基准》不予处罚清单", "《行政处罚法》第三十三条第一款",
    (("初次违法", "系统没有处罚记录"), ("及时改正", "3月5日复查合格")),
)  # fmt: skip


def lenient(**more: Any) -> Any:
    facts = {"exemption": Exemption.FIRST, "exemption_reason": "已经改正", "corrected": True, "leniency_listed": True}
    return case(party(**(facts | more)))


@pytest.mark.law(APL[33, 1])
def test_where_a_list_is_held_an_exemption_names_its_item_and_a_fact_for_each_condition() -> None:
    assert "请选定清单中的一项" in says(rules.exemption_grounded, lenient())
    assert says(rules.exemption_grounded, lenient(leniency=ITEM)) == ""
    unstated = replace(ITEM, conditions=(*ITEM.conditions, ("危害后果轻微", " ")))
    assert "“危害后果轻微”没有写明符合的事实" in says(rules.exemption_grounded, lenient(leniency=unstated))
    assert says(rules.exemption_grounded, lenient(leniency_listed=False)) == "", "no list, nothing to name"


@pytest.mark.law(APL[33, 1])
def test_whether_it_is_the_first_violation_is_read_from_the_records_whatever_was_stated() -> None:
    again = lenient(leniency=ITEM, earlier_penalties=1)
    assert "此前已有1次处罚" in says(rules.exemption_grounded, again)


def test_an_item_applied_is_kept_and_read_as_it_was() -> None:
    assert read(ITEM.as_json()) == ITEM
    assert read({}) is None
    assert "及时改正：3月5日复查合格" in str(ITEM)


# --- 安全生产法 112: daily fines ------------------------------------------------------------------------------------------

ORDERED, FINED_ON, REFUSED = date(2026, 3, 10), date(2026, 4, 1), date(2026, 4, 20)
STUBBORN = Disobeyed(
    True, True, Decimal(30_000), FINED_ON, ORDERED, order_served=True, due=date(2026, 3, 20), refused_on=REFUSED
)


@pytest.mark.law(WSL[112])
def test_daily_fines_run_from_the_day_after_the_order_by_the_amount_of_the_fine() -> None:
    """自作出责令改正之日的次日起，按照原处罚数额：三月十一日至四月二十日共四十一日"""
    found = daily_fine(STUBBORN)
    assert found == DailyFine(date(2026, 3, 11), REFUSED, Decimal(30_000))
    assert (found.days, found.total) == (41, Decimal(1_230_000))


@pytest.mark.law(WSL[112])
@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ({"unit": False}, "只适用于违反《安全生产法》的生产经营单位"),
        ({"work_safety": False}, "只适用于违反《安全生产法》"),
        ({"fine": Decimal(0)}, "没有已经送达的罚款决定"),
        ({"fined_on": None}, "没有已经送达的罚款决定"),
        ({"ordered_on": None}, "没有已经送达的责令改正文书"),
        ({"order_served": False}, "没有已经送达的责令改正文书"),
        ({"refused_on": None}, "没有复查发现拒不改正的记录"),
        ({"due": REFUSED}, "尚未届满"),
        ({"refused_on": FINED_ON}, "还没有复查发现拒不改正"),
        ({"counted_until": REFUSED}, "已经提出"),
    ],
)
def test_each_of_order_fine_and_refusal_is_needed(lacks: dict[str, Any], sentence: str) -> None:
    found = daily_fine(replace(STUBBORN, **lacks))
    assert isinstance(found, str)
    assert sentence in found
    assert sentence in says(rules.daily_fine_open, case(party(elsewhere=Told(daily=found)), state=State.SERVED))


@pytest.mark.law(WSL[112])
def test_a_later_refusal_is_counted_from_where_the_earlier_count_ended() -> None:
    again = daily_fine(replace(STUBBORN, refused_on=date(2026, 4, 30), counted_until=REFUSED))
    assert again == DailyFine(date(2026, 4, 21), date(2026, 4, 30), Decimal(30_000))
    assert says(rules.daily_fine_open, case(party(elsewhere=Told(daily=again)), state=State.SERVED)) == ""


# --- 安全生产法 113: closure ----------------------------------------------------------------------------------------------

FIRST = date(2026, 1, 5)


def penalised(*after: int) -> list[Penalised]:
    return [Penalised(FIRST + timedelta(days), f"处罚{days}") for days in after]


@pytest.mark.law(WSL[113, None, 1])
@pytest.mark.parametrize(
    ("days", "open_"),
    [
        ((0, 90, 180), "180日内3次"),
        ((0, 90, 181), ""),
        ((0, 181, 270, 361), "180日内3次"),
        ((0, 100, 300, 365), "1年内4次"),
        ((0, 100, 300, 366), ""),
        ((0, 1), ""),
        ((180, 0, 90), "180日内3次"),  # in whatever order they stand
    ],
)
def test_three_penalties_in_180_days_or_four_in_a_year_with_a_major_hazard(days: tuple[int, ...], open_: str) -> None:
    found = closure(["报警装置停用"], penalised(*days), Windows())
    assert (found.window if isinstance(found, Closure) else "") == open_
    assert isinstance(closure([], penalised(*days), Windows()), str), "without a major hazard nothing is proposed"


@given(st.lists(st.integers(0, 800), max_size=9))
def test_the_windows_roll_over_every_run_of_penalties(days: list[int]) -> None:
    found = closure(["隐患"], penalised(*days), Windows())
    ordered = sorted(days)
    three = any(b - a <= 180 for a, b in zip(ordered, ordered[2:], strict=False))
    four = any(b - a <= 365 for a, b in zip(ordered, ordered[3:], strict=False))
    assert isinstance(found, Closure) == (three or four)  # no leap day lies in 800 days from January 2026


@pytest.mark.law(WSL[113, None, 1], WSL[115])
def test_a_closure_is_proposed_within_the_powers_once_and_answered_by_the_government() -> None:
    ground = Closure(("隐患",), tuple(penalised(0, 90, 180)), "180日内3次")
    due = case(party(elsewhere=Told(closure=ground)), state=State.SERVED, closure_power="B044-1")
    assert [says(r, due) for r in (rules.closure_within_powers, rules.closure_open, rules.no_closure_waiting)] == [
        ""
    ] * 3
    assert "没有等待人民政府决定的提请" in says(rules.closure_waiting, due)
    waiting = replace(due, parties=(replace(due.parties[0], closure_waiting=True),))
    assert "人民政府尚未决定" in says(rules.no_closure_waiting, waiting)
    assert says(rules.closure_waiting, waiting) == ""
    assert "没有提请关闭的事项" in says(rules.closure_within_powers, replace(due, closure_power=""))
    assert "没有尚未消除" in says(
        rules.closure_open, case(party(elsewhere=Told(closure=closure([], [], Windows()))), state=State.SERVED)
    )


# --- 66: what is left to perform ------------------------------------------------------------------------------------------


@pytest.mark.law(APL[66, 1])
@pytest.mark.parametrize(
    ("decided", "left"),
    [
        (fine(30_000), False), (fine(30_000, Measure.WARNING, Measure.CORRECT), False),
        (fine(30_000, Measure.SUSPENSION, suspension_days=10), True), (fine(30_000, ban_years=5), True),
    ],
)  # fmt: skip
def test_other_performance_is_registered_only_where_something_but_money_is_left(decided: Any, left: bool) -> None:
    served = case(party(decided=decided), state=State.SERVED, on=TODAY)
    assert (says(rules.something_to_perform, served) == "") is left
