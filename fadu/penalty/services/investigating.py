"""Filing, appointing, questioning, evidence, recusal and the conclusion of the investigation (行政处罚法 42–46, 54–57)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fadu.discretion import queries as benchmarks
from fadu.kernel.errors import Invalid
from fadu.org.models import Division, Officer
from fadu.penalty import queries
from fadu.penalty.history import acted_on
from fadu.penalty.models import CaseParty, Evidence, PenaltyCase
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.leniency import AppliedLeniency
from fadu.penalty.services.weighing import history_words, weigh
from fadu.power import queries as powers
from fadu.power.classes import PowerClass
from fadu.procedure.models import Recusal
from fadu.procedure.registry import Taking, effect
from fadu.procedure.services.matters import appoint
from fadu.record.models import EvidenceFile

CODE = "penalty.ordinary"


def iso(value: Any) -> date | None:
    """A day from the payload, or None."""
    return date.fromisoformat(value[:10]) if value else None


def amount(value: Any) -> Decimal | None:
    """An amount from the payload, or None."""
    return Decimal(str(value)) if value not in (None, "") else None


def party_of(taking: Taking) -> CaseParty:
    """The party that the act concerns; Invalid when there is none of that number."""
    try:
        return CaseParty.objects.select_related("case").get(case_id=taking.matter.pk, ordinal=taking.number)
    except CaseParty.DoesNotExist:
        raise Invalid({"party": "请选择本案的一名当事人。"}) from None


@effect(f"{CODE}.file")
def file(taking: Taking) -> None:
    """立案: cause, days, place, the parties, and the two who propose become the case officers."""
    case, data = taking.matter, taking.data
    assert isinstance(case, PenaltyCase)
    before = figures_of(case)
    case.cause = data["cause"]
    held = powers.held_by(case.organ, taking.on, PowerClass.PENALTY)
    power = next((one for one in held if one.item.code == data.get("power")), None)
    case.power_id = power.pk if power else None
    set_act(taking, case)
    case.place = data["place"]
    case.division = Division.objects.get(pk=data["division"]) if data.get("division") else case.division
    case.facts_found = data["facts"]
    case.save()
    ask_crime_anew(taking, case, before)
    for row in data.get("persons", ()):
        add_person(case, row)
    names = list(case.parties.values_list("name", flat=True))
    case.party_names = "、".join(names)[:400]
    case.title = f"{names[0] if names else ''}{case.cause}"[:200]
    case.save()
    case.case_file.title = case.title
    case.case_file.save(update_fields=["title"])
    officers = [o for o in (taking.by_proposer, taking.cosigner) if o is not None]
    appoint(case, officers, on=taking.on)
    taking.after |= {"parties": names, "officers": [o.name for o in officers], "cause": case.cause}
    if power is not None:
        taking.after["power"] = power.item.code
    if history := history_words(case, taking.on):
        taking.after["history"] = history


HARM = ("deaths", "serious_injuries", "direct_loss")


def set_act(taking: Taking, case: PenaltyCase) -> None:
    """The days of the act and the harm it did, as the form gives them; what it does not ask for stays as it was.

    Raises Invalid where the days contradict each other.
    """
    data = taking.data
    if case.follows_id is not None:
        return  # the days of a case of daily fines are those of the refusal, which the records give
    if "acted_on" in data:
        case.acted_on, case.act_ended_on = iso(data["acted_on"]), iso(data.get("act_ended_on"))
        case.ongoing = bool(data.get("ongoing"))
    if case.ongoing and case.act_ended_on:
        raise Invalid({"act_ended_on": "仍在继续的，没有终了之日；已经终了的，请不要勾选“仍在继续”。"})
    if case.act_ended_on and case.acted_on and case.act_ended_on < case.acted_on:
        raise Invalid({"act_ended_on": "终了之日不能早于发生之日。"})
    if case.acted_on and case.acted_on > case.found_on:
        raise Invalid({"acted_on": f"发生之日不能晚于发现之日（{case.found_on}）。"})
    case.harm = data.get("harm", case.harm)
    for name in HARM:
        if name in data:
            setattr(case, name, amount(data[name]))


def figures_of(case: PenaltyCase) -> dict[str, Decimal]:
    """The figures of the harm and of the gains as they now stand."""
    return queries.figures_of(case, case.parties.all())


def ask_crime_anew(taking: Taking, case: PenaltyCase, before: dict[str, Decimal]) -> None:
    """Whatever was answered on a crime answered the figures of then: other figures put the question anew (27)."""
    if (after := figures_of(case)) != before:
        case.harm_ordinal = case.revision + 1
        case.save(update_fields=["harm_ordinal"])
        taking.after["figures"] = after


def add_person(case: PenaltyCase, row: dict[str, Any]) -> CaseParty:
    """Make a natural person a party: the provisions 97–105 fine the enterprise and those responsible apart."""
    number = case.parties.count() + 1
    return CaseParty.objects.create(
        case=case, ordinal=number, kind=row["kind"], name=row["name"], identity=row["identity"].upper(), sex=row["sex"],
        born_on=_born(row["identity"]), employer=row.get("employer", ""), representative_post=row.get("post", ""),
        address=row["address"], phone=row.get("phone", ""),
    )  # fmt: skip


def _born(identity: str) -> date | None:
    """The birthday in an 18-digit ID number."""
    return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14])) if len(identity) == 18 else None


@effect(f"{CODE}.reassign")
def reassign(taking: Taking) -> None:
    """变更承办人: at least two, certified that day (42 I)."""
    officers = list(Officer.objects.filter(pk__in=taking.data["officers"]))
    before = [a.officer.name for a in taking.matter.assignments.filter(until=None).select_related("officer")]
    barred = set(taking.matter.recusals.filter(granted=True).values_list("officer_id", flat=True))
    for officer in officers:
        if officer.pk in barred:
            raise Invalid({"officers": f"{officer.name}已经回避本案（《行政处罚法》第四十三条第一款）。"})
    appoint(taking.matter, officers, on=taking.on, reason=taking.data["reason"])
    taking.before["officers"], taking.after["officers"] = before, [o.name for o in officers]
    taking.note = taking.data["reason"]


@effect(f"{CODE}.take_evidence")
def take_evidence(taking: Taking) -> None:
    """取证: one piece of evidence with its maker, day, place and file (46)."""
    data = taking.data
    row = Evidence(
        case_id=taking.matter.pk, kind=data["kind"], name=data["name"], proves=data["proves"],
        obtained_on=iso(data["obtained_on"]) or taking.on, obtained_by=taking.officer, place=data.get("place", ""),
        by_party=bool(data.get("by_party")), sha256=data.get("file") or "",
    )  # fmt: skip
    if row.sha256:
        row.media_type = (
            EvidenceFile.objects.filter(sha256=row.sha256).values_list("media_type", flat=True).first() or ""
        )
    row.save()
    taking.after |= {"evidence": row.name, "kind": row.get_kind_display(), "sha256": row.sha256}


@effect(f"{CODE}.verify_evidence")
def verify_evidence(taking: Taking) -> None:
    """查证: a named officer states how each piece was verified (46 II)."""
    rows = Evidence.objects.filter(case_id=taking.matter.pk, pk__in=taking.data["evidence"], verified_on=None)
    if not rows:
        raise Invalid({"evidence": "请选择尚未查证的证据。"})
    taking.after["verified"] = [row.name for row in rows]
    taking.note = taking.data["how"]
    rows.update(verified_on=taking.on, verified_by=taking.officer, verified_how=taking.data["how"])


@effect(f"{CODE}.request_recusal")
def request_recusal(taking: Taking) -> None:
    """提出回避: by the officer or by a party (43); the investigation goes on."""
    officer = Officer.objects.get(pk=taking.data["officer"])
    if Recusal.objects.filter(matter=taking.matter, officer=officer, granted=None).exists():
        raise Invalid({"officer": f"对{officer.name}的回避已经提出，尚未决定。"})
    Recusal.objects.create(
        matter_id=taking.matter.pk,
        officer=officer,
        asked_by=taking.data["asked_by"],
        reason=taking.data["reason"],
        asked_on=taking.on,
    )
    taking.after["officer"] = officer.name


@effect(f"{CODE}.decide_recusal")
def decide_recusal(taking: Taking) -> None:
    """决定回避: by the head, with reasons (43 III); who is recused leaves the case that day."""
    row = Recusal.objects.filter(matter_id=taking.matter.pk, granted=None, officer_id=taking.data["officer"]).first()
    if row is None:
        raise Invalid({"officer": "没有对这名人员的未决回避申请。"})
    row.granted, row.decided_on, row.decision = taking.data["granted"] == "yes", taking.on, taking.data["reason"]
    row.save()
    if row.granted:
        taking.matter.assignments.filter(officer=row.officer, until=None).update(until=taking.on, reason="回避")
    taking.after |= {"officer": row.officer.name, "granted": row.granted}
    taking.note = row.decision


@effect(f"{CODE}.conclude", f"{CODE}.repropose")
def conclude(taking: Taking) -> None:
    """调查终结、变更处罚建议: the facts found, and for each party the provision with sanctions, or the exemption."""
    case, data = taking.matter, taking.data
    assert isinstance(case, PenaltyCase)
    before = figures_of(case)
    for name in (
        "facts_found",
        "course",
        "discretion",
        "nature",
        "public_interest",
        "complexity",
        "grave",
        "correction",
    ):
        if name in data:
            setattr(case, name, data[name] or "")
    set_act(taking, case)
    if "violated" in data:
        case.violated = [line.strip() for line in data["violated"].splitlines() if line.strip()]
    case.save()
    for row in data["proposals"]:
        weigh(propose(case, row), row, taking)
    ask_crime_anew(taking, case, before)
    taking.note = data.get("reason", "")
    taking.after["proposals"] = {
        p.name: str(p.sanctions) if not p.exemption else p.get_exemption_display() for p in case.parties.all()
    }


def propose(case: PenaltyCase, row: dict[str, Any]) -> CaseParty:
    """Write one party's proposal: a provision, what is established, and sanctions; or the ground of exemption."""
    party = case.parties.select_related("discretion").get(ordinal=row["party"])
    party.case = case
    party.exemption = row.get("exemption") or ""
    party.exemption_reason = row.get("exemption_reason") or ""
    party.education = row.get("education") or ""
    party.leniency = leniency_of(case, row)
    party.provision = row.get("provision") or ""
    party.stages = row.get("stages") or []
    party.order_due = iso(row.get("order_due")) or _order_due(case)
    if row.get("order_obeyed") not in (None, ""):
        party.order_obeyed = row["order_obeyed"] in (True, "yes")
    else:
        party.order_obeyed = _obeyed(case) if party.order_due else None
    party.income, party.gains = amount(row.get("income")), amount(row.get("gains"))
    party.mitigation, party.mitigation_reason = row.get("mitigation") or [], row.get("mitigation_reason") or ""
    if party.mitigation and not party.mitigation_reason.strip():
        raise Invalid({"proposals": f"{party.name}：有从轻、减轻情形的，请写明理由（《行政处罚法》第三十二条）。"})
    party.proposed = {} if party.exemption else {
        "fine": row.get("fine") or None, "measures": row.get("measures") or [], "confiscation": row.get("confiscation") or None,
        "ban_years": int(row.get("ban_years") or 0), "ban_for_life": bool(row.get("ban_for_life")),
        "suspension_days": int(row.get("suspension_days") or 0), "detail": "",
    }  # fmt: skip
    party.save()
    return party


