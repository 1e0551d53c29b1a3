"""What there is to read about penalty cases: the facts for the rules, lists and ledgers, and a party's history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.db.models import QuerySet

from fadu.discretion import queries as benchmarks
from fadu.discretion.benchmarks.declare import Leniency
from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.kernel.memory import remember
from fadu.law import lawfulness
from fadu.law import queries as law
from fadu.law.citations import Article, parse
from fadu.law.content import offences
from fadu.law.content.offences import FIGURES
from fadu.law.judging import book
from fadu.law.judging.concurrence import Norm, norms
from fadu.law.judging.crime import Suspicion, in_words, suspicions
from fadu.law.lawfulness import Mitigation, OrderToCorrect
from fadu.law.provisions import Provision, Stage
from fadu.law.statutes import APL, WSL
from fadu.org import queries as org
from fadu.org.models import Division, Officer
from fadu.penalty.history import Records, acted_on, base_of, cited, others_of, provision_for
from fadu.penalty.models import CaseParty, Disclosure, Hearing, PenaltyCase, PreservedItem
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.leniency import read as applied_leniency
from fadu.penalty.procedures.ordinary.facts import CaseFacts, DiscretionFact, HearingFact, PartyFact, RemedyFact
from fadu.penalty.procedures.ordinary.procedure import OrdinaryPenalty
from fadu.penalty.procedures.ordinary.states import AFTER_DECISION
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.penalty.procedures.spread import Decided
from fadu.penalty.procedures.surcharge import accrued
from fadu.periods.counting import last_day, latest_before
from fadu.periods.lengths import workdays, years
from fadu.power import queries as powers
from fadu.power.classes import PowerClass
from fadu.procedure.declare import Duty
from fadu.procedure.facts import ActFact, MatterFacts, PaperFact
from fadu.procedure.queries import base_facts
from fadu.procedure.registry import facts_of

State = OrdinaryPenalty.State
PRESENT = "出席"
LISTED = (Exemption.MINOR, Exemption.FIRST, Exemption.NO_FAULT)  # the grounds of which lists of no penalty speak (33)
SETTLED = ("执行完毕", "终结执行")
# papers for a party that have no step of service of their own
SERVED_APART = (
    Document.PRESERVATION_NOTICE, Document.PRESERVATION_DISPOSAL, Document.DEFERRAL_CONSENT, Document.SURCHARGE_DECISION, Document.DEMAND,
    Document.CORRECTION_DECISION,
)  # fmt: skip
REVIEW_RESET = ("conclude", "consider", "repropose", "reinvestigate")


def visible(officer: Officer | None, on: date) -> QuerySet[PenaltyCase]:
    """The cases that ``officer`` may see: the one scope function."""
    return org.scope(officer, on).filter(PenaltyCase.objects.all())


def disclosed() -> QuerySet[Disclosure]:
    """The penalty decisions open to the public now."""
    return Disclosure.objects.filter(withdrawn_on=None)


def earlier_penalties(party: CaseParty) -> int:
    """How many penalties were decided against the same subject before this case's act (33 I: 初次违法)."""
    return len(others_of(party))


def decisions_within_a_year(party: CaseParty, until: date) -> list[CaseParty]:
    """The penalties decided against the same subject or person in the twelve months up to ``until``, the newest first."""
    since = until.replace(year=until.year - 1, day=min(until.day, 28) if until.month == 2 else until.day)
    return [row for row in reversed(others_of(party)) if row.decided_on and since < row.decided_on <= until]


