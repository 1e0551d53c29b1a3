"""Whether proposed sanctions lie within a penalty provision; each refusal is a sentence with its article. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from fadu.kernel.money import plain
from fadu.law.citations import Article
from fadu.law.provisions import (
    Basis,
    FineRange,
    FineType,
    Grade,
    Kind,
    Measure,
    Mode,
    Party,
    Provision,
    Sanction,
    Stage,
    Titled,
)
from fadu.law.statutes import APL, WSL
from fadu.law.wording import fine_range

CENT = Decimal("0.01")


class Mitigation(Titled):
    """Grounds on which a penalty may go below the range (减轻); ``article`` is the law that gives each."""

    REMOVED_HARM = "removed_harm", "主动消除或者减轻危害后果"
    COERCED = "coerced", "受他人胁迫或者诱骗"
    CONFESSED = "confessed", "主动供述尚未掌握的违法行为"
    MERIT = "merit", "配合查处有立功表现"
    BY_STATUTE = "by_statute", "法律、法规、规章规定的其他从轻或者减轻情形"
    MINOR = "minor", "已满十四周岁不满十八周岁"
    IMPAIRED = "impaired", "尚未完全丧失辨认或者控制能力的精神病人、智力残疾人"

    @property
    def article(self) -> Article:
        """The article that gives the ground."""
        elsewhere = {Mitigation.MINOR: APL[30], Mitigation.IMPAIRED: APL[31]}
        return elsewhere.get(self) or APL[32, None, list(Mitigation).index(self) + 1]


@dataclass(frozen=True)
class OrderToCorrect:
    """An order to correct that was served earlier: the last day of its term and whether it was obeyed."""

    due: date
    obeyed: bool


@dataclass(frozen=True)
class Facts:
    """What the file establishes about one party under one provision.

    acted_on: day of the violation (its end, when it went on); decided_on: day of the decision. order: the order to
    correct this violation, if there was one. stages: the graver stages that are established beside it (serious,
    accident, flee …). income, gains, base_fine in yuan, None when not established (no gains is 0). base_fine: the fine
    that a multiple or a daily fine starts from; days: days of continued disobedience. newer_is_lighter: the provision
    came into force after the act and is lighter (行政处罚法第三十七条).
    """

    party: Party
    acted_on: date
    decided_on: date
    order: OrderToCorrect | None = None
    stages: frozenset[Stage] = frozenset()
    grade: Grade | None = None
    income: Decimal | None = None
    gains: Decimal | None = None
    goods: Decimal | None = None
    base_fine: Decimal | None = None
    days: int | None = None
    mitigation: frozenset[Mitigation] = frozenset()
    newer_is_lighter: bool = False

    @property
    def uncorrected(self) -> bool:
        """Whether an order to correct ran out unobeyed before the decision."""
        return self.order is not None and not self.order.obeyed and self.order.due < self.decided_on

    def reached(self, sanction: Sanction) -> bool:
        """Whether the stage of the sanction, and the grade of accident it is confined to, are established."""
        if sanction.grades and self.grade not in sanction.grades:
            return False
        match sanction.stage:
            case Stage.IMMEDIATE:
                return True
            case Stage.UNCORRECTED:
                return self.uncorrected
            case stage:
                return stage in self.stages


@dataclass(frozen=True)
class Proposal:
    """Sanctions proposed for one party: a fine in yuan, measures, a ban (years, None for life), days of detention."""

    fine: Decimal | None = None
    measures: frozenset[Measure] = field(default_factory=frozenset)
    ban_years: int | None = None
    ban_for_life: bool = False
    detention_days: int | None = None

    @property
    def bans(self) -> bool:
        """Whether a ban is proposed."""
        return self.ban_for_life or self.ban_years is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is proposed."""
        return self.fine is None and not self.measures and not self.bans and self.detention_days is None


@dataclass(frozen=True)
class Refusal:
    """Why a proposal cannot stand: a code for programs, a sentence for people, the article it rests on."""

    code: str
    sentence: str
    article: Article

    def __str__(self) -> str:
        return f"{self.sentence}（{self.article}）"


