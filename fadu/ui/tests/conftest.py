"""A site made of the interface floor alone, served without a database."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry

REGISTRIES = ("_fillers", "_entries", "_public")


@pytest.fixture
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries of this test's own: what apps have registered stays out and comes back."""
    for name in REGISTRIES:
        monkeypatch.setattr(slots, name, {})
    for name in ("_identity", "_masthead", "_article_url"):
        monkeypatch.setattr(slots, name, [])
    monkeypatch.setattr(slots, "_search", ["search"])


@pytest.fixture
def site(settings: Any, own_registries: None) -> None:
    """The styleguide with a few entries of navigation; no session, no database."""
    settings.DEBUG = True
    settings.ROOT_URLCONF = "fadu.ui.tests.site"
    settings.LOGIN_REDIRECT_URL = "ui:styleguide"
    settings.ALLOWED_HOSTS = ["*"]
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
    ]
    slots.nav(NavEntry(Group.DESK, "工作台", "ui:styleguide", "desk", on_phone=True, count=lambda request: 7))
    slots.nav(NavEntry(Group.INSPECTION, "检查台账", "ui:styleguide_phone", "list", on_phone=True, short="检查"))
    slots.nav(NavEntry(Group.CASES, "案件台账", "ui:styleguide_ledger", "case", on_phone=True, short="案件"))
    slots.identity(
        lambda request: slots.Identity("陈示五", "示例市应急管理局", ("政策法规科·法制审核人员",), "", "/ui/")
    )
    slots.public_nav("执法结果", "ui:styleguide_public")
    slots.search_at("ui:styleguide_ledger")


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(site: None) -> Iterator[str]:
    """The address at which the site is served to a browser."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/ui/"
    server.shutdown()
    server.server_close()
