"""Daily fines and closure (安全生产法 112, 113): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from fadu.law.statutes import APL, WSL
from fadu.penalty.procedures.closure import Closure
from fadu.penalty.procedures.daily import DailyFine
from fadu.penalty.procedures.ordinary.facts import CaseFacts, PartyFact
from fadu.procedure.declare import Verdict, rule


def _concerned(case: CaseFacts) -> list[PartyFact]:
    """The party of the act, or all of them while none is chosen."""
    return [p for p in case.parties if case.party in (None, p.ordinal)]


@rule("被责令改正并受到罚款后，复查发现拒不改正", WSL[112])
def daily_fine_open(case: CaseFacts) -> Verdict:
    """Order, fine and refusal are read from their papers and from the re-inspection."""
    if case.input:
        return True  # the act has asked, and proposed what was open
    found = [p.elsewhere.daily for p in _concerned(case)]
    if any(isinstance(one, DailyFine) for one in found):
        return True
    return next((one for one in found if isinstance(one, str) and one), "没有按日连续处罚的记录")


@rule("提请关闭在本机关当日施行的权责清单之内", APL[17], WSL[17])
def closure_within_powers(case: CaseFacts) -> Verdict:
    """The organ holds the item that day; by the shipped list only the city does."""
    return bool(case.closure_power) or "本机关当日施行的权责清单中没有提请关闭的事项，应当报告有权的机关"


@rule("有重大事故隐患，一百八十日内三次或者一年内四次受到处罚", WSL[113, None, 1])
def closure_open(case: CaseFacts) -> Verdict:
    """Hazards from inspections, penalties from decisions, windows from the numbers of law."""
    found = [p.elsewhere.closure for p in _concerned(case)]
    if any(isinstance(one, Closure) for one in found):
        return True
    return next((one for one in found if isinstance(one, str) and one), "没有可以提请关闭的单位")


@rule("没有人民政府尚未决定的提请", WSL[115], unmet="已经提请，人民政府尚未决定")
def no_closure_waiting(case: CaseFacts) -> Verdict:
    """One proposal at a time; the act itself asks before it makes its own."""
    return bool(case.input) or not any(p.closure_waiting for p in _concerned(case))


@rule("已经提请人民政府关闭", WSL[115], unmet="没有等待人民政府决定的提请")
def closure_waiting(case: CaseFacts) -> Verdict:
    """The government answers a proposal; the act itself asks before it enters the answer."""
    return bool(case.input) or any(p.closure_waiting for p in _concerned(case))
