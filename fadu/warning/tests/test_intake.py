"""Warnings that come by themselves: a real HTTP server, a real folder, a signed push; a source that is silent is an alarm."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from fadu.kernel import clock
from fadu.kernel.signing import sign
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.reminder.models import Reminder
from fadu.warning.intake import atom, feed, folder, sources
from fadu.warning.models import SeenEntry, Source, Warning
from fadu.warning.tests.test_take_in import message

pytestmark = pytest.mark.django_db


class Station:
    """A weather office's server: a feed with ETag, its messages, and what it was asked."""

    def __init__(self) -> None:
        self.messages: dict[str, bytes] = {}
        self.updated: dict[str, str] = {}
        self.renewed = "2026-07-01T08:00:00+08:00"
        self.extra = ""
        self.asked: list[tuple[str, str]] = []
        self.logins: list[str] = []
        self.broken: set[str] = set()
        self.url = ""

    def put(self, name: str, data: bytes, updated: str = "2026-07-01T08:00:00+08:00") -> None:
        self.messages[name], self.updated[name] = data, updated

    def feed(self) -> bytes:
        entries = "".join(
            f'<entry><id>urn:{name}</id><updated>{self.updated[name]}</updated><link href="/cap/{name}" type="application/cap+xml"/>'
            "</entry>"
            for name in self.messages
        )
        return (
            f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><updated>{self.renewed}</updated>{entries}{self.extra}</feed>'
        ).encode()

    def answer(self, path: str, etag: str) -> tuple[int, bytes, str]:
        self.asked.append((path, etag))
        if path in self.broken:
            return 503, b"", ""
        if path != "/feed":
            data = self.messages.get(path.removeprefix("/cap/"))
            return (200, data, "") if data is not None else (404, b"", "")
        body = self.feed()
        mark = f'"{hash(body)}"'
        return (304, b"", mark) if etag == mark else (200, body, mark)


@pytest.fixture
def station(settings) -> Iterator[Station]:
    made = Station()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.logins.append(self.headers.get("Authorization", ""))
            status, body, etag = made.answer(self.path, self.headers.get("If-None-Match", ""))
            self.send_response(status)
            if etag:
                self.send_header("ETag", etag)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/feed"
    settings.WARNING_FEEDS = (made.url,)
    settings.WARNING_FOLDER = ""
    yield made
    server.shutdown()
    server.server_close()


def polled() -> tuple[Source, int]:
    (source,) = sources.ensure()
    with requests.Session() as session:
        return source, feed.poll(source, session)


# --- a feed ---------------------------------------------------------------------------------------------------------


def test_what_a_feed_names_is_taken_in_once_with_its_bytes(station):
    station.put("one", message())
    station.put("two", message(identifier="EX-2"))
    assert polled()[1] == 2
    assert {bytes(row.raw) for row in Warning.objects.all()} == set(station.messages.values())
    asked = len(station.asked)
    source, taken = polled()
    assert (taken, source.error) == (0, "")
    assert station.asked[asked:] == [("/feed", source.etag)]  # asked whether anything changed, and nothing more
    station.put("three", message(identifier="EX-3"))
    assert polled()[1] == 1
    assert [path for path, _ in station.asked].count("/cap/one") == 1


def test_an_entry_that_is_renewed_is_fetched_anew_and_is_the_same_message(station):
    station.put("one", message())
    polled()
    station.put("one", message(), updated="2026-07-01T09:00:00+08:00")
    assert polled()[1] == 0
    assert [path for path, _ in station.asked].count("/cap/one") == 2
    assert Warning.objects.count() == 1


def test_what_could_not_be_fetched_is_asked_for_again_though_the_feed_did_not_change(station):
    station.put("one", message())
    station.broken = {"/cap/one"}
    source, taken = polled()
    assert (taken, source.etag) == (0, "")
    assert "没有取到" in source.error
    station.broken = set()
    source, taken = polled()
    assert (taken, source.error) == (1, "")


