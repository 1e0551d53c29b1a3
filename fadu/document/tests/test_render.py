"""Papers as they are drawn: every field is there, every glyph is drawn, and the page looks as it should."""

import json
from datetime import date

import pytest
import typst
from PIL import Image, ImageChops

from fadu.document import fonts, layouts, render
from fadu.document.kinds import Document
from fadu.document.layouts.blocks import Sheet, cn_date, cn_span, yuan
from fadu.document.tests import reading
from fadu.document.tests.conftest import picture
from fadu.document.tests.samples import CONTEXTS

ORGAN = "示例市应急管理局"
URL = "http://127.0.0.1:8000/verify/ABCDEFGHJKMNPQRSTVWX/"


def sheet(document: Document, **changes: object) -> Sheet:
    number = f"（示）{document.word}〔2026〕17号" if document.numbered else ""
    return Sheet(document, CONTEXTS[document] | changes, ORGAN, number, date(2026, 4, 12))


@pytest.mark.parametrize("document", Document, ids=lambda d: d.name)
def test_every_field_of_every_kind_stands_in_its_pdf(document):
    one = sheet(document)
    text = reading.text(render.render(one, url=URL, demo=False))
    assert reading.squeezed(layouts.title(one)) in text
    if document.numbered:
        assert f"（示）{document.word}〔2026〕17号" in text
    for words in reading.said(document, one.context):
        assert reading.squeezed(words) in text, words


@pytest.mark.parametrize("document", [d for d in Document if d.seal.value], ids=lambda d: d.name)
def test_a_sealed_paper_names_the_organ_and_the_day_beside_the_seal(document):
    pages = reading.pages(render.render(sheet(document), url=URL, demo=False))
    last = next(page for page in reversed(pages) if ORGAN in page)
    assert f"{ORGAN}2026年4月12日" in last
    assert f"（{document.seal.value}）" in last
    # 此页无正文 is not used any more: text stands on the page of the seal (GB/T 9704)
    assert len(last.split(ORGAN)[0]) > 20


@pytest.mark.law("《行政复议法》第二十条第一款")
@pytest.mark.law("《行政诉讼法》第四十六条第一款")
@pytest.mark.parametrize("document", [d for d in Document if d.kind.remedies], ids=lambda d: d.name)
def test_remedies_are_told_with_their_terms(document):
    text = reading.text(render.render(sheet(document), demo=False))
    assert "60日内向示例市人民政府申请行政复议" in text
    assert "6个月内向示例市示例区人民法院提起行政诉讼" in text


@pytest.mark.law("《行政处罚法》第七十二条第一款第一项")
def test_a_fine_is_written_in_capitals_with_its_term_and_surcharge():
    text = reading.text(render.render(sheet(Document.PENALTY_DECISION_UNIT), demo=False))
    assert "罚款人民币陆万元整（￥60,000）" in text
    assert "叁仟伍佰元零伍角整（￥3,500.50）" in text
    assert "合计人民币陆万叁仟伍佰元零伍角整（￥63,500.50）" in text
    assert "15日内" in text
    assert "百分之三" in text
    assert "不超出罚款的数额" in text


@pytest.mark.law("《行政处罚法》第六十四条")
def test_the_hearing_notice_gives_five_working_days():
    assert "5个工作日内" in reading.text(render.render(sheet(Document.HEARING_RIGHT_NOTICE), demo=False))


@pytest.mark.law("《行政处罚法》第四十三条")
def test_questioning_begins_with_certificates_truth_and_recusal():
    text = reading.text(render.render(sheet(Document.QUESTIONING_RECORD), demo=False))
    opening, recusal, first = (text.index(words) for words in ("出示执法证件", "申请我们回避", "请介绍你的基本情况"))
    assert opening < recusal < first


def test_terms_of_an_order_are_grouped_by_day():
    text = reading.text(render.render(sheet(Document.RECTIFICATION_ORDER), demo=False))
    assert "对上述第2、3项问题，于2026年3月15日前整改完毕" in text
    assert "对上述第1项问题，于2026年3月25日前整改完毕" in text


