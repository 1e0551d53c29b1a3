"""Which provisions an act may fall under, of all the laws held, and which crimes its harm may be (行政处罚法 27, 29, 37)."""

from datetime import date
from decimal import Decimal

import pytest

from fadu.law.citations import parse
from fadu.law.content import offences, outlines, penalties
from fadu.law.judging.book import Book
from fadu.law.judging.concurrence import Found, heavier, norms
from fadu.law.judging.crime import in_words, suspicions, to_be_judged
from fadu.law.lawfulness import Facts, OrderToCorrect
from fadu.law.provisions import FineRange, FineType, Kind, Outline, Party, Provision, Sanction, Stage, Target
from fadu.law.statutes import APL, HAZCHEM_RULES, TRANSFER, WSL

ACTED, DECIDED = date(2026, 6, 1), date(2026, 7, 1)
HELD = [one.provision for one in penalties.provisions() if one.provision.in_force(ACTED)]
UNIT = Facts(Party.UNIT, ACTED, DECIDED)


def found(facts: Facts = UNIT, **by: object) -> list[str]:
    return [str(norm.provision.article) for norm in norms(HELD, facts, **by)]  # type: ignore[arg-type]


# --- 29: several norms, the higher fine ---------------------------------------------------------------------------------


@pytest.mark.law(APL[29])
def test_one_act_is_offered_every_provision_it_may_fall_under_the_highest_fine_first() -> None:
    """安全生产法 99 (二): at most 50,000; 97 (四): at most 100,000; once refused to correct, 97 reaches 200,000"""
    named = {"wsl_99_p1_i2", "wsl_97_p1_i4"}
    assert found(named=named) == ["《安全生产法》第九十七条第四项", "《安全生产法》第九十九条第二项"]
    refused = Facts(Party.UNIT, ACTED, DECIDED, order=OrderToCorrect(date(2026, 6, 10), False))
    most = [norm.most for norm in norms(HELD, refused, named=named)]
    assert most == [Decimal(200_000), Decimal(200_000)]


@pytest.mark.law(APL[29])
def test_a_duty_broken_is_looked_up_in_all_the_laws_and_not_in_one() -> None:
    laws = {
        norm.provision.article.statute
        for norm in norms(HELD, UNIT, violated=[WSL[36], parse("《危险化学品安全法》第三十八条")])
    }
    assert len(laws) == 2


@pytest.mark.law(APL[29])
def test_a_heavier_norm_that_was_left_aside_is_named() -> None:
    rows = norms(HELD, UNIT, named={"wsl_99_p1_i2", "wsl_97_p1_i4"})
    assert [n.provision.id for n in heavier(rows, "wsl_99_p1_i2")] == ["wsl_97_p1_i4"]
    assert heavier(rows, "wsl_97_p1_i4") == []


def test_words_that_are_alike_hint_at_a_provision_but_are_not_sure() -> None:
    (norm,) = norms(HELD, UNIT, text="未如实记录安全生产教育和培训情况")
    assert (norm.provision.article, norm.found, norm.sure) == (WSL[97, None, 4], Found.WORDS, False)


def test_a_person_is_not_offered_what_only_an_undertaking_can_break() -> None:
    """安全生产法 114 fines the undertaking that answers for an accident, 95 its principal"""
    principal = Facts(Party.PRINCIPAL, ACTED, DECIDED)
    assert found(principal, named={"wsl_114_p1_i1", "wsl_95_p1_i1"}) == ["《安全生产法》第九十五条第一项"]


@pytest.mark.law(WSL[113])
def test_closure_and_daily_fines_answer_penalties_and_are_offered_for_no_act() -> None:
    assert found(named={"wsl_113_p1_i1", "wsl_112_p1"}) == []


# --- 37: the law of the day of the act, the newer one where it is lighter -------------------------------------------------


def version(since: date, until: date | None, upper: int, number: int) -> tuple[Outline, Provision]:
    fine = FineRange(FineType.YUAN, Decimal(upper))
    provision = Provision(
        f"made_{since.year}", HAZCHEM_RULES[number], Kind.PENALTY, "示例违法行为",
        (Sanction(Stage.IMMEDIATE, Target.UNIT, fines=(fine,)),), since, until,
    )  # fmt: skip
    replaces = {"replaced": HAZCHEM_RULES, "replaces": {number: 1}} if until is None else {}
    return Outline(HAZCHEM_RULES, since, until, 9, since, {number: (0,)}, **replaces), provision  # type: ignore[arg-type]


