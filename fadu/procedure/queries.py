"""What there is to read about matters: facts for the rules, the doer, who may do what now, and the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from operator import attrgetter
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.kernel.grams import folded
from fadu.org import queries as org
from fadu.org.delegable import Approval
from fadu.org.laying import lay, lay_new
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.procedure import registry
from fadu.procedure.act import competence, timeliness
from fadu.procedure.declare import Bound, Duty, Procedure, Refusal, Step
from fadu.procedure.facts import ActFact, Doer, MatterFacts, OfficerFact, PaperFact, PeriodFact
from fadu.procedure.models import Act, Application, ApprovalChain, Deadline, Matter
from fadu.subject.queries import containing

M = TypeVar("M", bound=Matter)


def visible(officer: Officer | None, on: date) -> QuerySet[Matter]:
    """The matters that ``officer`` may see on ``on``: the one scope function, for lists, search, pages and exports."""
    return org.scope(officer, on).filter(Matter.objects.all())


def seen(officer: Officer | None, on: date, pk: int) -> Matter | None:
    """The matter with that key if ``officer`` may see it on ``on``, as ``visible`` has it; by one short statement."""
    if pk >= 2**63:  # an address may hold any number
        return None
    try:
        found = lay(Matter, pk, (), PIECES)
    except ObjectDoesNotExist:
        return None
    return found if org.scope(officer, on).allows(found.organ_id) else None


# 17, 17号, 2026年第17号, 〔2026〕17号, （示）应急罚〔2026〕17-2号; a name that ends in a figure is no number
NUMBERED = re.compile(r"(?:[^\d]*〔(?P<year>\d{4})〕|(?P<of>\d{4})年)?第?(?P<serial>\d{1,6})(?:-\d+)?号?")


def search(rows: QuerySet[M], words: str) -> QuerySet[M]:
    """Those of ``rows`` whose title or parties contain ``words``, or whose number they are (17号, 2026年第17号, 〔2026〕17号).

    Blanks, case and width do not matter.
    """
    wanted = folded(words)
    if not wanted:
        return rows
    holds = containing(wanted)
    if number := NUMBERED.fullmatch(words.strip()):
        numbered = Q(case_file__serial=int(number["serial"]))
        year = number["year"] or number["of"]
        holds |= numbered & Q(case_file__year=int(year)) if year else numbered
    return rows.filter(holds)


EXPORTING = frozenset({Role.LEGAL_REVIEWER, Role.ARCHIVIST, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD})


def may_export(matter: Matter, officer: Officer, on: date) -> bool:
    """May ``officer`` take the whole matter out of the house on ``on``?

    Those of its organ who answer for it before a court, keep the archive or head the organ, and its case officers.
    """
    if EXPORTING & org.roles_of(officer, on, matter.organ):
        return True
    return matter.assignments.filter(officer=officer, until=None).exists()


def chains_seen(officer: Officer, on: date, subjects: set[str]) -> set[str]:
    """Those of ``subjects`` that are chains of matters which ``officer`` may see on ``on``; for reminders."""
    keys = {int(key) for code, _, key in (subject.rpartition("/") for subject in subjects) if code and key.isdecimal()}
    return {matter.chain for matter in visible(officer, on).filter(pk__in=keys)} & subjects if keys else set()


def typed(matter: Matter) -> Matter:
    """The matter as an instance of its own procedure's model."""
    model = registry.matter_models.get(matter.code, Matter)
    if isinstance(matter, model):
        return matter
    return model._default_manager.select_related("organ", "case_file").defer(*PIECES).get(pk=matter.pk)


# what only searching needs
PIECES = ("search_text", "grams")
# what every procedure's rules read of a matter, and the long texts among it that no rule reads
READ = (
    "organ", "case_file__papers__services", "assignments__officer__certificates", "acts", "deadlines", "recusals__officer",
    "applications__opinions",
)  # fmt: skip
UNREAD = ("case_file__papers__context", "applications__drafts", "applications__data", *PIECES)
# the part of it that decides who may act
WHO = ("organ", "assignments__officer__certificates", "acts", "recusals__officer", "applications__opinions")
# what the matter's page shows besides
SHOWN = (
    "acts__officer",
    "applications__submitted_by",
    "applications__cosigner",
    "applications__opinions__officer",
    "comments__officer",
    "power",
)


def laid_out(matter: Matter, *, to_show: bool = False) -> Matter:
    """The matter as the database holds it, with all that its rules read, by one statement; in the state it has here.

    ``to_show``: with what its page shows besides.
    """
    model = registry.matter_models.get(matter.code, Matter)
    paths = (*READ, *registry.branches.get(matter.code, ()))
    found = lay(model, matter.pk, (*paths, *SHOWN, *registry.shown.get(matter.code, ())) if to_show else paths, UNREAD)
    found.state = matter.state
    return found


def laid_out_for_who(matter: Matter) -> Matter:
    """The matter with what decides who may act on it, and no more, by one statement."""
    return lay(Matter, matter.pk, WHO, ("applications__drafts", "applications__data", *PIECES))


