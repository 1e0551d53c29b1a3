"""How well a passage answers a search: whole words, how often, how near to each other, how early, how short [pure]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fadu.kernel.grams import folded

LONGEST_QUERY = 60
MOST_WORDS = 6
PUNCTUATION = "《》〈〉“”‘’\"',.;:!?。、()"  # as it is after folding, which makes it half-width where it can


@dataclass(frozen=True)
class Query:
    """What was typed: its words, folded; pieces: the pairs of neighbouring characters the index is asked for."""

    words: tuple[str, ...]

    @property
    def pieces(self) -> list[str]:
        """Every two neighbouring characters of the words."""
        return sorted({word[i : i + 2] for word in self.words for i in range(len(word) - 1)})

    @property
    def usable(self) -> bool:
        """Whether there are two neighbouring characters to look for."""
        return bool(self.pieces)


def read_query(typed: str) -> Query:
    """The words of a search, those that are the same once; what is longer than a search is cut."""
    parts = [folded(part).strip(PUNCTUATION) for part in typed[:LONGEST_QUERY].replace("\0", " ").split()]
    return Query(tuple(dict.fromkeys(part for part in parts if part))[:MOST_WORDS])


def score(query: Query, text: str, title: str) -> float:
    """The rank of a passage, higher is better; text and title folded. Zero when its own words answer nothing."""
    total, present = 0.0, []
    for word in query.words:
        at = text.find(word)
        total += 10.0 if word in title else 0.0
        if at >= 0:
            present.append(word)
            total += 6.0 + 2.0 * math.log2(1 + min(text.count(word), 8)) + 2.0 / (1 + at / 30)
    if not present:
        return 0.0
    if len(present) > 1:
        total += 12.0 / (1 + _gap(text, present) / 12)
        total += 6.0 if "".join(query.words) in text else 0.0
    return total + 3.0 * 150 / (150 + len(text))


def near(query: Query, text: str, title: str) -> float:
    """The rank of a passage that has only some of the pairs of characters: how many, and how near to each other."""
    present = [piece for piece in query.pieces if piece in text]
    if not present:
        return 0.0
    total = 10.0 * len(present) / len(query.pieces) + 6.0 / (1 + _gap(text, present) / 24)
    return total + 2.0 * sum(piece in title for piece in query.pieces) / len(query.pieces) + 150 / (150 + len(text))


def _gap(text: str, words: Sequence[str]) -> int:
    """The fewest characters that stand between the words where they stand closest together."""
    places = sorted((at, word) for word in dict.fromkeys(words) for at in _places(text, word))
    needed, have, best, left = len(set(words)), dict[str, int](), len(text), 0
    for at, word in places:
        have[word] = have.get(word, 0) + 1
        while len(have) == needed:
            first, gone = places[left]
            best = min(best, at + len(word) - first)
            have[gone] -= 1
            if not have[gone]:
                del have[gone]
            left += 1
    return max(0, best - sum(map(len, set(words))))


def _places(text: str, word: str, most: int = 12) -> list[int]:
    found: list[int] = []
    at = text.find(word)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(word, at + 1)
    return found


def marked(line: str, words: Sequence[str], width: int = 70) -> list[tuple[str, bool]]:
    """A line cut to about ``width`` characters around its first hit, in pieces (text, is it a hit)."""
    lowered = line.lower()
    wanted = [word for word in words if word in lowered]
    first = min((lowered.find(word) for word in wanted), default=0)
    start = max(0, min(first - width // 3, len(line) - width)) if len(line) > width else 0
    shown = line[start : start + width]
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = 0
    while at < len(shown):
        hits = [(shown.lower().find(word, at), -len(word), word) for word in wanted]
        hits = [hit for hit in hits if hit[0] >= 0]
        if not hits:
            break
        place, _, word = min(hits)
        if place > at:
            pieces.append((shown[at:place], False))
        pieces.append((shown[place : place + len(word)], True))
        at = place + len(word)
    pieces.append((shown[at:] + ("…" if start + width < len(line) else ""), False))
    return [piece for piece in pieces if piece[0]]
