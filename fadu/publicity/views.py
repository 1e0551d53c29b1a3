"""What the public sees: penalty decisions with personal data masked (行政处罚法 48, 50; 安全生产法 78 II)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fadu.kernel import clock
from fadu.org.access import public
from fadu.penalty import queries
from fadu.penalty.models import Disclosure
from fadu.procedure.declare import Procedure
from fadu.publicity.forms import DecisionSearch

PAGE = 20


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public site's first page."""
    shown = queries.disclosed()
    context = {"title": "执法公示", "latest": shown[:6], "total": shown.count(), "procedures": _in_force()}
    return render(request, "publicity/home.html", context)


def _in_force() -> list[type[Procedure]]:
    """The versions of procedures in force today."""
    codes = sorted({p.code for p in Procedure.registry.values()})
    found = []
    for code in codes:
        try:
            found.append(Procedure.version(code, clock.today()))
        except LookupError:
            continue
    return found


@public
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """处罚决定公开: search by words, organ and day of the decision."""
    form = DecisionSearch(request.GET)
    rows = form.narrow(queries.disclosed()) if form.is_valid() else queries.disclosed()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    params = request.GET.copy()
    params.pop("page", None)
    return render(
        request,
        "publicity/decisions.html",
        {"title": "行政处罚决定公开", "form": form, "page": page, "query": params.urlencode()},
    )


@public
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision; a withdrawn one shows only that it was withdrawn, when and why (48 II)."""
    row = get_object_or_404(Disclosure, pk=pk)
    return render(
        request, "publicity/decision.html", {"title": row.number, "row": row}, status=410 if row.withdrawn_on else 200
    )


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The procedures by which the bureau works, with their flow charts (39)."""
    return render(request, "publicity/procedures.html", {"title": "执法程序", "procedures": _in_force()})
