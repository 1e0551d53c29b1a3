"""When a session ends: idle, too long, the account closed, the password changed, forced, a post over."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.org import services
from fadu.org.models import LoginRecord, User
from fadu.org.roles import Role
from fadu.org.tasks import forget_sessions
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=clock.BEIJING)
PAGE = "/people/"


@pytest.fixture
def town():
    return universe.build()


@pytest.fixture
def user(town) -> User:
    return universe.account(town.of(town.city, Role.CLERK), "lishi")


def at(client: Client, moment: datetime) -> int:
    with clock.at(moment):
        return client.get(PAGE).status_code


def log_in(client: Client, moment: datetime) -> None:
    with clock.at(moment):
        assert client.post("/login/", {"username": "lishi", "password": universe.PASSWORD}).status_code == 302


def test_an_idle_session_ends_and_says_why(client, user, settings):
    settings.SESSION_IDLE = 3600
    log_in(client, NINE)
    assert at(client, NINE + timedelta(minutes=59)) == 200
    assert at(client, NINE + timedelta(minutes=118)) == 200
    assert at(client, NINE + timedelta(minutes=179)) == 302
    assert "有一段时间没有操作" in client.get("/login/").content.decode()
    assert LoginRecord.objects.get(outcome="ended").reason == "idle"


def test_a_busy_session_ends_too_when_its_time_is_over(client, user, settings):
    settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE = 3600, 8 * 3600
    log_in(client, NINE)
    for half_hours in range(1, 17):
        assert at(client, NINE + timedelta(minutes=30 * half_hours)) == 200
    assert at(client, NINE + timedelta(hours=8, seconds=1)) == 302
    assert LoginRecord.objects.get(outcome="ended").reason == "expired"


def test_a_closed_account_is_out_at_its_next_click(client, user):
    client.force_login(user)
    assert client.get(PAGE).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(PAGE).status_code == 302


def test_a_new_password_ends_every_session(client, user):
    client.force_login(user)
    services.change_password(user, "Shan-lu-7-deng")
    assert client.get(PAGE).status_code == 302


def test_the_security_administrator_ends_every_session(client, user, town):
    guard = universe.account(town.of(town.city, Role.SECURITY), "guard")
    one, other, third = Client(), Client(), Client()
    one.force_login(user)
    other.force_login(user)
    third.force_login(guard)
    assert third.post(reverse("org:act_on_account", args=[user.pk, "end"])).status_code == 302
    assert (one.get(PAGE).status_code, other.get(PAGE).status_code, third.get(PAGE).status_code) == (302, 302, 200)


def test_one_of_two_posts_ending_ends_the_session_and_a_new_one_does_not(client, user, town):
    second = universe.Post.objects.create(organ=town.city, title="内勤二", roles=["clerk"])
    client.force_login(user)
    assert client.get(PAGE).status_code == 200
    row = services.appoint(user.officer, second, starts_on=date(2026, 1, 1))
    assert client.get(PAGE).status_code == 200
    services.dismiss(row, last_day=date(2026, 1, 1))
    assert client.get(PAGE).status_code == 302
    assert LoginRecord.objects.get(outcome="ended").reason == "post_ended"


def test_activity_is_not_written_at_each_request(client, user, django_assert_num_queries):
    log_in(client, NINE)
    assert at(client, NINE + timedelta(seconds=1)) == 200  # notes the posts it was opened under
    before = client.session["fd_seen"]
    assert at(client, NINE + timedelta(seconds=59)) == 200
    assert client.session["fd_seen"] == before
    assert at(client, NINE + timedelta(seconds=60)) == 200
    assert client.session["fd_seen"] == before + 60


def test_sessions_that_have_run_out_are_forgotten_at_night_and_no_others(client, user):
    """个人信息保护法 47: what is no longer needed is deleted; a session names the person and the posts."""
    assert client.post("/login/", {"username": "lishi", "password": universe.PASSWORD}).status_code == 302
    assert forget_sessions(0) == 0
    Session.objects.update(expire_date=clock.now())
    assert forget_sessions(0) == 1
    assert client.get(PAGE).status_code == 302
