"""How a statutory procedure is declared: states, steps, rules, periods and papers, each with its article [pure]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from fadu.document.kinds import Document
from fadu.law.citations import Article, in_chinese
from fadu.org.roles import Role

T = TypeVar("T")
Verdict = bool | str


@dataclass(frozen=True)
class Rule:
    """A clause that is true or false of a matter's facts, with the article that demands it.

    ``test`` answers True, or False, or a sentence that says what exactly is wanting. ``unmet`` is the sentence used for
    a bare False. ``reads_input`` marks a rule whose answer depends on what the act itself enters: it cannot be answered
    before, so it greys no button and is checked when the act is done.
    """

    text: str
    basis: tuple[Article, ...]
    test: Callable[[Any], Verdict]
    unmet: str
    reads_input: bool = False

    @property
    def name(self) -> str:
        """The function's name, by which code and tests call the rule."""
        return self.test.__name__

    def holds(self, facts: Any) -> bool:
        """Is the rule satisfied by ``facts``?"""
        return self.test(facts) is True

    def refusal(self, facts: Any) -> Refusal | None:
        """None when the rule is satisfied, else the sentence to show, with its articles."""
        verdict = self.test(facts)
        if verdict is True:
            return None
        return Refusal(verdict if isinstance(verdict, str) else self.unmet, self.basis)

    def __str__(self) -> str:
        return self.text


def rule(
    text: str, *basis: Article, unmet: str = "", reads_input: bool = False
) -> Callable[[Callable[[Any], Verdict]], Rule]:
    """Declare a rule: ``text`` is the clause as the table shows it, ``unmet`` the sentence of its refusal."""

    def declare(test: Callable[[Any], Verdict]) -> Rule:
        return Rule(text, basis, test, unmet or f"尚不符合：{text}", reads_input)

    return declare


@dataclass(frozen=True)
class Refusal:
    """Why an act is not possible: one sentence and the articles it rests on. The only wording of that refusal."""

    text: str
    basis: tuple[Article, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}（{in_chinese(self.basis)}）" if self.basis else self.text


@dataclass(frozen=True)
class If(Generic[T]):
    """``then`` applies only where the rule ``when`` holds."""

    when: Rule
    then: T


def applies(item: T | If[T], facts: Any) -> T | None:
    """The item itself, or what an ``If`` holds when its condition is met, else None."""
    if isinstance(item, If):
        return item.then if item.when.holds(facts) else None
    return item


class Bound(Enum):
    """Whose period it is; that decides whether its end blocks, and whether it rolls over a rest day."""

    DUTY = "机关的义务"  # missed: allowed with a reason, marked for ever
    RIGHT = "当事人的权利"  # while it runs, no act that would cut it off
    OBLIGATION = "当事人的义务"


@dataclass(frozen=True)
class Period:
    """A period that a step starts: so many of a unit, or a dated number of law named by ``parameter``.

    ``unit`` is one of hours, workdays, days, months, years. ``runs_from`` is ``act`` (the day of the act), ``service``
    (the day on which the service recorded by the act takes effect; never the day of the click), or the name of another
    period of the matter, at whose last day this one begins. ``each``: several may run beside each other (one for every
    batch of evidence), so that a later one does not replace an earlier.
    """

    name: str
    n: int
    unit: str
    basis: tuple[Article, ...]
    bound: Bound = Bound.DUTY
    runs_from: str = "act"
    parameter: str = ""
    each: bool = False

    @property
    def rolls(self) -> bool:
        """A party's period that would end on a rest day ends on the next working day; the bureau's own does not."""
        return self.bound is not Bound.DUTY

    @property
    def length(self) -> str:
        """The length in the statute's unit, as people read it."""
        if self.parameter:
            return f"按“{self.parameter}”"
        return f"{self.n}{UNITS[self.unit]}"

    def __str__(self) -> str:
        return f"{self.name}{self.length}{self.origin}"

    @property
    def origin(self) -> str:
        """From when it runs, in brackets; nothing where it is the act itself."""
        if self.runs_from == "act":
            return ""
        return "（自送达生效之日起）" if self.runs_from == "service" else f"（自“{self.runs_from}”期满之日起）"


UNITS = {"hours": "小时", "workdays": "个工作日", "days": "日", "months": "个月", "years": "年"}


def _period(unit: str) -> Callable[..., Period]:
    """A maker of periods in ``unit``."""

    def make(
        name: str, n: int, *basis: Article, bound: Bound = Bound.DUTY, runs_from: str = "act", parameter: str = "",
        each: bool = False,
    ) -> Period:  # fmt: skip
        return Period(name, n, unit, basis, bound, runs_from, parameter, each)

    return make


hours, workdays, days, months, years = (_period(unit) for unit in UNITS)


@dataclass(frozen=True)
class Escalation:
    """A higher signature under a condition: where ``when`` holds, ``approval`` is the chain and ``decided_by`` decides."""

    when: Rule
    approval: str
    decided_by: Role


class Duty(Enum):
    """What a person has done on a matter; some duties may not meet in one person."""

    INVESTIGATE = "调查"
    REVIEW = "审核"
    DECIDE = "决定"
    COLLECT = "收款登记"
    OTHER = "其他"


