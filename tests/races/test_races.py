"""Two people take the same step at once: one succeeds, the other is told; real threads, real connections, real locks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from fadu.document import services as documents
from fadu.document.models import CaseFile
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.penalty.models import Disclosure, Payment, PenaltyCase
from fadu.penalty.services import register_clue
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.procedure.models import Act, Application
from fadu.procedure.services import cosign, opine, submit, take
from fadu.record import queries as record
from fadu.subject.models import Subject
from fadu.subject.tests.universe import code, enterprise
from tests.races.conftest import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MATTER = "SELECT 1 FROM procedure_matter WHERE id = %s FOR UPDATE"


def day(number: int) -> Any:
    """That many days after the start."""
    return START + timedelta(days=number)


def outcome(answers: list[Any]) -> tuple[list[Any], list[Exception]]:
    """What succeeded and what was refused; anything but a refusal of the house is a fault of ours."""
    faults = [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refused)]
    assert faults == []
    return [a for a in answers if not isinstance(a, Exception)], [a for a in answers if isinstance(a, Exception)]


def stale(case: PenaltyCase) -> PenaltyCase:
    """The case as another page has read it."""
    return PenaltyCase.objects.get(pk=case.pk)


def logged_in(person: Officer) -> Client:
    """A browser of its own; a fault of ours comes back as an answer, not as an exception."""
    client = Client(raise_request_exception=False)
    person.refresh_from_db()
    client.force_login(person.user or people.account(person, f"u{person.pk}"))
    return client


def whole(case: PenaltyCase) -> None:
    """State, acts and record of the case agree."""
    case.refresh_from_db()
    acts = list(case.acts.order_by("ordinal"))
    assert [a.ordinal for a in acts] == list(range(1, case.revision + 1))
    assert acts[-1].to_state == case.state
    assert record.verify_chain(case.chain).ok
    written = {e.hash for e in record.timeline(case.chain)}
    assert {a.entry_hash for a in acts} <= written


def test_of_two_who_conclude_the_same_case_one_is_told_who_was_quicker() -> None:
    town = universe.bureau()
    case = universe.investigated(town)
    rows = [{"party": 1, "provision": universe.provision(), "fine": "60000", "measures": []}]

    def conclude(by: Officer, seen: PenaltyCase) -> Act:
        return take(seen, "conclude", by=by, data={"proposals": rows, **universe.PARTICULARS}, revision=seen.revision)

    pair = [(town.first, stale(case)), (town.second, stale(case))]
    done, refused = outcome(
        at_once(day(7), *(lambda one=one: conclude(*one) for one in pair), gate=(MATTER, (case.pk,)))
    )
    assert len(done) == len(refused) == 1
    assert isinstance(refused[0], OutOfOrder)
    assert f"{done[0].officer.name}已于16:00办理“调查终结”" in str(refused[0])
    assert case.acts.filter(step="conclude").count() == 1
    assert case.case_file.papers.filter(kind="INVESTIGATION_REPORT").count() == 1
    whole(case)


def test_a_program_that_names_no_page_cannot_take_a_step_twice_either() -> None:
    """Without the revision of a page the state itself refuses the second."""
    town = universe.bureau()
    case = universe.concluded(town)
    pair = [(town.first, stale(case)), (town.second, stale(case))]
    done, refused = outcome(
        at_once(day(8), *(lambda one=one: take(one[1], "notify", by=one[0]) for one in pair), gate=(MATTER, (case.pk,)))
    )
    assert len(done) == len(refused) == 1
    assert "已告知" in str(refused[0])
    assert case.case_file.papers.filter(kind="ADVANCE_NOTICE").count() == 1
    whole(case)


def proposed(town: universe.Bureau) -> Application:
    """A filing that both officers have signed."""
    case = universe.clue(town)
    with clock.at(day(1)):
        data = {
            "cause": case.cause,
            "power": "B010",
            "acted_on": "2026-03-01",
            "place": "示例路1号",
            "facts": "缺页。",
            "persons": [],
        }
        made = submit(case, "file", by=town.first, cosigner=town.second, data=data, opinion="建议立案。")
        return cosign(made, by=town.second)


def test_two_reviewers_sign_one_application_and_one_is_told() -> None:
    town = universe.bureau()
    other = people.officer(town.organ, "孙示三", Role.REVIEWER)
    made = proposed(town)
    copies = [(p, Application.objects.get(pk=made.pk)) for p in (town.reviewer, other)]
    answers = at_once(
        day(1),
        *(lambda c=c: opine(c[1], by=c[0], agreed=True) for c in copies),
        gate=(MATTER, (made.matter_id,)),
    )
    faults = [a for a in answers if isinstance(a, Exception)]
    assert len(faults) == 1
    assert isinstance(faults[0], NotCompetent | OutOfOrder)
    made.refresh_from_db()
    assert (made.stage, made.status, made.opinions.count()) == (1, "pending", 1)


def test_who_reviews_never_approves_because_another_reviewed_first() -> None:
    """审核与审批分开: an opinion counts for the stage that its page showed, also where both hold both posts"""
    town = universe.bureau()
    both = [people.officer(town.organ, name, Role.REVIEWER, Role.AGENCY_HEAD) for name in ("孙示三", "吴示四")]
    made = proposed(town)
    copies = [(p, Application.objects.get(pk=made.pk)) for p in both]
    answers = at_once(
        day(1),
        *(lambda c=c: opine(c[1], by=c[0], agreed=True, stage=0) for c in copies),
        gate=(MATTER, (made.matter_id,)),
    )
    faults = [a for a in answers if isinstance(a, Exception)]
    assert len(faults) == 1
    assert isinstance(faults[0], OutOfOrder)
    assert "此页打开以后" in str(faults[0])
    made.refresh_from_db()
    assert (made.stage, made.opinions.count()) == (1, 1)
    assert made.matter.state == "CLUE"


def test_agreement_and_return_at_once_leave_one_of_them() -> None:
    town = universe.bureau()
    other = people.officer(town.organ, "孙示三", Role.AGENCY_HEAD)
    made = proposed(town)
    with clock.at(day(1)):
        opine(made, by=town.reviewer, agreed=True)
    one, two = Application.objects.get(pk=made.pk), Application.objects.get(pk=made.pk)
    answers = at_once(
        day(1),
        lambda: opine(one, by=town.head, agreed=True, stage=1),
        lambda: opine(two, by=other, agreed=False, reason="请补充。", stage=1),
        gate=(MATTER, (made.matter_id,)),
    )
    faults = [a for a in answers if isinstance(a, Exception)]
    assert [type(f) for f in faults] == [OutOfOrder]
    case = PenaltyCase.objects.get(pk=made.matter_id)
    made.refresh_from_db()
    assert (made.status, case.state, case.case_file.serial) in (
        ("granted", "INVESTIGATING", 1),
        ("returned", "CLUE", None),
    )


def test_drawing_at_once_leaves_no_gap_where_some_are_refused_afterwards() -> None:
    """一机关一年一个号段，不跳号: refused approvals give their numbers back while others wait behind them"""
    town = universe.bureau()
    files = [documents.open_case_file(town.organ, 2026, "penalty", f"x/{n}", "示例案") for n in range(12)]
    documents.draw_serial(documents.open_case_file(town.organ, 2026, "penalty", "x/first", "示例案"))

    @transaction.atomic
    def draw(number: int) -> int:
        found = documents.draw_serial(files[number])
        if number % 3 == 0:
            raise OutOfOrder("不予批准")
        return found

    counter = "SELECT 1 FROM document_counter WHERE organ_id = %s AND year = 2026 FOR UPDATE"
    done, refused = outcome(
        at_once(day(1), *(lambda n=n: draw(n) for n in range(12)), gate=(counter, (town.organ.pk,)))
    )
    assert len(refused) == 4
    assert sorted(done) == list(range(2, 10))
    assert sorted(CaseFile.objects.exclude(serial=None).values_list("serial", flat=True)) == list(range(1, 10))


def test_two_publishers_at_once_publish_once() -> None:
    town = universe.bureau()
    other = people.officer(town.organ, "孙示三", Role.PUBLISHER)
    case = universe.served(town)
    pages = [(logged_in(p), f"事实{n}。") for n, p in enumerate((town.publisher, other))]

    def publish(client: Client, facts: str) -> Any:
        data = {"revision": case.revision, "facts": facts, "checked": "与决定书一致。"}
        return client.post(f"/matter/{case.pk}/act/publish/", data)

    answers = at_once(day(24), *(lambda p=p: publish(*p) for p in pages), gate=(MATTER, (case.pk,)))
    assert sorted(a.status_code for a in answers) == [302, 409]
    told = next(a for a in answers if a.status_code == 409).content.decode()
    assert "此页打开以后" in told
    assert Disclosure.objects.count() == 1
    assert case.acts.filter(step="publish").count() == 1
    whole(case)


def test_two_payments_at_once_never_exceed_what_is_owed() -> None:
    town = universe.bureau()
    case = universe.served(town)
    other = people.officer(town.organ, "孙示三", Role.TREASURER)
    copies = [(p, stale(case), f"示票{n}") for n, p in enumerate((town.treasurer, other))]

    def enter(by: Officer, seen: PenaltyCase, voucher: str) -> Act:
        data = {"voucher": voucher, "amount": "60000", "paid_on": str(day(24)), "file": ""}
        return take(seen, "record_payment", by=by, party=1, data=data)

    done, refused = outcome(at_once(day(24), *(lambda c=c: enter(*c) for c in copies), gate=(MATTER, (case.pk,))))
    assert len(done) == len(refused) == 1
    assert isinstance(refused[0], Invalid)
    assert "本次最多0元" in refused[0].field_errors["amount"]
    assert Payment.objects.count() == 1
    whole(case)


def test_one_voucher_entered_at_once_in_two_cases_counts_once_and_the_other_is_told() -> None:
    """Two matters do not wait for each other; the voucher's uniqueness is the database's, the sentence ours."""
    town = universe.bureau()
    cases = [universe.served(town), universe.served(town)]
    pages = [(logged_in(town.treasurer), case) for case in cases]

    def enter(client: Client, case: PenaltyCase) -> Any:
        data = {"revision": case.revision, "party": 1, "voucher": "示票1", "amount": "60000", "paid_on": str(day(24))}
        return client.post(f"/matter/{case.pk}/act/record_payment/", data)

    party = cases[0].parties.get().pk
    held = (
        "INSERT INTO penalty_payment (party_id, voucher, amount, paid_on, entered_by_id, sha256) VALUES (%s, '示票1', 1, now(), %s, '')",
        (party, town.treasurer.pk),
    )
    answers = at_once(day(24), *(lambda p=p: enter(*p) for p in pages), gate=held)
    assert sorted(a.status_code for a in answers) == [302, 422]
    assert "已经登记过" in next(a for a in answers if a.status_code == 422).content.decode()
    assert Payment.objects.count() == 1
    for case in cases:
        whole(case)


def test_an_enterprise_registered_twice_at_once_is_told_and_no_fault_of_ours() -> None:
    """What the database alone can see (here one credit code entered twice) comes back as a sentence, never as a 500."""
    town = universe.bureau()
    sent = {
        "uscc": code(9), "name": "甲山矿业有限公司", "division": "140403103", "status": "active", "address": "示例路9号", "sector": "coal",
        "organ": town.organ.pk, "legal_representative": "周示八", "contacts-TOTAL_FORMS": "0",
        "contacts-INITIAL_FORMS": "0",
    }  # fmt: skip
    pages = [logged_in(p) for p in (town.clerk, town.first)]
    answers = at_once(
        START,
        *(lambda p=p: p.post("/subject/new/unit/", sent) for p in pages),
        gate=("LOCK TABLE subject_subject IN SHARE MODE", ()),
    )
    assert sorted(a.status_code for a in answers) == [302, 409]
    assert "刚刚由他人登记" in next(a for a in answers if a.status_code == 409).content.decode()
    assert Subject.objects.count() == 1


def test_clues_registered_at_the_same_moment_are_two_matters() -> None:
    town = universe.bureau()
    subject = enterprise(town.organ)

    def register(by: Officer) -> PenaltyCase:
        return register_clue(
            organ=town.organ, by=by, source="complaint", cause="未设置警示标志", clue="示例线索", subject=subject,
            received_on=START, found_on=START,
        )  # fmt: skip

    done, refused = outcome(
        at_once(START, *(lambda p=p: register(p) for p in (town.first, town.second, town.clerk, town.reviewer)))
    )
    assert refused == []
    assert len({c.chain for c in done}) == 4
    for case in done:
        whole(case)
