"""Writing to the record: entries of the journal, evidence files and notes of access."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import IO, Any

from django.db import connection, transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.kernel.hashing import canonical
from fadu.record import privacy, vault
from fadu.record.actor import Actor
from fadu.record.models import Entry, EvidenceFile

PARTS = {
    "actor": "行为人",
    "title": "名称",
    "matter": "事项",
    "articles": "依据",
    "papers": "文书",
    "before": "变更前",
    "after": "变更后",
    "note": "说明",
    "flags": "标记",
}
# opening a page again, going back to it, or reading a film in pieces is one reading
REPEATED = timedelta(minutes=10)
# what a text field of PostgreSQL or JSON cannot hold: NUL and halves of surrogate pairs
UNWRITABLE = {0: "\ufffd"} | dict.fromkeys(range(55296, 57344), "�")


def write(
    chain: str,
    *,
    actor: Actor,
    act: str,
    title: str,
    on: date,
    articles: Iterable[object] = (),
    papers: Iterable[Mapping[str, Any]] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
    flags: Mapping[str, Any] | None = None,
    matter_title: str = "",
) -> Entry:
    """Append one act to ``chain`` (such as ``penalty.ordinary/12``) and give back the entry; one SQL statement.

    ``act`` is its code, ``title`` its Chinese name, ``on`` the day it counts for; ``articles`` are written as
    ``str``; ``papers`` are mappings of kind, number and sha256; ``before`` and ``after`` the values it changed. Values
    may be texts, numbers, booleans, dates, Decimals, enum members, ``Sensitive`` and mappings or lists of these
    (TypeError otherwise). The caller's transaction holds the chain until it ends, so write last. Raises
    ``SensitiveInRecord`` when an ID number or mobile number stands anywhere in it in clear. (行政处罚法 47)
    """
    text = _body(
        chain, actor=actor, act=act, title=title, on=on, articles=articles, papers=papers, before=before, after=after,
        note=note, flags=flags, matter_title=matter_title,
    )  # fmt: skip
    fields = Entry._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        # seq, hashes and time are not named: the database's trigger sets them, and the row comes back as it stands
        cursor.execute(f"INSERT INTO record_entry (chain, body) VALUES (%s, %s) RETURNING {columns}", [chain, text])
        return Entry.from_db(connection.alias, [field.attname for field in fields], cursor.fetchone())


def write_many(acts: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Append many acts by one COPY; each is (chain, the keyword arguments of ``write``). Returns how many.

    For imports, where a statement an entry would take minutes; the database's trigger chains them all the same. The
    caller's transaction holds every chain until it ends. Raises as ``write`` does, and then nothing is written.
    """
    count = 0
    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy("COPY record_entry (chain, body) FROM STDIN") as copy,
    ):
        for chain, said in acts:
            copy.write_row((chain, _body(chain, **said)))
            count += 1
    return count


def _body(
    chain: str,
    *,
    actor: Actor,
    act: str,
    title: str,
    on: date,
    articles: Iterable[object] = (),
    papers: Iterable[Mapping[str, Any]] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
    flags: Mapping[str, Any] | None = None,
    matter_title: str = "",
) -> str:
    """The entry's canonical JSON; raises as ``write`` does."""
    body = {
        "actor": actor.as_record(),
        "acted_at": clock.now().isoformat(),
        "on": on,
        "act": act,
        "title": title,
        "matter": {"key": chain, "title": matter_title},
        "articles": [str(article) for article in articles],
        "papers": [dict(paper) for paper in papers],
        "before": before or {},
        "after": after or {},
        "note": note,
        "flags": flags or {},
    }
    return canonical({key: _plain(value, PARTS.get(key, key)) for key, value in body.items()})


def _plain(value: object, where: str) -> object:
    """``value`` in the few types of JSON, each text checked for personal numbers; ``where`` names the part."""
    if isinstance(value, privacy.Sensitive):
        _checked(value.reference, where)
        return value.as_record()
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, str):
        return _checked(_writable(value), where)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        _checked(str(value), where)
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_checked(_writable(str(key)), where): _plain(item, where) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [_plain(item, where) for item in value]
        return sorted(items, key=json.dumps) if isinstance(value, set | frozenset) else items
    raise TypeError(f"{where}: {type(value).__name__} cannot stand in the record")


def _writable(text: str) -> str:
    """``text`` without what PostgreSQL cannot hold; printable text has nothing of it."""
    return text if text.isprintable() else text.translate(UNWRITABLE)


