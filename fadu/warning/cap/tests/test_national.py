"""The national form: its identifier, colours and codes; strict in what it takes, keeping what it does not know."""

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel.clock import BEIJING
from fadu.warning.cap import signals
from fadu.warning.cap.message import Colour, Form, MsgType, Named, Severity, Status
from fadu.warning.cap.national import NotNationalError, adapt, identifier
from fadu.warning.cap.parse import parse
from fadu.warning.cap.reading import Level
from fadu.warning.cap.tests.messages import UNHURRIED, info, message
from fadu.warning.cap.validate import validate
from fadu.warning.cap.write import write

NUMBER = "14040041600000_20260701075500_0"
MESSAGE = f"""<?xml version="1.0" encoding="UTF-8"?>
<alert>
  <identifier>{NUMBER}</identifier>
  <sender>示例市气象台</sender>
  <senderCode>14040041600000</senderCode>
  <sendTime>2026-07-01 08:00:00+08:00</sendTime>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <code><method><methodName>SMS</methodName></method></code>
  <note/>
  <references/>
  <info>
    <language>zh-CN</language>
    <eventType>11B03</eventType>
    <urgency/>
    <severity>Blue</severity>
    <certainty>Likely</certainty>
    <effective>2026-07-01 08:00:00+08:00</effective>
    <expires/>
    <senderName>示例市气象台</senderName>
    <headline>示例市气象台发布暴雨蓝色预警信号</headline>
    <description>预计未来12小时内降雨量将达50毫米以上。</description>
    <area><areaDesc>示例市</areaDesc><polygon/><geocode>140400000000</geocode></area>
  </info>
</alert>"""


def changed(*pairs: tuple[str, str]) -> bytes:
    text = MESSAGE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def test_the_31_characters_are_taken_apart() -> None:
    found = identifier(NUMBER)
    assert len(NUMBER) == 31
    assert (found.division, found.agency, found.unit, found.extension, found.serial) == (
        "140400",
        "416",
        "000",
        "00",
        0,
    )
    assert found.entered == datetime(2026, 7, 1, 7, 55, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBER[:-2],
        NUMBER + "0",
        NUMBER.replace("14", "1A", 1),
        NUMBER.replace("0701", "0731").replace("_0", "_x"),
        NUMBER.replace("20260701", "20260230"),
    ],
)
def test_another_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="标识"):
        identifier(text)


def test_the_form_is_no_cap_and_comes_in_through_the_adapter() -> None:
    data = changed()
    assert validate(data).level is Level.SCHEMA
    alert = adapt(data)
    (info,) = alert.infos
    assert (alert.form, alert.identifier, alert.status, alert.msg_type) == (
        Form.NATIONAL,
        NUMBER,
        Status.ACTUAL,
        MsgType.ALERT,
    )
    assert alert.sent == info.effective == datetime(2026, 7, 1, 8, tzinfo=BEIJING)
    assert (info.colour, info.severity, info.event, info.urgency) == (Colour.BLUE, Severity.MINOR, "暴雨", "Unknown")
    assert info.event_codes == (Named("国家预警事件分类编码", "11B03"),)
    assert info.areas[0].geocodes == (Named("行政区划代码", "140400000000"),)
    assert any("SMS" in kept for kept in alert.extras)
    assert info.headline == "示例市气象台发布暴雨蓝色预警信号"
    signal = signals.signal_of(alert, info)
    assert (signal.known, signal.kind, signal.colour, signal.threshold) == (
        True,
        "暴雨",
        Colour.BLUE,
        "12小时内降雨量50毫米以上",
    )


def test_what_was_adapted_can_go_on_as_cap() -> None:
    assert validate(write(adapt(changed()))).reasons == ()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (NUMBER, NUMBER[:-2], "31 位"),
        ("+08:00</sendTime>", "</sendTime>", "<sent>"),
        ("+08:00</sendTime>", "Z</sendTime>", "<sent>"),
        ("<status>Actual", "<status>Real", "<status>"),
        ("<status>Actual</status>", "", "缺少 <status>"),
        ("<severity>Blue", "<severity>蓝", "<severity>"),
        ("<certainty>Likely", "<certainty>Sure", "<certainty>"),
        ("<geocode>140400000000", "<geocode>示例市", "<geocode>"),
        ("<polygon/>", "<polygon>36,113 36,114</polygon>", "<polygon>"),
        ("<msgType>Alert", "<msgType>Update", "<references>"),
        ("<eventType>11B03</eventType>", "", "<eventType>"),
        ("<sender>示例市气象台</sender>", "<sender/>", "<sender>"),
    ],
)
def test_what_it_takes_is_taken_strictly(old: str, new: str, why: str) -> None:
    with pytest.raises(NotNationalError, match=why):
        adapt(changed((old, new)))


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 30), st.text(max_size=8)), min_size=1, max_size=4))
def test_no_change_of_a_message_crashes_the_adapter(changes: list[tuple[int, int, str]]) -> None:
    text = MESSAGE
    for at, length, put in changes:
        at %= len(text)
        text = text[:at] + put + text[at + length :]
    with contextlib.suppress(NotNationalError):
        alert = adapt(text.encode("utf-8", "surrogatepass"))
        signals.signal_of(alert, alert.infos[0]) if alert.infos else None


