"""The adapters over real HTTP: signatures as the public documentation works them out, batches, refusals, lost answers, receipts."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.callout.providers import accounts, aliyun, reference, tencent
from fadu.callout.providers.affirming import affirms
from fadu.callout.providers.interface import Accepted, Message, Posted, Rejected, Unknown
from fadu.callout.states import Channel
from fadu.callout.tests import clouds
from fadu.kernel import clock

FIRST = 1_000_000


def messages(count: int, channel: Channel = Channel.SMS, first: int = FIRST) -> list[Message]:
    return [
        Message(
            first + n,
            f"1990001{n:04}",
            f"示例预警 您负责第{n}岗",
            channel,
            drill=False,
            released=False,
            common="示例预警 收到请回复1。",
        )
        for n in range(count)
    ]


def account(channel: str, shape: str, url: str, **changed: object) -> accounts.Account:
    given = {
        "name": "a", "shape": shape, "url": url, "key_id": clouds.KEY_ID, "secret": clouds.SECRET, "template": "T1",
        "sign_name": "示例应急", "app_id": "1400", "show_number": "03552000000",
    }  # fmt: skip
    return accounts.make(channel, accounts.Entry.model_validate({**given, **changed}))


# --- signatures -----------------------------------------------------------------------------------------------------


def test_the_rpc_signature_is_that_of_the_documented_example():
    given = {
        "Timestamp": "2016-02-23T12:46:24Z", "Format": "XML", "AccessKeyId": "testid", "Action": "DescribeRegions",
        "SignatureMethod": "HMAC-SHA1", "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf", "Version": "2014-05-26",
        "SignatureVersion": "1.0",
    }  # fmt: skip
    assert aliyun.signature("GET", given, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_the_tc3_signature_is_that_of_the_documented_example():
    payload = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    said = tencent.authorization(
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "cvm", "cvm.tencentcloudapi.com",
        payload, 1551113065,
    )  # fmt: skip
    assert said.endswith("Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")


@pytest.mark.parametrize(("shape", "stand"), [("aliyun", clouds.Aliyun), ("tencent", clouds.Tencent)])
def test_with_a_wrong_secret_nothing_goes_out(shape, stand):
    with clouds.served(made := stand()) as url:
        outcomes = account("sms", shape, url, secret="another").send_batch(messages(2), clock.now())
    assert [type(one) for one in outcomes] == [Rejected, Rejected]
    assert (made.wrong, made.asked) == (1, [])


# --- sending --------------------------------------------------------------------------------------------------------


def test_a_hundred_numbers_a_request_each_with_its_own_text():
    with clouds.served(made := clouds.Aliyun()) as url:
        sms = account("sms", "aliyun", url)
        assert sms.batch == 100
        sent = messages(100)
        assert sms.send_batch(sent, clock.now()) == [Accepted("B1")] * 100
    asked = made.asked[0]
    assert json.loads(asked["PhoneNumberJson"]) == [message.phone for message in sent]
    assert [one["text"] for one in json.loads(asked["TemplateParamJson"])] == [message.text for message in sent]
    assert reference.decode(asked["OutId"]) == tuple(message.id for message in sent)


def test_two_hundred_numbers_a_request_with_one_text_answered_by_writing_back():
    with clouds.served(made := clouds.Tencent(refuse=frozenset({"+8619900010007"}))) as url:
        sms = account("sms", "tencent", url)
        assert sms.batch == 200
        outcomes = sms.send_batch(messages(200), clock.now())
    assert [n for n, one in enumerate(outcomes) if isinstance(one, Rejected)] == [7]
    assert outcomes[0] == Accepted("1:+8619900010000")
    assert [one["TemplateParamSet"] for one in made.asked] == [["示例预警 收到请回复1。"]]


def test_a_personal_account_takes_one_request_a_person():
    with clouds.served(made := clouds.Tencent()) as url:
        sms = account("sms", "tencent", url, personal=True)
        assert sms.batch == 1
        sms.send_batch(messages(1), clock.now())
    assert made.asked[0]["TemplateParamSet"] == ["示例预警 您负责第0岗"]


def test_one_number_twice_goes_out_in_two_requests():
    sent = [*messages(1), *messages(1, first=FIRST + 1)]
    with clouds.served(made := clouds.Tencent()) as url:
        assert len(account("sms", "tencent", url).send_batch(sent, clock.now())) == 2
    assert [reference.decode(one["SessionContext"]) for one in made.asked] == [(FIRST,), (FIRST + 1,)]


@pytest.mark.parametrize(("shape", "stand"), [("aliyun", clouds.Aliyun), ("tencent", clouds.Tencent)])
def test_who_is_busy_is_asked_again_later_and_a_lost_answer_is_asked_for(shape, stand):
    with clouds.served(made := stand(busy=1)) as url:
        sms = account("sms", shape, url)
        busy = sms.send_batch(messages(2), clock.now())
        assert [one.retryable for one in busy if isinstance(one, Rejected)] == [True, True]
        made.deaf = 1
        assert {type(one) for one in sms.send_batch(messages(2), clock.now())} == {Unknown}
        known = sms.query({FIRST: "19900010000", FIRST + 1: "19900010001", FIRST + 5: "19900010005"})
    assert set(known) == {FIRST, FIRST + 1}  # of the third nothing is said: its list may be late


def test_where_nobody_listens_it_is_tried_again_later():
    for shape in ("aliyun", "tencent", "generic"):
        outcomes = account("sms", shape, "http://127.0.0.1:9/").send_batch(messages(1), clock.now())
        assert outcomes == [Rejected("通道没有应答", retryable=True)]


@pytest.mark.parametrize(
    ("channel", "shape"), [(c, s) for c in ("sms", "voice") for s in ("aliyun", "tencent", "generic")]
)
def test_no_account_sends_a_drill_that_nobody_let_out(channel, shape):
    drill = Message(1, "19900010001", "【演练】x", 1, drill=True, released=False)
    assert isinstance(account(channel, shape, "http://127.0.0.1:9/").send_batch([drill], clock.now())[0], Rejected)


# --- calls ----------------------------------------------------------------------------------------------------------


def test_a_call_plays_a_menu_in_which_one_confirms():
    with clouds.served(made := clouds.Aliyun(refuse=frozenset({"19900010001"}))) as url:
        outcomes = account("voice", "aliyun", url).send_batch(messages(2, Channel.VOICE), clock.now())
    assert outcomes[0] == Accepted("C1")
    assert isinstance(outcomes[1], Rejected)
    assert (made.asked[0]["Action"], made.asked[0]["MenuKeyMap.1.Key"], made.asked[0]["OutId"]) == (
        "IvrCall",
        "1",
        str(FIRST),
    )


def test_a_call_of_the_other_shape():
    with clouds.served(made := clouds.TencentCalls()) as url:
        assert account("voice", "tencent", url).send_batch(messages(1, Channel.VOICE), clock.now()) == [Accepted("T1")]
    assert made.asked[0]["CalledNumber"] == "+8619900010000"


# --- receipts -------------------------------------------------------------------------------------------------------


def posted(provider: accounts.Account, body: object, key: str | None = None) -> Posted:
    return Posted(json.dumps(body).encode(), clock.now(), key=provider.key if key is None else key)  # type: ignore[attr-defined]


def test_receipts_of_messages_name_the_batch_and_the_number():
    sms = account("sms", "aliyun", "http://x/")
    out_id = reference.encode([FIRST, FIRST + 1])
    body = [
        {"phone_number": "19900010000", "success": True, "out_id": out_id, "report_time": "2026-07-01 12:00:03"},
        {"phone_number": "8619900010001", "success": False, "out_id": out_id, "err_code": "MK:100D", "report_time": "x"},
    ]  # fmt: skip
    good, bad = sms.parse(posted(sms, body))
    assert (good.kind, good.phone, good.ids) == ("delivered", "19900010000", (FIRST, FIRST + 1))
    assert good.at.isoformat() == "2026-07-01T12:00:03+08:00"
    assert (bad.kind, bad.phone, bad.how) == ("failed", "19900010001", "MK:100D")


def test_a_reply_of_one_is_an_answer_and_any_other_is_not():
    sms = account("sms", "aliyun", "http://x/")
    for text, kinds in (("1", ["answered"]), ("收到。", ["answered"]), ("你是谁", []), ("11", [])):
        body = [{"phone_number": "19900010000", "content": text, "send_time": "2026-07-01 12:00:03"}]
        assert [one.kind for one in sms.parse(posted(sms, body))] == kinds
    other = account("sms", "tencent", "http://x/")
    reply = {"mobile": "19900010000", "nationcode": "86", "text": "１", "time": 1782878400}
    assert [(one.kind, one.phone) for one in other.parse(posted(other, reply))] == [("answered", "19900010000")]


def test_a_key_pressed_is_an_answer_whenever_it_is_told():
    voice = account("voice", "aliyun", "http://x/")
    body = [
        {"out_id": "7", "call_id": "c", "status_code": "300000", "dtmf": "1", "status_time": "2026-07-01 12:00:03"},
        {"out_id": "8", "call_id": "c", "status_code": "200000", "dtmf": "", "end_time": "2026-07-01 12:00:03"},
        {"out_id": "9", "call_id": "c", "status_code": "200010", "dtmf": None, "end_time": "2026-07-01 12:00:03"},
    ]
    assert [(one.id, one.kind) for one in voice.parse(posted(voice, body))] == [
        (7, "answered"), (8, "delivered"), (9, "failed"),
    ]  # fmt: skip
    other = account("voice", "tencent", "http://x/")
    for name, inside, kind in (
        ("voicekey_callback", {"keypress": "1"}, "answered"),
        ("voicekey_callback", {"keypress": "3"}, "delivered"),
        ("voiceprompt_callback", {"result": "0"}, "delivered"),
        ("voiceprompt_callback", {"result": "1"}, "failed"),
        ("voice_failure_callback", {"failure_code": 8}, "failed"),
    ):
        (said,) = other.parse(posted(other, {name: {"callid": "T1", "mobile": "19900010000", **inside}}))
        assert (said.kind, said.ref) == (kind, "T1")


def test_receipts_without_the_key_of_the_address_are_refused():
    for channel in ("sms", "voice"):
        for shape in ("aliyun", "tencent"):
            provider = account(channel, shape, "http://x/")
            for key in ("", "0" * 32):
                with pytest.raises(ValueError, match="key"):
                    provider.parse(posted(provider, [], key))
    assert account("sms", "aliyun", "http://x/").key != account("sms", "aliyun", "http://x/", secret="y").key  # type: ignore[attr-defined]


@pytest.mark.parametrize("body", ["[]x", "7", '[{"a": 1}]', '{"a": 1}', "[7]", "null"])
def test_a_body_of_another_form_is_refused_and_nothing_worse(body):
    for channel in ("sms", "voice"):
        for shape in ("aliyun", "tencent"):
            provider = account(channel, shape, "http://x/")
            with pytest.raises(ValueError):
                provider.parse(Posted(body.encode(), clock.now(), key=provider.key))  # type: ignore[attr-defined]


def test_a_signed_receipt_tells_keys_and_replies_and_grows_old():
    from fadu.kernel.signing import sign

    gateway = account("voice", "generic", "http://x/", secret="s")
    at = "2026-07-01T12:00:00"
    body = json.dumps([
        {"id": "7", "kind": "key", "key": "1", "at": at}, {"id": "8", "kind": "key", "key": "2", "at": at},
        {"kind": "reply", "mobile": "19900010000", "text": "1", "at": at}, {"id": "9", "kind": "failed", "at": at, "how": "占线"},
    ]).encode()  # fmt: skip
    now = clock.now()
    moment = str(int(now.timestamp()))
    said = gateway.parse(Posted(body, now, moment, sign("s", moment, body)))
    assert [(one.kind, one.id, one.phone) for one in said] == [
        ("answered", 7, ""), ("delivered", 8, ""), ("answered", None, "19900010000"), ("failed", 9, ""),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="time"):
        gateway.parse(Posted(body, now + timedelta(minutes=6), moment, sign("s", moment, body)))
    with pytest.raises(ValueError, match="signature"):
        gateway.parse(Posted(body, now, moment, "0" * 64))


# --- references, answers, the file ----------------------------------------------------------------------------------


@given(st.sets(st.integers(0, 10**12), max_size=200))
def test_a_reference_stands_for_its_calls_and_no_others(ids):
    assert set(reference.decode(reference.encode(ids))) == ids


@given(st.text(max_size=40))
def test_a_text_that_is_no_reference_stands_for_no_more_than_a_batch(text):
    assert len(reference.decode(text)) <= reference.MOST


@pytest.mark.parametrize("text", ["1", " 1 ", "１", "收到", "收到！", "【收到】", "我已收到。"])
def test_what_says_yes(text):
    assert affirms(text)


@pytest.mark.parametrize("text", ["", "2", "10", "没收到", "不能收到", "退订", "T"])
def test_what_does_not(text):
    assert not affirms(text)


def test_the_file_of_accounts_is_read_strictly(tmp_path):
    file = tmp_path / "accounts.yaml"
    file.write_text(
        "sms:\n- {name: a, shape: aliyun, key_id: k, secret: s, template: T, sign_name: 示}\n- {name: b, url: 'http://x', secret: s}\n"
    )
    read = accounts.read(file)
    assert [entry.name for entry in read.of("sms")] == ["a", "b"]
    assert accounts.make("sms", read.of("sms")[0]).batch == 100
    for text, said in (
        ("sms:\n- {name: a, shape: aliyun}\n", "缺少 key_id、secret、template、sign_name"),
        ("sms:\n- {name: a, url: x, secret: s}\nvoice:\n- {name: a, url: x, secret: s}\n", "账号名称重复"),
        ("sms:\n- {name: A B, url: x, secret: s}\n", "name"),
        ("fax: []\n", "fax"),
        ("sms: [\n", "不是 YAML"),
    ):
        file.write_text(text)
        with pytest.raises(accounts.AccountsError, match=said):
            accounts.read(file)
    with pytest.raises(accounts.AccountsError, match="读不出"):
        accounts.read(tmp_path / "nowhere")
