"""Each clause of an inspection, true and false, on visits brought there by real steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.inspection.models import Extension, Visit
from fadu.inspection.procedures.routine import rules
from fadu.inspection.queries import visit_facts
from fadu.inspection.tests import universe as u
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.org import services as org
from fadu.org.roles import Role
from fadu.procedure.declare import Rule
from fadu.procedure.models import Act, Deadline
from fadu.procedure.queries import opportunities
from fadu.procedure.services import take
from fadu.record.models import Entry

DAY = u.VISIT_DAY


def refused(
    visit: Visit, step: str, by: Any, error: type[Refused], match: str, day: date = DAY, hour: int = 12, **data: Any
) -> None:
    """The step is refused with that sentence, and nothing has changed."""
    before = (
        u.fresh(visit).state,
        Act.objects.filter(matter=visit).count(),
        visit.findings.count(),
        Paper.objects.count(),
    )
    with u.at(day, hour), pytest.raises(error, match=match):
        take(visit, step, by=by, data=data)
    assert before == (
        u.fresh(visit).state,
        Act.objects.filter(matter=visit).count(),
        visit.findings.count(),
        Paper.objects.count(),
    )


def holds(rule: Rule, visit: Visit, day: date = DAY) -> bool:
    """Is the rule satisfied by the visit's records?"""
    return rule.holds(visit_facts(visit, day))


# --- the plan -------------------------------------------------------------------------------------------------------


def test_a_visit_needs_two_officers(bureau: u.Bureau) -> None:
    with pytest.raises(Invalid) as error:
        u.planned(bureau, officers=[bureau.first, bureau.first])
    assert "不得少于两人" in error.value.field_errors["officers"]


def test_a_visit_needs_officers_with_certificates(bureau: u.Bureau) -> None:
    with pytest.raises(Invalid) as error:
        u.planned(bureau, officers=[bureau.first, bureau.officers[Role.CLERK]])
    assert "没有在" in error.value.field_errors["officers"]


def test_a_visit_needs_something_to_look_at(bureau: u.Bureau) -> None:
    with pytest.raises(Invalid) as error:
        u.planned(bureau, checklists=[])
    assert "检查表" in error.value.field_errors["checklists"]


def test_the_treasurer_plans_no_visit(bureau: u.Bureau) -> None:
    from fadu.inspection.services import plan_visit

    with u.at(DAY), pytest.raises(NotCompetent):
        plan_visit(
            organ=bureau.organ, by=bureau.officers[Role.TREASURER], subject=bureau.subject, reason="plan", planned_on=DAY,
            officers=bureau.both, checklists=[],
        )  # fmt: skip


def test_the_serial_is_drawn_when_the_plan_is_approved(bureau: u.Bureau) -> None:
    visit = u.planned(bureau)
    assert visit.case_file.serial is None
    u.approve(visit, bureau)
    visit = u.fresh(visit)
    assert (visit.case_file.serial, visit.state, visit.filed_on) == (1, "ARRANGED", DAY - timedelta(days=1))
    paper = Paper.objects.get(case_file=visit.case_file)
    assert [o["title"] for o in paper.context["opinions"]] == ["审核意见", "审批意见"]


def test_arranging_is_not_done_without_approval(bureau: u.Bureau) -> None:
    refused(u.planned(bureau), "arrange", bureau.first, OutOfOrder, "须经审批")


def test_a_certificate_that_ends_before_the_day_stops_the_visit(bureau: u.Bureau) -> None:
    visit = u.arranged(bureau)
    assert bureau.second is not None
    with u.at(DAY - timedelta(days=1)):
        org.revoke_certificate(bureau.second.certificates.get(), on=DAY, reason="调离执法岗位")
    assert not holds(rules.two_certified_officers, visit)
    data = {
        "started_at": u.moment(DAY, 9, 30),
        "shown_at": u.moment(DAY, 9, 28),
        "officers": [o.pk for o in bureau.both],
        "met_name": "张某一",
    }
    refused(visit, "begin", bureau.first, Invalid, "当日有效的执法证件", **data)