def fines_decided(
    rows: QuerySet[PenaltyCase], since: date | None = None, until: date | None = None
) -> dict[tuple[str, str, str], list[Decided]]:
    """The fines decided in some cases, by provision, kind of payer and stage: what may be compared with each other."""
    parties = CaseParty.objects.filter(case__in=rows, decided__isnull=False).exclude(decided={}).exclude(provision="")
    if since:
        parties = parties.filter(decided_on__gte=since)
    if until:
        parties = parties.filter(decided_on__lte=until)
    found: dict[tuple[str, str, str], list[Decided]] = {}
    parties = parties.select_related(
        "case__organ__division", "case__division", "discretion__benchmark"
    ).prefetch_related("case__assignments__officer")
    counties: dict[str, str] = dict(Division.objects.filter(level="county").values_list("code", "name"))
    for party in parties.order_by("-decided_on", "pk"):
        fine = party.decision_sanctions.fine
        if not fine:
            continue
        applied = getattr(party, "discretion", None)
        stage = applied.stage if applied else ("uncorrected" if party.order_obeyed is False else "immediate")
        place = party.case.division or party.case.organ.division
        found.setdefault((party.provision, "person" if party.is_person else "unit", stage), []).append(
            Decided(
                party.case_id, party.case.title, party.name, fine, counties.get(place.code[:6], place.name),
                tuple(dict.fromkeys(a.officer.name for a in party.case.assignments.all())), applied.level if applied else "",
                applied.lower if applied else None, applied.upper if applied else None, bool(applied and applied.departed),
                applied.benchmark.code if applied else "",
            )
        )  # fmt: skip
    return found


def limitation_end(start: date, n: int) -> date:
    """The last day of a limitation of ``n`` years from ``start`` (36); the bureau's limit does not roll."""
    return last_day(start, years(n), law.calendar(), False).day


def circumstances(party: CaseParty, on: date) -> lawfulness.Facts:
    """What the file establishes about one party under its provision."""
    case, base = party.case, base_of(party.case)
    provision = provision_for(party, on)
    order = OrderToCorrect(party.order_due, bool(party.order_obeyed)) if party.order_due else None
    return lawfulness.Facts(
        party.party,
        acted_on(case),
        on,
        order=order,
        base_fine=base.each if base else None,
        days=base.days if base else None,
        newer_is_lighter=provision is not None and not provision.in_force(acted_on(case)),
        stages=frozenset(Stage(s) for s in party.stages),
        income=party.income,
        gains=party.gains,
        mitigation=frozenset(Mitigation(m) for m in party.mitigation),
    )


