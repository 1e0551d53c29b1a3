"""The benchmark of discretion (行政处罚法 34): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from decimal import Decimal

from fadu.kernel.money import plain
from fadu.law.statutes import APL
from fadu.penalty.procedures.ordinary.facts import CaseFacts
from fadu.procedure.declare import Verdict, rule


@rule("罚款在裁量基准的幅度之内，或者写明了偏离的理由", APL[34], APL[5, 2], reads_input=True)
def within_benchmark(case: CaseFacts) -> Verdict:
    """The fine lies in the range computed from the party's circumstances; where no benchmark is held there is none to leave."""
    for party in case.penalised:
        if party.departs and party.discretion is not None and not party.discretion.departure.strip():
            fine = plain(party.proposed.fine or Decimal(0))
            return (
                f"{party.name}：罚款{fine}元不在裁量基准“{party.discretion.level}”一档算出的幅度（{party.discretion.words}）之内；"
                "确需偏离的，写明理由，经集体讨论并由主要负责人批准"
            )
    return True


@rule("偏离裁量基准", APL[34], APL[57, 2])
def departs_from_benchmark(case: CaseFacts) -> Verdict:
    """For any party penalised: then the heads discuss together, and the principal head signs."""
    return any(party.departs for party in case.penalised)


def departures(case: CaseFacts) -> list[str]:
    """Each departure with its reason, as a ground for collective discussion."""
    return [
        f"偏离裁量基准：{party.name}（{party.discretion.departure.strip() or '未写明理由'}）"
        for party in case.penalised
        if party.departs and party.discretion is not None
    ]
