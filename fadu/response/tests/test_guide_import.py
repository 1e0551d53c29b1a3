"""The guide by xlsx: what goes out comes back the same, every fault is told at its cell, nothing is written before it was seen."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import services as org
from fadu.org.models import Appointment, Division, Post
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.record.models import Access, Entry
from fadu.response.models import PlaceImport, SafePlace
from fadu.response.services import importing, places
from fadu.response.tests import universe
from fadu.response.tests.test_pages import client_of, text

pytestmark = pytest.mark.django_db
HEAD = tuple(importing.COLUMNS.values())
CHAIN = "response.places/140403"
ADDRESS = "/response/places/import/"


@pytest.fixture
def town():
    return universe.town()


@pytest.fixture
def clerk(town):
    return client_of(town.officers["东区局"][Role.CLERK])


def village(prefix: str = "140403") -> Division:
    found = Division.objects.filter(code__startswith=prefix, level="village").first()
    assert found is not None
    return found


def line(**given: Any) -> list[Any]:
    """A line that needs nothing; ``given``: by key, what stands there instead."""
    good = {
        "code": village().code, "place": "示例村", "kind": "避险点", "name": "示例中学", "address": "示例路3号", "people": 300,
        "warden": "王示甲", "phone": "19900010001", "deputy": "", "deputy_phone": "", "route": "沿示例路向东，到示例中学（东门）",
        "active": "是",
    }  # fmt: skip
    assert set(given) <= set(good), given
    return list((good | given).values())


def book(rows: Iterable[Iterable[Any]], head: Iterable[str] = HEAD, above: Iterable[str] = ()) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    if above:
        made.active.append(list(above))
    made.active.append(list(head))
    for row in rows:
        made.active.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile("指南.xlsx", file.getvalue())


def sent(client, file) -> Any:
    response = client.post(ADDRESS, {"file": file})
    return PlaceImport.objects.latest("pk") if response.status_code == 302 else response


def counts(**given: int) -> dict[str, int]:
    return {"new": 0, "change": 0, "same": 0, "reject": 0, **given}


def guide() -> list[dict[str, Any]]:
    """The whole guide as it stands."""
    return list(SafePlace.objects.order_by("pk").values())


# --- out and back ---------------------------------------------------------------------------------------------------


def test_what_is_exported_comes_back_without_a_change(clerk):
    universe.place("risk", 80, "示例沟口（东）")
    universe.place("shelter", 1200, "示例，中学 一部")
    SafePlace.objects.create(
        division=Division.objects.get(code="140403"), county="140403", kind="shelter", name="110", people=0, warden="王示乙",
        phone="0355-2012345", deputy="赵示", deputy_phone="2012345", address="=示例路３号；后院", active=False,
    )  # fmt: skip
    before = guide()
    data = b"".join(clerk.get("/response/places/export/?tab=all").streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == HEAD
    assert len(rows) == 4
    assert Access.objects.filter(chain=CHAIN, what__contains="导出").count() == 1  # the numbers are in full
    batch = sent(clerk, SimpleUploadedFile("a.xlsx", data))
    assert (batch.counts, batch.rows) == (counts(same=3), [])
    page = text(clerk.get(f"{ADDRESS}{batch.pk}/"))
    assert "不会有任何变化" in page
    assert "确认导入" not in page
    clerk.post(f"{ADDRESS}{batch.pk}/")
    assert guide() == before
    assert not Entry.objects.filter(chain=CHAIN).exists()


def test_the_empty_guide_is_a_template_and_a_filtered_one_holds_what_was_filtered(clerk):
    def names(query: str) -> list[Any]:
        data = b"".join(clerk.get(f"/response/places/export/{query}").streaming_content)
        rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
        assert rows[0] == HEAD
        return [row[3] for row in rows[1:]]

    assert names("?tab=all") == []
    universe.place("risk", 80, "示例沟口")
    universe.place("shelter", 100, "示例中学")
    SafePlace.objects.filter(name="示例中学").update(active=False)
    assert names("") == ["示例沟口"]
    assert names("?tab=former") == ["示例中学"]
    assert names("?tab=all&kind=risk") == ["示例沟口"]


# --- new and changed ------------------------------------------------------------------------------------------------


def test_lines_are_shown_first_and_written_by_confirming_only(clerk, town):
    old = universe.place("risk", 80, "示例沟口")
    batch = sent(clerk, book([
        line(),
        line(kind="重点部位", name="示例沟口", people="1,120人", phone=19900010009, address="", route="", active="否"),
    ]))  # fmt: skip
    assert batch.counts == counts(new=1, change=1)
    page = text(clerk.get(f"{ADDRESS}{batch.pk}/"))
    for words in ("300人，责任人王示甲", "人数：80 → 1120", "责任人电话：改为 199****0009", "改为停用"):
        assert words in page
    assert "19900010009" not in page
    assert SafePlace.objects.get() == old
    assert SafePlace.objects.get().people == 80
    assert clerk.post(f"{ADDRESS}{batch.pk}/").status_code == 302
    new, old = SafePlace.objects.get(name="示例中学"), SafePlace.objects.get(name="示例沟口")
    assert (new.county, new.kind, new.people, new.route) == (
        "140403", "shelter", 300, "沿示例路向东，到示例中学（东门）",
    )  # fmt: skip
    assert (old.people, old.phone, old.active) == (1120, "19900010009", False)
    assert old.route == "沿示例路向东到示例中学"  # an empty cell leaves what there is
    batch.refresh_from_db()
    assert batch.rows == []  # with the numbers in them
    assert clerk.post(f"{ADDRESS}{batch.pk}/").status_code == 409
    again = sent(clerk, book([line(), line(kind="重点部位", name="示例沟口", people=1120, phone="19900010009", active="否", address="", route="")]))  # fmt: skip
    assert again.counts == counts(same=2)


def test_the_record_says_what_was_and_what_is_and_from_which_file_without_a_number(clerk, town):
    universe.place("risk", 80, "示例沟口")
    batch = sent(clerk, book([line(), line(kind="重点部位", name="示例沟口", people=90, address="", route="")]))
    clerk.post(f"{ADDRESS}{batch.pk}/")
    entries = list(Entry.objects.filter(chain=CHAIN).order_by("seq"))
    assert {entry.act for entry in entries} == {"response.place"}
    assert len(entries) == 2
    whole = "".join(entry.body for entry in entries)
    assert '"people":80' in whole
    assert '"people":90' in whole
    assert "指南.xlsx" in whole
    assert "19900010001" not in whole


def test_places_that_the_file_does_not_name_stay_as_they_are(clerk):
    universe.place("risk", 80, "示例沟口")
    batch = sent(clerk, book([line()]))
    clerk.post(f"{ADDRESS}{batch.pk}/")
    assert SafePlace.objects.get(name="示例沟口").active


def test_the_head_may_stand_below_a_caption_its_columns_in_any_order_and_those_not_needed_missing(clerk):
    head = ("责任人电话", "责 任 人", "名称", "人数", "类别", "区划代码")
    row = ("１９９ 0001 0001", "王示甲", "示例中学", "３００", "避险点", f"{village().code}")
    batch = sent(clerk, book([row], head=head, above=("示例市疏散避险指南",)))
    assert batch.counts == counts(new=1)
    clerk.post(f"{ADDRESS}{batch.pk}/")
    made = SafePlace.objects.get()
    assert (made.phone, made.people, made.active, made.route) == ("19900010001", 300, True, "")


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "cell", "words"),
    [
        ({"code": ""}, "A2", "请填写区划代码"),
        ({"code": "999"}, "A2", "没有区划代码“999”"),
        ({"code": "1404"}, "A2", "没有区划代码“1404”"),
        ({"code": "140404"}, "A2", "不归您所在的机关维护，请删去这一行"),
        ({"kind": ""}, "C2", "类别应当是重点部位、避险点之一"),
        ({"kind": "学校"}, "C2", "类别应当是重点部位、避险点之一"),
        ({"name": ""}, "D2", "请填写名称"),
        ({"name": "示" * 81}, "D2", "名称最多80个字，请缩短"),
        ({"name": "示例中学19900010001"}, "D2", "名称会公开"),
        ({"address": "示例路 199 0001 0001"}, "E2", "地址会公开"),
        ({"people": ""}, "F2", "请填写人数"),
        ({"people": "很多"}, "F2", "不带小数的整数"),
        ({"people": 80.5}, "F2", "“80.5”不是人数"),
        ({"people": -1}, "F2", "“-1”不是人数"),
        ({"people": 9_000_000_000}, "F2", "人数"),
        ({"people": "9" * 30}, "F2", "人数"),
        ({"people": "=1/0*"}, "F2", "公式没有计算结果"),
        ({"warden": ""}, "G2", "请填写责任人"),
        ({"warden": "王示甲19900010001"}, "G2", "只写姓名"),
        ({"phone": ""}, "H2", "请填写电话"),
        ({"phone": "1990"}, "H2", "请填写11位手机号"),
        ({"deputy_phone": "1990"}, "J2", "请填写11位手机号"),
        ({"route": "找19900010001带路"}, "K2", "转移路线会公开"),
        ({"active": "可能"}, "L2", "请填写“是”或者“否”"),
        ({"name": datetime(2026, 3, 5)}, "D2", "被当成了日期"),  # noqa: DTZ001 - what Excel makes of 3-5
        ({"warden": "#N/A"}, "G2", "错误值#N/A"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_fault_is_told_at_its_cell_with_what_to_do_and_the_line_is_not_taken(clerk, wrong, cell, words):
    batch = sent(clerk, book([line(**wrong), line(name="示例小学")]))
    assert batch.counts == counts(new=1, reject=1)
    rejected = next(row for row in batch.rows if row["outcome"] == "reject")
    title = importing.COLUMNS[next(iter(wrong))]
    assert [(one["cell"], one["column"]) for one in rejected["errors"]] == [(cell, title)]
    assert words in rejected["errors"][0]["message"]
    page = text(clerk.get(f"{ADDRESS}{batch.pk}/?view=reject"))
    assert "第2行" in page
    assert f"{cell} {title}" in page
    assert "第3行" not in page
    clerk.post(f"{ADDRESS}{batch.pk}/")
    assert set(SafePlace.objects.values_list("name", flat=True)) == {
        "示例小学"
    }  # as with the register: the rest is taken


def test_every_fault_of_a_line_is_told_at_once(clerk):
    batch = sent(clerk, book([line(code="", kind="", name="", people="x", warden="", phone="1", active="x")]))
    assert [one["cell"] for one in batch.rows[0]["errors"]] == ["A2", "C2", "D2", "F2", "G2", "H2", "L2"]
    assert "确认导入" not in text(clerk.get(f"{ADDRESS}{batch.pk}/"))


def test_the_same_place_twice_is_taken_once(clerk):
    batch = sent(clerk, book([line(), line(people=20), line(kind="重点部位")]))
    assert batch.counts == counts(new=2, reject=1)
    rejected = next(row for row in batch.rows if row["outcome"] == "reject")
    assert rejected["errors"] == [
        {"cell": "D3", "column": "名称", "message": "和第2行是同一个地方，请只留一行。"}
    ]  # fmt: skip


def bomb() -> bytes:
    """A workbook whose sheet unpacks to thirty million blanks."""
    file = io.BytesIO(book([]).read())
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = given.read(name)
            made.writestr(name, data.replace(b"<sheetData>", b"<sheetData>" + b" " * 30_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"a,b\n1,2\n", "这是文本文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的 .xls 格式"),
        (b"PK\x03\x04nothing", "文件已损坏"),
        (None, "文件解开后过大"),
    ],
    ids=["empty", "text", "xls", "broken", "bomb"],
)
def test_what_is_no_workbook_is_refused_at_the_field(clerk, data, words):
    answer = sent(clerk, SimpleUploadedFile("a.xlsx", bomb() if data is None else data))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not PlaceImport.objects.exists()


def test_a_workbook_that_is_no_guide_is_refused_with_what_it_lacks(clerk):
    for file, words in (
        (book([], head=("甲", "乙")), "没有找到表头"),
        (book([line()[:7]], head=HEAD[:7]), "责任人电话"),
        (book([]), "表头下面没有内容"),
    ):
        answer = sent(clerk, file)
        assert answer.status_code == 422
        assert words in text(answer)


def test_a_masked_export_of_who_does_not_keep_the_guide_does_not_come_back(clerk, town):
    universe.place()
    reader = client_of(town.officers["东区局"][Role.CASE_OFFICER])
    data = b"".join(reader.get("/response/places/?export=xlsx").streaming_content)
    assert sent(clerk, SimpleUploadedFile("a.xlsx", data)).status_code == 422


# --- stale previews -------------------------------------------------------------------------------------------------


def refused(client, batch) -> str:
    """The confirm is refused and the guide stays as it is; the words of the refusal."""
    before, entries = guide(), Entry.objects.count()
    answer = client.post(f"{ADDRESS}{batch.pk}/")
    assert answer.status_code == 409
    assert (guide(), Entry.objects.count()) == (before, entries)
    batch.refresh_from_db()
    assert batch.confirmed_at is None
    return text(answer)


def test_a_place_that_was_changed_after_the_preview_stops_the_whole_import(clerk):
    old = universe.place("risk", 80, "示例沟口")
    batch = sent(clerk, book([line(kind="重点部位", name="示例沟口", people=90), line()]))
    assert batch.counts == counts(new=1, change=1)
    changed = SafePlace.objects.filter(pk=old.pk)
    changed.update(phone="19900010002")  # by somebody else; masked, the line would still look the same
    assert "第2行“示例沟口”" in refused(clerk, batch)
    changed.update(phone="19900010001")
    assert clerk.post(f"{ADDRESS}{batch.pk}/").status_code == 302


def test_a_place_that_was_entered_after_the_preview_is_not_entered_twice(clerk):
    batch = sent(clerk, book([line(), line(name="示例小学")]))
    made = universe.place("shelter", 100, "示例中学")
    words = refused(clerk, batch)
    assert "第2行“示例中学”" in words
    assert "重新上传" in words
    assert SafePlace.objects.get() == made


def test_a_change_of_what_the_file_does_not_touch_stops_nothing(clerk):
    same, other = universe.place("shelter", 300, "示例中学"), universe.place("risk", 80, "示例沟口")
    asis = line(address="", route="", people=300)
    batch = sent(clerk, book([asis, line(name="示例小学")]))
    assert batch.counts == counts(new=1, same=1)
    SafePlace.objects.filter(pk__in=[same.pk, other.pk]).update(people=70)
    assert clerk.post(f"{ADDRESS}{batch.pk}/").status_code == 302
    assert SafePlace.objects.get(pk=same.pk).people == 70  # shown as unchanged, so it is not written


def test_who_lost_the_post_after_the_preview_confirms_nothing(clerk, town):
    keeper = town.officers["东区局"][Role.CLERK]
    batch = sent(clerk, book([line()]))
    Appointment.objects.filter(officer=keeper).update(ends_on="2020-02-01")
    assert clerk.post(f"{ADDRESS}{batch.pk}/").status_code in (302, 403)
    with pytest.raises(OutOfOrder):
        importing.confirm(batch, by=keeper)
    assert not SafePlace.objects.exists()


# --- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CLERK, Role.REVIEWER)], ids=str)
def test_who_does_not_keep_the_guide_neither_takes_it_out_nor_brings_it_in(town, clerk, role):
    batch = sent(clerk, book([line()]))
    other = client_of(town.officers["东区局"][role])
    assert other.get("/response/places/export/").status_code == 403
    for address in (ADDRESS, f"{ADDRESS}{batch.pk}/"):
        assert other.get(address).status_code == 403
        assert other.post(address, {"file": book([line()])}).status_code == 403
    assert (PlaceImport.objects.count(), SafePlace.objects.count()) == (1, 0)


def test_a_list_is_seen_and_confirmed_by_who_sent_it_only(town, clerk):
    batch = sent(clerk, book([line()]))
    for place, role in (("东区局", Role.REVIEWER), ("西区局", Role.CLERK), ("市局", Role.CLERK)):
        other = client_of(town.officers[place][role])
        assert other.get(f"{ADDRESS}{batch.pk}/").status_code == 404
        assert other.post(f"{ADDRESS}{batch.pk}/").status_code == 404
    with pytest.raises(OutOfOrder, match="由上传的人确认"):
        importing.confirm(batch, by=town.officers["东区局"][Role.REVIEWER])
    assert not SafePlace.objects.exists()


def test_the_city_keeps_the_guide_of_its_counties_and_a_county_its_own(town):
    lines = [line(), line(code=village("140404").code)]
    for place, wanted in (
        ("市局", counts(new=2)),
        ("东区局", counts(new=1, reject=1)),
        ("西区局", counts(new=1, reject=1)),
    ):
        batch = sent(client_of(town.officers[place][Role.REVIEWER]), book(lines))
        assert batch.counts == wanted, place
    west = client_of(town.officers["西区局"][Role.CLERK])
    universe.place("risk", 80, "示例沟口")
    data = b"".join(west.get("/response/places/export/?tab=all").streaming_content)
    assert len(list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows())) == 1


def test_numbers_leave_of_the_counties_one_keeps_only_whatever_else_one_sees(town):
    person = town.officers["东区局"][Role.CLERK]
    post = Post.objects.create(organ=town.west, title="科员", roles=[Role.CASE_OFFICER.value])
    org.appoint(person, post, starts_on=people.SINCE)
    universe.place("risk", 80, "示例沟口")
    far = village("140404")
    SafePlace.objects.create(
        division=far, county="140404", kind="risk", name="西区沟口", people=10, warden="王示", phone="19900010002"
    )
    both = client_of(person)
    page = text(both.get("/response/places/"))
    assert "示例沟口" in page
    assert "西区沟口" in page
    data = b"".join(both.get("/response/places/export/?tab=all").streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert [row[3] for row in rows[1:]] == ["示例沟口"]
    assert set(Access.objects.values_list("chain", flat=True)) == {CHAIN}
    assert sent(both, book([line(code=far.code)])).counts == counts(reject=1)


def test_looking_changes_nothing(clerk):
    universe.place("risk", 80, "示例沟口")
    batch = sent(clerk, book([line(), line(name="")]))
    kept = PlaceImport.objects.filter(pk=batch.pk).values().get()
    before, entries = guide(), Entry.objects.count()
    for address in (
        ADDRESS, f"{ADDRESS}{batch.pk}/", f"{ADDRESS}{batch.pk}/?view=reject", f"{ADDRESS}{batch.pk}/?view=nothing",
        "/response/places/export/",
    ):  # fmt: skip
        assert clerk.get(address).status_code == 200
    assert (guide(), Entry.objects.count()) == (before, entries)
    assert PlaceImport.objects.filter(pk=batch.pk).values().get() == kept


# --- the door -------------------------------------------------------------------------------------------------------


def test_the_door_refuses_a_foreign_county_a_fault_and_the_same_place_twice_whoever_comes(town):
    clerk = town.officers["东区局"][Role.CLERK]

    def fresh(**given: Any) -> SafePlace:
        values = {"division": village(), "kind": "risk", "name": "示例沟口", "people": 80, "warden": "王示甲", "phone": "19900010001"}  # fmt: skip
        return SafePlace(**(values | given))

    with pytest.raises(NotCompetent):
        places.keep([fresh(), fresh(division=village("140404"))], by=clerk)
    with pytest.raises(Invalid, match="请填写11位手机号"):
        places.keep([fresh(), fresh(name="示例沟尾", phone="1")], by=clerk)
    with pytest.raises(OutOfOrder, match="刚刚由别人登记过"):
        places.keep([fresh(), fresh()], by=clerk)
    assert not SafePlace.objects.exists()
    assert not Entry.objects.filter(chain=CHAIN).exists()
    moved = universe.place()
    moved.division = village("140404")
    with pytest.raises(NotCompetent):  # nor is a place taken out of the county
        places.keep([moved], by=clerk)
    kept = SafePlace.objects.get()
    assert places.keep([kept], by=clerk) == 0  # and what changes nothing leaves no trace
    assert not Entry.objects.filter(chain=CHAIN).exists()


def test_the_form_refuses_a_number_where_the_public_reads_it(clerk):
    place = universe.place("shelter", 100, "示例中学")
    values = {
        "kind": "shelter", "division": place.division_id, "name": "示例中学", "people": "120", "warden": "王示甲",
        "phone": "19900010001", "active": "on", "route": "找19900010001带路",
    }  # fmt: skip
    answer = clerk.post(f"/response/places/{place.pk}/", values)
    assert answer.status_code == 422
    assert "转移路线会公开" in text(answer)
