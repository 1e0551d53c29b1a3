"""Callouts: the list, the board of one, starting, approving, cancelling, ending, and answers entered by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.callout import live, queries
from fadu.callout.comparing import measure
from fadu.callout.forms import AnswerForm, NoteForm, OpenForm
from fadu.callout.models import Call, CalledPost, CallEvent, Callout
from fadu.callout.services import calling
from fadu.callout.sketch import sketch
from fadu.callout.states import Post, Who
from fadu.kernel.errors import Refused
from fadu.org.access import OfficerRequest, require
from fadu.org.models import Division
from fadu.record.access import note_reading
from fadu.ui.columns import Column
from fadu.ui.forms import tell
from fadu.ui.listing import Kind, Listing, Tab
from fadu.warning.models import Warning

SHOWN = 100
TONES: dict[str, str] = {"open": "due", "pending": "info", "closed": "ok"}
LEVELS = {"county": "县（区）", "township": "乡镇（街道）", "village": "村（居）"}


class CalloutListing(Listing):
    """叫应; real ones and drills are never in one list."""

    title = "叫应"
    unit = "次"
    order: ClassVar[tuple[str, ...]] = ("-opened_at",)
    empty = "还没有发起过叫应。"
    tabs = (
        Tab("real", "实战", lambda rows: rows.filter(kind="real"), counted=True),
        Tab("drill", "演练", lambda rows: rows.filter(kind="drill"), counted=True),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("叫应", "title", link=lambda one: reverse("callout:board", args=[one.pk]), width=48),
        Column("发起", "opened_at", Kind.MOMENT, sort="opened_at"),
        Column("机关", "organ.short", phone=False),
        Column("状态", "get_state_display", Kind.TAG, tone=lambda one: TONES.get(one.state, "line")),
        Column("岗位", lambda one: one.report.get("total", {}).get("posts", ""), Kind.NUMBER, phone=False),
        Column("应答", lambda one: one.report.get("total", {}).get("answered", ""), Kind.NUMBER, phone=False),
        Column("未叫通", lambda one: one.report.get("total", {}).get("unreached", ""), Kind.NUMBER, phone=False),
    )


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """The callouts in the person's scope."""
    return CalloutListing(request, queries.callouts(request.scope)).response()


@require_http_methods(["GET", "POST"])
def start(request: OfficerRequest, pk: int) -> HttpResponse:
    """Start the callout of a warning."""
    require(request, *queries.OPERATORS)
    warning = get_object_or_404(Warning, pk=pk)
    drill = warning.is_drill
    form = OpenForm(request.POST if request.method == "POST" else None, scope=request.scope, drill=drill)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            callout = calling.open_(
                warning, by=request.officer, colour=values["colour"], areas=values["areas"],
                real_channels=values.get("real_channels", False),
            )  # fmt: skip
        except Refused as refused:
            tell(form, getattr(refused, "field_errors", {"": "；".join(refused.reasons)}))
        else:
            messages.success(request, "已发起叫应。" if callout.state == "open" else "已登记，等待两名负责人批准。")
            return redirect("callout:board", pk=callout.pk)
    context = {"warning": warning, "form": form, "words": calling.words_of(warning)}
    return render(request, "callout/open.html", context, status=422 if form.is_bound else 200)


def _callout(request: OfficerRequest, pk: int) -> Callout:
    return get_object_or_404(queries.callouts(request.scope), pk=pk)


