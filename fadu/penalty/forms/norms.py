"""The penalty provisions that a proposal offers: those the records point to, the heaviest fine first, then all that are held."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from fadu.kernel import clock
from fadu.law import queries as law
from fadu.law.judging.concurrence import Norm, by_statute
from fadu.law.provisions import Provision
from fadu.penalty import queries
from fadu.penalty.history import acted_on, base_of, is_daily
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.penalty.services.weighing import tables_of

Choices = list[tuple[str, Any]]
FIRST = "按检查记录、违反的规定和案由提示（罚款高的在前，须由承办人判断）"


def _choice(one: Provision) -> tuple[str, str]:
    return one.id, f"{one.article}　{one.violation}"


class OpenNorms:
    """What a case's parties may be penalised under on the day of the act, of all the laws held."""

    def __init__(self, case: PenaltyCase) -> None:
        self.case = case
        self._found: dict[int, list[Norm]] = {}

    @cached_property
    def held(self) -> list[Provision]:
        """Every provision in force on the day of the act."""
        return law.provisions(acted_on(self.case))

    def of(self, party: CaseParty) -> list[Norm]:
        """Those the records point to for one party."""
        if party.pk not in self._found:
            party.case = self.case
            self._found[party.pk] = queries.norms_for(party, self.held, clock.today())
        return self._found[party.pk]

    def first(self, party: CaseParty) -> dict[str, Any]:
        """What is filled in before anybody has chosen: the daily fine that a case follows, else the heaviest sure norm."""
        if base := base_of(self.case):
            return {
                "provision": next((p.id for p in self.held if is_daily(p)), ""),
                "fine": base.total,
                "order_obeyed": "no",
            }
        sure = next((norm for norm in self.of(party) if norm.sure and norm.most is not None), None)
        return {"provision": sure.provision.id} if sure else {}

    def choices(self, party: CaseParty | None) -> Choices:
        """The choices of the field, in groups: the hints, then one group for each law."""
        found: Choices = [("", "请选择")]
        if party is not None and (hints := self.of(party)):
            found.append((FIRST, [(norm.provision.id, self.words(norm)) for norm in hints]))
        if self.case.follows_id is not None:
            found.append(("按日连续处罚", [_choice(one) for one in self.held if is_daily(one)]))
        parties = [party] if party is not None else list(self.case.parties.all())
        groups = by_statute(self.held, {p.party for p in parties})
        return [*found, *((law, [_choice(one) for one in rows]) for law, rows in groups.items())]

    def words(self, norm: Norm) -> str:
        """One hint in a line: article, violation, fine, benchmark."""
        tables = "、".join(table.code for table in tables_of(self.case, norm.provision.id))
        told = [norm.words or "没有罚款", f"裁量基准{tables}" if tables else "没有裁量基准"]
        if norm.replaced:
            told.append(f"较{norm.replaced.article}轻，从轻适用")
        return f"{norm.provision.article}　{norm.provision.violation}（{'；'.join(told)}）"
