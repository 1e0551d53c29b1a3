"""Daily fines as a case of their own, proposals to close, and the government's answer (安全生产法 112, 113, 115)."""

from __future__ import annotations

from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.penalty.history import closure_of, daily_of
from fadu.penalty.models import ClosureProposal
from fadu.penalty.procedures.closure import Closure
from fadu.penalty.procedures.daily import DailyFine
from fadu.penalty.services.clues import register_clue
from fadu.penalty.services.investigating import CODE, iso, party_of
from fadu.procedure.registry import Taking, effect

DAILY = "被责令改正并受罚款后拒不改正"


@effect(f"{CODE}.continue_fine")
def continue_fine(taking: Taking) -> None:
    """提出按日连续处罚: a clue whose act is the refusal, with the days and the daily amount that the records give (112)."""
    party = party_of(taking)
    found = daily_of(party, taking.on)
    if not isinstance(found, DailyFine):
        raise OutOfOrder(f"{party.name}：{found}（《安全生产法》第一百一十二条）")
    number = party.decision.number if party.decision else ""
    case = register_clue(
        organ=party.case.organ, by=None, source="visit", source_detail=f"处罚决定书{number}", cause=DAILY, visit=party.case.visit,
        clue=f"{party.name}被责令改正，并受罚款{party.decision_sanctions}（{number}），{found.until}复查发现仍未改正。{taking.data['reason']}",
        subject=party.subject, received_on=taking.on, found_on=found.until, on=taking.on,
    )  # fmt: skip
    case.follows, case.acted_on, case.act_ended_on = party, found.since, found.until
    case.save(update_fields=["follows", "acted_on", "act_ended_on"])
    taking.after |= {"party": party.name, "case": case.pk, "from": found.since, "until": found.until, "each": found.each,
                     "total": found.total}  # fmt: skip
    taking.note = taking.data["reason"]


@effect(f"{CODE}.propose_closure")
def propose_closure(taking: Taking) -> None:
    """提请人民政府关闭: what it rests on is computed and kept as it was (113, item 1)."""
    party, data = party_of(taking), taking.data
    found = closure_of(party, taking.on)
    if not isinstance(found, Closure):
        raise OutOfOrder(f"{party.name}：{found}（《安全生产法》第一百一十三条第一项）")
    if party.closures.filter(outcome="").exists():
        raise OutOfOrder("已经提请，人民政府尚未决定（《安全生产法》第一百一十五条）")
    made = ClosureProposal.objects.create(
        party=party, proposed_on=taking.on, government=data["government"], hazards=list(found.hazards),
        penalties=[one.title for one in found.penalties], reason=data["reason"],
    )  # fmt: skip
    taking.after |= {
        "party": party.name,
        "government": made.government,
        "window": found.window,
        "penalties": made.penalties,
    }
    taking.note = made.reason


@effect(f"{CODE}.record_closure")
def record_closure(taking: Taking) -> None:
    """登记人民政府的决定: who decided what by which paper; only the government closes (115)."""
    party, data = party_of(taking), taking.data
    made = party.closures.filter(outcome="").first()
    if made is None:
        raise Invalid({"party": f"没有等待决定的对{party.name}的提请。"})
    if not data.get("file"):
        raise Invalid({"file": "请上传人民政府的决定。"})
    made.outcome, made.decided_on, made.decided_by = (
        data["outcome"],
        iso(data["decided_on"]),
        data["decided_by"].strip(),
    )
    made.document, made.sha256 = data["document"], data["file"]
    if made.decided_on and made.decided_on < made.proposed_on:
        raise Invalid({"decided_on": f"决定日期不能早于提请之日（{made.proposed_on}）。"})
    made.save()
    taking.after |= {
        "party": party.name, "outcome": made.get_outcome_display(), "decided_by": made.decided_by, "document": made.document
    }  # fmt: skip
