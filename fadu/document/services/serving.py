"""送达: register how a paper reached its party, with proof, and reckon the day it takes effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from fadu.document import delivery, queries
from fadu.document.delivery import Method
from fadu.document.fields import Errors, plain
from fadu.document.kinds import Document, Series
from fadu.document.models import Paper, Service
from fadu.document.services.acting import By, actor_of, people
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.record import services as record
from fadu.record.models import EvidenceFile

PICTURED = ("image/", "video/", "audio/")


def _person(paper: Paper) -> bool | None:
    """Whether the addressee is a person, as far as the paper says."""
    if paper.document is Document.PENALTY_DECISION_PERSON:
        return True
    if paper.document is Document.PENALTY_DECISION_UNIT or paper.document.value.series is Series.INSPECTION:
        return False  # what is inspected is a unit
    known = {"unit": False, "person": True}
    return known.get(paper.context.get("party_kind", ""))


def _proof(proof: EvidenceFile | str | None, chain: str) -> EvidenceFile | None:
    """The evidence kept in this matter, by row or by hash."""
    if isinstance(proof, EvidenceFile):
        return proof if proof.chain == chain else None
    return EvidenceFile.objects.filter(sha256=proof, chain=chain).first() if proof else None


def _confirmation_of(paper: Paper) -> Paper | None:
    """The last confirmation that this party has signed in this matter."""
    signed = queries.issued(paper.case_file, Document.SERVICE_ADDRESS)
    return signed.filter(context__party_name=paper.context.get("party_name")).last()


def _confirmation_errors(
    paper: Paper, confirmation: Paper | None, details: Mapping[str, Any], served_on: date
) -> Errors:
    """Electronic service rests on a signed confirmation of the party (《行政处罚法》第六十一条第二款)."""
    article = f"（{delivery.APL}第六十一条第二款）"
    if confirmation is None or confirmation.document is not Document.SERVICE_ADDRESS or not confirmation.is_issued:
        return {"confirmation": f"电子送达应当有当事人签订的确认书{article}"}
    said = confirmation.context
    if not said.get("electronic_consent"):
        return {"confirmation": f"当事人没有同意电子送达{article}"}
    if said.get("party_name") != paper.context.get("party_name"):
        return {"confirmation": "确认书不是这位当事人签订的"}
    if not confirmation.scans.exists() and not (said.get("signatures") or {}).get("当事人"):
        return {"confirmation": f"确认书还没有当事人签名的扫描件{article}"}
    if date.fromisoformat(said["confirmed_on"]) > served_on:
        return {"confirmation": "确认书的签订日期晚于送达日期"}
    if str(said.get("electronic_address", "")).strip() != str(details.get("address", "")).strip():
        return {"address": f"与确认书中的电子送达地址（{said.get('electronic_address')}）不一致"}
    return {}


@transaction.atomic
def serve(
    paper: Paper,
    *,
    method: Method | str,
    served_on: date,
    served_by: By | Sequence[By],
    receiver: str = "",
    details: Mapping[str, Any] | None = None,
    proof: EvidenceFile | str | None,
    confirmation: Paper | None = None,
) -> Service:
    """登记送达 and reckon ``effective_on``.

    ``served_on``: the day the bureau acted (handed over, left, sent, published); ``served_by``: one or several officers;
    ``receiver``: who signed; ``details``: the fields of the method (``Method.rule.details``); ``proof``: evidence kept
    in this matter, as row or sha256; ``confirmation``: the issued 送达地址确认书 for electronic service (default: the
    party's last one in this matter). Raises Invalid with
    these names as fields, OutOfOrder when the paper is not issued or already served. (行政处罚法 61, 民事诉讼法 87–95)
    """
    way = Method.of(method)
    row = Paper.objects.select_for_update(of=("self",)).select_related("case_file__organ").get(pk=paper.pk)
    case_file, today = row.case_file, clock.today()
    if not row.is_issued or row.issued_on is None:
        raise OutOfOrder(f"《{row.title}》还没有制作或者已经作废，不能送达")
    if not row.document.served:
        raise OutOfOrder(f"《{row.title}》不是送达当事人的文书")
    if any(service.in_effect(today) for service in row.services.all()):
        raise OutOfOrder(f"《{row.title}》已经送达，不必再次登记")
    written = plain(details or {})
    servers = people(served_by, served_on, case_file.organ)
    evidence = _proof(proof, case_file.chain)
    errors = delivery.errors_in(
        way,
        written,
        served_on=served_on,
        today=today,
        receiver=receiver,
        servers=len(servers),
        person=_person(row),
        pictured=evidence is not None and evidence.media_type.startswith(PICTURED),
    )
    if evidence is None:
        errors["proof"] = f"请先收存送达证明（{way.article}）" if not proof else "送达证明不在本案的证据中"
    if served_on < row.issued_on:
        errors["served_on"] = f"送达日期不得早于文书的制作日期（{row.issued_on.isoformat()}）"
    elif served_on > today:
        errors["served_on"] = "送达日期不得晚于今天"
    if way is Method.ELECTRONIC:
        confirmation = confirmation or _confirmation_of(row)
        for name, message in _confirmation_errors(row, confirmation, written, served_on).items():
            errors.setdefault(name, message)
    if errors or evidence is None:
        raise Invalid(errors)
    addressee = str(row.context.get("party_name") or "")
    service = Service.objects.create(
        paper=row,
        method=way.code,
        addressee=addressee[:200],
        receiver=receiver.strip()[:100],
        details=written,
        proof=evidence,
        confirmation=confirmation if way is Method.ELECTRONIC else None,
        served_on=served_on,
        effective_on=delivery.effective_day(way, served_on, written),
        served_by=servers,
    )
    record.write(
        case_file.chain,
        actor=_first(served_by, served_on, row),
        act="document.serve",
        title=f"送达{row.title}",
        on=served_on,
        articles=way.articles,
        papers=[row.as_record()],
        after={
            "service": service.pk,
            "method": way.title,
            "served_on": served_on,
            "effective_on": service.effective_on,
            "served_by": [server["name"] for server in servers],
            "proof": evidence.sha256,
        },
        matter_title=case_file.title,
    )
    return service


def _first(by: By | Sequence[By], on: date, paper: Paper) -> Any:
    """The officer named first acts for the record."""
    if isinstance(by, list) or (isinstance(by, tuple) and not isinstance(by[0], str)):
        by = by[0]
    return actor_of(by, on, paper.case_file.organ)  # type: ignore[arg-type]


@transaction.atomic
def withdraw_service(service: Service, *, reason: str, on: date, by: By) -> Service:
    """撤销送达登记 made by mistake: the entry stays, with the reason, and no longer counts. Raises Invalid, OutOfOrder."""
    row = Service.objects.select_for_update(of=("self",)).select_related("paper__case_file__organ").get(pk=service.pk)
    if row.withdrawn_on is not None:
        raise OutOfOrder("这条送达登记已经撤销")
    if not reason.strip():
        raise Invalid({"reason": "请填写撤销登记的理由"})
    case_file = row.paper.case_file
    actor = actor_of(by, on, case_file.organ)
    row.withdrawn_on, row.withdrawn_by, row.withdrawn_reason = on, str(actor)[:100], reason.strip()[:500]
    row.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_reason"])
    record.write(
        case_file.chain,
        actor=actor,
        act="document.withdraw_service",
        title=f"撤销{row.paper.title}的送达登记",
        on=on,
        papers=[row.paper.as_record()],
        before={"service": row.pk, "method": row.way.title, "effective_on": row.effective_on},
        note=row.withdrawn_reason,
        matter_title=case_file.title,
    )
    return row


def receipt_context(services: Sequence[Service], *, case_name: str, remarks: str = "") -> dict[str, Any]:
    """The context of a 文书送达回执 that lists what was served on one party."""
    first = services[0]
    witnesses = [name for service in services for name in service.details.get("witnesses") or []]
    reasons = [service.details["refusal"] for service in services if service.details.get("refusal")]
    return {
        "case_name": case_name,
        "addressee": first.addressee,
        "place": str(first.details.get("place") or first.details.get("address") or ""),
        "papers": [
            {
                "title": service.paper.title,
                "number": service.paper.number,
                "method": service.way.title,
                "received_on": f"{service.effective_on.year}年{service.effective_on.month}月{service.effective_on.day}日",
                "receiver": service.receiver,
            }
            for service in services
        ],
        "servers": [
            {"name": server["name"], "certificate": server["certificate"] or "—"} for server in first.served_by
        ],
        "witnesses": list(dict.fromkeys(witnesses)),
        "remarks": "；".join([*dict.fromkeys(reasons), *([remarks] if remarks else [])]),
    }
