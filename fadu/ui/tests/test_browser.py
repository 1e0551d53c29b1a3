"""The interface in a real browser: accessible, quiet under the content policy, and nothing typed is lost."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from fadu.ui import finders

pytestmark = pytest.mark.browser
AXE = finders.NODE_MODULES / "axe-core/axe.min.js"
PAGES = ("", "ledger/", "phone/", "public/", "refusal/409/")


def open_page(chromium: Any, url: str, width: int = 1280, **context: Any) -> tuple[Any, list[str]]:
    page = chromium.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", **context).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    return page, said


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible_and_fit(chromium: Any, address: str, width: int, theme: str) -> None:
    for name in PAGES:
        page, said = open_page(chromium, address + name, width)
        page.context.add_cookies([{"name": "fd_theme", "value": theme, "url": address}])
        page.reload()
        # scripts of the page stay under its policy; the tester's own is run beside it
        page.evaluate(AXE.read_text())
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = page.evaluate("rules => axe.run(document, rules)", rules)
        assert found["passes"], "axe looked at something"
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (
            f"{name} is wider than the screen"
        )
        assert [text for text in said if "409" not in text] == [], name
        page.context.close()


def test_the_keyboard_reaches_search_rows_and_help(chromium: Any, address: str) -> None:
    page, _ = open_page(chromium, address + "ledger/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.locator("tr.focus").count() == 1
    assert page.evaluate("document.activeElement === document.querySelectorAll('tbody tr')[1]")
    page.keyboard.press("?")
    assert page.locator("#fd-keys").evaluate("d => d.open")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("j")
    assert page.input_value("[data-fd-search]") == "j", "letters typed into a field are letters"
    page.context.close()


def test_a_form_is_sent_once_however_often_it_is_pressed(chromium: Any, address: str) -> None:
    page, _ = open_page(chromium, address)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        "() => { const b = [...document.querySelectorAll('button')].find(b => b.textContent === '提交'); b.click(); b.click(); b.click(); }"
    )
    page.wait_for_load_state()
    page.wait_for_timeout(300)
    assert len(sent) == 1
    assert page.evaluate("document.activeElement.className") == "fd-errors", "focus is where the errors are told"
    page.context.close()


def test_a_field_that_depends_on_another_is_neither_shown_nor_sent_before(chromium: Any, address: str) -> None:
    page, _ = open_page(chromium, address)
    reason = page.locator("#op")
    assert not reason.is_visible()
    assert reason.is_disabled()
    page.check("input[name=o][value='3']")
    assert reason.is_visible()
    assert reason.is_enabled()
    page.context.close()


def test_the_look_is_kept(chromium: Any, address: str) -> None:
    page, _ = open_page(chromium, address)
    page.locator("[data-fd-theme]").first.click()
    page.goto(address + "ledger/")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.context.close()


def picture(colour: tuple[int, int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def fill_in(page: Any) -> None:
    page.fill("textarea", "2号料仓未设置警示标志")
    page.check("input[value=x]", force=True)
    for name, colour in (("a.jpg", (180, 150, 110)), ("b.jpg", (60, 90, 70))):
        page.set_input_files("#id_photos", {"name": name, "mimeType": "image/jpeg", "buffer": picture(colour)})
        page.wait_for_timeout(200)
    page.locator(".fd-shots", has_text=re.compile("5米内.*5米内", re.S)).wait_for()  # a late word would move the pad
    pad = page.locator("[data-fd-sign] canvas")
    pad.evaluate("node => node.scrollIntoView({block: 'center'})")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 70, steps=8)
    page.mouse.up()
    page.locator("[data-fd-sign-note]", has_text="已签").wait_for()
    page.wait_for_timeout(800)  # the draft is kept 400 ms after the last change


PHONE = {
    "has_touch": True,
    "permissions": ["geolocation"],
    "geolocation": {"latitude": 36.19512, "longitude": 113.10562, "accuracy": 5},
}


def test_what_was_entered_on_the_spot_survives_a_closed_page(chromium: Any, address: str) -> None:
    page, said = open_page(chromium, address + "phone/", 390, **PHONE)
    fill_in(page)
    token = page.input_value("[name=client_token]")
    page.reload()
    page.wait_for_timeout(800)
    assert page.input_value("textarea") == "2号料仓未设置警示标志"
    assert page.is_checked("input[value=x]")
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 2
    assert page.evaluate("document.querySelector('#id_signature').files.length") == 1
    assert page.input_value("[name=client_token]") == token, "the server can tell a repeat"
    said_of_photos = page.input_value("[data-fd-photos-said]")
    assert re.search(r'"latitude":36\.19512,"longitude":113\.10562,"accuracy":5', said_of_photos)
    assert said == []
    page.context.close()


def test_without_a_signal_it_says_so_and_sends_once_when_the_signal_is_back(chromium: Any, address: str) -> None:
    page, _ = open_page(chromium, address + "phone/", 390, **PHONE)
    fill_in(page)
    page.context.set_offline(True)
    page.click("text=保存并继续")
    page.wait_for_timeout(600)
    assert "1份未上传" in page.inner_text("[data-fd-unsent]")
    assert page.input_value("textarea") == "2号料仓未设置警示标志"
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status) if response.request.method == "POST" else None)
    page.context.set_offline(False)
    page.wait_for_url("**done=1")
    page.wait_for_timeout(300)
    assert answers == [302]
    assert not page.is_visible("[data-fd-unsent]")
    page.goto(address + "phone/")
    page.wait_for_timeout(500)
    assert page.input_value("textarea") == "", "what has arrived is no longer kept here"
    page.context.close()


def test_the_public_site_works_without_scripts(chromium: Any, address: str) -> None:
    page, said = open_page(chromium, address + "public/", java_script_enabled=False)
    assert page.locator("script").count() == 0
    page.fill("#q", "丁坪")
    page.click("text=查询")
    assert "q=" in page.url
    assert said == []
    page.context.close()
