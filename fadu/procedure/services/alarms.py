"""The daily alarm: periods of the bureau that have run out are marked, recorded and counted; none is passed over in silence."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fadu.procedure.declare import Bound
from fadu.procedure.models import Deadline, Matter
from fadu.procedure.services.deadlines import recompute_provisional
from fadu.procedure.services.telling import missed
from fadu.record import services as record
from fadu.record.actor import Actor


def raise_alarms(on: date) -> int:
    """Note in the record every duty of the bureau that ran out before ``on`` and was not yet alarmed; returns how many.

    Each alarm stands in a transaction of its own, so that one matter in trouble does not silence the others. Provisional
    periods are reckoned anew first, since a holiday notice may have been loaded.
    """
    recompute_provisional()
    rows = Deadline.objects.filter(
        bound=Bound.DUTY.name, last_day__lt=on, ended_on=None, cancelled_on=None, paused_since=None, alarmed_on=None
    )
    return sum(_alarm(key, on) for key in rows.values_list("pk", flat=True))


@transaction.atomic
def _alarm(key: int, on: date) -> bool:
    """Alarm one period, unless somebody has met it meanwhile."""
    row = Deadline.objects.select_for_update().select_related("matter").get(pk=key)
    if row.ended_on or row.cancelled_on or row.alarmed_on:
        return False
    matter: Matter = row.matter
    record.write(
        matter.chain,
        actor=Actor.program(),
        act="deadline.alarm",
        title=f"期限已过：{row.name}",
        on=on,
        articles=row.basis,
        after={"last_day": row.last_day, "days": (on - row.last_day).days},
        matter_title=matter.title,
    )
    row.alarmed_on = on
    row.save(update_fields=["alarmed_on"])
    missed(row, on)
    return True
