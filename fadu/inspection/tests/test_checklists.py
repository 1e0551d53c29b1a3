"""A version of a checklist is drafted, examined and published by three persons; it stays; a visit keeps the one of its day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from fadu.inspection import queries
from fadu.inspection.models import Checklist, ChecklistItem, Visit
from fadu.inspection.services import publishing
from fadu.inspection.services.publishing import NotPublishable
from fadu.inspection.tests import universe as u
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import WSL
from fadu.org.models import Organ
from fadu.org.roles import Role
from fadu.procedure.services import take
from fadu.record.models import Entry

DAY = u.VISIT_DAY
FIRST = DAY + timedelta(days=1)


def shipped(code: str = "general", on: date = DAY) -> Checklist:
    return queries.checklists_on(on).get(code=code)


def draft(bureau: u.Bureau, code: str = "general", by: Role = Role.CLERK, from_date: date = FIRST) -> Checklist:
    with clock.at(DAY):
        return publishing.drafted(bureau.organ, by=bureau.officers[by], based_on=shipped(code), from_date=from_date)


def published(bureau: u.Bureau, row: Checklist) -> Checklist:
    with clock.at(DAY):
        publishing.review(row, by=bureau.officers[Role.LEGAL_REVIEWER])
        return publishing.publish(row, by=bureau.officers[Role.AGENCY_HEAD])


def acts(row: Checklist) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in Entry.objects.filter(chain=row.chain).order_by("seq")]


# --- into force -----------------------------------------------------------------------------------------------------


def test_a_new_version_begins_as_a_copy_of_the_one_in_force(bureau: u.Bureau) -> None:
    row = draft(bureau)
    assert [item.value for item in row.items.order_by("ordinal")] == [
        item.value for item in shipped().items.order_by("ordinal")
    ]
    assert (row.state, row.edition, row.organ) == ("draft", "2026", bureau.organ)
    assert queries.checklists_on(FIRST, organ=bureau.organ).get(code="general") == shipped(), "a draft is not in force"


@pytest.mark.law(WSL[62, 2])
def test_three_persons_bring_a_version_into_force_and_its_chain_says_who(bureau: u.Bureau) -> None:
    row = published(bureau, draft(bureau))
    assert queries.checklists_on(DAY, organ=bureau.organ).get(code="general") == shipped()
    assert queries.checklists_on(FIRST, organ=bureau.organ).get(code="general") == row
    said = acts(row)
    assert [one["act"].removeprefix("inspection.checklist.") for one in said] == ["draft", "review", "publish"]
    assert len({one["actor"]["name"] for one in said}) == 3


def test_a_county_works_by_the_list_of_its_superior_and_others_by_the_common_one(bureau: u.Bureau) -> None:
    county = Organ.objects.create(
        name="示例区应急管理局", short="示区局", prefix="示区", level="county", division=bureau.organ.division,
        parent=bureau.organ, address="", postcode="", phone="", reconsideration_body="", court="",
    )  # fmt: skip
    row = published(bureau, draft(bureau))
    assert queries.checklists_on(FIRST, organ=county).get(code="general") == row
    assert queries.checklists_on(FIRST).get(code="general") == shipped()


def test_whoever_drafted_does_not_examine_and_only_a_head_publishes(bureau: u.Bureau) -> None:
    legal = bureau.officers[Role.LEGAL_REVIEWER]
    row = draft(bureau, by=Role.LEGAL_REVIEWER)
    with clock.at(DAY), pytest.raises(NotCompetent, match="拟定与审核应当分开"):
        publishing.review(row, by=legal)
    with pytest.raises(DatabaseError), transaction.atomic():
        Checklist.objects.filter(pk=row.pk).update(reviewed_by=legal)
    with clock.at(DAY), pytest.raises(NotCompetent, match="行政机关负责人"):
        publishing.publish(row, by=legal)
    with clock.at(DAY), pytest.raises(NotCompetent, match="拟定检查表由"):
        publishing.drafted(bureau.organ, by=bureau.first, based_on=shipped(), from_date=FIRST)


def test_only_an_examined_version_is_published_and_never_for_a_day_that_has_passed(bureau: u.Bureau) -> None:
    row, head = draft(bureau), bureau.officers[Role.AGENCY_HEAD]
    with clock.at(DAY), pytest.raises(OutOfOrder, match="审核通过后才能公布"):
        publishing.publish(row, by=head)
    with clock.at(DAY):
        publishing.review(row, by=bureau.officers[Role.LEGAL_REVIEWER])
    with clock.at(FIRST + timedelta(days=1)), pytest.raises(OutOfOrder, match="已经过去"):
        publishing.publish(row, by=head)
    with clock.at(DAY):
        publishing.send_back(row, "依据不全", by=head)
        row.refresh_from_db()
        assert (row.state, row.reviewed_by) == ("draft", None)
        with pytest.raises(Invalid, match="施行日期不能早于今天"):
            publishing.change_head(row, {"from_date": DAY - timedelta(days=1)}, by=bureau.officers[Role.CLERK])
        with pytest.raises(Invalid, match="没有公布"):
            publishing.drafted(bureau.organ, by=bureau.officers[Role.CLERK], based_on=shipped(), from_date=FIRST)


def test_a_later_version_ends_the_one_before_and_days_do_not_overlap(bureau: u.Bureau) -> None:
    later = FIRST + timedelta(days=60)
    first = published(bureau, draft(bureau))
    second = published(bureau, draft(bureau, from_date=later))
    first.refresh_from_db()
    assert (first.until, second.edition) == (later, "2026-2")
    for on, row in ((later - timedelta(days=1), first), (later, second)):
        assert queries.checklists_on(on, organ=bureau.organ).get(code="general") == row
    between = draft(bureau, from_date=FIRST + timedelta(days=30))
    with clock.at(DAY), pytest.raises(NotPublishable) as refused:
        publishing.review(between, by=bureau.officers[Role.LEGAL_REVIEWER])
    assert [fault.field for fault in refused.value.faults] == ["from_date", "from_date"]
    assert all("日期重叠" in reason for reason in refused.value.reasons)


# --- the gate -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"obligations": []}, "N-06：没有依据。检查项须有义务条款，写明依据的法律、法规、规章的条款。"),
        (
            {"obligations": ["《安全生产法》第四百一十条"]},
            "N-06：《安全生产法》第四百一十条在2026-03-11施行的文本中不存在。",
        ),
        (
            {"obligations": ["《危险化学品安全法》第三十条"]},
            "N-06：依据《危险化学品安全法》第三十条在2026-03-11还没有施行。",
        ),
        (
            {"penalties": ["《危险化学品安全管理条例》第七十七条"]},
            "N-06：依据《危险化学品安全管理条例》第七十七条自2026-05-01起不再适用，事项应同日终止。",
        ),
        ({"provisions": ["wsl_999"]}, "N-06：没有处罚条款 wsl_999。"),
        ({"hazards": ["KCB88-U-99"]}, "N-06：没有判定情形 KCB88-U-99。"),
        (
            {"hazards": ["KCB98-U-4"]},
            "N-06：KCB98-U-4所属的《金属非金属矿山重大生产安全事故隐患判定标准（试行）》（安监总管一〔2017〕98号）"
            "在2026-03-11没有施行；这一天施行的是《金属非金属矿山重大事故隐患判定标准》（矿安〔2022〕88号）。",
        ),
        ({"hazards": []}, "N-06：定为重大的，须写明判定标准的情形；判定标准没有列举的，定为一般。"),
        ({"content": " "}, "N-06：没有检查内容。"),
        ({"code": "N-07"}, "N-07：代码N-07在2022-10-01重复列出。"),
    ],
)
def test_the_gate_names_the_item_that_is_wrong_and_how(bureau: u.Bureau, changes: dict[str, Any], reason: str) -> None:
    row = draft(bureau, "mine")
    more = {"from_date": date(2022, 10, 1)} if "code" in changes else {}
    row.items.filter(code="N-06").update(**changes, **more)
    with clock.at(DAY), pytest.raises(NotPublishable) as refused:
        publishing.review(row, by=bureau.officers[Role.LEGAL_REVIEWER])
    assert refused.value.reasons == (reason,)


def test_a_version_without_items_is_not_published(bureau: u.Bureau) -> None:
    row = draft(bureau)
    row.items.all().delete()
    with clock.at(DAY), pytest.raises(NotPublishable, match="没有检查项"):
        publishing.review(row, by=bureau.officers[Role.LEGAL_REVIEWER])


# --- editing --------------------------------------------------------------------------------------------------------


def test_items_of_a_draft_are_added_changed_moved_and_removed_and_the_chain_keeps_it(bureau: u.Bureau) -> None:
    row, by = draft(bureau), bureau.officers[Role.CLERK]
    first, second = row.items.order_by("ordinal")[:2]
    with clock.at(DAY):
        publishing.change_item(first, {"how": "核对证照原件"}, by=by)
        with pytest.raises(Invalid) as refused:
            publishing.add_item(row, first.value.values, by=by)
        assert "重复列出" in refused.value.field_errors["code"]
        with pytest.raises(Invalid) as refused:
            publishing.add_item(row, first.value.values | {"code": "G-99", "obligations": []}, by=by)
        assert "没有依据" in refused.value.field_errors["obligations"]
        made = publishing.add_item(row, first.value.values | {"code": "G-99"}, by=by)
        publishing.move_item(second, True, by=by)
        publishing.remove_item(made, "与G-01重复", by=by)
    assert [item.code for item in row.items.order_by("ordinal")[:2]] == ["G-02", "G-01"]
    said = acts(row)
    assert [one["act"].removeprefix("inspection.checklist.") for one in said] == [
        "draft", "change_item", "add_item", "move_item", "remove_item",
    ]  # fmt: skip
    assert said[1]["after"] == {"how": "核对证照原件"}


def test_a_draft_is_thrown_away_and_what_is_shipped_is_not_touched(bureau: u.Bureau) -> None:
    row, by = draft(bureau), bureau.officers[Role.CLERK]
    chain = row.chain
    with clock.at(DAY):
        publishing.remove(row, by=by)
        assert not Checklist.objects.filter(organ=bureau.organ).exists()
        assert Entry.objects.filter(chain=chain).count() == 2
        with pytest.raises(NotCompetent, match="随软件发布的检查表不能修改"):
            publishing.remove_item(shipped().items.get(code="G-01"), "不要", by=by)


def test_what_is_published_is_changed_by_nobody(bureau: u.Bureau) -> None:
    row = published(bureau, draft(bureau))
    item = row.items.get(code="G-01")
    with clock.at(DAY), pytest.raises(OutOfOrder, match="已公布，不能再改"):
        publishing.change_item(item, {"how": "别的"}, by=bureau.officers[Role.CLERK])
    changes: tuple[Callable[[], Any], ...] = (
        lambda: ChecklistItem.objects.filter(pk=item.pk).update(how="别的"),
        lambda: item.delete(),
        lambda: ChecklistItem.objects.create(checklist=row, ordinal=99, **item.value.values | {"code": "G-98"}),
        lambda: Checklist.objects.filter(pk=row.pk).update(title="别的"),
        lambda: Checklist.objects.filter(pk=row.pk).update(state="draft"),
        lambda: row.delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="已经公布"), transaction.atomic():
            change()
    Checklist.objects.filter(pk=row.pk).update(until=date(2027, 1, 1))  # its end, once
    with pytest.raises(DatabaseError, match="已经公布"), transaction.atomic():
        Checklist.objects.filter(pk=row.pk).update(until=date(2028, 1, 1))


# --- visits ---------------------------------------------------------------------------------------------------------


def test_a_finding_of_an_earlier_day_keeps_the_version_and_the_standard_of_its_day(bureau: u.Bureau) -> None:
    visit = u.finished(bureau, "G-10")
    finding = visit.findings.get()
    before = (finding.standard, finding.obligation, finding.item.content)
    row = draft(bureau)
    item = row.items.get(code="G-10")
    with clock.at(DAY):
        publishing.change_item(
            item, {"content": "新的检查内容", "standard": "新的标准。"}, by=bureau.officers[Role.CLERK]
        )
    published(bureau, row)
    finding.refresh_from_db()
    assert list(u.fresh(visit).checklists.all()) == [shipped()]
    assert (finding.standard, finding.obligation, finding.item.content) == before
    assert finding.item.checklist == shipped()
    assert "新的检查内容" not in {one.content for one in u.fresh(visit).items()}
    second = u.on_site(bureau, day=FIRST + timedelta(days=1))
    assert list(second.checklists.all()) == [row]
    assert "新的检查内容" in {one.content for one in second.items()}


def test_a_visit_planned_under_one_version_is_made_by_the_version_of_its_day(bureau: u.Bureau) -> None:
    visit = u.arranged(bureau, day=DAY, planned_until=FIRST + timedelta(days=3))
    assert list(visit.checklists.all()) == [shipped()]
    row = published(bureau, draft(bureau))
    begun = u.begin(visit, bureau, day=FIRST)
    assert list(begun.checklists.all()) == [row]
    last = Entry.objects.filter(chain=begun.chain).order_by("seq").last()
    assert last is not None
    assert json.loads(last.body)["after"]["checklists"] == ["通用安全检查表（2026版）"]


def test_a_plan_takes_the_version_of_the_planned_day(bureau: u.Bureau) -> None:
    row = published(bureau, draft(bureau))
    with u.at(DAY):
        visit = u.planned(bureau, day=FIRST + timedelta(days=1), checklists=[shipped()])
    assert list(visit.checklists.all()) == [row]


@pytest.mark.law(WSL[118, 2])
@pytest.mark.parametrize(
    ("day", "standard"), [(date(2022, 8, 31), "KCB98"), (date(2022, 9, 1), "KCB88"), (date(2026, 3, 10), "KCB88")]
)
def test_a_hazard_is_judged_by_the_standard_in_force_on_the_day_of_the_visit(
    bureau: u.Bureau, day: date, standard: str
) -> None:
    """《矿安〔2022〕88号》 took the place of 安监总管一〔2017〕98号 on 2022-09-01; both name the safety exits first."""
    assert bureau.subject is not None
    type(bureau.subject).objects.filter(pk=bureau.subject.pk).update(sector="mine")
    bureau.subject.refresh_from_db()
    visit = mine_visit(bureau, day)
    visit = u.check(visit, bureau, "N-07", day=day)
    finding = visit.findings.get()
    assert finding.level == "major"
    assert [(one.standard.code, one.hazard.code) for one in finding.judged] == [(standard, f"{standard}-U-1")]


def mine_visit(bureau: u.Bureau, day: date) -> Visit:
    lists = list(queries.checklists_on(day).filter(code="mine"))
    return u.on_site(bureau, day, checklists=lists)


def test_a_situation_of_a_standard_that_no_longer_judges_cannot_be_chosen(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    found = {"text": "吊运跨下设有休息室。", "obligation": "《安全生产法》第四十一条第二款"}
    with u.at(DAY, 10), pytest.raises(Invalid) as refused:
        take(visit, "find", by=bureau.first, data=found | {"hazards": ["GM17-A-1"]})
    assert "检查当日施行的判定标准" in refused.value.field_errors["hazards"]
    with u.at(DAY, 10):
        take(visit, "find", by=bureau.first, data=found | {"hazards": ["GM10-A-1"]})
    finding = u.fresh(visit).findings.get()
    assert (finding.level, finding.hazards) == ("major", ["GM10-A-1"])
