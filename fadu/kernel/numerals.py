"""Whole numbers as they come in addresses and hidden fields [pure]."""

LONGEST = 18  # digits; fits the keys of the database, and no program makes a longer one


def whole(text: str) -> int | None:
    """The number that ``text`` writes in plain digits; None for anything else, and for what is too long to be a key."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None
