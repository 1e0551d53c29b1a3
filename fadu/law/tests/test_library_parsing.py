"""Reading statute files: their structure, their oddities, and what is refused. All statutes are invented."""

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.law.citations import Article, Statute
from fadu.law.library import files
from fadu.law.library.citing import article_typed
from fadu.law.library.comparing import Change, Side, compare, differences
from fadu.law.library.dating import day_in_name, events, facts_of
from fadu.law.library.files import Malformed
from fadu.law.library.parsing import parse_file
from fadu.law.library.ranking import marked, read_query, score
from fadu.law.library.showing import holds, linked, shown
from fadu.law.library.tree import Clause, Heading, Item, Level, Paragraph, StatuteText, Subitem, markdown
from fadu.law.statutes import APL, WSL
from fadu.law.tests.invented import BUOYS, LIGHTHOUSES, word


def read(text: str, name: str = "示例.md"):
    return parse_file(name, text.encode())


def refused(text: str | bytes, name: str = "示例.md") -> list[tuple[int, str]]:
    with pytest.raises(Malformed) as caught:
        parse_file(name, text.encode() if isinstance(text, str) else text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


# --- structure ------------------------------------------------------------------------------------------------------


def test_a_statute_is_read_to_its_sub_items():
    text = read(LIGHTHOUSES).text
    assert text.title == "中华人民共和国示例灯塔法"
    assert len(text.notes) == 2
    assert [str(heading) for heading in text.headings] == [
        "第一章 总则", "第二章 看守", "第一节 看守人", "第二节 灯油", "第三章 附则",
    ]  # fmt: skip
    assert [clause.key for clause in text.clauses] == ["1", "2", "3", "3-1", "4", "5"]
    third = text.clauses[2]
    assert [text.headings[i].title for i in third.path] == ["看守", "看守人"]
    assert len(third.paragraphs) == 2
    assert [item.number for item in third.paragraphs[0].items] == [1, 2, 3]
    assert third.paragraphs[0].items[1].subitems == (Subitem(1, "甲级证书；"), Subitem(2, "乙级证书。"))
    assert third.paragraphs[1] == Paragraph("前款规定的证书由示例部门颁发。")
    assert text.clauses[1].paragraphs[1].text == "渔船的灯火不适用本法。"
    assert [(annex.title, annex.lines) for annex in text.annexes] == [("附件一", ("灯油品种", "鲸油"))]


def test_a_word_file_of_the_national_database_gives_the_same_kind_of_tree():
    parsed = parse_file("示例浮标管理条例_20230506.docx", word(BUOYS))
    text = parsed.text
    assert (text.title, len(text.notes), parsed.warnings) == ("示例浮标管理条例", 1, ())
    assert [str(heading) for heading in text.headings] == ["第一章 总则", "第二章 浮标", "第三章 附则"]
    assert [clause.number for clause in text.clauses] == [1, 2, 3, 4]
    assert text.clauses[1].paragraphs[0].items == (Item(1, "红色浮标；"), Item(2, "绿色浮标。"))
    assert text.clauses[1].paragraphs[1].text.startswith("前款所称")


def test_the_same_words_as_markdown_and_as_word_are_the_same_text():
    body = [line for line in BUOYS if not line.startswith("（2020")]
    marked_up = f"# {body[0]}\n{BUOYS[1]}\n\n" + "\n\n".join(body[1:])
    assert read(marked_up).text.digest == parse_file("x.docx", word(BUOYS)).text.digest


def test_the_title_of_a_word_file_may_stand_in_two_paragraphs():
    lines = ("中华人民共和国", "示例浮标管理条例", *BUOYS[1:])
    assert parse_file("x.docx", word(lines)).text.title == "中华人民共和国示例浮标管理条例"


def test_text_in_a_table_of_a_word_file_is_read_where_it_stands():
    document = docx.Document(io.BytesIO(word([*BUOYS, "附表"])))
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "红色", "橙色"
    file = io.BytesIO()
    document.save(file)
    annex = parse_file("x.docx", file.getvalue()).text.annexes[0]
    assert (annex.title, annex.lines) == ("附表", ("红色", "橙色"))


def test_a_constitution_like_preamble_and_an_unnumbered_last_part_are_kept():
    text = read(
        "# 示例章程\n\n## 序 言\n\n很久以前。\n\n## 第一编 总纲\n\n第一条 甲。\n\n## 附则\n\n第二条 乙。\n"
    ).text
    assert text.preamble == ("序 言", "很久以前。")
    assert text.headings[1] == Heading(Level.PART, None, "附则")
    assert text.clauses[1].path == (1,)


def test_chapters_may_begin_anew_in_each_part():
    text = read(
        "# 示例法典\n\n## 第一编 甲\n### 第一章 乙\n第一条 甲。\n### 第二章 丙\n第二条 乙。\n"
        "## 第二编 丁\n### 第一章 戊\n第三条 丙。\n"
    ).text
    assert [text.headings[i].title for i in text.clauses[2].path] == ["丁", "戊"]


def test_a_decision_numbered_in_the_old_way_is_read_by_its_numbers():
    text = read("# 示例修正案\n\n一、将第九条修改为：“第九条 甲。\n\n“（一）乙。”\n\n二、自公布之日起施行。\n").text
    assert text.listed
    assert [(c.number, len(c.paragraphs)) for c in text.clauses] == [(1, 2), (2, 1)]


def test_a_mention_of_an_article_at_the_head_of_a_paragraph_begins_no_article():
    text = read(
        "# 示例法\n第一条 甲。\n第二条规定的灯塔除外。\n第三条、第四条另有规定的，从其规定。\n第二条 乙。\n"
    ).text
    assert [len(clause.paragraphs) for clause in text.clauses] == [3, 1]


def test_an_article_without_a_blank_behind_its_number_is_read_when_its_number_is_due():
    assert [c.number for c in read("# 示例法\n第一条为了示例。\n第二条灯塔应当点亮。\n").text.clauses] == [1, 2]


def test_a_missing_article_and_a_missing_item_are_to_be_looked_at():
    parsed = read("# 示例法\n第一条 甲：\n（一）乙；\n（三）丙。\n第三条 丁。\n")
    assert [(w.line, w.message) for w in parsed.warnings] == [
        (4, "第一条的项不连续：第2项写作（三）"),
        (5, "第一条之后是第三条，中间缺条，请核对文本是否完整"),
    ]


def test_a_contents_entry_without_its_chapter_is_to_be_looked_at():
    lines = list(BUOYS)
    lines.insert(5, "第九章　没有的章")
    assert "第九章 没有的章" in parse_file("x.docx", word(lines)).warnings[0].message


def test_page_numbers_in_the_contents_do_not_hide_the_first_chapter():
    lines = [f"{line} {place}" if 3 <= place < 6 else line for place, line in enumerate(BUOYS)]
    text = parse_file("x.docx", word(lines)).text
    assert text == parse_file("x.docx", word(BUOYS)).text


def test_headings_without_a_blank_are_headings():
    text = read("# 示例法\n第一章总则\n第一条 甲。\n第二章看守和灯油\n第二条 乙。\n第二章规定的灯油除外。\n").text
    assert [str(heading) for heading in text.headings] == ["第一章 总则", "第二章 看守和灯油"]
    assert len(text.clauses[1].paragraphs) == 2


def test_a_note_whose_bracket_is_not_closed_swallows_no_article():
    assert len(read("# 示例法\n（2020年1月2日示例通过\n第一条 甲。\n第二条 乙（丙。\n").text.clauses) == 2


# --- what is refused ------------------------------------------------------------------------------------------------


def test_every_problem_is_told_with_its_line():
    assert refused("# 示例法\n第一条 甲。\n第三条 乙。\n第二条 丙。\n第三条 丁。\n第四条\n") == [
        (4, "条的序号倒退：第三条之后是第二条"),
        (5, "第三条重复：第3行已经有第三条"),
        (6, "第四条没有内容"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("第一条 甲。\n", 1, "缺少标题"),
        ("# 示例法\n\n没有条文的文字。\n", 0, "没有读到条文"),
        ("# 示例法\n## 第一章 甲\n第一条 乙。\n## 第一章 丙\n第二条 丁。\n", 4, "第一章的序号重复"),
        ("# 示例法\n## 第二章 甲\n第一条 乙。\n## 第一章 丙\n第二条 丁。\n", 4, "第一章的序号倒退"),
        ("# 示例法\n第一条 甲。\n## 说明\n乙。\n", 3, "不认识的标题“说明”"),
        ("# 示例法\n第一条 甲。\n# 另一部法\n第一条 乙。\n", 3, "一个文件只能有一部法律"),
        (
            "# 示例法\n第一条 甲。\n## 第一章 乙\n不属于任何一条的、以句号结尾的文字。\n第二条 丙。\n",
            4,
            "不属于任何一条",
        ),
        ("# 示例法\n第一条 甲。\n## 第二章 乙\n", 0, "之下没有条文"),
        ("# 示例法\n第一条 甲。\n附表\n红色\n第二条 乙。\n", 5, "“附表”之后又有第二条"),
        ("# 示例法\n第一条 甲。\n第二条灯塔应当点亮。\n第三条 乙。\n", 3, "看不出“第二条”是不是新的一条"),
        ("# 示例法\n第一条为了示例。\n第三条灯塔应当点亮。\n第四条自今日起施行。\n", 3, "看不出“第三条”是不是新的一条"),
        ("# 示例法\n第一百五条 甲。\n", 2, "“一百五”不是可用的序号"),
        ("# " + "长" * 130 + "\n第一条 甲。\n", 1, "标题超过"),
    ],
)
def test_a_malformed_text_is_refused_in_chinese(text, line, words):
    assert any(number == line and words in message for number, message in refused(text))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("示例.md", b"", "文件是空的"),
        ("示例.md", b" \n\n", "文件是空的"),
        ("示例.md", "# 示例法\n第一条 \x00甲。".encode(), "不能识别文字编码"),
        ("示例.md", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "不能识别文字编码"),
        ("示例.docx", b"PK\x03\x04 broken", "不是有效的Word文件"),
        ("示例.docx", "# 示例法\n第一条 甲。".encode(), "不是有效的Word文件"),
        ("示例.doc", b"\xd0\xcf\x11\xe0", "另存为.docx"),
        ("示例.pdf", b"%PDF", "只能导入.md或者.docx文件"),
        ("示例.md", b"x" * (files.LARGEST_FILE + 1), "超过10 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, content, words):
    assert words in refused(content, name)[0][1]


def test_a_zip_that_is_no_word_file_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hello.txt", "第一条 甲。")
    assert "不是有效的Word文件" in refused(file.getvalue(), "示例.docx")[0][1]


def test_a_small_file_that_unpacks_to_very_much_is_refused_unread():
    file = io.BytesIO(word(BUOYS))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/zeros.bin", bytes(files.LARGEST_UNPACKED + 1))
    assert len(file.getvalue()) < files.LARGEST_FILE
    assert "解压以后超过60 MB" in refused(file.getvalue(), "示例.docx")[0][1]


def test_tracked_changes_and_automatic_numbers_are_refused_because_words_would_be_lost():
    document = docx.Document(io.BytesIO(word(BUOYS)))
    document.paragraphs[-1]._p.append(OxmlElement("w:ins"))
    file = io.BytesIO()
    document.save(file)
    assert "修订痕迹" in refused(file.getvalue(), "示例.docx")[0][1]

    document = docx.Document(io.BytesIO(word(BUOYS)))
    numbering, chosen = OxmlElement("w:numPr"), OxmlElement("w:numId")
    chosen.set(qn("w:val"), "3")
    numbering.append(chosen)
    document.paragraphs[10]._p.get_or_add_pPr().append(numbering)
    file = io.BytesIO()
    document.save(file)
    assert refused(file.getvalue(), "示例.docx") == [
        (11, "这一段用了自动编号，编号读不出来；请在Word里把编号转换成文字以后再导入")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_give_the_same_text(encoding):
    assert parse_file("示例.md", LIGHTHOUSES.encode(encoding)).text == read(LIGHTHOUSES).text


def test_line_ends_blanks_and_invisible_characters_do_not_matter():
    odd = LIGHTHOUSES.replace("\n\n", "\r\n\u200b\r\n").replace("条 ", "条\u3000").replace("第一节 ", "第一节\xa0")
    assert read(odd).text == read(LIGHTHOUSES).text


# --- render and read ------------------------------------------------------------------------------------------------

# Words that begin with none of the signs that a line is known by.
WORDS = st.text(alphabet="灯塔看守人船只甲乙丙丁戊己，；", min_size=1, max_size=30).map(lambda s: f"凡{s}。")


@st.composite
def paragraphs(draw):
    items = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        subs = tuple(Subitem(n, draw(WORDS)) for n in range(1, draw(st.integers(0, 2)) + 1))
        items.append(Item(number, draw(WORDS), subs))
    return Paragraph(draw(WORDS), tuple(items))


@st.composite
def statutes(draw):
    headings, clauses, number = [], [], 0
    for chapter in range(1, draw(st.integers(0, 3)) + 1):
        headings.append(Heading(Level.CHAPTER, chapter, "灯火"))
        inside = [(len(headings) - 1,)]
        for section in range(1, draw(st.integers(0, 2)) + 1):
            headings.append(Heading(Level.SECTION, section, "船只"))
            inside.append((inside[0][0], len(headings) - 1))
        for path in inside[1:] or inside:
            number += 1
            clauses.append(Clause(number, None, path, tuple(draw(st.lists(paragraphs(), min_size=1, max_size=3)))))
            for bis in range(1, draw(st.integers(0, 2)) + 1):
                clauses.append(Clause(number, bis, path, (draw(paragraphs()),)))
    if not clauses:
        clauses.append(Clause(1, None, (), (draw(paragraphs()),)))
    notes = tuple(f"20{draw(st.integers(10, 26))}年1月2日{draw(WORDS)}" for _ in range(draw(st.integers(0, 2))))
    preamble = () if headings else tuple(draw(st.lists(WORDS, max_size=2)))
    return StatuteText("示例法", notes, preamble, tuple(headings), tuple(clauses), (), (), False)


@given(statutes())
@settings(max_examples=150, deadline=None)
def test_what_is_printed_is_read_back_the_same(text):
    parsed = parse_file("示例.md", markdown(text).encode())
    assert parsed.text == text
    assert parsed.warnings == ()


@given(statutes())
@settings(max_examples=15, deadline=None)
def test_what_is_printed_in_word_is_read_back_the_same(text):
    lines = [line.lstrip("# ") for line in markdown(text).split("\n") if line and not line.startswith("<!--")]
    assert parse_file("示例.docx", word(lines)).text == text


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode), st.sampled_from(["甲.md", "甲.docx"]))
@settings(max_examples=200, deadline=None)
def test_no_file_breaks_the_reader(content, name):
    try:
        read_to_its_end = bool(parse_file(name, content).text.clauses)
    except Malformed as error:
        read_to_its_end = bool(error.problems)
    assert read_to_its_end


# --- dates ----------------------------------------------------------------------------------------------------------


def test_the_notes_tell_adoption_and_amendments():
    told = events(
        ["（2020年1月2日示例通过　根据2023年5月6日《关于〈2022年1月1日〉的决定》第一次修正　2023年8月1日起施行）"]
    )
    assert [(event.day, event.name) for event in told][:1] == [(date(2020, 1, 2), "通过")]
    assert (told[-1].day, told[-1].name) == (date(2023, 8, 1), "施行")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("示例法(2021-06-10).md", date(2021, 6, 10)),
        ("示例法（2021年6月10日）.docx", date(2021, 6, 10)),
        ("示例法_20210610.docx", date(2021, 6, 10)),
        ("示例法(2021-13-10).md", None),
        ("示例法.md", None),
    ],
)
def test_the_file_name_may_end_with_a_day(name, day):
    assert day_in_name(name) == day


