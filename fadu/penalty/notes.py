"""What the officer is told at the head of a case and of its forms: what records say that the law asks to be heeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fadu.kernel.money import plain
from fadu.law.citations import Article
from fadu.law.content import offences
from fadu.law.judging.concurrence import heavier
from fadu.law.judging.crime import to_be_judged
from fadu.law.statutes import APL, WSL
from fadu.penalty import queries
from fadu.penalty.forms.norms import OpenNorms
from fadu.penalty.history import acted_on, others_of
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.penalty.procedures.closure import Closure
from fadu.penalty.procedures.daily import DailyFine
from fadu.penalty.procedures.ordinary.facts import CaseFacts, PartyFact
from fadu.penalty.procedures.ordinary.rules import not_time_barred
from fadu.penalty.procedures.ordinary.states import AFTER_DECISION, UNDECIDED

NORMS_SHOWN = 6


@dataclass(frozen=True)
class Note:
    """One thing to heed: its subject, the sentence, the articles, and whether it stands in the way (``late``) or informs."""

    title: str
    text: str
    articles: tuple[Article, ...]
    tone: str = "due"


def notes_on(case: PenaltyCase, known: CaseFacts) -> list[Note]:
    """The notes on a case as its facts have it, by what its state makes of interest."""
    parties = list(case.parties.all())
    for party in parties:
        party.case = case
    if case.stage in UNDECIDED:
        return [
            *_limitation(case, known), *_crimes(case, parties, known), *(n for p in known.parties for n in _fined(p)),
            *(n for p in parties for n in _history(p)),
        ]  # fmt: skip
    if case.stage in AFTER_DECISION:
        return [note for party in known.parties for note in _consequences(party)]
    return []


def _limitation(case: PenaltyCase, known: CaseFacts) -> Iterator[Note]:
    """36: until when the act may be penalised, counted from its day or its end."""
    if case.ongoing:
        yield Note("追溯期限", "违法行为仍在继续，追溯期限尚未开始计算", (APL[36, 2],), "info")
    elif case.acted_on is None:
        yield Note("追溯期限", "立案时填写违法行为发生之日后计算", (APL[36],), "info")
    elif (verdict := not_time_barred.test(known)) is not True:
        yield Note("追溯期限", f"{verdict}，不再给予行政处罚", (APL[36],), "late")
    else:
        years = 5 if known.harm else 2
        last = queries.limitation_end(acted_on(case), years)
        text = f"自{acted_on(case)}起算{years}年，至{last}届满；{case.found_on}发现，没有超过"
        yield Note("追溯期限", text, (APL[36],), "ok")


def _crimes(case: PenaltyCase, parties: list[CaseParty], known: CaseFacts) -> Iterator[Note]:
    """27: figures that are reached, and crimes of which no figure speaks beside the provisions chosen."""
    if known.suspicions:
        text = "；".join(known.suspicions)
        answered = "已有结论，见全过程记录" if known.crime_answered else "回答是否移送以前，不能作出处罚决定"
        yield Note("行刑衔接", f"{text}。{answered}", (APL[27, 1],), "ok" if known.crime_answered else "late")
    judged = to_be_judged(offences.shipped(), queries.articles_of(case, parties), acted_on(case))
    for one in judged:
        text = f"有“{'、'.join(one.judged)}”情形的，可能涉嫌{one.title}（{one.conduct}），由承办人判断"
        yield Note("行刑衔接", text, (one.article, APL[27, 1]), "info")


def _fined(party: PartyFact) -> Iterator[Note]:
    """29: fines for what must be taken for the same act."""
    for fined in party.elsewhere.fined:
        told = fined not in party.fined_already
        rest = "已说明不是同一违法行为" if told else "不得再次罚款；确属另一行为的，须写明理由"
        yield Note("一事不二罚", f"{party.name}：{fined}，{fined.why}。{rest}", (APL[29],), "ok" if told else "late")


def _history(party: CaseParty) -> Iterator[Note]:
    """33: whether it is the first violation, as far as the records of this house go."""
    before = others_of(party)
    if before:
        text = f"{party.name}此前受过{len(before)}次处罚，最近一次{before[-1].decided_on}，不是初次违法"
        yield Note("初次违法", text, (APL[33, 1],))
    elif party.subject_id or party.identity:
        yield Note("初次违法", f"{party.name}在本系统没有受过处罚", (APL[33, 1],), "info")


def heavier_norms(case: PenaltyCase) -> Iterator[Note]:
    """29: each provision chosen although records name one with a higher fine; all that is held is read for it."""
    parties = [p for p in case.parties.all() if p.provision and not p.exemption]
    open_norms = OpenNorms(case)
    for party in parties:
        for norm in heavier(open_norms.of(party), party.provision):
            text = f"{party.name}：{norm.provision.article}的罚款（{norm.words}）高于所选条款，是否适用请核对"
            yield Note("从一重处罚", text, (APL[29],))


def _consequences(party: PartyFact) -> Iterator[Note]:
    """安全生产法 112, 113: what the records bear after the decision."""
    if isinstance(daily := party.elsewhere.daily, DailyFine):
        text = (
            f"{party.name}拒不改正，可以自{daily.since}至{daily.until}按日连续处罚：{daily.days}日，每日{plain(daily.each)}元，"
            f"合计{plain(daily.total)}元"
        )
        yield Note("按日连续处罚", text, (WSL[112],))
    if isinstance(closing := party.elsewhere.closure, Closure):
        waiting = "已经提请，等待人民政府决定" if party.closure_waiting else "应当提请人民政府关闭"
        text = f"{party.name}有重大事故隐患{len(closing.hazards)}项尚未消除，{closing.window}受到处罚，{waiting}"
        yield Note("提请关闭", text, (WSL[113, None, 1], WSL[115]), "late")
