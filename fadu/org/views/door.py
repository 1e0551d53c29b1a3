"""The door: user name and password, the code of the second factor, the provider of identity, and the way out."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.contrib.auth import logout as end_session
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.org import oidc, services, sessions
from fadu.org.access import AccountRequest, any_account, caller_of, own_transactions, public
from fadu.org.forms import CodeForm, LoginForm
from fadu.org.models import LoginRecord, User
from fadu.org.services import Attempt

WRONG = "用户名或者密码不对，请重新输入。连续错5次，这个用户名将锁定10分钟。"
NOT_VOUCHED = "统一身份认证没有通过，请重新登录；仍不行，请用用户名和密码登录，并告诉系统管理员。"
NOT_HERE = "您的统一身份在本系统没有可用的账号，请找本机关的系统管理员。"
ENDED = {
    "idle": "您有一段时间没有操作，已经退出登录，请重新登录。",
    "expired": "登录时间已满，请重新登录。",
    "post_ended": "您的岗位有变动，请重新登录。",
}
Outcome, Reason, Way = LoginRecord.Outcome, LoginRecord.Reason, LoginRecord.Way
log = structlog.get_logger("fadu.org")


def _next(request: HttpRequest) -> str:
    """Where to go after login: the page asked for, when it is one of ours, else nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=secure):
        return target
    return ""


def _in(target: str) -> HttpResponse:
    return redirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))


def _locked(attempt: Attempt) -> str:
    """The sentence for a locked name or address; the same whether or not the name exists."""
    assert attempt.locked_until is not None
    until = attempt.locked_until.astimezone(clock.BEIJING)
    return f"连续输错次数过多，已暂停登录，{until:%H:%M}以后再试；急用请找安全管理员解除锁定。"


@public
@own_transactions
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """登录. The answer to a wrong name and to a wrong password is the same sentence."""
    target = _next(request)
    if request.user.is_authenticated:
        return _in(target)
    form = LoginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        caller = caller_of(request)
        entered = form.cleaned_data
        attempt = services.check_login(
            entered["username"], entered["password"], address=caller.address, browser=caller.browser
        )
        if attempt.user is not None:
            return _let_in(request, attempt, target, Way.PASSWORD)
        form.add_error(None, _locked(attempt) if attempt.locked_until else WRONG)
    return _login_page(request, form, target)


def _login_page(request: HttpRequest, form: LoginForm, target: str, fault: str = "") -> HttpResponse:
    """The page of the door, with why the last session ended, once."""
    context = {
        "form": form, "next": target, "ended": ENDED.get(request.session.pop(sessions.ENDED, ""), ""), "fault": fault,
        "oidc": settings.OIDC["title"] if oidc.is_on() else "",
    }  # fmt: skip
    return render(request, "org/login.html", context, status=422 if fault or (form.is_bound and form.errors) else 200)


def _let_in(request: HttpRequest, attempt: Attempt, target: str, way: str, id_token: str = "") -> HttpResponse:
    """Open the session, or ask for the code first where a second factor stands before the account."""
    assert attempt.user is not None
    if attempt.needs_code:
        sessions.hold_for_code(request, attempt.user, target=target, way=way, id_token=id_token)
        return redirect("org:code")
    sessions.open_session(request, attempt.user, id_token=id_token)
    return _in(target)


@public
@own_transactions
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """验证码: the second step of logging in, open for five minutes after the first."""
    held = sessions.held_for_code(request)
    if held is None:
        request.session.pop(sessions.PENDING, None)
        return redirect("org:login")
    user, kept = held
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt = services.check_code(user, form.cleaned_data["code"], caller_of(request, Way(kept["way"])))
        if attempt.user is not None:
            sessions.open_session(request, user, id_token=kept["id_token"])
            return _in(kept["next"])
        form.add_error("code", _locked(attempt) if attempt.locked_until else "验证码不对，请看验证器上现在的6位数字。")
    return render(request, "org/code.html", {"form": form}, status=422 if form.errors else 200)


@public
@own_transactions
@never_cache
@require_safe
def provider(request: HttpRequest) -> HttpResponse:
    """Go to the provider of identity."""
    if not oidc.is_on():
        raise Http404
    request.session["fd_oidc_next"] = _next(request)
    try:
        return oidc.leave_for_provider(request, request.build_absolute_uri(reverse("org:callback")))
    except oidc.IdentityError as error:
        log.warning("oidc", fault=str(error))
        return _login_page(request, LoginForm(), "", NOT_VOUCHED)


@public
@own_transactions
@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Come back from the provider: by the protocol a GET, which opens a session and nothing else."""
    if not oidc.is_on():
        raise Http404
    target = request.session.pop("fd_oidc_next", "")
    caller = caller_of(request, Way.OIDC)
    try:
        subject, name, id_token = oidc.come_back(request)
    except oidc.IdentityError as error:
        log.warning("oidc", fault=str(error))
        services.log(Outcome.FAILURE, user=None, username="", reason=Reason.OIDC_REFUSED, caller=caller)
        return _login_page(request, LoginForm(), target, NOT_VOUCHED)
    attempt = services.check_identity(subject, name, caller)
    if attempt.user is None:
        return _login_page(request, LoginForm(), target, NOT_HERE)
    return _let_in(request, attempt, target, Way.OIDC, id_token)


@any_account
@require_POST
def logout(request: AccountRequest) -> HttpResponse:
    """退出登录, at the provider too for who came through it."""
    caller = caller_of(request)
    id_token = request.session.get(sessions.ID_TOKEN, "")
    user: User = request.user
    services.log_out(user, address=caller.address, browser=caller.browser)
    end_session(request)
    back = request.build_absolute_uri(reverse("org:login"))
    if id_token and oidc.is_on() and (away := oidc.farewell(id_token, back)):
        return redirect(away)
    return redirect("org:login")
