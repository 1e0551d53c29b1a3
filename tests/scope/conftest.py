"""One world for the whole folder: built once, and what a test changes of it is undone when the test ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from fadu.kernel import clock
from fadu.subject.services import batches
from tests.scope import world as universe


@pytest.fixture(scope="package")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The world's evidence lies in a folder of its own."""
    return tmp_path_factory.mktemp("scope-vault")


@pytest.fixture(autouse=True)
def _own_vault(settings: Any, vault: Any) -> None:
    """In place of the fixture of all other tests: here the evidence outlives a test."""
    settings.VAULT_ROOT = vault


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any, vault: Any) -> Iterator[universe.World]:
    """The world, in a transaction that is rolled back when the folder is done."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAULT_ROOT", vault)
        # progress goes over a connection of its own, which cannot see the rows of this transaction
        patch.setattr(batches._Side, "__call__", lambda self, done, total: None)
        with transaction.atomic():
            yield universe.build()
            transaction.set_rollback(True)


@pytest.fixture
def world(built: universe.World, django_db_blocker: Any) -> Iterator[universe.World]:
    """The world at ten in the morning of 1 April 2026."""
    with django_db_blocker.unblock(), clock.at(universe.NOW), transaction.atomic():
        yield built
        transaction.set_rollback(True)
