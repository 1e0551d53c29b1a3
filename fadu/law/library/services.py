"""Acts on the library: import statute texts, one transaction a file, and keep the versions of a statute in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from django.db import connection, transaction

from fadu.kernel import clock
from fadu.kernel.grams import folded, grams
from fadu.kernel.hashing import sha256_text
from fadu.law import models
from fadu.law.citations import CitationError, statute_named
from fadu.law.library.dating import Facts, facts_of, plain_title
from fadu.law.library.files import Malformed, Problem, unit_of
from fadu.law.library.models import Passage, PassageKind, PendingText, StatuteText
from fadu.law.library.parsing import Parsed, parse_file
from fadu.law.library.tree import StatuteText as Tree
from fadu.law.library.tree import as_json
from fadu.record import privacy
from fadu.record.actor import Actor
from fadu.record.services import write

Outcome = Literal["added", "updated", "unchanged", "refused"]
# How long an upload waits for its confirmation.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """A file to be imported; since: the day it comes into force, where the administrator says it."""

    name: str
    content: bytes
    since: date | None = None


@dataclass(frozen=True)
class Imported:
    """What became of a file, or (in a preview) would become of it.

    code: of the statute; new_version: the register did not hold this version; replaced: how many articles stood there.
    """

    file: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    code: str = ""
    title: str = ""
    event: str = ""
    since: date | None = None
    clauses: int = 0
    new_version: bool = False
    replaced: int = 0

    @property
    def unit(self) -> str:
        """What the lines of this file are called."""
        return unit_of(self.file)

    def as_record(self) -> dict[str, object]:
        """As the command prints it in JSON."""
        told = {"problems": self.problems, "warnings": self.warnings}
        return {
            "file": self.file,
            "outcome": self.outcome,
            "statute": self.code,
            "title": self.title,
            "version": self.event,
            "since": self.since.isoformat() if self.since else None,
            "articles": self.clauses,
            "new_version": self.new_version,
            **{name: [{"line": p.line, "message": p.message} for p in found] for name, found in told.items()},
        }


# --- import ---------------------------------------------------------------------------------------------------------


def import_texts(sources: Iterable[Source], by: Actor) -> list[Imported]:
    """Import each file in a transaction of its own: every good one goes in, a bad one is reported and leaves nothing.

    A text that stands already in just these words is left alone. What is added or replaced is written to the record.
    """
    done: list[Imported] = []
    for source in sources:
        try:
            with transaction.atomic():
                done.append(_import(source, by, done))
        except Malformed as error:
            done.append(Imported(source.name, "refused", error.problems))
    return done


def preview_texts(sources: Iterable[Source]) -> list[Imported]:
    """What ``import_texts`` would do, without writing."""
    found: list[Imported] = []
    for source in sources:
        try:
            found.append(_prepare(source, found).outcome)
        except Malformed as error:
            found.append(Imported(source.name, "refused", error.problems))
    return found


@dataclass(frozen=True)
class _Prepared:
    outcome: Imported
    parsed: Parsed
    facts: Facts
    version: models.StatuteVersion | None


def _prepare(source: Source, done: list[Imported]) -> _Prepared:
    """Read the file and find its place among the versions; Malformed when it has none."""
    parsed = parse_file(source.name, source.content)
    facts = facts_of(parsed.text, source.name)
    code = _code(facts.title)
    version = _version(code, facts, source.since)
    since = source.since or (version.since if version else facts.since)
    if since is None:
        sentence = (
            "看不出施行日期：题注、正文和文件名里都没有。请写在文件名末尾，如“…(2024-01-01)”，或者另行指定施行日期"
        )
        raise Malformed(Problem(0, sentence))
    same = next((d for d in done if (d.code, d.since) == (code, since) and d.outcome != "refused"), None)
    if same:
        raise Malformed(Problem(0, f"与“{same.file}”是同一部法律的同一个版本，一次只能导入其中一个"))
    present = StatuteText.objects.filter(version=version).first() if version else None
    unchanged = present is not None and present.digest == parsed.text.digest
    warnings = parsed.warnings
    if version is None and facts.presumed and not source.since:
        sentence = f"这个版本的施行日期没有写明，暂按{since.isoformat()}（修改、公布的日期）登记，请核对"
        warnings = (*warnings, Problem(0, sentence))
    outcome = Imported(
        source.name,
        "unchanged" if unchanged else "updated" if present else "added",
        warnings=warnings,
        code=code,
        title=facts.title,
        event=version.event if version else facts.event,
        since=since,
        clauses=len(parsed.text.clauses),
        new_version=version is None,
        replaced=present.clause_count if present else 0,
    )
    return _Prepared(outcome, parsed, facts, version)


def _import(source: Source, by: Actor, done: list[Imported]) -> Imported:
    with connection.cursor() as cursor:
        # Two imports at once: the second waits here, and then sees what the first has written.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('law.library'))")
    found = _prepare(source, done)
    outcome = found.outcome
    if outcome.outcome == "unchanged":
        return outcome
    version = found.version or _add_version(outcome, found.facts, given=source.since is not None)
    before = StatuteText.objects.filter(version=version).first()
    if before:
        before.delete()
    _store(version, found.parsed.text, source.name, by)
    digest = found.parsed.text.digest
    write(
        f"law.statute/{outcome.code}",
        actor=by,
        act="law.import_text",
        title="导入法律文本",
        on=clock.today(),
        before={"text": before.digest, "articles": before.clause_count} if before else {},
        after={
            "title": outcome.title,
            "since": version.since,
            "text": digest,
            "articles": outcome.clauses,
            "file": privacy.redacted(source.name),
        },
        matter_title=outcome.title,
    )
    return outcome


def _code(title: str) -> str:
    """The code of a statute by its title: the one that code cites it by, or one made from the title."""
    plain = plain_title(title)
    try:
        return statute_named(plain).code
    except CitationError:
        return f"S-{sha256_text(plain)[:12]}"


def _version(code: str, facts: Facts, since: date | None) -> models.StatuteVersion | None:
    """The version in the register that this text is of; the day in the file's name goes before the notes."""
    rows = list(models.StatuteVersion.objects.filter(code=code).order_by("since"))
    if since:
        return next((row for row in rows if row.since == since), None)
    for day in (facts.named, facts.adopted, facts.since):
        if day and (found := next((row for row in rows if day in (row.adopted, row.since)), None)):
            return found
    return None


