"""A person's own page of calls, without login: opened by a signed address, one large button a callout."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fadu.callout import personal, queries
from fadu.callout.models import AppLine, Callout
from fadu.callout.services import lines
from fadu.callout.states import Post
from fadu.kernel.errors import OutOfOrder
from fadu.kernel.numerals import whole
from fadu.org.access import public


def _line(token: str) -> AppLine:
    """The page of an address that is good."""
    line = lines.read(token)
    if line is None:
        raise Http404
    return line


def _context(line: AppLine) -> dict[str, Any]:
    """The open callouts of a person, each with the posts they were called for."""
    rows: dict[Callout, list[Any]] = {}
    for called in queries.standing(line.person_id):
        rows.setdefault(called.callout, []).append(called)
    calls = [
        {
            "callout": callout,
            "posts": posts,
            "done": all(post.state not in (Post.WAITING, Post.UNREACHED) for post in posts),
        }
        for callout, posts in rows.items()
    ]
    return {"line": line, "person": line.person, "calls": calls}


@public
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What the person is called for now. Looking answers nothing."""
    line = _line(token)
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        number = whole(str(request.POST.get("callout", "")))
        callout = get_object_or_404(Callout, pk=number if number is not None else 0)
        try:
            lines.answer(line, callout)
        except OutOfOrder as refusal:
            refused = refusal.reasons
        else:
            return redirect("callout:mine", token=token)
    context = _context(line) | {"token": token, "refused": refused}
    if "part" in request.GET:
        return render(request, "callout/part/mine.html", context)
    context["live"] = f"{settings.LIVE_URL}/live/mine/{personal.ticket(line.person_id)}"
    return render(request, "callout/mine.html", context)


@public
@never_cache
@require_POST
def shown(request: HttpRequest, token: str) -> JsonResponse:
    """The page says that it is open and shows its calls."""
    line = _line(token)
    delivered = lines.seen(line)
    posts = queries.standing(line.person_id)
    waiting = sum(post.state in (Post.WAITING, Post.UNREACHED) for post in posts)
    newest = max((post.pk for post in posts), default=0)
    return JsonResponse({"delivered": delivered, "waiting": waiting, "newest": newest})
