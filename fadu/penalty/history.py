"""What the records of all matters say of a party: fines for the same act, refusals to correct, penalties and hazards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from django.db.models import Q

from fadu.document.kinds import Document
from fadu.document.models import Paper, Service
from fadu.inspection.models import Finding, Level, ReinspectionResult
from fadu.kernel.memory import remember
from fadu.law import queries as law
from fadu.law.citations import Article, CitationError, parse
from fadu.law.provisions import Measure, Provision
from fadu.law.statutes import WSL
from fadu.org.laying import lay_all
from fadu.penalty.models import CaseParty, FineElsewhere, PenaltyCase
from fadu.penalty.procedures.closure import Closure, Penalised, Windows, closure
from fadu.penalty.procedures.daily import DailyFine, Disobeyed, daily_fine
from fadu.penalty.procedures.same_act import ActOfParty, Fined, same_act
from fadu.procedure.queries import PIECES


def acted_on(case: PenaltyCase) -> date:
    """The day whose law applies: that of the act, its end where it went on."""
    return case.act_ended_on or case.acted_on or case.found_on


def cited(text: str) -> Article | None:
    """The article that a text cites, None where it cannot be read as one."""
    try:
        return parse(text.strip())
    except CitationError:
        return None


def provision_for(party: CaseParty, on: date | None = None) -> Provision | None:
    """The chosen provision in the version of the day of the act, or a newer one that is lighter ``on`` the decision (37)."""
    if not party.provision:
        return None
    day = acted_on(party.case)
    return law.provision(party.provision, day) or law.newer_if_lighter(
        party.provision, day, party.decided_on or on or day
    )


_PENALISED = (
    "t.decided IS NOT NULL AND t.decided <> '{}' AND t.case_id <> $1 "
    "AND (t.subject_id = ANY($2) OR (t.identity <> '' AND t.identity = ANY($3)))"
)
_LONG = (
    "decision__context",
    *(f"case__{name}" for name in (*PIECES, "clue", "facts_found", "course", "discretion", "nature")),
)


def others_of(party: CaseParty) -> list[CaseParty]:
    """The penalties decided against the same enterprise or person in other cases, the oldest first.

    Asked once an act or a page, for all parties of the case; none where the file does not identify the party.
    """
    near = [*party.case.parties.all(), party]
    subjects = sorted({one.subject_id for one in near if one.subject_id is not None})
    persons = sorted({one.identity for one in near if one.subject_id is None and one.identity})
    if not subjects and not persons:
        return []
    asked = (party.case_id, subjects, persons)
    rows = remember(
        ("penalties in other cases", str(asked)),
        lambda: lay_all(CaseParty, _PENALISED, "bigint, bigint[], text[]", asked, ("case__organ", "decision"), _LONG),
    )
    if party.subject_id is not None:
        same = [row for row in rows if row.subject_id == party.subject_id]
    else:
        same = [row for row in rows if party.identity and row.identity == party.identity]
    return sorted(same, key=attrgetter("decided_on", "pk"))


# --- one act, one fine -----------------------------------------------------------------------------------------------


def act_of(party: CaseParty) -> ActOfParty:
    """The act of which the case accuses a party."""
    case, provision = party.case, provision_for(party)
    return ActOfParty(
        case.acted_on or case.found_on, case.act_ended_on, case.ongoing, provision.article if provision else None,
        provision.obligations if provision else (), case.cause, case.visit_id,
    )  # fmt: skip


def _fined_here(row: CaseParty) -> Fined:
    assert row.decided_on is not None
    number = row.decision.number if row.decision else ""
    amount = row.decision_sanctions.fine or Decimal(0)
    act = act_of(row).answered_on(row.decided_on)
    return Fined(row.case.organ.name, number, row.decided_on, amount, act, row.decided_on, row.case_id)


def _fined_elsewhere(row: FineElsewhere) -> Fined:
    act = ActOfParty(row.acted_on, row.act_ended_on, False, cited(row.basis), (), row.cause)
    return Fined(row.organ, row.document, row.decided_on, row.amount, act, row.recorded_on)


def fined_for(party: CaseParty) -> list[Fined]:
    """The fines that the party has received for what must be taken for the same act, each with the reason (29).

    A daily fine repeats an earlier one by law and is not weighed against it (安全生产法 112).
    """
    if party.case.follows_id is not None:
        return []
    mine = act_of(party)
    others = [
        _fined_here(row) for row in others_of(party) if row.case.follows_id is None and row.decision_sanctions.fine
    ]
    known = [*others, *map(_fined_elsewhere, party.fines_elsewhere.all())]
    return [replace(fined, why=why) for fined in known if (why := same_act(mine, fined.act))]


# --- daily fines -----------------------------------------------------------------------------------------------------


def fined_on(party: CaseParty, on: date) -> date | None:
    """The day on which service of the party's decision took effect, if it has by ``on``."""
    if party.decision_id is None:
        return None
    rows = Service.objects.filter(paper=party.decision_id, withdrawn_on=None, effective_on__lte=on)
    return rows.order_by("effective_on").values_list("effective_on", flat=True).first()


