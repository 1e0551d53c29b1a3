"""The one door: check, write the facts, make the papers, move, start the periods, write the journal; or refuse whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any

from django.db import transaction

from fadu.document import services as documents
from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.kernel.memory import remembering
from fadu.law import editions
from fadu.org import queries as org
from fadu.org.laying import add_laid, lay
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.procedure import events, registry
from fadu.procedure.act import competence, lateness, order, timeliness
from fadu.procedure.declare import Duty, If, Period, Step, applies
from fadu.procedure.facts import MatterFacts
from fadu.procedure.models import Act, Application, Matter, MatterPaper, as_text
from fadu.procedure.queries import (
    PIECES,
    awaited_roles,
    doer,
    facts,
    facts_of_laid,
    laid_out,
    laid_out_for_who,
    who_facts,
)
from fadu.procedure.registry import Taking
from fadu.procedure.services import deadlines
from fadu.record import services as record
from fadu.record.actor import Actor


def lock(matter: Matter) -> Matter:
    """Lock the matter's row for this transaction and return it fresh, as its own model."""
    model = registry.matter_models.get(matter.code, Matter)
    found = lay(model, matter.pk, ("organ", "case_file"), PIECES, along=editions.COLUMN, lock=True)
    editions.known(found.__dict__["along"])
    return found


def check_revision(matter: Matter, revision: int | None) -> None:
    """Refuse when the page from which the act comes shows an older state; say who did what in the meantime."""
    if revision is None or revision == matter.revision:
        return
    last = matter.acts.select_related("officer").last()
    if last is None:
        raise OutOfOrder("此页打开以后本案已有变动，请核对后再办。")
    name = last.officer.name if last.officer else "系统"
    raise OutOfOrder(
        f"此页打开以后，{name}已于{last.at.astimezone(clock.BEIJING):%H:%M}办理“{last.title}”。所填内容没有写入，请核对后再办。"
    )


@remembering()
@transaction.atomic
def take(
    matter: Matter,
    step_name: str,
    *,
    by: Officer | None,
    on: date | None = None,
    data: Mapping[str, Any] | None = None,
    party: int | None = None,
    late_reason: str = "",
    revision: int | None = None,
    application: Application | None = None,
) -> Act:
    """Take ``step_name`` on ``matter``; the only function through which a matter's state changes.

    ``by`` is the officer who acts (the last approver where ``application`` is given; None for the program itself).
    ``on`` is the legal day of the act (today by default; never in the future). ``data`` is the form's payload,
    ``party`` the number of the party concerned. ``late_reason`` is needed where the bureau has missed a period that
    this act should have met. Raises NotCompetent, OutOfOrder or Invalid, and then nothing has changed.
    """
    matter = lock(matter)
    check_revision(matter, revision)
    on = on or clock.today()
    if on > clock.today():
        raise Invalid({"on": f"日期{on}还没有到，行为的日期不能晚于今天。"})
    step = matter.procedure.steps[step_name]
    if step.approval and application is None:
        raise OutOfOrder(f"{step.title}须经审批，请由承办人提出。")
    if step.per_party and party is None:
        raise Invalid({"party": "请选择这一行为针对哪一个当事人。"})
    given = dict(data or {})
    if application is None:
        # who may act is read from the facts that every procedure has; the rest is read once, after the effect
        who = laid_out_for_who(matter)
        _refuse_incompetent(step, by, who, who_facts(who, on))
    if refusals := order(matter.procedure, step, MatterFacts(matter.stage, on)):
        raise OutOfOrder(*map(str, refusals))

    taking = Taking(matter=matter, step=step.name, by=by, on=on, data=given, party=party)
    if application is not None:
        _carry_opinions(taking, application)
    if (effect := registry.effects.get(step.code)) is not None:
        effect(taking)
    laid = laid_out(matter)
    known = replace(facts_of_laid(laid, on), input=given, party=party)
    if refusals := timeliness(matter.procedure, step, known, with_input=True):
        raise OutOfOrder(*map(str, refusals))
    late = lateness(step, known)
    if late and not late_reason.strip():
        raise Invalid(
            {"late_reason": f"“{'”“'.join(late)}”的期限已过。可以继续办理，但须写明逾期的理由；逾期将永久标明。"}
        )

    if step.draws_serial and matter.case_file.serial is None:
        documents.draw_serial(matter.case_file)
        matter.filed_on = matter.filed_on or on
        matter.case_file.refresh_from_db()
    papers = [*taking.papers, *make_papers(taking, step, known)]
    act = _finish(taking, step, known, papers, late, late_reason)
    _look_ahead_after(act, step, taking, laid, papers)
    return act


