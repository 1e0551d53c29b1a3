"""Who sees what on list, page, search and export; the expectation is the bureau's rule, not the code's."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.safestring import mark_safe

from fadu.org.models import Officer
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests import universe as people
from fadu.subject.models import Subject
from fadu.subject.services import ContactEntry
from fadu.subject.tests import universe
from fadu.ui import slots

pytestmark = pytest.mark.django_db
LIST = "/subject/"
SEES_BELOW = {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.LEGAL_REVIEWER}
KEEPERS = {Role.CLERK, Role.CASE_OFFICER, Role.REVIEWER}
PHONE = "13912345678"


@pytest.fixture
def town() -> people.Town:
    return people.build()


@pytest.fixture
def subjects(town) -> dict[str, Subject]:
    """One enterprise of each organ, with a contact."""
    contact = [ContactEntry("principal", PHONE, "赵示甲")]
    return {
        organ.short: universe.enterprise(organ, f"{name}有限公司", number, contacts=contact)
        for number, (organ, name) in enumerate(
            ((town.city, "甲山矿业"), (town.east, "乙川化工"), (town.west, "丙台建材")), start=1
        )
    }


def login(person: Officer) -> Client:
    client = Client()
    client.force_login(people.account(person, f"user-{person.pk}"))
    return client


def seen_by(place: str, role: Role) -> set[str]:
    """The rule: the city's leaders and lawyers see all, everybody else the own organ, the three administrators nothing."""
    if role in ADMINISTRATORS:
        return set()
    return {"市局", "东区局", "西区局"} if place == "市局" and role in SEES_BELOW else {place}


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
@pytest.mark.parametrize("place", ["市局", "东区局"])
def test_list_search_page_and_export_show_the_same_rows(town, subjects, place, role):
    client = login(town.officers[place][role])
    expected = seen_by(place, role)
    page = client.get(LIST).content.decode()
    assert {short for short, one in subjects.items() if one.name in page} == expected
    search = client.get(LIST, {"q": "有限公司"}).content.decode()
    assert {short for short, one in subjects.items() if one.name in search} == expected
    for short, one in subjects.items():
        assert client.get(reverse("subject:page", args=[one.pk])).status_code == (200 if short in expected else 404)
        by_code = client.get(LIST, {"q": one.uscc}).content.decode()
        assert (one.name in by_code) is (short in expected)
        assert client.get(LIST, {"organ": one.organ_id}).status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(LIST, {"export": "xlsx"}).streaming_content)))
    exported = {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} - {None}
    assert exported == {subjects[short].name for short in expected}
    assert PHONE not in str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
@pytest.mark.parametrize("place", ["市局", "东区局"])
def test_changing_is_for_the_keepers_of_the_supervising_organ(town, subjects, place, role):
    client = login(town.officers[place][role])
    for short, one in subjects.items():
        url = reverse("subject:edit", args=[one.pk])
        if short not in seen_by(place, role):
            expected = 404
        elif short == place and role in KEEPERS:
            expected = 200
        else:
            expected = 403
        assert client.get(url).status_code == expected
        sent = client.post(url, {"name": "戊改名有限公司", "reason": "试改"}).status_code
        assert sent == {200: 422}.get(expected, expected)
    assert not Subject.objects.filter(name__startswith="戊").exists()


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_entering_is_for_keepers(town, role):
    client = login(town.of(town.east, role))
    for kind in ("unit", "business", "person"):
        assert client.get(reverse("subject:new", args=[kind])).status_code == (200 if role in KEEPERS else 403)
        assert client.post(reverse("subject:new", args=[kind])).status_code == (422 if role in KEEPERS else 403)


def test_visitors_are_sent_to_the_login(client, town, subjects):
    one = subjects["市局"]
    for url in (LIST, f"{LIST}?export=xlsx", f"/subject/{one.pk}/", f"/subject/{one.pk}/edit/", "/subject/new/unit/"):
        assert client.get(url)["Location"].startswith("/login/")


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
@pytest.mark.parametrize("place", ["市局", "东区局"])
def test_telephone_numbers_are_whole_only_for_those_who_work_on_the_subject(town, subjects, place, role):
    callers = KEEPERS | {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}
    client = login(town.officers[place][role])
    for short in seen_by(place, role):
        page = client.get(reverse("subject:page", args=[subjects[short].pk])).content.decode()
        assert (PHONE in page) is (short == place and role in callers)
        assert PHONE in page or "139****5678" in page


