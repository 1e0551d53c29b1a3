"""The pages of powers: the list, an item with its charts, for officers and the public; and how a list comes to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.org import queries as org
from fadu.org.access import public, require
from fadu.power import bpmn, queries, registry, riskchart, services
from fadu.power.classes import PowerClass
from fadu.power.content import RiskPoint, responsibilities, risks
from fadu.power.flow import Flow
from fadu.power.forms import DraftForm, ItemForm, ListForm, OnForm, PublishForm, ReasonForm
from fadu.power.gate import book, faults
from fadu.power.listing import Powers, PublicPowers
from fadu.power.models import PowerItem, PowerList
from fadu.power.services.publishing import FIELDS, MAY_DRAFT, MAY_PUBLISH, MAY_REVIEW
from fadu.ui.forms import carried_out

SVG, BPMN = "image/svg+xml", "application/xml"
# a chart of its own carries its own styles, and nothing else that a browser would load or run
ALONE = {"default-src": [NONE], "style-src": [UNSAFE_INLINE]}


# --- reading --------------------------------------------------------------------------------------------------------


def _listed(request: HttpRequest, on: date, *, for_all: bool) -> PowerList:
    """The list that is read: an officer's own organ's, the house's for the public; 404 where none is in force."""
    officer = getattr(request, "officer", None)
    organ = org.home_organ(officer, on) if officer is not None and not for_all else queries.house()
    listed = queries.list_in_force(organ, on)
    if listed is None:
        raise Http404(f"{on}没有施行中的权责清单。")
    return listed


def _rows(listed: PowerList, on: date) -> list[PowerItem]:
    return [
        row for row in listed.items.order_by("ordinal") if row.since <= on and (row.until is None or on < row.until)
    ]


def _list(request: HttpRequest, kind: type[Powers], *, for_all: bool) -> HttpResponseBase:
    on = OnForm(request.GET).day
    listed = _listed(request, on, for_all=for_all)
    rows = _rows(listed, on)
    counts = [(cls.value, sum(row.cls == cls.value for row in rows)) for cls in PowerClass]
    return kind(request, rows).response(listed=listed, on=on, counts=counts, total=len(rows))


@require_safe
def powers(request: HttpRequest) -> HttpResponseBase:
    """权责清单 of the officer's organ."""
    return _list(request, Powers, for_all=False)


@public
@require_safe
def public_powers(request: HttpRequest) -> HttpResponseBase:
    """权责清单 open to the public (安全生产法 17)."""
    return _list(request, PublicPowers, for_all=True)


@dataclass(frozen=True)
class PointRow:
    """A risk point as the page shows it: the title of its step, and what the record says of each of its controls."""

    point: RiskPoint
    step: str
    controls: list[tuple[str, str, str]]  # name, what it checks, what the record says


def _said(key: str, code: str) -> str:
    """What the record says of a control, in words."""
    found = registry.tally(key, code)
    if found is None:
        return "尚未接入"
    if not found.checked:
        return "还没有发生"
    return f"已核对{found.checked}次" + (f"，{found.fired_as}{found.fired}次" if found.fired_as else "")


def _points(flow: Flow | None, code: str) -> list[PointRow]:
    if flow is None:
        return []
    said: dict[str, str] = {}
    rows = []
    for point in risks().get(flow.code, ()):
        for key in point.controls:
            said.setdefault(key, _said(key, code))
        controls = [(registry.CONTROLS[key][0], registry.CONTROLS[key][1], said[key]) for key in point.controls]
        rows.append(PointRow(point, flow.steps.get(point.step, point.step), controls))
    return rows


def _counted(points: list[PointRow]) -> dict[str, str]:
    """For each control the words that stand under the measure in the chart."""
    found = {}
    for row in points:
        for key, (name, _, words) in zip(row.point.controls, row.controls, strict=True):
            found[key] = f"{name}：{words}"
    return found


def _found(request: HttpRequest, code: str, *, for_all: bool) -> tuple[PowerItem, PowerList, date]:
    on = OnForm(request.GET).day
    listed = _listed(request, on, for_all=for_all)
    item = queries.item_of(listed, code, on)
    if item is None:
        raise Http404(f"{listed.title}中没有编码为{code}的职权事项。")
    return item, listed, on


