"""Counting requests for the limits: one statement in the database, so that all processes and hosts count together."""

from __future__ import annotations

from django.db import connection

from fadu.kernel import clock
from fadu.kernel.hashing import keyed

WINDOW = 60  # seconds
KEPT = 10  # windows


def spend(kind: str, caller: str, allowed: int) -> int:
    """Count one request of ``caller`` (an account or an address) for ``kind``; how many seconds to wait, 0 for none.

    ``allowed``: requests a minute, 0 for no limit. The caller is kept as a keyed hash: who searches is nobody's business.
    """
    if not allowed:
        return 0
    now = int(clock.now().timestamp())
    window = now // WINDOW
    key = f"{kind}:{keyed('rate:' + caller)[:40]}"
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO org_ratecount (key, "window", count) VALUES (%s, %s, 1)'
            ' ON CONFLICT (key, "window") DO UPDATE SET count = org_ratecount.count + 1 RETURNING count',
            [key, window],
        )
        (count,) = cursor.fetchone()
        if count == 1:  # whoever comes anew in a window sweeps a little
            cursor.execute('DELETE FROM org_ratecount WHERE "window" < %s', [window - KEPT])
    return 0 if count <= allowed else WINDOW - now % WINDOW
