"""Which passwords are taken: length, kinds, common ones, runs, the last ones, and how long one may be used."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import passwords, services
from fadu.org.roles import Role
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=clock.BEIJING)


@pytest.fixture
def user():
    town = universe.build()
    return universe.account(town.of(town.city, Role.CLERK), "lishi")


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("Aa1-short", "至少要10个字符"),
        ("onlysmallletters", "至少要有三种"),
        ("Password2026!", "太常见"),
        ("Yingji@2026", "太常见"),
        ("!Changzhi123", "太常见"),
        ("Rx-12345-mo", "连续或者重复的5个字符"),
        ("Rx-54321-mo", "连续或者重复的5个字符"),
        ("Mo-qwert-9y", "连续或者重复的5个字符"),
        ("Mo-aaaaa-9y", "连续或者重复的5个字符"),
        ("Lishi-2026-x", "用户名太相近"),
    ],
)
def test_a_weak_password_is_refused_for_its_own_reason(user, password, told):
    assert any(told in fault for fault in passwords.faults(password, user))


def test_a_strong_one_is_taken(user):
    assert passwords.faults("Shan-lu-7-deng", user) == []


def test_the_last_five_are_not_taken_again_and_the_sixth_is(user):
    chosen = [f"Shan-lu-{word}-7" for word in ("jia", "yi", "bing", "ding", "wu", "ji")]
    for password in chosen:
        services.change_password(user, password)
    for password in chosen[1:]:
        with pytest.raises(Invalid, match="最近5次用过"):
            services.change_password(user, password)
    services.change_password(user, chosen[0])


def test_a_password_in_use_too_long_must_be_changed_before_anything_else(user, settings):
    settings.PASSWORD_DAYS = 90
    with clock.at(NINE):
        services.change_password(user, "Shan-lu-7-deng")
    with clock.at(NINE + timedelta(days=90)):
        client = Client()
        client.force_login(user)
        assert client.get(reverse("org:people")).status_code == 200
    with clock.at(NINE + timedelta(days=90, seconds=1)):
        client = Client()
        client.force_login(user)
        assert client.get(reverse("org:people"))["Location"] == reverse("org:password")
        assert "用满规定的天数" in client.get(reverse("org:password")).content.decode()
