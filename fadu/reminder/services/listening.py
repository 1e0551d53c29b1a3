"""What this floor makes of delegations and grants given on the floor of people."""

from __future__ import annotations

from django.urls import reverse

from fadu.kernel import clock
from fadu.org import listening
from fadu.org.models import Appointment, Delegation, Grant, Officer
from fadu.reminder.kinds import Kind
from fadu.reminder.services.telling import settle, tell


@listening.on_delegation
def delegation(row: Delegation) -> None:
    """The delegate is told that he has been put in somebody's place, and when that ends before its day."""
    what = "收回了" if row.revoked_at else "授予您"
    days = f"{row.starts_on.month}月{row.starts_on.day}日至{row.ends_on.month}月{row.ends_on.day}日"
    text = f"{row.giver.name}{what}授权代行（{row.get_kind_display()}，{days}）。"
    key = f"delegation/{row.pk}/{'revoked' if row.revoked_at else 'given'}"
    tell(Kind.DELEGATION, [row.delegate], key=key, url=reverse("org:delegations"), text=text)


@listening.on_grant
def grant(row: Grant) -> None:
    """The security administrators are told that something waits; when it is decided nobody is reminded any more."""
    key = f"grant/{row.pk}"
    if row.status != Grant.Status.PENDING:
        settle(key)
        return
    holding = Appointment.objects.on(clock.today()).filter(post__roles__contains=["security"])
    guards = Officer.objects.filter(pk__in=holding.values("officer"))
    tell(Kind.GRANT, guards, key=key, url=reverse("org:security"), text=f"{row.get_kind_display()}：{row.subject}")
