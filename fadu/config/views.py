"""Health, readiness, measures and the error pages."""

import hmac
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from fadu.config import metrics


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is alive."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can serve: the database answers and its tables are up to date; 503 otherwise.

    ``worker`` tells whether jobs are being run anywhere. It does not take the pages down, which can serve without; with
    ``?worker`` it counts too, for the monitor of the jobs.
    """
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            return JsonResponse({"status": "migrations pending"}, status=503)
        worker = metrics.worker_state()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    missed = "worker" in request.GET and worker != "ok"
    status = "no worker" if missed else "ok"
    return JsonResponse({"status": status, "worker": worker}, status=503 if missed else 200)


@login_not_required
def measures(request: HttpRequest) -> HttpResponse:
    """The numbers for Prometheus, to whoever has the token and comes from an address that the settings name.

    To all others, and where neither is set, the page does not exist. A request that came through a proxy bears the
    proxy's address, so it never passes for one of those addresses.
    """
    if not (settings.METRICS_TOKEN or settings.METRICS_FROM):
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    if settings.METRICS_FROM:
        proxied = {"X-Forwarded-For", "X-Real-Ip", "Forwarded"} & set(request.headers)
        address = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0")
        if proxied or not any(address in network for network in settings.METRICS_FROM):
            raise Http404
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _page(request: HttpRequest, status: int, *reasons: str) -> HttpResponse:
    """An error page with the way out."""
    return render(request, "ui/error.html", {"status": status, "reasons": reasons}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return _page(request, 400, "请求的内容无法识别，请返回上一页重试。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _page(request, 403, str(exception) or "您的岗位不能查看或者办理这一事项。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _page(request, 404, "没有找到这个页面，或者它不在您能看到的范围内。")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the request's id, by which the administrator finds it in the log."""
    number = structlog.contextvars.get_contextvars().get("request", "")
    told = f"系统出错了，所填内容没有写入。请稍后重试；仍不行，请把编号 {number} 告诉系统管理员。"
    return render(request, "ui/error.html", {"status": 500, "reasons": (told,)}, status=500)


# they answer about the database, so no transaction is opened before they are called
healthz.own_transactions = readyz.own_transactions = measures.own_transactions = True  # type: ignore[attr-defined]
