"""Sanctions within and outside the penalty provisions; every figure here was read from 安全生产法 and typed by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.law.citations import parse
from fadu.law.content import penalties
from fadu.law.lawfulness import Facts, Mitigation, OrderToCorrect, Proposal, bounds, check, omissions
from fadu.law.provisions import Grade, Kind, Measure, Party, Stage
from fadu.law.statutes import APL, WSL

ALL = {s.provision.id: s.provision for s in penalties.provisions() if s.provision.article.statute == WSL}
ON = date(2026, 3, 2)
DISOBEYED = OrderToCorrect(due=date(2026, 2, 20), obeyed=False)


def facts(party=Party.UNIT, **more):
    return Facts(party=party, acted_on=date(2026, 1, 12), decided_on=ON, **more)


def fine(amount):
    return Proposal(fine=Decimal(amount))


def codes(refusals):
    return [refusal.code for refusal in refusals]


UNIT, LATE = {}, {"order": DISOBEYED}
WAN = 10_000
# provision, party, facts, lower, upper (None: no lower limit), in units of 10,000 yuan
RANGES = [
    *((f"wsl_97_p1_i{i}", Party.UNIT, UNIT, None, 10) for i in range(1, 8)),
    *((f"wsl_97_p1_i{i}", Party.UNIT, LATE, 10, 20) for i in range(1, 8)),
    *((f"wsl_97_p1_i{i}", Party.DIRECT_MANAGER, LATE, 2, 5) for i in range(1, 8)),
    *((f"wsl_98_p1_i{i}", Party.UNIT, UNIT, 10, 50) for i in range(1, 5)),
    *((f"wsl_98_p1_i{i}", Party.OTHER_DIRECT, UNIT, 2, 5) for i in range(1, 5)),
    *((f"wsl_98_p1_i{i}", Party.UNIT, LATE, 50, 100) for i in range(1, 5)),
    *((f"wsl_98_p1_i{i}", Party.OTHER_DIRECT, LATE, 5, 10) for i in range(1, 5)),
    *((f"wsl_99_p1_i{i}", Party.UNIT, UNIT, None, 5) for i in range(1, 9)),
    *((f"wsl_99_p1_i{i}", Party.INDIVIDUAL_BUSINESS, LATE, 5, 20) for i in range(1, 9)),
    *((f"wsl_99_p1_i{i}", Party.DIRECT_MANAGER, LATE, 1, 2) for i in range(1, 9)),
    *((f"wsl_101_p1_i{i}", Party.UNIT, UNIT, None, 10) for i in range(1, 6)),
    *((f"wsl_101_p1_i{i}", Party.UNIT, LATE, 10, 20) for i in range(1, 6)),
    *((f"wsl_101_p1_i{i}", Party.DIRECT_MANAGER, LATE, 2, 5) for i in range(1, 6)),
    ("wsl_92_p1", Party.AGENCY, UNIT, 3, 10),
    ("wsl_92_p2", Party.AGENCY, {"gains": Decimal(99_999)}, 10, 20),
    ("wsl_92_p2", Party.AGENCY, {"gains": Decimal(0)}, 10, 20),
    ("wsl_92_p2", Party.AGENCY, {"gains": Decimal(100_000)}, 20, 50),
    ("wsl_92_p2", Party.DIRECT_MANAGER, UNIT, 5, 10),
    ("wsl_93_p2", Party.INVESTOR, {"stages": frozenset({Stage.ACCIDENT})}, 2, 20),
    ("wsl_94_p1", Party.PRINCIPAL, UNIT, 2, 5),
    ("wsl_94_p1", Party.PRINCIPAL, LATE, 5, 10),
    ("wsl_96_p1", Party.SAFETY_OFFICER, UNIT, 1, 3),
    ("wsl_102_p1", Party.UNIT, UNIT, None, 5),
    ("wsl_102_p1", Party.UNIT, LATE, None, 5),
    ("wsl_102_p1", Party.DIRECT_MANAGER, LATE, 5, 10),
    ("wsl_103_p1", Party.UNIT, {"gains": Decimal(300_000)}, 60, 150),
    ("wsl_103_p1", Party.UNIT, {"gains": Decimal(0)}, 10, 20),
    ("wsl_103_p1", Party.DIRECT_MANAGER, UNIT, 1, 2),
    ("wsl_103_p2", Party.UNIT, UNIT, None, 5),
    ("wsl_103_p2", Party.DIRECT_MANAGER, UNIT, None, 1),
    ("wsl_103_p3a", Party.UNIT, UNIT, None, 10),
    ("wsl_103_p3a", Party.DIRECT_MANAGER, UNIT, None, 2),
    ("wsl_103_p3b", Party.UNIT, {"gains": Decimal(0)}, 10, 20),
    ("wsl_103_p3b", Party.DIRECT_MANAGER, UNIT, 5, 10),
    ("wsl_104_p1", Party.UNIT, UNIT, None, 5),
    ("wsl_104_p1", Party.OTHER_DIRECT, UNIT, None, 1),
    ("wsl_105_p1_i1", Party.UNIT, UNIT, None, 5),
    ("wsl_105_p1_i2", Party.OTHER_DIRECT, UNIT, None, 1),
    ("wsl_106_p1", Party.PRINCIPAL, UNIT, 2, 10),
    ("wsl_108_p1", Party.UNIT, LATE, 2, 20),
    ("wsl_108_p1", Party.DIRECT_MANAGER, LATE, 1, 2),
    ("wsl_109_p1", Party.UNIT, UNIT, 5, 10),
    ("wsl_109_p1", Party.UNIT, LATE, 10, 20),
]
GRADES = [
    ("wsl_114_p1_i1", Grade.ORDINARY, 30, 100),
    ("wsl_114_p1_i2", Grade.LARGER, 100, 200),
    ("wsl_114_p1_i3", Grade.MAJOR, 200, 1000),
    ("wsl_114_p1_i4", Grade.EXTRAORDINARY, 1000, 2000),
]
RANGES += [
    (key, Party.UNIT, {"stages": frozenset({Stage.ACCIDENT}), "grade": grade}, lower, upper)
    for key, grade, lower, upper in GRADES
]


@pytest.mark.parametrize(("key", "party", "more", "lower", "upper"), RANGES)
def test_fines_lie_within_the_range_of_the_statute(key, party, more, lower, upper):
    """Both ends are allowed, one fen beyond them is not (减轻 apart)."""
    provision, known = ALL[key], facts(party, **more)
    assert check(provision, known, fine(upper * WAN)) == []
    above = check(provision, known, fine(Decimal(upper * WAN) + Decimal("0.01")))
    assert above[0].code == "above_maximum"
    assert above[0].article == provision.article
    if lower is None:
        assert check(provision, known, fine("0.01")) == []
    else:
        assert check(provision, known, fine(lower * WAN)) == []
        below = check(provision, known, fine(Decimal(lower * WAN) - Decimal("0.01")))
        assert codes(below) == ["below_minimum"]
        assert below[0].article == APL[32]
        eased = replace(known, mitigation=frozenset({Mitigation.REMOVED_HARM}))
        assert check(provision, eased, fine(Decimal(lower * WAN) - Decimal("0.01"))) == []


def test_every_chapter_six_row_is_there_and_cites_the_chapter():
    assert len(ALL) == 69
    assert {provision.article.number for provision in ALL.values()} == set(range(90, 115))
    assert all(provision.article.statute == WSL and provision.since == date(2021, 9, 1) for provision in ALL.values())


def test_an_item_of_an_article_with_one_paragraph_is_cited_without_it():
    """第九十七条 has one paragraph, 第九十条 has two."""
    assert ALL["wsl_97_p1_i3"].article == parse("《安全生产法》第九十七条第三项")
    assert ALL["wsl_90_p1_i1"].article == parse("《安全生产法》第九十条第一款第一项")
    assert ALL["wsl_103_p2"].article == WSL[103, 2]


@pytest.mark.parametrize(
    ("key", "grade", "percent"),
    [
        ("wsl_95_p1_i1", Grade.ORDINARY, 40),
        ("wsl_95_p1_i2", Grade.LARGER, 60),
        ("wsl_95_p1_i3", Grade.MAJOR, 80),
        ("wsl_95_p1_i4", Grade.EXTRAORDINARY, 100),
    ],
)
def test_the_principals_fine_after_an_accident_is_a_fixed_share_of_income(key, grade, percent):
    known = facts(Party.PRINCIPAL, stages=frozenset({Stage.ACCIDENT}), grade=grade, income=Decimal("123456.78"))
    due = (Decimal("123456.78") * percent / 100).quantize(Decimal("0.01"), "ROUND_FLOOR")
    assert check(ALL[key], known, Proposal(fine=due)) == []
    assert codes(check(ALL[key], known, Proposal(fine=due + Decimal("0.01")))) == ["above_maximum"]
    assert codes(check(ALL[key], known, Proposal(fine=due - Decimal("0.01")))) == ["below_minimum"]
    assert codes(check(ALL[key], replace(known, income=None), Proposal(fine=due))) == ["income_unknown"]
    other = Grade.MAJOR if grade is not Grade.MAJOR else Grade.LARGER
    assert codes(check(ALL[key], replace(known, grade=other), Proposal(fine=due))) == ["wrong_grade"]


def test_without_an_order_to_correct_there_is_no_failure_to_correct():
    """第九十七条: 10 to 20 wan only after an order ran out unobeyed."""
    refusals = check(ALL["wsl_97_p1_i3"], facts(), fine(150_000))
    assert codes(refusals) == ["above_maximum", "missing_prior_order"]
    assert "没有已经送达的责令改正文书" in refusals[1].sentence
    claimed = facts(stages=frozenset({Stage.UNCORRECTED}))
    assert codes(check(ALL["wsl_97_p1_i3"], claimed, fine(150_000))) == ["missing_prior_order"]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (OrderToCorrect(due=ON, obeyed=False), "尚未届满"),
        (OrderToCorrect(due=date(2026, 2, 1), obeyed=True), "已经改正"),
    ],
)
def test_an_order_that_still_runs_or_was_obeyed_does_not_aggravate(order, why):
    refusals = check(ALL["wsl_97_p1_i1"], facts(order=order), fine(150_000))
    assert why in refusals[-1].sentence


def test_the_responsible_person_of_article_97_is_fined_only_after_the_order_ran_out():
    refusals = check(ALL["wsl_97_p1_i1"], facts(Party.DIRECT_MANAGER), fine(30_000))
    assert codes(refusals) == ["missing_prior_order"]


@pytest.mark.parametrize(
    ("key", "party"),
    [
        ("wsl_94_p1", Party.SAFETY_OFFICER),
        ("wsl_92_p1", Party.UNIT),
        ("wsl_106_p1", Party.UNIT),
        ("wsl_109_p1", Party.DIRECT_MANAGER),
        ("wsl_97_p1_i1", Party.AGENCY),
        ("wsl_114_p1_i1", Party.PRINCIPAL),
    ],
)
def test_a_party_the_provision_does_not_strike_is_refused(key, party):
    assert codes(check(ALL[key], facts(party), fine(20_000))) == ["wrong_subject"]


@pytest.mark.parametrize("key", [key for key, value in ALL.items() if value.kind is not Kind.PENALTY])
def test_discipline_referral_and_internal_rules_bear_no_penalty(key):
    assert codes(check(ALL[key], facts(), fine(1))) == ["not_a_penalty"]


def test_a_provision_not_yet_in_force_at_the_act_is_refused():
    early = replace(facts(), acted_on=date(2021, 8, 31))
    refusals = check(ALL["wsl_97_p1_i1"], early, fine(50_000))
    assert codes(refusals) == ["not_in_force"]
    assert refusals[0].article == APL[37]
    assert check(ALL["wsl_97_p1_i1"], replace(early, newer_is_lighter=True), fine(50_000)) == []


def test_measures_follow_their_stage_and_addressee():
    suspension = Proposal(fine=Decimal(150_000), measures=frozenset({Measure.SUSPENSION}))
    assert check(ALL["wsl_97_p1_i1"], facts(order=DISOBEYED), suspension) == []
    only = Proposal(measures=frozenset({Measure.SUSPENSION}))
    assert codes(check(ALL["wsl_97_p1_i1"], facts(), only)) == ["missing_prior_order"]
    assert codes(check(ALL["wsl_99_p1_i1"], facts(), only)) == ["stage_not_established"]
    assert check(ALL["wsl_99_p1_i1"], facts(stages=frozenset({Stage.SERIOUS})), only) == []
    assert codes(check(ALL["wsl_94_p1"], facts(Party.PRINCIPAL, order=DISOBEYED), only)) == ["wrong_subject"]
    for measure in (Measure.WARNING, Measure.CRITICISM, Measure.REVOCATION):
        assert codes(check(ALL["wsl_97_p1_i1"], facts(), Proposal(measures=frozenset({measure})))) == [
            "measure_not_provided"
        ]


def test_a_choice_of_measures_allows_either():
    for measure in (Measure.STOP_BUILDING, Measure.SUSPENSION):
        assert check(ALL["wsl_98_p1_i1"], facts(), Proposal(measures=frozenset({measure}))) == []


def test_gains_are_confiscated_only_where_there_are_any():
    taking = Proposal(fine=Decimal(100_000), measures=frozenset({Measure.CONFISCATION}))
    assert check(ALL["wsl_103_p1"], facts(gains=Decimal(50_000)), taking) == []
    refusals = check(ALL["wsl_103_p1"], facts(gains=Decimal(0)), taking)
    assert codes(refusals) == ["no_gains"]
    assert refusals[0].article == APL[28, 2]
    assert codes(check(ALL["wsl_103_p1"], facts(), fine(100_000))) == ["gains_unknown"]


def test_bans_have_their_years_and_their_stage():
    five, life = Proposal(ban_years=5), Proposal(ban_for_life=True)
    principal = facts(Party.PRINCIPAL)
    assert check(ALL["wsl_113_p1_i2"], principal, five) == []
    assert codes(check(ALL["wsl_113_p1_i2"], principal, Proposal(ban_years=3))) == ["wrong_ban"]
    assert codes(check(ALL["wsl_113_p1_i2"], principal, life)) == ["stage_not_established"]
    assert check(ALL["wsl_113_p1_i2"], replace(principal, stages=frozenset({Stage.SERIOUS})), life) == []
    assert codes(check(ALL["wsl_97_p1_i1"], facts(), five)) == ["ban_not_provided"]
    punished = replace(principal, stages=frozenset({Stage.AFTER_PUNISHMENT}), grade=Grade.LARGER)
    assert check(ALL["wsl_94_p3"], punished, five) == []
    assert codes(check(ALL["wsl_94_p3"], punished, life)) == ["wrong_grade"]
    assert check(ALL["wsl_94_p3"], replace(punished, grade=Grade.MAJOR), life) == []


def test_detention_is_for_the_police():
    fled = facts(Party.PRINCIPAL, stages=frozenset({Stage.ACCIDENT, Stage.FLEE}), income=Decimal(100_000))
    refusals = check(ALL["wsl_110_p1"], fled, Proposal(detention_days=10))
    assert codes(refusals) == ["not_competent"]
    assert refusals[0].article == WSL[115]
    assert check(ALL["wsl_110_p1"], fled, fine(60_000)) == []
    assert codes(check(ALL["wsl_110_p1"], fled, fine(59_999))) == ["below_minimum"]


def test_the_aggravated_fine_of_article_114_is_two_to_five_times_the_first():
    grave = facts(stages=frozenset({Stage.ESPECIALLY_SERIOUS}), base_fine=Decimal(20_000_000))
    assert check(ALL["wsl_114_p2"], grave, fine(100_000_000)) == []
    assert codes(check(ALL["wsl_114_p2"], grave, fine(100_000_001))) == ["above_maximum"]
    assert codes(check(ALL["wsl_114_p2"], grave, fine(39_999_999))) == ["below_minimum"]
    assert codes(check(ALL["wsl_114_p2"], replace(grave, base_fine=None), fine(1))) == ["base_fine_unknown"]


def test_daily_fines_are_the_former_fine_for_each_day():
    late = facts(order=DISOBEYED, base_fine=Decimal(30_000), days=9)
    daily = Proposal(fine=Decimal(270_000), measures=frozenset({Measure.DAILY_FINE}))
    assert check(ALL["wsl_112_p1"], late, daily) == []
    assert codes(check(ALL["wsl_112_p1"], late, fine(270_001))) == ["above_maximum"]
    assert codes(check(ALL["wsl_112_p1"], replace(late, order=None), daily)) == [
        "missing_prior_order",
        "missing_prior_order",
    ]


def test_after_an_accident_the_share_of_income_takes_the_place_of_the_plain_fine():
    accident = facts(Party.OTHER_LEADER, stages=frozenset({Stage.ACCIDENT}), income=Decimal(200_000))
    assert codes(check(ALL["wsl_96_p1"], accident, fine(30_000))) == ["below_minimum"]
    assert check(ALL["wsl_96_p1"], accident, fine(40_000)) == []
    assert check(ALL["wsl_96_p1"], accident, fine(100_000)) == []
    assert codes(check(ALL["wsl_96_p1"], accident, fine(100_001))) == ["above_maximum"]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_an_amount_that_is_none_is_refused(amount):
    assert codes(check(ALL["wsl_97_p1_i1"], facts(), fine(amount))) == ["bad_amount"]


def test_what_is_obligatory_and_left_out_is_named():
    """第九十七条 after an order ran out: suspension and a fine, both."""
    late = facts(order=DISOBEYED)
    assert codes(omissions(ALL["wsl_97_p1_i1"], late, Proposal())) == ["fine_omitted", "measure_omitted"]
    assert codes(omissions(ALL["wsl_97_p1_i1"], late, fine(120_000))) == ["measure_omitted"]
    assert codes(omissions(ALL["wsl_97_p1_i1"], facts(), fine(20_000))) == []
    eased = replace(late, mitigation=frozenset({Mitigation.MERIT}))
    assert omissions(ALL["wsl_97_p1_i1"], eased, Proposal()) == []


def test_grounds_of_mitigation_cite_the_penalty_law():
    assert Mitigation.REMOVED_HARM.article == APL[32, None, 1]
    assert Mitigation.MERIT.article == APL[32, None, 4]
    assert Mitigation.MINOR.article == APL[30]
    assert Mitigation.IMPAIRED.article == APL[31]


def test_a_refusal_reads_as_a_sentence_with_its_article():
    refusal = check(ALL["wsl_102_p1"], facts(), fine(60_000))[0]
    assert str(refusal) == "罚款60,000元高于法定上限50,000元（5万元以下）（《安全生产法》第一百零二条）"


@given(
    st.sampled_from(sorted(ALL)),
    st.sampled_from(Party),
    st.decimals("0.01", "30000000", places=2),
    st.booleans(),
    st.sets(st.sampled_from(Stage)),
    st.none() | st.sampled_from(Grade),
)
def test_what_passes_lies_within_the_reckoned_bounds(key, party, amount, late, stages, grade):
    """However the facts are, an accepted fine lies within a range open to that party."""
    known = facts(
        party,
        order=DISOBEYED if late else None,
        stages=frozenset(stages),
        grade=grade,
        income=Decimal(150_000),
        gains=Decimal(120_000),
        base_fine=Decimal(50_000),
        days=3,
    )
    if check(ALL[key], known, Proposal(fine=amount)) == []:
        open_now, missing = bounds(ALL[key], known)
        assert not missing
        assert any((b.lower or 0) <= amount <= b.upper for b in open_now)
        assert ALL[key].kind is Kind.PENALTY
