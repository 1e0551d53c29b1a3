"""The declaration of the ordinary procedure against what the statutes prescribe, stated apart from it."""

import re
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from fadu.inspection.procedures.routine.procedure import RoutineInspection
from fadu.law.citations import Article, parse
from fadu.law.statutes import ACL, APL, ARCHIVES, ARL, CPL, TRANSFER, WSL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary.procedure import OrdinaryPenalty
from fadu.procedure.act import competence, order
from fadu.procedure.declare import Step
from fadu.procedure.facts import Doer, MatterFacts
from fadu.procedure.lawindex import ROOT

State = OrdinaryPenalty.State
SOURCE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "data" / "transitions.yaml").read_text())
TRANSITIONS: list[dict[str, Any]] = SOURCE["transitions"]
COVERED = [t for t in TRANSITIONS if "covered_by" in t]
EXCEPTED = [t for t in TRANSITIONS if "excepted_by" in t]

UNDECIDED = "CLUE INVESTIGATING CONCLUDED NOTIFIED HEARING CONSIDERED"
HANDLED = "INVESTIGATING CONCLUDED NOTIFIED HEARING CONSIDERED"
HEARING_STAFF = "LEGAL_REVIEWER CLERK REVIEWER AGENCY_HEAD"  # the organ of the hearing is the bureau's own choice
AFTER_DECISION = "DECIDED SERVED PERFORMED CLOSED"
OFFICER, HEAD = "CASE_OFFICER", "AGENCY_HEAD"

