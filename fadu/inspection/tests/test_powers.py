"""No visit without an item of the list of powers in force that day at the organ; the visit then stands on it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from fadu.inspection.models import Checklist, Visit
from fadu.inspection.procedures.routine import rules
from fadu.inspection.tests import universe as u
from fadu.inspection.tests.test_rules import holds, refused
from fadu.kernel.errors import OutOfOrder
from fadu.law.statutes import WSL
from fadu.org.tests.universe import account
from fadu.power.models import PowerItem, PowerList

DAY = u.VISIT_DAY


def own_list(bureau: u.Bureau, since: date, without: str) -> None:
    """A published list of the organ's own that lacks one class, or has none of it any more."""
    common = PowerList.objects.get(code="2021", organ=None)
    listed = PowerList.objects.create(
        code="own", organ=bureau.organ, title="示例清单", issuer="示例市人民政府", document="示〔2026〕1号", from_date=since,
        source="示例", confidence="model",
    )  # fmt: skip
    rows = list(common.items.exclude(cls=without))
    for row in rows:
        row.pk, row.listed, row._state.adding = None, listed, True
    PowerItem.objects.bulk_create(rows)
    PowerList.objects.filter(pk=listed.pk).update(state="published", published_on=since, digest=uuid4().hex * 2)


@pytest.mark.law(WSL[17])
def test_a_visit_stands_on_the_item_of_its_sector(bureau: u.Bureau) -> None:
    visit = u.planned(bureau)
    assert visit.power is not None
    assert visit.power.code == "D006", "the enterprise is a metal works: 冶金工贸监督检查"
    assert holds(rules.within_powers, visit)


@pytest.mark.law(WSL[17])
def test_an_organ_without_an_inspection_item_plans_no_visit(bureau: u.Bureau) -> None:
    own_list(bureau, date(2026, 1, 1), "行政检查")
    with pytest.raises(OutOfOrder) as error:
        u.planned(bureau)
    assert str(error.value) == (
        "示例市应急管理局在2026-03-09施行的权责清单中没有覆盖冶金工贸的行政检查事项，不能安排检查"
        "（《安全生产法》第十七条、第六十五条第一款）"
    )
    assert not Visit.objects.exists()


def test_the_form_says_so_at_its_field_and_keeps_what_was_entered(bureau: u.Bureau) -> None:
    own_list(bureau, date(2026, 1, 1), "行政检查")
    client = Client()
    client.force_login(account(bureau.first, "u1"))
    data = {
        "subject": bureau.subject.pk, "reason": "plan", "planned_on": DAY.isoformat(), "officers": [o.pk for o in bureau.both],
        "checklists": [Checklist.objects.get(code="general").pk], "method": "现场检查", "remarks": "带测尘仪。",
    }  # fmt: skip
    with u.at(DAY):
        page = client.post("/inspection/new/", data)
    assert page.status_code == 422
    assert "没有覆盖冶金工贸的行政检查事项，不能安排检查" in page.content.decode()
    assert "带测尘仪。" in page.content.decode()


@pytest.mark.law(WSL[17])
def test_a_power_that_ended_before_the_day_stops_the_visit(bureau: u.Bureau) -> None:
    visit = u.arranged(bureau)
    own_list(bureau, DAY, "行政检查")
    assert not holds(rules.within_powers, visit)
    data = {
        "started_at": u.moment(DAY, 9, 30), "shown_at": u.moment(DAY, 9, 28), "officers": [o.pk for o in bureau.both],
        "met_name": "张某一",
    }  # fmt: skip
    refused(visit, "begin", bureau.first, OutOfOrder, "没有覆盖这次检查的行政检查事项（《安全生产法》第十七条", **data)
