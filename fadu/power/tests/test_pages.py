"""The pages of powers: open to everybody without login, what a machine gets, and a list drafted by its forms."""

import json
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from lxml import etree

from fadu.kernel import clock
from fadu.law.statutes import WSL
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.power.models import PowerList

DAY = date(2026, 11, 28)


@pytest.fixture
def town(db: None) -> universe.Town:
    return universe.build()


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(DAY):
        yield


def text(answer: Any) -> str:
    return str(answer.content.decode())


def browser(person: Officer) -> Client:
    client = Client()
    client.force_login(person.user or universe.account(person, f"u{person.pk}"))
    return client


# --- for everybody --------------------------------------------------------------------------------------------------


@pytest.mark.law(WSL[17])
def test_the_list_is_open_to_everybody_and_can_be_searched(client: Client, town: universe.Town) -> None:
    page = client.get(reverse("power:public"))
    assert page.status_code == 200
    assert "共293项" in text(page)
    assert "行政处罚213" in text(page)
    found = text(client.get(reverse("power:public"), {"q": "第九十七条第四项", "cls": "行政处罚"}))
    assert "B010" in found
    assert "B011" not in found


def test_a_search_that_finds_nothing_says_so(client: Client, town: universe.Town) -> None:
    assert "没有符合条件的职权事项" in text(client.get(reverse("power:public"), {"q": "没有这样的词"}))


def test_an_item_shows_basis_responsibility_and_both_charts(client: Client, town: universe.Town) -> None:
    page = text(client.get(reverse("power:public_item", args=["B010"])))
    for words in ("对未如实记录教育培训的处罚", "第九十七条第四项", "综合行政执法支队", "立案责任", "追责依据", "样例"):
        assert words in page
    assert page.count("<svg class=") >= 2
    assert "由办理所用的程序声明画出" in page
    assert "还没有发生" in page


def test_an_item_without_a_running_procedure_says_that_its_flow_is_a_pattern(
    client: Client, town: universe.Town
) -> None:
    page = text(client.get(reverse("power:public_item", args=["A002"])))
    assert "流程样式" in page
    assert "由办理所用的程序声明画出" not in page


def test_an_item_of_an_earlier_day_shows_its_basis_of_that_day(client: Client, town: universe.Town) -> None:
    address = reverse("power:public_item", args=["A002"])
    assert "危险化学品安全法" in text(client.get(address))
    before = text(client.get(address, {"on": "2026-04-30"}))
    assert "危险化学品安全管理条例" in before
    assert "危险化学品安全法" not in before.partition("流程")[0].partition("依据")[2].partition("行使层级")[0]
    assert client.get(reverse("power:public_item", args=["B092"])).status_code == 404
    assert client.get(reverse("power:public_item", args=["B092"]), {"on": "2026-01-31"}).status_code == 200


