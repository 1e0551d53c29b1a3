"""What the rules suggest: the expectations are the national scales and the boundary rule of half-open intervals [pure]."""

import pytest
import yaml

from fadu.law.statutes import EMERGENCY
from fadu.response import content
from fadu.response.levels import Ladder, Level, Raise, higher, suggest

LADDER = Ladder(
    {"黄": Level.FOUR, "橙": Level.THREE, "红": Level.TWO},
    (Raise("counties", 6, "半数以上县（区）"), Raise("people", 1000, "转移的人多")),
)


@pytest.mark.law(EMERGENCY[71])
def test_there_are_four_levels_and_the_first_is_the_highest():
    assert [level.title for level in sorted(Level)] == ["Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"]


@pytest.mark.parametrize(("counties", "level"), [(5, Level.THREE), (6, Level.TWO), (12, Level.TWO)])
def test_a_number_that_is_reached_raises_and_one_less_does_not(counties, level):
    assert suggest(LADDER, "橙", {"counties": counties}).level is level


def test_nothing_is_raised_above_the_first_level():
    assert suggest(LADDER, "红", {"counties": 12, "people": 5000}).level is Level.ONE


def test_each_reason_is_told():
    said = str(suggest(LADDER, "橙", {"counties": 6}))
    assert said == "建议Ⅱ级响应：橙色预警对应Ⅲ级；半数以上县（区）（覆盖的县（区）数6），提高到Ⅱ级。"


def test_a_hazard_without_rules_and_a_colour_without_a_level_say_so():
    assert "没有响应规则" in str(suggest(None, "红", {}))
    assert suggest(LADDER, "蓝", {"counties": 12}).level is None


@pytest.mark.parametrize(("one", "other", "is_higher"), [("红", "橙", True), ("橙", "红", False), ("黄", "黄", False), ("蓝", "", True), ("", "蓝", False)])  # fmt: skip
def test_colours_are_compared_by_their_rank(one, other, is_higher):
    assert higher(one, other) is is_higher


# --- the files ------------------------------------------------------------------------------------------------------


def test_gale_and_rainstorm_are_shipped_and_say_that_they_are_a_model():
    plans = {plan.hazard: plan for plan in content.plans()}
    assert set(plans) == {"大风", "暴雨"}
    for plan in plans.values():
        assert plan.confidence == "model"
        assert all(task.basis and task.source for task in plan.tasks)
        assert {colour for task in plan.tasks for colour in task.minutes} == {"蓝", "黄", "橙", "红"}


@pytest.mark.law(EMERGENCY[67])
def test_at_red_everybody_who_is_asked_at_a_lower_colour_is_asked_too():
    for plan in content.plans():
        assert all("红" in task.minutes for task in plan.tasks)


def broken(tmp_path, **changes):
    task = {
        "id": "X1",
        "member": "甲",
        "action": "乙",
        "minutes": {"红": 10},
        "basis": ["《突发事件应对法》第六十六条"],
    }
    levels = {"base": {"红": 2}, "decided_by": dict.fromkeys((1, 2, 3, 4), "丙")}
    plan = {"hazard": "暴雨", "title": "t", "from": yaml.safe_load("2025-01-01"), "source": "s", "confidence": "model", "levels": levels, "tasks": [task]}  # fmt: skip
    for key, value in changes.items():
        (task if key in task else plan)[key] = value
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True))
    return tmp_path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": {"橙": 10, "红": 20}}, "时限不得更长"),
        ({"minutes": {"紫": 10}}, "应按颜色"),
        ({"minutes": {"红": 0}}, "不小于1"),
        ({"basis": ["《不存在的法》第一条"]}, "basis"),
        ({"confidence": "sure"}, "confidence"),
        ({"levels": {"base": {"红": 5}, "decided_by": {}}}, "响应级别"),
        ({"tasks": []}, "至少应有一项"),
    ],
)
def test_a_wrong_file_is_refused_with_its_key(tmp_path, changes, words):
    with pytest.raises(content.ContentError, match=words):
        content.plans(broken(tmp_path, **changes))
