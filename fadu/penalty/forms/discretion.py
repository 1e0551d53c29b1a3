"""What a proposal asks for where a benchmark is held: the table's circumstances, aggravation, the reason of the amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from fadu.discretion.benchmarks.declare import KeyType
from fadu.discretion.forms import key_field
from fadu.discretion.models import Benchmark
from fadu.penalty import queries
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.penalty.services.weighing import STATED, tables_of
from fadu.procedure.forms import as_json, text

if TYPE_CHECKING:
    from fadu.penalty.forms import ProposalRow

PREFIX = "c_"


def field_name(code: str, key: str) -> str:
    """The name under which a circumstance of a table is asked for."""
    return f"{PREFIX}{code}_{key}"


class DiscretionPart:
    """What ``ProposalRow`` asks for beside the proposal itself, for the provision that was chosen."""

    def __init__(self, row: ProposalRow, case: PenaltyCase) -> None:
        self.row, self.case = row, case
        self.tables: list[Benchmark] = [] if row.chosen("exemption") else tables_of(case, row.chosen("provision"))
        if self.tables:
            self._add(row.party_of(case))

    def _add(self, party: CaseParty | None) -> None:
        fields: dict[str, forms.Field] = {}
        several = len(self.tables) > 1
        if several:
            fields["benchmark"] = forms.ChoiceField(
                label="裁量基准表",
                required=False,
                choices=[("", "请选择"), *((t.code, f"{t.code} {t.violation}") for t in self.tables)],
            )
        for table in self.tables:
            for key in table.value.keys:
                if key.name in STATED:
                    continue
                field = key_field(key, f"{key.title}（{table.code}）" if several else "")
                if several:
                    field.widget.attrs["data-fd-when"] = f"{self.row.add_prefix('benchmark')}={table.code}"
                fields[field_name(table.code, key.name)] = field
        held = self.tables[0].set
        heavier = [(f.code, f"{f.title}（{f.basis}）") for f in held.fact_values if not f.lightens and not f.derived]
        fields["aggravation"] = forms.MultipleChoiceField(
            label="从重情节",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=heavier,
            help_text=self._derived(party),
        )
        fields["mitigate"] = forms.BooleanField(
            label="减轻处罚（低于法定最低罚款，须有上列可以减轻的情形）", required=False
        )
        fields["fine_reason"] = text(
            "在幅度内确定数额的理由", required=False, long=True, help_text="将印在调查报告、告知书和决定书上。"
        )
        fields["departure"] = text(
            "偏离裁量基准的理由", required=False, long=True,
            help_text="数额在基准算出的幅度之外的才填写；须集体讨论，并由主要负责人批准。",
        )  # fmt: skip
        asked = [name for name in fields if name == "benchmark" or name.startswith(PREFIX)]
        own = list(self.row.fields)
        place = own.index("fine")  # what the tier turns on is asked before the amount
        self.row.fields |= fields
        self.row.order_fields([*own[:place], *asked, *own[place:]])
        self._fill(party)

    def _derived(self, party: CaseParty | None) -> str:
        """What the house counts by itself from its records, which nobody can untick."""
        if party is None:
            return ""
        own = {one for table in self.tables for one in table.provisions}
        rows = [
            row
            for row in queries.decisions_within_a_year(party, self.case.filed_on or self.case.opened_on)
            if row.provision in own
        ]
        told = "、".join(f"{row.decided_on:%Y-%m-%d}（{row.decision_sanctions}）" for row in rows)
        first = (
            f"十二个月内因同一违法行为受过{len(rows)}次处罚：{told}" if rows else "十二个月内没有因同一违法行为受过处罚"
        )
        return f"系统自动计入、不能取消的：{first}；责令改正逾期未改正的，依复查结果。"

    def _fill(self, party: CaseParty | None) -> None:
        made = getattr(party, "discretion", None) if party is not None else None
        if made is None or made.benchmark_id not in [table.pk for table in self.tables]:
            return
        table = next(t for t in self.tables if t.pk == made.benchmark_id)
        filled: dict[str, Any] = {"benchmark": table.code, "fine_reason": made.reason, "departure": made.departure,
                                  "aggravation": [f["code"] for f in made.facts if not f["lightens"] and not f["derived"]],
                                  "mitigate": made.direction == "mitigated"}  # fmt: skip
        for name, value in made.values.items():
            filled[field_name(table.code, name)] = (
                {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            )
        for name, value in filled.items():
            if name in self.row.fields:
                self.row.initial.setdefault(name, value)

    def clean(self, found: dict[str, Any]) -> None:
        """Fold the circumstances into one value and say at each field what is wanting."""
        given = {name: found.pop(name) for name in list(found) if name.startswith(PREFIX)}
        if not self.tables or found.get("exemption") or not found.get("fine"):
            found["circumstances"] = {}
            return
        table = (
            self.tables[0]
            if len(self.tables) == 1
            else next((t for t in self.tables if t.code == found.get("benchmark")), None)
        )
        if table is None:
            self.row.add_error("benchmark", "这一条款有几张裁量基准表，请选择一张。")
            return
        circumstances = {}
        for key in table.value.keys:
            if key.name in STATED:
                if found.get(key.name) is None and key.name not in self.row.errors:
                    self.row.add_error(key.name, f"裁量基准按{key.title}分档，请填写（没有的填0）。")
                continue
            name = field_name(table.code, key.name)
            value = given.get(name)
            if value in (None, "") and name not in self.row.errors:
                self.row.add_error(name, f"请认定“{key.title}”，裁量基准{table.code}按它分档。")
            circumstances[key.name] = (
                {"yes": True, "no": False}.get(str(value)) if key.type is KeyType.FLAG else as_json(value)
            )
        found["circumstances"], found["benchmark"] = circumstances, table.code
        if not str(found.get("fine_reason") or "").strip() and "fine_reason" not in self.row.errors:
            self.row.add_error("fine_reason", "请写明在幅度内确定这一数额的理由。")
