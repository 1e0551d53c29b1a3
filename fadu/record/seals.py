"""The daily seal: what came into the record since the seal before, under one hash that is published (docs/adr/0038)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.record import merkle
from fadu.record.models import Entry, Seal, SealedRange

ZERO = "0" * 64
LOCK = 0x66616475_73656C  # "fadu" "sel": one sealing at a time, whoever runs it

# A chain's entries become visible in the order of their numbers, because its writers wait for each other; so "up to the
# last visible number of before midnight" never skips one. What was written before midnight and committed after the
# sealing stands in the next seal.
GROWN = """
SELECT h.chain, coalesce(s.last, 0) + 1, (
    SELECT max(e.seq) FROM record_entry e WHERE e.chain = h.chain AND e.seq > coalesce(s.last, 0) AND e.recorded_at < %(end)s)
FROM record_head h
LEFT JOIN (SELECT chain, max(last_seq) AS last FROM record_sealedrange GROUP BY chain) s ON s.chain = h.chain
WHERE h.seq > coalesce(s.last, 0)
"""
COVERED = """
SELECT e.chain, e.seq, e.hash FROM record_sealedrange r
JOIN record_entry e ON e.chain = r.chain AND e.seq BETWEEN r.first_seq AND r.last_seq
WHERE r.seal_id = %s ORDER BY e.chain COLLATE "C", e.seq
"""


class Unsealable(Refused):
    """The record has a gap where it is to be sealed: somebody must look before anything is sealed over it (409)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands under a seal: the day, its place among the day's entries, and the path to the root."""

    day: date
    index: int
    size: int
    path: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The proof as a court's script reads it."""
        return {"day": self.day.isoformat(), "index": self.index, "size": self.size, "path": list(self.path)}


def seal_until(last: date) -> list[Seal]:
    """Seal every day after the last sealed one up to ``last``; the first seal covers all that was written before.

    Returns the new seals, in order; none when all is sealed. Raises ValueError when ``last`` is not over in Beijing, and
    Unsealable when an entry is missing where it should be sealed.
    """
    if last >= clock.today():
        raise ValueError("a day is sealed when it is over")
    made = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        before = Seal.objects.order_by("day").last()
        day = before.day + timedelta(days=1) if before else last
        while day <= last:
            before = _seal(day, before.hash if before else ZERO)
            made.append(before)
            day += timedelta(days=1)
    return made


def _seal(day: date, previous: str) -> Seal:
    """Seal one day; the ranges are written first and the tree is built over what they cover."""
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.BEIJING)
    with connection.cursor() as cursor:
        cursor.execute(GROWN, {"end": end})
        ranges = [row for row in cursor.fetchall() if row[2] is not None]
    leaves = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.hash FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS r (chain, first, last) "
            "JOIN record_entry e ON e.chain = r.chain AND e.seq BETWEEN r.first AND r.last "
            'ORDER BY e.chain COLLATE "C", e.seq',
            [[row[0] for row in ranges], [row[1] for row in ranges], [row[2] for row in ranges]],
        )
        leaves = [merkle.leaf(own) for (own,) in cursor]
    entries = sum(last - first + 1 for _, first, last in ranges)
    if entries != len(leaves):
        raise Unsealable(f"{day}应封存{entries}条记录，只找到{len(leaves)}条，未封存。请先运行 verify-record 查明")
    root = merkle.root(leaves).hex()
    seal = Seal.objects.create(
        day=day,
        entries=entries,
        root=root,
        previous=previous,
        hash=merkle.seal_hash(day.isoformat(), entries, root, previous),
    )
    SealedRange.objects.bulk_create(
        [SealedRange(seal=seal, chain=chain, first_seq=first, last_seq=last) for chain, first, last in ranges],
        batch_size=1000,
    )
    return seal


def proofs(entries: Sequence[Entry]) -> dict[tuple[str, int], Proof]:
    """The proofs of those of ``entries`` that are sealed, by chain and number; each seal's tree is built once."""
    chains = {entry.chain for entry in entries}
    wanted = {(entry.chain, entry.seq) for entry in entries}
    ranges = SealedRange.objects.filter(chain__in=chains).select_related("seal").order_by("seal__day", "chain")
    found: dict[tuple[str, int], Proof] = {}
    for seal, covering in groupby(ranges, key=attrgetter("seal")):
        inside = {
            (one.chain, seq)
            for one in covering
            for seq in range(one.first_seq, one.last_seq + 1)
            if (one.chain, seq) in wanted
        }
        if inside:
            found |= _proofs_under(seal, inside)
    return found


def _proofs_under(seal: Seal, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Proof]:
    """The proofs of the entries ``wanted`` under one seal."""
    places: list[tuple[str, int]] = []
    leaves = []
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [seal.pk])
        for chain, seq, own in cursor:
            places.append((chain, seq))
            leaves.append(merkle.leaf(own))
    at = [index for index, place in enumerate(places) if place in wanted]
    return {
        places[index]: Proof(seal.day, index, len(leaves), tuple(one.hex() for one in path))
        for index, path in zip(at, merkle.paths(leaves, at), strict=True)
    }
