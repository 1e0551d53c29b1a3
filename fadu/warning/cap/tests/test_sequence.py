"""Updates, cancellations, duplicates and drills, in any order of arrival (§3.2.1 status, msgType, references)."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from fadu.kernel.clock import BEIJING
from fadu.kernel.errors import OutOfOrder
from fadu.warning.cap.message import Alert, MsgType, Scope, Status
from fadu.warning.cap.parse import parse
from fadu.warning.cap.sequence import Kind, Standing, chain, demand, kind_of, looks_like_a_drill
from fadu.warning.cap.tests.messages import info, message

START = datetime(2026, 7, 1, 8, tzinfo=BEIJING)


def sent(
    number: int, kind: MsgType = MsgType.ALERT, *named: Alert, status: Status = Status.ACTUAL, sender: str = "office"
) -> Alert:
    references = tuple(alert.key for alert in named)
    at = START + timedelta(hours=number)
    return Alert(f"M{number}", sender, at, status, kind, Scope.PUBLIC, references=references)


FIRST = sent(1)
SECOND = sent(2, MsgType.UPDATE, FIRST)
THIRD = sent(3, MsgType.UPDATE, SECOND)
END = sent(4, MsgType.CANCEL, FIRST, SECOND, THIRD)


def test_the_order_of_arrival_does_not_matter() -> None:
    wanted = {
        FIRST.key: Standing.CANCELLED,
        SECOND.key: Standing.CANCELLED,
        THIRD.key: Standing.CANCELLED,
        END.key: Standing.NOTICE,
    }
    for order in permutations([FIRST, SECOND, THIRD, END]):
        found = chain(order)
        assert found.standing == wanted
        assert (found.current(), found.missing, found.doubts) == ((), frozenset(), ())


def test_an_update_replaces_what_it_names_and_that_alone() -> None:
    other = sent(0)
    found = chain([THIRD, FIRST, other, SECOND])
    assert found.current() == (other.key, THIRD.key)
    assert found.by == {FIRST.key: SECOND.key, SECOND.key: THIRD.key}


def test_an_update_before_what_it_updates_says_what_is_missing() -> None:
    found = chain([SECOND])
    assert found.current() == (SECOND.key,)
    assert found.missing == {FIRST.key}
    assert chain([SECOND, FIRST]).missing == frozenset()


def test_the_same_message_twice_is_one() -> None:
    assert chain([FIRST, FIRST, replace(FIRST)]) == chain([FIRST])
    utc = replace(FIRST, sent=FIRST.sent.astimezone(tz=None))  # the same moment, otherwise written
    assert chain([FIRST, utc]).conflicts == frozenset()


def test_one_key_with_two_contents_is_a_conflict_and_the_first_stays() -> None:
    found = chain([FIRST, replace(FIRST, status=Status.EXERCISE)])
    assert found.conflicts == {FIRST.key}
    assert found.current() == (FIRST.key,)


@pytest.mark.parametrize(
    "reference",
    [
        sent(5, MsgType.CANCEL, FIRST, sender="stranger"),
        sent(5, MsgType.CANCEL, FIRST, status=Status.EXERCISE),
        sent(0, MsgType.CANCEL, FIRST),  # sent before what it cancels
    ],
)
def test_a_reference_that_cannot_be_right_does_nothing_and_is_said(reference: Alert) -> None:
    found = chain([reference, FIRST])
    assert found.current() == (FIRST.key,)
    assert len(found.doubts) == 1


def test_a_receipt_changes_nothing() -> None:
    assert chain([FIRST, sent(5, MsgType.ACK, FIRST), sent(6, MsgType.ERROR, FIRST)]).current() == (FIRST.key,)


def test_a_loop_of_references_ends() -> None:
    loop = replace(FIRST, msg_type=MsgType.UPDATE, references=(FIRST.key, SECOND.key))
    assert chain([loop, SECOND]).current() == (SECOND.key,)


@pytest.mark.parametrize("status", Status)
def test_a_drill_never_becomes_real(status: Status) -> None:
    alert = sent(1, status=status)
    assert (kind_of(alert) is Kind.REAL) == (status is Status.ACTUAL)
    for wanted in Kind:
        if wanted is kind_of(alert):
            demand(alert, wanted)
        else:
            with pytest.raises(OutOfOrder, match="不能用于"):
                demand(alert, wanted)


def test_a_real_message_that_speaks_of_a_drill_is_for_a_person_to_judge() -> None:
    assert looks_like_a_drill(parse(message(info(headline="【演练】示例市气象台发布暴雨蓝色预警"))))
    assert not looks_like_a_drill(parse(message(info())))
    assert not looks_like_a_drill(parse(message(info(headline="【演练】"), status="Exercise")))
