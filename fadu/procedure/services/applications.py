"""What the law gives to the head: two officers propose, reviewer and head agree or return with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.kernel.memory import remembering
from fadu.kernel.numerals import whole
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.procedure import registry
from fadu.procedure.act import competence, lateness, timeliness
from fadu.procedure.declare import Duty, Step
from fadu.procedure.facts import MatterFacts
from fadu.procedure.models import Act, Application, Matter, Opinion, as_text
from fadu.procedure.queries import chain_for, doer, facts, laid_out, who_facts
from fadu.procedure.registry import Taking
from fadu.procedure.services import telling
from fadu.procedure.services.take import check_revision, contexts, lock, refresh_outlook, take
from fadu.record import services as record


class _RehearsedError(Exception):
    """Ends a rehearsal, so that nothing of it stays."""

    def __init__(self, drafts: list[dict[str, Any]]) -> None:
        self.drafts = drafts


def party_in(step: Step, data: Mapping[str, Any]) -> int | None:
    """The number of the party that an application concerns, where the step is taken for one party at a time.

    Raises Invalid when such a step names none.
    """
    if not step.per_party:
        return None
    party = whole(str(data.get("party") or ""))
    if party is None:
        raise Invalid({"party": "请选择这一行为针对哪一个当事人。"})
    return party


def rehearse(
    matter: Matter,
    step: Step,
    *,
    by: Officer,
    cosigner: Officer | None,
    on: date,
    data: Mapping[str, Any],
    opinion: str,
) -> list[dict[str, Any]]:
    """Take the step's effect and checks, keep nothing, and return the contexts of the papers it would make.

    So that an unlawful application is refused when it is submitted and not when the head has already read it.
    """
    try:
        with transaction.atomic():
            taking = Taking(
                matter=matter,
                step=step.name,
                by=by,
                on=on,
                data=dict(data),
                party=party_in(step, data),
                officer_opinion=opinion,
                cosigner=cosigner,
                proposer=by,
                submitted_on=on,
            )
            if (effect := registry.effects.get(step.code)) is not None:
                effect(taking)
            known = facts(matter, on, given=dict(data), party=taking.party)
            if refusals := timeliness(matter.procedure, step, known, with_input=True):
                raise OutOfOrder(*map(str, refusals))
            raise _RehearsedError(
                [{"kind": k.name, "party": p, "context": c} for k, p, c in contexts(taking, step, known)]
            )
    except _RehearsedError as done:
        matter.refresh_from_db()
        return done.drafts


@remembering()
@transaction.atomic
def submit(
    matter: Matter,
    step_name: str,
    *,
    by: Officer,
    data: Mapping[str, Any],
    opinion: str,
    cosigner: Officer | None = None,
    on: date | None = None,
    late_reason: str = "",
    revision: int | None = None,
    replaces: Application | None = None,
) -> Application:
    """Propose ``step_name``: the first officer submits, names the second who must sign too, and the drafts are kept.

    Raises NotCompetent, OutOfOrder or Invalid. A returned application is amended by submitting anew with ``replaces``.
    """
    matter = lock(matter)
    check_revision(matter, revision)
    on = on or clock.today()
    step = matter.procedure.steps[step_name]
    known = facts(matter, on, given=dict(data), party=party_in(step, data))
    if refusals := competence(step, doer(by, matter, on), known):
        raise NotCompetent(*map(str, refusals))
    if matter.applications.filter(step=step.name, status__in=["cosign", "pending"]).exists():
        raise OutOfOrder(f"“{step.title}”已在审批中，请等待结果，或者先撤回。")
    if not opinion.strip():
        raise Invalid({"opinion": "请写明承办人意见，它将印在审批表上。"})
    chain = chain_for(step.chain(known), matter.organ, on)
    _check_cosigner(step, chain.officers, by, cosigner, matter, known)
    drafts = rehearse(matter, step, by=by, cosigner=cosigner, on=on, data=data, opinion=opinion)
    if (late := lateness(step, known)) and not late_reason.strip():
        raise Invalid(
            {"late_reason": f"“{'”“'.join(late)}”的期限已过。可以继续办理，但须写明逾期的理由；逾期将永久标明。"}
        )
    application = Application.objects.create(
        matter=matter, step=step.name, title=step.title, data=dict(data), late_reason=late_reason, opinion=opinion.strip(),
        drafts=drafts, stages=chain.stages, submitted_by=by, submitted_at=clock.now(), cosigner=cosigner,
        status=Application.Status.COSIGN if cosigner else Application.Status.PENDING, replaces=replaces,
    )  # fmt: skip
    _note(application, by, on, f"提请{step.title}", {"opinion": opinion.strip()})
    refresh_outlook(matter, on)
    telling.approval_moved(application)
    return application


def _check_cosigner(
    step: Step, officers: int, by: Officer, cosigner: Officer | None, matter: Matter, known: MatterFacts
) -> None:
    """See that the second officer is another, certified person of the matter's organ (行政处罚法 42)."""
    if officers < 2:
        return
    if cosigner is None or cosigner.pk == by.pk:
        raise Invalid({"cosigner": "须由两名承办人提出，请选择另一名承办人（《行政处罚法》第四十二条第一款）。"})
    other = doer(cosigner, matter, known.on)
    if refusals := competence(step, other, known):
        raise Invalid({"cosigner": f"{cosigner.name}不能共同提出：" + "；".join(map(str, refusals))})


