"""Penalty provisions as values: who may be sanctioned, at which stage, with what and within which range. Pure."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from fadu.law.citations import Article, Statute

LIFETIME = "lifetime"


class Titled(StrEnum):
    """An enumeration whose members have a Chinese title beside the stored value."""

    title_zh: str

    def __new__(cls, value: str, title_zh: str = "") -> "Titled":
        """Keep the value as the text it is, and the title beside it (looking a member up gives the value alone)."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.title_zh = title_zh
        return member


@cache
def _order(kind: type[Titled]) -> dict[Titled, int]:
    """The place of each member of an enumeration."""
    return {member: place for place, member in enumerate(kind)}


class Kind(Titled):
    """What a provision is: only the first is an administrative penalty that a bureau decides."""

    PENALTY = "penalty", "行政处罚"
    DISCIPLINE = "discipline", "处分"
    SUPERVISION = "supervision", "行政监督、处分"
    REFERRAL = "referral", "转致"
    INTERNAL = "internal", "单位内部处理"


class Stage(Titled):
    """When a sanction is open, from the mildest; ``rank`` orders them: the fine of the gravest stage reached applies."""

    IMMEDIATE = "immediate", "发现违法即可处理"
    UNCORRECTED = "uncorrected", "责令改正后逾期未改正、拒不改正"
    SERIOUS = "serious", "情节严重"
    ACCIDENT = "accident", "导致或者发生事故"
    SERIOUS_CONSEQUENCE = "serious_consequence", "造成严重后果"
    ESPECIALLY_SERIOUS = "especially_serious", "情节特别严重、影响特别恶劣"
    FLEE = "flee", "逃匿"
    AFTER_PUNISHMENT = "after_punishment", "受刑事处罚或者处分之后"

    @property
    def rank(self) -> int:
        """Its place among the stages, the mildest 0."""
        return _order(type(self))[self]


class Grade(Titled):
    """The grade of an accident."""

    ORDINARY = "ordinary", "一般事故"
    LARGER = "larger", "较大事故"
    MAJOR = "major", "重大事故"
    EXTRAORDINARY = "extraordinary", "特别重大事故"


class Party(Titled):
    """What a party is, by the words the provisions use for those they sanction."""

    UNIT = "unit", "生产经营单位"
    INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
    BUILDER = "builder", "施工单位"
    AGENCY = "agency", "安全评价、认证、检测、检验机构"
    PRINCIPAL = "principal", "主要负责人"
    INVESTOR = "investor", "个人经营的投资人"
    OTHER_LEADER = "other_leader", "其他负责人"
    SAFETY_OFFICER = "safety_officer", "安全生产管理人员"
    DIRECT_MANAGER = "direct_manager", "直接负责的主管人员"
    OTHER_DIRECT = "other_direct", "其他直接责任人员"
    WORKER = "worker", "从业人员"
    PERSON = "person", "其他个人"
    OFFICIAL = "official", "监管部门工作人员"
    REGULATOR = "regulator", "监管部门"

    @property
    def is_person(self) -> bool:
        """Whether it is a natural person rather than an undertaking or an organ."""
        return self not in {Party.UNIT, Party.INDIVIDUAL_BUSINESS, Party.BUILDER, Party.AGENCY, Party.REGULATOR}


class Target(Titled):
    """Those whom a sanction strikes, in the words of the provision; ``parties`` says who is one of them."""

    UNIT = "unit", "生产经营单位"
    BUILDER = "builder", "施工单位"
    AGENCY = "agency", "安全评价、认证、检测、检验机构"
    AGENCY_AND_PERSONS = "agency_and_persons", "机构及其直接责任人员"
    UNIT_OR_PERSON = "unit_or_person", "单位或者个人"
    PRINCIPAL = "principal", "主要负责人"
    INVESTOR = "investor", "个人经营的投资人"
    PRINCIPAL_OR_INVESTOR = "principal_or_investor", "主要负责人、个人经营的投资人"
    OTHER_LEADERS = "other_leaders", "其他负责人和安全生产管理人员"
    RESPONSIBLE = "responsible", "直接负责的主管人员和其他直接责任人员"
    PRINCIPAL_AND_RESPONSIBLE = "principal_and_responsible", "主要负责人、直接负责的主管人员和其他直接责任人员"
    PERSON = "person", "有关人员"
    WORKER = "worker", "从业人员"
    OFFICIAL = "official", "监管部门工作人员"
    REGULATOR = "regulator", "监管部门"
    RESPONSIBLE_OFFICIAL = "responsible_official", "政府、监管部门的直接责任人员"

    @property
    def parties(self) -> frozenset[Party]:
        """The parties that are meant; a principal may be the manager directly responsible, a sole trader is a unit."""
        return _PARTIES[self]


