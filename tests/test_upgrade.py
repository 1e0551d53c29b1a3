"""A full database of release 0.1 is brought to the newest tables; its record is the same, whole, and can go on."""

import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fadu.config import database, embedded

ROOT = Path(__file__).resolve().parents[1]
DUMP = ROOT / "tests" / "upgrade" / "release-0.1.sql.xz"
NAME = f"fadu_test_upgrade_{os.getpid()}"


def ask(sql: str, role: str = embedded.OWNER) -> list[tuple[object, ...]]:
    """A query on the upgraded database."""
    with psycopg.connect(database.cluster().url(role, NAME), autocommit=True) as connection:
        return connection.execute(sql).fetchall()


def manage(*command: str) -> subprocess.CompletedProcess[str]:
    """A command of ours on that database."""
    environment = os.environ | {"FADU_DATABASE": NAME, "DJANGO_SETTINGS_MODULE": "fadu.config.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )


RECORD = "SELECT chain, seq, prev_hash, hash, recorded_at, body FROM record_entry ORDER BY chain, seq"
TABLES = (
    "record_entry", "record_head", "record_evidencefile", "document_paper", "document_service", "procedure_matter",
    "procedure_act", "procedure_deadline", "penalty_penaltycase", "penalty_caseparty", "inspection_visit",
    "inspection_finding", "subject_subject", "org_officer", "org_appointment", "law_parametervalue",
)  # fmt: skip


def counts() -> dict[str, object]:
    """How many rows each table of the release has that is still there."""
    there = {row[0] for row in ask("SELECT relname FROM pg_class WHERE relkind = 'r'")}
    return {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES if table in there}


@pytest.fixture(scope="module")
def before() -> Iterator[dict[str, object]]:
    """The database as release 0.1 left it, then migrated; answers what it held before."""
    embedded.use(database.cluster())
    database.ensure_roles()
    database.drop_database(NAME)
    database.ensure_database(NAME)
    try:
        loaded = subprocess.run(
            [str(embedded.binaries() / "psql"), database.cluster().url(embedded.OWNER, NAME)]
            + ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"],
            input=lzma.decompress(DUMP.read_bytes()),
            capture_output=True,
        )
        assert loaded.returncode == 0, loaded.stderr[-500:]
        assert ask("SELECT count(*) FROM django_migrations WHERE app = 'record'") == [(2,)]
        held: dict[str, object] = {"record": ask(RECORD), "counts": counts()}
        done = manage("migrate", "-v0")
        assert done.returncode == 0, done.stderr[-2000:]
        yield held
    finally:
        database.drop_database(NAME)


def test_the_old_database_was_a_full_one(before: dict[str, object]) -> None:
    held = before["counts"]
    assert isinstance(held, dict)
    assert held["record_entry"] == 3739
    assert held["procedure_matter"] == 140
    assert len(held) >= 14


def test_no_entry_of_the_record_changed(before: dict[str, object]) -> None:
    assert ask(RECORD) == before["record"]
    assert counts() == before["counts"]


@pytest.mark.parametrize("way", [(), ("--python",)], ids=["sql", "python"])
def test_the_record_still_verifies(before: dict[str, object], way: tuple[str, ...]) -> None:
    done = manage("verify-record", *way)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "3739 entries, 600 chains, ok"), done.stdout


def test_the_tables_are_those_of_the_code(before: dict[str, object]) -> None:
    assert manage("migrate", "--check").returncode == 0
    assert manage("makemigrations", "--check", "--dry-run").returncode == 0


def test_the_application_has_its_rights_and_no_others(before: dict[str, object]) -> None:
    assert ask("SELECT count(*) FROM record_seal", embedded.APP) == [(0,)]
    for statement in (
        "UPDATE record_entry SET body = body",
        "DELETE FROM record_seal",
        "UPDATE django_migrations SET app = app",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(f"{statement} RETURNING 1", embedded.APP)


def test_old_entries_are_sealed_and_every_matter_can_be_read(before: dict[str, object]) -> None:
    program = """
from fadu.procedure import queries, presenting
from fadu.procedure.models import Matter
from fadu.kernel import clock
for matter in Matter.objects.select_related("organ", "case_file"):
    found = queries.typed(matter)
    presenting.summary(found), presenting.flow(found), queries.facts(found, clock.today())
print(Matter.objects.count())
"""
    shown = manage("shell", "-c", program)
    assert shown.stdout.strip().endswith("140"), shown.stderr[-1500:]
    sealed = manage("seal-day")
    assert sealed.returncode == 0, sealed.stderr
    done = manage("verify-record")
    assert done.returncode == 0, done.stdout
