"""The evacuation guide: its places, one of them, the public's part; sent out and taken in as xlsx."""

from __future__ import annotations

import tempfile
from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import NotCompetent
from fadu.org.access import OfficerRequest, public, require
from fadu.org.models import Division
from fadu.record.access import note_reading
from fadu.response import queries
from fadu.response.forms import GuideForm, PlaceFilters, PlaceForm
from fadu.response.models import PlaceImport, SafePlace
from fadu.response.services import importing
from fadu.response.services import places as services
from fadu.subject.views.sent import SentPages
from fadu.ui import xlsx
from fadu.ui.columns import Column
from fadu.ui.listing import XLSX, Kind, Listing, Tab


class PlaceListing(Listing):
    """避险转移指南; numbers are masked on it."""

    title = "避险转移指南"
    unit = "处"
    order: ClassVar[tuple[str, ...]] = ("division_id", "kind")
    empty = "您能看到的范围内还没有登记重点部位和避险点。"
    filters = PlaceFilters
    tabs = (
        Tab("active", "在用", lambda rows: rows.filter(active=True)),
        Tab("former", "停用", lambda rows: rows.filter(active=False)),
        Tab("all", "全部", lambda rows: rows),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("名称", "name", sort="name", link=lambda one: reverse("response:place", args=[one.pk])),
        Column("类别", "get_kind_display", Kind.TAG, tone=lambda one: "late" if one.kind == "risk" else "ok"),
        Column("地方", "division.local_name", sort="division_id"),
        Column("人数（容量）", "people", Kind.NUMBER, sort="people"),
        Column("责任人", "warden", small="masked_phone", small_title="电话"),
        Column("副责任人", "deputy", small="masked_deputy_phone", small_title="副责任人电话", phone=False),
    )


class KeptListing(PlaceListing):
    """The same for those who keep it: their export has every number in full, and comes back by the import."""

    template = "response/places.html"
    exportable = False


EXPORT = (
    Column("区划代码", "division_id", width=16),
    Column("行政区划", "division.local_name", width=32),
    Column("类别", "get_kind_display"),
    Column("名称", "name"),
    Column("地址", "address"),
    Column("人数", "people", Kind.NUMBER),
    Column("责任人", "warden", width=14),
    Column("责任人电话", "phone", width=18),
    Column("副责任人", "deputy", width=14),
    Column("副责任人电话", "deputy_phone", width=18),
    Column("转移路线", "route", width=48),
    Column("在用", lambda one: "是" if one.active else "否", width=8),
)
HOW = (
    ("怎样填写", "一行一处。区划代码、类别、名称都相同的算同一处，其余各列按本表改；新的一处加一行。"),
    ("类别", "、".join(SafePlace.Kind.labels)),
    ("人数", "重点部位为需要转移的人数，避险点为容量。"),
    ("在用", "是、否；不再用的写“否”，删去这一行不会停用。"),
    ("空着的格子", "不改原来的内容；新的一处，人数、责任人、责任人电话要填。"),
)


def _rows(request: OfficerRequest) -> Any:
    """The places in the person's scope."""
    return queries.within(SafePlace.objects.select_related("division"), request.scope)


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """The places in the person's scope."""
    if not request.roles & queries.KEEPERS:
        return PlaceListing(request, _rows(request)).response()
    return KeptListing(request, _rows(request)).response(new_url=reverse("response:place-new"), new_title="登记一处")


@require_safe
def export(request: OfficerRequest) -> HttpResponseBase:
    """The filtered guide as the import takes it, with numbers in full: of what one keeps, and noted."""
    require(request, *queries.KEEPERS)
    listing = KeptListing(request, queries.kept_by(_rows(request), request.officer))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    facts = [(label, words) for _, label, words in listing.narrowed]
    rows = listing.exported_rows()
    xlsx.write(file, title="避险转移指南", unit="处", columns=EXPORT, rows=rows, facts=[*facts, *HOW])
    file.seek(0)
    for county in sorted(set(listing.filtered.order_by().values_list("county", flat=True))):
        note_reading(request, f"response.places/{county}", "导出避险转移指南（含号码）")
    response = FileResponse(file, content_type=XLSX)
    name = quote(f"避险转移指南{clock.today():%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"guide.xlsx\"; filename*=UTF-8''{name}"
    return response


@require_http_methods(["GET", "POST"])
def place(request: OfficerRequest, pk: int | None = None) -> HttpResponse:
    """One place: numbers in full, and the form, for who keeps it; masked for others. A new one without ``pk``."""
    found = None
    if pk is None:
        require(request, *queries.KEEPERS)
    else:
        found = get_object_or_404(_rows(request), pk=pk)
    keeps = found is None or queries.keeps(request.officer, found.county)
    form = (
        PlaceForm(request.POST if request.method == "POST" else None, instance=found, scope=request.scope)
        if keeps
        else None
    )
    if request.method == "POST":
        if form is None:
            raise NotCompetent("避险转移指南由当地（或者市）应急管理局的内勤、审核人维护。")
        if form.is_valid():
            services.keep([form.save(commit=False)], by=request.officer)
            messages.success(request, "已保存。")
            return redirect("response:places")
    if found is not None and keeps:
        note_reading(request, f"response.places/{found.county}", f"{found.name}责任人的号码")
    context = {"place": found, "form": form}
    return render(request, "response/place.html", context, status=422 if form is not None and form.is_bound else 200)


PAGES = SentPages(
    PlaceImport, GuideForm, importing.send, importing.confirm, importing.COLUMNS, importing.OUTCOMES,
    "response:places-import-page", "response/import.html", "response/import_page.html",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def send(request: OfficerRequest) -> HttpResponse:
    """Send a guide; below, what was sent before."""
    require(request, *queries.KEEPERS)
    return PAGES.send(request)


@require_http_methods(["GET", "POST"])
def preview(request: OfficerRequest, pk: int) -> HttpResponse:
    """What would become of each line; confirming writes it."""
    require(request, *queries.KEEPERS)
    return PAGES.preview(request, pk)


@public
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """For the public: where to go from each county, with the way; numbers and names masked."""
    counties = dict(Division.objects.filter(level="county").values_list("code", "name"))
    rows = SafePlace.objects.filter(active=True, kind=SafePlace.Kind.SHELTER).select_related("division")
    found: dict[str, list[SafePlace]] = {}
    for row in rows.order_by("division_id", "name"):
        found.setdefault(counties.get(row.county, row.county), []).append(row)
    return render(request, "response/guide.html", {"title": "应急避险点", "counties": found})
