"""What a warning sets going and who decides what: the expectations are the law's and the bureau's own rules."""

from datetime import timedelta

import pytest

from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.document.render import payload
from fadu.document.services.papers import sheet_of
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import EMERGENCY, WEATHER_DISASTER
from fadu.org.roles import Role
from fadu.procedure.services import take
from fadu.record.models import Entry
from fadu.record.queries import verify_chain
from fadu.reminder.models import Reminder
from fadu.response import content, queries
from fadu.response.models import Response, ResponsePlan, ResponseRule
from fadu.response.services import load_content, open_response, remind_of_overdue
from fadu.response.services.acting import taken
from fadu.response.tests import universe
from fadu.warning import services as warnings
from fadu.warning.models import Warning

pytestmark = pytest.mark.django_db
ORANGE = {
    task.code: task for plan in content.plans() if plan.hazard == "暴雨" for task in plan.tasks if "橙" in task.minutes
}


@pytest.fixture
def town():
    return universe.town()


def desk(town, role=Role.CLERK, place="东区局"):
    return town.officers[place][role]


# --- receipt --------------------------------------------------------------------------------------------------------


def test_loading_twice_changes_nothing(town):
    before = list(ResponseRule.objects.order_by("pk").values_list("pk", "code", "action"))
    assert load_content()["plans"] == ResponsePlan.objects.count()
    assert list(ResponseRule.objects.order_by("pk").values_list("pk", "code", "action")) == before


@pytest.mark.law(WEATHER_DISASTER[34, 2])
def test_the_receipt_of_a_colour_opens_the_tasks_that_the_rules_ask_at_it(town):
    response = universe.opened(town)
    tasks = {task.rule: task for task in response.tasks.all()}
    assert set(tasks) == set(ORANGE)
    for code, task in tasks.items():
        assert task.due_at - task.opened_at == timedelta(minutes=ORANGE[code].minutes["橙"])
        assert (task.state, task.member) == ("open", ORANGE[code].member)
    assert (response.organ, response.state, response.level) == (town.east, "WARNED", None)
    assert Reminder.objects.filter(subject=response.chain, officer=desk(town)).count() == 1


def test_the_lowest_organ_that_covers_the_whole_area_opens_it(town):
    assert universe.opened(town, code="140403").organ == town.east
    assert universe.opened(town, code="1404", number=2).organ == town.city
    assert universe.opened(town, code="140406", number=3).organ == town.city  # a county without a bureau of its own


@pytest.mark.parametrize(
    "given",
    [
        {"status": "Exercise"},
        {"status": "Test"},
        {"kind": "雷电"},
        {"msg_type": "Cancel", "references": "office@example.org,RE-9,2026-07-01T08:00:00+08:00"},
        {"code": "110000"},
    ],
    ids=["drill", "technical", "no rules", "cancel", "elsewhere"],
)
def test_what_is_no_real_warning_with_rules_for_our_area_opens_nothing_by_itself(town, given):
    warning = universe.received(**given)
    assert not Response.objects.filter(warning=warning).exists()


def test_the_same_message_twice_opens_one(town):
    data = universe.message()
    assert warnings.take_in(data) == warnings.take_in(data)
    assert Response.objects.count() == 1


def test_a_warning_stands_although_its_response_cannot_be_opened(town, monkeypatch):
    from fadu.response.services import opening

    def fails(*args, **kwargs):
        raise OutOfOrder("不能开启")

    monkeypatch.setattr(opening, "open_matter", fails)
    warning = universe.received()
    assert Warning.objects.filter(pk=warning.pk).exists()
    assert not Response.objects.exists()


def test_a_drill_is_opened_by_hand_and_says_so_everywhere(town):
    warning = universe.received(status="Exercise")
    response = open_response(warning, by=desk(town))
    assert response.title.startswith("【演练】")
    assert response.is_drill
    assert not Response.objects.filter(kind="real").exists()
    with pytest.raises(OutOfOrder, match="已经开启过"):
        open_response(warning, by=desk(town))


def test_who_sits_at_no_desk_of_the_organ_opens_nothing(town):
    warning = universe.received(status="Exercise")
    for person in (desk(town, place="西区局"), desk(town, Role.PUBLISHER), desk(town, Role.ADMIN)):
        with pytest.raises(NotCompetent):
            open_response(warning, by=person)


def test_a_hazard_without_rules_is_opened_by_hand_without_tasks_and_suggests_nothing(town):
    response = open_response(universe.received(kind="雷电"), by=desk(town))
    assert not response.tasks.exists()
    assert "没有响应规则" in str(queries.suggestion(response))
    take(response, "add", by=desk(town), data={"member": "应急管理部门", "action": "停止露天爆破", "minutes": 30})
    assert [task.member for task in response.tasks.all()] == ["应急管理部门"]


