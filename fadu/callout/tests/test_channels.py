"""Channels under the engine: lines, receipts brought to calls, mail to a real server, a page, loudspeakers by a real broker."""

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import paho.mqtt.client as mqtt
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from django.core.management import CommandError, call_command
from django.test import Client
from paho.mqtt.enums import CallbackAPIVersion

from fadu.callout import queries
from fadu.callout.failover import Tally
from fadu.callout.models import (
    AppLine,
    Call,
    CalledPost,
    Callout,
    CalloutRung,
    DutyPerson,
    DutyPost,
    Terminal,
    TerminalReceipt,
)
from fadu.callout.providers import terminals as wire
from fadu.callout.providers.interface import Heard, Message, Provider, Rejected
from fadu.callout.providers.mail import Mail
from fadu.callout.providers.page import Page
from fadu.callout.providers.pool import Share
from fadu.callout.services import calling, heard, lines, routes, shares, terminals
from fadu.callout.states import Channel, Post, State, Who
from fadu.callout.tests import universe
from fadu.callout.tests.test_calling import NOON, World, quiet
from fadu.callout.tests.test_pages import client_of, text
from fadu.kernel import clock
from fadu.kernel.errors import NotCompetent
from fadu.org.models import Officer
from fadu.org.queries import organs_of, roles_of
from fadu.org.roles import Role
from fadu.record.models import Access, Entry

pytestmark = pytest.mark.django_db


def on_ladder(callout: Callout, *rungs: tuple[Who, Channel, int], provider: str) -> None:
    """Let the callout's posts start again on a ladder of these rungs, as if the policy had said so."""
    CalloutRung.objects.filter(callout=callout).delete()
    Call.objects.filter(callout=callout).delete()
    CalledPost.objects.filter(callout=callout).update(rung=0)
    rules = set(CalledPost.objects.filter(callout=callout).values_list("rule", flat=True))
    CalloutRung.objects.bulk_create(
        CalloutRung(callout=callout, rule=rule, no=no, who=who, channel=channel, seconds=seconds, provider=provider)
        for rule in rules
        for no, (who, channel, seconds) in enumerate(rungs, start=1)
    )


def started(world: World, *rungs: tuple[Who, Channel, int], provider: str) -> Callout:
    """A callout whose posts climb that ladder from its first rung."""
    callout = world.open(colour="红")
    on_ladder(callout, *rungs, provider=provider)
    world.engine.climb(list(CalledPost.objects.filter(callout=callout).values_list("pk", flat=True)))
    return callout


def with_provider(world: World, provider: Provider) -> None:
    world.engine.providers = {**world.engine.providers, provider.name: provider}


# --- lines ----------------------------------------------------------------------------------------------------------


def test_no_more_calls_at_the_same_time_than_there_are_lines():
    world = World(quiet(name="voice", lines=3, batch=2, delay=(5.0, 5.0)), villages=8)
    with_provider(world, world.simulator)
    callout = started(world, (Who.A, Channel.VOICE, 600), provider="voice")
    count = CalledPost.objects.filter(callout=callout).count()
    world.run()
    busy = Call.objects.filter(callout=callout, state=State.SENT)
    assert busy.count() == 3
    assert Call.objects.filter(callout=callout, state=State.QUEUED).count() == count - 3
    for _ in range(count):
        world.run(6)
        assert busy.count() <= 3
    assert Call.objects.filter(callout=callout, state=State.DELIVERED).count() == count


def test_a_call_of_which_nothing_is_heard_holds_its_line_for_a_minute():
    world = World(quiet(name="voice", lines=2, lost=1.0), villages=4)
    with_provider(world, world.simulator)
    callout = started(world, (Who.A, Channel.VOICE, 6000), provider="voice")
    world.run(50, every=10)
    assert Call.objects.filter(callout=callout, state=State.SENT).count() == 2
    world.run(20, every=10)
    assert Call.objects.filter(callout=callout, state=State.SENT).count() == 4


# --- receipts -------------------------------------------------------------------------------------------------------


