"""现场检查 on a phone: today's visits, certificates, checklist, problems, signatures; each submission counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fadu.document import services as documents
from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.inspection import queries
from fadu.inspection.forms import BeginForm, CheckForm, FindForm, ReinspectForm, SignForm
from fadu.inspection.models import Visit
from fadu.inspection.procedures.routine.procedure import RoutineInspection
from fadu.inspection.services import answered, arrive
from fadu.inspection.services.papers import order_context, plan_context, record_context, record_lines
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder, Refused
from fadu.kernel.hashing import canonical, sha256_text
from fadu.org.models import Officer
from fadu.procedure.act import competence, timeliness
from fadu.procedure.forms import StepForm
from fadu.procedure.queries import doer, facts
from fadu.procedure.services import take
from fadu.record.access import note_reading
from fadu.record.models import EvidenceFile
from fadu.ui.forms import tell, written

State = RoutineInspection.State
Done = Callable[[dict[str, Any]], dict[str, Any]]


def visit_for(request: HttpRequest, pk: int) -> Visit:
    """The visit, when the person may see it."""
    rows = queries.visible(request.officer, clock.today())  # type: ignore[attr-defined]
    visit = get_object_or_404(rows.select_related("organ", "case_file", "subject"), pk=pk)
    note_reading(request, visit.chain, f"事项 {visit.title}")
    return visit


def digest_of(request: HttpRequest) -> str:
    """A digest of what was sent: every value, and name and size of every file."""
    values = {
        name: request.POST.getlist(name) for name in request.POST if name not in ("csrfmiddlewaretoken", "client_token")
    }
    files = {name: [[file.name, file.size] for file in request.FILES.getlist(name)] for name in request.FILES}
    return sha256_text(canonical({"values": values, "files": files}))


def refusals(visit: Visit, officer: Officer, step: str) -> list[str]:
    """Why this officer may not take the step now; empty when nothing stands against it."""
    on, declared = clock.today(), RoutineInspection.steps[step]
    known = facts(visit, on)
    return [
        str(r)
        for r in (
            *competence(declared, doer(officer, visit, on), known),
            *timeliness(RoutineInspection, declared, known),
        )
    ]


def submitted(request: HttpRequest, visit: Visit, step: str, form: StepForm, act: Done) -> tuple[list[str], int] | None:
    """Do what was sent, once. None when it stands (now or since an earlier arrival), else refusals and status.

    ``act`` takes the payload (with ``earlier``: what an earlier arrival under the same token made) and answers what came
    of it.
    """
    officer: Officer = request.officer  # type: ignore[attr-defined]
    if not form.is_valid():
        return [], 422
    try:
        with transaction.atomic():
            arrival = arrive(request.POST.get("client_token", ""), digest_of(request), visit, officer, step)
            if arrival.new:
                data = form.payload(officer)
                answered(arrival, act({**data, "earlier": dict(arrival.answer)}))
    except Invalid as error:
        tell(form, error.field_errors)
        return [], 422
    except Refused as error:
        return list(error.reasons), error.status
    return None


def page(
    request: HttpRequest,
    visit: Visit,
    template: str,
    step: str,
    context: dict[str, Any],
    problem: tuple[list[str], int] | None,
) -> HttpResponse:
    """One page of the visit, with what stands against its act."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    reasons, status = problem or (refusals(visit, officer, step) if request.method in ("GET", "HEAD") else [], 200)
    common = {
        "visit": visit,
        "title": visit.subject.name,
        "refused": reasons,
        "draft": f"visit-{visit.pk}-{step}",
        "multipart": True,
    }
    return render(request, f"inspection/{template}.html", {**common, **context}, status=status)