def _party(
    party: CaseParty, case: PenaltyCase, common: dict[str, object], on: date, hearing: Hearing | None
) -> PartyFact:
    """One party as the rules read it."""
    papers: tuple[PaperFact, ...] = common["papers"]  # type: ignore[assignment]
    own = [p for p in papers if p.party == party.ordinal and not p.void]
    notices = [p for p in own if p.kind is Document.ADVANCE_NOTICE]
    notice = notices[-1] if notices else None
    rows = list(party.notices.all())
    served = [row for row, paper in zip(rows, notices, strict=False) if paper.served_by(on)]
    decision = next((p for p in own if party.decision_id and p.paper_id == party.decision_id), None)
    marker = rows[-1].act_ordinal if rows else 0
    status = hearing.attendance.get(str(party.ordinal), "") if hearing else ""
    # what follows a decision is asked for only where there was one
    decided = any(a.step in ("decide", "exempt") for a in common["acts"])  # type: ignore[attr-defined]
    changes, rulings = (list(party.changes.all()), list(party.rulings.all())) if decided else ([], [])
    change = changes[-1] if changes else None
    remedies = [RemedyFact(r.kind, r.filed_on, r.ended_on, r.result) for r in party.remedies.all()] if decided else []
    acts = [a for a in common["acts"] if a.party == party.ordinal and a.ordinal > marker]  # type: ignore[attr-defined]
    steps = {a.step for a in acts}
    at_act = case.acted_on or case.found_on
    provision = provision_for(party, on)
    leniency = applied_leniency(party.leniency)
    return PartyFact(
        ordinal=party.ordinal,
        name=party.name,
        party=party.party,
        provision=provision,
        power=_power(party, provision, on) if case.state in ("INVESTIGATING", "CONSIDERED") else "",
        circumstances=circumstances(party, on),
        proposed=party.sanctions,
        exemption=Exemption[party.exemption] if party.exemption else None,
        exemption_reason=party.exemption_reason,
        noticed=Sanctions.from_json(served[-1].sanctions) if served else None,
        notice=notice,
        defended="record_defence" in steps,
        waived="waive" in steps,
        hearing_requested="request_hearing" in steps,
        heard=status == PRESENT and hearing is not None and hearing.reported_on is not None,
        hearing_waived="waive_hearing" in steps,
        hearing_withdrawn=_later(acts, "withdraw_hearing", "request_hearing"),
        hearing_abandoned=status not in ("", PRESENT),
        hearing_notice=next((p for p in reversed(own) if p.kind is Document.HEARING_NOTICE), None),
        decision=decision,
        decided=party.decision_sanctions if party.decided is not None else None,
        paid=_paid(party) if party.decided is not None else Decimal(0),
        performed_otherwise=any(a.step == "record_performance" and a.party == party.ordinal for a in common["acts"]),  # type: ignore[attr-defined]
        corrected=party.order_obeyed is True,
        # asked of the history only where it decides: 初次违法
        earlier_penalties=earlier_penalties(party) if party.exemption == Exemption.FIRST.name or leniency else 0,
        evidence_by_party=any(e.by_party for e in case.evidence.all()),
        appraised=any(e.kind == "expert" for e in case.evidence.all()),
        age_at_act=age_on(party.born_on, at_act) if party.born_on else None,
        disclosed=hasattr(party, "disclosure") and party.disclosure.withdrawn_on is None,
        kept=party.kept,
        surcharge=surcharge_of(party, on),
        surcharge_told=decision is not None and "pay_days" in _context(decision),
        remedies=tuple(remedies),
        remanded=change is not None and change.remand and not _redecided(common, change.act_ordinal),
        remand_for_procedure=change is not None and change.for_procedure,
        annulled=Sanctions.from_json(change.former) if change is not None and change.former is not None else None,
        new_evidence=change is not None and any(e.obtained_on > change.on for e in case.evidence.all()),
        demand=next((p for p in reversed(own) if p.kind is Document.DEMAND), None),
        unserved=tuple(p.kind for p in own if p.kind in SERVED_APART and p.served_on is None),
        court_applied=any(a.step == "apply_court" and a.party == party.ordinal for a in common["acts"]),  # type: ignore[attr-defined]
        court_ruling=rulings[-1].ruling if rulings else "",
        discretion=discretion_of(party),
        leniency_listed=bool(party.exemption and leniencies_for(case, Exemption[party.exemption])),
        leniency=leniency,
        elsewhere=Records(party, on),
        told_apart_on=max((a.on for a in acts_for(common, party) if a.step == "distinguish"), default=None),
        closure_waiting=any(not c.outcome for c in party.closures.all()),
        execution_ended=party.execution_ended_on is not None or any(r.ruling in SETTLED for r in rulings),
    )


def acts_for(common: dict[str, object], party: CaseParty) -> list[ActFact]:
    """The steps that were taken for one party."""
    return [a for a in common["acts"] if a.party == party.ordinal]  # type: ignore[attr-defined]


# --- what the case means for the law of crimes and of leniency -------------------------------------------------------


def figures_of(case: PenaltyCase, parties: Iterable[CaseParty]) -> dict[str, Decimal]:
    """What is on record of the harm, and the greatest gains of a party; what is not established is left out."""
    gains = max((p.gains for p in parties if p.gains is not None), default=None)
    figures = {
        "deaths": case.deaths, "serious_injuries": case.serious_injuries, "direct_loss": case.direct_loss, "gains": gains
    }  # fmt: skip
    return {name: Decimal(value) for name, value in figures.items() if value is not None}


def harm_words(case: PenaltyCase) -> str:
    """The harm to life and health as it is stated, and as the figures show it."""
    figures = [
        f"{FIGURES[name][0]}{value}人" for name in ("deaths", "serious_injuries") if (value := getattr(case, name))
    ]
    return "；".join(filter(None, [case.harm, "、".join(figures)]))