def sent_by(world: World, provider: str = "sms") -> Callout:
    callout = world.open(colour="红")
    world.run()
    Call.objects.filter(callout=callout).update(provider=provider)
    return callout


def test_a_reply_answers_the_last_callout_sent_to_that_number():
    world = World(quiet())
    callout = sent_by(world)
    call = Call.objects.filter(callout=callout, state__in=(2, 3)).first()
    now = world.clock.moment
    with clock.at(now):
        assert heard.take("sms", "a", [Heard("answered", now, "短信回复", phone="19911112222")]) == 0
        early = now - timedelta(hours=1)
        assert heard.take("sms", "a", [Heard("answered", early, "短信回复", phone=call.phone)]) == 0
        assert heard.take("sms", "a", [Heard("answered", now, "短信回复", phone=call.phone)]) == 1
    world.run()
    post = CalledPost.objects.get(pk=call.called_id)
    assert (post.state, post.answered_how) == (Post.ANSWERED, "短信回复")


def test_a_receipt_by_the_number_of_the_provider_belongs_to_one_account():
    world = World(quiet())
    callout = sent_by(world, "voice")
    call = Call.objects.filter(callout=callout, state__in=(2, 3)).first()
    Call.objects.filter(pk=call.pk).update(provider_ref="a/T1")
    now = world.clock.moment
    with clock.at(now):
        assert heard.take("voice", "b", [Heard("answered", now, "按键", ref="T1")]) == 0
        assert heard.take("voice", "a", [Heard("answered", now, "按键", ref="T1")]) == 1
    world.run()
    assert CalledPost.objects.get(pk=call.called_id).answered_how == "按键"


def test_of_a_batch_the_call_to_the_number_is_meant():
    world = World(quiet())
    callout = sent_by(world)
    one, other = Call.objects.filter(callout=callout, state__in=(2, 3))[:2]
    now = world.clock.moment
    with clock.at(now):
        assert heard.take("sms", "a", [Heard("failed", now, ids=(one.pk, other.pk), phone=one.phone)]) == 1
    world.run()
    one.refresh_from_db()
    assert one.state == State.FAILED
    assert CalledPost.objects.get(pk=one.called_id).rung == 2


def test_the_door_of_a_cloud_opens_to_its_own_address_only(settings, tmp_path):
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "sms:\n- {name: yi, shape: aliyun, key_id: k, secret: s, template: T, sign_name: 示}\n"
        "voice:\n- {name: er, shape: tencent, key_id: k, secret: s, template: T, app_id: '1'}\n"
    )
    settings.CALLOUT_ACCOUNTS = str(file)
    _, account = routes.account("yi")
    body = {"data": b"[]", "content_type": "application/json"}
    assert Client().post(f"/callout/receipts/yi/{account.key}/", **body).json() == {"code": 0, "msg": "OK", "kept": 0}
    assert Client().post("/callout/receipts/yi/", **body).status_code == 400
    assert Client().post(f"/callout/receipts/er/{account.key}/", **body).status_code == 400
    assert Client().post(f"/callout/receipts/san/{account.key}/", **body).status_code == 404
    assert routes.route(Channel.VOICE, drill=False, real_channels=False) == "voice"
    assert routes.route(Channel.VOICE, drill=True, real_channels=False) == "simulated"


# --- shares ---------------------------------------------------------------------------------------------------------


def test_a_share_that_moves_is_journaled_shown_and_kept_for_the_next_engine(client, settings, tmp_path):
    world = World(quiet())
    callout = world.open(colour="红")
    before, after = Share(90, NOON), Share(80, NOON + timedelta(minutes=5), Tally(100, 30), Tally(11))
    with clock.at(after.since):
        shares.write("sms", ["yi", "er"], before, after)
    assert shares.read("sms", ["yi", "er"]) == Share(80, after.since)
    assert shares.read("sms", ["er", "yi"]) is None  # a row of other accounts says nothing of these
    entry = Entry.objects.get(chain="callout.channel/sms")
    assert (entry.data["before"]["points"], entry.data["after"]["points"]) == (90, 80)
    assert entry.data["after"]["seen"]["yi"] == {"sent": 100, "failed": 30, "slow": 0}
    page = text(client_of(world.head).get(f"/callout/{callout.pk}/"))
    assert "通道份额" in page
    assert "80%" in page