def bound(request: HttpRequest, form: type[StepForm], visit: Visit) -> Any:
    """A form, bound on POST."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return form(data, files, matter=visit, officer=request.officer)  # type: ignore[attr-defined]


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """今日检查: the visits this officer is charged with, and what waits for re-inspection."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    on = clock.today()
    rows = queries.charged_with(officer, on).select_related("subject", "case_file", "organ")
    again = queries.to_reinspect(officer).select_related("subject", "case_file", "organ")
    context = {"title": "今日检查", "visits": rows, "again": again, "on": on}
    return render(request, "inspection/today.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def onsite(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit as it stands: certificates first, then the checklist; afterwards what was made of it."""
    visit = visit_for(request, pk)
    if visit.stage is State.ARRANGED:
        return begin(request, visit)
    if visit.stage is State.ON_SITE:
        return checklist(request, visit)
    if request.method == "POST":
        # sent again after the visit went on: what it carried has been done by the first arrival, or can no longer be
        return sent_again(request, visit)
    return render(request, "inspection/done.html", {"title": visit.subject.name, "visit": visit, "papers": made(visit)})


def sent_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Answer a POST for a step that is over: done once already, or refused with what the visit is at now."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    step = request.POST.get("step", "check")
    if (
        step in RoutineInspection.steps
        and not arrive(request.POST.get("client_token", ""), digest_of(request), visit, officer, step).new
    ):
        return redirect("inspection:onsite", pk=visit.pk)
    raise OutOfOrder(f"检查已经处于“{visit.stage.value}”，这次提交没有写入。")


def begin(request: HttpRequest, visit: Visit) -> HttpResponse:
    """亮证检查"""
    form, problem = bound(request, BeginForm, visit), None
    if request.method == "POST":
        problem = submitted(request, visit, "begin", form, lambda data: _take(request, visit, "begin", data))
        if problem is None:
            return redirect("inspection:onsite", pk=visit.pk)
    return page(request, visit, "begin", "begin", {"form": form}, problem)


def checklist(request: HttpRequest, visit: Visit) -> HttpResponse:
    """清单: all items by part, result in one tap, problem with photograph beside it."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    if request.method == "POST" and request.POST.get("step", "check") == "begin":
        return sent_again(request, visit)
    form, problem = bound(request, CheckForm, visit), None
    if request.method == "POST":
        problem = submitted(request, visit, "check", form, lambda data: _check(request, visit, data))
        if problem is None:
            messages.success(request, "检查结果已保存。")
            return redirect(
                "inspection:problems" if request.POST.get("next") == "problems" else "inspection:onsite", pk=visit.pk
            )
    shots = evidence(visit)
    areas = [
        (name, [(part, [shots[key] for key in part.kept if key in shots]) for part in parts])
        for name, parts in form.areas()
    ]
    total = len(form.items)
    context = {
        "form": form, "areas": areas, "total": total, "answered": form.answered, "findings": visit.findings.count(),
        "done_arc": round(106.8 * form.answered / total, 1) if total else 0, "officer": officer,
    }  # fmt: skip
    return page(request, visit, "checklist", "check", context, problem)


def _take(request: HttpRequest, visit: Visit, step: str, data: dict[str, Any]) -> dict[str, Any]:
    """Take one step with the payload."""
    data = {name: value for name, value in data.items() if name != "earlier"}
    take(visit, step, by=request.officer, data=data)  # type: ignore[attr-defined]
    return {"step": step}


def _check(request: HttpRequest, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
    """Take 逐项检查, unless nothing differs from what is kept."""
    return _take(request, visit, "check", data) if data["results"] else {"step": "check"}


@require_http_methods(["GET", "HEAD", "POST"])
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    """问题: what was found so far, and one that the checklist has no item for."""
    visit = visit_for(request, pk)
    if visit.stage is not State.ON_SITE and request.method == "POST":
        return sent_again(request, visit)
    form, problem = bound(request, FindForm, visit), None
    if request.method == "POST":
        problem = submitted(request, visit, "find", form, lambda data: _find(request, visit, data))
        if problem is None:
            messages.success(request, "问题已记录。")
            return redirect("inspection:problems", pk=visit.pk)
    shots = evidence(visit)
    rows = [(row, [shots[key] for key in row.photos if key in shots]) for row in visit.findings.select_related("item")]
    return page(request, visit, "problems", "find", {"form": form, "rows": rows}, problem)


def _find(request: HttpRequest, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
    """Take 记录问题; one whose first arrival was made but not answered is changed and not made twice."""
    earlier = data.pop("earlier", {})
    if not data.get("finding") and earlier.get("finding"):
        data["finding"] = earlier["finding"]
    act = take(visit, "find", by=request.officer, data=data)  # type: ignore[attr-defined]
    return {"step": "find", "finding": data.get("finding") or visit.findings.count(), "act": act.ordinal}


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """签名: the record is read, signed (or refused), and what must be put right is ordered and handed over at once."""
    visit = visit_for(request, pk)
    if visit.stage is not State.ON_SITE and request.method == "POST":
        return sent_again(request, visit)
    form, problem = bound(request, SignForm, visit), None
    if request.method == "POST":
        problem = submitted(request, visit, "finish", form, lambda data: _sign(request, visit, data))
        if problem is None:
            messages.success(request, "检查已结束，文书已制作。")
            return redirect("inspection:onsite", pk=visit.pk)
    findings = list(visit.findings.all())
    context = {
        "form": form,
        "lines": record_lines(visit),
        "findings": findings,
        "to_order": [f for f in findings if not f.on_the_spot],
    }
    return page(request, visit, "sign", "finish", context, problem)


def _sign(request: HttpRequest, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
    """Finish, order and serve in one transaction: all of it stands, or nothing."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    signed = {"signatures": data["signatures"], "met": data["met"]}
    take(
        visit, "finish", by=officer, data={"ended_at": data["ended_at"], "site_opinion": data["site_opinion"], **signed}
    )
    if data.get("terms"):
        take(visit, "order", by=officer, data={"terms": data["terms"], **signed})
        if data.get("service") and (order := visit.order) is not None:
            take(visit, "serve", by=officer, data={**data["service"], "paper": order.pk})
    return {"step": "finish"}


@require_http_methods(["GET", "HEAD", "POST"])
def reinspect(request: HttpRequest, pk: int) -> HttpResponse:
    """复查 on a phone: a result for each item, photographs, signatures."""
    visit = visit_for(request, pk)
    if visit.stage is not State.RECTIFYING and request.method == "POST":
        return sent_again(request, visit)
    form, problem = bound(request, ReinspectForm, visit), None
    if request.method == "POST":
        late_reason = written(request.POST, "late_reason")

        def act(data: dict[str, Any]) -> dict[str, Any]:
            data.pop("earlier")
            take(visit, "reinspect", by=request.officer, data=data, late_reason=late_reason)  # type: ignore[attr-defined]
            return {"step": "reinspect"}

        problem = submitted(request, visit, "reinspect", form, act)
        if problem is None:
            messages.success(request, "复查结果已保存，整改复查意见书已制作。")
            return redirect("procedure:matter", pk=visit.pk)
    late = visit.deadlines.filter(
        name="整改复查", ended_on=None, cancelled_on=None, last_day__lt=clock.today()
    ).exists()
    context = {"form": form, "late": late, "late_reason": request.POST.get("late_reason", "")}
    return page(request, visit, "reinspect", "reinspect", context, problem)


def evidence(visit: Visit) -> dict[str, EvidenceFile]:
    """The evidence of the visit by its sha256."""
    return {file.sha256: file for file in EvidenceFile.objects.filter(chain=visit.chain).order_by("-pk")}


def made(visit: Visit) -> list[Paper]:
    """The papers that the visit has made, in order."""
    return list(Paper.objects.filter(case_file=visit.case_file_id).issued().order_by("id"))


@require_safe
def preview(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A paper before it is made, as PDF marked 草稿: the plan, the record, the order."""
    visit = visit_for(request, pk)
    on = clock.today()
    match kind:
        case "plan":
            document, context = Document.INSPECTION_PLAN, plan_context(visit, on, [])
        case "record":
            document, context = Document.SITE_RECORD, record_context(visit)
        case "order":
            document = Document.RECTIFICATION_ORDER
            context = order_context(visit, 0, on, {f.ordinal: f.due for f in queries.findings_to_order(visit)})
        case _:
            raise Http404
    pdf = documents.preview(document, context, organ=visit.organ, case_file=visit.case_file)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": "inline; filename=draft.pdf"}
    )


def address(visit: Visit) -> str:
    """Where the work on site of this visit goes on."""
    return reverse("inspection:onsite", args=[visit.pk])
