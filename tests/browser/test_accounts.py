"""Enrolling a second factor and logging in with it, the bell, and a policy that no page breaks; real Chromium, two widths."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from django.test import Client

from fadu.kernel import clock
from fadu.org import services
from fadu.org.models import Delegation, Officer, SecondFactor
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.reminder.kinds import Kind
from fadu.reminder.services import tell
from tests.browser.conftest import looks_right

WIDTHS = (1280, 390)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browse(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A new window of a width, for nobody or for a person; what the policy refuses is collected in ``refused``."""
    contexts = []

    def window(width: int, person: Officer | None = None) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, locale="zh-CN"
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person.user or universe.account(person, f"u{person.pk}"))
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.refused = []
        page.on("console", lambda m: page.refused.append(m.text) if "Content Security Policy" in m.text else None)
        return page

    yield window
    for context in contexts:
        context.close()


def log_in(page: Any) -> None:
    page.goto("/login/")
    page.fill("[name=username]", "lishi")
    page.fill("[name=password]", universe.PASSWORD)
    page.click("main button[type=submit]")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_person_enrols_a_phone_and_logs_in_with_it(browse, width, settings):
    town = universe.build()
    universe.account(town.of(town.city, Role.AGENCY_HEAD), "lishi")
    settings.TOTP_ROLES = frozenset({"agency_head"})
    page = browse(width)
    log_in(page)
    assert page.url.endswith("/account/factor/")  # the settings demand it of heads
    page.click("text=开始启用")
    picture = page.locator("img[alt=验证器二维码]")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    looks_right(page)
    totp = pyotp.TOTP(page.locator("[data-fd-secret]").inner_text().replace(" ", ""))
    moment = clock.now().timestamp()
    page.fill("[name=code]", "123")
    page.click("text=启用 >> nth=-1")
    assert "验证码不对" in page.inner_text("main")
    page.fill("[name=code]", totp.at(int(moment) - 30))
    page.get_by_role("button", name="启用", exact=True).click()
    codes = page.locator("[data-fd-code]").all_inner_texts()
    assert len(codes) == 10
    assert SecondFactor.objects.get().confirmed_at is not None
    page.click("text=已经保存")
    assert "（已启用）" in page.inner_text("main")

    again = browse(width)
    log_in(again)
    assert again.url.endswith("/login/code/")
    looks_right(again)
    again.fill("[name=code]", "000000")
    again.click("main button[type=submit]")
    assert "验证码不对" in again.inner_text("main")
    again.fill("[name=code]", totp.at(int(clock.now().timestamp())))
    again.click("main button[type=submit]")
    assert again.url.endswith("/desk/")

    third = browse(width)
    log_in(third)
    third.fill("[name=code]", codes[3])
    third.click("main button[type=submit]")
    assert third.url.endswith("/desk/")
    assert [*page.refused, *again.refused, *third.refused] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_new_pages_are_whole_accessible_and_keep_the_policy(browse, width):
    town = universe.build()
    head = town.of(town.city, Role.AGENCY_HEAD)
    today = clock.today()
    services.delegate(
        head, town.of(town.city, Role.REVIEWER), organ=town.city, kind=Delegation.Kind.APPROVALS, approvals=["decision", "closing"],
        starts_on=today, ends_on=today, reason="赴省委党校参加领导干部法治专题培训班学习",
    )  # fmt: skip
    tell(
        Kind.APPROVAL, [head], key="x", url="/delegations/", text="示例矿业有限公司未如实记录教育培训情况案：请您签署。"
    )
    pages = {
        Role.AGENCY_HEAD: ["/account/", "/account/factor/", "/account/password/", "/delegations/", "/reminders/", "/reminders/preferences/"],
        Role.SECURITY: ["/security/?q=u", "/delegations/"],
        Role.AUDITOR: ["/audit/logins/", "/audit/changes/"],
        Role.ADMIN: ["/reminders/deliveries/"],
    }  # fmt: skip
    for role, addresses in pages.items():
        page = browse(width, town.of(town.city, role))
        for address in addresses:
            answer = page.goto(address)
            assert answer.status == 200, address
            refused = list(page.refused)
            looks_right(page)
            assert refused == [], address


def test_the_bell_leads_to_the_list_and_a_reminder_to_its_page(browse):
    town = universe.build()
    head = town.of(town.city, Role.AGENCY_HEAD)
    tell(Kind.DELEGATION, [head], key="x", url="/delegations/", text="示例提醒")
    page = browse(390, head)
    page.goto("/account/")
    page.click("[aria-label='提醒，1条未读']")
    page.click("text=查看")
    assert page.url.endswith("/delegations/")
    assert page.locator("[aria-label='提醒']").count() == 1


def test_the_browser_itself_refuses_a_script_written_into_a_page(browse):
    """The policy is really in force: what somebody managed to write into a page does not run."""
    page = browse(1280)
    page.goto("/login/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s);"
        " const i = document.createElement('img'); i.setAttribute('onerror', 'window.broken = 2'); i.src = 'data:x'; document.body.append(i); }"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.broken") is None
    assert len(page.refused) >= 2


def test_djangos_own_admin_keeps_the_policy_too(browse):
    town = universe.build()
    page = browse(1280, town.of(town.city, Role.ADMIN))
    for address in ("/admin/", "/admin/org/post/add/", "/admin/org/appointment/add/", "/admin/org/user/"):
        assert page.goto(address).status == 200
    assert page.refused == []