def test_what_is_no_message_is_noted_with_the_reason_and_not_fetched_each_minute(station):
    station.put("bad", b"<a/>")
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>'
    station.put("bomb", bomb)
    station.put("good", message())
    assert polled()[1] == 1
    assert SeenEntry.objects.exclude(reason="").count() == 2
    assert "DOCTYPE" in SeenEntry.objects.get(entry="urn:bomb").reason
    station.extra = "<!-- x -->"
    polled()
    assert [path for path, _ in station.asked].count("/cap/bad") == 1


def test_a_feed_may_not_send_us_elsewhere_in_our_network(station):
    station.extra = '<entry><id>urn:x</id><updated>1</updated><link href="http://127.0.0.1:9/secret"/></entry>'
    assert polled()[1] == 0
    assert "不在发布单位的主机上" in SeenEntry.objects.get().reason
    station.answer = lambda path, etag: (302, b"", "")  # type: ignore[method-assign]
    source, _ = polled()
    assert "302" in source.error


def test_a_link_that_is_no_address_is_refused_and_the_others_are_taken(station):
    station.extra = '<entry><id>urn:x</id><updated>1</updated><link href="http://[oops/"/></entry>'
    station.put("one", message())
    assert polled()[1] == 1
    assert "不在发布单位的主机上" in SeenEntry.objects.get(entry="urn:x").reason


def test_the_password_in_the_address_opens_the_messages_too(station, settings):
    station.put("one", message())
    settings.WARNING_FEEDS = (station.url.replace("//", "//office:secret@"),)
    assert polled()[1] == 1
    assert len(station.logins) == 2
    assert set(station.logins) == {"Basic b2ZmaWNlOnNlY3JldA=="}


