"""What a phone sends: each submission counts once, however often it arrives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from fadu.inspection.models import Submission, Visit
from fadu.kernel import clock
from fadu.org.models import Officer

INSERT = """
INSERT INTO inspection_submission (token, digest, visit_id, officer_id, step, answer, at) VALUES (%s, %s, %s, %s, %s, '{}', %s)
ON CONFLICT (token) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Arrival:
    """One arrival of a submission: is it to be done, and what came of an earlier one with other content."""

    key: int | None
    new: bool
    answer: Mapping[str, Any] = field(default_factory=dict)


def arrive(token: str, digest: str, visit: Visit, officer: Officer, step: str) -> Arrival:
    """Take in the submission ``token`` (a UUID made on the device) with the digest of its content.

    The same content again is not new: it has been done. Other content under the same token means that the answer to the
    first was lost and the officer has written more: it is to be done, and ``answer`` tells what the first one made. Call
    it inside the transaction that does the work: of two at once the second waits for the first, and a refused one leaves
    no trace and may be sent again. Without a token (no script on the page) every arrival is new.
    """
    try:
        wanted = UUID(token)
    except ValueError:
        return Arrival(None, True)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [wanted, digest, visit.pk, officer.pk, step, clock.now()])
        if row := cursor.fetchone():
            return Arrival(row[0], True)
    known = Submission.objects.select_for_update().get(token=wanted)
    if (known.visit_id, known.officer_id, known.step) != (visit.pk, officer.pk, step) or known.digest == digest:
        return Arrival(known.pk, False, known.answer)
    Submission.objects.filter(pk=known.pk).update(digest=digest)
    return Arrival(known.pk, True, known.answer)


def answered(arrival: Arrival, answer: Mapping[str, Any]) -> None:
    """Keep what came of the submission."""
    if arrival.key is not None:
        Submission.objects.filter(pk=arrival.key).update(answer=json.loads(json.dumps(answer)))
