"""Ledgers: columns declared once give the table, its sorting, its pages and the xlsx of exactly the filtered rows."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar
from urllib.parse import quote

from django.core.exceptions import EmptyResultSet
from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.kernel.numerals import whole
from fadu.ui import xlsx
from fadu.ui.columns import Cell, Column, Kind, value_of
from fadu.ui.filters import Filters

__all__ = ["Cell", "Column", "Filters", "Kind", "Listing", "Tab", "TooManyRows"]

PAGE = 50
EXACT = 10_000  # rows up to which they are counted exactly
EXPORT_LIMIT = 100_000
Rows = QuerySet[Any] | Sequence[Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Tab:
    """A view of the ledger kept above it; narrow: rows → rows; counted: show how many (one query more)."""

    key: str
    title: str
    narrow: Callable[[Any], Any]
    counted: bool = False


class TooManyRows(Refused):
    """More rows than an export may hold; narrowing the filter is the way out."""

    status = 422


class Listing:
    """A ledger: subclass it, declare the columns, give it the request and rows that are already scoped.

    title: heading and name of the xlsx; size: rows of a page; unit: the measure word (件、家); order: the fields it is sorted by at first, a
    leading - for descending; empty: what stands when nothing is there. In the address: ``sort=-2`` sorts by the third
    column descending, ``page``, ``tab``, ``export=xlsx`` and the fields of the filter bar.
    """

    title: ClassVar[str] = ""
    unit: ClassVar[str] = "条"
    columns: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[type[Filters] | None] = None
    tabs: ClassVar[tuple[Tab, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ()
    empty: ClassVar[str] = "还没有内容。"
    template: ClassVar[str] = "ui/list.html"
    exportable: ClassVar[bool] = True
    size: ClassVar[int] = PAGE

    def __init__(self, request: HttpRequest, rows: Rows) -> None:
        self.request = request
        self.all_rows = rows

    # --- conditions

    @cached_property
    def filter_form(self) -> Filters | None:
        """The filter bar, bound to the address; what is wrong in it is told at the field and not applied."""
        if self.filters is None:
            return None
        form = self.filters(self.request.GET)
        form.is_valid()
        return form

    @cached_property
    def tab(self) -> Tab | None:
        """The view in force: the one named in the address, else the first."""
        wanted = self.request.GET.get("tab")
        return next((tab for tab in self.tabs if tab.key == wanted), self.tabs[0] if self.tabs else None)

    @cached_property
    def filtered(self) -> Any:
        """The rows of the view that meet the conditions, not yet sorted."""
        rows = self.tab.narrow(self.all_rows) if self.tab else self.all_rows
        return self.filter_form.narrow(rows) if self.filter_form is not None else rows

    @cached_property
    def narrowed(self) -> list[tuple[str, str, str]]:
        """The conditions in force, in words."""
        return self.filter_form.in_words() if self.filter_form is not None else []

    # --- order

    @cached_property
    def sorted_by(self) -> tuple[int, bool] | None:
        """(index of the column, descending) when the address names a sortable column, else None."""
        wanted = self.request.GET.get("sort", "")
        number = whole(wanted.removeprefix("-"))
        if number is None or number >= len(self.columns):
            return None
        return (number, wanted.startswith("-")) if self.columns[number].keys else None

    @cached_property
    def sorted(self) -> Any:
        """The filtered rows in order; empty values last, ties by primary key, so that pages never overlap."""
        if self.sorted_by:
            index, descending = self.sorted_by
            keys = [(key, descending) for key in self.columns[index].keys]
        else:
            keys = [(key.removeprefix("-"), key.startswith("-")) for key in self.order]
        rows = self.filtered
        if isinstance(rows, QuerySet):
            ordering = [F(k).desc(nulls_last=True) if down else F(k).asc(nulls_last=True) for k, down in keys]
            return rows.order_by(*ordering, "-pk" if keys and keys[0][1] else "pk")
        rows = list(rows)
        for key, down in reversed(keys):
            get = attrgetter(key.replace("__", "."))
            filled = sorted((row for row in rows if get(row) is not None), key=get, reverse=down)
            rows = filled + [row for row in rows if get(row) is None]
        return rows

    @property
    def shown_sort(self) -> tuple[int, bool] | None:
        """The column the reader sees the table sorted by, also when that is the order at first."""
        if self.sorted_by or not self.order:
            return self.sorted_by
        key = self.order[0]
        for index, column in enumerate(self.columns):
            if column.keys and column.keys[0] == key.removeprefix("-"):
                return index, key.startswith("-")
        return None

    # --- pages

    @cached_property
    def count(self) -> int:
        """How many rows there are, counted up to ``EXACT`` + 1."""
        if not isinstance(self.filtered, QuerySet):
            return len(self.filtered)
        if self._first_page is not None:
            return int(self._first_page[0].counted) if self._first_page else 0
        return self._counted.count()

    @property
    def _counted(self) -> QuerySet[Any]:
        """The rows that are counted."""
        rows: QuerySet[Any] = self.filtered
        return rows.order_by()[: EXACT + 1]

    @cached_property
    def _first_page(self) -> list[Any] | None:
        """The rows of the first page, each with the count of all, by one statement; None where another page is asked for."""
        rows = self.sorted
        if self._wanted != 1 or not isinstance(rows, QuerySet) or rows.query.distinct or rows.query.combinator:
            return None
        try:
            sql, given = self._counted.values("pk").query.sql_with_params()
        except EmptyResultSet:  # whoever sees nothing: the database is not even asked
            return []
        counted = RawSQL(f"(SELECT count(*) FROM ({sql}) counted)", given, output_field=IntegerField())
        return list(rows.annotate(counted=counted)[: self.size])

    @property
    def count_text(self) -> str:
        """“218件”, or “10,000+件” where counting exactly would be slow."""
        return f"{EXACT:,}+{self.unit}" if self.count > EXACT else f"{self.count:,}{self.unit}"

    @cached_property
    def number(self) -> int:
        """The page in view; a number that makes no sense counts as the first or the last page."""
        return self._wanted if self.count > EXACT else min(self._wanted, self.last_page)

    @property
    def _wanted(self) -> int:
        """The page that the address asks for."""
        wanted = self.request.GET.get("page", "1")
        return max(1, int(wanted)) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7 else 1

    @property
    def last_page(self) -> int:
        """The last page that is known."""
        return max(1, -(-min(self.count, EXACT) // self.size))

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of the page in view.

        A page in the second half is read from the end, so that the last costs no more than the first.
        """
        if self._first_page is not None:
            return self._first_page
        start = (self.number - 1) * self.size
        rows = self.sorted
        if not isinstance(rows, QuerySet) or self.count > EXACT or start <= self.count // 2:
            return list(rows[start : start + self.size])
        end = max(0, self.count - start - self.size)
        return list(rows.reverse()[end : self.count - start])[::-1]

    @property
    def first_row(self) -> int:
        """The number of the first row in view, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        """The number of the last row in view."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.number < self.last_page if self.count <= EXACT else len(self.rows) == self.size

    @property
    def pages(self) -> list[int]:
        """Page numbers to show, 0 for a gap: 1 2 3 0 20."""
        near = {1, self.last_page, self.number - 1, self.number, self.number + 1}
        known = sorted(page for page in near if 1 <= page <= max(self.last_page, self.number))
        shown: list[int] = []
        for page in known:
            if shown and page - shown[-1] > 1:
                shown.append(0)
            shown.append(page)
        return shown

    # --- table

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The heads of the columns on the page: title, how it sorts now, the address that sorts by it."""
        heads = []
        for index, column in enumerate(self.columns):
            if not column.screen:
                continue
            now = self.shown_sort if self.shown_sort and self.shown_sort[0] == index else None
            params = self.request.GET.copy()
            params.pop("page", None)
            params["sort"] = str(index) if now is None or now[1] else f"-{index}"
            heads.append(
                {
                    "column": column,
                    "url": "?" + params.urlencode() if column.keys else "",
                    "aria": ("descending" if now[1] else "ascending") if now else "",
                }
            )
        return heads

    def cells(self, row: Any) -> Iterator[Cell]:
        """The cells of a row on the page."""
        for column in self.columns:
            if column.screen:
                yield Cell(
                    column,
                    value_of(row, column.value),
                    value_of(row, column.small) if column.small else None,
                    column.link(row) if column.link else None,
                    column.tone(row) if column.tone else "line",
                )

    def table(self) -> list[list[Cell]]:
        """The rows in view as cells."""
        return [list(self.cells(row)) for row in self.rows]

    def tab_links(self) -> list[dict[str, Any]]:
        """The kept views with their addresses; a view keeps the conditions, drops page."""
        links = []
        for tab in self.tabs:
            params = self.request.GET.copy()
            params.pop("page", None)
            params["tab"] = tab.key
            count = None
            if tab.counted:
                rows = tab.narrow(self.all_rows)
                count = rows.count() if isinstance(rows, QuerySet) else len(rows)
            links.append(
                {"title": tab.title, "url": "?" + params.urlencode(), "count": count, "current": tab is self.tab}
            )
        return links

    @property
    def clear_url(self) -> str:
        """The address without conditions: only the view stays."""
        return f"?tab={self.tab.key}" if self.tab and self.tab is not self.tabs[0] else "?"

    # --- export

    def exported_rows(self) -> Iterable[Any]:
        """All rows that meet the conditions, in order; TooManyRows above ``EXPORT_LIMIT``."""
        rows: Rows = self.sorted
        if isinstance(rows, QuerySet):
            if rows.order_by()[: EXPORT_LIMIT + 1].count() > EXPORT_LIMIT:
                raise TooManyRows(f"一次最多导出{EXPORT_LIMIT:,}{self.unit}，请先缩小筛选范围，例如按年份分次导出。")
            return rows.iterator(chunk_size=2000)
        return iter(rows)

    def xlsx(self) -> FileResponse:
        """The xlsx of exactly the filtered rows: real dates and numbers, frozen head, a sheet that tells what it is."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
        facts = [("视图", self.tab.title)] if self.tab else []
        facts += [(label, words) for _, label, words in self.narrowed] or [("筛选", "无")]
        xlsx.write(file, title=self.title, unit=self.unit, columns=self.columns, rows=self.exported_rows(), facts=facts)
        file.seek(0)
        name = f"{self.title}{clock.today():%Y%m%d}.xlsx"
        response = FileResponse(file, content_type=XLSX)
        response["Content-Disposition"] = f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(name)}"
        return response

    # --- answer

    def context(self) -> dict[str, Any]:
        """What the list page needs; override to add to it."""
        return {"listing": self, "title": self.title}

    def response(self, **context: Any) -> HttpResponse | FileResponse:
        """The answer to the request: the page, or with ``?export=xlsx`` the file."""
        if self.exportable and self.request.GET.get("export") == "xlsx":
            return self.xlsx()
        return TemplateResponse(self.request, self.template, {**self.context(), **context})
