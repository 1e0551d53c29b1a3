"""Browsers for the journeys: pages opened as a person, faults of a page that fail the test, and a calendar to turn."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.tests.universe import account
from fadu.penalty.tests.universe import START

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390)
# a refusal is an answer like any other; the browser calls its status an error
TOLD = ("net::ERR_FAILED", *(f"status of {status}" for status in (403, 404, 409, 410, 422)))


class Calendar:
    """The days of a case, for the test and for the server's threads alike."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.mornings: list[Callable[[], None]] = []

    def turn(self, days: int, hour: int = 16, minute: int = 0) -> str:
        """Make it that many days after the case began; the day as a date field takes it."""
        return self.set(START + timedelta(days=days), hour, minute)

    def set(self, day: date, hour: int = 16, minute: int = 0) -> str:
        """Make it that moment in Beijing; the day as a date field takes it."""
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.BEIJING)
        self.monkeypatch.setattr(clock, "_moment", ContextVar("moment", default=moment))
        for begin in self.mornings:
            begin()
        return day.isoformat()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The clock of the whole process, set until the test ends."""
    return Calendar(monkeypatch)


@pytest.fixture
def opened(chromium: Any, live_server: Any, calendar: Calendar) -> Iterator[Any]:
    """Open pages as an officer (or nobody) at a width; an error in the page's console fails the test.

    Whoever has a page logs in anew whenever the calendar is turned: a session does not outlast the day.
    """
    contexts: list[tuple[Any, Officer | None]] = []

    def log_in(context: Any, person: Officer) -> None:
        client = Client()
        client.force_login(person.user or account(person, f"u{person.pk}"))
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])

    def log_everybody_in() -> None:
        for context, person in contexts:
            if person is not None:
                log_in(context, person)

    calendar.mornings.append(log_everybody_in)

    def open_as(person: Officer | None, width: int, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, locale="zh-CN", **options
        )
        contexts.append((context, person))
        if person is not None:
            log_in(context, person)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on(
            "console",
            lambda m: faults.append(m.text) if m.type == "error" and not any(t in m.text for t in TOLD) else None,
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    faults: list[str] = []
    yield open_as
    calendar.mornings.clear()
    for context, _ in contexts:
        context.close()
    assert faults == []


def looks_right(page: Any) -> None:
    """No sideways scrolling, and nothing that axe calls serious or critical."""
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    source = AXE.read_text()
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.add_script_tag(content=source)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]] == [], page.url
