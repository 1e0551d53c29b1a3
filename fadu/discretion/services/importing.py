"""A bureau's own table from xlsx: read, kept for a look, confirmed as a draft; and any version back as it was."""

from __future__ import annotations

from datetime import date
from typing import IO, Any

from django.db import transaction

from fadu.discretion import queries
from fadu.discretion.benchmarks.faults import Fault
from fadu.discretion.benchmarks.reading import plain_json
from fadu.discretion.models import Benchmark, BenchmarkSet, PendingFile
from fadu.discretion.services import workbook
from fadu.discretion.services.publishing import draft, read_content
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.org.models import Officer, Organ


def read_file(file: IO[bytes], name: str, *, organ: Organ, by: Officer) -> PendingFile:
    """Read a workbook and keep what it was read as, with every error at its cell; Invalid when it is no such workbook."""
    read = workbook.read(file)
    if not read.errors:
        try:
            read_content(dated(read.values), name)
        except Invalid as invalid:
            read.errors += [{"cell": "", "sentence": sentence} for sentence in invalid.field_errors.values()]
    return PendingFile.objects.create(
        organ=organ, by=by, at=clock.now(), name=name[:200], content=plain_json(read.values), errors=read.errors
    )


def dated(values: dict[str, Any]) -> dict[str, Any]:
    """The mapping with its days as days, as a file of YAML has them."""
    found = dict(values)
    for key in ("from", "until"):
        if isinstance(found.get(key), str):
            found[key] = date.fromisoformat(found[key])
    return found


def preview(row: PendingFile) -> dict[str, Any]:
    """What confirming would draft: its head, its tables, and what would bar publication."""
    content = read_content(dated(row.content), row.name)
    held = BenchmarkSet(title=content.title, since=content.since, until=content.until)
    tables = [
        Benchmark(set=held, code=one.code, violation=one.violation, basis=str(one.basis or ""), body=plain_json(body),
                  confidence=one.confidence, since=one.since, until=one.until)
        for one, body in zip(content.benchmarks, content.tables, strict=True)
    ]  # fmt: skip
    found: list[Fault] = queries.faults_in(tables)
    return {
        "content": content,
        "tables": tables,
        "faults": [f for f in found if f.blocks],
        "remarks": [f for f in found if not f.blocks],
    }


@transaction.atomic
def confirm(row: PendingFile, *, by: Officer) -> BenchmarkSet:
    """Make a draft of what was read. Raises OutOfOrder while a cell has an error, NotCompetent for others than drafters."""
    if row.errors:
        raise OutOfOrder("文件还有错误，请改正后重新上传。")
    made = draft(dated(row.content), organ=row.organ, by=by, name=row.name)
    row.delete()
    return made


def values_of(row: BenchmarkSet) -> dict[str, Any]:
    """A version as the mapping a file or an xlsx holds."""
    return {
        "title": row.title, "issuer": row.issuer, "number": row.number, "from": row.since, "until": row.until, "source": row.source,
        "confidence": row.confidence, "note": row.note, "bands": row.bands, "facts": row.facts, "leniencies": row.leniencies,
        "benchmarks": [one.body for one in row.benchmarks.all()],
    }  # fmt: skip
