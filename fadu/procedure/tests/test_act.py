"""May this person, and is it time: the two questions and their refusals, on plain facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.procedure.act import competence, lateness, order, timeliness, wanting
from fadu.procedure.declare import Duty, Step
from fadu.procedure.facts import ActFact, PeriodFact
from fadu.procedure.tests.paper import TODAY, PaperProcedure, State, doer, facts

P = PaperProcedure


def why(step: Step, who: object, *acts: ActFact, **more: object) -> str:
    """All that stands against the person, in one text."""
    return "；".join(str(r) for r in competence(step, who, facts(acts=acts), **more))  # type: ignore[arg-type]


def did(duty: Duty, officer_id: int = 9) -> ActFact:
    return ActFact("earlier", TODAY, officer_id, duty)


# --- post, organ, certificate, recusal ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_a_step_is_for_its_roles_only(role: Role) -> None:
    assert (why(P.collect, doer(role)) == "") is (role is Role.TREASURER)


def test_the_refusal_names_the_post_that_may() -> None:
    assert (
        why(P.drop, doer(Role.CLERK))
        == "须由行政机关负责人作出，您没有这一岗位（《行政处罚法》第五十七条第一款第二项）"
    )


def test_one_of_several_posts_is_enough() -> None:
    assert why(P.drop, doer(Role.CLERK, Role.AGENCY_HEAD)) == ""


def test_somebody_of_another_organ_may_not() -> None:
    assert "不是本案办理机关的人员" in why(P.drop, doer(Role.AGENCY_HEAD, organ_id=2))


@pytest.mark.law(APL[43, 1])
def test_whoever_is_recused_does_nothing_more_in_the_case() -> None:
    assert why(P.drop, doer(Role.AGENCY_HEAD, recused=True)) == "示例人员已回避本案（《行政处罚法》第四十三条第一款）"


@pytest.mark.law(APL[42, 1])
def test_an_investigator_needs_a_certificate_valid_that_day() -> None:
    assert why(P.tell, doer(Role.CASE_OFFICER, officer_id=1)) == ""
    lapsed = doer(Role.CASE_OFFICER, officer_id=1, certified=False)
    assert why(P.tell, lapsed) == "示例人员没有在当日有效的执法证件（《行政处罚法》第四十二条第一款）"


def test_a_head_decides_without_a_certificate() -> None:
    assert why(P.drop, doer(Role.AGENCY_HEAD, certified=False)) == ""


def test_only_the_appointed_officers_investigate() -> None:
    text = why(P.tell, doer(Role.CASE_OFFICER, officer_id=3))
    assert text == "您不是本案承办人（承办人：李示一、王示三）（《行政处罚法》第四十二条第一款）"


def test_before_officers_are_appointed_any_certified_officer_may_begin() -> None:
    assert competence(P.tell, doer(Role.CASE_OFFICER, officer_id=3), facts(officers=())) == ()


@pytest.mark.law(APL[58, 2])
def test_legal_review_asks_for_the_qualification_of_those_who_begin() -> None:
    assert why(P.review, doer(Role.LEGAL_REVIEWER)) == ""
    text = why(P.review, doer(Role.LEGAL_REVIEWER, legally_qualified=False))
    assert text == "示例人员初次从事法制审核，没有登记法律职业资格（《行政处罚法》第五十八条第二款）"


def test_other_acts_ask_for_no_legal_qualification() -> None:
    assert why(P.back, doer(Role.LEGAL_REVIEWER, legally_qualified=False)) == ""
    assert why(P.drop, doer(Role.AGENCY_HEAD, legally_qualified=False)) == ""


# --- separation of duties -------------------------------------------------------------------------------------------


@pytest.mark.law(APL[58, 1])
def test_an_investigator_does_not_review_his_own_case() -> None:
    appointed = doer(Role.LEGAL_REVIEWER, officer_id=1)
    assert why(P.review, appointed).startswith(
        "调查人员不审核自己承办的案件：示例人员在本案中已经调查（《行政处罚法》第五十八条"
    )
    earlier = doer(Role.LEGAL_REVIEWER)
    assert "调查人员不审核" in why(P.review, earlier, did(Duty.INVESTIGATE))


@pytest.mark.law(APL[57, 1])
def test_an_investigator_does_not_decide_his_own_case() -> None:
    assert "调查人员不决定自己承办的案件" in why(P.drop, doer(Role.AGENCY_HEAD, officer_id=2))
    assert "第五十七条第一款" in why(P.drop, doer(Role.AGENCY_HEAD), did(Duty.INVESTIGATE))


@pytest.mark.law(APL[57, 1])
@pytest.mark.law(APL[58, 1])
def test_whoever_reviewed_does_not_decide_nor_the_other_way_round() -> None:
    assert "审核人员与决定人员应当分开" in why(P.drop, doer(Role.AGENCY_HEAD), did(Duty.REVIEW))
    assert "审核人员与决定人员应当分开" in why(P.review, doer(Role.LEGAL_REVIEWER), did(Duty.DECIDE))


@pytest.mark.law(APL[67, 1])
def test_whoever_investigated_or_decided_does_not_enter_the_payment() -> None:
    assert "办案人员不登记自己案件的罚款" in why(P.collect, doer(Role.TREASURER, officer_id=1))
    assert "决定罚款的人员不登记收款" in why(P.collect, doer(Role.TREASURER), did(Duty.DECIDE))
    assert why(P.collect, doer(Role.TREASURER), did(Duty.REVIEW)) == ""


def test_what_somebody_else_did_bars_nobody() -> None:
    assert why(P.drop, doer(Role.AGENCY_HEAD), did(Duty.INVESTIGATE, 5), did(Duty.REVIEW, 6)) == ""


def test_who_decided_may_decide_again_and_other_acts_bar_nobody() -> None:
    assert why(P.drop, doer(Role.AGENCY_HEAD), did(Duty.DECIDE), did(Duty.OTHER)) == ""


def test_a_stage_of_an_approval_is_asked_with_its_own_role_and_duty() -> None:
    head = doer(Role.AGENCY_HEAD)
    assert "没有这一岗位" in why(P.decide, head)
    assert why(P.decide, head, roles=(Role.AGENCY_HEAD,), duty=Duty.DECIDE) == ""
    assert "不决定自己承办" in why(
        P.decide, doer(Role.AGENCY_HEAD, officer_id=1), roles=(Role.AGENCY_HEAD,), duty=Duty.DECIDE
    )


def test_every_reason_is_told_at_once() -> None:
    nobody = doer(Role.CLERK, organ_id=2, certified=False, recused=True)
    assert len(competence(P.tell, nobody, facts())) == 5


# --- is it time -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_a_step_is_open_in_its_source_states_and_no_others(state: State) -> None:
    refusals = order(P, P.decide, facts(state))
    assert (refusals == ()) is (state in (State.TOLD, State.HEARD))


def test_a_step_out_of_order_says_where_the_matter_stands() -> None:
    (refusal,) = order(P, P.decide, facts(State.OPEN))
    assert str(refusal).startswith("现处于“承办”，作出决定须在“已告知、已听证”时进行（")


def test_out_of_order_is_the_only_reason_told_then() -> None:
    assert len(timeliness(P, P.decide, facts(State.OPEN, grave=True))) == 1


def test_a_rule_on_what_the_act_enters_is_asked_only_when_it_is_done() -> None:
    harsher = facts(harsher=True)
    assert timeliness(P, P.decide, harsher) == ()
    assert [str(r) for r in timeliness(P, P.decide, harsher, with_input=True)] == [
        "重于告知的内容（《行政处罚法》第四十五条第二款）"
    ]


def test_a_conditional_rule_counts_only_under_its_condition() -> None:
    assert wanting(P.decide, facts(), with_input=True) == ()
    assert [r.text for r in wanting(P.decide, facts(grave=True), with_input=True)] == ["尚无集体讨论记录"]
    assert wanting(P.decide, facts(grave=True, discussed=True), with_input=True) == ()


# --- lateness -------------------------------------------------------------------------------------------------------


def running(name: str, last: date, **more: object) -> PeriodFact:
    return PeriodFact(name, last - timedelta(30), last, **more)  # type: ignore[arg-type]


def test_a_missed_duty_is_named_and_does_not_block() -> None:
    late = facts(periods=(running("陈述申辩", TODAY - timedelta(1)),))
    assert lateness(P.decide, late) == ("陈述申辩",)
    assert timeliness(P, P.decide, late) == ()


def test_the_last_day_itself_is_in_time() -> None:
    assert lateness(P.decide, facts(periods=(running("陈述申辩", TODAY),))) == ()


@pytest.mark.parametrize(
    "more",
    [{"right": True}, {"ended_on": TODAY}, {"cancelled": True}, {"paused": True}, {"party": 2}],
    ids=lambda more: next(iter(more)),
)
def test_what_is_no_missed_duty_of_this_act_is_not_late(more: dict[str, object]) -> None:
    past = running("陈述申辩", TODAY - timedelta(1), **more)
    assert lateness(P.decide, replace(facts(periods=(past,)), party=1)) == ()


def test_another_steps_period_is_not_this_steps_lateness() -> None:
    assert lateness(P.decide, facts(periods=(running("缴纳罚款", TODAY - timedelta(1)),))) == ()
