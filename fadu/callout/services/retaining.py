"""What is kept of ended callouts, and for how long: then only the figures and their hash (突发事件应对法 85)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from fadu.callout.models import Callout
from fadu.callout.services.calling import events_hash
from fadu.kernel import clock
from fadu.kernel.errors import OutOfOrder
from fadu.kernel.hashing import sha256_bytes
from fadu.law.statutes import EMERGENCY
from fadu.record import privacy
from fadu.record import services as record
from fadu.record.actor import Actor

DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
# receipts and calls before the posts they hang on; the events last, as they are the proof
ROWS = {
    "terminal_receipts": "DELETE FROM callout_terminalreceipt r USING callout_call c WHERE c.id = r.call_id AND c.callout_id = %s",
    "receipts": "DELETE FROM callout_receipt r USING callout_call c WHERE c.id = r.call_id AND c.callout_id = %s",
    "calls": "DELETE FROM callout_call WHERE callout_id = %s",
    "posts": "DELETE FROM callout_calledpost WHERE callout_id = %s",
    "counters": "DELETE FROM callout_stat WHERE callout_id = %s",
    "events": "DELETE FROM callout_callevent WHERE callout_id = %s",
}


def keeping() -> tuple[int, str]:
    """For how many days calls, receipts and events are kept after the end of a callout, and why; 0 is for ever.

    Raises OutOfOrder where a term is set without a reason that says when it was laid down: what is destroyed has to be
    answered for (突发事件应对法 85).
    """
    set_to: dict[str, Any] = settings.CALLOUT_KEEP
    days, reason = int(set_to["days"]), str(set_to["reason"]).strip()
    if days and not DATED.search(reason):
        raise OutOfOrder(
            "设置了 FADU_CALLOUT_KEEP_DAYS，还须在 FADU_CALLOUT_KEEP_REASON 写明何日由谁规定，例如“2026-12-01局长办公会：满三年不再需要”。"
        )
    return days, reason


def ripe() -> QuerySet[Callout]:
    """The callouts whose term is over and that are not reduced yet; none where everything is kept."""
    days, _ = keeping()
    rows = Callout.objects.filter(closed_at__isnull=False, reduced_at=None).order_by("closed_at")
    return rows.filter(closed_at__lt=clock.now() - timedelta(days=days)) if days else rows.none()


def report_hash(callout: Callout) -> str:
    """sha256 of the figures as they are kept, keys in order."""
    return sha256_bytes(json.dumps(callout.report, sort_keys=True, ensure_ascii=False).encode())


@transaction.atomic
def reduce(callout: Callout) -> dict[str, int]:
    """Delete the posts, calls, receipts, counters and events of an ended callout; how many of each.

    What stays: the callout with its figures, the hash of its events that entered the record at the end, and the record itself,
    which gets an entry with what went, why, and the hash of the figures. The database refuses this to the application: only the
    owner of the tables may, and not while a callout is open, since nobody can write events meanwhile. Events that no longer
    give that hash are kept: somebody has to look at them first. Raises OutOfOrder.
    """
    days, reason = keeping()
    row = Callout.objects.select_for_update(of=("self",)).get(pk=callout.pk)
    if row.closed_at is None or row.reduced_at is not None:
        raise OutOfOrder("只有已经结束、还没有压缩的叫应可以压缩。")
    if not days or row.closed_at > clock.now() - timedelta(days=days):
        raise OutOfOrder(
            f"这次叫应还没有满保存期限（{days}天）。" if days else "没有设置保存期限，叫应的明细一直保存。"
        )
    if Callout.objects.filter(state__in=("open", "pending")).exists():
        raise OutOfOrder("有叫应正在进行，请在结束以后再压缩。")
    if events_hash(row.pk)[0] != row.events_hash:
        raise OutOfOrder("逐条记录与结束时记入过程记录的散列值不符，不能删除，请先查明原因。")
    gone = _delete(row.pk)
    row.reduced_at = clock.now()
    row.save(update_fields=["reduced_at"])
    record.write(
        f"callout/{row.pk}", actor=Actor.program(), act="callout.reduce", title="明细满保存期限，只留结果", on=clock.today(),
        articles=(EMERGENCY[85],),
        after={**gone, "days": days, "report_sha256": report_hash(row), "events_sha256": row.events_hash},
        note=privacy.redacted(reason)[:500], matter_title=privacy.redacted(row.title),
    )  # fmt: skip
    return gone


def _delete(callout: int) -> dict[str, int]:
    """The rows of a callout, with the guard of the events lifted in this transaction only."""
    gone: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE callout_callevent DISABLE TRIGGER callout_refuse")
        for name, statement in ROWS.items():
            cursor.execute(statement, [callout])
            gone[name] = cursor.rowcount
        cursor.execute("ALTER TABLE callout_callevent ENABLE ALWAYS TRIGGER callout_refuse")
    return gone
