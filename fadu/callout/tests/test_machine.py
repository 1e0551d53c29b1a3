"""The engine's statements against the pure machine: hypothesis plays any order of events on PostgreSQL and on ``Course`` alike.

Each post has a course of its own. After every event the row of the post and of its latest call must be what the course says, and
the calls made must be the rungs it climbed; nothing is read from the engine to work out the expectation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fadu.callout.engine import statements
from fadu.callout.engine.writing import DOUBT, Mark, given_to_mark, receive
from fadu.callout.models import Call, CalledPost, CallEvent, Callout, CalloutRung, Receipt
from fadu.callout.providers.interface import Said
from fadu.callout.services import calling
from fadu.callout.states import LIVE, Channel, Course, Event, Post, Rung, State, Who, moved
from fadu.callout.tests import universe
from fadu.callout.tests.test_calling import NOON
from fadu.kernel import clock

pytestmark = pytest.mark.django_db
POSTS = 4
PEOPLE = (Who.A, Who.B, Who.ABOVE)
RUNGS = st.lists(st.sampled_from([*PEOPLE, Who.BROADCAST, Who.DOOR]), min_size=1, max_size=6).map(
    lambda order: sorted(order, key=lambda who: who.turn)
)
HELD = st.lists(st.frozensets(st.sampled_from(PEOPLE)), min_size=POSTS, max_size=POSTS)
WHICH = st.sets(st.integers(0, POSTS - 1), min_size=1).map(frozenset) | st.just(frozenset(range(POSTS)))
PASSED = st.integers(0, 60)  # seconds before an event
TOLD = {"delivered": Event.DELIVER, "answered": Event.ANSWER, "failed": Event.REJECT}
OFTEN = ["accept", "accept", "accept", "retry", "reject", "lose"]  # most messages are taken, else no run gets anywhere
MARKS = {"accept": Event.ACCEPT, "retry": Event.RETRY, "reject": Event.REJECT, "lose": Event.LOSE}
LATE = 15  # moves after which a callout may be ended
LEASE = timedelta(seconds=8)


class Machine(RuleBasedStateMachine):
    """Four posts of one callout on one ladder, with whatever holders there are."""

    callout: int  # both set by the test: the world in which each run starts
    called: list[int]
    before: int  # the events of the callout's own start, which nobody can delete

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()
        self.now = NOON
        self.courses: list[Course] = []
        self.ended = False
        self.moves = 0

    def teardown(self) -> None:
        """Nothing of a run is left to the next."""
        transaction.savepoint_rollback(self.mark)

    # --- the world

    @initialize(
        order=RUNGS, held=HELD, seconds=st.lists(st.integers(5, 200), min_size=6, max_size=6), far=st.integers(0, 2)
    )
    def start(self, order: list[Who], held: list[frozenset[Who]], seconds: list[int], far: int) -> None:
        """A ladder and its holders; the engine's own statement makes the first calls."""
        rungs = tuple(Rung(who, Channel.SMS, seconds[n]) for n, who in enumerate(order))
        CalloutRung.objects.bulk_create(
            CalloutRung(
                callout_id=self.callout,
                rule=1,
                no=no,
                who=rung.who,
                channel=rung.channel,
                seconds=rung.seconds,
                provider="p",
            )
            for no, rung in enumerate(rungs, start=1)
        )
        for called, holders in zip(self.called, held, strict=True):
            # each person holds one post only: who answers for several is another rule, tested elsewhere
            persons = [10 * called + who if who in holders else 0 for who in PEOPLE]
            CalledPost.objects.filter(pk=called).update(persons=persons)
            self.courses.append(Course(rungs, holders).climb())
        self.run(statements.CLIMB, ids=self.called, now=self.now)
        if far:  # most runs begin where messages are out, or their minutes over, else few would get far
            self.claim()
            self.told_by_provider(frozenset(range(POSTS)), "accept", doubt=False)
        if far == 2:
            self.the_engine_sweeps(passed=201)

    def run(self, statement: str, **given: object) -> list[tuple[object, ...]]:
        """One of the engine's statements, on the connection of the test."""
        with calling.raw().cursor() as cursor:
            cursor.execute(statement, given)
            return cursor.fetchall() if cursor.description else []

    def climb(self, ids: list[int]) -> None:
        """As the engine does after every refusal and every expiry."""
        if ids:
            self.run(statements.CLIMB, ids=ids, now=self.now)

    def latest(self, number: int) -> int | None:
        """The key of the call of the rung where the post stands; there is none before the first."""
        if self.courses[number].at < 0:
            return None
        return Call.objects.get(called=self.called[number], rung=self.courses[number].at + 1).pk

    def happen(self, numbers: Collection[int], event: Event) -> None:
        """The same on the courses."""
        self.moves += 1
        for number in numbers:
            self.courses[number] = self.courses[number].happen(event, self.now.timestamp())

    # --- what can happen

    def claim(self) -> frozenset[int]:
        """The engine claims what may go out: exactly the posts whose call waits in the queue and whose turn has come."""
        rows = self.run(statements.CLAIM, provider="p", now=self.now, limit=100, owner="e", lease=self.now + LEASE)
        waiting = {
            self.latest(n): n
            for n, course in enumerate(self.courses)
            if course.state is Post.WAITING and course.call is State.QUEUED
        }
        later = set(Call.objects.filter(pk__in=waiting, not_before__gt=self.now).values_list("pk", flat=True))
        assert {row[0] for row in rows} == set(waiting) - later  # a retry waits for its turn
        claimed = frozenset(n for call, n in waiting.items() if call not in later)
        self.happen(claimed, Event.CLAIM)
        return claimed

    def told_by_provider(self, numbers: frozenset[int], what: str, *, doubt: bool) -> None:
        """A provider's answer for the present calls of these posts."""
        numbers = frozenset(n for n in numbers if self.latest(n) is not None)
        reason = DOUBT if doubt else "x"
        marks = [Mark(self.latest(n), what, "r", reason, None, self.now) for n in numbers]
        given = given_to_mark(marks, timedelta(milliseconds=500)) if marks else None
        rejected = self.run(statements.MARK, **given) if given else []
        self.climb([row[0] for row in rejected])
        if what == "reject":  # of what is being sent only; the same word in a receipt reaches further
            numbers = frozenset(n for n in numbers if self.courses[n].call in (State.CLAIMED, State.UNCERTAIN))
        self.happen(numbers, MARKS[what])

    @rule(passed=PASSED, what=st.sampled_from([*OFTEN, None]), doubt=st.booleans())
    def the_engine_sends(self, passed: int, what: str | None, doubt: bool) -> None:
        self.now += timedelta(seconds=passed)
        claimed = self.claim()
        if what is not None:  # else it dies before the answer
            self.told_by_provider(claimed, what, doubt=doubt)

    @rule(passed=PASSED, numbers=WHICH, what=st.sampled_from(OFTEN), doubt=st.booleans())
    def a_provider_answers_late(self, passed: int, numbers: frozenset[int], what: str, doubt: bool) -> None:
        self.now += timedelta(seconds=passed)
        self.told_by_provider(numbers, what, doubt=doubt)

    @rule(passed=PASSED, numbers=WHICH, kind=st.sampled_from(sorted(TOLD)))
    def a_receipt_comes(self, passed: int, numbers: frozenset[int], kind: str) -> None:
        self.now += timedelta(seconds=passed)
        numbers = frozenset(n for n in numbers if self.latest(n) is not None)
        calls = {n: self.latest(n) for n in numbers}
        fresh = {n for n in numbers if not told(calls[n], kind)}
        receive(calling.raw(), "p", [Said(call, kind, self.now) for call in calls.values()], self.now)
        ((_count, failed),) = self.run(statements.DRAIN, now=self.now, limit=100)
        self.climb(list(failed))
        self.happen(fresh, TOLD[kind])

    @rule(passed=PASSED, numbers=WHICH, beside=st.sampled_from(["", "delivered", "failed"]))
    def an_earlier_call_is_answered(self, passed: int, numbers: frozenset[int], beside: str) -> None:
        """Late, while a later one is under way, of which something is read in the same moment."""
        self.now += timedelta(seconds=passed)
        said = []
        for number in numbers:
            course, called = self.courses[number], self.called[number]
            first = Call.objects.filter(called=called).order_by("rung").first()
            if len(course.climbed) < 2 or told(first.pk, "answered"):
                continue
            said.append(Said(first.pk, "answered", self.now))
            if beside:
                said.append(Said(self.latest(number), beside, self.now))
            if course.state in (Post.WAITING, Post.UNREACHED):
                self.happen({number}, Event.ANSWER)
                self.courses[number] = replace(self.courses[number], call=moved(course.call, Event.CANCEL))
        receive(calling.raw(), "p", said, self.now)
        ((_count, failed),) = self.run(statements.DRAIN, now=self.now, limit=100)
        self.climb(list(failed))

    @rule(passed=st.integers(0, 250))
    def the_engine_sweeps(self, passed: int) -> None:
        self.now += timedelta(seconds=passed)
        rows = self.run(statements.SWEEP, now=self.now, grace=timedelta(), since=None, limit=100)
        self.climb([row[0] for row in rows])
        self.happen(set(range(len(self.courses))), Event.EXPIRE)

    @rule(own=st.sampled_from(["", "", "e"]))
    def leases_run_out(self, own: str) -> None:
        lost = set(Call.objects.filter(state=State.CLAIMED, lease_until__lt=self.now).values_list("pk", flat=True))
        numbers = {
            n for n in range(len(self.courses)) if self.latest(n) is not None and (own or self.latest(n) in lost)
        }
        self.run(statements.RESCUE, now=self.now, own=own, limit=100)
        self.happen(numbers, Event.LOSE)

    @precondition(lambda self: not self.ended and self.moves > LATE)
    @rule()
    def the_callout_ends(self) -> None:
        waiting = {n for n, course in enumerate(self.courses) if course.state is Post.WAITING}
        self.run(statements.END, callout=self.callout, post=int(Post.CANCELLED), now=self.now)
        Callout.objects.filter(pk=self.callout).update(state="cancelled")
        self.happen(waiting, Event.CANCEL)
        self.ended = True

    # --- what must always be so

    @invariant()
    def rows_are_what_the_courses_say(self) -> None:
        posts = CalledPost.objects.in_bulk(self.called)
        calls: dict[int, list[Call]] = {called: [] for called in self.called}
        for call in Call.objects.filter(called__in=self.called).order_by("rung"):
            calls[call.called_id].append(call)
        for called, course in zip(self.called, self.courses, strict=False):
            assert Post(posts[called].state) is course.state, course
            assert tuple(call.rung - 1 for call in calls[called]) == course.climbed
            if not calls[called]:
                continue
            *before, last = calls[called]
            assert State(last.state) is course.call, course
            assert all(State(call.state) not in LIVE for call in before)
            if course.state is Post.WAITING:
                assert (last.due_at.timestamp() if last.due_at else None) == course.due

    @invariant()
    def nobody_waits_without_a_call(self) -> None:
        assert not any(alone for _, _, alone in self.run(statements.AUDIT, callout=0, post=0, limit=100))

    @invariant()
    def every_call_was_queued_once(self) -> None:
        queued = CallEvent.objects.filter(callout=self.callout, what="queued").count() - self.before
        assert queued == sum(len(course.climbed) for course in self.courses)


def told(call: int | None, kind: str) -> bool:
    """Whether the same was said of a call before: the inbox takes it once."""
    return Receipt.objects.filter(call=call, kind=kind, provider="p").exists()


def test_the_statements_are_the_machine() -> None:
    _, head = universe.town()
    universe.register(villages=2)
    with clock.at(NOON):
        callout = universe.opened(head, colour="红")
    called = CalledPost.objects.filter(callout=callout).order_by("pk")
    Machine.callout, Machine.called = callout.pk, list(called.values_list("pk", flat=True)[:POSTS])
    Call.objects.filter(callout=callout).delete()
    CalloutRung.objects.filter(callout=callout).delete()
    called.exclude(pk__in=Machine.called).delete()
    called.update(rule=1, rung=0)
    Machine.before = CallEvent.objects.filter(callout=callout, what="queued").count()
    bounded = settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Machine, settings=bounded)
