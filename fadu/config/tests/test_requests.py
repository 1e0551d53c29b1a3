"""One transaction a request, refusals, error pages, health: what every page of the program gets from the roof."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from fadu.config.environment import ROOT
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org.models import Division

pytestmark = pytest.mark.django_db
CODE = "99"


def write(request: HttpRequest) -> HttpResponse:
    """Make a division."""
    Division.objects.create(code=CODE, name="示例省", full_name="示例省", level="province")
    return HttpResponse("written")


def write_then(problem: Exception) -> Callable[[HttpRequest], HttpResponse]:
    """A view that writes and then runs into a problem."""

    def view(request: HttpRequest) -> HttpResponse:
        write(request)
        raise problem

    return view


VIEWS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "write": write,
    "out-of-order": write_then(OutOfOrder("告知书已送达（《行政处罚法》第四十四条）")),
    "not-competent": write_then(NotCompetent("办理人不是本案执法人员")),
    "invalid": write_then(Invalid({"fine": "罚款数额必须是整数元"})),
    "broken": write_then(RuntimeError("secret detail")),
    "denied": write_then(PermissionDenied("这项工作由法制审核人员办理。")),
    "suspicious": write_then(SuspiciousOperation("x")),
}
urlpatterns = [
    *(path(f"try/{name}", login_not_required(view)) for name, view in VIEWS.items()),
    path("", include("fadu.config.urls")),
]
handler400 = "fadu.config.views.bad_request"
handler403 = "fadu.config.views.forbidden"
handler404 = "fadu.config.views.not_found"
handler500 = "fadu.config.views.server_error"


@pytest.fixture
def visitor(settings: Any) -> Client:
    """A visitor without login; what a view raises is answered, not raised into the test."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def written() -> bool:
    """Did the view's row stay?"""
    return Division.objects.filter(code=CODE).exists()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_reading_request_cannot_write(visitor: Client, method: str) -> None:
    response = getattr(visitor, method)("/try/write")
    assert response.status_code == 500
    assert not written()


def test_the_database_itself_refuses_the_write_of_a_get(visitor: Client) -> None:
    from django.db.utils import InternalError

    with pytest.raises(InternalError, match="read-only transaction"):
        Client().get("/try/write")


def test_a_post_writes(visitor: Client) -> None:
    assert visitor.post("/try/write").status_code == 200
    assert written()


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("out-of-order", 409, "告知书已送达（《行政处罚法》第四十四条）"),
        ("not-competent", 403, "办理人不是本案执法人员"),
        ("invalid", 422, "罚款数额必须是整数元"),
        ("denied", 403, "这项工作由法制审核人员办理。"),
        ("suspicious", 400, "请求的内容无法识别"),
        ("broken", 500, "所填内容没有写入"),
    ],
)
def test_a_refused_or_failed_post_leaves_nothing_and_says_why(
    visitor: Client, name: str, status: int, sentence: str
) -> None:
    response = visitor.post(f"/try/{name}")
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert "secret detail" not in page
    assert not written()


def test_an_unknown_page_is_a_page(visitor: Client) -> None:
    response = visitor.get("/no/such/page")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_a_post_without_its_token_is_refused_in_chinese(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    response = Client(enforce_csrf_checks=True).post("/try/write")
    assert response.status_code == 403
    assert 'lang="zh-Hans"' in response.content.decode()
    assert not written()


def test_a_foreign_host_name_is_refused(visitor: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["fadu.example"]
    assert visitor.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_a_body_larger_than_a_file_of_evidence_is_refused_unread(visitor: Client, settings: Any) -> None:
    settings.EVIDENCE_LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2, 1024
    for size, status in ((1024**2, 200), (1024**2 + 1025, 413)):
        response = Client().post("/try/write", data="x" * size, content_type="application/octet-stream")
        assert response.status_code == status
    assert "不能超过 1 MB" in response.content.decode()


def test_a_page_of_a_fault_tells_the_number_under_which_the_log_has_it(visitor: Client) -> None:
    response = visitor.post("/try/broken")
    assert response["X-Request-ID"] in response.content.decode()


def test_every_answer_names_its_request_as_the_log_does(
    visitor: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("fadu"), "propagate", True)
    with caplog.at_level(logging.INFO, logger="fadu.request"):
        first, second = (visitor.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert first != second
    logged = [record.msg for record in caplog.records if isinstance(record.msg, dict) and record.name == "fadu.request"]
    assert [line["request"] for line in logged] == [first, second]
    assert (logged[0]["path"], logged[0]["status"], logged[0]["method"]) == ("/healthz", 200, "GET")


def test_a_log_line_is_json_on_standard_error_when_asked(tmp_path: Any) -> None:
    program = (
        "import django; django.setup(); import structlog;"
        "structlog.get_logger('fadu.x').info('办结', case='示应急罚〔2026〕1号')"
    )
    done = _run(program, FADU_LOG="json")
    assert done.stdout == ""
    line = json.loads(done.stderr.splitlines()[-1])
    assert (line["event"], line["case"], line["level"]) == ("办结", "示应急罚〔2026〕1号", "info")


def test_health_and_readiness_answer_without_login(visitor: Client) -> None:
    assert visitor.get("/healthz").json() == {"status": "ok"}
    assert visitor.get("/readyz").json() == {"status": "ok", "worker": "none"}


def test_the_icon_a_browser_asks_for_by_itself_is_there(visitor: Client) -> None:
    answer = visitor.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/ui/chop.svg")


def test_readiness_says_503_while_tables_are_behind(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: {})
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "migrations pending")


def test_without_its_database_the_program_lives_but_is_not_ready() -> None:
    program = """
import django; django.setup()
from django.test import Client
visitor = Client(HTTP_HOST="localhost", raise_request_exception=False)
for page in ("/healthz", "/readyz"):
    print(page, visitor.get(page).status_code)
visitor.cookies["sessionid"] = "x" * 32
answer = visitor.get("/no/such/page")
print(answer.status_code, "系统出错了" in answer.content.decode())
"""
    done = _run(program, DATABASE_URL="postgresql://nobody:x@/nothing?host=/nonexistent")
    assert done.stdout.split("\n")[:3] == ["/healthz 200", "/readyz 503", "500 True"]


def _run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program on the real settings in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "fadu.config.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
