"""The library in the database: import, search, pages, the command. All statutes are invented."""

import io
import json
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.urls import reverse

from fadu.kernel import clock
from fadu.law import models, services
from fadu.law.library import queries
from fadu.law.library.models import Passage, StatuteText
from fadu.law.library.services import Source, import_texts, preview_texts
from fadu.law.statutes import APL, WSL
from fadu.law.tests.invented import BUOYS, LIGHTHOUSES, LIGHTHOUSES_2019, word
from fadu.record.actor import Actor
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db

BY = Actor.program("试导入")
DAY = date(2026, 11, 24)
LIGHT, LIGHT_2019, BUOY = "示例灯塔法(2022-06-10).md", "示例灯塔法(2019-03-01).md", "示例浮标管理条例.docx"


@pytest.fixture(autouse=True)
def loaded(db):
    if not models.Edition.objects.exists():
        services.load_content()


def bring(*files: tuple[str, str | bytes]):
    return import_texts([Source(n, c.encode() if isinstance(c, str) else c) for n, c in files], BY)


@pytest.fixture
def three():
    """Two versions of a statute, as Markdown, and a regulation, as Word."""
    return bring((LIGHT, LIGHTHOUSES), (LIGHT_2019, LIGHTHOUSES_2019), (BUOY, word(BUOYS)))