# Typed from the statutes, not from the declaration: in which states each step may be taken, where it leads (- stays),
# which roles take or propose it, who decides where the law names the head, and the article it is typed from.
MATRIX: dict[str, tuple[str, str, str, str, Article]] = {
    "file": ("CLUE", "INVESTIGATING", OFFICER, HEAD, APL[54, 2]),
    "refuse_filing": ("CLUE", "NOT_FILED", OFFICER, HEAD, APL[54, 2]),
    "summon": ("INVESTIGATING", "-", OFFICER, "", APL[55, 2]),
    "question": ("INVESTIGATING", "-", OFFICER, "", APL[55, 2]),
    "take_evidence": ("INVESTIGATING", "-", OFFICER, "", APL[54, 1]),
    "verify_evidence": ("INVESTIGATING", "-", OFFICER, "", APL[46, 2]),
    "reassign": (HANDLED, "-", "REVIEWER AGENCY_HEAD", "", APL[42, 1]),
    "request_recusal": (UNDECIDED, "-", "CASE_OFFICER LEGAL_REVIEWER CLERK", "", APL[43, 2]),
    "decide_recusal": (UNDECIDED, "-", "AGENCY_HEAD PRINCIPAL_HEAD", "", APL[43, 3]),
    "conclude": ("INVESTIGATING", "CONCLUDED", OFFICER, "", APL[57, 1]),
    "report_crime": (UNDECIDED, "-", OFFICER, "", TRANSFER[5, 1]),
    "transfer": (UNDECIDED, "TRANSFERRED", OFFICER, "PRINCIPAL_HEAD", TRANSFER[5, 2]),
    "refuse_transfer": (UNDECIDED, "-", "PRINCIPAL_HEAD", "", TRANSFER[5, 2]),
    "send_transfer": ("TRANSFERRED", "-", OFFICER, "", TRANSFER[6]),
    "record_reply": ("TRANSFERRED", "-", OFFICER, "", TRANSFER[8]),
    "resume": ("TRANSFERRED", "INVESTIGATING", OFFICER, "", TRANSFER[10]),
    "exempt": ("CONCLUDED CONSIDERED", "NOT_PENALISED", OFFICER, HEAD, APL[57, 1, 2]),
    "serve_exemption": ("NOT_PENALISED", "-", OFFICER, "", APL[61, 1]),
    "notify": ("CONCLUDED", "NOTIFIED", OFFICER, "", APL[44]),
    "serve_notice": ("NOTIFIED", "-", OFFICER, "", APL[44]),
    "record_defence": ("NOTIFIED HEARING", "-", OFFICER, "", APL[45, 1]),
    "waive": ("NOTIFIED", "-", OFFICER, "", APL[62]),
    "request_hearing": ("NOTIFIED HEARING", "HEARING", "CASE_OFFICER CLERK", "", APL[64, None, 1]),
    "consider": ("NOTIFIED HEARING", "CONSIDERED", OFFICER, "", APL[45, 1]),
    "reinvestigate": (
        "CONCLUDED NOTIFIED CONSIDERED",
        "INVESTIGATING",
        "CASE_OFFICER LEGAL_REVIEWER AGENCY_HEAD",
        "",
        APL[54, 1],
    ),
    "repropose": ("CONSIDERED", "CONCLUDED", OFFICER, "", APL[44]),
    "review": ("CONSIDERED", "-", "LEGAL_REVIEWER", "", APL[58, 1]),
    "discuss": ("CONSIDERED", "-", "CLERK AGENCY_HEAD", "", APL[57, 2]),
    "decide": ("CONSIDERED", "DECIDED", OFFICER, HEAD, APL[57, 1, 1]),
    "serve_decision": ("DECIDED", "SERVED", OFFICER, "", APL[61, 1]),
    "confirm_service": ("DECIDED", "SERVED", OFFICER, "", CPL[95, 1]),
    "publish": (AFTER_DECISION, "-", "PUBLISHER", "", WSL[78, 2]),
    "record_change": (AFTER_DECISION + " ARCHIVED", "-", "LEGAL_REVIEWER CLERK", "", APL[48, 2]),
    "withdraw": (AFTER_DECISION + " ARCHIVED", "-", "PUBLISHER", "", APL[48, 2]),
    "record_payment": ("DECIDED SERVED", "-", "TREASURER", "", APL[67, 3]),
    "record_performance": ("DECIDED SERVED", "-", OFFICER, "", APL[66, 1]),
    "perform": ("SERVED", "PERFORMED", OFFICER, "", APL[66, 1]),
    "close": ("PERFORMED NOT_PENALISED TRANSFERRED", "CLOSED", OFFICER, HEAD, APL[57, 1]),
    "preserve": ("INVESTIGATING", "-", OFFICER, HEAD, APL[56]),
    "dispose_preserved": (HANDLED, "-", OFFICER, HEAD, APL[56]),
    "hand_over": ("TRANSFERRED", "-", OFFICER, "", TRANSFER[12]),
    "waive_hearing": ("NOTIFIED HEARING", "-", "CASE_OFFICER CLERK", "", APL[64, None, 1]),
    "appoint_host": ("HEARING", "-", "AGENCY_HEAD", "", APL[64, None, 4]),
    "notify_hearing": ("HEARING", "-", HEARING_STAFF, "", APL[64, None, 2]),
    "serve_hearing_notice": ("HEARING", "-", OFFICER, "", APL[64, None, 2]),
    "withdraw_hearing": ("HEARING", "-", "CASE_OFFICER CLERK", "", APL[63, 1]),
    "hold_hearing": ("HEARING", "-", HEARING_STAFF, "", APL[64, None, 8]),
    "report_hearing": ("HEARING", "-", HEARING_STAFF, "", APL[65]),
    "serve_paper": (HANDLED + " " + AFTER_DECISION + " SUSPENDED", "-", OFFICER, "", CPL[87]),
    "defer": ("SERVED", "-", OFFICER, HEAD, APL[66, 2]),
    "surcharge": ("SERVED", "-", OFFICER, HEAD, APL[72, 1, 1]),
    "demand": ("SERVED", "-", OFFICER, "", ACL[54]),
    "answer_demand": ("SERVED", "-", OFFICER, "", ACL[36]),
    "apply_court": ("SERVED", "-", OFFICER, HEAD, ACL[53]),
    "record_court": ("SERVED", "-", "CASE_OFFICER CLERK LEGAL_REVIEWER", "", ACL[56]),
    "ask_again": ("SERVED", "-", "CASE_OFFICER LEGAL_REVIEWER", "", ACL[56, 2]),
    "end_execution": ("SERVED", "-", OFFICER, HEAD, ACL[40]),
    "record_remedy": (AFTER_DECISION + " ARCHIVED", "-", "LEGAL_REVIEWER CLERK", "", APL[73, 3]),
    "end_remedy": (AFTER_DECISION + " ARCHIVED", "-", "LEGAL_REVIEWER CLERK", "", APL[73, 3]),
    "correct": (AFTER_DECISION, "-", OFFICER, HEAD, APL[75, 2]),
    "redecide": ("DECIDED SERVED PERFORMED", "INVESTIGATING", OFFICER, "", ARL[64, 2]),
    "extend": (HANDLED, "-", OFFICER, HEAD, APL[60]),
    "suspend": ("INVESTIGATING CONCLUDED CONSIDERED", "SUSPENDED", OFFICER, HEAD, APL[60]),
    "go_on": ("SUSPENDED", "-", OFFICER, "", APL[60]),
    "dismiss": ("INVESTIGATING CONCLUDED NOTIFIED CONSIDERED SUSPENDED", "DISMISSED", OFFICER, HEAD, APL[54, 2]),
    "terminate": (HANDLED + " SUSPENDED", "TERMINATED", OFFICER, HEAD, APL[57, 1]),
    "record_fine": (UNDECIDED, "-", OFFICER, "", APL[29]),
    "distinguish": (HANDLED, "-", OFFICER, "", APL[29]),
    "deny_crime": (HANDLED, "-", OFFICER, "PRINCIPAL_HEAD", APL[27, 1]),
    "continue_fine": (AFTER_DECISION, "-", OFFICER, "", WSL[112]),
    "propose_closure": (AFTER_DECISION, "-", OFFICER, "PRINCIPAL_HEAD", WSL[113, None, 1]),
    "record_closure": (AFTER_DECISION + " ARCHIVED", "-", "CASE_OFFICER CLERK", "", WSL[115]),
    "archive": ("CLOSED DISMISSED TERMINATED", "ARCHIVED", "ARCHIVIST", "", ARCHIVES[14]),
}


