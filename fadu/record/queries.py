"""Reading the record: the timeline of a matter, its evidence, and whether its chain is whole."""

from collections.abc import Iterator

from django.db.models import QuerySet

from fadu.record import verify
from fadu.record.models import Access, Entry, EvidenceFile, Seal
from fadu.record.references import Reference


def timeline(chain: str) -> QuerySet[Entry]:
    """The entries of ``chain`` in their order."""
    return Entry.objects.filter(chain=chain).order_by("seq")


def latest(chain: str, count: int) -> list[Entry]:
    """The last ``count`` entries of ``chain`` in their order, by a statement that needs no composing: every page of a matter shows them."""
    rows = Entry.objects.raw("SELECT * FROM record_entry WHERE chain = %s ORDER BY seq DESC LIMIT %s", [chain, count])
    return list(rows)[::-1]


def evidence_of(chain: str) -> QuerySet[EvidenceFile]:
    """The evidence files of ``chain`` in the order they were kept."""
    return EvidenceFile.objects.filter(chain=chain).order_by("pk")


def readings(chain: str) -> QuerySet[Access]:
    """Who read the matter ``chain``, the latest first."""
    return Access.objects.filter(chain=chain).order_by("-pk")


def seals() -> QuerySet[Seal]:
    """The seals of the days, the first first."""
    return Seal.objects.order_by("day")


def verify_chain(chain: str) -> verify.Report:
    """Check one chain (one statement): ``report.ok``, ``report.entries``, ``report.faults``."""
    return verify.check(chain=chain)


def evidence_references() -> Iterator[Reference]:
    """Every evidence row as a need of the vault."""
    rows = EvidenceFile.objects.order_by("pk").values_list("sha256", "size", "chain", "pk", "name")
    for sha256, size, chain, key, name in rows.iterator(chunk_size=2000):
        yield Reference(sha256, size, chain, f"证据 {key} {name}")
