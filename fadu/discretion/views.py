"""The pages of benchmarks: officers draft, review and publish; everybody reads, downloads and asks (行政处罚法 34)."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.discretion import queries, services
from fadu.discretion.benchmarks.declare import Payer
from fadu.discretion.forms import AskForm, EndForm, FileForm, OpinionForm, SearchForm, SinceForm
from fadu.discretion.models import Benchmark, BenchmarkSet, PendingFile
from fadu.discretion.services import importing, workbook
from fadu.discretion.services.publishing import DRAFTERS, PUBLISHERS, REVIEWERS, NotPublishable
from fadu.discretion.showing import answer, shown
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, Refused
from fadu.law.provisions import Stage
from fadu.org import queries as org
from fadu.org.access import OfficerRequest, public, require
from fadu.ui.listing import XLSX

Status = BenchmarkSet.Status


# --- officers --------------------------------------------------------------------------------------------------------


@require_safe
def sets(request: OfficerRequest) -> HttpResponse:
    """The versions, those in force marked, and the norms above them."""
    today = clock.today()
    rows = list(queries.visible_sets(request.officer, today).select_related("drafted_by", "organ"))
    organ = org.home_organ(request.officer, today)
    held = queries.set_for(organ, today) if organ else None
    for row in rows:
        row.tables = row.benchmarks.count()  # type: ignore[attr-defined]
    context = {
        "title": "裁量基准", "rows": rows, "held": held, "history": queries.history(), "since": SinceForm(),
        "may_draft": bool(request.roles & set(DRAFTERS)), "count": queries.count_in_force(today),
    }  # fmt: skip
    return render(request, "discretion/sets.html", context)


def _visible(request: OfficerRequest, pk: int) -> BenchmarkSet:
    return get_object_or_404(queries.visible_sets(request.officer, clock.today()), pk=pk)


@require_safe
def one_set(request: OfficerRequest, pk: int) -> HttpResponse:
    """One version: its tables, what bars its publication and where, and the next act for those whose it is."""
    return _set_page(request, _visible(request, pk))


def _set_page(request: OfficerRequest, row: BenchmarkSet, status: int = 200, **more: Any) -> HttpResponse:
    tables = list(row.benchmarks.select_related("set"))
    found = queries.faults_in(tables) if row.status != Status.PUBLISHED else []
    roles, me = request.roles, request.officer.pk
    context = {
        "title": row.title, "row": row, "tables": tables, "faults": [f for f in found if f.blocks], "remarks": [f for f in found if not f.blocks],
        "may_review": row.status == Status.DRAFT and bool(roles & set(REVIEWERS)) and me != row.drafted_by_id,
        "may_publish": row.status == Status.REVIEWED and bool(roles & set(PUBLISHERS)) and me not in (row.drafted_by_id, row.reviewed_by_id),
        "may_send_back": row.status == Status.REVIEWED and bool(roles & {*REVIEWERS, *PUBLISHERS}),
        "may_remove": row.status == Status.DRAFT and bool(roles & set(DRAFTERS)),
        "may_end": row.status == Status.PUBLISHED and row.ended_on is None and bool(roles & set(PUBLISHERS)),
        "opinion": OpinionForm(), "ending": EndForm(),
    }  # fmt: skip
    return render(request, "discretion/set.html", context | more, status=status)


@require_safe
def one_table(request: OfficerRequest, pk: int, code: str) -> HttpResponse:
    """One table of a version."""
    row = _visible(request, pk)
    table = get_object_or_404(Benchmark.objects.select_related("set"), set=row, code=code)
    found = queries.faults_in([table]) if row.status != Status.PUBLISHED else []
    context = {"title": table.violation, "row": row, "shown": shown(table), "faults": found, "frame": "ui/base.html"}
    return render(request, "discretion/table.html", context)


ACTS = {
    "review": "已审核。",
    "publish": "已公布。",
    "send_back": "已退回起草。",
    "end": "已登记停止适用。",
    "remove": "草稿已删除。",
}


@require_POST
def act(request: OfficerRequest, pk: int, name: str) -> HttpResponse:
    """Review, send back, publish, end or remove; a refusal is told on the page with every place."""
    row = _visible(request, pk)
    if name not in ACTS:
        raise Http404
    opinion, ending = OpinionForm(request.POST), EndForm(request.POST)
    try:
        if name in ("review", "send_back"):
            if not opinion.is_valid():
                return _set_page(request, row, 422, opinion=opinion)
            words = opinion.cleaned_data["opinion"]
            if name == "review":
                services.review(row, by=request.officer, opinion=words)
            else:
                services.send_back(row, by=request.officer, reason=words)
        elif name == "end":
            if not ending.is_valid():
                return _set_page(request, row, 422, ending=ending)
            services.end(row, by=request.officer, on=ending.cleaned_data["on"], reason=ending.cleaned_data["reason"])
        elif name == "publish":
            services.publish(row, by=request.officer)
        else:
            services.remove(row, by=request.officer)
    except NotPublishable as refused:
        return _set_page(request, row, refused.status, refused=["有下列错误，不能继续。"], faults=refused.faults)
    except Refused as refused:
        return _set_page(request, row, refused.status, refused=list(refused.reasons))
    messages.success(request, ACTS[name])
    return redirect("discretion:sets") if name == "remove" else redirect("discretion:set", pk=pk)


@require_POST
def example(request: OfficerRequest) -> HttpResponse:
    """Draft the shipped example for the own organ."""
    organ, form = org.home_organ(request.officer, clock.today()), SinceForm(request.POST)
    if organ is None:
        raise PermissionDenied("您今天没有任职的机关。")
    if not form.is_valid():
        messages.error(request, "请填写施行日期。")
        return redirect("discretion:sets")
    made = services.draft_example(organ=organ, by=request.officer, since=form.cleaned_data["since"])
    messages.success(request, "示例已装入，成为一份草稿。")
    return redirect("discretion:set", pk=made.pk)


@require_http_methods(["GET", "POST"])
def load(request: OfficerRequest) -> HttpResponse:
    """Send an xlsx, look at what was read with every error at its cell, then confirm or discard."""
    require(request, *DRAFTERS)
    organ = org.home_organ(request.officer, clock.today())
    if organ is None:
        raise PermissionDenied("您今天没有任职的机关。")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = importing.read_file(file.file, file.name, organ=organ, by=request.officer)
        except Invalid as invalid:
            for sentence in invalid.field_errors.values():
                form.add_error("file", sentence)
        else:
            return redirect("discretion:pending", pk=made.pk)
    waiting = PendingFile.objects.filter(organ=organ)
    context = {"title": "导入裁量基准", "form": form, "waiting": waiting}
    return render(request, "discretion/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def pending(request: OfficerRequest, pk: int) -> HttpResponse:
    """What a file was read as; confirming makes a draft of it."""
    require(request, *DRAFTERS)
    row = get_object_or_404(PendingFile, pk=pk, organ=org.home_organ(request.officer, clock.today()))
    if request.method == "POST":
        if "discard" in request.POST:
            row.delete()
            messages.success(request, "已清除。")
            return redirect("discretion:import")
        try:
            made = importing.confirm(row, by=request.officer)
        except Refused as refused:
            return _pending_page(request, row, refused.status, list(refused.reasons))
        messages.success(request, "已成为草稿，等待审核。")
        return redirect("discretion:set", pk=made.pk)
    return _pending_page(request, row)


def _pending_page(
    request: OfficerRequest, row: PendingFile, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    preview = importing.preview(row) if not row.errors else None
    context = {"title": f"预览：{row.name}", "row": row, "preview": preview, "refused": refused or []}
    return render(request, "discretion/pending.html", context, status=status)


def _download(row: BenchmarkSet) -> FileResponse:
    content = workbook.write(importing.values_of(row))
    name = f"裁量基准-{row.title}-{row.since:%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(content), content_type=XLSX, as_attachment=True, filename=name)


@require_safe
def download(request: OfficerRequest, pk: int) -> FileResponse:
    """A version as xlsx."""
    return _download(_visible(request, pk))


# --- everybody -------------------------------------------------------------------------------------------------------


def _current() -> BenchmarkSet | None:
    return queries.current(clock.today())


def _tables(row: BenchmarkSet | None) -> list[Benchmark]:
    return queries.tables_of(row, clock.today())


@public
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """The benchmark in force, by violation, with the lists of no penalty."""
    row, form = _current(), SearchForm(request.GET)
    tables = _tables(row)
    if form.is_valid() and (words := form.cleaned_data["q"].strip()):
        tables = [one for one in tables if words in one.violation or words in one.basis]
    context = {"title": "行政处罚裁量基准", "row": row, "tables": tables, "form": form, "history": queries.history()}
    return render(request, "discretion/public.html", context)


@public
@require_safe
def public_table(request: HttpRequest, code: str) -> HttpResponse:
    """One table in force."""
    row = _current()
    table = next((one for one in _tables(row) if one.code == code), None)
    if table is None:
        raise Http404("现行的裁量基准中没有这张表")
    context = {"title": table.violation, "row": row, "shown": shown(table), "frame": "ui/public.html", "open": True}
    return render(request, "discretion/table.html", context)


@public
@require_safe
def public_download(request: HttpRequest) -> FileResponse:
    """The benchmark in force as xlsx."""
    row = _current()
    if row is None:
        raise Http404("没有现行的裁量基准")
    return _download(row)


@public
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """我会被怎么处理: choose a violation, give the circumstances, see tier, range, article and what would lighten it."""
    tables = _tables(_current())
    form = AskForm(request.GET if "table" in request.GET else None, tables=tables)
    told = None
    if form.is_bound and form.is_valid() and form.row is not None:
        payer, stage = Payer(form.cleaned_data["payer"]), Stage(form.cleaned_data["stage"])
        told = answer(form.row, queries.compiled(form.row), form.values, payer, stage, form.cleaned_data["facts"])
    context = {"title": "我会被怎么处理", "form": form, "told": told, "table": form.row, "any": bool(tables)}
    return render(request, "discretion/ask.html", context)
