"""Shares between two accounts, stated as what a bureau wants of them: slow, by steps, never to and fro, never nothing."""

import itertools
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.callout.failover import DWELL, ENOUGH, LEAST, MOST, SICK, STEP, WELL, Tally, Window, divide, following
from fadu.callout.providers.interface import Accepted, Message, Rejected, Unknown
from fadu.callout.providers.pool import Pool, Share
from fadu.callout.providers.simulated import Simulated
from fadu.kernel.clock import BEIJING

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
TALLIES = st.builds(
    lambda sent, failed, slow: Tally(sent, min(failed, sent), min(slow, sent - min(failed, sent))),
    st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000),
)  # fmt: skip
SHARES = st.integers(1, 9).map(lambda n: 10 * n)
HELD = st.timedeltas(timedelta(), timedelta(hours=1))


@given(SHARES, HELD, TALLIES, TALLIES)
def test_a_share_moves_by_ten_points_or_not_and_both_keep_something(share, held, first, second):
    after = following(share, held, first, second)
    assert after - share in (-STEP, 0, STEP)
    assert LEAST <= after <= MOST


@given(SHARES, HELD, TALLIES, TALLIES)
def test_nothing_moves_before_five_minutes(share, held, first, second):
    assert following(share, held, first, second) == share or held >= timedelta(minutes=5)


@given(SHARES, TALLIES, TALLIES)
def test_a_share_never_moves_to_the_sick_one_from_one_that_is_not(share, first, second):
    after = following(share, DWELL, first, second)
    assert not (first.sick and not second.sick and after > share)
    assert not (second.sick and not first.sick and after < share)
    assert after == share or not (first.sick and second.sick)


@settings(deadline=None)
@given(SHARES, st.lists(st.tuples(TALLIES, TALLIES), min_size=1, max_size=6), st.integers(1, 200))
def test_what_stays_as_it_is_is_reached_without_turning_back(share, seen, rounds):
    """No flapping: under one and the same sight a share goes one way and then stands still."""
    for first, second in seen:
        steps = []
        for _ in range(rounds):
            after = following(share, DWELL, first, second)
            if after != share:
                steps.append(after - share)
            share = after
        assert len(set(steps)) <= 1
        assert len(steps) <= (MOST - LEAST) // STEP


@settings(deadline=None)
@given(st.lists(st.floats(WELL + 0.001, SICK - 0.001), min_size=2, max_size=50), SHARES)
def test_between_well_and_sick_nothing_moves_however_it_wavers(rates, share):
    for one, other in itertools.pairwise(rates):
        tallies = (Tally(10_000, round(10_000 * one)), Tally(10_000, round(10_000 * other)))
        assert following(share, DWELL, *tallies) == share


@settings(deadline=None)
@given(st.lists(st.tuples(TALLIES, TALLIES, st.integers(1, 600)), max_size=100))
def test_two_moves_are_five_minutes_apart_whatever_happens(happening):
    share, since, now, moved = MOST, NOON, NOON, [NOON]
    for first, second, passed in happening:
        now += timedelta(seconds=passed)
        after = following(share, now - since, first, second)
        if after != share:
            share, since = after, now
            moved.append(now)
    assert all(later - earlier >= timedelta(minutes=5) for earlier, later in itertools.pairwise(moved))


def test_of_too_few_messages_no_rate_is_told():
    few = Tally(ENOUGH - 1, ENOUGH - 1)
    assert (few.rate, few.sick, few.well) == (None, False, True)


@given(st.lists(st.integers(0, 200), max_size=60), SHARES)
def test_in_the_long_run_each_gets_its_share_to_the_message(batches, share):
    owed, given_to_first = 0.0, 0
    for count in batches:
        part, owed = divide(count, share, owed)
        assert 0 <= part <= count
        given_to_first += part
    assert abs(given_to_first - sum(batches) * share / 100) <= 1


def test_a_window_forgets_what_is_older():
    window = Window()
    window.note(NOON, Tally(5, 5))
    window.note(NOON + timedelta(minutes=9), Tally(2, 0, 1))
    assert window.tally(NOON + timedelta(minutes=9)) == Tally(7, 5, 1)
    assert window.tally(NOON + timedelta(minutes=11)) == Tally(2, 0, 1)


# --- the pool -------------------------------------------------------------------------------------------------------


class Account(Simulated):
    """An account of which nobody hears anything, which can be broken, and which counts what it was given."""

    mood = "well"

    def send_batch(self, messages, now):
        if self.mood == "busy":
            return [Rejected("繁忙", retryable=True) for _ in messages]
        if self.mood == "deaf":
            return [Unknown("x") for _ in messages]
        self.taken.update({message.id: f"S{message.id}" for message in messages})
        return [Accepted(f"S{message.id}") for message in messages]


def pool(**given) -> tuple[Pool, Account, Account]:
    first, second = Account(), Account()
    return Pool("sms", {"a": first, "b": second}, **given), first, second


def batch(count: int, first: int = 0) -> list[Message]:
    return [Message(first + n, "19900010000", "x", 1, drill=False, released=False) for n in range(count)]


def test_what_one_refuses_for_now_the_other_sends_at_once():
    made, first, second = pool()
    first.mood = "busy"
    outcomes = made.send_batch(batch(100), NOON)
    assert outcomes == [Accepted(f"b/S{n}") for n in range(100)]
    assert (len(first.taken), len(second.taken)) == (0, 100)


def test_what_may_have_gone_out_is_never_sent_by_the_other():
    made, first, second = pool()
    first.mood = "deaf"
    outcomes = made.send_batch(batch(100), NOON)
    assert sum(isinstance(one, Unknown) for one in outcomes) == 90
    assert len(second.taken) == 10


def test_a_call_is_nowhere_only_when_both_say_so():
    made, first, second = pool()
    second.taken[3] = "S3"
    assert made.query({3: "x", 4: "x"}) == {3: "b/S3", 4: None}
    first.dead = True
    assert made.query({3: "x", 4: "x"}) == {3: "b/S3"}


def play(made: Pool, minutes: int, start: int = 0) -> None:
    """Fifty messages every ten seconds."""
    for round_ in range(start * 6, (start + minutes) * 6):
        now = NOON + timedelta(seconds=10 * round_)
        made.send_batch(batch(50, first=1000 * round_), now)
        made.receipts(now)


def test_a_sick_account_loses_ten_points_every_five_minutes_and_gets_them_back():
    moves: list[Share] = []
    made, first, _ = pool(wrote=lambda before, after: moves.append(after))
    first.mood = "deaf"
    play(made, 12)
    assert [one.points for one in moves] == [80, 70]
    first.mood = "well"
    play(made, 40, start=12)
    assert [one.points for one in moves] == [80, 70, 60, 50, 60, 70, 80, 90][: len(moves)]
    assert moves[-1].points > 60
    assert all(b.since - a.since >= timedelta(minutes=5) for a, b in itertools.pairwise(moves))


def test_an_account_that_says_accepted_and_is_never_heard_of_loses_its_share():
    moves: list[Share] = []
    made, first, _ = pool(
        silent=lambda calls: [c for c in calls if c in first.taken], wrote=lambda b, a: moves.append(a)
    )
    play(made, 8)
    assert [one.points for one in moves] == [80]
    assert (moves[0].first.sick, moves[0].second.sick) == (True, False)


def test_a_share_that_was_kept_holds_for_the_next_engine():
    made, *_ = pool(read=lambda: Share(30, NOON - timedelta(minutes=1)))
    made.receipts(NOON)
    made.send_batch(batch(100), NOON)
    assert made.share.points == 30
    assert len(made.accounts["a"].taken) == 30
