"""Responses: the list, the board of one, a task, the liaison's link; the rules, the liaisons."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import NotCompetent, Refused
from fadu.org import queries as org
from fadu.org.access import OfficerRequest, public, require
from fadu.org.models import Organ
from fadu.procedure import queries as procedures
from fadu.procedure.declare import Step
from fadu.procedure.services import take
from fadu.record import services as record
from fadu.record.access import note_reading
from fadu.response import queries
from fadu.response.forms import AnswerForm, LiaisonForm, MemberForm
from fadu.response.models import Member, Response, ResponsePlan, ResponseTask, in_force
from fadu.response.services import links, open_response
from fadu.ui.columns import Column
from fadu.ui.forms import tell
from fadu.ui.listing import Kind, Listing, Tab
from fadu.warning.models import Warning

TONES = {"WARNED": "due", "RESPONDING": "late", "ENDED": "ok"}


class ResponseListing(Listing):
    """应急响应; real ones and drills are never in one list."""

    title = "应急响应"
    unit = "次"
    order: ClassVar[tuple[str, ...]] = ("-begun_at",)
    empty = "还没有开启过响应。收到有规则的预警时自动开启。"
    tabs = (
        Tab("real", "实战", lambda rows: rows.filter(kind="real"), counted=True),
        Tab("drill", "演练", lambda rows: rows.filter(kind="drill"), counted=True),
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("响应", "title", link=lambda one: reverse("response:page", args=[one.pk]), width=48),
        Column("开始", "begun_at", Kind.MOMENT, sort="begun_at"),
        Column("机关", "organ.short", phone=False),
        Column("阶段", lambda one: one.stage.value, Kind.TAG, tone=lambda one: TONES[one.state]),
        Column("级别", "level_title"),
        Column("任务", lambda one: one.figures.get("tasks", ""), Kind.NUMBER, phone=False),
        Column("逾期完成", lambda one: one.figures.get("late", ""), Kind.NUMBER, phone=False),
    )


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """The responses in the person's scope."""
    return ResponseListing(request, queries.visible(request.scope)).response()


def _response(request: OfficerRequest, pk: int) -> Response:
    return get_object_or_404(queries.visible(request.scope), pk=pk)


def _board(request: OfficerRequest, response: Response) -> dict[str, Any]:
    """What the live part shows: figures, tasks under their members, who is moved."""
    tasks = list(response.tasks.all())
    return {
        "response": response,
        "figures": queries.figures(response),
        "members": queries.by_member(tasks),
        "moves": response.evacuations.select_related("place", "shelter"),
        "operates": response.is_open and queries.operates(request.officer, response.organ),
        "now": clock.now(),
    }


@require_safe
def page(request: OfficerRequest, pk: int) -> HttpResponse:
    """The board of a response: what is asked of whom, what is late, who goes where; renewed every five seconds."""
    response = _response(request, pk)
    context = _board(request, response)
    if "part" in request.GET:
        return render(request, "response/part/board.html", context)
    liaisons = {one.name: one for one in Member.objects.filter(organ=response.organ)} if context["operates"] else {}
    if liaisons:
        note_reading(request, response.chain, "成员单位联络员的电话")
    context |= {
        "suggestion": queries.suggestion(response) if response.is_open else None,
        "steps": _steps(request, response),
        "links": [
            (member, liaisons.get(member), request.build_absolute_uri(_address(response, rows[0])))
            for member, rows in context["members"].items()
        ]
        if context["operates"]
        else [],
    }
    return render(request, "response/page.html", context)


def _steps(request: OfficerRequest, response: Response) -> list[Step]:
    """What this person may do now."""
    chances = procedures.opportunities(procedures.laid_out(response), request.officer, clock.today())
    return [one.step for one in chances if one.group == "mine"]


def _address(response: Response, task: ResponseTask) -> str:
    return reverse("response:liaison", args=[links.token(response.pk, task.number)])


@require_POST
def open_(request: OfficerRequest, pk: int) -> HttpResponse:
    """Open the response of a warning by hand."""
    require(request, *queries.OPERATORS)
    response = open_response(get_object_or_404(Warning, pk=pk), by=request.officer)
    messages.success(
        request, "已开启响应。" if response.tasks.exists() else "已开启响应；这一灾种没有规则，请增加任务。"
    )
    return redirect("response:page", pk=response.pk)


