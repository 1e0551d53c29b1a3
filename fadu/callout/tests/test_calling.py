"""Callouts on the real statements, under a clock that the test sets; expectations are the rules of the callout, counted by hand."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fadu.callout.engine import links, loop, statements
from fadu.callout.engine.beside import Inline
from fadu.callout.engine.loop import Engine
from fadu.callout.engine.moments import Moments
from fadu.callout.engine.moments import Simulated as Clock
from fadu.callout.engine.writing import receive
from fadu.callout.models import Call, CalledPost, CallEvent, Callout, CalloutRung, DutyPost, Holding, Receipt
from fadu.callout.providers.interface import Accepted, Hand, Message, Missing, Rejected, Said
from fadu.callout.providers.simulated import Simulated
from fadu.callout.services import calling, drills
from fadu.callout.states import Post, State, Who
from fadu.callout.tests import universe
from fadu.kernel import clock
from fadu.kernel.clock import BEIJING
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org.roles import Role
from fadu.record.models import Entry
from fadu.warning.services import take_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)


class World:
    """A town, a register, an engine, and a clock that moves when it is told."""

    def __init__(self, simulator: Simulated, villages: int = 6, **register: int) -> None:
        self.town, self.head = universe.town()
        self.posts = universe.register(villages=villages, **register)
        self.clock = Clock(NOON)
        self.simulator = simulator
        providers = {"simulated": simulator, "hand": Hand(), "none": Missing()}
        self.engine = Engine(calling.raw(), providers, Inline(), clock=self.clock, name="test", address="http://x")

    def open(self, **given: object) -> Callout:
        with clock.at(self.clock.moment):
            return universe.opened(self.head, **given)

    def run(self, seconds: float = 0, every: float = 1) -> None:
        """Let so many seconds pass, with a round every so often, and rounds until nothing is left to do."""
        until = self.clock.moment + timedelta(seconds=seconds)
        while True:
            with clock.at(self.clock.moment):
                while self.engine.step():
                    pass
            if self.clock.moment >= until:
                return
            self.clock.moment += timedelta(seconds=every)

    def say(self, calls: list[Call], kind: str = "answered", at: datetime | None = None) -> None:
        said = [Said(call.pk, kind, at or self.clock.moment, "回复") for call in calls]
        receive(calling.raw(), "simulated", said, self.clock.moment)


class Held(Executor):
    """Senders that are not back before they are let go."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.held.append((future, partial(fn, *args, **kwargs)))
        return future

    def let_go(self) -> None:
        for future, work in self.held:
            future.set_result(work())
        self.held = []


def quiet(**given: object) -> Simulated:
    """A simulator whose telephones nobody answers and nothing goes wrong with."""
    return Simulated(**{"silent": 1.0, "lost": 0.0, "failing": 0.0, "twice": 0.0, **given})  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World(quiet())


def live_calls(callout: Callout) -> set[tuple[str, int]]:
    rows = Call.objects.filter(callout=callout, state__in=(0, 1, 2, 3, 7), clear=False)
    return set(rows.values_list("called__title", "rung"))


def test_every_post_of_the_area_is_called_once_and_no_other(world):
    DutyPost.objects.filter(division="140403001").update(division="140404001", county="140404")
    callout = world.open(colour="红")
    world.run()
    wanted = {post.pk for post in world.posts if post.kind != "head" or post.level == "county"} - set(
        DutyPost.objects.filter(county="140404").values_list("pk", flat=True)
    )
    assert set(CalledPost.objects.filter(callout=callout).values_list("post", flat=True)) == wanted
    assert Call.objects.filter(callout=callout, state__in=(State.SENT, State.DELIVERED)).count() == len(wanted)


def test_a_warning_for_a_township_calls_it_its_villages_and_its_county(world):
    village = DutyPost.objects.filter(level="village").first()
    callout = world.open(colour="红", code=village.division_id[:9])
    levels = set(CalledPost.objects.filter(callout=callout).values_list("level", flat=True))
    assert levels == {"county", "township", "village"}
    assert (
        not CalledPost.objects.filter(callout=callout, level="township")
        .exclude(post__division=village.division_id[:9])
        .exists()
    )


