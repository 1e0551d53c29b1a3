"""Reading papers back: text, fonts and pictures of a PDF, and what a context must have left in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
from PIL import Image
from pypdf import PdfReader

from fadu.document.fields import Context, Field, FieldType
from fadu.document.kinds import Document

FOOTER = re.compile(r"第\d+页共\d+页")


def squeezed(text: str) -> str:
    """Text without white space, and with the several code points of one glyph as one."""
    return re.sub(r"\s", "", text.replace("\u2f00", "一"))


def pages(pdf: bytes) -> list[str]:
    """The text of each page, without its page number."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [FOOTER.sub("", squeezed(page.get_textpage().get_text_range())) for page in document]
    finally:
        document.close()


def text(pdf: bytes) -> str:
    """All text, squeezed."""
    return "".join(pages(pdf))


def drawn(pdf: bytes, page: int = 0, scale: float = 2) -> Image.Image:
    """A page as a grey picture."""
    document = pdfium.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("L")
    finally:
        document.close()


def font_names(pdf: bytes) -> set[str]:
    """Names of all fonts embedded in the file, without the subset's tag."""
    found = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for part in font.get_object().get("/DescendantFonts", [font]):
                descriptor = part.get_object().get("/FontDescriptor")
                if descriptor is not None:
                    keys = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.get_object())
                    assert keys, "a font that is not embedded"
                found.add(str(part.get_object()["/BaseFont"]).lstrip("/").split("+")[-1])
    return found


def said(document: Document, context: Context) -> Iterator[str]:
    """Every value of a context in the words in which a paper must say it."""
    for field in document.fields:
        if field.applies_to(context):
            yield from _of(field, context.get(field.name))


def _of(field: Field, value: Any) -> Iterator[str]:
    if value in (None, "", []) or field.name in ("party_kind", "electronic_consent", "hearing_right", "origin"):
        return
    match field.type:
        case FieldType.DATE:
            year, month, day = value.split("-")
            yield f"{int(year)}年{int(month)}月{int(day)}日"
        case FieldType.MOMENT:
            # of a span within one day only the hour is said again
            yield f"{int(value[11:13])}时{int(value[14:16])}分"
        case FieldType.MONEY:
            yield f"{float(value):,.2f}".removesuffix(".00")
        case FieldType.LINES:
            for line in value:
                yield line.rstrip("。；")
        case FieldType.ROWS | FieldType.OFFICERS:
            for row in value:
                for column in field.columns:
                    yield from _of(column, row.get(column.name))
        case _ if field.name == "case_name":
            yield value.removesuffix("案")  # 某某一案 within a sentence
        case _:
            for line in str(value).splitlines():
                yield line.rstrip("。；")
