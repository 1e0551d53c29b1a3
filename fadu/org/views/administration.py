"""The pages of the security administrator (grants, locks, sessions) and of the auditor (logs); none sees a matter."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.kernel.numerals import whole
from fadu.org import services
from fadu.org.access import OfficerRequest, require
from fadu.org.forms import DecisionForm, FindAccount
from fadu.org.models import Grant, LoginRecord, User
from fadu.org.roles import Role
from fadu.org.services import factor
from fadu.record.models import Entry
from fadu.ui.forms import DateField
from fadu.ui.listing import Column, Filters, Kind, Listing

Outcome, Reason = LoginRecord.Outcome, LoginRecord.Reason
ANY = ("", "全部")


# --- 安全管理员 ------------------------------------------------------------------------------------------------------


@require_safe
def security(request: OfficerRequest) -> HttpResponse:
    """安全管理: grants that wait, what is locked, and one account when its name is asked for."""
    require(request, Role.SECURITY)
    return _security_page(request)


def _security_page(request: OfficerRequest, refused: tuple[int, DecisionForm] | None = None) -> HttpResponse:
    """The page; `refused`: the grant whose decision could not be taken, with its form."""
    pending = Grant.objects.filter(status=Grant.Status.PENDING).select_related("proposed_by__officer")
    shown = [(grant, refused[1] if refused and refused[0] == grant.pk else DecisionForm()) for grant in pending]
    decided = Grant.objects.exclude(status=Grant.Status.PENDING).select_related("decided_by__officer", "proposed_by")[
        :20
    ]
    users, addresses = services.locked(clock.now())
    find = FindAccount(request.GET if "q" in request.GET else None)
    found = find.found() if find.is_bound and find.is_valid() else []
    context = {
        "pending": shown, "decided": decided, "users": users, "addresses": addresses, "find": find,
        "found": [(user, factor.has_factor(user)) for user in found], "asked": find.is_bound,
    }  # fmt: skip
    return render(request, "org/security.html", context, status=422 if refused else 200)


@require_POST
def decide_grant(request: OfficerRequest, pk: int) -> HttpResponse:
    """Confirm a grant, or refuse it with a reason."""
    require(request, Role.SECURITY)
    grant = get_object_or_404(Grant, pk=pk)
    form = DecisionForm(request.POST)
    form.is_valid()
    agreed = request.POST.get("decision") == "confirm"
    try:
        services.decide(grant, by=request.user, agreed=agreed, reason=form.cleaned_data.get("reason", ""))
    except Invalid as error:
        form.add_error("reason", error.field_errors["reason"])
        return _security_page(request, (pk, form))
    messages.success(request, "已确认，授权立即生效。" if agreed else "没有确认，理由已经记下。")
    return redirect("org:security")


@require_POST
def act_on_account(request: OfficerRequest, pk: str, what: str) -> HttpResponse:
    """解除锁定、强制退出、重置验证器、解除统一身份绑定."""
    require(request, Role.SECURITY)
    user = get_object_or_404(User, pk=whole(pk))
    if what == "unlock":
        services.unlock(by=request.user, user=user)
        messages.success(request, f"{user.username}的锁定已经解除。")
    elif what == "end":
        services.end_sessions(user, by=request.user)
        messages.success(request, f"{user.username}在各处的登录都已结束。")
    elif what == "factor":
        services.reset_factor(user, by=request.user)
        messages.success(request, f"{user.username}的验证器已经重置，登录后须重新启用。")
    else:
        services.unbind(user, by=request.user)
        messages.success(request, f"{user.username}与统一身份的绑定已经解除。")
    return redirect("org:security")


@require_POST
def unlock_address(request: OfficerRequest) -> HttpResponse:
    """Open an address again."""
    require(request, Role.SECURITY)
    address = request.POST.get("address", "")
    if address not in {one for one, _ in services.locked(clock.now())[1]}:
        messages.info(request, "这个地址没有锁定。")
        return redirect("org:security")
    services.unlock(by=request.user, address=address)
    messages.success(request, f"{address}的锁定已经解除。")
    return redirect("org:security")


# --- 审计管理员 ------------------------------------------------------------------------------------------------------


def _who(row: LoginRecord) -> str:
    """The account with the person behind it; a name that was typed and does not exist is not kept in clear."""
    if row.user is None:
        return "（没有对应的账号）"
    officer = getattr(row.user, "officer", None)
    return f"{row.user.username}（{officer.name}）" if officer else row.user.username


def _tone(row: LoginRecord) -> str:
    tones = {Outcome.SUCCESS: "ok", Outcome.FAILURE: "late", Outcome.LOCKED: "late", Outcome.ENDED: "due"}
    return tones.get(Outcome(row.outcome), "info")


class LoginFilters(Filters):
    """Conditions of the log of log-ins."""

    q = forms.CharField(label="用户名、姓名", max_length=60)
    outcome = forms.ChoiceField(label="结果", choices=[ANY, *Outcome.choices])
    reason = forms.ChoiceField(label="原因", choices=[ANY, *[(r.value, r.label) for r in Reason if r.value]])
    way = forms.ChoiceField(label="方式", choices=[ANY, *LoginRecord.Way.choices])
    address = forms.GenericIPAddressField(label="来自", error_messages={"invalid": "请填写完整的地址，例如 10.1.2.3。"})
    since = DateField(label="日期自")
    until = DateField(label="至")
    lookups: ClassVar = {
        "q": ("user__username__icontains", "user__officer__name__icontains"), "outcome": "outcome", "reason": "reason",
        "way": "way", "address": "address", "since": "at__date__gte", "until": "at__date__lte",
    }  # fmt: skip
    primary: ClassVar = ("q", "outcome")


class LoginLog(Listing):
    """登录日志"""

    title = "登录日志"
    unit = "条"
    order: ClassVar = ("-at",)
    filters = LoginFilters
    empty = "还没有登录。"
    columns: ClassVar = (
        Column("时间", "at", Kind.MOMENT, sort="at", width=20),
        Column("账号", _who, sort="user__username", width=24),
        Column("结果", "get_outcome_display", Kind.TAG, sort="outcome", tone=_tone, width=16),
        Column("原因", "get_reason_display", sort="reason", width=20),
        Column("方式", "get_way_display", sort="way", phone=False, width=14),
        Column("来自", "address", sort="address", phone=False, width=18),
        Column("浏览器", "browser", phone=False, screen=False, width=60),
    )


@require_safe
def logins(request: OfficerRequest) -> HttpResponse | FileResponse:
    """登录日志: every attempt, with filters and xlsx."""
    require(request, Role.AUDITOR)
    return LoginLog(request, LoginRecord.objects.select_related("user__officer")).response()


class ChangeFilters(Filters):
    """Conditions of the log of what administrators did."""

    q = forms.CharField(label="内容、行为人", max_length=60)
    since = DateField(label="日期自")
    until = DateField(label="至")
    lookups: ClassVar = {"q": ("title__icontains", "body__icontains"), "since": "on__gte", "until": "on__lte"}


def _values(part: dict[str, Any]) -> str:
    return "；".join(f"{key}：{'、'.join(value) if isinstance(value, list) else value}" for key, value in part.items())


class ChangeLog(Listing):
    """管理操作日志"""

    title = "管理操作日志"
    unit = "条"
    order: ClassVar = ("-recorded_at",)
    filters = ChangeFilters
    empty = "还没有管理操作。"
    columns: ClassVar = (
        Column("时间", "recorded_at", Kind.MOMENT, sort="recorded_at", width=20),
        Column("操作", "title", sort="title", width=20),
        Column("对象", lambda e: e.matter["title"], width=30),
        Column(
            "行为人",
            lambda e: f"{e.actor['name']}（{e.actor['post']}）" if e.actor["post"] else e.actor["name"],
            width=24,
        ),
        Column("变更前", lambda e: _values(e.data["before"]), phone=False, width=40),
        Column("变更后", lambda e: _values(e.data["after"]), phone=False, width=40),
    )


@require_safe
def changes(request: OfficerRequest) -> HttpResponse | FileResponse:
    """管理操作日志: posts, people, accounts, grants and delegations as the record has them; no matter among them."""
    require(request, Role.AUDITOR)
    return ChangeLog(request, Entry.objects.filter(Q(chain__startswith="org."))).response()
