"""Organs, people and their papers."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fadu.kernel import clock
from fadu.org.forms import PeopleFilters
from fadu.org.models import Appointment, Certificate, Department, Officer, Organ
from fadu.org.queries import qualified_for_review, roles_of
from fadu.org.roles import Role


def certificates_of(officer: Officer) -> list[tuple[Certificate, Certificate.State]]:
    """The officer's certificates with their state of today."""
    today = clock.today()
    return [(certificate, certificate.state(today)) for certificate in officer.certificates.all()]


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """机构与人员: every organ with its departments, who holds which post, and the state of their certificates."""
    today = clock.today()
    form = PeopleFilters(request.GET)
    form.is_valid()
    chosen, q = form.cleaned_data.get("organ"), form.cleaned_data.get("q") or ""
    shown = [chosen] if chosen else list(Organ.objects.all())
    rows = Appointment.objects.on(today).filter(post__organ__in=shown)
    if q:
        rows = rows.filter(officer__name__icontains=q)
    newest = Prefetch("officer__certificates", queryset=Certificate.objects.order_by("-valid_to"))
    rows = rows.select_related("officer", "post__department").prefetch_related(newest)
    rows = rows.order_by("post__department__order", "post__department_id", "post__order", "post_id", "officer_id")
    by_organ: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for appointment in rows:
        section = appointment.post.department.name if appointment.post.department else "局领导"
        group = by_organ.setdefault(appointment.post.organ_id, {}).setdefault(section, [])
        group.append({"appointment": appointment, "certificate": _shown_certificate(appointment.officer)})
    for department in Department.objects.filter(organ__in=shown) if not q else ():
        by_organ.setdefault(department.organ_id, {}).setdefault(department.name, [])
    found = [(organ, by_organ.get(organ.pk, {})) for organ in shown if by_organ.get(organ.pk) or not q]
    context = {"form": form, "found": found, "states": Certificate.State}
    return render(request, "org/people.html", context)


def _shown_certificate(officer: Officer) -> dict[str, Any] | None:
    """Of an officer's certificates the one that counts today: a valid one first, else the latest."""
    today = clock.today()
    certificates = list(officer.certificates.all())
    best = next((c for c in certificates if c.is_valid(today)), certificates[0] if certificates else None)
    return {"row": best, "state": best.state(today), "days": (best.valid_to - today).days} if best else None


@require_safe
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """One officer: posts now and before, certificates, legal qualification."""
    person = get_object_or_404(Officer.objects.prefetch_related("certificates", "qualifications"), pk=pk)
    today = clock.today()
    history = (
        person.appointments.filter(confirmed=True)
        .select_related("post__organ", "post__department")
        .order_by("-starts_on", "-id")
    )
    return render(
        request,
        "org/officer.html",
        {
            "person": person,
            "current": [a for a in history if a.starts_on <= today and (a.ends_on is None or a.ends_on >= today)],
            "history": history,
            "roles": [role for role in Role if role in roles_of(person, today)],
            "certificates": certificates_of(person),
            "qualifications": person.qualifications.all(),
            "qualified": qualified_for_review(person, today),
        },
    )


@require_safe
def organ(request: HttpRequest, pk: int) -> HttpResponse:
    """One organ: what its papers print, its departments and posts."""
    found = get_object_or_404(Organ.objects.select_related("parent", "division"), pk=pk)
    posts = found.posts.select_related("department").order_by("department__order", "order", "id")
    return render(request, "org/organ.html", {"organ": found, "posts": posts})
