"""Entering a subject and changing it: checked, dated, with reason, and written to its chain of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org.models import Officer, Organ
from fadu.org.queries import actor, roles_of
from fadu.org.roles import Role
from fadu.record.privacy import Sensitive
from fadu.record.services import write
from fadu.subject.models import Contact, Subject, SubjectChange
from fadu.subject.queries import KEEPERS

UNTOUCHED = frozenset({"id", "version", "search_text", "grams", "registered_on"})
FIELDS = {field.name: field for field in Subject._meta.concrete_fields if field.name not in UNTOUCHED}


@dataclass(frozen=True)
class ContactEntry:
    """A contact as entered: `role` is a value of `Contact.Role`."""

    role: str
    phone: str
    name: str = ""


def _competent(by: Officer | None, organ: Organ) -> None:
    """Refuse an officer without a keeper's post in the organ; without an officer the program itself acts (import)."""
    if by is not None and not roles_of(by, clock.today(), organ) & KEEPERS:
        titles = "、".join(role.title for role in Role if role in KEEPERS)
        raise NotCompetent(f"{organ.name}的监管对象由本局的{titles}登记和变更，您在该局没有这样的岗位。")


def words_of(subject: Subject, names: Sequence[str]) -> dict[str, str]:
    """Fields as a reader sees them, under their Chinese names; the number of a paper only masked."""
    words = {}
    for name in names:
        field = FIELDS[name]
        if name == "id_number":
            value: Any = subject.masked_id_number
        elif field.choices:
            value = getattr(subject, f"get_{name}_display")()
        else:
            value = getattr(subject, name)
            if value == date.max:
                value = "长期"
        words[str(field.verbose_name)] = "" if value is None else str(value)
    return words


def _for_record(subject: Subject, words: Mapping[str, str]) -> dict[str, Any]:
    """The same for the record, which can never be erased: the number of a paper only as a keyed hash.

    Papers without a check digit would pass the record's own filter, so the masked form does not go in either.
    """
    title = str(FIELDS["id_number"].verbose_name)
    body: dict[str, Any] = dict(words)
    if body.get(title):
        body[title] = Sensitive(subject.id_number, f"subject/{subject.pk}")
    return body


def _checked(subject: Subject) -> None:
    """Run the row's own rules and the uniqueness of code and number; their sentences come back as field errors."""
    errors: dict[str, str] = {}
    try:
        subject.full_clean()
    except ValidationError as error:
        errors = {field: "；".join(messages) for field, messages in error.message_dict.items()}
    others = Subject.objects.exclude(pk=subject.pk).select_related("organ")
    if subject.uscc and "uscc" not in errors and (same := others.filter(uscc=subject.uscc).first()):
        errors["uscc"] = f"这个代码已经登记：{same.name}，由{same.organ.name}监管，不能重复登记。"
    known = others.filter(id_kind=subject.id_kind, id_number=subject.id_number) if subject.id_number else others.none()
    if "id_number" not in errors and (same := known.first()):
        errors["id_number"] = f"这个证件号已经由{same.organ.name}登记，不能重复登记。"
    if errors:
        raise Invalid(errors)


def _contacts(subject: Subject, entries: Sequence[ContactEntry]) -> list[Contact]:
    """Contacts as rows that obey their rules; errors are named `contacts`."""
    rows = [Contact(subject=subject, role=e.role, name=e.name.strip(), phone=e.phone.strip()) for e in entries]
    for place, row in enumerate(rows, start=1):
        try:
            row.clean_fields(exclude=["subject"])
        except ValidationError as error:
            words = "；".join(message for messages in error.message_dict.values() for message in messages)
            raise Invalid({"contacts": f"第{place}个联系人：{words}"}) from error
    return rows


def contact_words(rows: Sequence[Contact]) -> str:
    """Contacts in one line without their numbers; numbers are compared but never written down."""
    return "；".join(f"{row.get_role_display()}{row.name}" for row in rows) or "无"