def test_all_faults_are_said_at_once_and_cap_itself_is_not_taken() -> None:
    with pytest.raises(NotNationalError) as refusal:
        adapt(changed(("<severity>Blue", "<severity>x"), ("<scope>Public</scope>", "")))
    assert len(refusal.value.reasons) == 2
    for data in (message(), b"<!DOCTYPE alert><alert/>", b"", b"<warning/>"):
        with pytest.raises(NotNationalError):
            adapt(data)


def test_a_cancellation_needs_no_area() -> None:
    reference = f"示例市气象台,{NUMBER},2026-07-01T08:00:00+08:00"
    area = MESSAGE[MESSAGE.index("    <area>") : MESSAGE.index("</area>") + 7]
    data = changed(
        ("<msgType>Alert", "<msgType>Cancel"), ("<references/>", f"<references>{reference}</references>"), (area, "")
    )
    assert adapt(data).msg_type is MsgType.CANCEL


def test_an_unknown_pair_is_flagged_and_not_lost() -> None:
    alert = adapt(changed(("11B03", "11B09"), ("暴雨", "高温")))
    signal = signals.signal_of(alert, alert.infos[0])
    assert (signal.known, signal.kind, signal.colour) == (False, "高温", Colour.BLUE)
    assert "没有蓝色" in signal.problem
    alert = adapt(changed(("11B03", "11A58")))
    assert signals.signal_of(alert, alert.infos[0]).problem.startswith("“11A58”")


DAY = date(2026, 7, 1)


def test_there_are_14_kinds_and_44_pairs() -> None:
    version = signals.on(DAY)
    assert version is not None
    assert len(version.kinds) == 14
    assert sum(len(kind.thresholds) for kind in version.kinds) == 44
    assert [kind.code for kind in version.kinds] == [f"{n:02}" for n in range(1, 15)]
    # the pairs that do not exist, by the order on signals
    missing = {f"{kind.name}{colour}" for kind in version.kinds for colour in Colour if colour not in kind.thresholds}
    assert missing == {
        "沙尘暴蓝",
        "高温蓝",
        "干旱蓝",
        "干旱黄",
        "雷电蓝",
        "冰雹蓝",
        "冰雹黄",
        "霜冻红",
        "大雾蓝",
        "霾蓝",
        "霾红",
        "道路结冰蓝",
    }


def test_a_kind_is_found_by_name_and_by_either_code_and_on_its_day() -> None:
    assert [signals.kind_named(text, DAY) for text in ("大风", "05", "11B06", "11b06", "海啸")] == ["大风"] * 4 + [None]
    assert set(signals.event_codes().values()) == {kind.name for kind in signals.versions()[0].kinds}
    assert not signals.lookup("大风", Colour.BLUE, date(2007, 6, 11)).known
    assert signals.lookup("大风", Colour.RED, DAY).threshold.startswith("6小时内平均风力12级")
    assert signals.lookup("大风", None, DAY).problem == "大风预警没有写明颜色"


def test_of_a_cap_message_the_colour_is_what_its_headline_says_else_its_severity() -> None:
    def found(sent: str = "2026-07-01T08:00:00+08:00", **values: str) -> tuple[str, Colour | None]:
        block = info(**values)
        if "eventCode" in values:  # after audience, before headline
            block = block.replace(f"<eventCode>{values['eventCode']}</eventCode>", "")
            block = block.replace("</certainty>", f"</certainty><eventCode>{values['eventCode']}</eventCode>")
        alert = parse(message(block, sent=sent))
        signal = signals.signal_of(alert, alert.infos[0])
        return signal.kind, signal.colour

    assert found(headline="示例市气象台发布暴雨橙色预警", severity="Minor") == ("暴雨", Colour.ORANGE)
    assert found(headline="示例市气象台发布预警信号（红色）", severity="Minor") == ("暴雨", Colour.RED)
    assert found(headline="暴雨", severity="Severe") == ("暴雨", Colour.ORANGE)
    assert found(headline="暴雨", severity="Unknown") == ("暴雨", None)
    assert found(event="雷暴大风") == ("大风", Colour.BLUE)
    assert found(sent="9999-12-31T23:59:59-12:00") == ("暴雨", Colour.BLUE)
    foreign = "<valueName>SAME</valueName><value>05</value>"  # not our two digits
    assert found(eventCode=foreign)[0] == "暴雨"
