"""The throttle: longer with each failure, by name and by address, and silent about who exists."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, RequestFactory

from fadu.kernel import clock
from fadu.org import services
from fadu.org.address import client_address
from fadu.org.models import LoginRecord
from fadu.org.roles import Role
from fadu.org.services.throttle import lock_of_address, lock_of_name, name_hash
from fadu.org.tests import universe
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=clock.BEIJING)


@pytest.fixture
def user():
    town = universe.build()
    return universe.account(town.of(town.city, Role.CLERK), "李示")


def until(name: str = "李示") -> datetime | None:
    return lock_of_name(name_hash(name), clock.now())


@pytest.mark.parametrize("name", ["李示", "没有此人"])
def test_each_further_failure_doubles_the_lock(user, name):
    now = NINE
    for minutes in (10, 20, 40, 80, 160, 240, 240):
        for _ in range(5 if minutes == 10 else 1):
            with clock.at(now):
                services.check_login(name, "错的密码")
        with clock.at(now):
            assert until(name) == now + timedelta(minutes=minutes)
        now += timedelta(minutes=minutes)


def test_a_lock_is_not_prolonged_by_knocking_at_it(user):
    with clock.at(NINE):
        for _ in range(5):
            services.check_login("李示", "错的密码")
    with clock.at(NINE + timedelta(minutes=5)):
        for _ in range(20):
            assert services.check_login("李示", "错的密码").locked_until == NINE + timedelta(minutes=10)


def test_an_address_is_shut_longer_with_each_fifty_of_the_day(user):
    def burst(start: datetime) -> datetime | None:
        with clock.at(start):
            for number in range(50):
                services.check_login(f"名字{start}{number}", "x", address="10.0.0.9")
            return lock_of_address("10.0.0.9", clock.now())

    assert burst(NINE) == NINE + timedelta(minutes=10)
    assert burst(NINE + timedelta(minutes=30)) == NINE + timedelta(minutes=50)
    with clock.at(NINE + timedelta(minutes=31)):
        assert services.check_login("李示", universe.PASSWORD, address="10.0.0.9").user is None
        assert services.check_login("李示", universe.PASSWORD, address="10.0.0.8").user == user


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt)


def test_a_name_that_does_not_exist_costs_the_same_hashing(user, settings: Any):
    """So that the time of the answer does not tell who has an account."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    counts = []
    for name in ("李示", "没有此人"):
        CountingHasher.count = 0
        services.check_login(name, "错的密码")
        counts.append(CountingHasher.count)
    assert counts[0] == counts[1] > 0


def test_the_log_tells_the_auditor_what_the_page_does_not(user):
    services.check_login("没有此人", "x")
    services.check_login("李示", "x")
    user.is_active = False
    user.save()
    services.check_login("李示", universe.PASSWORD)
    reasons = list(LoginRecord.objects.order_by("id").values_list("reason", flat=True))
    assert reasons == ["unknown", "wrong_password", "disabled"]


def test_only_a_trusted_proxy_is_believed_about_the_address(settings):
    def asked(remote: str, forwarded: str) -> str | None:
        return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded))

    assert asked("10.0.0.5", "1.2.3.4") == "10.0.0.5"
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/24"),)
    assert asked("10.0.0.5", "1.2.3.4") == "1.2.3.4"
    assert asked("10.0.0.5", "6.6.6.6, 1.2.3.4, 10.0.0.7") == "1.2.3.4"
    assert asked("10.0.0.5:4711", "[2001:db8::1]:55") == "2001:db8::1"
    assert asked("9.9.9.9", "1.2.3.4") == "9.9.9.9"
    assert asked("10.0.0.5", "nonsense") == "10.0.0.5"


def test_the_security_administrator_opens_a_lock(user):
    town_guard = universe.account(
        universe.officer(user.officer.appointments.get().post.organ, "周示", Role.SECURITY), "zhou"
    )
    for _ in range(5):
        services.check_login("李示", "错的密码", address="10.0.0.9")
    client = Client()
    client.force_login(town_guard)
    page = client.get("/security/").content.decode()
    assert "李示" in page
    assert client.post(f"/security/accounts/{user.pk}/unlock/").status_code == 302
    assert services.check_login("李示", universe.PASSWORD).user == user
    assert LoginRecord.objects.filter(outcome="unlock", user=user).exists()
    entry = Entry.objects.get(chain=f"org.user/{user.pk}")
    assert (entry.title, entry.actor["name"]) == ("解除锁定", "周示")
