"""Who is told of what happens to a matter: whose turn it is, whose application ended, who was charged, named, or is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.memory import remember
from fadu.org import queries as org
from fadu.org.models import Delegation, Officer
from fadu.org.roles import Role
from fadu.procedure.declare import Bound
from fadu.procedure.models import Application, Comment, Deadline, Matter
from fadu.reminder.kinds import Kind
from fadu.reminder.services import settle, tell

NEAR = timedelta(days=3)


def _page(matter: Matter) -> str:
    return reverse("procedure:matter", args=[matter.pk])


def approval_moved(application: Application) -> None:
    """An application stands at a new place: who has to sign now is told, who had to before is not bothered any more."""
    matter, key = application.matter, f"application/{application.pk}"
    url = reverse("procedure:application", args=[application.pk])
    settle(key)
    if application.status == Application.Status.COSIGN:
        people = [application.cosigner] if application.cosigner else []
        what = "请您共同签署"
    elif application.status == Application.Status.PENDING:
        for earlier in range(application.stage):
            settle(f"{key}/{earlier}")
        people, what = _signers(application), f"请您签署{application.stages[application.stage]['title']}"
        key = f"{key}/{application.stage}"
    else:
        _ended(application, url)
        return
    tell(
        Kind.APPROVAL,
        people,
        key=key,
        url=url,
        text=f"{matter.title}：{application.title}，{what}。",
        subject=matter.chain,
    )


def _signers(application: Application) -> list[Officer]:
    """Who holds the role of the present stage in the matter's organ, by post or for somebody absent; not who proposed."""
    matter, on = application.matter, clock.today()
    role = Role(application.role)
    holding = remember(("holding", role, matter.organ_id, on), lambda: list(org.officers_with(role, matter.organ, on)))
    given = Delegation.objects.on(on).filter(organ=matter.organ).select_related("delegate")
    people = {officer.pk: officer for officer in holding}
    for row in remember(("delegated at", matter.organ_id, on), lambda: list(given)):
        approval = application.declared.approval
        if role in org.roles_of(row.delegate, on, matter.organ) | org.delegated_roles(
            row.delegate, on, matter.organ, approval
        ):
            people[row.delegate_id] = row.delegate
    signed = set(application.opinions.values_list("officer_id", flat=True))
    out = signed | {application.submitted_by_id, application.cosigner_id}
    return [officer for pk, officer in people.items() if pk not in out]


def _ended(application: Application, url: str) -> None:
    """Whoever proposed learns how it ended; whoever was still to sign need not any more."""
    for stage in range(len(application.stages)):
        settle(f"application/{application.pk}/{stage}")
    kinds = {Application.Status.RETURNED: Kind.RETURNED, Application.Status.GRANTED: Kind.GRANTED}
    kind = kinds.get(Application.Status(application.status))
    if kind is None:
        return
    people = [application.submitted_by, *([application.cosigner] if application.cosigner else [])]
    how = "被退回，请修改后重新提出" if kind is Kind.RETURNED else "已经批准"
    tell(
        kind, people, key=f"application/{application.pk}/ended", url=url,
        text=f"{application.matter.title}：{application.title}{how}。", subject=application.matter.chain,
    )  # fmt: skip


def assigned(matter: Matter, officers: Iterable[Officer], on: date) -> None:
    """The new case officers are told."""
    text = f"{matter.title}：由您承办。"
    tell(
        Kind.ASSIGNED, officers, key=f"assigned/{matter.chain}/{on}", url=_page(matter), text=text, subject=matter.chain
    )


def mentioned(comment: Comment) -> None:
    """Whoever is named after an @ in a comment, and works in the matter's organ, is told."""
    if "@" not in comment.text and "＠" not in comment.text:
        return
    matter, text = comment.matter, comment.text.replace("＠", "@")
    people = Officer.objects.filter(appointments__post__organ=matter.organ, appointments__confirmed=True).distinct()
    named = [one for one in people if f"@{one.name}" in text and one.pk != comment.officer_id]
    words = f"{comment.officer.name}在{matter.title}的日志中提到您。"
    tell(Kind.MENTION, named, key=f"comment/{comment.pk}", url=_page(matter), text=words, subject=matter.chain)


def _responsible(matter: Matter, on: date) -> list[Officer]:
    """The case officers; while there are none, whoever's turn it is."""
    rows = matter.assignments.filter(until=None).select_related("officer")
    people = {row.officer_id: row.officer for row in rows}
    if not people:
        for role in matter.awaiting:
            people |= {officer.pk: officer for officer in org.officers_with(Role(role), matter.organ, on)}
    return list(people.values())


def missed(row: Deadline, on: date) -> None:
    """A duty of the bureau has run out: the case officers are told at once, at night too."""
    matter = row.matter
    settle(f"deadline/{row.pk}/near")
    text = f"{matter.title}：“{row.name}”的期限已过（{row.last_day.month}月{row.last_day.day}日届满）。"
    tell(
        Kind.MISSED, _responsible(matter, on), key=f"deadline/{row.pk}/missed", url=_page(matter), text=text,
        subject=matter.chain,
    )  # fmt: skip


def warn_of_near(on: date) -> int:
    """Tell of each duty of the bureau that runs out within three days, once; answers how many reminders were made."""
    rows = Deadline.objects.filter(
        bound=Bound.DUTY.name, last_day__range=(on, on + NEAR), ended_on=None, cancelled_on=None, paused_since=None
    )
    made = 0
    for row in rows.select_related("matter__organ"):
        matter = row.matter
        text = f"{matter.title}：“{row.name}”的期限于{row.last_day.month}月{row.last_day.day}日届满。"
        key = f"deadline/{row.pk}/near"
        made += len(
            tell(Kind.NEAR, _responsible(matter, on), key=key, url=_page(matter), text=text, subject=matter.chain)
        )
    return made
