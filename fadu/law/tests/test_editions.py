"""What a process keeps of the law is what stands in the database: the database itself says when it no longer is."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from fadu.kernel.memory import remembering
from fadu.law import editions, queries, services

pytestmark = pytest.mark.django_db
ON = date(2027, 1, 1)


def test_what_is_kept_costs_one_statement_an_act(django_assert_num_queries):
    queries.parameter("payment", ON)
    queries.provision("wsl_97_p1_i4", ON)
    with django_assert_num_queries(1), remembering():
        for name in ("payment", "defence", "filing"):
            queries.parameter(name, ON)
        assert queries.provision("wsl_97_p1_i4", ON)


def test_what_is_entered_counts_at_once():
    before = queries.parameter("payment", ON).n
    services.set_parameter("payment", Decimal(before + 5), since=ON, source="示例")
    assert queries.parameter("payment", ON).n == before + 5


@pytest.mark.parametrize("table", ["law_parameter", "law_provision"])
def test_whoever_writes_a_table_renews_its_edition(table):
    """A change behind the program's back, by hand in the database, is seen like any other."""
    kind = {"law_parameter": editions.NUMBERS, "law_provision": editions.PROVISIONS}[table]
    before = editions.now()[kind]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET note = note || '示例' WHERE id = (SELECT min(id) FROM {table})")
    assert editions.now()[kind] != before


def test_what_was_taken_back_is_not_kept():
    before = queries.parameter("payment", ON).n
    with pytest.raises(RuntimeError), transaction.atomic():
        services.set_parameter("payment", Decimal(before + 5), since=ON, source="示例")
        assert queries.parameter("payment", ON).n == before + 5
        raise RuntimeError("given up")
    assert queries.parameter("payment", ON).n == before


def test_the_editions_may_come_with_another_statement(django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {editions.COLUMN}")
        (column,) = cursor.fetchone()
    with remembering():
        editions.known(column)
        queries.parameter("payment", ON)
    with remembering():
        editions.known(column)
        with django_assert_num_queries(0):
            queries.parameter("payment", ON)
