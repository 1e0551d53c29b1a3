"""Opens an xlsx file: its parts with limits on what they unpack to, its sheets, styles and shared texts [pure].

Read with the standard library's zip and expat and not with a library of workbooks: openpyxl tells formulas or their
values but not both in one pass, tells neither merged nor hidden rows when it streams, and refuses files whose styles
are odd; calamine does not tell a formula from an empty cell. An importer needs all of these (ADR 33).
"""

from __future__ import annotations

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

PART_LIMIT = 400 * 1024**2  # bytes a part may unpack to
RATIO_LIMIT = 1000  # a sheet packs about 1:10, an empty formatted one 1:100
CHUNK = 256 * 1024
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DATE_FORMATS = frozenset({14, 15, 16, 22, *range(27, 37), *range(50, 59)})
MONTH_FORMATS = frozenset({17, 27, 36, 50, 52, 55})  # mmm-yy, and what a Chinese Excel shows as year and month


class Unreadable(Exception):  # noqa: N818 - a refusal, told to the person
    """The file cannot be read as a ledger; the text says why in Chinese and what to do."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it: name, whether it is shown, and the part that holds it."""

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True, slots=True)
class Styles:
    """For each cell style: does it show a date, and does it show one without its day."""

    dates: frozenset[int]
    months: frozenset[int]


