"""Evidence for those who may read the matter, readings for those who may audit, and the seals for everybody."""

from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fadu.record import access, queries, vault
from fadu.record.forms import BlindReadingFilters, ReadingFilters
from fadu.record.models import Access, EvidenceFile
from fadu.ui.listing import Column, Kind, Listing

# shown in the page itself; everything else is saved to disk and opened outside this site
SHOWN = ("image/jpeg", "image/png", "image/webp", "video/mp4", "audio/mp4", "audio/mpeg", "audio/wav")

# How notes of access begin: the kind of what was read, and whether its key follows (else its name does).
READ_KINDS = {"事项": False, "审批": False, "文书": True, "证据": True}
READ_FORMS = ("（PDF）", "（docx）", "（文书页）", "（全卷）", "（缩略图）")


def _readable(request: HttpRequest, pk: int) -> EvidenceFile:
    """The evidence, if this request may read its matter; else 404, as for one that does not exist."""
    evidence = get_object_or_404(EvidenceFile, pk=pk)
    if not access.may_read(request, evidence.chain):
        raise Http404
    return evidence


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with headers that keep a file from acting as a page and from caches others may read."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, hashed again; the reading is noted once the request is over."""
    kept = _readable(request, pk)
    response = FileResponse(
        vault.open_verified(kept.sha256),
        as_attachment=kept.media_type not in SHOWN or "download" in request.GET,
        filename=kept.name,
        content_type=kept.media_type,
    )
    access.note_reading(request, kept.chain, f"证据 {kept.pk} {kept.name}")
    return _guarded(response)


@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small picture of the file; 404 when it is none that can be drawn."""
    kept = _readable(request, pk)
    if not kept.has_thumbnail or (drawn := vault.thumbnail(kept.sha256)) is None:
        raise Http404
    access.note_reading(request, kept.chain, f"证据 {kept.pk} {kept.name}（缩略图）")
    return _guarded(HttpResponse(drawn, content_type="image/jpeg"))


class Readings(Listing):
    """查阅记录: who read what, when."""

    title = "查阅记录"
    order = ("-at",)
    filters = ReadingFilters
    empty = "还没有查阅记录。"
    columns: ClassVar[tuple[Column, ...]] = (
        Column("时间", "at", Kind.MOMENT, sort="at"),
        Column("姓名", "name", sort="name", small="post", small_title="职务"),
        Column("机关", "organ", sort="organ", phone=False),
        Column("所阅内容", "what", width=40),
        Column("事项", "chain", sort="chain", width=24, link=lambda row: access.address_of(row.chain)),
        Column("用途", "purpose", phone=False),
    )


def kind_read(row: Access) -> str:
    """What kind of thing was read, by its key, without its name: “文书 12（PDF）” of “文书 12 处罚决定书…（PDF）”."""
    kind, _, rest = row.what.partition(" ")
    if kind not in READ_KINDS:
        return "其他"
    key = f" {rest.partition(' ')[0]}" if READ_KINDS[kind] else ""
    return kind + key + next((form for form in READ_FORMS if rest.endswith(form)), "")


class BlindReadings(Readings):
    """查阅记录 as 审计管理员 sees it: who read what kind of thing of which matter, and when; not what it is about."""

    filters = BlindReadingFilters
    columns = tuple(
        Column("所阅内容", kind_read, width=24) if column.title == "所阅内容"
        else Column("事项", "chain", sort="chain", width=24) if column.title == "事项" else column
        for column in Readings.columns if column.title != "用途"
    )  # fmt: skip


@require_safe
def readings(request: HttpRequest) -> HttpResponseBase:
    """查阅记录, for those who may audit; to all others the page does not exist."""
    allowed = access.auditable(request)
    if allowed is None:
        raise Http404
    listing = BlindReadings if access.audits_blind(request) else Readings
    return listing(request, Access.objects.filter(allowed)).response()


SEALS_A_PAGE = 60


@login_not_required
@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """Public: the seals of the days, the latest first, and how to check them."""
    page = Paginator(queries.seals().reverse(), SEALS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "record/seals.html", {"title": "过程记录每日封存", "page": page})


@login_not_required
@require_safe
def seals_json(request: HttpRequest) -> JsonResponse:
    """Public: every seal from the first on, as a court's script and ``verify-record --seals`` read them."""
    published: dict[str, Any] = {"format": "fadu-seals-1", "seals": [seal.as_published() for seal in queries.seals()]}
    response = JsonResponse(published, json_dumps_params={"indent": 1})
    response["Content-Disposition"] = 'attachment; filename="seals.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
