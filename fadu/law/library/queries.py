"""What is asked of the library: which text holds on a day, one article of it, and a search by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from fadu.kernel.grams import folded
from fadu.law import models
from fadu.law import queries as facts
from fadu.law.citations import Article, CitationError, Statute, statute_named
from fadu.law.library.models import Passage, PassageKind, StatuteText
from fadu.law.library.ranking import Query, marked, near, read_query, score

# So many candidates are ranked with all care; the database puts the likeliest first.
RANKED = 200


# --- texts ----------------------------------------------------------------------------------------------------------


def statute_by_code(code: str) -> Statute:
    """The statute of a code: one that code cites, or one that was imported; CitationError when there is none."""
    try:
        return statute_named(code)
    except CitationError:
        row = models.StatuteVersion.objects.filter(code=code).order_by("-since").first()
        if row is None:
            raise
        return row.statute


def imported_statutes() -> list[Statute]:
    """The statutes that no code cites, as they came in."""
    rows = models.StatuteVersion.objects.filter(code__startswith="S-").order_by("code", "-since").distinct("code")
    return [row.statute for row in rows]


def versions_of(code: str) -> list[models.StatuteVersion]:
    """The versions of a statute, the oldest first, each with its text if there is one."""
    rows = models.StatuteVersion.objects.filter(code=code).order_by("since").select_related("text")
    return list(rows)


def text_of(version: models.StatuteVersion) -> StatuteText | None:
    """The text of a version, None when it was not imported."""
    try:
        return version.text
    except StatuteText.DoesNotExist:
        return None


@dataclass(frozen=True)
class AsOf:
    """A statute on a day. version: the one in force, None when none was; text: its text, None when not imported."""

    statute: Statute
    on: date
    versions: list[models.StatuteVersion]
    version: models.StatuteVersion | None
    text: StatuteText | None

    @property
    def others(self) -> list[models.StatuteVersion]:
        """The versions whose text is at hand, without the one in force."""
        return [v for v in self.versions if v != self.version and text_of(v)]


def as_of(statute: Statute, on: date) -> AsOf:
    """The version in force on a day and its text."""
    versions = versions_of(statute.code)
    held = [v for v in versions if v.since <= on and (v.until is None or on < v.until)]
    version = held[-1] if held else None
    return AsOf(statute, on, versions, version, text_of(version) if version else None)


def passage_of(text: StatuteText, article: Article) -> Passage | None:
    """The article in a text, None when the text has none of that number."""
    found = text.passages.filter(kind=PassageKind.CLAUSE, number=article.number, bis=article.bis or 0)
    passage = found.first()
    if passage:
        passage.text = text
    return passage


def neighbours(passage: Passage) -> tuple[Passage | None, Passage | None]:
    """The articles before and after."""
    clauses: QuerySet[Passage] = passage.text.passages.filter(kind=PassageKind.CLAUSE)
    near_by = {row.order: row for row in clauses.filter(order__in=(passage.order - 1, passage.order + 1))}
    return near_by.get(passage.order - 1), near_by.get(passage.order + 1)


def has_texts() -> bool:
    """Whether any text has been imported."""
    return StatuteText.objects.exists()


# --- search ---------------------------------------------------------------------------------------------------------


class Hit(NamedTuple):
    """A passage that answers a search: where it stands and its best line, in pieces (text, is it a hit)."""

    code: str
    short: str
    key: str
    label: str
    heading: str
    line: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """The answer to a search. total: how many passages; loose: none had the words as typed, these have most of them."""

    statutes: list[models.StatuteVersion]
    hits: list[Hit]
    total: int
    loose: bool = False


_COLUMNS = "p.id, v.code, v.short, p.search_text"
_FROM = """
FROM law_passage p JOIN law_statutetext t ON t.id = p.text_id JOIN law_statuteversion v ON v.id = t.version_id
WHERE v.since <= %s AND (v.until IS NULL OR v.until > %s)"""
_STATED = f"""
SELECT {_COLUMNS}, count(*) OVER () {_FROM} AND p.grams @> %s::varchar[] {{words}}
ORDER BY {{often}} DESC, p.id LIMIT {RANKED}"""
# As many of the pairs of characters as possible, and more than half of them.
_LOOSE = f"""
SELECT *, count(*) OVER () FROM (
  SELECT {_COLUMNS}, {{matched}} AS matched {_FROM} AND p.grams && %s::varchar[]
) found WHERE matched >= %s ORDER BY matched DESC, octet_length(search_text), id LIMIT {RANKED}"""


def search(typed: str, on: date, *, first: int = 0, most: int = 20) -> Found:
    """Statutes and articles in force on a day that answer the words, the best first; ``first`` is the offset of a page.

    Every word has to stand in the article or in the statute's name, one at least in the article. When no article has
    them as typed, those follow that have most of their pairs of neighbouring characters.
    """
    query = read_query(typed)
    if not query.words:
        return Found([], [], 0)
    titles = _titles(query, on)
    if not query.usable:
        return Found(titles, [], 0)
    rows, total = _stated(query, on)
    loose = not rows
    if loose and not titles:
        rows, total = _loose(query, on)
    weigh = near if loose else score
    ranked = sorted(
        ((weigh(query, text, folded(short)), pk) for pk, _, short, text in rows), key=lambda r: (-r[0], r[1])
    )
    chosen = [pk for value, pk in ranked if value][first : first + most]
    words = query.pieces if loose else query.words
    return Found(titles, _hits(chosen, words), total, loose and bool(chosen))


def _titles(query: Query, on: date) -> list[models.StatuteVersion]:
    """The statutes whose name has every word, each in the version in force or else the last."""
    found: dict[str, tuple[int, str]] = {}
    rows = models.StatuteVersion.objects.order_by("since").values_list("pk", "code", "title", "since")
    for pk, code, title, since in rows:
        if code not in found or since <= on:
            found[code] = pk, folded(title)
    named = [pk for pk, title in found.values() if all(word in title for word in query.words)]
    if not named:
        return []
    return sorted(models.StatuteVersion.objects.filter(pk__in=named), key=lambda row: (len(row.short), row.code))[:8]


def _stated(query: Query, on: date) -> tuple[list[Any], int]:
    words = "".join(
        " AND (strpos(p.search_text, %s) > 0 OR strpos(translate(v.short, '（）', '()'), %s) > 0)" for _ in query.words
    )
    words += " AND (" + " OR ".join("strpos(p.search_text, %s) > 0" for _ in query.words) + ")"
    often = " + ".join(
        "(octet_length(p.search_text) - octet_length(replace(p.search_text, %s, ''))) / (octet_length(p.search_text) + 300.0::float8)"
        for _ in query.words
    )
    parameters = [on, on, query.pieces, *(w for word in query.words for w in (word, word)), *query.words, *query.words]
    return _rows(_STATED.format(words=words, often=often), parameters)


def _loose(query: Query, on: date) -> tuple[list[Any], int]:
    pieces = query.pieces
    matched = " + ".join("(strpos(p.search_text, %s) > 0)::int" for _ in pieces)
    least = len(pieces) // 2 + 1
    rows, total = _rows(_LOOSE.format(matched=matched), [*pieces, on, on, pieces, least])
    return [row[:4] for row in rows], total


def _rows(sql: str, parameters: list[Any]) -> tuple[list[Any], int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return [row[:4] for row in rows], rows[0][-1] if rows else 0


def _hits(keys: Sequence[int], words: Sequence[str]) -> list[Hit]:
    rows = Passage.objects.filter(pk__in=keys).select_related("text__version").defer("grams", "search_text")
    found = {row.pk: row for row in rows}
    return [_hit(found[key], words) for key in keys if key in found]


def _hit(passage: Passage, words: Sequence[str]) -> Hit:
    version = passage.text.version
    lines = [line for paragraph in passage.paragraphs for line in paragraph.lines if line]
    best = max(lines, key=lambda line: sum(word in line.lower() for word in words), default="")
    headings = passage.text.headings
    heading = str(headings[passage.path[-1]]) if passage.path else ""
    key = passage.key if passage.kind == PassageKind.CLAUSE else ""
    return Hit(version.code, version.short, key, passage.label, heading, marked(best, words))


def provisions_with(typed: str, on: date, most: int = 8) -> list[models.Provision]:
    """Penalty provisions in force on a day whose violation has every word: found without any text imported."""
    rows = facts.provision_rows(on)
    for word in read_query(typed).words:
        rows = rows.filter(violation__icontains=word)
    return list(rows[:most])