@require_http_methods(["GET", "POST"])
def task(request: OfficerRequest, pk: int) -> HttpResponse:
    """One task, and what its member said of it, entered at the desk."""
    rows = ResponseTask.objects.filter(response__in=queries.visible(request.scope).values("pk"))
    found = get_object_or_404(rows.select_related("response__organ", "response__case_file"), pk=pk)
    response = found.response
    operates = found.state == ResponseTask.State.OPEN and response.is_open
    operates = operates and queries.operates(request.officer, response.organ)
    posted = request.method == "POST"
    if posted and not operates:
        raise NotCompetent("这项任务由响应机关值班的人员登记；已经反馈的不用再登记。")
    data = {**request.POST.dict(), "number": str(found.number)} if posted else None
    form = AnswerForm(data, request.FILES if posted else None, matter=response, officer=request.officer)
    form.fields["number"].widget = HiddenInput()
    form.initial["number"] = found.number
    if posted and form.is_valid():
        try:
            take(response, "answer", by=request.officer, data=form.payload(request.officer))
        except Refused as refused:
            tell(form, getattr(refused, "field_errors", {"": "；".join(refused.reasons)}))
        else:
            messages.success(request, f"已登记：{found.member}。")
            return redirect("response:page", pk=response.pk)
    context = {"task": found, "response": response, "form": form, "operates": operates}
    return render(request, "response/task.html", context, status=422 if posted else 200)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def liaison(request: HttpRequest, token: str) -> HttpResponse:
    """What a member is asked, and a form for each task. Looking answers nothing: previews of links are opened by machines."""
    named = links.read(token)
    if named is None:
        raise Http404
    response = named.response
    wanted = request.POST.get("number", "")
    form, chosen = None, None
    if request.method == "POST":
        # the number comes from a form of this page, so a foreign one is nobody's task
        rows = response.tasks.filter(member=named.member)
        chosen = get_object_or_404(rows, number=int(wanted) if wanted.isdecimal() and len(wanted) < 5 else -1)
        form = LiaisonForm(request.POST, request.FILES)
        if form.is_valid() and _answer_by_link(response, chosen, form):
            return redirect("response:liaison", token=token)
    tasks = [
        (
            one,
            form
            if chosen and one.pk == chosen.pk and form and form.errors
            else LiaisonForm(auto_id=f"id_{one.number}_%s"),
        )
        for one in response.tasks.filter(member=named.member)
    ]
    context = {"response": response, "member": named.member, "tasks": tasks, "open": response.is_open}
    return render(request, "response/liaison.html", context, status=422 if form else 200)


def _answer_by_link(response: Response, chosen: ResponseTask, form: LiaisonForm) -> bool:
    """Enter what a liaison said; False with the reasons in the form where it was refused."""
    values = form.cleaned_data
    who = f"{chosen.member}{values['said_by']}（链接）"
    data: dict[str, Any] = {
        "number": chosen.number, "state": values["state"], "note": values["note"], "said_by": who,
        "at": values["at"].isoformat() if values["at"] else None,
    }  # fmt: skip
    try:
        if values["evidence"]:
            kept = record.keep_evidence(
                values["evidence"], chain=response.chain, name=values["evidence"].name or "现场照片", made_by=who,
                made_at=clock.now(), place="", media={"image/jpeg", "image/png", "application/pdf"}, note=str(chosen)[:200],
                matter_title=response.title,
            )  # fmt: skip
            data["evidence"] = kept.sha256
        take(response, "answer", by=None, data=data)
    except Refused as refused:
        errors = getattr(refused, "field_errors", {"": "；".join(refused.reasons)})
        tell(form, {("evidence" if name == "file" else name): words for name, words in errors.items()})
        return False
    return True


# --- rules, liaisons ------------------------------------------------------------------------------------------------


@require_safe
def rules(request: OfficerRequest) -> HttpResponse:
    """The rules in force, with source and confidence; hazards without rules are named."""
    plans = ResponsePlan.objects.filter(in_force(clock.today())).prefetch_related("rules")
    return render(request, "response/rules.html", {"plans": plans, "without": queries.without_rules(clock.today())})


@require_http_methods(["GET", "POST"])
def members(request: OfficerRequest) -> HttpResponse:
    """The liaisons of the members of one's own organ: by name, and a form that adds or changes one."""
    require(request, *queries.KEEPERS)
    organ = org.home_organ(request.officer, clock.today())
    assert organ is not None  # the middleware lets nobody in without a post
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        Member.objects.update_or_create(
            organ=organ, name=values["name"], defaults={"contact": values["contact"], "phone": values["phone"]}
        )
        messages.success(request, f"已保存{values['name']}的联络员。")
        return redirect("response:members")
    return render(
        request, "response/members.html", {"organ": organ, "rows": _members(organ), "form": form},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _members(organ: Organ) -> list[tuple[str, Member | None]]:
    """The members the rules name, then those of the organ's own list; each with its liaison if there is one."""
    known = {one.name: one for one in Member.objects.filter(organ=organ)}
    asked = dict.fromkeys(rule.member for rule in queries.rules_in_force(clock.today()))
    return [(name, known.get(name)) for name in (*asked, *(name for name in known if name not in asked))]
