"""What there is to read about visits: facts for the rules, the rows a person may see, today's visits, checklists of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, When

from fadu.inspection.gate import Fault, faults
from fadu.inspection.models import Checklist, ChecklistItem, Finding, Level, Visit, in_force_on
from fadu.inspection.procedures.routine.facts import (
    FindingFact,
    MeasureFact,
    Occasion,
    Result,
    SignatureFact,
    VisitFacts,
)
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.power import queries as powers
from fadu.power.matching import Held
from fadu.procedure.facts import MatterFacts, OfficerFact
from fadu.procedure.models import Matter
from fadu.procedure.queries import base_facts
from fadu.procedure.registry import facts_of
from fadu.subject.models import Subject

CODE = "inspection.routine"


def visible(officer: Officer | None, on: date) -> QuerySet[Visit]:
    """The visits that ``officer`` may see: the one scope function."""
    return org.scope(officer, on).filter(Visit.objects.all())


def visible_findings(officer: Officer | None, on: date) -> QuerySet[Finding]:
    """The findings of the visits that ``officer`` may see, those of visits still under way left out."""
    rows = org.scope(officer, on).filter(Finding.objects.all(), "visit__organ")
    return rows.exclude(visit__ended_at=None)


def charged_with(officer: Officer, on: date) -> QuerySet[Visit]:
    """The visits that ``officer`` is charged with and that are to be made or under way, the next first."""
    rows = Visit.objects.filter(
        assignments__officer=officer, assignments__until=None, state__in=["ARRANGED", "ON_SITE", "FINISHED"]
    )
    return rows.filter(planned_on__lte=on).order_by("planned_on", "pk").distinct()


def to_reinspect(officer: Officer) -> QuerySet[Visit]:
    """The visits of ``officer`` whose findings are to be looked at again, the most pressing first."""
    rows = Visit.objects.filter(assignments__officer=officer, assignments__until=None, state="RECTIFYING")
    return rows.order_by("next_day", "pk").distinct()


# --- checklists -----------------------------------------------------------------------------------------------------


def checklists(organ: Organ | None) -> QuerySet[Checklist]:
    """The versions that concern an organ: its own, those of the organ above it, those of all."""
    near = [] if organ is None else [key for key in (organ.pk, organ.parent_id) if key]
    return Checklist.objects.filter(Q(organ=None) | Q(organ__in=near))


def checklists_on(on: date, sector: str = "", organ: Organ | None = None) -> QuerySet[Checklist]:
    """The versions by which an organ works on a day, one of each list: its own, else its superior's, else the common one.

    All, or those of one sector with the lists for every sector.
    """
    nearest = [] if organ is None else [
        Case(When(organ=organ.pk, then=0), When(organ=None, then=2), default=1, output_field=IntegerField())
    ]  # fmt: skip
    chosen = (
        checklists(organ)
        .filter(in_force_on(on), state=Checklist.State.PUBLISHED)
        .order_by("code", *nearest, "-from_date", "-id")
        .distinct("code")
    )
    rows = Checklist.objects.filter(pk__in=chosen.values("pk"))
    return rows.filter(sector__in=["", sector]) if sector else rows


def as_of(lists: Iterable[Checklist], organ: Organ, on: date) -> list[Checklist]:
    """The versions of the same lists by which the organ works on that day; a list without one is left out."""
    return list(checklists_on(on, organ=organ).filter(code__in={row.code for row in lists}))


def suggested_checklists(subject: Subject, on: date) -> QuerySet[Checklist]:
    """The general checklist and the main one of the subject's sector; lists for one trade are added by hand."""
    return checklists_on(on, subject.sector, subject.organ).filter(order__lt=100)


def public_checklists(on: date) -> QuerySet[Checklist]:
    """The versions that the public is shown: those of the house."""
    return checklists_on(on, organ=powers.house())


def faults_of_item(row: Checklist, item: ChecklistItem) -> list[Fault]:
    """What keeps an item, as it stands in the form, from a version; its code among the others of the version."""
    others = row.items.filter(code=item.code).exclude(pk=item.pk)
    return faults([*(one.value for one in others), item.value], row.from_date, row.until)


def faults_in(row: Checklist) -> list[Fault]:
    """What keeps a version from publication, with its places; another published version on its days among them."""
    items = row.items.order_by("ordinal", "id")
    found = faults([item.value for item in items], row.from_date, row.until)
    others = Checklist.objects.filter(code=row.code, organ=row.organ, state=Checklist.State.PUBLISHED)
    # one that began earlier and has no end will end on the first day of this one
    overlapping = others.filter(
        Q(from_date__gte=row.from_date) & (Q(from_date__lt=row.until) if row.until else Q())
        | Q(from_date__lt=row.from_date, until__gt=row.from_date)
    ).exclude(pk=row.pk)
    return found + [
        Fault("", "from_date", f"与已公布的“{other}”（{other.from_date}起施行）日期重叠，请改定施行日期。") for other in overlapping
    ]  # fmt: skip


