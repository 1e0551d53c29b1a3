"""Whether the measures of the case other than fines are provided and open, and the days of detention. Pure."""

from fadu.law.judging.clauses import ANYBODY, UNITS, Stages, reached, why_closed
from fadu.law.judging.fines import Checked
from fadu.law.judging.question import PartyKind, Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import Measure, Provision
from fadu.law.statutes import APL

GOODS = Measure.CONFISCATION_OF_GOODS
# What each sanction of the case may be called in a provision. An order to stop (责令停止生产 …) and a licence that is
# suspended come under suspension: the case does not tell them apart.
SUSPENSIONS = frozenset({Measure.SUSPENSION, Measure.STOP_BUILDING, Measure.STOP_OPERATION, Measure.LICENCE_SUSPENSION})
CALLED: dict[str, tuple[str, frozenset[Measure]]] = {
    "warning": ("警告", frozenset({Measure.WARNING})),
    "suspension": ("责令停产停业、暂扣", SUSPENSIONS),
    "revocation": ("吊销许可证件", frozenset({Measure.REVOCATION})),
    "closure": ("责令关闭", frozenset({Measure.CLOSURE})),
}


def measures(provision: Provision, stages: Stages, asked: Question) -> list[Checked]:
    """Every measure of the case against the provision."""
    sanctions = asked.sanctions
    listed = {
        "warning": sanctions.warning,
        "suspension": sanctions.suspension,
        "revocation": sanctions.revocation,
        "closure": sanctions.closure,
    }
    found = [_measure(*CALLED[name], provision, stages, asked) for name, given in listed.items() if given]
    if sanctions.confiscation:
        found.append(_confiscation(provision, stages, asked))
    if sanctions.detention_days is not None:
        found.append(_detention(sanctions.detention_days, provision, stages, asked))
    return found


def _measure(title: str, called: frozenset[Measure], provision: Provision, stages: Stages, asked: Question) -> Checked:
    article = provision.article
    naming = [s for s in provision.sanctions if s.all_measures & called]
    if not naming:
        return Checked((Finding(Code.NOT_PROVIDED, f"{article}没有规定{title}", article),))
    if asked.party is PartyKind.PERSON and all(s.target in UNITS - ANYBODY for s in provision.sanctions):
        text = f"{article}的{title}针对{naming[0].addressee}，不能适用于自然人"
        return Checked((Finding(Code.WRONG_SUBJECT, text, article),))
    open_now = [s for s in naming if reached(s, stages, asked)]
    if not open_now:
        closed = why_closed(naming, stages, asked)
        return Checked((Finding(closed.code, f"{title}{closed.text}", article),))
    return Checked(clauses=tuple(open_now))


def _confiscation(provision: Provision, stages: Stages, asked: Question) -> Checked:
    """Gains are confiscated with every penalty (行政处罚法第二十八条第二款), goods where the provision says so."""
    called = {Measure.CONFISCATION, GOODS}
    open_now = [s for s in provision.sanctions if s.all_measures & called and reached(s, stages, asked)]
    if any(GOODS in s.all_measures for s in open_now):
        return Checked(clauses=tuple(open_now))
    if asked.facts.gains is not None and asked.facts.gains <= 0:
        return Checked((Finding(Code.NO_GAINS, "没有违法所得，不能没收", APL[28, 2]),))
    return Checked(clauses=tuple(open_now))


def _detention(days: int, provision: Provision, stages: Stages, asked: Question) -> Checked:
    article = provision.article
    holding = [s for s in provision.sanctions if s.detention_days]
    if not holding:
        return Checked((Finding(Code.NOT_PROVIDED, f"{article}没有规定拘留", article),))
    open_now = [s for s in holding if reached(s, stages, asked)]
    longest = max((s.detention_days or 0 for s in open_now), default=0)
    if days > longest:
        return Checked((Finding(Code.DETENTION_TOO_LONG, f"拘留{days}日超过{longest}日", article),))
    return Checked(clauses=tuple(open_now))
