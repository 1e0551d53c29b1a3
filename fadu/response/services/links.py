"""The signed address by which a member's liaison answers without login: good for one member and one response."""

from __future__ import annotations

import hmac

from fadu.kernel import hashing
from fadu.kernel.numerals import whole
from fadu.response.models import ResponseTask

LENGTH = 20  # hex digits: 80 bits


def token(response: int, number: int) -> str:
    """response-task-signature; any task of a member names the member."""
    return f"{response}-{number}-{hashing.keyed(f'response/{response}/{number}')[:LENGTH]}"


def read(text: str) -> ResponseTask | None:
    """The task that a token names; None when it was not made here."""
    parts = text.split("-")
    response, number = map(whole, parts[:2]) if len(parts) == 3 else (None, None)
    if response is None or number is None:
        return None
    if not hmac.compare_digest(text.encode(), token(response, number).encode()):
        return None
    rows = ResponseTask.objects.select_related("response__organ", "response__warning")
    return rows.filter(response=response, number=number).first()