def disobeyed(party: CaseParty, on: date) -> Disobeyed:
    """What the records hold of the party's order to correct, its fine and its refusal, as of ``on``."""
    provision, case = provision_for(party), party.case
    known = {
        "unit": not party.is_person and party.subject_id is not None,
        "work_safety": provision is not None and provision.article.statute == WSL,
        "fine": party.decision_sanctions.fine or Decimal(0),
        "fined_on": fined_on(party, on),
    }
    refused = _refusal(party, on) if all(known.values()) else None
    if refused is None:
        return Disobeyed(**known)  # type: ignore[arg-type]
    finding, day = refused.finding, refused.reinspection.on
    orders = Paper.objects.filter(
        case_file=finding.visit.case_file_id, kind=Document.RECTIFICATION_ORDER.name, status=Paper.Status.ISSUED
    ).order_by("issued_on")
    served = orders.filter(services__withdrawn_on=None, services__effective_on__lte=day)
    counted = PenaltyCase.objects.filter(follows__case=case.pk, follows__ordinal=party.ordinal)
    return Disobeyed(
        **known,  # type: ignore[arg-type]
        ordered_on=orders.values_list("issued_on", flat=True).first(),
        order_served=served.exists(),
        due=finding.due if finding.ordered_on and finding.ordered_on <= day else None,
        refused_on=day,
        counted_until=counted.exclude(state__in=["NOT_FILED", "DISMISSED"]).order_by("-act_ended_on").values_list("act_ended_on", flat=True).first(),
    )  # fmt: skip


def _refusal(party: CaseParty, on: date) -> ReinspectionResult | None:
    """The latest re-inspection that found what the party was fined for still not corrected."""
    rows = ReinspectionResult.objects.filter(
        Q(finding__visit=party.case.visit_id) | Q(finding__visit__subject=party.subject_id),
        finding__provision=party.provision, corrected=False, reinspection__on__lte=on,
    )  # fmt: skip
    return rows.select_related("finding__visit", "reinspection").order_by("-reinspection__on", "-pk").first()


def daily_of(party: CaseParty, on: date) -> DailyFine | str:
    """The daily fines that the records bear on ``on``, or the sentence of what is wanting (安全生产法 112)."""
    return daily_fine(disobeyed(party, on))


def base_of(case: PenaltyCase) -> DailyFine | None:
    """What a case of daily fines repeats: the fine it follows, over the days of the refusal; None for any other case."""
    if case.follows is None or case.acted_on is None or case.act_ended_on is None:
        return None
    return DailyFine(case.acted_on, case.act_ended_on, case.follows.decision_sanctions.fine or Decimal(0))


# --- closure ---------------------------------------------------------------------------------------------------------


def windows(on: date) -> Windows:
    """The numbers of 安全生产法 113, item 1, as they stand on a day."""
    names = ("closure_count_days", "closure_window_days", "closure_count_year", "closure_window_year")
    return Windows(*(law.parameter(name, on).n for name in names))


def closure_of(party: CaseParty, on: date) -> Closure | str:
    """What founds a proposal to close on ``on``, or the sentence of what is wanting (安全生产法 113, item 1)."""
    if party.is_person or party.subject_id is None:
        return "只有生产经营单位可以提请关闭"
    penalised = [
        row for row in (*others_of(party), party)
        if row.decided and row.decided_on is not None and row.decided_on <= on
        and (made := provision_for(row)) is not None and made.article.statute == WSL
    ]  # fmt: skip
    bare = [Penalised(row.decided_on, "") for row in penalised if row.decided_on is not None]
    if isinstance(wanting := closure(("",), bare, windows(on)), str):
        return wanting  # the hazards are asked for only where the penalties suffice
    hazards = Finding.objects.filter(visit__subject=party.subject_id, level=Level.MAJOR).exclude(corrected=True)
    told = [f"{row.text}（{row.visit.inspected_on}检查发现）" for row in hazards.select_related("visit").order_by("pk")]
    penalties = [
        Penalised(row.decided_on, f"{row.decided_on}{row.decision.number if row.decision else ''}：{row.decision_sanctions}")
        for row in penalised
        if row.decided_on is not None
    ]  # fmt: skip
    return closure(told, penalties, windows(on))


def is_daily(provision: Provision) -> bool:
    """Is it the provision of daily fines?"""
    return any(Measure.DAILY_FINE in sanction.all_measures for sanction in provision.sanctions)


# --- all of it ---------------------------------------------------------------------------------------------------------


class Records:
    """What other records say of a party as of a day, each looked up once and only when it is read."""

    def __init__(self, party: CaseParty, on: date) -> None:
        self.party, self.on = party, on

    @cached_property
    def fined(self) -> tuple[Fined, ...]:
        """The fines that the party has received for what must be taken for the same act (29)."""
        return tuple(fined_for(self.party))

    @cached_property
    def daily(self) -> DailyFine | str:
        """The daily fines that the records bear (安全生产法 112)."""
        return daily_of(self.party, self.on)

    @cached_property
    def closure(self) -> Closure | str:
        """The ground for closing that the records bear (安全生产法 113)."""
        return closure_of(self.party, self.on)
