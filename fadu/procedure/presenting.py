"""How matters are shown: the parts of the matter page, the desk, an application and the search, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.periods.counting import Due, remaining
from fadu.periods.lengths import Unit
from fadu.procedure import chart, queries, registry, table
from fadu.procedure.act import competence
from fadu.procedure.declare import Bound, Duty, Procedure
from fadu.procedure.facts import MatterFacts
from fadu.procedure.models import Application, Deadline, Matter
from fadu.record.models import Entry
from fadu.subject import queries as subjects
from fadu.ui.slots import address_of
from fadu.ui.wording import Shown, period

INLINE_FIELDS = 4


def url_of(matter: Matter) -> str:
    """The address of the matter's page."""
    return address_of("procedure:matter", matter.pk)


def number_of(matter: Matter) -> str:
    """What the matter is called at the head of its page: its serial, or that it has none yet."""
    file = matter.case_file
    return f"{file.year}年第{file.serial}号" if file.serial else "尚未编号"


def summary(matter: Matter) -> list[tuple[str, ...]]:
    """The facts at the head of the page; an app may register its own."""
    builder = registry.summaries.get(matter.code)
    if builder:
        return [(*fact, "")[:3] for fact in builder(matter)]
    return [
        ("名称", matter.title, ""),
        ("办理机关", matter.organ.name, ""),
        ("发起", f"{matter.opened_on:%Y-%m-%d}", ""),
    ]


# --- flow -----------------------------------------------------------------------------------------------------------


def reached(matter: Matter) -> dict[str, date]:
    """The states that the matter has been in, with the day on which each was last reached."""
    found = {matter.procedure.initial.name: matter.opened_on}
    for act in sorted(matter.acts.all(), key=attrgetter("ordinal")):
        if act.from_state != act.to_state:
            found[act.to_state] = act.on
    return found


def flow(matter: Matter) -> SafeString:
    """The flow chart with the present state marked."""
    done = {matter.procedure.State[name]: day for name, day in reached(matter).items()}
    return mark_safe(chart.draw(matter.procedure, state=matter.stage, done=done))


def steps(matter: Matter) -> list[chart.FlowItem]:
    """The flow as a list, for phones."""
    done = {matter.procedure.State[name]: day for name, day in reached(matter).items()}
    return chart.listed(matter.procedure, matter.stage, done)


def chart_of(procedure: type[Procedure]) -> SafeString:
    """The flow chart of a declaration."""
    return mark_safe(chart.draw(procedure))


def table_of(procedure: type[Procedure]) -> list[table.Row]:
    """The steps of a declaration as the rows of the table that a jurist signs."""
    return [table.row(step) for step in procedure.steps.values()]


# --- acts -----------------------------------------------------------------------------------------------------------


def acts(matter: Matter, officer: Officer, on: date, known: MatterFacts) -> dict[str, list[dict[str, Any]]]:
    """此时依法可以: each lawful act with actor and article, and each that is not possible with its reason."""
    found: dict[str, list[dict[str, Any]]] = {"mine": [], "others": [], "notyet": []}
    names = {"mine": "mine", "others": "others", "locked": "notyet"}
    chances = queries.opportunities(matter, officer, on, known)
    waiting = any(one.application and one.step.moves for one in chances)
    for one in chances:
        step = one.step
        url = address_of("procedure:act", matter.pk, step.name)
        act: dict[str, Any] = {
            # while an approval is under way, nothing else is the next thing to do
            "plain": not step.moves or (waiting and not one.application),
            "key": step.name, "title": step.title, "basis": step.basis, "by": step.actors, "note": step.hint,
            "reasons": [{"text": r.text, "basis": r.basis, "ok": False} for r in (one.time if one.time else ())], "url": url,
            # what an act of this page never has is said too: a template looks long for what is not there
            "late": "", "body": "", "form_url": "", "button": f"提出{step.title}" if step.approval else step.title,
        }  # fmt: skip
        if one.application:
            act |= _under_way(one.application, officer, on)
        form = registry.forms.get(step.code)
        if form is None or (
            getattr(form, "inline", True)
            and not getattr(form, "rows", None)
            and len(form.base_fields) <= INLINE_FIELDS
            and not step.approval
        ):
            act["form_url"] = url
        group = names[one.group]
        if group == "mine":
            act["by"] = "由您提出" if step.approval else "由您作出"
        if one.application:
            group = "mine" if act.pop("my_turn") else "others"
        found[group].append(act)
    # what carries the matter on comes before what may be done at any time
    for listed in found.values():
        listed.sort(key=lambda a: not matter.procedure.steps[a["key"]].moves)
    return found


