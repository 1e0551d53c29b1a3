"""The pieces of XML signature that we take: algorithms, canonical forms, values; everything else is refused by name."""

import base64
import binascii
import re
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from fadu.warning.cap.reading import SIGNATURE_NAMESPACE

DS = f"{{{SIGNATURE_NAMESPACE}}}"
_DSIG, _MORE, _MORE_2007 = (
    SIGNATURE_NAMESPACE,
    "http://www.w3.org/2001/04/xmldsig-more#",
    "http://www.w3.org/2007/05/xmldsig-more#",
)
ENVELOPED = f"{_DSIG}enveloped-signature"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
C14N = {
    f"{base}{comments}"
    for base, comment in (
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "#WithComments"),
        (_C14N_11, "#WithComments"),
        (EXCLUSIVE, "WithComments"),
    )
    for comments in ("", comment)
}
SHA1 = {f"{_DSIG}sha1", f"{_DSIG}rsa-sha1", f"{_MORE}ecdsa-sha1"}
DIGESTS = {
    f"{_DSIG}sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip
METHODS = {
    f"{_DSIG}rsa-sha1": ("rsa", "sha1"),
    f"{_MORE}ecdsa-sha1": ("ecdsa", "sha1"),
    **{
        f"{_MORE}{key}-{digest}": (key, digest) for key in ("rsa", "ecdsa") for digest in ("sha256", "sha384", "sha512")
    },
    **{f"{_MORE_2007}{digest}-rsa-MGF1": ("pss", digest) for digest in ("sha256", "sha384", "sha512")},
    "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519": ("ed25519", ""),
}
_SPACE = re.compile(r"\s+")


class BadSignatureError(Exception):
    """The signature is wrong."""


class UnverifiableError(Exception):
    """Nothing can be said: no certificate, or an algorithm that we do not take as proof."""


def canonical(tree: Any, method: str, prefixes: list[str] | None = None) -> bytes:
    """Canonical XML of a document, without comments as ``URI=""`` demands; ``method`` empty means the inclusive one."""
    target = BytesIO()
    exclusive = method.startswith(EXCLUSIVE)
    tree.write_c14n(
        target, exclusive=exclusive, with_comments=False, inclusive_ns_prefixes=prefixes if exclusive else None
    )
    return target.getvalue()


def prefixes_of(element: Any) -> list[str] | None:
    """The PrefixList of an exclusive canonicalisation."""
    listed = element.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces") if element is not None else None
    return None if listed is None else [p for p in listed.get("PrefixList", "").split() if p != "#default"] or None


def verifies(certificate: x509.Certificate, kind: str, digest: str, value: bytes, signed: bytes) -> bool:
    """Whether ``value`` is the signature of ``signed`` by the certificate's key."""
    try:
        key = certificate.public_key()
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), _HASHES[digest])
        elif kind == "pss" and isinstance(key, rsa.RSAPublicKey):
            algorithm = _HASHES[digest]
            key.verify(value, signed, padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm)
        elif kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            size = (key.curve.key_size + 7) // 8
            if len(value) != 2 * size:  # r and s, each of the length of the field (RFC 4050 §3.3)
                return False
            r, s = int.from_bytes(value[:size]), int.from_bytes(value[size:])
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(_HASHES[digest]))
        elif kind == "ed25519" and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(value, signed)
        else:
            return False
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError) as error:
        raise UnverifiableError("签名证书的密钥类型不支持") from error
    return True


def only(parent: Any, name: str) -> Any:
    """The one child of that name; a signature that has none or two of it is broken."""
    found = parent.findall(DS + name)
    if len(found) != 1:
        raise BadSignatureError(f"签名的结构不完整：应有一个 {name}")
    return found[0]


def decoded(element: Any, what: str) -> bytes:
    """Strictly decoded content: no other characters, no padding bits, so that one value has one text (RFC 4648 §3.5)."""
    if len(element):
        raise BadSignatureError(f"{what}里夹有别的内容")
    text = _SPACE.sub("", element.text or "")
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSignatureError(f"{what}不是 Base64 编码，或者被截断") from error
    if not value or base64.b64encode(value).decode() != text:
        raise BadSignatureError(f"{what}的 Base64 编码被改动过")
    return value
