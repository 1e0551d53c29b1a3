import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import services
from fadu.org.models import LoginRecord, User
from fadu.org.roles import Role
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
LOGIN = "/login/"
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=clock.BEIJING)


@pytest.fixture
def town() -> universe.Town:
    return universe.build()


@pytest.fixture
def user(town) -> User:
    return universe.account(town.of(town.city, Role.CLERK), "李示")


def attempt(client: Client, username: str, password: str, **extra):
    return client.post(LOGIN, {"username": username, "password": password, "next": "/account/"}, **extra)


def test_the_right_password_opens_the_page_asked_for(client, user):
    response = attempt(client, "李示", universe.PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert LoginRecord.objects.get().outcome == "success"


def test_the_user_name_may_be_typed_in_any_case_or_width(client, town):
    universe.account(town.of(town.city, Role.CLERK), "wang-shi")
    assert attempt(client, " ＷＡＮＧ-shi ", universe.PASSWORD).status_code == 302


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, user):
    wrong_password = attempt(client, "李示", "错的密码")
    wrong_name = attempt(client, "没有此人", "错的密码")
    assert wrong_password.status_code == wrong_name.status_code == 422
    answers = [response.context["form"].non_field_errors() for response in (wrong_password, wrong_name)]
    assert answers[0] == answers[1] == ["用户名或者密码不对，请重新输入。连续错5次，这个用户名将锁定10分钟。"]


def test_what_was_typed_is_kept_but_not_the_password(client, user):
    page = attempt(client, "李示", "错的密码").content.decode()
    assert 'value="李示"' in page
    assert "错的密码" not in page


def test_a_name_typed_into_the_log_by_mistake_cannot_be_read(client):
    attempt(client, "my-secret-password", "x")
    assert "my-secret-password" not in str(list(LoginRecord.objects.values_list()))


@pytest.mark.parametrize("name", ["李示", "没有此人"])
def test_the_fifth_failure_locks_a_name_for_ten_minutes_whether_or_not_it_exists(client, user, name):
    with clock.at(NINE):
        for _ in range(4):
            assert "连续错5次" in attempt(client, name, "错的密码").content.decode()
        assert "09:10以后再试" in attempt(client, name, "错的密码").content.decode()
        assert attempt(client, name, universe.PASSWORD).status_code == 422
    with clock.at(NINE + timedelta(minutes=9, seconds=59)):
        assert attempt(client, name, universe.PASSWORD).status_code == 422
    with clock.at(NINE + timedelta(minutes=10)):
        assert attempt(client, name, universe.PASSWORD).status_code == (302 if name == "李示" else 422)
    assert LoginRecord.objects.filter(outcome="locked").count() == 2


def test_a_lock_of_one_name_leaves_others_alone(client, user, town):
    universe.account(town.of(town.city, Role.REVIEWER), "王示")
    for _ in range(5):
        attempt(client, "李示", "错的密码")
    assert attempt(client, "王示", universe.PASSWORD).status_code == 302


def test_four_failures_and_a_success_count_from_the_beginning(client, user):
    for _ in range(4):
        attempt(client, "李示", "错的密码")
    assert attempt(client, "李示", universe.PASSWORD).status_code == 302
    client.logout()
    assert "连续错5次" in attempt(client, "李示", "错的密码").content.decode()


def test_a_new_password_ends_the_lock(client, user):
    for _ in range(5):
        attempt(client, "李示", "错的密码")
    services.change_password(user, "xin-mima-2027")
    assert attempt(client, "李示", "xin-mima-2027").status_code == 302


def test_one_password_tried_on_many_names_locks_the_address(client, user):
    for number in range(50):
        attempt(client, f"名字{number}", "错的密码", REMOTE_ADDR="10.0.0.9")
    assert "以后再试" in attempt(client, "李示", universe.PASSWORD, REMOTE_ADDR="10.0.0.9").content.decode()
    assert attempt(client, "李示", universe.PASSWORD, REMOTE_ADDR="10.0.0.8").status_code == 302


def test_a_closed_account_cannot_log_in_and_gets_the_common_answer(client, user):
    User.objects.update(is_active=False)
    assert "用户名或者密码不对" in attempt(client, "李示", universe.PASSWORD).content.decode()


def test_after_login_nobody_is_sent_to_a_foreign_site(client, user):
    response = client.post(LOGIN, {"username": "李示", "password": universe.PASSWORD, "next": "https://evil.example/"})
    assert response.status_code == 302
    assert "evil" not in response["Location"]


def test_the_session_gets_a_new_key_at_login(client, user):
    client.get(LOGIN)
    session = client.session
    session["before"] = True
    session.save()
    old = session.session_key
    attempt(client, "李示", universe.PASSWORD)
    assert client.session.session_key != old


