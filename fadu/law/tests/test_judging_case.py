"""The judgment of what lies outside the provision: time, versions, procedure, enforcement, and how a question is read."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.law.judging.answering import answer, answer_lines
from fadu.law.judging.reasons import Code
from fadu.law.tests import cases_by_law as cases
from fadu.law.tests.test_judging import DAYS, ROWS, ask, codes


def base(**more: Any) -> dict[str, Any]:
    """安全生产法第九十九条第一项, fined 40,000 when first found: within 五万元以下."""
    facts = more.pop("facts", {})
    sanctions = more.pop("sanctions", {"fine_entity": 40_000})
    row = {"id": "c", "law": "安全生产法", "article": "99", "item": 1, "party": "company", "prior_order": False}
    return {
        **row,
        "act_date": "2025-03-03",
        "decision_date": "2025-06-30",
        "sanctions": sanctions,
        "facts": facts,
        **more,
    }


def verdict(**more: Any) -> tuple[bool | None, list[str]]:
    answered = answer(base(**more))
    return answered["lawful"], codes(answered)


# --- procedure ------------------------------------------------------------------------------------------------------

BIG = {"fine_entity": 50_000}
PROCEDURE = [
    ("没有告知（44、62）", {}, {"notice_given": False}, "no_notice"),
    ("告知了", {}, {"notice_given": True}, None),
    ("5万元属较大数额，未告知听证（63）", BIG, {"hearing_offered": False}, "no_hearing"),
    ("不足5万元不属较大数额", {"fine_entity": 49_999}, {"hearing_offered": False}, None),
    ("告知了听证", BIG, {"hearing_offered": True}, None),
    ("一名执法人员（42）", {}, {"officers": 1}, "too_few_officers"),
    ("两名", {}, {"officers": 2}, None),
    ("不足两名", {}, {"two_officers": False}, "too_few_officers"),
    ("重于告知（45）", {}, {"noticed_fine": 39_999}, "above_noticed_fine"),
    ("等于告知", {}, {"noticed_fine": 40_000}, None),
    ("轻于告知", {}, {"noticed_fine": 45_000}, None),
    ("简易程序对单位超3000（51）", {"fine_entity": 3_001}, {"procedure": "summary"}, "summary_limit"),
    ("简易程序3000", {"fine_entity": 3_000}, {"procedure": "summary"}, None),
    ("普通程序不受限", {"fine_entity": 3_001}, {"procedure": "ordinary"}, None),
    ("简易程序不得没收", {"fine_entity": 1_000, "confiscation": 10}, {"procedure": "summary"}, "summary_limit"),
    ("第91日（60）", {}, {"filed_date": "2025-03-31"}, "over_time"),
    ("第90日", {}, {"filed_date": "2025-04-01"}, None),
    ("经批准延长", {}, {"filed_date": "2025-03-01", "extension": 90}, None),
    ("超过二年（36）", {}, {"found_date": "2027-03-04"}, "limitation"),
    ("恰满二年", {}, {"found_date": "2027-03-03"}, None),
    ("有危害后果的五年", {}, {"found_date": "2029-03-03", "harm": True}, None),
    ("超过五年", {}, {"found_date": "2030-03-04", "harm": True}, "limitation"),
    ("没有危害后果的二年", {}, {"found_date": "2029-03-03", "harm": False}, "limitation"),
    ("继续行为自终了起算", {}, {"found_date": "2027-05-01", "act_end_date": "2025-05-02"}, None),
    ("已由其他机关罚款（29）", {}, {"same_act_fined_by": "住房和城乡建设局"}, "fined_twice"),
    ("没有被罚过", {}, {"same_act_fined_by": ""}, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sanctions", "facts", "code"), [row[1:] for row in PROCEDURE], ids=[row[0] for row in PROCEDURE]
)
def test_procedure_and_time(sanctions, facts, code):
    decided = "2030-12-31" if "found_date" in facts else "2025-06-30"
    answered = verdict(sanctions=sanctions or {"fine_entity": 40_000}, facts=facts, decision_date=decided)
    assert answered == ((False, [code]) if code else (True, []))


def test_a_large_fine_of_a_person_and_graver_sanctions_need_the_offer_of_a_hearing():
    late = {"fine_entity": 40_000, "fines_persons": [{"role": "direct_manager", "amount": 20_000}]}
    first = ask("安全生产法", (98, None, 1), {**late, "fine_entity": 100_000}, {"facts": {"hearing_offered": False}})
    assert "no_hearing" in codes(first)
    for extra in ("suspension", "revocation", "closure"):
        assert "no_hearing" in verdict(sanctions={extra: True}, facts={"hearing_offered": False})[1]


def test_the_limit_of_the_summary_procedure_for_a_citizen_is_200():
    asked = {"party": "person", "facts": {"procedure": "summary"}}
    place = ("烟花爆竹安全管理条例", (42, 2))
    assert ask(*place, {"fine_entity": 200}, asked)["lawful"] is True
    assert codes(ask(*place, {"fine_entity": 201}, asked)) == ["summary_limit"]
    assert codes(ask(*place, {"fines_persons": [{"role": "citizen", "amount": 201}]}, asked)) == ["summary_limit"]


def test_whoever_was_fined_for_the_act_may_still_have_gains_confiscated_or_be_suspended():
    facts = {"same_act_fined_by": "生态环境局", "aggravated": True, "unlawful_gains": 9}
    assert verdict(sanctions={"confiscation": 9, "suspension": True}, facts=facts) == (True, [])


def test_an_accident_is_harm_unless_the_opposite_is_given():
    def at(**facts: Any) -> Any:
        given = {"accident_grade": "一般", "found_date": "2025-03-03", **facts}
        row = base(
            article="114", item=1, paragraph=1, act_date="2021-09-01", sanctions={"fine_entity": 300_000}, facts=given
        )
        return answer(row)["lawful"]

    assert at() is True
    assert at(harm=False) is False


def test_a_leap_day_ends_its_period_on_the_last_day_of_february():
    leap = {"act_date": "2024-02-29", "decision_date": "2026-04-01"}
    assert verdict(**leap, facts={"found_date": "2026-02-28"})[0] is True
    assert verdict(**leap, facts={"found_date": "2026-03-01"})[0] is False


# --- versions -------------------------------------------------------------------------------------------------------

VERSIONS = [
    ("危化法施行前的行为", "危险化学品安全法", (101, 1, 1), "2026-04-30", "2026-06-01", 50_000, False, "not_in_force"),
    ("危化法施行当日", "危险化学品安全法", (101, 1, 1), "2026-05-01", "2026-06-01", 50_000, True, None),
    ("旧条例管旧行为，新法较重", "危险化学品安全管理条例", (78, 1, 1), "2026-04-30", "2026-06-01", 50_000, True, None),
    ("旧条例不管新行为", "危险化学品安全管理条例", (78, 1, 1), "2026-05-01", "2026-06-01", 50_000, False, "superseded"),
    ("新法没有的事项旧条例仍在", "危险化学品安全管理条例", (81, 3, None), "2026-05-02", "2026-06-01", 10_000, True, None),
    ("2011年修订前另有版本", "危险化学品安全管理条例", (78, 1, 1), "2011-11-30", "2012-01-01", 10_000, None, "version_not_held"),
    ("2002年前没有这个条例", "危险化学品安全管理条例", (78, 1, 1), "2001-11-30", "2012-01-01", 10_000, False, "not_in_force"),
    ("突对法旧版第64条", "突发事件应对法", (64, 1, 1), "2024-10-31", "2025-01-01", 200_000, True, None),
    ("突对法旧版没有情节特别严重", "突发事件应对法", (64, 1, 1), "2024-10-31", "2025-01-01", 200_001, False, "above_maximum"),
    ("突对法旧版没有第96条", "突发事件应对法", (96, 1, 1), "2024-10-31", "2025-01-01", 200_000, False, "not_in_force"),
    ("旧版尚在时没有第96条", "突发事件应对法", (96, 1, 1), "2024-05-31", "2024-10-01", 200_000, False, "no_such_article"),
    ("突对法新版第96条", "突发事件应对法", (96, 1, 1), "2024-11-01", "2025-01-01", 200_000, True, None),
    ("突对法新版第64条不是罚则", "突发事件应对法", (64, 1, 1), "2024-11-01", "2025-01-01", 200_000, False, "not_a_penalty"),
    ("煤矿条例施行前", "煤矿安全生产条例", (63, None, 1), "2024-04-30", "2024-06-01", 100_000, False, "not_in_force"),
    ("煤矿条例施行当日", "煤矿安全生产条例", (63, None, 1), "2024-05-01", "2024-06-01", 100_000, True, None),
    ("安法2021版前的版本没有收录", "安全生产法", (99, None, 1), "2021-08-31", "2022-01-01", 50_000, None, "version_not_held"),
    ("安法2021版施行当日", "安全生产法", (99, None, 1), "2021-09-01", "2022-01-01", 50_000, True, None),
    ("2002年前没有安全生产法", "安全生产法", (99, None, 1), "2001-09-01", "2022-01-01", 50_000, False, "not_in_force"),
    ("已废止的法规不管废止后的行为", "国务院关于预防煤矿生产安全事故的特别规定", (11, 1, None), "2024-05-01", "2024-06-01", 50_000, False, "repealed"),
    ("废止前的行为，没有收录", "国务院关于预防煤矿生产安全事故的特别规定", (11, 1, None), "2024-04-30", "2024-06-01", 50_000, None, "law_not_held"),
    ("没有收录的法律", "消防法", (60, 1, 1), "2025-03-03", "2025-05-06", 50_000, None, "law_not_held"),
    ("应急条例30所指的安法版本没有收录", "生产安全事故应急条例", (30, None, None), "2020-05-01", "2020-06-01", 50_000, None, "referred_law_not_held"),
    ("事故条例37在2014年12月前", "生产安全事故报告和调查处理条例", (37, None, 1), "2014-11-30", "2015-01-01", 150_000, True, None),
    ("其后由安法", "生产安全事故报告和调查处理条例", (37, None, 1), "2014-12-01", "2015-01-01", 150_000, False, "superseded"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("law", "place", "acted", "decided", "fine", "lawful", "code"),
    [row[1:] for row in VERSIONS],
    ids=[row[0] for row in VERSIONS],
)
def test_the_law_of_the_day_of_the_act_applies(law, place, acted, decided, fine, lawful, code):
    days = {"act_date": acted, "decision_date": decided, "party": "company", "prior_order": False}
    answered = ask(law, place, {"fine_entity": fine}, days)
    assert answered["lawful"] is lawful, answered
    assert codes(answered) == ([code] if code else [])


def test_an_act_that_went_on_into_the_new_law_is_judged_by_it():
    days = {"act_date": "2026-04-01", "decision_date": "2026-06-01", "facts": {"act_end_date": "2026-05-01"}}
    new, old = ("危险化学品安全法", (100, 3)), ("危险化学品安全管理条例", (77, 3))
    heavy = {"fine_entity": 400_000, "confiscation": "是"}
    assert ask(*new, heavy, days)["lawful"] is True
    assert codes(ask(*old, {**heavy, "fine_entity": 150_000}, days)) == ["superseded"]


def test_what_is_unlawful_under_any_law_is_false_although_the_law_is_not_held():
    answered = ask("消防法", (60, 1), {"fine_entity": 5_000}, {"facts": {"notice_given": False}})
    assert (answered["lawful"], codes(answered)) == (False, ["no_notice"])


# --- enforcement ----------------------------------------------------------------------------------------------------

ADDITIONAL = [
    ("一日3%", 1_200, {"base_fine": 40_000, "days_late": 1}, True),
    ("多于3%", 1_201, {"base_fine": 40_000, "days_late": 1}, False),
    ("第34日触顶", 40_000, {"base_fine": 40_000, "days_late": 34}, True),
    ("不得超出罚款数额", 40_001, {"base_fine": 40_000, "days_late": 100}, False),
    ("没有写天数只看上限", 40_000, {"base_fine": 40_000}, True),
    ("没有写罚款数额", 1_200, {"days_late": 1}, None),
    ("复议诉讼期间不计", 1_200, {"base_fine": 40_000, "days_late": 1, "remedy_pending": True}, False),
    ("没有逾期", 1, {"base_fine": 40_000, "days_late": 0}, False),
]


@pytest.mark.parametrize(
    ("amount", "facts", "lawful"), [row[1:] for row in ADDITIONAL], ids=[row[0] for row in ADDITIONAL]
)
def test_the_additional_fine(amount, facts, lawful):
    assert verdict(sanctions={"additional_fine": amount}, facts=facts)[0] is lawful
    assert verdict(sanctions={"fine_entity": 40_000, "additional_fine": amount}, facts=facts)[0] is lawful


MET = {"base_fine": 50_000, "refused": True, "order_date": "2025-03-10", "daily_from": "2025-03-11"}
DAILY = [
    ("三个条件都有", 50_000, MET, True),
    ("每日不得多于原数额", 60_000, MET, False),
    ("三日的合计", 150_000, {**MET, "daily_from": "2025-03-12"}, True),
    ("超过已经过去的日数", 50_000 * 400, MET, False),
    ("自次日起", 50_000, {**MET, "daily_from": "2025-03-10"}, False),
    ("没有拒不改正", 50_000, {**MET, "refused": False}, False),
    ("拒不改正没有写", 50_000, {"base_fine": 50_000}, False),
    ("没有受过罚款", 50_000, {**MET, "base_fine": 0}, False),
    ("原数额没有写", 50_000, {"refused": True}, None),
]


@pytest.mark.parametrize(("amount", "facts", "lawful"), [row[1:] for row in DAILY], ids=[row[0] for row in DAILY])
def test_the_daily_fine(amount, facts, lawful):
    row = base(article="112", sanctions={"daily_fine": amount}, facts=facts)
    del row["item"], row["prior_order"]
    answered = answer(row)
    assert answered["lawful"] is lawful, answered
    assert lawful is not False or codes(answered) == [Code.DAILY_FINE]


def test_an_order_that_ran_out_unobeyed_is_a_refusal_and_one_that_did_not_is_none():
    asked = {"article": "112", "item": None, "sanctions": {"daily_fine": 50_000}, "facts": {"base_fine": 50_000}}
    assert verdict(**asked, prior_order=True)[0] is True
    assert verdict(**asked, prior_order=False)[0] is False


# --- reading --------------------------------------------------------------------------------------------------------

SPELT = [
    {"law": "《中华人民共和国安全生产法》"}, {"law": "安全生产法（2021年修正）"}, {"article": 99}, {"article": "第九十九条"},
    {"article": "第九十九条第一项", "item": None}, {"article": "99条"}, {"item": "一"}, {"item": "第（一）项"}, {"paragraph": 1},
    {"paragraph": "第一款"}, {"act_date": "2025/3/3"}, {"act_date": "2025年3月3日"}, {"party": "企业"}, {"prior_order": "否"},
    {"sanctions": {"fine_entity": "4万元"}}, {"sanctions": {"fine_entity": "40,000元"}}, {"sanctions": {"fine_entity": 40000.0}},
    {"sanctions": {"fine_entity": "４００００"}}, {"facts": {"authority": "长治市应急管理局"}}, {"facts": {"procedure": "普通程序"}},
    {"facts": {"officers": ["张三", "李四"]}}, {"facts": {"unlawful_gains": "无"}},
]  # fmt: skip


@pytest.mark.parametrize("spelt", SPELT, ids=str)
def test_a_question_is_read_however_it_is_spelt(spelt):
    assert verdict(**spelt) == (True, [])


WRONG = [
    ({"law": None}, "law"), ({"law": 5}, "law"), ({"article": None}, "article"), ({"article": "某条"}, "article"),
    ({"article": []}, "article"), ({"item": "甲"}, "item"), ({"paragraph": {}}, "paragraph"), ({"act_date": "昨天"}, "act_date"),
    ({"act_date": 20250303}, "act_date"), ({"decision_date": "2025-02-30"}, "decision_date"),
    ({"decision_date": "2025-03-02"}, "decision_date"), ({"party": "厂"}, "party"), ({"prior_order": "也许"}, "prior_order"),
    ({"mitigating": [1]}, "mitigating"), ({"mitigating": True}, "mitigating"), ({"sanctions": []}, "sanctions"),
    ({"sanctions": {"fine_entity": "很多"}}, "sanctions.fine_entity"), ({"sanctions": {"fine_entity": -1}}, "sanctions.fine_entity"),
    ({"sanctions": {"fine_entity": True}}, "sanctions.fine_entity"),
    ({"sanctions": {"fines_persons": 5}}, "sanctions.fines_persons"),
    ({"sanctions": {"fines_persons": [{"role": "老板", "amount": 1}]}}, "sanctions.fines_persons[0].role"),
    ({"sanctions": {"detention_days": "十"}}, "sanctions.detention_days"), ({"facts": 1}, "facts"),
    ({"facts": {"accident_grade": "很大"}}, "facts.accident_grade"), ({"facts": {"procedure": "快"}}, "facts.procedure"),
    ({"facts": {"annual_income": {}}}, "facts.annual_income"), ({"facts": {"act_end_date": "2025-03-02"}}, "facts.act_end_date"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "field"), WRONG, ids=[f"{field}-{n}" for n, (_, field) in enumerate(WRONG)])
def test_what_cannot_be_read_is_named(wrong, field):
    answered = answer(base(**wrong))
    assert (answered["id"], answered["lawful"], codes(answered)) == ("c", None, ["bad_input"])
    assert answered["reasons"][0]["text"].startswith(f"{field}：")


GROUNDS = {
    "行政处罚法32(1)": True, "《行政处罚法》第三十二条第（四）项": True, "第三十二条第五项": True, "32": True, "行政处罚法32.2": True,
    "行政处罚法32(6)": False, "行政处罚法33(1)": False, "行政处罚法30": False, "行政处罚法31": False, "认错态度好": False,
    "安全生产法32(1)": False,
}  # fmt: skip


@pytest.mark.parametrize(("entry", "counts"), GROUNDS.items(), ids=str)
def test_only_a_ground_in_law_permits_less_than_the_minimum(entry, counts):
    late = {"fine_entity": 49_999, "fines_persons": [{"role": "direct_manager", "amount": 10_000}]}
    assert verdict(prior_order=True, sanctions=late, mitigating=[entry])[0] is counts


def test_age_and_illness_are_grounds_for_natural_persons():
    late = {"fine_entity": 50_000, "fines_persons": [{"role": "other_direct", "amount": 5_000}]}
    assert verdict(prior_order=True, sanctions=late, mitigating=["行政处罚法31"])[0] is True


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_answers_every_line_in_order_and_writes_nothing_else(monkeypatch):
    lines = [json.dumps(base(id=n), ensure_ascii=False) for n in range(3)]
    given = "\n".join([lines[0], "", "不是JSON", lines[1], "[]", '{"id": 9}', lines[2]])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode() + b"\n\xff\xfe\n"), encoding="ascii"))
    out = io.StringIO()
    call_command("check-penalty", stdout=out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [a["id"] for a in answers] == [0, None, 1, None, 9, 2, None]
    assert [a["lawful"] for a in answers] == [True, None, True, None, None, True, None]
    assert all(set(a) == {"id", "lawful", "reasons"} for a in answers)


def test_deep_and_strange_json_is_answered():
    odd = [
        "[" * 100_000,
        '{"law": NaN}',
        '"text"',
        "null",
        "1e999",
        '{"id": NaN, "law": "安全生产法"}',
        '{"id": "\\ud800", "law": "\\ud800", "article": {}}',
    ]
    answers = [json.loads(line.encode()) for line in answer_lines(odd)]
    assert len(answers) == len(odd)
    assert all(a["lawful"] is None and codes(a) == ["bad_input"] for a in answers)


def test_every_code_is_explained_in_the_documentation():
    page = (Path(__file__).parents[3] / "docs" / "check-penalty.md").read_text(encoding="utf-8")
    assert [code for code in Code if f"`{code.value}`" not in page] == []


# --- what holds for every case --------------------------------------------------------------------------------------

PARAMETERS = st.sampled_from(ROWS)


def judged(row: cases.Row, sanctions: dict[str, Any] | None = None, **more: Any) -> bool | None:
    _, law, place, given, case, _, _ = row
    facts = {**case.get("facts", {}), **more}
    lawful: bool | None = ask(law, place, given if sanctions is None else sanctions, {**case, "facts": facts})["lawful"]
    return lawful


@given(PARAMETERS, st.integers(1, 10**9))
@settings(max_examples=200, deadline=None)
def test_a_fine_above_the_maximum_does_not_become_lawful_by_being_raised(row, more):
    """Above every maximum there is: the highest single fine of all eleven laws is 一亿元 (安全生产法114②)."""
    fine = {**row[3], "fine_entity": 10**12}
    assert judged(row, fine) is not True
    assert judged(row, {**fine, "fine_entity": 10**12 + more}) is not True


@given(PARAMETERS, st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_order_of_sanctions_persons_and_facts_is_irrelevant(row, random):
    def shuffled(given: dict[str, Any]) -> dict[str, Any]:
        items = list(given.items())
        random.shuffle(items)
        return dict(items)

    sanctions = shuffled(row[3])
    if "fines_persons" in sanctions:
        sanctions["fines_persons"] = random.sample(sanctions["fines_persons"], len(sanctions["fines_persons"]))
    assert ask(row[1], row[2], sanctions, shuffled(row[4]))["lawful"] is row[5]


IN_ORDER = {"notice_given": True, "hearing_offered": True, "procedure": "ordinary", "officers": 2, "remedy_pending": False,
            "same_act_fined_by": None, "aggravated": None, "comment": "不认识的键"}  # fmt: skip


@given(PARAMETERS, st.sets(st.sampled_from(sorted(IN_ORDER))))
@settings(max_examples=200, deadline=None)
def test_what_is_in_order_may_be_said_or_left_out(row, said):
    facts = {key: IN_ORDER[key] for key in said if key not in row[4].get("facts", {})}
    assert judged(row, **facts) is row[5]


@given(PARAMETERS)
@settings(max_examples=150, deadline=None)
def test_no_case_is_lawful_without_notice_or_after_ninety_one_days(row):
    decided = DAYS.get(row[1], ("2025-03-03", "2025-05-06"))[1]
    assert judged(row, notice_given=False) is False
    assert judged(row, filed_date="2025-01-01" if decided < "2026" else "2026-02-01") is False


@given(PARAMETERS)
@settings(max_examples=150, deadline=None)
def test_leaving_the_item_out_never_makes_a_lawful_case_unlawful(row):
    _, law, place, sanctions, case, lawful, _ = row
    if lawful is True:
        assert ask(law, place[:2], sanctions, case)["lawful"] is True
        assert ask(law, place[:1], sanctions, case)["lawful"] is True


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)),
       st.sampled_from(["law", "article", "paragraph", "item", "act_date", "decision_date", "party", "prior_order",
                        "mitigating", "sanctions", "facts"]))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_nothing_that_is_given_ends_in_an_error(value, key):
    assert set(answer(base(**{key: value}))) == {"id", "lawful", "reasons"}
    assert set(answer(base(sanctions={"fine_entity": value, "confiscation": value, "daily_fine": value}))) >= {"lawful"}
    assert set(answer(base(facts={"unlawful_gains": value, "harm": value, "officers": value}))) >= {"lawful"}
