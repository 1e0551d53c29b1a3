"""Pages of the register: the list, one post, verification, import and export."""

from __future__ import annotations

import tempfile
from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.callout import queries
from fadu.callout.forms import HolderForm, ListForm, PostFilters
from fadu.callout.models import DutyPost, Holding, RegisterImport
from fadu.callout.services import importing, register
from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.org.access import OfficerRequest, require
from fadu.record.access import note_reading
from fadu.subject.views.sent import SentPages
from fadu.ui import xlsx
from fadu.ui.columns import Column
from fadu.ui.forms import tell
from fadu.ui.listing import XLSX, Filters, Kind, Listing, Tab


def _held(post: Any, slot: str) -> Holding | None:
    """The holder of a slot, of a post loaded with its holders."""
    return next((row for row in post.held if row.slot == slot), None)


def _name(slot: str) -> Any:
    return lambda post: row.person.name if (row := _held(post, slot)) else "空缺"


def _phone(slot: str, *, full: bool = False) -> Any:
    def of(post: Any) -> str:
        row = _held(post, slot)
        if row is None:
            return ""
        return row.person.phone if full else row.person.masked_phone

    return of


def _mail(slot: str) -> Any:
    return lambda post: row.person.mail if (row := _held(post, slot)) else ""


def _verified(post: Any) -> str:
    """Which numbers of a post are stale."""
    limit = queries.stale_before(clock.today())
    late = [row.slot for row in post.held if row.person.verified_on is None or row.person.verified_on < limit]
    return f"{'、'.join(late)}岗过期" if late else ("已核实" if post.held else "—")


class PostListing(Listing):
    """值班责任人名册; numbers are masked on it."""

    title = "值班责任人名册"
    unit = "个岗位"
    order: ClassVar[tuple[str, ...]] = ("division_id",)
    empty = "您能看到的范围内还没有值班岗位。"
    template = "callout/register.html"
    exportable = False
    tabs = (
        Tab("all", "全部岗位", lambda rows: rows),
        Tab("vacant", "空缺", lambda rows: queries.missing(rows, clock.today()), counted=True),
        Tab("stale", "号码过期", lambda rows: queries.stale(rows, clock.today()), counted=True),
        Tab("many", "一人多岗", lambda rows: queries.doubled(rows, clock.today()), counted=True),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            "地方", "division.local_name", sort="division_id", link=lambda post: reverse("callout:post", args=[post.pk])
        ),
        Column("岗位", "get_kind_display", sort="kind"),
        Column("层级", "get_level_display", sort="level", phone=False),
        Column("A岗", _name("A"), small=_phone("A")),
        Column("B岗", _name("B"), small=_phone("B")),
        Column("号码核实", _verified, Kind.TAG, tone=lambda post: "late" if "过期" in _verified(post) else "ok"),
    )

    @cached_property
    def filter_form(self) -> Filters:
        """The conditions, with the counties of the person's scope."""
        form = PostFilters(self.request.GET, scope=cast(OfficerRequest, self.request).scope)
        form.is_valid()
        return form


def _rows(request: OfficerRequest) -> Any:
    """The posts the person sees, with today's holders."""
    today = clock.today()
    return queries.with_holders(queries.within(queries.posts(today), request.scope), today)


def _may_keep(request: OfficerRequest) -> bool:
    return bool(request.roles & queries.KEEPERS)


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """The register, in the person's scope."""
    figures = (
        queries.figures(clock.today()) if any(len(code) < 6 for code in queries.divisions_of(request.scope)) else None
    )
    return PostListing(request, _rows(request)).response(may_keep=_may_keep(request), figures=figures)


