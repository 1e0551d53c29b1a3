"""What is laid out by one statement is what the database holds, row by row as Django's own queries read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fadu.kernel import clock
from fadu.org.backends import OneReading
from fadu.org.laying import lay
from fadu.org.models import Appointment
from fadu.org.queries import officer_on_duty
from fadu.org.tests import universe as people
from fadu.penalty.models import PenaltyCase
from fadu.penalty.services import register_clue
from fadu.penalty.tests import universe
from fadu.procedure import registry
from fadu.procedure.models import Matter
from fadu.procedure.queries import READ, laid_out
from fadu.procedure.services.take import refresh_outlook
from fadu.subject.tests.universe import enterprise

pytestmark = pytest.mark.django_db


def columns(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def alike(laid: Any, read: Any, paths: list[list[str]]) -> int:
    """Compare two rows and what hangs on them along the paths; how many rows were compared."""
    assert columns(laid) == columns(read)
    compared = 1
    for name in {path[0] for path in paths if path}:
        below = [path[1:] for path in paths if path and path[0] == name]
        mine, its = getattr(laid, name, None), getattr(read, name, None)
        if isinstance(its, models.Model) or its is None:
            assert (mine is None) == (its is None)
            compared += alike(mine, its, below) if its is not None else 0
            continue
        ours, theirs = list(mine.all()), list(its.all())
        assert [row.pk for row in ours] == [row.pk for row in theirs], name
        compared += sum(alike(one, other, below) for one, other in zip(ours, theirs, strict=True))
    return compared


def test_every_row_that_is_laid_out_is_the_row_that_django_reads():
    case = universe.archived(universe.bureau())
    paths = (*READ, *registry.branches["penalty.ordinary"])
    laid = lay(PenaltyCase, case.pk, paths)
    compared = alike(laid, PenaltyCase.objects.get(pk=case.pk), [path.split("__") for path in paths])
    assert compared > 40


def test_what_is_laid_out_is_read_without_asking_the_database_again():
    case = universe.archived(universe.bureau())
    laid_out(case)  # the first time on a connection the statement is prepared
    with CaptureQueriesContext(connection) as asked:
        laid = laid_out(case)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert laid.acts.all()
        for party in laid.parties.all():
            assert list(party.notices.all())
            assert party.case is laid
            assert [
                service.paper.case_file.organ_id
                for paper in laid.case_file.papers.all()
                for service in paper.services.all()
            ]
    assert len(asked) == 0


def test_asking_for_less_than_all_asks_the_database_for_the_rows_of_that_matter_only():
    town = universe.bureau()
    case, other = universe.archived(town), universe.filed(town)
    laid = laid_out(case)
    steps = set(laid.acts.filter(step="file").values_list("matter", flat=True))
    assert steps == {case.pk}
    assert other.acts.filter(step="file").exists()


def test_a_long_text_that_was_left_out_is_read_when_it_is_asked_for():
    case = universe.archived(universe.bureau())
    paper = next(iter(laid_out(case).case_file.papers.all()))
    assert "context" in paper.get_deferred_fields()
    assert paper.context["organ"] == case.organ.name


def test_a_matter_is_laid_out_in_the_state_that_the_caller_has_given_it():
    case = universe.filed(universe.bureau())
    case.state = "CONSIDERED"
    assert laid_out(case).state == "CONSIDERED"
    assert Matter.objects.get(pk=case.pk).state != "CONSIDERED"


def test_a_row_that_is_not_there_cannot_be_laid_out():
    with pytest.raises(ObjectDoesNotExist):
        lay(PenaltyCase, 0, ("acts",))


def test_the_outlook_of_a_matter_being_opened_is_that_of_the_matter_as_it_stands():
    """What is worked out before anything is written equals what is worked out from the rows."""
    case = PenaltyCase.objects.get(pk=universe.clue(universe.bureau()).pk)
    kept = (case.awaiting, case.next_day)
    refresh_outlook(case, universe.START)
    assert kept == (case.awaiting, case.next_day)
    assert case.next_day is not None


def test_the_outlook_after_a_step_is_that_of_the_matter_as_it_stands():
    town = universe.bureau()
    case = universe.investigated(town)
    kept = (case.awaiting, case.next_day)
    refresh_outlook(case, case.acts.last().on)
    assert kept == (case.awaiting, case.next_day)


def test_opening_a_case_and_taking_a_step_ask_eight_statements_each():
    """The budget of docs/performance.md; the first of its kind on a connection reads what a process keeps."""
    town = universe.bureau()
    subject = enterprise(town.organ, number=77)
    case = universe.filed(town)

    def register() -> None:
        register_clue(
            organ=town.organ, by=town.first, source="complaint", cause="未如实记录安全生产教育和培训情况", clue="培训档案缺页。",
            subject=subject, received_on=universe.START, found_on=universe.START,
        )  # fmt: skip

    def evidence() -> None:
        town.act(
            case, "take_evidence", kind="documentary", name="台账", proves="违法事实", obtained_on=clock.today().isoformat(),
            place="示例路1号", by_party=False, file=kept.pop(),
        )  # fmt: skip

    kept = [town.keep(case) for _ in range(2)]
    with clock.at(case.filed_on):
        town.first = officer_on_duty(people.account(town.first, "officer1"), clock.today())
        for act, most in ((register, 8), (evidence, 9)):  # the helper reads the case again after the step
            act()
            with CaptureQueriesContext(connection) as asked:
                act()
            said = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
            assert len(said) <= most, "\n".join(said)


def test_the_page_of_a_case_asks_ten_statements_and_a_ledger_four():
    town = universe.bureau()
    case = universe.filed(town)
    client = Client()
    client.force_login(people.account(town.first, "officer1"))
    for address, most in ((f"/matter/{case.pk}/", 10), ("/penalty/cases/", 4)):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        said = [q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SET TRANSACTION"))]
        assert len(said) <= most, "\n".join(said)


def test_a_laid_relation_is_narrowed_in_the_words_of_its_own_rows():
    """A post in force on a day is asked for as of a relation that was not laid."""
    town = universe.bureau()
    account = OneReading().get_user(people.account(town.first, "officer1").pk)
    assert account is not None
    appointments = account.officer.appointments
    day = clock.today()
    assert list(appointments.on(day)) == list(Appointment.objects.on(day).filter(officer=town.first))
    assert list(appointments.on(day))
