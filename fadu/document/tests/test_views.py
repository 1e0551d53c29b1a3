"""Papers over the web: closed unless a floor above opens them; the public page that confirms them."""

import hashlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fadu.document import access, queries, services
from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.document.tests import reading
from fadu.document.tests.samples import CONTEXTS
from fadu.org.services import create_account
from fadu.record.models import Access


@pytest.fixture
def officer(client, bureau, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = create_account(bureau.zhou, username="zhou", password="shili-2026-baoding", must_change=False)
    client.force_login(user)
    return client


@pytest.fixture
def opened(monkeypatch):
    """A floor above lets everybody read (and nobody else has a say)."""
    monkeypatch.setattr(access, "_readers", [lambda request, paper: True])


@pytest.fixture
def closed(monkeypatch):
    monkeypatch.setattr(access, "_readers", [])


@pytest.mark.parametrize("name", ["paper", "pdf", "docx"])
def test_a_paper_is_closed_unless_a_reader_opens_it(officer, make, closed, name):
    assert officer.get(reverse(f"document:{name}", args=[make(Document.ADVANCE_NOTICE).pk])).status_code == 404


@pytest.mark.parametrize("name", ["paper", "pdf", "docx"])
def test_a_paper_asks_for_login(client, make, opened, name):
    answer = client.get(reverse(f"document:{name}", args=[make(Document.ADVANCE_NOTICE).pk]))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_the_pdf_is_handed_out_as_it_was_kept(officer, make, opened):
    paper = make(Document.ADVANCE_NOTICE)
    answer = officer.get(reverse("document:pdf", args=[paper.pk]))
    assert hashlib.sha256(answer.content).hexdigest() == paper.pdf_sha256
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert "no-store" in answer["Cache-Control"]
    assert officer.get(reverse("document:pdf", args=[paper.pk]) + "?download")["Content-Disposition"].startswith(
        "attachment"
    )


def test_reading_is_noted(officer, make, opened, bureau):
    paper = make(Document.ADVANCE_NOTICE)
    officer.get(reverse("document:pdf", args=[paper.pk]))
    note = Access.objects.last()
    assert note.officer_id == bureau.zhou.pk
    assert paper.number in note.what


def test_a_draft_is_marked_and_a_void_paper_too(officer, case_file, make, bureau, opened):
    drafted = services.draft(case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    assert "草稿" in reading.text(officer.get(reverse("document:pdf", args=[drafted.pk])).content)
    void = services.void(make(Document.ADVANCE_NOTICE), reason="重复制作", on=date(2026, 4, 12), by=bureau.zhou)
    assert "作废" in reading.text(officer.get(reverse("document:pdf", args=[void.pk])).content)


def test_docx_and_page_open(officer, make, opened):
    paper = make(Document.PENALTY_DECISION_UNIT)
    assert officer.get(reverse("document:docx", args=[paper.pk])).content.startswith(b"PK")
    page = officer.get(reverse("document:paper", args=[paper.pk]))
    assert page.status_code == 200
    assert paper.number in page.content.decode()


def test_the_whole_file_opens_to_who_may_read_every_paper(officer, case_file, make, monkeypatch):
    make(Document.CASE_FILING_APPROVAL)
    notice = make(Document.ADVANCE_NOTICE)
    address = reverse("document:case_file", args=[case_file.pk])
    monkeypatch.setattr(access, "_readers", [lambda request, paper: paper.pk != notice.pk])
    assert officer.get(address).status_code == 404
    monkeypatch.setattr(access, "_readers", [lambda request, paper: True])
    assert "卷内目录" in reading.pages(officer.get(address).content)[0]


def test_anyone_may_verify_and_sees_no_personal_data(client, make):
    paper = make(Document.PENALTY_DECISION_PERSON)
    answer = client.get(reverse("document:verify", args=[paper.verify_code]))
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("行政处罚决定书", paper.number, "2026年4月12日", "示例市应急管理局", "有效", paper.sha256_groups):
        assert words in page
    for secret in ("郑喆", "140400198001010000", "13000000000", "文明街", "20,000", "甲山"):
        assert secret not in page


def test_a_code_may_be_typed_in_small_letters_and_an_unknown_one_is_told(client, make):
    paper = make(Document.ADVANCE_NOTICE)
    typed = client.get(reverse("document:lookup"), {"code": f" {paper.verify_code.lower()} "}, follow=True)
    assert paper.number in typed.content.decode()
    assert client.get(reverse("document:lookup")).status_code == 200
    unknown = client.get(reverse("document:verify", args=["<b>X</b>".replace("/", "")]))
    assert unknown.status_code == 404
    assert "<b>X" not in unknown.content.decode()


def test_a_draft_cannot_be_verified(client, case_file, bureau):
    drafted = services.draft(case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    assert client.get(reverse("document:verify", args=[drafted.verify_code])).status_code == 404


def test_a_void_and_a_corrected_paper_say_so(client, case_file, make, bureau):
    old = make(Document.ADVANCE_NOTICE)
    drafted = services.draft(
        case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou, replaces=old
    )
    new = services.issue(drafted, on=date(2026, 4, 14), by=bureau.zhou)
    assert new.number in client.get(reverse("document:verify", args=[old.verify_code])).content.decode()
    services.void(old, reason="更正", on=date(2026, 4, 14), by=bureau.zhou)
    page = client.get(reverse("document:verify", args=[old.verify_code])).content.decode()
    assert "作废" in page
    assert "2026年4月14日" in page


def test_a_file_is_compared_and_not_stored(client, make):
    paper = make(Document.ADVANCE_NOTICE)
    address = reverse("document:verify", args=[paper.verify_code])
    pdf = queries.pdf(paper)
    same = client.post(address, {"file": SimpleUploadedFile("a.pdf", pdf)})
    assert "完全一致" in same.content.decode()
    changed = client.post(address, {"file": SimpleUploadedFile("a.pdf", pdf + b" ")})
    assert "不一致" in changed.content.decode()
    nothing = client.post(address, {})
    assert nothing.status_code == 422
    assert "请选择要比对的文件" in nothing.content.decode()
    assert Paper.objects.count() == 1


def test_the_code_in_the_qr_is_the_public_address(make, settings):
    paper = make(Document.ADVANCE_NOTICE)
    assert services.verification_url(paper) == f"{settings.PUBLIC_URL}/verify/{paper.verify_code}/"