def everything():
    tables = (models.StatuteVersion, StatuteText, Passage, Entry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


# --- import ----------------------------------------------------------------------------------------------------------


def test_a_new_statute_gets_its_versions_in_order(three):
    assert [one.outcome for one in three] == ["added"] * 3
    code = three[0].code
    versions = queries.versions_of(code)
    # 2019-07-01 stands in the last article; the amended text does not say when it came into force.
    assert [(v.since, v.until, v.event, v.confidence) for v in versions] == [
        (date(2019, 7, 1), date(2022, 6, 10), "通过", "text"),
        (date(2022, 6, 10), None, "修正", "memory"),
    ]
    assert "请核对" in three[0].warnings[0].message
    assert three[1].code == code != three[2].code
    assert [queries.text_of(v).clause_count for v in versions] == [4, 6]


def test_a_second_import_changes_nothing(three):
    before = everything()
    again = bring((LIGHT, LIGHTHOUSES), (LIGHT_2019, LIGHTHOUSES_2019), (BUOY, word(BUOYS)))
    assert [one.outcome for one in again] == ["unchanged"] * 3
    assert everything() == before


def test_the_order_of_the_files_does_not_matter(three):
    ends = {v.since: v.until for v in queries.versions_of(three[0].code)}
    StatuteText.objects.all().delete()
    models.StatuteVersion.objects.filter(shipped=False).delete()
    bring((LIGHT_2019, LIGHTHOUSES_2019), (LIGHT, LIGHTHOUSES))
    assert {v.since: v.until for v in queries.versions_of(three[0].code)} == ends


def test_a_corrected_text_replaces_the_one_that_stands(three):
    (one,) = bring((LIGHT, LIGHTHOUSES.replace("视力良好", "视力、听力良好")))
    assert (one.outcome, one.replaced, one.clauses) == ("updated", 6, 6)
    assert StatuteText.objects.count() == 3
    assert queries.search("听力良好", DAY).total == 1


def test_a_text_is_put_to_the_version_that_the_register_holds():
    text = "# 中华人民共和国安全生产法\n<!-- INFO END -->\n第一条 为了示例。\n第二条 自2002年11月1日起施行。\n"
    count = models.StatuteVersion.objects.count()
    (one,) = bring(("示例(2014-08-31).md", text))
    assert (one.code, one.since, one.new_version) == ("WSL", date(2014, 12, 1), False)
    assert models.StatuteVersion.objects.count() == count


def test_every_good_file_goes_in_and_a_bad_one_leaves_nothing():
    broken = LIGHTHOUSES.replace("第五条", "第二条")
    done = bring((LIGHT, broken), (BUOY, word(BUOYS)))
    assert [one.outcome for one in done] == ["refused", "added"]
    assert [(p.line, p.message) for p in done[0].problems] == [(43, "第二条重复：第13行已经有第二条")]
    assert {text.title for text in StatuteText.objects.all()} == {"示例浮标管理条例"}
    assert not models.StatuteVersion.objects.filter(title__contains="灯塔").exists()


def test_a_fault_in_the_middle_of_a_file_takes_all_of_it_back(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr("fadu.law.library.services.write", fail)
    before = everything()
    with pytest.raises(RuntimeError):
        bring((LIGHT, LIGHTHOUSES))
    assert everything() == before


def test_two_files_of_one_version_are_not_both_taken():
    done = bring((LIGHT, LIGHTHOUSES), ("抄件" + LIGHT, LIGHTHOUSES.replace("视力良好", "视力不限")))
    assert [one.outcome for one in done] == ["added", "refused"]
    assert "同一个版本" in done[1].problems[0].message


def test_a_text_that_tells_no_day_is_refused_until_the_day_is_given():
    text = "# 示例无日期规定\n第一条 甲。\n"
    (one,) = bring(("示例.md", text))
    assert "看不出施行日期" in one.problems[0].message
    (one,) = import_texts([Source("示例.md", text.encode(), date(2024, 5, 1))], BY)
    assert (one.outcome, one.since, one.warnings) == ("added", date(2024, 5, 1), ())


def test_a_preview_writes_nothing():
    before = everything()
    (one,) = preview_texts([Source(LIGHT, LIGHTHOUSES.encode())])
    assert (one.outcome, one.clauses) == ("added", 6)
    assert everything() == before


def test_an_import_is_written_to_the_record(three):
    entry = Entry.objects.filter(chain=f"law.statute/{three[2].code}").get()
    after = entry.body["after"] if isinstance(entry.body, dict) else json.loads(entry.body)["after"]
    assert (after["title"], after["articles"], after["file"]) == ("示例浮标管理条例", 4, BUOY)


def test_loading_the_content_again_keeps_what_was_imported(three):
    text = "# 中华人民共和国安全生产法\n<!-- INFO END -->\n第一条 为了示例。\n"
    bring(("示例安全生产法(2030-01-01).md", text))
    before = everything()[:3]
    services.load_content()
    assert everything()[:3] == before
    newest, former = models.StatuteVersion.objects.filter(code="WSL").order_by("-since")[:2]
    assert (newest.since, former.until) == (date(2030, 1, 1), date(2030, 1, 1))


def test_a_version_with_a_text_stays_when_it_leaves_the_register():
    bring(("示例(2021-06-10).md", "# 中华人民共和国安全生产法\n<!-- INFO END -->\n第一条 为了示例。\n"))
    version = models.StatuteVersion.objects.get(text__isnull=False)
    models.StatuteVersion.objects.filter(pk=version.pk).update(since=date(2021, 9, 2))
    services.load_content()
    assert models.StatuteVersion.objects.filter(pk=version.pk).exists()


# --- search ----------------------------------------------------------------------------------------------------------


def labels(found):
    return [f"{hit.short}{hit.label}" for hit in found.hits]


def test_any_two_neighbouring_characters_are_found(three):
    text = "灯塔的设置和看守，适用本法"
    for place in range(len(text) - 1):
        pair = text[place : place + 2]
        if pair.strip("，") == pair:
            assert "示例灯塔法第二条" in labels(queries.search(pair, DAY)), pair


def test_a_search_finds_the_version_of_the_day(three):
    assert labels(queries.search("整夜点亮", date(2020, 1, 1))) == ["示例灯塔法第三条"]
    assert queries.search("整夜点亮", DAY).total == 0
    assert queries.search("一名助手", date(2020, 1, 1)).total == 0


def test_words_in_the_name_and_in_the_article_are_put_together(three):
    assert labels(queries.search("浮标 罚款", DAY)) == ["示例浮标管理条例第三条"]
    assert labels(queries.search("示例浮标管理条例 罚款", DAY)) == ["示例浮标管理条例第三条"]
    assert [v.short for v in queries.search("灯塔法", DAY).statutes] == ["示例灯塔法"]


def test_words_that_stand_nowhere_as_typed_find_what_has_most_of_them(three):
    found = queries.search("移动浮标罚款", DAY)
    assert found.loose
    assert labels(found)[0] == "示例浮标管理条例第三条"


def test_annexes_are_found_and_sub_items_too(three):
    assert labels(queries.search("鲸油", DAY)) == ["示例灯塔法附件一"]
    found = queries.search("乙级证书", DAY)
    assert labels(found) == ["示例灯塔法第三条"]
    assert found.hits[0].line == [("乙级证书", True), ("。", False)]


# 灯塔 stands in the first two articles of the invented law.
@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("", 0),
        (" ", 0),
        ("灯", 0),
        ("%", 0),
        ("'; DROP TABLE law_passage; --", 0),
        ("《》", 0),
        ("灯 塔", 0),
        ("\x00灯塔", 2),
    ],
)
def test_an_odd_search_is_answered_calmly(three, typed, count, client):
    assert client.get(reverse("law:search"), {"q": typed}).status_code == 200
    assert queries.search(typed, DAY).total == count


