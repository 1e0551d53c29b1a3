"""Sheets whose first row names their columns: written as text, read line by line, every error noted at its cell."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from fadu.kernel.errors import Invalid
from fadu.law.content.reading import CONFIDENCES
from fadu.subject.ledger.package import Package, Unreadable
from fadu.subject.ledger.sheet import Cell, Sheet, column_letters, read_sheet
from fadu.ui.forms import read_date

NARROW, WIDE = 16, 34


@dataclass(frozen=True)
class Written:
    """One sheet to be written: its name, the titles of its columns, its rows, and which columns hold long text."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Iterable[str]]
    wide: frozenset[str] = frozenset()


def write(sheets: Iterable[Written]) -> bytes:
    """The workbook; every cell is text, so that no program rounds a figure or takes a name for a formula."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#ECE7DE", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for sheet in sheets:
        made = book.add_worksheet(sheet.name)
        made.freeze_panes(1, 1)
        for place, title in enumerate(sheet.columns):
            made.set_column(place, place, WIDE if title in sheet.wide else NARROW)
            made.write_string(0, place, title, head)
        for line, row in enumerate(sheet.rows, start=1):
            for place, value in enumerate(row):
                if value:
                    made.write_string(line, place, value, text)
    book.close()
    return stream.getvalue()


def row_of(columns: Iterable[str], cells: Mapping[str, Any]) -> list[str]:
    """The cells in the order of the columns; what is not there stays empty."""
    return [str(cells.get(column, "")) for column in columns]


@dataclass
class Workbook:
    """What was read: the mapping it holds, and every error with its cell."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)

    def wrong(self, sheet: str, line: int, column: int, sentence: str) -> None:
        """Note an error at a cell."""
        place = f"{sheet}!{column_letters(column)}{line}" if column else f"{sheet}!第{line}行" if line else sheet
        self.errors.append({"cell": place, "sentence": sentence})


@dataclass(frozen=True)
class Line:
    """One row of a sheet, its cells by the title of their column."""

    book: Workbook
    sheet: str
    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def get(self, title: str) -> str:
        """The text of a cell, empty when there is none."""
        return self.cells.get(title, "")

    def wrong(self, title: str, sentence: str) -> None:
        """Note an error at one of its cells."""
        self.book.wrong(self.sheet, self.number, self.columns.get(title, 0), sentence)

    def parts(self, title: str, sign: str) -> list[str]:
        """A cell that holds a list."""
        text = self.get(title).replace(";", "；") if sign == "；" else self.get(title)
        return [part.strip() for part in text.split(sign) if part.strip()]

    def day(self, title: str) -> str | None:
        """A day, or nothing; an error is noted."""
        if not self.get(title):
            return None
        found = read_date(self.get(title))
        if found is None:
            self.wrong(title, f"“{self.get(title)}”不是日期，写法如2025-01-01")
        return found.isoformat() if found else None

    def confidence(self, title: str, default: str = "model") -> str:
        """A grade of confidence."""
        value = self.get(title) or default
        if value and value not in CONFIDENCES:
            self.wrong(title, f"“{value}”不在可用值之中（{'、'.join(CONFIDENCES)}）")
            return default
        return value


def read(file: IO[bytes]) -> dict[str, Sheet]:
    """The sheets that are not hidden, by name; Invalid at ``file`` when it is no workbook."""
    try:
        package = Package(file)
    except Unreadable as error:
        raise Invalid({"file": str(error)}) from None
    try:
        return {entry.name: read_sheet(package, entry.part, entry.name) for entry in package.sheets if not entry.hidden}
    except Unreadable as error:
        raise Invalid({"file": str(error)}) from None
    finally:
        package.close()


def lines(book: Workbook, sheet: Sheet | None, name: str, wanted: Iterable[str]) -> list[Line]:
    """The rows with content below the first one; a column that is wanted and missing is noted as an error."""
    if sheet is None or not sheet.rows:
        return []
    top = min(sheet.rows)
    columns = {_text(cell): place for place, cell in sheet.rows[top].items()}
    if missing := [title for title in wanted if title not in columns]:
        book.wrong(name, top, 0, f"缺少列“{'”“'.join(missing)}”")
    titles = {place: title for title, place in columns.items()}
    return [
        Line(book, name, number, {titles[p]: _text(c) for p, c in cells.items() if p in titles}, columns)
        for number, cells in sorted(sheet.rows.items())
        if number > top and any(_text(c) for c in cells.values())
    ]


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value).strip()