_UNITS = {Party.UNIT, Party.INDIVIDUAL_BUSINESS, Party.BUILDER}
_RESPONSIBLE = {
    Party.DIRECT_MANAGER,
    Party.OTHER_DIRECT,
    Party.PRINCIPAL,
    Party.OTHER_LEADER,
    Party.SAFETY_OFFICER,
    Party.WORKER,
}
_PARTIES: dict[Target, frozenset[Party]] = {
    Target.UNIT: frozenset(_UNITS),
    # Whether a unit was the builder of the project is a fact of the case, not of its registration.
    Target.BUILDER: frozenset(_UNITS),
    Target.AGENCY: frozenset({Party.AGENCY}),
    Target.AGENCY_AND_PERSONS: frozenset({Party.AGENCY, Party.DIRECT_MANAGER, Party.OTHER_DIRECT}),
    Target.UNIT_OR_PERSON: frozenset(set(Party) - {Party.OFFICIAL, Party.REGULATOR}),
    Target.PRINCIPAL: frozenset({Party.PRINCIPAL}),
    Target.INVESTOR: frozenset({Party.INVESTOR}),
    Target.PRINCIPAL_OR_INVESTOR: frozenset({Party.PRINCIPAL, Party.INVESTOR}),
    Target.OTHER_LEADERS: frozenset({Party.OTHER_LEADER, Party.SAFETY_OFFICER}),
    Target.RESPONSIBLE: frozenset(_RESPONSIBLE),
    Target.PRINCIPAL_AND_RESPONSIBLE: frozenset(_RESPONSIBLE),
    Target.PERSON: frozenset(_RESPONSIBLE | {Party.PERSON}),
    Target.WORKER: frozenset({Party.WORKER, Party.OTHER_DIRECT}),
    Target.OFFICIAL: frozenset({Party.OFFICIAL}),
    Target.REGULATOR: frozenset({Party.REGULATOR}),
    Target.RESPONSIBLE_OFFICIAL: frozenset({Party.OFFICIAL}),
}


class Measure(Titled):
    """What may be done beside or instead of a fine. ``is_penalty``: a penalty in the sense of 行政处罚法第九条."""

    WARNING = "warning", "警告"
    CRITICISM = "criticism", "通报批评"
    CONFISCATION = "confiscation", "没收违法所得"
    CONFISCATION_OF_GOODS = "confiscation_of_goods", "没收非法财物"
    STOP_BUILDING = "stop_building", "责令停止建设"
    SUSPENSION = "suspension", "责令停产停业整顿"
    LICENCE_SUSPENSION = "licence_suspension", "暂扣许可证件、暂停资格"
    REVOCATION = "revocation", "吊销许可证件、资质、资格"
    CLOSURE = "closure", "提请关闭"
    BAN = "ban", "限制从业"
    DETENTION = "detention", "行政拘留"
    DAILY_FINE = "daily_fine", "按日连续处罚"
    CORRECT = "correct", "责令限期改正"
    CORRECT_NOW = "correct_now", "责令改正"
    ELIMINATE = "eliminate", "责令立即消除或者限期消除"
    PROVIDE_FUNDS = "provide_funds", "责令提供必需资金"
    REFUND = "refund", "责令退还"
    DISCIPLINE = "discipline", "处分"
    COMPENSATION = "compensation", "依法承担赔偿责任"
    VOID_AGREEMENT = "void_agreement", "协议无效"
    EDUCATION = "education", "批评教育"
    REFERRAL = "referral", "依照有关法律、行政法规处罚"
    STOP_OPERATION = "stop_operation", "责令停止生产、经营、使用等活动"
    STOP_CONDUCT = "stop_conduct", "责令停止违法行为"
    MAKE_HARMLESS = "make_harmless", "责令无害化处理"
    RENEW = "renew", "责令限期补办手续"
    OFF_THE_ROAD = "off_the_road", "禁止有隐患的车辆上路"
    RECOVER = "recover", "追缴"
    REFUSE_PERMIT = "refuse_permit", "不予受理或者不予许可"
    WITHDRAW_PERMIT = "withdraw_permit", "撤销许可"
    STOP_APPLICATIONS = "stop_applications", "停止受理许可申请"

    @property
    def is_penalty(self) -> bool:
        """Whether it is one of the penalties of 行政处罚法第九条 rather than an order, a discipline or a civil duty."""
        return self.rank <= Measure.DAILY_FINE.rank

    @property
    def rank(self) -> int:
        """Its place in the list above."""
        return _order(type(self))[self]


