"""Bytes of strangers as text for a reader: decoded, never parsed, and nothing in it acts on the page that shows it [pure]."""

from __future__ import annotations

import unicodedata

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_CODECS = ("utf-8", "gb18030")  # the two in which weather offices write
_KEPT = "\n\t"


def legible(data: bytes, most: int) -> str:
    """The first ``most`` characters of ``data``; what cannot be decoded stands as �.

    Characters that show nothing, or that turn the order of others round, are written out as 〔U+202E〕: what a person judges
    must be what is there. Raises nothing.
    """
    data = data[: 4 * most]  # no codec here needs more bytes for a character
    text = _decoded(data).replace("\r\n", "\n")[:most]
    return "".join(
        f"〔U+{ord(char):04X}〕" if char not in _KEPT and unicodedata.category(char) in ("Cc", "Cf") else char
        for char in text
    )


def _decoded(data: bytes) -> str:
    """By the byte order mark, else by the first codec that fits; the end may be cut within a character."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    for codec in _CODECS:
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            if error.start >= len(data) - 3:
                return data[: error.start].decode(codec)
    return data.decode("utf-8", "replace")
