"""Differences between two texts of a statute: which article became which, and what changed in its words [pure]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import pairwise

# Articles with fewer than this share of their pairs of characters in common are not one article rewritten.
ALIKE = 0.4
# Words that stay between two changes are taken into the change when they are fewer than this.
SHORTEST_STAY = 3


class Change(Enum):
    """What became of an article; the value is what a reader sees."""

    SAME = "未变"
    MOVED = "条号变动"
    CHANGED = "修改"
    ADDED = "新增"
    REMOVED = "删除"


@dataclass(frozen=True)
class Side:
    """An article as it is compared: its key as in ``Article.key``, its label, all its words."""

    key: str
    label: str
    words: str


@dataclass(frozen=True)
class Piece:
    """Words of one side; changed: they do not stand on the other."""

    words: str
    changed: bool = False


@dataclass(frozen=True)
class Row:
    """One article in the comparison; a side is None where the article does not exist."""

    change: Change
    old: Side | None
    new: Side | None
    old_words: tuple[Piece, ...] = ()
    new_words: tuple[Piece, ...] = ()


def compare(old: Sequence[Side], new: Sequence[Side]) -> list[Row]:
    """The two texts article by article in the order of the new one; what was removed stands where it stood."""
    pairs = align(old, new)
    back = {b: a for a, b in pairs.items()}
    rows: list[Row] = []
    # What was removed follows the article behind which it stood, wherever that is now.
    after: dict[int | None, list[int]] = {}
    anchor: int | None = None
    for index in range(len(old)):
        if index in pairs:
            anchor = pairs[index]
        else:
            after.setdefault(anchor, []).append(index)
    rows += [_removed(old[i]) for i in after.get(None, [])]
    for index, side in enumerate(new):
        rows.append(_row(old[back[index]], side) if index in back else _added(side))
        rows += [_removed(old[i]) for i in after.get(index, [])]
    return rows


def align(old: Sequence[Side], new: Sequence[Side]) -> dict[int, int]:
    """Which article of the old text is which of the new: index → index. Equal words first, then the most alike."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    by_words: dict[str, list[int]] = {}
    for b, side in enumerate(new):
        by_words.setdefault(side.words, []).append(b)
    for a, side in enumerate(old):
        free = [b for b in by_words.get(side.words, []) if b not in taken]
        if free:
            # Of several with the same words, such as （删去）, the one with the same number.
            pairs[a] = next((b for b in free if new[b].key == side.key), free[0])
            taken.add(pairs[a])
    rest_old = [(a, _grams(side.words)) for a, side in enumerate(old) if a not in pairs]
    rest_new = [(b, _grams(side.words)) for b, side in enumerate(new) if b not in taken]
    candidates = [
        (-alike - (0.05 if old[a].key == new[b].key else 0), a, b)
        for a, ours in rest_old
        for b, theirs in rest_new
        if (alike := _alike(ours, theirs)) >= ALIKE
    ]
    for _, a, b in sorted(candidates):
        if a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    return pairs


def _grams(words: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(words)) or frozenset(words)


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """Dice's coefficient, 0 to 1; cheap for sizes that cannot reach ALIKE."""
    smaller, larger = sorted((len(ours), len(theirs)))
    if 2 * smaller < ALIKE * (smaller + larger):
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def _row(old: Side, new: Side) -> Row:
    if old.words == new.words:
        same = (Piece(new.words),)
        return Row(Change.SAME if old.key == new.key else Change.MOVED, old, new, same, same)
    return Row(Change.CHANGED, old, new, *differences(old.words, new.words))


def _added(side: Side) -> Row:
    return Row(Change.ADDED, None, side, (), (Piece(side.words, True),))


def _removed(side: Side) -> Row:
    return Row(Change.REMOVED, side, None, (Piece(side.words, True),), ())


def differences(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both sides in pieces, so that the unchanged pieces of either give the same words."""
    blocks = [
        (tag == "equal", old[a:b], new[c:d])
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]
    merged: list[list[object]] = []
    for index, (equal, left, right) in enumerate(blocks):
        inner = 0 < index < len(blocks) - 1
        stays = equal and not (inner and len(left) < SHORTEST_STAY)
        if merged and merged[-1][0] == stays:
            merged[-1] = [stays, f"{merged[-1][1]}{left}", f"{merged[-1][2]}{right}"]
        else:
            merged.append([stays, left, right])
    sides = [tuple(Piece(str(row[i]), not row[0]) for row in merged if row[i]) for i in (1, 2)]
    return sides[0], sides[1]
