"""CAP 1.2 as its text has it: version, schema, and the MUST rules of section 3."""

import re

import pytest

from fadu.warning.cap.reading import Level
from fadu.warning.cap.tests.messages import elements, info, message
from fadu.warning.cap.validate import validate

REFERENCE = "office@example.org,EX-2026-0001,2026-07-01T08:00:00+08:00"
SQUARE = "36.0,113.0 36.0,113.2 36.2,113.2 36.2,113.0 36.0,113.0"


def verdict(data: bytes) -> tuple[Level | None, str]:
    judged = validate(data)
    assert judged.valid == (judged.level is None) == (not judged.reasons)
    return judged.level, "；".join(judged.reasons)


@pytest.mark.parametrize(
    "data",
    [
        message(),  # §3.2.1: an alert may have no info
        message(info()),
        message(info() + info(language="en-US", event="rainstorm")),
        message(info(language=None)),  # §3.2.2 language (2)
        message(info(language="")),  # (3): a null value is en-US
        message(info(f"<polygon>{SQUARE}</polygon><circle>36.1,113.1 5</circle>")),
        message(info("<altitude>1000</altitude><ceiling>2000.5</ceiling>")),
        message(scope="Restricted", restriction="county duty offices"),
        message(scope="Private", addresses='a@example.org "Duty Office"'),
        message(msgType="Update", references=f"{REFERENCE} {REFERENCE.replace('0001', '0002')}"),
        message(msgType="Cancel", references=f"\n  {REFERENCE}\n"),
        message(status="Exercise"),  # the note with the name of the exercise is a SHOULD
        message(msgType="Error", references=REFERENCE),  # so is its explanation
        message(sent="2026-07-01T00:00:00-00:00"),
        message(sent=" 2026-07-01T08:00:00+08:00\n"),  # white space around a dateTime collapses (XML Schema)
    ],
)
def test_what_the_standard_allows_is_valid(data: bytes) -> None:
    assert verdict(data) == (None, "")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_another_published_version_is_named(version: str) -> None:
    space = "http://www.incident.com/cap/1.0" if version == "1.0" else "urn:oasis:names:tc:emergency:cap:1.1"
    assert verdict(message(info(), namespace=space)) == (Level.VERSION, f"这是 CAP {version} 的报文，不是 CAP 1.2")


@pytest.mark.parametrize(
    "space", ["", "urn:oasis:names:tc:emergency:alerts:1.2", "urn:oasis:names:tc:emergency:cap:1.3"]
)
def test_a_root_that_is_of_no_published_version_does_not_fit_the_schema(space: str) -> None:
    level, why = verdict(message(info(), namespace=space))
    assert level is Level.SCHEMA
    assert "根元素" in why


