"""The columns of a ledger: declared once, they serve the page and the export."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """How the values of a column are shown and exported."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    TAG = "tag"
    PERIOD = "period"
    ARTICLES = "articles"

    @property
    def numeric(self) -> bool:
        """Whether the column stands to the right."""
        return self in (Kind.NUMBER, Kind.MONEY)


Value = str | Callable[[Any], Any]


def value_of(row: Any, source: Value) -> Any:
    """The value a column takes from a row: a callable is asked, a dotted name is followed, None ends the way."""
    if callable(source):
        return source(row)
    value = row
    for part in source.split("."):
        if value is None:
            return None
        value = value.get(part) if isinstance(value, dict) else getattr(value, part)
        if callable(value) and not isinstance(value, type):
            value = value()
    return value


@dataclass(frozen=True)
class Column:
    """One column of a ledger.

    value: dotted name or function of the row; sort: the field (or fields) it sorts by, none = not sortable; link: the
    address its cell leads to; small: a second, lighter line (in the export a column of its own, headed ``small_title``);
    tone: for TAG, the tone of the tag (ok due late info line); phone: also shown on a phone; export: ``False`` keeps it
    out of the xlsx; screen: ``False`` keeps it out of the page; width: of the xlsx column, in characters.
    """

    title: str
    value: Value
    kind: Kind = Kind.TEXT
    sort: str | tuple[str, ...] = ()
    link: Callable[[Any], str | None] | None = None
    small: Value | None = None
    small_title: str = ""
    tone: Callable[[Any], str] | None = None
    phone: bool = True
    screen: bool = True
    export: bool = True
    width: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields it sorts by."""
        return (self.sort,) if isinstance(self.sort, str) else self.sort


@dataclass(frozen=True)
class Cell:
    """A value ready for the table part."""

    column: Column
    value: Any
    small: Any = None
    url: str | None = None
    tone: str = "line"

    @property
    def kind(self) -> str:
        """The kind's name, for the template."""
        return self.column.kind.value

    @property
    def whole(self) -> bool:
        """Whether the cell is never broken over lines: dates, periods, states, and the number of a paper."""
        if self.column.kind is Kind.TEXT:
            number = isinstance(self.value, str) and ("〔" in self.value or "年第" in self.value)
            return number and len(self.value) <= 24
        return self.column.kind is not Kind.ARTICLES