def test_an_answer_that_is_there_before_its_sender_is_back_counts_for_every_post_of_the_message(world):
    one, other = DutyPost.objects.filter(level="village")[:2]
    holder = Holding.objects.get(post=one, slot="A").person
    Holding.objects.filter(post=other, slot="A").update(person=holder)
    world.engine.executor = senders = Held()
    callout = world.open(colour="红")
    world.run()
    calls = list(Call.objects.filter(callout=callout, person=holder).order_by("pk"))
    assert [call.state for call in calls] == [State.CLAIMED] * 2
    world.say(calls[:1])  # the number of the message is that of its first call
    world.run()
    senders.let_go()
    world.run()
    posts = CalledPost.objects.filter(callout=callout, post__in=(one, other))
    assert [(post.state, post.answered_at) for post in posts] == [(Post.ANSWERED, NOON)] * 2
    assert Call.objects.get(pk=calls[1].pk).sent_with == calls[0].pk


def test_whatever_a_provider_says_is_kept_as_it_is_but_for_what_no_text_can_hold(world):
    world.simulator.send_batch = lambda messages, now: [Accepted('{"a", \\b}\0\ud800' + one.phone) for one in messages]
    callout = world.open(colour="红")
    world.run()
    sent = Call.objects.filter(callout=callout, state=State.SENT)
    assert set(sent.values_list("provider_ref", flat=True)) == {
        f'{{"a", \\b}}�?{phone}' for phone in sent.values_list("phone", flat=True)
    }
    call = sent.first()
    receive(calling.raw(), "simulated", [Said(call.pk, "answered", NOON, '按键"1"\\')], NOON)
    world.run()
    assert CalledPost.objects.get(pk=call.called_id).answered_how == '按键"1"\\'


def test_a_silent_post_climbs_a_b_above_door_each_once_in_order(world):
    callout = world.open(colour="红")
    world.run(180)
    world.run(90 + 60 + 120 + 1200 + 120, every=20)
    post = CalledPost.objects.filter(callout=callout, level="village").first()
    who = list(Call.objects.filter(called=post).order_by("rung").values_list("who", flat=True))
    assert who == [Who.A, Who.A, Who.B, Who.B, Who.ABOVE, Who.DOOR]
    assert post.state == Post.UNREACHED
    opened = Call.objects.get(called=post, rung=3).queued_at - NOON
    assert timedelta(seconds=150) < opened < timedelta(seconds=165)  # 90 s + 60 s, two graces of 2 s, a round a second


@pytest.mark.parametrize(("kind", "state"), [("delivered", State.SENT), ("failed", State.QUEUED)])
def test_an_answer_to_an_earlier_call_ends_a_later_one_whatever_is_read_of_it_with_the_answer(kind, state):
    world = World(quiet(lost=1.0))  # no delivery is heard of before we say so
    callout = world.open(colour="红")
    world.run(120)
    post = CalledPost.objects.filter(callout=callout, level="village").first()
    first, later = Call.objects.filter(called=post).order_by("rung")[:2]
    Call.objects.filter(pk=later.pk).update(state=state, not_before=world.clock.moment + timedelta(seconds=5))
    world.say([later], kind)
    world.say([first])
    world.run(10)
    post.refresh_from_db()
    later.refresh_from_db()
    assert (post.state, State(later.state)) == (Post.ANSWERED, State.CANCELLED)
    assert post.rung == later.rung