def step(name: str) -> Step:
    """A step of the ordinary procedure, or of another one by its full code."""
    procedure, _, own = name.rpartition(".")
    return {"": OrdinaryPenalty, "inspection.routine": RoutineInspection}[procedure].steps[own]


def roles(names: str) -> set[Role]:
    return {Role[name] for name in names.split()}


def doer(role: Role) -> Doer:
    """Somebody whom nothing but the role could keep from the step."""
    return Doer(
        7, "示例人员", frozenset({role}), organ_id=1, certificate="示A-0007", certified=True, legally_qualified=True
    )


def adr(number: str) -> str:
    """The text of the decision of that number."""
    (path,) = (ROOT / "docs" / "adr").glob(f"{number}-*.md")
    return path.read_text()


def ids(transition: dict[str, Any]) -> str:
    return str(transition["id"])


# --- every step × every state × every role --------------------------------------------------------------------------


def test_the_matrix_names_every_step_and_no_other() -> None:
    assert set(MATRIX) == set(OrdinaryPenalty.steps)


@pytest.mark.parametrize(("name", "state"), product(MATRIX, State), ids=lambda v: v if isinstance(v, str) else v.name)
def test_a_step_is_open_in_its_states_to_its_roles_and_to_no_others(name: str, state: Any) -> None:
    sources, _, takers, _, _ = MATRIX[name]
    facts = MatterFacts(state=state, on=date(2026, 11, 24), organ_id=1)
    for role in Role:
        expected = state.name in sources.split() and role in roles(takers)
        against = (*order(OrdinaryPenalty, step(name), facts), *competence(step(name), doer(role), facts))
        assert (not against) == expected, f"{name} × {state.value} × {role.title}"


@pytest.mark.parametrize("name", MATRIX)
def test_a_step_leads_where_the_statute_leads_and_is_decided_by_whom_it_names(name: str) -> None:
    _, target, _, decider, _ = MATRIX[name]
    assert step(name).target is (None if target == "-" else State[target])
    assert step(name).decided_by is (Role[decider] if decider else None)
    assert bool(step(name).approval) == bool(decider)


@pytest.mark.parametrize("name", MATRIX)
def test_a_step_rests_on_the_article_it_was_typed_from(name: str) -> None:
    article = MATRIX[name][4]
    assert any(cited.touches(article) for _, cited in step(name).articles()), f"{name}: {article}"


@pytest.mark.law(APL[42, 1])
@pytest.mark.parametrize("name", [n for n, row in MATRIX.items() if row[2] == OFFICER and row[3]])
def test_what_the_head_decides_is_proposed_by_two_officers(name: str) -> None:
    assert step(name).officers == 2


@pytest.mark.law(TRANSFER[5, 2])
def test_only_the_principal_head_decides_on_a_transfer() -> None:
    deciders = {step("transfer").decided_by, *step("refuse_transfer").by}
    assert deciders == {Role.PRINCIPAL_HEAD}


