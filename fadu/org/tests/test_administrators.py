"""三员分立: nobody is two of the three, none of them handles matters, and no grant takes effect by one person."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import queries, services
from fadu.org.models import Appointment, Grant, LoginRecord, Officer, Post, User
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests import universe
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


@pytest.fixture
def town():
    return universe.build()


def enter(town, role: Role) -> Client:
    """A client logged in as the city's holder of `role`."""
    person = town.of(town.city, role)
    client = Client()
    client.force_login(person.user or universe.account(person, role.value))
    return client


def post(town, *roles: str) -> Post:
    return Post.objects.create(organ=town.city, title=f"岗{'、'.join(roles)}", roles=list(roles))


class TestApart:
    """一人不兼两员"""

    @pytest.mark.parametrize("second", ["security", "auditor", "clerk", "agency_head"])
    def test_who_keeps_the_system_takes_no_second_post(self, town, second):
        admin = town.of(town.city, Role.ADMIN)
        with pytest.raises(Invalid, match="三员分立"):
            services.appoint(admin, post(town, second), starts_on=SINCE)
        with pytest.raises(IntegrityError, match="三员分立"), transaction.atomic():
            Appointment.objects.create(officer=admin, post=post(town, second, "clerk")
                                       if second == "agency_head" else Post.objects.get(title=f"岗{second}"), starts_on=SINCE)  # fmt: skip

    def test_a_post_is_one_administrators_and_nothing_else(self, town):
        for roles in (["admin", "security"], ["auditor", "clerk"]):
            with pytest.raises(IntegrityError, match="nothing_else"), transaction.atomic():
                post(town, *roles)
        with pytest.raises(IntegrityError, match="nothing_else"), transaction.atomic():
            Post.objects.create(organ=town.east, title="局长二", roles=["admin"], is_principal=True)

    def test_the_roles_of_a_post_cannot_change_under_who_holds_another(self, town):
        admin = town.of(town.city, Role.ADMIN)
        plain = post(town)
        services.appoint(admin, plain, starts_on=SINCE)  # a post without any role harms nobody
        with pytest.raises(IntegrityError, match="三员分立"), transaction.atomic():
            Post.objects.filter(pk=plain.pk).update(roles=["clerk"])

    def test_one_after_the_other_is_lawful(self, town):
        admin = town.of(town.city, Role.ADMIN)
        services.dismiss(admin.appointments.get(), last_day=date(2025, 12, 31))
        services.appoint(admin, post(town, "clerk"), starts_on=SINCE)
        assert queries.roles_of(admin, SINCE) == {Role.CLERK}

    @pytest.mark.parametrize("role", sorted(ADMINISTRATORS, key=lambda r: r.value), ids=lambda r: r.title)
    def test_none_of_the_three_sees_a_matter_or_another_ones_pages(self, town, role):
        client = enter(town, role)
        pages = {
            Role.ADMIN: ["/admin/"],
            Role.SECURITY: ["/security/"],
            Role.AUDITOR: ["/audit/logins/", "/audit/changes/"],
        }
        for owner, addresses in pages.items():
            for address in addresses:
                assert client.get(address, follow=True).status_code == (200 if owner is role else 403), address
        assert queries.scope(town.of(town.city, role)).organs == frozenset()
        assert client.get("/matter/1/").status_code == 404