def articles_of(case: PenaltyCase, parties: Iterable[CaseParty]) -> list[Article]:
    """The provisions to be applied in the case."""
    return [made.article for party in parties if (made := provision_for(party)) is not None]


def suspicions_of(case: PenaltyCase, parties: list[CaseParty]) -> list[Suspicion]:
    """The crimes whose figures the case reaches (行政处罚法 27)."""
    figures = figures_of(case, parties)
    if not any(figures.values()):
        return []
    return suspicions(offences.shipped(), figures, articles_of(case, parties), acted_on(case))


def _crime_answered(case: PenaltyCase, acts: Iterable[ActFact]) -> bool:
    """Has a head denied the crime by name, or justice sent the case back, since the figures last changed?"""
    since = [a.step for a in acts if a.ordinal > case.harm_ordinal]
    report = max(case.crime_reports.all(), key=attrgetter("pk"), default=None)
    returned = report is not None and report.reply in ("declined", "returned") and "record_reply" in since
    return returned or "deny_crime" in since or "refuse_transfer" in since


def norms_for(party: CaseParty, held: Iterable[Provision], on: date) -> list[Norm]:
    """The provisions of ``held`` that the act may fall under for a party, the heaviest fine first (行政处罚法 29).

    From what the checklist notes at the findings of the visit, the duties they broke, those the case states, and the cause.
    """
    case = party.case
    findings = list(case.visit.findings.select_related("item")) if case.visit else []
    findings = [one for one in findings if one.referred_on] or findings
    named = {key for one in findings for key in (one.provision, *(one.item.provisions if one.item else ())) if key}
    broken = [text for one in findings for text in (one.item.obligations if one.item else one.obligation.split("、"))]
    duties = [article for text in (*broken, *case.violated) if (article := cited(text)) is not None]
    rows = list(held)
    # a newer provision is looked for only where one of the day of the act has ceased since
    newer = book.shipped() if any(row.until is not None and row.until <= on for row in rows) else None
    return norms(rows, circumstances(party, on), named=named, violated=duties, text=case.cause, book=newer)


def leniencies_for(case: PenaltyCase, ground: Exemption, provision: str = "") -> list[Leniency]:
    """The items of the list of no penalty in force on the day of the act that fall under a ground of exemption.

    With a provision: those that are general, and those for a table that refines it.
    """
    held = benchmarks.set_for(case.organ, acted_on(case))
    if held is None or ground not in LISTED:
        return []
    tables = (
        {table.code for table in benchmarks.tables_for(provision, acted_on(case), case.organ)} if provision else None
    )
    return [
        one
        for one in held.leniency_values
        if one.mandatory == ground.mandatory
        and parse(one.basis).touches(ground.article)
        and (not one.benchmarks or tables is None or tables & set(one.benchmarks))
    ]


def _power(party: CaseParty, provision: Provision | None, on: date) -> str:
    """The code of the item by which the organ may punish the party under its provision; empty for none."""
    if provision is None:
        return ""
    case = party.case
    acted_on = case.act_ended_on or case.acted_on or case.found_on
    held = powers.for_act(case.organ, on, provision.article, acted_on)
    return held.item.code if held else ""


def _filed_under(case: PenaltyCase, on: date) -> str:
    """The code of the item that was chosen for filing the case, if the organ holds it that day."""
    if case.power_id is None or case.state != State.CLUE.name:
        return ""
    held = powers.held_by(case.organ, on, PowerClass.PENALTY)
    return next((one.item.code for one in held if one.pk == case.power_id), "")


def _closure_power(case: PenaltyCase, on: date) -> str:
    """The code of the item by which the organ may propose a closure that day (安全生产法 113); empty for none."""
    held = powers.for_penalty(case.organ, on, WSL[113, None, 1])
    return held.item.code if held else ""


