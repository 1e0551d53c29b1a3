"""Do the seals still fit the record? Reckoned from the documents (RFC 6962, docs/adr/0038), not with the code that seals."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction

from fadu.record.verify import ZERO, Fault

SEALS = "SELECT id, day, entries, root, previous, hash FROM record_seal ORDER BY day"
# ranges of a chain must follow one another from 1 on, or an entry could be left out of every seal
BROKEN_RANGES = """
SELECT s.day, r.chain, r.first_seq FROM (
    SELECT r.*, s.day, lag(last_seq, 1, 0::bigint) OVER (PARTITION BY chain ORDER BY s.day, r.id) AS before
    FROM record_sealedrange r JOIN record_seal s ON s.id = r.seal_id
) r JOIN record_seal s ON s.id = r.seal_id WHERE r.first_seq <> r.before + 1 ORDER BY 1, 2
"""
LEAVES = """
SELECT s.day, e.hash FROM record_seal s JOIN record_sealedrange r ON r.seal_id = s.id
JOIN record_entry e ON e.chain = r.chain AND e.seq BETWEEN r.first_seq AND r.last_seq
ORDER BY s.day, e.chain COLLATE "C", e.seq
"""


def check_seals() -> tuple[int, list[Fault]]:
    """Check every seal against the entries it covers and the seal before it; how many there are, and the faults."""
    faults: list[Fault] = []
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:  # the outermost block: seals and entries are read from one snapshot
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with connection.cursor() as cursor:
            cursor.execute(SEALS)
            seals = cursor.fetchall()
            cursor.execute(BROKEN_RANGES)
            faults += [Fault(_name(day), 0, "seal range", f"{chain} 第{seq}号起") for day, chain, seq in cursor]
        # days come in order both from the seals and from the leaves, so one pass over the entries serves all
        trees = groupby(_leaves(), key=itemgetter(0))
        at = next(trees, None)
        before, yesterday = ZERO, None
        for _, day, entries, root, previous, own in seals:
            leaves = []
            if at is not None and at[0] == day:
                leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(one)).digest() for _, one in at[1]]
                at = next(trees, None)
            text = f"fadu-seal-1\n{day}\n{entries}\n{root}\n{previous}\n"
            if previous != before:
                faults.append(Fault(_name(day), 0, "seal link"))
            if yesterday is not None and day != yesterday + timedelta(days=1):
                faults.append(Fault(_name(day), 0, "seal gap", f"前一次封存的是 {yesterday}"))
            if hashlib.sha256(text.encode()).hexdigest() != own:
                faults.append(Fault(_name(day), 0, "seal hash"))
            if len(leaves) != entries or _tree(leaves, 0, len(leaves)).hex() != root:
                faults.append(Fault(_name(day), 0, "seal root", f"封存{entries}条，现有{len(leaves)}条"))
            before, yesterday = own, day
    return len(seals), faults


def _name(day: date) -> str:
    """How a fault names the seal of a day."""
    return f"{day}的封存"


def _leaves() -> Iterator[tuple[date, str]]:
    """Day and hash of every sealed entry, by day and place, through a server-side cursor; needs an open transaction."""
    with connection.connection.cursor(name="record_seals") as cursor:
        cursor.itersize = 5000
        cursor.execute(LEAVES)
        yield from cursor


def _tree(leaves: list[bytes], start: int, end: int) -> bytes:
    """MTH of RFC 6962 over ``leaves[start:end]``: split at the largest power of two below the length."""
    size = end - start
    if size == 0:
        return hashlib.sha256().digest()
    if size == 1:
        return leaves[start]
    middle = start + (1 << (size - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _tree(leaves, start, middle) + _tree(leaves, middle, end)).digest()


def check_published(text: str) -> list[Fault]:
    """Compare with a ``seals.json`` fetched from the public page and kept elsewhere: each seal of it must stand here.

    Raises ValueError when ``text`` is no such file.
    """
    try:
        kept: Iterable[tuple[str, str]] = [(one["day"], one["seal"]) for one in json.loads(text)["seals"]]
        [date.fromisoformat(day) for day, _ in kept]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("不是从公开页面取得的 seals.json") from error
    with connection.cursor() as cursor:
        cursor.execute("SELECT day::text, hash FROM record_seal")
        here = dict(cursor.fetchall())
    return [Fault(f"{day}的封存", 0, "seal anchor") for day, seal in kept if here.get(day) != seal]
