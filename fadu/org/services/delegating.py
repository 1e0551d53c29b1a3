"""Delegation of authority with dates: given by who holds it, ending by itself, to be taken back at any time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import delegable, listening
from fadu.org.models import Delegation, Officer, Organ
from fadu.org.queries import actor, own_roles, roles_of
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.record.services import write

LONGEST = timedelta(days=183)  # half a year; who is away longer is replaced by an appointment
Kind = Delegation.Kind


@transaction.atomic
def delegate(
    giver: Officer,
    to: Officer,
    *,
    organ: Organ,
    kind: Delegation.Kind,
    approvals: Iterable[str] = (),
    starts_on: date,
    ends_on: date,
    reason: str,
) -> Delegation:
    """Let ``to`` act for ``giver`` from one day to another, both included: for named approvals, or in charge (主持工作).

    Only what the giver holds by a post of his own is handed on, and never further. 主持工作 is given by the principal to
    a head of the same organ and carries what the law gives to the principal alone
    (《行政执法机关移送涉嫌犯罪案件的规定》第五条); single approvals never do. Raises Invalid or NotCompetent.
    """
    today = clock.today()
    mine, theirs = own_roles(giver, today, organ), own_roles(to, today, organ)
    keys = sorted(set(approvals))
    _may_give(giver, organ, kind, mine)
    errors: dict[str, str] = {}
    if to.pk == giver.pk:
        errors["delegate"] = "不能授权给自己，请选择另一位同志。"
    elif not theirs - ADMINISTRATORS:
        errors["delegate"] = f"{to.name}今天在{organ.name}没有办理业务的岗位，不能代行。"
    elif kind == Kind.ACTING and Role.AGENCY_HEAD not in theirs:
        errors["delegate"] = f"主持工作的应当是本机关的负责人，{to.name}的岗位没有“行政机关负责人”这项职责。"
    if starts_on < today:
        errors["starts_on"] = "开始日期不能早于今天：授权以前的审批，代行人无权作出。"
    if ends_on < starts_on:
        errors["ends_on"] = "截止日期早于开始日期，请核对。"
    elif ends_on - starts_on > LONGEST:
        errors["ends_on"] = "一次授权最长半年；时间更长的，请通过任职解决。"
    if not reason.strip():
        errors["reason"] = "请写明事由，例如“外出学习”。它将写入记录。"
    if kind == Kind.APPROVALS:
        allowed = {approval.key for approval in delegable.offered(organ, today, mine)}
        if not keys or not set(keys) <= allowed:
            errors["approvals"] = "请选择代行哪些审批；只能选您自己有权作出的。"
    if errors:
        raise Invalid(errors)
    Organ.objects.select_for_update().get(pk=organ.pk)  # two delegations at once see each other
    _refuse_second(giver, to, organ, kind, starts_on, ends_on)
    row = Delegation.objects.create(
        organ=organ, giver=giver, delegate=to, kind=kind, approvals=keys if kind == Kind.APPROVALS else [],
        starts_on=starts_on, ends_on=ends_on, reason=reason.strip()[:200], given_at=clock.now(),
    )  # fmt: skip
    _note(row, giver, "delegate", "授权代行")
    listening.tell_delegation(row)
    return row


def _may_give(giver: Officer, organ: Organ, kind: Delegation.Kind, mine: frozenset[Role]) -> None:
    """Refuse a giver who does not hold by his own post what he would hand on."""
    if kind == Kind.ACTING and Role.PRINCIPAL_HEAD not in mine:
        raise NotCompetent(f"只有{organ.name}的正职负责人能够授权他人主持工作。")
    if kind == Kind.APPROVALS and not mine & delegable.DELEGABLE:
        raise NotCompetent("您的岗位没有可以授权代行的审批；代行来的权限不能再授权。")


def _refuse_second(
    giver: Officer, to: Officer, organ: Organ, kind: Delegation.Kind, starts_on: date, ends_on: date
) -> None:
    """One organ has one person in charge at a time; the one in charge does not go away in turn."""
    others = Delegation.objects.filter(
        organ=organ, revoked_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on, kind=Kind.ACTING
    )
    if kind == Kind.ACTING and (other := others.select_related("delegate").first()):
        raise Invalid({"starts_on": f"这段时间已经授权{other.delegate.name}主持工作，请先收回。"})
    if kind == Kind.APPROVALS and others.filter(giver=to).exists():
        raise Invalid({"delegate": f"{to.name}这段时间已经授权他人主持工作，本人不在岗，请另选一位。"})


@transaction.atomic
def revoke(delegation: Delegation, *, by: Officer) -> Delegation:
    """Take a delegation back, at once: the giver, whoever is principal, or the security administrator (who only takes away)."""
    row = Delegation.objects.select_for_update().select_related("organ", "giver", "delegate").get(pk=delegation.pk)
    on = clock.today()
    principal = Role.PRINCIPAL_HEAD in own_roles(by, on, row.organ)
    if by.pk != row.giver_id and not principal and Role.SECURITY not in roles_of(by, on):
        raise NotCompetent("授权由授权人本人、本机关正职或者安全管理员收回。")
    if row.revoked_at or on > row.ends_on:
        raise OutOfOrder(f"这项授权{row.state(on)}，不用再收回。")
    row.revoked_at, row.revoked_by = clock.now(), by
    row.save(update_fields=["revoked_at", "revoked_by"])
    _note(row, by, "revoke", "收回授权")
    listening.tell_delegation(row)
    return row


def _note(row: Delegation, by: Officer, act: str, title: str) -> None:
    """Write the delegation, or its end, into its own chain."""
    on = clock.today()
    titles = {approval.key: approval.title for approval in delegable.approvals(row.organ, on)}
    write(
        f"org.delegation/{row.pk}", actor=actor(by, on, row.organ), act=f"org.delegation.{act}", title=title, on=on,
        after={
            "授权人": row.giver.name, "代行人": row.delegate.name, "机关": row.organ.name, "范围": row.get_kind_display(),
            "审批": [titles.get(key, key) for key in row.approvals], "起": row.starts_on, "止": row.ends_on, "事由": row.reason,
        },
        matter_title=str(row),
    )  # fmt: skip
