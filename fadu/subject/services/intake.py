"""Takes a judged ledger into the register, all of it in one transaction, with history and record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from django.db import connection, transaction

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.queries import actor
from fadu.org.roles import Role
from fadu.record.privacy import redacted
from fadu.record.services import write, write_many
from fadu.subject.ledger.rows import Outcome, Row
from fadu.subject.models import Contact, Subject, SubjectChange
from fadu.subject.queries import importing_organs
from fadu.subject.services.bulk import copy_in
from fadu.subject.services.keep import FIELDS, contact_words, words_of
from fadu.subject.services.planning import BATCH, Entry, Result, in_batches, plan

Progress = Callable[[int, int], None]
LOCK = 0x6C65646765720001  # one ledger at a time: two would race for the same codes


@transaction.atomic
def carry_out(
    rows: Sequence[Row], city: str, *, by: Officer | None, file_name: str, sha256: str, progress: Progress | None = None
) -> list[Entry]:
    """Write a judged ledger: all good rows or none. A ledger that changes nothing leaves no trace.

    Each enterprise's change goes into its own history and chain, and the import as a whole into the chain
    ``subject.ledger/…`` named by the file's hash. ``progress(done, all)``. Raises as ``plan`` does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    entries = plan(rows, city, by)
    created = [entry for entry in entries if entry.result is Result.CREATED]
    updated = [entry for entry in entries if entry.result is Result.UPDATED]
    if not created and not updated:
        return entries
    told = _Counter(progress, len(created) + len(updated))
    reason = f"台账导入：{file_name}"[:200]
    for some in in_batches(created, BATCH):
        copy_in([_ready(entry) for entry in some])
        _history(some, by, reason, "register", "登记监管对象")
        told.add(len(some))
    for some in in_batches(updated, BATCH):
        names = {name for entry in some for name in entry.changed} | {"version", "search_text", "grams"}
        subjects = [_ready(entry) for entry in some]
        Subject.objects.bulk_update(subjects, sorted(names), batch_size=500)
        Contact.objects.filter(
            subject__in=[e.old for e in some if e.contacts is not None and e.old is not None]
        ).delete()
        _history(some, by, reason, "update", "变更监管对象")
        told.add(len(some))
    _journal(entries, by, file_name, sha256)
    return entries


def _ready(entry: Entry) -> Subject:
    """The subject with its search pieces and version in step, as ``Subject.save`` would leave it."""
    subject = entry.subject
    assert subject is not None
    subject.refresh_search()
    if entry.old is not None:
        subject.version = entry.old.version + 1
    return subject


def _history(entries: Sequence[Entry], by: Officer | None, reason: str, act: str, title: str) -> None:
    """Contacts, history and record of subjects that were written."""
    today, moment = clock.today(), clock.now()
    who = {organ: actor(by, today, organ) for organ in {e.subject.organ for e in entries if e.subject is not None}}
    changes: list[SubjectChange] = []
    contacts: list[Contact] = []
    for entry in entries:
        subject = entry.subject
        assert subject is not None
        before, after = _before_and_after(entry)
        name = who[subject.organ].name
        changes.append(
            SubjectChange(
                subject=subject, on=today, at=moment, by=by, by_name=name, reason=reason, before=before, after=after
            )
        )
        for contact in entry.contacts or ():
            contact.subject_id = subject.pk  # it was made before its subject had a key
            contacts.append(contact)
    copy_in(contacts)
    copy_in(changes)
    write_many(
        (
            f"subject/{change.subject_id}",
            {
                "actor": who[change.subject.organ],
                "act": f"subject.{act}",
                "title": title,
                "on": today,
                "before": _impersonal(change.before) or None,
                "after": _impersonal(change.after),
                "note": redacted(reason),
                "matter_title": redacted(change.subject.name),
            },
        )
        for change in changes
    )


def _before_and_after(entry: Entry) -> tuple[dict[str, str], dict[str, str]]:
    """What changed, in words."""
    subject, old = entry.subject, entry.old
    assert subject is not None
    if old is None:
        after = words_of(subject, [name for name in FIELDS if getattr(subject, FIELDS[name].attname) not in (None, "")])
        if entry.contacts:
            after["联系人"] = contact_words(entry.contacts)
        return {}, after
    before, after = words_of(old, entry.changed), words_of(subject, entry.changed)
    if entry.contacts is not None:
        before["联系人"], after["联系人"] = contact_words(entry.old_contacts), contact_words(entry.contacts)
        if before["联系人"] == after["联系人"]:
            after["联系人"] += "（电话有变动）"
    return before, after


def _impersonal(words: dict[str, str]) -> dict[str, str]:
    """Words for the record: an address may hold a telephone number, and the record is never erased."""
    return {name: redacted(text) for name, text in words.items()}


def _journal(entries: Sequence[Entry], by: Officer | None, file_name: str, sha256: str) -> None:
    """The import as one act."""
    count = partial(_count, entries)
    today = clock.today()
    organs = importing_organs(by, today) if by is not None else []
    write(
        f"subject.ledger/{sha256[:16]}",
        actor=actor(by, today, organs[0] if organs else None, Role.CLERK),
        act="subject.import",
        title="导入企业台账",
        on=today,
        after={
            "文件": redacted(file_name),
            "sha256": sha256,
            "新登记": count(Result.CREATED),
            "变更": count(Result.UPDATED),
            "没有变化": count(Result.UNCHANGED),
            "不能采用": sum(entry.row.outcome is Outcome.REJECT for entry in entries),
        },
        matter_title="企业台账导入",
    )


def _count(entries: Sequence[Entry], result: Result) -> int:
    return sum(entry.result is result for entry in entries)


class _Counter:
    """Tells progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def add(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        if self.progress is not None:
            self.progress(self.done, self.total)
