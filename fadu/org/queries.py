"""Who holds which role on a day, and the one function that decides which rows a person sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q, QuerySet

from fadu.kernel import clock
from fadu.kernel.memory import remember
from fadu.law import editions
from fadu.org.delegable import DELEGABLE
from fadu.org.laying import is_laid, lay
from fadu.org.models import Appointment, Certificate, Delegation, Officer, Organ, User
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.record.actor import Actor

Row = TypeVar("Row", bound=Model)

# Whoever leads, reviews the law or answers for the whole field sees the organs below as well.
SUPERVISING = frozenset({Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.LEGAL_REVIEWER})
# The people who run the machine are kept apart from the people who handle matters.
WORKING = frozenset(Role) - ADMINISTRATORS
# From this day those who begin legal review need the qualification (the 2017 amendment of 行政处罚法; from memory).
QUALIFICATION_SINCE = date(2018, 1, 1)


# what decides what a person may do
FILE = (
    "appointments__post__organ", "appointments__post__department", "certificates", "qualifications", "delegations_given__organ",
    "delegations_held__organ", "delegations_held__giver",
)  # fmt: skip


def _file(officer: Officer) -> Officer:
    """The officer with posts, certificates, qualifications and delegations; read once a request, or once an act."""
    if officer.__dict__.get("_filed"):
        return officer
    return remember(("file", officer.pk), lambda: lay(Officer, officer.pk, FILE))


def appointments_on(officer: Officer, on: date) -> list[Appointment]:
    """The officer's appointments of the day with post, organ and department, the oldest first."""
    rows = [
        row
        for row in _file(officer).appointments.all()
        if row.confirmed and row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)
    ]
    return sorted(rows, key=attrgetter("pk"))


def officer_on_duty(user: User, on: date) -> Officer | None:
    """The officer behind an account with all that decides what he may do, read once; None when nobody is behind it."""
    officer: Officer | None = user._state.fields_cache.get("officer")
    # an account brings its officer along from ``backends.OneReading``
    if officer is None or not is_laid(officer, "appointments"):
        try:
            officer = lay(Officer, user.pk, FILE, by="user")
        except ObjectDoesNotExist:
            return None
    officer.user = user
    officer.__dict__["_filed"] = True
    return officer


def own_roles(officer: Officer | None, on: date, organ: Organ | None = None) -> frozenset[Role]:
    """The roles the officer's own posts give on that day, without what others have delegated."""
    if officer is None:
        return frozenset()
    return frozenset(
        role
        for appointment in appointments_on(officer, on)
        if organ is None or appointment.post.organ_id == organ.pk
        for role in appointment.roles
    )


def delegations_of(officer: Officer, on: date) -> list[Delegation]:
    """The delegations that run on that day and that the officer gave or holds, the lapsed left out.

    A delegation lapses with the post it came from: who has left office has nothing to hand on.
    """
    held = _file(officer)
    rows = {row.pk: row for row in (*held.delegations_given.all(), *held.delegations_held.all())}
    running = [row for row in rows.values() if row.starts_on <= on <= row.ends_on and row.revoked_at is None]
    running.sort(key=lambda row: (row.starts_on, row.pk), reverse=True)
    return [row for row in running if row.giver_id == officer.pk or _still_given(row, on)]


def _still_given(row: Delegation, on: date) -> bool:
    """Whether the giver still holds by a post of his own what he handed on."""
    needed = {Role.PRINCIPAL_HEAD} if row.kind == Delegation.Kind.ACTING else DELEGABLE
    return bool(own_roles(row.giver, on, row.organ) & needed)


def roles_of(officer: Officer | None, on: date, organ: Organ | None = None) -> frozenset[Role]:
    """The roles the officer has on that day, in one organ or (without `organ`) anywhere: by post, or in charge.

    While the principal has put another head in charge (主持工作), the head's roles that the law gives to one person are
    that other's; what is delegated for single approvals is asked for by `delegated_roles`.
    """
    if officer is None:
        return frozenset()
    roles = set(own_roles(officer, on, organ))
    for row in delegations_of(officer, on):
        if row.kind != Delegation.Kind.ACTING or (organ is not None and row.organ_id != organ.pk):
            continue
        if row.delegate_id == officer.pk:
            roles |= {Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD}
        elif organ is not None or own_roles(officer, on) == own_roles(officer, on, row.organ):
            roles.discard(Role.PRINCIPAL_HEAD)
    return frozenset(roles)


