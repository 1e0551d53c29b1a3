"""One act, one fine (行政处罚法 29): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from fadu.law.statutes import APL
from fadu.penalty.procedures.ordinary.facts import CaseFacts
from fadu.procedure.declare import Verdict, rule


@rule("没有对同一违法行为再次罚款，或者说明了不是同一违法行为", APL[29])
def no_second_fine(case: CaseFacts) -> Verdict:
    """A party that was fined for what must be taken for the same act is not fined again (29)."""
    for party in case.penalised:
        if party.proposed.fine and party.fined_already:
            return (
                f"{party.name}的同一违法行为，{party.fined_already[0]}，不得再次罚款；"
                "确属另一违法行为的，先办理“说明不是同一违法行为”并写明理由"
            )
    return True


@rule("该当事人的同一违法行为受过罚款", APL[29], unmet="没有查到同一违法行为受过罚款，不用说明")
def fined_before(case: CaseFacts) -> Verdict:
    """There is a fine from which the act of this case is to be told apart."""
    return any(p.fined_already for p in case.parties if case.party in (None, p.ordinal))
