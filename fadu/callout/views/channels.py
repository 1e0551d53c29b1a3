"""Channels: how each is shared, the terminals of broadcast with their keys, and the pages of calls that keepers hand out."""

from __future__ import annotations

from typing import Any, ClassVar

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.callout import queries
from fadu.callout.forms import TerminalForm
from fadu.callout.models import AppLine, Call, ChannelShare, Holding, Terminal
from fadu.callout.providers.accounts import TITLES as SHAPES
from fadu.callout.services import lines, routes, terminals
from fadu.callout.services.shares import TITLES
from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.org.access import OfficerRequest, require
from fadu.record.access import note_reading
from fadu.ui.columns import Column
from fadu.ui.forms import tell
from fadu.ui.listing import Kind, Listing, Tab


@require_safe
def channels(request: OfficerRequest) -> HttpResponse:
    """Which real channels are set up, by which accounts, and how two share one; no secret stands here."""
    require(request, *queries.OPERATORS)
    kept = {row.channel: row for row in ChannelShare.objects.all()}
    rows = []
    for channel, title in TITLES.items():
        entries = routes.entries(channel)
        share = kept.get(channel)
        named = share is not None and [share.first, share.second] == [entry.name for entry in entries]
        accounts = [(entry.name, SHAPES[entry.shape]) for entry in entries]
        rows.append({"title": title, "accounts": accounts, "share": share if named else None})
    others = [
        ("应用内消息", f"{AppLine.objects.count()}人开通"),
        ("邮件", "已设置" if settings.MAIL_ON else "没有设置"),
        ("广播终端", "已设置" if settings.CALLOUT_MQTT["url"] else "没有设置"),
    ]
    queued = Call.objects.filter(state=0).count()
    return render(request, "callout/channels.html", {"rows": rows, "others": others, "queued": queued})


# --- terminals ------------------------------------------------------------------------------------------------------


class TerminalListing(Listing):
    """广播终端."""

    title = "广播终端"
    unit = "台"
    order: ClassVar[tuple[str, ...]] = ("division_id",)
    empty = "您能看到的范围内还没有登记广播终端。"
    template = "callout/terminals.html"
    tabs = (
        Tab("used", "在用", lambda rows: rows.filter(enabled=True), counted=True),
        Tab("unused", "停用", lambda rows: rows.filter(enabled=False)),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("终端", "name", link=lambda one: reverse("callout:terminal", args=[one.pk]), sort="name"),
        Column("编号", "code", sort="code"),
        Column("地方", "division.local_name", sort="division_id"),
        Column("安装位置", "place", phone=False),
        Column("最近回执", "seen_at", Kind.MOMENT, sort="seen_at"),
    )


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """The terminals in the person's scope."""
    may = bool(request.roles & queries.KEEPERS)
    return TerminalListing(request, queries.terminals(request.scope)).response(may_keep=may)


@require_http_methods(["GET", "POST"])
def new(request: OfficerRequest) -> HttpResponse:
    """Enter a terminal."""
    require(request, *queries.KEEPERS)
    return _entered(request, Terminal())


@never_cache
@require_http_methods(["GET", "POST"])
def terminal(request: OfficerRequest, pk: int) -> HttpResponse:
    """One terminal; who keeps the register of its county changes it and sees its key, which is noted."""
    found = get_object_or_404(queries.terminals(request.scope), pk=pk)
    if queries.organ_for(request.officer, found.county, queries.KEEPERS) is not None:
        if request.method == "GET":
            note_reading(request, f"callout.register/{found.county}", f"广播终端{found.code}的密钥")
        return _entered(request, found)
    if request.method == "POST":
        require(request, *queries.KEEPERS)
        raise Refused("广播终端由所在县（区）应急管理局或者市局的内勤、审核人登记。")
    return render(request, "callout/terminal.html", {"terminal": found, "receipts": _receipts(found)})


def _receipts(found: Terminal) -> Any:
    return found.receipts.order_by("-pk")[:20]


def _entered(request: OfficerRequest, found: Terminal) -> HttpResponse:
    """The form of a terminal, and what became of it."""
    fresh = found.pk is None
    initial = {
        "code": found.code, "name": found.name, "division": found.division_id, "place": found.place, "enabled": found.enabled,
    }  # fmt: skip
    form = TerminalForm(request.POST if request.method == "POST" else None, initial=initial, fresh=fresh)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if fresh:
            found.code = values["code"]
        try:
            terminals.enter(
                found, values["division"], name=values["name"], place=values["place"], enabled=values["enabled"],
                by=request.officer,
            )  # fmt: skip
        except Refused as refused:
            tell(form, getattr(refused, "field_errors", {"": "；".join(refused.reasons)}))
        else:
            messages.success(request, "已登记。")
            return redirect("callout:terminal", pk=found.pk)
    context: dict[str, Any] = {"terminal": None if fresh else found, "form": form}
    if not fresh:
        context |= {
            "key": terminals.key_of(found),
            "receipts": _receipts(found),
            "topic": settings.CALLOUT_MQTT["topic"],
        }
    return render(request, "callout/terminal.html", context, status=422 if form.is_bound else 200)


@require_POST
def renew(request: OfficerRequest, pk: int) -> HttpResponse:
    """A new key for a terminal."""
    found = get_object_or_404(queries.terminals(request.scope), pk=pk)
    terminals.renew_key(found, by=request.officer)
    messages.success(request, "已更换密钥，请写入终端；旧密钥即刻失效。")
    return redirect("callout:terminal", pk=pk)


# --- pages of calls -------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: OfficerRequest, pk: int, slot: str) -> HttpResponse:
    """The page of calls of who holds a post: its address to hand over, opening it anew, ending it."""
    post = get_object_or_404(queries.within(queries.posts(clock.today()), request.scope), pk=pk)
    held = Holding.objects.on(clock.today()).filter(post=post, slot=slot).select_related("person")
    person = get_object_or_404(held).person
    if queries.organ_for(request.officer, post.county, queries.KEEPERS) is None:
        raise Refused("应用内接收由所在县（区）应急管理局或者市局的内勤、审核人开通。")
    if request.method == "POST":
        if "stop" in request.POST:
            lines.stop(person, post, by=request.officer)
            messages.success(request, "已停用，原来的网址打不开了。")
        else:
            lines.begin(person, post, by=request.officer)
            messages.success(request, "已开通。请把网址或者二维码只交给本人。")
        return redirect("callout:page-of", pk=pk, slot=slot)
    line = AppLine.objects.filter(person=person).first()
    context: dict[str, Any] = {"post": post, "person": person, "slot": slot, "line": line}
    if line is not None:
        note_reading(request, f"callout.register/{post.county}", f"{person.name}的应用内接收网址")
        address = settings.PUBLIC_URL + reverse("callout:mine", args=[lines.token(line)])
        qr = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
        context |= {"address": address, "qr": qr}
    return render(request, "callout/page_of.html", context)