# --- updates --------------------------------------------------------------------------------------------------------


@pytest.mark.law(EMERGENCY[70])
def test_a_higher_colour_sets_its_tasks_anew_and_a_lower_one_asks_nobody_again(town):
    response = universe.opened(town, colour="橙")
    universe.answer(response, 1, desk(town))
    first = response.warning
    red = universe.received(colour="红", number=2, msg_type="Update", references=universe.reference(first))
    response.refresh_from_db()
    assert (response.warning, response.colour) == (red, "红")
    assert response.tasks.filter(colour="橙", state="open").count() == 0
    assert response.tasks.filter(colour="橙", state="done").count() == 1
    reds = response.tasks.filter(colour="红").count()
    assert reds == sum("红" in task.minutes for plan in content.plans() if plan.hazard == "暴雨" for task in plan.tasks)
    universe.received(colour="黄", number=3, msg_type="Update", references=universe.reference(red))
    response.refresh_from_db()
    assert response.colour == "黄"
    assert response.tasks.count() == len(ORANGE) + reds
    assert Response.objects.count() == 1


@pytest.mark.law(EMERGENCY[70])
def test_a_cancel_is_noted_and_ends_nothing_by_itself(town):
    response = universe.opened(town)
    universe.received(number=2, msg_type="Cancel", references=universe.reference(response.warning))
    response.refresh_from_db()
    assert response.lifted_at is not None
    assert response.is_open
    assert Reminder.objects.filter(key=f"response/{response.pk}/lifted", officer=desk(town, Role.AGENCY_HEAD)).exists()


def test_a_cancelled_drill_says_nothing_to_the_real_response(town):
    response = universe.opened(town)
    universe.received(number=2, msg_type="Cancel", status="Exercise", references=universe.reference(response.warning))
    response.refresh_from_db()
    assert response.lifted_at is None


def test_nobody_follows_a_warning_by_hand(town):
    response = universe.opened(town)
    with pytest.raises(NotCompetent):
        take(response, "follow", by=desk(town), data={"warning": response.warning_id})


# --- answers --------------------------------------------------------------------------------------------------------


def test_an_answer_has_a_time_and_a_name_and_stands_in_the_record(town):
    response = universe.opened(town)
    universe.answer(response, 2, desk(town), note="水库责任人已到岗")
    task = response.tasks.get(number=2)
    assert (task.state, task.answered_by) == ("done", desk(town).name)
    entry = Entry.objects.filter(chain=response.chain, act="response.weather.answer").get()
    assert '"task": 2' in entry.body or '"task":2' in entry.body
    assert verify_chain(response.chain).ok


def test_a_telephone_number_in_a_note_stays_out_of_the_record(town):
    response = universe.opened(town)
    universe.answer(response, 1, desk(town), note="联系19900012345已办")
    assert "19900012345" not in Entry.objects.get(chain=response.chain, act="response.weather.answer").body


def test_the_program_enters_what_a_liaison_says(town):
    response = universe.opened(town)
    universe.answer(response, 1, None, said_by="应急管理部门赵示（链接）")
    assert response.tasks.get(number=1).answered_by == "应急管理部门赵示（链接）"


@pytest.mark.parametrize(
    "role", [Role.PUBLISHER, Role.TREASURER, Role.ARCHIVIST, Role.ADMIN], ids=lambda role: role.title
)
def test_who_does_not_sit_at_the_desk_enters_no_answer(town, role):
    response = universe.opened(town)
    with pytest.raises(NotCompetent):
        universe.answer(response, 1, desk(town, role))