def _add_version(outcome: Imported, facts: Facts, *, given: bool) -> models.StatuteVersion:
    assert outcome.since is not None
    known = models.StatuteVersion.objects.filter(code=outcome.code).first()
    presumed = facts.presumed and not given
    version = models.StatuteVersion.objects.create(
        code=outcome.code,
        title=known.title if known else facts.title,
        short=known.short if known else facts.short[:80],
        kind=known.kind if known else facts.kind,
        issuer=(known.issuer if known else facts.issuer)[:80],
        event=facts.event,
        number=facts.number[:60],
        adopted=facts.adopted,
        since=outcome.since,
        source="导入时指定" if given else "施行日期按修改、公布日期推定" if presumed else f"导入文本的{facts.basis}",
        confidence="memory" if presumed else "text",
        shipped=False,
    )
    close_versions([outcome.code])
    return version


def close_versions(codes: Iterable[str] | None = None) -> None:
    """Let every version of the statutes (of all with imported versions) end where the next one comes into force."""
    if codes is None:
        imported = models.StatuteVersion.objects.filter(shipped=False)
        codes = list(imported.values_list("code", flat=True).distinct())
    for code in codes:
        rows = list(models.StatuteVersion.objects.filter(code=code).order_by("since"))
        for row, following in pairwise(rows):
            if row.until is None or row.until > following.since:
                models.StatuteVersion.objects.filter(pk=row.pk).update(until=following.since)


def adopt_versions(registered: Iterable[tuple[str, str, str]]) -> None:
    """Give versions that came in under a made-up code the code under which the program now cites their statute.

    registered: code, title and short name of every statute of the register.
    """
    for code, title, short in registered:
        made_up = models.StatuteVersion.objects.filter(code=f"S-{sha256_text(plain_title(title))[:12]}")
        made_up.update(code=code, title=title, short=short)


# --- rows -----------------------------------------------------------------------------------------------------------


def _store(version: models.StatuteVersion, tree: Tree, name: str, by: Actor) -> None:
    text = StatuteText.objects.create(
        version=version,
        title=tree.title,
        notes=list(tree.notes),
        outline=[[heading.level.name, heading.number, heading.title] for heading in tree.headings],
        footnotes=list(tree.footnotes),
        listed=tree.listed,
        clause_count=len(tree.clauses),
        digest=tree.digest,
        file_name=privacy.redacted(name)[:255],
        imported_by=str(by)[:100],
    )
    Passage.objects.bulk_create(_passages(text, tree, version.short))


def _passages(text: StatuteText, tree: Tree, short: str) -> list[Passage]:
    rows: list[dict[str, Any]] = []
    if tree.preamble:
        rows.append({"kind": PassageKind.PREAMBLE, "label": "序言", "body": _loose(tree.preamble)})
    for clause in tree.clauses:
        rows.append(
            {
                "kind": PassageKind.CLAUSE,
                "number": clause.number,
                "bis": clause.bis or 0,
                "label": tree.label(clause),
                "path": list(clause.path),
                "body": as_json(clause.paragraphs),
            }
        )
    rows += [{"kind": PassageKind.ANNEX, "label": a.title[:120], "body": _loose(a.lines)} for a in tree.annexes]
    passages = [Passage(text=text, order=order, **row) for order, row in enumerate(rows)]
    for passage in passages:
        words = "\n".join(line for paragraph in passage.paragraphs for line in paragraph.lines)
        passage.search_text = folded(f"{passage.label}{words}")
        # A single character finds too much to be worth its place in the index.
        passage.grams = [piece for piece in grams(short, passage.search_text) if len(piece) == 2]
    return passages


def _loose(lines: Iterable[str]) -> list[list[object]]:
    return [[line, []] for line in lines]


# --- uploads --------------------------------------------------------------------------------------------------------


def keep_pending(sources: Iterable[Source], user_id: int) -> None:
    """Keep uploads until the person confirms or discards them; those left lying for a day go."""
    PendingText.objects.filter(uploaded_at__lt=clock.now() - KEPT).delete()
    for source in sources:
        PendingText.objects.filter(user_id=user_id, name=source.name).delete()
        PendingText.objects.create(user_id=user_id, name=source.name[:255], content=source.content, since=source.since)


def pending(user_id: int) -> list[Source]:
    """The uploads of a person that wait."""
    rows = PendingText.objects.filter(user_id=user_id)
    return [Source(row.name, bytes(row.content), row.since) for row in rows]


def discard_pending(user_id: int) -> None:
    """Forget the uploads of a person."""
    PendingText.objects.filter(user_id=user_id).delete()
