"""The penalty provisions as they are browsed: laws with their counts, one provision, and the check closed to visitors."""

from datetime import date

import pytest
from django.urls import reverse

from fadu.law import models, queries, services

pytestmark = pytest.mark.django_db
WITHIN = {"law": "安全生产法", "article": "99", "item": "1", "prior_order": "false", "fine_entity": "5万元"}


@pytest.fixture(autouse=True)
def loaded(db):
    if not models.Edition.objects.exists():
        services.load_content()


# --- browsing -------------------------------------------------------------------------------------------------------


def test_the_laws_held_on_a_day_are_listed_with_their_counts(client):
    held = {
        row.statute.short: row for row in client.get(reverse("law:provisions"), {"on": "2026-05-01"}).context["held"]
    }
    assert len(held) == 11
    assert (held["安全生产法"].provisions, held["安全生产法"].unread) == (69, 0)
    # Of the regulation that 危险化学品安全法 superseded only 第八十一条第三款, which it does not have, is left.
    assert (held["危险化学品安全法"].provisions, held["危险化学品安全管理条例"].provisions) == (73, 1)
    before = [row.statute.short for row in queries.held(date(2026, 4, 30))]
    assert "危险化学品安全法" not in before
    assert "危险化学品安全管理条例" in before


def test_a_provision_has_a_page_with_its_ranges_in_words(client):
    page = client.get(reverse("law:provision", args=["cmr_64_p1"])).content.decode()
    assert "50万元至200万元" in page
    assert "3万元至15万元" in page
    assert "检验依本条" not in page  # visitors do not check
    assert client.get(reverse("law:provision", args=["nothing"])).status_code == 404


def test_the_check_is_for_officers(client):
    answered = client.get(reverse("law:check_penalty"), WITHIN)
    assert answered.status_code == 302
    assert "login" in answered["Location"]