def test_another_county_enters_no_answer(town):
    response = universe.opened(town)
    with pytest.raises(NotCompetent):
        universe.answer(response, 1, desk(town, place="西区局"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "waived"}, "note"),
        ({"state": "maybe"}, "state"),
        ({"number": 99}, "number"),
        ({"at": "2020-01-01T00:00:00+08:00"}, "at"),
        ({"at": "2999-01-01T00:00:00+08:00"}, "at"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field(town, given, field):
    response = universe.opened(town)
    with pytest.raises(Invalid) as caught:
        universe.answer(response, **{"number": 1, "by": desk(town), **given})
    assert field in caught.value.field_errors


def test_a_task_is_answered_once(town):
    response = universe.opened(town)
    universe.answer(response, 1, desk(town))
    with pytest.raises(OutOfOrder, match="不用再反馈"):
        universe.answer(response, 1, desk(town))


def test_what_is_late_is_reminded_of_once_and_no_more_when_it_is_done(town):
    response = universe.opened(town)
    with clock.at(response.begun_at + timedelta(minutes=21)):
        late = [task for task in response.tasks.all() if ORANGE[task.rule].minutes["橙"] <= 20]
        assert late
        assert remind_of_overdue() == len(late)
        assert remind_of_overdue() == 0
        mine = Reminder.objects.filter(officer=desk(town), kind="missed", read_at=None)
        assert mine.count() == len(late)
        universe.answer(response, late[0].number, desk(town))
        assert mine.count() == len(late) - 1
        assert queries.figures(response)["late"] == 1
    assert not Reminder.objects.filter(officer=desk(town, place="西区局")).exists()


# --- level ----------------------------------------------------------------------------------------------------------


@pytest.mark.law(EMERGENCY[72, 2])
def test_a_decision_names_event_level_duration_measures_and_who_decided(town):
    response = universe.opened(town)
    assert queries.suggestion(response).level == 3
    take(response, "start", by=desk(town, Role.AGENCY_HEAD), data=universe.level(clock.now(), 3))
    response.refresh_from_db()
    assert (response.state, response.level) == ("RESPONDING", 3)
    paper = Paper.objects.get(case_file=response.case_file, kind=Document.RESPONSE_DECISION.name)
    for name, words in (("event", "暴雨橙色"), ("level", "Ⅲ级"), ("expected", "至"), ("decided_by", "赵示")):
        assert words in paper.context[name]
    assert paper.context["measures"] == ["组织人员转移"]
    assert "应急响" in paper.number
    assert payload(sheet_of(paper))["head"] == ""  # no paper of enforcement


@pytest.mark.law(EMERGENCY[71])
def test_the_suggestion_starts_nothing_and_is_kept_beside_another_decision(town):
    response = universe.opened(town)
    assert response.level is None
    take(response, "start", by=desk(town, Role.AGENCY_HEAD), data=universe.level(clock.now(), 4))
    body = Entry.objects.get(chain=response.chain, act="response.weather.start").body
    assert "建议Ⅲ级响应" in body
    assert "Ⅳ级" in body


def test_the_upper_two_levels_are_entered_by_the_principal_head(town):
    response = universe.opened(town, colour="红")
    with pytest.raises(NotCompetent, match="主要负责人"):
        take(response, "start", by=desk(town, Role.AGENCY_HEAD), data=universe.level(clock.now(), 2))
    take(response, "start", by=desk(town, Role.PRINCIPAL_HEAD), data=universe.level(clock.now(), 2))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD)], ids=lambda role: role.title)  # fmt: skip
def test_nobody_but_a_head_decides_on_the_level_or_ends_it(town, role):
    response = universe.opened(town)
    for step in ("start", "end"):
        with pytest.raises(NotCompetent):
            take(response, step, by=desk(town, role), data=universe.level(clock.now(), 4))


@pytest.mark.law(EMERGENCY[70])
def test_raising_goes_up_and_lowering_goes_down(town):
    response, head = universe.opened(town), desk(town, Role.PRINCIPAL_HEAD)
    now = clock.now()
    with pytest.raises(OutOfOrder):
        take(response, "raise_level", by=head, data=universe.level(now, 2))
    take(response, "start", by=head, data=universe.level(now, 3))
    for step, wrong in (("raise_level", 3), ("raise_level", 4), ("lower_level", 3), ("lower_level", 2)):
        with pytest.raises(Invalid, match="应当选择"):
            take(response, step, by=head, data=universe.level(now, wrong))
    take(response, "raise_level", by=head, data=universe.level(now, 2))
    take(response, "lower_level", by=head, data=universe.level(now, 4))
    response.refresh_from_db()
    assert response.level == 4
    with pytest.raises(Invalid, match="预计期限"):
        take(response, "raise_level", by=head, data=universe.level(now - timedelta(days=2), 1))


# --- consultation ---------------------------------------------------------------------------------------------------


@pytest.mark.law(EMERGENCY[62])
def test_a_consultation_is_a_paper_with_everybody_and_what_each_said(town):
    response = universe.opened(town)
    now = clock.now()
    data = {
        "started_at": (now - timedelta(minutes=20)).isoformat(), "ended_at": now.isoformat(), "place": "指挥大厅", "chair": "赵示",
        "recorder": "钱示", "present": [{"name": "赵示", "post": "副局长"}, {"name": "孙示", "post": "气象局"}],
        "situation": "雨势加大。", "opinions": [{"name": "孙示", "opinion": "建议转移"}], "conclusion": "同意转移。",
    }  # fmt: skip
    take(response, "consult", by=desk(town), data=data)
    paper = Paper.objects.get(case_file=response.case_file, kind=Document.CONSULTATION_MINUTES.name)
    assert [row["name"] for row in paper.context["present"]] == ["赵示", "孙示"]
    assert paper.pdf_sha256
    with pytest.raises(Invalid, match="不在参加人员中"):
        take(response, "consult", by=desk(town), data={**data, "opinions": [{"name": "李示", "opinion": "同意"}]})


