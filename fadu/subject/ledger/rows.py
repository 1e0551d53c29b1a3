"""A row of a ledger as it was judged: what would be stored, what was changed on the way, what is wrong [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fadu.subject.ledger.columns import BY_KEY
from fadu.subject.ledger.dates import NO_END
from fadu.subject.ledger.header import Column
from fadu.subject.ledger.reading import Finding
from fadu.subject.ledger.risks import TITLES

Plain = str | int | float | bool | None


class Outcome(StrEnum):
    """What becomes of a row."""

    ACCEPT = "accept"
    FIX = "fix"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is told: the sheet's own title of the column, the field, the cell (C5; empty without a column)."""

    header: str
    field: str
    cell: str

    @classmethod
    def at(cls, column: Column | None, key: str, row: int) -> Place:
        """A cell of a row; without a column, the field's own name."""
        if column is None:
            return cls(BY_KEY[key].title if key in BY_KEY else key, key, "")
        return cls(column.header, key, f"{column.letters}{row}")

    def as_json(self) -> dict[str, Plain]:
        """``column`` is the title as it stands in the sheet: the clerk and other programs know no other name."""
        return {"column": self.header, "field": self.field, "cell": self.cell}


@dataclass(slots=True)
class Row:
    """One enterprise's row. ``values``: field key → value to store; a field that is not there is left as it is.

    ``cells``: column → what was written, merged values included, for handing the row back; the county that
    the title gave stands under 0.
    """

    sheet: str
    row: int
    values: dict[str, object] = field(default_factory=dict)
    cells: dict[int, Plain] = field(default_factory=dict)
    fixes: list[tuple[Place, Plain, Plain]] = field(default_factory=list)
    errors: list[tuple[Place, Finding]] = field(default_factory=list)
    warnings: list[tuple[Place, Finding]] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """Reject with any error, else fix with any fix, else accept; a warning changes nothing."""
        return Outcome.REJECT if self.errors else Outcome.FIX if self.fixes else Outcome.ACCEPT

    def tell(self, place: Place, finding: Finding) -> None:
        """Put a finding where it belongs."""
        (self.errors if finding.is_error else self.warnings).append((place, finding))

    def as_json(self) -> dict[str, object]:
        """The row as ``--json`` prints it."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "outcome": self.outcome.value,
            "fixes": [place.as_json() | {"from": old, "to": new} for place, old, new in self.fixes],
            "errors": [place.as_json() | finding._asdict() for place, finding in self.errors],
            "warnings": [place.as_json() | finding._asdict() for place, finding in self.warnings],
        }


def shown(key: str, value: object, counties: Mapping[str, str]) -> Plain:
    """A stored value as a fix names it: days in ISO form, the county's full name, the grade's title, no end as null."""
    if value == NO_END or value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    if key == "county":
        return counties.get(str(value), str(value))
    if key == "risk":
        return TITLES[str(value)]
    return value if isinstance(value, str | int | float) else str(value)