@pytest.mark.law(APL[37])
@pytest.mark.parametrize(("upper", "applies"), [(30_000, "made_2026"), (50_000, "made_2020"), (80_000, "made_2020")])
def test_a_newer_provision_is_proposed_only_where_it_is_lighter(upper: int, applies: str) -> None:
    (old_outline, old), (new_outline, new) = (
        version(date(2020, 1, 1), date(2026, 6, 15), 50_000, 1),
        version(date(2026, 6, 15), None, upper, 2),
    )
    (norm,) = norms([old], UNIT, named={old.id}, book=Book([old_outline, new_outline], [old, new]))
    assert norm.provision.id == applies
    assert (norm.replaced is not None) == (applies == "made_2026")


# --- 27: from which figures a crime is prosecuted ------------------------------------------------------------------------


@pytest.mark.law(APL[27, 1], TRANSFER[3, 1])
@pytest.mark.parametrize(
    ("figures", "suspected"),
    [
        ({"deaths": 1}, True), ({"deaths": 0}, False), ({"serious_injuries": 3}, True), ({"serious_injuries": 2}, False),
        ({"direct_loss": 1_000_000}, True), ({"direct_loss": "999999.99"}, False), ({}, False),
    ],
)  # fmt: skip
def test_one_death_three_grave_injuries_or_a_million_lost_call_for_a_transfer(
    figures: dict[str, int | str], suspected: bool
) -> None:
    """法释〔2015〕22号 6 I: 死亡一人以上、重伤三人以上、直接经济损失一百万元以上"""
    given = {name: Decimal(value) for name, value in figures.items()}
    titles = [one.offence.title for one in suspicions(offences.shipped(), given, [WSL[114, 1, 1]], ACTED)]
    assert titles == (["重大责任事故罪"] if suspected else [])


@pytest.mark.law(APL[27, 1])
@pytest.mark.parametrize(("gains", "article", "suspected"), [
    (100_000, WSL[92, 2], True), (99_999, WSL[92, 2], False), (100_000, WSL[98], False),
])  # fmt: skip
def test_gains_speak_of_a_crime_only_beside_a_provision_that_points_to_it(gains, article, suspected) -> None:
    """法释〔2022〕19号 7 I: 提供虚假证明文件违法所得十万元以上"""
    found = suspicions(offences.shipped(), {"gains": Decimal(gains)}, [article], ACTED)
    assert [one.offence.title for one in found] == (["提供虚假证明文件罪"] if suspected else [])


@pytest.mark.law(APL[27, 1])
def test_where_no_provision_is_chosen_every_crime_of_that_harm_is_a_candidate() -> None:
    found = suspicions(offences.shipped(), {"deaths": Decimal(1)}, [], ACTED)
    assert {"重大责任事故罪", "重大劳动安全事故罪", "危险物品肇事罪"} <= {one.offence.title for one in found}
    (said,) = in_words(found)
    assert said.startswith("死亡1人（1人以上的应当追诉），可能涉嫌重大责任事故罪、")
    assert said.endswith(f"等{len(found)}个罪名")


@pytest.mark.law(APL[27, 1])
def test_a_crime_that_no_figure_states_is_left_to_people() -> None:
    assert [one.title for one in to_be_judged(offences.shipped(), [WSL[99, None, 4]], ACTED)] == ["危险作业罪"]
    assert not to_be_judged(offences.shipped(), [WSL[99, None, 4]], date(2021, 2, 28)), "in force from 2021-03-01"


def test_every_crime_links_to_articles_that_are_held_where_a_law_is_held() -> None:
    held = {outline.statute: outline for outline in outlines.outlines()}
    for offence in offences.shipped():
        assert offence.figures or offence.judged, offence.id
        for article in offence.linked:
            if article.statute in held:
                assert article.number <= held[article.statute].last, f"{offence.id}: {article}"