def laid_out_new(matter: Matter, acts: list[Act], running: list[Deadline]) -> Matter:
    """A matter that is being opened as it will be laid out: nothing hangs on it yet but the opening and its periods."""
    return lay_new(
        matter,
        (*READ, *registry.branches.get(matter.code, ())),
        {"acts": acts, "deadlines": running},
        own=("case_file",),
    )


def who_facts(matter: Matter, on: date) -> MatterFacts:
    """The facts that decide who may act, and no more: the officers and what has been done by whom."""
    return MatterFacts(
        state=matter.stage, on=on, organ_id=matter.organ_id, officers=officers_of(matter, on), acts=acts_of(matter)
    )


def officers_of(matter: Matter, on: date) -> tuple[OfficerFact, ...]:
    """The case officers with their certificates of the day."""
    found = []
    for row in sorted(matter.assignments.all(), key=attrgetter("pk")):
        if row.until is None:
            held = org.certificate_among(row.officer.certificates.all(), on)
            found.append(OfficerFact(row.officer_id, row.officer.name, held.number if held else "", held is not None))
    return tuple(found)


def acts_of(matter: Matter) -> tuple[ActFact, ...]:
    """The steps taken, in order; before them those who reviewed an application at a stage before the last."""
    given = [(o, len(a.stages)) for a in matter.applications.all() for o in a.opinions.all()]
    reviews = tuple(
        ActFact("opinion", o.on, o.officer_id, Duty.REVIEW)
        for o, stages in sorted(given, key=lambda pair: pair[0].pk)
        if o.stage + 1 < stages
    )
    return reviews + tuple(
        ActFact(a.step, a.on, a.officer_id or 0, Duty[a.duty], a.party, a.data, a.ordinal)
        for a in sorted(matter.acts.all(), key=attrgetter("ordinal"))
    )


def base_facts(matter: Matter, on: date) -> dict[str, Any]:
    """The facts that every procedure has, as keyword arguments for ``MatterFacts`` or what extends it."""
    return {
        "state": matter.stage,
        "on": on,
        "organ_id": matter.organ_id,
        "opened_on": matter.opened_on,
        "officers": officers_of(matter, on),
        "papers": papers_of(matter),
        "periods": tuple(_period(row, on) for row in sorted(matter.deadlines.all(), key=attrgetter("pk"))),
        "acts": acts_of(matter),
        "recusals_pending": tuple(
            r.officer.name for r in sorted(matter.recusals.all(), key=attrgetter("pk")) if r.granted is None
        ),
    }


def papers_of(matter: Matter) -> tuple[PaperFact, ...]:
    """The issued papers of the matter with the day on which their service takes effect."""
    found = []
    for paper in sorted(matter.case_file.papers.all(), key=attrgetter("pk")):
        if paper.status == Paper.Status.DRAFT:
            continue
        # an announcement counts once its last day is over, everything else from its day on
        days = [
            s.effective_on + timedelta(days=1) if s.method == "announcement" else s.effective_on
            for s in paper.services.all()
            if not s.withdrawn_on
        ]
        found.append(
            PaperFact(
                Document[paper.kind], paper.number, paper.party_no, paper.issued_on, paper.status == "void",
                min(days, default=None), paper.pk,
            )
        )  # fmt: skip
    return tuple(found)


def _period(row: Deadline, on: date) -> PeriodFact:
    """A deadline's row as the rules read it."""
    return PeriodFact(
        row.name, row.starts_on, row.last_day, row.party, row.bound != Bound.DUTY.name,
        row.ended_on, row.cancelled_on is not None, row.paused_since is not None,
    )  # fmt: skip


def facts(matter: Matter, on: date, *, given: dict[str, Any] | None = None, party: int | None = None) -> MatterFacts:
    """The matter's facts on ``on``; ``given`` is what the act enters, ``party`` the party it concerns."""
    return replace(facts_of_laid(laid_out(matter), on), input=given or {}, party=party)


def facts_of_laid(matter: Matter, on: date) -> MatterFacts:
    """The facts of a matter that is laid out."""
    builder = registry.fact_builders.get(matter.code)
    found: MatterFacts = builder(matter, on) if builder else MatterFacts(**base_facts(matter, on))
    return found


def doer(officer: Officer, matter: Matter, on: date, approval: str = "") -> Doer:
    """``officer`` as one who would act on ``matter``: roles from posts at its organ that day, certificate, recusal.

    ``approval``: the approval that is to be decided, for which an absent head may have delegated his role.
    """
    roles = org.roles_of(officer, on, matter.organ)
    if approval:
        roles |= org.delegated_roles(officer, on, matter.organ, approval)
    certificate = org.valid_certificate(officer, on)
    home = matter.organ_id if roles else 0
    return Doer(
        officer.pk,
        officer.name,
        roles,
        home,
        certificate.number if certificate else "",
        certificate is not None,
        org.qualified_for_review(officer, on),
        any(r.officer_id == officer.pk and r.granted for r in matter.recusals.all()),
    )


