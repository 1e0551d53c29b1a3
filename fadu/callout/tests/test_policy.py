"""The policy: the sourced five minutes, nights, and what a content file may never say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fadu.callout import policy
from fadu.callout.states import Channel, Rung, Who
from fadu.kernel.clock import BEIJING

NOW = policy.on(date(2026, 7, 1))
DAY = datetime(2026, 7, 1, 12, 0, tzinfo=BEIJING)
NIGHT = datetime(2026, 7, 1, 23, 30, tzinfo=BEIJING)


def rules(colour: str, moment: datetime) -> dict[str, dict]:
    return {rule["level"]: rule for rule in NOW.frozen("暴雨", moment, {colour})["rules"]}


def test_red_calls_the_b_holder_within_five_minutes():
    """县级叫应办法：五分钟内叫醒。"""
    for rule in rules("红", DAY).values():
        seconds = 0
        for rung in rule["rungs"]:
            if rung["who"] != "A":
                break
            seconds += rung["seconds"]
        assert rung["who"] == "B"
        assert seconds < 300


def test_red_calls_every_post_there_is_and_blue_no_village():
    assert {level: set(rule["kinds"]) for level, rule in rules("红", DAY).items()} == {
        level: set(kinds) for level, kinds in policy.KINDS.items()
    }
    assert "village" not in rules("蓝", DAY)


def test_at_night_yellow_and_orange_are_called_as_the_next_colour():
    assert {rule["as"] for rule in rules("黄", NIGHT).values()} == {"橙"}
    assert {rule["as"] for rule in rules("橙", NIGHT).values()} == {"红"}


def test_red_never_waits_for_the_morning_and_blue_does():
    assert {rule["not_before"] for rule in rules("红", NIGHT).values()} == {None}
    morning = {rule["not_before"] for rule in rules("蓝", NIGHT).values()}
    assert morning == {"2026-07-02T06:00:00+08:00"}
    with pytest.raises(ValueError, match="红色预警夜间不得推迟"):
        raise ValueError("；".join(replace(NOW, night=replace(NOW.night, quiet=frozenset({"红"}))).faults()))


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)])
def test_the_night_is_that_of_beijing_whatever_the_zone_of_the_machine(hour, night):
    moment = datetime(2026, 7, 1, hour, 0, tzinfo=BEIJING)
    for zone in (BEIJING, UTC, timezone(timedelta(hours=-7))):
        assert NOW.night.holds(moment.astimezone(zone)) is night


def test_a_ladder_that_skips_b_or_never_goes_to_the_door_is_refused():
    late = (Rung(Who.A, Channel.VOICE, 300), Rung(Who.B, Channel.SMS, 60))
    said = replace(NOW, ladders={**NOW.ladders, "红": late}).faults()
    assert "红色五分钟内还没有叫到B岗" in said
    assert "红色最后应当上门" in said
    turned = (Rung(Who.B, Channel.SMS, 60), Rung(Who.A, Channel.SMS, 60), Rung(Who.DOOR, Channel.DOOR, 60))
    assert replace(NOW, ladders={**NOW.ladders, "黄": turned}).faults()


def test_a_frozen_policy_is_told_by_its_hash():
    frozen = NOW.frozen("暴雨", DAY, {"红"})
    assert policy.digest(frozen) == policy.digest(NOW.frozen("暴雨", DAY, {"红"}))
    assert policy.digest(frozen) != policy.digest(NOW.frozen("暴雨", NIGHT, {"橙"}))
