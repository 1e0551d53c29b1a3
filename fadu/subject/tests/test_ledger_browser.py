"""Importing a ledger in a real browser, at a desk and on a phone; every page checked by axe."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django import app

from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.subject.models import Subject
from fadu.subject.tests.books import HEADER, code, good, save
from fadu.subject.tests.test_ledger_import import client_of
from fadu.ui import finders

AXE = finders.NODE_MODULES / "axe-core/axe.min.js"
SHOTS = os.environ.get("FADU_SHOTS", "")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looked_at(page: Any, name: str) -> None:
    """No fault by axe, nothing wider than the screen; a picture where pictures are asked for."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]] == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth"), name
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def work() -> None:
    """The worker does what waits, in a thread of its own beside the browser's loop."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker, ThreadPoolExecutor(1) as thread:
        thread.submit(worker.run_worker, wait=False, install_signal_handlers=False, listen_notify=False).result(120)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_clerk_sends_looks_and_confirms(chromium: Any, live_server: Any, tmp_path: Path, width: int) -> None:
    town = people.build()
    rows = [
        ["示例区危险化学品企业台账"], HEADER, good(1), good(2, 所属县区="城区", 风险等级="Ⅰ级", 从业人数="约60人", 成立日期="2021年3月5日"),
        good(3, 统一社会信用代码=code(3)[:17]), good(4, 许可证有效期至="长期", 联系电话=13912345678), good(5, 所属县区="上党区"), good(6, 企业名称=None),
    ]  # fmt: skip
    path = save(tmp_path / "示例区企业台账.xlsx", rows, merges=["A1:K1"])
    session = client_of(town.of(town.east, Role.CLERK)).cookies["sessionid"].value
    context = chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": 844}, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    page.goto("/subject/")
    page.get_by_role("link", name="导入台账").first.click()
    looked_at(page, f"ledger-send-{width}")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并检查").click()
    page.locator("progress").wait_for()
    looked_at(page, f"ledger-running-{width}")
    work()
    page.get_by_role("button", name="确认导入").wait_for()  # the bar loads the page anew by itself
    looked_at(page, f"ledger-preview-{width}")
    assert page.locator(".fd-judged > li").count() == 6
    page.get_by_label("判定").get_by_role("link", name="不能采用").click()
    page.wait_for_url("**?view=reject")
    assert page.locator(".fd-judged > li").count() == 3
    with page.expect_download() as download:
        page.get_by_role("link", name="下载不能采用的行").click()
    assert download.value.suggested_filename == "不能采用的行-示例区企业台账.xlsx"
    page.get_by_role("button", name="确认导入").click()
    page.locator("progress").wait_for()
    work()
    page.locator(".fd-tag", has_text="已导入").wait_for()
    looked_at(page, f"ledger-done-{width}")
    page.goto("/subject/import/")
    looked_at(page, f"ledger-past-{width}")
    assert Subject.objects.count() == 3
    context.close()
    assert faults == []
