"""The officers' pages of checklists: versions, what changed between them, how one is drafted, examined and published."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.inspection import queries
from fadu.inspection.checklistforms import DraftForm, HeadForm, ItemForm, WorkbookForm
from fadu.inspection.checklists import FIELDS, differences
from fadu.inspection.models import Checklist, ChecklistItem, PendingChecklist
from fadu.inspection.services import importing, publishing, workbook
from fadu.inspection.services.content import version_of
from fadu.inspection.services.publishing import HEAD, MAY_DRAFT, MAY_PUBLISH, MAY_REVIEW, NotPublishable
from fadu.inspection.showing import chain, day_of
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, Refused
from fadu.org import queries as org
from fadu.org.access import OfficerRequest, require
from fadu.org.models import Organ
from fadu.power.forms import ReasonForm
from fadu.ui.forms import carried_out
from fadu.ui.listing import XLSX

State = Checklist.State
READ = ["GET", "HEAD", "POST"]


def _organ(request: OfficerRequest) -> Organ:
    organ = org.home_organ(request.officer, clock.today())
    if organ is None:
        raise PermissionDenied("您今天没有任职的机关。")
    return organ


def _seen(request: OfficerRequest) -> Any:
    """The versions this officer may look at: those published that concern the organ, and the organ's own drafts."""
    organ = org.home_organ(request.officer, clock.today())
    rows = queries.checklists(organ).select_related("organ", "drafted_by", "reviewed_by", "published_by")
    return rows.filter(state=State.PUBLISHED) | rows.filter(organ=organ, organ__isnull=False)


def _one(request: OfficerRequest, pk: int) -> Checklist:
    found: Checklist = get_object_or_404(_seen(request), pk=pk)
    return found


def _item(row: Checklist, pk: int) -> ChecklistItem:
    return get_object_or_404(row.items.select_related("checklist"), pk=pk)


