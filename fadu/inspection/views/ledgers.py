"""检查台账、整改台账: lists with filters, sorting and an xlsx of exactly the filtered rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from fadu.inspection import queries
from fadu.inspection.models import Finding, Level, Visit
from fadu.inspection.procedures.routine.procedure import RoutineInspection
from fadu.inspection.services.planning import MAY_PLAN
from fadu.kernel import clock
from fadu.org.choices import OrganChoice
from fadu.procedure.presenting import number_of
from fadu.procedure.queries import search
from fadu.subject.models import Subject
from fadu.ui.forms import DateField
from fadu.ui.listing import Column, Filters, Kind, Listing, Tab

State = RoutineInspection.State
ANY = ("", "全部")


def page_of(visit: Visit) -> str:
    """The address of a visit."""
    return reverse("procedure:matter", args=[visit.pk])


def number(visit: Visit) -> str:
    """How the ledger calls a visit: its serial, or that its plan is not approved yet."""
    return number_of(visit) if visit.case_file.serial else "方案待批准"


def officers(visit: Visit) -> str:
    """The officers charged with it."""
    return "、".join(row.officer.name for row in visit.assignments.all() if row.until is None)


def tone(visit: Visit) -> str:
    """The tone of the state's tag."""
    tones = {State.CLOSED: "ok", State.CORRECTED: "ok", State.CANCELLED: "line", State.RECTIFYING: "due"}
    return tones.get(visit.stage, "info")  # type: ignore[call-overload,no-any-return]


class VisitFilters(Filters):
    """Conditions of the ledger of visits."""

    q = forms.CharField(label="被检查单位、文号")
    state = forms.ChoiceField(label="阶段", choices=[ANY, *((s.name, s.value) for s in State)])
    reason = forms.ChoiceField(label="任务来源", choices=[ANY, *Visit.Reason.choices])
    sector = forms.ChoiceField(label="监管行业", choices=[ANY, *Subject.Sector.choices])
    organ = OrganChoice(label="检查机关")
    officer = forms.CharField(label="检查人员")
    since = DateField(label="检查日期自")
    until = DateField(label="至")
    lookups: ClassVar = {
        "state": "state", "reason": "reason", "sector": "subject__sector", "organ": "organ", "since": "planned_on__gte",
        "until": "planned_on__lte",
    }  # fmt: skip
    primary: ClassVar = ("q", "state")

    def narrow(self, rows: Any) -> Any:
        """Words by the index; officers look into another table, where a join would count a visit twice."""
        rows = super().narrow(rows)
        rows = search(rows, self.cleaned_data.get("q") or "")
        if name := self.cleaned_data.get("officer"):
            charged = Visit.objects.filter(assignments__until=None, assignments__officer__name__icontains=name)
            rows = rows.filter(pk__in=charged.values("pk"))
        return rows


class VisitLedger(Listing):
    """检查台账"""

    title = "检查台账"
    unit = "次"
    order: ClassVar = ("-planned_on", "-pk")
    empty = "您能看到的范围内还没有检查。"
    filters = VisitFilters
    template = "inspection/visits.html"
    tabs: ClassVar = (
        Tab("all", "全部", lambda rows: rows),
        Tab("planned", "待检查", lambda rows: rows.filter(state__in=[State.PLANNED.name, State.ARRANGED.name])),
        Tab(
            "open",
            "整改中",
            lambda rows: rows.filter(open_count__gt=0, ended_at__isnull=False).exclude(state=State.CLOSED.name),
        ),
        Tab("major", "有重大隐患", lambda rows: rows.filter(major_count__gt=0)),
        Tab("late", "有逾期", lambda rows: rows.filter(late_count__gt=0)),
    )
    columns: ClassVar = (
        Column("检查", number, sort="case_file__serial", link=page_of, width=18),
        Column("被检查单位", "party_names", sort="party_names", width=40),
        Column("监管行业", "subject.get_sector_display", sort="subject__sector", phone=False, width=14),
        Column("任务来源", "get_reason_display", sort="reason", phone=False, width=18),
        Column("检查日期", lambda v: v.inspected_on or v.planned_on, Kind.DATE, sort="planned_on", width=12),
        Column("检查人员", officers, phone=False, width=20),
        Column("问题", "findings_count", Kind.NUMBER, sort="findings_count", phone=False, width=8),
        Column("重大隐患", "major_count", Kind.NUMBER, sort="major_count", phone=False, width=10),
        Column("未整改", "open_count", Kind.NUMBER, sort="open_count", width=8),
        Column("阶段", "stage.value", Kind.TAG, sort="state", tone=tone, width=12),
        Column("检查机关", "organ.short", sort="organ_id", phone=False, width=16),
        Column("检查表", lambda v: "、".join(str(c) for c in v.checklists.all()), screen=False, width=40),
        Column("现场负责人", "met_name", screen=False, width=14),
        Column("逾期次数", "late_count", Kind.NUMBER, sort="late_count", screen=False, width=10),
        Column("办结日期", "ended_on", Kind.DATE, sort="ended_on", screen=False, width=12),
    )


