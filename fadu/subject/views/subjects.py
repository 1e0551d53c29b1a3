"""The list of subjects, one enterprise one file, and the forms that keep them."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, Refused
from fadu.org.access import OfficerRequest, require
from fadu.org.models import Organ
from fadu.org.queries import organs_of, roles_of
from fadu.org.roles import Role
from fadu.subject import services
from fadu.subject.forms import ContactFormSet, Contacts, SubjectFilters, SubjectForm
from fadu.subject.models import Subject
from fadu.subject.queries import KEEPERS, importing_organs, may_call, may_keep, visible
from fadu.ui.listing import Column, Filters, Kind, Listing

KINDS = {"unit": Subject.Kind.UNIT, "business": Subject.Kind.INDIVIDUAL_BUSINESS, "person": Subject.Kind.PERSON}
RISK_TONES: dict[str, str] = {Subject.Risk.RED: "late", Subject.Risk.ORANGE: "due", Subject.Risk.YELLOW: "due"}


def _address(subject: Subject) -> str:
    return reverse("subject:page", args=[subject.pk])


class SubjectListing(Listing):
    """监管对象台账. Telephone and ID numbers stand neither on the page nor in the export."""

    title = "监管对象"
    unit = "家"
    order: ClassVar[tuple[str, ...]] = ("name",)
    empty = "您能看到的范围内还没有监管对象。"
    template = "subject/list.html"
    columns: ClassVar[tuple[Column, ...]] = (
        Column("名称", "name", sort="name", link=_address, small="uscc", small_title="统一社会信用代码", width=36),
        Column("类别", "get_kind_display", phone=False, screen=False, width=12),
        Column("地区", "division.local_name", sort="division_id", phone=False, width=24),
        Column("监管行业", "get_sector_display", sort="sector", phone=False, width=14),
        Column(
            "风险等级",
            "get_risk_display",
            Kind.TAG,
            sort="risk",
            tone=lambda subject: RISK_TONES.get(subject.risk, "line"),
            width=16,
        ),
        Column("规模", "get_scale_display", sort="scale", screen=False, width=8),
        Column("从业人员", "workforce", Kind.NUMBER, sort="workforce", phone=False, width=10),
        Column("状态", "get_status_display", sort="status", phone=False, width=10),
        Column("监管机关", "organ.short", sort="organ_id", phone=False, export=False),
        Column("监管机关", "organ.name", screen=False, width=26),
        Column("法定代表人（负责人）", "legal_representative", screen=False, width=18),
        Column("主要负责人", "principal", screen=False, width=14),
        Column("安全管理人员", "safety_officer", screen=False, width=14),
        Column("住所", "address", screen=False, width=40),
    )

    @cached_property
    def filter_form(self) -> Filters:
        """The conditions, with the areas and organs of the person's scope."""
        form = SubjectFilters(self.request.GET, scope=cast(OfficerRequest, self.request).scope)
        form.is_valid()
        return form


@require_safe
def index(request: OfficerRequest) -> HttpResponseBase:
    """监管对象: the list, its search and its export, all of the rows in the person's scope."""
    rows = visible(request.scope).select_related("division", "organ")
    return SubjectListing(request, rows).response(
        scope=request.scope,
        may_register=bool(_organs(request)),
        may_import=bool(importing_organs(request.officer, clock.today())),
    )


@require_safe
def page(request: OfficerRequest, pk: int) -> HttpResponse:
    """一企一档: facts, contacts, history; upper floors add inspections and cases in the slot `subject.page`."""
    rows = visible(request.scope).select_related("division", "organ", "industry")
    subject = get_object_or_404(rows, pk=pk)
    context = {
        "subject": subject,
        "contacts": subject.contacts.all(),
        "in_full": may_call(request.officer, subject),
        "may_keep": may_keep(request.officer, subject),
        "changes": subject.changes.all()[:20],
        "risk_tone": RISK_TONES.get(subject.risk, "line"),
        "age": subject.age(clock.today()),
        "no_end": date.max,
    }
    return render(request, "subject/page.html", context)


def _organs(request: OfficerRequest) -> list[Organ]:
    """The organs in which the person may enter subjects."""
    officer, today = request.officer, clock.today()
    return [organ for organ in organs_of(officer, today) if roles_of(officer, today, organ) & KEEPERS]


@require_http_methods(["GET", "POST"])
def new(request: OfficerRequest, kind: str) -> HttpResponse:
    """登记监管对象 of one kind."""
    require(request, *(role for role in Role if role in KEEPERS))
    subject_kind = KINDS[kind]
    sent = request.POST if request.method == "POST" else None
    form = SubjectForm(sent, kind=subject_kind, organs=_organs(request))
    contacts = cast(Contacts, ContactFormSet(sent, prefix="contacts"))
    if request.method == "POST" and form.is_valid() & contacts.is_valid():
        try:
            subject = services.register(form.values(), by=request.officer, contacts=contacts.entries())
        except Invalid as invalid:
            form.take_errors(invalid.field_errors)
        except Refused as refused:
            form.take_errors({"": "；".join(refused.reasons)})
        else:
            messages.success(request, f"已登记{subject.name}。")
            return redirect("subject:page", pk=subject.pk)
    return _form(request, form, contacts, {"kinds": KINDS, "kind": subject_kind, "key": kind})


@require_http_methods(["GET", "POST"])
def edit(request: OfficerRequest, pk: int) -> HttpResponse:
    """变更监管对象; with a reason, and refused when somebody else changed it meanwhile."""
    subject = get_object_or_404(visible(request.scope).select_related("organ", "division"), pk=pk)
    if not may_keep(request.officer, subject):
        raise NotCompetent(f"{subject.name}由{subject.organ.name}监管，由该局的内勤、承办执法人员或者审核人变更。")
    sent = request.POST if request.method == "POST" else None
    form = SubjectForm(
        sent,
        instance=subject,
        kind=Subject.Kind(subject.kind),
        organs=list(Organ.objects.all()),
        initial={"version": subject.version},
    )
    initial = [{"role": c.role, "name": c.name, "phone": c.phone} for c in subject.contacts.all()]
    contacts = cast(Contacts, ContactFormSet(sent, prefix="contacts", initial=initial))
    if request.method == "POST" and form.is_valid() & contacts.is_valid():
        try:
            services.update(
                subject,
                form.values(),
                by=request.officer,
                reason=form.cleaned_data["reason"],
                contacts=contacts.entries(),
                version=form.cleaned_data["version"],
            )
        except Invalid as invalid:
            form.take_errors(invalid.field_errors)
        except Refused as refused:
            form.take_errors({"": "；".join(refused.reasons)})
        else:
            messages.success(request, "已变更，并记入变更记录。")
            return redirect("subject:page", pk=subject.pk)
    return _form(request, form, contacts, {"kind": Subject.Kind(subject.kind), "subject_pk": pk})


def _form(request: OfficerRequest, form: SubjectForm, contacts: Any, context: dict[str, Any]) -> HttpResponse:
    """The form with what was typed; 422 when something has to be put right."""
    wrong = form.is_bound and (bool(form.errors) or not contacts.is_valid())
    return render(
        request, "subject/form.html", {"form": form, "contacts": contacts, **context}, status=422 if wrong else 200
    )
