"""The clauses of the ordinary procedure, each where it holds and where it does not, on plain facts without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fadu.document.kinds import Document
from fadu.law import lawfulness
from fadu.law.calendar import Calendar
from fadu.law.content.penalties import provisions
from fadu.law.provisions import Measure, Party, Provision
from fadu.law.statutes import APL, TRANSFER, WSL
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.facts import CaseFacts, PartyFact
from fadu.penalty.procedures.ordinary.procedure import OrdinaryPenalty
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.periods.counting import last_day
from fadu.periods.lengths import years
from fadu.procedure.declare import Rule
from fadu.procedure.facts import OfficerFact, PaperFact, PeriodFact

State = OrdinaryPenalty.State
TODAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)
ACTED = date(2026, 9, 1)
PROVISIONS: dict[str, Provision] = {one.provision.id: one.provision for one in provisions()}
TRAINING = PROVISIONS["wsl_97_p1_i3"]  # immediate: a fine of at most 100,000 yuan for the unit
FUNDS = PROVISIONS["wsl_94_p1"]


def limit(start: date, n: int) -> date:
    """The last day of ``n`` years, as the program counts them."""
    return last_day(start, years(n), Calendar(), False).day


def fine(yuan: int | str, *measures: Measure, **more: Any) -> Sanctions:
    return Sanctions(Decimal(yuan), frozenset(measures), **more)


def party(ordinal: int = 1, name: str = "示例矿业有限公司", **more: Any) -> PartyFact:
    """A unit for which a fine of 30,000 yuan is proposed, was noticed yesterday and nothing else happened."""
    kind = more.pop("party", Party.UNIT)
    facts = {
        "provision": TRAINING,
        "circumstances": lawfulness.Facts(kind, ACTED, TODAY),
        "proposed": fine(30_000),
        "noticed": fine(30_000),
        "notice": PaperFact(Document.ADVANCE_NOTICE, "示应急罚告〔2026〕1号", ordinal, YESTERDAY, served_on=YESTERDAY),
    }
    return PartyFact(ordinal, name, kind, **(facts | more))


def case(*parties: PartyFact, **more: Any) -> CaseFacts:
    """An investigated case with two certified officers and verified evidence."""
    facts: dict[str, Any] = {
        "state": State.CONSIDERED,
        "on": TODAY,
        "officers": (OfficerFact(1, "李示一", "示A-0001", True), OfficerFact(2, "王示三", "示A-0002", True)),
        "parties": parties or (party(),),
        "found_on": date(2026, 9, 10),
        "acted_on": ACTED,
        "evidence": 3,
        "large_fine_unit": Decimal(50_000),
        "large_fine_person": Decimal(20_000),
        "limit": limit,
    }
    return CaseFacts(**(facts | more))


def period(name: str, last: date, ordinal: int = 1, **more: Any) -> PeriodFact:
    return PeriodFact(name, last - timedelta(7), last, ordinal, right=True, **more)


def says(rule: Rule, facts: CaseFacts) -> str:
    """The sentence with which the rule refuses; empty when it holds."""
    refusal = rule.refusal(facts)
    assert (refusal is None) == rule.holds(facts)
    return "" if refusal is None else str(refusal)


# --- 立案 -----------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[36, 1])
@pytest.mark.parametrize(
    ("acted", "last", "harm"),
    [
        (date(2024, 3, 10), date(2026, 3, 10), ""),
        (date(2024, 2, 29), date(2026, 2, 28), ""),
        (date(2021, 9, 1), date(2026, 9, 1), "危及从业人员生命健康且有危害后果"),
    ],
)
def test_an_act_found_on_the_last_day_of_two_or_five_years_may_be_penalised_and_not_a_day_later(
    acted: date, last: date, harm: str
) -> None:
    in_time = case(acted_on=acted, found_on=last, harm=harm)
    assert says(rules.not_time_barred, in_time) == ""
    late = replace(in_time, found_on=last + timedelta(1))
    years_in_words = "五" if harm else "二"
    assert f"已超过{years_in_words}年追溯期限" in says(rules.not_time_barred, late)
    assert says(rules.not_time_barred, late).endswith("（《行政处罚法》第三十六条）")


@pytest.mark.law(APL[36, 1])
def test_without_harm_five_years_do_not_apply() -> None:
    found_after_three = case(acted_on=date(2022, 1, 5), found_on=date(2025, 1, 5))
    assert "二年" in says(rules.not_time_barred, found_after_three)
    assert says(rules.not_time_barred, replace(found_after_three, harm="有危害后果")) == ""


@pytest.mark.law(APL[36, 2])
def test_an_act_that_went_on_is_counted_from_its_end() -> None:
    going_on = case(acted_on=date(2020, 1, 1), act_ended_on=date(2025, 6, 1), found_on=date(2027, 6, 1))
    assert says(rules.not_time_barred, going_on) == ""
    assert says(rules.not_time_barred, replace(going_on, act_ended_on=None)) != ""


def test_without_the_day_of_the_act_limitation_cannot_be_answered() -> None:
    assert "请填写" in says(rules.not_time_barred, case(acted_on=None))


@pytest.mark.law(APL[22])
def test_an_act_elsewhere_is_for_the_organ_of_that_place() -> None:
    assert says(rules.in_jurisdiction, case()) == ""
    text = says(rules.in_jurisdiction, case(in_area=False))
    assert "移送有管辖权的机关" in text
    assert "第二十二条" in text


@pytest.mark.law(APL[17])
def test_a_case_is_filed_and_punished_only_within_the_list_of_powers() -> None:
    assert says(rules.within_powers, case(power="B010")) == ""
    assert "不能立案（《行政处罚法》第十七条；《安全生产法》第十七条）" in says(rules.within_powers, case())
    assert says(rules.provisions_within_powers, case(party(power="B009"))) == ""
    assert says(rules.provisions_within_powers, case(party())) == (
        "示例矿业有限公司：本机关当日施行的权责清单中没有以《安全生产法》第九十七条第三项为依据的行政处罚事项"
        "（《行政处罚法》第十七条；《安全生产法》第十七条）"
    )
    assert says(rules.provisions_within_powers, case(party(exemption=next(iter(Exemption))))) == ""


@pytest.mark.law(APL[42, 1])
def test_two_officers_with_valid_certificates_are_needed() -> None:
    one, two = case().officers
    assert says(rules.two_certified_officers, case()) == ""
    assert "只有1人，应当不少于两人（《行政处罚法》第四十二条第一款）" in says(
        rules.two_certified_officers, case(officers=(one,))
    )
    lapsed = says(rules.two_certified_officers, case(officers=(one, replace(two, certified=False))))
    assert lapsed == "王示三的执法证件当日无效（《行政处罚法》第四十二条第一款）"
    both = case(officers=(replace(one, certified=False), replace(two, certified=False)))
    assert says(rules.two_certified_officers, both).startswith("李示一、王示三的执法证件")
    # at filing the same is asked of those who propose, counted with the act itself
    assert rules.two_certified_proposers.reads_input
    assert says(rules.two_certified_proposers, case()) == ""
    assert "只有1人" in says(rules.two_certified_proposers, case(officers=(one,)))


def test_a_third_officer_without_certificate_spoils_the_act_too() -> None:
    trainee = OfficerFact(3, "赵示六")
    assert "赵示六" in says(rules.two_certified_officers, case(officers=(*case().officers, trainee)))


@pytest.mark.law(APL[54, 1])
def test_a_case_is_against_somebody() -> None:
    assert says(rules.has_parties, case()) == ""
    assert "至少列明一名当事人" in says(rules.has_parties, replace(case(), parties=()))


# --- 调查 -----------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[46, 2])
def test_evidence_founds_a_fact_only_when_each_piece_is_verified() -> None:
    assert says(rules.evidence_verified, case()) == ""
    assert "还没有证据" in says(rules.evidence_verified, case(evidence=0))
    unverified = says(rules.evidence_verified, case(unverified=("井口照片", "培训台账")))
    assert unverified == "井口照片、培训台账尚未查证（《行政处罚法》第四十六条第二款）"


@pytest.mark.law(APL[55, 2])
def test_a_record_of_questioning_or_inspection_must_be_there() -> None:
    record = PaperFact(Document.QUESTIONING_RECORD, "示应急询〔2026〕1号", issued_on=YESTERDAY)
    assert says(rules.questioned_or_examined, case(evidence=0, papers=(record,))) == ""
    text = says(rules.questioned_or_examined, case(evidence=0, papers=(replace(record, void=True),)))
    assert text == "没有询问笔录，也没有勘验、现场检查的笔录（《行政处罚法》第五十五条第二款）"
    # evidence of another kind is no record of questioning or inspection; that of the visit is
    assert says(rules.questioned_or_examined, case(evidence=3)) != ""
    assert says(rules.questioned_or_examined, case(evidence=3, site_records=1)) == ""


@pytest.mark.law(APL[57, 1])
def test_every_party_gets_a_proposal_or_an_exemption() -> None:
    second = party(2, "张某某", party=Party.PRINCIPAL, provision=None, proposed=Sanctions())
    assert "张某某还没有处理建议" in says(rules.every_party_disposed, case(party(), second))
    assert says(rules.every_party_disposed, case(party(), replace(second, exemption=Exemption.NOT_PROVED))) == ""
    nothing = party(proposed=Sanctions())
    assert "还没有处理建议" in says(rules.every_party_disposed, case(nothing))


@pytest.mark.law(APL[4])
@pytest.mark.law(WSL[97, None, 3])
def test_sanctions_stay_within_the_provision() -> None:
    assert says(rules.within_the_law, case(party(proposed=fine(100_000)))) == ""
    over = says(rules.within_the_law, case(party(proposed=fine("100000.01"))))
    assert "高于法定上限" in over
    assert "《安全生产法》第九十七条第三项" in over
    suspended = case(party(proposed=fine(50_000, Measure.SUSPENSION)))
    assert "逾期未改正" in says(rules.within_the_law, suspended)


@pytest.mark.law(APL[37])
def test_the_provision_must_have_been_in_force_on_the_day_of_the_act() -> None:
    before = lawfulness.Facts(Party.UNIT, date(2021, 8, 31), TODAY)
    text = says(rules.within_the_law, case(party(circumstances=before)))
    assert "《行政处罚法》第三十七条" in text


def test_a_party_without_a_provision_is_named() -> None:
    assert "没有选定处罚条款" in says(rules.within_the_law, case(party(provision=None)))


@pytest.mark.law(APL[43, 3])
def test_an_undecided_recusal_holds_up_the_decision() -> None:
    assert says(rules.no_recusal_pending, case()) == ""
    text = says(rules.no_recusal_pending, case(recusals_pending=("李示一",)))
    assert text == "对李示一的回避申请尚未决定（《行政处罚法》第四十三条第三款）"


# --- 不予处罚 -------------------------------------------------------------------------------------------------------


def exempted(ground: Exemption, **more: Any) -> CaseFacts:
    about_case = {key: more.pop(key) for key in ("harm", "acted_on", "found_on") if key in more}
    return case(party(exemption=ground, exemption_reason="见案卷第3至5页", proposed=Sanctions(), **more), **about_case)


GROUNDS = [
    # the law's own conditions: ground, facts under which it stands, facts that take one condition away, what is said
    (Exemption.MINOR, {"corrected": True}, {"corrected": False}, "没有复查合格或者已经改正的记录"),
    (Exemption.MINOR, {"corrected": True}, {"corrected": True, "harm": "一人轻伤"}, "有危害后果"),
    (Exemption.FIRST, {"corrected": True}, {"corrected": True, "earlier_penalties": 1}, "不是初次违法"),
    (Exemption.FIRST, {"corrected": True}, {"corrected": False}, "没有复查合格或者已经改正的记录"),
    (Exemption.FIRST, {"corrected": True}, {"corrected": True, "harm": "一人重伤"}, "危害"),
    (Exemption.NO_FAULT, {"evidence_by_party": True}, {"evidence_by_party": False}, "没有当事人提供的证据"),
    (Exemption.UNDER_14, {"age_at_act": 13}, {"age_at_act": 14}, "行为时已满14周岁"),
    (Exemption.UNDER_14, {"age_at_act": 13}, {"age_at_act": None}, "没有登记出生日期"),
    (Exemption.NO_CAPACITY, {"appraised": True}, {"appraised": False}, "没有鉴定意见"),
    (
        Exemption.TIME_BARRED,
        {"acted_on": date(2024, 3, 10), "found_on": date(2026, 3, 11)},
        {"acted_on": date(2024, 3, 10), "found_on": date(2026, 3, 10)},
        "没有超过追溯期限",
    ),
]


@pytest.mark.law(APL[33, 1])
@pytest.mark.law(APL[33, 2])
@pytest.mark.law(APL[30])
@pytest.mark.law(APL[31])
@pytest.mark.law(APL[36, 1])
@pytest.mark.parametrize(
    ("ground", "stands", "falls", "text"), GROUNDS, ids=lambda v: v.name if isinstance(v, Exemption) else ""
)
def test_a_ground_of_exemption_stands_on_its_conditions(ground: Exemption, stands: Any, falls: Any, text: str) -> None:
    assert says(rules.exemption_grounded, exempted(ground, **stands)) == ""
    refused = says(rules.exemption_grounded, exempted(ground, **falls))
    assert text in refused
    assert ground.title in refused
    assert "第三十三条" in refused


@pytest.mark.law(APL[57, 1, 3])
def test_facts_that_are_not_proved_need_no_record_but_reasons() -> None:
    assert says(rules.exemption_grounded, exempted(Exemption.NOT_PROVED)) == ""
    silent = case(party(exemption=Exemption.NOT_PROVED, exemption_reason="  "))
    assert "请写明不予处罚的理由" in says(rules.exemption_grounded, silent)


@pytest.mark.law(APL[33, 1])
def test_only_the_first_violation_is_left_to_discretion() -> None:
    """应当不予处罚 except for 初次违法, where the law says 可以."""
    assert [g for g in Exemption if not g.mandatory] == [Exemption.FIRST]


@pytest.mark.law(APL[33, 1])
def test_the_two_grounds_of_33_1_are_modelled_apart() -> None:
    """A second violation that is minor, corrected and without harm is still exempt."""
    assert says(rules.exemption_grounded, exempted(Exemption.MINOR, corrected=True, earlier_penalties=2)) == ""


@pytest.mark.law(APL[57, 1, 2])
def test_the_case_ends_without_penalty_only_when_nobody_is_penalised() -> None:
    exempt = party(exemption=Exemption.NOT_PROVED)
    assert says(rules.all_exempt, case(exempt)) == ""
    mixed = says(rules.all_exempt, case(exempt, party(2, "示例化工有限公司")))
    assert "示例化工有限公司拟予处罚" in mixed
    assert says(rules.all_exempt, replace(case(), parties=())) != ""


# --- 听证范围 -------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[63, 1, 1])
@pytest.mark.parametrize(
    ("kind", "amount", "right"),
    [
        (Party.UNIT, "49999.99", False),
        (Party.UNIT, "50000", True),  # 以上 includes the number itself
        (Party.PRINCIPAL, "19999.99", False),
        (Party.PRINCIPAL, "20000", True),
        (Party.INDIVIDUAL_BUSINESS, "20000", False),
    ],
)
def test_a_fine_of_the_threshold_or_more_gives_the_right_to_a_hearing(kind: Party, amount: str, right: bool) -> None:
    assert rules.hearing_right.holds(case(party(party=kind, proposed=fine(amount)))) is right


@pytest.mark.law(APL[63, 1, 2])
def test_confiscating_a_large_amount_gives_the_right_too() -> None:
    small = Sanctions(Decimal(1000), frozenset({Measure.CONFISCATION}), Decimal("49999.99"))
    assert not rules.hearing_right.holds(case(party(proposed=small)))
    assert rules.hearing_right.holds(case(party(proposed=replace(small, confiscation=Decimal(50_000)))))


@pytest.mark.law(APL[63, 1, 3])
@pytest.mark.law(APL[63, 1, 4])
@pytest.mark.parametrize("measure", [Measure.REVOCATION, Measure.SUSPENSION, Measure.CLOSURE, Measure.BAN])
def test_the_graver_kinds_of_penalty_give_the_right_whatever_the_fine(measure: Measure) -> None:
    assert rules.hearing_right.holds(case(party(proposed=fine(100, measure))))


@pytest.mark.law(APL[63, 1, 4])
def test_a_ban_from_the_trade_gives_the_right() -> None:
    assert rules.hearing_right.holds(case(party(proposed=Sanctions(ban_years=5))))
    assert rules.hearing_right.holds(case(party(proposed=Sanctions(ban_for_life=True))))


@pytest.mark.parametrize("measure", [Measure.WARNING, Measure.CRITICISM, Measure.CORRECT])
def test_a_warning_gives_no_right_to_a_hearing(measure: Measure) -> None:
    assert not rules.hearing_right.holds(case(party(proposed=fine(100, measure))))


def test_each_party_has_its_own_right() -> None:
    both = case(party(proposed=fine(60_000)), party(2, "张某某", party=Party.PRINCIPAL, proposed=fine(19_000)))
    assert rules.hearing_right.holds(replace(both, party=1))
    assert not rules.hearing_right.holds(replace(both, party=2))
    assert rules.hearing_right.holds(both)
    assert (rules.has_hearing_right(both, 1), rules.has_hearing_right(both, 2)) == (True, False)
    assert says(rules.hearing_right, replace(both, party=2)).endswith("（《行政处罚法》第六十三条第一款）")


def test_an_exempted_party_has_nothing_to_be_heard_on() -> None:
    assert not rules.hearing_right.holds(case(party(proposed=fine(60_000), exemption=Exemption.NOT_PROVED)))


# --- 告知、申辩 -----------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[44])
@pytest.mark.law(APL[62])
def test_no_decision_before_every_notice_has_been_served() -> None:
    notice = party().notice
    assert notice is not None
    assert says(rules.notices_served, case()) == ""
    announced = party(2, "张某某", notice=replace(notice, party=2, served_on=TOMORROW))
    text = says(rules.notices_served, case(party(), announced))
    assert text == "张某某的告知书尚未送达生效（《行政处罚法》第四十四条、第六十二条）"
    assert says(rules.notices_served, case(party(notice=None))) != ""
    assert says(rules.notices_served, case(party(notice=replace(notice, void=True)))) != ""
    assert says(rules.notices_served, case(party(notice=None, exemption=Exemption.NOT_PROVED))) == ""


@pytest.mark.law(APL[45, 1])
@pytest.mark.law(APL[62])
def test_the_time_for_a_defence_runs_through_its_last_day() -> None:
    running = case(periods=(period("陈述申辩", TODAY),))
    assert "届满，当事人尚未陈述申辩，也没有放弃（《行政处罚法》第四十五条第一款、第六十二条）" in says(
        rules.defence_closed, running
    )
    assert says(rules.defence_closed, replace(running, on=TOMORROW)) == ""
    assert says(rules.defence_closed, replace(running, parties=(party(defended=True),))) == ""
    assert says(rules.defence_closed, replace(running, parties=(party(waived=True),))) == ""


def test_one_party_waiting_holds_up_the_case_for_all() -> None:
    both = case(
        party(waived=True), party(2, "张某某"), periods=(period("陈述申辩", TODAY), period("陈述申辩", TODAY, 2))
    )
    assert says(rules.defence_closed, both).startswith("张某某的陈述申辩期限")


@pytest.mark.law(APL[64, None, 1])
def test_the_time_to_ask_for_a_hearing_runs_through_its_last_day() -> None:
    running = case(periods=(period("要求听证", TODAY),))
    assert "要求听证的期限" in says(rules.hearing_window_closed, running)
    assert says(rules.hearing_window_closed, replace(running, on=TOMORROW)) == ""
    assert says(rules.hearing_window_closed, replace(running, parties=(party(hearing_waived=True),))) == ""
    # the defence and the hearing are given up one by one
    assert says(rules.hearing_window_closed, replace(running, parties=(party(waived=True),))) != ""
    # a defence made does not give up the hearing
    assert says(rules.hearing_window_closed, replace(running, parties=(party(defended=True),))) != ""


@pytest.mark.law(APL[64, None, 1])
def test_a_hearing_is_asked_for_in_time_on_the_last_day_and_not_after() -> None:
    asked = case(periods=(period("要求听证", TODAY),), party=1)
    assert says(rules.hearing_asked_in_time, asked) == ""
    late = says(rules.hearing_asked_in_time, replace(asked, on=TOMORROW))
    assert late == f"要求听证的期限已于{TODAY}届满（《行政处罚法》第六十四条第一项）"
    assert "没有正在计算的听证要求期限" in says(rules.hearing_asked_in_time, case(party=1))


@pytest.mark.law(APL[63, 1])
@pytest.mark.law(APL[65])
def test_a_requested_hearing_can_never_be_skipped() -> None:
    waiting = case(party(hearing_requested=True))
    assert "本案须等待听证（《行政处罚法》第六十三条第一款、第六十五条）" in says(rules.no_hearing_pending, waiting)
    assert says(rules.no_hearing_pending, case(party(hearing_requested=True, heard=True))) == ""
    # a waiver of the defence afterwards does not take the request back
    assert says(rules.no_hearing_pending, case(party(hearing_requested=True, waived=True))) != ""


@pytest.mark.law(APL[45, 1])
def test_every_defence_is_answered() -> None:
    defended = case(party(defended=True), party(2, "张某某"))
    assert "示例矿业有限公司的陈述申辩还没有复核意见" in says(rules.defences_considered, defended)
    answered = replace(defended, input={"points": [{"party": 1, "finding": "采纳第2点"}]})
    assert says(rules.defences_considered, answered) == ""
    empty = replace(defended, input={"points": [{"party": 1, "finding": "  "}]})
    assert says(rules.defences_considered, empty) != ""


NOTICED = Sanctions(
    Decimal(30_000), frozenset({Measure.WARNING, Measure.CONFISCATION}), confiscation=Decimal(5_000), ban_years=5
)
HEAVIER = [
    ("罚款", replace(NOTICED, fine=Decimal("30000.01"))),
    ("责令停产停业整顿", replace(NOTICED, measures=NOTICED.measures | {Measure.SUSPENSION})),
    ("吊销", replace(NOTICED, measures=NOTICED.measures | {Measure.REVOCATION})),
    ("没收数额增加", replace(NOTICED, confiscation=Decimal("5000.01"))),
    ("限制从业加重", replace(NOTICED, ban_years=6)),
    ("限制从业加重", replace(NOTICED, ban_years=0, ban_for_life=True)),
    # nothing is set off against another: a smaller fine does not pay for a suspension
    ("责令停产停业整顿", replace(NOTICED, fine=Decimal(1), measures=frozenset({Measure.SUSPENSION}))),
]


@pytest.mark.law(APL[45, 2])
@pytest.mark.parametrize(("what", "proposed"), HEAVIER)
def test_no_sanction_may_be_heavier_than_noticed(what: str, proposed: Sanctions) -> None:
    text = says(rules.not_heavier_than_noticed, case(party(noticed=NOTICED, proposed=proposed)))
    assert what in text
    assert "应当重新告知（《行政处罚法》第四十五条第二款）" in text


@pytest.mark.law(APL[45, 2])
@pytest.mark.parametrize(
    "proposed",
    [
        NOTICED,
        replace(NOTICED, fine=Decimal(1)),
        Sanctions(Decimal(30_000)),
        replace(NOTICED, ban_years=0),
        # an order to correct is no penalty (28 I)
        replace(NOTICED, measures=NOTICED.measures | {Measure.CORRECT}),
    ],
)
def test_the_same_or_a_lighter_sanction_needs_no_new_notice(proposed: Sanctions) -> None:
    assert says(rules.not_heavier_than_noticed, case(party(noticed=NOTICED, proposed=proposed))) == ""


@pytest.mark.law(APL[45, 2])
def test_every_party_is_compared_with_its_own_notice() -> None:
    second = party(2, "张某某", party=Party.PRINCIPAL, noticed=fine(20_000), proposed=fine(20_001))
    assert says(rules.not_heavier_than_noticed, case(party(), second)).startswith("张某某的处罚重于告知的内容")


def test_who_was_told_nothing_cannot_be_penalised() -> None:
    assert "没有被告知过拟处罚的内容" in says(rules.not_heavier_than_noticed, case(party(noticed=None)))


# --- 法制审核、集体讨论 ---------------------------------------------------------------------------------------------


@pytest.mark.law(APL[58, 1, 1])
@pytest.mark.law(APL[58, 1, 2])
@pytest.mark.law(APL[58, 1, 3])
@pytest.mark.law(APL[58, 1, 4])
@pytest.mark.parametrize(
    "facts",
    [
        case(review_reasons=("涉及重大公共利益：沿线居民饮水",)),
        case(party(heard=True)),
        case(review_reasons=("案情疑难复杂：违法主体有争议",)),
        case(party(), party(2, "张某某", party=Party.PRINCIPAL, provision=FUNDS)),
        case(party(proposed=fine(50_000))),
    ],
    ids=["public interest", "heard", "complex", "several legal relations", "the bureau's catalogue"],
)
def test_each_of_the_cases_of_58_needs_review(facts: CaseFacts) -> None:
    assert rules.needs_legal_review.holds(facts)
    assert rules.review_grounds(facts)


@pytest.mark.law(APL[58, 1])
def test_a_plain_small_case_needs_no_review() -> None:
    assert not rules.needs_legal_review.holds(case())
    assert rules.review_grounds(case()) == ()


@pytest.mark.law(APL[58, 1])
def test_without_review_or_where_it_did_not_pass_there_is_no_decision() -> None:
    assert says(rules.legally_reviewed, case(review_passed=True)) == ""
    assert says(rules.legally_reviewed, case()) == "法制审核尚未通过（《行政处罚法》第五十八条第一款）"
    returned = says(rules.legally_reviewed, case(review_returned=True))
    assert returned.startswith("法制审核未通过，应当先按审核意见补正")


@pytest.mark.law(APL[57, 2])
def test_complicated_or_grave_cases_are_discussed_by_the_heads() -> None:
    assert not rules.grave_case.holds(case())
    assert rules.grave_case.holds(case(grave_reason="情节复杂：三年内第三次同类违法"))
    assert rules.grave_case.holds(case(party(proposed=fine(50_000))))
    assert says(rules.collectively_discussed, case(discussed=True)) == ""
    assert says(rules.collectively_discussed, case()) == "尚无负责人集体讨论记录（《行政处罚法》第五十七条第二款）"


@pytest.mark.law(APL[57, 2])
@pytest.mark.law(APL[43, 1])
def test_a_faulty_discussion_is_refused_with_its_faults() -> None:
    assert says(rules.discussion_in_order, case()) == ""
    text = says(rules.discussion_in_order, case(discussion_faults=("出席的负责人只有1人", "李示一是本案调查人员")))
    assert text.startswith("出席的负责人只有1人；李示一是本案调查人员")
    assert "第四十三条第一款" in text


# --- 移送 -----------------------------------------------------------------------------------------------------------


@pytest.mark.law(TRANSFER[5, 1])
def test_the_head_decides_on_a_written_report() -> None:
    assert says(rules.crime_reported, case(transfer_pending=True)) == ""
    assert "书面报告（《行政执法机关移送涉嫌犯罪案件的规定》第五条第一款）" in says(rules.crime_reported, case())


@pytest.mark.law(APL[8, 2])
@pytest.mark.law(TRANSFER[11, 1])
def test_no_penalty_takes_the_place_of_prosecution() -> None:
    assert says(rules.no_transfer_pending, case()) == ""
    assert "不得以罚代刑" in says(rules.no_transfer_pending, case(transfer_pending=True))


@pytest.mark.law(TRANSFER[10])
def test_a_transferred_case_comes_back_only_with_the_paper_that_sends_it() -> None:
    assert says(rules.returned_by_justice, case(returned_by_police=True)) == ""
    assert "移回案件的文书" in says(rules.returned_by_justice, case())


# --- 决定、送达、履行、公开、结案 -----------------------------------------------------------------------------------

DECISION = PaperFact(Document.PENALTY_DECISION_UNIT, "示应急罚〔2026〕1号", 1, YESTERDAY, served_on=TODAY)


@pytest.mark.law(APL[61, 1])
def test_service_is_complete_when_each_party_has_its_own_decision() -> None:
    served = party(decision=DECISION)
    assert says(rules.all_decisions_served, case(served)) == ""
    second = party(2, "张某某", decision=replace(DECISION, party=2, served_on=TOMORROW))
    assert (
        says(rules.all_decisions_served, case(served, second))
        == "张某某的决定书尚未送达生效（《行政处罚法》第六十一条第一款）"
    )
    assert says(rules.all_decisions_served, replace(case(), parties=())) != ""


@pytest.mark.law(APL[67, 3])
@pytest.mark.law(APL[66, 1])
def test_performance_is_the_whole_sum_and_every_other_penalty() -> None:
    decided = Sanctions(Decimal(30_000), frozenset({Measure.CONFISCATION}), confiscation=Decimal(5_000))
    assert says(rules.all_performed, case(party(decided=decided, paid=Decimal(35_000)))) == ""
    short = says(rules.all_performed, case(party(decided=decided, paid=Decimal("34999.99"))))
    assert short.startswith("示例矿业有限公司应缴35,000元，已缴34,999.99元")
    assert "第六十七条第三款" in short
    suspended = Sanctions(Decimal(1), frozenset({Measure.SUSPENSION}))
    assert "其他处罚没有履行的记录" in says(rules.all_performed, case(party(decided=suspended, paid=Decimal(1))))
    done = party(decided=suspended, paid=Decimal(1), performed_otherwise=True)
    assert says(rules.all_performed, case(done)) == ""
    warned = party(decided=Sanctions(measures=frozenset({Measure.WARNING})))
    assert says(rules.all_performed, case(warned)) == ""


@pytest.mark.law(APL[48, 2])
def test_only_what_was_published_and_changed_is_withdrawn() -> None:
    assert says(rules.disclosed, case(party(disclosed=True))) == ""
    assert "无从撤回" in says(rules.disclosed, case())
    assert says(rules.decision_changed, case(changed=True)) == ""
    assert says(rules.decision_changed, case()).endswith("（《行政处罚法》第四十八条第二款）")


@pytest.mark.law(TRANSFER[12])
def test_a_transferred_case_is_closed_only_when_the_police_have_filed_it() -> None:
    transferred = case(state=State.TRANSFERRED)
    assert "没有公安机关的立案通知书" in says(rules.ready_to_close, transferred)
    assert says(rules.accepted_by_police, transferred) != ""
    accepted = replace(transferred, transferred_reply="accepted")
    assert says(rules.ready_to_close, accepted) == says(rules.accepted_by_police, accepted) == ""


@pytest.mark.law(APL[61, 1])
@pytest.mark.parametrize("state", [State.PERFORMED, State.NOT_PENALISED])
def test_another_case_is_closed_only_when_every_decision_was_served(state: State) -> None:
    assert "尚未送达" in says(rules.ready_to_close, case(state=state))
    assert says(rules.ready_to_close, case(party(decision=DECISION), state=state)) == ""


# --- all of them ----------------------------------------------------------------------------------------------------


def test_every_rule_is_tested_here_or_with_the_later_ones() -> None:
    declared = {name for name, value in vars(rules).items() if isinstance(value, Rule)}
    text = "".join(
        (Path(__file__).parent / name).read_text()
        for name in ("test_ordinary_rules.py", "test_later_rules.py", "test_history_rules.py")
    )
    assert {name for name in declared if f"rules.{name}" not in text} == set()


@pytest.mark.law(APL[45, 2])
def test_a_longer_suspension_is_heavier() -> None:
    short = Sanctions(measures=frozenset({Measure.SUSPENSION}), suspension_days=10)
    long = replace(short, suspension_days=30)
    assert long.heavier_than(short) == ("停产停业（暂扣）由10日增至30日",)
    assert short.heavier_than(long) == ()
    assert Sanctions.from_json(long.as_json()) == long
