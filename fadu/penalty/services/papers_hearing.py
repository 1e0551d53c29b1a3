"""What stands on the papers of preserved evidence and of the hearing (行政处罚法 56, 63–65)."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.org import queries as org
from fadu.penalty.models import CaseParty, Hearing, PenaltyCase, Preservation, PreservedItem
from fadu.penalty.services.hearings import hearing_in, manner_of
from fadu.penalty.services.investigating import CODE
from fadu.penalty.services.papers import (
    Contexts,
    case_of,
    contact_of,
    number_of,
    officers_of,
    opinions_of,
    parties_of,
    party_fields,
    remedies_of,
)
from fadu.periods.counting import last_day
from fadu.periods.lengths import workdays
from fadu.procedure.registry import Taking, paper

ITEM = ("name", "spec", "quantity", "condition")


def _batch(taking: Taking) -> Preservation:
    """The batch that the act has just registered."""
    batch = Preservation.objects.filter(party__case=taking.matter.pk).select_related("party__case").last()
    assert batch is not None
    return batch


def _listed(batch: Preservation) -> list[dict[str, str]]:
    return [{name: getattr(item, name) for name in ITEM} for item in batch.items.all()]


@paper(CODE, Document.PRESERVATION_APPROVAL)
def preservation_approval(taking: Taking) -> Contexts:
    """先行登记保存证据审批表"""
    case, batch = case_of(taking), _batch(taking)
    return [(None, {
        "case_name": case.title, "parties": parties_of(case), "reason": batch.reason, "items": _listed(batch), "manner": batch.manner,
        "place": batch.place, **opinions_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.PRESERVATION_NOTICE)
def preservation_notice(taking: Taking) -> Contexts:
    """先行登记保存证据通知书"""
    case, batch = case_of(taking), _batch(taking)
    term = int(law.parameter("registration_of_evidence", taking.on, organ_id=case.organ_id).value)
    due = last_day(taking.on, workdays(term), law.calendar(), False).day
    return [(batch.party.ordinal, {
        **party_fields(batch.party), "matter": case.cause, "items": _listed(batch), "manner": batch.manner, "place": batch.place,
        "custodian": batch.custodian, "from_on": taking.on.isoformat(), "due_on": due.isoformat(), "officers": officers_of(case, taking),
        **contact_of(case, taking),
    })]  # fmt: skip


def _disposed(taking: Taking) -> list[tuple[Preservation, list[PreservedItem]]]:
    """The batches on whose items the act has just decided, each with those items."""
    chosen = [int(row["item"]) for row in taking.data["disposals"]]
    found: dict[Preservation, list[PreservedItem]] = {}
    for item in PreservedItem.objects.filter(pk__in=chosen).select_related("batch__party__case"):
        found.setdefault(item.batch, []).append(item)
    return list(found.items())


def _rows(items: list[PreservedItem]) -> list[dict[str, str]]:
    return [{"name": i.name, "quantity": i.quantity, "disposal": i.disposal, "note": i.note} for i in items]


def _notice_of(case: PenaltyCase, batch: Preservation) -> str:
    """The number of the notice by which the batch was registered: the one of its day."""
    rows = case.case_file.papers.filter(
        kind="PRESERVATION_NOTICE", party_no=batch.party.ordinal, status="issued", issued_on=batch.on
    )
    return rows.values_list("number", flat=True).last() or number_of(
        case, Document.PRESERVATION_NOTICE, batch.party.ordinal
    )


@paper(CODE, Document.PRESERVATION_DISPOSAL_APPROVAL)
def disposal_approval(taking: Taking) -> Contexts:
    """先行登记保存证据处理审批表, one for each batch"""
    case = case_of(taking)
    return [
        (None, {
            "case_name": case.title, "parties": parties_of(case), "notice_number": _notice_of(case, batch), "registered_on": batch.on.isoformat(),
            "items": _rows(items), **opinions_of(case, taking),
        })
        for batch, items in _disposed(taking)
    ]  # fmt: skip


@paper(CODE, Document.PRESERVATION_DISPOSAL)
def disposal(taking: Taking) -> Contexts:
    """先行登记保存证据处理决定书, one for each batch"""
    case = case_of(taking)
    return [
        (batch.party.ordinal, {
            **party_fields(batch.party), "notice_number": _notice_of(case, batch), "registered_on": batch.on.isoformat(), "items": _rows(items),
            **remedies_of(case),
        })
        for batch, items in _disposed(taking)
    ]  # fmt: skip


def _staff(row: Hearing) -> dict[str, str]:
    return {"host": row.host.name, "members": row.members, "recorder": row.recorder.name}


def _asking(case: PenaltyCase) -> list[CaseParty]:
    """The parties whose request for a hearing stands."""
    return list(case.parties.exclude(hearing_asked_on=None).select_related("case"))


@paper(CODE, Document.HEARING_NOTICE)
def hearing_notice(taking: Taking) -> Contexts:
    """行政处罚听证会通知书, for each party that asked"""
    case, row = case_of(taking), hearing_in(taking)
    assert row.held_at is not None
    post = org.actor(row.host, taking.on, case.organ).post
    return [
        (p.ordinal, {
            **party_fields(p), "matter": case.cause, "held_at": f"{row.held_at.astimezone(clock.BEIJING):%Y-%m-%dT%H:%M}", "place": row.place,
            "manner": manner_of(row), "closed_reason": row.closed_reason, **_staff(row), "host_post": post, **contact_of(case, taking),
        })
        for p in _asking(case)
    ]  # fmt: skip


@paper(CODE, Document.HEARING_RECORD)
def hearing_record(taking: Taking) -> Contexts:
    """听证笔录"""
    case, row, data = case_of(taking), hearing_in(taking), taking.data
    names = dict(case.parties.values_list("ordinal", "name"))
    people = [
        {
            "name": names[int(r["party"])], "status": r["status"],
            "speakers": "、".join(filter(None, (r.get("speaker") or "", *(f"{a}（委托代理人）" for a in (r.get("agents") or "").splitlines() if a.strip())))),
        }
        for r in data["attendance"]
    ]  # fmt: skip
    told = {n: data.get(n) or "" for n in ("accusation", "defence", "debate", "last_words", "confirmation")}
    return [(None, {
        "case_name": case.title, "started_at": data["started_at"][:16], "ended_at": data["ended_at"][:16], "place": data["place"],
        "manner": manner_of(row), **_staff(row), "officers": officers_of(case, taking), "attendance": people, **told,
    })]  # fmt: skip


@paper(CODE, Document.HEARING_REPORT)
def hearing_report(taking: Taking) -> Contexts:
    """听证会报告书"""
    case, row, data = case_of(taking), hearing_in(taking), taking.data
    return [(None, {
        "case_name": case.title, "held_on": (row.held_on or taking.on).isoformat(), **_staff(row), "summary": data["summary"],
        "opinion": data["opinion"],
    })]  # fmt: skip