def delegation_for(
    officer: Officer, on: date, organ: Organ | None = None, approval: str = "", role: Role | None = None
) -> Delegation | None:
    """The delegation under which the officer may act that day: for `approval` (any without one) in the chain role `role`."""
    for row in delegations_of(officer, on):
        if row.delegate_id != officer.pk or row.kind != Delegation.Kind.APPROVALS:
            continue
        if organ is not None and row.organ_id != organ.pk:
            continue
        if approval and approval not in row.approvals:
            continue
        if role is None or role in own_roles(row.giver, on, row.organ) & DELEGABLE:
            return row
    return None


def delegated_roles(officer: Officer, on: date, organ: Organ | None = None, approval: str = "") -> frozenset[Role]:
    """The roles in which the officer may decide `approval` (or any approval, without one) for somebody who is absent."""
    return frozenset(role for role in DELEGABLE if delegation_for(officer, on, organ, approval, role))


def organs_of(officer: Officer, on: date) -> list[Organ]:
    """The organs in which the officer holds a post that day, the oldest appointment first."""
    return list({a.post.organ_id: a.post.organ for a in appointments_on(officer, on)}.values())


def home_organ(officer: Officer, on: date) -> Organ | None:
    """The organ of the oldest appointment of the day; None without any."""
    return next(iter(organs_of(officer, on)), None)


def _carrying(role: Role) -> Q:
    """Appointments that give `role`, the derived head roles included."""
    carrying = Q(post__roles__contains=[role.value])
    if role in (Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD):
        carrying |= Q(post__is_principal=True) | Q(acting=True)
    return carrying


def officers_with(role: Role, organ: Organ, on: date) -> QuerySet[Officer]:
    """The officers who hold `role` in `organ` on that day, by post or in charge for the time (as `roles_of` says)."""
    holding = Appointment.objects.on(on).filter(_carrying(role), post__organ=organ)
    wanted = Q(pk__in=holding.values("officer"))
    if role is Role.PRINCIPAL_HEAD:
        acting = Delegation.objects.on(on).filter(organ=organ, kind=Delegation.Kind.ACTING)
        wanted = (wanted & ~Q(pk__in=acting.values("giver"))) | Q(pk__in=acting.values("delegate"))
    return Officer.objects.filter(wanted).order_by("id")


def certified_officers(organ: Organ, on: date) -> QuerySet[Officer]:
    """The officers of `organ` who may enforce that day: post of 承办执法人员 and a valid certificate (行政处罚法 42)."""
    valid = Certificate.objects.on(on)
    return officers_with(Role.CASE_OFFICER, organ, on).filter(pk__in=valid.values("officer"))


def valid_certificate(officer: Officer, on: date) -> Certificate | None:
    """The certificate with which the officer may enforce on that day, the one that lasts longest; None without one."""
    return certificate_among(_file(officer).certificates.all(), on)


def valid_certificates(officers: Iterable[Officer], on: date) -> dict[int, Certificate]:
    """For many officers in one query: officer id → the valid certificate of the day that lasts longest."""
    people = list(officers)
    if not people:
        return {}
    rows = Certificate.objects.on(on).filter(officer__in=people).order_by("valid_to")
    key = ("certificates", tuple(officer.pk for officer in people), on)
    return dict(remember(key, lambda: {certificate.officer_id: certificate for certificate in rows}))


def certificate_among(certificates: Iterable[Certificate], on: date) -> Certificate | None:
    """Of an officer's certificates the one valid on that day that lasts longest; None without one."""
    valid = [
        one
        for one in certificates
        if one.valid_from <= on <= one.valid_to and (one.revoked_on is None or one.revoked_on > on)
    ]
    return max(valid, key=lambda one: one.valid_to, default=None)


def qualified_for_review(officer: Officer, on: date) -> bool:
    """Whether the officer may carry out legal review (行政处罚法 58 II): the qualification is asked of those who begin."""
    if officer.legal_review_since and officer.legal_review_since < QUALIFICATION_SINCE:
        return True
    return any(row.obtained_on <= on for row in _file(officer).qualifications.all())


def actor(
    officer: Officer | None, on: date, organ: Organ | None = None, role: Role | None = None, approval: str = ""
) -> Actor:
    """The officer as the record keeps them: name, post, organ and certificate as they are on that day.

    Of several posts the one in `organ` that carries `role` is named. Who acts for another says so in the post
    (经…授权): for the `approval` in which somebody else's role was used, or wherever the person is in charge for the time.
    Without an officer the system itself acts.
    """
    if officer is None:
        return Actor.program()
    rows = appointments_on(officer, on)
    if organ is not None:
        rows.sort(key=lambda a: a.post.organ_id != organ.pk)
    if role is not None:
        rows.sort(key=lambda a: role not in a.roles)
    certificate = valid_certificate(officer, on)
    return Actor(
        officer_id=officer.pk,
        name=officer.name,
        post=(rows[0].title if rows else "") + _under_authority(officer, on, organ, role, approval),
        organ=rows[0].post.organ.name if rows else "",
        certificate=certificate.number if certificate else "",
    )


