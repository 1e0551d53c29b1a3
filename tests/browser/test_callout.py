"""The board of a callout in a real browser: it moves by itself over the live line, is right on a reload, and fits a phone."""

import copy
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fadu.callout.engine import links
from fadu.callout.models import Call, CalledPost, DutyPost
from fadu.callout.providers.interface import Said
from fadu.callout.services import calling
from fadu.callout.tests import universe
from fadu.callout.tests.test_calling import quiet
from fadu.config.environment import ROOT
from fadu.kernel import clock
from fadu.org.roles import Role
from tests.browser.conftest import WIDTHS, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("FADU_SHOTS")


def shot(page: Any, name: str) -> None:
    """Keep a picture where somebody asked for it."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def line(live_server: Any, settings: Any) -> Iterator[str]:
    """The live line as a process of its own, as ``manage.py serve`` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.LIVE_URL = f"http://127.0.0.1:{port}"
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"] = ["'self'", settings.LIVE_URL]
    settings.CONTENT_SECURITY_POLICY = policy
    environment = os.environ | {"FADU_PUBLIC_URL": live_server.url, "DJANGO_SETTINGS_MODULE": "fadu.config.settings"}
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "fadu.callout.asgi:application", "--port", str(port),
         "--no-ws", "--workers", "1", "--log-level", "warning", "--workers-kill-timeout", "1"],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield settings.LIVE_URL
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def answer(callout: Any, count: int) -> None:
    """So many people answer now."""
    calls = Call.objects.filter(callout=callout, clear=False).exclude(state=4)[:count]
    calling.receive(
        calling.raw(), "simulated", [Said(call.pk, "answered", clock.now(), "回复") for call in calls], clock.now()
    )
    calling.apply()


def test_the_board_moves_by_itself_and_every_page_fits(line: str, opened: Any, calendar: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from fadu.callout.engine.loop import Engine
    from fadu.callout.providers.interface import Hand, Missing

    calendar.turn(0, hour=10)
    town, head = universe.town()
    universe.register("140403", villages=40, without_b=4, doubled=3)
    universe.register("140404", villages=40)
    callout = universe.opened(head, code="1404", colour="红")
    connection.ensure_connection()
    from fadu.callout.engine.moments import Simulated as Clock

    engine = Engine(
        connection.connection, {"simulated": quiet(), "hand": Hand(), "none": Missing()}, ThreadPoolExecutor(2),
        clock=Clock(clock.now()), name="browser",
    )  # fmt: skip
    end = time.monotonic() + 10
    while Call.objects.filter(callout=callout, state__in=(0, 1)).exists() and time.monotonic() < end:
        engine.step()
    page = opened(head, WIDTHS[0])
    with page.expect_response(lambda got: "part=board" in got.url, timeout=60_000) as part:  # after the first reading
        page.goto(f"/callout/{callout.pk}/")
    part.value.finished()
    total = CalledPost.objects.filter(callout=callout).count()
    assert page.locator('dd[data-k="total.posts"]').inner_text() == str(total)
    page.get_by_text("实时更新").wait_for(timeout=60_000)
    answer(callout, 30)
    page.locator('dd[data-k="total.answered"]', has_text="30").wait_for(timeout=3000)
    page.reload()
    assert page.locator('dd[data-k="total.answered"]').inner_text() == "30"
    shot(page, "board-1280")
    looks_right(page)
    phone = opened(head, WIDTHS[1])
    for name, address in (
        ("board", f"/callout/{callout.pk}/"),
        ("register", "/callout/register/"),
        ("post", f"/callout/register/{DutyPost.objects.filter(level='village').first().pk}/"),
        ("import", "/callout/register/import/"),
        ("warning", f"/warning/{callout.warning_id}/"),
        ("called", f"/callout/called/{CalledPost.objects.filter(callout=callout, state=0).first().pk}/"),
        ("list", "/callout/?tab=drill"),
        ("take", "/warning/take/"),
    ):
        keeper = (
            opened(town.officers["市局"][Role.CLERK], WIDTHS[0]) if name in ("register", "import", "post") else page
        )
        small = (
            opened(town.officers["市局"][Role.CLERK], WIDTHS[1]) if name in ("register", "import", "post") else phone
        )
        for one, width in ((keeper, 1280), (small, 390)):
            one.goto(address)
            shot(one, f"{name}-{width}")
            looks_right(one)
    person = Call.objects.filter(callout=callout).exclude(state=4).first().person_id
    visitor = opened(None, WIDTHS[1], java_script_enabled=True)
    visitor.goto(f"/callout/a/{links.token(callout.pk, person)}/")
    shot(visitor, "answer-390")
    looks_right(visitor)
    visitor.get_by_role("button", name="我已收到").click()
    visitor.get_by_text("已经收到您的应答").wait_for()
    calling.close(callout, by=head)
    for one, width in ((page, 1280), (phone, 390)):
        one.goto(f"/callout/{callout.pk}/report/")
        shot(one, f"report-{width}")
        looks_right(one)
