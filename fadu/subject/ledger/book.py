"""Reads a whole workbook: which sheets are ledgers, and their rows judged [pure]."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from fadu.subject.ledger.cleaning import plain
from fadu.subject.ledger.counties import Places
from fadu.subject.ledger.header import Header, find_header
from fadu.subject.ledger.judge import Judge
from fadu.subject.ledger.package import Package, Unreadable
from fadu.subject.ledger.rows import Outcome, Row
from fadu.subject.ledger.sheet import ROW_LIMIT, Sheet, read_sheet

NOTES = re.compile(r"说明|须知|字典|下拉|数据源|填写示例|填报示例|样例|样表|参考|码表|代码表|枚举|选项")
STEP = 500  # rows between two words of progress
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Book:
    """A judged workbook. ``remarks``: what the person should know about the file as a whole."""

    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    columns: list[tuple[str, str, str, str]] = field(default_factory=list)  # sheet, letters, title, field
    titles: dict[str, dict[int, str]] = field(default_factory=dict)  # sheet → column → title

    def count(self, outcome: Outcome) -> int:
        """How many rows have an outcome."""
        return sum(row.outcome is outcome for row in self.rows)


def read_book(source: Path | IO[bytes], places: Places, today: date, progress: Progress | None = None) -> Book:
    """Read and judge a workbook. ``progress(done, all)`` is told rows; raises Unreadable when there is no ledger in it."""
    package = Package(source)
    try:
        book = Book()
        ledgers = _ledgers(package, book)
        if not ledgers:
            raise Unreadable(
                "没有找到表头：在哪一张工作表的前几十行里，都没有“企业名称”“统一社会信用代码”和别的列名在一行。请检查列名后再导入。"
            )
        total, done = sum(len(sheet.rows) for sheet, _ in ledgers), 0
        judge = Judge(places, today, package.date1904)
        for sheet, header in ledgers:
            for row in judge.rows(sheet, header):
                book.rows.append(row)
                done += 1
                if progress is not None and done % STEP == 0:
                    progress(done, total)
            _describe(book, sheet, header)
        if progress is not None:
            progress(total, total)
        return book
    finally:
        package.close()


def _ledgers(package: Package, book: Book) -> list[tuple[Sheet, Header]]:
    """The shown sheets with a header; those that are notes by name only when there is no other."""
    found: list[tuple[Sheet, Header]] = []
    second: list[tuple[Sheet, Header]] = []
    for entry in package.sheets:
        if entry.hidden:
            book.remarks.append(f"工作表“{entry.name}”是隐藏的，没有读取。")
            continue
        sheet = read_sheet(package, entry.part, entry.name)
        header = find_header(sheet)
        if header is None:
            if sheet.rows:
                book.remarks.append(f"工作表“{entry.name}”没有企业台账的表头，没有读取。")
        else:
            (second if NOTES.search(plain(entry.name)) else found).append((sheet, header))
    if found and second:
        book.remarks += [f"工作表“{sheet.name}”看名称是说明，没有读取。" for sheet, _ in second]
    return found or second


def _describe(book: Book, sheet: Sheet, header: Header) -> None:
    """Tell which columns were read as what, and what was left aside."""
    where = f"工作表“{sheet.name}”"
    book.titles[sheet.name] = dict(header.titles)
    book.columns += [(sheet.name, c.letters, c.header, c.field.title) for c in header.columns if c.field.weight]
    for key, title in (("name", "企业名称"), ("uscc", "统一社会信用代码")):
        if header.column(key) is None:
            book.remarks.append(f"{where}没有“{title}”这一列。")
    if ignored := [title for title in header.ignored if title]:
        book.remarks.append(f"{where}有{len(ignored)}列没有读取：{'、'.join(ignored[:20])}。")
    if sheet.stopped_at:
        reason = f"超过{ROW_LIMIT:,}行" if len(sheet.rows) >= ROW_LIMIT else "以后连续几千行都是空的"
        book.remarks.append(f"{where}读到第{sheet.stopped_at}行为止（{reason}）。")
