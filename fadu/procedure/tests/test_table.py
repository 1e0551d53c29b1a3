"""The printed table: that it says what the declaration says, in the words a jurist signs."""

import pytest

from fadu.document.kinds import Document
from fadu.law.statutes import APL
from fadu.procedure.declare import Procedure, workdays
from fadu.procedure.table import HEADS, articles, length_of, markdown, period_in_words, row
from fadu.procedure.tests.paper import PaperProcedure

EVERY = [PaperProcedure, *Procedure.registry.values()]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def section(text: str, title: str) -> list[list[str]]:
    """The rows of the table under a heading, its head included."""
    lines = text.split(f"## {title}\n")[1].split("\n## ")[0].splitlines()
    return [cells(line) for line in lines if line.startswith("| ")]


def test_a_row_says_who_does_what_when_with_which_paper_and_on_what_basis() -> None:
    assert row(PaperProcedure.decide) == (
        "作出决定",
        "已告知、已听证 → 已决定",
        "承办执法人员（2人以上）提出，行政机关负责人决定",
        "未重于告知的内容；已经集体讨论（重大违法行为的）",
        f"《{Document.PENALTY_DECISION_UNIT.title}》",
        "须在“陈述申辩”期限内；起算：缴纳罚款15日（自送达生效之日起）",
        "《行政处罚法》第五十七条第一款第一项",
    )


def test_a_conditional_paper_names_its_condition() -> None:
    assert row(PaperProcedure.tell).papers == (
        f"《{Document.ADVANCE_NOTICE.title}》《{Document.HEARING_RIGHT_NOTICE.title}》（重大违法行为的）"
    )


def test_a_step_that_moves_nothing_says_so() -> None:
    assert row(PaperProcedure.review).way == "已告知、已听证 → 不变"


@pytest.mark.law(APL[45, 1])
def test_a_length_known_from_memory_only_is_marked_so() -> None:
    """The law sets no days for the defence; the shipped number is not the declaration's own five."""
    defence = workdays("陈述申辩", 5, APL[45, 1], parameter="defence")
    assert length_of(defence).endswith("个工作日（凭记忆，待核）")
    assert "凭记忆" not in length_of(workdays("送达决定书", 7, APL[61, 1]))


@pytest.mark.law(APL[60])
def test_a_length_set_by_a_dated_number_is_that_number() -> None:
    assert period_in_words(workdays("作出处罚决定", 1, APL[60], parameter="decision")) == "作出处罚决定90日"


@pytest.mark.parametrize("procedure", EVERY, ids=lambda p: p.code)
def test_the_page_has_a_row_for_every_step_and_state(procedure: type[Procedure]) -> None:
    text = markdown(procedure)
    steps = section(text, "步骤")
    assert tuple(steps[0]) == HEADS
    assert [r[0].removesuffix("（逐一当事人）") for r in steps[1:]] == [s.title for s in procedure.steps.values()]
    assert all(len(r) == len(HEADS) for r in steps)
    assert [r[0] for r in section(text, "状态")[1:]] == [s.value for s in procedure.State]
    assert text == markdown(procedure)


@pytest.mark.parametrize("procedure", EVERY, ids=lambda p: p.code)
def test_every_article_of_the_declaration_is_on_the_page(procedure: type[Procedure]) -> None:
    text = markdown(procedure)
    for _, what, article in articles(procedure):
        assert article.place() in text, what


def test_the_rules_are_listed_once_with_the_steps_that_use_them() -> None:
    rules = section(markdown(PaperProcedure), "条件")
    assert ["重大违法行为", "《行政处罚法》第五十七条第二款", "告知、作出决定"] in rules
    assert len({r[0] for r in rules}) == len(rules)


def test_the_periods_say_whose_they_are_and_whether_they_roll() -> None:
    periods = {r[0]: r for r in section(markdown(PaperProcedure), "期间")[1:]}
    assert periods["陈述申辩"][2:5] == ["告知，自送达生效之日起", "当事人的权利，届满前不得断其机会", "顺延"]


def test_the_drawing_is_shown_where_one_is_given() -> None:
    assert "![纸面程序流程图](test.paper.svg)" in markdown(PaperProcedure, chart="test.paper.svg")
    assert "![" not in markdown(PaperProcedure)
