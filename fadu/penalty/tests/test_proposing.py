"""The form that proposes: provisions of all laws with the heavier fine first, and what a choice asks for, at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fadu.discretion.tests.universe import makers
from fadu.kernel import clock
from fadu.law.statutes import APL
from fadu.org.tests.universe import account
from fadu.penalty.forms import ConcludeForm
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START, Bureau
from fadu.procedure.forms import ASK_ANEW

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Bureau:
    made = universe.bureau()
    with clock.at(START):
        makers(made.organ).publish()
    return made


def ask(town: Bureau, case: PenaltyCase, **row: str) -> Any:
    """Change a field of the first row, as the page does while the rest is still empty."""
    client = Client()
    client.force_login(town.first.user or account(town.first, "first"))
    data = {f"proposals-0-{name}": value for name, value in row.items()}
    data |= {"proposals-TOTAL_FORMS": "1", "proposals-INITIAL_FORMS": "1", ASK_ANEW: "1"}
    with clock.at(START + timedelta(days=7)):
        return client.post(f"/matter/{case.pk}/act/conclude/", data, headers={"HX-Request": "true"})


def test_choosing_a_provision_asks_for_the_circumstances_of_its_table_and_judges_nothing(town: Bureau) -> None:
    case = universe.investigated(town)
    page = ask(town, case, party="1", provision=universe.provision(), fine_reason="居中")
    html = page.content.decode()
    assert page.status_code == 200
    assert "记录不实涉及的人员" in html
    assert 'id="row-proposals-0"' in html
    assert "处需要改正" not in html
    case.refresh_from_db()
    assert (case.state, case.acts.filter(step="conclude").count()) == ("INVESTIGATING", 0)


@pytest.mark.law(APL[33, 1])
def test_choosing_an_exemption_asks_for_the_list_and_choosing_its_item_for_each_condition(town: Bureau) -> None:
    case = universe.investigated(town)
    first = ask(town, case, party="1", exemption="FIRST").content.decode()
    assert "不予处罚清单中的事项" in first
    assert "涉及不超过10人" in first
    chosen = ask(town, case, party="1", exemption="FIRST", leniency="training_records").content.decode()
    assert "符合“没有列入严重失信主体名单”的事实" in chosen
    assert "系统记录：此前没有受过处罚" in chosen
    assert "不予处罚清单中的事项" not in ask(town, case, party="1", exemption="NOT_PROVED").content.decode()


@pytest.mark.law(APL[29], APL[36, 1])
def test_the_form_offers_every_law_and_shows_what_records_say(town: Bureau) -> None:
    case = universe.investigated(town)
    with clock.at(START + timedelta(days=7)):
        form = ConcludeForm(matter=case, officer=town.first)
        groups = dict(form.rowsets["proposals"].forms[0].fields["provision"].choices[1:])  # type: ignore[attr-defined]
        client = Client()
        client.force_login(town.first.user or account(town.first, "first"))
        page = client.get(f"/matter/{case.pk}/act/conclude/").content.decode()
    assert len([name for name in groups if name.startswith("《")]) > 5
    hints = next(rows for name, rows in groups.items() if not name.startswith("《"))
    assert hints[0][0] == universe.provision()
    assert "裁量基准B11" in hints[0][1]
    assert not any(key == "wsl_112_p1" for rows in groups.values() for key, _ in rows), "no records bear daily fines"
    assert "依记录提示" in page
    assert "至2028-03-01届满" in page  # two years from 1 March 2026
    assert "在本系统没有受过处罚" in page


@pytest.mark.law(APL[29])
def test_a_choice_below_what_the_broken_duties_bear_is_told_in_the_form_of_the_notice() -> None:
    """同一个违法行为违反多个法律规范的，按照罚款数额高的规定处罚: the higher one is shown where the lower was chosen."""
    bureau = universe.bureau()
    client = Client()
    client.force_login(bureau.first.user or account(bureau.first, "first"))
    training, assessing = "《安全生产法》第二十八条第四款", "《安全生产法》第三十二条"
    rows = [{"party": 1, "provision": universe.provision(), "fine": "60000", "measures": []}]
    told = {}
    for violated in (training, f"{training}\n{assessing}"):
        case = universe.investigated(bureau)
        with clock.at(START + timedelta(days=7)):
            bureau.act(case, "conclude", proposals=rows, **universe.PARTICULARS | {"violated": violated})
            told[violated] = client.get(f"/matter/{case.pk}/act/notify/").content.decode()
    assert "从一重处罚" not in told[training]
    assert "高于所选条款，是否适用请核对" in told[f"{training}\n{assessing}"]
