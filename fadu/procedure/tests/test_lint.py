"""The lint of declarations: each fault is found where it was put, and the registered procedures have none."""

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml

from fadu.document.kinds import Document
from fadu.law.statutes import APL, WSL
from fadu.org.roles import Role
from fadu.procedure.declare import Bound, Procedure, Step, days, rule, workdays
from fadu.procedure.lint import lint
from fadu.procedure.tests.paper import PaperProcedure, unregistered

APPROVALS = {
    row["name"] for row in yaml.safe_load((Path(__file__).parents[1] / "data" / "approvals.yaml").read_text())["chains"]
}

# What the lint remarks on and is meant so, with the reason. A new remark must be mended or named here.
MEANT = {
    ("penalty.ordinary", "no_paper", "request_hearing"): "the request is the party's paper, scanned in",
    ("penalty.ordinary", "no_paper", "reinvestigate"): "who sends back gives the reasons, which stand in the record",
    ("penalty.ordinary", "no_paper", "repropose"): "the changed proposal is printed in the new notice",
    ("penalty.ordinary", "no_paper", "resume"): "the paper is that of the police or the procuratorate, scanned in",
    ("penalty.ordinary", "no_paper", "confirm_service"): "the receipt was made when the announcement was served",
    ("penalty.ordinary", "no_paper", "perform"): "the vouchers are the proof",
    ("penalty.ordinary", "no_paper", "redecide"): "the paper is that of the reconsideration body or the court",
    ("penalty.ordinary", "period_open", "decide"): "met when the last party is served, which no single step knows",
    ("penalty.ordinary", "period_open", "exempt"): "as for decide",
    ("penalty.ordinary", "period_open", "serve_decision"): "met when the vouchers reach the sum owed, in instalments",
    (
        "response.weather",
        "no_actor",
        "answer",
    ): "a liaison answers by a link without login; the desk is checked in the effect",
    ("response.weather", "no_actor", "follow"): "the program alone takes it when an update or a cancel comes in",
    ("inspection.routine", "no_paper", "begin"): "certificates are shown, not handed over",
    ("inspection.routine", "no_paper", "close"): "the re-inspection opinion is the last paper",
    ("inspection.routine", "no_paper", "drop"): "the plan was never approved, so there is no paper to end it",
    ("inspection.routine", "no_paper", "cancel"): "the head's reasons stand in the record",
}


class S(Enum):
    A, B, C = "甲", "乙", "丙"


ANY: dict[str, Any] = {"by": (Role.CASE_OFFICER,), "documents": (Document.SITE_RECORD,), "basis": (APL[54],)}


def go(source: S, target: S | None, title: str = "", **more: Any) -> Step:
    return Step(title or f"{source.value}{target}", (source,), target, **(ANY | more))


def found(final: tuple[S, ...] = (S.C,), main: tuple[S, ...] = (S.A, S.B, S.C), **steps: Step) -> set[tuple[str, str]]:
    """Code and place of each finding about a procedure made of these steps (甲 → 乙 → 丙 unless replaced)."""
    all_steps = {"first": go(S.A, S.B), "second": go(S.B, S.C)} | steps
    body = {"title": "示例", "basis": (APL[54],), "in_force": date(2021, 7, 15), "State": S, "initial": S.A}
    with unregistered():
        made = type(Procedure)(
            "Made", (Procedure,), body | {"main": main, "final": final} | all_steps, code="test.lint"
        )
    return {(f.code, f.where) for f in lint(made, {"filing"})}


def test_a_sound_declaration_has_no_finding() -> None:
    assert found() == set()


def test_a_state_that_nothing_leads_to_is_unreachable() -> None:
    assert ("unreachable", "丙") in found(second=go(S.B, S.A))


def test_a_state_reached_only_from_an_unreachable_one_is_unreachable_too() -> None:
    got = found(first=go(S.A, S.A), second=go(S.B, S.C))
    assert {("unreachable", "乙"), ("unreachable", "丙")} <= got


def test_a_state_without_a_way_out_that_is_no_end_is_a_dead_end() -> None:
    assert ("dead_end", "丙") in found(final=())
    assert ("dead_end", "乙") in found(second=go(S.A, S.C))


def test_an_end_that_is_left_again_is_no_end() -> None:
    assert ("final_left", "丙") in found(back=go(S.C, S.A))


