"""docx of a paper from the same blocks as its PDF, laid out by GB/T 9704 (A4, 156 × 225 mm, 22 lines of 仿宋 三号)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx as python_docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from fadu.document import layouts, render
from fadu.document.layouts.blocks import Block, Sheet
from fadu.document.models import Paper
from fadu.document.services.papers import sheet_of

# names only: the reader's machine has them or falls back; commercial faces are never shipped
SONG, FANG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
BODY, FORM, SMALL = 16, 12, 10.5
LINE = 28.9  # points: 22 lines in 225 mm
WIDTH = 156


def docx(paper: Paper) -> bytes:
    """The docx of a draft or issued paper."""
    return docx_of(sheet_of(paper))


def docx_of(sheet: Sheet) -> bytes:
    """The docx of anything that can be laid out as a paper."""
    return _Writer(sheet).save()


class _Writer:
    """Draws blocks with python-docx, one method for each kind of block."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.doc = python_docx.Document()
        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(23)
        style = self.doc.styles["Normal"]
        style.font.name, style.font.size = FANG, Pt(BODY)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
        self.doc.core_properties.title = f"{sheet.document.title} {sheet.number}".strip()
        self.doc.core_properties.author = sheet.organ
        # approval forms are tables, which 三号 would blow up over many pages
        self.size = FORM if any(block["t"] in ("grid", "qa") for block in layouts.blocks(sheet)) else BODY

    def save(self) -> bytes:
        """Draw everything and give the file."""
        data = render.payload(self.sheet)
        if data["head"]:
            self._words(self._paragraph(WD_ALIGN_PARAGRAPH.CENTER), data["head"], SONG, BODY)
        self._words(self._paragraph(WD_ALIGN_PARAGRAPH.CENTER), data["title"], SONG, 22)
        if data["numbered"]:
            self._words(self._paragraph(WD_ALIGN_PARAGRAPH.CENTER), data["number"], FANG, BODY)
        self._paragraph()
        for block in data["blocks"]:
            getattr(self, f"_draw_{block['t']}")(block)
        self._page_number()
        out = BytesIO()
        self.doc.save(out)
        return out.getvalue()

    def _paragraph(
        self, align: Any = None, *, indent: bool = False, where: Any = None, exact: bool = True
    ) -> Paragraph:
        paragraph = (where or self.doc).add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        if exact and where is None:
            shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
        if align is not None:
            paragraph.alignment = align
        if indent:
            ind = OxmlElement("w:ind")
            ind.set(qn("w:firstLineChars"), "200")
            paragraph._p.get_or_add_pPr().append(ind)
        return paragraph

    def _words(self, paragraph: Paragraph, words: str, font: str = FANG, size: float | None = None) -> Run:
        run = paragraph.add_run(words)
        run.font.name, run.font.size = font, Pt(size or self.size)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        return run

    def _draw_para(self, block: Block) -> None:
        small = block["kind"] == "small"
        paragraph = self._paragraph(indent=block["indent"] and not small)
        self._words(paragraph, block["text"], FANG, SMALL if small else self.size)

    def _draw_heading(self, block: Block) -> None:
        self._words(self._paragraph(indent=True), block["text"], HEI)

    def _draw_right(self, block: Block) -> None:
        self._words(self._paragraph(WD_ALIGN_PARAGRAPH.RIGHT), block["text"])

    def _draw_centre(self, block: Block) -> None:
        self._words(self._paragraph(WD_ALIGN_PARAGRAPH.CENTER), block["text"], SONG)

    def _draw_space(self, block: Block) -> None:
        self._paragraph().paragraph_format.space_after = Mm(block["mm"])

    def _draw_blank(self, block: Block) -> None:
        self._words(self._paragraph(WD_ALIGN_PARAGRAPH.CENTER), "————————（以下空白）————————")

    def _draw_note(self, block: Block) -> None:
        self._words(self._paragraph(), block["text"], FANG, SMALL)

    def _draw_line(self, block: Block) -> None:
        paragraph = self._paragraph()
        for number, pair in enumerate(block["cells"]):
            self._words(paragraph, ("　" if number else "") + f"{pair['label']}：")
            self._words(paragraph, pair["value"] or "　　　　", KAI).underline = True

    def _draw_qa(self, block: Block) -> None:
        for item in block["items"]:
            for mark, words, font in (("问：", item["q"], FANG), ("答：", item["a"], KAI)):
                paragraph = self._paragraph()
                self._words(paragraph, mark, HEI)
                self._words(paragraph, words, font)

    def _draw_signs(self, block: Block) -> None:
        for place in block["places"]:
            paragraph = self._paragraph()
            self._words(paragraph, f"{place['label']}：")
            self._words(paragraph, "　　　　　　　").underline = True
            said = f"（{place['name']}）" if place["name"] else ""
            said += f"　执法证号：{place['certificate']}" if place["certificate"] else ""
            said += "　　　　年　　月　　日" if place["dated"] else ""
            self._words(paragraph, said)

    def _draw_seal(self, block: Block) -> None:
        self._paragraph()
        for words in (block["organ"], f"（{block['mark'] or '印章'}）", block["on"]):
            paragraph = self._paragraph(WD_ALIGN_PARAGRAPH.RIGHT)
            paragraph.paragraph_format.right_indent = Pt(BODY * 4)
            self._words(paragraph, words)

    def _draw_images(self, block: Block) -> None:
        for item in block["items"]:
            if item["path"]:
                paragraph = self._paragraph(WD_ALIGN_PARAGRAPH.CENTER, exact=False)
                paragraph.add_run().add_picture(item["path"], width=Mm(120))
            for pair in item["pairs"]:
                self._draw_line({"cells": [pair]})
            self._words(self._paragraph(), f"原始文件 SHA-256：{item['sha256']}", FANG, 7)

    def _draw_table(self, block: Block) -> None:
        rows = [block["head"], *block["rows"]]
        table = self._table(len(rows), block["columns"])
        for number, row in enumerate(rows):
            for place, words in enumerate(row):
                self._fill(table.cell(number, place), [words], KAI if number else FANG, SMALL, centre=number == 0)
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)

    def _draw_grid(self, block: Block) -> None:
        table = self._table(len(block["rows"]), block["columns"])
        for number, row in enumerate(block["rows"]):
            place = 0
            for one in row:
                cell = table.cell(number, place)
                if one["cols"] > 1:
                    cell = cell.merge(table.cell(number, place + one["cols"] - 1))
                place += one["cols"]
                if "label" in one:
                    self._fill(cell, [one["label"].replace("\n", "")], FANG, FORM, centre=True)
                else:
                    self._fill(cell, one["text"], KAI, FORM)
                    for words in one["foot"]:
                        paragraph = self._paragraph(WD_ALIGN_PARAGRAPH.RIGHT, where=cell)
                        self._words(paragraph, words, KAI, FORM)

    def _table(self, rows: int, columns: list[float]) -> Any:
        table = self.doc.add_table(rows, len(columns))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        total = sum(columns)
        for column, share in zip(table.columns, columns, strict=True):
            column.width = Mm(WIDTH * share / total)
            for cell in column.cells:
                cell.width = column.width
        return table

    def _fill(self, cell: _Cell, texts: list[str], font: str, size: float, *, centre: bool = False) -> None:
        for number, words in enumerate(texts or [""]):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
            if centre:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._words(paragraph, words, font, size)

    def _page_number(self) -> None:
        """— 1 —, 四号, centred below the type area."""
        paragraph = self.doc.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._words(paragraph, "— ", FANG, 14)
        run = self._words(paragraph, "", FANG, 14)
        for kind, words in (("begin", ""), ("instr", "PAGE"), ("end", "")):
            if kind == "instr":
                part = OxmlElement("w:instrText")
                part.text = words
            else:
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
            run._r.append(part)
        self._words(paragraph, " —", FANG, 14)
