"""The accounts of the demo city, as the server prints them at its start."""

from __future__ import annotations

from fadu.demo.people import PASSWORD
from fadu.kernel import clock
from fadu.org.models import Appointment


def lines() -> list[str]:
    """One line an account of the city organ, with post and what it may do; all share one password."""
    rows = Appointment.objects.on(clock.today()).filter(post__organ__parent=None, officer__user__isnull=False)
    found = [f"示例账号（密码都是 {PASSWORD}）："]
    for row in rows.select_related("officer__user", "post").order_by("officer__user__username"):
        assert row.officer.user is not None
        roles = "、".join(role.title for role in row.post.roles_in_order) or "主要负责人"
        found.append(f"  {row.officer.user.username}  {row.officer.name}  {row.post.title}（{roles}）")
    return found
