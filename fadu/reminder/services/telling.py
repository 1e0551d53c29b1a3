"""Telling people that something happened, inside the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.reminder.kinds import Kind
from fadu.reminder.models import Channel, Delivery, Preference, Reminder


@transaction.atomic
def tell(
    kind: Kind, officers: Iterable[Officer], *, key: str, url: str, text: str, subject: str = ""
) -> list[Reminder]:
    """Remind each of ``officers`` once of what ``key`` names; answers the reminders that are new.

    ``subject``: the chain of what it is about, by which the floors above say who may see it (empty: it concerns only the
    person). ``text``: for the program's own pages; mail and SMS get the sentence of the kind and a link. The jobs that
    send are enqueued in the same transaction: both stand or neither.
    """
    from fadu.reminder.tasks import send_later

    people = {officer.pk: officer for officer in officers}
    told = set(
        Reminder.objects.filter(kind=kind.value, key=key, officer__in=people).values_list("officer_id", flat=True)
    )
    new = [
        Reminder(
            officer_id=pk, kind=kind.value, key=key, url=url, text=text[:300], subject=subject, at=clock.now()
        )
        for pk in people
        if pk not in told
    ]  # fmt: skip
    if not new:
        return []
    # two at once about the same thing: the second's row falls away, and with it its deliveries
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    made = list(Reminder.objects.filter(kind=kind.value, key=key, officer__in=[row.officer_id for row in new]))
    wishes = {wish.officer_id: wish for wish in Preference.objects.filter(officer__in=[row.officer_id for row in made])}
    for row in made:
        for channel in channels(wishes.get(row.officer_id), kind):
            delivery, fresh = Delivery.objects.get_or_create(
                reminder=row, channel=channel, defaults={"queued_at": clock.now()}
            )
            if fresh:
                send_later(delivery)
    return made


def channels(wish: Preference | None, kind: Kind) -> list[Channel]:
    """By which channels a person wants to hear of ``kind``; none without a preference."""
    if wish is None:
        return []
    found = []
    if wish.mail and kind.value in wish.mail_kinds:
        found.append(Channel.MAIL)
    if wish.mobile and kind.value in wish.sms_kinds:
        found.append(Channel.SMS)
    return found


def settle(key: str) -> int:
    """What ``key`` names is done, by whomever: nobody is reminded of it any more; answers how many reminders ended."""
    return Reminder.objects.filter(key=key, read_at=None).update(read_at=clock.now())


def read(reminder: Reminder) -> None:
    """The person has read it."""
    Reminder.objects.filter(pk=reminder.pk, read_at=None).update(read_at=clock.now())


def read_all(officer: Officer) -> int:
    """The person has read all of them; answers how many were unread."""
    return Reminder.objects.filter(officer=officer, read_at=None).update(read_at=clock.now())
