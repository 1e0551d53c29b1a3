"""Measures on site (安全生产法 65 I 3) and the papers on an extension of a term, through the one door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from fadu.document.models import Paper
from fadu.inspection.models import OnsiteMeasure, Visit
from fadu.inspection.tests import universe as u
from fadu.inspection.tests.test_pages import login
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import WSL
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.procedure.queries import opportunities
from fadu.procedure.services import take

pytestmark = pytest.mark.django_db
DAY = u.VISIT_DAY
TERM = date(2026, 3, 20)
STOP = {
    "findings": [1], "kinds": ["stop_use", "withdraw"], "extent": "2号熔炼炉", "reason": "冷却水报警失效，炉体随时可能漏钢。",
}  # fmt: skip


def with_a_major_hazard(bureau: u.Bureau) -> Visit:
    """On site, one item failed and the failure is a major hazard."""
    return u.check(u.on_site(bureau), bureau, "G-10", level="major")


def measure(visit: Visit, bureau: u.Bureau, **values: Any) -> Visit:
    """The officers stop what is unsafe."""
    with u.at(DAY, 10, 30):
        take(visit, "measure", by=bureau.first, data={**STOP, **values})
    return u.fresh(visit)


def barred(visit: Visit, by: Officer, on: date, step: str) -> str:
    """Why the page does not offer the step."""
    with u.at(on, 15):
        return "".join(
            str(reason) for one in opportunities(visit, by, on) if one.step.name == step for reason in one.time
        )


def resume(visit: Visit, by: Officer, day: date, hour: int = 15) -> None:
    """The head lets work go on."""
    with u.at(day, hour):
        take(visit, "resume", by=by, data={"measures": [1], "opinion": "复查合格，同意恢复使用。"})


@pytest.mark.law(WSL[65, 1, 3])
def test_what_a_major_hazard_makes_unsafe_is_stopped_on_the_spot_by_a_decision_with_remedies(bureau: u.Bureau) -> None:
    visit = measure(with_a_major_hazard(bureau), bureau)
    paper = Paper.objects.get(case_file=visit.case_file, kind="ONSITE_MEASURE_DECISION")
    assert paper.number == "（示）应急现决〔2026〕1号"
    assert paper.context["measures"] == ["从危险区域内撤出作业人员：2号熔炼炉", "停止使用相关设施、设备：2号熔炼炉"]
    assert "G-10" not in paper.context["hazards"][0]
    assert paper.context["reconsideration_body"] == "示例市人民政府"
    visit = u.serve(visit, bureau)
    assert paper.services.get().effective_on == DAY


@pytest.mark.law(WSL[65, 1, 3])
def test_without_an_open_major_hazard_nothing_is_stopped(bureau: u.Bureau) -> None:
    visit = u.check(u.on_site(bureau), bureau, "G-10", level="general")
    assert barred(visit, bureau.first, DAY, "measure").startswith("没有未排除的重大事故隐患")
    with pytest.raises(Invalid, match="第1项不是没有排除的重大事故隐患"):
        measure(visit, bureau)
    assert not OnsiteMeasure.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"kinds": []}, "kinds"), ({"findings": []}, "findings"), ({"findings": [2]}, "findings"), ({"extent": " "}, "extent"), ({"reason": ""}, "reason")],
)  # fmt: skip
def test_a_measure_names_hazard_kind_extent_and_reason(bureau: u.Bureau, values: dict[str, Any], field: str) -> None:
    visit = with_a_major_hazard(bureau)
    with pytest.raises(Invalid) as refused:
        measure(visit, bureau, **values)
    assert set(refused.value.field_errors) == {field}


def test_a_finding_that_stopped_something_is_not_taken_back(bureau: u.Bureau) -> None:
    visit = measure(with_a_major_hazard(bureau), bureau)
    item = visit.findings.get().item
    assert item is not None
    with u.at(DAY, 10, 40), pytest.raises(Invalid, match="已经责令现场处理"):
        take(visit, "check", by=bureau.first, data={"results": [{"item": item.pk, "result": "ok"}]})
    assert visit.findings.count() == 1


@pytest.mark.law(WSL[65, 1, 3])
def test_work_goes_on_only_after_the_hazard_was_found_removed_and_the_head_consents(bureau: u.Bureau) -> None:
    visit = u.finish(measure(with_a_major_hazard(bureau), bureau), bureau)
    visit = u.order(visit, bureau, {1: TERM})
    head = bureau.officers[Role.AGENCY_HEAD]
    with pytest.raises(OutOfOrder, match="第1项重大事故隐患还没有复查合格"):
        resume(visit, head, DAY)
    order = Paper.objects.get(case_file=visit.case_file, kind="RECTIFICATION_ORDER")
    decision = Paper.objects.get(case_file=visit.case_file, kind="ONSITE_MEASURE_DECISION")
    for paper in (decision, order):
        visit = u.serve(visit, bureau, paper=paper.pk)
    visit = u.reinspect(visit, bureau, {1: True}, TERM)
    with u.at(TERM, 14), pytest.raises(OutOfOrder, match="第1次现场处理措施还没有解除"):
        take(visit, "close", by=bureau.first)
    with pytest.raises(NotCompetent):
        resume(visit, bureau.first, TERM)
    resume(visit, head, TERM)
    made = OnsiteMeasure.objects.get()
    assert (made.lifted_on, made.lift_opinion) == (TERM, "复查合格，同意恢复使用。")
    assert barred(u.fresh(visit), head, TERM, "resume").startswith("没有未解除的现场处理措施")
    with pytest.raises(Invalid, match="请选择没有解除的现场处理措施"):
        resume(u.fresh(visit), head, TERM, 16)
    with u.at(TERM, 16):
        take(u.fresh(visit), "close", by=bureau.first)
    assert u.fresh(visit).state == "CLOSED"


def test_the_page_names_the_field_that_is_missing_keeps_what_was_typed_and_then_shows_the_measure(
    bureau: u.Bureau,
) -> None:
    visit, page = with_a_major_hazard(bureau), login(bureau.first)
    address = reverse("procedure:act", args=[visit.pk, "measure"])
    typed = {"revision": visit.revision, "findings": ["1"], "extent": "2号熔炼炉", "reason": STOP["reason"]}
    with u.at(DAY, 10, 30):
        refused = page.post(address, typed)
        assert refused.status_code == 422
        assert "请选择措施" in refused.content.decode()
        assert 'value="2号熔炼炉"' in refused.content.decode()
        assert page.post(address, {**typed, "kinds": ["suspend"]}).status_code == 302
        shown = page.get(reverse("procedure:matter", args=[visit.pk])).content.decode()
    assert "2号熔炼炉：暂时停产停业" in shown
    assert "没有解除" in shown


@pytest.mark.law(WSL[65, 1, 2])
def test_the_answer_to_a_request_for_a_longer_term_is_a_paper_that_is_served(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10", "G-15", due={1: TERM, 2: TERM})
    asked = {
        "requests": [{"finding": n, "until": "2026-03-31"} for n in (1, 2)], "reason": "设备采购需要时间。",
        "safeguards": "停用设备，专人看守。", "opinion": "情况属实。",
    }  # fmt: skip
    with u.at(date(2026, 3, 18)):
        take(visit, "apply_extension", by=bureau.first, data=asked)
    decisions = [{"finding": 1, "granted": True, "until": "2026-03-28"}, {"finding": 2, "granted": False}]
    with u.at(date(2026, 3, 19)):
        data = {"decisions": decisions, "reason": "第2项不需要采购。"}
        take(u.fresh(visit), "decide_extension", by=bureau.officers[Role.AGENCY_HEAD], data=data)
    approval, reply = (
        Paper.objects.get(case_file=visit.case_file, kind=kind) for kind in ("EXTENSION_APPROVAL", "EXTENSION_REPLY")
    )
    assert (approval.number, reply.number) == ("（示）应急延审改〔2026〕1号", "（示）应急延复〔2026〕1号")
    assert [row["result"] for row in reply.context["items"]] == ["同意延长至2026年3月28日", "不同意延长"]
    assert approval.context["safeguards"] == "停用设备，专人看守。"
    assert approval.context["opinions"][0]["text"] == reply.context["decision"] == "第2项不需要采购。"
    visit = u.serve(u.fresh(visit), bureau, date(2026, 3, 19))
    assert reply.services.get().effective_on == date(2026, 3, 19)


def test_a_longer_term_for_a_major_hazard_says_what_keeps_people_safe_meanwhile(bureau: u.Bureau) -> None:
    visit = u.finish(with_a_major_hazard(bureau), bureau)
    visit = u.serve(u.order(visit, bureau, {1: TERM}), bureau)
    asked = {"requests": [{"finding": 1, "until": "2026-03-31"}], "reason": "设备采购需要时间。"}
    with u.at(date(2026, 3, 18)), pytest.raises(Invalid) as refused:
        take(visit, "apply_extension", by=bureau.first, data=asked)
    assert set(refused.value.field_errors) == {"safeguards"}