def test_who_is_silent_is_who_was_not_heard_of():
    world = World(quiet(lost=1.0))
    callout = world.open(colour="红")
    world.run()
    calls = list(Call.objects.filter(callout=callout, state=State.SENT))
    world.say(calls[:2], kind="delivered")
    world.run()
    assert set(shares.silent([call.pk for call in calls])) == {call.pk for call in calls[2:]}


@pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
def test_the_page_of_channels_is_for_those_who_call_and_shows_no_secret(role, settings):
    settings.CALLOUT_SMS = {**settings.CALLOUT_SMS, "url": "http://127.0.0.1:9/geheim", "secret": "shili-secret"}
    town, _ = universe.town()
    answer = client_of(town.officers["东区局"][role]).get("/callout/channels/")
    assert answer.status_code == (200 if role in queries.OPERATORS else 403)
    assert "shili-secret" not in text(answer)


# --- mail -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(settings) -> Iterator[list[str]]:
    """A real mail server; what it was given."""
    taken: list[str] = []

    class Taking(Handler):
        def handle_message(self, message):
            taken.append(f"{message['To']} {message['Message-ID']} {message.get_payload(decode=True).decode()}")

        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("nobody"):
                return "550 no such box"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Taking(), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAIL_ON = "127.0.0.1", port, True
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield taken
    server.stop()


def test_a_letter_goes_to_the_address_of_the_start_and_who_has_none_is_passed_over(letters, settings):
    world = World(quiet())
    with_provider(world, Mail())
    held = DutyPost.objects.filter(level="village").first().holdings.get(slot="A").person
    DutyPerson.objects.filter(pk=held.pk).update(mail="jia@example.org")
    callout = world.open(colour="红")
    Callout.objects.filter(pk=callout.pk).update(kind="real", real_channels=False)
    DutyPerson.objects.filter(pk=held.pk).update(mail="later@example.org")
    on_ladder(callout, (Who.A, Channel.MAIL, 60), (Who.DOOR, Channel.DOOR, 60), provider="mail")
    CalloutRung.objects.filter(callout=callout, channel=Channel.DOOR).update(provider="hand")
    world.engine.climb(list(CalledPost.objects.filter(callout=callout).values_list("pk", flat=True)))
    world.run(5)
    assert [letter.split()[0] for letter in letters] == ["jia@example.org"]
    call = Call.objects.get(callout=callout, channel=Channel.MAIL, state=State.SENT)
    assert f"<fadu-{call.pk}@" in letters[0]
    assert f"/callout/a/{callout.pk}-{held.pk}-" in letters[0]
    others = CalledPost.objects.filter(callout=callout).exclude(pk=call.called_id)
    assert set(others.values_list("rung", flat=True)) == {2}


def test_a_box_that_is_refused_and_a_server_that_is_away(letters, settings):
    message = Message(1, "nobody@example.org", "x", Channel.MAIL, drill=False, released=False)
    assert Mail().send_batch([message], NOON)[0] == Rejected("邮件被拒收：550 no such box")
    settings.EMAIL_PORT = 9
    assert Mail().send_batch([message], NOON) == [Rejected("邮件服务器没有应答", retryable=True)]


# --- the page in the application -------------------------------------------------------------------------------------


