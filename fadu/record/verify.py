"""Is the record whole? Checks that share no code with what writes it: one in SQL, one in Python, one of the vault."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from fadu.record import vault

ZERO = "0" * 64
WHAT = {
    "gap": "序号不连续，此处缺记录",
    "link": "与前一条的散列值不衔接",
    "hash": "内容与散列值不符",
    "tail": "链首所记的末条不在，链尾被截断或链首被改",
    "head": "链首与末条不符",
    "no head": "有记录而无链首",
    "no entries": "有链首而无记录",
    "anchor": "与外存的链首不符",
    "seal link": "与前一日的封存不衔接",
    "seal gap": "封存的日期不连续",
    "seal hash": "封存值与所载内容不符",
    "seal root": "当日记录与封存时不符，有记录被改动、增删或者调换",
    "seal range": "封存范围与前一次不衔接",
    "seal anchor": "与已经公布、存于别处的封存值不符",
    "guard": "数据库的防篡改触发器缺失或被停用",
    "file missing": "证据文件不在证据库",
    "file altered": "证据文件内容与散列值不符",
    "row missing": "过程记录所载的证据没有证据行",
    "row altered": "证据行与过程记录所载不符",
    "row unrecorded": "证据行未见于过程记录",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken place: the chain, the entry's number there (0: the chain as a whole) and what is wrong."""

    chain: str
    seq: int
    code: str
    detail: str = ""

    def __str__(self) -> str:
        place = f"{self.chain} 第{self.seq}号" if self.seq else self.chain
        return f"{place} [{self.code}] {WHAT[self.code]}" + (f"：{self.detail}" if self.detail else "")

    def as_dict(self) -> dict[str, object]:
        """For machines."""
        return {"chain": self.chain, "seq": self.seq, "code": self.code, "what": WHAT[self.code], "detail": self.detail}


