"""Every step × state × role of a visit, against a table written from the statute and not from the declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest

from fadu.document.kinds import Document
from fadu.inspection.procedures.routine.facts import VisitFacts
from fadu.inspection.procedures.routine.procedure import RoutineInspection
from fadu.law.citations import Article
from fadu.law.statutes import APL, CPL, WSL
from fadu.org.roles import Role
from fadu.procedure.act import competence, order
from fadu.procedure.declare import If
from fadu.procedure.facts import Doer
from fadu.procedure.lint import lint

State = RoutineInspection.State
MONDAY = date(2026, 3, 9)


@dataclass(frozen=True)
class Expected:
    """What the law (and, where it is silent, the printed forms) says of one step."""

    sources: str
    target: str
    roles: str
    articles: tuple[Article, ...]
    decider: str = ""
    papers: tuple[Document, ...] = ()


OFFICER = "CASE_OFFICER"
AFTER = "FINISHED RECTIFYING CORRECTED"
EXPECTED = {
    # 62 II: inspection follows the plan; the plan's form is signed by reviewer and head
    "arrange": Expected("PLANNED", "ARRANGED", OFFICER, (WSL[62, 2],), "AGENCY_HEAD", (Document.INSPECTION_PLAN,)),
    # 43: whoever must withdraw is replaced; 42 I: two remain
    "reassign": Expected("PLANNED ARRANGED ON_SITE " + AFTER, "-", "REVIEWER AGENCY_HEAD PRINCIPAL_HEAD", (APL[42, 1], APL[43, 1])),
    "drop": Expected("PLANNED", "CANCELLED", OFFICER, (WSL[62, 2],)),
    "cancel": Expected("ARRANGED", "CANCELLED", "AGENCY_HEAD PRINCIPAL_HEAD", (WSL[62, 2],)),
    # 42 I two officers, 55 I and 67 II certificates shown
    "begin": Expected("ARRANGED", "ON_SITE", OFFICER, (APL[42, 1], APL[55, 1], WSL[67, 2])),
    # 65 I 1 enter and look; 68 written record of what was found
    "check": Expected("ON_SITE", "-", OFFICER, (WSL[65, 1, 1], WSL[68])),
    "find": Expected("ON_SITE", "-", OFFICER, (WSL[65, 1, 2], WSL[68])),
    "finish": Expected("ON_SITE", "FINISHED", OFFICER, (WSL[68], APL[55, 2]), papers=(Document.SITE_RECORD, Document.PHOTO_EVIDENCE)),
    # 65 I 2 and 28 I: corrected on the spot or within a time limit
    "order": Expected("FINISHED RECTIFYING", "RECTIFYING", OFFICER, (WSL[65, 1, 2], APL[28, 1]), papers=(Document.RECTIFICATION_ORDER,)),
    # 65 I 3: withdrawn, suspended or stopped where a major hazard leaves no safety; taken up again only after examination
    "measure": Expected("ON_SITE FINISHED RECTIFYING", "-", OFFICER, (WSL[65, 1, 3],), papers=(Document.ONSITE_MEASURE_DECISION,)),
    "resume": Expected(AFTER, "-", "AGENCY_HEAD PRINCIPAL_HEAD", (WSL[65, 1, 3],)),
    "serve": Expected("ON_SITE " + AFTER, "-", OFFICER, (CPL[87], CPL[88, 1])),
    "apply_extension": Expected("RECTIFYING", "-", "CASE_OFFICER CLERK", (WSL[65, 1, 2],)),
    "decide_extension": Expected("RECTIFYING", "-", "AGENCY_HEAD PRINCIPAL_HEAD", (WSL[65, 1, 2],),
                                 papers=(Document.EXTENSION_APPROVAL, Document.EXTENSION_REPLY)),
    "ask_reinspection": Expected("RECTIFYING", "-", "CASE_OFFICER CLERK", (WSL[65, 1, 2],)),
    "reinspect": Expected("RECTIFYING", "CORRECTED", OFFICER, (WSL[65, 1, 2],), papers=(Document.REINSPECTION_OPINION,)),
    # 54 II: what calls for a penalty is filed in time
    "refer": Expected(AFTER, "-", OFFICER, (APL[54, 2],)),
    "close": Expected(AFTER, "CLOSED", OFFICER, (WSL[62, 2],)),
}  # fmt: skip


def roles_of(role: Role) -> frozenset[Role]:
    """What a post of that role carries: the principal is a head as well."""
    return frozenset({role, Role.AGENCY_HEAD}) if role is Role.PRINCIPAL_HEAD else frozenset({role})


def doer(role: Role) -> Doer:
    """Somebody whom nothing but the role could keep from the step."""
    return Doer(7, "示例人员", roles_of(role), organ_id=1, certificate="示A-0007", certified=True)


def test_the_table_names_every_step_and_no_other() -> None:
    assert set(RoutineInspection.steps) == set(EXPECTED)


@pytest.mark.parametrize(("name", "state"), product(EXPECTED, State), ids=lambda v: v if isinstance(v, str) else v.name)
def test_a_step_is_open_in_its_states_to_its_roles_and_to_no_others(name: str, state: State) -> None:
    step, expected = RoutineInspection.steps[name], EXPECTED[name]
    facts = VisitFacts(state=state, on=MONDAY, organ_id=1)
    in_time = not order(RoutineInspection, step, facts)
    assert in_time == (state.name in expected.sources.split())
    for role in Role:
        may = not competence(step, doer(role), facts)
        assert (in_time and may) == (state.name in expected.sources.split() and role.name in expected.roles.split()), (
            role
        )


@pytest.mark.parametrize("name", EXPECTED)
def test_a_step_leads_where_the_law_leads_and_makes_the_papers_of_the_law(name: str) -> None:
    step, expected = RoutineInspection.steps[name], EXPECTED[name]
    assert (step.target.name if step.target else "-") == expected.target
    assert (step.decided_by.name if step.decided_by else "") == expected.decider
    assert tuple(item.then if isinstance(item, If) else item for item in step.documents) == expected.papers
    assert set(expected.articles) <= set(step.basis)


def test_an_officer_without_a_valid_certificate_cannot_act() -> None:
    for name in ("begin", "check", "find", "finish", "measure", "order", "reinspect"):
        person = Doer(7, "示例人员", frozenset({Role.CASE_OFFICER}), organ_id=1)
        reasons = competence(
            RoutineInspection.steps[name], person, VisitFacts(state=State.ON_SITE, on=MONDAY, organ_id=1)
        )
        assert "没有在当日有效的执法证件（《行政处罚法》第四十二条第一款）" in "".join(map(str, reasons)), name


def test_another_organ_cannot_act() -> None:
    for name, step in RoutineInspection.steps.items():
        for role in Role:
            facts = VisitFacts(state=State.ON_SITE, on=MONDAY, organ_id=2)
            assert competence(step, doer(role), facts), name


def test_the_declaration_has_no_fault() -> None:
    assert [str(f) for f in lint(RoutineInspection, {"inspection_plan"}) if f.fault] == []
