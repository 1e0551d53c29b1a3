"""After the visit: the order with a date per item, its service, extensions, re-inspection, reference and the end."""

from __future__ import annotations

from datetime import date
from typing import Any

from fadu.document import services as documents
from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.inspection.models import Extension, Finding, Level, Reinspection, ReinspectionResult, Visit
from fadu.inspection.procedures.routine.facts import Occasion
from fadu.inspection.queries import CODE, findings_to_order, findings_to_reinspect
from fadu.inspection.services.onsite import charged, kept, present, refresh_counts, sign, signature_note, visit_of
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.procedure.registry import Taking, effect
from fadu.record import privacy

SERVED = (
    Document.RECTIFICATION_ORDER,
    Document.ONSITE_MEASURE_DECISION,
    Document.EXTENSION_REPLY,
    Document.REINSPECTION_OPINION,
)


def day_of(value: Any, field: str) -> date:
    """A day from the payload; Invalid at ``field`` otherwise."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid({field: "请填写日期，例如 2026-12-03。"}) from None


def _chosen(rows: list[Finding], ordinals: list[int], field: str, words: str) -> dict[int, Finding]:
    """The named ones among ``rows``; Invalid for a number that is not among them."""
    known = {row.ordinal: row for row in rows}
    for number in ordinals:
        if number not in known:
            raise Invalid({field: f"第{number}项问题{words}，请刷新页面。"})
    return {number: known[number] for number in ordinals}


def next_term(visit: Visit) -> date | None:
    """The earliest term among the findings that wait for re-inspection."""
    return min((row.due for row in findings_to_reinspect(visit) if row.due), default=None)


def await_reinspection(taking: Taking, visit: Visit, *, not_before: date | None = None) -> None:
    """Let the duty to re-inspect run from the end of the earliest term (安全生产法 65 I 2), once the order binds."""
    term = next_term(visit)
    if term is not None:
        taking.starts_on[None] = max(term, not_before) if not_before else term


@effect(f"{CODE}.order")
def order(taking: Taking) -> None:
    """责令限期整改: a term for each item, later than today or today itself (65 I 2)."""
    visit, data = visit_of(taking), taking.data
    terms = {int(row["finding"]): day_of(row["due"], "terms") for row in data["terms"]}
    rows = _chosen(findings_to_order(visit), list(terms), "terms", "不需要责令整改")
    if not rows:
        raise OutOfOrder("没有需要限期整改的问题。")
    number = visit.acts.filter(step="order").count() + 1
    for ordinal, row in rows.items():
        if terms[ordinal] < taking.on:
            raise Invalid({"terms": f"第{ordinal}项的整改期限早于今天，请填今天或者以后的日期。"})
        row.due, row.ordered_on, row.order_round = terms[ordinal], taking.on, number
        row.reinspected_on = row.corrected = None
        row.save()
    sign(visit, data, Occasion.ORDER, number)
    refresh_counts(visit)
    taking.after |= {
        "terms": {str(n): day.isoformat() for n, day in terms.items()},
        **signature_note(visit, Occasion.ORDER, number),
    }


@effect(f"{CODE}.serve")
def serve(taking: Taking) -> None:
    """送达文书: as papers of a case are served; the re-inspection follows the earliest term (民事诉讼法 87–95)."""
    visit, data = visit_of(taking), taking.data
    paper = paper_to_serve(visit, data.get("paper"))
    people = charged(visit)
    servers = [people[int(key)] for key in data.get("officers") or people if int(key) in people]
    service = documents.serve(
        paper, method=data["method"], served_on=day_of(data["served_on"], "served_on"), served_by=servers,
        receiver=data.get("receiver") or "", details=dict(data.get("details") or {}), proof=data.get("proof") or None,
    )  # fmt: skip
    taking.after |= {"paper": paper.number, "method": service.way.title, "effective_on": service.effective_on}
    if paper.document is Document.RECTIFICATION_ORDER:
        await_reinspection(taking, visit)


def papers_to_serve(visit: Visit) -> list[Paper]:
    """The valid papers of the visit that must reach the enterprise and have not, the oldest first."""
    rows = Paper.objects.filter(case_file=visit.case_file_id, kind__in=[kind.name for kind in SERVED]).issued()
    rows = rows.prefetch_related("services").order_by("id")
    return [row for row in rows if not any(service.withdrawn_on is None for service in row.services.all())]


def paper_to_serve(visit: Visit, key: Any) -> Paper:
    """The paper of that key, or the only one that waits; OutOfOrder or Invalid."""
    waiting = papers_to_serve(visit)
    if not waiting:
        raise OutOfOrder("没有待送达的文书。")
    if key in (None, ""):
        return waiting[0]
    found = next((row for row in waiting if row.pk == int(key)), None)
    if found is None:
        raise Invalid({"paper": "这份文书不在待送达的文书中，请重新选择。"})
    return found


@effect(f"{CODE}.apply_extension")
def apply_extension(taking: Taking) -> None:
    """申请延长整改期限: item by item, with the enterprise's reasons."""
    visit, data = visit_of(taking), taking.data
    wanted = {int(row["finding"]): day_of(row["until"], "requests") for row in data["requests"]}
    rows = _chosen(findings_to_reinspect(visit), list(wanted), "requests", "不在整改期限内")
    if not rows:
        raise Invalid({"requests": "请写明哪一项问题申请延长到哪一天。"})
    if not str(data.get("reason") or "").strip():
        raise Invalid({"reason": "请写明申请延长的理由。"})
    safeguards = str(data.get("safeguards") or "").strip()
    if not safeguards and any(row.level == Level.MAJOR for row in rows.values()):
        raise Invalid({"safeguards": "申请延长的有重大事故隐患，请写明整改期间的安全防范措施。"})
    papers = kept(visit, [data.get("paper") or ""], "paper")
    for number, row in rows.items():
        assert row.due is not None
        if wanted[number] <= row.due:
            raise Invalid({"requests": f"第{number}项申请延长到的日期应当晚于原期限{row.due}。"})
        if row.extensions.filter(granted=None).exists():
            raise Invalid({"requests": f"第{number}项已有一份申请等待决定。"})
        Extension.objects.create(
            visit=visit, finding=row, asked_on=taking.on, due_before=row.due, asked_until=wanted[number],
            reason=data["reason"].strip(), paper=papers[0] if papers else "", safeguards=safeguards,
            opinion=str(data.get("opinion") or "").strip(),
        )  # fmt: skip
    taking.after["requests"] = {str(n): day.isoformat() for n, day in wanted.items()}


