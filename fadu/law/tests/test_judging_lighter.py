"""从旧兼从轻 (行政处罚法第三十七条) on two invented versions of one regulation, the newer lighter or heavier than the older."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fadu.law.judging.answering import answer
from fadu.law.judging.book import Book
from fadu.law.provisions import FineRange, FineType, Kind, Measure, Outline, Provision, Sanction, Stage, Target
from fadu.law.statutes import COAL as LAW

OLD, NEW = date(2020, 1, 1), date(2024, 1, 1)
ENDS = {"acted": "2023-06-01", "decided": "2024-02-01"}


def provision(number: int, since: date, lower: int, upper: int, *measures: Measure) -> Provision:
    """A fine on units in 万元, with measures."""
    fine = FineRange(FineType.YUAN, Decimal(upper * 10_000), Decimal(lower * 10_000))
    sanction = Sanction(Stage.IMMEDIATE, Target.UNIT, tuple((m,) for m in measures), (fine,))
    until = NEW if since == OLD else None
    return Provision(f"p{number}", LAW[number], Kind.PENALTY, "示例", (sanction,), since, until)


def book(newer: Provision, older: Provision) -> Book:
    old = Outline(LAW, OLD, NEW, 50, OLD, {10: (0,)})
    new = Outline(LAW, NEW, None, 50, OLD, {20: (0,)}, replaced=LAW, replaces={20: 10})
    return Book([old, new], [newer, older])


def ask(given: Book, article: int, fine: int, acted: str, decided: str) -> tuple[Any, list[str]]:
    row = {"law": LAW.short, "article": article, "act_date": acted, "decision_date": decided}
    answered = answer({**row, "sanctions": {"fine_entity": fine * 10_000}}, given)
    return answered["lawful"], [reason["code"] for reason in answered["reasons"]]


HEAVIER = [(5, 11), (6, 10)]
LIGHTER = [(5, 9), (4, 10), (1, 2)]


@pytest.mark.parametrize(("lower", "upper"), LIGHTER)
def test_a_lighter_version_in_force_at_the_decision_takes_the_place_of_the_older(lower, upper):
    held = book(provision(20, NEW, lower, upper), provision(10, OLD, 5, 10))
    assert ask(held, 20, upper, **ENDS) == (True, [])
    assert ask(held, 10, 8, **ENDS) == (False, ["newer_is_lighter"])
    # Decided before the newer came into force, the older is the law.
    assert ask(held, 10, 8, "2023-06-01", "2023-12-31") == (True, [])


@pytest.mark.parametrize(("lower", "upper"), [*HEAVIER, (5, 10)])
def test_a_version_that_is_not_lighter_does_not_reach_back(lower, upper):
    held = book(provision(20, NEW, lower, upper), provision(10, OLD, 5, 10))
    assert ask(held, 10, 8, **ENDS) == (True, [])
    assert ask(held, 20, 8, **ENDS) == (False, ["not_in_force"])
    assert ask(held, 20, 8, "2024-01-01", "2024-02-01") == (True, [])


def test_a_lower_fine_with_a_graver_measure_is_not_lighter():
    held = book(provision(20, NEW, 1, 2, Measure.REVOCATION), provision(10, OLD, 5, 10))
    assert ask(held, 10, 8, **ENDS) == (True, [])


def test_the_same_fine_without_the_measure_is_lighter():
    held = book(provision(20, NEW, 5, 10), provision(10, OLD, 5, 10, Measure.REVOCATION))
    assert ask(held, 10, 8, **ENDS) == (False, ["newer_is_lighter"])


def test_where_an_amount_is_a_share_of_something_nothing_is_presumed():
    newer = provision(20, NEW, 1, 2)
    share = replace(newer.sanctions[0].fines[0], type=FineType.MULTIPLE)
    newer = replace(newer, sanctions=(replace(newer.sanctions[0], fines=(share,)),))
    assert ask(book(newer, provision(10, OLD, 5, 10)), 10, 8, **ENDS) == (True, [])
