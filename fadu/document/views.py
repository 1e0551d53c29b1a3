"""Papers handed out to those who may read the matter, and the public page that confirms a paper."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fadu.document import access, queries, services
from fadu.document.forms import CompareForm
from fadu.document.models import CaseFile, Paper
from fadu.org.access import public
from fadu.record.access import note_reading

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _readable(request: HttpRequest, pk: int) -> Paper:
    """The paper, if this request may read it; else 404, as for one that does not exist."""
    paper = get_object_or_404(Paper.objects.select_related("case_file__organ", "replaces"), pk=pk)
    if not access.may_read(request, paper):
        raise Http404
    return paper


def _note(request: HttpRequest, paper: Paper, what: str) -> None:
    """Have the reading noted after the request's own (read-only) transaction."""
    said = f"文书 {paper.pk} {paper.title}{paper.number}（{what}）"
    note_reading(request, paper.case_file.chain, said)


def _file(data: bytes, name: str, media_type: str, *, inline: bool) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    way = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _name(paper: Paper, extension: str) -> str:
    return f"{paper.title}{paper.number}.{extension}"


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper as PDF, shown in the browser: as issued, with 作废 over a void one, with 草稿 behind a draft."""
    paper = _readable(request, pk)
    if paper.status == Paper.Status.DRAFT:
        data = services.preview(paper.document, paper.context, case_file=paper.case_file)
    elif paper.is_issued:
        data = queries.pdf(paper)
    else:
        data = services.voided_pdf(paper)
    _note(request, paper, "PDF")
    return _file(data, _name(paper, "pdf"), "application/pdf", inline="download" not in request.GET)


@require_safe
def docx(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper as docx, from the same content."""
    paper = _readable(request, pk)
    data = services.docx(paper)
    _note(request, paper, "docx")
    return _file(data, _name(paper, "docx"), DOCX, inline=False)


@require_safe
def paper_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A page about the paper: the print preview in a frame, its hash, its service, what it corrects."""
    paper = _readable(request, pk)
    _note(request, paper, "文书页")
    context = {
        "title": f"{paper.title} {paper.number}".strip(),
        "paper": paper,
        "services": paper.services.select_related("proof").all(),
        "scans": paper.scans.select_related("evidence").all(),
        "replaced_by": paper.replaced_by.exclude(status=Paper.Status.DRAFT),
    }
    return render(request, "document/paper.html", context)


@require_safe
def case_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole case file as one PDF, as it stands today; whoever may read every paper of it may."""
    bound = get_object_or_404(CaseFile.objects.select_related("organ"), pk=pk)
    papers = list(queries.papers_of(bound).exclude(status=Paper.Status.DRAFT).select_related("case_file"))
    if not papers or not all(access.may_read(request, paper) for paper in papers):
        raise Http404
    data = services.case_file_pdf(bound)
    _note(request, papers[0], "全卷")
    return _file(data, f"案卷 {bound.title}.pdf", "application/pdf", inline="download" not in request.GET)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponseBase:
    """Public: is this paper ours? Kind, number, date, organ, hash, whether it holds; never who it is about.

    A file may be sent for comparison: it is hashed in memory, answered and forgotten.
    """
    paper = queries.by_code(code)
    if paper is None:
        return render(request, "document/verify_unknown.html", {"title": "文书核验", "code": code[:40]}, status=404)
    same = None
    sent = request.method == "POST"
    form = CompareForm(request.POST, request.FILES) if sent else CompareForm()
    if sent and form.is_valid():
        same = hashlib.file_digest(form.cleaned_data["file"], "sha256").hexdigest() == paper.pdf_sha256
    context = {
        "title": "文书核验",
        "paper": paper,
        "organ": paper.context.get("organ") or paper.case_file.organ.name,
        "replaced_by": paper.replaced_by.issued().first(),
        "form": form,
        "same": same,
    }
    return render(request, "document/verify.html", context, status=422 if form.errors else 200)


@public
@require_safe
def lookup(request: HttpRequest) -> HttpResponseBase:
    """Where a code read from paper is typed in."""
    if code := request.GET.get("code", "").strip():
        return redirect(
            "document:verify", code="".join(letter for letter in code.upper() if letter.isalnum())[:40] or "-"
        )
    return render(request, "document/verify_unknown.html", {"title": "文书核验", "code": ""})