def chain_for(name: str, organ: Organ, on: date) -> ApprovalChain:
    """The approval chain in force for ``name`` at ``organ``: its own, else the common one; LookupError when none."""
    rows = ApprovalChain.objects.filter(
        Q(organ=organ) | Q(organ=None), Q(until=None) | Q(until__gt=on), name=name, from_date__lte=on
    )
    found = sorted(rows, key=lambda row: (row.organ_id is not None, row.from_date))
    if not found:
        raise LookupError(f"没有在{on}施行的“{name}”审批链，请系统管理员在参数中补上")
    return found[-1]


def approvals_of(organ: Organ, on: date) -> list[Approval]:
    """The approvals of ``organ`` on that day with the roles of their chains: what may be asked of whom, and delegated."""
    rows = ApprovalChain.objects.filter(
        Q(organ=organ) | Q(organ=None), Q(until=None) | Q(until__gt=on), from_date__lte=on
    ).order_by("pk")
    best: dict[str, ApprovalChain] = {}
    for row in rows:
        held = best.get(row.name)
        if held is None or (held.organ_id is not None, held.from_date) < (row.organ_id is not None, row.from_date):
            best[row.name] = row
    return [
        Approval(row.name, row.title, frozenset(Role(stage["role"]) for stage in row.stages)) for row in best.values()
    ]


OWN = 2  # a step of more states than that may be taken at almost any time


@dataclass(frozen=True)
class Opportunity:
    """A step as the matter page shows it: possible for me, for others, or not yet, and why."""

    step: Step
    mine: tuple[Refusal, ...]
    time: tuple[Refusal, ...]
    application: Application | None = None

    @property
    def group(self) -> str:
        """``mine``, ``others`` or ``locked``."""
        if self.time:
            return "locked"
        return "others" if self.mine else "mine"


def opportunities(
    matter: Matter, officer: Officer | None, on: date, known: MatterFacts | None = None
) -> list[Opportunity]:
    """Every step that leads on from the present state, with what stands against it for this officer now.

    A step that no role is named for is not among them: the program takes it, or a page of its own does.
    """
    known = known or facts(matter, on)
    me = doer(officer, matter, on) if officer else None
    open_applications = {a.step: a for a in matter.applications.all() if a.is_open}
    found = []
    for step in matter.procedure.from_state(matter.stage):
        if not step.by:
            continue
        against = competence(step, me, known) if me else (Refusal("须登录"),)
        found.append(
            Opportunity(step, against, timeliness(matter.procedure, step, known), open_applications.get(step.name))
        )
    return found


def awaited_roles(matter: Matter, on: date) -> list[str]:
    """The roles whose turn it is, of a matter that is laid out.

    Of an open application the stage's. Else whoever can carry the matter on, or must act because a period of the bureau
    runs; where nothing carries it on yet, whoever can do what the present state is there for. What may be done at any
    time (回避、变更承办人), or leads back (补充调查), is nobody's turn.
    """
    pending = [application for application in matter.applications.all() if application.is_open]
    if pending:
        return sorted({application.role or Role.CASE_OFFICER.value for application in pending})
    known = facts_of_laid(matter, on)
    running = {p.name for p in known.periods if not (p.right or p.ended_on or p.cancelled or p.paused)}
    steps = matter.procedure.from_state(matter.stage)

    def possible(step: Step) -> bool:
        return not timeliness(matter.procedure, step, known)  # rules may look things up: asked of what may count only

    forward = [s for s in steps if s.moves and _leads_on(matter.procedure, s, matter.stage) and possible(s)]
    due = [s for s in steps if running.intersection(s.fulfils) and possible(s)]
    here = [] if forward else [s for s in steps if not s.moves and len(s.sources) <= OWN and possible(s)]
    taken = _taken_here(matter)
    found = [*forward, *due, *([step for step in here if step.name not in taken] or here)]
    if not found and matter.stage not in matter.procedure.final:
        found = [s for s in steps if possible(s)]
    return sorted({role.value for step in found for role in step.by})


def _taken_here(matter: Matter) -> set[str]:
    """The steps taken since the matter came into its present state."""
    taken: set[str] = set()
    for act in sorted(matter.acts.all(), key=attrgetter("ordinal"), reverse=True):
        if act.from_state != act.to_state:
            break
        taken.add(act.step)
    return taken


def _leads_on(procedure: type[Procedure], step: Step, stage: Enum) -> bool:
    """Does the step lead further along the main line (or out of a state beside it)?"""
    if stage not in procedure.main or step.target not in procedure.main:
        return stage not in procedure.main
    return procedure.main.index(step.target) > procedure.main.index(stage)


def running_deadlines(matters: Iterable[Matter] | QuerySet[Matter]) -> QuerySet[Deadline]:
    """The deadlines of ``matters`` that still run, by last day."""
    return Deadline.objects.filter(matter__in=matters, ended_on=None, cancelled_on=None).order_by("last_day", "id")
