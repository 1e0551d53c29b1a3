"""The sources of the settings with what is known of each: when it was last heard, and whether it has been silent too long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.hashing import sha256_bytes
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.reminder.kinds import Kind
from fadu.reminder.services import settle, tell
from fadu.warning import services
from fadu.warning.models import Source, Warning

# who is reminded of a source that is silent, and of what was refused
HEARERS = (Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD)


def configured() -> dict[str, str]:
    """The addresses of the settings with their kinds."""
    found = dict.fromkeys(settings.WARNING_FEEDS, Source.Kind.FEED.value)
    if settings.WARNING_FOLDER:
        found[settings.WARNING_FOLDER] = Source.Kind.FOLDER.value
    return found


def known() -> QuerySet[Source]:
    """The rows of the sources that are in the settings now."""
    return Source.objects.filter(address__in=configured())


def ensure() -> list[Source]:
    """The rows of all sources, made for those that are new: from then on silence counts."""
    for address, kind in configured().items():
        Source.objects.get_or_create(address=address, defaults={"kind": kind, "since": clock.now()})
    return list(known())


def push() -> Source:
    """The row of the door for pushes; it is not asked, so it is never silent."""
    given = {"kind": Source.Kind.PUSH, "since": clock.now()}
    return Source.objects.get_or_create(address=reverse("warning:push"), defaults=given)[0]


def take(data: bytes) -> tuple[Warning, bool]:
    """Take a message in, and whether it is new; the same one taken in elsewhere at this moment is that one. Raises Refused."""
    digest = sha256_bytes(data)
    if (row := Warning.objects.filter(sha256=digest).first()) is not None:
        return row, False
    try:
        with transaction.atomic():
            row = services.take_in(data)
    except (
        IntegrityError
    ):  # another was faster with these bytes, or with others of the same name: now it is there to be found
        with transaction.atomic():
            return services.take_in(data), False
    return row, row.sha256 == digest


def silence(source: Source, now: datetime) -> str:
    """Why a source counts as silent, in Chinese, or nothing.

    A feed: no good answer for the minutes of the settings, or not renewed within the minutes it promises. A folder: it could not be
    looked into.
    """
    limit = timedelta(minutes=settings.WARNING_SILENCE)
    last = source.heard_at or source.since
    if now - last > limit:
        said = f"{int((now - last).total_seconds() // 60)}分钟没有回应"
        return f"{said}（{source.error}）" if source.error else said
    promised = timedelta(minutes=settings.WARNING_HEARTBEAT)
    if promised and source.kind == Source.Kind.FEED and source.renewed_at and now - source.renewed_at > promised:
        return f"有回应，但列表已有{int((now - source.renewed_at).total_seconds() // 60)}分钟没有更新"
    return ""


def silent(now: datetime) -> list[tuple[Source, str]]:
    """The sources that are silent now, each with why."""
    return [(source, why) for source in known() if (why := silence(source, now))]


def watch() -> int:
    """Remind those on duty at the city of each source that fell silent, once; settle it when it is heard again; how many are silent.

    It runs as a job of its own, so that a dead intake is noticed too.
    """
    now = clock.now()
    quiet = 0
    for source in ensure():
        why = silence(source, now)
        if not why and source.silent_since is not None:
            settle(_key(source, source.silent_since))
            Source.objects.filter(pk=source.pk).update(silent_since=None)
        if not why:
            continue
        quiet += 1
        since = source.silent_since or now
        if source.silent_since is None:
            Source.objects.filter(pk=source.pk).update(silent_since=now)
        text = f"预警来源中断：{source.title}，{why}。请与发布单位联系，并用其他渠道接收预警。"
        tell(Kind.SILENCE, hearers(), key=_key(source, since), url=reverse("warning:list"), text=text)
    return quiet


def _key(source: Source, since: datetime) -> str:
    return f"warning.source/{source.pk}/{since.timestamp():.0f}"


def hearers() -> Iterable[Officer]:
    """Who is reminded: those of the city's bureau."""
    today = clock.today()
    organs = Organ.objects.filter(level="city")
    return {officer for organ in organs for role in HEARERS for officer in org.officers_with(role, organ, today)}
