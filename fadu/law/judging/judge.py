"""The judgment of a case: true if some candidate allows every sanction, false if none does, None if it cannot be told."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from fadu.law.judging import numbers as of_numbers
from fadu.law.judging.book import Book, shipped
from fadu.law.judging.candidates import candidates
from fadu.law.judging.clauses import Stages, assumptions
from fadu.law.judging.competence import competence
from fadu.law.judging.duties import omissions
from fadu.law.judging.enforcing import additional_fine, daily_fine
from fadu.law.judging.fines import entity_fine, person_fines
from fadu.law.judging.limitation import limitation
from fadu.law.judging.measures import measures
from fadu.law.judging.numbers import Numbers
from fadu.law.judging.procedure import procedure
from fadu.law.judging.question import Question
from fadu.law.judging.ranges import scenarios, unknowns
from fadu.law.judging.reasons import Code, Finding, Judgment
from fadu.law.judging.standing import standing
from fadu.law.provisions import Basis, FineRange, FineType, Grade, Measure, Provision, Stage

UNKNOWN = {
    Code.GAINS_UNKNOWN: "没有认定违法所得（没有的填0），罚款幅度和没收取决于它",
    Code.INCOME_UNKNOWN: "没有认定上一年年收入，罚款幅度取决于它",
    Code.GOODS_UNKNOWN: "没有认定货值金额，罚款幅度取决于它",
}


def judge(asked: Question, book: Book | None = None, numbers: Numbers | None = None) -> Judgment:
    """Whether the sanctions of the case are lawful, with every reason why not.

    Faults of procedure and of enforcement make them unlawful whatever the provision; then one of the provisions cited,
    at one of the stages that the case leaves open, has to bear all of them.
    """
    book, numbers = book or shipped(), numbers or of_numbers.shipped()
    found = standing(asked, book)
    general = [
        *procedure(asked, numbers),
        *limitation(asked, numbers, accident=_accident(found.provisions, asked)),
        *additional_fine(asked, numbers),
        *daily_fine(asked),
    ]
    special = list(found.findings) if not found.provisions else _best(found.provisions, asked, book)
    findings = [*general, *special]
    if any(not finding.undecided for finding in findings):
        return Judgment(False, tuple(dict.fromkeys(f for f in findings if not f.undecided)))
    if findings:
        return Judgment(None, tuple(dict.fromkeys(findings)))
    return Judgment(True)


def _accident(provisions: Iterable[Provision], asked: Question) -> bool:
    """Whether the case is one of an accident: its grade is given, or all that is cited speaks of accidents only."""
    rows = list(provisions)
    only = bool(rows) and all(all(s.stage is not Stage.IMMEDIATE for s in row.sanctions) for row in rows)
    return asked.facts.grade is not None or (
        only and any(s.stage is Stage.ACCIDENT for row in rows for s in row.sanctions)
    )


def _best(provisions: tuple[Provision, ...], asked: Question, book: Book) -> list[Finding]:
    """The findings of the candidate that comes nearest: none, else undecided ones, else the fewest faults."""
    nearest: list[Finding] | None = None
    for findings in _weighed(provisions, asked, book):
        if not findings:
            return []
        if nearest is None or _rank(findings) < _rank(nearest):
            nearest = findings
    if nearest is None:
        text = "所引规定依照其他规定处罚，当时没有可以适用的"
        return [Finding(Code.NOT_A_PENALTY, text, provisions[0].article)]
    return nearest


# A candidate that these rule out is farther away than one that only the amount rules out.
_FAR = {Code.WRONG_GRADE, Code.WRONG_SUBJECT, Code.NOT_PROVIDED, Code.NOT_AGGRAVATED, Code.WRONG_AUTHORITY}


def _rank(findings: list[Finding]) -> tuple[bool, int, int]:
    hard = any(not finding.undecided for finding in findings)
    return hard, sum(finding.code in _FAR for finding in findings), len(findings)


def _weighed(provisions: tuple[Provision, ...], asked: Question, book: Book) -> Iterator[list[Finding]]:
    """The findings of every candidate at every stage that the case leaves open."""
    for candidate in candidates(provisions, asked, book):
        if candidate.provision is None:
            yield list(candidate.findings)
            continue
        provision = candidate.provision
        for stages in assumptions(provision, asked):
            found = _weigh(provision, stages, asked, _brackets(provision, asked, book))
            yield [*candidate.findings, *found]


# --- one candidate --------------------------------------------------------------------------------------------------


def _weigh(provision: Provision, stages: Stages, asked: Question, brackets: tuple[FineRange, ...]) -> list[Finding]:
    """What is wrong with the sanctions under one provision at one stage; over every value of a number not given."""
    missing = unknowns(provision, asked.facts)
    if not missing:
        return _faults(provision, stages, asked, brackets)
    nearest: list[Finding] | None = None
    lawful = False
    for facts in scenarios(provision, asked.facts, asked.sanctions.amounts, missing):
        faults = _faults(provision, stages, replace(asked, facts=facts), brackets)
        lawful = lawful or not faults
        if faults and (nearest is None or len(faults) < len(nearest)):
            nearest = faults
        if lawful and nearest:
            break
    if not (lawful and nearest):
        return nearest or []
    return [Finding(code, UNKNOWN[code], provision.article, undecided=True) for _, code in missing]


def _faults(provision: Provision, stages: Stages, asked: Question, brackets: tuple[FineRange, ...]) -> list[Finding]:
    checked = [
        *entity_fine(provision, stages, asked, brackets),
        *person_fines(provision, stages, asked),
        *measures(provision, stages, asked),
    ]
    used = [clause for each in checked for clause in each.clauses]
    if asked.sanctions.daily:
        used += [s for s in provision.sanctions if Measure.DAILY_FINE in s.all_measures]
    return [
        *(finding for each in checked for finding in each.findings),
        *competence(provision, asked, used),
        *omissions(provision, stages, asked, used),
    ]


def _brackets(provision: Provision, asked: Question, book: Book) -> tuple[FineRange, ...]:
    """The ranges of the paragraph before, of which a multiple is taken, for the grade of the accident."""
    if not any(f.basis is Basis.BASE_FINE for s in provision.sanctions for f in s.fines) or asked.statute is None:
        return ()
    on = asked.act_day or provision.since
    version = book.version(provision.article.statute, on)
    rows = version.at(provision.article.number, (provision.article.paragraph or 2) - 1, None) if version else ()
    grades = {asked.facts.grade} if asked.facts.grade else set(Grade)
    return tuple(
        fine
        for row in rows
        for sanction in row.sanctions
        if sanction.grades & grades
        for fine in sanction.fines
        if fine.type is FineType.YUAN
    )


def bad_input(field: str, problem: str) -> Judgment:
    """The answer to a question that cannot be read."""
    return Judgment(None, (Finding(Code.BAD_INPUT, f"{field}：{problem}", None, undecided=True),))
