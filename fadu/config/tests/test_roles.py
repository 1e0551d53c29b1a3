"""The application's login: it works with rows, owns nothing and cannot touch what guards the record."""

from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from fadu.config import embedded

pytestmark = pytest.mark.django_db


def ask(query: str) -> list[Any]:
    """The rows of a query as the application."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_the_application_logs_in_as_itself_without_any_attribute() -> None:
    assert ask("SELECT session_user, current_user") == [(embedded.APP, embedded.APP)]
    attributes = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
    assert ask(f"SELECT {attributes} FROM pg_roles WHERE rolname = current_user") == [(False,)]
    assert ask("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole") == [(0,)]


def test_the_application_owns_nothing() -> None:
    for catalogue, owner in (
        ("pg_class", "relowner"),
        ("pg_proc", "proowner"),
        ("pg_namespace", "nspowner"),
        ("pg_database", "datdba"),
    ):
        assert ask(f"SELECT count(*) FROM {catalogue} WHERE {owner} = current_user::regrole") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE record_entry",
        "TRUNCATE record_head",
        "UPDATE record_entry SET body = '{}'",
        "DELETE FROM record_entry",
        "UPDATE record_head SET seq = 0",
        "INSERT INTO record_head (chain, seq, hash) VALUES ('x', 1, 'x')",
        "ALTER TABLE record_entry DISABLE TRIGGER ALL",
        "DROP TABLE record_entry",
        "SET session_replication_role = replica",
        "SET ROLE fadu_owner",
        "SET SESSION AUTHORIZATION fadu_owner",
        "CREATE TABLE mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
        "CREATE SCHEMA mine",
        "DELETE FROM django_migrations",
        "TRUNCATE org_division CASCADE",
    ],
)
def test_the_application_is_denied(statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError), match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        ask(statement)