def test_an_amended_text_does_not_come_into_force_on_the_day_of_its_first_version():
    facts = facts_of(read(LIGHTHOUSES).text, "示例.md")
    assert (facts.adopted, facts.event) == (date(2022, 6, 10), "修正")
    assert (facts.since, facts.presumed) == (date(2022, 6, 10), True)


def test_a_revised_text_says_in_its_last_article_when_it_comes_into_force():
    facts = facts_of(parse_file("x.docx", word(BUOYS)).text, "x.docx")
    assert (facts.since, facts.presumed, facts.basis) == (date(2023, 9, 1), False, "第四条")
    assert (facts.event, facts.kind) == ("修订", "regulation")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("中华人民共和国示例法", "law"),
        ("示例实施办法", "rule"),
        ("示例条例", "regulation"),
        ("示例省示例条例", "local"),
        ("最高人民法院关于示例的解释", "interpretation"),
        ("中华人民共和国示例法修正案（三）", "law"),
    ],
)
def test_the_kind_follows_from_the_name(title, kind):
    assert facts_of(read(f"# {title}\n第一条 甲。\n").text, "x.md").kind == kind


# --- citations typed into the search box -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "article"),
    [
        ("安全生产法99", WSL[99]),
        ("《安全生产法》第九十九条", WSL[99]),
        ("安法第九十九条第一款", WSL[99, 1]),
        ("安法99", WSL[99]),
        ("安全生产法第99条第1款第2项", WSL[99, 1, 2]),
        ("安全生产法第99条1款2项", WSL[99, 1, 2]),
        ("安全生产法九十九条", WSL[99]),
        ("安全生产法 99", WSL[99]),
        ("行政处罚法 57 1 4", APL[57, 1, 4]),
        ("处罚法第５８条", APL[58]),
        ("中华人民共和国行政处罚法第五十八条（四）项", APL[58, None, 4]),
        ("罚款100万元", None),
        ("安全生产法", None),
        ("安全生产法2021", None),
        ("第九十九条", None),
        ("停产停业 罚款", None),
    ],
)
def test_a_citation_is_known_in_its_usual_spellings(typed, article):
    assert article_typed(typed) == article


