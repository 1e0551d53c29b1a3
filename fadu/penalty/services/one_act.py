"""One act, one fine (行政处罚法 29): the fines of other organs, and the statement that an act is another one."""

from __future__ import annotations

from decimal import Decimal

from fadu.kernel.errors import Invalid
from fadu.penalty.history import fined_for
from fadu.penalty.models import FineElsewhere
from fadu.penalty.services.investigating import CODE, amount, iso, party_of
from fadu.procedure.registry import Taking, effect


@effect(f"{CODE}.record_fine")
def record_fine(taking: Taking) -> None:
    """登记其他机关的罚款: from its decision paper, whose file is kept."""
    party, data = party_of(taking), taking.data
    if not data.get("file"):
        raise Invalid({"file": "请上传处罚决定书。"})
    acted_on, ended_on = iso(data["acted_on"]) or taking.on, iso(data.get("act_ended_on"))
    if ended_on and ended_on < acted_on:
        raise Invalid({"act_ended_on": "终了之日不能早于发生之日。"})
    row = FineElsewhere.objects.create(
        party=party, recorded_on=taking.on, organ=data["organ"], document=data["document"],
        decided_on=iso(data["decided_on"]) or taking.on, amount=amount(data["amount"]) or Decimal(0), cause=data["cause"],
        basis=data["basis"], acted_on=acted_on, act_ended_on=ended_on, sha256=data["file"],
    )  # fmt: skip
    taking.after |= {"party": party.name, "organ": row.organ, "document": row.document, "amount": row.amount}


@effect(f"{CODE}.distinguish")
def distinguish(taking: Taking) -> None:
    """说明不是同一违法行为: by name and with reasons, against every fine that is known that day."""
    party = party_of(taking)
    taking.after |= {"party": party.name, "fines": [str(fined) for fined in fined_for(party)]}
    taking.note = taking.data["reason"]