@effect(f"{CODE}.decide_extension")
def decide_extension(taking: Taking) -> None:
    """决定是否延长: the head answers every open request, one day for each that is granted."""
    visit, data = visit_of(taking), taking.data
    pending = {row.finding.ordinal: row for row in visit.extensions.filter(granted=None).select_related("finding")}
    if not str(data.get("reason") or "").strip():
        raise Invalid({"reason": "请写明决定的理由。"})
    number = visit.acts.filter(step="decide_extension").count() + 1
    for one in data["decisions"]:
        row = pending.pop(int(one["finding"]), None)
        if row is None:
            raise Invalid({"decisions": f"第{one['finding']}项没有等待决定的申请。"})
        row.granted, row.decided_on, row.decision, row.round = (
            bool(one["granted"]),
            taking.on,
            data["reason"].strip(),
            number,
        )
        if row.granted:
            row.granted_until = day_of(one.get("until") or row.asked_until, "decisions")
            if row.granted_until <= row.due_before:
                raise Invalid({"decisions": f"第{one['finding']}项延长到的日期应当晚于原期限{row.due_before}。"})
            row.finding.due = row.granted_until
            row.finding.save(update_fields=["due"])
        row.save()
        taking.after.setdefault("decisions", {})[str(one["finding"])] = (
            row.granted_until.isoformat() if row.granted_until else "不同意"
        )
    if pending:
        raise Invalid({"decisions": f"第{'、'.join(map(str, pending))}项的申请还没有决定。"})
    taking.note = privacy.redacted(data["reason"])
    if visit.deadlines.filter(name="整改复查", ended_on=None, cancelled_on=None).exists():
        await_reinspection(taking, visit)


@effect(f"{CODE}.ask_reinspection")
def ask_reinspection(taking: Taking) -> None:
    """收到复查申请: the enterprise says that it is done; re-inspection counts from here (65 I 2)."""
    visit = visit_of(taking)
    kept(visit, [taking.data.get("paper") or ""], "paper")
    taking.note = privacy.redacted(str(taking.data.get("note") or ""))


@effect(f"{CODE}.reinspect")
def reinspect(taking: Taking) -> None:
    """复查: who came, a result for each item looked at, the opinion (65 I 2)."""
    visit, data = visit_of(taking), taking.data
    number = visit.reinspections.count() + 1
    rows = _chosen(
        findings_to_reinspect(visit), [int(row["finding"]) for row in data["results"]], "results", "不在待复查的问题中"
    )
    if not rows:
        raise Invalid({"results": "请至少对一项问题写明复查结果。"})
    if not str(data.get("opinion") or "").strip():
        raise Invalid({"opinion": "请填写复查意见。"})
    came = present(visit, data["officers"], Occasion.REINSPECTION, number, taking.on)
    made = Reinspection.objects.create(visit=visit, ordinal=number, on=taking.on, opinion=data["opinion"].strip())
    for one in data["results"]:
        row = rows[int(one["finding"])]
        row.corrected = bool(one["corrected"])
        row.corrected_on = taking.on if row.corrected else None
        row.reinspected_on = taking.on
        row.save()
        ReinspectionResult.objects.create(
            reinspection=made, finding=row, corrected=row.corrected, note=str(one.get("note") or "").strip()[:500],
            photos=kept(visit, one.get("photos") or [], "photos"),
        )  # fmt: skip
    sign(visit, data, Occasion.REINSPECTION, number)
    refresh_counts(visit)
    await_reinspection(taking, visit)
    taking.after |= {
        "results": {str(row.ordinal): "已整改" if row.corrected else "未整改" for row in rows.values()},
        "present": {row.officer.name: row.certificate for row in came}, **signature_note(visit, Occasion.REINSPECTION, number),
    }  # fmt: skip


@effect(f"{CODE}.refer")
def refer(taking: Taking) -> None:
    """移交立案: which findings, as what violation, and why; the clue register listens (行政处罚法 54 II)."""
    visit, data = visit_of(taking), taking.data
    errors = {}
    if not str(data.get("cause") or "").strip():
        errors["cause"] = "请填写案由，例如：未如实记录安全生产教育和培训情况。"
    if not str(data.get("reason") or "").strip():
        errors["reason"] = "请写明移交立案的理由。"
    numbers = [int(key) for key in data.get("findings") or []]
    if not numbers:
        errors["findings"] = "请选择要移交的问题。"
    if errors:
        raise Invalid(errors)
    rows = _chosen(list(visit.findings.filter(referred_on=None)), numbers, "findings", "已经移交或者不存在")
    for row in rows.values():
        row.referred_on = taking.on
        row.save(update_fields=["referred_on"])
    taking.after |= {"findings": numbers, "cause": data["cause"].strip()}
    taking.note = privacy.redacted(data["reason"].strip())
