"""How an article stands on a page: its 款, 项 and 目 in pieces, citations in its words as links [pure]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fadu.law.citations import Article, Statute, in_numerals, parse_all
from fadu.law.library.citing import place_in
from fadu.law.library.tree import Paragraph

_N = r"[零一二三四五六七八九十百千]+"
_OWN = re.compile(rf"本(?:法|条例|规定|办法|解释)(第{_N}条(?:之{_N})?(?:第{_N}款)?(?:第（?{_N}）?项)?)")


@dataclass(frozen=True)
class Words:
    """A piece of text and, where it cites an article, that article's address."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class ShownLine:
    """A 项 or 目: its printed number, its words, whether it is what was asked for."""

    label: str
    words: list[Words]
    here: bool
    below: list[ShownLine]


@dataclass(frozen=True)
class ShownParagraph:
    """A 款; number: its place, shown where there are several."""

    number: int
    words: list[Words]
    here: bool
    items: list[ShownLine]


def shown(
    paragraphs: Iterable[Paragraph], cited: Article | None = None, link: Callable[[Article], str] | None = None
) -> list[ShownParagraph]:
    """The paragraphs for a page; cited: the place to be marked in them; link: the address of a cited article."""

    def words(text: str) -> list[Words]:
        return linked(text, cited.statute, link) if cited and link else [Words(text)]

    rows = tuple(paragraphs)
    found = []
    for number, paragraph in enumerate(rows, start=1):
        # 第五十九条第六项: an item without a paragraph is meant where only one paragraph has items.
        in_it = cited is not None and cited.paragraph in (number, None)
        here = in_it and cited is not None and cited.paragraph == number and cited.item is None
        items = [
            ShownLine(
                f"（{in_numerals(item.number)}）",
                words(item.text),
                in_it and cited is not None and (cited.item, cited.subitem) == (item.number, None),
                [
                    ShownLine(
                        f"{sub.number}.",
                        words(sub.text),
                        in_it and cited is not None and (cited.item, cited.subitem) == (item.number, sub.number),
                        [],
                    )
                    for sub in item.subitems
                ],
            )
            for item in paragraph.items
        ]
        found.append(ShownParagraph(number, words(paragraph.text), here, items))
    return found


def holds(paragraphs: tuple[Paragraph, ...], cited: Article) -> bool:
    """Whether the article has the paragraph, item and sub-item that are cited."""
    if cited.paragraph and cited.paragraph > len(paragraphs):
        return False
    if cited.item is None:
        return True
    within = [paragraphs[cited.paragraph - 1]] if cited.paragraph else paragraphs
    items = [item for paragraph in within for item in paragraph.items if item.number == cited.item]
    if cited.subitem is None:
        return bool(items)
    return any(sub.number == cited.subitem for item in items for sub in item.subitems)


def linked(text: str, statute: Statute, link: Callable[[Article], str]) -> list[Words]:
    """A text in pieces, its citations of registered statutes and of itself (本法第…条) with their addresses."""
    places = [(found.start, found.end, found.article) for found in parse_all(text)]
    for match in _OWN.finditer(text):
        if own := place_in(statute, match[1]):
            places.append((match.start(), match.end(), own))
    pieces: list[Words] = []
    at = 0
    for start, end, article in sorted(places, key=lambda place: place[:2]):
        if start < at:
            continue
        if start > at:
            pieces.append(Words(text[at:start]))
        pieces.append(Words(text[start:end], link(article)))
        at = end
    if at < len(text):
        pieces.append(Words(text[at:]))
    return pieces
