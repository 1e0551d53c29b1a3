"""A discretion benchmark as values: keys, tiers with their conditions and fines, facts that lighten or weigh, bands [pure]."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fadu.discretion.benchmarks.intervals import Interval
from fadu.law.citations import Article
from fadu.law.provisions import Basis, FineType, Stage, Titled

LEVELS = ("轻微", "较轻", "一般", "较重", "严重", "特别严重")


class KeyType(Titled):
    """What a key is asked for as."""

    WHOLE = "whole", "整数"
    NUMBER = "number", "数额"
    CHOICE = "choice", "选项"
    FLAG = "flag", "是否"


class Payer(Titled):
    """Whom a fine of a table strikes: the undertaking or the natural person responsible."""

    UNIT = "unit", "单位"
    PERSON = "person", "个人"


class Direction(Titled):
    """Where in the tier's range the fine lies by the circumstances outside the table."""

    PLAIN = "plain", "一般"
    LIGHTER = "lighter", "从轻"
    MITIGATED = "mitigated", "减轻"
    HEAVIER = "heavier", "从重"
    BOTH = "both", "从轻、从重情节并存"


@dataclass(frozen=True)
class Key:
    """One circumstance the table turns on.

    least, below: the numbers the table is made for, ``below`` itself excluded; ``outside`` says what applies beyond.
    idle: the part in which this key alone founds no tier (no deaths, where injuries count too). options: value → title.
    """

    name: str
    title: str
    type: KeyType
    unit: str = ""
    least: Decimal = Decimal(0)
    below: Decimal | None = None
    outside: str = ""
    idle: Interval | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> bool:
        """Counted in whole numbers?"""
        return self.type is KeyType.WHOLE

    @property
    def measured(self) -> bool:
        """Is it a number?"""
        return self.type in (KeyType.WHOLE, KeyType.NUMBER)

    def option(self, value: str) -> str:
        """The title of an option."""
        return dict(self.options).get(value, value)


@dataclass(frozen=True)
class Test:
    """One condition on one key: a range, some of its options, or yes/no. ``written`` as the table writes it."""

    key: str
    range: Interval | None = None
    options: frozenset[str] = frozenset()
    yes: bool | None = None
    written: str = ""


@dataclass(frozen=True)
class Fine:
    """The fine of one tier for one payer at one stage, both ends included: yuan, or a share of income or of gains."""

    payer: Payer
    stage: Stage
    lower: Decimal
    upper: Decimal
    type: FineType = FineType.YUAN
    basis: Basis | None = None

    @property
    def place(self) -> tuple[Payer, Stage]:
        """Whom and when."""
        return self.payer, self.stage


@dataclass(frozen=True)
class Tier:
    """One 阶次: reached by any of its conditions; of several tiers reached the gravest (the last) counts.

    graded: one condition on a number or a choice, of which each value belongs to one tier. also: conditions that lift a
    case into this tier whatever the graded keys say, each holding together. provision: the id of the provision whose
    range binds this tier, where the benchmark rests on several.
    """

    level: str
    when: str
    graded: tuple[Test, ...] = ()
    also: tuple[tuple[Test, ...], ...] = ()
    fines: tuple[Fine, ...] = ()
    provision: str = ""
    confidence: str = ""
    note: str = ""

    def fine(self, payer: Payer, stage: Stage) -> Fine | None:
        """The fine for that payer at that stage, if the tier has one."""
        return next((f for f in self.fines if f.place == (payer, stage)), None)


@dataclass(frozen=True)
class Benchmark:
    """The table of one violation.

    provisions: ids of the penalty provisions it refines; frame: the statutory ranges where the house holds no text of
    them. since, until: narrower days than its set's, where the law it rests on begins or ends between.
    """

    code: str
    violation: str
    basis: Article | None
    keys: tuple[Key, ...]
    tiers: tuple[Tier, ...]
    provisions: tuple[str, ...] = ()
    duties: tuple[Article, ...] = ()
    frame: tuple[Fine, ...] = ()
    since: date | None = None
    until: date | None = None
    confidence: str = "model"
    note: str = ""
    keyed: dict[str, Key] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keyed", {key.name: key for key in self.keys})

    def in_force(self, on: date) -> bool:
        """Whether the table itself applies on that day (its set apart)."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Fact:
    """A mitigating or aggravating circumstance with its basis.

    lightens: from 从轻; mitigates: may also go below the statutory minimum. derived: counted by the house from its own
    records and never ticked (``repeated``: earlier decisions; ``overdue``: an order that ran out), from ``least`` on.
    keys, stage: not counted again where the table's key or the stage has already used it.
    """

    code: str
    title: str
    basis: str
    lightens: bool
    mitigates: bool = False
    derived: str = ""
    least: int = 1
    keys: tuple[str, ...] = ()
    stage: Stage | None = None
    confidence: str = "model"


@dataclass(frozen=True)
class Bands:
    """What 从轻 and 从重 mean within a tier: the lower and the upper share of its span.

    middle: without such facts only what lies between the two is open; else the tier's whole range is.
    """

    lower: Decimal = Decimal("0.30")
    upper: Decimal = Decimal("0.30")
    middle: bool = False
    confidence: str = "model"


@dataclass(frozen=True)
class Leniency:
    """One entry of the lists of no penalty (不予处罚) and of minor violations (轻微免罚), with all its conditions."""

    code: str
    title: str
    mandatory: bool
    conditions: tuple[str, ...]
    basis: str
    benchmarks: tuple[str, ...] = ()
    confidence: str = "model"
    note: str = ""


@dataclass(frozen=True)
class Range:
    """Fines in yuan between two ends; the upper end is excluded where the fine must stay below it (减轻)."""

    lower: Decimal
    upper: Decimal
    upper_in: bool = True

    def holds(self, amount: Decimal) -> bool:
        """Whether the amount lies within."""
        return self.lower <= amount <= self.upper if self.upper_in else self.lower <= amount < self.upper

    def __str__(self) -> str:
        from fadu.law.wording import amount

        if self.lower == self.upper:
            return amount(self.upper)
        if not self.upper_in:
            return f"低于{amount(self.upper)}"
        return f"{amount(self.lower)}至{amount(self.upper)}" if self.lower else f"{amount(self.upper)}以下"
