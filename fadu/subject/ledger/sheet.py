"""The cells of one sheet as typed values, with its merged ranges and hidden rows [pure]."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from fadu.subject.ledger.package import Package

COLUMN_LIMIT = 256  # a ledger has a few dozen; formatting may reach to XFD
GAP_LIMIT = 5_000  # empty rows after which nothing more is looked for: a formatted sheet has 1,048,576
ROW_LIMIT = 200_000  # rows with content
MERGE = re.compile(rb"<(?:[\w.]+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)[\"']")


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"  # a date whose format does not show the day
    BOOLEAN = "boolean"
    ERROR = "error"
    FORMULA = "formula"  # a formula without a stored value


class Cell(NamedTuple):
    """A cell with content. ``value``: text, number or moment by ``kind``; the name of an error; the formula itself."""

    kind: Kind
    value: str | float | datetime | bool


class Merge(NamedTuple):
    """A merged range, 1-based and inclusive; its value stands in the upper left cell."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A sheet: rows by number (1-based), each a mapping of column (1-based) → cell with content."""

    name: str
    rows: dict[int, dict[int, Cell]]
    hidden: frozenset[int]
    merges: list[Merge]
    stopped_at: int = 0  # the row after which nothing was read, because thousands of rows were empty or it was too long


@lru_cache(maxsize=4096)
def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=512)
def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def from_serial(serial: float, date1904: bool) -> datetime | None:
    """The moment of an Excel serial number, to the second; None outside the years 1900 to 9999.

    Excel counts a 29 February 1900 that never was, so numbers up to 60 mean one day more.
    """
    days = serial + 1462 if date1904 else serial
    if not 1 <= days < 2_958_466:
        return None
    epoch = datetime(1899, 12, 30) if days >= 61 else datetime(1899, 12, 31)  # noqa: DTZ001 - a cell has no zone
    return epoch + timedelta(seconds=round(days * 86400))


def read_sheet(package: Package, part: str, name: str) -> Sheet:
    """Read one sheet; raises Unreadable."""
    reader = _Reader(package)
    package.parse(part, reader.start, reader.end, reader.text)
    return Sheet(name, reader.rows, frozenset(reader.hidden), list(_merges(package, part)), reader.stopped_at)


def _merges(package: Package, part: str) -> Iterator[Merge]:
    """The merged ranges; they stand behind the cells, so they are found by a search that needs no parsing."""
    rest = b""
    for chunk in package.stream(part):
        data = rest + chunk
        end = 0
        for match in MERGE.finditer(data):
            end = match.end()
            left, top, right, bottom = (group.decode() for group in match.groups())
            yield Merge(int(top), column_number(left), int(bottom), column_number(right))
        rest = data[max(end, len(data) - 200) :]


class _Reader:
    """Takes the events of a sheet's XML and collects its cells."""

    def __init__(self, package: Package) -> None:
        self.texts, self.styles, self.date1904 = package.texts, package.styles, package.date1904
        self.rows: dict[int, dict[int, Cell]] = {}
        self.hidden: list[int] = []
        self.stopped_at = 0
        self.row = self.column = self.last = 0
        self.cells: dict[int, Cell] = {}
        self.type, self.style = "n", 0
        self.value: list[str] | None = None
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            reference = attributes.get("r", "").rstrip("0123456789")
            self.column = column_number(reference) if reference.isalpha() else self.column + 1
            self.type = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self.style = int(style) if style.isdigit() else 0
            self.value = self.formula = None
        elif name == "v":
            self.into = self.value = []
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdigit() else self.row + 1
            self.column, self.cells = 0, {}
            if self.row - self.last > GAP_LIMIT or len(self.rows) >= ROW_LIMIT:
                self.stopped_at = self.last
                raise StopIteration
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.append(self.row)
        elif name == "f":
            self.into = self.formula = []
        elif name == "t":
            if not self.phonetic:
                self.value = self.value if self.value is not None else []
                self.into = self.value
        elif name == "rPh":
            self.phonetic = True

    def text(self, data: str) -> None:
        """Text inside an element."""
        if self.into is not None:
            self.into.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c":
            if (self.value is not None or self.formula is not None) and 0 < self.column <= COLUMN_LIMIT:
                cell = self._cell()
                if cell is not None:
                    self.cells[self.column] = cell
        elif name in ("v", "f", "t"):
            self.into = None
        elif name == "rPh":
            self.phonetic = False
        elif name == "row" and self.cells:
            self.rows[self.row] = self.cells
            self.last = self.row
        elif name == "sheetData":
            raise StopIteration

    def _cell(self) -> Cell | None:
        """The value of the cell that ends here; None when it is empty."""
        raw = "".join(self.value) if self.value is not None else ""
        kind = self.type
        if kind == "s":
            index = int(raw) if raw.isdigit() else -1
            return _text(self.texts[index] if 0 <= index < len(self.texts) else "")
        if kind in ("str", "inlineStr"):
            return _text(raw)
        if not raw.strip():
            return Cell(Kind.FORMULA, "=" + "".join(self.formula)) if self.formula is not None else None
        if kind == "b":
            return Cell(Kind.BOOLEAN, raw.strip() in ("1", "true"))
        if kind == "e":
            return Cell(Kind.ERROR, raw.strip())
        if kind == "d":
            return self._iso(raw.strip())
        return self._number(raw.strip())

    def _number(self, raw: str) -> Cell:
        """A number, or a moment when the style shows a date."""
        try:
            number = float(raw)
        except ValueError:
            return Cell(Kind.TEXT, raw)
        if self.style in self.styles.dates and (moment := from_serial(number, self.date1904)) is not None:
            return Cell(Kind.MONTH if self.style in self.styles.months else Kind.DATE, moment)
        return Cell(Kind.NUMBER, number)

    def _iso(self, raw: str) -> Cell:
        """A date of a strict workbook, written out."""
        try:
            return Cell(Kind.DATE, datetime.fromisoformat(raw.removesuffix("Z")))
        except ValueError:
            return Cell(Kind.TEXT, raw)


def _text(text: str) -> Cell | None:
    """A text; None when there is nothing to read in it."""
    return Cell(Kind.TEXT, text) if text and not text.isspace() else None
