"""Pages of the interface floor: they answer, obey the content policy, and stay small."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from fadu.ui import finders

UI = Path(__file__).resolve().parents[1]
APPS = UI.parent
TEMPLATES = sorted(APPS.glob("*/templates/**/*.html"))
PAGES = ("", "ledger/", "phone/", "public/")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_the_styleguide_answers(site: None, page: str) -> None:
    assert Client().get(f"/ui/{page}").status_code == 200


def test_the_styleguide_is_not_there_outside_of_debugging(site: None, settings: Any) -> None:
    settings.DEBUG = False
    assert Client().get("/ui/").status_code == 404


def test_templates_hold_no_inline_script_or_style() -> None:
    """The content policy allows none, so a page would silently lose them."""
    wrong = [
        f"{path.relative_to(APPS)}: {match[0]}"
        for path in TEMPLATES
        for match in re.finditer(
            r"""<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=["']|\son[a-z]+=["']|javascript:""", path.read_text()
        )
        if "application/json" not in match[0]
    ]
    assert wrong == []


def test_templates_ask_nothing_of_other_machines() -> None:
    """The bureau's network has no way out."""
    outside = [str(p) for p in TEMPLATES if re.search(r"""(src|href|action)=["'](https?:)?//""", p.read_text())]
    assert outside == []


def test_a_page_is_small_enough_for_a_phone_with_a_bad_signal(site: None) -> None:
    """110 KB compressed before photographs, the measure of the front-end notes."""
    files = [UI / "static/ui" / name for name in ("fadu.css", "fadu.js", "capture.js")]
    files += [finders.NODE_MODULES / source for source in finders.VENDOR.values()]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in files)
    weight += len(gzip.compress(Client().get("/ui/").content))
    assert weight < 110 * 1024
    assert weight < 60 * 1024, "it has been half of that; look before it doubles"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500, 503])
def test_each_refusal_has_a_page_with_words_and_a_way_out(site: None, status: int) -> None:
    answer = Client().get(f"/ui/refusal/{status}/")
    text = answer.content.decode()
    assert answer.status_code == status
    assert re.search(r"<h1>[^<]+</h1>", text)
    assert re.search(r'<a class="btn[^"]*" href="[^"]+">', text)


def test_htmx_is_answered_with_a_fragment(site: None) -> None:
    text = Client().get("/ui/refusal/409/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert "法制审核尚未通过（《行政处罚法》第五十八条第一款）" in text


def test_a_fault_is_told_without_a_request_or_a_database() -> None:
    assert "出错了" in render_to_string("ui/error.html", {"status": 500})
    request = RequestFactory().get("/")
    assert "出错了" in render_to_string("ui/error.html", {"status": 500, "request": request})


def test_a_reason_is_escaped() -> None:
    assert "&lt;b&gt;" in render_to_string("ui/error.html", {"status": 409, "reasons": ["<b>"]})


def test_a_form_with_errors_answers_422_and_keeps_what_was_typed(site: None) -> None:
    answer = Client().post("/ui/", {"party": "甲", "amount": "60，001", "until": "明天"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "陈述申辩后不得加重" in text
    assert 'value="60，001"' in text
