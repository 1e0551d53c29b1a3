"""Verifies the enveloped XML signature of a message, and nothing but that: no reference, transform or key from elsewhere.

CAP 1.2 §3.3.4.1 allows one mechanism, the enveloped signature over the whole <alert>. So a reference other than ``URI=""``, or
a transform that could leave something out, is not evaluated but refused; that is what signature wrapping lives on.
"""

import hashlib
import hmac
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from fadu.warning.cap.xmldsig import (
    C14N,
    DIGESTS,
    DS,
    ENVELOPED,
    EXCLUSIVE,
    METHODS,
    SHA1,
    BadSignatureError,
    UnverifiableError,
    canonical,
    decoded,
    only,
    prefixes_of,
    verifies,
)

SMALLEST_RSA = 2048
MOST_SIGNATURES = 4
MOST_CERTIFICATES = 8


class State(StrEnum):
    """What can be said of the signatures of a message."""

    NONE = "none"
    GOOD = "good"
    BAD = "bad"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True)
class Signed:
    """One signature: its state, the reason in Chinese unless it is good, and the certificates it brought, signer first."""

    state: State
    reason: str = ""
    certificates: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True)
class Report:
    """All signatures of a message; ``state`` is the worst of theirs, so that a good one beside a bad one helps nobody."""

    state: State
    signatures: tuple[Signed, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the state is not good, one sentence a signature."""
        return tuple(signed.reason for signed in self.signatures if signed.reason)


UNSIGNED = Report(State.NONE)


def check(root: Any, sent: datetime | None) -> Report:
    """The signatures of the message whose root element is ``root``, sent at ``sent`` (None when it does not say readably).

    Good: it covers the whole message, its digest and value are right by the certificate it carries, and that certificate
    was within its own period at ``sent``. Whose certificate that is, is another question: see ``trust``. Raises nothing.
    """
    children = root.findall(f"{DS}Signature")
    inside = set(children)
    stray = [
        element
        for element in root.iter(f"{DS}Signature")
        if element not in inside and not any(parent in inside for parent in element.iterancestors())
    ]
    if stray or root.tag == f"{DS}Signature":
        return Report(State.BAD, (Signed(State.BAD, "签名不是 <alert> 的直接子元素，没有覆盖整个报文"),))
    if not children:
        return UNSIGNED
    if len(children) > MOST_SIGNATURES:
        return Report(State.BAD, (Signed(State.BAD, f"签名超过 {MOST_SIGNATURES} 个"),))
    signatures = tuple(_one(root, index, element, sent) for index, element in enumerate(children))
    states = {signed.state for signed in signatures}
    return Report(next(s for s in (State.BAD, State.UNVERIFIABLE, State.GOOD) if s in states), signatures)


def _one(root: Any, index: int, signature: Any, sent: datetime | None) -> Signed:
    """One signature, number ``index`` among the children of the root."""
    try:
        info = only(signature, "SignedInfo")
        weak = _reference(root, index, info)
        signer, others, method = _signer(signature, info)
        _period(signer, sent)
        weak = weak or method in SHA1
        if weak:
            raise UnverifiableError("签名使用 SHA-1，这种摘要已经可以碰撞，不作为证明")
        key = signer.public_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < SMALLEST_RSA:
            raise UnverifiableError(f"签名证书的 RSA 密钥只有 {key.key_size} 位，不作为证明")
    except BadSignatureError as error:
        return Signed(State.BAD, str(error))
    except UnverifiableError as error:
        return Signed(State.UNVERIFIABLE, str(error))
    except (
        etree.LxmlError,
        ValueError,
    ):  # a relative namespace, a date outside the calendar: there is no canonical form
        return Signed(State.UNVERIFIABLE, "签名或者证书的内容不规范，无从核验")
    return Signed(State.GOOD, "", (signer, *others))


def _reference(root: Any, index: int, info: Any) -> bool:
    """Check that the reference covers the whole message and its digest is right; whether the digest is a weak one."""
    references = info.findall(f"{DS}Reference")
    whole = [reference for reference in references if reference.get("URI") == ""]
    if len(whole) != 1:
        raise BadSignatureError("签名没有覆盖整个报文（应当恰有一个 URI 为空的 Reference）")
    if len(references) > 1:
        raise UnverifiableError("签名还引用了报文以外或者签名自身的内容，不予核验")
    reference = whole[0]
    transforms = [element.get("Algorithm", "") for element in reference.iterfind(f"{DS}Transforms/{DS}Transform")]
    if transforms[:1] != [ENVELOPED] or len(transforms) > 2 or not set(transforms[1:]) <= C14N:
        raise BadSignatureError("签名的变换不是“封内签名”加规范化，可能没有覆盖整个报文（CAP 1.2 §3.3.4.1）")
    algorithm = only(reference, "DigestMethod").get("Algorithm", "")
    if algorithm not in DIGESTS:
        raise UnverifiableError(f"不支持摘要算法 {algorithm[:80]}")
    wanted = decoded(only(reference, "DigestValue"), "摘要")
    last = reference.find(f"{DS}Transforms/{DS}Transform[2]")
    method, prefixes = (transforms[1], prefixes_of(last)) if len(transforms) == 2 else ("", None)
    for content in _signed_contents(root, index, method, prefixes):
        if hmac.compare_digest(hashlib.new(DIGESTS[algorithm], content).digest(), wanted):
            return algorithm in SHA1
    raise BadSignatureError("摘要与报文内容不符，报文在签名之后被改动过")


def _signed_contents(root: Any, index: int, method: str, prefixes: list[str] | None) -> Iterator[bytes]:
    """What signature number ``index`` may have been made over; each covers everything that CAP knows.

    First what the standard says: the document with the instructions before its root, without this one signature. Then two
    habits of real senders: to leave those instructions out, and, where an agency and its relay both sign (Canada), to sign
    the alert as it was before either did.
    """
    count = len(root.findall(f"{DS}Signature"))
    for away in ([index], range(count)) if count > 1 else ([index],):
        tree = deepcopy(root.getroottree())
        copy = tree.getroot()
        signatures = copy.findall(f"{DS}Signature")
        for number in away:
            _remove(signatures[number])
        yield canonical(tree, method, prefixes)
        if any(True for _ in copy.itersiblings(preceding=True)) or copy.getnext() is not None:
            yield canonical(etree.ElementTree(deepcopy(copy)), method, prefixes)


def _remove(element: Any) -> None:
    """Take an element out and leave the text behind it where it was."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _signer(signature: Any, info: Any) -> tuple[x509.Certificate, list[x509.Certificate], str]:
    """The certificate by whose key SignedInfo was signed, the other ones, and the method."""
    method = only(info, "SignatureMethod").get("Algorithm", "")
    if method not in METHODS:
        raise UnverifiableError(f"不支持签名算法 {method[:80]}（国密 SM2 也还不支持）")
    canonicalisation = only(info, "CanonicalizationMethod")
    c14n = canonicalisation.get("Algorithm", "")
    if c14n not in C14N:
        raise UnverifiableError(f"不支持规范化算法 {c14n[:80]}")
    if not c14n.startswith(EXCLUSIVE) and any(
        name.startswith("{http://www.w3.org/XML/1998/namespace}")
        for parent in info.iterancestors()
        for name in parent.attrib
    ):
        raise UnverifiableError("签名的外层元素带有 xml: 属性，不予核验")
    # the text of an element written alone declares every namespace in scope, so the root read from it is the subset
    # that canonicalisation wants, prefixes and all
    alone = etree.fromstring(
        etree.tostring(info, with_tail=False), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    signed = canonical(alone.getroottree(), c14n, prefixes_of(canonicalisation))
    value = decoded(only(signature, "SignatureValue"), "签名值")
    certificates = _certificates(signature)
    for certificate in certificates:
        if verifies(certificate, *METHODS[method], value, signed):
            return certificate, [other for other in certificates if other is not certificate], method
    raise BadSignatureError("签名值与报文所附证书的公钥不符")


def _certificates(signature: Any) -> list[x509.Certificate]:
    """The certificates a signature carries."""
    elements = signature.findall(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if not elements:
        raise UnverifiableError("签名没有附证书，无从核验")
    if len(elements) > MOST_CERTIFICATES:
        raise BadSignatureError(f"签名附的证书超过 {MOST_CERTIFICATES} 张")
    try:
        return [x509.load_der_x509_certificate(decoded(element, "证书")) for element in elements]
    except ValueError as error:
        raise BadSignatureError("签名所附的证书损坏，读不出来") from error


def _period(certificate: x509.Certificate, sent: datetime | None) -> None:
    """The certificate's own period at the moment of sending."""
    if sent is None:
        raise UnverifiableError("报文没有可读的发布时间，无从核对证书的有效期")
    if not certificate.not_valid_before_utc <= sent <= certificate.not_valid_after_utc:
        begins, ends = (
            f"{day:%Y-%m-%d}" for day in (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
        )
        raise BadSignatureError(f"报文发布时签名证书不在有效期内（{begins} 至 {ends}）")
