"""Bodies that machines send each other, signed with a shared secret: HMAC-SHA256 over the moment and the body."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

SKEW = 300  # seconds a signed body may be old, or ahead of our clock


def sign(secret: str, moment: str, body: bytes) -> str:
    """The signature (64 hex digits) of a body sent at ``moment``, seconds since 1970 as decimal digits."""
    return hmac.new(secret.encode(), moment.encode() + body, hashlib.sha256).hexdigest()


def demand_signed(secret: str, moment: str, signature: str, body: bytes, now: datetime) -> None:
    """Refuse a body that was not signed with ``secret`` within the last five minutes; raises ValueError.

    Without a secret nothing is ever signed. A body sent again within the five minutes passes: whoever takes it must be
    able to take it twice.
    """
    if not secret or not hmac.compare_digest(sign(secret, moment, body).encode(), signature.encode()):
        raise ValueError("signature")
    if not moment.isdecimal() or abs(now.timestamp() - int(moment)) > SKEW:
        raise ValueError("time")