@dataclass(slots=True)
class Report:
    """The outcome of a check: how much was looked at and the faults, in the order of chain and number."""

    entries: int = 0
    chains: int = 0
    files: int = 0
    seals: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing broken, and something there."""
        return not self.faults and self.entries > 0


# Each row's own hash is computed in the innermost query, whose OFFSET 0 keeps the bodies out of the sort.
# The text that is hashed is described in migrations/0002_guards.py and put together here independently of it.
CHECK = """
WITH own AS (
    SELECT chain, seq, prev_hash, hash, hash IS NOT DISTINCT FROM encode(sha256(convert_to(concat(
        'fadu-record-1', chr(10),
        octet_length(chain), ':', chain, chr(10),
        length(seq::text), ':', seq, chr(10),
        length(prev_hash), ':', prev_hash, chr(10),
        '27:', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), chr(10),
        octet_length(body), ':', body, chr(10)), 'UTF8')), 'hex') AS whole
    FROM record_entry WHERE %(chain)s::text IS NULL OR chain = %(chain)s OFFSET 0
), walked AS (
    SELECT chain, seq, prev_hash, hash, whole, row_number() OVER w AS place,
        lag(hash, 1, repeat('0', 64)::varchar) OVER w AS before, lead(seq) OVER w IS NULL AS last
    FROM own WINDOW w AS (PARTITION BY chain ORDER BY seq)
), summary AS (
    SELECT chain, count(*) AS n, max(seq) FILTER (WHERE last) AS last_seq, max(hash) FILTER (WHERE last) AS last_hash,
        min(ARRAY[place, CASE WHEN seq <> place THEN 1 WHEN prev_hash <> before THEN 2 ELSE 3 END])
            FILTER (WHERE seq <> place OR prev_hash <> before OR NOT whole) AS broken
    FROM walked GROUP BY chain
), compared AS (
    SELECT coalesce(s.chain, h.chain) AS chain, coalesce(s.n, 0) AS n, s.broken[1] AS place,
        CASE s.broken[2] WHEN 1 THEN 'gap' WHEN 2 THEN 'link' WHEN 3 THEN 'hash' END AS code,
        CASE
            WHEN h.chain IS NULL THEN 'no head'
            WHEN s.chain IS NULL THEN 'no entries'
            WHEN h.seq > s.last_seq THEN 'tail'
            WHEN h.seq IS DISTINCT FROM s.last_seq OR h.hash IS DISTINCT FROM s.last_hash THEN 'head'
        END AS head_code,
        CASE WHEN h.seq > s.last_seq THEN s.last_seq + 1 WHEN s.chain IS NULL THEN 0 ELSE s.last_seq END AS head_place
    FROM summary s FULL JOIN (
        SELECT * FROM record_head WHERE %(chain)s::text IS NULL OR chain = %(chain)s
    ) h ON h.chain = s.chain
)
SELECT NULL, NULL::bigint, NULL, sum(n)::bigint, count(*) FILTER (WHERE n > 0) FROM compared
UNION ALL
SELECT chain, place, code, NULL, NULL FROM compared WHERE code IS NOT NULL
UNION ALL
SELECT chain, head_place, head_code, NULL, NULL FROM compared WHERE head_code IS NOT NULL
"""


def check(chain: str | None = None) -> Report:
    """Check every chain, or ``chain`` alone, in one SQL statement and so on one snapshot of the database.

    Of each chain the first broken link is reported, and the head if it does not fit the last entry.
    """
    report = Report()
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if chain is None:
            # for this transaction: sort in memory, and let several cores hash even where the planner would not bother
            cursor.execute(
                "SELECT set_config('work_mem', '256MB', true), set_config('parallel_tuple_cost', '0', true), "
                "set_config('parallel_setup_cost', '100', true)"
            )
        cursor.execute(CHECK, {"chain": chain})
        for name, place, code, entries, chains in cursor.fetchall():
            if name is None:
                report.entries, report.chains = entries or 0, chains
            else:
                report.faults.append(Fault(name, place, code))
    report.faults.sort(key=lambda fault: (fault.chain, fault.seq))
    return report


def check_in_python(chain: str | None = None) -> Report:
    """The same check as ``check``, computed in Python row by row as the entries stream by."""
    report = Report()
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:  # the outermost block: heads and entries are read from one snapshot
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        left = {name: (seq, own) for name, seq, own in heads(chain)}
        for name, rows in groupby(_stream(chain), key=itemgetter(0)):
            place, last, before, broken = 0, 0, ZERO, False
            for _, seq, prev_hash, own, recorded_at, body in rows:
                place += 1
                if not broken:
                    code = ""
                    if seq != place:
                        code = "gap"
                    elif prev_hash != before:
                        code = "link"
                    elif own != hash_of(name, seq, prev_hash, recorded_at, body):
                        code = "hash"
                    if code:
                        broken = True
                        report.faults.append(Fault(name, place, code))
                last, before = seq, own
            report.entries += place
            report.chains += 1
            head = left.pop(name, None)
            if head is None:
                report.faults.append(Fault(name, last, "no head"))
            elif head[0] > last:
                report.faults.append(Fault(name, last + 1, "tail"))
            elif head != (last, before):
                report.faults.append(Fault(name, last, "head"))
    report.faults += [Fault(name, 0, "no entries") for name in left]
    report.faults.sort(key=lambda fault: (fault.chain, fault.seq))
    return report


def hash_of(chain: str, seq: int, prev_hash: str, recorded_at: datetime, body: str) -> str:
    """The hash an entry ought to bear, from the documented pre-image."""
    stamp = recorded_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z").encode()
    name, data = chain.encode(), body.encode()
    number, prior = b"%d" % seq, prev_hash.encode()
    return hashlib.sha256(
        b"fadu-record-1\n%d:%b\n%d:%b\n%d:%b\n%d:%b\n%d:%b\n"
        % (len(name), name, len(number), number, len(prior), prior, len(stamp), stamp, len(data), data)
    ).hexdigest()


def _stream(chain: str | None) -> Iterator[tuple[Any, ...]]:
    """Entries by chain and number through a server-side cursor; needs an open transaction."""
    with connection.connection.cursor(name="record_verify") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            "SELECT chain, seq, prev_hash, hash, recorded_at, body FROM record_entry "
            "WHERE %(chain)s::text IS NULL OR chain = %(chain)s ORDER BY chain, seq",
            {"chain": chain},
            binary=True,
        )
        yield from cursor


GUARDS = {
    ("record_entry", "record_append"),
    ("record_entry", "record_refuse"),
    ("record_head", "record_guard"),
    ("record_head", "record_refuse"),
    ("record_evidencefile", "record_stamp"),
    ("record_evidencefile", "record_refuse"),
    ("record_access", "record_stamp"),
    ("record_access", "record_refuse"),
    ("record_seal", "record_stamp"),
    ("record_seal", "record_refuse"),
    ("record_sealedrange", "record_refuse"),
}


def check_guards() -> list[Fault]:
    """Which of the record's triggers are missing or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal "
            "AND tgrelid::regclass::text LIKE 'record_%'"
        )
        standing = set(cursor.fetchall())
    return [Fault(table, 0, "guard", trigger) for table, trigger in sorted(GUARDS - standing)]


