from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.org import services
from fadu.org.models import LegalQualification, LoginRecord, Officer, Organ, Post, User
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> universe.Town:
    return universe.build()


def login(person: Officer) -> Client:
    """A browser in which the officer has logged in."""
    client = Client()
    client.force_login(universe.account(person, f"user-{person.pk}"))
    return client


PAGES = ("org:people", "org:account", "org:password", "org:organ", "org:officer")


def address(name: str, town: universe.Town) -> str:
    keys = {"org:organ": [town.city.pk], "org:officer": [town.of(town.east, Role.CLERK).pk]}
    return reverse(name, args=keys.get(name, []))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_opens_without_login(client, town, name):
    response = client.get(address(name, town))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("org:login"))


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_people_and_organs_are_open_to_every_post(town, role):
    client = login(town.of(town.east, role))
    for name in PAGES:
        assert client.get(address(name, town)).status_code == 200, name


@pytest.mark.parametrize("name", PAGES)
def test_an_account_without_a_post_reaches_only_its_own_pages(town, name):
    person = Officer.objects.create(name="孙示", sex="male")
    expected = 200 if name in ("org:account", "org:password") else 403
    assert login(person).get(address(name, town)).status_code == expected


def test_an_account_without_an_officer_reaches_only_its_own_pages(client, town):
    client.force_login(User.objects.create_user("无人", universe.PASSWORD))
    assert client.get(reverse("org:people")).status_code == 403
    assert "没有对应的人员" in client.get(reverse("org:account")).content.decode()


def test_the_list_shows_posts_and_the_state_of_certificates(town):
    today = clock.today()
    people = town.of(town.east, Role.CASE_OFFICER), town.of(town.west, Role.CASE_OFFICER)
    for number, (person, end) in enumerate(zip(people, (today + timedelta(days=20), today), strict=True)):
        services.issue_certificate(
            person, number=f"1404{number}", issuer="示例省人民政府", valid_from=date(2022, 1, 1), valid_to=end
        )
    services.revoke_certificate(people[1].certificates.get(), reason="遗失", on=today)
    page = login(town.of(town.city, Role.CLERK)).get(reverse("org:people")).content.decode()
    assert "还剩20日" in page
    assert "已收回" in page
    assert "示例西区应急管理局" in page


def test_the_list_is_narrowed_by_organ_and_name(town):
    client = login(town.of(town.city, Role.CLERK))
    page = client.get(reverse("org:people"), {"organ": town.east.pk}).content.decode()
    assert "王示1" in page
    assert "张示1" not in page
    page = client.get(reverse("org:people"), {"q": "张示1"}).content.decode()
    assert "张示1" in page
    assert "王示1" not in page
    assert "没有找到这个人" in client.get(reverse("org:people"), {"q": "没有的人", "organ": "x"}).content.decode()


def test_the_list_of_people_takes_few_statements(town, django_assert_max_num_queries):
    client = login(town.of(town.city, Role.CLERK))
    client.get(reverse("org:people"))
    with django_assert_max_num_queries(12):  # 3 for the login, 2 for the transaction, 5 for the page, 2 for counts
        client.get(reverse("org:people"))


def test_an_officers_page_tells_posts_history_and_qualification(town):
    reviewer = town.of(town.city, Role.LEGAL_REVIEWER)
    LegalQualification.objects.create(officer=reviewer, number="A2024", obtained_on=date(2024, 3, 1))
    services.dismiss(reviewer.appointments.get(), last_day=clock.today())
    page = login(town.of(town.east, Role.CLERK)).get(reverse("org:officer", args=[reviewer.pk])).content.decode()
    assert "可以从事法制审核" in page
    assert "2020年1月1日至" in page


def test_the_account_page_says_what_one_can_see_and_who_logged_in(town):
    client = login(town.of(town.east, Role.CASE_OFFICER))
    page = client.get(reverse("org:account")).content.decode()
    assert "您能看到：示例东区应急管理局的事项。" in page
    assert Role.CASE_OFFICER.meaning in page


def test_an_unknown_officer_or_organ_is_not_found(town):
    client = login(town.of(town.east, Role.CLERK))
    assert client.get(reverse("org:officer", args=[999999])).status_code == 404
    assert client.get(reverse("org:organ", args=[999999])).status_code == 404


