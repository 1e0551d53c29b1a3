"""Receipts as providers tell them, brought to our own calls: by our reference, by the provider's number, by the telephone."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from fadu.callout.models import Call
from fadu.callout.providers.interface import Heard, Said
from fadu.callout.services import calling


def take(channel: str, account: str, heard: Sequence[Heard]) -> int:
    """Keep what an account of a channel sent; how many receipts were new. What belongs to no call of ours is left out."""
    said = [Said(call, one.kind, one.at, one.how) for one in heard for call in _calls(channel, account, one)]
    return calling.take_receipts(channel, said)


def _calls(channel: str, account: str, one: Heard) -> list[int]:
    """The calls that a receipt is of."""
    calls = Call.objects.filter(provider=channel)
    if one.id is not None:
        return [one.id]
    if one.ids:
        return list(calls.filter(pk__in=one.ids, phone=one.phone).values_list("pk", flat=True))
    if one.ref:
        named = calls.filter(provider_ref=f"{account}/{one.ref}"[:80], sent_with=None)
        return list((named.filter(phone=one.phone) if one.phone else named).values_list("pk", flat=True))
    return _last_to(calls, one) if one.phone and one.kind == "answered" else []


def _last_to(calls: QuerySet[Call], one: Heard) -> list[int]:
    """The last calls to a number before it wrote back: those of the callout that was sent to it last."""
    sent = calls.filter(phone=one.phone, clear=False, attempts__gt=0, sent_at__lte=one.at, callout__closed_at=None)
    last = sent.order_by("-sent_at", "-pk").first()
    if last is None:
        return []
    of_it = sent.filter(callout=last.callout_id).order_by("called", "-rung").distinct("called")
    return list(of_it.values_list("pk", flat=True))
