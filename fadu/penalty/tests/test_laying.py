"""What is laid out by one statement is what the database holds, row by row as Django's own queries read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from fadu.org.laying import lay
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.procedure import registry
from fadu.procedure.models import Matter
from fadu.procedure.queries import READ, laid_out

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