def test_an_answer_in_time_that_is_read_late_never_calls_b(world):
    callout = world.open(colour="红")
    world.run()
    calls = list(Call.objects.filter(callout=callout, state__in=(2, 3)))
    in_time = min(call.due_at for call in calls)
    world.clock.moment = in_time + timedelta(seconds=30)  # the engine slept past the deadline
    world.say(calls, at=in_time - timedelta(seconds=1))
    assert not world.engine.connection.execute(
        statements.SWEEP, {"now": world.clock.moment, "grace": timedelta(), "since": None, "limit": 100}
    ).fetchall()  # not even a sweep that comes before the receipts are read
    world.run()
    assert set(CalledPost.objects.filter(callout=callout).values_list("state", flat=True)) == {Post.ANSWERED}
    assert not Call.objects.filter(callout=callout, rung__gt=1).exists()


def test_a_long_inbox_keeps_no_silent_post_waiting_and_calls_nobody_who_answered(world, monkeypatch):
    callout = world.open(colour="红")
    world.run()
    silent, *calls = Call.objects.filter(callout=callout, state__in=(2, 3)).order_by("pk")
    world.say(calls)
    world.clock.moment = max(call.due_at for call in calls) + timedelta(seconds=30)
    monkeypatch.setattr(loop, "SET", 2)
    world.engine.step()
    assert Receipt.objects.filter(applied_at=None, kind="answered").count() == len(calls) - 2
    assert Call.objects.filter(called=silent.called, rung=2).exists()
    world.run()
    assert not Call.objects.filter(callout=callout, rung__gt=1).exclude(called=silent.called).exists()
    assert CalledPost.objects.filter(callout=callout, state=Post.ANSWERED).count() == len(calls)


def test_the_sweep_asks_for_receipts_by_their_call_also_where_none_was_unread_of_late(world):
    world.open(colour="红")
    world.run()
    world.say(list(Call.objects.filter(state__in=(2, 3))))
    world.run()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE callout_receipt")
        cursor.execute(statements.STEADY)
        given = {"now": world.clock.moment, "grace": timedelta(), "since": None, "limit": 100}
        cursor.execute(f"EXPLAIN {statements.SWEEP}", given)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(statements.UNSTEADY)
    assert "using callout_receipt_unread_call on" in plan


def test_an_answer_after_the_deadline_still_ends_the_ladder_and_cancels_b(world):
    callout = world.open(colour="红")
    world.run(160)
    first = Call.objects.filter(callout=callout, rung=1).first()
    assert Call.objects.filter(called=first.called, who=Who.B).exists()
    world.say([first])
    world.run(300)
    first.refresh_from_db()
    assert (first.state, first.called.state, first.called.answered_who) == (State.ACKED, Post.ANSWERED, Who.A)
    assert list(Call.objects.filter(called=first.called, who=Who.B).values_list("state", flat=True)) == [
        State.CANCELLED
    ]


def test_a_receipt_told_twice_is_one(world):
    callout = world.open()
    world.run()
    call = Call.objects.filter(callout=callout, state__in=(2, 3)).first()
    world.say([call])
    world.say([call])
    world.run()
    assert CallEvent.objects.filter(call_id=call.pk, what="answered").count() == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.CLAIMED, State.UNCERTAIN], ids=lambda state: state.name.lower())
def test_nothing_ends_while_an_all_clear_is_not_settled(world, state):
    callout = world.open(colour="红")
    world.run()
    with clock.at(world.clock.moment):
        calling.cancel(callout, by=world.head)
        world.run()
        Call.objects.filter(pk=Call.objects.filter(callout=callout, clear=True).first().pk).update(state=state)
        with pytest.raises(OutOfOrder, match="解除通知还没有发完"):
            calling.close(callout, by=world.head)  # an event would come after the hash


def test_a_post_without_b_goes_straight_to_the_post_above():
    world = World(quiet(), without_b=3)
    callout = world.open(colour="红")
    vacant = CalledPost.objects.filter(callout=callout, level="village", persons__1=0).first()
    world.run(160)
    assert set(Call.objects.filter(called=vacant).values_list("who", flat=True)) == {Who.A, Who.ABOVE}