def _context(request: HttpRequest, code: str, *, for_all: bool) -> dict[str, Any]:
    item, listed, on = _found(request, code, for_all=for_all)
    flow = queries.flow_of(item.value, on)
    points = _points(flow, item.code)
    siblings = [row for row in _rows(listed, on) if item.group and row.group == item.group and row.pk != item.pk]
    return {
        "title": item.name, "item": item, "listed": listed, "on": on, "flow": flow, "points": points, "siblings": siblings,
        "flow_chart": _safe(registry.draw(flow)) if flow else "", "responsibility": responsibilities()[PowerClass(item.cls)],
        "risk_chart": _safe(riskchart.draw(flow, [row.point for row in points], counted=_counted(points))) if flow and points else "",
        "runs": bool(flow and flow.key), "in_force": item.value.in_force(on), "for_all": for_all,
        "space": "public_" if for_all else "", "frame": "ui/public.html" if for_all else "ui/base.html",
    }  # fmt: skip


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """An item for officers: with the matters that stand on it."""
    return render(request, "power/item.html", _context(request, code, for_all=False))


@public
@require_safe
def public_item(request: HttpRequest, code: str) -> HttpResponse:
    """An item for everybody: basis, responsibility, flow chart, risk chart."""
    return render(request, "power/item.html", _context(request, code, for_all=True))


@public
@require_safe
def print_item(request: HttpRequest, code: str) -> HttpResponse:
    """An item with both charts on sheets to be printed."""
    return render(request, "power/print.html", _context(request, code, for_all=True))


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _flow(request: HttpRequest, code: str) -> tuple[PowerItem, Flow]:
    found, _, on = _found(request, code, for_all=True)
    flow = queries.flow_of(found.value, on)
    if flow is None:
        raise Http404(f"{found.name}没有流程图。")
    return found, flow


@public
@require_safe
@csp_replace(ALONE)  # type: ignore[arg-type]  # typed for views of a request alone
def flow_svg(request: HttpRequest, code: str) -> HttpResponse:
    """行政职权运行流程图 as an SVG of its own."""
    found, flow = _flow(request, code)
    return _file(registry.draw(flow, standalone=True), SVG, f"{found.code}-flow.svg")


@public
@require_safe
def flow_bpmn(request: HttpRequest, code: str) -> HttpResponse:
    """行政职权运行流程图 as BPMN 2.0 with its layout."""
    found, flow = _flow(request, code)
    response = _file(bpmn.xml(flow), BPMN, f"{found.code}.bpmn")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.bpmn"'
    return response


@public
@require_safe
@csp_replace(ALONE)  # type: ignore[arg-type]  # typed for views of a request alone
def risk_svg(request: HttpRequest, code: str) -> HttpResponse:
    """廉政风险防控图 as an SVG of its own."""
    found, flow = _flow(request, code)
    points = _points(flow, found.code)
    if not points:
        raise Http404(f"{found.name}没有廉政风险防控图。")
    drawn = riskchart.draw(flow, [row.point for row in points], standalone=True, counted=_counted(points))
    return _file(drawn, SVG, f"{found.code}-risk.svg")


# --- how a list comes to be -----------------------------------------------------------------------------------------


def _officer(request: HttpRequest) -> Any:
    return request.officer  # type: ignore[attr-defined]


def _organ(request: HttpRequest) -> Any:
    return org.home_organ(_officer(request), clock.today())


