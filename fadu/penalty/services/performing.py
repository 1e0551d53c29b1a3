"""Payment from the voucher, performance, publicity and its withdrawal, closing and archiving (47, 48, 66, 67)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum

from fadu.kernel import masking
from fadu.kernel.errors import Invalid
from fadu.kernel.money import plain
from fadu.penalty import queries
from fadu.penalty.history import provision_for
from fadu.penalty.models import CaseParty, DecisionChange, Disclosure, Payment, PenaltyCase
from fadu.penalty.services import transferring
from fadu.penalty.services.investigating import CODE, amount, iso, party_of
from fadu.procedure.events import StepTaken, on_step
from fadu.procedure.registry import Taking, effect
from fadu.procedure.services import deadlines


@effect(f"{CODE}.record_payment")
def record_payment(taking: Taking) -> None:
    """登记缴款: from the voucher, by somebody who neither handled nor decided the case (67 I)."""
    party, data = party_of(taking), taking.data
    paid = amount(data["amount"]) or Decimal(0)
    paid_on = iso(data["paid_on"]) or taking.on
    sanctions = party.decision_sanctions
    principal = (sanctions.fine or Decimal(0)) + (sanctions.confiscation or Decimal(0))
    owed = principal + queries.surcharge_of(party, paid_on - timedelta(days=1))
    before = party.payments.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if before + paid > owed:
        raise Invalid(
            {"amount": f"应缴{plain(owed)}元，已登记{plain(before)}元，本次最多{plain(owed - before)}元，请核对票据。"}
        )
    if party.decided_on and paid_on < party.decided_on:
        raise Invalid({"paid_on": f"缴款日期不能早于决定之日（{party.decided_on}）。"})
    row = Payment(
        party=party,
        voucher=data["voucher"],
        amount=paid,
        paid_on=paid_on,
        entered_by=taking.officer,
        sha256=data.get("file") or "",
    )
    try:
        # the database tells: another case, entered at the same moment, does not wait for this one
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid({"voucher": f"票据{data['voucher']}已经登记过，请核对号码。"}) from None
    taking.after |= {"party": party.name, "amount": paid, "voucher": data["voucher"], "paid_on": paid_on}
    if before + paid >= principal:
        deadlines.meet(party.case, ["缴纳罚款"], party=party.ordinal, on=paid_on)
    if before + paid == owed:
        deadlines.cancel(party.case, ["催告", "申请人民法院强制执行"], party=party.ordinal, on=taking.on)


@effect(f"{CODE}.record_performance")
def record_performance(taking: Taking) -> None:
    """登记其他处罚的履行: suspension carried out, licence handed in …; a reasoned statement with its proof."""
    party = party_of(taking)
    if not taking.data.get("file"):
        raise Invalid({"file": "请上传证明履行情况的材料。"})
    taking.after |= {"party": party.name, "file": taking.data["file"]}
    taking.note = taking.data["statement"]


@effect(f"{CODE}.publish")
def publish(taking: Taking) -> None:
    """公开: a masked text for each party decided against; within seven working days of the decision (安全生产法 78 II)."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    rows = [
        p
        for p in case.parties.select_related("decision").exclude(decided=None)
        if p.decision_sanctions.is_empty is False
    ]
    if not rows:
        raise Invalid({"": "本案没有给予处罚的当事人，没有需要公开的处罚决定。"})
    for party in rows:
        disclose(case, party, taking)
    taking.after["parties"] = [p.ordinal for p in rows]


def disclose(case: PenaltyCase, party: CaseParty, taking: Taking) -> Disclosure:
    """Write or renew the masked public text of one party's decision (50: privacy)."""
    provision = provision_for(party)
    assert party.decision is not None
    names = people_in(case)
    row, _ = Disclosure.objects.update_or_create(
        party=party,
        defaults={
            "number": party.decision.number,
            "organ_name": case.organ.name,
            "party_name": masking.person(party.name) if party.is_person else party.name,
            "party_uscc": "" if party.is_person else party.identity,
            "cause": masking.text(case.cause, names),
            "facts": masking.text(taking.data.get("facts") or case.facts_found, names),
            "basis": str(provision.article) if provision else "",
            "penalty": str(party.decision_sanctions),
            "fine": party.decision_sanctions.fine,
            "decided_on": party.decided_on or taking.on,
            "published_on": taking.on,
            "withdrawn_on": None,
            "withdrawal_reason": "",
        },
    )
    return row


def people_in(case: PenaltyCase) -> tuple[str, ...]:
    """Every natural person whom the file names: none of them stands in a public text (50).

    Parties, representatives, who is answerable at the enterprise, who was questioned, who spoke for a party.
    """
    found: set[str] = set()
    for party in case.parties.select_related("subject").prefetch_related("defences"):
        found |= {party.representative, *((party.name,) if party.is_person else ())}
        found |= {defence.speaker for defence in party.defences.all()}
        if party.subject:
            found |= {party.subject.legal_representative, party.subject.principal, party.subject.safety_officer}
            found |= set(party.subject.contacts.values_list("name", flat=True))
    found |= set(case.case_file.papers.filter(kind="QUESTIONING_RECORD").values_list("context__asked_name", flat=True))
    return tuple(name for name in found if name and len(name) > 1)


@effect(f"{CODE}.record_change")
def record_change(taking: Taking) -> None:
    """登记决定被变更、撤销、确认违法或者无效 (48 II, 75 II)."""
    data = taking.data
    DecisionChange.objects.create(
        case_id=taking.matter.pk,
        on=iso(data["effective_on"]) or taking.on,
        body=data["body"],
        act_ordinal=taking.matter.revision + 1,
        effect=data["effect"],
        document=data["document"],
        reason=data["reason"],
    )
    taking.after |= {"effect": data["effect"], "document": data["document"]}


@effect(f"{CODE}.withdraw")
def withdraw(taking: Taking) -> None:
    """撤回公开信息 and say why, publicly, within three working days (48 II)."""
    rows = Disclosure.objects.filter(party__case=taking.matter.pk, withdrawn_on=None)
    taking.after["withdrawn"] = list(rows.values_list("number", flat=True))
    taking.note = taking.data["reason"]


@on_step(f"{CODE}.withdraw")
def take_down(event: StepTaken) -> None:
    """Take the text down once the step has passed its checks."""
    Disclosure.objects.filter(party__case=event.matter.pk, withdrawn_on=None).update(
        withdrawn_on=event.act.on, withdrawal_reason=event.taking.data["reason"]
    )


@on_step(f"{CODE}.transfer")
def mark_approved(event: StepTaken) -> None:
    """The report is approved when the transfer stands."""
    transferring.approve(event.taking)


@on_step(f"{CODE}.refuse_transfer")
def mark_refused(event: StepTaken) -> None:
    """The report is refused when the refusal stands."""
    transferring.refuse(event.taking)
