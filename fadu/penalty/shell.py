"""What penalty adds to pages below it: navigation, the head and the sections of a case's page, an enterprise's cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from fadu.discretion import queries as benchmarks
from fadu.kernel import clock
from fadu.org.laying import lay_all
from fadu.penalty import queries
from fadu.penalty.forms import Proposing
from fadu.penalty.history import provision_for
from fadu.penalty.models import CaseDiscretion, LegalReview, PenaltyCase
from fadu.penalty.notes import NORMS_SHOWN, heavier_norms, notes_on
from fadu.penalty.services.weighing import circumstances_of
from fadu.power import registry as powers
from fadu.power.registry import Tally
from fadu.procedure.models import Matter
from fadu.procedure.registry import summary_of
from fadu.record.models import EvidenceFile
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry, address_of

# when the party's history has done its work
ENDED = ("ARCHIVED", "CLOSED", "NOT_FILED", "DISMISSED", "TERMINATED")


def _sees(request: HttpRequest) -> bool:
    """Whoever sees no organ's rows needs no entry."""
    return bool(request.scope.organs)  # type: ignore[attr-defined]


slots.nav(NavEntry(Group.CASES, "线索登记", "penalty:clues", icon="list", order=10, allowed=_sees))
slots.nav(
    NavEntry(
        Group.CASES, "案件台账", "penalty:ledger", icon="case", order=20, allowed=_sees, on_phone=True, short="案件"
    )
)


slots.nav(
    NavEntry(Group.CASES, "裁量一致性", "penalty:consistency", icon="scale", order=30, allowed=_sees, short="一致")
)


@slots.slot("discretion.aside", order=10)
def beside_benchmarks(context: Mapping[str, Any]) -> SafeString:
    """The way from the benchmarks to how they are applied."""
    return SafeString(render_to_string("penalty/part/beside_benchmarks.html", {}))


@powers.figure("benchmarks")
def published_benchmarks(on: date) -> int:
    """How many published benchmarks of discretion apply on a day, for the figures of the list of powers."""
    return benchmarks.count_in_force(on)


@powers.counts("legal_review")
def legal_reviews(code: str) -> Tally:
    """Legal reviews of cases; it fires where one did not pass."""
    rows = LegalReview.objects.filter(case__power__code=code)
    return Tally(rows.count(), rows.exclude(verdict=LegalReview.Verdict.PASSED).count(), "未通过")


@powers.counts("deviation")
def departures(code: str) -> Tally:
    """Fines weighed by a benchmark; it fires where one departs from it, with its reason and the higher signature."""
    rows = CaseDiscretion.objects.filter(party__case__power__code=code)
    return Tally(rows.count(), rows.filter(departed=True).count(), "偏离并写明理由")


@summary_of(
    "penalty.ordinary",
    "parties__defences",
    "evidence__obtained_by",
    "reviews__reviewer",
    "parties__discretion__benchmark__set",
)
def summary(matter: Matter) -> list[tuple[str, ...]]:
    """The facts at the head of a case's page."""
    case = matter
    assert isinstance(case, PenaltyCase)
    parties = list(case.parties.all())
    first = parties[0] if parties else None
    proposed = "；".join(str(p.sanctions) for p in parties if not p.exemption and not p.sanctions.is_empty)
    facts: list[tuple[str, ...]] = [
        (
            "当事人",
            case.party_names or "尚不明确",
            reverse("subject:page", args=[first.subject_id]) if first and first.subject_id else "",
        ),
        ("案由", case.cause),
        (
            "职权事项",
            str(case.power) if case.power else "立案时选定",
            reverse("power:item", args=[case.power.code]) if case.power else "",
        ),
        (
            "来源",
            case.get_source_display() + (f"（{case.source_detail}）" if case.source_detail else ""),
            reverse("procedure:matter", args=[case.visit_id]) if case.visit_id else "",
        ),
        ("违反", "、".join(case.violated) or "—"),
        ("拟处罚" if case.decided_on is None else "处罚", proposed or "—"),
        ("办理机关", case.organ.name),
    ]
    return facts