@pytest.mark.parametrize(
    ("data", "named"),
    [
        *((message(**{name: None}), name) for name in ("identifier", "sender", "sent", "status", "msgType", "scope")),
        *((message(info(**{name: None})), name) for name in ("category", "event", "urgency", "severity", "certainty")),
        (message(status="actual"), "status"),
        (message(status=" Actual"), "status"),
        (message(msgType="Info"), "msgType"),
        (message(info(severity="Red")), "severity"),  # the national colours are no values of CAP
        (message(info(certainty="Very Likely")), "certainty"),  # a value of CAP 1.0
        (message(info(category="Weather")), "category"),
        (message(info(responseType="Run")), "responseType"),
        (message(info(language="zh_CN")), "language"),
        (message(sent="2026-07-01T08:00:00Z"), "sent"),
        (message(sent="2026-07-01T08:00:00"), "sent"),
        (message(sent="2026-07-01T08:00:00.5+08:00"), "sent"),
        (message(sent="2026-07-01 08:00:00+08:00"), "sent"),
        (message(sent="2026-02-30T08:00:00+08:00"), "sent"),
        (message(sent="2026-07-01T08:00:00,08:00"), "sent"),
        (message(info(headline="x", expires="tomorrow")), "expires"),
        (message(info("<altitude>high</altitude>")), "altitude"),
        (message(info("<geocode>140400000000</geocode>")), "geocode"),
        (message(info("<geocode><value>1</value><valueName>x</valueName></geocode>")), "value"),
        (message(f"<info>{elements({'event': '暴雨'})}</info>"), "category"),
        (message(info() + "<note>late</note>"), "note"),
        (message("<x:more xmlns:x='urn:x'/>"), "more"),
        (message("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"), "include"),
        (message(info("<resource/>")), "resource"),
        (message("text"), "alert"),
        (message().replace(b"<status>", b'<status lang="zh">'), "status"),
        (message(info().replace("<info>", "<info>" + elements({"language": "zh-CN"}))), "language"),
    ],
)
def test_what_does_not_fit_the_schema_is_named(data: bytes, named: str) -> None:
    level, why = verdict(data)
    assert level is Level.SCHEMA
    assert named in why
    assert "{urn:" not in why.replace("{urn:x}", "")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        # §3.2.1 identifier (2), sender (2)
        *(
            (message(**{name: f"a{sign}b"}), f"<{name}>")
            for name in ("identifier", "sender")
            for sign in (" ", ",", "&lt;", "&amp;", "\n")
        ),
        (message(identifier=""), "<identifier> 是空的"),
        (message(sender="a<!-- hidden --> b"), "<sender>"),
        # §3.2.1 msgType, references
        *((message(msgType=kind), "必须有 <references>") for kind in ("Update", "Cancel", "Ack", "Error")),
        (message(references=""), "<references> 是空的"),
        (message(references="  \n "), "<references> 是空的"),
        (message(msgType="Update", references="EX-2026-0001"), "发布者,标识,发布时间"),
        (message(msgType="Update", references="a,b,c,2026-07-01T08:00:00+08:00"), "发布者,标识,发布时间"),
        (message(msgType="Update", references=",b,2026-07-01T08:00:00+08:00"), "发布者,标识,发布时间"),
        (message(msgType="Update", references="a,b,2026-07-01T08:00:00Z"), "带时区时间"),
        (message(msgType="Update", references=f"{REFERENCE} and another"), "“and”"),
        # §3.2.1 restriction, addresses (1)
        (message(scope="Restricted"), "<restriction>"),
        (message(scope="Restricted", restriction=" "), "<restriction>"),
        (message(scope="Private"), "<addresses>"),
        # §3.2.4 polygon (2): four pairs, closed; (1): pairs of [WGS 84]
        (message(info("<polygon>36,113 36,114 36,113</polygon>")), "至少应有 4 个"),
        (message(info("<polygon></polygon>")), "至少应有 4 个"),
        (message(info("<polygon>36,113 36,114 37,114 37,113</polygon>")), "没有闭合"),
        (message(info("<polygon>113,36 114,36 114,37 113,36</polygon>")), "WGS 84"),
        (message(info("<polygon>36 113 36 114 37 114 36 113</polygon>")), "纬度,经度"),
        (message(info("<polygon>3.6e1,113 36,114 37,114 36,113</polygon>")), "纬度,经度"),
        (message(info("<polygon>36,nan 36,114 37,114 36,nan</polygon>")), "纬度,经度"),
        # §3.2.4 circle (1)
        (message(info("<circle>36,113</circle>")), "半径"),
        (message(info("<circle>36,113,5</circle>")), "半径"),
        (message(info("<circle>36,113 -5</circle>")), "半径"),
        (message(info("<circle>36,200 5</circle>")), "WGS 84"),
        # §3.2.4 ceiling (1)
        (message(info("<ceiling>2000</ceiling>")), "<altitude>"),
    ],
)
def test_a_must_of_the_text_beyond_the_schema_is_kept(data: bytes, why: str) -> None:
    level, said = verdict(data)
    assert level is Level.SPEC
    assert why in said
    assert "CAP 1.2 §3." in said


def test_all_faults_are_said_at_once() -> None:
    judged = validate(message(info("<polygon/><ceiling>1</ceiling>"), msgType="Cancel", sender="a b"))
    assert len(judged.reasons) == 4


def test_equal_points_close_a_polygon_however_they_are_written() -> None:
    assert verdict(message(info("<polygon>36.0,113 36,114 37,114 36,113.00</polygon>")))[0] is None


def test_what_is_only_advised_makes_a_remark_and_no_fault() -> None:
    said = validate(message(status="Exercise", sent="2026-07-01T00:00:00+00:00")).remarks
    assert any("<note>" in remark for remark in said)
    assert any("-00:00" in remark for remark in said)
    assert validate(message(status="Exercise", note="“平安”演练")).remarks == ()


def test_a_prefix_instead_of_a_default_namespace_is_the_same() -> None:
    prefixed = re.sub(rb"<(/?)(?=[a-z])", rb"<\1cap:", message(info())).replace(b"xmlns=", b"xmlns:cap=")
    assert verdict(prefixed) == (None, "")