def _context(request: OfficerRequest, callout: Callout) -> dict[str, Any]:
    """What the board shows, of the person's scope."""
    prefixes = [code[:6] for code in queries.divisions_of(request.scope)]
    figures = live.figures(live.snapshot(callout.pk), prefixes)
    names = dict(Division.objects.filter(level="county").values_list("code", "name"))
    rows = [(names.get(county, county), county, row) for county, row in sorted(figures["counties"].items())]
    seen = queries.within(CalledPost.objects.filter(callout=callout), request.scope)
    unreached = list(seen.filter(state__in=(Post.UNREACHED, Post.WAITING)).order_by("-state", "-rung", "pk")[:SHOWN])
    turns = queries.turns([one.pk for one in unreached])
    highest = max((point["answered"] for point in figures["curve"]), default=1)
    return {
        "callout": callout,
        "figures": figures,
        "rows": rows,
        "levels": [(LEVELS[level], level, row) for level, row in figures["levels"].items()],
        "unreached": [(one, _turn(one, turns.get(one.pk))) for one in unreached],
        "map": _map(callout, figures["counties"], names, prefixes),
        "more": max(0, figures["total"]["waiting"] + figures["total"]["unreached"] - SHOWN),
        "bars": _bars(figures["curve"], highest),
        "ended": callout.closed_at is not None,
    }


def _turn(post: CalledPost, who: int | None) -> str:
    """Whose turn it is to answer for a post, by name where it is a person; empty where nobody is being called."""
    if who is None:
        return ""
    called = Who(who)
    name = post.names[called - 1] if called.is_person else ""
    return f"{called.title} {name}".strip()


def _map(
    callout: Callout, counties: Mapping[str, Any], names: Mapping[str, str], prefixes: list[str]
) -> dict[str, Any] | None:
    """The counties one may see as tiles, those not called grey; None where there is but one."""
    codes = [code for code in names if code.startswith(tuple(prefixes))]
    if len(codes) < 2:
        return None
    drawn = sketch(codes)
    colours = queries.colours(callout.pk)
    tiles = [(names[tile.code], tile, counties.get(tile.code), colours.get(tile.code, "")) for tile in drawn.tiles]
    return {"sketch": drawn, "tiles": tiles, "called": sum(row is not None for _, _, row, _ in tiles)}


def _bars(curve: list[dict[str, Any]], highest: int) -> list[dict[str, Any]]:
    """The answers a minute as bars of an SVG 600 × 120; at most sixty, later minutes in the last."""
    bars = []
    for point in curve[:60]:
        height = round(100 * point["answered"] / max(highest, 1), 1)
        a = round(height * point["by_a"] / max(point["answered"], 1), 1)
        bars.append(
            {**point, "x": 10 * min(point["minute"], 59), "height": height, "y": 110 - height, "a": a, "a_y": 110 - a}
        )
    return bars


@require_safe
def board(request: OfficerRequest, pk: int) -> HttpResponse:
    """The board: right at each reload, and live where the browser can."""
    callout = _callout(request, pk)
    if callout.reduced_at is not None:
        return redirect("callout:report", pk=pk)
    context = _context(request, callout)
    if "part" in request.GET:
        return render(request, "callout/part/board.html", context)
    prefixes = [code[:6] for code in queries.divisions_of(request.scope)]
    operator = queries.OPERATORS & request.roles
    context |= {
        "live": f"{settings.LIVE_URL}/live/{live.ticket(callout.pk, prefixes)}" if callout.closed_at is None else "",
        "operates": bool(operator) and callout.closed_at is None,
        "may_approve": callout.state == "pending" and bool(queries.APPROVERS & request.roles),
        "approvals": callout.approvals.select_related("officer"),
        "note": NoteForm(),
    }
    return render(request, "callout/board.html", context)


@require_safe
def figures(request: OfficerRequest, pk: int) -> JsonResponse:
    """The figures alone, for browsers whose live line is cut; read once a second a process."""
    callout = _callout(request, pk)
    prefixes = [code[:6] for code in queries.divisions_of(request.scope)]
    return JsonResponse(live.figures(live.cached(callout.pk), prefixes))


@require_safe
def report(request: OfficerRequest, pk: int) -> HttpResponse:
    """The end report: the figures as they were counted at the end, with the hash under which the events stand in the record."""
    callout = _callout(request, pk)
    if callout.closed_at is None:
        return redirect("callout:board", pk=pk)
    names = dict(Division.objects.filter(level="county").values_list("code", "name"))
    prefixes = tuple(code[:6] for code in queries.divisions_of(request.scope))
    rows = [
        {**row, "place": names.get(row["county"], row["county"]), "title": LEVELS[row["level"]]}
        for row in callout.report["rows"]
        if row["county"].startswith(prefixes)
    ]
    context = {
        "callout": callout,
        "report": callout.report,
        "rows": rows,
        "whole": len(rows) == len(callout.report["rows"]),
    }
    return render(request, "callout/report.html", context)


