"""What a proposal not to penalise asks for where a list of no penalty is held: the item, and the fact for each condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from fadu.discretion.benchmarks.declare import Leniency
from fadu.penalty import queries
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.leniency import FIRST, read
from fadu.procedure.forms import text

if TYPE_CHECKING:
    from fadu.penalty.forms import ProposalRow

PREFIX = "leniency_"


def leniency_initial(party: CaseParty) -> dict[str, Any]:
    """The item applied to a party and the facts stated, as the fields take them."""
    made = read(party.leniency)
    if made is None:
        return {}
    return {"leniency": made.code} | {f"{PREFIX}{n}": fact for n, (_, fact) in enumerate(made.conditions)}


class LeniencyPart:
    """What ``ProposalRow`` asks for beside an exemption under 行政处罚法 33, by the list in force on the day of the act."""

    def __init__(self, row: ProposalRow, case: PenaltyCase) -> None:
        self.row, self.case = row, case
        ground = row.chosen("exemption")
        self.items: list[Leniency] = (
            queries.leniencies_for(case, Exemption[ground], row.chosen("provision"))
            if ground in Exemption.__members__
            else []
        )
        self.item = next((one for one in self.items if one.code == row.chosen("leniency")), None)
        if self.items:
            self._add()

    def _add(self) -> None:
        choices = [(one.code, f"{one.title}（{one.basis}）") for one in self.items]
        fields: dict[str, forms.Field] = {
            "leniency": forms.ChoiceField(
                label="不予处罚清单中的事项", required=False, choices=[("", "请选择"), *choices],
                help_text="按行为当日施行的裁量基准所附清单；选定后逐项写明符合条件的事实。",
            )
        }  # fmt: skip
        for number, condition in enumerate(self.item.conditions if self.item else ()):
            fields[f"{PREFIX}{number}"] = text(
                f"符合“{condition}”的事实", required=False, help_text=self._known(condition)
            )
        own = list(self.row.fields)
        place = own.index("exemption_reason")
        self.row.fields |= fields
        self.row.order_fields([*own[:place], *fields, *own[place:]])

    def _known(self, condition: str) -> str:
        """What the house knows of a condition by itself, which nobody can state away."""
        party = self.row.party_of(self.case)
        if FIRST not in condition or party is None:
            return ""
        before = queries.earlier_penalties(party)
        return f"系统记录：此前已有{before}次处罚，不是初次违法。" if before else "系统记录：此前没有受过处罚。"

    def clean(self, found: dict[str, Any]) -> None:
        """Fold the facts into one list, and say at each field what is wanting."""
        given = {name: found.pop(name) for name in list(found) if name.startswith(PREFIX)}
        if not self.items or not found.get("exemption"):
            return
        if self.item is None:
            self.row.add_error("leniency", "请选定不予处罚清单中的一项。")
            return
        for name, value in given.items():
            if not str(value or "").strip() and name not in self.row.errors:
                self.row.add_error(name, "请写明符合这一条件的事实。")
        found["leniency_facts"] = [str(given.get(f"{PREFIX}{n}") or "") for n in range(len(self.item.conditions))]
