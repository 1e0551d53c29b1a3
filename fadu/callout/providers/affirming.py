"""Whether what a person keyed or wrote back is an answer: 1 or 收到, and nothing else [pure]."""

from __future__ import annotations

import unicodedata

YES = frozenset({"1", "收到", "已收到", "我已收到", "应"})
BY_KEY, BY_REPLY = "按键", "短信回复"  # as they stand in answered_how


def affirms(text: str) -> bool:
    """Whether the text says yes, whatever width, spaces and full stops it has."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if letter.isalnum()) in YES