@require_safe
def compare(request: OfficerRequest, pk: int) -> HttpResponse:
    """A callout beside those before it: reached, minutes to half, nine tenths and all, calls to B, visits. Drills apart."""
    callout = _callout(request, pk)
    now = callout.report if callout.closed_at is not None else live.cached(callout.pk)
    prefixes = tuple(code[:6] for code in queries.divisions_of(request.scope))
    rows = [(callout, measure(now))] if _whole(now, prefixes) else []
    rows += [
        (one, measure(one.report)) for one in queries.before(callout, request.scope) if _whole(one.report, prefixes)
    ]
    return render(request, "callout/compare.html", {"callout": callout, "rows": rows})


def _whole(counts: Mapping[str, Any], prefixes: tuple[str, ...]) -> bool:
    """Whether the person may see every county of a callout: its curve cannot be divided."""
    return all(row["county"].startswith(prefixes) for row in counts["rows"])


def _act(request: OfficerRequest, pk: int, act: Any, said: str) -> HttpResponse:
    """One act of an operator on a callout of the own organ."""
    require(request, *queries.OPERATORS)
    callout = _callout(request, pk)
    if not request.scope.allows(callout.organ_id):
        raise Refused("这次叫应由发起的机关办理。")
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    act(callout, by=request.officer, **({"note": note} if act is not calling.approve else {}))
    messages.success(request, said)
    return redirect("callout:board", pk=pk)


@require_POST
def approve(request: OfficerRequest, pk: int) -> HttpResponse:
    """One of the two approvals."""
    return _act(request, pk, calling.approve, "已批准。")


@require_POST
def cancel(request: OfficerRequest, pk: int) -> HttpResponse:
    """The warning is over: all-clear."""
    return _act(request, pk, calling.cancel, "已解除，正在通知已经叫过的人。")


@require_POST
def close(request: OfficerRequest, pk: int) -> HttpResponse:
    """End it."""
    return _act(request, pk, calling.close, "已结束，结果已记入过程记录。")


@require_http_methods(["GET", "POST"])
def post(request: OfficerRequest, pk: int) -> HttpResponse:
    """One called post: its calls, its events, the numbers for who has to telephone, and the answer entered by hand."""
    seen = queries.within(CalledPost.objects.select_related("callout__organ", "callout__warning"), request.scope)
    called = get_object_or_404(seen, pk=pk)
    operates = queries.organ_for(request.officer, called.county, queries.OPERATORS) is not None
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request, *queries.OPERATORS)
        if form.is_valid() and operates:
            values = form.cleaned_data
            try:
                calling.answer_by_hand(
                    called, who=values["who"], how=values["how"], by=request.officer, at=values["at"]
                )
            except Refused as refused:
                tell(form, getattr(refused, "field_errors", {"": "；".join(refused.reasons)}))
            else:
                messages.success(request, "已登记应答。")
                return redirect("callout:board", pk=called.callout_id)
    if operates:
        note_reading(request, f"callout/{called.callout_id}", f"{called.title}责任人的号码")
    people = [
        (Who(n).title, name, phone)
        for n, name, phone in zip((1, 2, 3), called.names, called.phones, strict=True)
        if name
    ]
    context = {
        "called": called,
        "callout": called.callout,
        "people": people,
        "operates": operates,
        "may_answer": operates and called.state in (Post.WAITING, Post.UNREACHED) and called.callout.closed_at is None,
        "calls": Call.objects.filter(called=called).order_by("clear", "rung"),
        "events": CallEvent.objects.filter(callout=called.callout, called_id=called.pk),
        "form": form,
    }
    return render(request, "callout/called.html", context, status=422 if form.is_bound else 200)
