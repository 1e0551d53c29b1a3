"""What is refused is told to somebody: filed with its bytes by every way in, once, reminded of, and done with by a named person."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.test import Client

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests import universe as people
from fadu.record.models import Entry
from fadu.record.privacy import SensitiveInRecord
from fadu.reminder.models import Reminder
from fadu.warning.cap import reading
from fadu.warning.cap.tests import messages
from fadu.warning.intake import folder, refusals, sources
from fadu.warning.legible import legible
from fadu.warning.models import Refusal, SeenEntry, Source, Warning
from fadu.warning.services import NotAWarning
from fadu.warning.tests.test_intake import Station, box, looked, message, polled, pushed, put, station

__all__ = ["box", "station"]
pytestmark = pytest.mark.django_db
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&c;</identifier></alert>'
)
WITHOUT_SENDER = messages.message(messages.info()).replace(b"<sender>office@example.org</sender>", b"")
NOTE = "已电话核实，是测试报文。"


@pytest.fixture
def town():
    return people.build()


def client_of(person) -> Client:
    client = Client()
    client.force_login(people.account(person, f"u{person.pk}"))
    return client


def filed(town=None, data: bytes = WITHOUT_SENDER, name: str = "urn:bad") -> Refusal:
    """A refusal that came by a push, through the way in itself."""
    with pytest.raises(NotAWarning) as refused:
        sources.take(data)
    return refusals.file(sources.push(), data, refused.value, name=name)


def renewed(station: Station, minutes: int) -> None:
    """The feed renews itself, as one does that is alive."""
    station.renewed = f"2026-07-01T08:{minutes:02d}:00+08:00"


# --- every way in ---------------------------------------------------------------------------------------------------


def test_of_a_feed_the_good_is_taken_and_the_bad_is_filed_once_and_counted(station, town):
    station.put("good", message())
    station.put("bad", WITHOUT_SENDER)
    source, taken = polled()
    assert (taken, Warning.objects.count()) == (1, 1)
    renewed(station, 1)
    assert polled()[1] == 0
    row = Refusal.objects.get()
    assert (row.source, row.name, row.identifier) == (source, "urn:bad", "EX-2026-0001")
    assert (row.level, row.seen, bytes(row.raw)) == ("schema", 2, WITHOUT_SENDER)
    assert row.last_at > row.first_at
    assert any("sender" in reason for reason in row.reasons)
    polled()  # a list that did not change still names it
    assert Refusal.objects.get().seen == 3
    del station.messages["bad"]
    polled()
    polled()
    assert Refusal.objects.get().seen == 3
    assert [path for path, _ in station.asked].count("/cap/bad") == 1  # counted by the list, not fetched each minute
    assert Entry.objects.filter(chain=f"warning.refusal/{row.pk}").count() == 1


def test_a_refused_entry_that_is_renewed_with_the_same_bytes_is_the_same_one(station):
    station.put("bad", WITHOUT_SENDER)
    polled()
    station.put("bad", WITHOUT_SENDER, updated="2026-07-01T09:00:00+08:00")
    polled()
    assert [row.seen for row in Refusal.objects.all()] == [2]


def test_what_was_refused_before_refusals_were_kept_is_fetched_once_more(station):
    station.put("bad", WITHOUT_SENDER)
    source, _ = polled()
    renewed(station, 1)
    SeenEntry.objects.update(refusal=None)  # as the release before left it
    polled()
    polled()
    assert [path for path, _ in station.asked].count("/cap/bad") == 2
    assert SeenEntry.objects.get(source=source).refusal == Refusal.objects.get()


@pytest.mark.parametrize(
    ("data", "level"),
    [
        (BOMB, "security"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "version"),
        (b"no xml at all", "schema"),
        (b"", "schema"),
        (messages.message(messages.info(), identifier="a b"), "spec"),
        (b'<?xml version="1\x00"?><alert/>', "schema"),  # what no text of the database can hold stands in the reason
    ],
)
def test_the_level_says_where_it_failed(station, data, level):
    station.put("bad", data)
    source, taken = polled()
    row = Refusal.objects.get()
    assert (row.level, bytes(row.raw), bool(row.reasons), source.error) == (level, data, True, "")
    assert (taken, Warning.objects.count()) == (0, 0)


def test_a_bomb_is_kept_and_never_read_again(station, town, monkeypatch):
    station.put("bomb", BOMB)
    polled()

    def read(data: bytes) -> None:
        assert b"ENTITY" not in data, "read again"
        return whole(data)

    whole = reading.read
    monkeypatch.setattr(reading, "read", read)
    renewed(station, 1)
    polled()
    row = Refusal.objects.get()
    assert (row.level, row.identifier, bytes(row.raw)) == ("security", "", BOMB)
    client = client_of(town.officers["市局"][Role.CLERK])
    page = client.get(f"/warning/refused/{row.pk}/").content.decode()
    assert "&lt;!ENTITY b &quot;bbbbbbbbbb&quot;&gt;" in page
    assert "<!ENTITY" not in page
    assert client.get(f"/warning/refused/{row.pk}/raw/").content == BOMB
    refusals.watch()
    refusals.look_at(row, by=town.officers["市局"][Role.CLERK], note=NOTE)


def test_a_link_that_leads_elsewhere_is_filed_with_what_there_is_of_it(station):
    station.extra = '<entry><id>urn:x</id><updated>1</updated><link href="http://127.0.0.1:9/secret"/></entry>'
    polled()
    row = Refusal.objects.get()
    assert (row.level, bytes(row.raw)) == ("security", b"http://127.0.0.1:9/secret")


def test_an_entry_without_a_message_is_filed_and_not_anew_when_only_its_time_changes(station):
    entry = "<entry><id>urn:x</id><updated>{}</updated><title>没有生效的预警</title></entry>"
    for minute in (1, 2):
        station.extra = entry.format(f"2026-07-01T08:0{minute}:00+08:00")
        polled()
    row = Refusal.objects.get()
    assert (row.name, row.level, row.seen) == ("urn:x", "schema", 2)
    assert "没有生效的预警" in bytes(row.raw).decode()


def test_the_password_of_our_address_stands_in_no_name(station, settings):
    settings.WARNING_FEEDS = (station.url.replace("//", "//office:secret@"),)
    station.messages["bad"], station.updated["bad"] = WITHOUT_SENDER, "1"
    station.feed = lambda: (  # type: ignore[method-assign]
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><updated>1</updated><link href="/cap/bad"/></entry></feed>'
    )
    polled()
    row = Refusal.objects.get()
    assert "secret" not in f"{row.name}{row.reasons}{row}{row.source.title}"


def test_a_refused_file_is_filed_and_dropped_again_it_is_counted(box):
    for _ in range(2):
        put(box / "bad.xml", WITHOUT_SENDER, age=100)
        assert looked() == 0
    row = Refusal.objects.get()
    assert (row.source.kind, row.name, row.seen) == ("folder", "bad.xml", 2)


def test_a_file_that_may_still_be_half_written_is_not_filed(box):
    put(box / "half.xml", WITHOUT_SENDER, age=10)
    looked()
    assert not Refusal.objects.exists()


def test_of_a_file_beyond_the_limit_as_much_is_kept_as_is_read(box, monkeypatch):
    for module in (reading, folder, refusals):
        monkeypatch.setattr(module, "MAX_BYTES", 1000)
    put(box / "large.xml", b"x" * 5000, age=100)
    looked()
    row = Refusal.objects.get()
    assert (row.level, len(row.raw), row.size, row.is_whole) == ("security", 1000, 1001, False)


def test_a_name_that_is_no_text_is_filed_all_the_same(box):
    put(box / "b\udcffd.xml", WITHOUT_SENDER, age=100)
    looked()
    assert Refusal.objects.get().name == "b\ufffdd.xml"


def test_a_signed_push_of_what_is_no_warning_is_filed(settings):
    settings.WARNING_PUSH_SECRET = "shili"
    for _ in range(2):
        assert pushed(WITHOUT_SENDER).status_code == 422
    row = Refusal.objects.get()
    assert (row.source.kind, row.source.title, row.name, row.level, row.seen) == (
        "push",
        "推送",
        "EX-2026-0001",
        "schema",
        2,
    )


def test_a_push_with_a_wrong_signature_is_filed_unread_and_takes_nothing_in(settings, monkeypatch):
    settings.WARNING_PUSH_SECRET = "shili"
    monkeypatch.setattr(reading, "read", lambda data: pytest.fail("read"))
    assert pushed(message(), secret="x").status_code == 401
    row = Refusal.objects.get()
    assert (row.level, row.name, row.identifier, bytes(row.raw)) == ("signature", refusals.UNPROVEN, "", message())
    assert not Warning.objects.exists()


def test_nothing_arrived_where_a_push_has_no_body_or_there_is_no_door(settings):
    assert pushed(message()).status_code == 404
    settings.WARNING_PUSH_SECRET = "shili"
    assert pushed(b"", secret="x").status_code == 401
    assert not Refusal.objects.exists()


def test_of_too_large_a_push_the_beginning_is_kept(settings):
    settings.WARNING_PUSH_SECRET = "shili"
    assert pushed(b"x" * (6 * 1024 * 1024)).status_code == 413
    row = Refusal.objects.get()
    assert (row.level, len(row.raw), row.size) == ("security", refusals.KEPT_UNPROVEN, 6 * 1024 * 1024)


def test_whoever_fills_the_door_for_pushes_fills_neither_the_database_nor_the_nights(settings, town, monkeypatch):
    settings.WARNING_PUSH_SECRET = "shili"
    monkeypatch.setattr(refusals, "MOST_UNPROVEN", 3)
    for number in range(6):
        pushed(b"x" * 100_000 + str(number).encode(), secret="x")
    rows = list(Refusal.objects.order_by("pk"))
    assert [len(row.raw) for row in rows] == [refusals.KEPT_UNPROVEN] * 3 + [0]
    assert rows[-1].seen == 3
    assert "只计次数" in rows[-1].reasons[0]
    told = Reminder.objects.filter(kind="refused")
    assert told.count() == told.values("officer").distinct().count()


def test_an_upload_that_is_refused_is_answered_at_once_and_not_filed(town):
    client = client_of(town.officers["市局"][Role.CLERK])
    answer = client.post("/warning/take/", {"file": SimpleUploadedFile("a.xml", WITHOUT_SENDER)})
    assert answer.status_code == 422
    assert not Refusal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_those_that_file_the_same_bytes_at_once_make_one_row():
    source, found = sources.push(), []

    def file() -> None:
        refused = NotAWarning("不收", level=reading.Level.SCHEMA)
        found.append(refusals.file(source, b"x", refused, name="a").pk)
        connections.close_all()

    threads = [threading.Thread(target=file) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = Refusal.objects.get()
    assert (found, row.seen) == ([row.pk] * 4, 4)


# --- telling --------------------------------------------------------------------------------------------------------


def test_the_citys_duty_people_are_reminded_until_it_was_looked_at(town):
    row = filed()
    told = Reminder.objects.filter(kind="refused")
    hearers = {town.officers["市局"][role].pk for role in sources.HEARERS}
    assert hearers <= set(told.values_list("officer_id", flat=True))
    assert not told.filter(officer=town.officers["东区局"][Role.CLERK]).exists()
    assert told.filter(read_at=None, url=f"/warning/refused/{row.pk}/").count() == told.count()
    assert "urn:bad" in told.first().text or "EX-2026-0001" in told.first().text
    before = told.count()
    refusals.watch()
    filed()  # the same once more
    assert told.count() == before
    assert refusals.look_at(row, by=town.officers["市局"][Role.CLERK], note=NOTE) == 1
    assert not told.filter(read_at=None).exists()
    assert refusals.watch() == 0
    assert told.count() == before


def test_who_comes_on_duty_later_is_reminded_too(town):
    filed()
    Reminder.objects.all().delete()
    assert refusals.watch() == 1
    assert Reminder.objects.filter(kind="refused", read_at=None).exists()


def test_a_fault_that_comes_in_ever_new_bytes_is_one_reminder_and_done_with_by_one_note(town):
    clerk = town.officers["市局"][Role.CLERK]
    rows = [filed(data=WITHOUT_SENDER + b" " * number) for number in range(3)]
    other = filed(data=WITHOUT_SENDER + b"\n", name="urn:other")
    mine = Reminder.objects.filter(kind="refused", officer=clerk)
    assert mine.count() == 2
    assert refusals.look_at(rows[0], by=clerk, note=NOTE) == 1
    assert mine.filter(read_at=None, url=f"/warning/refused/{rows[1].pk}/").count() == 1  # what is left is told anew
    late = filed(data=WITHOUT_SENDER + b" " * 9)
    assert refusals.look_at(rows[1], by=clerk, note=NOTE, until=rows[2].pk) == 2
    assert set(refusals.unlooked()) == {late, other}  # what came since the page was shown was not looked at


# --- looking --------------------------------------------------------------------------------------------------------


def test_a_look_is_of_a_named_person_with_a_reason_and_stands_in_the_record(town):
    row, clerk = filed(), town.officers["市局"][Role.CLERK]
    for note in ("", "  看过 "):
        with pytest.raises(Invalid):
            refusals.look_at(row, by=clerk, note=note)
    with pytest.raises(SensitiveInRecord):
        refusals.look_at(row, by=clerk, note="已打电话给 13912345678 核实")
    row.refresh_from_db()
    assert row.looked_at is None
    refusals.look_at(row, by=clerk, note=NOTE)
    row.refresh_from_db()
    assert (row.looked_by, row.note) == (clerk, NOTE)
    entry = Entry.objects.filter(chain=f"warning.refusal/{row.pk}").latest("seq")
    assert clerk.name in entry.body
    assert NOTE in entry.body
    with pytest.raises(OutOfOrder):
        refusals.look_at(row, by=clerk, note=NOTE)


@pytest.mark.parametrize(("place", "role"), [("东区局", Role.CLERK), ("市局", Role.CASE_OFFICER), ("市局", Role.ADMIN)])
def test_who_is_not_reminded_may_not_end_the_reminders_of_others(town, place, role):
    row = filed()
    with pytest.raises(NotCompetent):
        refusals.look_at(row, by=town.officers[place][role], note=NOTE)


@pytest.mark.parametrize(
    "changed",
    [{"raw": b""}, {"reasons": []}, {"level": "other"}, {"first_at": clock.now() - timedelta(days=1)}, {"sha256": ""}],
)
def test_nobody_changes_what_was_refused(changed):
    row = filed()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Refusal.objects.filter(pk=row.pk).update(**changed)


def test_nobody_deletes_it_or_takes_a_look_back(town):
    row = filed()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Refusal.objects.filter(pk=row.pk)._raw_delete("default")
    refusals.look_at(row, by=town.officers["市局"][Role.CLERK], note=NOTE)
    for changed in ({"looked_at": None, "looked_by": None, "note": ""}, {"note": "别的说法"}, {"seen": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Refusal.objects.filter(pk=row.pk).update(**changed)


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_of_the_tables_changes_it(owner_connection):
    row = filed()
    for statement in (
        "UPDATE warning_refusal SET raw = ''",
        "DELETE FROM warning_refusal",
        "TRUNCATE warning_refusal CASCADE",
    ):
        with pytest.raises(Exception, match="不得修改"):
            owner_connection.execute(statement)
    row.refresh_from_db()
    assert bytes(row.raw) == WITHOUT_SENDER


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["市局", "东区局"])
@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_whoever_handles_matters_reads_it_and_the_administrators_do_not(town, place, role):
    row, client = filed(), client_of(town.officers[place][role])
    wanted = 403 if role in ADMINISTRATORS else 200
    for address in ("/warning/refused/", f"/warning/refused/{row.pk}/", f"/warning/refused/{row.pk}/raw/"):
        assert client.get(address).status_code == wanted, address
    assert client.get("/warning/refused/99999999/").status_code == (403 if role in ADMINISTRATORS else 404)
    assert client.get("/warning/refused/99999999/raw/").status_code == (403 if role in ADMINISTRATORS else 404)
    page = client.get("/warning/").content.decode()
    assert ("/warning/refused/" in page) is (role not in ADMINISTRATORS)
    may = place == "市局" and role in refusals.LOOKERS
    assert client.post(f"/warning/refused/{row.pk}/", {"note": NOTE}).status_code == (302 if may else 403)
    row.refresh_from_db()
    assert (row.looked_at is not None) is may


def test_visitors_are_sent_to_the_login():
    row = filed()
    for address in ("/warning/refused/", f"/warning/refused/{row.pk}/", f"/warning/refused/{row.pk}/raw/"):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 302
            assert "login" in answer["Location"]


def test_a_get_changes_nothing(town):
    row = filed()
    client = client_of(town.officers["市局"][Role.CLERK])

    def state() -> list[object]:
        rows = (model.objects.order_by("pk").values_list() for model in (Refusal, Reminder, Source, Entry, Warning))
        return [list(one) for one in rows]

    before = state()
    for address in (
        "/warning/",
        "/warning/refused/?tab=all",
        f"/warning/refused/{row.pk}/?note={NOTE}",
        f"/warning/refused/{row.pk}/raw/",
    ):
        assert client.get(address).status_code == 200
    assert state() == before


def test_the_page_of_warnings_counts_what_nobody_looked_at_and_the_form_ends_it(town):
    client = client_of(town.officers["市局"][Role.CLERK])
    assert "没有收下的（" not in client.get("/warning/").content.decode()
    rows = [filed(data=WITHOUT_SENDER + b" " * number) for number in range(2)]
    assert "没有收下的（2）" in client.get("/warning/").content.decode()
    listed = client.get("/warning/refused/").content.decode()
    assert listed.index(f"/warning/refused/{rows[1].pk}/") < listed.index(f"/warning/refused/{rows[0].pk}/")
    address = f"/warning/refused/{rows[0].pk}/"
    for note, said in (("", "请写明核对的结果"), ("看", "请写明核对的结果"), ("电话13912345678", "手机号码")):
        wrong = client.post(address, {"note": note})
        assert wrong.status_code == 422
        assert said in wrong.content.decode()
    assert client.post(address, {"note": NOTE, "alike": "on", "until": rows[1].pk}).status_code == 302
    assert "没有收下的（" not in client.get("/warning/").content.decode()
    assert NOTE in client.get(address).content.decode()
    assert client.post(address, {"note": NOTE}).status_code == 409


def test_the_file_is_never_shown_by_a_browser(town):
    row = filed(data=b"<html><script>alert(1)</script></html>")
    client = client_of(town.officers["市局"][Role.CLERK])
    answer = client.get(f"/warning/refused/{row.pk}/raw/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "<script>alert" not in client.get(f"/warning/refused/{row.pk}/").content.decode()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("暴雨".encode(), "暴雨"),
        ("暴雨".encode("gb18030"), "暴雨"),
        ("暴雨".encode("utf-16"), "暴雨"),
        ("暴雨".encode()[:-1], "暴"),
        (b"a\x00b\x1b", "a〔U+0000〕b〔U+001B〕"),
        ("红\u202e色".encode(), "红〔U+202E〕色"),
        (b"\xff\xff\xff\xffa", "����a"),
        (b"x" * 100, "x" * 50),
        (b"a\r\nb\tc", "a\nb\tc"),
    ],
)
def test_bytes_are_shown_as_what_is_there(data, text):
    assert legible(data, 50) == text