def _under_authority(officer: Officer, on: date, organ: Organ | None, role: Role | None, approval: str) -> str:
    """（经…授权代行）or（经…授权主持工作）behind the post of somebody who acts for another, else nothing."""
    for row in delegations_of(officer, on):
        acting = row.kind == Delegation.Kind.ACTING and row.delegate_id == officer.pk
        if acting and (organ is None or row.organ_id == organ.pk):
            return f"（经{row.giver.name}授权主持工作）"
    if approval and role is not None and role not in own_roles(officer, on, organ):
        row = delegation_for(officer, on, organ, approval, role)  # type: ignore[assignment]
        if row is not None:
            return f"（经{row.giver.name}授权代行）"
    return ""


def administrator_roles(user: User, on: date) -> frozenset[Role]:
    """Which of the three administrators the account is that day; a superuser stands for the system administrator."""
    if not user.is_active:
        return frozenset()
    officer = officer_on_duty(user, on)
    roles = own_roles(officer, on) & ADMINISTRATORS
    return roles or (frozenset({Role.ADMIN}) if user.is_superuser else frozenset())


def actor_of_account(user: User, on: date) -> Actor:
    """Who acts through an account: its officer, or the machine room under the name of the account."""
    officer = officer_on_duty(user, on)
    return actor(officer, on) if officer else Actor(None, user.get_username(), "系统管理员")


@dataclass(frozen=True)
class Scope:
    """The organs whose rows a person sees. An empty scope sees nothing; there is no scope that sees "everything"."""

    organs: frozenset[int] = frozenset()
    described: tuple[str, ...] = ()

    def filter(self, queryset: QuerySet[Row], organ: str = "organ") -> QuerySet[Row]:
        """The rows of `queryset` within the scope; `organ` is the path to the organ's key (`pk` for organs themselves)."""
        if not self.organs:
            return queryset.none()
        return queryset.filter(**{f"{organ}__in": self.organs})

    def allows(self, organ: Organ | int | None) -> bool:
        """Whether rows of this organ are within the scope; a row without an organ is within nobody's."""
        return (organ.pk if isinstance(organ, Organ) else organ) in self.organs if organ is not None else False

    def in_chinese(self) -> str:
        """The sentence shown to the person: 您能看到：…"""
        if not self.organs:
            return "您能看到：没有任何事项（您的岗位不办理事项）。"
        return f"您能看到：{'、'.join(self.described)}的事项。"


def scope(officer: Officer | None, on: date | None = None) -> Scope:
    """The one function deciding which rows a person sees, for list, search, detail, export and print alike.

    Every working post opens its own organ; a leading or legal post opens the organs below as well; the post of
    系统管理员 opens nothing. The scopes of several posts are united. Without an officer nothing is seen.
    """
    if officer is None:
        return Scope()
    working = [a for a in appointments_on(officer, on or clock.today()) if a.roles & WORKING]
    supervised = {a.post.organ_id for a in working if a.roles & SUPERVISING}
    below = _below(supervised)
    organs: set[int] = set()
    described: list[str] = []
    for appointment in sorted(working, key=lambda a: a.post.organ_id not in supervised):
        organ = appointment.post.organ
        if organ.pk in organs:
            continue
        organs.add(organ.pk)
        lower = below.get(organ.pk, set()) - organs
        organs |= lower
        described.append(f"{organ.name}及其下级{len(lower)}个机关" if lower else organ.name)
    return Scope(frozenset(organs), tuple(described))


def organs() -> list[Organ]:
    """All organs in their order; there are few and they seldom change, so a process keeps them."""
    return editions.kept("organs", "all", lambda: list(Organ.objects.all()))


def _below(roots: set[int]) -> dict[int, set[int]]:
    """For each root the keys of all organs below it, at any depth."""
    if not roots:
        return {}
    children: dict[int, list[int]] = {}
    for organ in organs():
        if organ.parent_id is not None:
            children.setdefault(organ.parent_id, []).append(organ.pk)
    found: dict[int, set[int]] = {}
    for root in roots:
        queue, seen = list(children.get(root, ())), set()
        while queue:
            key = queue.pop()
            if key not in seen:
                seen.add(key)
                queue.extend(children.get(key, ()))
        found[root] = seen - {root}
    return found
