"""The provisions that are held, ready to be looked up by statute, version and place. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from fadu.law.citations import Article, Statute
from fadu.law.content import outlines, penalties, versions
from fadu.law.provisions import Outline, Provision


@dataclass(frozen=True)
class Version:
    """One version of a statute with its outline and its provisions by article."""

    outline: Outline
    by_article: dict[int, tuple[Provision, ...]]

    def at(self, number: int, paragraph: int | None, item: int | None) -> tuple[Provision, ...]:
        """The provisions at a place; what is not given is any. A row that names no item holds for all of them."""
        shape = self.outline.articles.get(number, ())
        return tuple(
            row
            for row in self.by_article.get(number, ())
            if (paragraph is None or (row.article.paragraph or 1) == paragraph)
            and (
                item is None
                or row.article.item == item
                or (row.article.item is None and shape[(row.article.paragraph or 1) - 1] >= item)
            )
        )


class Book:
    """All versions that are held, by statute, oldest first; ended: the day on which a statute ceased to be in force."""

    def __init__(
        self, held: Iterable[Outline], provisions: Iterable[Provision], ended: dict[Statute, date] | None = None
    ) -> None:
        rows = list(provisions)
        self.ended = ended or {}
        self.versions: dict[Statute, tuple[Version, ...]] = {}
        for outline in sorted(held, key=lambda o: (o.statute.code, o.since)):
            by_article: defaultdict[int, list[Provision]] = defaultdict(list)
            for row in rows:
                if row.article.statute == outline.statute and row.since == outline.since:
                    by_article[row.article.number].append(row)
            version = Version(outline, {number: tuple(found) for number, found in by_article.items()})
            self.versions[outline.statute] = (*self.versions.get(outline.statute, ()), version)

    def version(self, statute: Statute, on: date) -> Version | None:
        """The version in force on a day, None when none is held."""
        return next((v for v in self.versions.get(statute, ()) if v.outline.in_force(on)), None)

    def successors(self, provision: Provision, on: date) -> tuple[Provision, ...]:
        """The provisions in force on a later day that took the place of this one: same paragraph of the next article."""
        mine, paragraph = provision.article, provision.article.paragraph or 1
        return tuple(
            row
            for versions in self.versions.values()
            for version in versions
            if version.outline.replaced == mine.statute
            and version.outline.since > provision.since
            and version.outline.in_force(on)
            for new, old in version.outline.replaces.items()
            if old == mine.number
            for row in version.at(new, paragraph, None)
        )

    def predecessors(self, provision: Provision, outline: Outline, on: date) -> tuple[Provision, ...]:
        """The provisions in force on an earlier day whose place this one took."""
        old = outline.replaces.get(provision.article.number)
        former = self.version(outline.replaced, on) if outline.replaced and old else None
        if former is None or old is None:
            return ()
        rows = former.at(old, provision.article.paragraph or 1, None)
        return tuple(row for row in rows if row.in_force(on))

    def referred(self, article: Article, on: date) -> tuple[Provision, ...]:
        """The provisions in force on a day at a place that another provision refers to."""
        version = self.version(article.statute, on)
        rows = version.at(article.number, article.paragraph, article.item) if version else ()
        return tuple(row for row in rows if row.in_force(on))


@cache
def shipped() -> Book:
    """The book of the content files that come with the software; read once."""
    last = {version.statute: version.until for version in versions.versions()}
    ended = {statute: until for statute, until in last.items() if until}
    return Book(outlines.outlines(), (sourced.provision for sourced in penalties.provisions()), ended)
