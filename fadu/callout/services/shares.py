"""How two accounts share a channel, kept and journaled whenever it moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from fadu.callout.models import Call, ChannelShare
from fadu.callout.providers.pool import Share
from fadu.callout.states import State
from fadu.kernel import clock
from fadu.law.statutes import EMERGENCY
from fadu.org import queries as org
from fadu.record import services as record

BASIS = (EMERGENCY[64],)
TITLES = {"sms": "短信", "voice": "语音电话"}


def silent(calls: Collection[int]) -> list[int]:
    """Of these calls those of which nothing was heard: neither delivered nor answered nor failed."""
    unheard = Call.objects.filter(pk__in=calls, delivered_at=None, answered_at=None)
    return list(unheard.exclude(state=State.FAILED).values_list("pk", flat=True))


def read(channel: str, names: Sequence[str]) -> Share | None:
    """The share that holds; None when it never moved, or between other accounts."""
    row = ChannelShare.objects.filter(channel=channel).first()
    if row is None or [row.first, row.second] != list(names):
        return None
    return Share(row.points, row.since)


@transaction.atomic
def write(channel: str, names: Sequence[str], before: Share, after: Share) -> ChannelShare:
    """The share has moved: keep it for the next engine and the board, and write it down with what was seen."""
    first, second = names
    seen: dict[str, Any] = {first: asdict(after.first), second: asdict(after.second)}
    row, _ = ChannelShare.objects.update_or_create(
        channel=channel,
        defaults={"first": first, "second": second, "points": after.points, "since": after.since, "seen": seen},
    )
    today = clock.today()
    record.write(
        f"callout.channel/{channel}",
        actor=org.actor(None, today),
        act="callout.share",
        title="调整通道份额",
        on=today,
        articles=BASIS,
        before={"points": before.points},
        after={"first": first, "second": second, "points": after.points, "seen": seen},
        matter_title=f"叫应通道：{TITLES.get(channel, channel)}",
    )
    return row
