"""Drafting, issuing, freezing, voiding and correcting papers, on the real database with real PDFs."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from fadu.document import queries, services
from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.document.tests import reading
from fadu.document.tests.conftest import CHAIN, picture
from fadu.document.tests.samples import CONTEXTS
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.record import queries as record
from fadu.record import vault


@pytest.mark.parametrize("kind", [d for d in Document if d is not Document.PHOTO_EVIDENCE], ids=lambda d: d.name)
def test_every_kind_is_issued_kept_by_its_hash_and_read_back(make, kind):
    paper = make(kind)
    pdf = queries.pdf(paper)
    assert hashlib.sha256(pdf).hexdigest() == paper.pdf_sha256
    assert len(pdf) == paper.pdf_size
    text = reading.text(pdf)
    assert paper.number in text
    assert "草稿" not in text
    for words in reading.said(kind, paper.context):
        assert reading.squeezed(words) in text


def test_a_draft_is_overwritten_and_has_no_number(case_file, bureau):
    first = services.draft(case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    changed = CONTEXTS[Document.ADVANCE_NOTICE] | {"defence_term": "收到之日起3个工作日内"}
    second = services.draft(case_file, Document.ADVANCE_NOTICE, changed, by=bureau.zhou)
    assert first.pk == second.pk
    assert (second.status, second.number) == ("draft", "")
    other = services.draft(case_file, Document.ADVANCE_NOTICE, changed, party_no=2, by=bureau.zhou)
    assert other.pk != first.pk


def test_a_draft_with_gaps_is_kept_only_when_asked(case_file, bureau):
    half = {"case_name": "示例案", "cause": "示例案由"}
    with pytest.raises(Invalid) as refused:
        services.draft(case_file, Document.CASE_FILING_APPROVAL, half, by=bureau.zhou)
    assert "facts" in refused.value.field_errors
    assert "opinions" not in refused.value.field_errors
    kept = services.draft(case_file, Document.CASE_FILING_APPROVAL, half, by=bureau.zhou, complete=False)
    assert kept.context["cause"] == "示例案由"
    with pytest.raises(Invalid):
        services.draft(case_file, Document.CASE_FILING_APPROVAL, half | {"facts": 1}, by=bureau.zhou, complete=False)


def test_dates_and_amounts_are_stored_as_plain_json(case_file, bureau):
    context = CONTEXTS[Document.PENALTY_DECISION_PERSON] | {
        "penalties": [{"kind": "罚款", "amount": Decimal("20000.00")}]
    }
    paper = services.draft(case_file, Document.PENALTY_DECISION_PERSON, context, by=bureau.zhou)
    paper.refresh_from_db()
    assert paper.context["penalties"] == [{"kind": "罚款", "amount": "20000.00"}]
    paper = services.draft(
        case_file, Document.CASE_FILING_APPROVAL,
        CONTEXTS[Document.CASE_FILING_APPROVAL] | {"received_on": date(2026, 3, 1)}, by=bureau.zhou,
    )  # fmt: skip
    assert paper.context["received_on"] == "2026-03-01"


def test_issue_refuses_a_gap_a_future_day_and_a_second_time(case_file, bureau, make):
    context = {name: value for name, value in CONTEXTS[Document.CASE_FILING_APPROVAL].items() if name != "opinions"}
    drafted = services.draft(case_file, Document.CASE_FILING_APPROVAL, context, by=bureau.zhou)
    with pytest.raises(Invalid, match="审核、审批意见"):
        services.issue(drafted, on=date(2026, 4, 1), by=bureau.zhou)
    drafted.refresh_from_db()
    assert (drafted.status, drafted.number) == ("draft", "")
    with pytest.raises(Invalid, match="不得晚于今天"):
        services.issue(drafted, on=date(2026, 7, 1), by=bureau.zhou)
    with pytest.raises(OutOfOrder):
        services.issue(make(Document.ADVANCE_NOTICE), on=date(2026, 4, 12), by=bureau.zhou)


def test_a_character_no_font_can_draw_is_named_at_its_field(case_file, bureau):
    context = CONTEXTS[Document.ADVANCE_NOTICE] | {"facts": "现场有\U0001f525明火"}
    drafted = services.draft(case_file, Document.ADVANCE_NOTICE, context, by=bureau.zhou)
    with pytest.raises(Invalid) as refused:
        services.issue(drafted, on=date(2026, 4, 1), by=bureau.zhou)
    assert "U+1F525" in refused.value.field_errors["facts"]


def test_who_issued_is_kept_with_the_post_of_that_day(make):
    assert make(Document.ADVANCE_NOTICE).issued_by == "周一鸣（执法员1）"


def test_issuing_and_voiding_stand_in_the_journal_with_the_hash(make, bureau):
    paper = make(Document.ADVANCE_NOTICE)
    services.void(paper, reason="当事人地址有误", on=date(2026, 4, 13), by=bureau.wu)
    issued, voided = record.timeline(CHAIN)
    assert issued.act == "document.issue"
    assert issued.papers == [{"kind": "行政处罚告知书", "number": paper.number, "sha256": paper.pdf_sha256}]
    assert issued.actor["certificate"] == "示例04010001"
    assert (voided.act, voided.note, voided.actor["name"]) == ("document.void", "当事人地址有误", "吴思敏")
    assert record.verify_chain(CHAIN).ok


@pytest.mark.parametrize(
    "change",
    [
        "context = '{}'::jsonb",
        "number = '（示）应急罚告〔2026〕99号'",
        "pdf_sha256 = repeat('0', 64)",
        "issued_on = '2026-01-01'",
        "status = 'draft', number = '', pdf_sha256 = '', issued_on = NULL, issued_at = NULL",
        "verify_code = 'X'",
        "party_no = 9",
    ],
)
def test_the_database_refuses_to_change_an_issued_paper(make, change):
    paper = make(Document.ADVANCE_NOTICE)
    with pytest.raises(IntegrityError, match="不得修改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE document_paper SET {change} WHERE id = %s", [paper.pk])
    with pytest.raises(IntegrityError, match="不得删除"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM document_paper WHERE id = %s", [paper.pk])


def test_a_void_paper_is_frozen_too(make, bureau):
    paper = services.void(make(Document.ADVANCE_NOTICE), reason="重复制作", on=date(2026, 4, 12), by=bureau.zhou)
    for change in ("void_reason = '别的理由'", "status = 'issued', voided_on = NULL, voided_by = '', void_reason = ''"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE document_paper SET {change} WHERE id = %s", [paper.pk])
    with pytest.raises(OutOfOrder):
        services.void(paper, reason="再次作废", on=date(2026, 4, 13), by=bureau.zhou)


def test_voiding_needs_a_reason_and_a_day_after_issue(make, bureau):
    paper = make(Document.ADVANCE_NOTICE)
    with pytest.raises(Invalid) as refused:
        services.void(paper, reason=" ", on=date(2026, 4, 1), by=bureau.zhou)
    assert set(refused.value.field_errors) == {"reason", "on"}


def test_a_void_paper_is_shown_with_the_mark_and_its_bytes_stay(make, bureau):
    paper = make(Document.PENALTY_DECISION_UNIT)
    before = queries.pdf(paper)
    services.void(paper, reason="罚款数额有误", on=date(2026, 4, 13), by=bureau.zhou)
    marked = reading.pages(services.voided_pdf(paper))
    assert len(marked) == len(reading.pages(before))
    assert all("作废" in page and "罚款数额有误" in page for page in marked)
    assert queries.pdf(paper) == before


def test_a_correction_is_a_new_paper_that_names_the_old(case_file, make, bureau):
    old = make(Document.ADVANCE_NOTICE)
    drafted = services.draft(
        case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou, replaces=old
    )
    new = services.issue(drafted, on=date(2026, 4, 14), by=bureau.zhou)
    assert new.replaces == old
    assert f"本文书更正2026年4月12日制作的《行政处罚告知书》{old.number}。" in reading.text(queries.pdf(new))
    with pytest.raises(OutOfOrder):
        services.draft(
            case_file, Document.LEGAL_OPINION, CONTEXTS[Document.LEGAL_OPINION], by=bureau.zhou, replaces=old
        )


def test_a_draft_may_be_thrown_away_and_an_issued_paper_not(case_file, make, bureau):
    services.discard(
        services.draft(case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    )
    assert not Paper.objects.exists()
    with pytest.raises(OutOfOrder):
        services.discard(make(Document.ADVANCE_NOTICE))


def test_altered_bytes_are_noticed_when_read(make):
    paper = make(Document.ADVANCE_NOTICE)
    path = vault.path_of(paper.pdf_sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(vault.Damaged):
        queries.pdf(paper)


def test_photographs_must_be_kept_in_this_matter(case_file, bureau, keep):
    kept, foreign = keep(picture("一"), "一.jpg"), keep(picture("二"), "二.jpg", chain="penalty.ordinary/2")
    row = CONTEXTS[Document.PHOTO_EVIDENCE]["photos"][0]

    def photo_page(sha256):
        context = CONTEXTS[Document.PHOTO_EVIDENCE] | {"photos": [row | {"sha256": sha256}]}
        drafted = services.draft(case_file, Document.PHOTO_EVIDENCE, context, by=bureau.zhou, new=True)
        return services.issue(drafted, on=date(2026, 4, 1), by=bureau.zhou)

    pdf = queries.pdf(photo_page(kept.sha256))
    assert kept.sha256 in reading.text(pdf)
    assert len(list(reading.PdfReader(reading.BytesIO(pdf)).pages[0].images)) == 1
    for wrong in (foreign.sha256, "0" * 64, "../../etc/passwd"):
        with pytest.raises(Invalid, match="不在本案的证据中"):
            photo_page(wrong)


def test_a_signature_drawn_on_a_screen_is_printed(case_file, bureau, keep):
    signature = keep(picture("卫东", (300, 120)), "签名.jpg")
    context = CONTEXTS[Document.SITE_RECORD] | {"signatures": {"被检查单位现场负责人": [signature.sha256]}}
    drafted = services.draft(case_file, Document.SITE_RECORD, context, by=bureau.zhou)
    pdf = queries.pdf(services.issue(drafted, on=date(2026, 4, 1), by=bureau.zhou))
    assert len(list(reading.PdfReader(reading.BytesIO(pdf)).pages[0].images)) == 1
    wrong = CONTEXTS[Document.SITE_RECORD] | {"signatures": {"局长": [signature.sha256]}}
    drafted = services.draft(case_file, Document.SITE_RECORD, wrong, by=bureau.zhou)
    with pytest.raises(Invalid, match="签名栏"):
        services.issue(drafted, on=date(2026, 4, 1), by=bureau.zhou)


def test_a_scan_of_the_signed_paper_is_kept_by_its_hash(make, bureau):
    paper = make(Document.QUESTIONING_RECORD)
    scan = services.keep_scan(paper, picture("签名"), name="笔录.jpg", by=bureau.zhou)
    assert scan.evidence.sha256 == hashlib.sha256(picture("签名")).hexdigest()
    assert record.timeline(CHAIN).last().act == "record.keep_evidence"
    with pytest.raises(Invalid) as refused:
        services.keep_scan(paper, b"not a picture", name="x.exe", by=bureau.zhou)
    assert "file" in refused.value.field_errors


def test_issued_and_latest_find_valid_papers_only(case_file, make, bureau):
    first = make(Document.ADVANCE_NOTICE, party_no=1)
    second = make(Document.ADVANCE_NOTICE, party_no=2, on=date(2026, 4, 13))
    assert list(queries.issued(case_file, Document.ADVANCE_NOTICE)) == [first, second]
    assert list(queries.issued(case_file, Document.ADVANCE_NOTICE, 2)) == [second]
    services.void(second, reason="重复制作", on=date(2026, 4, 13), by=bureau.zhou)
    assert queries.latest(case_file, Document.ADVANCE_NOTICE) == first
    assert queries.draft_of(case_file, Document.ADVANCE_NOTICE) is None
    assert queries.by_code(first.verify_code.lower()) == first
    assert queries.by_code("X") is None
