"""A small procedure for tests: a notice that may be defended, decided by the head. It registers nothing for good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from fadu.document.kinds import Document
from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.procedure.declare import Bound, Duty, If, Procedure, Step, days, rule, workdays
from fadu.procedure.facts import Doer, MatterFacts, OfficerFact

TODAY = date(2026, 11, 24)


class State(Enum):
    OPEN, TOLD, HEARD, DECIDED, DROPPED = "承办", "已告知", "已听证", "已决定", "不予处罚"


@dataclass(frozen=True)
class PaperFacts(MatterFacts):
    grave: bool = False
    discussed: bool = False
    harsher: bool = False


@rule("重大违法行为", APL[57, 2])
def grave(facts: PaperFacts) -> bool:
    return facts.grave


@rule("已经集体讨论", APL[57, 2], unmet="尚无集体讨论记录")
def discussed(facts: PaperFacts) -> bool:
    return facts.discussed


@rule("未重于告知的内容", APL[45, 2], reads_input=True)
def not_harsher(facts: PaperFacts) -> bool | str:
    return "重于告知的内容" if facts.harsher else True


@contextmanager
def unregistered() -> Iterator[None]:
    """What is declared within is forgotten afterwards, so that no other test meets it."""
    before = dict(Procedure.registry)
    try:
        yield
    finally:
        Procedure.registry.clear()
        Procedure.registry.update(before)


with unregistered():

    class PaperProcedure(Procedure, code="test.paper"):
        """A procedure on paper"""

        title = "纸面程序"
        basis = (APL[54],)
        in_force = date(2021, 7, 15)
        State = State
        initial = State.OPEN
        main = (State.OPEN, State.TOLD, State.DECIDED)
        final = (State.DECIDED, State.DROPPED)

        tell = Step("告知", (State.OPEN,), State.TOLD, by=(Role.CASE_OFFICER,), officers=2, duty=Duty.INVESTIGATE,
            documents=(Document.ADVANCE_NOTICE, If(grave, Document.HEARING_RIGHT_NOTICE)),
            starts=(workdays("陈述申辩", 5, APL[45, 1], bound=Bound.RIGHT, runs_from="service"),),
            basis=(APL[44],))  # fmt: skip
        hear = Step(
            "听证", (State.TOLD,), State.HEARD, by=(Role.CLERK,), documents=(Document.DEFENCE_RECORD,), basis=(APL[63],)
        )
        review = Step(
            "法制审核", (State.TOLD, State.HEARD), by=(Role.LEGAL_REVIEWER,), duty=Duty.REVIEW, basis=(APL[58],)
        )
        decide = Step("作出决定", (State.TOLD, State.HEARD), State.DECIDED, by=(Role.CASE_OFFICER,), officers=2,
            approval="decision", decided_by=Role.AGENCY_HEAD, duty=Duty.INVESTIGATE,
            requires=(not_harsher, If(grave, discussed)), documents=(Document.PENALTY_DECISION_UNIT,), within="陈述申辩",
            starts=(days("缴纳罚款", 15, APL[67, 3], bound=Bound.OBLIGATION, runs_from="service"),),
            basis=(APL[57, 1, 1],))  # fmt: skip
        drop = Step("不予处罚", (State.OPEN, State.TOLD), State.DROPPED, by=(Role.AGENCY_HEAD,), duty=Duty.DECIDE,
            documents=(Document.NO_PENALTY_DECISION,), fulfils=("缴纳罚款",), basis=(APL[57, 1, 2],))  # fmt: skip
        back = Step("补充调查", (State.HEARD,), State.OPEN, by=(Role.LEGAL_REVIEWER,), documents=(Document.LEGAL_OPINION,),
            basis=(APL[58, 1],))  # fmt: skip
        collect = Step("登记缴款", (State.DECIDED,), by=(Role.TREASURER,), duty=Duty.COLLECT, basis=(APL[67, 1],))


def doer(*roles: Role, officer_id: int = 9, **more: Any) -> Doer:
    """Somebody of organ 1 with these roles, certified and qualified."""
    facts: dict[str, Any] = {"organ_id": 1, "certificate": "示A-0009", "certified": True, "legally_qualified": True}
    return Doer(officer_id, "示例人员", frozenset(roles), **(facts | more))


def facts(state: State = State.TOLD, **more: Any) -> PaperFacts:
    """A matter of organ 1 with two case officers, 1 and 2."""
    known: dict[str, Any] = {
        "on": TODAY,
        "organ_id": 1,
        "officers": (OfficerFact(1, "李示一", "示A-0001", True), OfficerFact(2, "王示三", "示A-0002", True)),
    }
    return PaperFacts(state, **(known | more))