EVIDENCE = """
SELECT coalesce(e.chain, f.chain), coalesce(e.seq, 0), f.id, coalesce(e.said ->> 'name', f.name), f.sha256, f.size,
    CASE WHEN f.id IS NULL THEN 'row missing' WHEN e.chain IS NULL THEN 'row unrecorded'
        WHEN (e.chain, e.said ->> 'sha256', e.said ->> 'size', e.said ->> 'media_type', e.said ->> 'name',
              e.said ->> 'made_by', e.said ->> 'place', (e.said ->> 'made_at')::timestamptz, e.note)
            IS DISTINCT FROM (f.chain, f.sha256, f.size::text, f.media_type, f.name, f.made_by, f.place, f.made_at, f.note)
        THEN 'row altered' END
FROM (
    SELECT chain, seq, body::jsonb -> 'after' AS said, body::jsonb ->> 'note' AS note
    FROM record_entry WHERE act = 'record.keep_evidence'
) e FULL JOIN record_evidencefile f ON f.id = (e.said ->> 'evidence')::bigint
WHERE %(chain)s::text IS NULL OR coalesce(e.chain, f.chain) = %(chain)s
ORDER BY 1, 2, 3
"""


def check_evidence(chain: str | None = None) -> tuple[int, list[Fault]]:
    """Compare every evidence row with the journal and hash its bytes anew; the number of files and the faults."""
    faults: list[Fault] = []
    seen: dict[tuple[str, int], str] = {}
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, {"chain": chain})
        rows = cursor.fetchall()
    for name, seq, identity, title, sha256, size, code in rows:
        if code:
            faults.append(Fault(name, seq, code, title))
        if identity is not None:
            if (sha256, size) not in seen:
                seen[sha256, size] = vault.state(sha256, size)
            if state := seen[sha256, size]:
                faults.append(Fault(name, seq, f"file {state}", title))
    return len(rows), faults


def heads(chain: str | None = None) -> list[tuple[str, int, str]]:
    """Chain, number and hash of every head, to be kept outside: what a superuser rewrites here differs from it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chain, seq, hash FROM record_head WHERE %(chain)s::text IS NULL OR chain = %(chain)s ORDER BY chain",
            {"chain": chain},
        )
        rows: list[tuple[str, int, str]] = cursor.fetchall()
        return rows


def check_anchor(lines: Iterable[str]) -> list[Fault]:
    """Compare the record with heads printed earlier (``chain seq hash`` a line): each must still stand in its chain."""
    kept = [line.split() for line in lines if line.strip()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.chain, k.seq FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS k (chain, seq, hash) "
            "LEFT JOIN record_entry e ON e.chain = k.chain AND e.seq = k.seq AND e.hash = k.hash "
            "WHERE e.chain IS NULL ORDER BY 1, 2",
            [[part[0] for part in kept], [int(part[1]) for part in kept], [part[2] for part in kept]],
        )
        return [Fault(name, seq, "anchor") for name, seq in cursor.fetchall()]
