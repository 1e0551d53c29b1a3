"""What the steps of a response write besides moving it: answers, tasks, levels, who goes where, the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import queries as org
from fadu.org.roles import Role
from fadu.procedure.registry import Taking, effect
from fadu.record import privacy
from fadu.response import queries
from fadu.response.levels import Level, higher
from fadu.response.models import Evacuation, Response, ResponseTask, SafePlace
from fadu.response.procedures.weather.procedure import DUTY
from fadu.response.queries import CODE
from fadu.response.services import opening, reminding
from fadu.warning.models import Warning


def response_of(taking: Taking) -> Response:
    """The matter of the act as a response."""
    assert isinstance(taking.matter, Response)
    return taking.matter


def _moment(text: Any) -> datetime:
    """A moment of the payload; now where none was given."""
    return datetime.fromisoformat(str(text)) if text else clock.now()


# --- tasks ----------------------------------------------------------------------------------------------------------


@effect(f"{CODE}.answer")
def answer(taking: Taking) -> None:
    """A member has done a task, or says why it does not apply; with the time, and a picture where there is one.

    The program enters it where a liaison answered by the link (``said_by`` names him); else somebody at the desk does.
    """
    response, data = response_of(taking), taking.data
    if taking.by is not None and not org.roles_of(taking.by, taking.on, response.organ) & set(DUTY):
        raise NotCompetent("成员单位反馈的情况由本机关值班的内勤、审核人或者负责人登记。")
    task = response.tasks.filter(number=int(data.get("number") or 0)).first()
    if task is None:
        raise Invalid({"number": "没有这一项任务，请刷新页面。"})
    if task.state != ResponseTask.State.OPEN:
        raise OutOfOrder(f"第{task.number}项任务{task.get_state_display()}，不用再反馈。")
    state, note, at = str(data.get("state")), str(data.get("note") or "").strip(), _moment(data.get("at"))
    if state not in (ResponseTask.State.DONE, ResponseTask.State.WAIVED):
        raise Invalid({"state": "请选择“已完成”或者“不适用”。"})
    if state == ResponseTask.State.WAIVED and not note:
        raise Invalid({"note": "不适用的，请写明理由。"})
    if at > clock.now() or at < task.opened_at:
        raise Invalid({"at": "完成时间应当在任务布置以后、现在以前。"})
    who = taking.by.name if taking.by else str(data.get("said_by") or "成员单位联络员")
    task.state, task.note, task.answered_at, task.answered_by = state, note, at, who[:100]
    task.evidence = str(data.get("evidence") or "")
    task.save(update_fields=["state", "note", "answered_at", "answered_by", "evidence"])
    taking.before = {"task": task.number, "member": task.member}
    taking.after = {
        "result": task.get_state_display(), "at": at.isoformat(), "late": task.overdue(at), "by": task.answered_by,
        "evidence": task.evidence,
    }  # fmt: skip
    taking.note = privacy.redacted(note)
    reminding.answered(task)


@effect(f"{CODE}.add")
def add(taking: Taking) -> None:
    """A task that no rule asks for."""
    response, data = response_of(taking), taking.data
    now = clock.now()
    task = ResponseTask.objects.create(
        response=response, number=response.tasks.count() + 1, member=str(data["member"]), action=str(data["action"]),
        colour=response.colour, opened_at=now, due_at=now + timedelta(minutes=int(data["minutes"])),
        source="值班人员增加",
    )  # fmt: skip
    taking.after = {"task": task.number, "member": task.member, "action": task.action, "due": task.due_at.isoformat()}


@effect(f"{CODE}.follow")
def follow(taking: Taking) -> None:
    """The warning was updated or lifted. A higher colour sets its tasks anew; what still waited of the lower one is over.

    What was answered is not asked again while the colour does not rise.
    """
    response = response_of(taking)
    if taking.by is not None:
        raise NotCompetent("预警的变动由系统在收到报文时登记。")
    warning = Warning.objects.get(pk=taking.data["warning"])
    taking.before = {"colour": response.colour, "warning": response.warning.sha256}
    now = clock.now()
    if warning.msg_type == "Cancel":
        response.lifted_at = now
        response.save(update_fields=["lifted_at"])
        taking.after = {"lifted": warning.sha256}
        reminding.lifted(response)
        return
    rises = higher(warning.colour, response.colour)
    response.warning, response.colour = warning, warning.colour
    response.save(update_fields=["warning", "colour"])
    made = 0
    if rises and (plan := queries.plan_for(response.hazard, taking.on)) is not None:
        waiting = response.tasks.filter(state=ResponseTask.State.OPEN).exclude(rule="")
        for task in waiting:
            reminding.answered(task)
        waiting.update(
            state=ResponseTask.State.WAIVED, answered_at=now, answered_by="系统",
            note=f"预警升级为{warning.colour}色，由新布置的任务代替。",
        )  # fmt: skip
        made = opening.set_tasks(response, plan, warning.colour, now)
    taking.after = {"colour": warning.colour, "warning": warning.sha256, "tasks": made}


# --- consultation and level -----------------------------------------------------------------------------------------


@effect(f"{CODE}.consult")
def consult(taking: Taking) -> None:
    """Who took part and what came of it stands in the minutes; the record names the conclusion."""
    present = [row["name"] for row in taking.data["present"]]
    if unknown := [row["name"] for row in taking.data["opinions"] if row["name"] not in present]:
        raise Invalid({"opinions": f"{'、'.join(unknown)}不在参加人员中，请先写进参加人员。"})
    taking.after = {"present": present}
    taking.note = privacy.redacted(str(taking.data["conclusion"]))[:500]


@effect(f"{CODE}.start", f"{CODE}.raise_level", f"{CODE}.lower_level")
def set_level(taking: Taking) -> None:
    """A named person starts, raises or lowers the response; what the rules suggest is kept beside it.

    The upper two levels are entered by the principal head (model). The one who decided is named with the post, since the
    decision is the headquarters'. Raises Invalid, NotCompetent.
    """
    response, data = response_of(taking), taking.data
    level = Level(int(data["level"]))
    former = Level(response.level) if response.level else None
    if taking.step == "raise_level" and former and level >= former:
        raise Invalid({"level": f"现为{former.title}，提升应当选择更高的级别。"})
    if taking.step == "lower_level" and former and level <= former:
        raise Invalid({"level": f"现为{former.title}，降低应当选择更低的级别。"})
    if level.grave and Role.PRINCIPAL_HEAD not in org.roles_of(taking.by, taking.on, response.organ):
        raise NotCompetent(f"{level.title}响应由主要负责人（正职）登记指挥部的决定。")
    until = _moment(data["expected_until"])
    if until <= clock.now():
        raise Invalid({"expected_until": "预计期限应当在现在以后。"})
    suggested = queries.suggestion(response)
    taking.before = {"level": former.title if former else "未启动"}
    taking.after = {
        "level": level.title, "decided_by": str(data["decided_by"]), "expected_until": until.isoformat(), "suggestion": str(suggested),
    }  # fmt: skip
    taking.note = privacy.redacted(str(data["reasons"]))[:500]
    response.level, response.expected_until = int(level), until
    response.save(update_fields=["level", "expected_until"])


# --- who goes where -------------------------------------------------------------------------------------------------


@effect(f"{CODE}.evacuate")
def evacuate(taking: Taking) -> None:
    """The people of a place go to another that still has room. Raises Invalid where it has not, or they are gone already."""
    response, data = response_of(taking), taking.data
    place = SafePlace.objects.get(pk=data["place"], kind=SafePlace.Kind.RISK, active=True)
    # locked, so that two responses at once cannot fill one shelter twice
    shelter = SafePlace.objects.select_for_update(of=("self",)).get(
        pk=data["shelter"], kind=SafePlace.Kind.SHELTER, active=True
    )
    people = int(data["people"])
    if response.evacuations.filter(place=place, arrived=None).exists():
        raise Invalid({"place": f"{place.name}已经安排转移，请先登记到达人数。"})
    free = shelter.people - taken(shelter)
    if people > free:
        raise Invalid(
            {"shelter": f"{shelter.name}容量{shelter.people}人，还能安置{max(free, 0)}人，请另选避险点或者分开安排。"}
        )
    row = Evacuation.objects.create(
        response=response, number=response.evacuations.count() + 1, place=place, shelter=shelter, people=people,
        leader=str(data["leader"]), at=clock.now(),
    )  # fmt: skip
    taking.after = {"move": row.number, "from": place.name, "to": shelter.name, "people": people, "leader": row.leader}


def taken(shelter: SafePlace) -> int:
    """How many are in a shelter or on their way, in the responses that are open; a drill fills no real place."""
    rows = Evacuation.objects.filter(shelter=shelter, response__ended_at=None, response__kind=Response.Kind.REAL)
    return int(rows.aggregate(n=Sum("people"))["n"] or 0)


@effect(f"{CODE}.arrive")
def arrive(taking: Taking) -> None:
    """The people are counted where they were to go; whoever is missing is named."""
    response, data = response_of(taking), taking.data
    row = response.evacuations.filter(number=data["number"]).select_related("place", "shelter").first()
    if row is None:
        raise Invalid({"number": "没有这一项安排，请刷新页面。"})
    arrived, note = int(data["arrived"]), str(data.get("note") or "").strip()
    if arrived < row.people and not note:
        raise Invalid({"note": f"应转移{row.people}人，少{row.people - arrived}人，请写明原因和去向。"})
    taking.before = {"move": row.number, "arrived": row.arrived}
    row.arrived, row.arrived_at, row.note = arrived, clock.now(), note[:300]
    row.save(update_fields=["arrived", "arrived_at", "note"])
    taking.after = {"from": row.place.name, "to": row.shelter.name, "people": row.people, "arrived": arrived}
    taking.note = privacy.redacted(note)


# --- the end --------------------------------------------------------------------------------------------------------


@effect(f"{CODE}.end")
def end(taking: Taking) -> None:
    """The response is over; its figures are counted once more and kept. (突发事件应对法 70 II)"""
    response = response_of(taking)
    response.ended_at = clock.now()
    response.figures = queries.figures(response)
    response.save(update_fields=["ended_at", "figures"])
    taking.after = {**response.figures, "decided_by": str(taking.data["decided_by"])}
    taking.note = privacy.redacted(str(taking.data["reasons"]))[:500]
