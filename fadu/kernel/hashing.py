"""Hashes and the canonical form of what is hashed."""

import hashlib
import hmac
import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

_key = b""


def set_key(key: str) -> None:
    """Set the secret of ``keyed`` (done once by the settings); an empty key is refused."""
    global _key
    if not key:
        raise ValueError("keyed hashes need a secret")
    _key = key.encode()


def _plain(value: object) -> object:
    """How the few types of ours that JSON lacks are written."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def canonical(value: object) -> str:
    """The one JSON text of ``value``: keys sorted, no spaces, no escapes of Chinese, so that equal values hash equal."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False)


def sha256_bytes(data: bytes) -> str:
    """sha256 of ``data`` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """sha256 of ``text`` in UTF-8 as 64 hex digits."""
    return sha256_bytes(text.encode())


def keyed(value: str) -> str:
    """A keyed hash (HMAC-SHA256) of a sensitive value, for records that can never be erased; needs ``set_key``."""
    if not _key:
        raise RuntimeError("set_key has not been called")
    return hmac.digest(_key, value.strip().upper().encode(), "sha256").hex()
