"""The ledgers as their readers meet them: a way to enter what is new, and no code words where a person reads."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fadu.law.models import Parameter, Provision
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.penalty.tests import universe

pytestmark = pytest.mark.django_db


def browser(person: Officer) -> Client:
    client = Client()
    client.force_login(person.user or people.account(person, f"u{person.pk}"))
    return client


def test_the_register_of_clues_leads_those_who_may_to_its_form_and_nobody_else():
    """《行政处罚法》第五十四条: whoever may register finds the way in the register itself"""
    town = universe.bureau()
    new = f'href="{reverse("penalty:new_clue")}"'
    for person, may in ((town.first, True), (town.clerk, True), (town.reviewer, True), (town.treasurer, False), (town.head, False)):  # fmt: skip
        client = browser(person)
        assert (new in client.get("/penalty/clues/").content.decode()) is may
        assert client.get("/penalty/clues/new/").status_code == (200 if may else 403)


def test_a_matter_without_a_serial_shows_no_key_of_the_database():
    town = universe.bureau()
    case = universe.clue(town)
    page = browser(town.first).get(f"/matter/{case.pk}/").content.decode()
    assert "尚未编号" in page
    assert f"（{case.pk}）" not in page


def test_the_ledger_shows_the_cause_below_the_party_and_exports_both():
    town = universe.bureau()
    universe.filed(town)
    client = browser(town.first)
    page = client.get("/penalty/cases/").content.decode()
    assert re.search(r"甲山矿业有限公司.*?<br><span[^>]*>未如实记录安全生产教育和培训情况</span>", page, re.S)
    import io

    from openpyxl import load_workbook

    body = b"".join(client.get("/penalty/cases/?export=xlsx").streaming_content)
    heads = [cell.value for cell in next(load_workbook(io.BytesIO(body)).active.iter_rows())]
    for title in ("当事人和案由", "案由", "来源", "办理机关", "罚款（元）"):
        assert title in heads


def test_the_administration_speaks_of_provisions_in_words():
    town = people.build()
    client = browser(town.of(town.city, Role.ADMIN))
    row = Provision.objects.get(citation="《安全生产法》第九十七条第四项", until=None)
    page = client.get(f"/admin/law/provision/{row.pk}/change/").content.decode()
    main = page[page.index('id="content-main"') :]
    assert "10万元以下" in main
    for code in ("immediate", "measures", row.key, "&quot;"):
        assert code not in main
    listed = client.get("/admin/law/parameter/?q=decision").content.decode()
    assert Parameter.objects.filter(name="decision").exists()
    assert ">90日<" in listed
    assert "90.0000" not in listed


def test_a_wrong_amount_is_told_once():
    """The sentence says how to write it, and not also that nothing was written."""
    from fadu.penalty.forms import ProposalRow
    from fadu.penalty.forms.norms import OpenNorms

    case = universe.investigated(universe.bureau())
    row = ProposalRow(
        {"party": 1, "provision": universe.provision(), "fine": "三万"}, case=case, norms=OpenNorms(case), url="/"
    )
    assert not row.is_valid()
    assert len(row.errors["fine"]) == 1


def test_the_address_of_a_row_is_the_one_that_the_routes_give():
    """For numbers of any length, also under a prefix of the site."""
    from django.urls import reverse, set_script_prefix

    from fadu.ui.slots import address_of

    for prefix in ("/", "/fadu/"):
        set_script_prefix(prefix)
        try:
            for key in (1, 42, 9876543210):
                assert address_of("procedure:matter", key) == reverse("procedure:matter", args=[key])
        finally:
            set_script_prefix("/")
