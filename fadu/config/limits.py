"""How often a caller may ask: public pages, the door, uploads, exports and interfaces; counted for all hosts together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from fadu.org.address import client_address
from fadu.org.services import spend

DOOR = frozenset({"org:login", "org:code", "org:provider", "org:callback"})
# a duty person behind a carrier's one address must never be told to wait; the token in the address is what is limited
FREE = frozenset(
    {
        "healthz",
        "readyz",
        "callout:answer",
        "callout:receipts",
        "callout:receipts-with-key",
        "callout:mine",
        "callout:shown",
        "response:liaison",
    }
)
API = "api"  # the namespace of interfaces
SAID = {
    "public": "查询太频繁了，请过{seconds}秒再试。",
    "login": "登录太频繁了，请过{seconds}秒再试。",
    "upload": "上传太频繁了，所传内容没有保存，请过{seconds}秒再试。",
    "api": "请求太频繁了，请过{seconds}秒再试；要取大量数据，请缩小筛选后分次导出。",
}


def kind_of(request: HttpRequest, view_name: str, namespaces: list[str]) -> str:
    """Which limit a request falls under: ``login``, ``api``, ``upload``, ``public``, or nothing for the rest."""
    if view_name in FREE:
        return ""
    if view_name in DOOR:
        # looking at the door costs nothing; trying it does, and so does coming back from the provider
        return "login" if request.method == "POST" or view_name in ("org:provider", "org:callback") else ""
    if API in namespaces or "export" in request.GET:
        return "api"
    if request.method == "POST" and (request.content_type or "").startswith("multipart/"):
        return "upload" if request.user.is_authenticated else "public"
    return "" if request.user.is_authenticated else "public"


class RateLimit:
    """Answers 429 with the seconds to wait when a caller asks too often; the account counts, for visitors the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; the view's name is known in ``process_view``."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Count the request where its kind is limited; refuse it unseen when there were too many."""
        match = request.resolver_match
        kind = kind_of(request, match.view_name, match.namespaces) if match else ""
        if not kind or not (allowed := settings.LIMITS[kind]):
            return None
        user = request.user
        caller = f"account {user.pk}" if user.is_authenticated else f"address {client_address(request)}"
        seconds = spend(kind, caller, allowed)
        if not seconds:
            return None
        reasons = (SAID[kind].format(seconds=seconds),)
        response = render(request, "ui/error.html", {"status": 429, "reasons": reasons}, status=429)
        response["Retry-After"] = str(seconds)
        return response
