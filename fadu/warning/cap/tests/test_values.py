"""Values and XML say the same: what is written reads back, and what came in is kept word for word."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.warning.cap.message import (
    Alert,
    Area,
    Circle,
    Info,
    MsgType,
    Named,
    Polygon,
    Reference,
    Resource,
    Scope,
    Severity,
    Status,
)
from fadu.warning.cap.notation import moment, written
from fadu.warning.cap.parse import NotCapError, parse, receive
from fadu.warning.cap.tests.messages import UNHURRIED, info, message
from fadu.warning.cap.validate import validate
from fadu.warning.cap.write import write

BEIJING = timezone(timedelta(hours=8))
FREE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
TOKEN = st.text(st.sampled_from("abcXYZ019._-@:/示例"), min_size=1, max_size=20)
MOMENT = st.builds(
    lambda at, minutes: at.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone is put on above
    st.integers(-14 * 60, 14 * 60),
)
POINT = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
NAMED = st.lists(st.builds(Named, FREE, FREE), max_size=2).map(tuple)
OPTIONAL = st.none() | FREE
FEET = st.decimals(-1000, 60000, allow_nan=False, places=2)
POLYGON = st.lists(POINT, min_size=3, max_size=6).map(lambda points: Polygon((*points, points[0])))
CIRCLE = st.builds(Circle, POINT, st.floats(0, 20000))
AREA = st.builds(
    lambda desc, polygons, circles, geocodes, heights: Area(desc, polygons, circles, geocodes, *heights),
    FREE,
    st.lists(POLYGON, max_size=2).map(tuple),
    st.lists(CIRCLE, max_size=2).map(tuple),
    NAMED,
    st.sampled_from([(None, None)]) | st.tuples(FEET, st.none()) | st.tuples(FEET, FEET),
)
RESOURCE = st.builds(
    Resource, FREE, FREE, st.none() | st.integers(0, 10**9), st.sampled_from([None, "a.png"]), OPTIONAL, OPTIONAL
)
INFO = st.builds(
    Info,
    event=FREE,
    categories=st.lists(st.sampled_from(["Met", "Geo", "CBRNE"]), min_size=1, max_size=2).map(tuple),
    urgency=st.sampled_from(["Immediate", "Unknown"]),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(["Observed", "Unknown"]),
    language=st.sampled_from(["zh-CN", "en-US"]),
    response_types=st.lists(st.sampled_from(["Shelter", "None"]), max_size=2).map(tuple),
    event_codes=NAMED,
    effective=st.none() | MOMENT,
    expires=st.none() | MOMENT,
    headline=OPTIONAL,
    description=OPTIONAL,
    instruction=OPTIONAL,
    web=st.sampled_from([None, "http://example.org/a?b=1&c=2"]),
    parameters=NAMED,
    resources=st.lists(RESOURCE, max_size=1).map(tuple),
    areas=st.lists(AREA, max_size=2).map(tuple),
)
ALERT = st.builds(
    Alert,
    identifier=TOKEN,
    sender=TOKEN,
    sent=MOMENT,
    status=st.sampled_from(Status),
    msg_type=st.sampled_from(MsgType),
    scope=st.sampled_from(Scope),
    restriction=st.just("duty offices"),
    addresses=st.just(("a@example.org", "Duty Office")),
    codes=st.lists(FREE, max_size=2).map(tuple),
    note=OPTIONAL,
    references=st.lists(st.builds(Reference, TOKEN, TOKEN, MOMENT), min_size=1, max_size=3).map(tuple),
    incidents=st.sampled_from([(), ("flood", "a long name")]),
    infos=st.lists(INFO, max_size=2).map(tuple),
)


@UNHURRIED
@given(ALERT)
def test_values_survive_writing_and_reading(alert: Alert) -> None:
    data = write(alert)
    assert validate(data).reasons == ()
    assert parse(data) == alert


def test_what_is_not_valid_has_no_values() -> None:
    with pytest.raises(NotCapError, match="<references>"):
        parse(message(msgType="Cancel"))
    assert receive(b"<!DOCTYPE a>").alert is None


def test_texts_stand_word_for_word() -> None:
    text = "  预计12小时内\n降雨量 50 毫米以上&lt;br&gt;  "
    (only,) = parse(message(info(description=text, headline="甲<!-- 乙 -->丙"))).infos
    assert only.description == "  预计12小时内\n降雨量 50 毫米以上<br>  "
    assert only.headline == "甲丙"


def test_the_defaults_of_the_standard() -> None:
    alert = parse(message(info(language=None)))
    assert alert.infos[0].language == "en-US"  # §3.2.2 language (2)
    assert alert.effective(alert.infos[0]) == alert.sent  # §3.2.2 effective (3)
    assert parse(message(info(language=""))).infos[0].language == "en-US"  # (3)


def test_an_area_is_read_with_its_parts() -> None:
    area = "<polygon>36.0,113 36,114 37,114 36,113</polygon><circle>36.2,113.1 5.5</circle>"
    area += "<geocode><valueName>国标</valueName><value>140400000000</value></geocode><altitude>1e3</altitude>".replace(
        "1e3", "1000"
    )
    (found,) = parse(message(info(area))).infos[0].areas
    assert found == Area(
        "示例市",
        (Polygon(((36.0, 113.0), (36.0, 114.0), (37.0, 114.0), (36.0, 113.0))),),
        (Circle((36.2, 113.1), 5.5),),
        (Named("国标", "140400000000"),),
        Decimal(1000),
    )


def test_what_the_schema_allows_and_no_machine_holds_is_read_all_the_same() -> None:
    resource = f"<resource><resourceDesc>a</resourceDesc><mimeType>b</mimeType><size>{'9' * 5000}</size></resource>"
    data = message(info().replace("</info>", f"{resource}</info>"), sent="0001-01-01T00:00:00+14:00")
    assert parse(data).infos[0].resources == (Resource("a", "b"),)
    (area,) = parse(message(info(f"<altitude>{'1' * 5000}</altitude>"))).infos[0].areas
    assert area.altitude == Decimal("1" * 5000)


def test_a_signature_is_kept_as_it_came() -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>'
    (kept,) = parse(message(info() + signature)).extras
    assert "<SignedInfo/>" in kept


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2002-05-24T16:49:00-07:00", datetime(2002, 5, 24, 23, 49, tzinfo=UTC)),  # the standard's own example
        ("2026-07-01T00:00:00-00:00", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-06-30T24:00:00+08:00", datetime(2026, 7, 1, tzinfo=BEIJING)),
    ],
)
def test_a_moment_is_read_with_its_zone(text: str, at: datetime) -> None:
    assert moment(text) == at


def test_utc_is_written_as_the_standard_wants_it() -> None:
    assert written(datetime(2026, 7, 1, tzinfo=UTC)) == "2026-07-01T00:00:00-00:00"
    assert written(datetime(2026, 7, 1, 8, tzinfo=BEIJING)) == "2026-07-01T08:00:00+08:00"
    with pytest.raises(ValueError, match="时区"):
        written(datetime(2026, 7, 1))  # noqa: DTZ001 - that is what is refused