def test_empty_fields_are_asked_for_by_name(client):
    page = client.post(LOGIN, {}).content.decode()
    assert "请填写用户名。" in page
    assert "请填写密码。" in page


def test_logging_out_takes_a_post_and_is_recorded(client, user):
    client.force_login(user)
    assert client.get(reverse("org:logout")).status_code == 405
    assert client.post(reverse("org:logout")).status_code == 302
    assert LoginRecord.objects.filter(outcome="logout", user=user).exists()
    assert client.get(reverse("org:account")).status_code == 302


class TestPassword:
    """修改密码"""

    def change(self, client, old=universe.PASSWORD, new="xin-mima-2027", again=None):
        return client.post(reverse("org:password"), {"old": old, "new": new, "again": new if again is None else again})

    def test_the_new_password_counts_and_other_sessions_end(self, client, user):
        other = Client()
        other.force_login(user)
        client.force_login(user)
        assert self.change(client).status_code == 302
        assert client.get(reverse("org:account")).status_code == 200
        assert other.get(reverse("org:account")).status_code == 302
        user.refresh_from_db()
        assert user.check_password("xin-mima-2027")

    @pytest.mark.parametrize(
        ("entry", "told"),
        [
            ({"old": "不对的"}, "现在的密码不对"),
            ({"new": "duan"}, "至少要10个字符"),
            ({"new": "1234567890123"}, "只包含数字"),
            ({"again": "别的"}, "两次输入的新密码不一样"),
            ({"new": universe.PASSWORD}, "新密码和现在的密码一样"),
            ({"new": "password123"}, "太常见"),
        ],
    )
    def test_what_is_wrong_is_told_in_chinese(self, client, user, entry, told):
        client.force_login(user)
        response = self.change(client, **entry)
        assert response.status_code == 422
        errors = " ".join(text for texts in response.context["form"].errors.values() for text in texts)
        assert re.search(told, errors), errors
        assert not re.search(r"[a-zA-Z]{3,}", errors), errors

    def test_an_initial_password_has_to_be_changed_before_anything_else(self, client, town):
        person = town.of(town.city, Role.REVIEWER)
        user = services.create_account(person, username="王示", password=universe.PASSWORD)
        client.force_login(user)
        response = client.get(reverse("org:people"))
        assert (response.status_code, response["Location"]) == (302, reverse("org:password"))
        self.change(client)
        assert client.get(reverse("org:people")).status_code == 200


class TestAccounts:
    """账号"""

    def test_one_officer_has_one_account(self, town, user):
        with pytest.raises(Invalid, match="已经有账号"):
            services.create_account(user.officer, username="另一个", password=universe.PASSWORD)

    def test_a_name_is_taken_in_any_case(self, town):
        universe.account(town.of(town.city, Role.CLERK), "wang-shi")
        with pytest.raises(Invalid):
            services.create_account(town.of(town.city, Role.REVIEWER), username="Wang-Shi", password=universe.PASSWORD)

    def test_a_weak_password_is_refused(self, town):
        with pytest.raises(Invalid) as refused:
            services.create_account(town.of(town.city, Role.CLERK), username="李示", password="123")
        assert "password" in refused.value.field_errors


def test_an_appointment_that_has_ended_ends_the_session_at_once_and_says_why(client, user):
    client.force_login(user)
    assert client.get(reverse("org:people")).status_code == 200
    services.dismiss(user.officer.appointments.get(), last_day=date(2026, 1, 1))
    response = client.get(reverse("org:people"))
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/people/")
    assert "您的岗位有变动" in client.get(LOGIN).content.decode()
    assert "您的岗位有变动" not in client.get(LOGIN).content.decode()
    record = LoginRecord.objects.get(outcome="ended")
    assert (record.user, record.reason) == (user, "post_ended")
    assert attempt(client, "李示", universe.PASSWORD).status_code == 302
    response = client.get(reverse("org:people"))
    assert response.status_code == 403
    assert "没有在任的岗位" in response.content.decode()
    assert client.get(reverse("org:account")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_attempts_cannot_outrun_the_count():
    """Eight wrong passwords at the same moment: five are looked at, three are refused unseen."""
    town = universe.build()
    universe.account(town.of(town.city, Role.CLERK), "李示")

    def guess(number: int) -> None:
        try:
            services.check_login("李示", f"错的密码{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(guess, range(8)))
    outcomes = list(LoginRecord.objects.values_list("outcome", flat=True))
    assert (outcomes.count("failure"), outcomes.count("locked")) == (5, 3)
