"""Warnings: the list, one warning word for word, and taking one in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.kernel.numerals import whole
from fadu.kernel.signing import demand_signed
from fadu.org.access import OfficerRequest, public, require
from fadu.org.models import Division
from fadu.org.roles import Role
from fadu.ui.columns import Column
from fadu.ui.listing import Kind, Listing, Tab
from fadu.warning import services
from fadu.warning.forms import MessageForm
from fadu.warning.intake import refusals, sources
from fadu.warning.models import Refusal, Warning

TAKERS = (Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD)
TONES: dict[str, str] = {"current": "due", "quarantined": "late"}


class WarningListing(Listing):
    """预警."""

    title = "预警"
    unit = "份"
    order: ClassVar[tuple[str, ...]] = ("-sent",)
    empty = "还没有收到预警。"
    template = "warning/list.html"
    tabs = (
        Tab("real", "实战", lambda rows: rows.filter(kind="real").exclude(standing="quarantined")),
        Tab("drill", "演练", lambda rows: rows.filter(kind="drill").exclude(standing="quarantined")),
        Tab("technical", "技术报文", lambda rows: rows.filter(kind="technical").exclude(standing="quarantined")),
        Tab("quarantined", "已隔离", lambda rows: rows.filter(standing="quarantined"), counted=True),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("预警", str, link=lambda one: reverse("warning:page", args=[one.pk]), width=48),
        Column("发布单位", "sender_name", phone=False),
        Column("发布时间", "sent", Kind.MOMENT, sort="sent"),
        Column("颜色", lambda one: f"{one.colour}色" if one.colour else "没有写明"),
        Column("效力", "get_standing_display", Kind.TAG, tone=lambda one: TONES.get(one.standing, "line")),
        Column("需核对", lambda one: len(one.problems) or "", Kind.NUMBER, phone=False),
    )


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """All warnings, drills apart."""
    may = bool(request.roles & set(TAKERS))
    return WarningListing(request, Warning.objects.defer("raw", "description", "instruction")).response(
        may_take=may,
        silent=sources.silent(clock.now()),
        works=bool(request.scope.organs),
        refused=refusals.unlooked().count(),
    )


@public
@csrf_exempt
@require_POST
def push(request: HttpRequest) -> JsonResponse:
    """A message sent by its issuer, signed; sent again it is the same one. 201 new, 200 known, 422 refused with the reasons.

    What is refused is filed, too: behind a push there is a machine, which reads no reasons. Of a body whose sender is not
    proven only the beginning is read, or kept.
    """
    secret = str(settings.WARNING_PUSH_SECRET)
    if not secret:
        raise Http404
    size = whole(request.headers.get("Content-Length", "0")) or 0
    if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        said = "报文超过推送的上限，请改用文件夹或者预警列表"
        refusals.file_unproven(request.read(refusals.KEPT_UNPROVEN), said, Refusal.Level.SECURITY, size=size)
        return JsonResponse({"reasons": [said]}, status=413)
    moment, signature = request.headers.get("X-Time", ""), request.headers.get("X-Sign", "")
    try:
        demand_signed(secret, moment, signature, request.body, clock.now())
    except ValueError:
        said = "签名不对，或者时间相差超过五分钟"
        if request.body:  # without one nothing has arrived
            refusals.file_unproven(request.body, said, Refusal.Level.SIGNATURE, size=len(request.body))
        return JsonResponse({"reasons": [said]}, status=401)
    try:
        warning, new = sources.take(request.body)
    except Refused as refused:
        refusals.file(sources.push(), request.body, refused)
        return JsonResponse({"reasons": list(refused.reasons)}, status=422)
    told = {
        "id": warning.pk,
        "identifier": warning.identifier,
        "standing": warning.standing,
        "problems": warning.problems,
    }
    return JsonResponse(told, status=201 if new else 200)


@require_safe
def page(request: OfficerRequest, pk: int) -> HttpResponse:
    """One warning, word for word, with what has to be looked at."""
    warning = get_object_or_404(Warning.objects.select_related("replaced_by"), pk=pk)
    names = dict(
        Division.objects.filter(code__in=[a.code for a in warning.areas.all()]).values_list("code", "local_name")
    )
    context = {
        "warning": warning,
        "areas": [(names.get(area.code, area.code), area) for area in warning.areas.all()],
        "references": warning.references.select_related("target"),
    }
    return render(request, "warning/page.html", context)


@require_http_methods(["GET", "POST"])
def take(request: OfficerRequest) -> HttpResponse:
    """Take a message in."""
    require(request, *TAKERS)
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else MessageForm()
    if request.method == "POST" and form.is_valid():
        try:
            warning = services.take_in(form.cleaned_data["file"], by=request.officer)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("file", reason)
        else:
            messages.success(request, "已收存。")
            return redirect("warning:page", pk=warning.pk)
    return render(request, "warning/take.html", {"form": form}, status=422 if form.is_bound else 200)
