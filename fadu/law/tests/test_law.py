"""The law floor in the database: loading, asking, the command, the pages."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.law import models, queries, services
from fadu.law.admin import ParameterAdmin, ParameterForm
from fadu.law.citations import parse
from fadu.law.content import notices, penalties
from fadu.law.content.reading import DATA, ContentError
from fadu.law.statutes import APL, WSL
from fadu.ui.slots import article_addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db):
    if not models.Edition.objects.exists():
        services.load_content()


def test_loading_twice_changes_nothing():
    def everything():
        tables = (
            models.StatuteVersion,
            models.Provision,
            models.Parameter,
            models.HolidayNotice,
            models.Holiday,
            models.Edition,
        )
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = everything()
    assert services.load_content()["provisions"] == len(penalties.provisions()) == 368
    assert everything() == before


def test_a_malformed_file_leaves_everything_as_it_was(tmp_path):
    for path in DATA.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(DATA)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    broken = tmp_path / "holidays" / "2026.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("2026-01-04", "2026-01-05"), encoding="utf-8")
    version = queries.calendar_version()
    with pytest.raises(ContentError, match=r"2026\.yaml.*不是周六、周日"):
        services.load_content(tmp_path)
    assert queries.calendar_version() == version
    assert models.Provision.objects.count() == 368


def test_provisions_come_back_as_they_stand_in_the_file():
    on = date(2026, 3, 1)
    stored = {provision.id: provision for provision in queries.provisions(on)}
    files = [sourced.provision for sourced in penalties.provisions()]
    assert stored == {provision.id: provision for provision in files if provision.in_force(on)}
    assert queries.provisions(date(2021, 8, 31), WSL) == []
    assert queries.provisions(date(2026, 3, 1), APL) == []
    assert queries.provision("wsl_109_p1", date(2026, 3, 1)).article == WSL[109]
    assert queries.provision("wsl_109_p1", date(2020, 3, 1)) is None


def test_a_newer_number_takes_the_place_of_the_older_from_its_day():
    services.set_parameter(
        "large_fine_unit", Decimal(100_000), since=date(2027, 1, 1), source="示例省规定", confidence="source"
    )
    assert queries.parameter("large_fine_unit", date(2026, 12, 31)).value == 50_000
    newer = queries.parameter("large_fine_unit", date(2027, 1, 1))
    assert (newer.value, newer.confidence, newer.title) == (100_000, "source", "应当告知听证权利的较大数额罚款（单位）")
    services.load_content()
    assert queries.parameter("large_fine_unit", date(2027, 1, 1)).value == 100_000


def test_a_checked_number_replaces_the_shipped_one_of_the_same_day():
    services.set_parameter("defence", Decimal(5), since=date(2021, 7, 15), source="部令第某条", confidence="text")
    assert (queries.parameter("defence", date(2026, 3, 1)).n, queries.parameter("defence", date(2026, 3, 1)).unit) == (
        5,
        "workdays",
    )
    services.load_content()
    assert queries.parameter("defence", date(2026, 3, 1)).n == 5


def test_an_organs_own_number_goes_before_the_general_one_and_no_further():
    services.set_parameter(
        "large_fine_individual", Decimal(5000), since=date(2026, 1, 1), source="示例县规定", organ_id=7
    )
    on = date(2026, 3, 1)
    assert queries.parameter("large_fine_individual", on, 7).value == 5000
    assert queries.parameter("large_fine_individual", on, 8).value == 20_000
    assert queries.parameter("large_fine_individual", on).value == 20_000
    assert queries.parameter("large_fine_individual", date(2025, 12, 31), 7).value == 20_000
    values = {number.name: number.value for number in queries.parameters(on, 7)}
    assert values["large_fine_individual"] == 5000
    assert len(values) == 35


def test_a_number_that_is_not_in_force_is_missed_in_chinese():
    with pytest.raises(queries.NumberMissing, match=r"“缴纳罚款.*”在2020-01-01没有有效的数值"):
        queries.parameter("payment", date(2020, 1, 1))
    with pytest.raises(queries.NumberMissing, match="“no_such_number”"):
        queries.parameter("no_such_number", date(2026, 1, 1))


def test_a_row_of_numbers_is_never_edited():
    row = models.Parameter.objects.first()
    row.value += 1
    with pytest.raises(TypeError, match="不修改"):
        row.save()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": Decimal("1.5")}, "value", "整数"),
        ({"value": Decimal(-1)}, "value", "不小于零"),
        ({"value": Decimal("NaN")}, "value", "不小于零"),
        ({"source": " "}, "source", "出处"),
        ({"unit": "weeks"}, "unit", "单位"),
        ({"until": date(2026, 1, 1)}, "until", "晚于施行日期"),
        ({"basis": ["某法第三条"]}, "basis", "未收录"),
        ({"name": "new number"}, "name", "小写英文"),
        ({"name": "new_number"}, "title", "写明事项"),
        ({"confidence": "sure"}, "confidence", "可信程度"),
    ],
)
def test_a_wrong_number_is_refused_at_its_field(changes, field, sentence):
    given = {"name": "payment", "value": Decimal(20), "since": date(2026, 6, 1), "source": "示例"} | changes
    with pytest.raises(Invalid) as refused:
        services.set_parameter(given.pop("name"), given.pop("value"), **given)
    assert sentence in refused.value.field_errors[field]


def test_the_same_number_from_the_same_day_is_refused_twice():
    services.set_parameter("payment", Decimal(20), since=date(2026, 6, 1), source="示例")
    with pytest.raises(Invalid, match="已经登记过"):
        services.set_parameter("payment", Decimal(25), since=date(2026, 6, 1), source="示例")


def test_the_database_refuses_a_number_that_ends_before_it_begins():
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Parameter.objects.create(
            name="x", title="x", value=1, unit="days", since=date(2026, 2, 1), until=date(2026, 1, 1), source="x"
        )


# --- calendar -------------------------------------------------------------------------------------------------------


def test_the_calendar_is_built_once_for_each_state_of_the_notices(django_assert_num_queries):
    first = queries.calendar()
    with django_assert_num_queries(1):
        assert queries.calendar() is first
    assert first.years == frozenset(range(2004, 2027))


def notice_of_2027(tmp_path, number="示例〔2026〕1号", rest="2027-01-01/2027-01-03", work="2027-01-09"):
    (tmp_path / "holidays").mkdir(exist_ok=True)
    text = (
        f"year: 2027\nnotices:\n- number: {number}\n  title: 示例\n  source: 示例\n  confidence: model\n"
        f"  days:\n  - {{name: 元旦, rest: [{rest}], work: [{work}]}}\n"
    )
    (tmp_path / "holidays" / "2027.yaml").write_text(text, encoding="utf-8")
    return notices.notices(tmp_path)


def test_a_new_notice_changes_the_version_and_ends_the_provisional_answers(tmp_path):
    before, calendar = queries.calendar_version(), queries.calendar()
    assert calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_provisional(date(2027, 1, 1), date(2027, 1, 1))
    after = services.load_notices(notice_of_2027(tmp_path))
    assert after == queries.calendar_version() != before
    assert not queries.calendar().is_workday(date(2027, 1, 1))
    assert queries.calendar().is_workday(date(2027, 1, 9))
    assert not queries.calendar().is_provisional(date(2027, 1, 1), date(2027, 1, 1))
    assert queries.calendar().years >= {2026, 2027}


def test_a_later_notice_has_the_last_word_on_a_day(tmp_path):
    services.load_notices(notice_of_2027(tmp_path))
    services.load_notices(notice_of_2027(tmp_path, "示例〔2027〕1号", "2027-01-04/2027-01-09", "2027-01-10"))
    calendar = queries.calendar()
    assert not calendar.is_workday(date(2027, 1, 9))
    assert calendar.is_workday(date(2027, 1, 10))
    assert not calendar.is_workday(date(2027, 1, 1))


def test_a_notice_entered_later_survives_the_content_of_the_software(tmp_path):
    notice_of_2027(tmp_path)
    call_command("load-notice", str(tmp_path / "holidays" / "2027.yaml"), stdout=io.StringIO())
    version = queries.calendar_version()
    services.load_content()
    assert queries.calendar_version() == version
    assert not queries.calendar().is_workday(date(2027, 1, 1))


def test_a_notice_that_cannot_be_read_is_refused(tmp_path):
    notice_of_2027(tmp_path)
    path = tmp_path / "holidays" / "2027.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2027-01-09", "2027-01-08"), encoding="utf-8")
    with pytest.raises(CommandError, match="不是周六、周日"):
        call_command("load-notice", str(path))
    with pytest.raises(CommandError, match="不能读取文件"):
        call_command("load-notice", str(tmp_path / "none.yaml"))
    assert queries.calendar().years == frozenset(range(2004, 2027))


def test_a_number_is_added_in_the_administration_by_the_same_rules(rf):
    form = ParameterForm(
        {
            "name": "payment",
            "title": "缴纳罚款",
            "value": "1.5",
            "unit": "days",
            "since": "2027-01-01",
            "source": "示例",
            "confidence": "source",
        }
    )
    assert form.errors["value"] == ["期限和次数应为整数"]
    form = ParameterForm(form.data | {"value": "20"})
    assert form.is_valid(), form.errors
    form.save()
    assert queries.parameter("payment", date(2027, 1, 1)).n == 20
    admin = ParameterAdmin(models.Parameter, site)
    assert not admin.has_change_permission(rf.get("/"))
    assert not admin.has_delete_permission(rf.get("/"))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2020-02-01", False),
        ("2020-02-02", False),
        ("2020-01-31", False),
        ("2020-02-03", True),
        ("2022-01-29", True),
        ("2022-01-30", True),
        ("2015-09-03", False),
        ("2015-09-06", True),
        ("2019-05-02", False),
        ("2019-05-05", True),
        ("2005-12-31", True),
        ("2012-12-31", True),
        ("2011-12-31", True),
        ("2018-12-31", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2004-05-08", True),
    ],
)
def test_days_known_from_the_notices(day, worked):
    assert queries.calendar().is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("year", "workdays"),
    # Working days of a year: 365 less weekends and holidays, plus make-up days; counted by hand from the notices.
    [(2019, 250), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248)],
)
def test_a_year_has_its_working_days(year, workdays):
    assert queries.calendar().count(date(year - 1, 12, 31), date(year, 12, 31)) == workdays


# --- manage.py workdays ---------------------------------------------------------------------------------------------


def run(*args, given=None, monkeypatch=None):
    out, err = io.StringIO(), io.StringIO()
    if given is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
    call_command("workdays", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_the_day_alone():
    assert run("2022-01-29", "5") == ("2022-02-10\n", "")


def test_the_command_says_on_standard_error_that_a_year_has_no_notice():
    out, err = run("2031-01-01", "5")
    assert out == "2031-01-08\n"
    assert "暂定" in err


def test_the_command_answers_json_lines_in_order_and_goes_on_after_a_bad_one(monkeypatch):
    lines = [
        '{"start": "2022-01-29", "n": 5}',
        "not json",
        "",
        '{"start": "2022-13-01", "n": 5}',
        '{"start": "2022-01-29", "n": "5"}',
        '{"start": "2022-01-29", "n": -1}',
        '["2022-01-29", 5]',
        '{"start": "9999-12-30", "n": 90000}',
        '{"start": "2026-12-30", "n": 3}',
        '{"n": 3}',
        '{"start": "2022-01-29", "n": true}',
    ]
    out, _ = run(given="\n".join(lines) + "\n", monkeypatch=monkeypatch)
    answers = [json.loads(line) for line in out.splitlines()]
    assert len(answers) == len(lines) - 1
    assert answers[0] == {"due": "2022-02-10", "provisional": False}
    assert answers[7] == {"due": "2027-01-04", "provisional": True}
    assert [set(answer) for answer in answers if "due" not in answer] == [{"error"}] * 8


@pytest.mark.parametrize("args", [("2022-01-29",), ("heute", "5"), ("2022-01-29", "fünf"), ("2022-01-29", "-3")])
def test_a_bad_question_on_the_command_line_is_refused(args):
    with pytest.raises(CommandError):
        call_command("workdays", *args) if args[-1] != "-3" else call_command("workdays", start=args[0], n=args[1])


# --- what rests on an article ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("article", "kind", "text"),
    [
        ("安全生产法97", "处罚规定", "特种作业人员无证上岗"),
        ("《安全生产法》第九十七条第七项", "处罚规定", "特种作业人员无证上岗"),
        ("安全生产法30", "义务", "特种作业人员无证上岗"),
        ("行政处罚法63", "法定数字", "50,000元"),
        ("行政处罚法85", "期间", "二、三、五、七日"),
        ("行政处罚法67", "法定数字", "15日"),
        ("民事诉讼法85", "期间", "顺延"),
    ],
)
def test_an_article_names_what_rests_on_it(article, kind, text):
    assert any(k == kind and text in t and where for k, t, where in queries.facts_about(parse(article)))


def test_a_sister_item_is_not_named():
    texts = [text for _, text, _ in queries.facts_about(parse("《安全生产法》第九十七条第七项"))]
    assert len(texts) == 1


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["statutes", "provisions", "parameters", "holidays"])
def test_the_law_pages_need_no_login(client, name):
    page = client.get(reverse(f"law:{name}"))
    assert page.status_code == 200


def test_the_register_shows_what_was_in_force_on_a_day(client):
    before = client.get(reverse("law:statutes"), {"on": "2026-04-30", "q": "危险化学品安全法"}).content.decode()
    after = client.get(reverse("law:statutes"), {"on": "2026-05-01", "q": "危险化学品安全法"}).content.decode()
    assert "不在施行期内" in before
    assert "不在施行期内" not in after


def test_provisions_are_found_by_article_addressee_and_words(client):
    def shown(**asked):
        return [row["value"].id for row in client.get(reverse("law:provisions"), asked).context["provisions"]]

    assert shown(law="WSL", article=109) == ["wsl_109_p1"]
    assert shown(target="investor") == ["wsl_93_p2"]
    assert shown(q="特种作业") == ["cmr_62_p1_i4", "wsl_97_p1_i7"]
    assert shown(law="WSL", on="2020-01-01") == []
    assert len(shown(law="WSL")) == 69


def test_a_bad_filter_is_told_at_its_field_and_kept(client):
    page = client.get(reverse("law:provisions"), {"article": "九十七", "on": "昨天"}).content.decode()
    assert "请填写条的序号，如97" in page
    assert "请填写日期，如2026-05-01" in page
    assert "九十七" in page


def test_numbers_from_memory_are_marked_and_explained(client):
    with clock.at(date(2026, 11, 24)):
        page = client.get(reverse("law:parameters")).content.decode()
    assert page.count("待核：凭记忆") == 7
    assert "7项标着“待核”" in page


def test_holidays_of_a_year_are_shown_and_a_year_without_a_notice_says_so(client):
    page = client.get(reverse("law:holidays_of", args=[2020])).content.decode()
    assert "国办发明电〔2020〕1号" in page
    assert "2020年1月31日（星期五）至2月2日（星期日）" in page
    assert "还没有放假通知" in client.get(reverse("law:holidays_of", args=[2031])).content.decode()
    assert client.get(reverse("law:holidays_of", args=[9999])).status_code == 404


def test_an_article_has_a_page_and_a_link(client):
    link_of = article_addresses()
    assert link_of is not None
    url = link_of("《安全生产法》第九十七条第七项")
    page = client.get(url)
    assert page.status_code == 200
    assert "特种作业人员无证上岗" in page.content.decode()
    assert link_of("某法第三条") is None
    for bad in ("/law/WSL/x/", "/law/NOPE/97/", "/law/WSL/0/", "/law/WSL/97.x/"):
        assert client.get(bad).status_code == 404
