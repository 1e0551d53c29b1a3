"""Where upper floors put what a declared step needs besides its declaration: effects, forms, facts and papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from fadu.document.kinds import Document
    from fadu.org.models import Officer
    from fadu.org.roles import Role
    from fadu.procedure.facts import MatterFacts
    from fadu.procedure.models import Matter


@dataclass
class Taking:
    """What an effect is told, and where it leaves what the journal should keep.

    ``data`` is the form's payload (JSON values). An effect may set ``starts_on`` (the day, by party number, on which
    periods that run from service begin; None as key for all), ``before``/``after`` (values for the journal), ``note``,
    ``meets`` (deadlines that this act meets besides those its step names).
    """

    matter: Matter
    step: str
    by: Officer | None
    on: date
    data: Mapping[str, Any]
    party: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    starts_on: dict[int | None, date] = field(default_factory=dict)
    papers: list[Any] = field(default_factory=list)
    meets: list[Any] = field(default_factory=list)
    opinions: list[dict[str, Any]] = field(default_factory=list)
    officer_opinion: str = ""
    cosigner: Officer | None = None
    proposer: Officer | None = None
    submitted_on: date | None = None
    role: Role | None = None  # in which ``by`` decides an application, perhaps for somebody who is absent

    @property
    def officer(self) -> Officer:
        """Who acts, where the step has roles; the door lets the program itself take only steps of no role."""
        if self.by is None:
            raise RuntimeError(f"{self.step} was taken without an officer")
        return self.by

    @property
    def number(self) -> int:
        """The number of the party that the act concerns; the door demands it of steps for one party."""
        return self.party or 0

    @property
    def by_proposer(self) -> Officer | None:
        """Who proposed the act: the submitter of an application, else who acts."""
        return self.proposer or self.by


Effect = Callable[[Taking], None]
FactsBuilder = Callable[["Matter", date], "MatterFacts"]
PaperContexts = Callable[[Taking], "list[tuple[int | None, dict[str, Any]]]"]
F = TypeVar("F", bound=Callable[..., Any])

effects: dict[str, Effect] = {}
forms: dict[str, Any] = {}
fact_builders: dict[str, FactsBuilder] = {}
branches: dict[str, tuple[str, ...]] = {}
shown: dict[str, tuple[str, ...]] = {}
paper_builders: dict[tuple[str, Document], PaperContexts] = {}
matter_models: dict[str, type[Matter]] = {}
summaries: dict[str, Callable[[Matter], list[tuple[str, ...]]]] = {}


def effect(*codes: str) -> Callable[[F], F]:
    """Register what a step writes besides moving the matter; ``codes`` like ``penalty.ordinary.file``."""

    def register(function: F) -> F:
        for code in codes:
            if code in effects:
                raise ValueError(f"two effects for {code}")
            effects[code] = function
        return function

    return register


def form_for(*codes: str) -> Callable[[type], type]:
    """Register the form that a step asks for."""

    def register(form: type) -> type:
        for code in codes:
            if code in forms:
                raise ValueError(f"two forms for {code}")
            forms[code] = form
        return form

    return register


def facts_of(code: str, *reads: str) -> Callable[[F], F]:
    """Register the function that gathers the facts of matters of procedure ``code``.

    ``reads`` are the relations of the matter that it reads besides those of every matter, as ``prefetch_related`` writes
    them; the matter is handed to it with all of them laid out.
    """

    def register(function: F) -> F:
        fact_builders[code] = function
        branches[code] = reads
        return function

    return register


def paper(code: str, *kinds: Document) -> Callable[[F], F]:
    """Register how the contexts of papers of ``kinds`` are made in procedure ``code``: a list of (party, context)."""

    def register(function: F) -> F:
        for kind in kinds:
            paper_builders[(code, kind)] = function
        return function

    return register


def matter_of(code: str) -> Callable[[type], type]:
    """Register the model of the matters of procedure ``code``."""

    def register(model: type) -> type:
        matter_models[code] = model
        return model

    return register


def summary_of(code: str, *shows: str) -> Callable[[F], F]:
    """Register the facts at the head of a matter's page: a list of (label, value) or (label, value, address).

    ``shows`` are the relations that the page of such a matter shows besides those its rules read.
    """

    def register(function: F) -> F:
        summaries[code] = function
        shown[code] = shows
        return function

    return register