def test_who_has_the_page_open_is_waited_for_and_answers_by_one_button():
    world = World(quiet())
    with_provider(world, Page(queries.open_pages))
    post = DutyPost.objects.filter(level="village").first()
    person = post.holdings.get(slot="A").person
    with clock.at(NOON):
        line = lines.begin(person, post, by=world.town.officers["东区局"][Role.CLERK])
    address = f"/callout/mine/{lines.token(AppLine.objects.get(pk=line.pk))}/"
    browser = Client()
    with clock.at(NOON):
        assert "没有需要您应答" in text(browser.get(address))
        assert browser.post(f"{address}shown/").json()["waiting"] == 0
    callout = world.open(colour="红")
    Callout.objects.filter(pk=callout.pk).update(kind="real")
    on_ladder(callout, (Who.A, Channel.APP, 300), (Who.DOOR, Channel.DOOR, 600), provider="app")
    CalloutRung.objects.filter(callout=callout, channel=Channel.DOOR).update(provider="hand")
    world.engine.climb(list(CalledPost.objects.filter(callout=callout).values_list("pk", flat=True)))
    world.run(1)
    mine = CalledPost.objects.get(callout=callout, post=post)
    assert (mine.rung, CalledPost.objects.filter(callout=callout, rung=2).count()) == (
        1, CalledPost.objects.filter(callout=callout).count() - 1,
    )  # fmt: skip
    with clock.at(world.clock.moment):
        assert callout.message in text(browser.get(address))
        assert Call.objects.get(called=mine).state == State.SENT  # looking is not hearing
        assert browser.post(f"{address}shown/").json() == {"delivered": 1, "waiting": 1, "newest": mine.pk}
        world.run()
        assert Call.objects.get(called=mine).state == State.DELIVERED
        assert browser.post(address, {"callout": callout.pk}).status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.answered_how) == (Post.ANSWERED, "应用内")


def test_an_address_is_good_until_it_is_ended_and_given_by_the_county_only():
    world = World(quiet())
    post = DutyPost.objects.filter(level="village").first()
    person = post.holdings.get(slot="A").person
    clerk = world.town.officers["东区局"][Role.CLERK]
    with pytest.raises(NotCompetent):
        lines.begin(person, post, by=world.town.officers["西区局"][Role.CLERK])
    url = f"/callout/register/{post.pk}/page/A/"
    browser = client_of(clerk)
    assert browser.post(url, {"begin": "1"}).status_code == 302
    token = lines.token(AppLine.objects.get())
    page = text(browser.get(url))
    assert token in page
    assert Access.objects.filter(chain="callout.register/140403").exists()
    assert client_of(world.town.officers["西区局"][Role.CLERK]).get(url).status_code == 404
    assert client_of(world.town.officers["东区局"][Role.CASE_OFFICER]).get(url).status_code != 200
    assert Client().get(f"/callout/mine/{token}/").status_code == 200
    browser.post(url, {"begin": "1"})
    assert Client().get(f"/callout/mine/{token}/").status_code == 404
    token = lines.token(AppLine.objects.get())
    browser.post(url, {"stop": "1"})
    for wrong in (token, "1-", "x", f"{person.pk}-{'0' * 32}", "٣-0"):
        assert Client().get(f"/callout/mine/{wrong}/").status_code == 404
        assert Client().post(f"/callout/mine/{wrong}/shown/").status_code == 404
    assert {entry.act for entry in Entry.objects.filter(chain="callout.register/140403")} >= {
        "callout.open_page", "callout.end_page",
    }  # fmt: skip


# --- terminals ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A real MQTT broker in a thread of its own; its address."""
    from amqtt.broker import Broker

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loop = asyncio.new_event_loop()
    ready, ended = threading.Event(), asyncio.Event()
    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }

    async def run() -> None:
        made = Broker(config)
        await made.start()
        ready.set()
        await ended.wait()
        await made.shutdown()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(20)
    yield f"mqtt://127.0.0.1:{port}"
    loop.call_soon_threadsafe(ended.set)
    thread.join(10)