def _look_ahead_after(act: Act, step: Step, taking: Taking, laid: Matter, papers: list[Paper]) -> None:
    """Renew the outlook: from what was read before the act where the act is all that has come since, else read anew."""
    matter = taking.matter
    listened = events.heard(step.code)
    periods = step.fulfils or step.within or step.starts or step.cancels or step.extends or step.pauses or step.resumes
    if papers or listened or periods or taking.meets or taking.role or step.draws_serial:
        laid = laid_out(matter)
    else:
        laid.state = matter.state
        add_laid(laid, "acts", act)
    look_ahead(matter, laid, taking.on)
    matter.save(update_fields=OUTLOOK)


def _refuse_incompetent(step: Step, by: Officer | None, matter: Matter, known: MatterFacts) -> None:
    """Raise NotCompetent when this person may not take the step; the program itself may only take steps of no role."""
    if by is None:
        if step.by:
            raise NotCompetent(f"{step.title}须由{step.actors}作出。")
        return
    if refusals := competence(step, doer(by, matter, known.on), known):
        raise NotCompetent(*map(str, refusals))


def _carry_opinions(taking: Taking, application: Application) -> None:
    """Hand the opinions of an application to the papers that print them."""
    taking.officer_opinion = application.opinion
    taking.role = Role(application.stages[-1]["role"])
    taking.cosigner, taking.proposer = application.cosigner, application.submitted_by
    taking.submitted_on = application.submitted_at.astimezone(clock.BEIJING).date()
    titles = {index: stage["title"] for index, stage in enumerate(application.stages)}
    taking.opinions = [
        {
            "title": titles[o.stage],
            "text": o.reason or "同意。",
            "name": o.officer.name,
            "post": o.post,
            "on": o.on.isoformat(),
        }
        for o in application.opinions.select_related("officer").filter(agreed=True)
    ]


def contexts(taking: Taking, step: Step, known: MatterFacts) -> list[tuple[Any, int | None, dict[str, Any]]]:
    """The papers that ``step`` makes under ``known`` facts: (kind, party number, context)."""
    found = []
    for item in step.documents:
        kind = applies(item, known)
        if kind is None:
            continue
        builder = registry.paper_builders[(taking.matter.code, kind)]
        found += [(kind, party, context) for party, context in builder(taking)]
    return found


def actor_of(taking: Taking, step: Step) -> Actor:
    """Who takes the step, as the record keeps him; who decided for somebody absent says so (经…授权)."""
    approval = step.approval if taking.role else ""
    return org.actor(taking.by, taking.on, taking.matter.organ, taking.role, approval)


def make_papers(taking: Taking, step: Step, known: MatterFacts) -> list[Paper]:
    """Draft and issue the papers of the step; an issued paper is frozen."""
    by = actor_of(taking, step)
    return documents.make(taking.matter.case_file, contexts(taking, step, known), on=taking.on, by=by)


