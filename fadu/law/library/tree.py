"""A statute's text as a tree of 编, 章, 节, 条, 款, 项, 目, and the same tree printed as Markdown [pure]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from fadu.kernel.hashing import canonical, sha256_text
from fadu.law.citations import in_numerals


class Level(Enum):
    """The kinds of headings; the value is their rank from the widest to the narrowest."""

    PART = 0
    SUBPART = 1
    CHAPTER = 2
    SECTION = 3

    @property
    def sign(self) -> str:
        """The character behind the number."""
        return ("编", "分编", "章", "节")[self.value]


@dataclass(frozen=True)
class Subitem:
    """目"""

    number: int
    text: str


@dataclass(frozen=True)
class Item:
    """项"""

    number: int
    text: str
    subitems: tuple[Subitem, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """款: its words and the items under them."""

    text: str
    items: tuple[Item, ...] = ()

    @property
    def lines(self) -> list[str]:
        """Its words, then those of each item and sub-item, without their printed numbers."""
        below = [line for item in self.items for line in (item.text, *(sub.text for sub in item.subitems))]
        return [self.text, *below]


@dataclass(frozen=True)
class Heading:
    """第一章 总则; number is None for a heading without one (附则 of the Criminal Law)."""

    level: Level
    number: int | None
    title: str

    def __str__(self) -> str:
        return f"{self.label} {self.title}".strip()

    @property
    def label(self) -> str:
        """第一章; empty without a number."""
        return f"第{in_numerals(self.number)}{self.level.sign}" if self.number else ""


@dataclass(frozen=True)
class Clause:
    """条: number and 之一, the headings above it (indexes into ``StatuteText.headings``) and its paragraphs."""

    number: int
    bis: int | None
    path: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def key(self) -> str:
        """As in ``Article.key``: 57, 134-1."""
        return f"{self.number}-{self.bis}" if self.bis else str(self.number)

    @property
    def plain(self) -> str:
        """All its words, one line for each 款, 项 and 目, with their printed numbers."""
        return "\n".join(_lines(self.paragraphs))


@dataclass(frozen=True)
class Annex:
    """An annex 附件 or 附表 with its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class StatuteText:
    """One version of a statute as printed.

    notes: the lines under the title that tell of adoption and amendment (题注); preamble: what stands before the first
    article; listed: whether its articles are numbered 一、二、 (decisions, older interpretations) and not 第一条.
    """

    title: str
    notes: tuple[str, ...]
    preamble: tuple[str, ...]
    headings: tuple[Heading, ...]
    clauses: tuple[Clause, ...]
    annexes: tuple[Annex, ...]
    footnotes: tuple[str, ...] = ()
    listed: bool = False

    @property
    def digest(self) -> str:
        """sha256 of everything in it: equal texts have equal digests, however their files are laid out."""
        return sha256_text(canonical(_plain(self)))

    def label(self, clause: Clause) -> str:
        """第一百三十四条之一, or 三、 where articles are numbered so."""
        return label_of(clause.number, clause.bis, listed=self.listed)


def label_of(number: int, bis: int | None, *, listed: bool = False) -> str:
    """How an article is headed in print."""
    if listed:
        return f"{in_numerals(number)}、"
    return f"第{in_numerals(number)}条" + (f"之{in_numerals(bis)}" if bis else "")


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _lines(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield paragraph.text
        for item in paragraph.items:
            yield f"（{in_numerals(item.number)}）{item.text}"
            for subitem in item.subitems:
                yield f"{subitem.number}.{subitem.text}"


# --- as rows hold it ------------------------------------------------------------------------------------------------


def as_json(paragraphs: tuple[Paragraph, ...]) -> list[list[object]]:
    """Paragraphs as a JSON column holds them: [text, [[number, text, [[number, text]]]]]."""
    return [
        [p.text, [[i.number, i.text, [[s.number, s.text] for s in i.subitems]] for i in p.items]] for p in paragraphs
    ]


def from_json(value: list[list[object]]) -> tuple[Paragraph, ...]:
    """The paragraphs again."""
    read: list[Paragraph] = []
    for text, items in value:
        assert isinstance(items, list)
        read.append(
            Paragraph(str(text), tuple(Item(n, t, tuple(Subitem(*sub) for sub in subs)) for n, t, subs in items))
        )
    return tuple(read)


# --- in print -------------------------------------------------------------------------------------------------------


def markdown(text: StatuteText) -> str:
    """The text as a Markdown file that the importer reads back to the same tree."""
    blocks = [f"# {text.title}", *text.notes, "<!-- INFO END -->", *text.preamble]
    shown: set[int] = set()
    for clause in text.clauses:
        blocks += _headings(text, clause.path, shown)
        first, *rest = clause.plain.split("\n")
        label = text.label(clause)
        blocks += [label + ("" if text.listed else " ") + first, *rest]
    for annex in text.annexes:
        blocks += [f"## {annex.title}", *annex.lines]
    return "\n\n".join([*blocks, *text.footnotes]) + "\n"


def _headings(text: StatuteText, path: tuple[int, ...], shown: set[int]) -> Iterator[str]:
    # A heading without articles of its own stands before the next one that has some.
    for index in range(path[-1] + 1 if path else 0):
        if index not in shown:
            shown.add(index)
            heading = text.headings[index]
            yield f"{'#' * (heading.level.value + 2)} {heading}"
