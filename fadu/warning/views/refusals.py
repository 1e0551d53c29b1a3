"""What was refused: the list, one of them with its bytes as text, and the note of the person who has looked at it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fadu.kernel.errors import Invalid
from fadu.org.access import OfficerRequest
from fadu.record.privacy import SensitiveInRecord
from fadu.ui.columns import Column
from fadu.ui.listing import Kind, Listing, Tab
from fadu.warning.forms import LookForm
from fadu.warning.intake import refusals
from fadu.warning.legible import legible
from fadu.warning.models import Refusal

SHOWN = 20_000  # characters of a message on the page; the rest is in the file


def _demand_work(request: OfficerRequest) -> None:
    """Refuse (403) whoever handles no matters: the three administrators see no warning, and not what was refused either."""
    if not request.scope.organs:
        raise PermissionDenied("收到的报文由办理业务的岗位查看，您今天的岗位不办理业务。")


class RefusalListing(Listing):
    """没有收下的报文."""

    title = "没有收下的报文"
    unit = "份"
    order: ClassVar[tuple[str, ...]] = ("-first_at",)
    empty = "没有这样的报文。"
    template = "warning/refused.html"
    exportable = False
    tabs = (
        Tab("unlooked", "没有看过", lambda rows: rows.filter(looked_at=None), counted=True),
        Tab("looked", "看过", lambda rows: rows.exclude(looked_at=None)),
        Tab("all", "全部", lambda rows: rows),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("报文", str, link=lambda one: reverse("warning:refusal", args=[one.pk]), width=40),
        Column("不收的原因", lambda one: _first(one.reasons), small="get_level_display", width=48),
        Column("来源", "source.title", phone=False),
        Column("首次收到", "first_at", Kind.MOMENT, sort="first_at"),
        Column("次数", "seen", Kind.NUMBER, sort="seen", phone=False),
        Column(
            "查看",
            lambda one: f"{one.looked_by.name}看过" if one.looked_by else "没有看过",
            Kind.TAG,
            tone=lambda one: "line" if one.looked_by else "late",
        ),
    )


def _first(reasons: list[str]) -> str:
    """The first reason, and how many more there are."""
    said = reasons[0] if reasons else ""
    said = said if len(said) <= 120 else f"{said[:120]}…"
    return f"{said}（等{len(reasons)}处）" if len(reasons) > 1 else said


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """All that was refused, the newest first."""
    _demand_work(request)
    rows = Refusal.objects.defer("raw").select_related("source", "looked_by")
    return RefusalListing(request, rows).response(may_look=refusals.may_look(request.officer))


@require_http_methods(["GET", "POST"])
def page(request: OfficerRequest, pk: int) -> HttpResponse:
    """One of them; a POST says what came of looking at it."""
    _demand_work(request)
    refusal = get_object_or_404(Refusal.objects.select_related("source", "looked_by"), pk=pk)
    others = refusals.alike(refusal).order_by("-pk")
    form = None
    if refusal.looked_at is None and refusals.may_look(request.officer):
        form = LookForm(request.POST or None, alike=others.count(), until=others.values_list("pk", flat=True).first())
    if request.method == "POST":
        answered = _looked(request, refusal, form)
        if answered is not None:
            return answered
    text = legible(bytes(refusal.raw), SHOWN)
    context: dict[str, Any] = {"refusal": refusal, "text": text, "cut": len(text) >= SHOWN, "form": form}
    return render(request, "warning/refusal.html", context, status=422 if form is not None and form.is_bound else 200)


def _looked(request: OfficerRequest, refusal: Refusal, form: LookForm | None) -> HttpResponse | None:
    """What a POST did; None where the form has to be shown again. Raises NotCompetent and OutOfOrder as the service does."""
    if form is None:  # the service says why not
        refusals.look_at(refusal, by=request.officer, note=str(request.POST.get("note") or ""))
    elif form.is_valid():
        until = form.cleaned_data.get("until") if form.cleaned_data.get("alike") else None
        try:
            count = refusals.look_at(refusal, by=request.officer, note=form.cleaned_data["note"], until=until)
        except Invalid as error:
            form.add_error("note", error.field_errors["note"])
        except SensitiveInRecord as error:
            form.add_error("note", str(error))
        else:
            messages.success(request, "已记为看过，不再提醒。" if count == 1 else f"已将{count}份记为看过，不再提醒。")
            return redirect("warning:refused")
    return None


@require_safe
def raw(request: OfficerRequest, pk: int) -> HttpResponse:
    """The bytes as they came, to be kept as a file: the browser is told to show nothing of them."""
    _demand_work(request)
    refusal = get_object_or_404(Refusal, pk=pk)
    response = HttpResponse(bytes(refusal.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="refused-{refusal.sha256[:12]}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