class FineType(Titled):
    """How a range is stated."""

    YUAN = "yuan", "元"
    PERCENT = "percent", "上一年年收入的百分比"
    MULTIPLE = "multiple", "倍数"
    DAILY = "daily", "原处罚数额按日累计"


class Basis(Titled):
    """What a percentage or a multiple is taken of."""

    INCOME = "income", "上一年年收入"
    GAINS = "gains", "违法所得"
    GOODS = "goods", "货值金额"
    BASE_FINE = "base_fine", "前款相应档次的罚款数额"
    FORMER_FINE = "former_fine", "原处罚数额"


class Mode(Titled):
    """Whether the fine must be imposed."""

    MUST = "must", "应当处"
    MAY = "may", "可以处"
    ALONE_OR_TOGETHER = "alone_or_together", "单处或者并处"


class Organ(Titled):
    """Organs that decide on penalties, as far as the provisions tell them apart."""

    EMERGENCY = "emergency", "应急管理部门"
    PUBLIC_SECURITY = "public_security", "公安机关"
    FIRE = "fire", "消防救援机构"
    HOUSING = "housing", "住房和城乡建设主管部门"
    GOVERNMENT = "government", "人民政府"
    TRANSPORT = "transport", "交通运输主管部门"
    PORT = "port", "港口行政管理部门"
    MARITIME = "maritime", "海事管理机构"
    MARKET = "market", "市场监督管理部门"
    ECOLOGY = "ecology", "生态环境主管部门"
    MINE_SAFETY = "mine_safety", "矿山安全监察机构"
    ENERGY = "energy", "能源、煤炭主管部门"
    INDUSTRY = "industry", "工业和信息化主管部门"
    NATURAL_RESOURCES = "natural_resources", "自然资源主管部门"
    WATER = "water", "水行政主管部门"
    AGRICULTURE = "agriculture", "农业农村主管部门"
    CIVIL_AVIATION = "civil_aviation", "民用航空主管部门"
    RAILWAY = "railway", "铁路监管部门"
    POST = "post", "邮政管理部门"
    HEALTH = "health", "卫生健康主管部门"
    DRUG = "drug", "药品监督管理部门"
    COMMERCE = "commerce", "商务主管部门"
    CUSTOMS = "customs", "海关"
    SUPERVISION = "supervision", "监察机关"
    TAX = "tax", "税务机关"
    COURT = "court", "人民法院"
    OTHER = "other", "其他部门"


# Who "the departments with duties of …, by their division of duties" may be; which of them it is in a case depends on
# the trade. Fire safety and road traffic have laws of their own (安全生产法第二条), so fire and police are not among them.
_NO_DEPARTMENT = {Organ.GOVERNMENT, Organ.SUPERVISION, Organ.TAX, Organ.COURT}
_DEPARTMENTS = frozenset(Organ) - _NO_DEPARTMENT
ORGAN_GROUPS: dict[str, frozenset[Organ]] = {
    "any_department": _DEPARTMENTS,
    # 安全生产法第十条、第一百一十五条
    "work_safety": _DEPARTMENTS - {Organ.PUBLIC_SECURITY, Organ.FIRE, Organ.CUSTOMS},
    # 安全生产法第一百一十五条: in civil aviation, railways and electricity also the department in charge
    "accident": frozenset({Organ.EMERGENCY, Organ.CIVIL_AVIATION, Organ.RAILWAY, Organ.ENERGY, Organ.MINE_SAFETY}),
    # 危险化学品安全法第七条第一款
    "hazchem": _DEPARTMENTS - {Organ.FIRE, Organ.HOUSING, Organ.WATER},
    # 煤矿安全生产条例第七十三条
    "coal": _DEPARTMENTS - {Organ.PUBLIC_SECURITY, Organ.FIRE, Organ.HOUSING, Organ.CUSTOMS},
    # 安全生产许可证条例第三条至第五条
    "licence": frozenset({Organ.EMERGENCY, Organ.HOUSING, Organ.MINE_SAFETY, Organ.ENERGY, Organ.INDUSTRY}),
    # 易制毒化学品管理条例第三条
    "precursor": _DEPARTMENTS - {Organ.FIRE, Organ.HOUSING},
}