# the forms above which the notes stand: where the act is described, judged and decided
NOTED = ("file", "conclude", "repropose", "notify", "exempt", "decide")
CHOSEN = ("repropose", "notify", "decide")  # by then a provision has been chosen


@slots.slot("matter.top", order=10)
def heeded(context: Mapping[str, Any]) -> SafeString | None:
    """What records say of a case, at the head of its page."""
    case = context["matter"]
    if not isinstance(case, PenaltyCase) or not (notes := notes_on(case, context["known"])):
        return None
    return SafeString(render_to_string("penalty/part/notes.html", {"notes": notes}))


@slots.slot("act.top", order=10)
def heeded_in_a_form(context: Mapping[str, Any]) -> SafeString | None:
    """The same above the forms that turn on it, and the provisions the act may fall under where one is chosen."""
    case, step = context["matter"], context["step"]
    if not isinstance(case, PenaltyCase) or step.name not in NOTED:
        return None
    notes, hints = notes_on(case, context["known"]), []
    if step.name in CHOSEN:
        notes += heavier_norms(case)
    if isinstance(form := context["form"], Proposing):
        hints = [(party, form.norms.of(party)[:NORMS_SHOWN]) for party in case.parties.all()]
    data = {
        "notes": notes,
        "hints": [(party, norms) for party, norms in hints if norms],
    }
    return SafeString(render_to_string("penalty/part/notes.html", data))


@slots.slot("matter.sections", order=10)
def sections(context: Mapping[str, Any]) -> SafeString | None:
    """Parties, evidence, defence, review and discussion of a case."""
    case = context["matter"]
    if not isinstance(case, PenaltyCase):
        return None
    files = {f.sha256: f for f in lay_all(EvidenceFile, "t.chain = $1", "text", [case.chain])}
    parties, applied = [], []
    for party in case.parties.all():
        if (made := getattr(party, "discretion", None)) is not None:
            applied.append({"party": party, "made": made, "circumstances": circumstances_of(made)})
        provision = provision_for(party)
        parties.append({
            "party": party, "basis": str(provision.article) if provision else "",
            "paid": sum((payment.amount for payment in party.payments.all()), Decimal(0)),
            "disclosed": party.disclosure if hasattr(party, "disclosure") and party.disclosure.withdrawn_on is None else None,
        })  # fmt: skip
    evidence = [
        {
            "evidence": e, "url": address_of("record:evidence", file.pk) if file else "",
            "thumb_url": address_of("record:thumbnail", file.pk) if file and file.has_thumbnail else "",
        }
        for e in case.evidence.all() for file in (files.get(e.sha256),)
    ]  # fmt: skip
    history = [] if case.stage.name in ENDED else [
        (party, row) for party in case.parties.all() for row in queries.decisions_within_a_year(party, case.filed_on or clock.today())
    ]  # fmt: skip
    data = {
        "applied": applied, "history": history, "case": case,
        "parties": parties, "evidence": evidence, "defences": [defence for party in case.parties.all() for defence in party.defences.all()],
        "reviews": case.reviews.all(), "discussions": case.discussions.all(), "reports": case.crime_reports.all(),
    }  # fmt: skip
    return SafeString(render_to_string("penalty/part/sections.html", data))


@slots.slot("subject.page", order=20)
def of_subject(context: Mapping[str, Any]) -> SafeString | None:
    """The cases of an enterprise that this person may see, on its page."""
    request = context["request"]
    rows = (
        queries.visible(request.officer, clock.today())
        .filter(parties__subject=context["subject"])
        .distinct()
        .order_by("-pk")[:20]
    )
    return SafeString(render_to_string("penalty/part/of_subject.html", {"cases": rows})) if rows else None
