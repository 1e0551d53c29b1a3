"""授权代行: who may give what to whom, from when to when, and how it ends."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import queries, services
from fadu.org.models import Delegation
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.record.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
WEEK = DAY + timedelta(days=6)
APPROVALS, ACTING = Delegation.Kind.APPROVALS, Delegation.Kind.ACTING


@pytest.fixture
def town():
    with clock.at(DAY):
        yield universe.build()


def give(town, giver=Role.AGENCY_HEAD, to=Role.REVIEWER, kind=APPROVALS, approvals=("decision",), **entered):
    dates = {"starts_on": DAY, "ends_on": WEEK, "reason": "外出学习"} | entered
    return services.delegate(
        town.of(town.city, giver), town.of(town.city, to), organ=town.city, kind=kind,
        approvals=approvals if kind == APPROVALS else (), **dates,
    )  # fmt: skip


def roles(town, role: Role, on: date, approval: str = "decision") -> frozenset[Role]:
    person = town.of(town.city, role)
    return queries.roles_of(person, on, town.city) | queries.delegated_roles(person, on, town.city, approval)


def test_it_holds_from_its_first_to_its_last_day_for_what_was_named(town):
    give(town)
    assert Role.AGENCY_HEAD in roles(town, Role.REVIEWER, DAY)
    assert Role.AGENCY_HEAD in roles(town, Role.REVIEWER, WEEK)
    assert Role.AGENCY_HEAD not in roles(town, Role.REVIEWER, WEEK + timedelta(days=1))
    assert Role.AGENCY_HEAD not in roles(town, Role.REVIEWER, DAY, approval="closing")
    assert Role.AGENCY_HEAD not in queries.roles_of(town.of(town.city, Role.REVIEWER), DAY, town.city)
    assert not queries.delegated_roles(town.of(town.city, Role.REVIEWER), DAY, town.east, "decision")


@pytest.mark.parametrize("giver", [Role.CLERK, Role.CASE_OFFICER, Role.LEGAL_REVIEWER, Role.ADMIN, Role.SECURITY])
def test_who_holds_nothing_to_hand_on_gives_nothing(town, giver):
    with pytest.raises(NotCompetent):
        give(town, giver=giver)


def test_delegated_power_is_not_handed_on(town):
    give(town, to=Role.CLERK)
    with pytest.raises(NotCompetent, match="不能再授权"):
        give(town, giver=Role.CLERK, to=Role.ARCHIVIST)


def test_single_approvals_never_carry_what_the_law_gives_to_the_principal(town):
    """《行政执法机关移送涉嫌犯罪案件的规定》第五条：正职负责人或者主持工作的负责人"""
    with pytest.raises(Invalid, match="只能选您自己有权作出的"):
        give(town, giver=Role.PRINCIPAL_HEAD, approvals=("transfer",))
    give(town, giver=Role.REVIEWER, to=Role.CLERK, approvals=("transfer",))  # the reviewer's own stage of it may
    assert roles(town, Role.CLERK, DAY, "transfer") == {Role.CLERK, Role.REVIEWER}


def test_only_the_principal_puts_a_head_in_charge_and_steps_back_meanwhile(town):
    with pytest.raises(NotCompetent, match="只有"):
        give(town, giver=Role.AGENCY_HEAD, kind=ACTING)
    with pytest.raises(Invalid, match="负责人"):
        give(town, giver=Role.PRINCIPAL_HEAD, to=Role.REVIEWER, kind=ACTING)
    give(town, giver=Role.PRINCIPAL_HEAD, to=Role.AGENCY_HEAD, kind=ACTING)
    assert Role.PRINCIPAL_HEAD in queries.roles_of(town.of(town.city, Role.AGENCY_HEAD), DAY, town.city)
    assert Role.PRINCIPAL_HEAD not in queries.roles_of(town.of(town.city, Role.PRINCIPAL_HEAD), DAY, town.city)
    holders = queries.officers_with(Role.PRINCIPAL_HEAD, town.city, DAY)
    assert list(holders) == [town.of(town.city, Role.AGENCY_HEAD)]
    after = WEEK + timedelta(days=1)
    assert Role.PRINCIPAL_HEAD not in queries.roles_of(town.of(town.city, Role.AGENCY_HEAD), after, town.city)
    assert Role.PRINCIPAL_HEAD in queries.roles_of(town.of(town.city, Role.PRINCIPAL_HEAD), after, town.city)


def test_an_organ_has_one_person_in_charge_at_a_time(town):
    give(town, giver=Role.PRINCIPAL_HEAD, to=Role.AGENCY_HEAD, kind=ACTING)
    with pytest.raises(Invalid, match="已经授权"):
        give(town, giver=Role.PRINCIPAL_HEAD, to=Role.AGENCY_HEAD, kind=ACTING, starts_on=WEEK, ends_on=WEEK)


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"starts_on": DAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on"),
        ({"ends_on": DAY + timedelta(days=184)}, "ends_on"),
        ({"reason": " "}, "reason"),
        ({"approvals": ()}, "approvals"),
        ({"approvals": ("made-up",)}, "approvals"),
        ({"to": Role.AGENCY_HEAD}, "delegate"),
        ({"to": Role.ADMIN}, "delegate"),
        ({"to": Role.AUDITOR}, "delegate"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(town, entered, field):
    with pytest.raises(Invalid) as refused:
        give(town, **entered)
    assert field in refused.value.field_errors
    assert not Delegation.objects.exists()


def test_a_person_of_another_organ_is_no_delegate(town):
    with pytest.raises(Invalid, match="没有办理业务的岗位"):
        services.delegate(
            town.of(town.city, Role.AGENCY_HEAD), town.of(town.east, Role.REVIEWER), organ=town.city, kind=APPROVALS,
            approvals=("decision",), starts_on=DAY, ends_on=WEEK, reason="外出",
        )  # fmt: skip


def test_it_lapses_with_the_post_it_came_from(town):
    give(town)
    services.dismiss(town.of(town.city, Role.AGENCY_HEAD).appointments.get(), last_day=DAY)
    assert Role.AGENCY_HEAD in roles(town, Role.REVIEWER, DAY)
    assert Role.AGENCY_HEAD not in roles(town, Role.REVIEWER, DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.AGENCY_HEAD, True), (Role.PRINCIPAL_HEAD, True), (Role.SECURITY, True), (Role.REVIEWER, False), (Role.ADMIN, False), (Role.CLERK, False)],
)  # fmt: skip
def test_who_takes_it_back_at_once(town, role, may):
    row = give(town)
    if not may:
        with pytest.raises(NotCompetent):
            services.revoke(row, by=town.of(town.city, role))
        return
    services.revoke(row, by=town.of(town.city, role))
    assert Role.AGENCY_HEAD not in roles(town, Role.REVIEWER, DAY)
    with pytest.raises(OutOfOrder):
        services.revoke(row, by=town.of(town.city, role))
    assert list(Entry.objects.filter(chain=f"org.delegation/{row.pk}").values_list("title", flat=True)) == [
        "授权代行",
        "收回授权",
    ]


def test_the_record_says_under_whose_authority(town):
    give(town)
    reviewer = town.of(town.city, Role.REVIEWER)
    giver = town.of(town.city, Role.AGENCY_HEAD)
    for_him = queries.actor(reviewer, DAY, town.city, Role.AGENCY_HEAD, "decision")
    assert for_him.post == f"审核人（经{giver.name}授权代行）"
    assert queries.actor(reviewer, DAY, town.city, Role.REVIEWER, "decision").post == "审核人"
    assert queries.actor(reviewer, DAY, town.city, Role.AGENCY_HEAD, "closing").post == "审核人"


def test_giving_and_taking_back_on_the_page(town):
    head = Client()
    head.force_login(universe.account(town.of(town.city, Role.AGENCY_HEAD), "fuju"))
    address = reverse("org:delegations")
    assert head.get(address).status_code == 200
    sent = {
        "delegate": town.of(town.city, Role.REVIEWER).pk, "kind": "approvals", "approvals": ["decision"],
        "starts_on": DAY.isoformat(), "ends_on": "2026年11月22日", "reason": "赴省城学习",
    }  # fmt: skip
    wrong = head.post(address, sent)
    assert wrong.status_code == 422
    assert "截止日期早于开始日期" in wrong.content.decode()
    assert "赴省城学习" in wrong.content.decode()
    assert head.post(address, sent | {"ends_on": "2026年11月29日"}).status_code == 302
    row = Delegation.objects.get()
    stranger = Client()
    stranger.force_login(universe.account(town.of(town.east, Role.PRINCIPAL_HEAD), "dongju"))
    assert "赴省城学习" not in stranger.get(address).content.decode()
    assert stranger.post(reverse("org:revoke", args=[row.pk])).status_code == 404
    clerk = Client()
    clerk.force_login(universe.account(town.of(town.city, Role.CLERK), "neiqin"))
    assert clerk.post(address, sent).status_code == 200
    assert clerk.post(reverse("org:revoke", args=[row.pk])).status_code == 403
    assert head.post(reverse("org:revoke", args=[row.pk])).status_code == 302
    assert Delegation.objects.get().revoked_at == datetime.combine(
        DAY, datetime.min.time().replace(hour=9), clock.BEIJING
    )
    assert Delegation.objects.count() == 1