@remembering()
@transaction.atomic
def cosign(application: Application, *, by: Officer) -> Application:
    """The second officer signs; then the chain begins. Raises NotCompetent for anybody else."""
    matter = lock(application.matter)
    application = _again(application, matter)
    if application.status != Application.Status.COSIGN:
        raise OutOfOrder(f"该审批现为“{application.get_status_display()}”，不用再签署。")
    if application.cosigner_id != by.pk:
        raise NotCompetent(f"须由{application.cosigner.name if application.cosigner else '共同承办人'}签署。")
    on = clock.today()
    laid = laid_out(matter)
    if refusals := competence(application.declared, doer(by, laid, on), who_facts(laid, on)):
        raise NotCompetent(*map(str, refusals))
    application.status = Application.Status.PENDING
    application.cosigned_at = clock.now()
    application.save(update_fields=["status", "cosigned_at"])
    _note(application, by, on, f"共同签署{application.title}的提请")
    refresh_outlook(matter, on)
    telling.approval_moved(application)
    return application


@remembering()
@transaction.atomic
def opine(
    application: Application,
    *,
    by: Officer,
    agreed: bool,
    reason: str = "",
    on: date | None = None,
    stage: int | None = None,
) -> Act | None:
    """Give the opinion of the present stage; the last agreement takes the step, a return ends the application.

    ``stage`` is the stage that the signer's page showed: who meant to review never approves because another reviewed in
    the meantime. Returns the act when the step was taken, else None. A return needs a reason. Raises NotCompetent,
    OutOfOrder, Invalid.
    """
    matter = lock(application.matter)
    application = _again(application, matter)
    if application.status != Application.Status.PENDING:
        raise OutOfOrder(f"该审批现为“{application.get_status_display()}”，不能再签署意见。")
    if stage is not None and stage != application.stage:
        raise OutOfOrder(_passed_on(application))
    on = on or clock.today()
    present = application.stages[application.stage]
    role, last = Role(present["role"]), application.stage + 1 == len(application.stages)
    duty = Duty.DECIDE if last else Duty.REVIEW
    laid = laid_out(matter)
    known = who_facts(laid, on)
    me = doer(by, laid, on, application.declared.approval)
    refusals = competence(application.declared, me, known, roles=(role,), duty=duty)
    if by.pk in (application.submitted_by_id, application.cosigner_id):
        raise NotCompetent("提出人不能审批自己提出的事项。")
    if application.opinions.filter(officer=by).exists():
        raise NotCompetent("同一人不能在同一审批中签署两个环节：审核与审批应当分开。")
    if refusals:
        raise NotCompetent(*map(str, refusals))
    if not agreed and not reason.strip():
        raise Invalid({"reason": "退回须写明理由，承办人要据此修改。"})
    actor = org.actor(by, on, matter.organ, role, application.declared.approval)
    Opinion.objects.create(
        application=application, stage=application.stage, officer=by, post=actor.post, agreed=agreed,
        reason=reason.strip() or "同意。", on=on, at=clock.now(),
    )  # fmt: skip
    words = f"{present['title']}：{'同意' if agreed else '退回'}"
    _note(application, by, on, f"{application.title}·{words}", {"agreed": agreed, "reason": reason.strip()}, role)
    if not agreed:
        application.status = Application.Status.RETURNED
        application.ended_at = clock.now()
        application.save(update_fields=["status", "ended_at"])
        refresh_outlook(matter, on)
        telling.approval_moved(application)
        return None
    if not last:
        application.stage += 1
        application.save(update_fields=["stage"])
        refresh_outlook(matter, on)
        telling.approval_moved(application)
        return None
    application.status = Application.Status.GRANTED
    application.ended_at = clock.now()
    application.save(update_fields=["status", "ended_at"])
    telling.approval_moved(application)
    return take(
        matter,
        application.step,
        by=by,
        on=on,
        data=application.data,
        party=party_in(application.declared, application.data),
        late_reason=application.late_reason,
        application=application,
    )


def _again(application: Application, matter: Matter) -> Application:
    """The application locked and fresh, of the matter that is locked already."""
    found = Application.objects.select_for_update().get(pk=application.pk)
    found.matter = matter
    return found


def _passed_on(application: Application) -> str:
    """The sentence for who signs on a page that shows an earlier stage: who was quicker, and what is next."""
    last = application.opinions.select_related("officer").order_by("id").last()
    who = f"{last.officer.name}已于{last.at.astimezone(clock.BEIJING):%H:%M}签署意见" if last else "本审批已有变动"
    return f"此页打开以后，{who}，现在是“{application.stages[application.stage]['title']}”环节。您的意见没有写入，请核对后再办。"


@transaction.atomic
def withdraw(application: Application, *, by: Officer) -> None:
    """The proposer takes an open application back. Raises NotCompetent or OutOfOrder."""
    matter = lock(application.matter)
    application = _again(application, matter)
    if by.pk not in (application.submitted_by_id, application.cosigner_id):
        raise NotCompetent("只有提出人可以撤回。")
    if not application.is_open:
        raise OutOfOrder(f"该审批现为“{application.get_status_display()}”，不能撤回。")
    on = clock.today()
    application.status = Application.Status.WITHDRAWN
    application.ended_at = clock.now()
    application.save(update_fields=["status", "ended_at"])
    _note(application, by, on, f"撤回{application.title}的提请")
    refresh_outlook(matter, on)
    telling.approval_moved(application)


def _note(
    application: Application,
    by: Officer,
    on: date,
    title: str,
    after: dict[str, Any] | None = None,
    role: Role | None = None,
) -> None:
    """Write one move of the approval into the matter's chain; ``role``: in which an opinion was given."""
    matter = application.matter
    actor = org.actor(by, on, matter.organ, role, application.declared.approval if role else "")
    record.write(
        matter.chain, actor=actor, act=f"{application.declared.code}.approval", title=title, on=on,
        articles=as_text(application.declared.basis),
        after={"application": application.pk, "status": application.status, **(after or {})}, matter_title=matter.title,
    )  # fmt: skip
