"""Signatures made by xmlsec1 (``signed/``), and what attackers and weak senders make of them."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from fadu.warning.cap import reading, signature
from fadu.warning.cap.signature import State
from fadu.warning.cap.tests.messages import info, message
from fadu.warning.cap.trust import trust
from fadu.warning.cap.validate import validate

SIGNED = Path(__file__).parent / "signed"
GOOD = [SIGNED / f"{name}.xml" for name in ("rsa-inclusive", "ecdsa-exclusive", "rsa-prefixes")]
SENT = datetime(2026, 7, 1, tzinfo=UTC)
DS = "http://www.w3.org/2000/09/xmldsig#"


def state(data: bytes) -> State:
    return validate(data).signature.state


def signature_in(data: bytes) -> bytes:
    found = re.search(rb"<(ds:)?Signature .*</(ds:)?Signature>", data, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_signature_by_another_program_is_good(path: Path) -> None:
    verdict = validate(path.read_bytes())
    assert (verdict.valid, verdict.signature.state, verdict.signature.reasons) == (True, State.GOOD, ())


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("暴雨蓝色".encode(), "暴雨红色".encode()),
        (b"<status>Actual", b"<status>Test"),
        (b"</scope>", b"</scope><note>more</note>"),
        (b"<language>", b"<language><!-- --> "),
    ],
)
def test_a_changed_message_is_bad_and_stays_valid(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes().replace(old, new)
    assert data != path.read_bytes()
    verdict = validate(data)
    assert (verdict.valid, verdict.signature.state) == (True, State.BAD)


def test_a_comment_is_not_part_of_what_is_signed() -> None:
    data = GOOD[0].read_bytes().replace(b"a comment is not signed", b"changed")
    assert state(data) is State.GOOD


@pytest.mark.parametrize("name", ["DigestValue", "SignatureValue", "X509Certificate"])
def test_a_changed_value_is_bad(name: str) -> None:
    data = GOOD[0].read_bytes()
    found = re.search(rf"<{name}>\s*(.)".encode(), data)
    assert found
    at = found.start(1) + 20
    data = data[:at] + (b"A" if data[at : at + 1] != b"A" else b"B") + data[at + 1 :]
    assert state(data) is State.BAD


def test_base64_has_one_text_for_a_value() -> None:
    # the last digit before = carries bits nobody decodes (RFC 4648 §3.5); a sloppy reader takes all of them for the same
    data = GOOD[0].read_bytes()
    found = re.search(rb"<DigestValue>(.*?)(.)=</DigestValue>", data)
    assert found
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = digits[digits.index(found[2]) ^ 1 :][:1]
    changed = data[: found.start(2)] + other + data[found.end(2) :]
    assert base64.b64decode(found[1] + other + b"=") == base64.b64decode(found[1] + found[2] + b"=")
    assert state(changed) is State.BAD


def test_a_certificate_counts_in_its_own_period_only() -> None:
    data = GOOD[0].read_bytes().replace(b"2026-07-01T", b"2036-07-01T")  # the certificate ends with 2035
    assert state(data) is State.BAD  # for the digest; the period by itself:
    root = reading.read(GOOD[0].read_bytes())
    for sent in (datetime(2036, 7, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)):
        report = signature.check(root, sent)
        assert report.state is State.BAD
        assert "有效期" in report.reasons[0]
    assert signature.check(root, None).state is State.UNVERIFIABLE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'URI=""', b'URI="#body"', State.BAD),  # wrapping: what is signed is somewhere else
        (b'URI=""', b'URI="http://127.0.0.1:9/x"', State.BAD),
        (b'URI=""', b"", State.BAD),
        (b"2000/09/xmldsig#enveloped-signature", b"TR/1999/REC-xpath-19991116", State.BAD),
        (b"2000/09/xmldsig#enveloped-signature", b"TR/1999/REC-xslt-19991116", State.BAD),
        (b"xmldsig-more#rsa-sha256", b"xmldsig-more#hmac-sha256", State.UNVERIFIABLE),
        (b"xmldsig-more#rsa-sha256", b"xmldsig-more#sm2-sm3", State.UNVERIFIABLE),
        (b"xmlenc#sha256", b"xmlenc#ripemd160", State.UNVERIFIABLE),
        (
            b"xmldsig-more#rsa-sha256",
            b"xmldsig-more#ecdsa-sha256",
            State.BAD,
        ),  # the certificate's key is of another kind
        (b"REC-xml-c14n-20010315", b"REC-own-c14n", State.UNVERIFIABLE),
    ],
)
def test_nothing_but_the_enveloped_signature_is_evaluated(old: bytes, new: bytes, expected: State) -> None:
    data = GOOD[0].read_bytes()
    assert old in data
    assert state(data.replace(old, new)) is expected


def test_what_has_no_canonical_form_cannot_be_verified() -> None:
    # Canonical XML 1.0 §1.3: a relative namespace is an error
    for place in (b"<SignedInfo", b"<alert"):
        data = GOOD[0].read_bytes().replace(place, place + b' xmlns:r="relative"', 1)
        assert state(data) is State.UNVERIFIABLE


def test_without_a_certificate_nothing_can_be_said() -> None:
    data = re.sub(rb"<KeyInfo>.*</KeyInfo>", b"", GOOD[0].read_bytes(), flags=re.DOTALL)
    assert state(data) is State.UNVERIFIABLE


def test_sha_1_proves_nothing_and_disproves() -> None:
    data = (SIGNED / "rsa-sha1.xml").read_bytes()
    assert state(data) is State.UNVERIFIABLE
    assert state(data.replace("蓝色".encode(), "红色".encode())) is State.BAD


def test_a_signature_that_is_not_of_the_alert_is_bad() -> None:
    signed = GOOD[0].read_bytes()
    inner = signed[signed.index(b"<alert") :]
    wrapped = message(info(headline="伪造")).replace(
        b"</alert>", b"<Object xmlns='%s'>%s</Object></alert>" % (DS.encode(), inner)
    )
    assert state(wrapped) is State.BAD
    moved = message(info()).replace(b"</info>", signature_in(signed) + b"</info>")
    assert state(moved) is State.BAD


def test_a_signature_taken_from_another_message_is_bad() -> None:
    assert state(message(info() + signature_in(GOOD[0].read_bytes()).decode())) is State.BAD


def test_the_worst_of_several_counts() -> None:
    data = GOOD[0].read_bytes()
    broken = re.sub(rb"<KeyInfo>.*</KeyInfo>", b"", signature_in(data), flags=re.DOTALL)
    assert state(data.replace(b"</alert>", broken + b"</alert>")) is State.UNVERIFIABLE
    forged = signature_in(data).replace(b"<SignatureValue>", b"<SignatureValue>AAAA")
    assert state(data.replace(b"</alert>", forged + b"</alert>")) is State.BAD


def test_an_agency_and_its_relay_may_sign_side_by_side() -> None:
    # both over the alert as it was before either signed; the second here is the first again
    data = GOOD[0].read_bytes()
    twice = data.replace(b"</alert>", signature_in(data) + b"</alert>")
    report = validate(twice).signature
    assert (report.state, len(report.signatures)) == (State.GOOD, 2)


def test_a_message_that_is_not_read_has_no_good_signature() -> None:
    signed = GOOD[0].read_bytes()
    assert state(signed.replace(b"<alert", b"<!DOCTYPE alert><alert", 1)) is State.UNVERIFIABLE
    assert state(b"<!DOCTYPE alert><alert/>") is State.NONE
    assert state(message()) is State.NONE


def test_trust_is_what_the_bureau_put_in() -> None:
    authority = x509.load_pem_x509_certificate((SIGNED / "authority.pem").read_bytes())
    report = validate(GOOD[0].read_bytes()).signature
    signer = report.signatures[0].certificates[0]
    assert trust(report, [authority], SENT).trusted
    assert trust(report, [signer], SENT).signer == "CN=Example Weather Office"
    assert not trust(report, [], SENT).trusted
    other = validate(GOOD[1].read_bytes()).signature.signatures[0].certificates[0]
    assert "不在本单位信任" in trust(report, [other], SENT).reason  # a sibling under the same authority is no authority
    assert not trust(report, [authority], datetime(2037, 1, 1, tzinfo=UTC)).trusted
    assert not trust(validate(message()).signature, [authority], SENT).trusted
    assert not trust(validate((SIGNED / "rsa-sha1.xml").read_bytes()).signature, [authority], SENT).trusted