class TestGrants:
    """授权须经确认"""

    def test_an_appointment_gives_nothing_before_it_is_confirmed(self, town):
        clerk, head = town.of(town.east, Role.CLERK), post(town, "agency_head")
        admin, guard = enter(town, Role.ADMIN), enter(town, Role.SECURITY)
        sent = {"officer": clerk.pk, "post": head.pk, "starts_on": "2026-01-01"}
        assert admin.post("/admin/org/appointment/add/", sent).status_code == 302
        today = clock.today()
        assert Role.AGENCY_HEAD not in queries.roles_of(Officer.objects.get(pk=clerk.pk), today)
        grant = Grant.objects.get()
        assert admin.post(reverse("org:decide_grant", args=[grant.pk]), {"decision": "confirm"}).status_code == 403
        assert guard.post(reverse("org:decide_grant", args=[grant.pk]), {"decision": "confirm"}).status_code == 302
        assert Role.AGENCY_HEAD in queries.roles_of(Officer.objects.get(pk=clerk.pk), today)
        titles = list(Entry.objects.filter(chain=f"org.grant/{grant.pk}").values_list("title", flat=True))
        assert titles == ["提请授权：任职", "确认授权：任职"]

    def test_a_refusal_needs_its_reason_and_leaves_nothing(self, town):
        clerk, head = town.of(town.east, Role.CLERK), post(town, "agency_head")
        enter(town, Role.ADMIN).post(
            "/admin/org/appointment/add/", {"officer": clerk.pk, "post": head.pk, "starts_on": "2026-01-01"}
        )
        guard, address = enter(town, Role.SECURITY), reverse("org:decide_grant", args=[Grant.objects.get().pk])
        answer = guard.post(address, {"decision": "refuse"})
        assert answer.status_code == 422
        assert "请写明理由" in answer.content.decode()
        assert guard.post(address, {"decision": "refuse", "reason": "没有任免文件"}).status_code == 302
        assert not Appointment.objects.filter(post=head).exists()
        assert guard.post(address, {"decision": "confirm"}).status_code == 409

    def test_an_appointment_can_be_ended_but_not_prolonged_by_one_person(self, town):
        admin = enter(town, Role.ADMIN)
        row = town.of(town.east, Role.CLERK).appointments.get()
        address = f"/admin/org/appointment/{row.pk}/change/"
        assert admin.post(address, {"ends_on": "2026-06-30"}).status_code == 302
        assert "只能提前结束" in admin.post(address, {"ends_on": "2027-06-30"}).content.decode()
        assert "只能提前结束" in admin.post(address, {"ends_on": ""}).content.decode()
        row.refresh_from_db()
        assert row.ends_on == date(2026, 6, 30)

    def test_roles_taken_from_a_post_go_at_once_and_roles_added_wait(self, town):
        admin, guard = enter(town, Role.ADMIN), enter(town, Role.SECURITY)
        row = Post.objects.get(organ=town.east, title="内勤")
        sent = {"organ": town.east.pk, "title": "内勤", "roles": ["reviewer"], "order": 100}
        assert admin.post(f"/admin/org/post/{row.pk}/change/", sent).status_code == 302
        row.refresh_from_db()
        assert row.roles == []
        guard.post(reverse("org:decide_grant", args=[Grant.objects.get().pk]), {"decision": "confirm"})
        row.refresh_from_db()
        assert row.roles == ["reviewer"]

    def test_a_grant_that_collides_by_now_is_refused_in_words(self, town):
        admin, guard = enter(town, Role.ADMIN), enter(town, Role.SECURITY)
        person, plain = town.of(town.city, Role.AUDITOR), post(town)
        services.appoint(person, plain, starts_on=SINCE)
        sent = {"organ": town.city.pk, "title": plain.title, "roles": ["clerk"], "order": 100}
        assert admin.post(f"/admin/org/post/{plain.pk}/change/", sent).status_code == 302
        answer = guard.post(reverse("org:decide_grant", args=[Grant.objects.get().pk]), {"decision": "confirm"})
        assert answer.status_code == 422
        assert "三员分立" in answer.content.decode()

    def test_nobody_gets_into_a_heads_account_by_setting_its_password(self, town):
        head = universe.account(town.of(town.city, Role.AGENCY_HEAD), "fuju")
        admin = enter(town, Role.ADMIN)
        sent = {"username": "fuju", "is_active": "on", "new_password": "Shan-lu-7-deng"}
        assert admin.post(f"/admin/org/user/{head.pk}/change/", sent).status_code == 302
        assert services.check_login("fuju", "Shan-lu-7-deng").user is None
        grant = Grant.objects.get()
        assert "Shan-lu" not in str(grant.values)
        services.decide(grant, by=enter_user(town), agreed=True)
        assert services.check_login("fuju", "Shan-lu-7-deng").user == head
        head.refresh_from_db()
        assert head.must_change_password
        grant.refresh_from_db()
        assert "encoded" not in grant.values

    def test_an_account_is_given_to_a_person_by_two(self, town):
        admin = enter(town, Role.ADMIN)
        head = town.of(town.city, Role.AGENCY_HEAD)
        admin.post("/admin/org/user/add/", {"username": "mine", "is_active": "on", "new_password": "Shan-lu-7-deng"})
        mine = User.objects.get(username="mine")
        sent = {"name": head.name, "sex": "male", "user": mine.pk}
        assert admin.post(f"/admin/org/officer/{head.pk}/change/", sent).status_code == 302
        head.refresh_from_db()
        assert head.user is None
        services.decide(Grant.objects.get(), by=enter_user(town), agreed=True)
        head.refresh_from_db()
        assert head.user == mine

    def test_a_closed_account_is_opened_again_by_two_and_closed_by_one(self, town):
        user = universe.account(town.of(town.city, Role.AGENCY_HEAD), "fuju")
        admin = enter(town, Role.ADMIN)
        admin.post(f"/admin/org/user/{user.pk}/change/", {"username": "fuju"})
        user.refresh_from_db()
        assert not user.is_active
        admin.post(f"/admin/org/user/{user.pk}/change/", {"username": "fuju", "is_active": "on"})
        user.refresh_from_db()
        assert not user.is_active
        services.decide(Grant.objects.get(), by=enter_user(town), agreed=True)
        user.refresh_from_db()
        assert user.is_active

    def test_who_entered_a_grant_cannot_confirm_it_even_with_the_post(self, town):
        guard = enter_user(town)
        grant = services.propose(Grant.Kind.ACTIVATE, "试", by=guard, user=guard)
        with pytest.raises(NotCompetent, match="不能自己确认"):
            services.decide(grant, by=guard, agreed=True)
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(decided_by=guard)

    def test_a_newer_grant_of_the_same_thing_takes_the_place_of_the_older(self, town):
        admin = universe.account(town.of(town.city, Role.ADMIN), "admin")
        user = universe.account(town.of(town.city, Role.CLERK), "lishi")
        older = services.propose(Grant.Kind.ACTIVATE, "一", by=admin, user=user)
        services.propose(Grant.Kind.ACTIVATE, "二", by=admin, user=user)
        with pytest.raises(OutOfOrder):
            services.decide(older, by=enter_user(town), agreed=True)

    def test_a_superuser_confirms_nothing(self, town):
        root = User.objects.create_superuser("机房", universe.PASSWORD)
        admin = universe.account(town.of(town.city, Role.ADMIN), "admin")
        grant = services.propose(Grant.Kind.ACTIVATE, "试", by=admin, user=admin)
        with pytest.raises(NotCompetent):
            services.decide(grant, by=root, agreed=True)