# --- who goes where -------------------------------------------------------------------------------------------------


def move(response, by, risk, shelter, people):
    data = {"place": risk.pk, "shelter": shelter.pk, "people": people, "leader": "吴示"}
    return take(response, "evacuate", by=by, data=data)


@pytest.mark.law(EMERGENCY[67])
def test_a_shelter_takes_no_more_than_it_holds(town):
    response = universe.opened(town)
    risk, other = universe.place(), universe.place(name="示例河滩")
    shelter = universe.place("shelter", 100, "示例中学")
    move(response, desk(town), risk, shelter, 80)
    with pytest.raises(Invalid, match="还能安置20人"):
        move(response, desk(town), other, shelter, 21)
    move(response, desk(town), other, shelter, 20)
    assert taken(shelter) == 100


def test_a_drill_fills_no_real_shelter(town):
    drill = open_response(universe.received(status="Exercise", number=7), by=desk(town))
    shelter = universe.place("shelter", 100, "示例中学")
    move(drill, desk(town), universe.place(), shelter, 80)
    assert taken(shelter) == 0


def test_those_who_are_missing_are_named(town):
    response = universe.opened(town)
    move(response, desk(town), universe.place(), universe.place("shelter", 100, "示例中学"), 80)
    with pytest.raises(Invalid, match="少2人"):
        take(response, "arrive", by=desk(town), data={"number": 1, "arrived": 78, "note": ""})
    take(response, "arrive", by=desk(town), data={"number": 1, "arrived": 78, "note": "两人已到县城亲属家"})
    assert queries.figures(response)["arrived"] == 78


# --- the end --------------------------------------------------------------------------------------------------------

END = {"decided_by": "赵示（副局长）", "reasons": "预警解除。", "summary": "全部完成。"}


@pytest.mark.law(EMERGENCY[66])
def test_nothing_ends_while_a_task_waits_or_somebody_is_not_counted(town):
    response, head = universe.opened(town), desk(town, Role.AGENCY_HEAD)
    with pytest.raises(OutOfOrder, match="还没有反馈"):
        take(response, "end", by=head, data=END)
    universe.answer_all(response, desk(town))
    move(response, desk(town), universe.place(), universe.place("shelter", 100, "示例中学"), 80)
    with pytest.raises(OutOfOrder, match="还没有登记到达人数：示例沟口"):
        take(response, "end", by=head, data=END)
    take(response, "arrive", by=desk(town), data={"number": 1, "arrived": 80})
    take(response, "end", by=head, data=END)
    response.refresh_from_db()
    assert (response.state, response.is_open) == ("ENDED", False)


def test_the_report_counts_what_the_rows_say(town):
    response, head = universe.opened(town), desk(town, Role.PRINCIPAL_HEAD)
    universe.answer(response, 1, desk(town), state="waived", note="辖区没有此类企业")
    with clock.at(response.begun_at + timedelta(minutes=61)):
        universe.answer_all(response, desk(town))
        take(response, "start", by=head, data=universe.level(clock.now(), 3))
        take(response, "end", by=head, data=END)
    response.refresh_from_db()
    report = Paper.objects.get(case_file=response.case_file, kind=Document.RESPONSE_REPORT.name).context
    assert sum(int(row["tasks"]) for row in report["members"]) == response.tasks.count() == response.figures["tasks"]
    assert sum(int(row["late"]) for row in report["members"]) == response.figures["late"] == len(ORANGE) - 1
    assert report["waived"][0].endswith("理由：辖区没有此类企业")
    assert report["levels"][0]["act"] == "启动应急响应：Ⅲ级"
    kinds = [paper.kind for paper in Paper.objects.filter(case_file=response.case_file)]
    assert kinds.count(Document.RESPONSE_DECISION.name) == 2  # started and ended


def test_without_a_level_there_is_a_report_and_no_decision(town):
    response = universe.opened(town)
    universe.answer_all(response, desk(town))
    take(response, "end", by=desk(town, Role.AGENCY_HEAD), data=END)
    kinds = {paper.kind for paper in Paper.objects.filter(case_file=response.case_file)}
    assert kinds == {Document.RESPONSE_REPORT.name}
