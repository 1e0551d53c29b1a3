"""From suspicion of a crime to the police, and back (行政处罚法 27; 移送规定)."""

from __future__ import annotations

from datetime import datetime

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.penalty import queries
from fadu.penalty.models import CrimeReport, PenaltyCase
from fadu.penalty.services.investigating import CODE, iso
from fadu.procedure.registry import Taking, effect


def open_report(taking: Taking) -> CrimeReport:
    """The latest crime report of the case; Invalid when there is none."""
    row = CrimeReport.objects.filter(case_id=taking.matter.pk).last()
    if row is None:
        raise Invalid({"": "专案组尚未提出移送涉嫌犯罪案件的书面报告。"})
    return row


@effect(f"{CODE}.report_crime")
def report_crime(taking: Taking) -> None:
    """报告涉嫌犯罪: two officers verify and report in writing (移送规定 5 I)."""
    data = taking.data
    if CrimeReport.objects.filter(case_id=taking.matter.pk, approved=None).exists():
        raise OutOfOrder("已有待正职负责人决定的移送报告，不用重复报告。")
    CrimeReport.objects.create(
        case_id=taking.matter.pk,
        reported_on=taking.on,
        offence=data["offence"],
        reason=data["reason"],
        receiving_body=data["receiving_body"],
    )
    taking.after["offence"] = data["offence"]


@effect(f"{CODE}.transfer")
def transfer(taking: Taking) -> None:
    """移送: decided by the principal head or who presides in his stead (移送规定 5 II)."""
    row = open_report(taking)
    taking.after |= {"offence": row.offence, "to": row.receiving_body}


def approve(taking: Taking) -> None:
    """Mark the report as approved once the step has been taken."""
    CrimeReport.objects.filter(case_id=taking.matter.pk, approved=None).update(approved=True, decided_on=taking.on)


@effect(f"{CODE}.refuse_transfer")
def refuse_transfer(taking: Taking) -> None:
    """不批准移送: the reasons go on record (移送规定 5 II)."""
    if not taking.data["reason"].strip():
        raise Invalid({"reason": "不批准移送的，须将理由记录在案。"})
    taking.note = taking.data["reason"]


@effect(f"{CODE}.deny_crime")
def deny_crime(taking: Taking) -> None:
    """认定不涉嫌犯罪: by the principal head, with the figures that raised the question and the reasons (行政处罚法 27)."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    raised = queries.suspicions_of(case, list(case.parties.all()))
    taking.after["offences"] = {one.offence.title: one.sentence for one in raised}
    taking.note = taking.data["reason"]


def refuse(taking: Taking) -> None:
    """Mark the report as refused once the step has been taken."""
    CrimeReport.objects.filter(case_id=taking.matter.pk, approved=None).update(
        approved=False, decided_on=taking.on, refusal_reason=taking.data["reason"]
    )


@effect(f"{CODE}.send_transfer")
def send_transfer(taking: Taking) -> None:
    """送交公安: who received the file, and when; within 24 hours of the approval."""
    row = open_report(taking)
    moment = datetime.fromisoformat(taking.data["sent_at"]) if taking.data.get("sent_at") else clock.now()
    row.sent_at = moment if moment.tzinfo else moment.replace(tzinfo=clock.BEIJING)
    row.received_by = taking.data["received_by"]
    row.save()
    taking.after["received_by"] = row.received_by


@effect(f"{CODE}.record_reply")
def record_reply(taking: Taking) -> None:
    """登记答复: the police's or the procuratorate's paper, with its file."""
    row, data = open_report(taking), taking.data
    row.reply, row.reply_on = data["reply"], iso(data["reply_on"])
    row.reply_document, row.reply_sha256 = data["document"], data.get("file") or ""
    row.save()
    taking.after |= {"reply": row.get_reply_display(), "document": row.reply_document}


@effect(f"{CODE}.resume")
def resume(taking: Taking) -> None:
    """移回后恢复办理: the term runs on from here."""
    taking.note = taking.data.get("reason", "")
