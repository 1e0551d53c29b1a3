"""Opening a matter, its papers and its evidence is noted, apart from the matter; heads audit what lies in their scope."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests.universe import account, officer, organ
from fadu.penalty.tests import universe
from fadu.record.models import Access, Entry, EvidenceFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Any:
    return universe.bureau()


def browser(person: Officer) -> Client:
    """A client logged in as the person."""
    client = Client()
    client.force_login(person.user or account(person, f"u{person.pk}"))
    return client


def test_each_page_of_a_matter_leaves_a_note_and_the_matter_as_it_was(town: Any) -> None:
    case = universe.considered(town)
    paper = case.case_file.papers.exclude(status="draft").first()
    evidence = EvidenceFile.objects.filter(chain=case.chain).first()
    before = Entry.objects.count(), case.revision
    client = browser(town.first)
    for address, what in (
        (f"/matter/{case.pk}/", f"事项 {case.title}"),
        (f"/paper/{paper.pk}/", "（文书页）"),
        (f"/paper/{paper.pk}/pdf/", "（PDF）"),
        (f"/paper/{paper.pk}/docx/", "（docx）"),
        (f"/case-file/{case.case_file_id}/", "（全卷）"),
        (f"/record/evidence/{evidence.pk}/", f"证据 {evidence.pk} "),
        (f"/record/evidence/{evidence.pk}/thumbnail/", "（缩略图）"),
    ):
        known = Access.objects.count()
        assert client.get(address).status_code == 200, address
        note = Access.objects.latest("pk")
        assert Access.objects.count() == known + 1, address
        assert what in note.what
        assert (note.officer_id, note.chain) == (town.first.pk, case.chain)
        assert note.post
        assert note.organ == town.organ.name
    case.refresh_from_db()
    assert (Entry.objects.count(), case.revision) == before


def test_a_page_refused_leaves_no_note(town: Any) -> None:
    case = universe.clue(town)
    stranger = officer(organ("别市应急管理局", "别市局", "晋别", "140406"), "王示九", Role.PRINCIPAL_HEAD)
    assert browser(stranger).get(f"/matter/{case.pk}/").status_code == 404
    assert Client().get(f"/matter/{case.pk}/").status_code == 302
    assert not Access.objects.exists()


def test_heads_see_the_readings_of_their_matters_and_nobody_elses(town: Any) -> None:
    case = universe.clue(town)
    browser(town.first).get(f"/matter/{case.pk}/")
    page = browser(town.head).get("/record/readings/")
    assert f'href="/matter/{case.pk}/"' in page.content.decode()
    assert case.chain in page.content.decode()
    assert town.first.name in page.content.decode()
    stranger = officer(organ("别市应急管理局", "别市局", "晋别", "140406"), "王示九", Role.PRINCIPAL_HEAD)
    page = browser(stranger).get("/record/readings/")
    assert page.status_code == 200
    assert case.chain not in page.content.decode()
    export = browser(stranger).get("/record/readings/?export=xlsx")
    assert case.chain.encode() not in export.getvalue()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD, Role.AUDITOR}, key=str))
def test_for_every_other_role_the_readings_do_not_exist(town: Any, role: Role) -> None:
    person = officer(town.organ, "钱示七", role)
    client = browser(person)
    assert client.get("/record/readings/").status_code == 404
    assert "查阅记录" not in client.get("/account/").content.decode()


def test_the_auditor_sees_who_read_when_and_never_what_it_is_about(town: Any) -> None:
    """审计管理员 audits the readings of the whole house and, by 三员分立, knows no matter: no title, party or purpose."""
    case = universe.considered(town)
    paper = case.case_file.papers.exclude(status="draft").first()
    evidence = EvidenceFile.objects.filter(chain=case.chain).first()
    reader = browser(town.first)
    for address in (f"/matter/{case.pk}/", f"/paper/{paper.pk}/pdf/", f"/record/evidence/{evidence.pk}/thumbnail/"):
        assert reader.get(address).status_code == 200
    client = browser(officer(town.organ, "钱示七", Role.AUDITOR))
    page = client.get("/record/readings/").content.decode()
    for told in (town.first.name, case.chain, "事项", f"文书 {paper.pk}（PDF）", f"证据 {evidence.pk}（缩略图）"):
        assert told in page, told
    book = openpyxl.load_workbook(io.BytesIO(client.get("/record/readings/?export=xlsx").getvalue()))
    exported = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    assert case.chain in exported
    for secret in (case.party_names, case.cause, paper.title, evidence.name, f'href="/matter/{case.pk}/"', "用途"):
        assert secret not in page + exported, secret
    # nor can it be guessed: words are looked for in the names of readers only, and the column does not sort
    assert case.chain not in client.get(f"/record/readings/?q={case.party_names}").content.decode()
    assert case.chain in client.get(f"/record/readings/?q={town.first.name}").content.decode()
    assert "查阅记录" in client.get("/account/").content.decode()


def test_readings_are_narrowed_by_words_and_days(town: Any) -> None:
    case = universe.clue(town)
    browser(town.first).get(f"/matter/{case.pk}/")
    head, today = browser(town.head), clock.today()
    assert case.chain in head.get(f"/record/readings/?q={town.first.name}&since={today}").content.decode()
    assert case.chain not in head.get(f"/record/readings/?q={town.second.name}").content.decode()
    assert case.chain not in head.get(f"/record/readings/?until={today - timedelta(days=1)}").content.decode()