@pytest.mark.parametrize("body", [b"", b"{}", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><feed/>', b"\xff\xfe"])
def test_what_is_no_feed_is_told_and_is_no_sign_of_life(station, body):
    station.feed = lambda: body  # type: ignore[method-assign]
    source, taken = polled()
    assert (taken, source.heard_at) == (0, None)
    assert source.error


def test_too_large_an_answer_is_not_read_to_the_end(station, monkeypatch):
    monkeypatch.setattr(feed, "MAX_BYTES", 1000)
    station.feed = lambda: b"x" * 200_000  # type: ignore[method-assign]
    source, _ = polled()
    assert "超过" in source.error


def test_a_message_inside_the_feed_needs_no_fetching():
    inside = message().decode().partition("?>\n")[2]
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><updated>1</updated><content type="text/xml">'
        f"{inside}</content></entry><entry><id>b</id></entry></feed>"
    )
    (entry,) = atom.parse(data.encode(), "http://x/feed").entries
    assert (entry.id, entry.href) == ("a", "")
    assert sources.take(entry.inline)[1]


# --- silence --------------------------------------------------------------------------------------------------------


def test_a_silent_feed_is_an_alarm_that_is_shown_and_reminded_once_and_settled(station, settings):
    settings.WARNING_SILENCE = 30
    town = people.build()
    clerk = people.account(town.officers["市局"][Role.CLERK], "clerk")
    client = Client()
    client.force_login(clerk)
    source, _ = polled()
    noon = source.heard_at
    station.broken = {"/feed"}
    with clock.at(noon + timedelta(minutes=29)):
        polled()
        assert sources.watch() == 0
    with clock.at(noon + timedelta(minutes=31)):
        polled()
        assert sources.watch() == 1
        assert sources.watch() == 1
        told = Reminder.objects.filter(kind="silence")
        assert set(told.values_list("officer__name", flat=True)) >= {town.officers["市局"][Role.CLERK].name}
        assert told.count() == told.values("officer").distinct().count()
        assert not told.filter(officer=town.officers["东区局"][Role.CLERK]).exists()
        for page in ("/warning/", "/desk/"):
            answer = client.get(page)
            if answer.status_code == 404:
                continue
            assert "预警来源中断" in answer.content.decode()
            assert "31分钟没有回应" in answer.content.decode()
        station.broken = set()
        polled()
        assert sources.watch() == 0
        assert not told.filter(read_at=None).exists()
        assert "预警来源中断" not in client.get("/warning/").content.decode()


def test_a_feed_whose_messages_cannot_be_had_is_as_silent_as_one_that_does_not_answer(station, settings):
    settings.WARNING_SILENCE = 30
    station.put("one", message())
    station.broken = {"/cap/one"}
    source, _ = polled()
    with clock.at(source.since + timedelta(minutes=31)):
        polled()
        ((_source, why),) = sources.silent(clock.now())
        assert "没有取到" in why


def test_a_source_that_was_never_heard_is_silent_too_and_without_any_intake(station, settings):
    with clock.at(clock.now() + timedelta(hours=-1)):
        sources.ensure()
    assert sources.watch() == 1


def test_a_feed_that_promised_to_renew_itself_and_does_not_is_silent(station, settings):
    settings.WARNING_HEARTBEAT = 10
    station.renewed = "2026-07-01T08:00:00+08:00"
    source, _ = polled()
    assert "没有更新" in sources.silence(source, source.heard_at)
    station.renewed = clock.now().isoformat()
    source, _ = polled()
    assert sources.silence(source, source.heard_at) == ""


# --- a folder -------------------------------------------------------------------------------------------------------


@pytest.fixture
def box(settings, tmp_path) -> Path:
    settings.WARNING_FEEDS = ()
    settings.WARNING_FOLDER = str(tmp_path)
    return tmp_path


def put(path: Path, data: bytes, age: float = 10) -> Path:
    path.write_bytes(data)
    os.utime(path, (time.time() - age,) * 2)
    return path


def looked() -> int:
    (source,) = sources.ensure()
    return folder.look(source)


def names(path: Path) -> set[str]:
    return {one.name for one in path.iterdir() if one.is_file()}


def test_a_whole_file_is_taken_in_and_moved(box):
    put(box / "a.xml", message())
    assert looked() == 1
    assert (names(box), names(box / "done")) == (set(), {"a.xml"})
    assert (box / "done" / "a.xml").read_bytes() == message()
    put(box / "a.xml", message(identifier="EX-2"))
    assert looked() == 1
    assert len(names(box / "done")) == 2  # nothing that was there is written over


def test_what_is_being_written_is_left_alone(box):
    put(box / "now.xml", message(), age=0)
    half = put(box / "half.xml", message()[:200], age=10)
    put(box / ".hidden.xml", message())
    put(box / "a.xml.part", message())
    os.symlink("/etc/hostname", box / "link.xml")
    os.utime(box / "link.xml", (time.time() - 100,) * 2, follow_symlinks=False)
    assert looked() == 0
    assert names(box) >= {"now.xml", "half.xml", ".hidden.xml", "a.xml.part", "link.xml"}
    put(half, message())
    assert looked() == 1


def test_what_is_no_message_after_a_minute_is_refused_with_the_reasons(box):
    put(box / "bad.xml", b"<a/>", age=100)
    put(box / "bomb.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', age=100)
    assert looked() == 0
    assert names(box / "refused") == {"bad.xml", "bad.xml.txt", "bomb.xml", "bomb.xml.txt"}
    assert "DOCTYPE" in (box / "refused" / "bomb.xml.txt").read_text()


def test_a_death_between_keeping_and_moving_changes_nothing(box, monkeypatch):
    put(box / "a.xml", message())
    with monkeypatch.context() as patched:
        patched.setattr(folder, "_move", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            looked()
    assert names(box) == {"a.xml"}
    assert looked() == 0
    assert names(box / "done") == {"a.xml"}
    assert Warning.objects.count() == 1


def test_a_file_that_cannot_be_put_away_is_told_and_holds_up_no_other(box):
    put(box / f"{'a' * 248}.xml", b"<a/>", age=100)  # there is no room for the name of its reasons
    put(box / "b.xml", message())
    assert looked() == 1
    source = Source.objects.get()
    assert "不能读取或者移走" in source.error
    assert source.heard_at is None
    assert names(box) == set()


def test_a_folder_that_is_gone_is_told(box, settings):
    settings.WARNING_FOLDER = str(box / "nowhere")
    (source,) = sources.ensure()
    assert folder.look(source) == 0
    assert "不能读写" in source.error


# --- push -----------------------------------------------------------------------------------------------------------


def pushed(data: bytes, secret: str = "shili", at: float = 0, **headers: str):
    moment = str(int(clock.now().timestamp() + at))
    given = {"X-Time": moment, "X-Sign": sign(secret, moment, data)} | headers
    return Client().post("/warning/push/", data=data, content_type="application/xml", headers=given)


def test_a_signed_push_is_taken_in_and_a_second_is_the_same(settings):
    settings.WARNING_PUSH_SECRET = "shili"
    first, second = pushed(message()), pushed(message())
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Warning.objects.count() == 1


def test_nothing_else_is(settings):
    assert pushed(message()).status_code == 404  # no secret, no door
    settings.WARNING_PUSH_SECRET = "shili"
    assert pushed(message(), secret="x").status_code == 401
    assert pushed(message(), at=-301).status_code == 401
    assert pushed(message(), at=301).status_code == 401
    assert pushed(message(), **{"X-Sign": "é"}).status_code == 401
    assert pushed(message(), **{"X-Time": "²"}).status_code == 401
    assert Client().post("/warning/push/", data=message(), content_type="application/xml").status_code == 401
    assert Client().get("/warning/push/").status_code == 405
    refused = pushed(b"<a/>")
    assert (refused.status_code, bool(refused.json()["reasons"])) == (422, True)
    assert pushed(b"x" * (6 * 1024 * 1024)).status_code == 413
    assert Warning.objects.count() == 0


# --- the command ----------------------------------------------------------------------------------------------------


def test_one_look_at_every_source(station, settings, tmp_path):
    settings.WARNING_FOLDER = str(tmp_path)
    put(tmp_path / "a.xml", message())
    station.put("one", message(identifier="EX-2"))
    call_command("warning-intake", "--once")
    assert Warning.objects.count() == 2
    assert Source.objects.exclude(heard_at=None).count() == 2


def test_a_fault_in_one_source_takes_no_other_with_it(station, settings, tmp_path, monkeypatch):
    settings.WARNING_FOLDER = str(tmp_path)
    put(tmp_path / "a.xml", message())
    monkeypatch.setattr(atom, "parse", lambda *_: 1 / 0)
    call_command("warning-intake", "--once")
    assert Warning.objects.count() == 1
    assert Source.objects.get(kind="feed").error == "处理时出错：ZeroDivisionError"


@pytest.mark.django_db(transaction=True)
def test_a_source_that_another_is_at_is_left_to_it(station):
    (source,) = sources.ensure()
    station.put("one", message())
    held = threading.Event()
    done = threading.Event()

    def other() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(404405, %s)", [source.pk])
            held.set()
            done.wait(20)
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(20)
    call_command("warning-intake", "--once")
    assert Warning.objects.count() == 0
    done.set()
    thread.join()
    call_command("warning-intake", "--once")
    assert Warning.objects.count() == 1


def taken_at_once(messages: list[bytes]) -> list[tuple[Warning, bool]]:
    """What came of taking in each in a thread of its own."""
    found = []

    def take(data: bytes) -> None:
        found.append(sources.take(data))
        connections.close_all()

    threads = [threading.Thread(target=take, args=(data,)) for data in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_those_that_take_in_the_same_message_at_once_make_one_row():
    found = taken_at_once([message()] * 4)
    assert Warning.objects.count() == 1
    assert [row.pk for row, _ in found] == [Warning.objects.get().pk] * 4
    assert sum(new for _, new in found) == 1


@pytest.mark.django_db(transaction=True)
def test_messages_of_one_name_and_different_words_at_once_make_one_row_that_is_flagged():
    found = taken_at_once([message(), message(headline="改过的标题")])
    assert [row.pk for row, _ in found] == [Warning.objects.get().pk] * 2
    assert any("内容不同" in problem for problem in Warning.objects.get().problems)
