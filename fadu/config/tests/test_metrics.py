"""What Prometheus is told: the right numbers, nothing of any person, and nothing at all to strangers."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from fadu.config import metrics
from fadu.kernel import clock
from fadu.penalty.tests import universe
from fadu.record import seals, services
from fadu.record.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(settings: Any) -> Client:
    """A monitor that has the token."""
    settings.METRICS_TOKEN = "long token"
    return Client(headers={"Authorization": "Bearer long token"})


def value(client: Client, name: str) -> float:
    """One number of the page."""
    lines = client.get("/metrics").content.decode().splitlines()
    return float(next(line for line in lines if line.startswith(name + " ")).rpartition(" ")[2])


def test_where_nothing_is_set_the_page_does_not_exist(settings: Any) -> None:
    settings.METRICS_TOKEN, settings.METRICS_FROM = "", []
    assert Client().get("/metrics").status_code == 404
    assert Client(headers={"Authorization": "Bearer "}).get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer long", "Basic long token", "bearer x", "Bearer \xe4\xb8\xad"])
def test_a_wrong_token_is_answered_as_if_there_were_no_page(settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = "long token"
    assert Client(headers={"Authorization": given}).get("/metrics").status_code == 404


def test_addresses_open_it_only_to_requests_that_come_directly(settings: Any) -> None:
    settings.METRICS_FROM = [ip_network("10.1.0.0/16"), ip_network("::1")]
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="::1").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="10.2.2.3").get("/metrics").status_code == 404
    # a proxy on that network forwards anybody
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        proxied = Client(REMOTE_ADDR="10.1.2.3", headers={header: "10.1.2.3"})
        assert proxied.get("/metrics").status_code == 404


def test_token_and_address_must_both_be_right_where_both_are_set(settings: Any, opened: Client) -> None:
    settings.METRICS_FROM = [ip_network("10.1.0.0/16")]
    assert opened.get("/metrics").status_code == 404
    assert opened.get("/metrics", REMOTE_ADDR="10.1.0.9").status_code == 200
    assert Client(REMOTE_ADDR="10.1.0.9").get("/metrics").status_code == 404


def test_requests_are_counted_by_view_and_never_by_address(opened: Client) -> None:
    name = 'fadu_requests_total{method="GET",status="404",view="publicity:decision"}'
    opened.get("/public/penalties/987654321/")
    before = value(opened, name)
    opened.get("/public/penalties/123456789/?q=张示一")
    opened.get("/no/such/13800138000/")
    assert value(opened, name) == before + 1
    text = opened.get("/metrics").content.decode()
    for secret in ("987654321", "123456789", "13800138000", "张示一"):
        assert secret not in text
    assert 'view="unmatched"' in text


def test_invented_methods_make_no_series(opened: Client) -> None:
    opened.generic("BREW", "/healthz")
    text = opened.get("/metrics").content.decode()
    assert "BREW" not in text
    assert 'method="other"' in text


def test_the_record_and_its_seals_are_told(opened: Client) -> None:
    assert "fadu_seal_days_behind" not in opened.get("/metrics").content.decode()
    for chain in ("a/1", "a/1", "a/2"):
        services.write(chain, actor=Actor.program(), act="a", title="甲", on=clock.today())
    today = clock.today()
    with clock.at(today + timedelta(days=1)):
        seals.seal_until(today)
        assert value(opened, "fadu_seal_days_behind") == 0
    with clock.at(today + timedelta(days=4)):
        assert value(opened, "fadu_seal_days_behind") == 3
    assert (value(opened, "fadu_record_entries"), value(opened, "fadu_record_chains")) == (3, 2)


def test_jobs_workers_and_stalled_jobs_are_told(opened: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')")
        assert metrics.worker_state() == "stale"
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
            "SELECT 'q', 't', status::procrastinate_job_status, (SELECT max(id) FROM procrastinate_workers) "
            "FROM unnest(ARRAY['todo', 'todo', 'doing', 'failed', 'succeeded']) AS status"
        )
        assert value(opened, "fadu_workers") == 0
        for state, count in (("todo", 2), ("doing", 1), ("failed", 1), ("stalled", 1)):
            assert value(opened, f'fadu_jobs{{state="{state}"}}') == count
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert metrics.worker_state() == "ok"
    assert value(opened, "fadu_workers") == 1


def test_duties_past_their_last_day_are_told(opened: Client) -> None:
    """行政处罚法 60: 90 days to decide, counted from the filing."""
    case = universe.filed(universe.bureau())
    last = case.deadlines.get(name="作出处罚决定").last_day
    with clock.at(last):
        before = value(opened, "fadu_deadlines_missed")
    with clock.at(last + timedelta(days=1)):
        assert value(opened, "fadu_deadlines_missed") == before + 1


def test_readiness_tells_of_the_worker_and_counts_it_when_asked() -> None:
    assert Client().get("/readyz").status_code == 200
    answer = Client().get("/readyz?worker")
    assert (answer.status_code, answer.json()) == (503, {"status": "no worker", "worker": "none"})
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    answer = Client().get("/readyz?worker")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "worker": "ok"})


def test_live_gauges_of_processes_that_ended_are_forgotten(tmp_path: Any) -> None:
    import os

    mine = tmp_path / f"gauge_livesum_{os.getpid()}.db"
    dead = tmp_path / "gauge_livesum_999999999.db"
    counted = tmp_path / "counter_999999999.db"
    for path in (mine, dead, counted):
        path.touch()
    metrics.forget_the_dead(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([mine.name, counted.name])
