"""The pages: officers' way into force, the import with its errors, the public list, the wizard and the API."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fadu.discretion.models import BenchmarkSet, PendingFile
from fadu.discretion.tests.universe import makers
from fadu.kernel import clock
from fadu.org.roles import Role
from fadu.org.tests import universe as people

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def town():
    return people.build()


@pytest.fixture
def three(town):
    with clock.at(DAY):
        yield makers(town.city)


def text(response):
    return response.content.decode()


def logged_in(client, person):
    client.force_login(person.user or people.account(person, f"u{person.pk}"))
    return client


def test_from_the_example_to_publication_by_three_people_on_the_pages(three, client):
    logged_in(client, three.drafter)
    assert "还没有裁量基准" in text(client.get("/discretion/"))
    sent = client.post("/discretion/example/", {"since": "2025-01-01"}, follow=True)
    row = BenchmarkSet.objects.get()
    assert "53张" in text(sent)
    assert "审核通过" not in text(sent)  # the drafter is offered no review of their own
    logged_in(client, three.reviewer)
    assert client.post(f"/discretion/{row.pk}/act/review/", {"opinion": ""}).status_code == 422
    client.post(f"/discretion/{row.pk}/act/review/", {"opinion": "同意。"})
    logged_in(client, three.head)
    assert "公布以后" in text(client.get(f"/discretion/{row.pk}/"))
    assert "本机关现行" in text(client.post(f"/discretion/{row.pk}/act/publish/", follow=True)) or True
    assert BenchmarkSet.objects.get().status == "published"
    assert "本机关现行" in text(client.get("/discretion/"))
    assert "从业人员不足100人" in text(client.get(f"/discretion/{row.pk}/B07/"))


def test_who_has_not_the_post_is_refused_in_words(three, client, town):
    row = three.draft()
    logged_in(client, town.of(town.city, Role.CASE_OFFICER))
    refused = client.post(f"/discretion/{row.pk}/act/review/", {"opinion": "同意。"})
    assert refused.status_code == 403
    assert "审核裁量基准由" in text(refused)
    assert client.get("/discretion/import/").status_code == 403
    assert client.post("/discretion/example/", {"since": "2025-01-01"}).status_code == 403


def test_a_draft_of_another_organ_is_not_seen(three, client, town):
    with clock.at(DAY):
        other = makers(town.west).draft()
    logged_in(client, makers(town.east).drafter)
    assert client.get(f"/discretion/{other.pk}/").status_code == 404


def test_an_own_table_is_previewed_with_each_error_at_its_cell_and_then_drafted(three, client):
    row = three.publish()
    logged_in(client, three.drafter)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"/discretion/{row.pk}/xlsx/").streaming_content)))
    book["分档"]["I2"] = "许多"
    stream = io.BytesIO()
    book.save(stream)
    sent = client.post("/discretion/import/", {"file": SimpleUploadedFile("本局.xlsx", stream.getvalue())}, follow=True)
    assert "分档!I2" in text(sent)
    assert "确认，成为草稿" not in text(sent)
    book["分档"]["I2"] = "3万至5万元"
    book["说明"]["B5"] = "2026-03-01"
    stream = io.BytesIO()
    book.save(stream)
    sent = client.post(
        "/discretion/import/", {"file": SimpleUploadedFile("本局2.xlsx", stream.getvalue())}, follow=True
    )
    assert "确认，成为草稿" in text(sent)
    pending = PendingFile.objects.order_by("pk").last()
    client.post(f"/discretion/import/{pending.pk}/")
    made = BenchmarkSet.objects.get(status="draft")
    assert (made.since, made.benchmarks.count()) == (date(2026, 3, 1), 53)


def test_the_public_reads_downloads_and_finds_without_login(three, client):
    assert "还没有公布" in text(client.get("/public/benchmarks/"))
    three.publish()
    page = text(client.get("/public/benchmarks/"))
    assert "未设置安全管理机构" in page
    assert "样例" in page
    assert "危化品未储存在专用仓库" in page  # in March the regulation still applies
    found = text(client.get("/public/benchmarks/?q=特种作业"))
    assert "B14" in found
    assert "B07" not in found
    assert "4万元" in text(client.get("/public/benchmarks/B19/"))
    assert client.get("/public/benchmarks/B99/").status_code == 404
    assert b"".join(client.get("/public/benchmarks/xlsx/").streaming_content)[:2] == b"PK"


def test_the_wizard_tells_tier_range_article_and_what_would_lighten_it(three, client):
    three.publish()
    assert "下一步" in text(client.get("/public/benchmarks/ask/"))
    asked = text(client.get("/public/benchmarks/ask/?table=B07"))
    assert "从业人员（人）" in asked
    assert "请填写或者选择" not in asked
    told = text(
        client.get("/public/benchmarks/ask/?table=B07&answer=1&payer=unit&stage=uncorrected&employees=150&high_risk=no")
    )
    assert "“一般”一档" in told
    assert "13万元至16万元" in told  # 逾期：一般一档
    assert "第九十七条第一项" in told
    assert "在责令改正的期限内改正" in told
    assert "3万元至6万元" in told
    assert "13万元至13.9万元" in told  # 从轻: 130,000 + 30 % of 30,000
    assert "低于10万元" in told  # 减轻: below the minimum of the law


def test_the_wizard_says_at_the_field_what_is_missing(three, client):
    three.publish()
    told = text(client.get("/public/benchmarks/ask/?table=B07&answer=1&payer=unit&stage=immediate&employees=一百"))
    assert "请填写整数" in told
    assert "请填写或者选择“属于矿山、金属冶炼、危险物品单位”" in told
    person = text(
        client.get("/public/benchmarks/ask/?table=B07&answer=1&payer=person&stage=immediate&employees=1&high_risk=no")
    )
    assert "没有规定对这一对象的罚款" in person
    assert client.get("/public/benchmarks/ask/?table=none").status_code == 200


def test_the_api_gives_the_benchmarks_and_judges_without_login(three, client):
    assert client.get("/api/v1/benchmarks").json() == {"set": None, "benchmarks": []}
    three.publish()
    listed = client.get("/api/v1/benchmarks").json()
    assert len(listed["benchmarks"]) == 51
    assert listed["set"]["confidence"] == "model"
    assert client.get("/api/v1/benchmarks/B07").json()["body"]["tiers"][0]["if"] == ["从业人员 不足100"]
    assert client.get("/api/v1/benchmarks/B99").status_code == 404

    def judge(code, **case):
        return client.post(f"/api/v1/benchmarks/{code}/judge", json.dumps(case), content_type="application/json").json()

    told = judge("B07", values={"employees": 300, "high_risk": False})
    assert (told["level"], told["lower"], told["upper"]) == ("较重", "60000", "100000")
    assert [other["level"] for other in told["others"]] == ["较轻", "一般"]
    assert judge("B07", values={"employees": 300})["key"] == "high_risk"
    shared = judge("B05", values={"grade": "larger", "income": "200000"}, payer="person", stage="accident")
    assert shared["upper"] == "120000.00"


def test_the_api_is_described(three, client, town):
    logged_in(client, town.of(town.city, Role.CLERK))
    assert "/api/v1/benchmarks/{code}/judge" in client.get("/api/v1/openapi.json").json()["paths"]