def test_one_person_on_several_posts_gets_one_message_and_answers_for_all():
    world = World(quiet(), doubled=0)
    person = Holding.objects.filter(slot="A", post__level="village").first().person
    three = Holding.objects.filter(slot="A", post__level="village")[1:3]
    for holding in three:
        Holding.objects.filter(pk=holding.pk).update(person=person)
    sent: list[Message] = []
    world.simulator.said = sent.extend
    callout = world.open(colour="红")
    world.run()
    mine = [message for message in sent if message.phone == person.phone]
    assert len(mine) == 1
    assert "、" in mine[0].text
    world.say([Call.objects.get(pk=mine[0].id)])
    world.run()
    assert CalledPost.objects.filter(callout=callout, state=Post.ANSWERED).count() == 3


def test_over_the_limit_of_a_provider_calls_wait_in_the_queue_and_none_is_dropped():
    world = World(quiet(rate=2, batch=2), villages=12)
    callout = world.open(colour="红")
    world.run()
    count = CalledPost.objects.filter(callout=callout).count()
    sent = Call.objects.filter(callout=callout, state__in=(2, 3)).count()
    assert sent == 2
    assert Call.objects.filter(callout=callout, state=State.QUEUED).count() == count - 2
    world.run(count / 2 + 1)
    assert Call.objects.filter(callout=callout, rung=1, state=State.QUEUED).count() == 0


def test_higher_rungs_go_out_before_lower_ones():
    world = World(quiet(rate=1, batch=1), villages=4)
    callout = world.open(colour="红")
    world.run()
    first = Call.objects.get(callout=callout, state__in=(2, 3))
    Call.objects.filter(pk=first.pk).update(due_at=world.clock.moment - timedelta(minutes=1))
    world.run(1)
    assert Call.objects.get(called=first.called, rung=2).state in (State.SENT, State.DELIVERED)


def test_a_dead_provider_is_given_up_and_the_ladder_goes_on():
    world = World(quiet(dead=True), villages=2)
    callout = world.open(colour="红")
    world.run(180)
    assert set(Call.objects.filter(callout=callout, channel__lt=4).values_list("state", flat=True)) == {State.FAILED}
    assert not CalledPost.objects.filter(callout=callout).exclude(rung=6).exists()


def test_a_lost_answer_is_asked_for_and_nothing_goes_out_twice():
    world = World(quiet(unknown=1.0), villages=4)
    callout = world.open(colour="红")
    world.run()
    assert not Call.objects.filter(callout=callout).exclude(state__in=(2, 3)).exists()
    assert set(Call.objects.filter(callout=callout).values_list("attempts", "repeats")) == {(1, 0)}


def test_nobody_waits_without_a_call_and_the_audit_mends_what_was_broken(world):
    callout = world.open(colour="红")
    world.run()
    Call.objects.filter(callout=callout).update(state=State.FAILED)  # as no statement would
    world.engine._audit_at = 0
    assert world.engine.audit() == CalledPost.objects.filter(callout=callout).count()
    assert {rung for _, rung in live_calls(callout)} == {2}
    assert world.engine.figures["alarms"] > 0


def test_the_database_refuses_a_second_call_of_the_same_rung(world):
    callout = world.open()
    call = Call.objects.filter(callout=callout).first()
    call.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        call.save()