def _own(request: HttpRequest, pk: int) -> PowerList:
    """A list that this officer's organ may see: its own, its superior's, the common ones."""
    return get_object_or_404(
        queries.lists(_organ(request)).select_related("organ", "drafted_by", "reviewed_by", "published_by"), pk=pk
    )


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """All lists that concern the organ: what was in force when, and what is being drafted."""
    rows = queries.lists(_organ(request)).select_related("organ", "drafted_by", "reviewed_by", "published_by")
    roles = request.roles  # type: ignore[attr-defined]
    context = {"title": "权责清单的版本", "lists": rows, "today": clock.today(), "may_draft": bool(roles & MAY_DRAFT)}
    return render(request, "power/versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: HttpRequest) -> HttpResponse:
    """拟定清单: on the basis of an earlier one."""
    require(request, *MAY_DRAFT)  # type: ignore[arg-type]
    organ = _organ(request)
    bases = queries.lists(organ).filter(state=PowerList.State.PUBLISHED)
    initial = {"based_on": queries.list_in_force(organ, clock.today()), "title": f"{organ.name}安全生产权力和责任清单"}
    form = DraftForm(request.POST or None, bases=bases, initial=initial)
    if request.method == "POST" and form.is_valid():
        made: list[PowerList] = []
        if carried_out(form, lambda: made.append(services.drafted(organ, by=_officer(request), **form.cleaned_data))):
            messages.success(request, "清单已拟定，可以修改事项；改好后由法制审核人员审核。")
            return redirect("power:version", pk=made[0].pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "power/edit.html", {"title": "拟定权责清单", "form": form, "button": "拟定"}, status=status)


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its items, who drafted, examined and published it, and what stands against its publication."""
    listed = _own(request, pk)
    return render(request, "power/version.html", _version(request, listed))


def _version(request: HttpRequest, listed: PowerList, **more: Any) -> dict[str, Any]:
    roles = org.roles_of(_officer(request), clock.today(), listed.organ) if listed.organ else frozenset()
    items = list(listed.items.order_by("ordinal", "since"))
    closed = listed.state == PowerList.State.PUBLISHED
    return {
        "title": listed.title, "listed": listed, "items": items, "faults": [] if closed else faults(items, listed.from_date, listed.until, book()),
        "may_edit": listed.is_open and bool(roles & MAY_DRAFT), "may_review": listed.is_open and bool(roles & MAY_REVIEW),
        "may_publish": listed.state == "reviewed" and bool(roles & MAY_PUBLISH),
        "may_return": listed.state == "reviewed" and bool(roles & (MAY_REVIEW | MAY_PUBLISH)),
        "publish_form": PublishForm(), "return_form": ReasonForm(),
    } | more  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of a list that is being drafted."""
    listed = _own(request, pk)
    initial = {"title": listed.title, "issuer": listed.issuer, "from_date": listed.from_date}
    form = ListForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(form, lambda: services.change_list(listed, form.cleaned_data, by=_officer(request)))
    ):
        messages.success(request, "已修改。")
        return redirect("power:version", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "power/edit.html",
        {"title": "修改清单", "form": form, "listed": listed, "button": "保存"},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, pk: int, item_pk: int | None = None) -> HttpResponse:
    """An item of a list that is being drafted, or a new one."""
    listed = _own(request, pk)
    row = get_object_or_404(listed.items, pk=item_pk) if item_pk else None
    initial = (
        {name: getattr(row, name) for name in FIELDS} if row else {"since": listed.from_date, "confidence": "source"}
    )
    form = ItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        by, values = _officer(request), form.cleaned_data
        act = (
            (lambda: services.change_item(row, values, by=by))
            if row
            else (lambda: services.add_item(listed, values, by=by))
        )
        if carried_out(form, act):
            messages.success(request, f"事项{values['code']}已保存。")
            return redirect("power:version", pk=pk)
    status = 422 if request.method == "POST" else 200
    title = f"修改事项{row.code}" if row else "增列事项"
    context = {
        "title": title,
        "form": form,
        "listed": listed,
        "button": "保存",
        "row": row,
        "remove_form": ReasonForm(),
    }
    return render(request, "power/edit.html", context, status=status)


@require_POST
def remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """删去事项, with reasons."""
    listed = _own(request, pk)
    row = get_object_or_404(listed.items, pk=item_pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.remove_item(row, form.cleaned_data["reason"], by=_officer(request))
        messages.success(request, f"事项{row.code}已删去。")
        return redirect("power:version", pk=pk)
    context = {"title": f"修改事项{row.code}", "form": ItemForm(initial={n: getattr(row, n) for n in FIELDS}), "listed": listed,
               "button": "保存", "row": row, "remove_form": form}  # fmt: skip
    return render(request, "power/edit.html", context, status=422)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """审核通过"""
    services.review(_own(request, pk), by=_officer(request))
    messages.success(request, "审核通过，请机关负责人公布。")
    return redirect("power:version", pk=pk)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回拟定"""
    listed = _own(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.send_back(listed, form.cleaned_data["reason"], by=_officer(request))
        messages.success(request, "已退回拟定。")
        return redirect("power:version", pk=pk)
    return render(request, "power/version.html", _version(request, listed, return_form=form), status=422)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """公布"""
    listed = _own(request, pk)
    form = PublishForm(request.POST)
    if form.is_valid() and carried_out(
        form, lambda: services.publish(listed, form.cleaned_data["document"], by=_officer(request))
    ):
        messages.success(request, f"清单已公布，自{listed.from_date}起施行，从此不能修改。")
        return redirect("power:version", pk=pk)
    return render(request, "power/version.html", _version(request, listed, publish_form=form), status=422)
