"""How often a caller may ask, counted for all processes together; and what each answer's headers say."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from fadu.config.environment import ROOT
from fadu.kernel import clock
from fadu.org.models import RateCount
from fadu.org.roles import Role
from fadu.org.services import spend
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, 15, tzinfo=clock.BEIJING)
NONE = {"public": 0, "login": 0, "upload": 0, "api": 0}


@pytest.fixture
def limits(settings):
    def set_to(**wanted):
        settings.LIMITS = NONE | wanted

    return set_to


def test_a_visitor_who_asks_too_often_waits_until_the_minute_is_over(client, limits):
    limits(public=3)
    with clock.at(NINE):
        assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]
        answer = client.get("/")
        assert (answer.status_code, answer["Retry-After"]) == (429, "45")
        assert "请过45秒再试" in answer.content.decode()
        assert client.get("/", REMOTE_ADDR="10.0.0.8").status_code != 429
        assert client.get("/healthz").status_code == 200
    with clock.at(NINE + timedelta(seconds=45)):
        assert client.get("/").status_code != 429


def test_trying_the_door_is_limited_and_looking_at_it_is_not(client, limits):
    limits(login=2)
    with clock.at(NINE):
        for _ in range(5):
            assert client.get("/login/").status_code == 200
        sent = {"username": "x", "password": "y"}
        assert [client.post("/login/", sent).status_code for _ in range(3)] == [422, 422, 429]


def test_exports_and_uploads_of_an_account_are_limited_and_its_pages_are_not(limits):
    town = universe.build()
    client, other = Client(), Client()
    client.force_login(universe.account(town.of(town.city, Role.AUDITOR), "shenji"))
    other.force_login(universe.account(town.of(town.east, Role.AUDITOR), "shenji2"))
    limits(api=2, upload=1, public=1)
    with clock.at(NINE):
        assert [client.get("/audit/logins/?export=xlsx").status_code for _ in range(3)] == [200, 200, 429]
        assert other.get("/audit/logins/?export=xlsx").status_code == 200
        assert [client.get("/people/").status_code for _ in range(3)] == [200, 200, 200]
        answers = [client.post("/account/password/", {"old": "x"}).status_code for _ in range(2)]  # multipart
        assert answers == [422, 429]


def test_nobody_reads_from_the_counts_who_asked():
    spend("public", "address 10.1.2.3", 5)
    assert "10.1.2.3" not in str(list(RateCount.objects.values_list()))


@pytest.mark.django_db(transaction=True)
def test_hosts_at_the_same_moment_count_together():
    def ask(_: int) -> int:
        try:
            with clock.at(NINE):
                return spend("api", "account 1", 20)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(ask, range(32)))
    assert (waits.count(0), waits.count(45)) == (20, 12)


def test_old_counts_are_swept():
    with clock.at(NINE):
        spend("public", "a", 5)
    with clock.at(NINE + timedelta(minutes=30)):
        spend("public", "b", 5)
    assert RateCount.objects.count() == 1


def test_every_answer_carries_the_headers(client):
    for address in ("/login/", "/no/such/page", "/people/"):
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["Permissions-Policy"].startswith("camera=()")
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in policy


def behind_tls(tmp_path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as an installation behind TLS would."""
    environment = {
        "PATH": "/usr/bin:/bin", "FADU_SECURE": "true", "FADU_HOSTS": "yj.example", "FADU_PUBLIC_URL": "https://yj.example",
        "FADU_VAR": str(tmp_path), "DATABASE_URL": "postgresql://app@127.0.0.1:9/none",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_djangos_own_check_for_deployment_has_nothing_to_say(tmp_path):
    done = behind_tls(tmp_path, "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_behind_tls_the_browser_is_told_to_stay_there(tmp_path):
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'fadu.config.settings'\n"
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/healthz', secure=True, headers={'host': 'yj.example'})\n"
        "print(answer['Strict-Transport-Security'])\n"
        "plain = Client().get('/login/', headers={'host': 'yj.example'})\n"
        "print(plain.status_code, plain['Location'])\n"
        "from django.conf import settings\n"
        "print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)\n"
    )
    done = behind_tls(tmp_path, "shell", "-v0", "-c", code)
    assert done.stdout.splitlines()[-3:] == [
        "max-age=31536000; includeSubDomains",
        "301 https://yj.example/login/",
        "True True True",
    ], done.stdout + done.stderr