class Loudspeaker:
    """A terminal as a maker would build one: checks the signature by its own reading of docs/callout.md, plays each number once."""

    def __init__(self, url: str, division: str, code: str, key: str) -> None:
        self.key, self.code, self.played, self.refused, self.retained = key, code, [], 0, 0
        self.topic = f"fadu/broadcast/{division}/{code}"
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=code)
        self.client.on_message = self.hear
        ready = threading.Event()
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_connect = lambda client, *_: client.subscribe(f"{self.topic}/play", 1)
        self.client.connect("127.0.0.1", int(url.rpartition(":")[2]))
        self.client.loop_start()
        assert ready.wait(10)

    def sign(self, body: dict) -> str:
        plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hmac.new(self.key.encode(), plain.encode(), hashlib.sha256).hexdigest()

    def hear(self, client, data, message) -> None:
        self.retained += message.retain
        body = json.loads(message.payload)
        if body.pop("sign") != self.sign(body) or body["terminal"] != self.code:
            self.refused += 1
            return
        if body["id"] in {one["id"] for one in self.played}:
            return
        self.played.append(body)
        for kind in ("received", "playing", "played"):
            self.say(body["id"], kind)

    def say(self, number: int, kind: str, **changed: object) -> None:
        body = {"id": number, "kind": kind, "at": clock.now().isoformat()} | changed
        self.client.publish(f"{self.topic}/receipt", json.dumps(body | {"sign": self.sign(body)}), qos=1)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.05)


@pytest.fixture
def station() -> Terminal:
    town, _ = universe.town()
    universe.register(villages=2)
    post = DutyPost.objects.filter(level="village").first()
    made = Terminal(code="GB-001")
    return terminals.enter(
        made,
        post.division_id,
        name="村委会大喇叭",
        place="村委会屋顶",
        enabled=True,
        by=town.officers["东区局"][Role.CLERK],
    )


@pytest.fixture
def channel(broker) -> Iterator[wire.Terminals]:
    made = wire.Terminals(broker, "fadu/broadcast", terminals.BOOK)
    made.receipts(clock.now())
    until(lambda: made._client.is_connected())
    yield made
    made.close()


def _of(division: str, role: Role) -> Officer:
    """Somebody who has a role in the organ of a division."""
    today = clock.today()
    return next(
        officer
        for officer in Officer.objects.all()
        for organ in organs_of(officer, today)
        if organ.division_id == division and role in roles_of(officer, today, organ)
    )


def call_for(station: Terminal) -> Call:
    """A call of a broadcast rung for the village of a terminal."""
    callout = universe.opened(_of("1404", Role.AGENCY_HEAD), colour="红")
    called = CalledPost.objects.get(callout=callout, post__division=station.division_id)
    return Call.objects.create(
        callout=callout, called=called, rung=50, who=Who.BROADCAST, channel=Channel.BROADCAST, phone=station.division_id,
        seconds=60, provider="broadcast", state=State.CLAIMED,
    )  # fmt: skip


def test_a_loudspeaker_plays_what_is_signed_for_it_and_tells_so(broker, channel, station):
    call = call_for(station)
    speaker = Loudspeaker(broker, station.division_id, station.code, terminals.key_of(station))
    message = Message(call.pk, station.division_id, "示例预警", Channel.BROADCAST, drill=False, released=False)
    for _ in range(2):  # twice, as after a lost answer
        assert channel.send_batch([message], clock.now())[0].ref == "1"
    said = []
    until(lambda: said.extend(channel.receipts(clock.now())) or TerminalReceipt.objects.count() == 3)
    assert [body["text"] for body in speaker.played] == ["示例预警"]
    assert {(one.id, one.kind) for one in said} == {(call.pk, "delivered")}  # played, and never an answer
    assert channel.query({call.pk: "", 7: ""}) == {call.pk: ""}
    assert (speaker.refused, speaker.retained) == (0, 0)
    late = Loudspeaker(broker, station.division_id, "GB-002", "x")
    late.topic = speaker.topic
    time.sleep(0.3)
    assert late.played == []  # nothing is kept by the broker for who comes later
    speaker.close()
    late.close()


def test_a_wrong_key_plays_nothing_and_tells_nothing(broker, channel, station):
    call = call_for(station)
    old = terminals.key_of(station)
    terminals.renew_key(station, by=_of("140403", Role.CLERK))
    assert terminals.key_of(station) != old
    speaker = Loudspeaker(broker, station.division_id, station.code, old)
    message = Message(call.pk, station.division_id, "示例预警", Channel.BROADCAST, drill=False, released=False)
    channel.send_batch([message], clock.now())
    until(lambda: speaker.refused == 1)
    speaker.say(call.pk, "played")
    speaker.key = terminals.key_of(station)
    speaker.say(call.pk, "answered")  # no kind that we know
    speaker.say(call.pk, "played", at="2020-01-01T00:00:00+08:00")
    speaker.say(call.pk + 1, "received")  # no call of this place
    until(lambda: len(channel._heard) == 4)
    assert channel.receipts(clock.now()) == []
    assert TerminalReceipt.objects.count() == 0
    speaker.close()


