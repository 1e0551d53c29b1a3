"""What stands on the papers after the decision, and on those that end or suspend a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fadu.document.kinds import Document
from fadu.kernel.money import in_capitals, plain
from fadu.law import queries as law
from fadu.org import queries as org
from fadu.org.roles import Role
from fadu.penalty import queries
from fadu.penalty.history import provision_for
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.penalty.services.enforcing import outstanding
from fadu.penalty.services.investigating import CODE
from fadu.penalty.services.papers import (
    Contexts,
    case_of,
    contact_of,
    number_of,
    opinions_of,
    parties_of,
    party_fields,
    remedies_of,
    stopped,
)
from fadu.procedure.registry import Taking, paper


def party_in(taking: Taking) -> CaseParty:
    """The party that the act concerns, with its case."""
    return CaseParty.objects.select_related("case", "decision").get(case_id=taking.matter.pk, ordinal=taking.number)


def decision_of(party: CaseParty) -> dict[str, str]:
    """Day and number of the party's decision."""
    assert party.decided_on is not None
    number = party.decision.number if party.decision else ""
    return {"decision_on": party.decided_on.isoformat(), "decision_number": number}


def bank_of(case: PenaltyCase) -> dict[str, str]:
    """Where fines are paid."""
    organ = case.organ
    return {"bank_name": organ.bank_name, "bank_account": organ.bank_account, "account_name": organ.bank_account_name}


def plan_of(taking: Taking) -> list[dict[str, Any]]:
    """The instalments as the form gave them, numbered."""
    return [
        {"nth": n, "due": r["due"][:10], "amount": str(r["amount"])}
        for n, r in enumerate(taking.data["instalments"], 1)
    ]