def test_an_approved_visit_is_cancelled_by_the_head_only(bureau: u.Bureau) -> None:
    visit = u.arranged(bureau)
    refused(visit, "cancel", bureau.first, NotCompetent, "岗位", reason="企业停产")
    refused(visit, "cancel", bureau.officers[Role.AGENCY_HEAD], Invalid, "原因", reason=" ")
    with u.at(DAY):
        take(visit, "cancel", by=bureau.officers[Role.AGENCY_HEAD], data={"reason": "企业停产检修"})
    assert u.fresh(visit).state == "CANCELLED"


def test_a_plan_not_yet_approved_is_dropped_by_its_officers(bureau: u.Bureau) -> None:
    visit = u.planned(bureau)
    with u.at(DAY):
        take(visit, "drop", by=bureau.first, data={"reason": "重复安排"})
    assert (u.fresh(visit).state, u.fresh(visit).case_file.serial) == ("CANCELLED", None)


# --- on site --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"officers": "one"}, "不得少于两人"),
        ({"officers": "stranger"}, "不是这次检查的检查人员"),
        ({"shown_at": u.moment(DAY, 9, 40)}, "先出示执法证件"),
        ({"started_at": u.moment(DAY - timedelta(days=1), 9), "shown_at": u.moment(DAY - timedelta(days=1), 9)}, "当日"),
        ({"started_at": u.moment(DAY, 23), "shown_at": u.moment(DAY, 9)}, "还没有到"),
        ({"met_name": " "}, "现场负责人"),
    ],
)  # fmt: skip
def test_an_inspection_that_begins_wrongly_is_refused(bureau: u.Bureau, change: dict[str, Any], match: str) -> None:
    visit = u.arranged(bureau)
    assert bureau.third is not None
    choose = {"one": [bureau.first.pk], "stranger": [bureau.first.pk, bureau.third.pk]}
    change = {k: choose.get(v, v) if isinstance(v, str) else v for k, v in change.items()}
    data = {
        "started_at": u.moment(DAY, 9, 30),
        "shown_at": u.moment(DAY, 9, 28),
        "officers": [o.pk for o in bureau.both],
        "met_name": "张某一",
    }
    refused(visit, "begin", bureau.first, Invalid, match, **(data | change))


def test_an_inspection_does_not_begin_before_its_approved_day(bureau: u.Bureau) -> None:
    visit = u.arranged(bureau)
    early = DAY - timedelta(days=1)
    data = {
        "started_at": u.moment(early, 11),
        "shown_at": u.moment(early, 11),
        "officers": [o.pk for o in bureau.both],
        "met_name": "张某一",
    }
    refused(visit, "begin", bureau.first, Invalid, "还没有到", day=early, **data)


