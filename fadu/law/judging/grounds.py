"""Grounds for a fine below the range, as they are cited: 行政处罚法 30, 31 and 32 with its five items. Pure."""

import re

from fadu.law.citations import CitationError, from_numerals

_NUMERAL = r"([0-9〇零一二两三四五六七八九十]+)"
_CITED = re.compile(
    rf"(?:《?(?:中华人民共和国)?行政处罚法》?)?(?:（[^（）]*）)?第?{_NUMERAL}条?(?:第[一1]款)?"
    rf"(?:第?[（(]?{_NUMERAL}[）)]?项?|[.．,，、-]{_NUMERAL})?(?:规定|情形)*"
)
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
ITEMS = 5


def ground(entry: str) -> str | None:
    """The ground that an entry cites, as 30, 31, 32 or 32.1 to 32.5; None for what is no ground of mitigation.

    第三十三条 is none: it leads to no penalty at all, not to a lower one.
    """
    match = _CITED.fullmatch(re.sub(r"\s", "", entry.translate(_WIDE)))
    if not match:
        return None
    try:
        article = from_numerals(match[1])
        item = from_numerals(match[2] or match[3]) if match[2] or match[3] else None
    except CitationError:
        return None
    if article in (30, 31):
        return str(article)
    if article != 32 or (item is not None and not 1 <= item <= ITEMS):
        return None
    return f"32.{item}" if item else "32"
