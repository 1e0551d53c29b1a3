"""Breaks names and codes into one- and two-character pieces, so that "contains" can use an index [pure].

PostgreSQL as it comes in the wheel has no pg_trgm; a substring of two or more characters always shares all its
two-character pieces with the text it occurs in.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise


def folded(text: str) -> str:
    """The text as it is compared: half-width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def grams(*texts: str) -> list[str]:
    """All pieces of the texts, for the index; sorted, so that equal texts give equal rows."""
    pieces: set[str] = set()
    for text in map(folded, texts):
        pieces.update(text)
        pieces.update(first + second for first, second in pairwise(text))
    return sorted(pieces)


def needed(query: str) -> list[str]:
    """The pieces every text that contains `query` must have."""
    text = folded(query)
    return sorted({first + second for first, second in pairwise(text)}) if len(text) > 1 else list(text)
