"""The database itself refuses to change the record: for the application by grant and trigger, for the owner by trigger."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, transaction

from fadu.kernel import clock
from fadu.record import seals, services, verify
from fadu.record.grants import APPEND_ONLY
from fadu.record.models import Entry
from fadu.record.tests.conftest import OFFICER

Write = Callable[..., Entry]
TABLES = sorted(APPEND_ONLY)
COLUMN = {
    "record_entry": "body",
    "record_head": "seq",
    "record_evidencefile": "name",
    "record_access": "name",
    "record_seal": "root",
    "record_sealedrange": "chain",
}
CHANGES = {
    "update": lambda table: f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}",
    "update of no row": lambda table: f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]} WHERE false",
    "delete": lambda table: f"DELETE FROM {table}",
    "truncate": lambda table: f"TRUNCATE {table} CASCADE",
}
LEVERS = {
    "disable triggers": lambda table: f"ALTER TABLE {table} DISABLE TRIGGER ALL",
    "drop trigger": lambda table: f"DROP TRIGGER record_refuse ON {table}",
    "drop table": lambda table: f"DROP TABLE {table}",
    "own rule": lambda table: f"CREATE RULE quiet AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "own trigger": lambda table: (
        f"CREATE TRIGGER aaa BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION public.record_append()"
    ),
    "lock out": lambda table: f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "take over": lambda table: f"ALTER TABLE {table} OWNER TO CURRENT_USER",
}
SESSION = (
    "SET session_replication_role = replica",
    "ALTER FUNCTION public.record_append() RENAME TO nothing",
    "CREATE OR REPLACE FUNCTION public.record_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SELECT setval('record_entry_id_seq', 1, false)",
    "INSERT INTO record_head (chain, seq, hash) VALUES ('x/1', 9, repeat('0', 64))",
    "SELECT * FROM record_head FOR UPDATE",
    "CREATE TABLE public.mine (chain text, body text)",
)


def refused(sql: str) -> str:
    """Run ``sql`` as the application and give back the code of the database's refusal."""
    with pytest.raises(Error) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return caught.value.__cause__.sqlstate  # type: ignore[union-attr,no-any-return]


@pytest.mark.django_db
def test_the_application_logs_in_as_itself_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_user = current_user, rolsuper, rolcreaterole, "
            "(SELECT count(*) FROM pg_class WHERE relowner = r.oid), "
            "(SELECT count(*) FROM pg_proc WHERE proowner = r.oid), "
            "(SELECT count(*) FROM pg_auth_members WHERE member = r.oid) "
            "FROM pg_roles r WHERE rolname = session_user"
        )
        assert cursor.fetchone() == (True, False, False, 0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_application_has_no_right_to_change(write: Write, table: str, change: str) -> None:
    write()
    assert refused(CHANGES[change](table)) == "42501"  # insufficient privilege


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("lever", LEVERS)
def test_the_application_cannot_get_at_the_guard(table: str, lever: str) -> None:
    assert refused(LEVERS[lever](table)) in ("42501", "42P17")  # not privileged, or not the owner


@pytest.mark.django_db
@pytest.mark.parametrize("sql", SESSION)
def test_the_application_cannot_go_round_the_guard(sql: str) -> None:
    assert refused(sql) == "42501"


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_give_itself_rights(table: str) -> None:
    with connection.cursor() as cursor:  # PostgreSQL answers with a warning and grants nothing
        cursor.execute(f"GRANT UPDATE, DELETE ON {table} TO CURRENT_USER")
    assert refused(CHANGES["delete"](table)) == "42501"


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_rights_are_exactly_those_declared(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) p "
            "WHERE has_table_privilege(%s, p)",
            [table],
        )
        assert {right for (right,) in cursor.fetchall()} == {right for right in APPEND_ONLY[table] if "(" not in right}


def keep_something(write: Write) -> None:
    """One row in each table."""
    from datetime import UTC, datetime, timedelta

    write()
    with clock.at(clock.today() + timedelta(days=1)):
        seals.seal_until(clock.today() - timedelta(days=1))
    services.keep_evidence(
        "笔录".encode(),
        chain="penalty.ordinary/1",
        name="笔录.txt",
        made_by="张示一",
        made_at=datetime(2026, 3, 1, tzinfo=UTC),
        place="示例市",
    )
    services.note_access(OFFICER, "penalty.ordinary/1", "案件")


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_too_is_stopped_by_the_triggers(
    write: Write, table: str, owner_connection: psycopg.Connection[Any]
) -> None:
    keep_something(write)
    for change in CHANGES.values():
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner_connection.execute(change(table))


def test_the_owner_can_neither_write_a_head_nor_number_an_entry(
    write: Write, owner_connection: psycopg.Connection[Any]
) -> None:
    body = write().body
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute("INSERT INTO record_head (chain, seq, hash) VALUES ('x/1', 1, repeat('0', 64))")
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute("INSERT INTO record_entry (chain, body, seq) VALUES ('x/1', %s, 5)", [body])


def test_the_chaining_function_serves_no_other_table(write: Write, owner_connection: psycopg.Connection[Any]) -> None:
    body = write().body
    owner_connection.execute("CREATE TABLE decoy (LIKE record_entry)")
    owner_connection.execute(
        "CREATE TRIGGER t BEFORE INSERT ON decoy FOR EACH ROW EXECUTE FUNCTION public.record_append()"
    )
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute("INSERT INTO decoy (chain, body) VALUES ('penalty.ordinary/1', %s)", [body])
    assert verify.check().ok


def test_a_trigger_switched_off_is_reported(write: Write, owner_connection: psycopg.Connection[Any]) -> None:
    write()
    assert verify.check_guards() == []
    owner_connection.execute("ALTER TABLE record_entry DISABLE TRIGGER record_refuse")
    owner_connection.execute("DROP TRIGGER record_stamp ON record_access")
    assert [(fault.chain, fault.code, fault.detail) for fault in verify.check_guards()] == [
        ("record_access", "guard", "record_stamp"),
        ("record_entry", "guard", "record_refuse"),
    ]
