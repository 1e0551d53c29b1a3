"""Evidence is handed out to those whom the matter's own floor admits, safely, and the reading is noted."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from fadu.kernel import clock
from fadu.record import access, queries, sealcheck, seals, services, views
from fadu.record.actor import Actor
from fadu.record.models import Access, EvidenceFile
from fadu.record.tests.test_vault import PDF, picture

CHAIN = "penalty.ordinary/1"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has been registered yet but who says who is reading."""
    monkeypatch.setattr(access, "_readers", [])
    monkeypatch.setattr(access, "_auditors", [])
    monkeypatch.setattr(access, "_identities", [lambda request: Actor(request.officer.pk, request.officer.name)])


def request(path: str = "/", **more: Any) -> Any:
    """A request as the middleware leaves it to the view."""
    made = RequestFactory().get(path)
    made.user = SimpleNamespace(get_username=lambda: "")  # type: ignore[assignment]
    made.officer = SimpleNamespace(pk=7, name="张示一")  # type: ignore[attr-defined]
    made.after_reading = []  # type: ignore[attr-defined]
    for key, value in more.items():
        setattr(made, key, value)
    return made


def keep(content: bytes, name: str) -> EvidenceFile:
    return services.keep_evidence(content, chain=CHAIN, name=name, made_by="甲", made_at=clock.now(), place="乙")


def admit(*chains: str) -> None:
    """Readers of ``chains`` alone."""
    access.register_reader(lambda request, chain: chain in chains)


def test_where_nobody_admits_the_answer_is_no() -> None:
    evidence = keep(PDF, "a.pdf")
    for view in (views.evidence, views.thumbnail):
        with pytest.raises(Http404):
            view(request(), evidence.pk)
    admit("penalty.ordinary/2")
    with pytest.raises(Http404):
        views.evidence(request(), evidence.pk)


def test_one_who_may_read_gets_the_very_bytes_and_is_noted() -> None:
    evidence = keep(PDF, '立案 "甲"\r\n.pdf')
    admit(CHAIN)
    reading = request()
    response = views.evidence(reading, evidence.pk)
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "\r" not in response["Content-Disposition"]
    assert not queries.readings(CHAIN).exists()  # noted when the request is over
    for note in reading.after_reading:
        note()
    noted = queries.readings(CHAIN).get()
    assert (noted.officer_id, noted.name) == (7, "张示一")
    assert str(evidence.pk) in noted.what


def test_pictures_are_shown_in_the_page_and_saved_on_request() -> None:
    evidence = keep(picture("PNG"), "现场.png")
    admit(CHAIN)
    assert views.evidence(request(), evidence.pk)["Content-Disposition"].startswith("inline")
    assert views.evidence(request("/?download"), evidence.pk)["Content-Disposition"].startswith("attachment")
    response = views.thumbnail(request(), evidence.pk)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    with pytest.raises(Http404):
        views.thumbnail(request(), keep("说明".encode(), "a.txt").pk)
    with pytest.raises(Http404):  # a PDF without a page
        views.thumbnail(request(), keep(PDF, "a.pdf").pk)


def test_only_reading_is_answered() -> None:
    made = RequestFactory().post("/")
    assert views.evidence(made, 1).status_code == 405


def test_a_reader_is_registered_once() -> None:
    def reader(request: HttpRequest, chain: str) -> bool:
        return True

    assert access.register_reader(access.register_reader(reader)) is reader
    assert len(access._readers) == 1


def test_what_is_read_is_noted_by_name_and_post_without_phone_numbers() -> None:
    reader = Actor(7, "张示一", "执法人员", "示例局")
    assert services.note_access(reader, CHAIN, "举报材料", "核实13800138000来电")
    noted = queries.readings(CHAIN).get()
    assert (noted.post, noted.organ, noted.what) == ("执法人员", "示例局", "举报材料")
    assert "13800138000" not in noted.purpose
    assert noted.at is not None


def test_the_same_reading_within_ten_minutes_is_noted_once() -> None:
    reader = Actor(7, "张示一", "执法人员", "示例局")
    assert services.note_access(reader, CHAIN, "事项 甲")
    assert not services.note_access(reader, CHAIN, "事项 甲")
    assert services.note_access(reader, CHAIN, "事项 甲", "复议答复")
    assert services.note_access(Actor(8, "李示二"), CHAIN, "事项 甲")
    assert services.note_access(reader, "penalty.ordinary/2", "事项 甲")
    assert services.note_access(Actor(None, "未登录"), CHAIN, "事项 甲")
    assert not services.note_access(Actor(None, "未登录"), CHAIN, "事项 甲")
    assert Access.objects.count() == 5


def test_the_reading_of_a_thumbnail_is_noted_too() -> None:
    evidence = keep(picture("PNG"), "现场.png")
    admit(CHAIN)
    reading = request()
    views.thumbnail(reading, evidence.pk)
    reading.after_reading[0]()
    assert queries.readings(CHAIN).get().what == f"证据 {evidence.pk} 现场.png（缩略图）"


def test_the_readings_do_not_exist_for_those_who_may_not_audit() -> None:
    services.note_access(Actor(7, "张示一"), CHAIN, "举报材料")
    with pytest.raises(Http404):
        views.readings(request())
    access.register_auditor(lambda request: None)
    with pytest.raises(Http404):
        views.readings(request())


def test_what_several_auditors_allow_adds_up() -> None:
    made = request()
    assert access.auditable(made) is None
    access.register_auditor(lambda request: Q(chain="a/1"))
    access.register_auditor(lambda request: None)
    assert access.auditable(made) == Q(chain="a/1")
    access.register_auditor(lambda request: Q(chain="a/2"))
    assert access.auditable(made) == Q(chain="a/1") | Q(chain="a/2")
    access.register_auditor(lambda request: Q())
    assert access.auditable(made) == Q()


def test_the_seals_are_public_and_the_file_is_what_the_checks_read(client: Client) -> None:
    services.write(CHAIN, actor=Actor.program(), act="a", title="甲", on=clock.today())
    with clock.at(clock.today() + timedelta(days=1)):
        (made,) = seals.seal_until(clock.today() - timedelta(days=1))
    page = client.get("/record/seals/").content.decode()
    assert made.hash in page
    answer = client.get("/record/seals.json")
    assert answer["Content-Disposition"] == 'attachment; filename="seals.json"'
    (one,) = json.loads(answer.content)["seals"]
    assert one == {
        "day": made.day.isoformat(),
        "entries": 1,
        "root": made.root,
        "previous": "0" * 64,
        "seal": made.hash,
    }
    assert sealcheck.check_published(answer.content.decode()) == []
