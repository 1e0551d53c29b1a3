"""立案 by real steps on a real database: clue, application by two officers, opinions, number, paper, period."""

from datetime import timedelta

import pytest

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org.models import Certificate
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.penalty.services import register_clue
from fadu.procedure.models import Application
from fadu.procedure.services import cosign, opine, submit
from fadu.record import queries as record
from fadu.subject.tests.universe import enterprise

pytestmark = pytest.mark.django_db


def test_public_home_needs_no_login(client):
    assert client.get("/").status_code == 200


def test_a_clue_is_not_found_after_it_was_received():
    town = universe.build()
    officer = town.of(town.city, Role.CASE_OFFICER)
    today = clock.today()
    with pytest.raises(Invalid, match="发现之日"):
        register_clue(
            organ=town.city, by=officer, source="complaint", cause="未设置安全警示标志", clue="示例线索", subject=None,
            received_on=today - timedelta(days=1), found_on=today,
        )  # fmt: skip


def test_a_case_is_filed_by_two_officers_a_reviewer_and_the_head():
    """《行政处罚法》第五十四条第二款、第四十二条第一款、第六十条：九十日自立案之日起"""
    town = universe.build()
    today = clock.today()
    first = town.of(town.city, Role.CASE_OFFICER)
    second = universe.officer(town.city, "钱示二", Role.CASE_OFFICER)
    for number, one in enumerate((first, second)):
        Certificate.objects.get_or_create(
            officer=one, defaults={"number": f"示T-{number}", "issuer": "示例省", "valid_from": today - timedelta(days=9), "valid_to": today + timedelta(days=9)}
        )  # fmt: skip
    case = register_clue(
        organ=town.city, by=first, source="complaint", cause="未设置安全警示标志", clue="示例线索", subject=enterprise(town.city),
        received_on=today, found_on=today,
    )  # fmt: skip
    data = {
        "cause": case.cause,
        "power": "B018",
        "acted_on": today.isoformat(),
        "place": "示例路1号",
        "facts": "现场未设置安全警示标志。",
        "persons": [],
    }
    application = submit(case, "file", by=first, cosigner=second, data=data, opinion="建议立案。")
    cosign(application, by=second)
    application.refresh_from_db()
    assert opine(application, by=town.of(town.city, Role.REVIEWER), agreed=True) is None
    application = Application.objects.get(pk=application.pk)
    act = opine(application, by=town.of(town.city, Role.AGENCY_HEAD), agreed=True)
    case.refresh_from_db()
    assert act is not None
    assert case.state == "INVESTIGATING"
    assert case.case_file.serial == 1
    assert case.deadlines.get(name="作出处罚决定").last_day == today + timedelta(days=90)
    assert [p.paper.kind for p in act.papers.all()] == ["CASE_FILING_APPROVAL"]
    assert record.verify_chain(case.chain).ok
