"""Whether two fines are for one and the same act (行政处罚法 29): by its days and by the norm that was broken [pure]."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from fadu.kernel.grams import folded
from fadu.kernel.money import plain
from fadu.law.citations import Article


@dataclass(frozen=True)
class ActOfParty:
    """What tells one act of a party from another: its days, the provision, the duties behind it, cause and visit.

    ended_on: None for an act of one day, or one that goes on (``ongoing``).
    """

    acted_on: date
    ended_on: date | None = None
    ongoing: bool = False
    article: Article | None = None
    duties: tuple[Article, ...] = ()
    cause: str = ""
    visit: int | None = None

    @property
    def last_day(self) -> date:
        """Its last day; an act that goes on has none yet."""
        return date.max if self.ongoing else self.ended_on or self.acted_on

    def answered_on(self, day: date) -> ActOfParty:
        """The act for which a decision of ``day`` fined: one that went on was fined as far as it had then come."""
        return replace(self, ongoing=False, ended_on=max(day, self.acted_on)) if self.ongoing else self

    def meets(self, other: ActOfParty) -> bool:
        """Do the days of both have one in common?"""
        return self.acted_on <= other.last_day and other.acted_on <= self.last_day


@dataclass(frozen=True)
class Fined:
    """A fine that a party has received: by whom, by which decision, for which act; since when this file knows of it.

    why: why that act must be taken for the one of this case.
    """

    organ: str
    document: str
    decided_on: date
    amount: Decimal
    act: ActOfParty
    known_on: date
    case: int | None = None
    why: str = ""

    def __str__(self) -> str:
        number = f"（{self.document}）" if self.document else ""
        return f"{self.organ}已于{self.decided_on}{number}罚款{plain(self.amount)}元"


def same_act(one: ActOfParty, other: ActOfParty) -> str:
    """Why both must be taken for one act, in words; empty when nothing shows it.

    One finding of one visit, or days in common together with one provision, one cause, or norms of two statutes that
    rest on the same duty.
    """
    provision = one.article is not None and other.article is not None and one.article.touches(other.article)
    if provision and one.visit is not None and one.visit == other.visit:
        return "同一次检查发现的问题，处罚条款相同"
    if not one.meets(other):
        return ""
    if provision:
        return "处罚条款相同，行为日期重合"
    if folded(one.cause) and folded(one.cause) == folded(other.cause):
        return "案由相同，行为日期重合"
    return "违反的义务相同，行为日期重合" if _one_duty(one, other) else ""


def _one_duty(one: ActOfParty, other: ActOfParty) -> bool:
    """Do provisions of two statutes rest on the same duty? Within one statute several duties may be broken side by side."""
    if one.article is None or other.article is None or one.article.statute == other.article.statute:
        return False
    mine, theirs = (one.article, *one.duties), (other.article, *other.duties)
    return any(a.touches(b) for a in mine for b in theirs)
