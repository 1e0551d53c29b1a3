"""A statute's file as numbered lines: Markdown in UTF-8 or GB18030, or Word (docx); nothing is trusted [pure]."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

SUFFIXES = (".md", ".markdown", ".docx")
LARGEST_FILE = 10 * 1024**2
LARGEST_UNPACKED = 60 * 1024**2
MOST_ENTRIES = 2000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TRACKED = tuple(_WORD + name for name in ("ins", "del", "moveFrom", "moveTo"))


@dataclass(frozen=True)
class Line:
    """One line (in Word: paragraph) that is not blank: its number in the file, its words, its depth as a heading."""

    number: int
    text: str
    depth: int = 0


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which line (0: in the whole file)."""

    line: int
    message: str


def unit_of(name: str) -> str:
    """What the lines of a file of that name are called: Word has paragraphs."""
    return "段" if name.lower().endswith(".docx") else "行"


class Malformed(ValueError):  # noqa: N818 - a file that cannot be read as a statute
    """A file that cannot be read as a statute; ``problems`` are Chinese sentences, each with its line."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("；".join(problem.message for problem in problems))


def _bad(message: str, line: int = 0) -> Malformed:
    return Malformed(Problem(line, message))


def lines_of(name: str, content: bytes) -> list[Line]:
    """The lines of a file, by the suffix of its name; Malformed when it is empty, too large or not what it says."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        old = "旧版Word文件（.doc）请先另存为.docx。" if suffix == ".doc" else ""
        raise _bad(f"{old}只能导入.md或者.docx文件")
    if not content.strip():
        raise _bad("文件是空的")
    if len(content) > LARGEST_FILE:
        raise _bad(f"文件超过{LARGEST_FILE // 1024**2} MB，不像是一部法律的文本")
    lines = list(_from_word(content) if suffix == ".docx" else _from_markdown(content))
    if not lines:
        raise _bad("文件里没有文字")
    return lines


# --- text -----------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """A line without invisible characters, every run of blanks (full-width too) as one blank, none at its ends."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", seen).strip()


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with its mark, or GB18030; Malformed otherwise."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for attempt in (encoding, "gb18030"):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        # GB18030 takes nearly any bytes for text: what no text has betrays a file that is none.
        if any(unicodedata.category(c) in {"Cc", "Cn", "Co", "Cs"} and c not in "\t\n\r\f\v\x85" for c in text):
            break
        return text
    raise _bad("不能识别文字编码，请另存为UTF-8（或者GB18030）编码的文本文件")


def _from_markdown(content: bytes) -> Iterator[Line]:
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", decoded(content)), start=1):
        text = clean(raw)
        if heading := re.match(r"(#{1,6}) ?(.*)", text):
            yield Line(number, heading[2].rstrip("# "), len(heading[1]))
        elif text:
            yield Line(number, text)


# --- Word -----------------------------------------------------------------------------------------------------------


def _from_word(content: bytes) -> Iterator[Line]:
    body = _body(content)
    if next(body.iter(*_TRACKED), None) is not None:
        raise _bad("文件里有没有处理的修订痕迹，请在Word里接受或者拒绝全部修订以后再导入")
    for number, paragraph in enumerate(_paragraphs(body), start=1):
        joined = _words(paragraph)
        numbered = paragraph.find(f"{_WORD}pPr/{_WORD}numPr/{_WORD}numId")
        if joined.strip() and numbered is not None and numbered.get(f"{_WORD}val") != "0":
            raise _bad("这一段用了自动编号，编号读不出来；请在Word里把编号转换成文字以后再导入", number)
        for piece in joined.split("\n"):
            if text := clean(piece):
                yield Line(number, text)


def _body(content: bytes) -> Any:
    """The body of the document's XML; Malformed when the file is no Word document or unpacks to too much."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            # What an entry claims is what the library reads at most, so the claims can be believed.
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise _bad(f"文件解压以后超过{LARGEST_UNPACKED // 1024**2} MB，不像是一部法律的文本")
        return Document(io.BytesIO(content)).element.body
    except Malformed:
        raise
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        XMLSyntaxError,
        KeyError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        zlib.error,
        AttributeError,
    ):
        raise _bad("不是有效的Word文件（.docx），或者文件已经损坏、加了密码") from None


def _paragraphs(element: Any) -> Iterator[Any]:
    """Every paragraph in the order of print, those in tables and content controls too."""
    for child in element:
        if child.tag == _WORD + "p":
            yield child
        elif child.tag in {_WORD + name for name in ("tbl", "tr", "tc", "sdt", "sdtContent")}:
            yield from _paragraphs(child)


def _words(paragraph: Any) -> str:
    parts = []
    for element in paragraph.iter(*(_WORD + name for name in ("t", "br", "cr", "tab"))):
        parts.append({"t": element.text or "", "tab": " "}.get(element.tag.removeprefix(_WORD), "\n"))
    return "".join(parts)
