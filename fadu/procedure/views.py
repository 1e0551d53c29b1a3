"""The one matter page that every procedure shares, the acts on it, the approvals, the desk and the search."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.document import services as documents
from fadu.document.kinds import Document
from fadu.document.models import CaseFile, Paper
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.kernel.numerals import whole
from fadu.org import queries as org
from fadu.org.access import public
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.procedure import presenting, queries, registry
from fadu.procedure.act import competence, lateness, timeliness
from fadu.procedure.declare import Procedure, Step
from fadu.procedure.forms import ASK_ANEW, CommentForm, ExportForm, Nothing, OpinionForm, ProposalForm, StepForm
from fadu.procedure.models import Application, Matter
from fadu.procedure.services import comment, cosign, exporting, opine, submit, take, withdraw
from fadu.record import queries as record
from fadu.record.access import note_reading
from fadu.ui.forms import tell, written
from fadu.ui.listing import Column, Kind, Listing

TIMELINE = 12


def _officer(request: HttpRequest) -> Officer:
    """The officer behind the request; the middleware has let nobody else in."""
    officer = getattr(request, "officer", None)
    if officer is None:
        raise NotCompetent("您的账号没有对应的人员，不能办理事项。")
    return officer  # type: ignore[no-any-return]


def _matter(request: HttpRequest, pk: int) -> Matter:
    """The matter, if this person may see it; else 404, so that nothing is told of foreign rows."""
    rows = queries.visible(_officer(request), clock.today()).select_related("organ", "case_file")
    matter = queries.typed(get_object_or_404(rows, pk=pk))
    note_reading(request, matter.chain, f"事项 {matter.title}")
    return matter


def _application(request: HttpRequest, pk: int) -> Application:
    """The application, if this person may see its matter."""
    visible = queries.visible(_officer(request), clock.today())
    application = get_object_or_404(
        Application.objects.select_related("matter__organ", "submitted_by", "cosigner"), pk=pk, matter__in=visible
    )
    note_reading(request, application.matter.chain, f"审批 {application.title}")
    return application


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """工作台: what waits for me by legal deadline, what I sent that waits for others, what expired."""
    return render(request, "procedure/desk.html", presenting.desk(_officer(request), clock.today()))


@require_safe
def matter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """事项页: who and what, the flow, what may lawfully be done now and by whom, periods, papers, the record."""
    officer, on = _officer(request), clock.today()
    found = queries.seen(officer, on, pk)
    if found is None:
        raise Http404
    matter = queries.laid_out(found, to_show=True)
    note_reading(request, matter.chain, f"事项 {matter.title}")
    known = queries.facts_of_laid(matter, on)
    report = record.verify_chain(matter.chain)
    context = {
        "matter": matter,
        "known": known,
        "title": presenting.number_of(matter),
        "facts": presenting.summary(matter),
        "flow": presenting.flow(matter),
        "steps": presenting.steps(matter),
        "acts": presenting.acts(matter, officer, on, known),
        "runs": presenting.runs(matter, on),
        "papers": presenting.papers(matter),
        "people": presenting.people(matter, on),
        "applications": list(matter.applications.all())[:8],
        "comments": matter.comments.all(),
        "entries": presenting.timeline(record.latest(matter.chain, TIMELINE)),
        "entry_count": report.entries,
        "intact": report.ok,
        "period": presenting.nearest(matter, on),
        "awaited": presenting.awaited(matter),
        "comment_form": CommentForm(),
    }
    return render(request, "procedure/matter.html", context)


@require_safe
def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    """全过程记录 of a matter, whole."""
    matter = _matter(request, pk)
    entries = list(record.timeline(matter.chain))
    context = {
        "matter": matter,
        "title": "全过程记录",
        "entries": presenting.timeline(entries),
        "report": record.verify_chain(matter.chain),
        "may_export": queries.may_export(matter, _officer(request), clock.today()),
    }
    return render(request, "procedure/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def export_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """导出案卷: asks what for, then hands out the ZIP that a court verifies by itself; the export is journaled."""
    matter, officer, on = _matter(request, pk), _officer(request), clock.today()
    if not queries.may_export(matter, officer, on):
        raise NotCompetent(
            "导出案卷由本机关负责人、法制审核人员、档案管理人员或者本案承办人办理，您今天的岗位没有这项职责。"
        )
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor = org.actor(officer, on, matter.organ)
        made = exporting.export_matter(matter, by=actor, purpose=form.cleaned_data["purpose"])
        response = FileResponse(
            made, as_attachment=True, filename=f"案卷导出 {matter.title}.zip", content_type="application/zip"
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
    context = {"matter": matter, "title": "导出案卷", "form": form, "number": presenting.number_of(matter)}
    return render(request, "procedure/export.html", context, status=422 if form.errors else 200)


def _step(matter: Matter, name: str) -> Step:
    """The declared step, or 404."""
    try:
        return matter.procedure.steps[name]
    except KeyError:
        raise Http404 from None


def _form(request: HttpRequest, matter: Matter, step: Step, officer: Officer, initial: Any = None) -> StepForm:
    """The step's own form, bound on POST."""
    form = registry.forms.get(step.code, Nothing)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    chosen = whole(request.GET.get("party", ""))
    made: StepForm = form(data, files, matter=matter, officer=officer, party=chosen, initial=initial)
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def act_page(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The form of one step, and taking it (or proposing it, where it needs approval)."""
    matter, officer, on = _matter(request, pk), _officer(request), clock.today()
    declared = _step(matter, step)
    returned = (
        matter.applications.filter(step=step, status="returned", replaced_by=None).first()
        if declared.approval
        else None
    )
    initial = returned.data if returned else None
    form = _form(request, matter, declared, officer, initial)
    proposal = None
    if declared.approval:
        bound = request.POST if request.method == "POST" else None
        proposal = ProposalForm(
            bound, matter=matter, officer=officer, initial={"opinion": returned.opinion} if returned else None
        )
    known = queries.facts(matter, on)
    late = lateness(declared, known)
    refused: tuple[str, ...] = ()
    status = 200
    if request.method == "POST" and ASK_ANEW in request.POST:
        form.unjudged()
    elif request.method == "POST":
        valid = form.is_valid() & (proposal is None or proposal.is_valid())
        status = 422
        if valid:
            try:
                return _take(request, matter, declared, officer, form, proposal, returned)
            except Invalid as error:
                _show(form, proposal, error)
            except Refused as error:
                refused, status = error.reasons, error.status
        matter.refresh_from_db()
    else:
        refused = tuple(
            str(r)
            for r in (
                *competence(declared, queries.doer(officer, matter, on), known),
                *timeliness(matter.procedure, declared, known),
            )
        )
    context = {
        "matter": matter, "known": known, "step": declared, "form": form, "proposal": proposal, "refused": refused, "late": late, "returned": returned,
        "title": declared.title, "late_reason": request.POST.get("late_reason", ""), "number": presenting.number_of(matter),
        "late_error": getattr(form, "late_error", ""), "multipart": True,
    }  # fmt: skip
    inline = request.headers.get("HX-Request") and request.method in ("GET", "HEAD")
    return render(request, "procedure/part/act_form.html" if inline else "procedure/act.html", context, status=status)


def _take(
    request: HttpRequest,
    matter: Matter,
    step: Step,
    officer: Officer,
    form: StepForm,
    proposal: ProposalForm | None,
    returned: Application | None,
) -> HttpResponse:
    """Take or propose the step and go back to the matter's page; raises what the door raises."""
    from django.db import transaction

    with transaction.atomic():
        data = form.payload(officer)
        seen = whole(request.POST.get("revision", ""))
        reason = written(request.POST, "late_reason")
        if proposal is not None:
            application = submit(
                matter, step.name, by=officer, data=data, opinion=proposal.cleaned_data["opinion"], cosigner=proposal.cleaned_data["cosigner"],
                late_reason=reason, revision=seen, replaces=returned,
            )  # fmt: skip
            whom = f"等待{application.cosigner.name}签署" if application.cosigner else "进入审批"
            messages.success(request, f"“{step.title}”已提出，{whom}。")
        else:
            party = data.pop("party", None)  # an application keeps it with what was entered
            act = take(matter, step.name, by=officer, data=data, party=party, late_reason=reason, revision=seen)
            papers = "、".join(
                f"《{Document[p.paper.kind].title}》{p.paper.number}" for p in act.papers.select_related("paper")
            )
            messages.success(request, f"“{step.title}”已办理" + (f"，已制作{papers}。" if papers else "。"))
    return redirect("procedure:matter", pk=matter.pk)


def _show(form: StepForm, proposal: ProposalForm | None, error: Invalid) -> None:
    """Put each refusal at its field; what belongs to no field stands at the head of the form."""
    rest = dict(error.field_errors)
    if late := rest.pop("late_reason", ""):
        form.late_error = late  # type: ignore[attr-defined]
    if proposal is not None:
        tell(proposal, {name: rest.pop(name) for name in list(rest) if name in proposal.fields})
    tell(form, rest)


@require_POST
def add_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """办案日志"""
    matter = _matter(request, pk)
    comment(matter, written(request.POST, "text"), by=_officer(request))
    messages.success(request, "日志已记下。")
    return redirect("procedure:matter", pk=matter.pk)


@require_safe
def application_page(request: HttpRequest, pk: int) -> HttpResponse:
    """审批页: what is proposed, the drafts, the opinions so far, and my opinion if it is my turn."""
    application = _application(request, pk)
    return render(request, "procedure/application.html", _application_context(request, application, OpinionForm()))


def _application_context(
    request: HttpRequest, application: Application, form: OpinionForm, refused: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the page of an application shows."""
    officer = _officer(request)
    matter = queries.typed(application.matter)
    return {
        "application": application, "matter": matter, "step": application.declared, "form": form, "refused": refused,
        "title": f"{application.title}审批", "number": presenting.number_of(matter), "stages": presenting.stages(application),
        "opinions": application.opinions.select_related("officer"), "drafts": presenting.drafts(application),
        "mine": presenting.may_opine(application, officer, clock.today()), "facts": presenting.summary(matter),
        "may_cosign": application.status == "cosign" and application.cosigner_id == officer.pk,
        "may_withdraw": application.is_open and officer.pk in (application.submitted_by_id, application.cosigner_id),
    }  # fmt: skip


@require_POST
def give_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree or return; the last agreement takes the step."""
    application = _application(request, pk)
    form = OpinionForm(request.POST)
    form.is_valid()
    agreed, reason = bool(form.cleaned_data.get("agreed")), form.cleaned_data.get("reason", "")
    try:
        act = opine(
            application,
            by=_officer(request),
            agreed=agreed,
            reason=reason,
            stage=whole(request.POST.get("stage", "")),
        )
    except Invalid as error:
        tell(form, error.field_errors)
        return render(
            request, "procedure/application.html", _application_context(request, application, form), status=422
        )
    except (OutOfOrder, NotCompetent) as error:
        application.refresh_from_db()
        context = _application_context(request, application, form, error.reasons)
        return render(request, "procedure/application.html", context, status=error.status)
    words = "已批准并生效" if act else ("已签署同意，转下一环节" if agreed else "已退回承办人")
    messages.success(request, f"“{application.title}”{words}。")
    return redirect("procedure:matter", pk=application.matter_id)


@require_POST
def sign_too(request: HttpRequest, pk: int) -> HttpResponse:
    """The second officer signs."""
    application = cosign(_application(request, pk), by=_officer(request))
    messages.success(request, f"已签署，“{application.title}”进入审批。")
    return redirect("procedure:matter", pk=application.matter_id)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposer takes the application back."""
    application = _application(request, pk)
    withdraw(application, by=_officer(request))
    messages.success(request, f"“{application.title}”已撤回。")
    return redirect("procedure:matter", pk=application.matter_id)


@require_safe
def draft(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """A draft paper of an application as PDF, marked as a draft: no number, no effect."""
    application = _application(request, pk)
    if index >= len(application.drafts):
        raise Http404
    item = application.drafts[index]
    pdf = documents.preview(Document[item["kind"]], item["context"], organ=application.matter.organ)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": "inline; filename=draft.pdf"}
    )


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a case number, a matter, a paper, an enterprise by words; each within what this person may see."""
    words = written(request.GET, "q").strip()
    context = {
        "title": f"搜索“{words}”" if words else "搜索",
        "words": words,
        **presenting.search(words, _officer(request), clock.today()),
    }
    return render(request, "procedure/search.html", context)


class OfPower(Listing):
    """The matters that stand on one item of the list of powers."""

    title = "依职权事项办理的"
    unit = "件"
    order = ("-opened_on",)
    columns = (
        Column("事项", "title", sort="title", link=lambda m: reverse("procedure:matter", args=[m.pk]), width=50),
        Column("编号", presenting.number_of, width=16),
        Column("程序", lambda m: m.procedure.title, phone=False),
        Column("阶段", lambda m: m.stage.value, Kind.TAG),
        Column("机关", "organ.name", sort="organ__name", phone=False),
        Column("发起日期", "opened_on", Kind.DATE, sort="opened_on"),
    )


@require_safe
def of_power(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every matter on an item of the list of powers that this officer may see."""
    rows = (
        queries.visible(_officer(request), clock.today()).filter(power__code=code).select_related("organ", "case_file")
    )
    return OfPower(request, rows).response(title=f"依职权事项{code}办理的")


@public
@require_safe
def procedure_page(request: HttpRequest, code: str) -> HttpResponse:
    """The table and the chart of a declared procedure, as the public and a jurist read it."""
    day = request.GET.get("on", "")
    try:
        on = date.fromisoformat(day) if day else clock.today()
        found = Procedure.version(code, on)
    except (LookupError, ValueError):
        raise Http404 from None
    versions = sorted((p for p in Procedure.registry.values() if p.code == code), key=lambda p: p.in_force)
    context = {
        "procedure": found,
        "title": found.title,
        "chart": presenting.chart_of(found),
        "rows": presenting.table_of(found),
        "versions": versions,
    }
    return render(request, "procedure/procedure.html", context)


def paper_reader(request: HttpRequest, paper: Paper) -> bool:
    """May this person read the paper? Whoever may see its matter may."""
    officer = getattr(request, "officer", None)
    return queries.visible(officer, clock.today()).filter(case_file=paper.case_file_id).exists()


def evidence_reader(request: HttpRequest, chain: str) -> bool:
    """May this person read a file of ``chain``? Whoever may see the matter of that chain may."""
    code, _, key = chain.rpartition("/")
    officer = getattr(request, "officer", None)
    if not key.isdecimal():
        return False
    return queries.visible(officer, clock.today()).filter(pk=int(key), procedure_key__startswith=f"{code}@").exists()


def matters_auditor(request: HttpRequest) -> Q | None:
    """Which readings may this person audit? Heads those of the matters of their own organ and the organs below it."""
    if not {Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD} & set(getattr(request, "roles", ())):
        return None
    # the scope of the request, worked out once: the navigation of every page asks too
    seen = request.scope.filter(Matter.objects.all())  # type: ignore[attr-defined]
    return Q(chain__in=CaseFile.objects.filter(matter__in=seen).values("chain"))


def matter_address(chain: str) -> str | None:
    """The page of the matter whose chain this is; None for the chain of anything else."""
    code, _, key = chain.rpartition("/")
    known = {procedure.code for procedure in Procedure.registry.values()}
    return reverse("procedure:matter", args=[int(key)]) if code in known and key.isdecimal() else None