def test_an_id_number_is_masked_on_every_page_even_for_keepers_but_the_form(town):
    number = "11010519491231002X"
    facts = universe.facts(
        town.east, "王示三", kind="person", uscc="", legal_representative="", id_kind="resident", id_number=number
    )
    from fadu.subject import services

    subject = services.register(facts, by=None)
    client = login(town.of(town.east, Role.CASE_OFFICER))
    page = client.get(reverse("subject:page", args=[subject.pk])).content.decode()
    assert number not in page
    assert "110105***********X" in page
    assert number not in client.get(LIST, {"q": "王示三"}).content.decode()


class TestList:
    """监管对象台账"""

    def test_the_list_takes_at_most_four_statements_of_its_own(self, town, subjects, django_assert_max_num_queries):
        client = login(town.of(town.city, Role.PRINCIPAL_HEAD))
        client.get(LIST)
        with django_assert_max_num_queries(12):
            # session, account, posts and organs (4), the read-only transaction (3), then rows, count, areas, organs (4), the bell
            client.get(LIST, {"q": "有限", "division": "140403"})

    def test_conditions_narrow_and_are_told(self, town, subjects):
        client = login(town.of(town.city, Role.PRINCIPAL_HEAD))
        page = client.get(LIST, {"division": "140404"}).content.decode()
        assert "丙台建材" in page
        assert "乙川化工" not in page
        assert "没有符合条件的" in client.get(LIST, {"sector": "fireworks"}).content.decode()

    def test_a_condition_that_makes_no_sense_is_told_and_not_applied(self, town, subjects):
        page = login(town.of(town.city, Role.CLERK)).get(LIST, {"risk": "9", "division": "99"}).content.decode()
        assert "甲山矿业" in page

    def test_the_areas_of_a_county_are_its_townships(self, town, subjects):
        page = login(town.of(town.east, Role.CLERK)).get(LIST).content.decode()
        assert "马厂镇" in page
        assert "上党区" not in page

    def test_fifty_rows_a_page(self, town):
        for number in range(1, 56):
            universe.enterprise(town.east, f"第{number:03}号示例厂", number)
        client = login(town.of(town.east, Role.CLERK))
        assert client.get(LIST).content.decode().count("号示例厂</a>") == 50
        assert client.get(LIST, {"page": 2}).content.decode().count("号示例厂</a>") == 5


