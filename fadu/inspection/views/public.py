"""The open pages of checklists and of the standards of determination: what is looked at, by which rule, with what consequence."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fadu.inspection import hazards, queries
from fadu.inspection.models import Checklist
from fadu.inspection.showing import chain
from fadu.inspection.views.checklists import as_file
from fadu.org.access import public
from fadu.power.forms import OnForm


def _held(code: str, on: date) -> Checklist:
    return get_object_or_404(queries.public_checklists(on), code=code)


@public
@require_safe
def checklists(request: HttpRequest) -> HttpResponse:
    """The lists by which enterprises are inspected on a day."""
    form = OnForm(request.GET)
    on = form.day
    rows = list(queries.public_checklists(on))
    for row in rows:
        row.count = row.items_on(on).count()  # type: ignore[attr-defined]
    context = {"title": "重点事项清单", "rows": rows, "on": on, "form": form, "standards": hazards.in_force(on)}
    return render(request, "inspection/lists/public.html", context)


@public
@require_safe
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    """One list as of a day: its items, each leading to all that follows from it."""
    on = OnForm(request.GET).day
    row = _held(code, on)
    context = {"title": row.title, "row": row, "items": row.items_on(on), "on": on, "given": request.GET.get("on", "")}
    return render(request, "inspection/lists/public_list.html", context)


@public
@require_safe
def download(request: HttpRequest, code: str) -> FileResponse:
    """One list as xlsx."""
    return as_file(_held(code, OnForm(request.GET).day))


@public
@require_safe
def item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """One item as of a day: standard, articles, penalty provisions, benchmark tiers."""
    on = OnForm(request.GET).day
    row = _held(code, on)
    found = row.items_on(on).filter(code=item).first()
    if found is None:
        raise Http404(f"{row}中没有代码为{item}的检查项。")
    context = {
        "title": found.content,
        "row": row,
        "chain": chain(found, on, None),
        "frame": "ui/public.html",
        "open": True,
    }
    return render(request, "inspection/lists/item.html", context)


@public
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """判定标准: every version that is held, and which of them judge on a day."""
    on = OnForm(request.GET).day
    rows = [(one, one.in_force(on)) for one in hazards.standards()]
    return render(request, "inspection/lists/standards.html", {"title": "重大事故隐患判定标准", "rows": rows, "on": on})


@public
@require_safe
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """One version of a standard with its situations."""
    found = hazards.standard(code)
    if found is None:
        raise Http404("没有这一判定标准")
    others = [one for one in hazards.standards() if one.family == found.family and one.code != code]
    context = {
        "title": found.title,
        "standard": found,
        "others": others,
        "now": found.in_force(OnForm(request.GET).day),
    }
    return render(request, "inspection/lists/standard.html", context)
