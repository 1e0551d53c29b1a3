"""Citations of law, both ways."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.law.citations import (
    CitationError,
    Statute,
    from_numerals,
    in_chinese,
    in_numerals,
    parse,
    parse_all,
    registered,
    statute_named,
)
from fadu.law.statutes import ACL, APL, CRIMINAL, LIT_INTERPRETATION, TRANSFER, WSL

numbers = st.integers(1, 9999)
maybe = st.none() | st.integers(1, 99)


@st.composite
def articles(draw):
    statute = draw(st.sampled_from(registered()))
    number, bis, paragraph, item = draw(numbers), draw(maybe), draw(maybe), draw(maybe)
    subitem = draw(maybe) if item else None
    return statute[f"{number}-{bis}" if bis else number, paragraph, item, subitem]


@pytest.mark.parametrize(
    ("n", "written"),
    [
        (1, "一"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (58, "五十八"),
        (100, "一百"),
        (109, "一百零九"),
        (110, "一百一十"),
        (134, "一百三十四"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1200, "一千二百"),
        (9999, "九千九百九十九"),
    ],
)
def test_numerals_are_written_as_statutes_number_their_articles(n, written):
    assert in_numerals(n) == written
    assert from_numerals(written) == n


@given(numbers)
def test_every_numeral_is_read_back(n):
    assert from_numerals(in_numerals(n)) == n
    assert from_numerals(str(n)) == n


@pytest.mark.parametrize("text", ["", "零", "一百五", "十百", "百", "一百零零五", "〇〇", "第", "0", "10000", "二千万"])
def test_what_is_no_numeral_is_refused(text):
    with pytest.raises(CitationError, match="不是可用的序号"):
        from_numerals(text)


@pytest.mark.parametrize("text", ["一百十五", "一百一十五", "115", "１１５"])
def test_usual_variants_of_a_numeral_are_read(text):
    assert from_numerals(text) == 115


@pytest.mark.parametrize("n", [0, -1, 10_000])
def test_no_numeral_outside_one_to_9999(n):
    with pytest.raises(ValueError, match="9999"):
        in_numerals(n)


def test_an_article_prints_as_the_issue_says():
    assert str(APL[57, 1, 4]) == "《行政处罚法》第五十七条第一款第四项"
    assert str(APL[57]) == "《行政处罚法》第五十七条"
    assert str(APL[59, None, 6]) == "《行政处罚法》第五十九条第六项"
    assert str(WSL[109]) == "《安全生产法》第一百零九条"
    assert str(CRIMINAL["134-1", 2]) == "《刑法》第一百三十四条之一第二款"
    assert APL[57, 1, 4].in_text(quoted=False) == "行政处罚法第五十七条第一款第四项"
    assert APL[57, 1, 4].in_text(full=True, bracketed=True) == "《中华人民共和国行政处罚法》第五十七条第一款第（四）项"


def test_a_name_that_names_a_law_keeps_its_quotes_apart():
    assert str(LIT_INTERPRETATION[64]).startswith("《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》")
    assert parse(str(LIT_INTERPRETATION[64])) == LIT_INTERPRETATION[64]
    assert parse("行政诉讼法解释第六十四条") == LIT_INTERPRETATION[64]


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("《行政处罚法》第五十七条第一款第四项", APL[57, 1, 4]),
        ("《中华人民共和国行政处罚法》第五十七条第一款第（四）项", APL[57, 1, 4]),
        ("中华人民共和国行政处罚法第五十七条第一款第(四)项", APL[57, 1, 4]),
        ("行政处罚法58", APL[58]),
        ("行政处罚法 58", APL[58]),
        ("《行政处罚法》第58条", APL[58]),
        ("《行政处罚法》第58条第1款第2项", APL[58, 1, 2]),
        ("《安全生产法》第一百零九条", WSL[109]),
        ("《安全生产法》（2021年修正）第九十七条第（三）项", WSL[97, None, 3]),
        ("《刑法》第一百三十四条之一", CRIMINAL["134-1"]),
        ("刑法134-1", CRIMINAL["134-1"]),
        ("《刑法》第134条之一第2款", CRIMINAL["134-1", 2]),
        ("移送规定第五条第二款", TRANSFER[5, 2]),
        ("APL[57, 1, 4]", APL[57, 1, 4]),
        ('CRIMINAL["134-1"]', CRIMINAL["134-1"]),
        ("  《 行政强制法 》 第 五十四 条 ", ACL[54]),
    ],
)
def test_a_citation_is_read_in_every_usual_form(text, article):
    assert parse(text) == article


@pytest.mark.parametrize("name", ["行政复议法实施条例", "行政复议法"])
def test_the_longer_name_is_read_before_the_shorter(name):
    assert parse(f"{name}第三十八条").statute == statute_named(name)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "请写明法律名称"),
        ("第五十八条", "没有写明法律名称"),
        ("58", "没有写明法律名称"),
        ("《某某管理办法》第三条", "未收录的法律名称：某某管理办法"),
        ("某某法第三条", "未收录的法律名称：某某法"),
        ("行政处罚法", "不能识别"),
        ("行政处罚法第五十八", "不能识别"),
        ("行政处罚法第五十八条等", "不能识别"),
        ("行政处罚法第一百五条", "不是可用的序号"),
        ("行政处罚法第0条", "不是可用的序号"),
        ("APL[0]", "1至9999"),
    ],
)
def test_a_bad_citation_is_refused_in_chinese(text, problem):
    with pytest.raises(CitationError, match=problem):
        parse(text)


@given(articles())
def test_every_article_is_read_back_from_all_its_forms(article):
    assert parse(str(article)) == article
    assert parse(repr(article)) == article
    assert parse(article.in_text(full=True, bracketed=True)) == article
    assert parse(article.in_text(quoted=False)) == article
    assert article.statute.at(article.key) == article


@given(st.text(max_size=40) | st.text("行政处罚法安全生产第条款项之一二十百0123（）《》[],-", max_size=30))
def test_no_text_breaks_the_reader(text):
    with suppress(CitationError):
        assert parse(parse(text).in_text())
    assert all(text[found.start : found.end] for found in parse_all(text))


@given(articles(), articles())
def test_articles_are_ordered_and_hashable(one, other):
    assert (one < other) + (other < one) + (one == other) == 1
    assert len({one, other}) == (1 if one == other else 2)


@given(articles())
def test_a_place_covers_itself_and_what_lies_in_it(article):
    assert article.covers(article)
    assert article.whole.covers(article)
    assert article.covers(article.whole) == (article == article.whole)
    assert article.whole.touches(article)
    assert article.touches(article.whole)


def test_a_paragraph_does_not_cover_another_nor_another_law():
    assert APL[57].covers(APL[57, 1, 4])
    assert APL[57, 1].covers(APL[57, 1, 4])
    assert not APL[57, 2].covers(APL[57, 1, 4])
    assert not APL[57, 1, 4].covers(APL[57])
    assert not WSL[57].covers(APL[57, 1, 4])
    assert not CRIMINAL[134].covers(CRIMINAL["134-1"])


def test_citations_are_found_in_running_text_also_in_lists():
    text = (
        "依据《行政处罚法》第四十四条、第六十三条第一款第一项、第二项和《安全生产法》第九十七条第（三）项，"
        "以及行政强制法第五十三条的规定；《某条例》第三条不算，《行政处罚法》2021年修订也不算。"
    )
    found = parse_all(text)
    assert [f.article for f in found] == [
        APL[44],
        APL[63, 1, 1],
        APL[63, 1, 2],
        WSL[97, None, 3],
        ACL[53],
    ]
    assert [text[f.start : f.end] for f in found] == [
        "《行政处罚法》第四十四条",
        "第六十三条第一款第一项",
        "第二项",
        "《安全生产法》第九十七条第（三）项",
        "行政强制法第五十三条",
    ]


def test_a_basis_is_written_by_statute():
    cited = in_chinese([APL[44], APL[63], ACL[53], APL[44]])
    assert cited == "《行政处罚法》第四十四条、第六十三条；《行政强制法》第五十三条"


@pytest.mark.parametrize("key", [(0,), (57, 1, 4, 1, 1), (57, None, None, 1), ("五十七",), (57, 0)])
def test_a_place_that_cannot_be_is_refused(key):
    with pytest.raises(CitationError):
        APL[key]


def test_a_statute_is_no_sequence():
    with pytest.raises(TypeError):
        list(APL)


def test_no_two_statutes_share_a_name():
    names = [name for statute in registered() for name in (statute.code, *statute.names)]
    assert len(names) == len(set(names))
    with pytest.raises(ValueError, match="names both"):
        from fadu.law.citations import register

        register(Statute("OTHER", "行政处罚法", "另一部行政处罚法", APL.since))
