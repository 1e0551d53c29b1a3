"""The bound case file: order, catalogue, page numbers, scans, photographs, void papers."""

import re
from datetime import date
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter

from fadu.document import services
from fadu.document.delivery import Method
from fadu.document.kinds import Document
from fadu.document.tests import reading
from fadu.document.tests.conftest import picture
from fadu.document.tests.samples import CONTEXTS
from fadu.document.tests.test_delivery import GOOD


def test_the_file_is_bound_with_cover_catalogue_and_page_numbers(case_file, make, bureau, proof, keep):
    make(Document.CASE_FILING_APPROVAL, on=date(2026, 3, 13))
    questioned = make(Document.QUESTIONING_RECORD, on=date(2026, 3, 20))
    services.keep_scan(questioned, _rotated_pdf(), name="笔录扫描.pdf", by=bureau.zhou)
    first = make(Document.ADVANCE_NOTICE, on=date(2026, 4, 1))
    services.void(first, reason="当事人名称有误", on=date(2026, 4, 1), by=bureau.zhou)
    decision = make(Document.PENALTY_DECISION_UNIT, on=date(2026, 4, 12))
    service = services.serve(
        decision, method=Method.IN_PERSON, served_on=date(2026, 4, 15), served_by=[bureau.zhou, bureau.wu],
        receiver="郑喆", details=GOOD[Method.IN_PERSON], proof=proof,
    )  # fmt: skip
    make(Document.SERVICE_RECEIPT, on=date(2026, 4, 15), **services.receipt_context([service], case_name="示例案"))
    keep(picture("现场"), "现场\U0001f525.jpg")
    keep("询问要点".encode(), "要点.txt")
    make(Document.CLOSING_APPROVAL, on=date(2026, 5, 20))

    pdf = services.case_file_pdf(case_file, cover=CONTEXTS[Document.CASE_FILE_COVER])
    pages = reading.pages(pdf)
    assert "案卷" in pages[0]
    assert "示例市应急管理局" in pages[0]
    catalogue = pages[1]
    titles = [
        "行政处罚决定书（单位）", "行政处罚决定书（单位）直接送达证明", "文书送达回执", "立案审批表", "询问笔录", "询问笔录签名扫描件",
        "结案审批表", "行政处罚告知书", "证据照片", "要点.txt",
    ]  # fmt: skip
    places = [catalogue.index(f"{number}{title}") for number, title in enumerate(titles, 1)]
    assert places == sorted(places)
    assert "作废" in catalogue
    assert "电子卷" in catalogue

    # the numbers stamped on the pages run from 1 without gap, after cover and catalogue
    document = reading.pdfium.PdfDocument(pdf)
    numbers = []
    for page in list(document)[2:]:
        width, height = page.get_size()
        corner = page.get_textpage().get_text_bounded(width - 60, height - 30, width, height)
        numbers.append(int(re.search(r"\d+", corner)[0]))
    assert numbers == list(range(1, len(document) - 1))

    # each bookmark leads to the page that bears the title
    reader = PdfReader(BytesIO(pdf))
    outline = {item.title: reader.get_destination_page_number(item) for item in reader.outline}
    assert len(outline) == 9
    place = next(number for title, number in outline.items() if title.startswith("立案审批表"))
    assert "立案审批表" in pages[place]
    void = next(number for title, number in outline.items() if title.startswith("行政处罚告知书"))
    assert "当事人名称有误" in pages[void]


def _rotated_pdf() -> bytes:
    """One landscape page as a scanner leaves it: turned by a flag."""
    writer = PdfWriter()
    page = PageObject.create_blank_page(width=842, height=595)
    writer.add_page(page).rotate(90)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_chosen_order_is_kept_and_a_cover_is_not_needed(case_file, make):
    filing = make(Document.CASE_FILING_APPROVAL, on=date(2026, 3, 13))
    notice = make(Document.ADVANCE_NOTICE, on=date(2026, 4, 1))
    pages = reading.pages(services.case_file_pdf(case_file, [notice, filing]))
    assert pages[0].startswith("卷内目录")
    assert pages[0].index("行政处罚告知书") < pages[0].index("立案审批表")


def test_an_issued_cover_is_used(case_file, make):
    make(Document.CASE_FILE_COVER, on=date(2026, 5, 25))
    make(Document.CASE_FILING_APPROVAL, on=date(2026, 3, 13))
    pages = reading.pages(services.case_file_pdf(case_file))
    assert "（示）应急案卷〔2026〕1号" in pages[0]
    assert "案卷（首页）" not in pages[1]


def test_many_entries_run_over_the_catalogue(case_file, make):
    for day in range(1, 25):
        make(Document.QUESTIONING_RECORD, on=date(2026, 3, day))
    pages = reading.pages(services.case_file_pdf(case_file))
    assert "24询问笔录" in pages[0] + pages[1]
