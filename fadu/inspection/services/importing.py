"""A bureau's own checklist from xlsx: read, kept for a look, confirmed as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.db import transaction

from fadu.inspection import queries
from fadu.inspection.checklists import Difference, Version, differences
from fadu.inspection.gate import Fault, faults
from fadu.inspection.models import Checklist, PendingChecklist
from fadu.inspection.services import workbook
from fadu.inspection.services.content import version_of
from fadu.inspection.services.publishing import draft_version
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.org.models import Officer, Organ


@dataclass(frozen=True)
class Preview:
    """What confirming would draft, what would bar its publication, and what it changes of the version in force."""

    version: Version
    faults: list[Fault]
    held: Checklist | None
    differences: list[Difference]


def read_file(file: IO[bytes], name: str, *, organ: Organ, by: Officer) -> PendingChecklist:
    """Read a workbook and keep what it was read as, with every error at its cell; Invalid when it is no such workbook."""
    read = workbook.read(file)
    if not read.errors:
        try:
            workbook.version_in(read.values, name)
        except Invalid as invalid:
            read.errors += [{"cell": "", "sentence": sentence} for sentence in invalid.field_errors.values()]
    return PendingChecklist.objects.create(
        organ=organ, by=by, at=clock.now(), name=name[:200], content=read.values, errors=read.errors
    )


def preview(row: PendingChecklist) -> Preview:
    """What confirming would draft."""
    version = workbook.version_in(row.content, row.name)
    held = queries.checklists_on(clock.today(), organ=row.organ).filter(code=version.code).first()
    changes = differences(version_of(held).items, version.items) if held else []
    return Preview(version, faults(version.items, version.from_date, version.until), held, changes)


@transaction.atomic
def confirm(row: PendingChecklist, *, by: Officer) -> Checklist:
    """Make a draft of what was read. OutOfOrder while a cell has an error, NotCompetent for others than drafters."""
    if row.errors:
        raise OutOfOrder("文件还有错误，请改正后重新上传。")
    made = draft_version(row.organ, workbook.version_in(row.content, row.name), by=by, based_on=row.name)
    row.delete()
    return made
