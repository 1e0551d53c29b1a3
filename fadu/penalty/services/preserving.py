"""Evidence registered and preserved in advance, and the decision on each item (行政处罚法 56)."""

from __future__ import annotations

from fadu.kernel.errors import Invalid
from fadu.penalty import queries
from fadu.penalty.models import PenaltyCase, Preservation, PreservedItem
from fadu.penalty.services.investigating import CODE
from fadu.procedure.events import StepTaken, on_step
from fadu.procedure.registry import Taking, effect

PERIOD = "处理先行登记保存的证据"


@effect(f"{CODE}.preserve")
def preserve(taking: Taking) -> None:
    """先行登记保存: one batch of a party's things, listed one by one."""
    case, data = taking.matter, taking.data
    assert isinstance(case, PenaltyCase)
    party = case.parties.get(ordinal=data["party"])
    batch = Preservation.objects.create(
        party=party, on=taking.on, reason=data["reason"], manner=data["manner"], place=data["place"], custodian=data["custodian"],
    )  # fmt: skip
    names = ("name", "spec", "quantity", "condition")
    PreservedItem.objects.bulk_create(
        PreservedItem(batch=batch, **{n: row.get(n) or "" for n in names}) for row in data["items"]
    )
    taking.after |= {"party": party.name, "items": [f"{row['name']}（{row['quantity']}）" for row in data["items"]]}
    taking.note = data["reason"]


@on_step(f"{CODE}.preserve")
def keep_deadline(event: StepTaken) -> None:
    """Tie the batch to the seven working days that the act has started for it."""
    batch = Preservation.objects.filter(party__case=event.matter.pk, deadline=None).last()
    if batch is not None:
        batch.deadline = event.matter.deadlines.filter(name=PERIOD).last()
        batch.save(update_fields=["deadline"])


@effect(f"{CODE}.dispose_preserved")
def dispose(taking: Taking) -> None:
    """处理: one decision on each item named; a batch without open items has met its period."""
    case, data = taking.matter, taking.data
    assert isinstance(case, PenaltyCase)
    open_items = {item.pk: item for item in queries.undisposed(case).select_related("batch", "batch__deadline")}
    chosen = {int(row["item"]): row for row in data["disposals"]}
    if unknown := set(chosen) - set(open_items):
        raise Invalid({"disposals": f"有{len(unknown)}件证据已经处理或者不属本案，请刷新后再选。"})
    if len(chosen) != len(data["disposals"]):
        raise Invalid({"disposals": "同一件证据填写了两次处理决定。"})
    for pk, row in chosen.items():
        item = open_items[pk]
        item.disposal, item.note, item.disposed_on = row["disposal"], row.get("note") or "", taking.on
        item.save(update_fields=["disposal", "note", "disposed_on"])
        taking.after[str(item)] = row["disposal"]
    for batch in {item.batch for item in open_items.values()}:
        if not batch.items.filter(disposal="").exists() and batch.deadline is not None:
            taking.meets.append(batch.deadline)