def test_the_main_line_must_be_walkable() -> None:
    assert ("broken_line", "甲 → 丙") in found(main=(S.A, S.C))
    assert ("broken_line", "示例") in found(main=(S.B, S.C))


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("no_basis", {"basis": ()}),
        ("no_paper", {"documents": ()}),
        ("no_actor", {"by": ()}),
        ("half_approval", {"approval": "filing"}),
        ("half_approval", {"decided_by": Role.AGENCY_HEAD}),
        ("no_chain", {"approval": "unheard_of", "decided_by": Role.AGENCY_HEAD}),
        ("period_unknown", {"fulfils": ("没有起算的期间",)}),
        ("period_unknown", {"within": "没有起算的期间"}),
        ("period_unknown", {"pauses": ("没有起算的期间",)}),
        ("period_unknown", {"resumes": ("没有起算的期间",)}),
        ("period_unknown", {"cancels": ("没有起算的期间",)}),
        ("period_open", {"starts": (workdays("送达", 7, APL[61, 1]),)}),
        ("period_no_basis", {"starts": (workdays("送达", 7),)}),
        ("no_number", {"starts": (workdays("送达", 7, APL[61, 1], parameter="unheard_of"),)}),
    ],
)
def test_a_fault_of_a_step_is_found_at_the_step(code: str, more: dict[str, Any]) -> None:
    assert (code, "first") in found(first=go(S.A, S.B, **more))


def test_a_period_that_is_met_or_is_a_partys_right_is_not_left_open() -> None:
    met = found(first=go(S.A, S.B, starts=(workdays("送达", 7, APL[61, 1]),)), second=go(S.B, S.C, fulfils=("送达",)))
    assert met == set()
    right = workdays("要求听证", 5, APL[64, None, 1], bound=Bound.RIGHT)
    assert found(first=go(S.A, S.B, starts=(right,))) == set()


@pytest.mark.law(APL[85])
@pytest.mark.parametrize(
    ("period", "wrong"),
    [
        (days("撤回", 3, APL[48, 2]), True),
        (workdays("撤回", 3, APL[48, 2]), False),
        (workdays("缴纳罚款", 15, APL[67, 3]), True),
        (days("缴纳罚款", 15, APL[67, 3]), False),
        (workdays("公开", 7, WSL[78, 2]), False),  # the article says 工作日 itself
    ],
)
def test_days_that_the_statute_makes_working_days_are_so_declared(period: Any, wrong: bool) -> None:
    got = found(first=go(S.A, S.B, starts=(period,)), second=go(S.B, S.C, fulfils=(period.name,)))
    assert (("wrong_unit", "first") in got) is wrong


def test_a_rule_without_article_is_found() -> None:
    @rule("没有依据的条件")
    def baseless(_: object) -> bool:
        return True

    got = found(first=go(S.A, S.B, requires=(baseless,)))
    assert ("rule_no_basis", "baseless") in got


@rule("用到的条件", APL[54])
def used(_: object) -> bool:
    return built_upon.test(None) is True


@rule("另一条件所依据的条件", APL[54])
def built_upon(_: object) -> bool:
    return True


@rule("没有人用到的条件", APL[54])
def forgotten(_: object) -> bool:
    return True


def test_a_rule_that_no_step_uses_is_found_unless_another_rule_is_built_on_it() -> None:
    got = found(first=go(S.A, S.B, requires=(used,)))
    assert {where for code, where in got if code == "rule_unused"} == {"forgotten"}


def test_the_paper_procedure_of_the_tests_starts_its_periods() -> None:
    assert {(f.code, f.where) for f in lint(PaperProcedure)} == set()


# --- the registered procedures --------------------------------------------------------------------------------------


def test_the_two_procedures_of_the_main_job_are_registered() -> None:
    assert {"inspection.routine", "penalty.ordinary"} <= {p.code for p in Procedure.registry.values()}


@pytest.mark.parametrize("procedure", Procedure.registry.values(), ids=lambda p: p.key())
def test_no_registered_procedure_has_a_fault(procedure: type[Procedure]) -> None:
    assert [str(f) for f in lint(procedure, APPROVALS) if f.fault] == []


@pytest.mark.parametrize("procedure", Procedure.registry.values(), ids=lambda p: p.key())
def test_every_remark_about_a_registered_procedure_is_meant(procedure: type[Procedure]) -> None:
    remarks = {(procedure.code, f.code, f.where) for f in lint(procedure, APPROVALS) if not f.fault}
    assert remarks == {key for key in MEANT if key[0] == procedure.code}
