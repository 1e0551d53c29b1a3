"""Who sees and does what on the pages: a county its own, numbers for who telephones, a link for one member only."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fadu.kernel import clock
from fadu.org.models import Division
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests import universe as people
from fadu.procedure.services import take
from fadu.record.models import Access, Entry
from fadu.response.models import Member, Response, SafePlace
from fadu.response.services import links
from fadu.response.tests import universe

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture
def town():
    return universe.town()


@pytest.fixture
def response(town):
    return universe.opened(town)


def client_of(person) -> Client:
    client = Client()
    client.force_login(people.account(person, f"u{person.pk}"))
    return client


def text(answer) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
@pytest.mark.parametrize("place", ["市局", "东区局", "西区局"])
def test_whoever_sees_the_organ_sees_its_response(town, response, place, role):
    above = {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.LEGAL_REVIEWER}
    sees = role not in ADMINISTRATORS and (place == "东区局" or (place == "市局" and role in above))
    client = client_of(town.officers[place][role])
    task = response.tasks.first()
    for address in (f"/response/{response.pk}/", f"/response/{response.pk}/?part=board", f"/response/task/{task.pk}/"):
        assert client.get(address).status_code == (200 if sees else 404)
    assert (response.title in text(client.get("/response/"))) is sees


def test_only_the_desk_sees_links_and_the_liaisons_numbers_and_is_noted(town, response):
    member = response.tasks.first().member
    Member.objects.create(organ=town.east, name=member, contact="周示", phone="19900010009")
    address = links.token(response.pk, 1)
    for role in (Role.CLERK, Role.CASE_OFFICER):
        page = text(client_of(town.officers["东区局"][role]).get(f"/response/{response.pk}/"))
        assert (address in page) is (role is Role.CLERK)
        assert ("19900010009" in page) is (role is Role.CLERK)
    assert Access.objects.filter(chain=response.chain).count() == 1


def test_the_desk_ticks_a_task_off_and_others_are_refused(town, response):
    task = response.tasks.first()
    sent = {"state": "done", "note": "已办"}
    assert (
        client_of(town.officers["东区局"][Role.CASE_OFFICER]).post(f"/response/task/{task.pk}/", sent).status_code
        == 403
    )
    assert client_of(town.officers["西区局"][Role.CLERK]).post(f"/response/task/{task.pk}/", sent).status_code == 404
    desk = client_of(town.officers["东区局"][Role.CLERK])
    wrong = desk.post(f"/response/task/{task.pk}/", {"state": "waived", "note": ""})
    assert wrong.status_code == 422
    assert "请写明理由" in text(wrong)
    photo = SimpleUploadedFile("现场.png", PNG, content_type="image/png")
    assert desk.post(f"/response/task/{task.pk}/", {**sent, "evidence": photo}).status_code == 302
    task.refresh_from_db()
    assert task.state == "done"
    assert len(task.evidence) == 64


def test_a_late_task_is_shown_late(town, response):
    clerk = town.officers["东区局"][Role.CLERK]
    client = client_of(clerk)
    assert "逾期</span>" not in text(client.get(f"/response/{response.pk}/?part=board"))
    with clock.at(clock.now() + timedelta(hours=2)):
        client.force_login(clerk.user)  # the first session is over by then
        assert "逾期</span>" in text(client.get(f"/response/{response.pk}/?part=board"))


# --- the link -------------------------------------------------------------------------------------------------------


def liaison(response, number=1):
    return f"/response/m/{links.token(response.pk, number)}/"


def test_a_liaison_sees_the_tasks_of_the_member_only_and_looking_answers_nothing(response):
    first, other = response.tasks.all()[:2]
    page = text(Client().get(liaison(response)))
    assert first.action in page
    assert other.action not in page
    assert response.tasks.filter(state="open").count() == response.tasks.count()


def test_a_liaison_answers_without_login_and_is_named(response):
    sent = {
        "number": "1",
        "state": "done",
        "note": "已通知",
        "said_by": "赵示",
        "evidence": SimpleUploadedFile("a.png", PNG),
    }
    assert Client().post(liaison(response), sent).status_code == 302
    task = response.tasks.get(number=1)
    assert (task.state, task.answered_by) == ("done", f"{task.member}赵示（链接）")
    assert Entry.objects.filter(chain=response.chain, act="response.weather.answer").count() == 1


def test_the_link_of_one_member_answers_for_no_other(response):
    assert response.tasks.get(number=2).member != response.tasks.get(number=1).member
    sent = {"number": "2", "state": "done", "said_by": "赵示"}
    assert Client().post(liaison(response), sent).status_code == 404
    assert response.tasks.get(number=2).state == "open"


def test_what_is_wrong_is_told_and_what_was_typed_stays(response):
    answer = Client().post(liaison(response), {"number": "1", "state": "waived", "note": "", "said_by": "赵示"})
    assert answer.status_code == 422
    assert "请写明理由" in text(answer)
    assert 'value="赵示"' in text(answer)
    evil = SimpleUploadedFile("a.html", b"<script>1</script>")
    refused = Client().post(liaison(response), {"number": "1", "state": "done", "said_by": "赵示", "evidence": evil})
    assert refused.status_code == 422
    assert response.tasks.get(number=1).state == "open"


@pytest.mark.parametrize("token", ["nobody", "1-1-00000000000000000000", "9999999999999999999999-1-a", "--"])
def test_a_token_that_was_not_made_here_opens_nothing(response, token):
    assert Client().get(f"/response/m/{token}/").status_code == 404


def test_after_the_end_nobody_answers_by_a_link(town, response):
    universe.answer_all(response, town.officers["东区局"][Role.CLERK])
    end = {"decided_by": "赵示", "reasons": "解除。", "summary": "完成。"}
    take(response, "end", by=town.officers["东区局"][Role.AGENCY_HEAD], data=end)
    page = text(Client().get(liaison(response)))
    assert "响应已经结束" in page
    assert "<form" not in page


# --- opening --------------------------------------------------------------------------------------------------------


def test_a_warning_leads_to_its_response_or_to_the_button(town, response):
    client = client_of(town.officers["东区局"][Role.CLERK])
    assert f"/response/{response.pk}/" in text(client.get(f"/warning/{response.warning_id}/"))
    drill = universe.received(status="Exercise", number=2)
    assert "开启演练响应" in text(client.get(f"/warning/{drill.pk}/"))
    assert client.post(f"/response/open/{drill.pk}/").status_code == 302
    opened = Response.objects.get(warning=drill)
    assert "演练" in text(client.get(f"/response/{opened.pk}/"))
    assert opened.title not in text(client.get("/response/"))
    assert opened.title in text(client.get("/response/?tab=drill"))


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.PUBLISHER, Role.ADMIN], ids=lambda role: role.title)
def test_who_sits_at_no_desk_opens_none(town, role):
    drill = universe.received(status="Exercise", number=2)
    client = client_of(town.officers["东区局"][role])
    assert client.post(f"/response/open/{drill.pk}/").status_code == 403
    assert not Response.objects.exists()


def test_the_forms_of_the_steps_say_what_the_rules_suggest(town, response):
    client = client_of(town.officers["东区局"][Role.AGENCY_HEAD])
    page = text(client.get(f"/matter/{response.pk}/act/start/"))
    assert "建议Ⅲ级响应" in page


def test_hazards_without_rules_are_named(town):
    page = text(client_of(town.officers["东区局"][Role.CLERK]).get("/response/rules/"))
    assert "样例" in page
    without = re.search(r"还没有规则的灾种：([^。]+)。", page)
    assert without
    assert {"雷电", "暴雪"} <= set(without[1].split("、"))
    assert not {"大风", "暴雨"} & set(without[1].split("、"))


# --- the guide ------------------------------------------------------------------------------------------------------


def test_a_county_keeps_its_own_places_and_a_change_is_recorded_without_numbers(town):
    place = universe.place("shelter", 100, "示例中学")
    keeper = client_of(town.officers["东区局"][Role.CLERK])
    sent = {
        "kind": "shelter", "division": place.division_id, "name": "示例中学", "people": "120", "warden": "王示甲",
        "phone": "19900010001", "active": "on",
    }  # fmt: skip
    assert "19900010001" in text(keeper.get(f"/response/places/{place.pk}/"))
    assert keeper.post(f"/response/places/{place.pk}/", sent).status_code == 302
    place.refresh_from_db()
    assert place.people == 120
    assert "19900010001" not in Entry.objects.get(chain="response.places/140403").body
    reader = client_of(town.officers["东区局"][Role.CASE_OFFICER])
    assert "19900010001" not in text(reader.get(f"/response/places/{place.pk}/"))
    assert reader.post(f"/response/places/{place.pk}/", sent).status_code == 403
    assert client_of(town.officers["西区局"][Role.CLERK]).get(f"/response/places/{place.pk}/").status_code == 404


def test_nobody_registers_a_place_of_another_county(town):
    west = Division.objects.filter(code__startswith="140404", level="village").first()
    sent = {
        "kind": "risk",
        "division": west.pk,
        "name": "沟口",
        "people": "10",
        "warden": "王示",
        "phone": "19900010001",
    }
    answer = client_of(town.officers["东区局"][Role.CLERK]).post("/response/places/new/", sent)
    assert answer.status_code == 422
    assert not SafePlace.objects.exists()


def test_the_public_reads_shelters_with_names_and_numbers_masked(town):
    universe.place("shelter", 100, "示例中学")
    universe.place("risk", 80, "示例沟口")
    page = text(Client().get("/response/guide/"))
    assert "示例中学" in page
    assert "100人" in page
    assert "示例沟口" not in page
    assert "19900010001" not in page
    assert "王示甲" not in page


def test_liaisons_are_kept_by_the_desk_of_the_own_organ(town):
    keeper = client_of(town.officers["东区局"][Role.CLERK])
    sent = {"name": "水利部门", "contact": "周示", "phone": "19900010009"}
    assert keeper.post("/response/members/", sent).status_code == 302
    assert Member.objects.get().organ == town.east
    assert "19900010009" not in text(keeper.get("/response/members/"))
    other = client_of(town.officers["西区局"][Role.CLERK])
    assert "周示" not in text(other.get("/response/members/"))
    assert keeper.post("/response/members/", {**sent, "phone": "12"}).status_code == 422
    assert client_of(town.officers["东区局"][Role.CASE_OFFICER]).get("/response/members/").status_code == 403
