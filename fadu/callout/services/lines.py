"""The page of calls of one person: opening it, ending it, who has it open, and what stands on it."""

from __future__ import annotations

import hmac
from datetime import UTC

from django.db import transaction

from fadu.callout import queries
from fadu.callout.models import AppLine, Call, Callout, DutyPerson, DutyPost
from fadu.callout.providers.interface import Said
from fadu.callout.services import calling, register
from fadu.callout.states import Channel, State
from fadu.kernel import clock, hashing
from fadu.kernel.errors import OutOfOrder
from fadu.kernel.numerals import whole
from fadu.org.models import Officer

LENGTH = 32  # hex digits: 128 bits, since the address is good until it is ended


def token(line: AppLine) -> str:
    """person-signature, for the address of the page."""
    return f"{line.person_id}-{_sign(line)}"


def _sign(line: AppLine) -> str:
    return hashing.keyed(f"mine/{line.person_id}/{line.since.astimezone(UTC).isoformat()}").lower()[:LENGTH]


def read(text: str) -> AppLine | None:
    """The page of a token; None when it was not made here, or has been ended."""
    number, _, signed = text.partition("-")
    person = whole(number)
    line = AppLine.objects.select_related("person").filter(person=person).first() if person is not None else None
    return line if line is not None and hmac.compare_digest(_sign(line).encode(), signed.encode()) else None


@transaction.atomic
def begin(person: DutyPerson, post: DutyPost, *, by: Officer) -> AppLine:
    """Open a page for a person who holds the post, or open it anew, which ends the old address. Raises NotCompetent."""
    register.demand_keeper(post, by)
    line, _ = AppLine.objects.update_or_create(
        person=person, defaults={"since": clock.now(), "opened_by": by.name, "seen_at": None}
    )
    register.write(post, by, "callout.open_page", "开通应用内接收", {"post": str(post), "name": person.name})
    return line


@transaction.atomic
def stop(person: DutyPerson, post: DutyPost, *, by: Officer) -> None:
    """End a person's page; its address opens nothing any more. Raises NotCompetent, OutOfOrder."""
    register.demand_keeper(post, by)
    if not AppLine.objects.filter(person=person).delete()[0]:
        raise OutOfOrder(f"{person.name}没有开通应用内接收。")
    register.write(post, by, "callout.end_page", "停用应用内接收", {"post": str(post), "name": person.name})


@transaction.atomic
def seen(line: AppLine) -> int:
    """The page is open and shows its calls: those sent to it are delivered; how many were not before."""
    now = clock.now()
    AppLine.objects.filter(pk=line.pk).update(seen_at=now)
    posts = [post.pk for post in queries.standing(line.person_id)]
    shown = Call.objects.filter(
        called__in=posts, person=line.person_id, channel=Channel.APP, provider="app", state=State.SENT, clear=False
    )
    said = [Said(call, "delivered", now) for call in shown.values_list("pk", flat=True)]
    return calling.take_receipts("app", said) if said else 0


def answer(line: AppLine, callout: Callout) -> int:
    """The person has pressed the button for a callout; how many posts that answers. Raises OutOfOrder."""
    return calling.answer_by_link(callout, line.person_id, "应用内")
