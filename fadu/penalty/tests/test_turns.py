"""Whose turn it is in each state of a case: who carries it on or owes a duty, and nobody who merely could do something."""

from datetime import datetime, timedelta

import pytest

from fadu.kernel import clock
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.procedure import presenting

pytestmark = pytest.mark.django_db


def afternoon(days: int):
    day = START + timedelta(days=days)
    return clock.at(datetime(day.year, day.month, day.day, 16, tzinfo=clock.BEIJING))


def desks(town: universe.Bureau, case: PenaltyCase, days: int) -> set[str]:
    """Who finds the case among what waits, by the name of their post in the test town."""
    names = ("first", "reviewer", "legal", "head", "principal", "treasurer", "publisher", "archivist", "clerk")
    day = START + timedelta(days=days)
    with clock.at(day):
        return {n for n in names if presenting.desk(getattr(town, n), day)["count"]}


def test_a_clue_waits_for_the_officers():
    """《行政处罚法》第五十四条第二款"""
    town = universe.bureau()
    case = universe.clue(town)
    assert case.awaiting == ["case_officer"]
    assert desks(town, case, 1) == {"first"}


def test_what_must_be_reviewed_waits_for_the_legal_reviewer_and_for_nobody_else():
    """《行政处罚法》第五十八条第一款: 补充调查 is possible too, and no reason to call its roles"""
    town = universe.bureau()
    case = universe.considered(town)
    assert case.awaiting == ["legal_reviewer"]
    assert desks(town, case, 19) == {"legal"}


def test_the_turn_passes_from_review_to_discussion_to_decision():
    """《行政处罚法》第五十七条第二款、第五十八条第一款"""
    town = universe.bureau()
    case = universe.considered(town)
    with afternoon(21):
        items = [{"item": "程序是否合法", "conclusion": "符合", "note": ""}]
        town.act(case, "review", by=town.legal, verdict="同意", reason="程序合法。", items=items)
    assert case.awaiting == ["agency_head", "clerk"]
    day = START + timedelta(days=21)
    with afternoon(21):
        town.act(case, "discuss", by=town.clerk, started_at=f"{day}T14:00", ended_at=f"{day}T15:00", place="会议室", reporter="李示一",
                 recorder="钱示二", observers="", content="案情。", conclusion="同意。",
                 statements=[{"officer": o.pk, "opinion": "同意。"} for o in (town.head, town.principal)])  # fmt: skip
    assert case.awaiting == ["case_officer"]


def test_a_decision_waits_for_service_and_for_publication():
    """《行政处罚法》第六十一条第一款、《安全生产法》第七十八条第二款: two duties, two posts"""
    town = universe.bureau()
    case = universe.decided(town)
    assert case.awaiting == ["case_officer", "publisher"]
    assert desks(town, case, 22) == {"first", "publisher"}


def test_an_unpaid_fine_waits_for_who_enters_the_voucher():
    """《行政处罚法》第六十七条第一款"""
    town = universe.bureau()
    case = universe.served(town)
    assert "treasurer" in case.awaiting
    assert not {"legal_reviewer", "agency_head", "clerk", "reviewer"} & set(case.awaiting)
    with afternoon(24):
        town.act(case, "publish", by=town.publisher, facts="未如实记录。", checked="一致。")
    assert "publisher" not in case.awaiting


def test_while_an_approval_is_under_way_nothing_else_is_offered_as_the_next_thing():
    town = universe.bureau()
    case = universe.clue(town)
    from fadu.procedure import queries
    from fadu.procedure.services import submit

    data = {
        "cause": case.cause,
        "power": "B010",
        "acted_on": "2026-03-01",
        "place": "示例路1号",
        "facts": "缺页。",
        "persons": [],
    }
    with clock.at(START):
        before = presenting.acts(case, town.first, START, queries.facts(case, START))["mine"]
        submit(case, "file", by=town.first, cosigner=town.second, data=data, opinion="建议立案。")
        case.refresh_from_db()
        after = presenting.acts(case, town.first, START, queries.facts(case, START))["mine"]
    assert {a["key"] for a in before if not a["plain"]} == {"file", "refuse_filing"}
    assert {a["key"] for a in after if not a["plain"]} == set()
    assert "refuse_filing" in {a["key"] for a in after}


def test_the_people_of_a_case_are_named_by_what_they_did():
    town = universe.bureau()
    case = universe.decided(town)
    roles = {one["name"]: one["role"] for one in presenting.people(case, START + timedelta(days=22))}
    assert roles[town.head.name] == "审批（立案、作出处罚决定）"
    assert roles[town.reviewer.name] == "审核（立案、作出处罚决定）"
    assert roles[town.legal.name] == "办理（法制审核）"
    assert roles[town.first.name] == "承办执法人员"
