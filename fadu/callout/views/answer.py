"""The page of the link in a message, without login; and the door for a provider's receipts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from fadu.callout.engine import links
from fadu.callout.models import Call, CalledPost, Callout, DutyPerson
from fadu.callout.providers.interface import Posted
from fadu.callout.services import calling, heard, routes
from fadu.callout.states import Post
from fadu.kernel import clock
from fadu.kernel.errors import OutOfOrder
from fadu.org.access import public

MAX_BYTES = 2 * 1024 * 1024


@public
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the person is called for, and one button. Looking answers nothing: previews of links are opened by machines."""
    read = links.read(token)
    if read is None:
        raise Http404
    callout = get_object_or_404(Callout.objects.select_related("warning"), pk=read[0])
    person = get_object_or_404(DutyPerson, pk=read[1])
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            calling.answer_by_link(callout, person.pk)
        except OutOfOrder as refusal:
            refused = refusal.reasons
    called = Call.objects.filter(callout=callout, person=person, clear=False).values("called")
    posts = list(CalledPost.objects.filter(pk__in=called).order_by("pk"))
    context = {
        "callout": callout,
        "warning": callout.warning,
        "person": person,
        "posts": posts,
        "open": callout.closed_at is None and callout.state == Callout.State.OPEN,
        "done": bool(posts) and all(post.state != Post.WAITING and post.state != Post.UNREACHED for post in posts),
        "refused": refused,
    }
    return render(request, "callout/answer.html", context)


@public
@csrf_exempt
@require_POST
def receipts(request: HttpRequest, account: str, key: str = "") -> JsonResponse:
    """Receipts of an account; 200 only when they are kept (the answer leaves after the commit).

    What is not signed comes to an address with a key in it. Whoever has neither learns not even which accounts there are.
    """
    found = routes.account(account)
    if found is None or len(request.body) > MAX_BYTES:
        raise Http404
    channel, provider = found
    moment, signature = request.headers.get("X-Time", ""), request.headers.get("X-Sign", "")
    try:
        said = provider.parse(Posted(request.body, clock.now(), moment, signature, key))
    except ValueError:
        return JsonResponse({"message": "回执的签名、时间或者格式不对"}, status=400)
    return JsonResponse({**provider.thanks, "kept": heard.take(channel, account, said)})