def test_a_statute_that_only_the_library_knows_can_be_cited_too():
    lighthouse = Statute("S-1", "示例灯塔法", "中华人民共和国示例灯塔法", date(2022, 6, 10))
    assert article_typed("示例灯塔法第三条之一", [lighthouse]) == lighthouse["3-1"]


# --- ranking ---------------------------------------------------------------------------------------------------------


def test_words_near_each_other_rank_before_words_far_apart():
    query = read_query("灯塔 罚款")
    near_by = "移动灯塔的处罚款一千元" + "甲" * 60
    apart = "移动灯塔的" + "甲" * 60 + "处罚款一千元"
    assert score(query, near_by, "") > score(query, apart, "")


def test_the_statutes_name_counts_and_no_article_ranks_by_it_alone():
    query = read_query("灯塔法 罚款")
    assert score(query, "处罚款一千元", "灯塔法") > score(query, "处罚款一千元", "浮标法")
    assert score(query, "应当点亮", "灯塔法罚款") == 0


def test_a_line_is_cut_around_its_first_hit_and_loses_no_character_of_it():
    line = "甲" * 100 + "灯塔" + "乙" * 100
    pieces = marked(line, ["灯塔"])
    assert ("灯塔", True) in pieces
    assert "".join(text for text, _ in pieces).strip("…") in line


