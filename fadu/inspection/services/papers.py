"""What stands on each paper of a visit: contexts built from records, never typed twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fadu.document.kinds import Document
from fadu.inspection.models import Extension, Presence, Signature, Visit
from fadu.inspection.procedures.routine.facts import Occasion, Result
from fadu.inspection.queries import CODE
from fadu.inspection.services.onsite import charged, visit_of
from fadu.kernel import clock
from fadu.org import queries as org
from fadu.procedure.registry import Taking, paper
from fadu.record.models import EvidenceFile
from fadu.subject.models import Contact
from fadu.ui.wording import in_full

Contexts = list[tuple[int | None, dict[str, Any]]]
Row = dict[str, str]


def written(moment: datetime | None) -> str:
    """A moment as papers keep it, in Beijing time."""
    return moment.astimezone(clock.BEIJING).strftime("%Y-%m-%dT%H:%M") if moment else ""


def iso(day: date | None) -> str:
    """A day as papers keep it."""
    return day.isoformat() if day else ""


def charged_rows(visit: Visit, on: date) -> list[Row]:
    """The officers charged with the visit, with the certificates of that day."""
    people = list(charged(visit).values())
    certificates = org.valid_certificates(people, on)
    return [{"name": o.name, "certificate": certificates[o.pk].number} for o in people if o.pk in certificates]


def present_rows(visit: Visit, occasion: Occasion, number: int) -> tuple[list[Row], list[Presence]]:
    """Those who came on an occasion, as rows of a paper and as they are."""
    rows = list(visit.presences.filter(occasion=occasion.value, round=number).select_related("officer"))
    return [{"name": row.officer.name, "certificate": row.certificate} for row in rows], rows


def drawn(
    visit: Visit, occasion: Occasion, number: int, officers: list[int], slots: tuple[str, str]
) -> dict[str, list[str]]:
    """The signatures of an occasion by the places of the paper: the officers in their order, then the enterprise."""
    rows: dict[int | None, Signature] = {
        row.officer_id: row for row in visit.signatures.filter(occasion=occasion.value, round=number)
    }
    found = {slots[0]: [rows[key].image if key in rows else "" for key in officers]}
    if None in rows and rows[None].image:
        found[slots[1]] = [rows[None].image]
    return {slot: images for slot, images in found.items() if any(images)}


def _safety_contact(visit: Visit) -> tuple[str, str]:
    """Whom to call at the enterprise: name and telephone; empty when nobody is registered."""
    order = {Contact.Role.SAFETY: 0, Contact.Role.PRINCIPAL: 1, Contact.Role.LEGAL_REPRESENTATIVE: 2}
    rows = sorted(visit.subject.contacts.all(), key=lambda c: order.get(Contact.Role(c.role), 9))
    return (rows[0].name or visit.subject.safety_officer, rows[0].phone) if rows else (visit.subject.safety_officer, "")


def plan_context(visit: Visit, on: date, opinions: list[dict[str, Any]]) -> dict[str, Any]:
    """现场检查方案: the content is the areas of each checklist, item by item only on site."""
    name, phone = _safety_contact(visit)
    content = []
    for one in visit.checklists.all():
        items = [item for item in visit.items() if item.checklist_id == one.pk]
        areas = "、".join(dict.fromkeys(item.area for item in items))
        content.append(f"{one.title}（{len(items)}项）：{areas}")
    source = visit.get_reason_display() + (f"（{visit.reason_detail}）" if visit.reason_detail else "")
    subject = visit.subject
    return {
        "inspected_name": subject.name, "inspected_address": subject.place, "contact": name, "contact_phone": phone,
        "industry": subject.industry.name if subject.industry else subject.get_sector_display(), "plan_source": source,
        "inspect_from": iso(visit.planned_on), "inspect_to": iso(visit.planned_until), "officers": charged_rows(visit, on),
        "content": content, "method": visit.method, "remarks": visit.remarks, "opinions": opinions,
    }  # fmt: skip


@paper(CODE, Document.INSPECTION_PLAN)
def inspection_plan(taking: Taking) -> Contexts:
    """现场检查方案"""
    return [(None, plan_context(visit_of(taking), taking.on, taking.opinions))]


def record_lines(visit: Visit) -> list[str]:
    """What was inspected and found, as the record states it (安全生产法 68)."""
    counts = dict.fromkeys(Result, 0)
    for value in visit.checks.values_list("result", flat=True):
        counts[Result(value)] += 1
    items = len(visit.items())
    counts[Result.UNCHECKED] += items - visit.checks.count()
    lists = "、".join(f"《{one.title}》" for one in visit.checklists.all())
    said = "，".join(f"{result.title}{count}项" for result, count in counts.items() if count)
    lines = [f"按照{lists}检查，共{items}项：{said}"]
    findings = list(visit.findings.all())
    if not findings:
        return [*lines, "未发现问题"]
    for row in findings:
        level = "（重大事故隐患）" if row.level == "major" else ""
        spot = "；已当场改正" if row.on_the_spot else ""
        lines.append(f"问题{row.ordinal}{level}：{row.text.rstrip('。；')}；违反{row.obligation}{spot}")
    return lines


def record_context(visit: Visit) -> dict[str, Any]:
    """现场检查记录"""
    officers, rows = present_rows(visit, Occasion.VISIT, 1)
    party = visit.signatures.filter(occasion=Occasion.VISIT.value, officer=None).first()
    refusal = party.refusal if party else ""
    if party and party.witnesses:
        refusal = f"{refusal.rstrip('。')}。见证人：{'、'.join(party.witnesses)}"
    slots = ("检查人员", "被检查单位现场负责人")
    met = f"{visit.met_name}（{visit.met_post}）" if visit.met_post else visit.met_name
    context: dict[str, Any] = {
        "inspected_name": visit.subject.name, "inspected_address": visit.subject.address,
        "legal_rep": visit.subject.legal_representative or "未登记", "place": visit.place,
        "started_at": written(visit.started_at), "ended_at": written(visit.ended_at), "officers": officers,
        "certificates_shown_at": written(visit.certificates_shown_at),
        "accompanied_by": "、".join(filter(None, (met, visit.accompanied_by))), "findings": record_lines(visit),
        "site_opinion": visit.site_opinion, "refusal": refusal,
    }  # fmt: skip
    if images := drawn(visit, Occasion.VISIT, 1, [row.officer_id for row in rows], slots):
        context["signatures"] = images
    return context


@paper(CODE, Document.SITE_RECORD)
def site_record(taking: Taking) -> Contexts:
    """现场检查记录"""
    return [(None, record_context(visit_of(taking)))]


@paper(CODE, Document.PHOTO_EVIDENCE)
def photo_evidence(taking: Taking) -> Contexts:
    """证据照片页: each photograph with what it shows, when, where and by whom it was taken (行政处罚法 46 I 3)."""
    visit = visit_of(taking)
    files = {f.sha256: f for f in EvidenceFile.objects.filter(chain=visit.chain).order_by("-pk")}
    photos = []
    for row in visit.findings.all():
        for key in row.photos:
            file = files[key]
            photos.append({
                "sha256": key, "shows": f"问题{row.ordinal}：{row.text}"[:300], "taken_at": written(file.made_at),
                "place": file.place or visit.place, "taken_by": file.made_by,
            })  # fmt: skip
    officers, _ = present_rows(visit, Occasion.VISIT, 1)
    return [(None, {"case_name": visit.title, "photos": photos, "officers": officers})]


def order_context(visit: Visit, number: int, on: date, terms: dict[int, date | None] | None = None) -> dict[str, Any]:
    """责令限期整改指令书: the items of one order; ``terms`` shows it before it is made."""
    rows = [
        row
        for row in visit.findings.all()
        if (row.ordinal in terms if terms is not None else row.order_round == number)
    ]
    people = charged(visit)
    context: dict[str, Any] = {
        "party_name": visit.subject.name, "inspect_on": iso(visit.inspected_on),
        "problems": [
            {"problem": row.text, "basis": row.obligation, "due": iso(terms[row.ordinal] if terms is not None else row.due)} for row in rows
        ],
        "officers": charged_rows(visit, on), "reconsideration_body": visit.organ.reconsideration_body, "court": visit.organ.court,
    }  # fmt: skip
    if images := drawn(visit, Occasion.ORDER, number, list(people), ("执法人员", "被检查单位现场负责人")):
        context["signatures"] = images
    return context


@paper(CODE, Document.RECTIFICATION_ORDER)
def rectification_order(taking: Taking) -> Contexts:
    """责令限期整改指令书"""
    visit = visit_of(taking)
    return [(None, order_context(visit, visit.acts.filter(step="order").count() + 1, taking.on))]


@paper(CODE, Document.ONSITE_MEASURE_DECISION)
def onsite_measure_decision(taking: Taking) -> Contexts:
    """现场处理措施决定书 (安全生产法 65 I 3)"""
    visit = visit_of(taking)
    made = visit.measures.last()
    assert made is not None
    return [(None, {
        "party_name": visit.subject.name, "inspect_on": iso(visit.inspected_on),
        "hazards": [f"{row.text.rstrip('。；')}（违反{row.obligation}）" for row in made.findings.order_by("ordinal")],
        "reason": made.reason, "measures": [f"{word}：{made.extent}" for word in made.words],
        "officers": charged_rows(visit, taking.on), "reconsideration_body": visit.organ.reconsideration_body,
        "court": visit.organ.court,
    })]  # fmt: skip


def decided_together(visit: Visit) -> list[Extension]:
    """The requests that the act under way answers."""
    number = visit.acts.filter(step="decide_extension").count() + 1
    return list(visit.extensions.filter(round=number).select_related("finding").order_by("finding__ordinal"))


def extension_context(visit: Visit) -> dict[str, Any]:
    """What both papers on an extension state: the order, each item with the days asked and given, the grounds."""
    rows = decided_together(visit)
    order = visit.order
    assert order is not None
    return {
        "party_name": visit.subject.name, "original_on": iso(order.issued_on), "original_number": order.number,
        "asked_on": iso(max(row.asked_on for row in rows)), "reason": "；".join(dict.fromkeys(row.reason for row in rows)),
        "items": [
            {
                "problem": row.finding.text, "due": iso(row.due_before), "asked_until": iso(row.asked_until),
                "result": f"同意延长至{in_full(row.granted_until)}" if row.granted_until else "不同意延长",
            }
            for row in rows
        ],
    }  # fmt: skip


@paper(CODE, Document.EXTENSION_APPROVAL)
def extension_approval(taking: Taking) -> Contexts:
    """整改延期申请审批表: the grounds, what keeps people safe meanwhile, the opinions."""
    visit, by = visit_of(taking), taking.officer
    rows = decided_together(visit)
    post = org.actor(by, taking.on, visit.organ).post
    return [(None, {
        **extension_context(visit), "safeguards": "；".join(dict.fromkeys(row.safeguards for row in rows if row.safeguards)),
        "officer_opinion": "；".join(dict.fromkeys(row.opinion for row in rows if row.opinion)),
        "officers": charged_rows(visit, taking.on), "officers_on": iso(max(row.asked_on for row in rows)),
        "opinions": [
            {"title": "审批意见", "text": rows[0].decision, "name": by.name, "post": post, "on": iso(taking.on)}
        ],
    })]  # fmt: skip


@paper(CODE, Document.EXTENSION_REPLY)
def extension_reply(taking: Taking) -> Contexts:
    """整改延期申请答复书: what was decided of each item, and why."""
    visit = visit_of(taking)
    return [(None, {**extension_context(visit), "decision": decided_together(visit)[0].decision})]


@paper(CODE, Document.REINSPECTION_OPINION)
def reinspection_opinion(taking: Taking) -> Contexts:
    """整改复查意见书: only what was looked at this time, with the order that it answers."""
    visit = visit_of(taking)
    made = visit.reinspections.last()
    order = visit.order
    assert made is not None
    assert order is not None
    officers, rows = present_rows(visit, Occasion.REINSPECTION, made.ordinal)
    context: dict[str, Any] = {
        "party_name": visit.subject.name, "original_on": iso(order.issued_on), "original_title": order.title, "original_number": order.number,
        "reinspected_on": iso(made.on),
        "items": [
            {"problem": one.finding.text, "due": iso(one.finding.due), "result": "已整改" if one.corrected else "未整改", "note": one.note}
            for one in made.results.select_related("finding").order_by("finding__ordinal")
        ],
        "opinion": made.opinion, "officers": officers,
    }  # fmt: skip
    slots = ("执法人员", "被复查单位现场负责人")
    if images := drawn(visit, Occasion.REINSPECTION, made.ordinal, [row.officer_id for row in rows], slots):
        context["signatures"] = images
    return [(None, context)]