def _under_way(application: Application, officer: Officer, on: date) -> dict[str, Any]:
    """How an act is shown while its application is open: whose turn it is, and the way there."""
    turn = may_opine(application, officer, on) or (
        application.status == "cosign" and application.cosigner_id == officer.pk
    )
    if application.status == "cosign":
        waits = f"等待{application.cosigner.name if application.cosigner else ''}共同签署"
    else:
        stage = application.stages[application.stage]
        waits = f"审批中：等待{Role(stage['role']).title}签署{stage['title']}"
    url = reverse("procedure:application", args=[application.pk])
    return {
        "reasons": [{"text": waits, "basis": (), "ok": True}],
        "url": url,
        "form_url": "",
        "button": "去签署" if turn else "查看审批",
        "my_turn": turn,
    }


def may_opine(application: Application, officer: Officer, on: date) -> bool:
    """Is it this officer's turn to give an opinion?"""
    if application.status != Application.Status.PENDING or officer.pk in (
        application.submitted_by_id,
        application.cosigner_id,
    ):
        return False
    if application.opinions.filter(officer=officer).exists():
        return False
    matter = queries.typed(application.matter)
    stage = application.stages[application.stage]
    duty = Duty.DECIDE if application.stage + 1 == len(application.stages) else Duty.REVIEW
    against = competence(
        application.declared,
        queries.doer(officer, matter, on, application.declared.approval),
        queries.facts(matter, on),
        roles=(Role(stage["role"]),),
        duty=duty,
    )
    return not against


def stages(application: Application) -> list[dict[str, Any]]:
    """The chain of an application with what has been done."""
    signed = {o.stage: o for o in application.opinions.select_related("officer")}
    found: list[dict[str, Any]] = [
        {"title": "承办人提出", "state": "done"},
        *(
            [{"title": "共同承办人签署", "state": "here" if application.status == "cosign" else "done"}]
            if application.cosigner_id
            else []
        ),
    ]
    for index, stage in enumerate(application.stages):
        here = application.status == "pending" and index == application.stage
        found.append({"title": stage["title"], "state": "done" if index in signed else ("here" if here else "todo")})
    return found


def drafts(application: Application) -> list[dict[str, Any]]:
    """The draft papers of an application with the addresses of their previews."""
    return [
        {
            "title": Document[item["kind"]].title,
            "party": item["party"],
            "url": reverse("procedure:draft", args=[application.pk, index]),
        }
        for index, item in enumerate(application.drafts)
    ]


# --- periods --------------------------------------------------------------------------------------------------------


def left(row: Deadline, on: date) -> Shown:
    """What is left of a period in the statute's own unit, or what became of it."""
    match row.state(on):
        case "met":
            return Shown("", "", "已办", "ok")
        case "late":
            return Shown("逾期", str((row.ended_on - row.last_day).days) if row.ended_on else "", "日办理", "late")
        case "cancelled":
            return Shown("", "", "不再计算", "")
        case "paused":
            return Shown("", "", "中止计算", "info")
        case "expired" if row.bound != "DUTY":
            return Shown("", "", "已届满", "")
    due = Due(row.last_day, row.provisional, Unit(row.unit) if row.unit != "hours" else Unit.DAYS)
    return period(str(remaining(due, on, law.calendar())))


def nearest(matter: Matter, on: date) -> Shown | None:
    """The next last day of the matter, for the head of its page."""
    rows = [r for r in matter.deadlines.all() if r.state(on) in ("running", "expired") and r.bound != Bound.RIGHT.name]
    return left(min(rows, key=lambda r: (r.last_day, r.pk)), on) if rows and matter.is_open else None


def runs(matter: Matter, on: date) -> list[dict[str, Any]]:
    """The periods of the matter: running first, then the rest, newest first."""
    rows = list(matter.deadlines.all())
    order = {"expired": 0, "running": 1, "paused": 2, "late": 3, "met": 4, "cancelled": 5}
    rows.sort(key=lambda r: (order[r.state(on)], r.last_day))
    names = {p.ordinal: p.name for p in matter.parties.all()} if hasattr(matter, "parties") else {}
    found = []
    for row in rows:
        if row.state(on) == "cancelled":
            continue
        whole = max((row.last_day - row.starts_on).days, 1)
        percent = min(100, max(0, round(((row.ended_on or on) - row.starts_on).days * 100 / whole)))
        unit = Unit(row.unit).words
        title = row.name + (f"·{names[row.party]}" if row.party in names else "")
        found.append({
            "title": title, "basis": row.basis, "note": f"{row.n}{unit}", "left": left(row, on), "percent": percent,
            "start": f"自{row.starts_on.month}月{row.starts_on.day}日起算", "middle": f"逾期理由：{row.late_reason}" if row.late_reason else "",
            "end": f"{row.last_day.year}年{row.last_day.month}月{row.last_day.day}日届满", "provisional": row.provisional, "confidence": row.confidence, "tone": "",
        })  # fmt: skip
    return found


