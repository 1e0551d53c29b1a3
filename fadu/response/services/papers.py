"""What stands on the papers of a response: taken from the act and from the rows, never typed twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fadu.document.kinds import Document
from fadu.kernel import clock
from fadu.procedure.models import Act
from fadu.procedure.registry import Taking, paper
from fadu.response import queries
from fadu.response.levels import Level
from fadu.response.models import Response, ResponseTask
from fadu.response.queries import CODE
from fadu.response.services.acting import response_of
from fadu.ui.wording import in_full

Contexts = list[tuple[int | None, dict[str, Any]]]
ACTS = {"start": "启动", "raise_level": "提升", "lower_level": "降低", "end": "结束"}


def written(moment: datetime) -> str:
    """A moment as papers keep it, in Beijing time."""
    return moment.astimezone(clock.BEIJING).strftime("%Y-%m-%dT%H:%M")


def said(moment: datetime) -> str:
    """A moment as a sentence has it."""
    local = moment.astimezone(clock.BEIJING)
    return f"{in_full(local.date())}{local:%H:%M}"


@paper(CODE, Document.CONSULTATION_MINUTES)
def consultation(taking: Taking) -> Contexts:
    """会商纪要"""
    data = taking.data
    given = ("place", "chair", "recorder", "present", "situation", "opinions", "conclusion")
    times = {name: written(datetime.fromisoformat(data[name])) for name in ("started_at", "ended_at")}
    return [(None, {"event": response_of(taking).title, **times, **{name: data[name] for name in given}})]


@paper(CODE, Document.RESPONSE_DECISION)
def decision(taking: Taking) -> Contexts:
    """应急响应决定书: the four things that the law wants named, and who decided (突发事件应对法 72 II)."""
    response, data = response_of(taking), taking.data
    until = response.expected_until
    plan = response.plan
    doubt = "（样例，待核）" if plan.get("confidence") == "model" else ""
    context = {
        "event": response.title,
        "act": ACTS[taking.step],
        "level": response.level_title,
        "former": taking.before.get("level", ""),
        "expected": f"至{said(until)}" if until and taking.step != "end" else "决定之时结束",
        "measures": list(data.get("measures") or ["解除已经采取的有关措施"]),
        "suggestion": str(queries.suggestion(response)),
        "reasons": data["reasons"],
        "decided_by": data["decided_by"],
        "decided_at": written(clock.now()),
        "plan": f"{plan['title'].removesuffix('（样例）')}{doubt}" if plan else "没有规则，由决定人判断",
    }
    return [(None, context)]


@paper(CODE, Document.RESPONSE_REPORT)
def report(taking: Taking) -> Contexts:
    """预警响应情况报告: the figures from the rows, the words from whoever ends it."""
    response, data = response_of(taking), taking.data
    warning = response.warning
    words = warning.description or warning.headline or warning.event
    context = {
        "event": response.title,
        "warning": f"{warning.sender_name or warning.sender}{said(warning.sent)}发布：{words}",
        "started_at": written(response.begun_at),
        "ended_at": written(response.ended_at or clock.now()),
        "levels": levels(response),
        "members": members(response),
        "waived": [
            f"{task.member}：{task.action}。理由：{task.note}" for task in response.tasks.filter(state="waived")
        ],
        "evacuations": [
            {"from": row.place.name, "to": row.shelter.name, "people": str(row.people), "arrived": str(row.arrived)}
            for row in response.evacuations.select_related("place", "shelter")
        ],
        "consultations": [_consulted(act) for act in response.acts.filter(step="consult")],
        "summary": data["summary"],
    }
    return [(None, context)]


def levels(response: Response) -> list[dict[str, str]]:
    """The decisions on the level so far, in order."""
    rows = response.acts.filter(step__in=("start", "raise_level", "lower_level")).order_by("ordinal")
    return [
        {
            "at": said(act.at),
            "act": f"{act.title}：{Level(int(act.data['level'])).title}",
            "by": str(act.data["decided_by"]),
        }
        for act in rows
    ]


def members(response: Response) -> list[dict[str, str]]:
    """The tasks of each member by what became of them; of a response without tasks one line that says so."""
    found = []
    for member, tasks in queries.by_member(response.tasks.all()).items():
        done = [task for task in tasks if task.state == ResponseTask.State.DONE]
        late = sum(task.is_late for task in done)
        waived = sum(task.state == ResponseTask.State.WAIVED for task in tasks)
        counts = (len(tasks), len(done) - late, late, waived)
        found.append(
            {"member": member, **dict(zip(("tasks", "done", "late", "waived"), map(str, counts), strict=True))}
        )
    return found or [{"member": "没有布置任务", "tasks": "0", "done": "0", "late": "0", "waived": "0"}]


def _consulted(act: Act) -> str:
    """One consultation in a line."""
    people = "、".join(row["name"] for row in act.data["present"])
    conclusion = str(act.data["conclusion"])[:200]
    return f"{said(datetime.fromisoformat(act.data['started_at']))}，主持人{act.data['chair']}，参加人员{people}：{conclusion}"
