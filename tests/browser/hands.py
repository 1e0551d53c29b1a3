"""The hands of an officer: opens a matter, takes a step by its button, fills what the form asks, reads what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pypdfium2
from playwright.sync_api import Page, expect

from fadu.org.models import Officer
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.procedure.models import Application

_shade = iter(range(1, 250))
FORM = "#main form:has([name='revision'])"


def picture(name: str = "证明.png") -> dict[str, Any]:
    """A small real PNG to upload, each another."""
    return {"name": name, "mimeType": "image/png", "buffer": universe.picture(next(_shade))}


def start(page: Page, case: PenaltyCase, step: str) -> None:
    """Open the matter and press the button of a step, as an officer does; its form then stands on the page."""
    page.goto(f"/matter/{case.pk}/")
    act = page.locator(f"#act-{step}")
    act.locator("a.btn, button.btn").first.click()
    page.locator(FORM).wait_for()


def enter(page: Page, **values: Any) -> None:
    """Fill fields of the step's form by name: texts, choices, boxes and files."""
    for name, value in values.items():
        field = page.locator(f"{FORM} [name='{name}']")
        kind = field.first.evaluate("f => f.type")
        if kind == "file":
            field.set_input_files(value)
        elif kind.startswith("select"):
            field.select_option(str(value))
        elif kind in ("radio", "checkbox"):
            page.locator(f"{FORM} [name='{name}'][value='{value}']").check()
        else:
            field.fill(str(value))


def typed(page: Page) -> list[list[str]]:
    """What stands in the form, files by their names."""
    found: list[list[str]] = page.locator(FORM).evaluate(
        """form => Array.from(form.elements).filter(f => f.name && f.name !== 'csrfmiddlewaretoken').map(f => [f.name,
            f.type === 'file' ? Array.from(f.files).map(x => x.name).join() : /radio|checkbox/.test(f.type) ? String(f.checked) : f.value])"""
    )
    return found


def send(page: Page) -> None:
    """Press the form's button."""
    page.locator(f"{FORM} button.btn-act[type=submit]").click()


def done(page: Page, case: PenaltyCase, said: str) -> None:
    """The matter's page says that it is done."""
    page.wait_for_url(re.compile(rf"/matter/{case.pk}/$"))
    expect(page.locator("#fd-messages")).to_contain_text(said)


def refused(page: Page, field: str, sentence: str) -> None:
    """Send the form as it stands: it comes back, says what is wrong at the field, and holds all that was entered."""
    before = typed(page)
    send(page)
    box = page.locator(f".fd-field:has([name='{field}']) .fd-err")
    expect(box.first).to_contain_text(sentence)
    expect(page.locator(".fd-errors").first).to_contain_text("还没有写入")
    assert typed(page) == before


def take(page: Page, case: PenaltyCase, step: str, said: str, wrong: Mapping[str, tuple[Any, str]] | None = None,
         **values: Any) -> None:  # fmt: skip
    """Take a step by its form. ``wrong``: field → (a bad value, the sentence at the field), tried before the right one."""
    start(page, case, step)
    enter(page, **values)
    for field, (bad, sentence) in (wrong or {}).items():
        right = next(value for name, value in typed(page) if name == field)
        enter(page, **{field: bad})
        refused(page, field, sentence)
        enter(page, **{field: values.get(field, right)})
    send(page)
    done(page, case, said)


def text_of(pdf: bytes) -> tuple[int, str]:
    """Pages and text of a PDF; blanks are dropped, since a line may break anywhere."""
    file = pypdfium2.PdfDocument(pdf)
    words = "".join(page.get_textpage().get_text_bounded() for page in file)
    return len(file), re.sub(r"\s", "", words)


def papers(page: Page, case: PenaltyCase) -> dict[str, str]:
    """Open every paper of the matter through its link: title → text."""
    page.goto(f"/matter/{case.pk}/")
    links = page.locator("a[href$='/pdf/']")
    found = {}
    for link in links.all():
        answer = page.request.get(link.get_attribute("href"))
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        count, words = text_of(answer.body())
        assert count > 0
        found[link.inner_text()] = words
    return found


class Office:
    """The people of a bureau, each before a browser of their own."""

    def __init__(self, town: universe.Bureau, opened: Any, width: int = 1280) -> None:
        self.town, self.opened, self.width = town, opened, width
        self.pages: dict[int, Page] = {}

    def __call__(self, person: Officer) -> Page:
        """The page of a person, opened when first asked for."""
        if person.pk not in self.pages:
            self.pages[person.pk] = self.opened(person, self.width)
            self.pages[person.pk].on("dialog", lambda dialog: dialog.accept())
        return self.pages[person.pk]

    def approve(self, case: PenaltyCase, step: str, wrong: dict[str, Any] | None = None, **values: Any) -> None:
        """Propose with the second officer, who signs; then reviewer and head agree, each from the desk."""
        town, title = self.town, case.procedure.steps[step].title
        asked = {"opinion": "建议同意。", "cosigner": town.second.pk}
        take(self(town.first), case, step, f"“{title}”已提出，等待{town.second.name}签署", wrong, **values, **asked)
        made = Application.objects.filter(matter=case).latest("pk")
        for person, press in ((town.second, "共同签署"), (town.reviewer, "签署意见"), (town.head, "签署意见")):
            page = self(person)
            page.goto("/desk/")
            page.locator(f"a[href='/application/{made.pk}/']").first.click()
            for link in page.locator("a[href*='/draft/']").all() if person == town.head else ():
                pdf = page.request.get(link.get_attribute("href")).body()
                assert text_of(pdf)[0] > 0
            page.get_by_role("button", name=press).click()
            page.wait_for_url(re.compile(rf"/matter/{case.pk}/$"))
        expect(self(town.head).locator("#fd-messages")).to_contain_text("已批准并生效")
        case.refresh_from_db()