@paper(CODE, Document.DEFERRAL_APPROVAL)
def deferral_approval(taking: Taking) -> Contexts:
    """延期（分期）缴纳罚款审批表"""
    case, party = case_of(taking), party_in(taking)
    return [(party.ordinal, {
        "case_name": case.title, "decision_number": decision_of(party)["decision_number"], "party_name": party.name, "party_address": party.address,
        "facts": f"{case.cause}。处罚决定：{party.decision_sanctions}。", "reason": taking.data["reason"], "instalments": plan_of(taking),
        **opinions_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.DEFERRAL_CONSENT)
def deferral_consent(taking: Taking) -> Contexts:
    """延期（分期）缴纳罚款批准书"""
    party, plan = party_in(taking), plan_of(taking)
    return [(party.ordinal, {
        **party_fields(party), **decision_of(party), "amount": str(party.decision_sanctions.fine), "outstanding": str(outstanding(party)),
        "manner": "分期" if len(plan) > 1 else "延期", "instalments": plan,
    })]  # fmt: skip


@paper(CODE, Document.SURCHARGE_DECISION)
def surcharge_decision(taking: Taking) -> Contexts:
    """加处罚款决定书"""
    case, party = case_of(taking), party_in(taking)
    assert party.surcharge_from is not None
    spared = [f"{r.filed_on}至{r.ended_on or taking.on}的{r.kind}期间" for r in party.remedies.all()]
    return [(party.ordinal, {
        **party_fields(party), **decision_of(party), "fine": str(party.decision_sanctions.fine), "outstanding": str(outstanding(party)),
        "due_on": (party.surcharge_from - timedelta(days=1)).isoformat(), "from_on": party.surcharge_from.isoformat(),
        "accrued": str(queries.surcharge_of(party, taking.on)), "not_counted": "、".join(spared), **bank_of(case), **remedies_of(case),
    })]  # fmt: skip


@paper(CODE, Document.DEMAND)
def demand(taking: Taking) -> Contexts:
    """行政强制执行事先催告书"""
    case, party = case_of(taking), party_in(taking)
    added = queries.surcharge_of(party, taking.on)
    money = {"fine", "confiscation"}
    others = [f"履行“{m.title_zh}”的决定" for m in sorted(party.decision_sanctions.measures, key=lambda m: m.rank)
              if m.is_penalty and m.value not in money | {"warning", "criticism"}]  # fmt: skip
    return [(party.ordinal, {
        **party_fields(party), **decision_of(party), "outstanding": str(outstanding(party)), "accrued": str(added) if added else "",
        "obligations": others, **bank_of(case), **contact_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.COURT_APPLICATION)
def court_application(taking: Taking) -> Contexts:
    """强制执行申请书: signed by the head who approved it (行政强制法 55)"""
    case, party = case_of(taking), party_in(taking)
    head = org.actor(taking.by, taking.on, case.organ, Role.AGENCY_HEAD)
    asked = [f"罚款、没收款项{_sum(outstanding(party))}"]
    if added := queries.surcharge_of(party, taking.on):
        asked.append(f"加处的罚款{_sum(added)}（计算至{taking.on}，以后每日依法计算）")
    provision = provision_for(party)
    facts = f"{case.facts_found}\n上述行为违反了{'、'.join(case.violated)}，依据{provision.article if provision else ''}，决定：{party.decision_sanctions}。"
    used = [f"{r.kind}：{r.result}（{r.result_document}）" for r in party.remedies.all()]
    answers = case.acts.filter(step="answer_demand", party=party.ordinal).last()
    demanded = f"已送达《行政强制执行事先催告书》（{number_of(case, Document.DEMAND, party.ordinal)}），期满仍未履行。"
    demanded += f"当事人陈述：{stopped(str(answers.data['statement']))}" if answers else "当事人没有提出意见。"
    return [(party.ordinal, {
        "court": taking.data["court"], **party_fields(party), **decision_of(party), "request": asked, "facts": facts,
        "remedies_used": "；".join(used) or "当事人在法定期限内没有申请行政复议，也没有提起行政诉讼。", "demanded": demanded,
        "attachments": [
            f"行政处罚决定书（{decision_of(party)['decision_number']}）及作出决定的事实、理由和依据", "当事人的意见及行政机关催告情况",
            f"申请强制执行标的情况：{taking.data['subject_matter']}",
        ],
        "head": head.name, "head_post": head.post, **contact_of(case, taking),
    })]  # fmt: skip


def _sum(amount: Any) -> str:
    return f"人民币{in_capitals(amount)}（￥{plain(amount)}）"


@paper(CODE, Document.CORRECTION_DECISION)
def correction_decision(taking: Taking) -> Contexts:
    """行政处罚决定变更（撤销）决定书"""
    case, party = case_of(taking), party_in(taking)
    last = party.changes.last()
    assert last is not None
    changed = taking.data["effect"] == "变更"
    return [(party.ordinal, {
        **party_fields(party), **decision_of(party), "effect": taking.data["effect"], "reason": taking.data["reason"],
        "former": Sanctions.from_json(last.former).in_words(), "now": (party.decision_sanctions.in_words() or ["不再处罚"]) if changed else [],
        **remedies_of(case),
    })]  # fmt: skip


@paper(CODE, Document.TERM_EXTENSION)
def term_extension(taking: Taking) -> Contexts:
    """案件延期审批表"""
    case = case_of(taking)
    row = case.deadlines.filter(name="作出处罚决定", ended_on=None, cancelled_on=None).last()
    assert row is not None
    longer = law.parameter("decision_extension", taking.on, organ_id=case.organ_id)
    return [(None, {
        "case_name": case.title, "parties": parties_of(case), "filed_on": (case.filed_on or taking.on).isoformat(),
        "due_on": row.last_day.isoformat(), "extended_to": (row.last_day + timedelta(days=int(longer.value))).isoformat(),
        "reason": taking.data["reason"], **opinions_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.ENDING_APPROVAL)
def ending_approval(taking: Taking) -> Contexts:
    """案件撤销（终止、中止）审批表"""
    case = case_of(taking)
    step = case.procedure.steps[taking.step]
    return [(taking.party, {
        "case_name": case.title, "parties": parties_of(case), "filed_on": (case.filed_on or taking.on).isoformat(), "act": step.title,
        "ground": taking.data["ground"], "reason": taking.data["reason"], **opinions_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.CLOSURE_PROPOSAL)
def closure_proposal(taking: Taking) -> Contexts:
    """提请关闭生产经营单位的请示: the hazards and the penalties as they were counted"""
    case, party = case_of(taking), party_in(taking)
    made = party.closures.filter(outcome="").get()
    contact = contact_of(case, taking)
    return [(party.ordinal, {
        **party_fields(party, "unit"), "government": made.government, "hazards": made.hazards, "counted": made.penalties,
        "window": taking.after["window"], "reason": made.reason, "contact": contact["contact"], "contact_phone": contact["contact_phone"],
    })]  # fmt: skip