@dataclass(frozen=True)
class Bounds:
    """A range reckoned out in yuan, both ends included; lower None when there is none."""

    lower: Decimal | None
    upper: Decimal
    mode: Mode
    source: FineRange

    @property
    def words(self) -> str:
        """The range as it is read."""
        if self.lower == self.upper:
            return f"{plain(self.upper)}元"
        return f"{plain(self.lower)}元至{plain(self.upper)}元" if self.lower else f"{plain(self.upper)}元以下"


# --- what is open ---------------------------------------------------------------------------------------------------


def addressed(provision: Provision, party: Party) -> list[Sanction]:
    """The sanctions of the provision that strike such a party at any stage."""
    return [sanction for sanction in provision.sanctions if party in sanction.target.parties]


def fining(provision: Provision, facts: Facts) -> list[Sanction]:
    """The sanctions whose fine applies: those of the gravest stage reached that fine this party at all."""
    open_now = [s for s in addressed(provision, facts.party) if s.fines and facts.reached(s)]
    gravest = max((s.stage.rank for s in open_now), default=0)
    return [s for s in open_now if s.stage.rank == gravest]


def bounds(provision: Provision, facts: Facts) -> tuple[list[Bounds], list[Refusal]]:
    """The fines open to this party in yuan, and what is missing to reckon them (income, gains, the fine it starts from)."""
    found: list[Bounds] = []
    missing: list[Refusal] = []
    for fine in (fine for sanction in fining(provision, facts) for fine in sanction.fines):
        if fine.gains_from is not None or fine.gains_below is not None:
            if facts.gains is None:
                missing.append(
                    Refusal("gains_unknown", "未认定违法所得（没有的填0），不能确定罚款幅度", provision.article)
                )
                continue
            if fine.gains_from is not None and facts.gains < fine.gains_from:
                continue
            if fine.gains_below is not None and facts.gains >= fine.gains_below:
                continue
        reckoned = _reckon(fine, facts, provision)
        (missing if isinstance(reckoned, Refusal) else found).append(reckoned)  # type: ignore[arg-type]
    return found, list(dict.fromkeys(missing))


_UNKNOWN = {
    Basis.INCOME: ("income_unknown", "未认定上一年年收入，不能按比例计算罚款"),
    Basis.GAINS: ("gains_unknown", "未认定违法所得（没有的填0），不能确定罚款幅度"),
    Basis.GOODS: ("goods_unknown", "未认定货值金额，不能按倍数计算罚款"),
    Basis.BASE_FINE: ("base_fine_unknown", "未确定前款相应档次的罚款数额，不能按倍数计算罚款"),
    Basis.FORMER_FINE: ("base_fine_unknown", "未载明原处罚数额，不能按日连续处罚"),
}


def _reckon(fine: FineRange, facts: Facts, provision: Provision) -> Bounds | Refusal:
    if fine.type is FineType.YUAN:
        return Bounds(fine.lower, fine.upper, fine.mode, fine)
    basis = fine.basis or Basis.GAINS
    amount = {
        Basis.INCOME: facts.income,
        Basis.GAINS: facts.gains,
        Basis.GOODS: facts.goods,
        Basis.BASE_FINE: facts.base_fine,
        Basis.FORMER_FINE: facts.base_fine,
    }[basis]
    if amount is None or amount < 0:
        return Refusal(*_UNKNOWN[basis], provision.article)
    if fine.type is FineType.DAILY:
        if not facts.days or facts.days < 1:
            return Refusal("days_unknown", "未认定拒不改正的天数，不能按日连续处罚", provision.article)
        total = amount * facts.days
        return Bounds(total, total, fine.mode, fine)
    share = Decimal(100) if fine.type is FineType.PERCENT else Decimal(1)
    lower, upper = (
        ((edge or Decimal(0)) * amount / share).quantize(CENT, ROUND_FLOOR) for edge in (fine.lower, fine.upper)
    )
    return Bounds(lower if fine.lower is not None else None, upper, fine.mode, fine)


# --- the check ------------------------------------------------------------------------------------------------------


def check(provision: Provision, facts: Facts, proposal: Proposal) -> list[Refusal]:
    """Every reason why the proposal lies outside the provision for this party; an empty list when it lies within."""
    basic = _standing(provision, facts)
    if basic:
        return basic
    return [
        *(_fine(provision, facts, proposal.fine) if proposal.fine is not None else ()),
        *(
            refusal
            for measure in sorted(proposal.measures, key=lambda m: m.rank)
            for refusal in _measure(provision, facts, measure)
        ),
        *(_ban(provision, facts, proposal) if proposal.bans else ()),
        *(_detention(provision, facts, proposal.detention_days) if proposal.detention_days is not None else ()),
    ]


