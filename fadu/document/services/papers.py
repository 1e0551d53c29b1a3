"""Making papers: draft, look at, issue (number, draw, freeze), void, and keep the scan of a signed one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from fadu.document import fonts, pictures, render
from fadu.document.fields import plain, problem
from fadu.document.kinds import Document
from fadu.document.layouts.blocks import Sheet
from fadu.document.models import CaseFile, Paper, Scan
from fadu.document.services.acting import By, actor_of
from fadu.document.services.numbering import number_of
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.org.models import Organ
from fadu.record import services as record
from fadu.record import vault
from fadu.record.models import EvidenceFile

SHA256 = re.compile(r"[0-9a-f]{64}")


def _lock(case_file: CaseFile) -> CaseFile:
    """The case file locked, so that two papers of it never take one number."""
    return CaseFile.objects.select_for_update(of=("self",)).select_related("organ").get(pk=case_file.pk)


@transaction.atomic
def draft(
    case_file: CaseFile,
    kind: Document,
    context: Mapping[str, Any],
    *,
    party_no: int | None = None,
    by: By,
    complete: bool = True,
    new: bool = False,
    replaces: Paper | None = None,
) -> Paper:
    """Keep a draft; an existing draft of the same kind and party is overwritten, unless ``new`` asks for another one.

    ``complete=False`` forgives empty fields (what is written must still be of the right type). ``replaces``: the issued
    paper that this one corrects. Raises Invalid with the fields of the context.
    """
    written = plain(context)
    errors = kind.check(written, issue=False)
    if not complete:
        errors = {name: message for name, message in errors.items() if _is_written(kind, written, name)}
    if errors:
        raise Invalid(errors)
    case_file = _lock(case_file)
    if replaces is not None and (replaces.status == Paper.Status.DRAFT or replaces.kind != kind.code):
        raise OutOfOrder("更正的文书应当是已经制作的同种文书")
    paper = None
    if not new:
        drafts = Paper.objects.filter(case_file=case_file, kind=kind.code, party_no=party_no, status=Paper.Status.DRAFT)
        paper = drafts.order_by("id").last()
    paper = paper or Paper(case_file=case_file, kind=kind.code, party_no=party_no)
    paper.context = {"organ": case_file.organ.name} | written
    paper.replaces = replaces or paper.replaces
    paper.drafted_by = _signed(by, clock.today(), case_file)
    paper.updated_at = clock.now()
    paper.save()
    return paper


def _is_written(kind: Document, context: Mapping[str, Any], name: str) -> bool:
    """Whether an error is about something written (a wrong type, an unknown field) and not about a gap."""
    field = next((field for field in kind.fields if field.name == name), None)
    value = context.get(name)
    return field is None or (value not in (None, "", [], {}) and problem(field, value) is not None)


def _signed(by: By, on: date, case_file: CaseFile) -> str:
    return str(actor_of(by, on, case_file.organ))[:100]


def discard(paper: Paper) -> None:
    """Throw a draft away; raises OutOfOrder for an issued paper."""
    if paper.status != Paper.Status.DRAFT:
        raise OutOfOrder("文书已经制作，不能删除；有错误的，作废并制作新的文书")
    paper.delete()


def evidence_of(sha256: str, chain: str) -> EvidenceFile | None:
    """The picture kept in the matter under a hash."""
    if not SHA256.fullmatch(sha256):
        return None
    return EvidenceFile.objects.filter(sha256=sha256, chain=chain, media_type__startswith="image/").first()


def _pictures(kind: Document, context: Mapping[str, Any], chain: str | None) -> dict[str, str]:
    """Path of each picture the paper prints; raises Invalid for one that is not kept in this matter."""
    wanted: dict[str, str] = {}
    if kind is Document.PHOTO_EVIDENCE:
        wanted |= {str(row.get("sha256")): "photos" for row in context.get("photos") or []}
    signatures = context.get("signatures") or {}
    if not isinstance(signatures, Mapping):
        raise Invalid({"signatures": "签名应当按签名栏填写"})
    for slot, keys in signatures.items():
        if slot not in kind.kind.signatures or not isinstance(keys, list):
            raise Invalid({"signatures": f"《{kind.title}》没有“{slot}”签名栏"})
        wanted |= {str(key): "signatures" for key in keys if key}
    paths: dict[str, str] = {}
    for sha256, field in wanted.items():
        if chain is not None and evidence_of(sha256, chain) is None:
            raise Invalid({field: "图片不在本案的证据中，请先收存"})
        if chain is not None:
            paths[sha256] = str(pictures.printable(sha256))
    return paths


def sheet_of(paper: Paper, *, number: str | None = None, on: date | None = None) -> Sheet:
    """All that is written on a paper, as it is (or is about to be) issued."""
    context = dict(paper.context)
    chain = paper.case_file.chain
    return Sheet(
        document=paper.document,
        context=context,
        organ=context.get("organ") or paper.case_file.organ.name,
        number=paper.number if number is None else number,
        issued_on=on or paper.issued_on,
        images=_pictures(paper.document, context, chain),
        corrects=_correction(paper.replaces),
    )


def _correction(old: Paper | None) -> str:
    """How a paper names the one it corrects."""
    if old is None or old.issued_on is None:
        return ""
    day = f"{old.issued_on.year}年{old.issued_on.month}月{old.issued_on.day}日"
    return f"本文书更正{day}制作的《{old.title}》{old.number}。"


def verification_url(paper: Paper) -> str:
    """The public page that confirms the paper, as printed in its QR code."""
    return settings.PUBLIC_URL + reverse("document:verify", args=[paper.verify_code])


def preview(
    kind: Document, context: Mapping[str, Any], *, organ: Organ | str = "", case_file: CaseFile | None = None
) -> bytes:
    """The PDF of a draft, marked 草稿, without number and QR code; what is wrong or empty stays blank."""
    name = organ.name if isinstance(organ, Organ) else organ
    written = {"organ": name or (case_file.organ.name if case_file else "")} | plain(context)
    wrong = {
        field.name
        for field in kind.fields
        if written.get(field.name) not in (None, "", [], {}) and problem(field, written[field.name])
    }
    shown = fonts.shown({name: value for name, value in written.items() if name not in wrong})
    chain = case_file.chain if case_file else None
    sheet = Sheet(kind, shown, str(written["organ"]), images=_pictures(kind, shown, chain))
    return render.render(sheet, watermark=render.DRAFT)


@transaction.atomic
def issue(paper: Paper, *, on: date, by: By) -> Paper:
    """制作文书: check every field, number it, draw the PDF, keep it by its hash and freeze the row.

    Raises Invalid with the fields of the context (also for characters no font can draw), OutOfOrder when it is no draft
    or the matter has no serial yet. (行政处罚法 59 for decisions)
    """
    case_file = _lock(paper.case_file)
    row = Paper.objects.select_for_update(of=("self",)).select_related("replaces").get(pk=paper.pk)
    kind = row.document
    row.case_file = case_file
    if row.status != Paper.Status.DRAFT:
        raise OutOfOrder(f"《{row.title}》已经制作，不能再次制作")
    _check_day(on)
    errors = kind.check(row.context) | _undrawable(kind, row.context)
    if errors:
        raise Invalid(errors)
    others = Paper.objects.filter(case_file=case_file).exclude(status=Paper.Status.DRAFT)
    _seal(row, case_file, list(others.values_list("kind", "word")), on=on, by=by)
    paper.__dict__.update({name: value for name, value in row.__dict__.items() if name != "_state"})
    return paper


def make(
    case_file: CaseFile, wanted: Sequence[tuple[Document, int | None, Mapping[str, Any]]], *, on: date, by: By
) -> list[Paper]:
    """Draft and issue papers in one go, in the caller's transaction; each is (kind, party number, context).

    A draft of the same kind and party that lies there is issued with the new context. Raises as ``issue`` does.
    """
    if not wanted:
        return []
    _check_day(on)
    case_file = _lock(case_file)
    held = list(Paper.objects.filter(case_file=case_file).values_list("kind", "word", "party_no", "status"))
    others = [(kind, word) for kind, word, _, status in held if status != Paper.Status.DRAFT]
    lying = {(kind, party) for kind, _, party, status in held if status == Paper.Status.DRAFT}
    made = []
    for kind, party, context in wanted:
        if (kind.code, party) in lying:
            row = issue(draft(case_file, kind, context, party_no=party, by=by), on=on, by=by)
        else:
            written = {"organ": case_file.organ.name} | plain(context)
            if errors := kind.check(written) | _undrawable(kind, written):
                raise Invalid(errors)
            row = Paper(case_file=case_file, kind=kind.code, party_no=party, context=written)
            row.drafted_by = _signed(by, clock.today(), case_file)
            _seal(row, case_file, others, on=on, by=by)
        others.append((row.kind, row.word))
        made.append(row)
    return made


def _check_day(on: date) -> None:
    if on > clock.today():
        raise Invalid({"on": "制作日期不得晚于今天"})


def _seal(row: Paper, case_file: CaseFile, others: Sequence[tuple[str, str]], *, on: date, by: By) -> None:
    """Number the checked row after ``others`` (kind and word of each), draw and keep its PDF, freeze it, journal it."""
    kind = row.document
    _number(row, case_file, others)
    row.issued_on, row.issued_at = on, clock.now()
    actor = actor_of(by, on, case_file.organ)
    row.issued_by = str(actor)[:100]
    pdf = render.render(sheet_of(row), url=verification_url(row))
    kept = vault.keep(pdf, f"{kind.title}.pdf", frozenset({"application/pdf"}))
    row.pdf_sha256, row.pdf_size = kept.sha256, kept.size
    row.status = Paper.Status.ISSUED
    row.updated_at = row.issued_at
    row.save()
    record.write(
        case_file.chain,
        actor=actor,
        act="document.issue",
        title=f"制作{kind.title}",
        on=on,
        articles=kind.basis,
        papers=[row.as_record()],
        note=_correction(row.replaces),
        matter_title=case_file.title,
    )


def _number(row: Paper, case_file: CaseFile, others: Sequence[tuple[str, str]]) -> None:
    """Give the row its place among the papers with the same word in the matter, and the number that follows."""
    kind = row.document
    word = kind.word_in(case_file.series)
    if word is None:
        row.ordinal = sum(other == kind.code for other, _ in others) + 1
        return
    if case_file.serial is None:
        raise OutOfOrder(f"本案尚未取得文号，不能制作《{kind.title}》")
    row.word = word
    # void papers count: their numbers are never given out again
    row.ordinal = sum(other == word for _, other in others) + 1
    row.number = number_of(case_file, word, row.ordinal)


def _undrawable(kind: Document, context: Mapping[str, Any]) -> dict[str, str]:
    """Field → sentence naming the characters that no font at hand can draw."""
    errors = {}
    labels = {field.name: field.label for field in kind.fields}
    for name, value in context.items():
        if missing := fonts.undrawable(fonts.strings(value)):
            shown = "、".join(fonts.named(character) for character in missing[:10])
            errors[name] = f"“{labels.get(name, name)}”中有字体没有的字：{shown}，请改用别的写法或者安装字体"
    return errors


@transaction.atomic
def void(paper: Paper, *, reason: str, on: date, by: By) -> Paper:
    """作废: the paper keeps its number, marked void with the reason; raises Invalid without one."""
    case_file = _lock(paper.case_file)
    row = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if row.status != Paper.Status.ISSUED:
        raise OutOfOrder("只有已经制作的有效文书可以作废")
    errors = {}
    if not reason.strip():
        errors["reason"] = "请填写作废理由"
    elif len(reason) > 500:
        errors["reason"] = "作废理由不得超过500字"
    if on > clock.today():
        errors["on"] = "作废日期不得晚于今天"
    elif row.issued_on and on < row.issued_on:
        errors["on"] = "作废日期不得早于制作日期"
    if errors:
        raise Invalid(errors)
    row.status, row.voided_on, row.void_reason = Paper.Status.VOID, on, reason.strip()
    row.voided_by = _signed(by, on, case_file)
    row.save(update_fields=["status", "voided_on", "voided_by", "void_reason"])
    record.write(
        case_file.chain,
        actor=actor_of(by, on, case_file.organ),
        act="document.void",
        title=f"作废{row.title}",
        on=on,
        papers=[row.as_record()],
        note=row.void_reason,
        matter_title=case_file.title,
    )
    for name in ("status", "voided_on", "voided_by", "void_reason"):
        setattr(paper, name, getattr(row, name))
    return paper


@transaction.atomic
def keep_scan(paper: Paper, file: Any, *, name: str, note: str = "", by: By) -> Scan:
    """归入扫描件: the paper as signed by hand, kept by its hash beside the printed one. Raises Invalid at ``file``."""
    if paper.status == Paper.Status.DRAFT:
        raise OutOfOrder("文书制作以后才能归入签名的扫描件")
    on = clock.today()
    actor = actor_of(by, on, paper.case_file.organ)
    evidence = record.keep_evidence(
        file,
        chain=paper.case_file.chain,
        name=name,
        made_by=actor.name,
        made_at=clock.now(),
        place="",
        media={"application/pdf", "image/jpeg", "image/png"},
        note=f"{paper}扫描件",
        actor=actor,
        matter_title=paper.case_file.title,
    )
    return Scan.objects.create(paper=paper, evidence=evidence, note=note[:200], kept_by=str(actor)[:100])
