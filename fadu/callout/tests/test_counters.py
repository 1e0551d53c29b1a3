"""Counters of the board, their comparison with the rows, and what is kept of a callout when its term is over."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from fadu.callout import live, personal, queries
from fadu.callout.engine import statements
from fadu.callout.models import Call, CalledPost, CallEvent, Callout, Receipt, Stat
from fadu.callout.providers.simulated import Simulated
from fadu.callout.services import calling, drills, retaining
from fadu.callout.tests import universe
from fadu.callout.tests.test_calling import World, quiet
from fadu.callout.tests.test_pages import client_of, text
from fadu.kernel import clock
from fadu.kernel.errors import OutOfOrder
from fadu.law.statutes import EMERGENCY
from fadu.org.roles import Role
from fadu.record.models import Entry
from fadu.record.queries import verify_chain

pytestmark = pytest.mark.django_db
WHY = "2026-12-01局长办公会：满一年不再需要"


@pytest.fixture
def as_owner(owner_connection):
    """The owner of the tables, as the command logs in."""
    theirs, owner = connection.settings_dict.copy(), owner_connection.info
    connection.close()
    connection.settings_dict |= {"USER": owner.user, "PASSWORD": owner.password}
    yield
    connection.close()
    connection.settings_dict |= {"USER": theirs["USER"], "PASSWORD": theirs["PASSWORD"]}


def finished(town, **given) -> Callout:
    head = town.officers["市局"][Role.AGENCY_HEAD]
    simulator = Simulated(seed=7, silent=0.3)
    return drills.play(
        code="140403", colour="红", by=head, at=clock.now() - timedelta(hours=8), simulator=simulator, **given
    )


def test_at_every_moment_the_counters_say_what_a_recount_says():
    world = World(Simulated(seed=3, silent=0.4, lost=0.1, failing=0.1, twice=0.1))
    callout = world.open(colour="红")
    for _ in range(12):
        assert queries.counted(callout.pk) == queries.recounted(callout.pk)
        world.run(40, every=20)
    assert queries.counted(callout.pk)["calls"]["to_b"] > 0


def test_joining_the_counters_changes_no_count():
    world = World(quiet())
    callout = world.open(colour="红")
    world.run(200, every=20)
    before, rows = queries.counted(callout.pk), Stat.objects.count()
    calling.run(statements.JOIN_COUNTERS, most=0)
    assert queries.counted(callout.pk) == before
    assert Stat.objects.count() < rows


def test_an_all_clear_is_no_call_of_the_ladder():
    world = World(quiet())
    callout = world.open(colour="红")
    world.run()
    with clock.at(world.clock.moment):
        calling.cancel(callout, by=world.head)
    assert Call.objects.filter(callout=callout, clear=True).exists()
    assert queries.counted(callout.pk) == queries.recounted(callout.pk)


def test_the_end_says_when_the_counters_were_wrong_and_keeps_the_recount():
    town, _ = universe.town()
    universe.register(villages=4)
    callout = finished(town, close=False)
    Stat.objects.create(callout=callout, what="post", county="140403", level="village", state=1, who=1, n=5)
    answered = CalledPost.objects.filter(callout=callout, state=1).count()
    closed = calling.close(callout, by=town.officers["市局"][Role.AGENCY_HEAD])
    assert closed.report["counters_agree"] is False
    assert closed.report["total"]["answered"] == answered
    assert "counters_agree" in Entry.objects.get(chain=f"callout/{callout.pk}", act="callout.close").body


def test_a_drill_ends_with_counters_that_agree_and_is_compared_with_drills_only():
    town, _ = universe.town()
    universe.register(villages=4)
    first, second = finished(town), finished(town)
    assert second.report["counters_agree"] is True
    Callout.objects.filter(pk=first.pk).update(opened_at=second.opened_at - timedelta(days=1))
    client = client_of(town.officers["市局"][Role.AGENCY_HEAD])
    address = f"/callout/{second.pk}/compare/"
    assert f"/callout/{first.pk}/report/" in text(client.get(address))
    Callout.objects.filter(pk=first.pk).update(kind="real")
    assert f"/callout/{first.pk}/report/" not in text(client.get(address))
    assert client_of(town.officers["西区局"][Role.CLERK]).get(address).status_code == 404


# --- the live line ---------------------------------------------------------------------------------------------------


def test_all_who_see_the_same_counties_get_one_event_and_nobody_another_county():
    world = World(quiet())
    callout = world.open(colour="红")
    reader = live.Reader(lambda: None)
    assert reader.event(callout.pk, ["14"]) == (0, b"")
    reader.readings[callout.pk] = (1, live.snapshot(callout.pk))
    assert reader.event(callout.pk, ["14"])[1] is reader.event(callout.pk, ["14"])[1]
    assert b'"140403"' in reader.event(callout.pk, ["140403"])[1]
    assert b'"140403"' not in reader.event(callout.pk, ["140404"])[1]
    reader.readings[callout.pk] = (2, live.snapshot(callout.pk))
    assert reader.event(callout.pk, ["14"])[0] == 2


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_nothing_is_reduced_unless_a_term_is_set_with_a_dated_reason(settings):
    settings.CALLOUT_KEEP = {"days": 0, "reason": ""}
    assert not retaining.ripe().exists()
    for reason in ("", "不再需要"):
        settings.CALLOUT_KEEP = {"days": 365, "reason": reason}
        with pytest.raises(CommandError, match="FADU_CALLOUT_KEEP_REASON"):
            call_command("callout-reduce", "--yes")


@pytest.mark.law(EMERGENCY[85])
def test_after_the_term_only_the_figures_and_the_hashes_are_left(settings, as_owner):
    town, _ = universe.town()
    universe.register(villages=4)
    callout = finished(town)
    settings.CALLOUT_KEEP = {"days": 365, "reason": WHY}
    entries = list(Entry.objects.filter(chain=f"callout/{callout.pk}").values_list("hash", flat=True))
    with pytest.raises(OutOfOrder, match="还没有满"):
        retaining.reduce(callout)
    with clock.at(clock.now() + timedelta(days=366)):
        call_command("callout-reduce")
        assert CalledPost.objects.filter(callout=callout).exists()  # it was only told
        call_command("callout-reduce", "--yes")
    for model in (Call, CalledPost, CallEvent, Stat):
        assert not model.objects.filter(callout=callout).exists()
    assert not Receipt.objects.exists()
    kept = Callout.objects.get(pk=callout.pk)
    assert (kept.report, kept.events_hash) == (callout.report, callout.events_hash)
    assert list(Entry.objects.filter(chain=f"callout/{callout.pk}").values_list("hash", flat=True))[:-1] == entries
    last = Entry.objects.filter(chain=f"callout/{callout.pk}", act="callout.reduce").get()
    assert retaining.report_hash(kept) in last.body
    assert verify_chain(f"callout/{callout.pk}").ok
    page = client_of(town.officers["市局"][Role.CLERK]).get(f"/callout/{callout.pk}/", follow=True)
    assert "只留结果" in text(page)


def test_nothing_is_reduced_while_a_callout_is_open_and_the_guard_stands_afterwards(settings, as_owner):
    world = World(quiet())
    callout = finished(world.town)
    Callout.objects.filter(pk=callout.pk).update(closed_at=clock.now() - timedelta(days=400))
    settings.CALLOUT_KEEP = {"days": 365, "reason": WHY}
    running = universe.opened(world.head, number=5)
    with pytest.raises(OutOfOrder, match="正在进行"):
        retaining.reduce(callout)
    calling.close(running, by=world.head)
    retaining.reduce(callout)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'callout_refuse'")
        assert cursor.fetchone()[0] in ("A", b"A")


def test_events_that_do_not_give_their_hash_are_kept(settings, as_owner):
    town, _ = universe.town()
    universe.register(villages=4)
    callout = finished(town)
    Callout.objects.filter(pk=callout.pk).update(closed_at=clock.now() - timedelta(days=400))
    CallEvent.objects.create(callout=callout, what="answered", at=clock.now())
    settings.CALLOUT_KEEP = {"days": 365, "reason": WHY}
    with pytest.raises(OutOfOrder, match="散列值不符"):
        retaining.reduce(callout)
    assert Call.objects.filter(callout=callout).exists()


def test_the_application_itself_reduces_nothing(settings):
    town, _ = universe.town()
    universe.register(villages=4)
    callout = finished(town)
    Callout.objects.filter(pk=callout.pk).update(closed_at=clock.now() - timedelta(days=400))
    settings.CALLOUT_KEEP = {"days": 365, "reason": WHY}
    with pytest.raises(ProgrammingError, match="must be owner"):
        retaining.reduce(callout)


@pytest.mark.parametrize("application", [live.application, personal.application], ids=["board", "own page"])
def test_a_line_without_a_ticket_of_ours_does_not_exist(application):
    said = []

    async def send(message):
        said.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep a loop running in this thread
        for path in ("/live/mine/forged", "/live/forged"):
            apart.submit(asyncio.run, application({"type": "http", "path": path}, receive, send)).result()
    assert [message["status"] for message in said if message["type"] == "http.response.start"] == [404, 404]