def test_the_charts_are_files_of_their_own(client: Client, town: universe.Town) -> None:
    for name, kind in (("flow_svg", "image/svg+xml"), ("risk_svg", "image/svg+xml"), ("flow_bpmn", "application/xml")):
        answer = client.get(reverse(f"power:{name}", args=["B010"]))
        assert (answer.status_code, answer["Content-Type"]) == (200, kind), name
        assert etree.fromstring(answer.content) is not None
    policy = client.get(reverse("power:risk_svg", args=["B010"]))["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy, "a chart opened by itself keeps its styles"
    assert "default-src 'none'" in policy
    assert client.get(reverse("power:print", args=["B010"])).status_code == 200
    assert client.get(reverse("power:flow_svg", args=["Z999"])).status_code == 404


def test_the_risk_chart_tells_step_level_measure_and_post(client: Client, town: universe.Town) -> None:
    svg = client.get(reverse("power:risk_svg", args=["B010"])).content.decode()
    words = "".join(etree.fromstring(svg.encode()).itertext())
    for part in ("立案", "有案不立、压案", "高", "审核人", "归档", "低"):
        assert part in words
    assert "偏离基准审批：还没有发生" in words  # counted, and none was decided: said in words


def test_the_xlsx_holds_the_rows_that_were_asked_for(client: Client, town: universe.Town) -> None:
    answer = client.get(reverse("power:public"), {"cls": "行政强制", "export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] and str(row[0]).startswith("C0")]
    assert len(rows) == 8


def test_machines_get_the_list_as_json_without_login(client: Client, town: universe.Town) -> None:
    answer = client.get("/api/v1/powers").json()
    assert (answer["version"], len(answer["items"])) == ("2026", 293)
    assert len(client.get("/api/v1/powers", {"cls": "行政处罚"}).json()["items"]) == 213
    one = client.get("/api/v1/powers/B010").json()
    assert one["bases"] == ["《安全生产法》第九十七条第四项"]
    assert (one["model"], one["steps"][0]) == (False, {"name": "file", "title": "立案"})
    assert one["risks"][0]["level"] == "高"
    assert client.get("/api/v1/powers/Z999").status_code == 404
    assert client.get("/api/v1/powers", {"cls": "别的"}).status_code == 422


def test_the_page_of_an_article_leads_to_the_items_that_rest_on_it(client: Client, town: universe.Town) -> None:
    page = text(client.get("/law/WSL/97.0.4/"))
    assert "职权以本条为依据" in page
    assert reverse("power:public_item", args=["B010"]) in page


# --- for officers ---------------------------------------------------------------------------------------------------


def test_strangers_see_no_page_of_officers(client: Client, town: universe.Town) -> None:
    for name in ("powers", "versions", "new"):
        assert client.get(reverse(f"power:{name}")).status_code == 302


def test_a_list_is_brought_into_force_by_its_pages(town: universe.Town) -> None:
    clerk, legal, head = (
        browser(town.of(town.city, role)) for role in (Role.CLERK, Role.LEGAL_REVIEWER, Role.AGENCY_HEAD)
    )
    base = PowerList.objects.get(code="2026", organ=None)
    data = {"title": "示例清单", "issuer": "示例市人民政府", "from_date": "2026-12-01", "based_on": base.pk}
    bad = clerk.post(reverse("power:new"), data | {"from_date": "2026-01-01"})
    assert bad.status_code == 422
    assert "施行日期不能早于今天" in text(bad)
    assert clerk.post(reverse("power:new"), data).status_code == 302
    listed = PowerList.objects.get(organ=town.city)
    row = listed.items.get(code="B010")
    edit = reverse("power:edit_item", args=[listed.pk, row.pk])
    assert clerk.get(edit).status_code == 200
    values = {
        "code": "B010", "cls": "行政处罚", "name": "对未如实记录教育培训的处罚（改）", "bases": "《安全生产法》第九十七条第八项", "levels": ["市", "县"],
        "office": row.office, "posts": "承办人", "risk": "高", "procedure": "penalty.ordinary", "since": "2021-09-01", "source": "示例",
        "confidence": "model",
    }  # fmt: skip
    wrong = clerk.post(edit, values)
    assert wrong.status_code == 422
    assert "不存在" in text(wrong)
    assert "（改）" in text(wrong), "what was entered is kept"
    assert clerk.post(edit, values | {"bases": "《安全生产法》第九十七条第四项"}).status_code == 302
    assert clerk.post(reverse("power:review", args=[listed.pk])).status_code == 403
    assert legal.post(reverse("power:review", args=[listed.pk])).status_code == 302
    assert head.post(reverse("power:return", args=[listed.pk]), {"reason": ""}).status_code == 422
    assert head.post(reverse("power:publish", args=[listed.pk]), {"document": ""}).status_code == 422
    assert head.post(reverse("power:publish", args=[listed.pk]), {"document": "示政发〔2026〕1号"}).status_code == 302
    listed.refresh_from_db()
    assert listed.state == "published"
    page = text(clerk.get(reverse("power:version", args=[listed.pk])))
    assert "审核通过" not in page
    assert "示政发〔2026〕1号" in page
    assert "示例清单" in text(clerk.get(reverse("power:versions")))


def test_an_officer_sees_the_matters_that_stand_on_an_item(town: universe.Town) -> None:
    page = text(browser(town.of(town.city, Role.CASE_OFFICER)).get(reverse("power:item", args=["B010"])))
    assert "依本事项办理的" in page
    page = browser(town.of(town.city, Role.CASE_OFFICER)).get(reverse("procedure:of_power", args=["B010"]))
    assert page.status_code == 200


def test_another_organs_draft_is_not_there(town: universe.Town) -> None:
    base = PowerList.objects.get(code="2026", organ=None)
    foreign = PowerList.objects.create(
        code="x", organ=town.east, title="东区清单", issuer="东区政府", document="", from_date=date(2027, 1, 1), source="示例",
        confidence="model",
    )  # fmt: skip
    client = browser(town.of(town.west, Role.CLERK))
    assert client.get(reverse("power:version", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("power:version", args=[base.pk])).status_code == 200


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_prints_what_is_in_force(town: universe.Town) -> None:
    out = StringIO()
    call_command("powers", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer == {
        "version": "2026", "items": 293,
        "classes": {"行政许可": 10, "行政处罚": 213, "行政强制": 8, "行政检查": 18, "行政确认": 8, "行政奖励": 6, "其他权力": 30},
        "checklist_sectors": ["煤矿", "非煤矿山", "危险化学品", "冶金工贸"], "benchmarks": 0,
    }  # fmt: skip
    with pytest.raises(CommandError, match="没有施行中的权责清单"):
        call_command("powers", "--on", "2020-01-01", stdout=StringIO())