# --- findings -------------------------------------------------------------------------------------------------------


def findings_to_order(visit: Visit) -> list[Finding]:
    """The findings that must be ordered to be put right: never ordered, or not put right after their term."""
    return list(visit.findings.filter(Q(corrected=None, due=None) | Q(corrected=False)))


def findings_to_reinspect(visit: Visit) -> list[Finding]:
    """The findings under order that were not looked at again since."""
    rows = visit.findings.filter(due__isnull=False, reinspected_on=None)
    return list(rows.exclude(corrected=True))


@facts_of(
    CODE,
    "checks",
    "findings",
    "extensions",
    "presences__officer__certificates",
    "signatures",
    "reinspections",
    "measures__hazards",
)
def visit_facts(matter: Matter, on: date) -> MatterFacts:
    """Everything that the rules of an inspection read of a visit on ``on``, from its records."""
    visit = matter if isinstance(matter, Visit) else Visit.objects.get(pk=matter.pk)
    checks = list(visit.checks.all())
    rows = list(visit.findings.all())
    numbers = {row.pk: row.ordinal for row in rows}
    # extended and re-inspected only after an order
    ordered = visit.state in ("RECTIFYING", "CORRECTED", "CLOSED")
    extensions = list(visit.extensions.all()) if ordered else []
    asked = {row.finding_id for row in extensions if row.granted is None}
    found_for = {row.item_id for row in rows}
    bad = [check for check in checks if check.result == Result.BAD.value and check.item_id not in found_for]
    reinspections = len(visit.reinspections.all()) if ordered else 0
    # asked only where a visit is still to be arranged or begun
    power = power_of(visit, on) if visit.state in ("PLANNED", "ARRANGED") else None
    return VisitFacts(
        **base_facts(visit, on),
        power=f"{power.item.code} {power.item.name}" if power else "",
        planned_on=visit.planned_on,
        planned_until=visit.planned_until,
        items=visit.item_rows().count(),
        checked=sum(check.result != Result.UNCHECKED.value for check in checks),
        bad_without_finding=tuple(check.item.content for check in bad),
        findings=tuple(_finding(row, row.pk in asked) for row in rows),
        present=_present(visit, Occasion.VISIT, 1, on),
        reinspecting=_present(visit, Occasion.REINSPECTION, reinspections, on) if ordered else (),
        certificates_shown=visit.certificates_shown_at is not None,
        signatures=tuple(
            SignatureFact(Occasion(s.occasion), s.officer_id, s.name, bool(s.image), s.refusal)
            for s in visit.signatures.all()
        ),
        reinspections=reinspections,
        extension_round=max((row.round for row in extensions), default=0),
        photos=sum(len(row.photos) for row in rows),
        measures=tuple(
            MeasureFact(
                one.ordinal, frozenset(numbers[h.finding_id] for h in one.hazards.all()), one.lifted_on, one.lift_round
            )
            for one in visit.measures.all()
        ),
    )


def power_of(visit: Visit, on: date) -> Held | None:
    """The inspection item in force on a day at the visit's organ that covers it: the one it stands on, else another."""
    known = next((one for one in powers.held_by(visit.organ, on) if one.pk == visit.power_id), None)
    return known or powers.for_inspection(visit.organ, on, sector=visit.subject.sector, reason=visit.reason)


def _finding(row: Finding, asked: bool) -> FindingFact:
    return FindingFact(
        row.ordinal, row.text, row.obligation, row.level == Level.MAJOR, row.on_the_spot, row.order_round, row.due,
        row.reinspected_on, row.corrected, row.referred_on, asked,
    )  # fmt: skip


def _present(visit: Visit, occasion: Occasion, number: int, on: date) -> tuple[OfficerFact, ...]:
    """Those who came on an occasion; the certificate is judged by the day on which they came."""
    rows = [row for row in visit.presences.all() if (row.occasion, row.round) == (occasion.value, number)]
    day = rows[0].on if rows else on
    return tuple(
        OfficerFact(
            row.officer_id, row.officer.name, row.certificate,
            org.certificate_among(row.officer.certificates.all(), day) is not None,
        )
        for row in rows
    )  # fmt: skip
