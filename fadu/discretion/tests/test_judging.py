"""The tier, the trace and the range of a case, with expectations reckoned by hand from the tables' words."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.discretion.benchmarks.declare import Bands, Direction, Fact, KeyType, Payer, Range
from fadu.discretion.benchmarks.judging import Compiled, Finding, Judgement, Unanswered, band
from fadu.discretion.benchmarks.weighing import weigh
from fadu.discretion.tests.tables import example, held, shipped
from fadu.law.provisions import Stage
from fadu.law.statutes import APL

UNIT, PERSON = Payer.UNIT, Payer.PERSON
NOW, LATE, ACCIDENT = Stage.IMMEDIATE, Stage.UNCORRECTED, Stage.ACCIDENT


# B07: fewer than 100 employees lightest, 100 to fewer than 300, 300 and more; or a mine whatever the number
@pytest.mark.parametrize(
    ("employees", "level"), [(0, "较轻"), (99, "较轻"), (100, "一般"), (299, "一般"), (300, "较重"), (5000, "较重")]
)
def test_the_figure_of_a_boundary_belongs_to_the_tier_that_says_and_above(employees, level):
    answer = shipped("B07").judge({"employees": employees, "high_risk": False}, UNIT)
    assert isinstance(answer, Judgement)
    assert answer.tier.level == level


def test_an_or_clause_lifts_the_case_and_the_trace_says_so():
    answer = shipped("B07").judge({"employees": 50, "high_risk": True}, UNIT)
    assert answer.tier.level == "较重"
    assert answer.open == Range(Decimal(60000), Decimal(100000))
    assert answer.finding.because == ("属于矿山、金属冶炼、危险物品单位",)
    lightest, middle = answer.others
    assert "虽符合“从业人员不足100人”" in lightest.why
    assert "较重" in lightest.why
    assert middle.why == "不属于“100人以上不足300人”：从业人员不足100人"


def test_every_tier_not_chosen_has_a_reason_that_names_the_fact():
    answer = shipped("B07").judge({"employees": 150, "high_risk": False}, UNIT)
    assert [other.tier.level for other in answer.others] == ["较轻", "较重"]
    assert answer.others[0].why == "不属于“从业人员不足100人”：从业人员100人以上不足300人"
    assert "没有“属于矿山、金属冶炼、危险物品单位”的情形" in answer.others[1].why


# 3项以上，或高危单位2项以上
@pytest.mark.parametrize(
    ("duties", "high_risk", "level"),
    [
        (1, False, "较轻"),
        (2, False, "一般"),
        (3, False, "较重"),
        (1, True, "较轻"),
        (2, True, "较重"),
        (7, True, "较重"),
    ],
)
def test_conditions_joined_by_and_hold_only_together(duties, high_risk, level):
    assert shipped("B04").judge({"duties": duties, "high_risk": high_risk}, PERSON).tier.level == level


# 死亡1人，或重伤3–5人，或300–500万元 …: the gravest of the three
@pytest.mark.parametrize(
    ("deaths", "injured", "loss", "level"),
    [
        (0, 0, "0", "较轻"),
        (0, 2, "2999999.99", "较轻"),
        (0, 3, "0", "一般"),
        (1, 0, "0", "一般"),
        (1, 6, "0", "较重"),
        (0, 0, "5000000", "较重"),
        (2, 0, "0", "较重"),
    ],
)
def test_of_several_measures_the_gravest_counts(deaths, injured, loss, level):
    answer = shipped("B43").judge({"deaths": deaths, "injured": injured, "loss": Decimal(loss)}, UNIT, ACCIDENT)
    assert answer.tier.level == level


def test_beyond_what_the_table_is_made_for_the_answer_says_what_applies():
    answer = shipped("B43").judge({"deaths": 3, "injured": 0, "loss": 0}, UNIT, ACCIDENT)
    assert isinstance(answer, Unanswered)
    assert answer.kind == "outside"
    assert "较大以上事故" in answer.sentence


def test_a_missing_key_is_named_and_never_a_silent_miss():
    answer = shipped("B07").judge({"employees": 50}, UNIT)
    assert (answer.kind, answer.key) == ("missing", "high_risk")
    assert "属于矿山" in answer.sentence


@pytest.mark.parametrize("value", [1.5, "50", True, Decimal("1.5"), -1])
def test_what_is_no_count_is_refused_as_such(value):
    answer = shipped("B07").judge({"employees": value, "high_risk": False}, UNIT)
    assert answer.kind in ("bad_value", "outside")
    assert answer.key == "employees"


# 安全生产法 92 II: unlawful gains of 100,000 and more cost two to five times as much; B02 says 2–3 times below 300,000
def test_a_multiple_is_reckoned_of_the_gains():
    answer = shipped("B02").judge({"gains": Decimal("123456.78")}, UNIT)
    assert answer.open == Range(Decimal("246913.56"), Decimal("370370.34"))
    assert answer.measure.statutory == Range(Decimal("246913.56"), Decimal("617283.90"))


# 安全生产法 95 (二): 60 per cent of last year's income, and nothing else
def test_a_fixed_share_leaves_one_amount():
    values = {"grade": "larger", "income": Decimal("200000")}
    assert shipped("B05").judge(values, PERSON, ACCIDENT).open == Range(Decimal(120000), Decimal(120000))
    assert shipped("B05").judge({"grade": "larger"}, PERSON, ACCIDENT).kind == "no_base"


def test_a_stage_for_which_the_tier_has_no_fine_is_said():
    answer = shipped("B07").judge({"employees": 50, "high_risk": False}, PERSON)
    assert (answer.kind, "个人" in answer.sentence) == ("no_fine", True)
    late = shipped("B07").judge({"employees": 50, "high_risk": False}, PERSON, LATE)
    assert late.open == Range(Decimal(20000), Decimal(30000))


# 3万–6万: a span of 30,000, of which 30 per cent are 9,000
@pytest.mark.law(APL[32])
@pytest.mark.parametrize(
    ("direction", "low", "high"),
    [("PLAIN", 30000, 60000), ("LIGHTER", 30000, 39000), ("HEAVIER", 51000, 60000), ("BOTH", 30000, 60000)],
)
def test_lighter_is_the_lower_and_heavier_the_upper_share_of_the_tier(direction, low, high):
    answer = shipped("B07").judge({"employees": 100, "high_risk": False}, UNIT, NOW, Direction[direction])
    assert answer.open == Range(Decimal(low), Decimal(high))


def test_mitigation_goes_below_the_minimum_of_the_law_and_only_where_there_is_one():
    """《行政处罚法》第三十二条；第九十八条逾期的下限五十万元"""
    late = shipped("B15").judge({"investment": 5_000_000}, UNIT, LATE, Direction.MITIGATED)
    assert late.open.holds(Decimal("499999.99"))
    assert not late.open.holds(Decimal(500000))
    none = shipped("B07").judge({"employees": 100, "high_risk": False}, UNIT, NOW, Direction.MITIGATED)
    assert none.open == Range(Decimal(30000), Decimal(39000))


def test_with_the_middle_set_a_plain_case_gets_neither_the_lower_nor_the_upper_share():
    assert band(Range(Decimal(0), Decimal(100)), None, Direction.PLAIN, Bands(middle=True)) == Range(
        Decimal(30), Decimal(70)
    )


# --- weighing --------------------------------------------------------------------------------------------------------

CONFESSED = Fact("confessed", "主动供述", "《行政处罚法》第三十二条第三项", True, True)
OVERDUE = Fact("overdue", "逾期未改正", "示例", False, stage=LATE)
HAZARD = Fact("major_hazard", "存在重大隐患", "示例", False, keys=("major",))


@pytest.mark.parametrize(
    ("facts", "mitigate", "direction"),
    [
        ((), False, Direction.PLAIN),
        ((CONFESSED,), False, Direction.LIGHTER),
        ((CONFESSED,), True, Direction.MITIGATED),
        ((OVERDUE,), False, Direction.HEAVIER),
        ((OVERDUE,), True, Direction.HEAVIER),
        ((CONFESSED, OVERDUE), False, Direction.BOTH),
    ],
)
def test_facts_come_to_one_direction(facts, mitigate, direction):
    assert weigh(facts, {}, NOW, keys=frozenset(), mitigate=mitigate).direction is direction


def test_what_chose_the_tier_or_the_stage_is_not_counted_again():
    by_stage = weigh([OVERDUE], {}, LATE, keys=frozenset())
    assert by_stage.direction is Direction.PLAIN
    assert "逾期未改正" in by_stage.dropped[0][1]
    by_key = weigh([HAZARD], {"major": True}, NOW, keys=frozenset({"major"}))
    assert by_key.counted == ()
    assert weigh([HAZARD], {"major": False}, NOW, keys=frozenset({"major"})).direction is Direction.HEAVIER


# --- every input -----------------------------------------------------------------------------------------------------


def _values(compiled: Compiled) -> st.SearchStrategy[dict[str, object]]:
    """Any circumstances within what the table is made for."""
    drawn: dict[str, st.SearchStrategy[object]] = {}
    for key in compiled.benchmark.keys:
        low, high = int(key.least), int(key.below or 10**9)
        near = [int(cut.value) + step for test in _ranges(compiled, key.name) for cut in (test.start, test.end)
                if cut.value.is_finite() for step in (-1, 0, 1)]  # fmt: skip
        near = [n for n in near if low <= n < high] or [low]
        if key.type is KeyType.FLAG:
            drawn[key.name] = st.booleans()
        elif key.type is KeyType.CHOICE:
            drawn[key.name] = st.sampled_from([value for value, _ in key.options])
        elif key.whole:
            drawn[key.name] = st.one_of(st.integers(low, high - 1), st.sampled_from(near))
        else:
            drawn[key.name] = st.one_of(
                st.decimals(low, high - 1, places=2), st.sampled_from([*map(Decimal, near), *near])
            )
    return st.fixed_dictionaries(drawn)


def _ranges(compiled, name):
    return [t.range for tier in compiled.benchmark.tiers for t in tier.graded if t.key == name and t.range]


@pytest.mark.parametrize("code", [b.code for b in example().benchmarks])
def test_every_input_of_a_table_has_exactly_one_tier_with_a_reason_for_every_other(code):
    compiled = shipped(code)
    idle = all(
        key.idle is not None or not key.measured or not _ranges(compiled, key.name) for key in compiled.benchmark.keys
    )

    @settings(max_examples=60, deadline=None, database=None)
    @given(values=_values(compiled))
    def holds(values: dict[str, object]) -> None:
        found = compiled.find(values)
        if isinstance(found, Unanswered):  # only where nothing that founds a tier was given
            assert (found.kind, idle) == ("no_tier", True)
            return
        assert isinstance(found, Finding)
        assert len(found.others) == len(compiled.benchmark.tiers) - 1
        assert found.because
        assert all(other.why for other in found.others)
        assert [t for t in compiled.benchmark.tiers if _reached(compiled, t, values)][-1] is found.tier

    holds()


def _reached(compiled, tier, values):
    """The tier's conditions read one by one, as a clerk would."""

    def fits(test):
        value = values[test.key]
        if test.range is not None:
            return test.range.holds(value)
        return value in test.options if test.options else value is test.yes

    return any(fits(test) for test in tier.graded) or any(all(map(fits, clause)) for clause in tier.also)


def test_a_table_compiled_without_its_provisions_still_finds_the_tier():
    benchmark = shipped("B53").benchmark
    assert held(benchmark)
    assert Compiled(benchmark, {}).judge({"items": 2}, UNIT).measure.statutory == Range(Decimal(0), Decimal(30000))
