"""Reconsideration and lawsuit, the organ's own correction, a new decision after annulment; how a case ends otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fadu.kernel.errors import Invalid
from fadu.penalty.models import CaseParty, DecisionChange, PenaltyCase, Remedy
from fadu.penalty.procedures.ordinary.facts import CHANGED, UPHELD
from fadu.penalty.services.enforcing import COURT, COURT_TERM
from fadu.penalty.services.investigating import CODE, amount, iso, party_of
from fadu.procedure.registry import Taking, effect
from fadu.procedure.services import deadlines

ANNULLING = ("撤销", "撤销并责令重作", "确认无效")


@effect(f"{CODE}.record_remedy")
def record_remedy(taking: Taking) -> None:
    """登记复议、诉讼: from its day no surcharge is counted (行政处罚法 73 III)."""
    party, data = party_of(taking), taking.data
    if not data.get("file"):
        raise Invalid({"file": "请上传受理通知书或者应诉通知书。"})
    filed_on = iso(data["filed_on"]) or taking.on
    if party.decided_on and filed_on < party.decided_on:
        raise Invalid({"filed_on": f"提起日期不能早于决定之日（{party.decided_on}）。"})
    Remedy.objects.create(
        party=party,
        kind=data["kind"],
        body=data["body"],
        filed_on=filed_on,
        document=data["document"],
        sha256=data["file"],
    )
    taking.after |= {"party": party.name, "kind": data["kind"], "body": data["body"], "filed_on": filed_on}


@effect(f"{CODE}.end_remedy")
def end_remedy(taking: Taking) -> None:
    """登记结果: upheld, the court term runs anew; changed, the decision is changed for that party."""
    party, data = party_of(taking), taking.data
    row = party.remedies.filter(ended_on=None).last()
    if row is None:
        raise Invalid({"party": f"{party.name}没有正在进行的复议、诉讼。"})
    if not data.get("file"):
        raise Invalid({"file": "请上传复议决定书或者裁判文书。"})
    ended = iso(data["effective_on"]) or taking.on
    if ended < row.filed_on:
        raise Invalid({"effective_on": f"生效日期不能早于提起之日（{row.filed_on}）。"})
    row.ended_on, row.result, row.result_document, row.result_sha256 = (
        ended,
        data["result"],
        data["document"],
        data["file"],
    )
    row.save()
    taking.after |= {"party": party.name, "result": row.result, "document": row.result_document}
    if row.result in UPHELD:
        running = taking.matter.deadlines.filter(name=COURT, party=party.ordinal, ended_on=None, cancelled_on=None)
        if running.filter(starts_on__lt=ended).exists():
            deadlines.start(taking.matter, COURT_TERM, ended, party=party.ordinal, on=taking.on)
    if row.result in CHANGED:
        change(taking, party, row.result, body=row.body, document=row.result_document, on=ended)


def change(taking: Taking, party: CaseParty, effect_: str, *, body: str, document: str, on: date) -> DecisionChange:
    """Write what became of one party's decision: annulled, confirmed unlawful, or replaced by a lighter one."""
    data, former = taking.data, party.decision_sanctions
    made = DecisionChange.objects.create(
        case_id=taking.matter.pk, party=party, act_ordinal=taking.matter.revision + 1, on=on, body=body,
        effect="撤销" if effect_ == "撤销并责令重作" else effect_, document=document, reason=data.get("reason") or "",
        former=party.decided, remand=effect_ == "撤销并责令重作", for_procedure=data.get("ground") == "违反法定程序",
    )  # fmt: skip
    if effect_ in ANNULLING:
        party.decided = {}
        deadlines.cancel(taking.matter, ["缴纳罚款", COURT, "催告"], party=party.ordinal, on=taking.on)
    elif effect_ == "变更":
        fine = amount(data.get("fine"))
        if fine is None or fine < Decimal(0):
            raise Invalid({"fine": "请填写变更后的罚款数额；不再罚款的填0。"})
        party.decided = (party.decided or {}) | {"fine": str(fine) if fine else None}
    party.save(update_fields=["decided"])
    taking.before[party.name], taking.after[party.name] = str(former), str(party.decision_sanctions)
    return made


@effect(f"{CODE}.correct")
def correct(taking: Taking) -> None:
    """自行纠正: the organ changes or annuls its own decision, never to the party's harm (75 II)."""
    party = party_of(taking)
    if party.decided is None:
        raise Invalid({"party": f"对{party.name}还没有作出决定。"})
    change(
        taking,
        party,
        taking.data["effect"],
        body=taking.matter.organ.name,
        document="本机关变更（撤销）决定书",
        on=taking.on,
    )
    taking.note = taking.data["reason"]


@effect(f"{CODE}.redecide")
def redecide(taking: Taking) -> None:
    """责令重新处理: the parties remanded are undecided again; the decisions on the others stand."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    for party in case.parties.all():
        last = party.changes.last()
        if last is not None and last.remand:
            taking.before[party.name] = str(party.decision_sanctions)
            party.decided, party.decided_on, party.decision, party.kept = None, None, None, False
            party.surcharge_from = party.execution_ended_on = None
        else:
            party.kept = True
        party.save()
    taking.note = taking.data["reason"]


@effect(*(f"{CODE}.{step}" for step in ("suspend", "go_on", "dismiss", "terminate", "extend", "hand_over")))
def reasoned(taking: Taking) -> None:
    """A step whose substance is a named person's reasoned statement, with its ground and proof."""
    data = taking.data
    taking.note = "：".join(filter(None, (str(data.get("ground") or ""), str(data.get("reason") or ""))))
    if data.get("file"):
        taking.after["file"] = data["file"]