def _surcharge_power(case: PenaltyCase, on: date) -> str:
    """The code of the item by which the organ may decide a surcharge that day (72 I 1); empty for none."""
    held = powers.for_act_of(case.organ, on, APL[72, 1, 1], PowerClass.COMPULSION)
    return held.item.code if held else ""


def discretion_of(party: CaseParty) -> DiscretionFact | None:
    """What the benchmark left open for the party, or None where none was applied."""
    row = getattr(party, "discretion", None)
    if row is None:
        return None
    return DiscretionFact(
        row.lower, row.upper, row.upper_in, str(row.open), row.level, row.departure if row.departed else ""
    )


def _later(acts: list[ActFact], step: str, than: str) -> bool:
    """Was ``step`` taken after the latest taking of ``than``?"""
    last = {a.step: a.ordinal for a in acts if a.step in (step, than)}
    return last.get(step, -1) > last.get(than, -1)


def _redecided(common: dict[str, object], ordinal: int) -> bool:
    """Has the case been taken up again since the act of that number?"""
    return any(a.step == "redecide" and a.ordinal > ordinal for a in common["acts"])  # type: ignore[attr-defined]


def _context(paper: PaperFact) -> dict[str, object]:
    """What stands on an issued paper, which never changes."""
    rows = Paper.objects.values_list("context", flat=True)
    found: dict[str, object] = remember(("context", paper.paper_id), lambda: rows.get(pk=paper.paper_id))
    return found


def hearing_of(case: PenaltyCase) -> Hearing | None:
    """The hearing on the latest notice, if a host was appointed for one."""
    marker = max((notice.act_ordinal for party in case.parties.all() for notice in party.notices.all()), default=0)
    later = [row for row in case.hearings.all() if row.act_ordinal > marker]
    return later[-1] if later else None


def surcharge_of(party: CaseParty, on: date) -> Decimal:
    """What has accrued on the party's unpaid fine until ``on``; nothing where no surcharge was decided (72 I)."""
    fine = party.decision_sanctions.fine
    if party.surcharge_from is None or not fine:
        return Decimal(0)
    number = law.parameter("additional_fine_daily", on, organ_id=party.case.organ_id)
    return accrued(
        fine, party.surcharge_from, on, [(p.paid_on, p.amount) for p in party.payments.all()],
        [(r.filed_on, r.ended_on or on) for r in party.remedies.all()], number.value,
    )  # fmt: skip


def _paid(party: CaseParty) -> Decimal:
    """What the vouchers say the party has paid, in yuan."""
    return sum((payment.amount for payment in party.payments.all()), Decimal(0))


