"""Navigation: what a person sees is what was registered and what this person may do."""

import pytest
from django.test import RequestFactory

from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


@pytest.fixture(autouse=True)
def _alone(own_registries: None, settings: object) -> None:
    settings.ROOT_URLCONF = "fadu.ui.tests.site"  # type: ignore[attr-defined]


def titles(path: str) -> dict[str, list[str]]:
    return {g.title: [link.title for link in g.links] for g in slots.navigation(RequestFactory().get(path))}


def test_entries_stand_in_the_order_of_groups_then_their_own() -> None:
    slots.nav(NavEntry(Group.CASES, "案件台账", "ui:styleguide_ledger", order=20))
    slots.nav(NavEntry(Group.CASES, "线索登记", "ui:styleguide_phone", order=10))
    slots.nav(NavEntry(Group.DESK, "工作台", "ui:styleguide"))
    assert titles("/ui/") == {"工作台": ["工作台"], "案件": ["线索登记", "案件台账"]}


def test_an_entry_that_is_not_allowed_is_not_there() -> None:
    slots.nav(NavEntry(Group.MANAGE, "人员", "ui:styleguide", allowed=lambda request: False))
    assert titles("/ui/") == {}


def test_an_entry_whose_page_does_not_exist_is_left_out() -> None:
    slots.nav(NavEntry(Group.LAW, "法规", "law:nonesuch"))
    assert titles("/ui/") == {}


def test_the_entry_of_the_longest_address_is_the_present_one() -> None:
    slots.nav(NavEntry(Group.DESK, "工作台", "ui:styleguide"))
    slots.nav(NavEntry(Group.CASES, "案件台账", "ui:styleguide_ledger"))
    groups = slots.navigation(RequestFactory().get("/ui/ledger/12/"))
    assert [link.title for g in groups for link in g.links if link.current] == ["案件台账"]


def test_at_most_four_entries_stand_at_the_foot_of_a_phone() -> None:
    for n, name in enumerate(("", "_ledger", "_phone", "_public")):
        slots.nav(NavEntry(Group.DESK, str(n), f"ui:styleguide{name}", on_phone=True))
    slots.nav(NavEntry(Group.LAW, "5", "admin:index", on_phone=True))
    assert len(slots.shell(RequestFactory().get("/ui/")).bar) <= 4
