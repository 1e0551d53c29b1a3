"""Judges a ledger row by row: accepted, fixed or rejected, with everything told at its cell [pure]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from fadu.subject.ledger import cleaning, codes, counties, dates, risks
from fadu.subject.ledger.choices import read_choice
from fadu.subject.ledger.columns import Reads
from fadu.subject.ledger.counties import Places
from fadu.subject.ledger.header import Column, Header
from fadu.subject.ledger.kinds import RowKind, RowTeller, band_county
from fadu.subject.ledger.reading import Finding, Reading, written
from fadu.subject.ledger.rows import Place, Plain, Row, shown
from fadu.subject.ledger.sheet import Cell, Kind, Merge, Sheet

LONGITUDES, LATITUDES = (Decimal(73), Decimal(136)), (Decimal(3), Decimal(54))
NEAR: Final = {"longitude": (Decimal("111.5"), Decimal("114.2")), "latitude": (Decimal("35.6"), Decimal("37.3"))}
SIX = Decimal("0.000001")


class Judge:
    """Judges the rows of a workbook in their order; remembers codes and names, so that repetitions are found."""

    def __init__(self, places: Places, today: date, date1904: bool = False) -> None:
        self.places, self.today, self.date1904 = places, today, date1904
        self.codes: dict[str, tuple[str, int]] = {}
        self.names: dict[str, tuple[str, int, str]] = {}
        self.left_out: dict[RowKind, int] = {}

    def rows(self, sheet: Sheet, header: Header) -> Iterator[Row]:
        """The judged rows of one sheet. Its name and the texts above the header may name the county."""
        below = [merge for merge in sheet.merges if merge.bottom > header.last]
        merged = _merged_down(below, header)
        wide = {m.top: max(1, m.right - m.left + 1) for m in sorted(below, key=lambda m: m.right - m.left)}
        above = [written(c) for row in sorted(sheet.rows) if row < header.first for c in sheet.rows[row].values()]
        teller = RowTeller(header, self.places, wide, above)
        default = None if header.column("county") else self.places.in_text(" ".join([sheet.name, *above[:20]]))
        band: str | None = None
        for number in sorted(sheet.rows):
            if number <= header.last:
                continue
            cells = sheet.rows[number]
            kind = teller.kind(number, cells)
            if kind is RowKind.DATA:
                row = _RowJudge(self, sheet, header, number, merged).judged(band or default)
                if number in sheet.hidden:
                    row.tell(Place("", "", ""), Finding("row_hidden", "这一行在表里是隐藏的，仍然读取。"))
                yield row
                continue
            self.left_out[kind] = self.left_out.get(kind, 0) + 1
            if kind is RowKind.BAND:
                band = band_county(written(next(iter(cells.values()))), self.places) or self._band_of(cells)

    def _band_of(self, cells: Mapping[int, Cell]) -> str | None:
        """The county that some cell of a heading names."""
        return next((code for cell in cells.values() if (code := band_county(written(cell), self.places))), None)


def _merged_down(merges: list[Merge], header: Header) -> dict[tuple[int, int], int]:
    """(row, column) → the row that holds the value, for cells merged downwards; not for name and code, which are one
    enterprise's each.
    """
    wanted = {c.number for c in header.columns if c.field.reads not in (Reads.NAME, Reads.CODE, Reads.SERIAL)}
    return {
        (row, merge.left): merge.top
        for merge in merges
        if merge.left in wanted and merge.bottom > merge.top
        for row in range(merge.top + 1, min(merge.bottom, merge.top + 100_000) + 1)
    }


class _RowJudge:
    """Judges one row."""

    def __init__(
        self, judge: Judge, sheet: Sheet, header: Header, number: int, merged: Mapping[tuple[int, int], int]
    ) -> None:
        self.judge, self.sheet, self.header, self.number, self.merged = judge, sheet, header, number, merged
        self.row = Row(sheet.name, number)
        self.readers: Mapping[Reads, Callable[[Cell, Column], Reading]] = {
            Reads.TEXT: self._text,
            Reads.TOWNSHIP: self._text,
            Reads.COUNT: lambda cell, _: cleaning.read_count(cell),
            Reads.DAY: lambda cell, _: dates.read_date(cell, date1904=judge.date1904),
            Reads.END: lambda cell, _: dates.read_date(cell, until=True, date1904=judge.date1904),
            Reads.RISK: lambda cell, _: risks.read_risk(cell),
            Reads.PHONE: lambda cell, _: cleaning.read_phones(cell),
            Reads.CHOICE: lambda cell, column: read_choice(cell, column.field.key),
        }

    def judged(self, band: str | None) -> Row:
        """The row with everything that is to be told. ``band``: the county of the heading above, for an empty cell."""
        self._name()
        self._code()
        self._county(band)
        for column in self.header.columns:
            if column.field.reads in self.readers:
                self._field(column)
        self._coordinates()
        self._township()
        self._order_of_days()
        self._repetitions()
        self.keep_cells()
        return self.row

    def keep_cells(self) -> None:
        """What was written, with merged values filled in, so that a row can be handed back on its own."""
        own = self.sheet.rows[self.number]
        self.row.cells = {number: _plain(cell) for number, cell in own.items() if number in self.header.titles}
        for column in self.header.columns:
            if column.number not in own and (cell := self._cell(column)[0]) is not None:
                self.row.cells[column.number] = _plain(cell)
        # a county that a heading or the title gave is not lost when the row leaves its sheet
        county, column_of_it = self.row.values.get("county"), self.header.column("county")
        if isinstance(county, str):
            self.row.cells.setdefault(column_of_it.number if column_of_it else 0, self.judge.places.counties[county])

    def _cell(self, column: Column) -> tuple[Cell | None, bool]:
        """The cell of a column, and whether its value comes from the merged cell above."""
        own = self.sheet.rows[self.number].get(column.number)
        if own is None and (top := self.merged.get((self.number, column.number))) is not None:
            return self.sheet.rows.get(top, {}).get(column.number), True
        return own, False

    def _take(self, key: str, column: Column | None, cell: Cell | None, reading: Reading, inherited: bool) -> None:
        """Keep a reading: its value, its fix, its finding."""
        if reading.value is not None:
            self.row.values[key] = reading.value
            if reading.fixed or inherited:
                place = Place.at(column, key, self.number)
                self.row.fixes.append((place, None if inherited else _plain(cell), self._shown(key, reading.value)))
        if reading.finding is not None:
            self.row.tell(Place.at(column, key, self.number), reading.finding)

    def _shown(self, key: str, value: object) -> Plain:
        return shown(key, value, self.judge.places.counties)

    def _text(self, cell: Cell, column: Column) -> Reading:
        person = column.field.key in ("legal_representative", "principal", "safety_officer", "contact")
        return cleaning.read_text(cell, column.field.limit or 60, name=person)

    def _field(self, column: Column) -> None:
        """A field that stands for itself."""
        cell, inherited = self._cell(column)
        if cell is not None:
            self._take(column.field.key, column, cell, self.readers[column.field.reads](cell, column), inherited)

    def _name(self) -> None:
        """The name; without one there is no enterprise."""
        column = self.header.column("name")
        cell = self._cell(column)[0] if column else None
        reading = cleaning.read_text(cell, 100, name=True) if cell is not None else Reading()
        if reading.finding is not None and reading.finding.code == "text_too_long":
            reading = Reading(
                finding=Finding("name_too_long", f"企业名称{reading.finding.message.removesuffix('，这一项留空。')}。")
            )
        elif reading.value is None:
            reading = Reading(finding=Finding("name_missing", "请填写企业名称。"))
        self._take("name", column, cell, reading, False)

    def _code(self) -> None:
        """The code, and what is odd about one that is right."""
        column = self.header.column("uscc")
        cell = self._cell(column)[0] if column else None
        reading = codes.read_code(cell)
        self._take("uscc", column, cell, reading, False)
        if isinstance(reading.value, str) and (odd := codes.organisation_problem(reading.value)):
            self.row.tell(Place.at(column, "uscc", self.number), Finding("code_organisation", odd))

    def _county(self, band: str | None) -> None:
        """The county: of the cell, of the merged cell above, of the heading within the table, of the title."""
        column = self.header.column("county")
        cell, inherited = self._cell(column) if column else (None, False)
        if cell is not None and not cleaning.is_empty(written(cell)):
            reading = counties.read_county(cell, self.judge.places)
        elif band is not None:
            reading, inherited = Reading(band), True
        else:
            reading, inherited = Reading(finding=Finding("county_missing", "请填写所属县区。")), False
        self._take("county", column, cell, reading, inherited)
        code, county = self.row.values.get("uscc"), self.row.values.get("county")
        if isinstance(code, str) and isinstance(county, str) and not self.judge.places.code_fits(code, county):
            message = f"代码第3至8位是{code[2:8]}，不是{self.judge.places.counties[county]}（{county}）；代码照填写的保存，请核对。"
            place = Place.at(self.header.column("uscc"), "uscc", self.number)
            self.row.tell(place, Finding("code_other_county", message))

    def _township(self) -> None:
        """The township, when it is one of the county."""
        text, county = self.row.values.pop("township", None), self.row.values.get("county")
        if not isinstance(text, str) or not isinstance(county, str):
            return
        if (code := self.judge.places.township(county, text)) is not None:
            self.row.values["township"] = code
            return
        column = self.header.column("township")
        message = f"{self.judge.places.counties[county]}没有“{text[:20]}”，这一项留空。"
        self.row.tell(Place.at(column, "township", self.number), Finding("township_unknown", message))

    def _coordinates(self) -> None:
        """Longitude and latitude together: exchanged ones are put right, one alone is left out."""
        columns = {key: self.header.column(key) for key in ("longitude", "latitude")}
        cells = {key: self._cell(column)[0] if column else None for key, column in columns.items()}
        texts = {key: written(cell) for key, cell in cells.items()}
        given = {key for key, text in texts.items() if not cleaning.is_empty(text)}
        found: dict[str, Decimal] = {}
        for key in given:
            value = _degrees(cells[key])
            if value is not None:
                found[key] = value
            else:
                message = f"“{texts[key][:20]}”不是经纬度，经度和纬度都留空；请填写小数，例如 113.116255。"
                self._warn(columns[key], key, "coordinate_unreadable", message)
        if len(found) < 2:
            if len(found) == 1 and len(given) == 1:
                self._warn(
                    columns[next(iter(found))], next(iter(found)), "coordinate_alone", "经度和纬度只有一个，没有采用。"
                )
            return
        self._pair(found, columns, cells)

    def _pair(
        self, found: dict[str, Decimal], columns: Mapping[str, Column | None], cells: Mapping[str, Cell | None]
    ) -> None:
        """Two numbers: the right way round, exchanged, or neither."""
        pair = (found["longitude"], found["latitude"])
        swapped = _within(pair[1], LONGITUDES) and _within(pair[0], LATITUDES) and not _within(pair[0], LONGITUDES)
        if swapped:
            pair = (pair[1], pair[0])
        if not (_within(pair[0], LONGITUDES) and _within(pair[1], LATITUDES)):
            self._warn(
                columns["longitude"],
                "longitude",
                "coordinate_unreadable",
                "经度应当在73到136之间，纬度应当在3到54之间，没有采用。",
            )
            return
        for key, value in zip(("longitude", "latitude"), pair, strict=True):
            cell = cells[key]
            fixed = swapped or cell is None or cell.kind is not Kind.NUMBER
            self._take(key, columns[key], cell, Reading(value.quantize(SIX), fixed), False)
        if not all(_within(value, NEAR[key]) for key, value in zip(NEAR, pair, strict=True)):
            self._warn(
                columns["longitude"], "longitude", "coordinate_far", "这个位置不在本市范围，照填写的保存，请核对。"
            )

    def _warn(self, column: Column | None, key: str, code: str, message: str) -> None:
        self.row.tell(Place.at(column, key, self.number), Finding(code, message))

    def _order_of_days(self) -> None:
        """Days that cannot be right together; they are kept and told."""
        values = self.row.values
        start, end = values.get("permit_from"), values.get("permit_until")
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self._warn(
                self.header.column("permit_until"), "permit_until", "date_order", f"有效期止{end}早于{start}，请核对。"
            )
        for key in ("established_on", "permit_from"):
            day = values.get(key)
            if isinstance(day, date) and day > self.judge.today:
                self._warn(self.header.column(key), key, "date_future", f"{day}在今天以后，请核对。")

    def _repetitions(self) -> None:
        """The same code again fails, the first good row stays; the same name under another code is told."""
        code, name = self.row.values.get("uscc"), self.row.values.get("name")
        if isinstance(code, str):
            if (first := self.judge.codes.get(code)) is not None:
                message = f"代码和{self._where(*first)}重复，只导入那一行。"
                place = Place.at(self.header.column("uscc"), "uscc", self.number)
                self.row.tell(place, Finding("code_duplicate", message))
            elif not self.row.errors:
                self.judge.codes[code] = (self.row.sheet, self.number)
        if isinstance(name, str) and isinstance(code, str) and not self.row.errors:
            other = self.judge.names.setdefault(name, (self.row.sheet, self.number, code))
            if other[2] != code:
                message = f"和{self._where(*other[:2])}同名，而代码不同，请核对。"
                self._warn(self.header.column("name"), "name", "name_repeated", message)

    def _where(self, sheet: str, number: int) -> str:
        return f"第{number}行" if sheet == self.row.sheet else f"工作表“{sheet}”第{number}行"


def _plain(cell: Cell | None) -> Plain:
    """What was written, for a fix."""
    if cell is None:
        return None
    if cell.kind is Kind.NUMBER:
        number = float(cell.value)  # type: ignore[arg-type]
        return int(number) if number == int(number) else number
    return cell.value if cell.kind is Kind.TEXT else written(cell)  # type: ignore[return-value]


def _degrees(cell: Cell | None) -> Decimal | None:
    """Degrees in a cell; None when there are none."""
    if cell is None or cell.kind not in (Kind.TEXT, Kind.NUMBER):
        return None
    return cleaning.read_decimal(written(cell))


def _within(value: Decimal, bounds: tuple[Decimal, Decimal]) -> bool:
    return bounds[0] <= value <= bounds[1]