@require_safe
def export(request: OfficerRequest) -> HttpResponseBase:
    """The filtered register as the import takes it, with numbers and mail addresses in full: of what one keeps, and noted."""
    require(request, *queries.KEEPERS)
    listing = PostListing(request, queries.kept_by(_rows(request), request.officer))
    columns = (
        Column("区划代码", "division_id", width=16),
        Column("行政区划", "division.local_name", width=32),
        Column("岗位", "get_kind_display", width=20),
        Column("A岗姓名", lambda post: row.person.name if (row := _held(post, "A")) else ""),
        Column("A岗手机", _phone("A", full=True)),
        Column("B岗姓名", lambda post: row.person.name if (row := _held(post, "B")) else ""),
        Column("B岗手机", _phone("B", full=True)),
        Column("A岗邮箱", _mail("A")),
        Column("B岗邮箱", _mail("B")),
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    rows = listing.filtered.order_by("division_id", "pk")
    facts = [(label, words) for _, label, words in listing.narrowed]
    xlsx.write(file, title="名册", unit="个岗位", columns=columns, rows=rows.iterator(chunk_size=2000), facts=facts)
    file.seek(0)
    for county in sorted(set(listing.filtered.order_by().values_list("county", flat=True))):
        note_reading(request, f"callout.register/{county}", "导出值班责任人名册（含号码、邮箱）")
    response = FileResponse(file, content_type=XLSX)
    name = quote(f"值班责任人名册{clock.today():%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"register.xlsx\"; filename*=UTF-8''{name}"
    return response


def _post(request: OfficerRequest, pk: int) -> DutyPost:
    return cast(DutyPost, get_object_or_404(_rows(request).select_related("division", "above__division"), pk=pk))


@require_http_methods(["GET", "POST"])
def post(request: OfficerRequest, pk: int) -> HttpResponse:
    """One post: its holders now and before; who keeps the register enters new ones."""
    one = _post(request, pk)
    keeps = queries.organ_for(request.officer, one.county, queries.KEEPERS) is not None
    form = HolderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        register.demand_keeper(one, request.officer)
        if form.is_valid():
            values = form.cleaned_data
            try:
                register.appoint(
                    one, values["slot"], name=values["name"], phone=values["phone"], by=request.officer, on=values["on"],
                    mail=values["mail"],
                )  # fmt: skip
            except Refused as refused:
                tell(form, getattr(refused, "field_errors", {"": "；".join(refused.reasons)}))
            else:
                messages.success(request, "已登记。")
                return redirect("callout:post", pk=pk)
    elif keeps:
        note_reading(request, f"callout.register/{one.county}", f"{one}责任人的号码")
    context = {
        "post": one,
        "held": [row.slot for row in one.held],  # type: ignore[attr-defined]
        "holdings": one.holdings.select_related("person").order_by("-starts_on", "slot"),
        "others": {row.person_id: len(queries.posts_of(row.person, clock.today())) for row in one.held},  # type: ignore[attr-defined]
        "keeps": keeps,
        "form": form,
        "limit": queries.stale_before(clock.today()),
    }
    return render(request, "callout/post.html", context, status=422 if form.is_bound else 200)


@require_POST
def vacate(request: OfficerRequest, pk: int, slot: str) -> HttpResponse:
    """The holder leaves."""
    register.vacate(_post(request, pk), slot, by=request.officer)
    messages.success(request, "已免去，岗位列为空缺。")
    return redirect("callout:post", pk=pk)


@require_POST
def verify(request: OfficerRequest, pk: int) -> HttpResponse:
    """The numbers of this post were called and are right."""
    one = _post(request, pk)
    held = [row.person for row in one.held]  # type: ignore[attr-defined]
    count = register.verify(held, by=request.officer, county=one.county)
    messages.success(request, f"已记下{count}个号码于今天核实。")
    return redirect("callout:post", pk=pk)


PAGES = SentPages(
    RegisterImport, ListForm, importing.send, importing.confirm, importing.COLUMNS, importing.OUTCOMES, "callout:import-page",
    "callout/import.html", "callout/import_page.html",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def send(request: OfficerRequest) -> HttpResponse:
    """Send a list; below, what was sent before."""
    require(request, *queries.KEEPERS)
    return PAGES.send(request)


@require_http_methods(["GET", "POST"])
def preview(request: OfficerRequest, pk: int) -> HttpResponse:
    """What would become of each line; confirming writes it."""
    require(request, *queries.KEEPERS)
    return PAGES.preview(request, pk)
