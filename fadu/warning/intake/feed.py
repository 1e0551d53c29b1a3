"""Asking a feed: only what is new is fetched, every whole answer is a sign of life, and nothing is forgotten that could not be had."""

from __future__ import annotations

import time

import requests
import structlog
from django.db import transaction
from requests.exceptions import RequestException

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.warning.cap.reading import MAX_BYTES, Level
from fadu.warning.intake import atom, refusals, sources
from fadu.warning.models import Refusal, SeenEntry, Source, Warning
from fadu.warning.services import NotAWarning

log = structlog.get_logger("fadu.warning")
TIMEOUT = (5, 10)  # seconds to connect, and between two pieces of an answer
LONGEST = 30.0  # seconds a whole answer may take, so that a trickle holds up no other source
PIECE = 65_536


class CannotFetchError(Exception):
    """A request that came to nothing; the message says why, in Chinese."""


def poll(source: Source, session: requests.Session) -> int:
    """Ask once; how many messages were new. What went wrong stands in the row, and the entries it concerns are asked for again."""
    now = clock.now()
    headers = {"If-None-Match": source.etag, "If-Modified-Since": source.modified}
    try:
        answer, body = _get(session, source.address, {name: value for name, value in headers.items() if value})
        if answer.status_code == 304:
            refusals.count_standing(source)
            _heard(source, tried_at=now, heard_at=now, error="")
            return 0
        found = atom.parse(body, source.address)
    except (CannotFetchError, Refused) as error:
        said = "；".join(error.reasons) if isinstance(error, Refused) else str(error)
        _heard(source, tried_at=now, error=said[:300])
        return 0
    taken, missed = _entries(source, (*found.entries, *found.faulty), session)
    # an answer of which something is still missing is not "the one we have": the next question must bring it again, and a feed whose
    # warnings cannot be had for long is as silent as one that does not answer
    whole = {} if missed else {
        "heard_at": now, "etag": answer.headers.get("ETag", "")[:200],
        "modified": answer.headers.get("Last-Modified", "")[:60],
    }  # fmt: skip
    _heard(source, tried_at=now, renewed_at=found.updated or source.renewed_at, error=missed[:300], **whole)
    return taken


def _heard(source: Source, **known: object) -> None:
    """Write what was learnt."""
    for name, value in known.items():
        setattr(source, name, value)
    source.save(update_fields=list(known))


def _entries(source: Source, entries: tuple[atom.Entry, ...], session: requests.Session) -> tuple[int, str]:
    """Take in what was not seen; how many were new, and what of it could not be fetched. What is refused is filed."""
    # an entry that was refused before refusals were kept is fetched once more, and kept
    done = SeenEntry.objects.filter(source=source).exclude(warning=None, refusal=None)
    known = done.values_list("entry", "updated", "refusal_id")
    seen = {entry: (updated, refusal) for entry, updated, refusal in known}
    taken, missed, again = 0, "", set()
    for entry in entries:
        updated, refusal = seen.get(entry.id, (None, None))
        if updated == entry.updated:
            again.add(refusal)
            continue
        data = entry.inline or entry.href.encode()  # of a link that leads elsewhere there is nothing more to keep
        try:
            if entry.fault:
                raise NotAWarning(entry.fault, level=Level.SCHEMA)
            if entry.href:
                data = _message(session, source, entry)
            warning, new = sources.take(data)
        except CannotFetchError as error:
            missed = f"有预警没有取到：{error}"
            continue
        except Refused as refused:
            log.warning("warning refused", source=source.title, entry=entry.id, reasons=refused.reasons)
            with transaction.atomic():  # an entry is done with only when what was refused of it is kept
                row = refusals.file(source, data, refused, name=entry.id)
                _note(source, entry, refusal=row, reason="；".join(row.reasons)[:500])
            continue
        _note(source, entry, warning=warning)
        taken += new
    refusals.count_again(pk for pk in again if pk is not None)
    return taken, missed


def _note(
    source: Source,
    entry: atom.Entry,
    *,
    warning: Warning | None = None,
    refusal: Refusal | None = None,
    reason: str = "",
) -> None:
    """An entry is done with until it is renewed."""
    known = {"updated": entry.updated, "warning": warning, "refusal": refusal, "reason": reason, "at": clock.now()}
    SeenEntry.objects.update_or_create(source=source, entry=entry.id, defaults=known)


def _message(session: requests.Session, source: Source, entry: atom.Entry) -> bytes:
    """The bytes of one entry, as they are; raises CannotFetchError, and NotAWarning for a link that leads elsewhere."""
    if not atom.same_place(entry.href, source.address):
        raise NotAWarning(f"列表给出的网址不在发布单位的主机上：{entry.href[:200]}", level=Level.SECURITY)
    answer, body = _get(session, atom.with_login(entry.href, source.address), {})
    if answer.status_code != 200:
        raise CannotFetchError(f"{entry.href[:200]} 回应 {answer.status_code}")
    return body


def _get(session: requests.Session, address: str, headers: dict[str, str]) -> tuple[requests.Response, bytes]:
    """One GET, not led elsewhere, never more than the largest message; raises CannotFetchError."""
    try:
        with session.get(address, headers=headers, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code not in (200, 304):
                raise CannotFetchError(f"回应 {answer.status_code}")
            body, until = bytearray(), time.monotonic() + LONGEST
            for piece in answer.iter_content(PIECE):
                body += piece
                if len(body) > MAX_BYTES:
                    raise CannotFetchError(f"内容超过 {MAX_BYTES} 字节")
                if time.monotonic() > until:
                    raise CannotFetchError(f"内容 {LONGEST:.0f} 秒还没有传完")
            return answer, bytes(body)
    except RequestException as error:
        raise CannotFetchError(f"没有回应（{type(error).__name__}）") from error