# --- papers, people, record -----------------------------------------------------------------------------------------


def papers(matter: Matter) -> list[dict[str, Any]]:
    """The papers of the matter, newest first, with their state and whether they were served."""
    found = []
    for paper in sorted(matter.case_file.papers.all(), key=attrgetter("pk"), reverse=True):
        kind = Document[paper.kind]
        services = [s for s in paper.services.all() if not s.withdrawn_on]
        days = [s.effective_on for s in services if not s.pending(clock.today())]
        if paper.status == "void":
            state, tone = "作废", "late"
        elif days:
            state, tone = f"{min(days).month}月{min(days).day}日送达", "ok"
        elif services:
            state, tone = "送达中", "due"
        elif kind.served and paper.status == "issued":
            state, tone = "待送达", "due"
        else:
            state, tone = ("已制作", "ok") if paper.status == "issued" else ("草稿", "line")
        found.append(
            {
                "paper": paper,
                "title": kind.title,
                "number": paper.number,
                "on": paper.issued_on,
                "state": state,
                "tone": tone,
            }
        )
    return found


def people(matter: Matter, on: date) -> list[dict[str, str]]:
    """Who has acted on the matter in which capacity, with certificate and recusal."""
    recused = {
        r.officer_id: ("已回避" if r.granted else ("驳回" if r.granted is False else "待决定"))
        for r in matter.recusals.all()
    }
    handling = queries.officers_of(matter, on)
    found = [
        {
            "role": "承办执法人员", "name": o.name, "certificate": o.certificate or "当日无效", "recusal": recused.get(o.officer_id, "无申请"),
        }
        for o in handling
    ]  # fmt: skip
    seen = {o.officer_id for o in handling}
    for officer, words in _others(matter).items():
        if officer.pk not in seen:
            role = "；".join(f"{verb}（{'、'.join(dict.fromkeys(titles))}）" for verb, titles in words.items())
            found.append(
                {"role": role, "name": officer.name, "certificate": "", "recusal": recused.get(officer.pk, "—")}
            )
    return found


def _others(matter: Matter) -> dict[Officer, dict[str, list[str]]]:
    """Who has reviewed, approved or taken steps, and which: officer → 审核、审批、办理 → titles."""
    found: dict[Officer, dict[str, list[str]]] = {}
    given = [(one, application) for application in matter.applications.all() for one in application.opinions.all()]
    for one, application in sorted(given, key=lambda pair: pair[0].pk):
        verb = str(application.stages[one.stage]["title"]).removesuffix("意见")
        found.setdefault(one.officer, {}).setdefault(verb, []).append(application.title)
    for act in matter.acts.all():
        if act.officer and act.step != "open" and act.duty != Duty.DECIDE.name:
            found.setdefault(act.officer, {}).setdefault("办理", []).append(act.title)
    return found


