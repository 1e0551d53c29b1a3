"""A visit on a phone in a real browser: 390 px, thumb, signal lost and found; every page checked by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fadu.inspection.models import Submission, Visit
from fadu.inspection.tests import universe as u
from fadu.inspection.tests.test_pages import login
from fadu.kernel import clock
from fadu.procedure.models import Act

AXE = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("FADU_SHOTS", "")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit(live_server: Any) -> tuple[u.Bureau, Visit]:
    """A visit approved for today."""
    bureau = u.build()
    return bureau, u.arranged(bureau, clock.today())


@pytest.fixture
def phone(chromium: Any, live_server: Any, visit: tuple[u.Bureau, Visit]) -> Iterator[Any]:
    """The first officer's phone, logged in; any error on a page fails the test."""
    bureau, _ = visit
    session = login(bureau.first).cookies["sessionid"].value
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, locale="zh-CN",
        permissions=["geolocation"], geolocation={"latitude": 36.19512, "longitude": 113.10562, "accuracy": 5},
    )  # fmt: skip
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def until(page: Any, expression: str) -> None:
    """Wait for something to become true; asked from outside, since the pages forbid evaluating strings."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{expression} did not become true")


def looked_at(page: Any, name: str) -> None:
    """No fault by axe, nothing wider than the screen; a picture where pictures are asked for."""
    page.evaluate(AXE.read_text())
    # what lies under the bars at the foot of the screen is scrolled to, not pressed there: axe would call it too small
    page.evaluate("document.querySelectorAll('.fd-m-foot, .fd-tabbar').forEach(bar => bar.style.position = 'static')")
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    page.evaluate("document.querySelectorAll('.fd-m-foot, .fd-tabbar').forEach(bar => bar.style.position = '')")
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]] == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth"), name
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def draw(page: Any, name: str) -> None:
    """Sign on a pad with a finger (a mouse does the same here)."""
    pad = page.locator(f"[data-fd-sign]:has(input[name='{name}']) canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=6)
    page.mouse.up()
    until(page, f"document.querySelector(\"input[name='{name}']\").files.length === 1")


def tap(page: Any, visit: Visit, code: str, mark: str) -> None:
    """One tap on the result of an item."""
    item = next(i for i in visit.items() if i.code == code)
    page.locator(f"#item-{item.pk} .fd-tri label").nth({"ok": 0, "bad": 1, "none": 2}[mark]).click()


def test_a_visit_by_thumb_from_certificates_to_a_served_order(
    phone: Any, visit: tuple[u.Bureau, Visit], tmp_path: Path
) -> None:
    bureau, one = visit
    phone.goto(reverse("inspection:today"))
    looked_at(phone, "1-today")
    phone.get_by_role("link", name="示甲冶炼有限公司").click()
    looked_at(phone, "2-begin")
    phone.get_by_label("职务").fill("总经理")
    phone.get_by_role("button", name="已亮证，开始检查").click()
    phone.wait_for_selector(".fd-ring")
    shot = tmp_path / "a.jpg"
    shot.write_bytes(u.picture("brown", (640, 480)))
    for item in one.items():
        tap(phone, one, item.code, "ok")
    tap(phone, one, "G-15", "bad")
    bad = next(i for i in one.items() if i.code == "G-15")
    phone.set_input_files(f"input[name='photos_{bad.pk}']", str(shot))
    until(phone, "document.querySelectorAll('.fd-shots li').length === 1")
    until(phone, f"(document.querySelector(\"input[name='photos_{bad.pk}_said']\").value || '').includes('36.19512')")
    assert phone.locator(".fd-ring text").text_content() == "31/31"
    looked_at(phone, "3-checklist")
    phone.get_by_role("button", name="1项不符合，去开单").click()
    phone.wait_for_url("**/problems/")
    looked_at(phone, "4-problems")
    phone.get_by_role("link", name="去签名").click()
    phone.wait_for_selector("[data-fd-sign]")
    for officer in bureau.both:
        draw(phone, f"sign_{officer.pk}")
    draw(phone, "sign_party")
    phone.locator("input[name='due_1']").fill((clock.today().replace(year=clock.today().year + 1)).isoformat())
    phone.select_option("select[name='capacity']", "主要负责人")
    looked_at(phone, "5-sign")
    phone.get_by_role("button", name="签发并当场送达").click()
    phone.wait_for_url("**/onsite/")
    phone.wait_for_selector("text=还有1项没有整改合格")
    looked_at(phone, "6-done")
    one = u.fresh(one)
    assert (one.state, one.findings.get().photos != []) == ("RECTIFYING", True)
    assert one.order is not None
    assert one.order.services.get().method == "in_person"


def test_what_is_marked_without_a_signal_is_kept_told_and_sent_once(phone: Any, visit: tuple[u.Bureau, Visit]) -> None:
    bureau, one = visit
    one = begun(one, bureau)
    phone.goto(reverse("inspection:onsite", args=[one.pk]))
    phone.context.set_offline(True)
    tap(phone, one, "G-01", "ok")
    tap(phone, one, "G-10", "bad")
    phone.get_by_role("button", name="保存", exact=True).click()
    phone.wait_for_selector("[data-fd-unsent]:not([hidden])")
    until(phone, "document.querySelector('[data-fd-unsent-count]').textContent === '1份未上传'")
    looked_at_offline = phone.locator("[data-fd-unsent-text]").inner_text()
    assert looked_at_offline == "没有信号，填写的内容存在本机"
    if SHOTS:
        phone.screenshot(path=f"{SHOTS}/7-offline.png")
    assert one.checks.count() == 0
    phone.context.set_offline(False)
    phone.wait_for_selector("text=检查结果已保存")
    assert sorted(one.checks.values_list("result", flat=True)) == ["bad", "ok"]
    assert (Act.objects.filter(matter=one, step="check").count(), Submission.objects.count()) == (1, 1)


def test_a_draft_survives_closing_the_page(phone: Any, visit: tuple[u.Bureau, Visit]) -> None:
    bureau, one = visit
    one = begun(one, bureau)
    url = reverse("inspection:onsite", args=[one.pk])
    phone.goto(url)
    tap(phone, one, "G-10", "bad")
    item = next(i for i in one.items() if i.code == "G-10")
    phone.locator(f"textarea[name='text_{item.pk}']").fill("两名焊工无证")
    phone.wait_for_timeout(800)
    phone.goto(reverse("inspection:today"))
    phone.goto(url)
    phone.wait_for_selector("text=已恢复")
    assert phone.locator(f"textarea[name='text_{item.pk}']").input_value() == "两名焊工无证"


def begun(visit: Visit, bureau: u.Bureau) -> Visit:
    """The visit under way since just now."""
    from fadu.procedure.services import take

    now = clock.now().isoformat()
    take(
        visit,
        "begin",
        by=bureau.first,
        data={"started_at": now, "shown_at": now, "officers": [o.pk for o in bureau.both], "met_name": "张某一"},
    )
    return u.fresh(visit)
