"""The comparison of callouts: counted by hand [pure]."""

import pytest

from fadu.callout.comparing import measure, minutes_to

CURVE = [{"minute": 0, "answered": 5}, {"minute": 2, "answered": 4}, {"minute": 9, "answered": 1}]


@pytest.mark.parametrize(("share", "minute"), [(50, 1), (51, 3), (90, 3), (91, 10), (100, 10)])
def test_a_share_is_reached_in_the_minute_in_which_the_last_of_it_answers(share, minute):
    assert minutes_to(CURVE, 10, share) == minute


def test_what_was_never_reached_has_no_minute():
    assert minutes_to(CURVE, 11, 100) is None
    assert minutes_to([], 0, 50) is None


def test_posts_that_carried_their_answer_over_count_as_reached_and_not_as_called():
    rows = [{"posts": 12, "answered": 11, "carried": 2, "unreached": 1}]
    found = measure({"rows": rows, "curve": CURVE, "calls": {"to_b": 3, "to_door": 1}})
    assert (found.posts, found.reached, found.minutes) == (12, 91.7, (1, 3, 10))
    assert (found.to_b, found.to_door, found.unreached) == (3, 1, 1)