class FindingFilters(Filters):
    """Conditions of the ledger of findings."""

    q = forms.CharField(label="单位、问题")
    level = forms.ChoiceField(label="隐患等级", choices=[ANY, *Level.choices])
    sector = forms.ChoiceField(label="监管行业", choices=[ANY, *Subject.Sector.choices])
    organ = OrganChoice(label="检查机关")
    since = DateField(label="整改期限自")
    until = DateField(label="至")
    lookups: ClassVar = {
        "q": ("visit__party_names__icontains", "text__icontains"), "level": "level", "sector": "visit__subject__sector",
        "organ": "visit__organ", "since": "due__gte", "until": "due__lte",
    }  # fmt: skip
    primary: ClassVar = ("q", "level")


def finding_tone(finding: Finding) -> str:
    """The tone of a finding's tag: red when it is late or was found not put right."""
    if finding.corrected:
        return "ok"
    if finding.corrected is False or finding.overdue(clock.today()):
        return "late"
    return "due"


class FindingLedger(Listing):
    """整改台账"""

    title = "整改台账"
    unit = "项"
    order: ClassVar = ("due", "pk")
    empty = "您能看到的范围内还没有检查发现的问题。"
    filters = FindingFilters
    tabs: ClassVar = (
        Tab("open", "未整改", lambda rows: rows.exclude(corrected=True)),
        Tab("soon", "七日内到期", lambda rows: rows.exclude(corrected=True).filter(
            due__gte=clock.today(), due__lte=clock.today() + timedelta(days=7))),
        Tab("over", "逾期", lambda rows: rows.exclude(corrected=True).filter(due__lt=clock.today())),
        Tab("major", "重大隐患", lambda rows: rows.filter(level=Level.MAJOR)),
        Tab("done", "已整改", lambda rows: rows.filter(corrected=True)),
        Tab("all", "全部", lambda rows: rows),
    )  # fmt: skip
    columns: ClassVar = (
        Column("问题", "text", link=lambda f: page_of(f.visit), width=50),
        Column("单位", "visit.party_names", sort="visit__party_names", width=36),
        Column("违反", "obligation", phone=False, width=40),
        Column(
            "隐患等级",
            "get_level_display",
            Kind.TAG,
            sort="level",
            tone=lambda f: "late" if f.level == Level.MAJOR else "line",
            phone=False,
            width=10,
        ),
        Column("责令日期", "ordered_on", Kind.DATE, sort="ordered_on", phone=False, width=12),
        Column("整改期限", "due", Kind.DATE, sort="due", width=12),
        Column("整改情况", lambda f: f.state(clock.today()), Kind.TAG, sort="corrected", tone=finding_tone, width=12),
        Column("复查日期", "reinspected_on", Kind.DATE, sort="reinspected_on", phone=False, width=12),
        Column("移交立案", "referred_on", Kind.DATE, sort="referred_on", screen=False, width=12),
        Column("检查", lambda f: number(f.visit), screen=False, width=18),
        Column("检查机关", "visit.organ.short", sort="visit__organ_id", phone=False, width=16),
    )


def visits_seen(request: HttpRequest) -> QuerySet[Visit]:
    """The visits in the person's scope, with what the ledger shows of them."""
    rows = queries.visible(request.officer, clock.today())  # type: ignore[attr-defined]
    return rows.select_related("organ", "case_file", "subject").prefetch_related("assignments__officer", "checklists")


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """检查台账"""
    may_plan = bool(request.roles & MAY_PLAN)  # type: ignore[attr-defined]
    return VisitLedger(request, visits_seen(request)).response(may_plan=may_plan)  # type: ignore[return-value]


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """整改台账"""
    rows = queries.visible_findings(request.officer, clock.today())  # type: ignore[attr-defined]
    rows = rows.select_related("visit__organ", "visit__case_file", "visit__subject")
    return FindingLedger(request, rows).response()  # type: ignore[return-value]