# --- differences -----------------------------------------------------------------------------------------------------


def side(number: int, words: str) -> Side:
    return Side(str(number), f"第{number}条", words)


def test_an_article_is_followed_to_its_new_number():
    old = [side(1, "灯塔应当整夜点亮，看守人不得离开。"), side(2, "灯油由示例部门供应，按月结算。")]
    new = [
        side(1, "为了加强管理，制定本法。"),
        side(2, "灯塔应当整夜点亮，看守人和助手不得离开。"),
        side(3, "灯油由示例部门供应，按月结算。"),
    ]
    rows = compare(old, new)
    assert [(row.change, row.old and row.old.key, row.new and row.new.key) for row in rows] == [
        (Change.ADDED, None, "1"),
        (Change.CHANGED, "1", "2"),
        (Change.MOVED, "2", "3"),
    ]
    assert [piece.words for piece in rows[1].new_words if piece.changed] == ["和助手"]


def test_what_was_removed_stands_where_it_stood():
    old = [side(1, "甲乙丙丁戊。"), side(2, "看守人应当年满二十岁。"), side(3, "灯油每月结算一次。")]
    rows = compare(old, [side(1, "甲乙丙丁戊。"), side(2, "灯油每月结算一次。")])
    assert [row.change for row in rows] == [Change.SAME, Change.REMOVED, Change.MOVED]


