"""The engine as a process: killed without warning, doubled, and with a gateway that is slow, deaf, lying or dead."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest
from django.db import connection

from fadu.callout.models import Call, CalledPost, CallEvent, Callout, CalloutRung, Leader
from fadu.callout.providers.gateway import Gateway, serve
from fadu.callout.providers.interface import Said
from fadu.callout.services import calling
from fadu.callout.states import Post, State
from fadu.callout.tests import universe
from fadu.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "shili"


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """A gateway over real HTTP, small batches so that a kill meets several under way."""
    made = Gateway(secret=SECRET)
    server = serve(made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/sms"
    settings.CALLOUT_SMS = {"url": url, "secret": SECRET, "batch": 20, "rate": 1000}
    yield made
    server.shutdown()


@pytest.fixture
def engine(gateway, settings) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts engines as processes of their own on the test's database; ends what is left."""
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "fadu.config.settings",
        "FADU_CALLOUT_SMS_URL": settings.CALLOUT_SMS["url"],
        "FADU_CALLOUT_SMS_SECRET": SECRET,
        "FADU_CALLOUT_SMS_BATCH": "20",
    }

    def start(name: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "callout-engine", "--name", name], cwd=settings.ROOT_DIR, env=environment
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until it is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.05)
        connection.close()


def real_callout(villages: int = 120, seconds: int = 600, **register: int) -> Callout:
    """A real yellow callout; each rung waits ``seconds``."""
    _, head = universe.town()
    universe.register(villages=villages, **register)
    callout = universe.opened(head, status="Actual")
    CalloutRung.objects.filter(callout=callout).update(seconds=seconds)
    Call.objects.filter(callout=callout).update(seconds=seconds)
    return callout


def test_after_kill_minus_nine_at_any_point_nobody_is_missed_and_only_calls_under_way_go_out_twice(gateway, engine):
    callout = real_callout()
    posts = CalledPost.objects.filter(callout=callout).count()
    gateway.slow, gateway.silent = 0.15, True  # it cannot be asked: the engine must prefer twice to never
    draw, under_way = Random(7), 0
    for life in range(3):
        before = gateway.requests
        process = engine(f"life-{life}")
        until(lambda before=before: gateway.requests > before)
        time.sleep(draw.uniform(0.0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        under_way += Call.objects.filter(callout=callout, state=State.CLAIMED).count()
    engine("last")
    until(lambda: len(gateway.sent) >= posts and not Call.objects.filter(callout=callout, state__in=(0, 1, 7)).exists())
    called = set(Call.objects.filter(pk__in=gateway.sent).values_list("called", flat=True))
    assert called == set(CalledPost.objects.filter(callout=callout).values_list("pk", flat=True))
    twice = sum(count - 1 for count in gateway.sent.values())
    assert twice <= under_way
    counted = calling.figures_of(callout)["calls"]["repeats"]
    assert twice <= counted  # every one that may have gone out twice is counted and shown


def test_a_gateway_that_can_be_asked_gets_nothing_twice_after_a_kill(gateway, engine):
    callout = real_callout(villages=60)
    gateway.slow = 0.15
    process = engine("first")
    until(lambda: gateway.requests >= 1)
    process.kill()
    process.wait()
    engine("second")
    until(lambda: not Call.objects.filter(callout=callout, state__in=(0, 1, 7)).exists())
    assert set(gateway.sent.values()) == {1}
    assert len(gateway.sent) == CalledPost.objects.filter(callout=callout).count()


def test_an_engine_told_to_end_writes_what_it_has_sent_and_leaves_nothing_to_ask_for(gateway, engine):
    callout = real_callout()
    gateway.slow = 0.15
    process = engine("first")
    until(lambda: gateway.requests >= 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not Call.objects.filter(callout=callout, state__in=(State.CLAIMED, State.UNCERTAIN)).exists()
    assert set(Call.objects.filter(callout=callout, state=State.SENT).values_list("pk", flat=True)) == set(gateway.sent)


def test_of_two_engines_one_leads_and_the_other_takes_over(gateway, engine):
    first = engine("first")
    until(lambda: Leader.objects.get().holder == "first")
    engine("second")
    time.sleep(1.5)
    assert Leader.objects.get().holder == "first"
    callout = real_callout(villages=60)
    gateway.slow = 0.1
    until(lambda: gateway.requests >= 1)
    first.kill()
    first.wait()
    until(lambda: Leader.objects.get().holder == "second", seconds=10)
    until(lambda: not Call.objects.filter(callout=callout, state__in=(0, 1, 7)).exists())
    assert set(gateway.sent.values()) == {1}


def test_a_deaf_gateway_is_asked_before_anything_is_sent_again(gateway, engine):
    callout = real_callout(villages=30)
    gateway.deaf = 2
    engine("only")
    until(lambda: not Call.objects.filter(callout=callout, state__in=(0, 1, 7)).exists())
    assert set(gateway.sent.values()) == {1}


def test_a_busy_gateway_keeps_calls_queued_and_loses_none(gateway, engine):
    callout = real_callout(villages=30)
    gateway.busy = 3
    engine("only")
    until(lambda: len(gateway.sent) == CalledPost.objects.filter(callout=callout).count())
    assert set(gateway.sent.values()) == {1}


def test_behind_a_lying_gateway_the_ladder_climbs_to_the_door(gateway, engine):
    callout = real_callout(villages=10, seconds=1)
    gateway.lying = True
    engine("only")
    until(
        lambda: (
            Call.objects.filter(callout=callout, who=4).count() == CalledPost.objects.filter(callout=callout).count()
        )
    )
    twice = Counter(Call.objects.filter(callout=callout).values_list("called", "rung"))
    assert set(twice.values()) == {1}


def test_a_dead_gateway_is_given_up_and_the_next_rung_follows(gateway, engine):
    callout = real_callout(villages=5, seconds=2)
    gateway.dead = True
    engine("only")
    posts = CalledPost.objects.filter(callout=callout).count()  # which rung is the door depends on the hour of the day
    until(lambda: Call.objects.filter(callout=callout, who=4).count() == posts, seconds=120)
    assert gateway.sent == {}


def test_who_answers_in_time_never_has_b_called(gateway, engine):
    callout = real_callout(villages=40, seconds=4)
    engine("only")
    until(lambda: len(gateway.sent) == CalledPost.objects.filter(callout=callout).count())
    in_time = sorted(gateway.sent)[::2]
    calling.take_receipts("sms", [Said(call, "answered", clock.now(), "回复") for call in in_time])
    answered = set(Call.objects.filter(pk__in=in_time).values_list("called", flat=True))
    until(lambda: Call.objects.filter(callout=callout, who=2).exists())
    until(lambda: Call.objects.filter(callout=callout, who=2).count() >= 0.9 * (len(gateway.sent) - len(in_time)) / 2)
    assert not Call.objects.filter(called__in=answered, who__gt=1).exists()
    assert set(CalledPost.objects.filter(pk__in=answered).values_list("state", flat=True)) == {Post.ANSWERED}
    assert CallEvent.objects.filter(callout=callout, what="answered").count() == len(answered)
