"""What a declaration promises: registration, versions by date, conditions, words for periods and actors."""

from datetime import date
from enum import Enum

import pytest

from fadu.document.kinds import Document
from fadu.law.statutes import APL, CPL
from fadu.org.roles import Role
from fadu.procedure.declare import (
    Bound,
    Escalation,
    If,
    Procedure,
    Refusal,
    Step,
    applies,
    days,
    hours,
    months,
    rule,
    workdays,
    years,
)
from fadu.procedure.tests.paper import PaperProcedure, State, discussed, facts, grave, not_harsher, unregistered


class Two(Enum):
    A, B = "甲", "乙"


def declare(code: str, since: date, until: date | None = None, name: str = "Declared") -> type[Procedure]:
    """A version of a procedure with one step."""
    body = {
        "title": "示例程序",
        "basis": (APL[54],),
        "in_force": since,
        "until": until,
        "State": Two,
        "initial": Two.A,
        "main": (Two.A, Two.B),
        "final": (Two.B,),
        "go": Step("前进", (Two.A,), Two.B, basis=(APL[57],)),
        "__qualname__": name,
    }
    return type(Procedure)(name, (Procedure,), body, code=code)


def test_two_declarations_under_one_key_are_refused() -> None:
    with unregistered():
        declare("test.twice", date(2021, 7, 15))
        with pytest.raises(ValueError, match=r"test\.twice@2021-07-15"):
            declare("test.twice", date(2021, 7, 15), name="Another")


def test_a_version_of_another_day_is_a_sibling() -> None:
    with unregistered():
        old = declare("test.versions", date(2021, 7, 15), date(2027, 1, 1), "Old")
        new = declare("test.versions", date(2027, 1, 1), name="New")
        assert Procedure.registry[old.key()] is old
        assert Procedure.registry[new.key()] is new


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2021, 7, 15), "Old"),
        (date(2026, 12, 31), "Old"),
        (date(2027, 1, 1), "New"),  # in force from the day on which the old one ends
        (date(2030, 1, 1), "New"),
    ],
)
def test_the_version_is_the_one_in_force_on_the_day(on: date, expected: str) -> None:
    with unregistered():
        declare("test.versions", date(2021, 7, 15), date(2027, 1, 1), "Old")
        declare("test.versions", date(2027, 1, 1), name="New")
        assert Procedure.version("test.versions", on).__qualname__ == expected


def test_of_two_open_ended_versions_the_later_counts() -> None:
    with unregistered():
        declare("test.open", date(2021, 7, 15), name="Old")
        declare("test.open", date(2027, 1, 1), name="New")
        assert Procedure.version("test.open", date(2028, 1, 1)).__qualname__ == "New"


@pytest.mark.parametrize("on", [date(2021, 7, 14), date(2027, 1, 1)])
def test_on_a_day_without_a_version_there_is_none(on: date) -> None:
    with unregistered():
        declare("test.gap", date(2021, 7, 15), date(2027, 1, 1))
        with pytest.raises(LookupError, match=on.isoformat()):
            Procedure.version("test.gap", on)


def test_a_step_knows_its_name_and_full_code() -> None:
    assert PaperProcedure.tell.name == "tell"
    assert PaperProcedure.tell.code == "test.paper.tell"
    assert PaperProcedure.tell.moves
    assert not PaperProcedure.review.moves


def test_the_steps_of_a_state_come_in_the_order_of_the_declaration() -> None:
    assert [s.name for s in PaperProcedure.from_state(State.TOLD)] == ["hear", "review", "decide", "drop"]


# --- rules and conditions -------------------------------------------------------------------------------------------


def test_a_refusal_is_a_sentence_with_its_articles() -> None:
    refusal = discussed.refusal(facts())
    assert str(refusal) == "尚无集体讨论记录（《行政处罚法》第五十七条第二款）"
    assert str(Refusal("没有依据的话")) == "没有依据的话"


def test_a_rule_that_answers_with_a_sentence_refuses_with_it() -> None:
    assert str(not_harsher.refusal(facts(harsher=True))) == "重于告知的内容（《行政处罚法》第四十五条第二款）"
    assert not_harsher.refusal(facts()) is None
    assert not not_harsher.holds(facts(harsher=True))


def test_a_rule_without_words_of_its_own_refuses_with_its_clause() -> None:
    @rule("当事人已经到场", APL[64, None, 5])
    def present(_: object) -> bool:
        return False

    assert str(present.refusal(None)) == "尚不符合：当事人已经到场（《行政处罚法》第六十四条第五项）"


def test_what_stands_under_a_condition_applies_only_when_it_holds() -> None:
    conditional = If(grave, Document.HEARING_RIGHT_NOTICE)
    assert applies(conditional, facts(grave=True)) is Document.HEARING_RIGHT_NOTICE
    assert applies(conditional, facts(grave=False)) is None
    assert applies(Document.ADVANCE_NOTICE, facts()) is Document.ADVANCE_NOTICE


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (workdays("送达决定书", 7, APL[61, 1]), "送达决定书7个工作日"),
        (days("作出处罚决定", 90, APL[60]), "作出处罚决定90日"),
        (hours("送交公安机关", 24, APL[27]), "送交公安机关24小时"),
        (months("提起行政诉讼", 6, APL[7], runs_from="service"), "提起行政诉讼6个月（自送达生效之日起）"),
        (years("追溯", 2, APL[36]), "追溯2年"),
    ],
)
def test_a_period_is_read_in_the_units_of_the_statute(period: object, words: str) -> None:
    assert str(period) == words


@pytest.mark.law(CPL[85, 3])
def test_only_a_partys_period_rolls_over_a_rest_day() -> None:
    assert not days("甲", 5, APL[60]).rolls
    assert days("乙", 5, APL[67, 3], bound=Bound.OBLIGATION).rolls
    assert days("丙", 5, APL[64], bound=Bound.RIGHT).rolls


def test_who_acts_is_read_as_proposed_and_decided() -> None:
    assert PaperProcedure.tell.actors == "承办执法人员（2人以上）"
    assert PaperProcedure.decide.actors == "承办执法人员（2人以上）提出，行政机关负责人决定"
    assert Step("甲", (Two.A,), decided_by=Role.AGENCY_HEAD).actors == "行政机关负责人"


def test_every_article_of_a_step_is_found_once_for_each_reason() -> None:
    articles = {article for _, article in PaperProcedure.decide.articles()}
    assert articles == {APL[57, 1, 1], APL[45, 2], APL[57, 2], APL[67, 3]}


def test_a_higher_signature_is_asked_only_where_its_condition_holds() -> None:
    """偏离裁量基准等情形由更高一级的负责人签署；程序表和条文索引都写明"""
    departs = rule("偏离裁量基准", APL[34])(lambda facts: facts == "outside")
    step = Step(
        "决定", (), approval="decision", decided_by=Role.AGENCY_HEAD,
        escalates=Escalation(departs, "decision_departure", Role.PRINCIPAL_HEAD),
    )  # fmt: skip
    assert (step.chain("inside"), step.chain("outside")) == ("decision", "decision_departure")
    assert step.actors.endswith("；偏离裁量基准的，由主要负责人（正职）决定")
    assert ("条件：偏离裁量基准", APL[34]) in step.articles()
