"""The Merkle tree of RFC 6962, section 2.1, over hashes of entries: root, inclusion path, and what a path proves [pure]."""

from collections.abc import Sequence
from hashlib import sha256

# leaves and nodes begin with different bytes, so that a node can never pass for an entry
LEAF, NODE = b"\x00", b"\x01"
EMPTY = sha256().digest()


def leaf(entry_hash: str) -> bytes:
    """The leaf of an entry: over the 32 bytes of its hash (given as 64 hexadecimal digits)."""
    return sha256(LEAF + bytes.fromhex(entry_hash)).digest()


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All levels of the tree from the leaves up; a node without a sibling goes up as it is, which is RFC 6962's split."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [sha256(NODE + below[at] + below[at + 1]).digest() for at in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            above.append(below[-1])
        levels.append(above)
    return levels


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over ``leaves`` in their order; of none, the hash of nothing."""
    return _levels(leaves)[-1][0] if leaves else EMPTY


def paths(leaves: Sequence[bytes], indexes: Sequence[int]) -> list[list[bytes]]:
    """The inclusion path of each of ``indexes``, lowest sibling first; IndexError for one beyond the leaves."""
    levels = _levels(leaves)
    found = []
    for index in indexes:
        if not 0 <= index < len(leaves):
            raise IndexError(index)
        path = []
        for level in levels[:-1]:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index >>= 1
        found.append(path)
    return found


def root_by_path(one: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that ``path`` proves for the leaf ``one`` at ``index`` of ``size``; ValueError when it cannot fit."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    left = list(path)
    last = size - 1
    while last:
        if index % 2 or index < last:
            if not left:
                raise ValueError("path too short")
            sibling = left.pop(0)
            one = sha256(NODE + (sibling + one if index % 2 else one + sibling)).digest()
        index, last = index >> 1, last >> 1
    if left:
        raise ValueError("path too long")
    return one


def seal_hash(day: str, entries: int, tree_root: str, previous: str) -> str:
    """The seal over a day (``YYYY-MM-DD``), its number of entries, its root and the seal before (64 hexadecimal digits)."""
    return sha256(f"fadu-seal-1\n{day}\n{entries}\n{tree_root}\n{previous}\n".encode()).hexdigest()