def test_events_are_appended_only(world):
    callout = world.open()
    from django.db.utils import DatabaseError

    for act in (
        CallEvent.objects.filter(callout=callout).delete,
        lambda: CallEvent.objects.filter(callout=callout).update(what="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- the policy is frozen -------------------------------------------------------------------------------------------


def test_people_and_rules_are_those_of_the_start(world):
    callout = world.open(colour="红")
    before = list(CalledPost.objects.filter(callout=callout).order_by("pk").values_list("names", "phones"))
    Holding.objects.update(ends_on=NOON.date())
    world.run(200)
    assert list(CalledPost.objects.filter(callout=callout).order_by("pk").values_list("names", "phones")) == before
    assert callout.policy["rules"]
    assert CalloutRung.objects.filter(callout=callout).exists()


def test_a_quiet_colour_at_night_waits_for_the_morning(world):
    world.clock.moment = NOON.replace(hour=23)
    callout = world.open(colour="蓝", sent=world.clock.moment)
    world.run(60)
    assert set(Call.objects.filter(callout=callout).values_list("state", flat=True)) == {State.QUEUED}
    world.clock.moment = (NOON + timedelta(days=1)).replace(hour=6, minute=0, second=1)
    world.run()
    assert not Call.objects.filter(callout=callout, state=State.QUEUED).exists()


# --- cancel, update -------------------------------------------------------------------------------------------------


def test_a_cancel_stops_the_queue_and_clears_those_reached_only():
    world = World(quiet(rate=3, batch=3))
    callout = world.open(colour="红")
    world.run()
    reached = set(Call.objects.filter(callout=callout, state__in=(2, 3)).values_list("person", flat=True))
    with clock.at(world.clock.moment):
        take_in(
            universe.message(
                number=2, msg_type="Cancel", references=universe.reference(callout.warning), colour="红",
                sent=world.clock.moment,
            )
        )  # fmt: skip
    callout.refresh_from_db()
    assert callout.state == "cancelled"
    assert not live_calls(callout)
    world.simulator.rate = 100
    world.engine._buckets.clear()
    world.run(5)
    clear = Call.objects.filter(callout=callout, clear=True)
    assert set(clear.values_list("person", flat=True)) == reached
    assert set(clear.values_list("state", flat=True)) <= {State.SENT, State.DELIVERED}
    assert Entry.objects.filter(chain=f"callout/{callout.pk}", act="callout.cancel").exists()


def test_an_update_calls_only_those_who_did_not_answer_or_whose_colour_rose(world):
    first = world.open(colour="黄")
    world.run(70)
    answered = list(Call.objects.filter(callout=first, state__in=(2, 3), rung=2)[:3])
    world.say(answered)
    world.run()
    with clock.at(world.clock.moment):
        same = take_in(
            universe.message(number=2, colour="黄", msg_type="Update", references=universe.reference(first.warning))
        )
        second = calling.open_(same, by=world.head)
    first.refresh_from_db()
    assert (first.state, second.supersedes) == ("superseded", first)
    assert not live_calls(first)
    assert CalledPost.objects.filter(callout=second, carried=True, state=Post.ANSWERED).count() == 3
    assert Call.objects.filter(callout=second).count() == CalledPost.objects.filter(callout=second).count() - 3
    with clock.at(world.clock.moment):
        risen = take_in(
            universe.message(
                number=3, colour="红", msg_type="Update", references=universe.reference(same), sent=world.clock.moment
            )
        )
        third = calling.open_(risen, by=world.head)
    assert not CalledPost.objects.filter(callout=third, carried=True).exists()


# --- drills ---------------------------------------------------------------------------------------------------------


def test_a_drill_says_so_in_every_word_and_uses_the_simulator(world, settings):
    settings.CALLOUT_SMS = {**settings.CALLOUT_SMS, "url": "http://127.0.0.1:9/sms", "secret": "x"}
    sent: list[Message] = []
    world.simulator.said = sent.extend
    callout = world.open(colour="红")
    world.run()
    assert callout.title.startswith("【演练】")
    assert sent
    assert all(message.text.startswith("【演练】") and "不是真实预警" in message.text for message in sent)
    assert set(CalloutRung.objects.filter(callout=callout).values_list("provider", flat=True)) == {"simulated", "hand"}


def test_a_real_provider_gets_a_drill_only_after_two_people_approved(world, settings):
    settings.CALLOUT_SMS = {**settings.CALLOUT_SMS, "url": "http://127.0.0.1:9/sms", "secret": "x"}
    real = quiet(name="sms", real=True)
    world.engine.providers = {**world.engine.providers, "sms": real}  # type: ignore[dict-item]
    officers = world.town.officers["市局"]
    with clock.at(NOON):
        callout = calling.open_(take_in(universe.message(colour="红")), by=world.head, real_channels=True)
        world.run()
        assert callout.state == "pending"
        assert not Call.objects.filter(callout=callout).exists()
        with pytest.raises(NotCompetent):
            calling.approve(callout, by=officers[Role.CLERK])
        calling.approve(callout, by=world.head)
        with pytest.raises(OutOfOrder, match="另一名"):
            calling.approve(callout, by=world.head)
        calling.approve(callout, by=officers[Role.PRINCIPAL_HEAD])
    callout.refresh_from_db()
    world.run(100)
    assert callout.state == "open"
    assert real.taken


def test_the_engine_and_the_provider_refuse_a_drill_that_slipped_through(world, settings):
    from fadu.callout.providers.generic import Generic

    callout = world.open(colour="红")
    real = quiet(name="sms", real=True)
    world.engine.providers = {**world.engine.providers, "sms": real}  # type: ignore[dict-item]
    Call.objects.filter(callout=callout).update(provider="sms")
    world.run()
    assert not real.taken
    assert Call.objects.filter(callout=callout, rung=1, reason__contains="没有经两人批准").exists()
    message = Message(1, "19900010001", "【演练】x", 1, drill=True, released=False)
    assert isinstance(Generic("http://127.0.0.1:9").send_batch([message], NOON)[0], Rejected)


def test_a_real_callout_never_uses_the_simulator_outside_the_demo(world):
    with clock.at(NOON):
        callout = calling.open_(take_in(universe.message(colour="红", status="Actual")), by=world.head)
    assert set(CalloutRung.objects.filter(callout=callout).values_list("provider", flat=True)) == {"none", "hand"}
    world.run()
    # no channel is set up: every telephone rung fails at once and somebody has to go there
    assert {rung for _, rung in live_calls(callout)} == {6}


# --- starting and ending --------------------------------------------------------------------------------------------


def test_only_current_warnings_are_called_and_each_once(world):
    callout = world.open()
    with clock.at(NOON):
        with pytest.raises(OutOfOrder, match="已经发起过"):
            calling.open_(callout.warning, by=world.head)
        with pytest.raises(OutOfOrder, match="技术报文"):
            calling.open_(take_in(universe.message(number=5, status="Test")), by=world.head)


def test_a_county_calls_out_its_own_county_only(world):
    east = world.town.officers["东区局"][Role.REVIEWER]
    with clock.at(NOON):
        calling.open_(take_in(universe.message(number=7)), by=east)
        for code in ("140404", "1404"):
            with pytest.raises(NotCompetent):
                calling.open_(take_in(universe.message(number=int(code), code=code)), by=east)


def test_where_the_area_is_unknown_a_person_says_it(world):
    data = universe.message(code="110101", number=9)
    with clock.at(NOON):
        warning = take_in(data)
        with pytest.raises(Invalid, match="选择叫应哪些"):
            calling.open_(warning, by=world.head)
        callout = calling.open_(warning, by=world.head, areas=["140403"])
    assert CalledPost.objects.filter(callout=callout).exists()


def test_the_end_is_journaled_with_the_figures_and_the_hash_of_the_events(world):
    import hashlib

    callout = world.open(colour="红")
    world.run(20)
    world.say(list(Call.objects.filter(callout=callout, state__in=(2, 3))[:4]))
    world.run()
    with clock.at(world.clock.moment):
        callout = calling.close(callout, by=world.head)
        with pytest.raises(OutOfOrder):
            calling.close(callout, by=world.head)
    posts = CalledPost.objects.filter(callout=callout)
    assert callout.report["total"]["answered"] == posts.filter(state=Post.ANSWERED).count() == 4
    assert callout.report["total"]["unreached"] == posts.filter(state=Post.UNREACHED).count() == posts.count() - 4
    assert not live_calls(callout)
    lines = [
        "\t".join((
            str(e.pk), str(e.called_id) if e.called_id else "\\N", str(e.call_id) if e.call_id else "\\N", e.what,
            e.at.astimezone(BEIJING).astimezone(__import__("datetime").timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f"), e.detail,
        ))
        for e in CallEvent.objects.filter(callout=callout).order_by("pk")
    ]  # fmt: skip
    digest = hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()
    entry = Entry.objects.get(chain=f"callout/{callout.pk}", act="callout.close")
    assert entry.data["after"]["events_sha256"] == callout.events_hash == digest
    assert entry.data["after"]["answered"] == 4


def test_after_the_end_a_late_answer_changes_nothing(world):
    callout = world.open(colour="红")
    world.run()
    call = Call.objects.filter(callout=callout).first()
    with clock.at(world.clock.moment):
        calling.close(callout, by=world.head)
        world.say([call])
        world.run()
        assert calling.events_hash(callout.pk)[0] == Callout.objects.get(pk=callout.pk).events_hash
        with pytest.raises(OutOfOrder):
            calling.answer_by_link(Callout.objects.get(pk=callout.pk), call.person_id)
    assert CalledPost.objects.get(pk=call.called_id).state == Post.UNREACHED


def test_an_answer_entered_by_hand_is_journaled_and_counts_at_once(world):
    callout = world.open(colour="红")
    world.run()
    post = CalledPost.objects.filter(callout=callout).first()
    with clock.at(world.clock.moment):
        calling.answer_by_hand(post, who=Who.DOOR, how="上门", by=world.head)
        with pytest.raises(OutOfOrder):
            calling.answer_by_hand(post, who=Who.DOOR, how="上门", by=world.head)
    assert (post.state, post.answered_who, post.answered_how) == (Post.ANSWERED, Who.DOOR, "上门")
    assert Entry.objects.filter(chain=f"callout/{callout.pk}", act="callout.answer").count() == 1
    assert (post.title, 1) not in live_calls(callout)


def test_no_number_stands_in_the_record(world):
    callout = world.open(colour="红")
    world.run()
    with clock.at(world.clock.moment):
        calling.close(callout, by=world.head, note="19900010001打不通")
    for entry in Entry.objects.filter(chain__startswith="callout"):
        assert "1990001" not in entry.body


# --- links and clocks -----------------------------------------------------------------------------------------------


def test_a_link_is_good_for_its_person_and_callout_only():
    token = links.token(3, 7)
    assert links.read(token) == (3, 7)
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), token.replace("3-7", "3-8"), "3-7-", "x", "3-7"):
        assert links.read(wrong) is None


def test_a_clock_set_forward_is_told_from_time_that_passed():
    seconds = [100.0]
    moments = Moments(seconds=lambda: seconds[0])
    assert moments.told(NOON) == timedelta()
    seconds[0] += 60
    assert moments.told(NOON + timedelta(seconds=60)) == timedelta()
    seconds[0] += 1
    assert moments.told(NOON + timedelta(hours=1, seconds=61)) == timedelta(hours=1)


def test_a_clock_jump_calls_nobody_early(world):
    callout = world.open(colour="红")
    world.run()
    due = Call.objects.filter(callout=callout, state__in=(2, 3)).first()
    jump = timedelta(hours=1)
    calling.run(statements.SHIFT, by=jump, now=world.clock.moment + jump, said="x")
    world.clock.moment += jump
    world.run(10)
    assert not Call.objects.filter(callout=callout, rung=2).exists()
    assert Call.objects.get(pk=due.pk).due_at == due.due_at + jump
    assert CallEvent.objects.filter(callout=callout, what="clock").count() == 1


def test_a_whole_drill_played_in_a_moment_leaves_nobody_uncounted():
    _town, head = universe.town()
    universe.register(villages=20)
    callout = drills.play(code="140403", colour="红", by=head, at=clock.now() - timedelta(hours=2))
    total = callout.report["total"]
    assert (
        total["posts"] == total["answered"] + total["unreached"] == CalledPost.objects.filter(callout=callout).count()
    )
    assert connection.in_atomic_block
