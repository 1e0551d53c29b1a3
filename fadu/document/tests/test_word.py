"""The docx of a paper says what its PDF says, in the layout of GB/T 9704."""

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from fadu.document import queries, services
from fadu.document.kinds import Document
from fadu.document.tests import reading


def opened(paper):
    return docx.Document(BytesIO(services.docx(paper)))


def words(document) -> str:
    return reading.squeezed("".join(node.text or "" for node in document.element.body.iter(qn("w:t"))))


@pytest.mark.parametrize("kind", [d for d in Document if d is not Document.PHOTO_EVIDENCE], ids=lambda d: d.name)
def test_the_docx_says_what_the_pdf_says(make, kind):
    paper = make(kind)
    text, pdf = words(opened(paper)), reading.text(queries.pdf(paper))
    assert paper.number in text
    for said in reading.said(kind, paper.context):
        assert reading.squeezed(said) in text
        assert reading.squeezed(said) in pdf


def test_margins_title_and_body_follow_the_standard(make):
    document = opened(make(Document.PENALTY_DECISION_UNIT))
    section = document.sections[0]
    millimetres = [
        round(side.mm)
        for side in (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    ]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert millimetres == [37, 28, 35, 26]
    title = next(p for p in document.paragraphs if p.text == "行政处罚决定书")
    assert title.runs[0].font.size.pt == 22
    body = next(p for p in document.paragraphs if "年满" in p.text or "决定对你单位" in p.text)
    assert body.runs[0].font.size.pt == 16
    assert body.paragraph_format.line_spacing.pt == pytest.approx(28.9)
    assert body._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    for run in document.element.body.iter(qn("w:r")):
        fonts = run.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia"))


def test_a_draft_can_be_taken_as_docx(case_file, bureau):
    from fadu.document.tests.samples import CONTEXTS

    drafted = services.draft(case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    assert "〔　　　　〕" in "".join(p.text for p in opened(drafted).paragraphs)