def leniency_of(case: PenaltyCase, row: dict[str, Any]) -> dict[str, Any]:
    """The item of the list of no penalty that was chosen, with the fact stated for each of its conditions; {} for none."""
    code = row.get("leniency")
    if not (code and row.get("exemption")):
        return {}
    listed = queries.leniencies_for(case, Exemption[row["exemption"]], row.get("provision") or "")
    item = next((one for one in listed if one.code == code), None)
    if item is None:
        raise Invalid({"proposals": "所选的事项不在这一情形、这一条款的不予处罚清单中，请重新选择。"})
    held = benchmarks.set_for(case.organ, acted_on(case))
    facts = [*(row.get("leniency_facts") or ()), *[""] * len(item.conditions)]
    return AppliedLeniency(
        item.code, item.title, f"《{held}》不予处罚清单", item.basis, tuple(zip(item.conditions, facts, strict=False))
    ).as_json()


def _order_due(case: PenaltyCase) -> date | None:
    """The last day of the term of the order to correct that came out of the visit, if there was one."""
    return (
        case.visit.findings.exclude(due=None).order_by("-due").values_list("due", flat=True).first()
        if case.visit
        else None
    )


def _obeyed(case: PenaltyCase) -> bool | None:
    """Were all findings of the visit found corrected on re-inspection? None while that is not known."""
    if case.visit is None:
        return None
    findings = list(case.visit.findings.all())
    if not findings or any(f.corrected is None for f in findings):
        return None
    return all(f.corrected for f in findings)


@effect(f"{CODE}.reinvestigate")
def reinvestigate(taking: Taking) -> None:
    """补充调查: back with reasons; the notice given so far no longer founds a decision."""
    taking.note = taking.data["reason"]
