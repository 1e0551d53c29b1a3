"""Hands the rejected rows of a ledger back as xlsx: the sheet's own columns, and a column that says why."""

from __future__ import annotations

import io

import xlsxwriter

from fadu.subject.ledger.columns import BY_KEY, field_of
from fadu.subject.models import LedgerImport, LedgerRow

REASON = "不能采用的原因"


def workbook(batch: LedgerImport) -> bytes:
    """The rejected rows, a sheet a sheet; codes and telephones as text, so that Excel leaves them alone.

    The importer does not read the column of reasons, so the mended file can be sent as it is.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    text = book.add_format({"num_format": "@", "valign": "top"})
    why = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#A61B1B"})
    sheets: dict[str, list[LedgerRow]] = {}
    for row in batch.rows.filter(outcome=LedgerRow.Outcome.REJECT).order_by("place"):
        sheets.setdefault(row.sheet, []).append(row)
    for name, rows in sheets.items() or [("没有", [])]:
        sheet = book.add_worksheet(name[:31] or None)
        sheet.freeze_panes(1, 1)
        titles = {int(number): title for number, title in batch.titles.get(name, {}).items()}
        if any("0" in row.cells for row in rows):
            titles[0] = BY_KEY["county"].title  # the sheet had no such column, its title or a heading named the county
        order = sorted(titles)
        sheet.write_string(0, 0, REASON, head)
        sheet.set_column(0, 0, 50)
        sheet.set_column(1, len(order) + 1, 18)
        for place, number in enumerate(order, start=1):
            sheet.write_string(0, place, titles[number], head)
        for line, row in enumerate(rows, start=1):
            sheet.write_string(line, 0, _reasons(row), why)
            for place, number in enumerate(order, start=1):
                value = row.cells.get(str(number))
                if isinstance(value, int | float) and not isinstance(value, bool) and _is_number(titles[number]):
                    sheet.write_number(line, place, value)
                elif value is not None:
                    sheet.write_string(line, place, str(value), text)
                else:
                    sheet.write_blank(line, place, None, text)
    book.close()
    return stream.getvalue()


def _is_number(title: str) -> bool:
    """Whether a column holds numbers; any other number was a code, a telephone or a serial."""
    field = field_of(title)
    return field is not None and field in (BY_KEY["workforce"], BY_KEY["longitude"], BY_KEY["latitude"])


def _reasons(row: LedgerRow) -> str:
    """第5行：统一社会信用代码：…"""
    told = "；".join(
        f"{error['column']}：{error['message']}" if error["column"] else error["message"]
        for error in row.told["errors"]
    )
    return f"原第{row.row}行：{told}"