@dataclass(frozen=True)
class FineRange:
    """A range of fines, both ends included (行政处罚法 uses 以上、以下 so): yuan, percent or multiple of its basis.

    lower None: no lower limit. gains_from and gains_below restrict the range by unlawful gains in yuan (no gains count
    as less); goods_from and goods_below in the same way by the value of the goods. at_least: the fine where the upper
    end of a multiple does not reach that amount.
    """

    type: FineType
    upper: Decimal
    lower: Decimal | None = None
    basis: Basis | None = None
    mode: Mode = Mode.MUST
    gains_from: Decimal | None = None
    gains_below: Decimal | None = None
    goods_from: Decimal | None = None
    goods_below: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True)
class Ban:
    """A ban from posts or trades: number of years, or None for life."""

    years: int | None
    scope: str
    since: str = ""

    def __str__(self) -> str:
        return f"{'终身' if self.years is None else f'{self.years}年内'}{self.scope}"


@dataclass(frozen=True)
class Sanction:
    """What one stage holds for one kind of addressee.

    measures: each entry is a choice of one or more measures; grades: the accident grades it is confined to, if any.
    who: the addressee in the words of the provision where they are narrower than the target's. organs: who decides on
    it (empty: the provision does not confine it). if_gains: gains are confiscated only where there are any. optional:
    measures that may be taken and need not. after_order: open only when an order to correct ran out unobeyed, besides
    its stage. refers: the provisions by which the penalty is measured instead; beyond: also by laws that are not held.
    """

    stage: Stage
    target: Target
    measures: tuple[tuple[Measure, ...], ...] = ()
    fines: tuple[FineRange, ...] = ()
    ban: Ban | None = None
    detention_days: int | None = None
    grades: frozenset[Grade] = frozenset()
    note: str = ""
    who: str = ""
    organs: frozenset[Organ] = frozenset()
    if_gains: bool = False
    optional: frozenset[Measure] = frozenset()
    after_order: bool = False
    refers: tuple[Article, ...] = ()
    beyond: bool = False

    @property
    def addressee(self) -> str:
        """Whom it strikes, as it is read."""
        return self.who or self.target.title_zh

    @property
    def all_measures(self) -> frozenset[Measure]:
        """Every measure named, whichever of a choice."""
        return frozenset(measure for choice in self.measures for measure in choice)


@dataclass(frozen=True)
class Provision:
    """One penalty provision, dated: in force from ``since`` until the day before ``until``.

    kind tells whether a bureau decides on it at all; authority who does, in words; offences what may have to be
    transferred to the police (candidates, never a finding).
    """

    id: str
    article: Article
    kind: Kind
    violation: str
    sanctions: tuple[Sanction, ...]
    since: date
    until: date | None = None
    obligations: tuple[Article, ...] = ()
    authority: str = ""
    offences: tuple[str, ...] = ()
    note: str = ""
    confidence: str = "text"
    targets: tuple[Target, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", tuple(dict.fromkeys(s.target for s in self.sanctions)))

    def in_force(self, on: date) -> bool:
        """Whether the provision is in force on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Outline:
    """How one version of a statute is built, so that a place it does not have is known as such.

    last: its last article. articles: for each article on legal liability the number of items of each paragraph; what
    stands there is held in full, every other article provides no penalty. first_in_force: the day the statute's first
    version came into force; from then until ``since`` another version applied that is not held. ended_by: the article
    that ended it. replaces: which article of ``replaced`` (another statute or its own former version) each one follows.
    together: paragraphs of an article that apply to one act side by side.
    """

    statute: Statute
    since: date
    until: date | None
    last: int
    first_in_force: date
    articles: dict[int, tuple[int, ...]]
    ended_by: Article | None = None
    replaced: Statute | None = None
    replaces: dict[int, int] = field(default_factory=dict)
    together: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        """Whether this version is in force on that day."""
        return self.since <= on and (self.until is None or on < self.until)
