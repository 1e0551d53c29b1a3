"""Writes a ledger as xlsx: real dates and numbers, frozen head, rows to disk as they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from fadu.kernel import clock
from fadu.ui import wording
from fadu.ui.columns import Column, Kind, Value, value_of

WIDTHS = {Kind.TEXT: 24, Kind.TAG: 12, Kind.NUMBER: 10, Kind.MONEY: 14, Kind.DATE: 15, Kind.MOMENT: 22, Kind.PERIOD: 18}


@dataclass(frozen=True)
class _Sheet:
    """A column of the xlsx."""

    title: str
    value: Value
    kind: Kind
    width: int


def _sheet_columns(columns: Iterable[Column]) -> list[_Sheet]:
    """Columns as they are exported: a second line becomes a column of its own."""
    sheets = []
    for column in columns:
        if not column.export:
            continue
        sheets.append(_Sheet(column.title, column.value, column.kind, column.width or WIDTHS.get(column.kind, 28)))
        if column.small:
            sheets.append(_Sheet(column.small_title or f"{column.title}（续）", column.small, Kind.TEXT, 24))
    return sheets


def _plain(kind: Kind, value: Any) -> Any:
    """A value as the sheet holds it: text, number, naive Beijing date or moment."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).replace(tzinfo=None)
    if isinstance(value, date | int | float | Decimal) and not isinstance(value, bool):
        return value
    if kind is Kind.ARTICLES:
        return wording.cite([value] if isinstance(value, str) else value)
    if kind is Kind.PERIOD and hasattr(value, "prefix"):
        return f"{value.prefix}{value.number}{value.unit}"
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    return str(value)


def write(
    file: Any,
    *,
    title: str,
    unit: str,
    columns: Iterable[Column],
    rows: Iterable[Any],
    facts: Iterable[tuple[str, str]],
) -> None:
    """Write the workbook: the rows, and a sheet of ``facts`` about them; rows go to disk as they come, so memory does not grow with them."""
    sheets = _sheet_columns(columns)
    # Text is written as text: a name that begins with “=” must never become a formula on the reader's machine.
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#ECE7DE", "bottom": 1, "valign": "vcenter", "text_wrap": True})
    text = book.add_format({"valign": "top", "text_wrap": True})
    number = book.add_format({"valign": "top", "num_format": "#,##0"})
    money = book.add_format({"valign": "top", "num_format": "#,##0.00"})
    day = book.add_format({"valign": "top", "num_format": 'yyyy"年"m"月"d"日"', "align": "left"})
    moment = book.add_format({"valign": "top", "num_format": 'yyyy"年"m"月"d"日" hh:mm', "align": "left"})
    sheet = book.add_worksheet(title[:31] or "台账")
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(sheets):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, head)
    line = 0
    for line, row in enumerate(rows, start=1):
        for index, column in enumerate(sheets):
            value = _plain(column.kind, value_of(row, column.value))
            if isinstance(value, datetime):
                sheet.write_datetime(line, index, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, index, datetime.combine(value, time.min), day)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(line, index, value[:32767], text)
            else:
                sheet.write_number(line, index, value, money if column.kind is Kind.MONEY else number)
    if sheets:
        sheet.autofilter(0, 0, max(line, 1), len(sheets) - 1)
    about = book.add_worksheet("说明")
    about.set_column(0, 0, 14)
    about.set_column(1, 1, 70)
    told = [("名称", title), ("导出时间", wording.with_time(clock.now())), ("行数", f"{line:,}{unit}"), *facts]
    for index, (label, words) in enumerate(told):
        about.write_string(index, 0, label, head)
        about.write_string(index, 1, words, text)
    book.close()
