"""Which rows a person sees; the expectation is the table below, written from the bureau's rule and not from the code."""

import pytest

from fadu.kernel import clock
from fadu.org import services
from fadu.org.models import Organ, Post
from fadu.org.queries import Scope, scope
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
SEES_BELOW = {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.LEGAL_REVIEWER}


@pytest.fixture
def town() -> universe.Town:
    return universe.build()


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_in_the_city_leaders_and_lawyers_see_the_counties_and_others_their_own(town, role):
    seen = scope(town.of(town.city, role))
    if role in ADMINISTRATORS:
        expected = set()
    elif role in SEES_BELOW:
        expected = {"市局", "东区局", "西区局"}
    else:
        expected = {"市局"}
    assert set(seen.filter(Organ.objects.all(), "pk").values_list("short", flat=True)) == expected
    assert {organ.short for organ in Organ.objects.all() if seen.allows(organ)} == expected


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_in_a_county_nobody_sees_another_organ(town, role):
    seen = scope(town.of(town.east, role))
    expected = set() if role in ADMINISTRATORS else {"东区局"}
    assert set(seen.filter(Organ.objects.all(), "pk").values_list("short", flat=True)) == expected


def test_without_an_officer_nothing_is_seen(town):
    assert not scope(None).filter(Organ.objects.all(), "pk").exists()
    assert not Scope().allows(town.city)
    assert not scope(town.of(town.city, Role.PRINCIPAL_HEAD)).allows(None)


def test_a_post_without_duties_opens_nothing(town):
    driver = universe.officer(town.city, "钱示", title="驾驶员")
    assert not scope(driver).organs


def test_the_scopes_of_several_posts_are_united_and_told(town):
    person = town.of(town.east, Role.CLERK)
    post = Post.objects.create(organ=town.west, title="科员", roles=["clerk"])
    services.appoint(person, post, starts_on=clock.today())
    assert scope(person).organs == {town.east.pk, town.west.pk}
    assert scope(person).in_chinese() == "您能看到：示例东区应急管理局、示例西区应急管理局的事项。"


def test_the_scope_is_told_in_a_sentence(town):
    assert (
        scope(town.of(town.city, Role.PRINCIPAL_HEAD)).in_chinese()
        == "您能看到：示例市应急管理局及其下级2个机关的事项。"
    )
    assert scope(town.of(town.city, Role.ADMIN)).in_chinese() == "您能看到：没有任何事项（您的岗位不办理事项）。"


def test_organs_two_levels_below_are_seen_too(town):
    office = universe.organ("示例东区某镇应急管理站", "镇站", "晋示镇", "140403103", town.east)
    assert scope(town.of(town.city, Role.AGENCY_HEAD)).allows(office)
    assert scope(town.of(town.east, Role.AGENCY_HEAD)).allows(office)
    assert not scope(town.of(town.west, Role.AGENCY_HEAD)).allows(office)


def test_a_former_head_sees_nothing(town):
    head = town.of(town.city, Role.PRINCIPAL_HEAD)
    services.dismiss(head.appointments.get(), last_day=universe.SINCE)
    assert not scope(head).organs


def test_the_scope_costs_two_statements(town, django_assert_num_queries):
    head = town.of(town.city, Role.PRINCIPAL_HEAD)
    scope(head)
    with django_assert_num_queries(2):  # the officer's file, and whether the organs still stand as they did
        scope(head)
