"""The way into force: three people, every fault with its place, and nothing changed afterwards (行政处罚法 34)."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from fadu.discretion import queries, services
from fadu.discretion.models import Benchmark, BenchmarkSet
from fadu.discretion.services.publishing import NotPublishable
from fadu.discretion.tests.universe import makers
from fadu.kernel import clock
from fadu.kernel.errors import NotCompetent, OutOfOrder
from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.record.models import Entry
from fadu.record.queries import verify_chain

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def town():
    return people.build()


@pytest.fixture
def three(town):
    with clock.at(DAY):
        yield makers(town.city)


@pytest.mark.law(APL[34])
def test_a_set_is_drafted_reviewed_and_published_by_three_people_and_each_act_is_on_record(three):
    made = three.publish()
    assert made.status == "published"
    assert made.benchmarks.count() == 53
    people_of = {made.drafted_by_id, made.reviewed_by_id, made.published_by_id}
    assert len(people_of) == 3
    entries = Entry.objects.filter(chain=made.chain).order_by("seq")
    assert [entry.title for entry in entries] == [
        "起草裁量基准", "审核裁量基准", "公布裁量基准",
    ]  # fmt: skip
    assert verify_chain(made.chain).ok


def test_nobody_passes_their_own_work(three, town):
    both = people.officer(town.city, "兼示丁", Role.LEGAL_REVIEWER, Role.AGENCY_HEAD)
    draft = services.draft_example(organ=town.city, by=both)
    with pytest.raises(NotCompetent, match="起草人"):
        services.review(draft, by=both, opinion="同意。")
    reviewed = services.review(draft, by=three.reviewer, opinion="同意。")
    with pytest.raises(NotCompetent, match="三个人"):
        services.publish(reviewed, by=both)


def test_it_takes_the_post_for_each_act(three):
    draft = three.draft()
    with pytest.raises(NotCompetent, match="法制审核"):
        services.review(draft, by=three.head, opinion="同意。")
    with pytest.raises(OutOfOrder):
        services.publish(draft, by=three.head)
    with pytest.raises(NotCompetent, match="负责人"):
        services.publish(services.review(draft, by=three.reviewer, opinion="同意。"), by=three.drafter)


def test_a_set_with_a_gap_is_refused_with_its_place(three):
    values = queries.example_content()
    broken = [dict(table) for table in values["benchmarks"]]
    broken[6] = broken[6] | {"tiers": broken[6]["tiers"][:1] + broken[6]["tiers"][2:]}
    draft = three.draft(values | {"benchmarks": broken})
    with pytest.raises(NotPublishable) as refused:
        services.review(draft, by=three.reviewer, opinion="同意。")
    assert "B07　从业人员：从业人员100人以上不足300人不属于任何一档" in refused.value.reasons
    assert BenchmarkSet.objects.get(pk=draft.pk).status == "draft"


def test_what_is_published_is_never_changed_not_even_past_the_program(three):
    made = three.publish()
    for change in (
        lambda: BenchmarkSet.objects.filter(pk=made.pk).update(title="另一个"),
        lambda: BenchmarkSet.objects.filter(pk=made.pk).update(status="draft"),
        lambda: Benchmark.objects.filter(set=made, code="B07").update(body={}),
        lambda: Benchmark.objects.filter(set=made, code="B07").delete(),
        lambda: Benchmark.objects.create(set=made, code="B99", body={}),
        made.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert made.benchmarks.count() == 53


def test_the_database_itself_asks_for_three_people(three):
    draft = three.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        BenchmarkSet.objects.filter(pk=draft.pk).update(
            status="reviewed", reviewed_by=draft.drafted_by, reviewed_on=DAY
        )


def test_its_end_may_be_noted_once(three):
    made = services.end(three.publish(), by=three.head, on=date(2026, 6, 1), reason="上级基准施行")
    assert made.in_force(date(2026, 5, 31))
    assert not made.in_force(date(2026, 6, 1))
    with pytest.raises(OutOfOrder):
        services.end(made, by=three.head, on=date(2026, 7, 1), reason="再次")


def test_the_version_of_the_day_of_the_act_applies(three):
    """行为时的基准：新版自施行日起取代旧版"""
    old, new = three.publish(since=date(2025, 1, 1)), three.publish(since=date(2026, 2, 1))
    assert queries.set_for(three.organ, date(2026, 1, 31)) == old
    assert queries.set_for(three.organ, date(2026, 2, 1)) == new
    assert queries.set_for(three.organ, date(2024, 12, 31)) is None


def test_a_county_uses_the_benchmark_of_the_city_until_it_has_its_own(three, town):
    county = town.east
    of_city = three.publish()
    assert queries.set_for(county, DAY) == of_city
    own = makers(county).publish()
    assert queries.set_for(county, DAY) == own
    assert queries.set_for(town.city, DAY) == of_city


def test_the_number_of_benchmarks_in_force(three):
    """《危险化学品安全管理条例》两张表2026年5月1日起、旧处罚办法两张表2026年2月1日起不再适用"""
    assert queries.count_in_force(DAY) == 0
    three.publish()
    assert queries.count_in_force(date(2026, 1, 15)) == 53
    assert queries.count_in_force(DAY) == 51
    assert queries.count_in_force(date(2026, 5, 1)) == 49
    assert len(queries.tables_for("wsl_97_p1_i3", DAY, three.organ)) == 2
    assert queries.tables_for("wsl_100_p1", DAY, three.organ) == []


def test_a_draft_is_thrown_away_and_its_record_stays(three):
    draft = three.draft()
    chain = draft.chain
    services.remove(draft, by=three.drafter)
    assert not BenchmarkSet.objects.exists()
    assert Entry.objects.filter(chain=chain).count() == 2
