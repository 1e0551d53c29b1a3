"""Who sees and does what on the pages; the expectation is the bureau's rule: a county its own, numbers for who telephones."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from fadu.callout.engine import links
from fadu.callout.models import Call, CalledPost, DutyPerson, DutyPost, Holding, Receipt, RegisterImport
from fadu.callout.services import calling, importing, register
from fadu.callout.sketch import sketch
from fadu.callout.states import Post, Who
from fadu.callout.tests import universe
from fadu.callout.tests.test_calling import NOON, World, quiet
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent
from fadu.kernel.signing import sign
from fadu.org import services as org
from fadu.org.models import Division
from fadu.org.models import Post as Position
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests import universe as people
from fadu.record.models import Access, Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    made, _ = universe.town()
    universe.register("140403", villages=4)
    universe.register("140404", villages=4)
    return made


def client_of(person) -> Client:
    client = Client()
    client.force_login(people.account(person, f"u{person.pk}"))
    return client


def text(response) -> str:
    return b"".join(response).decode() if response.streaming else response.content.decode()


# --- the register ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
@pytest.mark.parametrize("place", ["市局", "东区局"])
def test_a_county_sees_its_own_posts_the_city_all_and_administrators_none(town, role, place):
    client = client_of(town.officers[place][role])
    page = text(client.get("/callout/register/"))
    sees = set() if role in ADMINISTRATORS else {"140403", "140404"} if place == "市局" else {"140403"}
    for county in ("140403", "140404"):
        post = DutyPost.objects.filter(county=county, level="county").first()
        assert (str(post.division.local_name) in page) is (county in sees)
        assert client.get(f"/callout/register/{post.pk}/").status_code == (200 if county in sees else 404)


def test_numbers_are_masked_in_the_list_and_full_for_keepers_who_are_noted(town):
    post = DutyPost.objects.filter(county="140403", level="county").first()
    phone = post.holdings.first().person.phone
    for role in (Role.CLERK, Role.CASE_OFFICER):
        client = client_of(town.officers["东区局"][role])
        assert phone not in text(client.get("/callout/register/"))
        assert (phone in text(client.get(f"/callout/register/{post.pk}/"))) is (role is Role.CLERK)
    assert Access.objects.filter(chain="callout.register/140403").count() == 1


def test_vacancies_stale_numbers_and_people_on_many_posts_have_their_lists(town):
    posts = list(DutyPost.objects.filter(county="140403", level="village").order_by("pk"))
    Holding.objects.filter(post=posts[0], slot="B").delete()
    stale = Holding.objects.get(post=posts[1], slot="A").person
    DutyPerson.objects.filter(pk=stale.pk).update(verified_on=clock.today() - timedelta(days=40))
    Holding.objects.filter(post=posts[2], slot="B").update(person=Holding.objects.get(post=posts[3], slot="A").person)
    client = client_of(town.officers["东区局"][Role.CLERK])
    for tab, wanted in (("vacant", {0}), ("stale", {1}), ("many", {2, 3})):
        page = text(client.get("/callout/register/", {"tab": tab}))
        assert {n for n, post in enumerate(posts) if f"/callout/register/{post.pk}/" in page} == wanted


def test_filters_by_county_township_level_and_name(town):
    client = client_of(town.officers["市局"][Role.CLERK])
    page = text(client.get("/callout/register/", {"county": "140404", "level": "county"}))
    assert "值班室" in page
    post = DutyPost.objects.filter(county="140403", level="county").first()
    assert f"/callout/register/{post.pk}/" not in page
    name = post.holdings.first().person.name
    found = text(client.get("/callout/register/", {"q": name}))
    assert f"/callout/register/{post.pk}/" in found


def test_a_new_holder_ends_the_one_before_and_the_number_is_hashed_in_the_record(town):
    post = DutyPost.objects.filter(county="140403", level="county").first()
    client = client_of(town.officers["东区局"][Role.CLERK])
    sent = {"slot": "A", "name": "赵示新", "phone": "19900099999", "on": clock.today().isoformat()}
    assert client.post(f"/callout/register/{post.pk}/", sent).status_code == 302
    rows = post.holdings.filter(slot="A").order_by("starts_on")
    assert [row.ends_on is None for row in rows] == [False, True]
    entry = Entry.objects.get(chain="callout.register/140403", act="callout.appoint")
    assert "19900099999" not in entry.body
    assert "keyed" in entry.body
    wrong = client.post(f"/callout/register/{post.pk}/", {**sent, "phone": "12"})
    assert wrong.status_code == 422
    assert "11位手机号" in text(wrong)


def test_a_and_b_of_a_post_are_two_persons(town):
    post = DutyPost.objects.filter(county="140403", level="county").first()
    holder = post.holdings.get(slot="A").person
    with pytest.raises(Invalid, match="应当是两个人"):
        register.appoint(post, "B", name=holder.name, phone=holder.phone, by=town.officers["东区局"][Role.CLERK])


def test_another_county_may_not_change_it(town):
    post = DutyPost.objects.filter(county="140404", level="county").first()
    clerk = town.officers["东区局"][Role.CLERK]
    with pytest.raises(NotCompetent):
        register.appoint(post, "A", name="赵示新", phone="19900099999", by=clerk)
    assert client_of(clerk).post(f"/callout/register/{post.pk}/verify/").status_code == 404


def test_verifying_makes_numbers_fresh(town):
    post = DutyPost.objects.filter(county="140403", level="county").first()
    DutyPerson.objects.update(verified_on=None)
    client_of(town.officers["东区局"][Role.CLERK]).post(f"/callout/register/{post.pk}/verify/")
    assert set(post.holdings.values_list("person__verified_on", flat=True)) == {clock.today()}


def test_the_figures_count_each_person_once(town, capsys):
    Holding.objects.filter(post__level="village", slot="B").update(
        person=Holding.objects.filter(slot="A").first().person
    )
    call_command("callout-register", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["people"] == Holding.objects.values("person").distinct().count()
    assert told["posts"] == DutyPost.objects.count()
    assert (told["counties"], told["villages"], told["vacancies"]) == (2, 8, 0)


# --- import and export ----------------------------------------------------------------------------------------------


HEAD = tuple(importing.COLUMNS.values())


def book(rows, head=HEAD) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    made.active.append(list(head))
    for row in rows:
        made.active.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile("名册.xlsx", file.getvalue())


def sent(client, file):
    response = client.post("/callout/register/import/", {"file": file})
    return RegisterImport.objects.latest("pk") if response.status_code == 302 else response


def test_what_is_exported_comes_back_without_a_change(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    data = b"".join(client.get("/callout/register/export/").streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) - 1 == DutyPost.objects.filter(county="140403").count()
    assert Access.objects.filter(what__contains="导出").exists()
    batch = sent(client, SimpleUploadedFile("a.xlsx", data))
    assert batch.counts == {"new": 0, "change": 0, "same": len(rows) - 1, "reject": 0}
    assert client_of(town.officers["东区局"][Role.CASE_OFFICER]).get("/callout/register/export/").status_code == 403


def test_a_cell_that_cannot_be_read_is_told_and_does_not_pass_for_empty(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    data = b"".join(client.get("/callout/register/export/").streaming_content)
    made = openpyxl.load_workbook(io.BytesIO(data))
    sheet = made.worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[4].value == "A岗手机")
    cell = sheet.cell(head[4].row + 1, head[4].column)
    cell.value, told = "=A1&B1", cell.coordinate  # a formula that no program has reckoned yet
    file = io.BytesIO()
    made.save(file)
    batch = sent(client, SimpleUploadedFile("a.xlsx", file.getvalue()))
    assert (batch.counts["reject"], batch.counts["change"]) == (1, 0)
    assert [error["cell"] for error in batch.rows[0]["errors"]] == [told]


def test_numbers_leave_of_the_counties_one_keeps_only_whatever_else_one_sees(town):
    person = town.officers["东区局"][Role.CLERK]
    elsewhere = Position.objects.create(organ=town.west, title="科员", roles=[Role.CASE_OFFICER.value])
    org.appoint(person, elsewhere, starts_on=people.SINCE)
    client = client_of(person)
    far = DutyPost.objects.filter(county="140404").first()
    assert client.get(f"/callout/register/{far.pk}/").status_code == 200
    data = b"".join(client.get("/callout/register/export/").streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert {row[0][:6] for row in rows[1:]} == {"140403"}
    assert set(Access.objects.filter(what__contains="导出").values_list("chain", flat=True)) == {
        "callout.register/140403"
    }


def test_errors_are_told_at_their_cells_and_nothing_is_written_before_confirming(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    village = DutyPost.objects.filter(county="140403", level="village").first()
    new = "140403001"
    before = Holding.objects.count()
    batch = sent(client, book([
        (village.division_id, "", "村级责任人", "赵示甲", "19900088881", "赵示乙", 19900088882),
        ("140404000000", "", "值班室", "赵示丙", "19900088883", "", ""),
        (new, "", "分管领导", "赵示丁", "19900088884", "赵示丁", "19900088884"),
        (new, "", "主要负责人", "赵示戊", "1990", "", ""),
        ("999", "", "站长", "赵示己", "", "", ""),
        (new, "", "主要负责人", "赵示庚", "19900088885", "", ""),
    ]))  # fmt: skip
    assert batch.counts == {"new": 0, "change": 1, "same": 0, "reject": 5}
    cells = {error["cell"] for row in batch.rows for error in row["errors"]}
    assert {"A3", "F4", "E5", "A6", "C6", "E6", "A7"} <= cells
    page = text(client.get(f"/callout/register/import/{batch.pk}/"))
    assert "E5" in page
    assert "→ 赵示甲" in page
    assert Holding.objects.count() == before
    client.post(f"/callout/register/import/{batch.pk}/")
    assert set(village.holdings.filter(ends_on=None).values_list("person__name", flat=True)) == {"赵示甲", "赵示乙"}
    batch.refresh_from_db()
    assert batch.rows == []  # with the numbers in them
    assert client.post(f"/callout/register/import/{batch.pk}/").status_code == 409


def test_a_and_b_may_change_places_and_new_posts_find_the_post_above(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    village = DutyPost.objects.filter(county="140403", level="village").first()
    a, b = (village.holdings.get(slot=slot).person for slot in "AB")
    batch = sent(client, book([
        (village.division_id, "", "村级责任人", b.name, b.phone, a.name, a.phone),
        ("140403001", "", "主要负责人", "赵示甲", "19900088881", "", ""),
    ]))  # fmt: skip
    client.post(f"/callout/register/import/{batch.pk}/")
    now = village.holdings.filter(ends_on=None)
    assert {row.slot: row.person for row in now} == {"A": b, "B": a}
    made = DutyPost.objects.get(division="140403001", kind="head")
    assert made.above.division_id == "140403"


BASE = ("区划代码", "岗位", "A岗姓名", "A岗手机", "B岗姓名", "B岗手机")


def village_of(town) -> tuple[DutyPost, tuple[str, ...], DutyPerson, DutyPerson]:
    """A village's post, its line as it stands, and its two holders."""
    post = DutyPost.objects.filter(county="140403", level="village").first()
    a, b = (post.holdings.get(slot=slot).person for slot in "AB")
    return post, (post.division_id, "村级责任人", a.name, a.phone, b.name, b.phone), a, b