@given(st.text(alphabet="甲乙丙丁，。\n", max_size=60), st.text(alphabet="甲乙丙丁，。\n", max_size=60))
def test_the_pieces_of_a_side_are_that_side_and_the_unchanged_ones_are_common(old, new):
    left, right = differences(old, new)
    assert "".join(piece.words for piece in left) == old
    assert "".join(piece.words for piece in right) == new
    assert [p.words for p in left if not p.changed] == [p.words for p in right if not p.changed]


# --- as shown --------------------------------------------------------------------------------------------------------


def test_the_cited_item_is_marked_and_citations_become_links():
    text = read(LIGHTHOUSES).text
    lighthouse = Statute("S-1", "示例灯塔法", "中华人民共和国示例灯塔法", date(2022, 6, 10))
    third = shown(text.clauses[2].paragraphs, lighthouse[3, 1, 2], lambda article: repr(article))
    assert [item.here for item in third[0].items] == [False, True, False]
    fourth = linked(text.clauses[4].paragraphs[0].text, lighthouse, lambda article: repr(article))
    assert [(word.text, word.url) for word in fourth if word.url] == [
        ("本法第三条第一款第二项", "S-1[3, 1, 2]"),
        ("《中华人民共和国行政处罚法》第五十八条", "APL[58]"),
    ]


@pytest.mark.parametrize(
    ("place", "there"),
    [((3, 1), True), ((3, 2), True), ((3, 3), False), ((3, 1, 3), True), ((3, None, 3), True), ((3, 2, 1), False),
     ((3, 1, 2, 2), True), ((3, 1, 2, 3), False)],
)  # fmt: skip
def test_a_place_that_the_article_does_not_have_is_known(place, there):
    lighthouse = Statute("S-1", "示例灯塔法", "中华人民共和国示例灯塔法", date(2022, 6, 10))
    cited: Article = lighthouse[place]
    assert holds(read(LIGHTHOUSES).text.clauses[2].paragraphs, cited) is there
