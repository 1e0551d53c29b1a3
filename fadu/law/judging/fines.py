"""Whether the fines of the case are provided, for those they strike, at the stage reached and within range. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from fadu.kernel.money import plain
from fadu.law.judging.clauses import Stages, fines_units, gravest, reached, strikes_entity, strikes_person, why_closed
from fadu.law.judging.question import PartyKind, Question
from fadu.law.judging.ranges import Fit, bounds, fit
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import FineRange, FineType, Provision, Sanction, Target
from fadu.law.statutes import APL


@dataclass(frozen=True)
class Checked:
    """What is wrong with one sanction, and the clauses it rests on."""

    findings: tuple[Finding, ...] = ()
    clauses: tuple[Sanction, ...] = ()


def fining(provision: Provision, stages: Stages, asked: Question, hits: Callable[[Target], bool]) -> list[Sanction]:
    """The clauses whose fine applies to an addressee: those of the gravest stage reached that fine it at all."""
    return gravest(s for s in provision.sanctions if s.fines and hits(s.target) and reached(s, stages, asked))


def entity_fine(
    provision: Provision, stages: Stages, asked: Question, brackets: tuple[FineRange, ...]
) -> list[Checked]:
    """The party's own fine."""
    amount = asked.sanctions.fine_entity
    if amount is None:
        return []
    who = asked.party.title_zh if asked.party else "当事人"
    return [
        _check(
            amount, who, provision, stages, asked, lambda t: strikes_entity(t, asked.party, provision), asked.entity_grounds, brackets
        )
    ]  # fmt: skip


def person_fines(provision: Provision, stages: Stages, asked: Question) -> list[Checked]:
    """The fines of natural persons beside the party."""
    fines = asked.sanctions.fines_persons
    if fines and asked.party is PartyKind.INDIVIDUAL_BUSINESS and fines_units(provision):
        text = "个体工商户与其经营者是同一主体，不得在对其罚款之外另对个人罚款"
        return [Checked((Finding(Code.WRONG_SUBJECT, text, provision.article),))]
    found = []
    for fine in fines:
        who = fine.role.title_zh if fine.role else "个人"

        def hits(target: Target, fine: object = fine) -> bool:
            return strikes_person(target, fine, asked.party)  # type: ignore[arg-type]

        found.append(_check(fine.amount, who, provision, stages, asked, hits, asked.person_grounds, ()))
    return found


def _check(
    amount: Decimal,
    who: str,
    provision: Provision,
    stages: Stages,
    asked: Question,
    hits: Callable[[Target], bool],
    grounds: bool,
    brackets: tuple[FineRange, ...],
) -> Checked:
    article = provision.article
    fining_rows = [s for s in provision.sanctions if s.fines and any(f.type is not FineType.DAILY for f in s.fines)]
    addressed = [s for s in fining_rows if hits(s.target)]
    if not addressed:
        if not fining_rows and asked.sanctions.daily and amount == asked.facts.base_fine:
            return Checked()  # the fine that the daily ones repeat; it rests on another article
        if not fining_rows:
            return Checked((Finding(Code.NOT_PROVIDED, f"{article}没有规定罚款", article),))
        others = "、".join(dict.fromkeys(s.addressee for s in fining_rows))
        text = f"{article}的罚款针对{others}，不能处罚{who}"
        return Checked((Finding(Code.WRONG_SUBJECT, text, article),))
    clauses = fining(provision, stages, asked, hits)
    if not clauses:
        closed = why_closed(addressed, stages, asked)
        return Checked((Finding(closed.code, f"对{who}的罚款{closed.text}", article),))
    ranges = bounds((fine for clause in clauses for fine in clause.fines), asked.facts, brackets)
    words = "或者".join(dict.fromkeys(row.words for row in ranges))
    match fit(amount, ranges):
        case Fit.ABOVE:
            text = f"对{who}的罚款{plain(amount)}元高于法定上限（{words}）"
            return Checked((Finding(Code.ABOVE_MAXIMUM, text, article), *_later(amount, addressed, stages, asked)))
        case Fit.BELOW if not grounds:
            text = f"对{who}的罚款{plain(amount)}元低于法定下限（{words}），又没有减轻处罚的情形"
            return Checked((Finding(Code.BELOW_MINIMUM, text, APL[32]),))
        case _:
            return Checked(clauses=tuple(clauses))


def _later(amount: Decimal, addressed: list[Sanction], stages: Stages, asked: Question) -> list[Finding]:
    """Where the amount would be open once an order had run out, that is what is missing."""
    later = [s for s in addressed if not reached(s, stages, asked)]
    waiting = [s for s in later if any(f.type is FineType.YUAN and amount <= f.upper for f in s.fines)]
    return [why_closed(waiting, stages, asked)] if waiting else []
