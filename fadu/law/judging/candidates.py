"""Which provisions may bear the sanctions: those cited, alike ones once, those that go together, those referred to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fadu.law.citations import Article
from fadu.law.judging.book import Book
from fadu.law.judging.clauses import assumptions, reached
from fadu.law.judging.competence import competence
from fadu.law.judging.question import Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import Kind, Measure, Provision, Sanction


@dataclass(frozen=True)
class Candidate:
    """A provision to be weighed, or None where there is nothing to weigh; findings that hold for it in any case."""

    provision: Provision | None
    findings: tuple[Finding, ...] = ()


def candidates(provisions: tuple[Provision, ...], asked: Question, book: Book) -> Iterator[Candidate]:
    """Everything of which one has to bear all sanctions."""
    for provision in (*_alike(provisions, asked), *_together(provisions, asked, book)):
        # A provision without fines of its own may send the fine to another one.
        if not any(s.fines for s in provision.sanctions):
            yield from _referred(provision, asked, book)
        if provision.kind is not Kind.REFERRAL:
            yield Candidate(provision)


def _alike(provisions: tuple[Provision, ...], asked: Question) -> Iterator[Provision]:
    """The provisions, those with the same sanctions as one, at the place that was cited."""
    groups: dict[tuple[object, ...], list[Provision]] = {}
    for row in provisions:
        groups.setdefault((row.kind, row.article.paragraph, row.sanctions), []).append(row)
    for rows in groups.values():
        first = rows[0].article
        cited = Article(first.statute, first.number, None, first.paragraph, asked.item)
        yield rows[0] if len(rows) == 1 else replace(rows[0], article=cited)


def _together(provisions: tuple[Provision, ...], asked: Question, book: Book) -> Iterator[Provision]:
    """Paragraphs that apply to the same act, as one candidate where the citation leaves the paragraph open."""
    if asked.paragraph is not None or len(provisions) < 2:
        return
    version = book.version(provisions[0].article.statute, asked.act_day or provisions[0].since)
    wanted = version.outline.together.get(asked.number, ()) if version else ()
    rows = [row for row in provisions if row.article.paragraph in wanted]
    if len(rows) > 1:
        first = rows[0]
        yield replace(first, article=first.article.whole, sanctions=tuple(s for row in rows for s in row.sanctions))


def _referred(provision: Provision, asked: Question, book: Book) -> Iterator[Candidate]:
    """What the provision refers to; what lies in laws, or in versions of that day, that are not held cannot be told."""
    on = asked.act_day or provision.since
    for clause in provision.sanctions:
        if not (clause.refers or clause.beyond):
            continue
        if not any(reached(clause, stages, asked) for stages in assumptions(provision, asked)):
            continue
        faults = tuple(competence(provision, asked, [clause]))
        held = [book.version(article.statute, on) is not None for article in clause.refers]
        for article in clause.refers:
            for row in book.referred(article, on):
                if row.kind is Kind.PENALTY:
                    yield Candidate(replace(row, sanctions=tuple(_borne(s, clause) for s in row.sanctions)), faults)
        if clause.beyond or not all(held):
            text = f"{provision.article}依照其他法律、法规处罚，系统没有收录那里当时的幅度，不能判断"
            yield Candidate(None, faults or (Finding(Code.REFERRED_LAW_NOT_HELD, text, provision.article, True),))


def _borne(sanction: Sanction, clause: Sanction) -> Sanction:
    """The sanction as the referring clause bears it: who decides under that clause decides, but for arrest and closure."""
    if not clause.organs or sanction.all_measures & {Measure.DETENTION, Measure.CLOSURE}:
        return sanction
    return replace(sanction, organs=clause.organs)
