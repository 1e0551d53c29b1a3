"""What inspection adds to pages below it: navigation, the head and sections of a visit, an enterprise's visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from fadu.inspection import queries
from fadu.inspection.models import Visit
from fadu.inspection.services.planning import MAY_PLAN
from fadu.kernel import clock
from fadu.org.roles import Role
from fadu.power import registry as powers
from fadu.power.registry import Tally
from fadu.procedure.models import Matter
from fadu.procedure.registry import summary_of
from fadu.record.models import EvidenceFile
from fadu.subject.models import Subject
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry
from fadu.ui.wording import in_full


def sees_rows(request: HttpRequest) -> bool:
    """Whoever sees no organ's rows needs no entry."""
    return bool(request.scope.organs)  # type: ignore[attr-defined]


def visits_enterprises(request: HttpRequest) -> bool:
    """The officers who go out."""
    return Role.CASE_OFFICER in request.roles  # type: ignore[attr-defined]


slots.nav(
    NavEntry(
        Group.INSPECTION, "今日检查", "inspection:today", icon="pen", order=5, allowed=visits_enterprises, on_phone=True, short="今日"
    )
)  # fmt: skip
slots.nav(
    NavEntry(Group.INSPECTION, "检查台账", "inspection:visits", icon="check", order=10, allowed=sees_rows, on_phone=True, short="检查")
)  # fmt: skip
slots.nav(NavEntry(Group.INSPECTION, "整改台账", "inspection:findings", icon="list", order=20, allowed=sees_rows))
slots.nav(NavEntry(Group.LAW, "重点事项清单", "inspection:checklists", icon="check", order=495, short="清单"))
slots.public_nav("重点事项清单", "inspection:public_checklists", order=28)


@powers.figure("checklist_sectors")
def checklist_sectors(on: date) -> list[str]:
    """The sectors for which there is a checklist of their own."""
    held = set(queries.public_checklists(on).exclude(sector="").values_list("sector", flat=True))
    return [sector.label for sector in Subject.Sector if sector.value in held]


@powers.counts("random_draw")
def random_draws(code: str) -> Tally:
    """Visits arranged under the item, each with what led to it; it fires where that was a random draw (双随机)."""
    rows = Visit.objects.filter(power__code=code)
    return Tally(rows.count(), rows.filter(reason=Visit.Reason.DOUBLE_RANDOM).count(), "来自双随机抽查")


@summary_of(queries.CODE)
def summary(matter: Matter) -> list[tuple[str, ...]]:
    """The facts at the head of a visit's page."""
    visit = matter
    assert isinstance(visit, Visit)
    planned = in_full(visit.planned_on)
    if visit.planned_until != visit.planned_on:
        planned += f"至{in_full(visit.planned_until)}"
    return [
        ("被检查单位", visit.subject.name, reverse("subject:page", args=[visit.subject_id])),
        (
            "职权事项",
            str(visit.power) if visit.power else "—",
            reverse("power:item", args=[visit.power.code]) if visit.power else "",
        ),
        ("任务来源", visit.get_reason_display() + (f"（{visit.reason_detail}）" if visit.reason_detail else "")),
        ("检查日期", in_full(visit.inspected_on) if visit.inspected_on else f"{planned}（计划）"),
        ("检查表", "、".join(str(one) for one in visit.checklists.all())),
        ("现场负责人", "　".join(filter(None, (visit.met_name, visit.met_post))) or "—"),
        ("检查机关", visit.organ.name),
    ]


@slots.slot("matter.top", order=10)
def onsite_link(context: Mapping[str, Any]) -> SafeString | None:
    """The way to the page on site, for the officers charged with a visit that is to be made or under way."""
    visit, request = context["matter"], context["request"]
    if not isinstance(visit, Visit) or visit.state not in ("ARRANGED", "ON_SITE"):
        return None
    if not visit.assignments.filter(officer=request.officer, until=None).exists():
        return None
    return SafeString(render_to_string("inspection/part/onsite_link.html", {"visit": visit}))


@slots.slot("matter.sections", order=10)
def sections(context: Mapping[str, Any]) -> SafeString | None:
    """Findings with their photographs, re-inspections, extensions and results of a visit."""
    visit = context["matter"]
    if not isinstance(visit, Visit):
        return None
    on = clock.today()
    findings = list(visit.findings.select_related("item__checklist"))
    tones = {
        "当场改正": "ok",
        "已整改": "ok",
        "复查未整改": "late",
        "期满待复查": "late",
        "整改中": "due",
        "待责令整改": "due",
    }
    files = {file.sha256: file for file in EvidenceFile.objects.filter(chain=visit.chain).order_by("-pk")}
    photos = [
        {
            "name": f"问题{row.ordinal}", "url": reverse("record:evidence", args=[files[key].pk]), "thumb_url": reverse("record:thumbnail", args=[files[key].pk]),
            "kind": "照片", "at": files[key].made_at, "place": files[key].place, "hash": key,
        }
        for row in findings
        for key in row.photos
        if key in files
    ]  # fmt: skip
    data = {
        "visit": visit, "photos": photos, "findings": [{"finding": f, "state": f.state(on), "tone": tones[f.state(on)]} for f in findings],
        "reinspections": visit.reinspections.prefetch_related("results__finding"), "checks": visit.checks.select_related("item"),
        "extensions": visit.extensions.select_related("finding"),
    }  # fmt: skip
    return SafeString(render_to_string("inspection/part/sections.html", data))


@slots.slot("matter.sections", order=11)
def measures(context: Mapping[str, Any]) -> SafeString | None:
    """What was stopped on site, for which hazards, and whether it may go on (安全生产法 65 I 3)."""
    visit = context["matter"]
    if not isinstance(visit, Visit):
        return None
    rows = list(visit.measures.prefetch_related("findings"))
    if not rows:
        return None
    return SafeString(render_to_string("inspection/part/measures.html", {"rows": rows}))


@slots.slot("subject.page", order=10)
def of_subject(context: Mapping[str, Any]) -> SafeString | None:
    """The visits to an enterprise that this person may see, on its page."""
    subject, request = context["subject"], context["request"]
    if subject.is_person:
        return None
    rows = queries.visible(request.officer, clock.today()).filter(subject=subject).order_by("-planned_on", "-pk")[:20]
    may_plan = bool(request.roles & MAY_PLAN)
    return SafeString(
        render_to_string("inspection/part/of_subject.html", {"visits": rows, "subject": subject, "may_plan": may_plan})
    )
