"""The ledger's search: words by the index, a number as people write it, and a name that ends in a figure is no number."""

from __future__ import annotations

import pytest

from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.procedure.queries import search

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["17", "17号", "第17号", "2026年第17号", "〔2026〕17号", "（示）应急罚〔2026〕17-2号"]
)
def test_a_number_finds_its_case_however_it_is_written(words):
    case = universe.filed(universe.bureau())
    case.case_file.__class__.objects.filter(pk=case.case_file_id).update(year=2026)
    serial = case.case_file.__class__.objects.get(pk=case.case_file_id).serial
    assert [row.pk for row in search(PenaltyCase.objects.all(), words.replace("17", str(serial), 1))] == [case.pk]


def test_another_year_and_a_name_that_ends_in_the_figure_find_nothing():
    case = universe.filed(universe.bureau())
    serial = case.case_file.serial
    for words in (f"2019年第{serial}号", f"〔2019〕{serial}号", f"没有这家厂{serial}"):
        assert not search(PenaltyCase.objects.all(), words).exists(), words


def test_two_adjacent_characters_of_a_title_find_it_whatever_their_width():
    case = universe.filed(universe.bureau())
    assert search(PenaltyCase.objects.all(), "培 训").get().pk == case.pk
    assert not search(PenaltyCase.objects.all(), "训培").exists()
