"""What is handed to the database in sets: what became of calls, and receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import psycopg

from fadu.callout.engine import statements
from fadu.callout.providers.interface import Accepted, Outcome, Rejected, Said

DOUBT = "通道无法核实，可能重复"
FAILURES = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class Mark(NamedTuple):
    """What became of a call: accept, retry, reject or lose; ``sent_with``: the call in whose message it went out."""

    call: int
    event: str
    ref: str
    reason: str
    sent_with: int | None
    at: datetime


def given_to_mark(marks: Sequence[Mark], backoff: timedelta) -> dict[str, Any]:
    """What the statement MARK is given of outcomes; ``backoff``: the first wait of those that are sent again."""
    ids, events, refs, reasons, withs, ats = zip(*marks, strict=True)
    return {
        "ids": _numbers(ids), "events": _texts(events), "refs": _texts(refs), "reasons": _texts(reasons),
        "withs": _numbers(withs), "ats": _moments(ats), "doubt": DOUBT, "backoff": backoff,
    }  # fmt: skip


def said_of(outcome: Outcome) -> tuple[str, str, str]:
    """An outcome as the event, the reference and the reason to write."""
    if isinstance(outcome, Accepted):
        return "accept", outcome.ref[:80], ""
    if isinstance(outcome, Rejected):
        return ("retry" if outcome.retryable else "reject"), "", outcome.reason[:100]
    return "lose", "", outcome.reason[:100]


def _numbers(values: Iterable[int | None]) -> str:
    """A set of numbers as PostgreSQL writes an array: the driver would look at each of thousands, several times a second."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _texts(values: Iterable[str]) -> str:
    """The same of texts, each in quotes; what no text of the database can hold is replaced."""
    said = '","'.join([value.replace("\\", "\\\\").replace('"', '\\"') if value else "" for value in values])
    return '{"' + said.replace("\0", "�").encode(errors="replace").decode() + '"}'


def _moments(values: Iterable[datetime]) -> str:
    """The same of moments."""
    return "{" + ",".join([value.isoformat() for value in values]) + "}"


def receive(connection: psycopg.Connection[Any], provider: str, said: Iterable[Said], now: datetime) -> int:
    """Put receipts into the inbox, each once; how many were new."""
    rows = list(said)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            statements.RECEIVE,
            {
                "provider": provider,
                "now": now,
                "calls": _numbers(row.id for row in rows),
                "kinds": _texts(row.kind for row in rows),
                "hows": _texts(row.how for row in rows),
                "ats": _moments(row.at for row in rows),
            },
        )
        return cursor.rowcount
