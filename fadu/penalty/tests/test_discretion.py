"""裁量 in a case: the tier and why no other, the range, the number inside it, and what leaving the range takes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fadu.discretion.tests.universe import makers
from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import APL
from fadu.penalty.models import CaseDiscretion, PenaltyCase
from fadu.penalty.services import register_clue
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import PARTICULARS, START
from fadu.procedure.models import Application
from fadu.procedure.services import opine
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    made = universe.bureau()
    with clock.at(START):
        makers(made.organ).publish()
    return made


def row(fine="40000", persons=5, forged=False, **more):
    """B11: 3 persons and fewer at most 30,000; 4 to 10 from 30,000 to 60,000; 11 and more, or forged, to 100,000."""
    return {
        "party": 1, "provision": universe.provision(), "fine": fine, "measures": [], "fine_reason": "初次违法，涉及人数居中。",
        "circumstances": {"persons": persons, "forged": forged},
    } | more  # fmt: skip


def conclude(town, case, *rows):
    with clock.at(START + timedelta(days=7)):
        return town.act(case, "conclude", proposals=list(rows), **PARTICULARS)


@pytest.mark.law(APL[34])
def test_the_tier_the_trace_the_range_and_the_number_are_kept_and_printed(town):
    case = universe.investigated(town)
    conclude(town, case, row())
    made = CaseDiscretion.objects.get(party__case=case)
    assert (made.benchmark.code, made.level, made.direction) == ("B11", "一般", "plain")
    assert (made.lower, made.upper, made.chosen) == (Decimal(30000), Decimal(60000), Decimal(40000))
    assert [level for level, _ in made.trace["others"]] == ["较轻", "较重"]
    report = Paper.objects.get(case_file=case.case_file, kind="INVESTIGATION_REPORT").context["discretion"]
    for words in ("示例市应急管理行政处罚裁量基准", "B11", "记录不实涉及的人员5人", "不适用“较轻”", "不适用“较重”",
                  "法定10万元以下", "本档3万元至6万元", "初次违法，涉及人数居中", "样例"):  # fmt: skip
        assert words in report, words
    with clock.at(START + timedelta(days=8)):
        town.act(case, "notify")
    assert "B11" in Paper.objects.get(case_file=case.case_file, kind="ADVANCE_NOTICE").context["discretion"]


def test_without_a_benchmark_for_the_provision_the_case_goes_on_and_the_paper_says_so():
    town = universe.bureau()
    case = universe.concluded(town)
    assert not CaseDiscretion.objects.exists()
    report = Paper.objects.get(case_file=case.case_file, kind="INVESTIGATION_REPORT").context["discretion"]
    assert "没有适用于这一情形的裁量基准" in report


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"circumstances": {"persons": 5}}, "伪造考核结果"),
        ({"circumstances": {"persons": 0, "forged": False}}, "本表适用于"),
        ({"fine_reason": ""}, "确定这一数额的理由"),
        ({"fine": "60001"}, "不在裁量基准B11“一般”一档算出的幅度（3万元至6万元"),
        ({"fine": "29999.99"}, "确需偏离的"),
    ],
)
def test_what_is_missing_or_outside_is_refused_with_its_reason(town, change, sentence):
    case = universe.investigated(town)
    with pytest.raises(Invalid, match=sentence):
        conclude(town, case, row(**change))
    case.refresh_from_db()
    assert case.state == "INVESTIGATING"


# 从轻: the lower 30 per cent of 30,000 to 60,000 are 30,000 to 39,000; 从重: 51,000 to 60,000
def test_a_mitigating_circumstance_opens_the_lower_share_only(town):
    case = universe.investigated(town)
    light = {"mitigation": ["removed_harm"], "mitigation_reason": "主动补齐"}
    with pytest.raises(Invalid, match=r"3万元至3\.9万元"):
        conclude(town, case, row("40000", **light))
    conclude(town, case, row("39000", **light))
    made = CaseDiscretion.objects.get()
    assert (made.direction, [f["code"] for f in made.facts]) == ("lighter", ["removed_harm"])


def test_an_aggravating_circumstance_opens_the_upper_share_only(town):
    case = universe.investigated(town)
    heavy = {"aggravation": ["obstructed"]}
    with pytest.raises(Invalid, match=r"5\.1万元至6万元"):
        conclude(town, case, row("50000", **heavy))
    conclude(town, case, row("51000", **heavy))


def repeat_offender(town):
    """A second case against the same enterprise, filed two months after the first was decided."""
    first = universe.decided(town, proposals=[row("60000", circumstances={"persons": 5, "forged": False})])
    subject = first.parties.get().subject
    day = START + timedelta(days=80)
    with clock.at(day):
        case = register_clue(
            organ=town.organ, by=town.first, source="complaint", cause=first.cause, clue="示例线索。", subject=subject,
            received_on=day, found_on=day,
        )  # fmt: skip
    with clock.at(day + timedelta(days=1)):
        town.approve(
            case,
            "file",
            cause=case.cause,
            acted_on=str(day),
            place="示例路1号",
            facts="再次缺页。",
            persons=[],
            power="B010",
        )
    return case, day


def test_an_earlier_penalty_within_twelve_months_is_shown_at_filing_and_counted_by_itself(town):
    """同一违法行为反复出现的，从重处罚；不勾选也计入"""
    case, day = repeat_offender(town)
    entry = case.acts.get(step="file")
    told = str(Entry.objects.get(hash=entry.entry_hash).body)
    assert "（同一案由）" in told
    approval = Paper.objects.get(case_file=case.case_file, kind="CASE_FILING_APPROVAL").context["facts"]
    assert "十二个月内受过的处罚" in approval
    with clock.at(day + timedelta(days=3)):
        town.act(
            case,
            "take_evidence",
            kind="record",
            name="现场笔录",
            proves="缺页",
            obtained_on=str(day),
            place="示例路1号",
            by_party=False,
        )
        town.act(case, "verify_evidence", evidence=list(case.evidence.values_list("pk", flat=True)), how="核对一致。")
    with clock.at(day + timedelta(days=4)):
        with pytest.raises(Invalid, match="从重"):
            town.act(case, "conclude", proposals=[row("40000", aggravation=[])], **PARTICULARS)
        town.act(case, "conclude", proposals=[row("55000", aggravation=[])], **PARTICULARS)
    made = CaseDiscretion.objects.get(party__case=case)
    assert [(f["code"], f["derived"]) for f in made.facts] == [("repeated", True)]
    assert len(made.history) == 1
    report = Paper.objects.filter(case_file=case.case_file, kind="INVESTIGATION_REPORT").last().context["discretion"]
    assert "十二个月内因同一违法行为受过处罚" in report


def test_an_order_that_ran_out_is_counted_by_the_stage_and_not_a_second_time(town):
    """逾期未改正：第九十七条另有十万至二十万元的幅度"""
    case = universe.investigated(town)
    late = {"order_due": str(START + timedelta(days=2)), "order_obeyed": "no"}
    conclude(town, case, row("140000", **late))
    made = CaseDiscretion.objects.get()
    assert (made.stage, made.lower, made.upper, made.direction) == (
        "uncorrected",
        Decimal(130000),
        Decimal(160000),
        "plain",
    )
    assert [f["code"] for f in made.dropped] == ["overdue"]


def departed(town, fine="20000"):
    return universe.considered(town, [row(fine, departure="该企业为初创小微企业，按档处罚明显过重。")])


@pytest.mark.law(APL[57, 2])
def test_leaving_the_range_takes_discussion_and_the_signature_of_the_principal_head(town):
    case = departed(town)
    with clock.at(START + timedelta(days=20)):
        with pytest.raises(OutOfOrder, match="集体讨论"):
            town.approve(case, "decide", last=town.principal)
        day = START + timedelta(days=21)
    with clock.at(datetime(day.year, day.month, day.day, 16, 0, tzinfo=clock.BEIJING)):
        town.act(
            case, "discuss", by=town.clerk, started_at=f"{day}T14:00", ended_at=f"{day}T15:00", place="会议室", reporter="李示一",
            recorder="钱示二", observers="", content="案情和处理建议见调查报告。", conclusion="同意偏离。",
            statements=[{"officer": town.head.pk, "opinion": "同意。"}, {"officer": town.principal.pk, "opinion": "同意。"}],
        )  # fmt: skip
    with clock.at(START + timedelta(days=22)):
        with pytest.raises(NotCompetent):
            town.approve(case, "decide")  # the deputy may not
        waiting = Application.objects.filter(matter=case, status="pending").latest("pk")
        opine(waiting, by=town.principal, agreed=True)
    case.refresh_from_db()
    assert case.state == "DECIDED"
    decision = Paper.objects.get(case_file=case.case_file, kind="PENALTY_DECISION_UNIT").context["discretion"]
    assert "偏离裁量基准" in decision
    assert "初创小微企业" in decision


def test_a_case_inside_the_range_is_signed_by_the_head_as_before(town):
    case = universe.considered(town, [row("40000")])
    with clock.at(START + timedelta(days=22)):
        town.approve(case, "decide")
    assert case.state == "DECIDED"


def test_a_fine_lightened_after_the_defence_stays_in_the_range_or_says_why(town):
    case = universe.notified(town, [row("40000")])
    late = START + timedelta(days=18)
    with clock.at(late):
        with pytest.raises(Invalid, match="低于幅度的理由"):
            town.act(case, "consider", points=[], revised=[{"party": 1, "fine": "20000"}])
        town.act(case, "consider", points=[], revised=[{"party": 1, "fine": "31000"}])
    made = CaseDiscretion.objects.get()
    assert (made.chosen, made.departed) == (Decimal(31000), False)


@pytest.mark.parametrize(("since", "newer_applies"), [(date(2026, 3, 1), True), (date(2026, 3, 2), False)])
def test_the_version_of_the_day_of_the_act_applies_to_the_case(town, since, newer_applies):
    """行为在三月一日：新基准自当日施行的适用，次日施行的仍适用旧基准"""
    with clock.at(START):
        newer = makers(town.organ).publish(since=since)
    case = universe.investigated(town)
    assert case.acted_on == date(2026, 3, 1)
    conclude(town, case, row())
    assert (CaseDiscretion.objects.get().benchmark.set == newer) is newer_applies


def test_the_database_asks_a_reason_of_every_departure(town):
    case = universe.investigated(town)
    conclude(town, case, row())
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseDiscretion.objects.filter(party__case=case).update(departed=True)


def test_an_exempted_party_has_no_discretion(town):
    case = universe.investigated(town)
    conclude(
        town, case, {"party": 1, "exemption": "NOT_PROVED", "exemption_reason": "证据不足", "education": "当面教育"}
    )
    assert not CaseDiscretion.objects.exists()
    assert PenaltyCase.objects.get(pk=case.pk).state == "CONCLUDED"