def check_all(provisions: Iterable[Provision], facts: Facts, proposal: Proposal) -> list[Refusal]:
    """The same for several versions or items of which one must bear the proposal: the reasons of the nearest one."""
    results = [check(provision, facts, proposal) for provision in provisions]
    return min(results, key=len) if results else [Refusal("no_provision", "没有可以适用的处罚规定", APL[38, 1])]


def omissions(provision: Provision, facts: Facts, proposal: Proposal) -> list[Refusal]:
    """Sanctions the provision makes obligatory at the stage reached and the proposal leaves out, without a ground.

    Not refusals of check(): whether an omission is a mitigation is for the decider to reason.
    """
    if _standing(provision, facts) or facts.mitigation:
        return []
    found: list[Refusal] = []
    reckoned, _ = bounds(provision, facts)
    if proposal.fine is None and reckoned and all(b.mode is Mode.MUST for b in reckoned):
        found.append(Refusal("fine_omitted", f"应当处以罚款（{reckoned[0].words}），拟处罚中没有", provision.article))
    reached = [s for s in addressed(provision, facts.party) if facts.reached(s)]
    for choice in dict.fromkeys(choice for sanction in reached for choice in sanction.measures):
        # An order to correct is a paper of its own and daily fines are a power, not a duty.
        apart = {Measure.DAILY_FINE, Measure.BAN, Measure.DETENTION}
        if choice[0].is_penalty and choice[0] not in apart and not proposal.measures & set(choice):
            words = "或者".join(measure.title_zh for measure in choice)
            found.append(Refusal("measure_omitted", f"应当{words}，拟处罚中没有", provision.article))
    return found


def _standing(provision: Provision, facts: Facts) -> list[Refusal]:
    if provision.kind is not Kind.PENALTY:
        sentence = f"本条是{provision.kind.title_zh}规定，不能据以作出行政处罚"
        return [Refusal("not_a_penalty", sentence, provision.article)]
    if not provision.in_force(facts.acted_on) and not (facts.newer_is_lighter and provision.in_force(facts.decided_on)):
        sentence = f"本条在行为日{facts.acted_on.isoformat()}没有施行，应当适用行为时的规定"
        return [Refusal("not_in_force", sentence, APL[37])]
    if not addressed(provision, facts.party):
        who = "、".join(target.title_zh for target in provision.targets)
        sentence = f"本条处罚的是{who}，不能处罚{facts.party.title_zh}"
        return [Refusal("wrong_subject", sentence, provision.article)]
    if Stage.UNCORRECTED in facts.stages and not facts.uncorrected:
        return [_missing_order(provision, facts)]
    return []


def _missing_order(provision: Provision, facts: Facts) -> Refusal:
    if facts.order is None:
        why = "没有已经送达的责令改正文书"
    elif facts.order.obeyed:
        why = "责令改正后已经改正"
    else:
        why = f"责令改正的期限至{facts.order.due.isoformat()}尚未届满"
    return Refusal("missing_prior_order", f"“逾期未改正”不成立：{why}", provision.article)


def _elsewhere(provision: Provision, facts: Facts, others: list[Sanction]) -> Refusal | None:
    """What would have to be established for sanctions that strike this party at a stage not reached."""
    waiting = [s for s in others if not facts.reached(s)]
    if any(s.stage is Stage.UNCORRECTED for s in waiting):
        return _missing_order(provision, facts)
    for sanction in waiting:
        if sanction.stage in facts.stages and sanction.grades:
            grades = "、".join(grade.title_zh for grade in Grade if grade in sanction.grades)
            return Refusal("wrong_grade", f"本项只适用于{grades}", provision.article)
        return Refusal("stage_not_established", f"没有认定“{sanction.stage.title_zh}”", provision.article)
    return None


