"""Notice, its service, statement and defence, waiver, the request for a hearing, and the consideration (44, 45, 62–64)."""

from __future__ import annotations

from fadu.document import services as documents
from fadu.document.models import Paper
from fadu.kernel.errors import Invalid
from fadu.penalty.models import CaseParty, Defence, Notice, PenaltyCase
from fadu.penalty.procedures.ordinary.facts import CaseFacts
from fadu.penalty.procedures.ordinary.rules import has_hearing_right
from fadu.penalty.services.investigating import CODE, amount, iso, party_of
from fadu.penalty.services.weighing import reweigh
from fadu.procedure.queries import facts
from fadu.procedure.registry import Taking, effect
from fadu.record.models import EvidenceFile


@effect(f"{CODE}.notify")
def notify(taking: Taking) -> None:
    """告知: keep what each party is told; a later decision may not be heavier (45 II)."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    known = facts(case, taking.on)
    assert isinstance(known, CaseFacts)
    for party in case.parties.filter(exemption="", kept=False):
        Notice.objects.create(
            party=party, act_ordinal=case.revision + 1, on=taking.on, sanctions=party.proposed,
            hearing=has_hearing_right(known, party.ordinal),
        )  # fmt: skip
        taking.after[party.name] = str(party.sanctions)
    case.parties.update(waived_on=None, hearing_asked_on=None, hearing_waived_on=None)


def serve_paper(taking: Taking, papers: list[Paper], party: CaseParty) -> None:
    """Serve ``papers`` on ``party`` as entered; periods start on the day on which service takes effect."""
    data = taking.data
    if not papers:
        raise Invalid({"party": f"没有待送达{party.name}的文书。"})
    served_on = iso(data["served_on"]) or taking.on
    proof = EvidenceFile.objects.filter(sha256=data.get("proof") or "", chain=taking.matter.chain).last()
    if proof is None:
        raise Invalid({"proof": "请上传送达证明。"})
    for paper in papers:
        service = documents.serve(
            paper, method=data["method"], served_on=served_on, served_by=[a.officer for a in taking.matter.assignments.filter(until=None).select_related("officer")],
            receiver=data.get("receiver", ""), details=dict(data.get("details") or {}), proof=proof,
        )  # fmt: skip
        taking.starts_on[party.ordinal] = max(
            service.effective_on, taking.starts_on.get(party.ordinal, service.effective_on)
        )
        taking.after |= {
            "method": service.get_method_display(),
            "effective_on": service.effective_on,
            "party": party.name,
        }


def unserved(case: PenaltyCase, party: CaseParty, *kinds: str) -> list[Paper]:
    """The latest issued papers of ``kinds`` for ``party`` that have not been served."""
    found = []
    for kind in kinds:
        paper = (
            Paper.objects.filter(case_file=case.case_file_id, kind=kind, party_no=party.ordinal, status="issued")
            .order_by("id")
            .last()
        )
        if paper is not None and not paper.services.exists():
            found.append(paper)
    return found


@effect(f"{CODE}.serve_notice")
def serve_notice(taking: Taking) -> None:
    """送达告知书, with the notice of the right to a hearing where there is one."""
    party = party_of(taking)
    serve_paper(taking, unserved(party.case, party, "ADVANCE_NOTICE", "HEARING_RIGHT_NOTICE"), party)


@effect(f"{CODE}.record_defence")
def record_defence(taking: Taking) -> None:
    """听取陈述申辩: what was said, by whom (45 I)."""
    party, data = party_of(taking), taking.data
    Defence.objects.create(party=party, made_on=taking.on, speaker=data["speaker_name"], statement=data["statement"])
    taking.after |= {"party": party.name, "speaker": data["speaker_name"]}


@effect(f"{CODE}.waive")
def waive(taking: Taking) -> None:
    """放弃: only on an explicit statement, kept as a file (62)."""
    party = party_of(taking)
    if not taking.data.get("proof"):
        raise Invalid({"proof": "放弃须有当事人书面或者音像的明确表示，请上传（《行政处罚法》第六十二条）。"})
    party.waived_on = iso(taking.data["waived_on"]) or taking.on
    party.save(update_fields=["waived_on"])
    taking.after |= {"party": party.name, "proof": taking.data["proof"]}


@effect(f"{CODE}.request_hearing")
def request_hearing(taking: Taking) -> None:
    """要求听证: from here the case waits for the hearing (63, 64)."""
    party = party_of(taking)
    party.hearing_asked_on = taking.on
    party.save(update_fields=["hearing_asked_on"])
    taking.after |= {"party": party.name}
    taking.note = taking.data.get("reason", "")


@effect(f"{CODE}.consider")
def consider(taking: Taking) -> None:
    """复核: point by point; sanctions may be lightened here, never made heavier (45)."""
    case, data = taking.matter, taking.data
    assert isinstance(case, PenaltyCase)
    for point in data.get("points", ()):
        rows = Defence.objects.filter(party__case=case.pk, party__ordinal=point["party"], considered_on=None)
        rows.update(finding=point["finding"], adopted=point["adopted"], considered_on=taking.on)
    for row in data.get("revised", ()):
        if amount(row.get("fine")) is not None:
            party = case.parties.select_related("discretion").get(ordinal=row["party"])
            before = party.sanctions
            party.proposed = party.proposed | {"fine": str(amount(row["fine"]))}
            party.save(update_fields=["proposed"])
            reweigh(party, row, taking.on)
            taking.before[party.name], taking.after[party.name] = str(before), str(party.sanctions)
    taking.note = data.get("conclusion", "")
    if data.get("hearing_finding"):
        taking.after["hearing"] = data["hearing_finding"]
