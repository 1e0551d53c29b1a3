"""A list that is sent as xlsx, one line a row: found by the titles of its columns, judged line by line, written when confirmed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.org.models import Officer
from fadu.subject.ledger.package import Package, Unreadable
from fadu.subject.ledger.sheet import Cell, Kind, column_letters, read_sheet
from fadu.subject.models import SentList
from fadu.ui.forms import half_width

OUTCOMES = ("new", "change", "same", "reject")
HEAD_WITHIN = 20  # rows from the top in which the titles are looked for
SHOWN = 500  # lines of a preview that one page shows
Sent = TypeVar("Sent", bound=SentList)


@dataclass(frozen=True)
class Table:
    """The lines below a head. ``titles``: key → title as it is told; ``columns``: key → where it stands (1-based)."""

    titles: Mapping[str, str]
    columns: Mapping[str, int] = field(default_factory=dict)
    head: Mapping[int, Cell] = field(default_factory=dict)
    lines: Sequence[tuple[int, Mapping[int, Cell]]] = ()


@dataclass
class Judged:
    """One line with what would become of it, and what is wrong at which of its cells."""

    table: Table
    row: int
    values: dict[str, str]
    title: str = ""
    outcome: str = "same"
    errors: list[dict[str, str]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def wrong(self, key: str, message: str) -> None:
        """Tell something at a cell; the line cannot be taken."""
        columns = self.table.columns
        cell = f"{column_letters(columns[key])}{self.row}" if key in columns else f"第{self.row}行"
        self.errors.append({"cell": cell, "column": self.table.titles[key], "message": message})
        self.outcome = "reject"

    def tell_unread(self, cells: Mapping[int, Cell], *, apart: Collection[str]) -> None:
        """Tell each cell that is not empty and says nothing: it must not pass for empty. ``apart``: columns for readers only."""
        for key, column in self.table.columns.items():
            if key not in apart and (why := unread(cells.get(column))):
                self.wrong(key, why)

    def plain(self) -> dict[str, Any]:
        """As it is kept until confirmed."""
        return {
            "row": self.row,
            "title": self.title,
            "values": self.values,
            "errors": self.errors,
            "outcome": self.outcome,
            "changes": self.changes,
        }


def find(file: IO[bytes], titles: Mapping[str, str], needed: Collection[str], lacking: str) -> Table:
    """The first sheet shown that has the needed columns, whatever stands above their titles and in whatever order they come.

    Raises Invalid at ``file``: the sentence ``lacking`` where no sheet has them, or why the file cannot be read.
    """
    try:
        package = Package(file)
        try:
            for entry in package.sheets:
                if entry.hidden:
                    continue
                sheet = read_sheet(package, entry.part, entry.name)
                for number in sorted(sheet.rows)[:HEAD_WITHIN]:
                    head = sheet.rows[number]
                    places = {text_of(cell).replace(" ", ""): column for column, cell in head.items()}
                    columns = {key: places[title] for key, title in titles.items() if title in places}
                    if set(needed) <= columns.keys():
                        lines = [(row, sheet.rows[row]) for row in sorted(sheet.rows) if row > number]
                        return Table(titles, columns, head, lines)
        finally:
            package.close()
    except Unreadable as error:
        raise Invalid({"file": str(error)}) from error
    raise Invalid({"file": lacking})


def text_of(cell: Cell | None) -> str:
    """What a cell says; a number without its decimals, so that a telephone number stored as a number is still one."""
    if cell is None:
        return ""
    if cell.kind is Kind.NUMBER and isinstance(cell.value, float | int):
        return f"{cell.value:.0f}"
    return half_width(str(cell.value)) if cell.kind in (Kind.TEXT, Kind.NUMBER) else ""


def written(cell: Cell | None) -> str:
    """What a cell says letter for letter, on one line, so that what was exported comes back the same; empty for ``unread`` ones."""
    if cell is None or cell.kind not in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN):
        return ""
    if cell.kind is Kind.BOOLEAN:
        return "是" if cell.value else "否"
    if isinstance(cell.value, float | int):
        return f"{cell.value:.15g}"
    return re.sub(r"\s*[\r\n]+\s*", " ", str(cell.value).strip())


def unread(cell: Cell | None) -> str:
    """Why a cell that is not empty says nothing, and what to do; empty for any other."""
    if cell is None:
        return ""
    if cell.kind is Kind.FORMULA:
        return "公式没有计算结果，请在 Excel 里重新计算后保存，或者改成数值。"
    if cell.kind is Kind.ERROR:
        return f"单元格是错误值{cell.value}，请改成正确的内容。"
    if cell.kind in (Kind.DATE, Kind.MONTH):
        return "单元格被当成了日期，请把格式改为文本以后重新填写。"
    return ""


def keep(model: type[Sent], lines: Iterable[Judged], *, name: str, by: Officer) -> Sent:
    """Keep a judged list for the preview, without the lines that change nothing; nothing else is written."""
    judged = list(lines)
    counts = {outcome: sum(line.outcome == outcome for line in judged) for outcome in OUTCOMES}
    rows = [line.plain() for line in judged if line.outcome != "same"]
    return model._default_manager.create(
        file_name=name[:200], rows=rows, counts=counts, sent_at=clock.now(), sent_by=by
    )


def take_up(batch: Sent, *, by: Officer) -> Sent:
    """The list, locked, to be confirmed by who sent it. Raises OutOfOrder when it was confirmed before or is another's."""
    locked = type(batch)._default_manager.select_for_update().get(pk=batch.pk)
    if locked.confirmed_at is not None:
        raise OutOfOrder("这份文件已经导入过了。")
    if locked.sent_by_id != by.pk:
        raise OutOfOrder("由上传的人确认。")
    return locked


def close(batch: SentList) -> None:
    """The list is written; its lines, with the numbers in them, are emptied."""
    batch.rows, batch.confirmed_at = [], clock.now()
    batch.save(update_fields=["rows", "confirmed_at"])


def preview(batch: SentList, chosen: str, outcomes: Mapping[str, str]) -> dict[str, Any]:
    """What the page of a list shows: the lines of one outcome or of all, and the views by outcome. ``outcomes``: in words."""
    rows = [row for row in batch.rows if not chosen or row["outcome"] == chosen]
    tabs = [
        {"title": title, "count": batch.counts.get(key, 0), "current": key == chosen, "url": f"?view={key}"}
        for key, title in outcomes.items()
        if key != "same"
    ]
    return {
        "batch": batch,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "tabs": [{"title": "全部", "count": len(batch.rows), "current": not chosen, "url": "?"}, *tabs],
        "outcomes": outcomes,
    }
