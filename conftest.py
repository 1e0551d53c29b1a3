"""The test database: the owner migrates a template once, each run copies it and connects as the application role."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from fadu.config import database
from fadu.config.embedded import OWNER

ROOT = Path(__file__).resolve().parent
CHROMIUM = Path("/usr/bin/chromium")
DATABASE = database.environment().database  # named by tests/settings.py, which pytest-django reads first

SHAPING = (
    "fadu/*/migrations/*.py",
    "fadu/*/data/**/*",
    "fadu/*/grants.py",
    "fadu/*/services.py",
    "fadu/*/services/content.py",
    "fadu/law/content/*.py",
    "fadu/law/library/services.py",
    "fadu/config/management/commands/*.py",
)


def _fingerprint() -> str:
    """A digest of all that shapes the template: migrations, content and what loads it."""
    digest = hashlib.sha256()
    for pattern in SHAPING:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _template() -> str:
    """The name of a migrated template with content loaded; built by the owner when the fingerprint is new."""
    name = f"fadu_template_{_fingerprint()}"
    marker = database.cluster().var / "pg" / f"template-made-{name}"
    with open(database.cluster().var / "pg" / "template.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not marker.exists():
            with database.superuser() as connection:
                for (old,) in connection.execute(
                    "SELECT datname FROM pg_database WHERE datname LIKE 'fadu_template_%'"
                ).fetchall():
                    database.drop_database(old)
                    (marker.parent / f"template-made-{old}").unlink(missing_ok=True)
            database.ensure_roles()
            database.ensure_database(name)
            environment = os.environ | {"FADU_DATABASE": name, "DJANGO_SETTINGS_MODULE": "fadu.config.settings"}
            for command in (["migrate", "-v0"], ["load-content"]):
                done = subprocess.run(
                    [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
                )
                if done.returncode:
                    raise RuntimeError(f"manage.py {command[0]} failed: …{(done.stdout + done.stderr)[-1500:]}")
            marker.touch()
    return name


def _drop_abandoned() -> None:
    """Drop the databases of test runs that were killed: their names end with the PID of a process that is gone."""
    with database.superuser() as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'fadu_test_%'").fetchall()
    for (name,) in names:
        pid = name.rpartition("_")[2]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            database.drop_database(name)


def _restore() -> None:
    """Make this worker's database anew from the template."""
    from django.db import connections

    connections.close_all()
    database.drop_database(DATABASE)
    database.ensure_database(DATABASE, template=_template())


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Copy the template; never create or flush (the record refuses TRUNCATE); drop the copy at the end."""
    from fadu.config import embedded

    embedded.use(database.cluster())
    _drop_abandoned()
    with django_db_blocker.unblock():
        _restore()
        yield
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)


@pytest.fixture(scope="session", autouse=True)
def _restore_instead_of_flush() -> Iterator[None]:
    """A test with real commits leaves its database behind; the next one gets a fresh copy of the template."""
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda self: _restore()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]


@pytest.fixture
def owner_connection(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the test database as the owner of its tables, autocommit."""
    with psycopg.connect(database.cluster().url(OWNER, DATABASE), autocommit=True) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _own_vault(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Evidence of a test goes into a folder of its own."""
    settings.VAULT_ROOT = tmp_path_factory.mktemp("vault")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One real browser a run; without one the test fails with one line that says what is missing."""
    if not CHROMIUM.exists():
        pytest.fail("没有找到 /usr/bin/chromium：请安装 Debian 的 chromium 软件包。", pytrace=False)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-background-networking", "--disable-sync"]
        )
        yield browser
        browser.close()