class TestReferenceData:
    """基础数据: Django's admin, for 系统管理员 and the machine room only"""

    INDEX = "/admin/"

    @pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
    def test_only_the_administrators_post_opens_it(self, town, role):
        client = login(town.of(town.city, role))
        for path in (self.INDEX, "/admin/org/post/", "/admin/org/user/add/"):
            response = client.get(path, follow=True)
            assert response.status_code == (200 if role is Role.ADMIN else 403), path

    def test_visitors_are_sent_to_the_one_login_with_the_throttle(self, client):
        response = client.get(self.INDEX, follow=True)
        assert response.redirect_chain[-1][0].startswith(reverse("org:login"))
        assert client.get("/admin/login/")["Location"].startswith(reverse("org:login"))

    def test_a_superuser_without_a_post_reaches_reference_data_and_no_other_page(self, client):
        client.force_login(User.objects.create_superuser("机房", universe.PASSWORD))
        assert client.get(self.INDEX).status_code == 200
        assert client.get(reverse("org:people")).status_code == 403

    @pytest.mark.parametrize(
        "model",
        [
            "division",
            "organ",
            "department",
            "post",
            "officer",
            "appointment",
            "certificate",
            "legalqualification",
            "user",
        ],
    )
    def test_every_list_and_form_opens_and_nothing_can_be_deleted(self, town, model):
        client = login(town.of(town.city, Role.ADMIN))
        assert client.get(f"/admin/org/{model}/").status_code == 200
        assert client.get(f"/admin/org/{model}/add/").status_code == 200
        row = {"organ": town.city, "officer": town.of(town.city, Role.CLERK), "user": User.objects.get()}.get(model)
        if row is not None:
            assert client.get(f"/admin/org/{model}/{row.pk}/change/").status_code == 200
            assert client.post(f"/admin/org/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_a_change_is_written_to_the_record_with_who_before_and_after(self, town):
        client = login(town.of(town.city, Role.ADMIN))
        post = Post.objects.get(organ=town.east, title="内勤")
        sent = {"organ": town.east.pk, "title": "综合科科员", "roles": ["clerk", "archivist"], "order": 100}
        assert client.post(f"/admin/org/post/{post.pk}/change/", sent).status_code == 302
        body = Entry.objects.get(chain=f"org.post/{post.pk}").body
        assert all(text in body for text in ("李示10", "内勤", "综合科科员"))
        assert "档案管理人员" not in body  # waits for the security administrator
        waiting = Entry.objects.get(chain__startswith="org.grant/").body
        assert "档案管理人员" in waiting

    def test_colliding_appointments_are_told_at_the_field(self, town):
        client = login(town.of(town.city, Role.ADMIN))
        held = town.of(town.east, Role.CLERK).appointments.get()
        sent = {"officer": held.officer_id, "post": held.post_id, "starts_on": "2026-11-23"}
        page = client.post("/admin/org/appointment/add/", sent)
        assert page.status_code == 200
        assert "已经任这个岗位" in page.content.decode()

    def test_an_account_made_here_must_change_its_password(self, town):
        client = login(town.of(town.city, Role.ADMIN))
        sent = {"username": "新人", "is_active": "on", "new_password": "chushi-mima-1"}
        assert client.post("/admin/org/user/add/", sent).status_code == 302
        made = User.objects.get(username="新人")
        assert made.must_change_password
        assert made.check_password("chushi-mima-1")
        weak = client.post("/admin/org/user/add/", sent | {"username": "新人二", "new_password": "123"})
        assert "密码太短" in weak.content.decode()

    def test_an_administrator_cannot_take_over_a_superusers_account(self, town):
        root = User.objects.create_superuser("机房", universe.PASSWORD)
        client = login(town.of(town.city, Role.ADMIN))
        sent = {"username": "机房", "is_active": "on", "new_password": "chushi-mima-1"}
        assert client.post(f"/admin/org/user/{root.pk}/change/", sent).status_code == 403
        root.refresh_from_db()
        assert root.check_password(universe.PASSWORD)

    def test_telephone_numbers_do_not_enter_the_record(self, town):
        client = login(town.of(town.city, Role.ADMIN))
        person = town.of(town.east, Role.CLERK)
        sent = {"name": "王示甲", "sex": "male", "phone": "13912345678"}
        assert client.post(f"/admin/org/officer/{person.pk}/change/", sent).status_code == 302
        assert not any("13912345678" in entry.body for entry in Entry.objects.all())


def test_every_view_is_closed_unless_marked(town, client):
    """Deny by default: of all addresses of this floor only the login answers a visitor."""
    from fadu.org.urls import urlpatterns

    for pattern in urlpatterns:
        open_to_all = not getattr(pattern.callback, "login_required", True)
        assert open_to_all is (pattern.name in {"login", "code", "provider", "callback"}), pattern.name


def test_the_shell_names_person_organ_and_post(town):
    page = login(town.of(town.east, Role.CLERK)).get(reverse("org:people")).content.decode()
    assert "示例东区应急管理局" in page
    assert "机构与人员" in page
    assert "/admin/" not in page
    assert LoginRecord.objects.count() == 0
    assert Organ.objects.count() == 3
