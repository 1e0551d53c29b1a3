"""Case files and their serials: one counter per organ, year and series, without gaps and never used twice."""

from __future__ import annotations

from django.db import connection, transaction

from fadu.document.kinds import Series
from fadu.document.models import CaseFile
from fadu.org.models import Organ

NEXT = """
INSERT INTO document_counter (organ_id, year, series, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (organ_id, year, series) DO UPDATE SET last = document_counter.last + 1
RETURNING last
"""


def open_case_file(organ: Organ, year: int, series: Series | str, chain: str, title: str) -> CaseFile:
    """A case file for a new matter, without a serial yet; ``chain`` is its chain in the record, unique."""
    key = Series.of(series).key
    return CaseFile.objects.create(organ=organ, year=year, series=key, chain=chain, title=title[:300])


@transaction.atomic
def draw_serial(case_file: CaseFile, year: int | None = None) -> int:
    """Draw the serial when filing (or the visit) is approved; a second call gives the same number back.

    ``year``: the year of the approval where it is not that of the opening. The counter's row stays locked until the
    caller's transaction ends, so a refused approval gives its number back and no number is ever left out.
    """
    locked = CaseFile.objects.select_for_update().get(pk=case_file.pk)
    if locked.serial is None:
        locked.year = year or locked.year
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [locked.organ_id, locked.year, locked.series])
            (locked.serial,) = cursor.fetchone()
        locked.save(update_fields=["year", "serial"])
    case_file.year, case_file.serial = locked.year, locked.serial
    return locked.serial


def number_of(case_file: CaseFile, word: str, ordinal: int) -> str:
    """（示）应急罚〔2026〕17号; the second paper with the same word in the same matter is 17-2号."""
    further = f"-{ordinal}" if ordinal > 1 else ""
    return f"（{case_file.organ.prefix}）{word}〔{case_file.year}〕{case_file.serial}{further}号"
