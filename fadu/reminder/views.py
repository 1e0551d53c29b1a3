"""The list behind the bell, one's preferences, and what could not be sent."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.org.access import OfficerRequest, require
from fadu.org.roles import Role
from fadu.reminder import queries, services
from fadu.reminder.forms import PreferenceForm
from fadu.reminder.models import Channel, Delivery, Preference, Reminder
from fadu.ui.listing import Column, Filters, Kind, Listing

Status = Delivery.Status


@require_safe
def reminders(request: OfficerRequest) -> HttpResponse:
    """提醒: unread first."""
    shown = queries.shown(request.officer, clock.today())
    unread = sum(1 for one in shown if one.row.read_at is None)
    return render(request, "reminder/reminders.html", {"shown": shown, "unread": unread})


@require_POST
def open_reminder(request: OfficerRequest, pk: int) -> HttpResponse:
    """Read one, and go where it leads; a foreign one is not found."""
    row = get_object_or_404(Reminder, pk=pk, officer=request.officer)
    services.read(row)
    return redirect(row.url)


@require_POST
def read_all(request: OfficerRequest) -> HttpResponse:
    """Read all of them."""
    count = services.read_all(request.officer)
    messages.success(request, f"{count}条提醒已标为读过。" if count else "没有未读的提醒。")
    return redirect("reminder:list")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: OfficerRequest) -> HttpResponse:
    """提醒设置"""
    wish = Preference.objects.filter(officer=request.officer).first() or Preference(officer=request.officer)
    form = PreferenceForm(request.POST if request.method == "POST" else None, instance=wish)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "提醒设置已经保存。")
        return redirect("reminder:list")
    return render(request, "reminder/preferences.html", {"form": form}, status=422 if form.errors else 200)


def _tone(row: Delivery) -> str:
    return {Status.SENT: "ok", Status.FAILED: "late", Status.RETRYING: "due"}.get(Status(row.status), "line")


class DeliveryFilters(Filters):
    """Conditions of the ledger of deliveries."""

    status = forms.ChoiceField(label="状态", choices=[("", "全部"), *Status.choices])
    channel = forms.ChoiceField(label="渠道", choices=[("", "全部"), *Channel.choices])
    lookups: ClassVar = {"status": "status", "channel": "channel"}
    primary: ClassVar = ("status", "channel")


class Deliveries(Listing):
    """提醒发送情况"""

    title = "提醒发送情况"
    unit = "条"
    order: ClassVar = ("-queued_at",)
    filters = DeliveryFilters
    empty = "还没有发过邮件和短信。"
    columns: ClassVar = (
        Column("时间", "queued_at", Kind.MOMENT, sort="queued_at", width=20),
        Column("收件人", "reminder.officer.name", width=14),
        Column("种类", "reminder.get_kind_display", width=16),
        Column("渠道", "get_channel_display", sort="channel", phone=False, width=8),
        Column("发往", "address", phone=False, width=20),
        Column("状态", "get_status_display", Kind.TAG, sort="status", tone=_tone, width=16),
        Column("次数", "attempts", Kind.NUMBER, sort="attempts", phone=False, width=8),
        Column("原因", "error", width=40),
    )


@require_safe
def deliveries(request: OfficerRequest) -> HttpResponse | FileResponse:
    """What was sent and what failed, for who looks after the system: kinds and people, no content."""
    require(request, Role.ADMIN)
    return Deliveries(request, Delivery.objects.select_related("reminder__officer")).response()
