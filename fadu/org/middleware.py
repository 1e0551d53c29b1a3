"""Puts the officer behind the account, with today's roles and scope, on the request, and ends sessions in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject

from fadu.kernel import clock
from fadu.org import services, sessions
from fadu.org.access import caller_of
from fadu.org.models import LoginRecord
from fadu.org.queries import Scope, appointments_on, officer_on_duty, roles_of, scope
from fadu.org.roles import Role
from fadu.org.services import factor

NO_POST = (
    "您的账号今天没有在任的岗位，不能查看或者办理事项。",
    "如果岗位有变动，请系统管理员在“机构与人员”里登记任职；您仍然可以修改密码和退出登录。",
)


class OfficerMiddleware:
    """Sets `request.officer` (None for visitors), `request.roles` and `request.scope`, each worked out once a request.

    A session that has been idle too long, has lasted too long, or was opened under a post that has ended is ended here.
    An account without a post today is answered with 403 on every view that is neither `@public` nor `@any_account`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look up the officer of the day and go on."""
        today = clock.today()
        user = request.user
        officer = officer_on_duty(user, today) if user.is_authenticated else None
        if user.is_authenticated and (reason := sessions.why_ended(request, officer)):
            outcome = LoginRecord.Outcome.ENDED
            services.log(outcome, user=user, username=user.username, reason=reason, caller=caller_of(request))
            sessions.end(request, reason)
            officer = None
        request.officer = officer  # type: ignore[attr-defined]
        request.roles = roles_of(officer, today)  # type: ignore[attr-defined]
        request.scope = SimpleLazyObject(lambda: scope(officer, today)) if officer else Scope()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Stop those who must change their password or enrol a second factor first, and those who hold no post today."""
        user = request.user
        if (
            not user.is_authenticated
            or not getattr(view, "login_required", True)
            or getattr(view, "any_account", False)
        ):
            return None
        if user.must_change_password or services.password_expired(user):
            return redirect("org:password")
        roles: frozenset[Role] = request.roles  # type: ignore[attr-defined]
        if factor.must_enrol(user, roles | {Role.ADMIN} if user.is_superuser else roles):
            return redirect("org:factor")
        officer = request.officer  # type: ignore[attr-defined]
        if officer is not None and appointments_on(officer, clock.today()):
            return None
        match = request.resolver_match
        if user.is_superuser and match is not None and "admin" in match.app_names:
            return None
        return render(request, "ui/error.html", {"status": 403, "reasons": NO_POST}, status=403)