def timeline(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries of the record as the line of time, newest first."""
    found = []
    for index, entry in enumerate(reversed(entries)):
        body = entry.data
        papers = "、".join(
            p["number"] or Document[p["kind"]].title for p in body["papers"] if p["kind"] in Document.__members__
        )
        late = body.get("flags", {}).get("late", {})
        words = [
            body["actor"]["name"] + (f"（{body['actor']['post']}）" if body["actor"].get("post") else ""),
            body.get("note", ""),
            papers,
        ]
        found.append({
            "at": datetime.fromisoformat(body["acted_at"]), "title": body["title"], "text": "·".join(filter(None, words)), "hash": entry.hash,
            "late": "、".join(f"{name}逾期{days}日" for name, days in late.items()), "here": index == 0, "articles": (), "seq": entry.seq,
        })  # fmt: skip
    return found


def awaited(matter: Matter) -> str:
    """Whose turn it is, in words."""
    return "、".join(Role(r).title for r in matter.awaiting)


# --- desk -----------------------------------------------------------------------------------------------------------


def desk(officer: Officer, on: date) -> dict[str, Any]:
    """What waits for this officer: approvals to give, matters to carry on, what was sent, what expired."""
    visible = queries.visible(officer, on)
    roles = {role.value for role in org.roles_of(officer, on)}
    may_sign = roles | {role.value for role in org.delegated_roles(officer, on)}
    organs = [o.pk for o in org.organs_of(officer, on)]
    waiting: list[dict[str, Any]] = []
    turn = Application.objects.filter(matter__organ__in=organs, status__in=["pending", "cosign"]).select_related(
        "matter__organ", "matter__case_file", "submitted_by"
    )
    for application in turn.order_by("submitted_at")[:200]:
        mine = (
            application.cosigner_id == officer.pk
            if application.status == "cosign"
            else application.role in may_sign and may_opine(application, officer, on)
        )
        if mine:
            waiting.append(_wait(application.matter, on, f"{application.title}：{'共同签署' if application.status == 'cosign' else application.stages[application.stage]['title']}",
                                 reverse("procedure:application", args=[application.pk]), "去签署"))  # fmt: skip
    assigned = Q(assignments__officer=officer, assignments__until=None)
    unassigned = Q(awaiting__overlap=[r for r in roles if r != "case_officer"])
    fresh = Q(assignments=None, awaiting__contains=["case_officer"]) if "case_officer" in roles else Q(pk=None)
    pending = Q(applications__status__in=["pending", "cosign"])
    rows = (
        visible.filter(organ__in=organs)
        .filter(assigned | unassigned | fresh)
        .exclude(pending)
        .exclude(awaiting=[])
        .distinct()
    )
    for matter in rows.select_related("organ", "case_file").order_by("next_day", "id")[:200]:
        if matter.is_open and (set(matter.awaiting) & roles):
            waiting.append(_wait(matter, on, matter.stage.value, url_of(matter), "去办"))
    waiting.sort(key=lambda w: w["last_day"] or date.max)
    sent = Application.objects.filter(submitted_by=officer, status__in=["pending", "cosign"]).select_related(
        "matter", "cosigner"
    )
    expired = Deadline.objects.filter(
        matter__in=visible.filter(assigned), ended_on=None, cancelled_on=None, last_day__lt=on, paused_since=None
    ).select_related("matter")[:8]
    return {
        "title": "工作台", "groups": _grouped(waiting, on), "count": len(waiting), "sent": [_sent(a) for a in sent],
        "late": sum(1 for w in waiting if w["last_day"] and w["last_day"] < on and w["duty"]),
        "today_count": sum(1 for w in waiting if w["last_day"] == on), "expired": expired, "scope": org.scope(officer, on).in_chinese(),
    }  # fmt: skip


def _wait(matter: Matter, on: date, title: str, url: str, action: str) -> dict[str, Any]:
    """One thing that waits, with its nearest period."""
    row = queries.running_deadlines([matter]).filter(paused_since=None).exclude(bound="RIGHT").first()
    return {
        "title": title, "party": matter.title, "url": url, "number": number_of(matter), "action": action,
        "basis": [row.basis[0]] if row else [], "left": left(row, on) if row else Shown("", "", "没有期限", ""),
        "by": f"{row.name}，{row.last_day.month}月{row.last_day.day}日届满" if row else "", "last_day": row.last_day if row else None,
        "duty": row is not None and row.bound == "DUTY",
    }  # fmt: skip


def _grouped(waiting: Iterable[dict[str, Any]], on: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """By deadline: expired, today, this week, later."""
    groups: dict[str, list[dict[str, Any]]] = {"已逾期": [], "今日届满": [], "七日内届满": [], "以后": []}
    for item in waiting:
        day = item["last_day"]
        if day is None or (day - on).days > 7:
            groups["以后"].append(item)
        elif day < on:
            groups["已逾期"].append(item)
        else:
            groups["今日届满" if day == on else "七日内届满"].append(item)
    return [(name, items) for name, items in groups.items() if items]


def _sent(application: Application) -> dict[str, Any]:
    """What I sent that waits for somebody."""
    if application.status == "cosign":
        whom = application.cosigner.name if application.cosigner else ""
    else:
        whom = Role(application.role).title
    return {
        "title": application.title,
        "matter": application.matter.title,
        "whom": f"等待{whom}",
        "url": reverse("procedure:application", args=[application.pk]),
    }


# --- search ---------------------------------------------------------------------------------------------------------


def search(words: str, officer: Officer, on: date) -> dict[str, Any]:
    """Matters by title, party or number; papers by number; enterprises and officers by name: twenty of each at most."""
    if len(words) < 2:
        return {
            "matters": [],
            "papers": [],
            "subjects": [],
            "officers": [],
            "hint": "请至少输入两个字。" if words else "",
        }
    visible = queries.visible(officer, on)
    matters = queries.search(visible, words).select_related("organ", "case_file").order_by("-id")[:20]
    files = visible.values("case_file")
    found = (
        Paper.objects.filter(case_file__in=files, number__icontains=words)
        .select_related("case_file__matter")
        .order_by("-id")[:20]
    )
    return {
        "matters": [{"matter": m, "url": url_of(m), "number": number_of(m)} for m in matters],
        "papers": [{"paper": p, "title": Document[p.kind].title, "url": url_of(p.case_file.matter)} for p in found],
        "subjects": list(subjects.search(subjects.visible(org.scope(officer, on)), words)[:20]),
        "officers": list(Officer.objects.filter(name__icontains=words)[:20]),
    }  # fmt: skip
