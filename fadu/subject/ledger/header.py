"""Finds the header of a sheet, in whichever row and over however many rows it stands [pure]."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from fadu.subject.ledger.columns import Field, Reads, field_of, squeezed
from fadu.subject.ledger.reading import written
from fadu.subject.ledger.sheet import Kind, Merge, Sheet, column_letters

SEARCHED = 40  # rows from the first with content among which a header is looked for
DEPTH = 3
CODE_LIKE = re.compile(r"[0-9A-Za-z０-９]{9,}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet that is read: where it stands, its field, its title as the sheet has it."""

    number: int
    field: Field
    header: str

    @property
    def letters(self) -> str:
        """C"""
        return column_letters(self.number)


@dataclass(frozen=True, slots=True)
class Header:
    """The header: first and last row, the columns that are read, the titles that are not."""

    first: int
    last: int
    by_key: dict[str, Column]
    titles: dict[int, str]
    words: frozenset[str]

    @property
    def columns(self) -> Collection[Column]:
        """The columns that are read, from left to right."""
        return self.by_key.values()

    @property
    def width(self) -> int:
        """How many columns have a title."""
        return len(self.titles)

    @property
    def ignored(self) -> list[str]:
        """The titles of the columns that are not read."""
        read = {column.number for column in self.columns}
        return [title for number, title in self.titles.items() if number not in read]

    def column(self, key: str) -> Column | None:
        """The column of a field; None when the sheet has none."""
        return self.by_key.get(key)


def find_header(sheet: Sheet) -> Header | None:
    """The header with the most known titles, of name or code at least one; None when the sheet has none."""
    best: Header | None = None
    best_score = (0, 0)
    numbers = sorted(sheet.rows)[:SEARCHED]
    spread = _spread(sheet.merges, set(range(numbers[0], numbers[-1] + DEPTH + 1))) if numbers else {}
    for first in numbers:
        for depth in range(1, DEPTH + 1):
            rows = list(range(first, first + depth))
            if depth > 1 and (rows[-1] not in sheet.rows or _is_data(sheet, rows[-1])):
                break
            header = _header(sheet, rows, spread)
            # of two as good the one with fewer rows: a title above the header is no part of it
            score = (sum(column.field.weight for column in header.columns), -depth)
            if score > best_score and _is_header(header):
                best, best_score = header, score
    return best


def _is_header(header: Header) -> bool:
    """Name or code, and two more known titles: three words of a notes sheet in a row are none."""
    known = [column for column in header.columns if column.field.reads is not Reads.SERIAL]
    return len(known) >= 3 and any(column.field.key in ("name", "uscc") for column in known)


def _is_data(sheet: Sheet, row: int) -> bool:
    """Whether a row below a header's first holds values and no further titles."""
    cells = sheet.rows[row].values()
    return any(
        cell.kind in (Kind.DATE, Kind.MONTH, Kind.BOOLEAN, Kind.NUMBER) or CODE_LIKE.search(str(cell.value))
        for cell in cells
    )


def _spread(merges: list[Merge], rows: set[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) → the cell that holds its value, for the merged cells of some rows."""
    return {
        (row, column): (merge.top, merge.left)
        for merge in merges
        if merge.top in rows
        for row in range(merge.top, min(merge.bottom, max(rows)) + 1)
        for column in range(merge.left, min(merge.right, merge.left + 100) + 1)
    }


def _titles(sheet: Sheet, rows: list[int], spread: dict[tuple[int, int], tuple[int, int]]) -> dict[int, list[str]]:
    """Column → its titles from top to bottom. A group that is not merged reaches over the empty cells to its right
    that have a title below them.
    """
    width = max(max(sheet.rows.get(row, {0: None})) for row in rows)
    found: dict[int, list[str]] = {column: [] for column in range(1, width + 1)}
    for row in rows:
        group = ""
        for column in range(1, width + 1):
            anchor = spread.get((row, column), (row, column))
            inside = anchor[0] >= rows[0]
            cell = sheet.rows.get(anchor[0], {}).get(anchor[1]) if inside else None
            text = written(cell)
            below = row + 1 in rows and column in sheet.rows.get(row + 1, {})
            if text:
                group = text
            elif group and below and anchor == (row, column):
                text = group
            else:
                group = ""
            if text and text not in found[column]:
                found[column].append(text)
    return {column: titles for column, titles in found.items() if titles}


def _header(sheet: Sheet, rows: list[int], spread: dict[tuple[int, int], tuple[int, int]]) -> Header:
    """The header that some rows make, good or bad."""
    parts_of = _titles(sheet, rows, spread)
    columns: dict[str, Column] = {}
    titles: dict[int, str] = {}
    for number, parts in parts_of.items():
        shown = "".join(parts[-1].split())
        found = field_of(parts[-1], "".join(parts[:-1]))
        if found is None and len(parts) > 1:
            found = field_of("".join(parts))
        if found is not None and found.key not in columns:
            columns[found.key] = Column(number, found, shown)
        # 姓名 under 联系人 means nothing without it, so a list of rejected rows is given the field's own name
        titles[number] = shown if len(parts) == 1 or found is None else found.title
    words = frozenset(squeezed(part) for parts in parts_of.values() for part in parts)
    return Header(rows[0], rows[-1], columns, titles, words)
