"""Workbooks as bureaus keep them, written by openpyxl for the tests of the import."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from fadu.subject import uscc
from fadu.subject.ledger.book import Book, read_book
from fadu.subject.ledger.counties import Places
from fadu.subject.services.planning import places_of_content

TODAY = date(2026, 11, 24)
HEADER = (
    "序号", "企业名称", "统一社会信用代码", "所属县区", "风险等级", "联系电话", "从业人数", "成立日期", "许可证有效期至", "经度", "纬度",
)  # fmt: skip
PLACES: Places = places_of_content()


def code(number: int, area: str = "140403") -> str:
    """A right code whose organisation code is right too, of an enterprise that does not exist."""
    organisation = f"MA{number:06}"
    body = f"91{area}{organisation}{uscc.organisation_check(organisation)}"
    return body + uscc.check_character(body)


def good(number: int = 1, **other: Any) -> list[Any]:
    """A row that needs nothing; ``other``: by column title, what stands there instead."""
    row = dict(
        zip(
            HEADER,
            (number, f"示例{number}有限公司", code(number), "潞州区", "重大风险", "0355-2012345", 60, date(2021, 3, 5), date(2027, 3, 4), 113.1, 36.2),
            strict=True,
        )
    )  # fmt: skip
    assert set(other) <= set(row), other
    return list((row | other).values())


def save(path: Path, rows: Iterable[Iterable[Any]], *, merges: Iterable[str] = (), title: str = "台账") -> Path:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def judged(path: Path) -> Book:
    """The workbook as the importer judges it."""
    return read_book(path, PLACES, TODAY)


def of_row(tmp_path: Path, **other: Any) -> dict[str, Any]:
    """The judgement of the one row of a ledger, as JSON."""
    book = judged(save(tmp_path / "one.xlsx", [HEADER, good(**other)]))
    assert len(book.rows) == 1
    return book.rows[0].as_json()
