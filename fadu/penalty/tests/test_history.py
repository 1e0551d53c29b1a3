"""What other records say of a party, on cases brought there by real steps: fined before, crimes, leniency, daily fines, closure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fadu.discretion.tests.universe import makers
from fadu.document.models import Paper
from fadu.inspection.models import Checklist, Visit
from fadu.inspection.services import plan_visit
from fadu.inspection.tests import universe as visits
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import APL, WSL
from fadu.org.roles import Role
from fadu.penalty import queries
from fadu.penalty.history import closure_of, daily_of, fined_for
from fadu.penalty.models import ClosureProposal, PenaltyCase
from fadu.penalty.procedures.closure import Closure
from fadu.penalty.procedures.daily import DailyFine
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import PARTICULARS, START, Bureau
from fadu.power import registry as powers
from fadu.procedure.queries import facts

pytestmark = pytest.mark.django_db
VISITED = date(2026, 2, 24)  # a Tuesday


@pytest.fixture
def town() -> Bureau:
    return universe.bureau()


def at(days: int, hour: int = 9) -> Any:
    day = START + timedelta(days=days)
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=clock.BEIJING))


def inspectors(town: Bureau) -> visits.Bureau:
    """The same people as those of the inspections' universe."""
    return visits.Bureau(
        town.organ, {Role.CASE_OFFICER: town.first, Role.REVIEWER: town.reviewer, Role.AGENCY_HEAD: town.head},
        town.second, None, town.subject,
    )  # fmt: skip


def ordered(town: Bureau, *bad: str, **of_bad: Any) -> Visit:
    """A visit to the town's enterprise whose findings are to be put right by 6 March, by an order that was served."""
    town.subject = town.subject or universe.enterprise(town.organ, number=70)
    people = inspectors(town)
    visit = visits.begin(visits.arranged(people, VISITED), people, VISITED)
    visit = visits.finish(visits.check(visit, people, *bad, day=VISITED, **of_bad), people, VISITED)
    visit = visits.order(visit, people, {n: date(2026, 3, 6) for n in range(1, len(bad) + 1)}, VISITED)
    return visits.serve(visit, people, VISITED)


# --- 29 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[29])
def test_a_second_fine_for_the_same_act_is_refused_until_a_named_person_tells_the_acts_apart(town: Bureau) -> None:
    town.subject = universe.enterprise(town.organ, number=50)
    first, second = universe.considered(town), universe.considered(town)
    day = START + timedelta(days=21)
    for case in (first, second):
        with at(21, 16):
            town.act(
                case,
                "review",
                by=town.legal,
                verdict="同意",
                reason="合法。",
                items=[{"item": "程序是否合法", "conclusion": "符合", "note": ""}],
            )
            town.act(
                case, "discuss", by=town.clerk, started_at=f"{day}T14:00", ended_at=f"{day}T15:00", place="会议室", reporter="李示一",
                recorder="钱示二", observers="", content="案情。", conclusion="同意。",
                statements=[{"officer": town.head.pk, "opinion": "同意。"}, {"officer": town.principal.pk, "opinion": "同意。"}],
            )  # fmt: skip
    with at(22):
        town.approve(first, "decide")
        with pytest.raises(OutOfOrder, match="不得再次罚款"):
            town.approve(second, "decide")
        (fined,) = fined_for(second.parties.get())
        assert (fined.case, fined.why) == (first.pk, "处罚条款相同，行为日期重合")
        town.act(second, "distinguish", party=1, reason="前案为一号车间，本案为二号车间，时间、人员不同。")
        town.approve(second, "decide")
    assert second.state == "DECIDED"


@pytest.mark.law(APL[29])
def test_a_fine_by_an_organ_outside_counts_once_it_is_entered(town: Bureau) -> None:
    case = universe.investigated(town)
    with at(5):
        with pytest.raises(OutOfOrder, match="没有查到"):
            town.act(case, "distinguish", party=1, reason="不同。")
        town.act(
            case, "record_fine", party=1, organ="示例区消防救援大队", document="示消罚〔2026〕3号", decided_on="2026-03-04", amount="5000",
            cause=case.cause, basis="《消防法》第六十条第一款第一项", acted_on="2026-03-01", act_ended_on=None, file=town.keep(case),
        )  # fmt: skip
        known = facts(case, clock.today())
    (party,) = known.parties  # type: ignore[attr-defined]
    assert [(f.organ, f.amount) for f in party.fined_already] == [("示例区消防救援大队", Decimal(5000))]


