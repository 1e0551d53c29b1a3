"""What the system administrator enters gives power only when the security administrator has confirmed it (三员分立)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import listening
from fadu.org.models import Appointment, Grant, Officer, Post, User
from fadu.org.queries import actor_of_account, administrator_roles
from fadu.org.roles import Role
from fadu.org.services.account import set_encoded
from fadu.record.services import write

Kind, Status = Grant.Kind, Grant.Status
TARGETS = ("appointment", "post", "officer", "user")


@transaction.atomic
def propose(kind: Grant.Kind, subject: str, *, by: User, values: dict[str, Any] | None = None, **target: Any) -> Grant:
    """Put a grant before the security administrator; an older one for the same thing gives way.

    ``target``: the rows it concerns, by name of field (appointment, post, officer, user). ``values``: what is given.
    """
    same = Grant.objects.filter(kind=kind, status=Status.PENDING, **target)
    for older in same:
        older.status = Status.WITHDRAWN
        older.values = _without_secrets(older.values)
        older.save(update_fields=["status", "values"])
        listening.tell_grant(older)
    grant = Grant.objects.create(
        kind=kind, subject=subject[:300], values=values or {}, proposed_by=by, proposed_at=clock.now(), **target
    )
    _note(grant, by, f"提请授权：{grant.get_kind_display()}")
    listening.tell_grant(grant)
    return grant


def propose_appointment(appointment: Appointment, *, by: User) -> Grant:
    """An appointment that has been entered waits, without effect."""
    until = f"至{appointment.ends_on:%Y-%m-%d}" if appointment.ends_on else "起"
    words = f"{appointment.officer.name}任{appointment.post.organ.name}{appointment.title}，{appointment.starts_on:%Y-%m-%d}{until}"
    roles = "、".join(role.title for role in Role if role in appointment.roles) or "没有职责"
    return propose(Kind.APPOINT, f"{words}（{roles}）", by=by, appointment=appointment)


def propose_roles(post: Post, add: list[str], *, principal: bool, by: User) -> Grant:
    """Roles that a post is to get; those taken away have gone already."""
    titles = [Role(value).title for value in add] + (["正职"] if principal else [])
    return propose(
        Kind.ROLES, f"{post}增加：{'、'.join(titles)}", by=by, post=post, values={"add": add, "principal": principal}
    )


@transaction.atomic
def decide(grant: Grant, *, by: User, agreed: bool, reason: str = "") -> Grant:
    """Confirm a grant, which takes effect at once, or refuse it with a reason.

    Raises NotCompetent unless ``by`` is a security administrator today and another person than who entered it;
    OutOfOrder when it is decided already; Invalid when the reason is missing or what it gives collides by now.
    """
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    if Role.SECURITY not in administrator_roles(by, clock.today()):
        raise NotCompetent("授权由安全管理员确认，您今天的岗位没有这项职责。")
    if grant.proposed_by_id == by.pk:
        raise NotCompetent("登记授权的人不能自己确认：系统管理员和安全管理员应当分开。")
    if grant.status != Status.PENDING:
        raise OutOfOrder(f"这项授权现为“{grant.get_status_display()}”，不用再确认。")
    if not agreed and not reason.strip():
        raise Invalid({"reason": "不确认的，请写明理由。"})
    grant.status = Status.CONFIRMED if agreed else Status.REFUSED
    grant.decided_by, grant.decided_at, grant.reason = by, clock.now(), reason.strip()[:200]
    if agreed:
        try:
            with transaction.atomic():
                _take_effect(grant)
        except ValidationError as error:
            raise Invalid({"reason": "现在不能确认：" + "".join(error.messages)}) from error
    else:
        _fall_away(grant)
    grant.values = _without_secrets(grant.values)
    grant.save(update_fields=["status", "decided_by", "decided_at", "reason", "values", "appointment"])
    _note(grant, by, f"{'确认' if agreed else '不确认'}授权：{grant.get_kind_display()}")
    listening.tell_grant(grant)
    return grant


def _without_secrets(values: dict[str, Any]) -> dict[str, Any]:
    """What was given, once it is decided, without the hash of a password."""
    return {key: value for key, value in values.items() if key != "encoded"}


def _take_effect(grant: Grant) -> None:
    """Give what the grant says."""
    match grant.kind:
        case Kind.APPOINT:
            row = Appointment.objects.select_for_update().get(pk=_key(grant.appointment_id))
            row.confirmed = True
            row.full_clean()
            row.save(update_fields=["confirmed"])
        case Kind.ROLES:
            post = Post.objects.select_for_update().get(pk=_key(grant.post_id))
            wanted = {*post.roles, *grant.values["add"]}
            post.roles = [role.value for role in Role if role.value in wanted]
            post.is_principal = post.is_principal or grant.values["principal"]
            post.full_clean()
            for appointment in post.appointments.all():
                appointment.post = post
                appointment.clean()
            post.save(update_fields=["roles", "is_principal"])
        case Kind.ACCOUNT:
            officer = Officer.objects.select_for_update().get(pk=_key(grant.officer_id))
            officer.user = grant.user
            officer.full_clean()
            officer.save(update_fields=["user"])
        case Kind.PASSWORD:
            user = User.objects.select_for_update().get(pk=_key(grant.user_id))
            set_encoded(user, grant.values["encoded"], must_change=True)
        case Kind.ACTIVATE:
            User.objects.filter(pk=_key(grant.user_id)).update(is_active=True)


def _key(value: int | None) -> int:
    """The key of what a grant concerns; each kind names its own row."""
    if value is None:
        raise ValidationError("所涉及的内容已经不在了。")
    return value


def _fall_away(grant: Grant) -> None:
    """A refused appointment, which never had effect, stands in nobody's way; the record keeps what was asked."""
    if grant.kind == Kind.APPOINT and grant.appointment is not None and not grant.appointment.confirmed:
        grant.appointment.delete()
        grant.appointment = None


def _note(grant: Grant, by: User, title: str) -> None:
    """Write one move of the grant into its own chain."""
    write(
        f"org.grant/{grant.pk}", actor=actor_of_account(by, clock.today()), act=f"org.grant.{grant.status}", title=title,
        on=clock.today(), after={"内容": grant.subject, "状态": grant.get_status_display()}, note=grant.reason,
        matter_title=grant.subject,
    )  # fmt: skip
