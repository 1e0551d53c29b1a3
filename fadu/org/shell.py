"""What the shell of every page shows of people: who is logged in, whose house this is, and the entries of navigation."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from fadu.kernel import clock
from fadu.org.models import Officer, Organ
from fadu.org.queries import actor, appointments_on
from fadu.org.roles import Role
from fadu.record import access
from fadu.record.actor import Actor
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


@slots.identity
def who(request: HttpRequest) -> slots.Identity | None:
    """Name, organ and posts of the person logged in; the bare user name for an account without an officer."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    officer: Officer | None = getattr(request, "officer", None)
    profile, way_out = reverse("org:account"), reverse("org:logout")
    if officer is None:
        return slots.Identity(user.get_username(), profile_url=profile, logout_url=way_out)
    rows = appointments_on(officer, clock.today())
    organ = rows[0].post.organ.name if rows else ""
    posts = tuple(f"{row.post.department.name}·{row.title}" if row.post.department else row.title for row in rows)
    return slots.Identity(officer.name, organ, posts, profile, way_out)


@access.register_identity
def reader(request: HttpRequest) -> Actor | None:
    """Who reads, as the notes of access keep them: name, post and organ of the day; None without an officer."""
    officer: Officer | None = getattr(request, "officer", None)
    return actor(officer, clock.today()) if officer else None


def audit_administrator(request: HttpRequest) -> Q | None:
    """All notes of access for 审计管理员, who sees no matter: who read when, not what it is about."""
    return Q() if Role.AUDITOR in getattr(request, "roles", ()) else None


access.register_auditor(audit_administrator, blind=True)


@slots.masthead
def house(request: HttpRequest) -> slots.Masthead | None:
    """The bureau at the top of the tree, for the public site."""
    organ = Organ.objects.filter(parent=None).order_by("id").first()
    return slots.Masthead(name=organ.name, phone=organ.phone) if organ else None


def _is_admin(request: HttpRequest) -> bool:
    return Role.ADMIN in getattr(request, "roles", ()) or getattr(request.user, "is_superuser", False)


def _carries(role: Role) -> Callable[[HttpRequest], bool]:
    """The permission of an entry for holders of one role."""
    return lambda request: role in getattr(request, "roles", ())


def _works(request: HttpRequest) -> bool:
    """Whoever handles matters, or may take a delegation back."""
    return bool(set(getattr(request, "roles", ())) - {Role.ADMIN, Role.AUDITOR})


slots.nav(NavEntry(Group.MANAGE, "机构与人员", "org:people", icon="people", order=10))
slots.nav(NavEntry(Group.MANAGE, "授权代行", "org:delegations", icon="pen", order=20, allowed=_works))
slots.nav(NavEntry(Group.MANAGE, "安全管理", "org:security", icon="shield", order=80, allowed=_carries(Role.SECURITY)))
slots.nav(NavEntry(Group.MANAGE, "登录日志", "org:logins", icon="list", order=81, allowed=_carries(Role.AUDITOR)))
slots.nav(NavEntry(Group.MANAGE, "管理操作日志", "org:changes", icon="doc", order=82, allowed=_carries(Role.AUDITOR)))
slots.nav(NavEntry(Group.MANAGE, "基础数据", "admin:index", icon="gear", order=90, allowed=_is_admin))
# Of the law floor, which does not know the posts and would have to ask the database for each page.
slots.nav(NavEntry(Group.MANAGE, "导入法律文本", "law:import", icon="put", order=80, allowed=_is_admin))
