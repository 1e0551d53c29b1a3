"""One PDF of a case file: cover, catalogue with page numbers, papers, scans, proofs of service and photographs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from fadu.document import fonts, pictures, queries, render
from fadu.document.fields import plain
from fadu.document.kinds import Document
from fadu.document.layouts.blocks import Sheet, cn_date
from fadu.document.layouts.records import photos
from fadu.document.models import CaseFile, Paper
from fadu.document.services.numbering import number_of
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, Refused
from fadu.record import queries as record
from fadu.record import vault
from fadu.record.models import EvidenceFile

DECISIONS = (Document.PENALTY_DECISION_UNIT, Document.PENALTY_DECISION_PERSON, Document.NO_PENALTY_DECISION)
FRONT = (Document.CASE_FILE_COVER, Document.CASE_FILE_CATALOGUE)
PHOTOS_A_SHEET = 40  # one rendering at a time; a sheet runs over as many pages as it needs


@dataclass
class Item:
    """One thing in the file: what the catalogue says of it, and its pages (None: kept electronically only)."""

    title: str
    number: str = ""
    on: str = ""
    remarks: str = ""
    pdf: bytes | None = None
    first: int = 0
    pages: int = 0


def default_order(case_file: CaseFile) -> list[Paper]:
    """Decisions with the receipts that name them first, then the rest as time went; void papers last."""
    papers = [
        paper
        for paper in queries.papers_of(case_file).exclude(status=Paper.Status.DRAFT)
        if paper.document not in FRONT
    ]
    valid = [paper for paper in papers if paper.is_issued]
    decisions = [paper for paper in valid if paper.document in DECISIONS]
    numbers = {paper.number for paper in decisions}
    receipts = [
        paper
        for paper in valid
        if paper.document is Document.SERVICE_RECEIPT
        and numbers & {str(row.get("number")) for row in paper.context.get("papers") or []}
    ]
    first = [*decisions, *receipts]
    return [*first, *(paper for paper in valid if paper not in first), *(p for p in papers if not p.is_issued)]


def case_file_pdf(
    case_file: CaseFile, order: Sequence[Paper] | None = None, *, cover: Mapping[str, Any] | None = None
) -> bytes:
    """Bind the file: the issued 案卷首页 (or ``cover``, a context for one), the catalogue, then everything in ``order``.

    Every page after the catalogue bears its number in the file. What cannot be printed (film, sound, a damaged or locked
    PDF) stands in the catalogue as kept electronically, with the beginning of its hash. Raises Invalid when ``cover``
    lacks fields. (《行政处罚法》第四十七条)
    """
    papers = list(order) if order is not None else default_order(case_file)
    items = list(_items(case_file, papers))
    writer = PdfWriter()
    front = _front(case_file, cover)
    body = PdfWriter()
    for item in items:
        if item.pdf is not None:
            try:
                reader = PdfReader(BytesIO(item.pdf))
                item.first, item.pages = len(body.pages) + 1, len(reader.pages)
                body.append(reader, import_outline=False)
            except (PyPdfError, ValueError):
                item.pdf, item.pages = None, 0
                item.remarks = item.remarks or "电子卷"
    catalogue = _catalogue(case_file, items)
    for part in (front, catalogue):
        if part:
            writer.append(PdfReader(BytesIO(part)), import_outline=False)
    offset = len(writer.pages)
    _stamp(body)
    for page in body.pages:
        writer.add_page(page)
    for item in items:
        if item.pages:
            writer.add_outline_item(title=f"{item.title} {item.number}".strip(), page_number=offset + item.first - 1)
    writer.add_metadata({"/Title": f"案卷 {case_file.title}", "/Author": case_file.organ.name})
    writer.compress_identical_objects()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _items(case_file: CaseFile, papers: Iterable[Paper]) -> Iterable[Item]:
    """Papers, each followed by its scans and the proofs of its service, then the evidence that stands alone."""
    used: set[int] = set()
    printed: set[str] = set()
    for paper in papers:
        pdf = queries.pdf(paper) if paper.is_issued else voided_pdf(paper)
        remarks = "" if paper.is_issued else "作废"
        yield Item(paper.title, paper.number, cn_date(paper.issued_on), remarks, pdf)
        printed |= {str(row.get("sha256")) for row in paper.context.get("photos") or []}
        printed |= {str(key) for keys in (paper.context.get("signatures") or {}).values() for key in keys}
        kept = [(scan.evidence, "签名扫描件") for scan in paper.scans.select_related("evidence")]
        kept += [
            (service.proof, f"{service.way.title}证明")
            for service in paper.services.select_related("proof")
            if service.withdrawn_on is None
        ]
        for evidence, what in kept:
            if evidence.pk not in used:
                used.add(evidence.pk)
                yield _of_evidence(case_file, evidence, f"{paper.title}{what}", paper.number)
    rest = [
        evidence
        for evidence in record.evidence_of(case_file.chain)
        if evidence.pk not in used and evidence.sha256 not in printed
    ]
    photographs = [evidence for evidence in rest if evidence.is_image]
    for start in range(0, len(photographs), PHOTOS_A_SHEET):
        yield _photo_item(case_file, photographs[start : start + PHOTOS_A_SHEET], "证据照片")
    for evidence in rest:
        if not evidence.is_image:
            yield _of_evidence(case_file, evidence, evidence.name, "")


def _of_evidence(case_file: CaseFile, evidence: EvidenceFile, title: str, number: str) -> Item:
    """A kept file as pages: a PDF as it is, a picture on a page of its own, anything else by name and hash only."""
    on = cn_date(evidence.made_at.astimezone(clock.BEIJING).date())
    if evidence.media_type == "application/pdf":
        with vault.open_verified(evidence.sha256) as file:
            return Item(title, number, on, "", file.read())
    if evidence.is_image:
        item = _photo_item(case_file, [evidence], title)
        item.number = number
        return item
    return Item(title, number, on, f"电子卷 {evidence.sha256[:8]}")


def _photo_item(case_file: CaseFile, evidence: Sequence[EvidenceFile], title: str) -> Item:
    """Pictures on pages with when, where and by whom; what cannot be drawn is left to the electronic file."""
    rows, paths = [], {}
    for one in evidence:
        try:
            paths[one.sha256] = str(pictures.printable(one.sha256))
        except (Invalid, Refused):
            continue
        rows.append(
            {
                "sha256": one.sha256,
                "shows": one.note or one.name,
                "taken_at": one.made_at.astimezone(clock.BEIJING).strftime("%Y-%m-%dT%H:%M"),
                "place": one.place,
                "taken_by": one.made_by,
            }
        )
    on = cn_date(max(one.made_at for one in evidence).astimezone(clock.BEIJING).date())
    if not rows:
        return Item(title, "", on, f"电子卷 {evidence[0].sha256[:8]}")
    context = fonts.shown({"case_name": case_file.title, "photos": rows})
    sheet = Sheet(Document.PHOTO_EVIDENCE, context, case_file.organ.name, images=paths)
    # the places to sign belong to the paper made on site, not to this listing
    named = fonts.shown(title)
    data = render.payload(sheet) | {"blocks": photos(sheet)[:-1], "title": named, "document-title": named}
    return Item(title, "", on, "", render.compile_pdf(data))


def _front(case_file: CaseFile, cover: Mapping[str, Any] | None) -> bytes | None:
    """The cover: the issued paper, or one drawn from ``cover``."""
    paper = queries.latest(case_file, Document.CASE_FILE_COVER)
    if paper is not None:
        return queries.pdf(paper)
    if cover is None:
        return None
    context = plain(cover)
    if errors := Document.CASE_FILE_COVER.check(context):
        raise Invalid(errors)
    kind = Document.CASE_FILE_COVER
    number = number_of(case_file, kind.word_in(case_file.series) or "", 1) if case_file.serial else ""
    return render.render(Sheet(kind, context, case_file.organ.name, number))


def _catalogue(case_file: CaseFile, items: Sequence[Item]) -> bytes:
    """卷内目录 with the page of every item."""
    entries = []
    for item in items:
        last = item.first + item.pages - 1
        page = "—" if not item.pages else str(item.first) if item.pages == 1 else f"{item.first}-{last}"
        entries.append(
            {"title": item.title, "number": item.number, "on": item.on, "page": page, "remarks": item.remarks}
        )
    context = fonts.shown({"case_name": case_file.title, "entries": entries})
    return render.render(Sheet(Document.CASE_FILE_CATALOGUE, context, case_file.organ.name), demo=False)


def _stamp(writer: PdfWriter) -> None:
    """Write the page number of the file on every page, at its upper right."""
    sizes = []
    for number, page in enumerate(writer.pages, 1):
        if page.rotation:
            page.transfer_rotation_to_content()
        sizes.append(
            {"w": float(page.mediabox.width), "h": float(page.mediabox.height), "number": str(number), "void": ""}
        )
    _lay_over(writer, sizes)


def _lay_over(writer: PdfWriter, sizes: Sequence[Mapping[str, Any]]) -> None:
    if not sizes:
        return
    marks = PdfReader(BytesIO(render.overlay(sizes)))
    for page, mark in zip(writer.pages, marks.pages, strict=True):
        left, bottom = float(page.mediabox.left), float(page.mediabox.bottom)
        if left or bottom:  # scanners sometimes put the origin elsewhere
            mark.add_transformation((1, 0, 0, 1, left, bottom))
            mark.mediabox = page.mediabox
        page.merge_page(mark)


def voided_pdf(paper: Paper) -> bytes:
    """The frozen PDF of a void paper with 作废, the day and the reason laid over it; the kept bytes stay as they are."""
    writer = PdfWriter()
    writer.append(PdfReader(BytesIO(queries.pdf(paper))), import_outline=False)
    said = fonts.shown(f"本文书已于{cn_date(paper.voided_on)}作废。理由：{paper.void_reason}")
    shown = said if len(said) <= 60 else said[:59] + "…"
    _lay_over(
        writer,
        [
            {"w": float(page.mediabox.width), "h": float(page.mediabox.height), "number": "", "void": shown}
            for page in writer.pages
        ],
    )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