def enter_user(town) -> User:
    """The security administrator's account."""
    guard = town.of(town.city, Role.SECURITY)
    return guard.user or universe.account(guard, "guard")


class TestLogs:
    """审计管理员"""

    def test_the_log_of_log_ins_can_only_be_appended_to(self, town):
        universe.account(town.of(town.city, Role.CLERK), "lishi")
        services.check_login("lishi", "x")
        for sql in (
            "UPDATE org_loginrecord SET outcome = 'success'",
            "DELETE FROM org_loginrecord",
            "TRUNCATE org_loginrecord",
        ):
            with (
                pytest.raises(Exception, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)
        assert LoginRecord.objects.get().outcome == "failure"

    def test_an_attempt_stays_in_the_log_when_the_rest_of_the_request_breaks(self, town, monkeypatch):
        from fadu.org.views import door

        def broken(*args, **kwargs):
            raise RuntimeError("the session could not be opened")

        universe.account(town.of(town.city, Role.CLERK), "lishi")
        monkeypatch.setattr(door.sessions, "open_session", broken)
        client = Client(raise_request_exception=False)
        sent = {"username": "lishi", "password": universe.PASSWORD}
        assert client.post("/login/", sent).status_code == 500
        assert LoginRecord.objects.get().outcome == "success"

    def test_the_auditor_filters_and_exports_and_nobody_else_sees_it(self, town):
        universe.account(town.of(town.city, Role.CLERK), "lishi")
        services.check_login("lishi", "x", address="10.0.0.9")
        services.check_login("nobody", "x", address="10.0.0.8")
        auditor = enter(town, Role.AUDITOR)
        page = auditor.get("/audit/logins/?address=10.0.0.9").content.decode()
        assert "lishi" in page
        assert "10.0.0.8" not in page
        assert "没有对应的账号" in auditor.get("/audit/logins/?reason=unknown").content.decode()
        from io import BytesIO

        from openpyxl import load_workbook

        answer = auditor.get("/audit/logins/?outcome=failure&export=xlsx")
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
        values = [str(cell.value) for row in sheet.iter_rows() for cell in row]
        assert "10.0.0.9" in values
        assert "密码不对" in values
        for role in set(Role) - {Role.AUDITOR}:
            assert enter(town, role).get("/audit/logins/").status_code == 403, role
            assert enter(town, role).get("/audit/logins/?export=xlsx").status_code == 403, role

    def test_what_administrators_did_is_read_there_and_no_matter(self, town):
        services.dismiss(town.of(town.city, Role.CLERK).appointments.get(), last_day=date(2026, 1, 1))
        from fadu.record.actor import Actor
        from fadu.record.services import write

        write(
            "penalty.ordinary/1", actor=Actor(1, "某人"), act="x.y", title="秘密案件", on=SINCE, matter_title="甲公司案"
        )
        auditor = enter(town, Role.AUDITOR)
        page = auditor.get("/audit/changes/").content.decode()
        assert "免职" in page
        assert "甲公司" not in page
        assert "秘密案件" not in auditor.get("/audit/changes/?q=甲公司").content.decode()


class TestFirstThree:
    """首任三员"""

    PEOPLE = (
        "--organ",
        "示例市应急管理局",
        "--admin",
        "李某:男:lim",
        "--security",
        "王某:女:wangm",
        "--auditor",
        "张某:男:zhangm",
    )

    def test_three_people_come_with_accounts_that_must_change_their_password(self):
        organ = universe.organ("示例市应急管理局", "市局", "晋示", "1404")
        out = StringIO()
        call_command("first-administrators", *self.PEOPLE, stdout=out)
        today = clock.today()
        assert [queries.officers_with(role, organ, today).get().user.username for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR)] == ["lim", "wangm", "zhangm"]  # fmt: skip
        assert all(user.must_change_password for user in User.objects.all())
        with pytest.raises(CommandError, match="已经有安全管理员"):
            call_command("first-administrators", *self.PEOPLE, stdout=out)

    def test_one_person_twice_is_refused(self):
        universe.organ("示例市应急管理局", "市局", "晋示", "1404")
        with pytest.raises(CommandError, match="三个人"):
            call_command("first-administrators", *self.PEOPLE[:5], "李某:男:lim2", *self.PEOPLE[6:], stdout=StringIO())
        assert not Officer.objects.exists()