def test_mail_addresses_are_repaired_previewed_kept_with_the_person_and_a_second_import_changes_nothing(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    _, line, a, b = village_of(town)
    rows = [(*line, " ｊｉａ＠ｅｘａｍｐｌｅ．ｏｒｇ　", "yi@ example.org")]
    head = (*BASE, "A岗邮箱", "B岗 E-mail")
    batch = sent(client, book(rows, head=head))
    assert batch.counts == {"new": 0, "change": 1, "same": 0, "reject": 0}
    page = text(client.get(f"/callout/register/import/{batch.pk}/"))
    assert "A岗邮箱：登记为 jia@example.org" in page
    assert not DutyPerson.objects.exclude(mail="").exists()
    client.post(f"/callout/register/import/{batch.pk}/")
    assert dict(DutyPerson.objects.exclude(mail="").values_list("pk", "mail")) == {
        a.pk: "jia@example.org",
        b.pk: "yi@example.org",
    }
    assert sent(client, book(rows, head=head)).counts == {"new": 0, "change": 0, "same": 1, "reject": 0}
    data = b"".join(client.get("/callout/register/export/").streaming_content)
    back = sent(client, SimpleUploadedFile("a.xlsx", data))
    assert (back.counts["change"], back.counts["reject"]) == (0, 0)
    assert "jia@example.org" in {
        cell
        for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
        for cell in row
    }


def test_a_list_without_mail_addresses_leaves_them_and_so_does_an_empty_cell(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    post, line, a, _ = village_of(town)
    DutyPerson.objects.filter(pk=a.pk).update(mail="jia@example.org")
    renewed = (*line[:4], "赵示乙", "19900088882")
    for head, row in ((BASE, renewed), ((*BASE, "A岗邮箱"), (*line, ""))):
        batch = sent(client, book([row], head=head))
        assert batch.counts["reject"] == 0
        client.post(f"/callout/register/import/{batch.pk}/")
        a.refresh_from_db()
        assert a.mail == "jia@example.org"
    assert post.holdings.get(slot="B", ends_on=None).person.name == line[4]


def test_a_title_that_does_not_say_whose_address_it_is_means_the_holder_on_its_left(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    _, line, a, b = village_of(town)
    head = (*BASE[:4], "电子邮箱", *BASE[4:], "E-mail")
    batch = sent(client, book([(*line[:4], "jia@example.org", *line[4:], "yi@example.org")], head=head))
    client.post(f"/callout/register/import/{batch.pk}/")
    a.refresh_from_db(), b.refresh_from_db()
    assert (a.mail, b.mail) == ("jia@example.org", "yi@example.org")


def test_a_wrong_mail_address_is_told_by_its_column_and_the_line_is_not_taken(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    _, line, a, _ = village_of(town)
    batch = sent(client, book([
        (*line, "jia.example.org"),
        ("140403001", "主要负责人", a.name, a.phone, "", "", "jia@example.org"),
        ("140403001", "分管领导", a.name, a.phone, "", "", "yi@example.org"),
        ("140403", "主要负责人", "", "", "", "", "bing@example.org"),
    ], head=(*BASE, "A岗电子邮箱")))  # fmt: skip
    told = {row["row"]: [(error["cell"], error["column"]) for error in row["errors"]] for row in batch.rows}
    assert [told[row] for row in (2, 4, 5)] == [[(f"G{row}", "A岗邮箱")] for row in (2, 4, 5)]
    page = text(client.get(f"/callout/register/import/{batch.pk}/"))
    assert "jia.example.org”不是邮箱地址" in page
    client.post(f"/callout/register/import/{batch.pk}/")
    assert not DutyPerson.objects.filter(mail__in=["jia.example.org", "yi@example.org", "bing@example.org"]).exists()


def test_a_file_that_is_no_list_is_refused_at_the_field(town):
    client = client_of(town.officers["东区局"][Role.CLERK])
    for file in (book([], head=("甲", "乙")), SimpleUploadedFile("a.xlsx", b"nothing")):
        assert sent(client, file).status_code == 422


# --- board, answers, receipts ---------------------------------------------------------------------------------------


@pytest.fixture
def world(settings) -> World:
    made = World(quiet())
    universe.register("140404", villages=3)
    return made


def test_the_map_has_every_county_at_a_place_of_its_own_and_greys_those_not_called(world):
    callout = world.open(colour="橙", code="140403")
    board = text(client_of(world.head).get(f"/callout/{callout.pk}/"))
    counties = set(Division.objects.filter(level="county", code__startswith="1404").values_list("code", flat=True))
    drawn = sketch(counties)
    assert {tile.code for tile in drawn.tiles} == counties
    assert len({(tile.x, tile.y) for tile in drawn.tiles}) == 12
    assert board.count('<g class="in 橙"') == 1
    assert board.count('<g class="off"') == 11
    assert "不表示边界和距离" in board
    east = world.town.officers["东区局"][Role.CLERK]  # a county sees itself alone, for which no map is needed
    assert "叫应范围" not in text(client_of(east).get(f"/callout/{callout.pk}/"))


def test_a_county_whose_place_is_not_known_lies_upon_no_other():
    places = [(tile.x, tile.y) for tile in sketch(["140403", "140430", "990001", "990002", "990003"]).tiles]
    assert len(set(places)) == 5
    assert sketch([]).tiles == ()


def test_the_board_says_whose_turn_it_is(world):
    callout = world.open(colour="红")
    world.run(3)
    post = CalledPost.objects.filter(callout=callout, level="village").first()
    client = client_of(world.head)
    assert f"A岗 {post.names[0]}" in text(client.get(f"/callout/{callout.pk}/"))
    world.run(180)
    assert f"B岗 {post.names[1]}" in text(client.get(f"/callout/{callout.pk}/"))


def test_a_warning_is_called_from_its_page_and_the_board_counts(world):
    with clock.at(NOON):
        client = client_of(world.head)
        upload = SimpleUploadedFile("a.xml", universe.message(code="1404", colour="红"))
        page = client.post("/warning/take/", {"file": upload})["Location"]
        assert "发起叫应" in text(client.get(page))
        started = client.post(f"/callout/start/{page.split('/')[-2]}/", {})
        assert started.status_code == 302
        world.run(3)
        callout = CalledPost.objects.first().callout
        count = CalledPost.objects.count()
        board = text(client.get(f"/callout/{callout.pk}/"))
        assert "这不是真实预警" in board
        assert f'data-k="total.posts">{count}<' in board
        figures = client.get(f"/callout/{callout.pk}/figures/").json()
        assert figures["total"]["posts"] == count
        east = client_of(world.town.officers["东区局"][Role.CLERK])
        own = east.get(f"/callout/{callout.pk}/figures/").json()
        assert set(own["counties"]) == {"140403"}
        other = CalledPost.objects.filter(county="140404").first()
        assert east.get(f"/callout/called/{other.pk}/").status_code == 404
        assert east.post(f"/callout/{callout.pk}/close/").status_code in (403, 409)
        assert client_of(world.town.officers["东区局"][Role.ADMIN]).get(f"/callout/{callout.pk}/").status_code == 404
        assert client.post(f"/callout/{callout.pk}/close/", {"note": "完"}).status_code == 302
        report = text(client.get(f"/callout/{callout.pk}/report/"))
        callout.refresh_from_db()
        assert callout.events_hash in report
        assert "不计入实战统计" in report
        assert "【演练】" not in text(client.get("/callout/"))
        assert "【演练】" in text(client.get("/callout/?tab=drill"))


def test_looking_at_the_link_answers_nothing_and_the_button_answers_for_all_posts_of_the_person(world):
    callout = world.open(colour="红")
    world.run()
    call = Call.objects.filter(callout=callout, state__in=(2, 3)).first()
    address = f"/callout/a/{links.token(callout.pk, call.person_id)}/"
    visitor = Client()
    with clock.at(world.clock.moment):
        page = text(visitor.get(address))
        assert "演练" in page
        assert call.phone not in page
        assert CalledPost.objects.get(pk=call.called_id).state == Post.WAITING
        assert "已经收到您的应答" in text(visitor.post(address))
    post = CalledPost.objects.get(pk=call.called_id)
    assert (post.state, post.answered_who, post.answered_how) == (Post.ANSWERED, Who.A, "链接")
    assert visitor.get(address[:-2] + "x/").status_code == 404


def test_the_door_of_receipts_opens_to_signed_bodies_of_its_own_calls_only(world, settings):
    settings.CALLOUT_SMS = {**settings.CALLOUT_SMS, "url": "http://127.0.0.1:9/sms", "secret": "shili"}
    callout = world.open(colour="红")
    calls = list(Call.objects.filter(callout=callout)[:2])
    Call.objects.filter(pk=calls[0].pk).update(provider="sms")
    body = json.dumps(
        [{"id": str(call.pk), "kind": "answered", "at": NOON.isoformat(), "how": "1"} for call in calls]
    ).encode()
    moment = str(int(clock.now().timestamp()))
    headers = {"X-Time": moment, "X-Sign": sign("shili", moment, body)}
    given = {"data": body, "content_type": "application/json"}
    assert Client().post("/callout/receipts/sms/", **given).status_code == 400
    old = {"X-Time": "1000", "X-Sign": sign("shili", "1000", body)}
    assert Client().post("/callout/receipts/sms/", headers=old, **given).status_code == 400
    assert Client().post("/callout/receipts/sms/", headers=headers, **given).json() == {"code": 0, "kept": 1}
    assert Client().post("/callout/receipts/sms/", headers=headers, **given).json() == {"code": 0, "kept": 0}
    assert list(Receipt.objects.values_list("call", flat=True)) == [calls[0].pk]


def test_an_answer_by_hand_goes_through_the_page_of_the_post(world):
    callout = world.open(colour="红")
    world.run()
    post = CalledPost.objects.filter(callout=callout, county="140403").first()
    clerk = client_of(world.town.officers["东区局"][Role.CLERK])
    with clock.at(world.clock.moment):
        assert post.phones[0] in text(clerk.get(f"/callout/called/{post.pk}/"))
        done = clerk.post(f"/callout/called/{post.pk}/", {"who": "4", "how": "对讲机"})
    assert done.status_code == 302
    post.refresh_from_db()
    assert post.state == Post.ANSWERED
    assert Access.objects.filter(chain=f"callout/{callout.pk}").exists()
    assert calling.unread() == 0