def _fine(provision: Provision, facts: Facts, fine: Decimal) -> list[Refusal]:
    if fine <= 0 or fine != fine.quantize(CENT):
        return [Refusal("bad_amount", "罚款数额应当大于零，至多两位小数", provision.article)]
    for_party = [s for s in addressed(provision, facts.party) if s.fines]
    if not for_party:
        return [Refusal("fine_not_provided", f"本条对{facts.party.title_zh}没有规定罚款", provision.article)]
    applying = fining(provision, facts)
    if not applying:
        waiting = _elsewhere(provision, facts, for_party)
        return [waiting] if waiting else []
    reckoned, missing = bounds(provision, facts)
    if missing:
        return missing
    if any((b.lower is None or fine >= b.lower) and fine <= b.upper for b in reckoned):
        return []
    upper = max(b.upper for b in reckoned)
    if fine > upper:
        text = "；".join(fine_range(b.source) for b in reckoned)
        over = Refusal("above_maximum", f"罚款{plain(fine)}元高于法定上限{plain(upper)}元（{text}）", provision.article)
        # Where the amount would be open once an order has run out, say so: that is what is missing.
        later = [s for s in for_party if s.stage is Stage.UNCORRECTED and not facts.reached(s)]
        would_fit = any(f.type is FineType.YUAN and fine <= f.upper for s in later for f in s.fines)
        return [over, _missing_order(provision, facts)] if would_fit else [over]
    if facts.mitigation:
        return []
    lower = min(b.lower for b in reckoned if b.lower is not None)
    sentence = f"罚款{plain(fine)}元低于法定下限{plain(lower)}元，又没有减轻处罚的情形"
    return [Refusal("below_minimum", sentence, APL[32])]


def _measure(provision: Provision, facts: Facts, measure: Measure) -> list[Refusal]:
    if measure in {Measure.CORRECT, Measure.CORRECT_NOW}:
        return []  # 行政处罚法第二十八条第一款: correcting is ordered with every penalty
    if measure is Measure.BAN:
        return []  # checked with its years
    if measure is Measure.DETENTION:
        return [_police(provision)]
    rows = addressed(provision, facts.party)
    naming = [s for s in rows if measure in s.all_measures]
    if measure is Measure.CONFISCATION and (facts.gains is None or facts.gains <= 0):
        return [Refusal("no_gains", "没有认定违法所得，不能没收", APL[28, 2])]
    if measure is Measure.CONFISCATION and not naming:
        return []  # 行政处罚法第二十八条第二款: gains are confiscated with every penalty
    if any(facts.reached(s) for s in naming):
        return []
    if naming and (waiting := _elsewhere(provision, facts, naming)):
        return [waiting]
    sentence = f"本条对{facts.party.title_zh}没有规定“{measure.title_zh}”"
    if others := [s.target.title_zh for s in provision.sanctions if measure in s.all_measures]:
        sentence = f"“{measure.title_zh}”针对的是{others[0]}，不能适用于{facts.party.title_zh}"
        return [Refusal("wrong_subject", sentence, provision.article)]
    return [Refusal("measure_not_provided", sentence, provision.article)]


def _ban(provision: Provision, facts: Facts, proposal: Proposal) -> list[Refusal]:
    banning = [s for s in addressed(provision, facts.party) if s.ban]
    if not banning:
        return [Refusal("ban_not_provided", f"本条对{facts.party.title_zh}没有规定限制从业", provision.article)]
    years = None if proposal.ban_for_life else proposal.ban_years
    same = [s for s in banning if s.ban and s.ban.years == years]
    if any(facts.reached(s) for s in same):
        return []
    if same and (waiting := _elsewhere(provision, facts, same)):
        return [waiting]
    terms = "、".join(
        dict.fromkeys("终身" if s.ban and s.ban.years is None else f"{s.ban.years}年" for s in banning if s.ban)
    )
    return [Refusal("wrong_ban", f"限制从业的期限只能是{terms}", provision.article)]


def _detention(provision: Provision, facts: Facts, days: int) -> list[Refusal]:
    holding = [s for s in addressed(provision, facts.party) if s.detention_days]
    if not holding:
        return [Refusal("measure_not_provided", f"本条对{facts.party.title_zh}没有规定拘留", provision.article)]
    return [_police(provision)]


def _police(provision: Provision) -> Refusal:
    article = WSL[115] if provision.article.statute == WSL else APL[18, 3]
    return Refusal("not_competent", "行政拘留由公安机关决定，本机关应当移送", article)