@dataclass(frozen=True)
class Step:
    """One step of a procedure.

    ``by``: the roles that may take it, or propose it where ``approval`` names a chain of approvals (dated data per organ).
    ``decided_by``: who decides at the end of the chain, as the law names it; ``escalates``: a higher one under a
    condition. ``requires``: rules that must hold.
    ``documents``: papers the step makes. ``starts``/``fulfils``/``pauses``/``resumes``: periods, by name for the last
    three; ``extends``: lengths added to the running periods of their names; ``meets``: periods of which the act's
    effect says which one it has met. ``returns``: the step leads back to the
    state in which the matter was before it came into the present one. ``within``: the period in which the step must be taken; late is allowed with a reason and marked for ever.
    ``reaches``: the target is reached only when this holds, else the matter stays where it is. ``per_party``: taken for
    one party at a time. ``draws_serial``: the matter's one serial is drawn here.
    """

    title: str
    sources: tuple[Enum, ...]
    target: Enum | None = None
    by: tuple[Role, ...] = ()
    approval: str = ""
    decided_by: Role | None = None
    escalates: Escalation | None = None
    requires: tuple[Rule | If[Rule], ...] = ()
    documents: tuple[Document | If[Document], ...] = ()
    starts: tuple[Period | If[Period], ...] = ()
    fulfils: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    extends: tuple[Period, ...] = ()
    meets: tuple[str, ...] = ()
    returns: bool = False
    within: str = ""
    reaches: Rule | None = None
    per_party: bool = False
    draws_serial: bool = False
    duty: Duty = Duty.OTHER
    officers: int = 1
    basis: tuple[Article, ...] = ()
    hint: str = ""
    name: str = field(default="", compare=False)
    code: str = field(default="", compare=False)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    def __hash__(self) -> int:
        return hash((self.code, self.name))

    @property
    def moves(self) -> bool:
        """Does the step change the state?"""
        return self.target is not None or self.returns

    @property
    def actors(self) -> str:
        """Who acts, in Chinese: the proposer, and who decides."""
        text = "、".join(role.title for role in self.by)
        if self.officers > 1:
            text += f"（{self.officers}人以上）"
        if self.decided_by is not None:
            text += f"提出，{self.decided_by.title}决定" if text else self.decided_by.title
        if self.escalates is not None:
            text += f"；{self.escalates.when}的，由{self.escalates.decided_by.title}决定"
        return text

    def chain(self, facts: Any) -> str:
        """The name of the chain of approvals under these facts."""
        return self.escalates.approval if self.escalates and self.escalates.when.holds(facts) else self.approval

    def articles(self) -> tuple[tuple[str, Article], ...]:
        """Every article that the step, its rules, periods and conditions rest on, with what rests on it."""
        found = [("依据", article) for article in self.basis]
        if self.escalates is not None:
            found += [(f"条件：{self.escalates.when}", article) for article in self.escalates.when.basis]
        for item in (
            *self.requires,
            *self.documents,
            *self.starts,
            *self.extends,
            *((self.reaches,) if self.reaches else ()),
        ):
            if isinstance(item, If):
                found += [(f"条件：{item.when}", article) for article in item.when.basis]
            inner = item.then if isinstance(item, If) else item
            if isinstance(inner, Rule):
                found += [(f"条件：{inner}", article) for article in inner.basis]
            elif isinstance(inner, Period):
                found += [(f"期间：{inner}", article) for article in inner.basis]
        return tuple(found)


class Chapter:
    """Base of a part of a procedure whose steps stand in a file of their own; a procedure inherits its chapters in order."""


class Procedure:
    """Base of every declared procedure; a subclass is one version of one procedure.

    A subclass names ``title``, ``basis``, ``in_force`` (and ``until``), an enum ``State`` whose values are the Chinese
    names, ``initial``, ``main`` (the main line, for the chart), ``opens`` (the periods that start with the matter
    itself) and its steps. It registers itself under ``code@in_force``; a second declaration under the same key is refused.
    """

    registry: ClassVar[dict[str, type[Procedure]]] = {}
    code: ClassVar[str] = ""
    title: ClassVar[str] = ""
    basis: ClassVar[tuple[Article, ...]] = ()
    in_force: ClassVar[date]
    until: ClassVar[date | None] = None
    State: ClassVar[type[Enum]]
    initial: ClassVar[Enum]
    main: ClassVar[tuple[Enum, ...]] = ()
    final: ClassVar[tuple[Enum, ...]] = ()
    opens: ClassVar[tuple[Period, ...]] = ()
    steps: ClassVar[dict[str, Step]] = {}

    def __init_subclass__(cls, *, code: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = code
        cls.steps = {}
        for part in cls.parts():
            for name, value in vars(part).items():
                if isinstance(value, Step):
                    if name in cls.steps:
                        raise ValueError(f"two steps of {code} are called {name}")
                    cls.steps[name] = value
        for name, step in cls.steps.items():
            object.__setattr__(step, "code", f"{code}.{name}")
        key = cls.key()
        if key in Procedure.registry and Procedure.registry[key].__qualname__ != cls.__qualname__:
            raise ValueError(f"two procedures declared as {key}")
        Procedure.registry[key] = cls

    @classmethod
    def parts(cls) -> tuple[type, ...]:
        """The classes that declare the steps, in reading order: the chapters, then the procedure's own body."""
        return (*(base for base in cls.__bases__ if issubclass(base, Chapter)), cls)

    @classmethod
    def key(cls) -> str:
        """The version's key, kept by every matter that runs under it: ``penalty.ordinary@2021-07-15``."""
        return f"{cls.code}@{cls.in_force.isoformat()}"

    @classmethod
    def version(cls, code: str, on: date) -> type[Procedure]:
        """The version of ``code`` in force on ``on``; raises LookupError when there is none."""
        found = [
            p for p in Procedure.registry.values()
            if p.code == code and p.in_force <= on and (p.until is None or on < p.until)
        ]  # fmt: skip
        if not found:
            raise LookupError(f"{on}没有施行中的程序 {code}")
        return max(found, key=lambda p: p.in_force)

    @classmethod
    def from_state(cls, state: Enum) -> tuple[Step, ...]:
        """The steps open in ``state``, in the order of the declaration."""
        return tuple(step for step in cls.steps.values() if state in step.sources)
