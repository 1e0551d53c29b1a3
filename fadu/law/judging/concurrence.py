"""Which penalty provisions one act may fall under, of all the laws held, the heaviest fine first (行政处罚法 29, 37). Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from fadu.kernel.grams import needed
from fadu.law import lawfulness
from fadu.law.citations import Article
from fadu.law.judging.book import Book
from fadu.law.judging.lighter import lighter_than_all
from fadu.law.lawfulness import Facts
from fadu.law.provisions import FineType, Kind, Measure, Party, Provision, Titled
from fadu.law.wording import fine_range

ALIKE = Decimal("0.6")  # of the pairs of characters in a violation's name; from there a description speaks of it


class Found(Titled):
    """By what a provision was found, the surest first."""

    NAMED = "named", "检查项所列"
    OBLIGATION = "obligation", "违反的规定与之对应"
    WORDS = "words", "案由用词与之相近"


@dataclass(frozen=True)
class Norm:
    """A provision that the act may fall under: by what it was found, and the greatest fine that is open now.

    most: in yuan, None where it is reckoned from what is not established. replaced: the provision of the day of the act
    whose place this one takes because it is lighter (37).
    """

    provision: Provision
    found: Found
    most: Decimal | None
    words: str
    replaced: Provision | None = None

    @property
    def sure(self) -> bool:
        """Whether records name it, rather than words that are alike."""
        return self.found is not Found.WORDS


def norms(
    held: Iterable[Provision],
    facts: Facts,
    *,
    named: Collection[str] = (),
    violated: Collection[Article] = (),
    text: str = "",
    book: Book | None = None,
) -> list[Norm]:
    """The provisions of ``held`` (those in force on the day of the act) that sanction such a party for the act.

    named: ids that the checklist notes; violated: the obligations broken; text: the act as it is described. ``book``:
    where newer provisions are looked for, to apply them if they are lighter on the day of the decision.
    """
    told = frozenset(needed(text))
    fitting = (row for row in held if is_open_to(row, facts.party))
    found = [_norm(row, by, facts, book) for row in fitting if (by := _found(row, named, violated, told)) is not None]
    return sorted(found, key=lambda norm: (not norm.sure, -(norm.most or Decimal(0)), norm.provision.id))


def by_statute(held: Iterable[Provision], parties: Collection[Party]) -> dict[str, list[Provision]]:
    """The provisions of ``held`` that are open to one of the parties, by the name of their law, as a choice offers them."""
    found: dict[str, list[Provision]] = {}
    for row in held:
        if any(is_open_to(row, party) for party in parties):
            found.setdefault(str(row.article.statute), []).append(row)
    return found


def heavier(found: Iterable[Norm], chosen: str) -> list[Norm]:
    """Those that records name and whose fine is higher than that of the provision chosen (29: the higher fine applies)."""
    rows = list(found)
    mine = next((norm.most for norm in rows if norm.provision.id == chosen), None)
    return [n for n in rows if n.sure and n.most is not None and mine is not None and n.most > mine]


def is_open_to(row: Provision, party: Party) -> bool:
    """Whether a bureau may apply the provision to an act of such a party."""
    return row.kind is Kind.PENALTY and bool(lawfulness.addressed(row, party)) and not follows_penalties(row)


def follows_penalties(row: Provision) -> bool:
    """Whether it answers earlier penalties rather than an act: daily fines and closure (安全生产法 112, 113)."""
    return any(s.all_measures & {Measure.DAILY_FINE, Measure.CLOSURE} for s in row.sanctions)


def _found(row: Provision, named: Collection[str], violated: Collection[Article], told: frozenset[str]) -> Found | None:
    if row.id in named:
        return Found.NAMED
    if any(duty.touches(article) for duty in row.obligations for article in violated):
        return Found.OBLIGATION
    own = frozenset(needed(row.violation))
    return Found.WORDS if own and Decimal(len(own & told)) / len(own) >= ALIKE else None


def _norm(row: Provision, by: Found, facts: Facts, book: Book | None) -> Norm:
    newer = [n for n in book.successors(row, facts.decided_on) if lighter_than_all(n, [row])] if book else []
    provision = newer[0] if newer else row
    reckoned, _ = lawfulness.bounds(provision, facts)
    fines = [fine for sanction in lawfulness.fining(provision, facts) for fine in sanction.fines]
    words = "；".join(fine_range(fine) for fine in fines if fine.type is not FineType.DAILY)
    return Norm(provision, by, max((b.upper for b in reckoned), default=None), words, row if newer else None)