# --- 27 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[27, 1])
def test_a_death_on_record_asks_for_an_answer_by_the_principal_head_before_the_decision(town: Bureau) -> None:
    case = universe.investigated(town)
    rows = [{"party": 1, "provision": universe.provision(), "fine": "40000", "measures": []}]
    with at(7):
        town.act(case, "conclude", proposals=rows, deaths=1, **PARTICULARS)
    known = facts(case, START + timedelta(days=7))
    assert not known.crime_answered  # type: ignore[attr-defined]
    assert "死亡1人" in known.suspicions[0]  # type: ignore[attr-defined]
    assert known.harm == "死亡1人"  # type: ignore[attr-defined]
    with at(8):
        with pytest.raises(NotCompetent):
            town.approve(case, "deny_crime", reason="死亡与培训记录无因果关系。")  # the deputy may not
        from fadu.procedure.models import Application
        from fadu.procedure.services import opine

        opine(Application.objects.filter(matter=case, status="pending").latest("pk"), by=town.principal, agreed=True)
    case.refresh_from_db()
    assert facts(case, START + timedelta(days=8)).crime_answered  # type: ignore[attr-defined]
    with at(9):
        town.act(case, "reinvestigate", reason="又有一人死亡。")
        town.act(case, "conclude", proposals=rows, deaths=2, **PARTICULARS)
    assert not facts(case, START + timedelta(days=9)).crime_answered, "new figures ask anew"  # type: ignore[attr-defined]


# --- 33 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.law(APL[33, 1])
def test_an_exemption_names_the_item_of_the_list_and_its_paper_prints_every_condition(town: Bureau) -> None:
    with clock.at(START):
        makers(town.organ).publish()
    case = universe.investigated(town)
    row = {
        "party": 1, "provision": universe.provision(), "exemption": "FIRST", "exemption_reason": "首次发生，已经改正。", "education": "当面教育",
        "order_due": str(START + timedelta(days=2)), "order_obeyed": "yes",
    }  # fmt: skip
    with at(7):
        with pytest.raises(OutOfOrder, match="请选定清单中的一项"):
            town.act(case, "conclude", proposals=[row], **PARTICULARS)
        with pytest.raises(Invalid, match="不在这一情形"):
            town.act(case, "conclude", proposals=[row | {"leniency": "labels"}], **PARTICULARS)
        facts_ = ["没有处罚记录", "涉及5人", "已补齐记录", "没有死亡事故", "不在名单"]
        with pytest.raises(OutOfOrder, match="“没有列入严重失信主体名单”没有写明"):
            town.act(
                case,
                "conclude",
                proposals=[row | {"leniency": "training_records", "leniency_facts": facts_[:4]}],
                **PARTICULARS,
            )
        town.act(
            case,
            "conclude",
            proposals=[row | {"leniency": "training_records", "leniency_facts": facts_}],
            **PARTICULARS,
        )
        town.approve(case, "exempt")
    reason = Paper.objects.get(case_file=case.case_file, kind="NO_PENALTY_DECISION").context["reason"]
    assert "“未如实记录安全生产教育和培训情况，涉及不超过10人”" in reason
    assert "没有列入严重失信主体名单：不在名单" in reason


def test_a_list_speaks_only_of_the_grounds_of_article_33(town: Bureau) -> None:
    from fadu.penalty.procedures.exemption import Exemption

    with clock.at(START):
        makers(town.organ).publish()
    case = universe.clue(town)
    codes = {g.name: {one.code for one in queries.leniencies_for(case, g)} for g in Exemption}
    assert codes["MINOR"] == {"minor_corrected"}
    assert codes["NO_FAULT"] == {"no_fault"}
    assert {"first", "training_records"} <= codes["FIRST"]
    assert not codes["NOT_PROVED"]


# --- 安全生产法 112 -----------------------------------------------------------------------------------------------------


