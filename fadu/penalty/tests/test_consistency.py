"""裁量一致性: figures reckoned by hand, and the page with its links to the cases."""

from datetime import timedelta
from decimal import Decimal

import pytest

from fadu.discretion.tests.universe import makers
from fadu.kernel import clock
from fadu.law.statutes import APL
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.penalty.procedures.spread import Decided, apart, by_county, by_officer, spread
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START


def fined(amount, county="东区", officers=("甲",), **more):
    return Decided(1, "示例案", "示例公司", Decimal(amount), county, officers, **more)


def test_least_median_and_most_of_some_fines():
    some = [fined(10_000), fined(20_000), fined(60_000), fined(30_000)]
    made = spread("全部", some)
    assert (made.count, made.least, made.middle, made.most) == (4, Decimal(10_000), Decimal(25_000), Decimal(60_000))


def test_the_place_in_the_range_is_told_where_there_is_a_range():
    """3万至6万元里的4.5万元在正中"""
    inside = {"lower": Decimal(30_000), "upper": Decimal(60_000), "level": "一般"}
    assert spread("", [fined(45_000, **inside), fined(60_000, **inside)]).percent == "75%"
    assert spread("", [fined(45_000)]).percent == ""


@pytest.mark.law(APL[5, 2])
def test_a_fine_far_from_those_of_its_tier_lies_apart_and_a_departure_always():
    """四分位是2万与3万，一倍半是1.5万：高于4.5万的离群"""
    some = [fined(n, level="一般") for n in (20_000, 20_000, 25_000, 30_000, 30_000, 90_000)]
    assert apart(some) == {5: "明显高于同类"}
    assert apart(some[:3]) == {}
    assert apart([fined(1, departed=True)]) == {0: "偏离裁量基准"}
    assert apart([*some, *[fined(90_000, level="较重")] * 3]) == {5: "明显高于同类"}


def test_the_same_fines_by_county_and_by_each_officer():
    some = [fined(10_000, "东区", ("甲", "乙")), fined(30_000, "西区", ("乙",))]
    assert [(s.name, s.middle) for s in by_county(some)] == [("西区", Decimal(30_000)), ("东区", Decimal(10_000))]
    assert [(s.name, s.count) for s in by_officer(some)] == [("乙", 2), ("甲", 1)]


@pytest.mark.django_db
def test_the_page_compares_and_links_to_the_case(client):
    town = universe.bureau()
    with clock.at(START):
        makers(town.organ).publish()
    row = {
        "party": 1, "provision": universe.provision(), "fine": "20000", "measures": [], "fine_reason": "情节较轻。",
        "circumstances": {"persons": 5, "forged": False}, "departure": "初创企业",
    }  # fmt: skip
    case = universe.decided(town, proposals=[row | {"fine": "60000", "departure": ""}])
    head = people.officer(town.organ, "览示戊", Role.AGENCY_HEAD)
    client.force_login(people.account(head, "lan"))
    with clock.at(START + timedelta(days=30)):
        page = client.get("/penalty/consistency/").content.decode()
        assert "安全生产教育培训情况未如实记录" in page
        assert "60,000" in page
        one = client.get(
            f"/penalty/consistency/?provision={universe.provision()}&payer=unit&stage=immediate"
        ).content.decode()
        assert f"/matter/{case.pk}/" in one
        assert "B11 一般" in one
        assert "100%" in one
        matter = client.get(f"/matter/{case.pk}/").content.decode()
        assert "不适用其他档的理由" in matter
        assert "可以裁量的幅度" in matter
