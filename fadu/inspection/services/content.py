"""Loads the checklists that ship with the program as published versions; what was published is never changed by it."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from fadu.inspection import hazards
from fadu.inspection.checklists import Version, read_version
from fadu.inspection.gate import faults
from fadu.inspection.models import Checklist, ChecklistItem
from fadu.kernel import clock
from fadu.kernel.hashing import canonical, sha256_text
from fadu.law.content.reading import ContentError, Node, read_all
from fadu.subject.models import Subject

FOLDER = Path(__file__).resolve().parents[1] / "data" / "checklists"
PUBLISHED = Checklist.State.PUBLISHED


def digest_of(version: Version) -> str:
    """A digest of a version, its end left out, to know it by once it is published."""
    head = {**version.head, "from_date": str(version.from_date), "until": ""}
    rows = [{**one.values, "from_date": str(one.from_date), "until": str(one.until or "")} for one in version.items]
    return sha256_text(canonical([head, rows]))


def version_of(row: Checklist) -> Version:
    """A row with its items as the pure parts take it."""
    head = {name: getattr(row, name) for name in Version.__dataclass_fields__ if name != "items"}
    return Version(**head, items=tuple(item.value for item in row.items.order_by("ordinal", "id")))


@transaction.atomic
def load_content(folder: Path = FOLDER) -> dict[str, int]:
    """Load every version of ``folder`` as published; idempotent. Answers how many versions and items the files hold.

    Every version goes through the same gate as a bureau's own. It is nobody's act, so nothing is journaled: its digest
    stands in the row, which the database freezes. ContentError, naming file and key, when something is malformed or
    would not pass the gate, or when a published version says something else by now: what changes is a further version.
    """
    hazards.standards()  # a malformed standard is told here
    versions = read_all(folder, lambda root: [_read(root)])
    keys = [(version.code, version.edition) for version in versions]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise ContentError(folder.name, "/".join(twice), "重复")
    for version in versions:
        _load(version)
    return {"checklists": len(versions), "items": sum(len(version.items) for version in versions)}


def _read(root: Node) -> Version:
    version = read_version(root, Subject.Sector.values)
    if found := faults(version.items, version.from_date, version.until):
        first = found[0]
        raise ContentError(root.file, f"items[{first.code}].{first.field}", first.text)
    return version


def _load(version: Version) -> None:
    digest = digest_of(version)
    row, _ = Checklist.objects.get_or_create(
        code=version.code, edition=version.edition, organ=None, defaults={**version.head, "shipped": True}
    )
    if row.state == PUBLISHED:
        if row.digest != digest:
            raise ContentError(
                f"{version.code}/{version.edition}", "items", "已公布的检查表不能修改：变动请另立一个版本"
            )
        if row.until is None and version.until is not None:
            Checklist.objects.filter(pk=row.pk).update(until=version.until)
        return
    write_items(row, version)
    Checklist.objects.filter(pk=row.pk).update(
        **version.head, state=PUBLISHED, published_on=clock.today(), digest=digest
    )


def write_items(row: Checklist, version: Version) -> None:
    """Make a version that is not published hold these items.

    An item of the time before versions that left its file is removed, or ends where a visit points at it.
    """
    present = {(item.code, item.from_date): item for item in row.items.all()}
    new = []
    for ordinal, item in enumerate(version.items, 1):
        known = present.pop((item.code, item.from_date), None)
        if known is None:
            new.append(ChecklistItem(checklist=row, ordinal=ordinal, **item.values))
        else:
            ChecklistItem.objects.filter(pk=known.pk).update(ordinal=ordinal, **item.values)
    ChecklistItem.objects.bulk_create(new)
    for left in present.values():
        if left.checks.exists() or left.findings.exists():
            ChecklistItem.objects.filter(pk=left.pk, until=None).update(until=clock.today())
        else:
            left.delete()
