"""What comes from outside is bytes of anybody: bombs, files of ours, odd encodings; nothing is opened, nothing crashes."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.warning.cap import reading
from fadu.warning.cap.parse import receive
from fadu.warning.cap.reading import Level
from fadu.warning.cap.tests.messages import UNHURRIED, info, message
from fadu.warning.cap.validate import validate

BODY = message(info()).split(b"?>\n", 1)[1].decode()
BOMB = (
    '<!DOCTYPE alert [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)


def level(data: bytes) -> Level | None:
    return validate(data).level


@pytest.mark.parametrize(
    "prologue",
    [
        "<!DOCTYPE alert>",
        '<?xml version="1.0"?><!DOCTYPE alert []>',
        '<?xml version="1.0"?>\n<!-- first --> <?style x?>\n<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/cap.dtd">',
        '<!DOCTYPE alert [<!ENTITY unused "x">]>',
        '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE alert [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        BOMB,
        "<!doctype alert>",
        '<!ENTITY x "y">',
        "rubbish before <!DOCTYPE alert>",
        "<!DOCTYPE alert",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_used_or_not(prologue: str, encoding: str) -> None:
    text = prologue.replace('version="1.0"', f'version="1.0" encoding="{encoding}"') + BODY
    assert level(text.encode(encoding)) is Level.SECURITY


def test_an_external_entity_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    text = f'<!DOCTYPE alert [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + BODY.replace("暴雨", "&x;")
    assert "the secret" not in str(validate(text.encode()))


def test_a_schema_that_the_message_names_itself_is_not_opened(tmp_path: Path) -> None:
    loose = tmp_path / "loose.xsd"
    loose.write_text('<schema xmlns="http://www.w3.org/2001/XMLSchema"><element name="alert"/></schema>')
    hint = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{loose.as_uri()}"'
    assert level(message(namespace="").replace(b"<alert", f"<alert{hint}".encode())) is Level.SCHEMA
    assert level(message(info()).replace(b"<alert", f"<alert{hint}".encode())) is None


def test_what_only_looks_like_a_document_type_is_text() -> None:
    assert level(message(info(headline="<![CDATA[<!DOCTYPE x>]]>"))) is None
    assert level(message(info(headline="&lt;!DOCTYPE x&gt;"))) is None
    assert level(message("<!-- <!DOCTYPE x> -->")) is None


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * (reading.MAX_DEPTH + 1) + b"</a>" * (reading.MAX_DEPTH + 1),
        b"<a>" * 100_000,
        b"<a>" + b"<b/>" * (reading.MAX_TAGS + 1) + b"</a>",
        b"<a " + b" ".join(b"a%d=''" % n for n in range(reading.MAX_ATTRIBUTES + 1)) + b"/>",
        b"<a " + b" ".join(b"xmlns:a%d\t=\n'u'" % n for n in range(reading.MAX_ATTRIBUTES + 1)) + b"/>",
        message(info(headline="x" * reading.MAX_BYTES)),
    ],
    ids=["deep", "very deep", "many", "attributes", "namespaces", "large"],
)
def test_what_grows_without_bound_is_refused(data: bytes) -> None:
    assert level(data) is Level.SECURITY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"not xml",
        message()[:-1],
        message() + b"<alert/>",
        message() + b"trailing garbage",
        message("&undeclared;"),
        message("<a></b>"),
        message().replace(b"1.0", b"1.1"),
        message(info(headline="&#0;")),
        b" " + message(),  # a declaration not at the start
    ],
)
def test_what_is_not_well_formed_does_not_fit(data: bytes) -> None:
    assert level(data) is Level.SCHEMA


@pytest.mark.parametrize(
    ("declared", "codec", "mark"),
    [
        ("UTF-8", "utf-8", b""),
        ("UTF-8", "utf-8", codecs.BOM_UTF8),
        ("GB18030", "gb18030", b""),
        ("GBK", "gbk", b""),
        ("gb2312", "gb18030", b""),
        ("UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
        ("UTF-16", "utf-16-be", codecs.BOM_UTF16_BE),
        ("UTF-16LE", "utf-16-le", b""),
        ("", "utf-8", b""),
        ("", "utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_an_encoding_is_read_as_declared(declared: str, codec: str, mark: bytes) -> None:
    encoding = f' encoding="{declared}"' if declared else ""
    root = reading.read(mark + f'<?xml version="1.0"{encoding}?>{BODY}'.encode(codec))
    assert root.findtext("{*}info/{*}event") == "暴雨"


@pytest.mark.parametrize(
    ("declared", "codec", "mark"),
    [
        ("UTF-8", "gb18030", b""),  # not what it says
        ("UTF-16", "utf-8", b""),
        ("UTF-16", "utf-16-le", b""),  # XML 1.0 §4.3.3: UTF-16 has a mark
        ("UTF-8", "utf-16-le", codecs.BOM_UTF16_LE),
        ("GBK", "utf-8", codecs.BOM_UTF8),
        ("UTF-16BE", "utf-16-le", codecs.BOM_UTF16_LE),
        ("UTF-7", "utf-7", b""),
        ("EBCDIC-CP-US", "utf-8", b""),
        ("UTF-32", "utf-32-le", codecs.BOM_UTF32_LE),
        ("", "gb18030", b""),
    ],
)
def test_an_encoding_that_the_bytes_deny_is_refused(declared: str, codec: str, mark: bytes) -> None:
    encoding = f' encoding="{declared}"' if declared else ""
    assert level(mark + f'<?xml version="1.0"{encoding}?>{BODY}'.encode(codec)) is Level.SCHEMA


@pytest.mark.parametrize("start", ["<![CDATA[", "<!--", "<?", "<!", "<", "&", '="', "<a>&", "<!-- -->"])
def test_a_flood_of_beginnings_is_read_in_one_pass(start: str) -> None:
    # a scan from each beginning to the end would take hours
    assert level(b"<a>" + start.encode() * (reading.MAX_TAGS - 100)) in (Level.SCHEMA, Level.SECURITY)


def test_a_flood_of_faults_is_not_all_said() -> None:
    for data in (
        message(msgType="Update", references="a " * 500_000),
        message(info("<polygon/>" * 50_000)),
        message("<x/>" * 50_000),
        message(status="'" * 500_000),
    ):
        judged = validate(data)
        assert 0 < len(judged.reasons) <= 21
        assert sum(map(len, judged.reasons)) < 10_000


@UNHURRIED
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_validator(data: bytes) -> None:
    validate(data)


GOOD = [message(info("<polygon>36,113 36,114 37,114 36,113</polygon>")), *(
    path.read_bytes() for path in sorted((Path(__file__).parent / "signed").glob("*.xml"))
)]  # fmt: skip


@UNHURRIED
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 12), st.binary(max_size=8)), min_size=1, max_size=6),
)
def test_no_change_of_a_good_message_crashes_the_validator(data: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for at, length, put in changes:
        at %= len(data) + 1
        data = data[:at] + put + data[at + length :]
    receive(data)