# --- the transitions of the statutes --------------------------------------------------------------------------------


COUNTS = (
    ("ordinary_penalty", 34), ("legal_review_collective", 11), ("criminal_transfer", 21), ("hearing", 10), ("enforcement", 26),
)  # fmt: skip


def test_the_source_holds_every_transition_of_the_five_procedures_once() -> None:
    expected = [f"{procedure}_t{n:02}" for procedure, count in COUNTS for n in range(1, count + 1)]
    assert [t["id"] for t in TRANSITIONS] == expected


@pytest.mark.parametrize("transition", TRANSITIONS, ids=ids)
def test_a_transition_is_either_covered_or_excepted(transition: dict[str, Any]) -> None:
    assert ("covered_by" in transition) != ("excepted_by" in transition)
    assert transition["basis"]
    assert transition["confidence"] in {"text", "analysis", "memory"}
    for text in transition["basis"]:
        assert str(parse(text)) == text


@pytest.mark.parametrize("transition", COVERED, ids=ids)
def test_the_covering_steps_lead_from_its_states_to_its_states(transition: dict[str, Any]) -> None:
    source = SOURCE["states"][re.sub(r"_t\d\d$", "", transition["id"])]
    now = {State[name] for name in source[transition["from"]]}
    for name in transition["covered_by"]:
        one = step(name)
        open_in = now & set(one.sources)
        assert open_in, f"{name} is open in none of {now}"
        # A step that reaches its target only under a condition may also leave the case where it is.
        stays = open_in if one.target is None or one.reaches else set()
        now = stays | ({one.target} if one.target is not None else set())
    assert now & {State[name] for name in source[transition["to"]]}


@pytest.mark.parametrize("transition", COVERED, ids=ids)
def test_the_covering_steps_are_taken_by_those_whom_the_statute_names(transition: dict[str, Any]) -> None:
    steps = [step(name) for name in transition["covered_by"]]
    acting = {role for one in steps for role in (*one.by, *((one.decided_by,) if one.decided_by else ()))}
    for actor in transition["actors"]:
        assert acting & {Role[name] for name in SOURCE["actors"][actor]}, actor


@pytest.mark.parametrize("transition", COVERED, ids=ids)
def test_each_of_its_articles_is_cited_by_a_covering_step_or_accounted_for(transition: dict[str, Any]) -> None:
    elsewhere, apart = transition.get("cited_by", {}), transition.get("apart", {})
    assert {*elsewhere, *apart} <= set(transition["basis"])
    for text in transition["basis"]:
        article = parse(text)
        if text in apart:
            decision = adr(apart[text])
            assert transition["id"] in decision
            assert text in decision
            continue
        names = [elsewhere[text]] if text in elsewhere else transition["covered_by"]
        cited = [a for name in names for _, a in step(name).articles()]
        assert any(a.touches(article) for a in cited), f"{text} is cited by none of {names}"


@pytest.mark.parametrize("transition", [t for t in COVERED if t.get("apart")], ids=ids)
def test_an_article_set_apart_is_not_cited_after_all(transition: dict[str, Any]) -> None:
    """Once a step cites it, the exception is out of date and must go."""
    cited = [a for name in transition["covered_by"] for _, a in step(name).articles()]
    for text in transition["apart"]:
        assert not any(a.touches(parse(text)) for a in cited), text


@pytest.mark.parametrize("transition", EXCEPTED, ids=ids)
def test_an_exception_is_named_and_explained_in_its_decision(transition: dict[str, Any]) -> None:
    assert transition["id"] in adr(transition["excepted_by"])


def test_every_moving_step_serves_a_transition_of_the_statutes() -> None:
    """What the declaration has and the statutes' list does not is named here with its reason."""
    own = {
        "repropose": "a heavier proposal after new facts is noticed anew: 44, 45 II",
        "redecide": "what a reconsideration or a court sends back: 行政复议法 64, 行政诉讼法 70",
        "suspend": "left to the ministry's order by 60, from memory",
        "go_on": "as for suspend",
        "dismiss": "a case that should not have been filed: 54 II, 22, 25",
        "terminate": "the party is no more, from memory",
    }
    covering = {name for t in COVERED for name in t["covered_by"]}
    assert {n for n, s in OrdinaryPenalty.steps.items() if s.moves} - covering == set(own)
