"""What a person is told, how it leaves the house, and what never does; real mail and SMS servers over loopback."""

import email
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from django.db import transaction
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.reminder import access, services
from fadu.reminder.kinds import Kind
from fadu.reminder.models import Delivery, Preference, Reminder
from fadu.reminder.services import sms
from fadu.reminder.services.sending import quiet_until
from fadu.reminder.simulator import Gateway, serve

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.BEIJING)
SECRET = "示例密钥"
TEXT = "示例市甲公司案：作出处罚决定，请您签署审批意见。"


@pytest.fixture
def officer() -> Officer:
    town = universe.build()
    person = town.of(town.city, Role.AGENCY_HEAD)
    universe.account(person, "fuju")
    return person


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A floor above that lets the subject ``test/1`` be seen until it says otherwise."""
    answer = {"may": True}
    monkeypatch.setattr(access, "_readers", [lambda officer, on, subjects: {"test/1"} if answer["may"] else set()])
    return answer


class Postbox:
    """What the mail server took; ``busy``: how many messages it turns away first."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.busy = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.busy:
            self.busy -= 1
            return "451 busy"
        self.letters.append(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mail(settings: Any) -> Iterator[Postbox]:
    """A real mail server, named in the settings."""
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings.MAIL_ON = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield box
    finally:
        controller.stop()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    """The SMS gateway that ships, over real HTTP, named in the settings."""
    made = Gateway(secret=SECRET)
    with serve(made) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SMS = {
            "url": f"http://127.0.0.1:{server.server_address[1]}/send", "secret": SECRET, "headers": "X-Sign: {sign}",
            "body": '{"mobile": "{mobile}", "content": "{text}", "id": "{id}", "time": "{time}", "sign": "{sign}"}',
            "success": "code=0", "message": "message",
        }  # fmt: skip
        yield made
        server.shutdown()


def wish(officer: Officer, **fields: Any) -> Preference:
    kinds = [kind.value for kind in Kind]
    return Preference.objects.create(
        officer=officer, **({"mail": "fuju@yj.example", "mobile": "13900000001", "mail_kinds": kinds, "sms_kinds": kinds} | fields)
    )  # fmt: skip


def tell(officer: Officer, kind: Kind = Kind.APPROVAL, key: str = "one") -> None:
    services.tell(kind, [officer], key=key, url="/matter/1/", text=TEXT, subject="test/1")


def due() -> list[int]:
    """The deliveries of the jobs that may run now."""
    jobs = ProcrastinateJob.objects.filter(task_name="reminder.send").order_by("id")
    return [job.args["delivery"] for job in jobs if job.scheduled_at is None or job.scheduled_at <= clock.now()]


def statuses() -> dict[str, str]:
    return dict(Delivery.objects.values_list("channel", "status"))


def test_without_a_wish_it_stays_in_the_program(officer, seen):
    tell(officer)
    assert Reminder.objects.get().officer == officer
    assert not Delivery.objects.exists()


def test_mail_and_sms_carry_the_sentence_and_a_link_and_no_name_of_a_party(officer, seen, mail, gateway, settings):
    wish(officer)
    settings.PUBLIC_URL = "https://yj.example"
    tell(officer)
    for key in due():
        services.send(key)
    assert statuses() == {"mail": "sent", "sms": "sent"}
    letter = mail.letters[0]
    words = letter.get_payload(decode=True).decode()
    assert "您有一项审批待签署。" in words
    assert "https://yj.example/matter/1/" in words
    subject = str(email.header.make_header(email.header.decode_header(letter["Subject"])))
    message = next(iter(gateway.taken.values()))
    assert message == {"mobile": "13900000001", "content": "【法度】您有一项审批待签署。请登录查看。"}
    for text in (words, subject, message["content"]):
        assert "甲公司" not in text
    addresses = set(Delivery.objects.values_list("address", flat=True))
    assert addresses == {"f***@yj.example", "139****0001"}


def test_one_thing_is_told_once_and_settled_when_it_is_done(officer, seen):
    tell(officer)
    tell(officer)
    tell(officer, key="two")
    assert Reminder.objects.count() == 2
    assert services.settle("one") == 1
    assert Reminder.objects.filter(read_at=None).get().key == "two"


def test_what_was_told_in_a_transaction_that_fails_was_never_told(officer, seen):
    class BrokenError(Exception):
        """Ends the transaction."""

    wish(officer)
    with pytest.raises(BrokenError), transaction.atomic():
        tell(officer)
        raise BrokenError
    assert not Reminder.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="reminder.send").exists()


def test_the_scope_is_asked_again_when_it_is_sent(officer, seen, mail, gateway):
    wish(officer)
    tell(officer)
    seen["may"] = False
    for key in due():
        services.send(key)
    assert set(statuses().values()) == {"dropped"}
    assert mail.letters == []
    assert gateway.taken == {}