class TestForm:
    """登记、变更的表单"""

    def sent(self, town, **more):
        return {
            "name": "己岭煤业有限公司",
            "uscc": universe.code(9),
            "legal_representative": "钱示",
            "sector": "coal",
            "status": "active",
            "division": "140403103",
            "address": "示例路9号",
            "organ": town.east.pk,
            "contacts-TOTAL_FORMS": "2",
            "contacts-INITIAL_FORMS": "0",
            "contacts-0-role": "principal",
            "contacts-0-name": "钱示",
            "contacts-0-phone": "139 1234 5678",
        } | more

    @pytest.fixture
    def client(self, town) -> Client:
        return login(town.of(town.east, Role.CLERK))

    def test_an_enterprise_is_entered_with_its_contact(self, client, town):
        response = client.post(reverse("subject:new", args=["unit"]), self.sent(town))
        subject = Subject.objects.get()
        assert response["Location"] == reverse("subject:page", args=[subject.pk])
        assert (subject.division_id, subject.organ, subject.contacts.get().phone) == ("140403103", town.east, PHONE)
        assert subject.changes.get().by == town.of(town.east, Role.CLERK)

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"uscc": "91350100M000100Y44"}, "校验位不对"),
            ({"uscc": ""}, "确实没有的"),
            ({"name": ""}, "请填写名称"),
            ({"division": ""}, "请选择所在地区"),
            ({"division": "140404"}, "140404"),
            ({"workforce": "很多"}, "人数请填写整数"),
            ({"longitude": "113.1"}, "要么都填"),
            ({"contacts-0-phone": "12"}, "请填写11位手机号"),
            ({"contacts-0-role": ""}, "请选择这位联系人的身份"),
            ({"contacts-1-name": "孙示"}, "请填写这位联系人的电话"),
            ({"contacts-TOTAL_FORMS": "x"}, "ManagementForm"),
        ],
    )
    def test_bad_input_is_told_at_the_field_and_nothing_typed_is_lost(self, client, town, more, told):
        response = client.post(reverse("subject:new", args=["unit"]), self.sent(town, **more))
        page = response.content.decode()
        assert response.status_code == 422
        if told != "ManagementForm":
            assert told in page
        assert 'value="示例路9号"' in page
        assert not Subject.objects.exists()

    def test_nothing_is_told_twice(self, client, town):
        response = client.post(reverse("subject:new", args=["unit"]), self.sent(town, name="", legal_representative=""))
        errors = response.context["form"].errors
        assert set(errors) == {"name", "legal_representative"}
        assert [len(sentences) for sentences in errors.values()] == [1, 1]

    def test_a_code_with_blanks_and_small_letters_is_taken(self, client, town):
        code = universe.code(9)
        client.post(
            reverse("subject:new", args=["unit"]), self.sent(town, uscc=f"{code[:6]} {code[6:12].lower()}-{code[12:]}")
        )
        assert Subject.objects.get().uscc == code

    def test_a_code_that_is_taken_is_told_at_the_field(self, client, town):
        universe.enterprise(town.west, "甲山矿业有限公司", 9)
        response = client.post(reverse("subject:new", args=["unit"]), self.sent(town))
        assert response.status_code == 422
        assert "已经登记：甲山矿业有限公司" in response.context["form"].errors["uscc"][0]

    def test_a_clerk_cannot_enter_for_another_organ(self, client, town):
        response = client.post(reverse("subject:new", args=["unit"]), self.sent(town, organ=town.west.pk))
        assert response.status_code == 422
        assert not Subject.objects.exists()

    def test_a_person_is_entered_on_the_form_for_persons(self, client, town):
        sent = self.sent(town, name="王示三", id_kind="resident", id_number="11010519491231002x")
        assert client.post(reverse("subject:new", args=["person"]), sent).status_code == 302
        assert Subject.objects.get().id_number == "11010519491231002X"
        wrong = client.post(reverse("subject:new", args=["person"]), sent | {"id_number": "110105194912310021"})
        assert "校验位不对" in wrong.content.decode()

    def test_a_change_needs_a_reason_and_shows_in_the_history(self, client, town):
        client.post(reverse("subject:new", args=["unit"]), self.sent(town))
        subject = Subject.objects.get()
        url = reverse("subject:edit", args=[subject.pk])
        sent = self.sent(town, risk="1", version=1)
        assert "请写明变更的原因" in client.post(url, sent).content.decode()
        assert client.post(url, sent | {"reason": "评估为重大风险"}).status_code == 302
        page = client.get(reverse("subject:page", args=[subject.pk])).content.decode()
        assert "评估为重大风险" in page
        assert "红（重大风险）" in page

    def test_the_second_of_two_who_change_at_once_is_told_and_keeps_what_was_typed(self, client, town):
        client.post(reverse("subject:new", args=["unit"]), self.sent(town))
        url = reverse("subject:edit", args=[Subject.objects.get().pk])
        client.post(url, self.sent(town, risk="1", version=1, reason="评估"))
        late = client.post(url, self.sent(town, risk="2", version=1, reason="另一评估", address="新址1号"))
        assert late.status_code == 422
        assert "已经修改了这个监管对象" in late.content.decode()
        assert 'value="新址1号"' in late.content.decode()
        assert Subject.objects.get().risk == "1"

    def test_an_id_number_in_the_reason_is_told_and_kept_out_of_the_record(self, client, town):
        client.post(reverse("subject:new", args=["unit"]), self.sent(town))
        url = reverse("subject:edit", args=[Subject.objects.get().pk])
        response = client.post(url, self.sent(town, risk="1", version=1, reason="核对11010519491231002X"))
        assert response.status_code == 422
        assert "身份证" in response.content.decode()
        assert Subject.objects.get().risk == ""


def test_upper_floors_add_to_the_page(town, subjects):
    @slots.slot("subject.page")
    def inspections(context):
        return mark_safe(f"<p>检查{context['subject'].name}3次</p>")

    try:
        page = login(town.of(town.city, Role.CLERK)).get(f"/subject/{subjects['市局'].pk}/").content.decode()
    finally:
        slots._fillers["subject.page"] = {
            key: value for key, value in slots._fillers["subject.page"].items() if "inspections" not in key
        }
    assert "<p>检查甲山矿业有限公司3次</p>" in page
