"""The pure machine under every order of events: what the issue guarantees, stated without the engine."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.callout.states import LIVE, MOVES, SPENT, Channel, Course, Event, Post, Rung, State, Who, moved

LADDERS = st.lists(st.sampled_from([Who.A, Who.B, Who.ABOVE, Who.DOOR]), min_size=1, max_size=6).map(
    lambda order: tuple(Rung(who, Channel.SMS, 60) for who in sorted(order))
)
HELD = st.sets(st.sampled_from([Who.A, Who.B, Who.ABOVE])).map(lambda held: frozenset(held | {Who.DOOR}))
HAPPENING = st.lists(st.tuples(st.sampled_from(list(Event)), st.integers(0, 200)), max_size=60)


def played(rungs, held, happening):
    """Every course from the first call on, with the event and the moment that led to it."""
    course, now = Course(rungs, held).climb(), 0.0
    yield course, None, now
    for event, passed in happening:
        now += passed
        course = course.happen(event, now)
        yield course, event, now


@settings(deadline=None)
@given(LADDERS, HELD, HAPPENING)
def test_no_rung_is_called_twice_and_the_ladder_only_goes_up(rungs, held, happening):
    for course, _, _ in played(rungs, held, happening):
        assert list(course.climbed) == sorted(set(course.climbed))


@settings(deadline=None)
@given(LADDERS, HELD, HAPPENING)
def test_a_waiting_post_always_has_a_call_under_way(rungs, held, happening):
    for course, _, _ in played(rungs, held, happening):
        if course.state is Post.WAITING:
            assert course.call in LIVE


@settings(deadline=None)
@given(LADDERS, HELD, HAPPENING)
def test_after_an_answer_nobody_else_is_called(rungs, held, happening):
    answered = None
    for course, _, _ in played(rungs, held, happening):
        if answered is not None:
            assert (course.state, course.climbed) == (Post.ANSWERED, answered)
        elif course.state is Post.ANSWERED:
            answered = course.climbed


@settings(deadline=None)
@given(LADDERS, HELD, HAPPENING)
def test_nobody_is_passed_over_before_their_minutes_are_over(rungs, held, happening):
    before = None
    for course, event, now in played(rungs, held, happening):
        if before is not None and event is Event.EXPIRE and course.climbed != before.climbed:
            assert before.due is not None
            assert now > before.due
        before = course


@settings(deadline=None)
@given(LADDERS, HELD, HAPPENING)
def test_only_holders_there_are_are_called(rungs, held, happening):
    for course, _, _ in played(rungs, held, happening):
        assert {course.rungs[n].who for n in course.climbed} <= held


def test_a_call_that_is_answered_or_cancelled_stays_so():
    for state in (State.ACKED, State.CANCELLED):
        assert {moved(state, event) for event in Event} == {state}


def test_every_state_but_the_last_ones_has_a_way_out():
    for state in State:
        ways = {after for allowed, after in MOVES.values() if state in allowed} - {state}
        assert bool(ways) is (state not in (State.ACKED, State.CANCELLED))
    assert SPENT.isdisjoint(LIVE)
