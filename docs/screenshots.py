"""Takes the manual's screenshots of the demo city anew: ``make docs``. They are never compared."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fadu.config import database
from fadu.config.environment import ROOT, environment
from fadu.config.servers import answers

if TYPE_CHECKING:
    from fadu.org.models import User
    from fadu.procedure.models import Matter

MANUAL = ROOT / "docs" / "manual"
CHROMIUM = "/usr/bin/chromium"
PORT = "8791"
WIDE, PHONE = (1280, 900), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: the file's name, who looks (a role, or nobody), where, and how large the screen is."""

    name: str
    role: str
    where: Callable[[], str]
    size: tuple[int, int] = WIDE


def person(role: str) -> "User":
    """An account whose post of today, in the city's organ if there is one, carries the role."""
    from fadu.kernel import clock
    from fadu.org.models import Appointment

    held = Appointment.objects.on(clock.today()).filter(
        post__roles__contains=[role.lower()], officer__user__is_active=True
    )
    found = held.select_related("officer__user").order_by("post__organ__division__code", "pk").first()
    if found is None or found.officer.user is None:
        sys.exit(f"no account in the demo city holds {role}: run manage.py build-demo")
    return found.officer.user


def matter(*states: str) -> "Matter":
    """The latest penalty case in one of the states."""
    from fadu.procedure.models import Matter

    cases = Matter.objects.filter(procedure_key__startswith="penalty.ordinary@", state__in=states)
    found = cases.order_by("-pk").first()
    if found is None:
        sys.exit(f"no case in the demo city is {states}: run manage.py build-demo")
    return found


def at(name: str, *args: Any) -> Callable[[], str]:
    """The address of a named page; an argument that is a function is called."""
    from django.urls import reverse

    return lambda: reverse(name, args=[arg() if callable(arg) else arg for arg in args])


def shots() -> list[Shot]:
    """What the manual shows."""
    from fadu.penalty.models import Disclosure
    from fadu.subject.models import Subject

    def decided() -> int:
        return int(matter("DECIDED", "SERVED", "PERFORMED", "CLOSED", "ARCHIVED").pk)

    def undecided() -> int:
        return int(matter("CONSIDERED", "NOTIFIED", "CONCLUDED", "INVESTIGATING").pk)

    def newest(model: type[Any], **which: Any) -> Callable[[], int]:
        return lambda: model.objects.filter(**which).order_by("-pk").values_list("pk", flat=True)[0]

    return [
        Shot("public-home", "", at("publicity:home")),
        Shot("public-decisions", "", at("publicity:decisions")),
        Shot("public-decision", "", at("publicity:decision", newest(Disclosure, withdrawn_on=None)), PHONE),
        Shot("login", "", at("org:login")),
        Shot("desk", "CASE_OFFICER", at("procedure:desk")),
        Shot("desk-phone", "CASE_OFFICER", at("procedure:desk"), PHONE),
        Shot("desk-head", "AGENCY_HEAD", at("procedure:desk")),
        Shot("matter", "CASE_OFFICER", at("procedure:matter", undecided)),
        Shot("matter-decided", "LEGAL_REVIEWER", at("procedure:matter", decided)),
        Shot("record", "LEGAL_REVIEWER", at("procedure:record", decided)),
        Shot("visits", "CASE_OFFICER", at("inspection:visits")),
        Shot("onsite-today", "CASE_OFFICER", at("inspection:today"), PHONE),
        Shot("cases", "CLERK", at("penalty:ledger")),
        Shot("clues", "CLERK", at("penalty:clues")),
        Shot("procedure", "LEGAL_REVIEWER", at("procedure:procedure", "penalty.ordinary")),
        Shot("article", "LEGAL_REVIEWER", at("law:article", "APL", "58")),
        Shot("subject", "CASE_OFFICER", at("subject:page", newest(Subject, organ__parent=None))),
    ]


def session(user: "User") -> str:
    """The key of a session in which ``user`` is logged in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from fadu.org.session_store import SessionStore
    from fadu.org.sessions import BACKEND

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(600)
    store.create()
    return str(store.session_key)


def main() -> None:
    """Serve the city, look at each page as the person who works on it, keep the pictures."""
    if not Path(CHROMIUM).exists():
        sys.exit(f"没有找到 {CHROMIUM}：请安装 Debian 的 chromium 软件包。")
    os.environ |= {"DJANGO_SETTINGS_MODULE": "fadu.config.settings", "PORT": PORT, "FADU_DEMO": "1"}
    database.prepare()
    import django

    django.setup()
    wanted = [(shot, shot.where(), session(person(shot.role)) if shot.role else "") for shot in shots()]
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT)
    try:
        while not answers(environment()):
            if server.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.2)
        take(wanted)
    finally:
        server.terminate()
        server.wait()


def take(wanted: list[tuple[Shot, str, str]]) -> None:
    """Take the pictures; a page that is not answered with 200 ends the run."""
    from playwright.sync_api import sync_playwright

    MANUAL.mkdir(exist_ok=True)
    address = f"http://127.0.0.1:{PORT}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for shot, path, key in wanted:
            width, height = shot.size
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            if key:
                context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
            page = context.new_page()
            answer = page.goto(address + path)
            if answer is None or answer.status != 200:
                sys.exit(f"{path} as {shot.role or 'visitor'}: {answer.status if answer else 'no answer'}")
            page.screenshot(path=MANUAL / f"{shot.name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
