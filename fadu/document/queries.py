"""Finding papers, their service and the files they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from fadu.document.kinds import Document
from fadu.document.models import CaseFile, Paper, PaperSet, Service
from fadu.record import vault
from fadu.record.references import Reference


def issued(case_file: CaseFile, kind: Document | None = None, party_no: int | None = None) -> PaperSet:
    """The valid issued papers of a matter, the oldest first; of one kind, of one party where asked."""
    papers = Paper.objects.filter(case_file=case_file).issued().order_by("issued_on", "id")
    if kind is not None:
        papers = papers.of_kind(kind)
    return papers.filter(party_no=party_no) if party_no is not None else papers


def latest(case_file: CaseFile, kind: Document, party_no: int | None = None) -> Paper | None:
    """The last valid paper of a kind; None without one."""
    return issued(case_file, kind, party_no).last()


def draft_of(case_file: CaseFile, kind: Document, party_no: int | None = None) -> Paper | None:
    """The draft of a kind for a party (or for the matter); the last one where there are several."""
    drafts = Paper.objects.filter(case_file=case_file, kind=kind.code, party_no=party_no, status=Paper.Status.DRAFT)
    return drafts.order_by("id").last()


def papers_of(case_file: CaseFile) -> PaperSet:
    """Every paper of a matter, drafts and void ones too."""
    return Paper.objects.filter(case_file=case_file).order_by("issued_on", "id")


def services_of(case_file: CaseFile) -> QuerySet[Service]:
    """Every entry of service of a matter, in order."""
    return (
        Service.objects.filter(paper__case_file=case_file).select_related("paper", "proof").order_by("served_on", "id")
    )


def service_in_effect(paper: Paper, on: date) -> Service | None:
    """The service by which the paper counts as served on that day: the one that took effect first; None before."""
    found = [service for service in paper.services.all() if service.in_effect(on)]
    return min(found, key=lambda service: (service.effective_on, service.pk), default=None)


def pending_service(paper: Paper, on: date) -> Service | None:
    """An announcement (or a dated arrival) that has not yet taken effect."""
    return next((service for service in paper.services.all() if service.pending(on)), None)


def served(case_file: CaseFile, kind: Document, on: date, party_no: int | None = None) -> list[tuple[Paper, Service]]:
    """The valid papers of a kind that count as served on that day, with the service, the oldest first."""
    found = []
    for paper in issued(case_file, kind, party_no).prefetch_related("services"):
        if service := service_in_effect(paper, on):
            found.append((paper, service))
    return found


def by_code(code: str) -> Paper | None:
    """The issued (or void) paper with a verification code, however it was typed; None for an unknown one."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    papers = Paper.objects.exclude(status=Paper.Status.DRAFT).select_related("case_file__organ", "replaces")
    return papers.filter(verify_code=plain).first()


def pdf(paper: Paper) -> bytes:
    """The bytes of an issued paper, hashed again on reading; raises Damaged when the vault lost or changed them."""
    with vault.open_verified(paper.pdf_sha256) as file:
        return file.read()


def paper_references() -> Iterator[Reference]:
    """Every issued or void paper as a need of the vault."""
    rows = Paper.objects.exclude(status=Paper.Status.DRAFT).order_by("pk").select_related("case_file")
    for paper in rows.iterator(chunk_size=500):
        yield Reference(paper.pdf_sha256, paper.pdf_size, paper.case_file.chain, f"文书 {paper.pk} {paper}")