def test_an_officer_who_is_not_charged_with_the_visit_cannot_check(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    item = visit.items()[0]
    refused(visit, "check", bureau.third, NotCompetent, "不是本案承办人", results=[{"item": item.pk, "result": "ok"}])


def test_a_replaced_officer_leaves_and_the_new_one_may_act(bureau: u.Bureau) -> None:
    visit = u.arranged(bureau)
    assert bureau.third is not None
    with u.at(DAY, 8):
        take(
            visit,
            "reassign",
            by=bureau.officers[Role.REVIEWER],
            data={"officers": [bureau.first.pk, bureau.third.pk], "reason": "回避"},
        )
    visit = u.begin(visit, bureau, officers=[bureau.first.pk, bureau.third.pk])
    refused(visit, "check", bureau.second, NotCompetent, "不是本案承办人", results=[])


def test_what_fails_becomes_a_finding_with_standard_article_and_provision(bureau: u.Bureau) -> None:
    visit = u.check(u.on_site(bureau), bureau, "G-10")
    finding = visit.findings.get()
    assert (finding.ordinal, finding.obligation, finding.provision) == (
        1,
        "《安全生产法》第三十条第一款",
        "wsl_97_p1_i7",
    )
    assert finding.standard
    assert (visit.findings_count, visit.open_count) == (1, 1)


def test_a_result_changed_to_fit_takes_its_finding_back_and_the_journal_says_so(bureau: u.Bureau) -> None:
    visit = u.check(u.on_site(bureau), bureau, "G-10", "G-15")
    item = next(i for i in visit.items() if i.code == "G-10")
    with u.at(DAY, 10, 30):
        take(visit, "check", by=bureau.first, data={"results": [{"item": item.pk, "result": "ok"}]})
    assert [f.ordinal for f in visit.findings.all()] == [1]
    entry = Entry.objects.filter(chain=visit.chain, act="inspection.routine.check").last()
    assert entry is not None
    assert entry.data["before"]["results"] == {"G-10": "不符合"}
    assert entry.data["before"]["removed"][0]["ordinal"] == 1


def test_an_item_of_another_checklist_is_refused(bureau: u.Bureau) -> None:
    from fadu.inspection.models import ChecklistItem

    visit = u.on_site(bureau)
    other = ChecklistItem.objects.filter(checklist__code="coal").first()
    assert other is not None
    refused(
        visit, "check", bureau.first, Invalid, "不在这次检查的检查表中", results=[{"item": other.pk, "result": "ok"}]
    )


def test_a_finding_without_an_item_names_the_rule_that_is_broken(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    refused(visit, "find", bureau.first, Invalid, "违反的规定", text="配电室门锁闭", obligation="", photos=[])
    refused(
        visit,
        "find",
        bureau.first,
        Invalid,
        "未收录的法律名称",
        text="配电室门锁闭",
        obligation="《某某法》第三条",
        photos=[],
    )
    with u.at(DAY, 10):
        take(
            visit,
            "find",
            by=bureau.first,
            data={"text": "配电室门锁闭", "obligation": "《安全生产法》第四十二条第二款", "level": "general"},
        )
    assert visit.findings.get().text == "配电室门锁闭"


def test_a_picture_that_is_not_in_the_evidence_is_refused(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    refused(
        visit,
        "find",
        bureau.first,
        Invalid,
        "不在这次检查的证据中",
        text="锁闭",
        obligation="《安全生产法》第三十五条",
        photos=["0" * 64],
    )


def test_a_visit_does_not_end_before_something_was_checked(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    with u.at(DAY, 11):
        signed = u.signatures(visit, bureau)
    refused(visit, "finish", bureau.first, OutOfOrder, "没有一项有结果", ended_at=u.moment(DAY, 11), **signed)


def test_what_fails_without_a_finding_stops_the_end(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    item = visit.items()[0]
    with u.at(DAY, 10):
        take(visit, "check", by=bureau.first, data={"results": [{"item": item.pk, "result": "bad", "text": ""}]})
        signed = u.signatures(visit, bureau)
    refused(
        visit,
        "finish",
        bureau.first,
        OutOfOrder,
        "还没有写明问题（《安全生产法》第六十八条）",
        ended_at=u.moment(DAY, 11),
        **signed,
    )


@pytest.mark.parametrize("missing", ["second", "party"])
def test_the_record_is_signed_by_both_officers_and_the_enterprise(bureau: u.Bureau, missing: str) -> None:
    visit = u.check(u.on_site(bureau), bureau)
    with u.at(DAY, 11):
        signed = u.signatures(visit, bureau)
    if missing == "second":
        del signed["signatures"][str(bureau.both[1].pk)]
        refused(
            visit,
            "finish",
            bureau.first,
            OutOfOrder,
            "王示二还没有签名（《安全生产法》第六十八条）",
            ended_at=u.moment(DAY, 11),
            **signed,
        )
    else:
        signed["met"] = {}
        refused(
            visit,
            "finish",
            bureau.first,
            OutOfOrder,
            "拒绝签名的，记明情况（《安全生产法》第六十八条）",
            ended_at=u.moment(DAY, 11),
            **signed,
        )


def test_a_refusal_to_sign_is_recorded_and_stands_in_the_paper_and_the_journal(bureau: u.Bureau) -> None:
    visit = u.finish(u.check(u.on_site(bureau), bureau), bureau, refused=True)
    paper = Paper.objects.get(case_file=visit.case_file, kind="SITE_RECORD")
    assert "拒绝签名" in paper.context["refusal"]
    assert "见证人：示例园区管委会 陈某" in paper.context["refusal"]
    assert "被检查单位现场负责人" not in paper.context["signatures"]
    entry = Entry.objects.get(chain=visit.chain, act="inspection.routine.finish")
    assert "已记录在案" in entry.note


def test_photographs_get_a_page_of_their_own(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    with u.at(DAY, 10):
        shot = u.kept(visit, u.picture())
    visit = u.finish(u.check(visit, bureau, "G-15", photos=[shot]), bureau)
    page = Paper.objects.get(case_file=visit.case_file, kind="PHOTO_EVIDENCE")
    assert [p["sha256"] for p in page.context["photos"]] == [shot]


def test_nothing_found_is_closed_without_an_order(bureau: u.Bureau) -> None:
    visit = u.finished(bureau)
    assert holds(rules.nothing_left, visit)
    refused(visit, "order", bureau.first, OutOfOrder, "没有需要限期整改的问题", terms=[])
    refused(visit, "refer", bureau.first, Invalid, "选择要移交的问题", findings=[], cause="未培训", reason="情节严重")
    with u.at(DAY, 14):
        take(visit, "close", by=bureau.first)
    assert u.fresh(visit).state == "CLOSED"


def test_what_was_put_right_on_the_spot_needs_no_order(bureau: u.Bureau) -> None:
    visit = u.finish(u.check(u.on_site(bureau), bureau, "G-15", on_the_spot=True), bureau)
    assert (visit.open_count, visit.findings.get().corrected, visit.findings.get().corrected_on) == (0, True, DAY)
    assert holds(rules.nothing_left, visit)


# --- order and service ----------------------------------------------------------------------------------------------


def test_every_item_of_the_order_has_a_date_not_before_today(bureau: u.Bureau) -> None:
    visit = u.finished(bureau, "G-10", "G-15")
    yesterday, later = DAY - timedelta(days=1), DAY + timedelta(days=9)
    refused(
        visit,
        "order",
        bureau.first,
        OutOfOrder,
        "第2项问题没有整改期限",
        terms=[{"finding": 1, "due": later.isoformat()}],
    )
    rows = [{"finding": 1, "due": later.isoformat()}, {"finding": 2, "due": yesterday.isoformat()}]
    refused(visit, "order", bureau.first, Invalid, "早于今天", terms=rows)


def test_reinspection_waits_for_the_service_of_the_order(bureau: u.Bureau) -> None:
    visit = u.order(u.finished(bureau, "G-10"), bureau)
    rows = [{"finding": 1, "corrected": True}]
    officers = [o.pk for o in bureau.both]
    refused(visit, "reinspect", bureau.first, OutOfOrder, "还没有送达", officers=officers, results=rows, opinion="合格")
    assert not Deadline.objects.filter(matter=visit).exists()


def test_the_duty_to_reinspect_runs_from_the_end_of_the_earliest_term(bureau: u.Bureau) -> None:
    """10 days from the end of the term (the number is kept as from memory), the last day of the term not counted."""
    visit = u.rectifying(bureau, "G-10", "G-15", due={1: date(2026, 3, 20), 2: date(2026, 4, 10)})
    row = Deadline.objects.get(matter=visit)
    assert (row.name, row.starts_on, row.last_day, row.confidence) == (
        "整改复查",
        date(2026, 3, 20),
        date(2026, 3, 30),
        "memory",
    )
    assert visit.next_day == date(2026, 3, 30)
    visit = u.reinspect(visit, bureau, {1: True}, date(2026, 3, 25))
    assert [d.state(date(2026, 3, 25)) for d in Deadline.objects.filter(matter=visit).order_by("id")] == [
        "met",
        "running",
    ]
    assert visit.next_day == date(2026, 4, 20)


def test_a_missed_reinspection_needs_a_reason_and_is_marked_for_ever(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10", due={1: date(2026, 3, 20)})
    late = date(2026, 4, 2)
    with pytest.raises(Invalid) as error:
        u.reinspect(visit, bureau, {1: True}, late)
    assert "整改复查" in error.value.field_errors["late_reason"]
    visit = u.reinspect(visit, bureau, {1: True}, late, late_reason="汛期抽调")
    assert visit.late_count == 1
    entry = Entry.objects.get(chain=visit.chain, act="inspection.routine.reinspect")
    assert entry.flags == {"late": {"整改复查": 3}, "reason": "汛期抽调"}


def test_an_order_that_takes_effect_after_its_term_is_refused(bureau: u.Bureau) -> None:
    visit = u.order(u.finished(bureau, "G-10"), bureau, due={1: DAY})
    later = DAY + timedelta(days=2)
    with u.at(later, 10):
        proof = u.kept(visit, u.picture("blue"), "回执.jpg")
    data = {
        "method": "in_person",
        "served_on": later.isoformat(),
        "receiver": "张某一",
        "details": {"capacity": "主要负责人"},
        "proof": proof,
    }
    refused(visit, "serve", bureau.first, OutOfOrder, "晚于最早的整改期限", day=later, **data)


def test_service_needs_its_proof_and_the_right_receiver(bureau: u.Bureau) -> None:
    visit = u.order(u.finished(bureau, "G-10"), bureau)
    data = {
        "method": "in_person",
        "served_on": DAY.isoformat(),
        "receiver": "张某一",
        "details": {"capacity": "主要负责人"},
    }
    refused(visit, "serve", bureau.first, Invalid, "送达证明", **data)
    with u.at(DAY, 11, 55):
        proof = u.kept(visit, u.stroke(3), "回执.png")
    refused(
        visit,
        "serve",
        bureau.first,
        Invalid,
        "法定代表人、主要负责人",
        **{**data, "proof": proof, "details": {"capacity": "本人"}},
    )


def test_a_paper_is_served_once(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10")
    refused(visit, "serve", bureau.first, OutOfOrder, "没有待送达的文书", method="in_person", served_on=DAY.isoformat())


# --- extension ------------------------------------------------------------------------------------------------------


def test_an_extension_is_asked_before_the_term_ends_and_decided_by_the_head(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10", due={1: date(2026, 3, 20)})
    asked = {"requests": [{"finding": 1, "until": "2026-03-31"}], "reason": "设备采购需要时间"}
    refused(visit, "apply_extension", bureau.first, OutOfOrder, "已经届满", day=date(2026, 3, 21), **asked)
    with u.at(date(2026, 3, 18)):
        take(visit, "apply_extension", by=bureau.officers[Role.CLERK], data=asked)
    decision = {"decisions": [{"finding": 1, "granted": True, "until": "2026-03-31"}], "reason": "理由充分，风险可控"}
    refused(visit, "decide_extension", bureau.first, NotCompetent, "岗位", day=date(2026, 3, 19), **decision)
    with u.at(date(2026, 3, 19)):
        take(visit, "decide_extension", by=bureau.officers[Role.AGENCY_HEAD], data=decision)
    assert visit.findings.get().due == date(2026, 3, 31)
    running = Deadline.objects.get(matter=visit, ended_on=None, cancelled_on=None)
    assert (running.starts_on, running.last_day) == (date(2026, 3, 31), date(2026, 4, 10))
    refused(
        u.fresh(visit),
        "decide_extension",
        bureau.officers[Role.AGENCY_HEAD],
        OutOfOrder,
        "没有待决定的延期申请",
        decisions=[],
        reason="无",
    )


def test_a_refused_extension_leaves_the_term(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10", due={1: date(2026, 3, 20)})
    with u.at(date(2026, 3, 18)):
        take(
            visit,
            "apply_extension",
            by=bureau.first,
            data={"requests": [{"finding": 1, "until": "2026-03-31"}], "reason": "资金未到位"},
        )
        take(
            visit,
            "decide_extension",
            by=bureau.officers[Role.AGENCY_HEAD],
            data={"decisions": [{"finding": 1, "granted": False}], "reason": "隐患不能等"},
        )
    assert (visit.findings.get().due, Extension.objects.get().granted) == (date(2026, 3, 20), False)


def test_an_enterprise_that_is_done_early_is_reinspected_from_its_application(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10", due={1: date(2026, 4, 10)})
    with u.at(date(2026, 3, 12)):
        take(visit, "ask_reinspection", by=bureau.officers[Role.CLERK], data={"note": "已整改完毕"})
    assert u.fresh(visit).next_day == date(2026, 3, 22)


# --- re-inspection, reference, end ----------------------------------------------------------------------------------


def test_reinspection_is_made_by_two(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10")
    refused(
        visit,
        "reinspect",
        bureau.first,
        Invalid,
        "不得少于两人",
        officers=[bureau.first.pk],
        results=[{"finding": 1, "corrected": True}],
        opinion="合格",
    )


def test_what_was_not_put_right_is_ordered_again_or_referred_before_the_end(bureau: u.Bureau) -> None:
    visit = u.reinspect(u.rectifying(bureau, "G-10", due={1: date(2026, 3, 20)}), bureau, {1: False}, date(2026, 3, 21))
    assert (visit.state, visit.findings.get().corrected) == ("RECTIFYING", False)
    refused(visit, "close", bureau.first, OutOfOrder, "应当再次责令整改或者移交立案", day=date(2026, 3, 22))
    visit = u.order(visit, bureau, {1: date(2026, 3, 31)}, date(2026, 3, 22))
    assert [p.number for p in Paper.objects.filter(case_file=visit.case_file, kind="RECTIFICATION_ORDER").order_by("id")] == [
        "（示）应急责改〔2026〕1号", "（示）应急责改〔2026〕1-2号",
    ]  # fmt: skip
    assert visit.findings.get().corrected is None
    refused(visit, "reinspect", bureau.first, OutOfOrder, "1-2号还没有送达", day=date(2026, 4, 1), officers=[o.pk for o in bureau.both],
            results=[{"finding": 1, "corrected": True}], opinion="合格")  # fmt: skip


def test_a_referred_failure_ends_the_visit(bureau: u.Bureau) -> None:
    visit = u.reinspect(u.rectifying(bureau, "G-10", due={1: date(2026, 3, 20)}), bureau, {1: False}, date(2026, 3, 21))
    with u.at(date(2026, 3, 21), 15):
        take(
            visit,
            "refer",
            by=bureau.first,
            data={"findings": [1], "cause": "特种作业人员无证上岗", "reason": "逾期未改正"},
        )
        take(visit, "close", by=bureau.first)
    visit = u.fresh(visit)
    assert (visit.state, visit.findings.get().referred_on) == ("CLOSED", date(2026, 3, 21))


def test_a_reference_makes_one_clue_and_is_not_made_twice(bureau: u.Bureau) -> None:
    visit = u.finished(bureau, "G-10")
    data = {"findings": [1], "cause": "特种作业人员无证上岗", "reason": "两名焊工无证作业"}
    with u.at(DAY, 14):
        take(visit, "refer", by=bureau.first, data=data)
    refused(visit, "refer", bureau.first, Invalid, "已经移交", day=DAY, hour=15, **data)
    assert u.fresh(visit).state == "FINISHED"


def test_the_reviewer_and_the_head_do_not_investigate(bureau: u.Bureau) -> None:
    """57 I, 58 I of 行政处罚法 keep investigation, review and decision apart; so a case officer cannot approve the plan."""
    from fadu.procedure.services import cosign, opine, submit

    visit = u.planned(bureau)
    with u.at(DAY - timedelta(days=1)):
        application = submit(visit, "arrange", by=bureau.first, data={}, opinion="请审批", cosigner=bureau.second)
        cosign(application, by=bureau.both[1])
        with pytest.raises(NotCompetent):
            opine(application, by=bureau.first, agreed=True)


def test_the_page_says_why_each_act_is_not_yet_possible(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10")
    with u.at(DAY, 14):
        found = {o.step.name: o for o in opportunities(visit, bureau.first, DAY)}
    assert str(found["close"].time[0]) == "第1项问题还没有整改合格（《安全生产法》第六十五条第一款第二项）"
    assert str(found["decide_extension"].time[0]).startswith("没有待决定的延期申请")
    assert found["reinspect"].time == ()


def test_document_kinds_of_the_papers() -> None:
    assert Document.RECTIFICATION_ORDER.served
    assert Document.REINSPECTION_OPINION.served