def test_a_place_without_a_loudspeaker_and_a_broker_that_is_away(channel, station):
    other = Message(1, "140403", "x", Channel.BROADCAST, drill=False, released=False)
    assert channel.send_batch([other], clock.now()) == [Rejected("本地没有登记广播终端")]
    away = wire.Terminals("mqtt://127.0.0.1:9", "fadu/broadcast", terminals.BOOK)
    message = Message(1, station.division_id, "x", Channel.BROADCAST, drill=False, released=False)
    assert away.send_batch([message], clock.now()) == [Rejected("广播服务器没有连接", retryable=True)]
    away.close()


def test_a_broadcast_rung_calls_the_place_and_its_all_clear_goes_there_too():
    world = World(quiet(name="broadcast"))
    with_provider(world, world.simulator)
    taken: list[Message] = []
    world.simulator.said = taken.extend
    callout = started(world, (Who.BROADCAST, Channel.BROADCAST, 60), (Who.DOOR, Channel.DOOR, 60), provider="broadcast")
    world.run(1)
    places = {post.division_id for post in world.posts}
    assert {message.phone for message in taken} <= places
    assert not any("您负责" in message.text or "收到" in message.text for message in taken)
    with clock.at(world.clock.moment):
        calling.cancel(callout, by=world.head)
    clears = Call.objects.filter(callout=callout, clear=True)
    assert set(clears.values_list("channel", flat=True)) == {Channel.BROADCAST}
    assert {call.phone for call in clears} <= places


def test_a_county_enters_its_own_terminals_and_sees_their_keys(station):
    east, west = (client_of(_of(place, Role.CLERK)) for place in ("140403", "140404"))
    url = f"/callout/terminals/{station.pk}/"
    key = terminals.key_of(station)
    assert key in text(east.get(url))
    assert Access.objects.filter(chain="callout.register/140403").exists()
    assert key not in text(client_of(_of("140403", Role.CASE_OFFICER)).get(url))
    assert west.get(url).status_code == 404
    assert west.post(f"{url}key/").status_code == 404
    assert east.post(f"{url}key/").status_code == 302
    assert terminals.key_of(Terminal.objects.get()) != key
    sent = {"code": "GB-9", "name": "喇叭", "division": "140404000000", "place": "", "enabled": "on"}
    assert east.post("/callout/terminals/new/", sent).status_code == 422
    assert "终端编号由字母" in text(east.post("/callout/terminals/new/", {**sent, "code": "九 号"}))
    assert "没有区划代码" in text(east.post("/callout/terminals/new/", {**sent, "division": "999999"}))
    assert west.post("/callout/terminals/new/", sent).status_code == 302
    assert Terminal.objects.get(code="GB-9").county == "140404"
    assert "GB-9" not in text(east.get("/callout/terminals/"))
    assert "GB-9" in text(west.get("/callout/terminals/"))
    for entry in Entry.objects.filter(chain__startswith="callout.register"):
        assert key not in entry.body


def test_the_command_prints_where_receipts_come(settings, tmp_path, capsys):
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "sms:\n- {name: yi, shape: aliyun, key_id: k, secret: s, template: T, sign_name: 示}\n- {name: er, url: 'http://x', secret: s}\n"
    )
    settings.CALLOUT_ACCOUNTS = str(file)
    call_command("callout-accounts")
    first, second = capsys.readouterr().out.splitlines()
    _, account = routes.account("yi")
    assert first.endswith(f"/callout/receipts/yi/{account.key}/")
    assert second.endswith("/callout/receipts/er/")
    settings.CALLOUT_ACCOUNTS = str(tmp_path / "nowhere")
    with pytest.raises(CommandError, match="读不出"):
        call_command("callout-accounts")
