"""The gate of publication: gaps, overlaps, tiers outside the law, rows without basis, each with its place."""

import pytest

from fadu.discretion.benchmarks.faults import faults
from fadu.discretion.tests.tables import PERSONS, example, found, held, table, tier

SOUND = [
    tier("较轻", "人数 1"),
    tier("一般", "人数 2至5", low=30000, high=60000),
    tier("较重", "人数 6以上", low=60000, high=100000),
]


def codes(benchmark):
    return [(fault.code, fault.sentence) for fault in found(benchmark)]


def test_the_fifty_three_tables_pass_the_gate():
    assert len(example().benchmarks) == 53
    assert [str(f) for b in example().benchmarks for f in faults(b, held(b)) if f.blocks] == []


def test_a_sound_table_has_no_fault():
    assert codes(table([PERSONS], SOUND)) == []


def test_a_gap_is_shown_with_the_numbers_nobody_took():
    gapped = [SOUND[0], tier("一般", "人数 2至4", low=30000, high=60000), SOUND[2]]
    assert codes(table([PERSONS], gapped)) == [("gap", "人数5人不属于任何一档")]


def test_a_gap_at_either_end_is_a_gap():
    assert codes(table([PERSONS], [tier("较轻", "人数 2至5"), SOUND[2]]))[0] == ("gap", "人数1人不属于任何一档")
    assert ("gap", "人数6人以上不属于任何一档") in codes(table([PERSONS], SOUND[:2]))


def test_an_overlap_is_shown_with_both_tiers():
    """“100人以下”和“100人以上”都含100人"""
    doubled = [tier("一般", "人数 100以下"), tier("较重", "人数 100以上", low=60000, high=100000)]
    assert codes(table([PERSONS], doubled)) == [("overlap", "人数100人同时属于“一般”和“较重”")]


def test_amounts_leave_no_hole_between_their_figures():
    """“超过”不含本数：两档之间恰好差一个数"""
    key = {"id": "loss", "title": "损失", "type": "number", "unit": "元"}
    parted = [tier("较轻", "损失 不足10万"), tier("较重", "损失 超过10万", low=30000, high=60000)]
    assert [code for code, _ in codes(table([key], parted))] == ["gap"]


def test_an_option_nobody_took_and_one_taken_twice():
    key = {"id": "act", "title": "行为", "type": "choice", "options": ["a=甲", "b=乙", "c=丙"]}
    tiers = [tier("较轻", "行为 甲、乙"), tier("较重", "行为 乙", low=30000, high=60000)]
    assert codes(table([key], tiers)) == [("overlap", "“乙”同时属于“较轻”和“较重”"), ("gap", "“丙”不属于任何一档")]


def test_a_tier_above_the_law_is_refused_with_the_law():
    """《安全生产法》第九十七条：十万元以下"""
    over = [*SOUND[:2], tier("较重", "人数 6以上", low=60000, high=120000)]
    (fault,) = found(table([PERSONS], over))
    assert fault.code == "outside_law"
    assert "第3档“较重”" in fault.place
    assert "10万元以下" in fault.sentence


def test_a_tier_below_the_minimum_of_the_law_is_refused():
    """逾期未改正：十万元以上"""
    late = {"fines": [{"to": "unit", "stage": "uncorrected", "min": 90000, "max": 130000}]}
    (fault,) = found(table([PERSONS], [tier("一般", "人数 1以上", **late)]))
    assert (fault.code, "逾期未改正" in fault.place) == ("outside_law", True)


def test_a_fine_that_the_law_does_not_give_is_refused():
    """第九十七条不处罚没有逾期的个人"""
    person = {"fines": [{"to": "person", "min": 20000, "max": 30000}]}
    assert [f.code for f in found(table([PERSONS], [tier("一般", "人数 1以上", **person)]))] == ["not_in_law"]


@pytest.mark.parametrize("broken", [{"basis": None}, {"provisions": ["none_such"]}, {"provisions": []}])
def test_a_row_without_basis_is_refused(broken):
    assert {f.code for f in found(table([PERSONS], SOUND, **broken))} & {"no_basis", "unknown_provision", "no_frame"}


def test_a_basis_that_is_not_that_of_its_provision_is_refused():
    assert [f.code for f in found(table([PERSONS], SOUND, basis="《安全生产法》第九十九条第一项"))] == ["other_basis"]


def test_a_tier_that_nothing_reaches_and_a_key_nobody_asks():
    unused = {"id": "idle", "title": "闲置", "type": "flag"}
    assert "key_unused" in [f.code for f in found(table([PERSONS, unused], SOUND))]
    assert "no_condition" in [f.code for f in found(table([PERSONS], [*SOUND, tier("严重", low=90000, high=100000)]))]


def test_a_range_of_gains_that_straddles_two_ranges_of_the_law_is_refused():
    """《安全生产法》第九十二条第二款：违法所得十万元为界"""
    gains = {"id": "gains", "title": "违法所得", "type": "number", "unit": "元"}
    law = {"basis": "《安全生产法》第九十二条第二款", "provisions": ["wsl_92_p2"]}
    across = [
        tier("一般", "违法所得 不足20万", low=100000, high=200000),
        tier("较重", "违法所得 20万以上", low=100000, high=200000),
    ]
    assert [f.code for f in found(table([gains], across, **law))] == ["gains", "outside_law"]
