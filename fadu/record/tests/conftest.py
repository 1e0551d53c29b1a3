"""A small record: acts of two invented cases, and the same hash computed from the document alone."""

import hashlib
from collections.abc import Callable
from datetime import date

import pytest

from fadu.record import services
from fadu.record.actor import Actor
from fadu.record.models import Entry

OFFICER = Actor(7, "张示一", "执法人员", "示例市应急管理局", "示执法-0007")


@pytest.fixture
def write(request: pytest.FixtureRequest) -> Callable[..., Entry]:
    """Write one act; whatever is not given has a plain value."""

    def written(chain: str = "penalty.ordinary/1", **given: object) -> Entry:
        facts = {"actor": OFFICER, "act": "penalty.ordinary.file", "title": "立案", "on": date(2026, 3, 2)} | given
        return services.write(chain, **facts)  # type: ignore[arg-type]

    return written


def hash_by_the_document(entry: Entry) -> str:
    """The hash by the words of migrations/0002_guards.py: tag, then each part after its length in bytes."""
    from datetime import UTC

    stamp = entry.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    text = b"fadu-record-1\n"
    for part in (entry.chain, str(entry.seq), entry.prev_hash, stamp, entry.body):
        text += str(len(part.encode())).encode() + b":" + part.encode() + b"\n"
    return hashlib.sha256(text).hexdigest()
