"""Is the vault whole, and what lies in it that no row needs? Every byte is read and hashed; nothing is trusted by name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from fadu.kernel import clock
from fadu.record import references, storage, vault
from fadu.record.references import Reference

# a request that is just keeping a file has its bytes in the vault before its row can be seen
SPARED = timedelta(hours=24)
WORDS = {"missing": "不在证据库", "altered": "内容与收存时不一致"}


@dataclass(frozen=True, slots=True)
class Loss:
    """A row whose bytes are ``missing`` or ``altered``."""

    reference: Reference
    state: str

    def __str__(self) -> str:
        return f"{self.reference.chain} {self.reference.what}（{self.reference.sha256}）{WORDS[self.state]}"


@dataclass(slots=True)
class Stock:
    """What the vault holds: rows looked at, different files among them, losses, and files without a row."""

    rows: int = 0
    files: int = 0
    losses: list[Loss] = field(default_factory=list)
    orphans: list[storage.Blob] = field(default_factory=list)


def take_stock(*, hashing: bool = True) -> Stock:
    """Compare rows and bytes both ways; ``hashing=False`` looks for orphans only. Raises Unavailable."""
    found = Stock()
    # the bytes are listed before the rows: what is kept meanwhile then has its row, and is no orphan
    blobs = list(storage.store().blobs())
    states: dict[tuple[str, int], str] = {}
    for reference in references.all_references():
        found.rows += 1
        key = reference.sha256, reference.size
        if key not in states:
            states[key] = vault.state(*key) if hashing else ""
        if states[key]:
            found.losses.append(Loss(reference, states[key]))
    found.files = len({sha256 for sha256, _ in states})
    needed = {sha256 for sha256, _ in states}
    found.orphans = [blob for blob in blobs if blob.sha256 not in needed]
    return found


def clean(orphans: Iterable[storage.Blob]) -> list[storage.Blob]:
    """Delete those ``orphans`` that were put more than a day ago and that still no row needs; returns what was deleted.

    A file of the last day may belong to a request that has not ended; keeping the same bytes again dates them anew.
    """
    before = clock.now() - SPARED
    old = [blob for blob in orphans if blob.put_at < before]
    if not old:
        return []
    needed = {reference.sha256 for reference in references.all_references()}
    deleted = [blob for blob in old if blob.sha256 not in needed]
    for blob in deleted:
        storage.store().remove(blob.sha256)
    return deleted