def _checked(text: str, where: str) -> str:
    """``text`` itself; raises SensitiveInRecord when it holds a personal number."""
    if len(text) < privacy.SHORTEST:
        return text
    for what, _start, _end, _number in privacy.findings(text):
        raise privacy.SensitiveInRecord(where, what)
    return text


def keep_evidence(
    file: IO[bytes] | bytes,
    *,
    chain: str,
    name: str,
    made_by: str,
    made_at: datetime,
    place: str,
    media: str | Collection[str] | None = None,
    note: str = "",
    actor: Actor | None = None,
    matter_title: str = "",
) -> EvidenceFile:
    """Put a file into the vault, note it in the journal of ``chain`` and give back its row.

    ``made_by``, ``made_at`` (aware) and ``place`` say who made it, when and where (a form for use on site asks for the
    place; a paper scanned in the office may leave it blank); ``note`` what it proves. ``media``
    narrows what is accepted: families (``image``, ``video``, ``audio``, ``document``, ``text``) or types
    (``application/pdf``); None accepts every kind of ``media.KINDS``. ``actor`` is who keeps it (default: the program).
    Personal numbers in the words about the file are replaced by keyed hashes. Raises Invalid with the fields file,
    made_by and made_at. (行政处罚法 46, 47)
    """
    errors = {}
    if not made_by.strip():
        errors["made_by"] = "请填写制作人"
    if made_at.tzinfo is None:
        raise ValueError("made_at must be aware")
    if made_at > clock.now():
        errors["made_at"] = "制作时间不能晚于现在"
    if errors:
        raise Invalid(errors)
    wanted = None if media is None else frozenset([media] if isinstance(media, str) else media)
    kept = vault.keep(file, name, wanted)
    with transaction.atomic():
        evidence = EvidenceFile.objects.create(
            sha256=kept.sha256,
            size=kept.size,
            media_type=kept.kind.media_type,
            name=_words(kept.name, 120),
            chain=chain,
            made_by=_words(made_by, 100),
            made_at=made_at,
            place=_words(place, 200),
            note=_words(note, 500),
        )
        write(
            chain,
            actor=actor or Actor.program(),
            act="record.keep_evidence",
            title="收存证据",
            on=clock.today(),
            after=evidence_facts(evidence),
            note=evidence.note,
            matter_title=matter_title,
        )
    return evidence


def evidence_facts(evidence: EvidenceFile) -> dict[str, object]:
    """What the journal says of a file, so that a changed row shows."""
    return {
        "evidence": evidence.pk,
        "sha256": evidence.sha256,
        "size": evidence.size,
        "media_type": evidence.media_type,
        "name": evidence.name,
        "made_by": evidence.made_by,
        "made_at": evidence.made_at.astimezone(clock.BEIJING).isoformat(),
        "place": evidence.place,
    }


def _words(text: str, length: int) -> str:
    """Words about a file as they may stand for ever: no personal number, no unwritable character, not too long."""
    return privacy.redacted(text.translate(UNWRITABLE).strip())[:length]


def note_access(actor: Actor, chain: str, what: str, purpose: str = "") -> bool:
    """Note that ``actor`` read ``what`` of the matter ``chain``; whether a note was written.

    Call it when the reading is done, outside the matter's transaction (a page does so with ``access.note_reading``), so
    that the note stays whatever becomes of that transaction. The same person opening the same thing again within
    ``REPEATED`` is one reading.
    """
    given: dict[str, Any] = {
        "officer": actor.officer_id,
        "name": actor.name[:100],
        "post": actor.post[:100],
        "organ": actor.organ[:100],
        "chain": chain,
        "what": _words(what, 200),
        "purpose": _words(purpose, 200),
        "repeated": REPEATED,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_access (officer_id, name, post, organ, chain, what, purpose) "
            "SELECT %(officer)s::bigint, %(name)s, %(post)s, %(organ)s, %(chain)s, %(what)s, %(purpose)s "
            "WHERE NOT EXISTS (SELECT FROM record_access WHERE chain = %(chain)s AND at > now() - %(repeated)s "
            "AND officer_id IS NOT DISTINCT FROM %(officer)s::bigint AND name = %(name)s AND what = %(what)s "
            "AND purpose = %(purpose)s)",
            given,
        )
        return bool(cursor.rowcount)
