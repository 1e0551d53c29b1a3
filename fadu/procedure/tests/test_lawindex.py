"""From article to code: what is found, where it says it stands, and that the marks of tests are read."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fadu.law.citations import CitationError
from fadu.law.statutes import APL, TRANSFER, WSL
from fadu.procedure import lawindex
from fadu.procedure.lawindex import ROOT, about, article_of, of_content, of_procedures, of_tests
from fadu.procedure.tests.paper import PaperProcedure


def names(article: Any) -> set[str]:
    return {claim.code for claim in about(article, of_procedures([PaperProcedure]))}


@pytest.mark.parametrize(
    ("words", "article"),
    [
        (["行政处罚法", "58"], APL[58]),
        (["行政处罚法", "57", "1", "4"], APL[57, 1, 4]),
        (["行政处罚法", "64", "0", "1"], APL[64, None, 1]),
        (["《行政处罚法》第五十八条"], APL[58]),
        (["《行政处罚法》", "第五十七条第一款第四项"], APL[57, 1, 4]),
        (["安全生产法", "78", "2"], WSL[78, 2]),
        (["移送规定", "5"], TRANSFER[5]),
        (["APL[58, 1]"], APL[58, 1]),
    ],
)
def test_an_article_may_be_named_in_several_ways(words: list[str], article: Any) -> None:
    assert article_of(words) == article


@pytest.mark.parametrize(
    "words", [[], ["不存在法", "3"], ["行政处罚法"], ["行政处罚法", "第五十"], ["行政处罚法", "0"]]
)
def test_what_names_no_article_is_refused_in_chinese(words: list[str]) -> None:
    with pytest.raises(CitationError, match=r"[一-鿿]"):
        article_of(words)


def test_steps_rules_and_periods_that_rest_on_an_article_are_found() -> None:
    assert names(APL[44]) == {"test.paper.tell"}
    assert names(APL[57, 2]) == {"test.paper.tell", "test.paper.decide"}  # the rules 重大违法行为 and 已经集体讨论
    assert names(APL[67, 3]) == {"test.paper.decide"}  # the period of payment
    assert names(APL[3]) == set()


def test_a_part_is_found_by_the_whole_and_the_whole_by_a_part() -> None:
    assert "test.paper.decide" in names(APL[57])
    assert "test.paper.review" in names(APL[58, 1, 3])
    assert "test.paper.decide" not in names(APL[57, 1, 4])


def test_each_claim_stands_where_it_says() -> None:
    for claim in of_procedures([PaperProcedure]):
        line = (ROOT / claim.file).read_text().splitlines()[claim.line - 1]
        assert re.search(r"= Step\(|@rule\(|class ", line), claim.where


def test_the_shipped_content_is_indexed() -> None:
    texts = [str(claim) for claim in about(WSL[97, 1, 3], of_content())]
    assert any("wsl_97_p1_i3" in text and "fadu/law/data/provisions/" in text for text in texts)
    numbers = [str(claim) for claim in about(APL[60], of_content())]
    assert any("90日" in text for text in numbers)
    assert any("待核" in text for text in numbers)  # the extension is known from memory only


def test_marks_of_tests_are_read_from_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "fadu" / "penalty" / "tests"
    folder.mkdir(parents=True)
    (folder / "test_it.py").write_text(
        "import pytest\n"
        "from fadu.law.statutes import APL, CRIMINAL\n\n\n"
        "@pytest.mark.law(APL[58, 1])\n"
        "@pytest.mark.law(CRIMINAL['134-1'])\n"
        "def test_no_decision_without_review():\n    ...\n\n\n"
        "@pytest.mark.law(APL[44])\n"
        "class TestNotice:\n"
        "    @pytest.mark.law(APL[64, None, 1])\n"
        "    def test_five_days(self):\n        ...\n\n\n"
        "@pytest.mark.law(unheard_of)\n"
        "def test_passed_over():\n    ...\n"
    )
    assert [(str(c.article), c.text, c.where) for c in of_tests(tmp_path)] == [
        ("《行政处罚法》第五十八条第一款", "no decision without review", "fadu/penalty/tests/test_it.py:7"),
        ("《刑法》第一百三十四条之一", "no decision without review", "fadu/penalty/tests/test_it.py:7"),
        ("《行政处罚法》第四十四条", "TestNotice", "fadu/penalty/tests/test_it.py:12"),
        ("《行政处罚法》第六十四条第一项", "five days", "fadu/penalty/tests/test_it.py:14"),
    ]


def test_the_page_of_a_statute_is_in_the_order_of_its_articles_and_without_line_numbers() -> None:
    claims = list(of_procedures([PaperProcedure]))
    text = lawindex.markdown(APL, claims)
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    order = [str(c.article.whole.place()) for c in sorted(claims, key=lambda c: c.article.whole)]
    assert heads == list(dict.fromkeys(order))
    assert not re.search(r"\.py:\d", text)


# --- the command ----------------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("article", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
@pytest.mark.law(APL[58])
def test_the_command_lists_what_rests_on_article_58() -> None:
    out, _ = run("行政处罚法", "58")
    lines = out.splitlines()
    assert any("penalty.ordinary.review" in line and "decision.py:" in line for line in lines)
    assert any("法制审核已通过" in line and "rules/decision.py:" in line for line in lines)
    assert any("test_" in line for line in lines)
    assert all("第五十八条" in line for line in lines)


@pytest.mark.django_db
def test_the_command_lists_provisions_and_numbers_as_the_database_has_them() -> None:
    out, err = run("《安全生产法》第九十七条第三项")
    assert "处罚规定" in out
    assert err == ""


@pytest.mark.django_db
def test_nothing_on_an_article_ends_with_one() -> None:
    with pytest.raises(CommandError, match="《行政处罚法》第三条") as caught:
        run("行政处罚法", "3")
    assert caught.value.returncode == 1


def test_an_unknown_law_is_refused() -> None:
    with pytest.raises(CommandError, match="未收录的法律名称：不存在法"):
        run("不存在法", "3")


def test_the_whole_index_is_written_twice_the_same(tmp_path: Path) -> None:
    run("--all", str(tmp_path / "a"))
    run("--all", str(tmp_path / "b"))
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert one == two
    assert "行政处罚法.md" in one
    assert "[《行政处罚法》](行政处罚法.md)" in one["README.md"].decode()
