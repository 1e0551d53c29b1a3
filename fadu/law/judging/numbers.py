"""The numbers of law that the check needs, as they stand on a day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from fadu.law.content import numbers as content
from fadu.law.content.numbers import Number


@dataclass(frozen=True)
class Numbers:
    """Dated numbers by name; the newest that was in force on the day counts, the oldest for days before it."""

    rows: dict[str, tuple[Number, ...]]

    def get(self, name: str, on: date | None) -> Decimal:
        """The number of that name on a day (None: the newest); KeyError when there is none of that name."""
        rows = self.rows[name]
        if on is None:
            return rows[-1].value
        return next((row.value for row in reversed(rows) if row.since <= on), rows[0].value)


def numbers_of(rows: Iterable[Number]) -> Numbers:
    """The numbers, by name and in the order of their days; what one organ set for itself is left out."""
    found: dict[str, list[Number]] = {}
    for row in sorted((row for row in rows if row.organ_id is None), key=lambda row: row.since):
        found.setdefault(row.name, []).append(row)
    return Numbers({name: tuple(of_name) for name, of_name in found.items()})


@cache
def shipped() -> Numbers:
    """The numbers of the content files that come with the software; read once."""
    return numbers_of(sourced.number for sourced in content.numbers())