@transaction.atomic
def register(
    data: Mapping[str, Any],
    *,
    by: Officer | None,
    contacts: Sequence[ContactEntry] = (),
    reason: str = "登记",
) -> Subject:
    """Enter a subject from field values (with `organ` and `division` as rows).

    Raises Invalid at the fields, NotCompetent when the officer keeps no subjects in that organ.
    """
    subject = Subject(**data)
    if subject.organ_id is None:
        raise Invalid({"organ": "请选择监管机关。"})
    _competent(by, subject.organ)
    _checked(subject)
    subject.save()
    rows = _contacts(subject, contacts)
    Contact.objects.bulk_create(rows)
    named = [name for name in FIELDS if getattr(subject, name) not in (None, "")]
    after = words_of(subject, named)
    if rows:
        after["联系人"] = contact_words(rows)
    _write(subject, None, "register", "登记监管对象", by, reason, {}, after)
    return subject


@transaction.atomic
def update(
    subject: Subject,
    changes: Mapping[str, Any],
    *,
    by: Officer | None,
    reason: str,
    contacts: Sequence[ContactEntry] | None = None,
    version: int | None = None,
) -> Subject:
    """Change a subject; `contacts` (when given) replace all contacts, `version` is the one the person had before them.

    Raises Invalid at the fields, NotCompetent, or OutOfOrder when somebody else changed the subject meanwhile.
    Without any difference nothing is written. Sex and birth follow the number of the paper.
    """
    subject = Subject.objects.select_for_update(of=("self",)).select_related("organ").get(pk=subject.pk)
    _competent(by, subject.organ)
    if version is not None and version != subject.version:
        last = subject.changes.first()
        raise OutOfOrder(f"您打开页面以后，{last.by_name if last else '别人'}已经修改了这个监管对象，请刷新后再改。")
    if not reason.strip():
        raise Invalid({"reason": "请写明变更的原因，例如“企业换发营业执照”。"})
    old = Subject.objects.select_related("organ", "division", "industry").get(pk=subject.pk)
    for name, value in changes.items():
        if name not in FIELDS:
            raise KeyError(name)
        setattr(subject, name, value)
    _checked(subject)
    if subject.organ_id != old.organ_id and by is not None and not roles_of(by, clock.today(), old.organ) & KEEPERS:
        raise NotCompetent("监管对象移交其他机关，由现在的监管机关办理。")
    changed = [name for name, f in FIELDS.items() if getattr(subject, f.attname) != getattr(old, f.attname)]
    before, after = words_of(old, changed), words_of(subject, changed)
    if contacts is not None:
        _replace_contacts(subject, contacts, before, after)
    if not after:
        return subject
    subject.version += 1
    subject.save()
    _write(subject, old, "update", "变更监管对象", by, reason.strip(), before, after)
    return subject


def _replace_contacts(
    subject: Subject, entries: Sequence[ContactEntry], before: dict[str, str], after: dict[str, str]
) -> None:
    """Put the new contacts in the place of the old when they differ, and say so in words without numbers."""
    old, new = list(subject.contacts.all()), _contacts(subject, entries)
    if [(c.role, c.name, c.phone) for c in old] == [(c.role, c.name, c.phone) for c in new]:
        return
    subject.contacts.all().delete()
    Contact.objects.bulk_create(new)
    same = contact_words(old) == contact_words(new)
    before["联系人"] = contact_words(old)
    after["联系人"] = contact_words(new) + ("（电话有变动）" if same else "")


def _write(
    subject: Subject,
    old: Subject | None,
    act: str,
    title: str,
    by: Officer | None,
    reason: str,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    """Keep the change twice: in the history of the subject and, without personal numbers, in the record."""
    today = clock.today()
    who = actor(by, today, subject.organ)
    SubjectChange.objects.create(
        subject=subject, on=today, at=clock.now(), by=by, by_name=who.name, reason=reason, before=before, after=after
    )
    write(
        f"subject/{subject.pk}",
        actor=who,
        act=f"subject.{act}",
        title=title,
        on=today,
        before=_for_record(old, before) if old is not None else None,
        after=_for_record(subject, after),
        note=reason,
        matter_title=subject.name,
    )