def test_search_asks_the_index(three):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM law_passage WHERE grams @> ARRAY['灯塔']::varchar[]")
        assert "passage_grams" in "".join(row[0] for row in cursor.fetchall())


# --- pages -----------------------------------------------------------------------------------------------------------


def page(client, name, *args, **asked) -> str:
    response = client.get(reverse(f"law:{name}", args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_the_article_page_shows_the_text_of_the_day(client, three):
    code = three[0].code
    now = page(client, "article", code, "3", on="2026-11-24")
    assert "持有看守证书" in now
    assert "第二章 看守" in now
    then = page(client, "article", code, "3", on="2020-01-01")
    assert "整夜点亮" in then
    assert "持有看守证书" not in then
    assert "不在施行期内" in page(client, "article", code, "3", on="2018-01-01")
    assert "<b>没有第九条</b>" in page(client, "article", code, "9")
    assert "所指的款、项" in page(client, "article", code, "3.1.7")
    assert client.get(reverse("law:article", args=["S-000000000000", "3"])).status_code == 404


def test_the_article_page_links_what_its_words_cite(client, three):
    shown = page(client, "article", three[0].code, "4")
    assert f'href="{reverse("law:article", args=[three[0].code, "3.1.2"])}"' in shown
    assert f'href="{reverse("law:article", args=["APL", "58"])}"' in shown


def test_the_statute_page_shows_the_whole_text_and_its_versions(client, three):
    shown = page(client, "statute", three[0].code)
    assert shown.count('class="art"') == 7
    assert 'id="a3-1"' in shown
    assert "待核：凭记忆" in shown
    assert "2019年7月1日起" in shown
    assert reverse("law:differences", args=[three[0].code]) in shown


def test_without_texts_everything_is_shown_that_we_hold(client):
    assert "还没有导入法律文本" in page(client, "statutes")
    shown = page(client, "statute", "WSL")
    assert "文本没有导入" in shown
    assert "import-statutes" not in shown
    assert "特种作业人员无证上岗" in shown
    article = page(client, "article", "WSL", WSL[97].key)
    assert "文本没有导入" in article
    assert "特种作业人员无证上岗" in article
    assert "还没有导入法律文本" in page(client, "search", q="无证上岗")
    assert "特种作业人员无证上岗" in page(client, "search", q="无证上岗")


def test_those_who_work_here_are_told_how_texts_come_in(client):
    users = get_user_model().objects
    client.force_login(users.create_user("示例员", "shili-2026-baoding"))
    assert "由系统管理员在" in page(client, "article", "WSL", "97")
    client.force_login(users.create_superuser("机房", "shili-2026-baoding"))
    assert "import-statutes" in page(client, "statute", "WSL")


def test_the_differences_show_what_changed(client, three):
    shown = page(client, "differences", three[0].code)
    assert "<del>、改建</del>" in shown
    assert "修改" in shown
    assert "新增" in shown
    assert "不能对照" in page(client, "differences", three[2].code)
    assert "不能对照" in page(client, "differences", "WSL")


def test_a_typed_citation_leads_to_its_article(client, three):
    def led(typed):
        response = client.get(reverse("law:search"), {"q": typed})
        assert response.status_code == 302
        return response["Location"]

    assert led("安全生产法99") == reverse("law:article", args=["WSL", "99"])
    assert led("安法第九十九条第一款") == reverse("law:article", args=["WSL", "99.1"])
    assert led("《行政处罚法》第五十八条") == reverse("law:article", args=["APL", APL[58].key])
    assert led("示例灯塔法3") == reverse("law:article", args=[three[0].code, "3"])


def test_what_is_typed_is_never_read_as_markup(client, three):
    text = "# 示例标记规定\n第一条 <script>alert(1)</script>灯塔。\n"
    import_texts([Source("示例.md", text.encode(), date(2020, 1, 1))], BY)
    for shown in (page(client, "search", q="<script> 灯塔"), page(client, "search", q="alert")):
        assert "<script>alert" not in shown
        assert "<script> 灯塔" not in shown


def test_a_bad_day_is_told_and_today_is_shown(client, three):
    with clock.at(DAY):
        shown = page(client, "article", three[0].code, "3", on="昨天")
    assert "请填写日期" in shown
    assert "持有看守证书" in shown


def test_visitors_import_nothing(client):
    for name in ("import", "import_confirm", "import_discard"):
        response = client.post(reverse(f"law:{name}"))
        assert response.status_code == 302
        assert "login" in response["Location"]


# --- the command -----------------------------------------------------------------------------------------------------


def run(*args: object) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("import-statutes", *map(str, args), stdout=out)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


@pytest.fixture
def folder(tmp_path):
    (tmp_path / LIGHT).write_text(LIGHTHOUSES)
    (tmp_path / "下级").mkdir()
    (tmp_path / "下级" / BUOY).write_bytes(word(BUOYS))
    (tmp_path / "说明.txt").write_text("不是法律")
    return tmp_path


def test_a_folder_is_imported_with_what_lies_below_it(folder):
    out, status = run(folder)
    assert status == 0
    assert out.splitlines()[-1] == "新导入2个，已更新0个，没有变化0个，没有导入0个"
    assert run(folder)[0].splitlines()[-1] == "新导入0个，已更新0个，没有变化2个，没有导入0个"


def test_a_bad_file_is_told_with_its_line_and_the_exit_status(folder):
    (folder / "坏.md").write_text("# 示例法\n第二条 甲。\n第一条 乙。\n")
    out, status = run(folder)
    assert status == 1
    assert "  错误 第3行：条的序号倒退：第二条之后是第一条" in out
    assert StatuteText.objects.count() == 2


def test_the_summary_for_programs_is_one_json_document(folder):
    (folder / "坏.md").write_text("第一条 甲。\n")
    out, status = run(folder, "--json")
    told = json.loads(out)
    assert (status, told["added"], told["refused"]) == (1, 2, 1)
    bad = next(one for one in told["files"] if one["outcome"] == "refused")
    assert bad["problems"] == [{"line": 1, "message": "缺少标题：第一行应当是“# 法律名称”"}]
    good = next(one for one in told["files"] if one["file"] == BUOY)
    assert (good["title"], good["since"], good["articles"]) == ("示例浮标管理条例", "2023-09-01", 4)


def test_a_path_that_is_none_is_refused(tmp_path):
    assert run(tmp_path / "没有")[1] == 2
    assert run(tmp_path)[1] == 2
    (tmp_path / "a.md").write_text("# 示例规定\n第一条 甲。\n")
    (tmp_path / "b.md").write_text("# 示例办法\n第一条 甲。\n")
    assert run(tmp_path, "--since", "2024-01-01")[1] == 2
    assert run(tmp_path / "a.md", "--since", "2024-01-01")[1] == 0
