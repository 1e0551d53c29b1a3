"""The API as its own OpenAPI document describes it: whatever is sent, the answer is one that the document announces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from fadu.config.wsgi import application
from fadu.org.roles import Role
from tests.scope.routes import API, EAST, OPEN_API
from tests.scope.test_matrix import leaks
from tests.scope.world import World

CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
OPEN_PATHS = (
    "/api/v1/powers",
    "/api/v1/benchmarks",
    "/api/v1/checklists",
    "/api/v1/hazard-standards",
)  # what the public pages show
TOKEN = "a" * 32  # of the form of a CSRF token; sent twice, as a page does


@contextmanager
def _one_connection() -> Iterator[None]:
    """The program is called whole, as by a server, but within the test's transaction: it may not end the connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def document(world: World) -> Any:
    """The description, read as an officer reads it."""
    return world.client(EAST, Role.CLERK).get("/api/v1/openapi.json").json()


def test_the_document_describes_every_operation_and_no_other(world: World) -> None:
    operations = [operation for path in document(world)["paths"].values() for operation in path.values()]
    assert len(operations) == len(API - {"api:api-root"}) + len(OPEN_API)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", [None, Role.CASE_OFFICER, Role.AUDITOR], ids=str)
def test_every_operation_answers_as_described(world: World, role: Role | None, mode: GenerationMode) -> None:
    """With what fits the description and with what does not; for strangers it is 401 whatever they send."""
    statuses: set[int] = set()
    openly: set[int] = set()
    schema = schemathesis.openapi.from_dict(document(world))
    schema.app = application
    session = world.client(EAST, role).cookies["sessionid"].value if role else ""
    cookies = {"sessionid": session, "csrftoken": TOKEN} if role else {}
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=25, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(operation.as_strategy(generation_mode=mode))
        def called(case: Any) -> None:
            with _one_connection():
                answer = case.call(cookies=cookies, headers={"X-CSRFToken": TOKEN})
            case.validate_response(answer, checks=CHECKS)
            (openly if case.operation.path.startswith(OPEN_PATHS) else statuses).add(answer.status_code)

        called()
    expected = {401} if role is None else {200} if mode is GenerationMode.POSITIVE else {200, 400, 422}
    assert statuses <= expected
    assert openly <= {200, 400, 403, 404, 422}


def test_the_api_knows_no_matter(world: World) -> None:
    for role in Role:
        asked = {"law": "安全生产法", "article": "97", "id": "甲"}
        answer = world.client(EAST, role).post("/api/v1/check-penalty", asked, content_type="application/json")
        assert answer.status_code == 200
        assert not leaks(answer)
