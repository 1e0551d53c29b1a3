"""The check of a penalty as an officer meets it: the page and the call of the API, with who may not."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from fadu.law import services
from fadu.org.models import Appointment
from fadu.org.roles import Role
from fadu.org.tests import universe

pytestmark = pytest.mark.django_db
WITHIN = {"law": "安全生产法", "article": "99", "item": "1", "prior_order": "false", "fine_entity": "5万元"}
CASE = {"id": 1, "law": "安全生产法", "article": 99, "item": 1, "act_date": "2025-03-03", "decision_date": "2025-04-01",
        "prior_order": False, "sanctions": {"fine_entity": 50_000}}  # fmt: skip


@pytest.fixture
def officer(db, settings):
    """A client with the session of a case officer."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    town = universe.build()
    person = town.of(town.city, Role.CASE_OFFICER)
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user or universe.account(person, "jianyan"))
    return client


# --- the page of the check ------------------------------------------------------------------------------------------


def test_the_page_says_lawful_unlawful_or_what_is_missing_with_the_article(officer):
    def shown(**asked):
        return officer.get(reverse("law:check_penalty"), {**WITHIN, **asked}).content.decode()

    assert "在法定范围内" in shown()
    over = shown(fine_entity="50,001")
    assert "高于法定上限" in over
    assert "/law/WSL/99.1.1/" in over or "/law/WSL/99.0.1/" in over
    assert "不能判断" in shown(article="95", item="1", fine_entity="", role_1="principal", amount_1="40000")
    assert "不是金额" in shown(fine_entity="很多")
    assert "很多" in shown(fine_entity="很多")  # what was typed is kept


def test_the_page_opens_with_the_place_of_a_provision(officer):
    form = officer.get(reverse("law:check_penalty"), {"provision": "hcl_101_p1_i4"}).context["form"]
    assert [form[name].value() for name in ("law", "article", "paragraph", "item")] == ["危险化学品安全法", 101, 1, 4]


def test_every_field_of_the_page_reaches_the_check(officer):
    asked = {
        "law": "安全生产法", "article": "112", "daily_fine": "5万", "fine_entity": "1", "base_fine": "50000", "refused": "true",
        "order_date": "2025-03-01", "daily_from": "2025-03-01", "act_date": "2025-01-01", "decision_date": "2025-04-01",
        "authority": "fire", "notice_given": "false", "officers": "1", "filed_date": "2024-01-01", "warning": "on",
        "found_date": "2028-01-01", "mitigating": "行政处罚法32(1)、行政处罚法30", "same_act_fined_by": "某局",
    }  # fmt: skip
    judged = officer.get(reverse("law:check_penalty"), asked).context["judged"]
    codes = {reason["code"] for reason in judged["reasons"]}
    wanted = {"no_notice", "too_few_officers", "over_time", "limitation", "daily_fine", "fined_twice", "not_provided"}
    assert wanted <= codes


def test_a_number_that_the_bureau_set_counts(officer):
    services.set_parameter("large_fine_unit", Decimal(1000), since=date(2025, 1, 1), source="示例省规定")
    asked = {**WITHIN, "fine_entity": "2000", "hearing_offered": "false", "decision_date": "2025-04-01"}
    judged = officer.get(reverse("law:check_penalty"), asked).context["judged"]
    assert [reason["code"] for reason in judged["reasons"]] == ["no_hearing"]


# --- the API --------------------------------------------------------------------------------------------------------

API = "/api/v1/check-penalty"


def post(client, body, **headers):
    return client.post(API, json.dumps(body), content_type="application/json", **headers)


def test_a_stranger_is_refused_by_the_api(client):
    assert post(client, CASE).status_code == 401
    assert client.get(API).status_code == 405
    assert client.get("/api/v1/docs").status_code == 302
    assert client.get("/api/v1/openapi.json").status_code == 302


def test_a_session_without_the_token_of_the_page_is_refused(officer):
    assert post(officer, CASE).status_code == 403


def token(officer):
    officer.get(reverse("law:provisions"))
    value = get_token(RequestFactory().get("/"))
    officer.cookies["csrftoken"] = value
    return {"HTTP_X_CSRFTOKEN": value}


def test_an_officer_is_answered_as_on_the_command_line(officer):
    answered = post(officer, CASE, **token(officer))
    assert answered.json() == {"id": 1, "lawful": True, "reasons": []}
    over = post(officer, {**CASE, "sanctions": {"fine_entity": 50_001}}, **token(officer)).json()
    assert (over["lawful"], over["reasons"][0]["citation"]) == (False, "《安全生产法》第九十九条第一项")
    bad = post(officer, {"id": "x"}, **token(officer)).json()
    assert (bad["id"], bad["lawful"], bad["reasons"][0]["code"]) == ("x", None, "bad_input")


def test_who_holds_no_post_today_is_refused(officer):
    headers = token(officer)
    Appointment.objects.update(ends_on=date(2024, 1, 1))
    assert post(officer, CASE, **headers).status_code == 401


def test_the_api_is_described_without_any_network(officer):
    described = officer.get("/api/v1/openapi.json").json()
    operation = described["paths"]["/api/v1/check-penalty"]["post"]
    assert operation["security"] == [{"OfficerSession": []}]
    page = officer.get("/api/v1/docs").content.decode()
    assert "http://" not in page
    assert "https://" not in page
    assert '"validatorUrl": null' in page
