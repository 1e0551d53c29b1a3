"""A session from its opening to its end: by idleness, by its whole length, and when a post it was opened under ends."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from fadu.kernel import clock
from fadu.org.models import LoginRecord, Officer, User
from fadu.org.queries import appointments_on

STARTED, SEEN, POSTS = "fd_started", "fd_seen", "fd_posts"
PENDING, ENDED = "fd_second", "fd_ended"
ID_TOKEN = "fd_id_token"
GLANCE = 60  # seconds between two notes of activity: a session is not written anew at each request
PENDING_SECONDS = 300
BACKEND = "fadu.org.backends.OneReading"
Reason = LoginRecord.Reason


def _now() -> int:
    return int(clock.now().timestamp())


def open_session(request: HttpRequest, user: User, *, id_token: str = "") -> None:
    """Begin the session of a person whose factors are all proved; its key is a new one."""
    login(request, user, backend=BACKEND)
    request.session.pop(PENDING, None)
    request.session[STARTED] = request.session[SEEN] = _now()
    if id_token:
        request.session[ID_TOKEN] = id_token


def hold_for_code(request: HttpRequest, user: User, *, target: str, way: str, id_token: str = "") -> None:
    """Keep in the visitor's session that the first factor was right, for five minutes; the key is changed here too."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": _now(), "next": target, "way": way, "id_token": id_token
    }  # fmt: skip


def held_for_code(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Whose code is awaited and what was kept; None when nobody's, or too late, or the password has changed since."""
    kept = request.session.get(PENDING)
    if not kept or _now() - kept["at"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return (user, kept) if user is not None and user.get_session_auth_hash() == kept["hash"] else None


def why_ended(request: HttpRequest, officer: Officer | None) -> LoginRecord.Reason | None:
    """Why the session may not go on now, or None; notes activity and the posts it was opened under."""
    session, now = request.session, _now()
    started, seen = session.get(STARTED), session.get(SEEN, 0)
    posts = sorted(a.pk for a in appointments_on(officer, clock.today())) if officer else []
    if started is None:  # opened before these notes were kept
        session[STARTED], session[SEEN], session[POSTS] = now, now, posts
        return None
    if now - started > settings.SESSION_COOKIE_AGE:
        return Reason.EXPIRED
    if now - seen > settings.SESSION_IDLE:
        return Reason.IDLE
    held = session.get(POSTS)
    if held is not None and set(held) - set(posts):
        return Reason.POST_ENDED
    if held != posts:
        session[POSTS] = posts
    if now - seen >= GLANCE:
        session[SEEN] = now
    return None


def end(request: HttpRequest, reason: LoginRecord.Reason) -> None:
    """End the session; the login page tells once why."""
    logout(request)
    request.session[ENDED] = reason.value