@pytest.mark.law(WSL[112])
def test_refusal_after_order_and_fine_opens_a_case_of_daily_fines_whose_amount_is_computed(
    town: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = ordered(town, "G-10")
    with clock.at(VISITED + timedelta(days=1)):
        from fadu.procedure.services import take

        take(
            visit, "refer", by=town.first, data={"findings": [1], "cause": "未如实记录培训情况", "reason": "应予处罚。"}
        )
    case = PenaltyCase.objects.get(visit=visit)
    town.acted_on = VISITED
    monkeypatch.setattr(universe, "clue", lambda town: case)
    finding = visit.findings.get()
    rows = [{"party": 1, "provision": finding.provision, "fine": "60000", "measures": [], "order_obeyed": "yes"}]
    case = universe.served(town, proposals=rows)  # served on 25 March
    with at(24):
        assert daily_of(case.parties.get(), clock.today()) == "没有复查发现拒不改正的记录"
        with pytest.raises(OutOfOrder, match="第一百一十二条"):
            town.act(case, "continue_fine", party=1, reason="仍未改正。")
    refused = START + timedelta(days=28)  # 30 March
    visits.reinspect(
        Visit.objects.get(pk=visit.pk), inspectors(town), {1: False}, refused, late_reason="等待决定送达。"
    )
    with at(29):
        found = daily_of(case.parties.get(), clock.today())
        assert found == DailyFine(VISITED + timedelta(days=1), refused, Decimal(60_000))
        town.act(case, "continue_fine", party=1, reason="台账仍未补齐。")
        daily = PenaltyCase.objects.get(follows__case=case)
        assert daily_of(case.parties.get(), clock.today()) == f"至{refused}的按日连续处罚已经提出"
        town.approve(daily, "file", cause=daily.cause, power="B043", place="示例路1号", facts="拒不改正。", persons=[])
        assert (daily.acted_on, daily.act_ended_on) == (VISITED + timedelta(days=1), refused)
        town.act(
            daily, "take_evidence", kind="record", name="复查笔录", proves="没有改正", obtained_on=str(refused), place="示例路1号", by_party=False
        )  # fmt: skip
        town.act(daily, "verify_evidence", evidence=list(daily.evidence.values_list("pk", flat=True)), how="核对一致。")
        one = {"party": 1, "provision": "wsl_112_p1", "measures": []}
        with pytest.raises(OutOfOrder, match="高于法定上限2,040,000元"):
            town.act(daily, "conclude", proposals=[one | {"fine": "2100000"}], **PARTICULARS)
        town.act(
            daily, "conclude", proposals=[one | {"fine": "2040000"}], **PARTICULARS
        )  # 34 days, 25 February to 30 March
    assert fined_for(daily.parties.get()) == [], "it repeats the fine by law"
    told = Paper.objects.get(case_file=daily.case_file, kind="INVESTIGATION_REPORT").context["discretion"]
    assert "共34日，每日按原罚款数额60,000元，合计2,040,000元" in told


# --- 安全生产法 113 -----------------------------------------------------------------------------------------------------


@pytest.mark.law(WSL[113, None, 1], WSL[115])
def test_three_penalties_in_180_days_and_a_major_hazard_are_put_to_the_government_which_decides(town: Bureau) -> None:
    visit = ordered(town, "G-10", level="major")
    assert visit.findings.get().level == "major"
    for days in (3, 2, 1):
        town.acted_on = START - timedelta(days=days)
        case = universe.decided(town)
    with at(23):
        found = closure_of(case.parties.get(), clock.today())
        assert isinstance(found, Closure)
        assert (found.window, len(found.penalties), len(found.hazards)) == ("180日内3次", 3, 1)
        ground = {"party": 1, "government": "示例市人民政府", "reason": "多次受罚仍不消除隐患。"}
        town.approve(case, "propose_closure", last=town.principal, **ground)
        with pytest.raises(OutOfOrder, match="人民政府尚未决定"):
            town.approve(case, "propose_closure", last=town.principal, **ground)
        paper = Paper.objects.get(case_file=case.case_file, kind="CLOSURE_PROPOSAL").context
        assert len(paper["counted"]) == 3
        answer = {
            "outcome": "closed",
            "decided_on": str(clock.today()),
            "document": "示政函〔2026〕5号",
            "file": town.keep(case),
        }
        town.act(case, "record_closure", by=town.clerk, party=1, decided_by="市长 周示九", **answer)
    made = ClosureProposal.objects.get()
    assert (made.get_outcome_display(), made.decided_by) == ("予以关闭", "市长 周示九")


# --- what it costs ------------------------------------------------------------------------------------------------------


def test_other_records_are_looked_up_only_for_the_steps_that_turn_on_them(town: Bureau) -> None:
    case = universe.served(town)
    with at(24), CaptureQueriesContext(connection) as asked:
        town.act(
            case, "record_payment", by=town.treasurer, party=1, voucher="示票1", amount="100", paid_on=str(clock.today()), file=""
        )  # fmt: skip
    looked = [query["sql"] for query in asked.captured_queries if "inspection_" in query["sql"]]
    assert looked == []


# --- the risk chart -----------------------------------------------------------------------------------------------------


def test_the_risk_chart_counts_departures_and_random_draws(town: Bureau) -> None:
    with clock.at(START):
        makers(town.organ).publish()
    row = {
        "party": 1, "provision": universe.provision(), "fine": "20000", "measures": [], "fine_reason": "小微企业。",
        "circumstances": {"persons": 5, "forged": False}, "departure": "按档处罚明显过重。",
    }  # fmt: skip
    universe.concluded(town, [row])
    universe.concluded(town, [row | {"fine": "40000", "departure": ""}])
    assert powers.tally("deviation", "B010") == powers.Tally(2, 1, "偏离并写明理由")
    with clock.at(START):
        town.subject = universe.enterprise(town.organ, number=60)
        drawn = [
            plan_visit(organ=town.organ, by=town.first, subject=town.subject, reason=reason, planned_on=START, officers=[town.first, town.second],
                       checklists=[Checklist.objects.get(code="general")])
            for reason in (Visit.Reason.DOUBLE_RANDOM, Visit.Reason.ANNUAL_PLAN)
        ]  # fmt: skip
    codes = {visit.power.code for visit in drawn if visit.power}
    tallies = [powers.tally("random_draw", code) for code in codes]
    assert sum(t.checked for t in tallies if t) == 2
    assert sum(t.fired for t in tallies if t) == 1
