"""Marks on views: who may come in at all. Without a mark a view asks for a login and for a post held today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from fadu.org.address import client_address
from fadu.org.models import LoginRecord, Officer, User
from fadu.org.queries import Scope
from fadu.org.roles import Role
from fadu.org.services import Caller


class AccountRequest(HttpRequest):
    """What the middleware has made of a request on a view for `@any_account`; for annotations only."""

    user: User
    officer: Officer | None
    roles: frozenset[Role]
    scope: Scope


class OfficerRequest(AccountRequest):
    """The same on every other closed view, where an officer with a post today is certain; for annotations only."""

    officer: Officer


View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open the view to everybody, without login."""
    return login_not_required(view)


def own_transactions(view: View) -> View:
    """The view opens its own transactions: what it logs stays, whatever becomes of the rest of the request."""
    view.own_transactions = True  # type: ignore[attr-defined]
    return view


def any_account(view: View) -> View:
    """Open the view to every account that has logged in, also without a post today (own account, logout)."""
    view.any_account = True  # type: ignore[attr-defined]
    return view


def require(request: AccountRequest, *roles: Role) -> None:
    """Refuse (403) unless one of the person's posts carries one of `roles`; the sentence names whose work it is."""
    if not request.roles & set(roles):
        raise PermissionDenied(f"这项工作由{'、'.join(role.title for role in roles)}办理，您今天的岗位没有这项职责。")


def caller_of(request: HttpRequest, way: LoginRecord.Way = LoginRecord.Way.PASSWORD) -> Caller:
    """Where a request comes from, for the log of log-ins."""
    return Caller(client_address(request), request.headers.get("User-Agent", ""), way)
