"""Whether a signature is of somebody the bureau has decided to believe: the anchors are configuration, the answer is pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from fadu.warning.cap.signature import Report, Signed, State

LONGEST_CHAIN = 5


@dataclass(frozen=True)
class Trust:
    """Whether to believe a message's signature, and why not."""

    trusted: bool
    reason: str = ""
    signer: str = ""


def trust(report: Report, anchors: Iterable[x509.Certificate], sent: datetime) -> Trust:
    """Trusted when every signature is good and one of them leads to an anchor.

    ``anchors``: certificates the bureau has put in, either of a signer itself or of an authority; ``sent``: aware, the moment at
    which every certificate on the way must be in its own period. Revocation is not asked for: nothing here goes out.
    """
    if report.state is not State.GOOD:
        return Trust(False, "；".join(report.reasons) or "报文没有签名")
    known = list(anchors)
    for signed in report.signatures:
        if _leads(signed, known, sent):
            return Trust(True, signer=signed.certificates[0].subject.rfc4514_string())
    name = report.signatures[0].certificates[0].subject.rfc4514_string()
    return Trust(False, f"签名本身无误，但签名者（{name}）不在本单位信任的证书之内", name)


def _leads(signed: Signed, anchors: list[x509.Certificate], at: datetime) -> bool:
    """Whether the signer is an anchor, or an anchor issued it, directly or through the certificates that came along."""
    signer, *others = signed.certificates
    ways, seen = [signer], {signer}
    for _ in range(LONGEST_CHAIN):
        if any(way == anchor and _lasts(anchor, at) for way in ways for anchor in anchors):
            return True
        if any(_issued(way, anchor, at) for way in ways for anchor in anchors):
            return True
        ways = [other for other in others if other not in seen and any(_issued(way, other, at) for way in ways)]
        seen.update(ways)
    return False


def _lasts(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether a certificate is in its period."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(subject: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """Whether ``issuer`` is an authority in its period that signed ``subject``, and not by SHA-1."""
    if isinstance(subject.signature_hash_algorithm, (hashes.SHA1, hashes.MD5)) or not _lasts(issuer, at):
        return False
    try:
        if not issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        subject.verify_directly_issued_by(issuer)
    except (
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        InvalidSignature,
        UnsupportedAlgorithm,
        ValueError,
        TypeError,
    ):
        return False
    return True