@pytest.mark.parametrize("end", ["read", "account", "post", "wish"])
def test_what_is_no_longer_the_persons_business_is_not_sent(officer, seen, mail, gateway, end):
    wish(officer)
    tell(officer)
    if end == "read":
        services.read_all(officer)
    elif end == "account":
        officer.user.is_active = False
        officer.user.save()
    elif end == "post":
        officer.appointments.update(ends_on=clock.today() - timedelta(days=1))
    else:
        Preference.objects.update(mail_kinds=[], sms_kinds=[])
    for key in due():
        services.send(key)
    assert set(statuses().values()) == {"dropped"}
    assert mail.letters == []


def test_a_channel_in_trouble_is_tried_again_each_time_later_and_then_stands_as_failed(officer, seen, mail, gateway):
    wish(officer, sms_kinds=[])
    mail.busy = 99
    with clock.at(NOON):
        tell(officer)
        key = due()[0]
    moment = NOON
    for minutes in (1, 2, 4, 8, 16):
        with clock.at(moment):
            assert services.send(key) == "retrying"
        job = ProcrastinateJob.objects.filter(task_name="reminder.send").order_by("-id").first()
        assert job.scheduled_at == moment + timedelta(minutes=minutes)
        moment = job.scheduled_at
    with clock.at(moment):
        assert services.send(key) == "failed"
        assert services.send(key) == "failed"  # a second job for it does nothing
    row = Delivery.objects.get()
    assert row.attempts == 6
    assert "451" in row.error


def test_an_sms_arrives_after_the_gateway_has_recovered_and_only_once(officer, seen, gateway):
    wish(officer, mail_kinds=[])
    gateway.failures = 2
    tell(officer)
    key = due()[0]
    assert [services.send(key) for _ in range(4)] == ["retrying", "retrying", "sent", "sent"]
    assert len(gateway.taken) == 1


def test_a_gateway_that_says_no_in_its_answer_is_heard(officer, seen, gateway):
    wish(officer, mail_kinds=[])
    gateway.failures, gateway.refuse = 1, True
    tell(officer)
    assert services.send(due()[0]) == "retrying"
    assert "通道繁忙" in Delivery.objects.get().error


def test_a_wrong_signature_is_not_tried_again(officer, seen, gateway, settings):
    wish(officer, mail_kinds=[])
    settings.SMS = settings.SMS | {"secret": "别的"}
    tell(officer)
    assert services.send(due()[0]) == "failed"
    assert "HTTP 401" in Delivery.objects.get().error


def test_a_gateway_that_is_not_there_is_tried_again(officer, seen, settings):
    wish(officer, mail_kinds=[])
    settings.SMS = {
        "url": "http://127.0.0.1:9/",
        "body": "{}",
        "headers": "",
        "secret": "",
        "success": "",
        "message": "",
    }
    tell(officer)
    assert services.send(due()[0]) == "retrying"


def test_without_a_gateway_in_the_settings_it_fails_and_says_so(officer, seen):
    wish(officer)
    tell(officer)
    for key in due():
        services.send(key)
    assert set(Delivery.objects.values_list("status", "error")) == {
        ("failed", "没有设置邮件服务器（FADU_SMTP）"), ("failed", "没有设置短信接口（FADU_SMS_URL）")
    }  # fmt: skip


def test_a_value_cannot_break_out_of_the_template():
    values = {"mobile": "1", "text": '好"}, {"mobile": "2'}
    import json

    assert json.loads(sms.filled('{"m": "{mobile}", "t": "{text}"}', values, as_json=True))["t"] == values["text"]
    assert sms.filled("m={mobile}&t={text}", {"mobile": "1", "text": "a&m=2"}, as_json=False) == "m=1&t=a%26m%3D2"


def test_the_signature_is_hmac_sha256_over_number_text_and_time():
    # printf 13900000001你好1700000000 | openssl dgst -sha256 -hmac key
    import hashlib
    import hmac

    wanted = hmac.new(b"key", "13900000001你好1700000000".encode(), hashlib.sha256).hexdigest()
    assert sms.signature("key", "13900000001", "你好", "1700000000") == wanted


@pytest.mark.parametrize(
    ("at", "until"),
    [("21:59", None), ("22:00", "24 07:00"), ("23:30", "24 07:00"), ("00:30", "23 07:00"), ("06:59", "23 07:00"), ("07:00", None)],
)  # fmt: skip
def test_quiet_hours_pass_midnight(officer, at, until):
    quiet = Preference(officer=officer, quiet_from=time(22), quiet_until=time(7))
    moment = datetime.fromisoformat(f"2026-11-23T{at}:00+08:00")
    found = quiet_until(quiet, moment)
    assert (found and found.strftime("%d %H:%M")) == until


def test_in_quiet_hours_only_what_is_urgent_is_sent_and_the_rest_in_the_morning(officer, seen, mail):
    wish(officer, sms_kinds=[], quiet_from=time(22), quiet_until=time(7))
    night = NOON.replace(hour=23)
    with clock.at(night):
        tell(officer)
        tell(officer, Kind.MISSED, key="late")
        for key in due():
            services.send(key)
    assert dict(Delivery.objects.values_list("reminder__kind", "status")) == {"approval": "held", "missed": "sent"}
    job = ProcrastinateJob.objects.filter(task_name="reminder.send").order_by("-id").first()
    assert job.scheduled_at == night.replace(day=24, hour=7)
    with clock.at(job.scheduled_at):
        assert services.send(job.args["delivery"]) == "sent"