def age_on(born: date, on: date) -> int:
    """Whole years on ``on``; reached on the day after the birthday's eve, as the civil count has it."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


PARTY_ROWS = (
    "disclosure",
    "discretion",
    "notices",
    "changes",
    "rulings",
    "remedies",
    "payments",
    "preservations__items",
    "fines_elsewhere",
    "closures",
)


@facts_of(
    "penalty.ordinary", "evidence", "reviews", "discussions", "crime_reports", "changes", "hearings__host", "hearings__recorder",
    "follows", *(f"parties__{rows}" for rows in PARTY_ROWS),
)  # fmt: skip
def case_facts(case: PenaltyCase, on: date) -> MatterFacts:
    """Everything that the rules of the ordinary procedure read of a case on ``on``; the case comes laid out."""
    common = base_facts(case, on)
    parties, evidence = list(case.parties.all()), list(case.evidence.all())
    acts = common["acts"]
    asked = case.stage is State.HEARING or any(a.step == "appoint_host" for a in acts)
    hearing = hearing_of(case) if asked else None
    reset = max((a.ordinal for a in acts if a.step in REVIEW_RESET), default=-1)
    considered = case.stage is State.CONSIDERED  # reviewed and discussed in no other state
    reviews = [r for r in case.reviews.all() if r.act_ordinal > reset] if considered else []
    discussions = [d for d in case.discussions.all() if d.act_ordinal > reset] if considered else []
    report = next(iter(sorted(case.crime_reports.all(), key=attrgetter("pk"), reverse=True)), None)
    reasons = [f"涉及重大公共利益：{case.public_interest}（第五十八条第一款第一项）"] if case.public_interest else []
    if case.complexity:
        reasons.append(f"案情疑难复杂：{case.complexity}（第五十八条第一款第三项）")
    return CaseFacts(
        **common,
        power=_filed_under(case, on),
        surcharge_power=_surcharge_power(case, on) if case.stage is State.SERVED else "",
        party_count=len(parties),
        found_on=case.found_on,
        acted_on=case.acted_on,
        act_ended_on=case.act_ended_on,
        ongoing=case.ongoing,
        harm=harm_words(case),
        suspicions=tuple(in_words(suspicions_of(case, parties))),
        crime_answered=_crime_answered(case, acts),
        closure_power=_closure_power(case, on) if case.stage in AFTER_DECISION else "",
        in_area=case.division_id is None or _within(case.division_id, case.organ.division_id),
        parties=tuple(_party(p, case, common, on, hearing) for p in parties),
        evidence=len(evidence),
        site_records=sum(e.kind == "record" for e in evidence) + int(case.visit_id is not None),
        unverified=tuple(e.name for e in evidence if e.verified_on is None),
        large_fine_unit=law.parameter("large_fine_unit", on, organ_id=case.organ_id).value,
        large_fine_person=law.parameter("large_fine_individual", on, organ_id=case.organ_id).value,
        review_reasons=tuple(reasons),
        grave_reason=case.grave,
        review_passed=bool(reviews) and reviews[-1].verdict == "同意",
        review_returned=bool(reviews) and reviews[-1].verdict != "同意",
        discussed=bool(discussions),
        discussion_faults=tuple(discussions[-1].minutes.get("faults", ())) if discussions else (),
        transfer_pending=report is not None and report.approved is None,
        transferred_reply=report.reply if report else "",
        returned_by_police=report is not None and report.reply in ("declined", "returned"),
        changed=case.decided_on is not None and bool(case.changes.all()),
        hearing=_hearing(case, common, hearing) if hearing is not None and case.stage is State.HEARING else None,
        preserved=tuple(map(str, _undisposed(parties))),
        limit=limitation_end,
    )


def undisposed(case: PenaltyCase) -> QuerySet[PreservedItem]:
    """The preserved items on which no decision has been made (56)."""
    return PreservedItem.objects.filter(batch__party__case=case.pk, disposal="")


def _undisposed(parties: list[CaseParty]) -> list[PreservedItem]:
    """The same, of parties that are laid out."""
    items = [item for party in parties for batch in party.preservations.all() for item in batch.items.all()]
    return sorted((item for item in items if not item.disposal), key=attrgetter("pk"))


def _hearing(case: PenaltyCase, common: dict[str, object], row: Hearing) -> HearingFact:
    """The present hearing as the rules read it."""
    day = row.held_at.astimezone(clock.BEIJING).date() if row.held_at else None
    term = int(law.parameter("hearing_notice", common["on"], organ_id=case.organ_id).value)  # type: ignore[arg-type]
    handling = {a.officer_id for a in common["acts"] if a.duty is Duty.INVESTIGATE}  # type: ignore[attr-defined]
    handling |= {row.officer_id for row in case.assignments.all()}
    return HearingFact(
        host_id=row.host_id,
        host=row.host.name,
        host_investigated=row.host_id in handling,
        host_recused=any(r.officer_id == row.host_id and r.granted for r in case.recusals.all()),
        held_at=day,
        latest_notice=latest_before(day, workdays(term), law.calendar()).day if day else None,
        held_on=row.held_on,
        reported_on=row.reported_on,
    )


def _within(division: str, area: str) -> bool:
    """Does ``division`` lie in ``area``? The codes nest."""
    return division.startswith(area)