class Package:
    """An open xlsx file; close it when done. Raises Unreadable for whatever is no readable xlsx."""

    def __init__(self, source: Path | IO[bytes]) -> None:
        """``source``: a path or a seekable binary file."""
        try:
            self.zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Unreadable(_not_a_zip(source)) from None
        except FileNotFoundError:
            raise Unreadable(f"没有这个文件：{source}") from None
        except OSError as error:
            raise Unreadable(f"打不开文件：{error.strerror or error}") from None
        self.names = set(self.zip.namelist())
        self._refuse_other_formats()
        self.date1904 = False
        self.sheets = self._sheets()
        self.styles = self._styles()
        self.texts = self._texts()

    def close(self) -> None:
        """Close the file."""
        self.zip.close()

    def _refuse_other_formats(self) -> None:
        """Name the format when the zip is another kind of office file."""
        if "xl/workbook.bin" in self.names:
            raise Unreadable("这是 .xlsb 格式，请在 Excel 或者 WPS 里另存为“Excel 工作簿（.xlsx）”后再导入。")
        if "word/document.xml" in self.names:
            raise Unreadable("这是 Word 文档，不是表格。请选择 .xlsx 文件。")
        if "mimetype" in self.names and "content.xml" in self.names:
            raise Unreadable("这是 OpenDocument（.ods）格式，请另存为“Excel 工作簿（.xlsx）”后再导入。")

    def stream(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, counted as they come, whatever its directory entry claims."""
        try:
            size = self.zip.getinfo(part).compress_size or 1
            with self.zip.open(part) as file:
                total = 0
                while chunk := file.read(CHUNK):
                    total += len(chunk)
                    if total > PART_LIMIT or (total > 20 * 1024**2 and total > size * RATIO_LIMIT):
                        raise Unreadable("文件解开后过大，不像正常的台账，没有读取。请把数据复制到新的工作簿后再导入。")
                    yield chunk
        except KeyError:
            raise Unreadable(f"文件不完整：缺少 {part}。请重新另存为 .xlsx 后再导入。") from None
        except RuntimeError:  # zipfile's word for an encrypted member
            raise Unreadable("文件加了密码，请取消密码后再导入。") from None
        except BROKEN:
            raise Unreadable("文件已损坏，读不完整。请在 Excel 或者 WPS 里打开后另存，再导入。") from None

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
    ) -> None:
        """Run a part through expat; element names come without prefix. A handler ends the reading with StopIteration."""
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def first(name: str, attributes: dict[str, str]) -> None:
            """Where the first element has no prefix, the rest that matters has none, and no name need be looked at."""
            if ":" not in name:
                parser.StartElementHandler, parser.EndElementHandler = start, end
                start(name, attributes)
                return
            local = _Local()
            parser.StartElementHandler = lambda name, attributes: start(local[name], attributes)
            if end is not None:
                parser.EndElementHandler = lambda name: end(local[name])
            start(local[name], attributes)

        parser.StartElementHandler = first
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for chunk in self.stream(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except StopIteration:
            return
        except expat.ExpatError:
            raise Unreadable("文件已损坏，读不完整。请在 Excel 或者 WPS 里打开后另存，再导入。") from None

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (kind, part) of a part."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, path.lstrip("/"))

        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        if relations in self.names:
            self.parse(relations, start)
        return found

    def _sheets(self) -> list[SheetEntry]:
        """The worksheets in the order of their tabs; sets the workbook's part and its epoch."""
        roots = self._relations("")
        self.workbook = next((part for kind, part in roots.values() if kind == "officeDocument"), "xl/workbook.xml")
        if self.workbook not in self.names:
            raise Unreadable("这不是 Excel 工作簿（.xlsx）。请选择在 Excel 或者 WPS 里另存的 .xlsx 文件。")
        self.relations = self._relations(self.workbook)
        entries: list[SheetEntry] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.date1904 = attributes.get("date1904", "0") in ("1", "true")
            elif name == "sheet":
                key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                kind, part = self.relations.get(key, ("", ""))
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    entries.append(SheetEntry(attributes.get("name", ""), hidden, part))

        self.parse(self.workbook, start)
        return [entry for entry in entries if entry.part in self.names]

    def _part(self, kind: str) -> str | None:
        """The workbook's part of a kind (styles, sharedStrings); None when there is none."""
        return next((part for k, part in self.relations.values() if k == kind and part in self.names), None)

    def _styles(self) -> Styles:
        """Which cell styles show dates."""
        part = self._part("styles")
        formats: dict[int, str] = {}
        used: list[int] = []
        inside = [False]

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                formats[_int(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                inside[0] = True
            elif name == "xf" and inside[0]:
                used.append(_int(attributes.get("numFmtId")))

        def end(name: str) -> None:
            if name == "cellXfs":
                inside[0] = False

        if part is not None:
            self.parse(part, start, end)
        kinds = {number: _date_kind(number, formats.get(number)) for number in set(used)}
        return Styles(
            frozenset(style for style, number in enumerate(used) if kinds[number]),
            frozenset(style for style, number in enumerate(used) if kinds[number] == "month"),
        )

    def _texts(self) -> list[str]:
        """The shared texts; formatted runs are joined, phonetic readings left out."""
        part = self._part("sharedStrings")
        texts: list[str] = []
        pieces: list[str] = []
        state = {"t": False, "phonetic": False}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "si":
                pieces.clear()
            elif name == "rPh":
                state["phonetic"] = True
            elif name == "t":
                state["t"] = not state["phonetic"]

        def end(name: str) -> None:
            if name == "si":
                texts.append("".join(pieces))
            elif name == "rPh":
                state["phonetic"] = False
            elif name == "t":
                state["t"] = False

        def text(data: str) -> None:
            if state["t"]:
                pieces.append(data)

        if part is not None:
            self.parse(part, start, end, text)
        return texts


class _Local(dict[str, str]):
    """Element names without their prefix, each worked out once."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


def _refuse_doctype(*_: object) -> None:
    """No xlsx has a document type; entities can be made to unfold without end."""
    raise Unreadable("文件里有不该有的内容（DOCTYPE），没有读取。请在 Excel 或者 WPS 里另存后再导入。")


def _int(text: str | None) -> int:
    """A number of an attribute; 0 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _date_kind(number: int, code: str | None) -> str:
    """``date`` or ``month`` (a date shown without its day) or an empty text for other formats."""
    if code is None:
        return "month" if number in MONTH_FORMATS else "date" if number in DATE_FORMATS else ""
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code).lower().split(";")[0]
    if "y" in plain or ("e" in plain and "m" in plain and "0" not in plain):
        return "date" if "d" in plain else "month"
    return "date" if "d" in plain and "m" in plain and "0" not in plain.replace("00", "") else ""


def _not_a_zip(source: Path | IO[bytes]) -> str:
    """What the file is instead of an xlsx, as far as its first bytes tell, and what to do."""
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                head = file.read(1 << 20)
        else:
            source.seek(0)
            head = source.read(1 << 20)
    except OSError as error:
        return f"打不开文件：{error.strerror or error}"
    if not head:
        return "文件是空的，请重新选择。"
    if head.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            return "文件加了密码，请在 Excel 或者 WPS 里取消密码后另存，再导入。"
        return "这是旧的 .xls 格式，请在 Excel 或者 WPS 里另存为“Excel 工作簿（.xlsx）”后再导入。"
    if head.startswith(b"PK"):
        return "文件已损坏，读不完整。请在 Excel 或者 WPS 里打开后另存，再导入。"
    if head.lstrip()[:1] == b"<":
        return "这是网页或者 XML 表格，请在 Excel 或者 WPS 里另存为“Excel 工作簿（.xlsx）”后再导入。"
    if b"\0" not in head[:4096]:
        return "这是文本文件（如 .csv），请在 Excel 或者 WPS 里打开后另存为“Excel 工作簿（.xlsx）”，再导入。"
    return "这不是 Excel 工作簿（.xlsx），请选择在 Excel 或者 WPS 里另存的 .xlsx 文件。"