@pytest.mark.django_db(transaction=True)
def test_the_real_worker_sends_what_was_enqueued(seen, mail, gateway):
    town = universe.build()
    person = town.of(town.city, Role.AGENCY_HEAD)
    universe.account(person, "fuju")
    wish(person)
    tell(person)
    with app.replace_connector(app.connector.get_worker_connector()) as worker, ThreadPoolExecutor(1) as thread:
        thread.submit(worker.run_worker, wait=False, install_signal_handlers=False, listen_notify=False).result(60)
    assert statuses() == {"mail": "sent", "sms": "sent"}
    assert len(mail.letters) == len(gateway.taken) == 1


class TestPages:
    """提醒页、设置页、发送情况"""

    def enter(self, officer: Officer) -> Client:
        client = Client()
        client.force_login(officer.user or universe.account(officer, f"u{officer.pk}"))
        return client

    def test_the_bell_counts_and_reading_takes_a_post(self, officer, seen):
        tell(officer)
        client = self.enter(officer)
        assert "提醒，1条未读" in client.get("/account/").content.decode()
        page = client.get("/reminders/").content.decode()
        assert TEXT in page
        row = Reminder.objects.get()
        assert client.get(f"/reminders/{row.pk}/open/").status_code == 405
        assert client.get("/reminders/read/").status_code == 405
        assert Reminder.objects.filter(read_at=None).exists()
        answer = client.post(f"/reminders/{row.pk}/open/")
        assert (answer.status_code, answer["Location"]) == (302, "/matter/1/")
        assert "条未读" not in client.get("/account/").content.decode()

    def test_what_one_may_no_longer_see_is_not_told(self, officer, seen):
        tell(officer)
        seen["may"] = False
        page = self.enter(officer).get("/reminders/").content.decode()
        assert "甲公司" not in page
        assert "不在您能看到的范围" in page

    def test_another_persons_reminder_is_not_found(self, officer, seen):
        tell(officer)
        other = Officer.objects.exclude(pk=officer.pk).filter(appointments__post__roles=["clerk"]).first()
        client = self.enter(other)
        assert client.post(f"/reminders/{Reminder.objects.get().pk}/open/").status_code == 404
        assert "甲公司" not in client.get("/reminders/").content.decode()
        client.post("/reminders/read/")
        assert Reminder.objects.filter(read_at=None).count() == 1

    @pytest.mark.parametrize(
        ("entered", "told"),
        [
            ({"mail_kinds": ["approval"]}, "请填写邮箱"),
            ({"sms_kinds": ["approval"]}, "请填写手机号"),
            ({"mobile": "12345"}, "11位手机号"),
            ({"mail": "not-an-address"}, "请填写邮箱，例如"),
            ({"quiet_from": "22:00"}, "请都填写"),
            ({"quiet_from": "25:00"}, "例如 22:00"),
        ],
    )
    def test_preferences_tell_what_is_wrong(self, officer, entered, told):
        answer = self.enter(officer).post("/reminders/preferences/", entered)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not Preference.objects.exists()

    def test_preferences_are_kept(self, officer):
        sent = {
            "mail": "li@yj.example",
            "mail_kinds": ["approval", "missed"],
            "quiet_from": "22:00",
            "quiet_until": "07:00",
        }
        assert self.enter(officer).post("/reminders/preferences/", sent).status_code == 302
        kept = Preference.objects.get()
        assert (kept.officer, kept.mail_kinds, kept.sms_kinds) == (officer, ["approval", "missed"], [])

    def test_failures_are_seen_by_the_system_administrator_and_nobody_else(self, officer, seen):
        wish(officer)
        tell(officer)
        for key in due():
            services.send(key)
        organ = officer.appointments.get().post.organ
        for role in Role:
            person = Officer.objects.filter(
                appointments__post__organ=organ, appointments__post__roles=[role.value]
            ).first()  # fmt: skip
            answer = self.enter(person).get("/reminders/deliveries/")
            assert answer.status_code == (200 if role is Role.ADMIN else 403), role
            if role is Role.ADMIN:
                assert "没有设置短信接口" in answer.content.decode()
                assert "甲公司" not in answer.content.decode()


def test_the_simulator_runs_as_a_program(settings):
    """manage.py sms-simulator"""
    import re
    import subprocess
    import sys

    command = [sys.executable, "manage.py", "sms-simulator", "--port", "0", "--fail", "1"]
    with subprocess.Popen(command, cwd=settings.ROOT_DIR, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())[0]  # type: ignore[index]
        body = {"mobile": "13900000001", "content": "【法度】试", "id": "1"}
        assert requests.post(address, json=body, timeout=10).status_code == 503
        assert requests.post(address, json=body, timeout=10).json()["code"] == 0
        assert requests.post(address, data=b"x", timeout=10).status_code == 400
        assert process.stdout.readline().strip() == "13900000001：【法度】试"
        assert requests.get(address, timeout=10).json()["messages"] == [
            {"mobile": "13900000001", "content": "【法度】试"}
        ]
        process.terminate()