def test_dates_have_no_leading_zeros():
    assert cn_date("2026-01-03") == "2026年1月3日"
    assert cn_span("2026-01-03T09:00", "2026-01-03T10:05") == "2026年1月3日9时0分至10时5分"
    assert cn_span("2026-01-03T22:00", "2026-01-04T01:00") == "2026年1月3日22时0分至2026年1月4日1时0分"


def test_money_is_written_twice():
    assert yuan("35000") == "人民币叁万伍仟元整（￥35,000）"


def test_embedded_fonts_are_those_of_the_folder():
    names = reading.font_names(render.render(sheet(Document.PENALTY_DECISION_UNIT), demo=False))
    assert names
    families = {face.family.replace(" ", "") for face in fonts.faces()}
    for name in names:
        assert any(
            name.startswith(family.replace("CJKSC", "CJK")) or name.replace("-", "").startswith(family)
            for family in families
        ), name


def glyph(character: str, *, checked: bool = True) -> Image.Image:
    """A character as the paper's own font chain draws it, cut out of a real page, in 48 × 48 points."""
    one = Sheet(Document.CASE_FILE_COVER, CONTEXTS[Document.CASE_FILE_COVER], ORGAN)
    alone = [{"t": "space", "mm": 60}, {"t": "centre", "text": character}]
    data = render.payload(one) | {"blocks": alone, "head": "", "title": "一", "numbered": False}
    if checked:
        pdf = render.compile_pdf(data)
    else:  # PDF/A itself refuses a missing glyph
        pdf = render._compiler().compile(sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=[])
    page = reading.drawn(pdf, scale=4)
    # below the title, above the foot
    area = page.crop((0, int(page.height * 0.15), page.width, int(page.height * 0.8)))
    box = ImageChops.invert(area).getbbox()
    assert box, f"{character} is not drawn"
    return area.crop(box).resize((48, 48))


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures differ, 0 to 255 for each point on average."""
    return sum(ImageChops.difference(one, other).tobytes()) / (one.width * one.height)


def test_rare_characters_and_signs_are_really_drawn_and_differ_from_each_other():
    shapes = {character: glyph(character) for character in "￥$〔〕喆㎡镕堃①％"}
    missing = glyph("\uffff", checked=False)
    for character, shape in shapes.items():
        assert apart(shape, missing) > 20, f"{character} is drawn as a missing glyph"
        for other, its_shape in shapes.items():
            assert character == other or apart(shape, its_shape) > 15, f"{character} is drawn like {other}"


def test_the_yuan_sign_is_not_drawn_as_a_dollar():
    # trap: some open fonts do, and the text read back still says ￥
    assert apart(glyph("￥"), glyph("$")) > 40
    # the true sign has a stem in its lower half and nothing in the corners beside it
    sign = glyph("￥").point(lambda value: 0 if value < 128 else 255)
    assert sign.getpixel((24, 44)) == 0
    assert sign.getpixel((4, 45)) == 255
    assert sign.getpixel((43, 45)) == 255


def test_a_character_that_no_font_has_stops_the_paper():
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        glyph("\ue000")


def test_the_glyph_check_names_what_no_font_has():
    assert fonts.undrawable(["甲山〔2026〕￥60,000㎡喆\n"]) == []
    assert fonts.undrawable(["好\U0001f600\ue000\x07"]) == ["\U0001f600", "\ue000", "\x07"]
    assert fonts.named("\ue000").endswith("（U+E000）")


@pytest.mark.parametrize("document", Document, ids=lambda d: d.name)
def test_what_the_layouts_themselves_write_can_be_drawn(document):
    data = render.payload(sheet(document), url=URL, demo=True)
    printed = {name: value for name, value in data.items() if name not in ("fonts", "qr")}
    assert fonts.undrawable(fonts.strings(printed)) == []


def test_the_qr_code_stands_on_the_first_page_and_holds_the_address():
    with_code = reading.drawn(render.render(sheet(Document.ADVANCE_NOTICE), url=URL, demo=False))
    without = reading.drawn(render.render(sheet(Document.ADVANCE_NOTICE), demo=False))
    left, _, _, bottom = ImageChops.difference(with_code, without).getbbox()
    assert left > with_code.width * 0.8
    assert bottom < with_code.height * 0.12
    assert "<svg" in render.qr_svg(URL)
    assert render.qr_svg("") == ""


def test_drafts_and_demo_papers_are_marked_and_real_ones_are_not():
    one = sheet(Document.ADVANCE_NOTICE)
    assert "草稿" in reading.text(render.render(one, watermark=render.DRAFT, demo=False))
    assert "不具有法律效力" in reading.text(render.render(one, demo=True))
    real = reading.text(render.render(one, demo=False))
    assert "草稿" not in real
    assert "演示" not in real


@pytest.mark.parametrize("document", Document, ids=lambda d: d.name)
def test_nothing_is_written_outside_the_page(document):
    opened = reading.pdfium.PdfDocument(render.render(sheet(document), url=URL, demo=True))
    for page in opened:
        width, height = page.get_size()
        words = page.get_textpage()
        for place in range(words.count_chars()):
            left, bottom, right, top = words.get_charbox(place)
            assert left >= 0 <= bottom
            assert right <= width
            assert top <= height


def test_a4_and_pages_are_numbered():
    pdf = render.render(sheet(Document.PENALTY_DECISION_UNIT), demo=False)
    document = reading.pdfium.PdfDocument(pdf)
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    assert "第 2 页" in document[1].get_textpage().get_text_range()


def test_a_long_text_runs_over_pages_and_loses_nothing():
    facts = "\n".join(f"第{number}项：" + "检查发现的情况" * 20 for number in range(1, 60))
    text = reading.text(render.render(sheet(Document.CASE_FILING_APPROVAL, facts=facts), demo=False))
    assert all(f"第{number}项：" in text for number in range(1, 60))


def test_markup_in_a_field_is_printed_and_not_obeyed():
    evil = '#import "x" *粗* $x^2$ \\ [甲] <b>乙</b> #panic()'
    assert reading.squeezed(evil) in reading.text(render.render(sheet(Document.SITE_RECORD, place=evil), demo=False))


def test_a_photograph_is_printed_with_its_hash(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(picture("证据"))
    one = Sheet(Document.PHOTO_EVIDENCE, CONTEXTS[Document.PHOTO_EVIDENCE], ORGAN, images={"0" * 64: str(path)})
    pdf = render.render(one, demo=False)
    assert "0" * 64 in reading.text(pdf)
    assert len(list(reading.PdfReader(reading.BytesIO(pdf)).pages[0].images)) == 1


def test_a_preview_of_a_half_filled_form_leaves_blanks(db):
    from fadu.document.services import preview

    for document in Document:
        assert preview(document, {}, organ=ORGAN).startswith(b"%PDF")
    wrong = {"problems": [{"problem": ""}], "inspect_on": "yesterday", "party_name": "甲山"}
    assert "甲山" in reading.text(preview(Document.RECTIFICATION_ORDER, wrong, organ=ORGAN))


def test_without_fonts_the_check_says_what_to_install(settings, monkeypatch):
    from fadu.document import checks

    monkeypatch.setattr(fonts, "folders", list)
    for cached in (fonts.faces, fonts.roles, fonts.folder, fonts.drawable):
        cached.cache_clear()
    try:
        (found,) = checks.chinese_fonts(None)
        assert found.id == "document.E001"
        assert "fonts-noto-cjk" in found.msg
        assert "FADU_FONTS" in found.msg
    finally:
        monkeypatch.undo()
        for cached in (fonts.faces, fonts.roles, fonts.folder, fonts.drawable):
            cached.cache_clear()
    assert not [one for one in checks.chinese_fonts(None) if one.id == "document.E001"]