def _finish(
    taking: Taking, step: Step, known: MatterFacts, papers: list[Paper], late: tuple[str, ...], late_reason: str
) -> Act:
    """Periods, state, journal, act row, listeners; in this order, in the caller's transaction."""
    matter, on, source = taking.matter, taking.on, taking.matter.stage
    running = {p.name for p in known.periods if p.ended_on is None and not p.cancelled}
    met = running.intersection((*step.fulfils, step.within))
    late_rows = deadlines.meet(matter, met, party=taking.party, on=on, reason=late_reason) if met else []
    late_rows += deadlines.meet_rows(taking.meets, on=on, reason=late_reason)
    deadlines.cancel(matter, step.cancels, party=taking.party, on=on)
    target = _target(taking, step, source)
    for item in step.starts:
        _start(taking, item, known)
    deadlines.extend(matter, step.extends, on=on)
    deadlines.pause(matter, step.pauses, on=on)
    deadlines.resume(matter, step.resumes, on=on)
    ordinal = matter.revision + 1
    flags = (
        {"late": {row.name: (on - row.last_day).days for row in late_rows}, "reason": late_reason} if late_rows else {}
    )
    entry = record.write(
        matter.chain,
        actor=actor_of(taking, step),
        act=step.code,
        title=step.title,
        on=on,
        articles=as_text(step.basis),
        papers=[{"kind": p.kind, "number": p.number, "sha256": p.pdf_sha256} for p in papers],
        before={"state": source.name, **taking.before},
        after={"state": target.name, **taking.after},
        note=taking.note,
        flags=flags,
        matter_title=matter.title,
    )
    act = Act.objects.create(
        matter=matter, step=step.name, title=step.title, ordinal=ordinal, on=on, at=clock.now(), officer=taking.by,
        duty=(Duty.DECIDE if step.approval else step.duty).name, party=taking.party, from_state=source.name,
        to_state=target.name, data=dict(taking.data), late=flags, entry_hash=entry.hash,
    )  # fmt: skip
    MatterPaper.objects.bulk_create([MatterPaper(act=act, paper=paper) for paper in papers])
    matter.state = target.name
    matter.revision = ordinal
    matter.late_count += len(late_rows)
    if target is not source:  # what may still be done on an ended matter (撤回公开) does not end it again
        matter.ended_on = on if target in matter.procedure.final else None
    events.announce(events.StepTaken(matter, act, taking))
    return act


def _target(taking: Taking, step: Step, source: Enum) -> Enum:
    """Where the step leads: to its target if what it must reach is reached, back where it returns, else nowhere."""
    matter = taking.matter
    if step.returns:
        came = matter.acts.filter(to_state=source.name).exclude(from_state=source.name).last()
        return matter.procedure.State[came.from_state] if came else source
    if step.target is None:
        return source
    if step.reaches is None or step.reaches.holds(
        facts(matter, taking.on, given=dict(taking.data), party=taking.party)
    ):
        return step.target
    return source


def _start(taking: Taking, item: Period | If[Period], known: MatterFacts) -> None:
    """Start one declared period: from the act, from the day on which the recorded service takes effect, or after another."""
    period = applies(item, known)
    if period is None:
        return
    first = not any(p.name == period.name and p.ended_on is None and not p.cancelled for p in known.periods)
    if period.runs_from == "act":
        starts = clock.now() if period.unit == "hours" else taking.on
        deadlines.start(taking.matter, period, starts, party=taking.party, on=taking.on, first=first)
        return
    if period.runs_from != "service":
        before = taking.matter.deadlines.filter(name=period.runs_from, party=taking.party, cancelled_on=None).last()
        if before is not None:
            deadlines.start(taking.matter, period, before.last_day, party=taking.party, on=taking.on)
        return
    for party, day in taking.starts_on.items():
        deadlines.start(taking.matter, period, day, party=party, on=taking.on, first=first)


OUTLOOK = ("state", "revision", "late_count", "filed_on", "decided_on", "ended_on", "awaiting", "next_day")


def refresh_outlook(matter: Matter, on: date) -> None:
    """Renew what lists sort and filter by: whose turn it is, and the next last day; saves the matter."""
    look_ahead(matter, laid_out(matter), on)
    matter.save(update_fields=OUTLOOK)


def look_ahead(matter: Matter, laid: Matter, on: date) -> None:
    """Work out whose turn it is, and the next last day, of a matter that is laid out."""
    matter.awaiting, matter.next_day = [], None
    if matter.is_open:
        matter.awaiting = awaited_roles(laid, on)
        running = [r.last_day for r in laid.deadlines.all() if not (r.ended_on or r.cancelled_on or r.paused_since)]
        matter.next_day = min(running, default=None)