def _edit(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    return render(
        request, "inspection/lists/edit.html", {"form": form, **context}, status=422 if form.is_bound else 200
    )


# --- reading --------------------------------------------------------------------------------------------------------


@require_safe
def versions(request: OfficerRequest) -> HttpResponse:
    """All versions that concern the organ, the list of each together, those of today marked."""
    today = clock.today()
    organ = org.home_organ(request.officer, today)
    held = {row.pk for row in queries.checklists_on(today, organ=organ)}
    rows = list(_seen(request).order_by("order", "code", "-from_date", "-pk"))
    for row in rows:
        row.held, row.count = row.pk in held, row.items.count()
    context = {"title": "重点事项清单", "rows": rows, "may_draft": bool(request.roles & MAY_DRAFT), "held": len(held)}
    return render(request, "inspection/lists/versions.html", context)


@require_safe
def version(request: OfficerRequest, pk: int) -> HttpResponse:
    """One version: its items, who drafted, examined and published it, and what stands against its publication."""
    return _version_page(request, _one(request, pk))


def _version_page(request: OfficerRequest, row: Checklist, status: int = 200, **more: Any) -> HttpResponse:
    roles = org.roles_of(request.officer, clock.today(), row.organ) if row.organ else frozenset()
    me = request.officer.pk
    others = _seen(request).filter(code=row.code).exclude(pk=row.pk).order_by("-from_date", "-pk")
    context = {
        "title": str(row), "row": row, "items": list(row.items.order_by("ordinal", "id")), "others": others,
        "faults": [] if row.state == State.PUBLISHED else queries.faults_in(row),
        "may_edit": row.is_open and bool(roles & MAY_DRAFT), "may_draft": bool(request.roles & MAY_DRAFT),
        "may_review": row.is_open and bool(roles & MAY_REVIEW) and me != row.drafted_by_id,
        "may_publish": row.state == State.REVIEWED and bool(roles & MAY_PUBLISH) and me not in (row.drafted_by_id, row.reviewed_by_id),
        "may_return": row.state == State.REVIEWED and bool(roles & (MAY_REVIEW | MAY_PUBLISH)), "return_form": ReasonForm(),
    }  # fmt: skip
    return render(request, "inspection/lists/version.html", context | more, status=status)


@require_safe
def item(request: OfficerRequest, pk: int, item_pk: int) -> HttpResponse:
    """One item of a version with all it leads to."""
    row = _one(request, pk)
    found = _item(row, item_pk)
    on = day_of(row, clock.today())
    context = {"title": found.content, "row": row, "chain": chain(found, on, row.organ), "frame": "ui/base.html"}
    return render(request, "inspection/lists/item.html", context)


@require_safe
def compare(request: OfficerRequest, pk: int, other_pk: int) -> HttpResponse:
    """What a version changes of an earlier one of the same list."""
    pair = (_one(request, pk), _one(request, other_pk))
    if pair[0].code != pair[1].code or pair[0].pk == pair[1].pk:
        raise Http404("只能比较同一检查表的两个版本。")
    earlier, later = sorted(pair, key=lambda row: (row.from_date, row.pk))
    found = differences(version_of(earlier).items, version_of(later).items)
    context = {"title": f"{later}的变动", "row": later, "earlier": earlier, "differences": found}
    return render(request, "inspection/lists/compare.html", context)


def as_file(row: Checklist) -> FileResponse:
    """A version as xlsx."""
    name = f"{row.title}-{row.edition}版.xlsx"
    content = io.BytesIO(workbook.write(version_of(row)))
    return FileResponse(content, content_type=XLSX, as_attachment=True, filename=name)


@require_safe
def download(request: OfficerRequest, pk: int) -> FileResponse:
    """A version as xlsx, for officers drafts too."""
    return as_file(_one(request, pk))


# --- drafting -------------------------------------------------------------------------------------------------------


@require_http_methods(READ)
def draft(request: OfficerRequest, pk: int) -> HttpResponse:
    """拟定新的一版, as a copy of this one."""
    require(request, *MAY_DRAFT)
    base, organ = _one(request, pk), _organ(request)
    form = DraftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made: list[Checklist] = []
        day = form.cleaned_data["from_date"]
        if carried_out(
            form, lambda: made.append(publishing.drafted(organ, by=request.officer, based_on=base, from_date=day))
        ):
            messages.success(request, "新的一版已拟定，可以修改检查项；改好后由法制审核人员审核。")
            return redirect("inspection:checklist", pk=made[0].pk)
    return _edit(request, form, title=f"以{base}为底本拟定新的一版", button="拟定", row=base)


@require_http_methods(READ)
def edit(request: OfficerRequest, pk: int) -> HttpResponse:
    """The head of a version that is being drafted."""
    row = _one(request, pk)
    initial = {name: getattr(row, name) for name in HEAD}
    form = HeadForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and carried_out(
        form, lambda: publishing.change_head(row, form.cleaned_data, by=request.officer)
    ):
        messages.success(request, "已修改。")
        return redirect("inspection:checklist", pk=pk)
    return _edit(request, form, title=f"修改{row.title}", button="保存", row=row)


@require_http_methods(READ)
def edit_item(request: OfficerRequest, pk: int, item_pk: int | None = None) -> HttpResponse:
    """An item of a version that is being drafted, or a new one."""
    row = _one(request, pk)
    found = _item(row, item_pk) if item_pk else None
    fresh = {"from_date": row.from_date, "level": "general", "confidence": row.confidence, "source": row.source}
    initial = {name: getattr(found, name) for name in FIELDS} if found else fresh
    form = ItemForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and carried_out(form, lambda: _keep(request, row, found, form.cleaned_data)):
        messages.success(request, f"检查项{form.cleaned_data['code']}已保存。")
        return redirect("inspection:checklist", pk=pk)
    title = f"修改检查项{found.code}" if found else "增列检查项"
    return _edit(request, form, title=title, button="保存", row=row, item=found, remove_form=ReasonForm())


def _keep(request: OfficerRequest, row: Checklist, found: ChecklistItem | None, values: dict[str, Any]) -> None:
    if found:
        publishing.change_item(found, values, by=request.officer)
    else:
        publishing.add_item(row, values, by=request.officer)


@require_POST
def move(request: OfficerRequest, pk: int, item_pk: int, way: str) -> HttpResponse:
    """上移、下移"""
    publishing.move_item(_item(_one(request, pk), item_pk), way == "up", by=request.officer)
    return redirect("inspection:checklist", pk=pk)


@require_POST
def remove_item(request: OfficerRequest, pk: int, item_pk: int) -> HttpResponse:
    """删去检查项, with reasons."""
    row = _one(request, pk)
    found, form = _item(row, item_pk), ReasonForm(request.POST)
    if form.is_valid():
        publishing.remove_item(found, form.cleaned_data["reason"], by=request.officer)
        messages.success(request, f"检查项{found.code}已删去。")
        return redirect("inspection:checklist", pk=pk)
    context = {"title": f"修改检查项{found.code}", "form": ItemForm(initial={n: getattr(found, n) for n in FIELDS}),
               "button": "保存", "row": row, "item": found, "remove_form": form}  # fmt: skip
    return render(request, "inspection/lists/edit.html", context, status=422)


# --- into force -----------------------------------------------------------------------------------------------------

ACTS: dict[str, tuple[Callable[..., object], str]] = {
    "review": (publishing.review, "审核通过，请机关负责人公布。"),
    "publish": (publishing.publish, "检查表已公布，从此不能修改。"),
    "remove": (publishing.remove, "草稿已删除。"),
}


@require_POST
def act(request: OfficerRequest, pk: int, name: str) -> HttpResponse:
    """审核通过、退回、公布、删除草稿; a refusal is told on the page with every place."""
    row = _one(request, pk)
    try:
        if name == "return":
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return _version_page(request, row, 422, return_form=form)
            publishing.send_back(row, form.cleaned_data["reason"], by=request.officer)
            said = "已退回拟定。"
        elif name in ACTS:
            does, said = ACTS[name]
            does(row, by=request.officer)
        else:
            raise Http404
    except NotPublishable as refused:
        return _version_page(request, row, refused.status, refused=["有下列错误，不能继续。"], faults=refused.faults)
    except Refused as refused:
        return _version_page(request, row, refused.status, refused=list(refused.reasons))
    messages.success(request, said)
    return redirect("inspection:checklists") if name == "remove" else redirect("inspection:checklist", pk=pk)


# --- from xlsx ------------------------------------------------------------------------------------------------------


@require_http_methods(READ)
def load(request: OfficerRequest) -> HttpResponse:
    """Send an xlsx, look at what was read with every error at its cell, then confirm or discard."""
    require(request, *MAY_DRAFT)
    organ = _organ(request)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_valid():
        file, made = form.cleaned_data["file"], list[PendingChecklist]()
        if carried_out(
            form, lambda: made.append(importing.read_file(file.file, file.name, organ=organ, by=request.officer))
        ):
            return redirect("inspection:pending_checklist", pk=made[0].pk)
    context = {"title": "导入检查表", "form": form, "waiting": PendingChecklist.objects.filter(organ=organ)}
    return render(request, "inspection/lists/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(READ)
def pending(request: OfficerRequest, pk: int) -> HttpResponse:
    """What a file was read as; confirming makes a draft of it."""
    require(request, *MAY_DRAFT)
    row = get_object_or_404(PendingChecklist, pk=pk, organ=_organ(request))
    refused, status = [], 200
    if request.method == "POST" and "discard" in request.POST:
        row.delete()
        messages.success(request, "已清除。")
        return redirect("inspection:import_checklist")
    if request.method == "POST":
        try:
            with transaction.atomic():
                made = importing.confirm(row, by=request.officer)
            messages.success(request, "已成为草稿，等待审核。")
            return redirect("inspection:checklist", pk=made.pk)
        except Invalid as invalid:
            refused, status = list(invalid.field_errors.values()), invalid.status
        except Refused as error:
            refused, status = list(error.reasons), error.status
    preview = importing.preview(row) if not row.errors else None
    context = {"title": f"预览：{row.name}", "row": row, "preview": preview, "refused": refused}
    return render(request, "inspection/lists/pending.html", context, status=status)
