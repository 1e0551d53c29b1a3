"""One transaction a request: a GET cannot write, a POST is all or nothing, and a refusal is answered once."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse

from fadu.config import metrics
from fadu.kernel.errors import OutOfOrder, Refused
from fadu.kernel.memory import remembering
from fadu.kernel.numerals import whole
from fadu.law import editions

log = structlog.get_logger("fadu.request")
READING = ("GET", "HEAD", "OPTIONS")
ONCE_ONLY = "23505"  # unique_violation: what only the database could see, since two entered it at the same moment


class RequestLog:
    """Gives each request an id, which stands in every log line of it and in its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Bind the id, time the request, count it, log it."""
        identity = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=identity)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = identity
        seconds = time.perf_counter() - began
        metrics.observe(request, response, seconds)
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response


class PermissionsPolicy:
    """Tells the browser what no page of ours ever asks for; pictures on site are taken through a file field."""

    VALUE = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the header."""
        response = self.get_response(request)
        response["Permissions-Policy"] = self.VALUE
        return response


class BodyLimit:
    """Refuses a request larger than one file of evidence may be, before anything of it is read or kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.limit = settings.EVIDENCE_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """413 with the limit; a body without a length is empty to WSGI."""
        length = whole(request.META.get("CONTENT_LENGTH") or "0")
        if length is not None and length <= self.limit:
            return self.get_response(request)
        megabytes = settings.EVIDENCE_LIMIT // 1024**2
        reasons = (f"一次上传不能超过 {megabytes} MB，所传内容没有保存。请分几次上传，或者先压缩。",)
        return render(request, "ui/error.html", {"status": 413, "reasons": reasons}, status=413)


@contextmanager
def reading(request: HttpRequest) -> Iterator[None]:
    """A transaction in which the database refuses every change; what it has looked up once is not looked up again."""
    with remembering():
        if (column := getattr(request.user, "beside", {}).get("editions")) is not None:
            editions.known(column)
        if connection.in_atomic_block:  # inside a transaction of the caller's, as in a test
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
                yield
            return
        connection.ensure_connection()
        connection.connection.read_only = True  # said in the same breath as BEGIN
        try:
            with transaction.atomic():
                yield
        finally:
            if connection.connection is not None and not connection.connection.closed:
                connection.connection.read_only = None


class OneTransaction:
    """Runs the view of a GET in a read-only transaction and of any other method in one transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, then write the notes of access that the view left: apart from the matter's transaction."""
        notes: list[Callable[[], object]] = []
        request.after_reading = notes  # type: ignore[attr-defined]
        response = self.get_response(request)
        for note in notes:
            note()
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Call the view inside its transaction; a ``Refused`` rolls back and becomes a page with its reasons."""
        if getattr(view, "own_transactions", False):
            return None
        try:
            with reading(request) if request.method in READING else transaction.atomic():
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response = response.render()
                return response
        except Refused as refused:
            return refusal(request, refused)
        except IntegrityError as error:
            if getattr(error.__cause__, "sqlstate", "") != ONCE_ONLY:
                raise
            log.warning("refused by the database", error=str(error))
            return refusal(request, OutOfOrder("同一内容刚刚由他人登记，您的没有写入。请返回上一页，核对后再提交。"))


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page (or htmx fragment) that tells why an act was refused."""
    return render(
        request, "ui/error.html", {"status": refused.status, "reasons": refused.reasons}, status=refused.status
    )
