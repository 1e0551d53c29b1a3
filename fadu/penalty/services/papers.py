"""What stands on each paper of a penalty case: contexts built from records, never typed twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fadu.document import services as documents
from fadu.document.kinds import Document
from fadu.document.models import Paper, Service
from fadu.law import queries as law
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.penalty import queries
from fadu.penalty.history import provision_for
from fadu.penalty.models import CaseParty, Defence, PenaltyCase
from fadu.penalty.procedures.leniency import read as applied_leniency
from fadu.penalty.procedures.ordinary.facts import CaseFacts
from fadu.penalty.procedures.ordinary.rules import has_hearing_right, review_grounds
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.penalty.services.investigating import CODE
from fadu.penalty.services.weighing import words_of
from fadu.procedure.queries import facts
from fadu.procedure.registry import Taking, paper

# what the words on a party's discretion read
APPLIED = ("discretion__benchmark__set",)
Contexts = list[tuple[int | None, dict[str, Any]]]


def case_of(taking: Taking) -> PenaltyCase:
    """The case with its organ, fresh."""
    return PenaltyCase.objects.select_related("organ").get(pk=taking.matter.pk)


def officers_of(case: PenaltyCase, taking: Taking) -> list[dict[str, str]]:
    """The case officers with the numbers of their certificates on the day of the act."""
    people = [a.officer for a in case.assignments.filter(until=None).select_related("officer").order_by("id")]
    certificates = org.valid_certificates(people, taking.on)
    return [{"name": o.name, "certificate": certificates[o.pk].number} for o in people if o.pk in certificates]


def opinions_of(case: PenaltyCase, taking: Taking) -> dict[str, Any]:
    """The opinions as the approval form prints them."""
    return {
        "officer_opinion": taking.officer_opinion,
        "officers": officers_of(case, taking),
        "officers_on": (taking.submitted_on or taking.on).isoformat(),
        "opinions": taking.opinions,
    }


def parties_of(case: PenaltyCase) -> list[dict[str, str]]:
    """The parties as rows of an approval form."""
    return [
        {
            "name": p.name, "identity": p.identity, "representative": "、".join(filter(None, (p.representative, p.representative_post))),
            "address": p.address, "phone": p.phone,
        }
        for p in case.parties.all()
    ]  # fmt: skip


def party_fields(party: CaseParty, kind: str | None = None) -> dict[str, Any]:
    """One party as the papers that are served on it name it; without a kind, unit or person is said in the paper."""
    found: dict[str, Any] = {"party_name": party.name}
    if kind is None:
        found["party_kind"] = "person" if party.is_person else "unit"
    if party.is_person:
        age = queries.age_on(party.born_on, party.case.found_on) if party.born_on else None
        return found | {
            "party_sex": party.sex or "未登记", "party_age": f"{age}岁" if age is not None else "", "party_id_no": party.identity,
            "party_home_address": party.address, "party_employer": party.employer, "party_post": party.representative_post,
            "party_phone": party.phone,
        }  # fmt: skip
    return found | {
        "party_uscc": party.identity, "party_address": party.address, "party_legal_rep": party.representative or "未登记",
        "party_legal_rep_post": party.representative_post, "party_phone": party.phone,
    }  # fmt: skip


def contact_of(case: PenaltyCase, taking: Taking) -> dict[str, str]:
    """Where the bureau is reached."""
    officers = officers_of(case, taking)
    organ = case.organ
    return {
        "organ_address": organ.address, "contact": "、".join(o["name"] for o in officers) or organ.name,
        "contact_phone": organ.phone, "organ_postcode": organ.postcode,
    }  # fmt: skip


def remedies_of(case: PenaltyCase) -> dict[str, str]:
    """Where and how the party may seek remedies."""
    return {"reconsideration_body": case.organ.reconsideration_body, "court": case.organ.court}


def penalties_of(sanctions: Sanctions) -> list[dict[str, Any]]:
    """Sanctions as rows of a paper."""
    rows: list[dict[str, Any]] = []
    for measure in sorted(sanctions.measures, key=lambda m: m.rank):
        row: dict[str, Any] = {"kind": measure.title_zh}
        if measure.value == "confiscation" and sanctions.confiscation:
            row["amount"] = str(sanctions.confiscation)
        if measure.value in ("suspension", "licence_suspension") and sanctions.suspension_days:
            row["detail"] = f"{sanctions.suspension_days}日"
        rows.append(row)
    if sanctions.fine:
        rows.append({"kind": "罚款", "amount": str(sanctions.fine)})
    if sanctions.ban_for_life:
        rows.append({"kind": "限制从业", "detail": "终身"})
    elif sanctions.ban_years:
        rows.append({"kind": "限制从业", "detail": f"{sanctions.ban_years}年"})
    return rows


def basis_of(party: CaseParty) -> list[str]:
    """The provision on which the party's penalty rests, and the articles of mitigation."""
    from fadu.law.lawfulness import Mitigation

    provision = provision_for(party)
    own = [str(provision.article)] if provision else []
    return own + [str(Mitigation(m).article) for m in party.mitigation]


def exemption_words(party: CaseParty) -> str:
    """Why a party is not penalised: the reasons, and the item of the list of no penalty with its conditions (33)."""
    listed = applied_leniency(party.leniency)
    return "\n".join(filter(None, [party.exemption_reason, str(listed) if listed else ""]))


def evidence_of(case: PenaltyCase) -> list[str]:
    """The evidence as lines."""
    return [f"{e.name}（{e.get_kind_display()}）：{e.proves}" for e in case.evidence.all()]


def discretion_of(case: PenaltyCase, party: CaseParty) -> str:
    """Why this much: the officers' reasons and the party's mitigating circumstances."""
    return "\n".join(filter(None, (case.discretion, party.mitigation_reason, words_of(party))))


def discretion_of_all(case: PenaltyCase) -> str:
    """The officers' reasons, then each party's benchmark by its name."""
    found = [case.discretion]
    for party in case.parties.select_related(*APPLIED):
        if not party.exemption and (words := words_of(party)):
            found.append(f"{party.name}：{words}")
    return "\n".join(filter(None, found))


def number_of(case: PenaltyCase, kind: Document, party: int | None = None) -> str:
    """The number of the latest issued paper of a kind, or empty."""
    rows = Paper.objects.filter(case_file=case.case_file_id, kind=kind.name, status="issued")
    rows = rows.filter(party_no=party) if party is not None else rows
    return rows.order_by("-id").values_list("number", flat=True).first() or ""


@paper(CODE, Document.CASE_FILING_APPROVAL)
def case_filing_approval(taking: Taking) -> Contexts:
    """立案审批表"""
    case = case_of(taking)
    basis = ["《行政处罚法》第五十四条第二款", *case.violated]
    history = taking.after.get("history")
    told = [f"十二个月内受过的处罚：{'；'.join(history)}。"] if history else []
    return [(None, {
        "case_name": case.title, "cause": case.cause, "source": case.get_source_display() + (f"（{case.source_detail}）" if case.source_detail else ""),
        "received_on": case.received_on.isoformat(), "parties": parties_of(case), "facts": "\n".join([case.facts_found or case.clue, *told]),
        "basis": basis, **opinions_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.FILING_REFUSAL)
def filing_refusal(taking: Taking) -> Contexts:
    """不予立案审批表"""
    case = case_of(taking)
    proposers = [o for o in (taking.by_proposer, taking.cosigner) if o]
    certificates = org.valid_certificates(proposers, taking.on)
    return [(None, {
        "case_name": case.title, "source": case.get_source_display(), "received_on": case.received_on.isoformat(),
        "parties": parties_of(case) or [{"name": "待查"}], "facts": taking.data["facts"], "reason": taking.data["reason"],
        "basis": [line for line in taking.data["basis"].splitlines() if line.strip()], "informing": taking.data.get("informing", ""),
        **opinions_of(case, taking),
        "officers": [{"name": o.name, "certificate": certificates[o.pk].number} for o in proposers if o.pk in certificates],
    })]  # fmt: skip


@paper(CODE, Document.QUESTIONING_NOTICE)
def questioning_notice(taking: Taking) -> Contexts:
    """询问通知书"""
    case, data = case_of(taking), taking.data
    return [(None, {
        "party_name": data["asked"], "matter": case.cause, "appear_at": data["appear_at"][:16], "place": data["place"],
        "bring": [line for line in data.get("bring", "").splitlines() if line.strip()], **contact_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.QUESTIONING_RECORD)
def questioning_record(taking: Taking) -> Contexts:
    """询问笔录"""
    case, data = case_of(taking), taking.data
    nth = (
        Paper.objects.filter(
            case_file=case.case_file_id, kind="QUESTIONING_RECORD", context__asked_id_no=data["asked_id_no"]
        ).count()
        + 1
    )
    names = ("asked_name", "asked_sex", "asked_id_no", "asked_home_address", "asked_employer", "asked_post", "asked_phone",
             "place", "recorder", "others_present", "identity_answer", "recusal_answer")  # fmt: skip
    return [(None, {
        "nth": nth, "started_at": data["started_at"][:16], "ended_at": data["ended_at"][:16], "matter": case.cause,
        "officers": officers_of(case, taking), "qa": data["qa"], **{n: data.get(n) or "" for n in names},
    })]  # fmt: skip


@paper(CODE, Document.INVESTIGATION_REPORT)
def investigation_report(taking: Taking) -> Contexts:
    """行政处罚案件调查报告"""
    case = case_of(taking)
    proposals = [
        f"{p.name}："
        + (
            f"不予处罚（{p.get_exemption_display()}）。{exemption_words(p)}"
            if p.exemption
            else f"依据{'、'.join(basis_of(p))}，建议给予{p.sanctions}。"
        )
        for p in case.parties.all()
    ]
    return [(None, {
        "case_name": case.title, "source": case.get_source_display(), "filed_on": (case.filed_on or taking.on).isoformat(),
        "parties": parties_of(case), "course": case.course, "facts": case.facts_found,
        "evidence": [{"name": e.name, "proves": e.proves} for e in case.evidence.all()], "violated": case.violated,
        "nature": case.nature, "discretion": discretion_of_all(case), "proposal": "\n".join(proposals), "officers": officers_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.ADVANCE_NOTICE)
def advance_notice(taking: Taking) -> Contexts:
    """行政处罚告知书, one for each party to be penalised"""
    case = case_of(taking)
    known = facts(case, taking.on)
    assert isinstance(known, CaseFacts)
    term = int(law.parameter("defence", taking.on, organ_id=case.organ_id).value)
    return [
        (p.ordinal, {
            **party_fields(p), "facts": case.facts_found, "evidence": evidence_of(case), "violated": case.violated, "basis": basis_of(p),
            "discretion": discretion_of(case, p), "penalties": penalties_of(p.sanctions), "defence_term": f"{term}个工作日",
            "hearing_right": has_hearing_right(known, p.ordinal), **contact_of(case, taking),
        })
        for p in case.parties.filter(exemption="", kept=False).select_related("case", *APPLIED)
    ]  # fmt: skip


@paper(CODE, Document.HEARING_RIGHT_NOTICE)
def hearing_right_notice(taking: Taking) -> Contexts:
    """行政处罚听证告知书, for each party that has the right"""
    case = case_of(taking)
    known = facts(case, taking.on)
    assert isinstance(known, CaseFacts)
    return [
        (p.ordinal, {
            **party_fields(p), "facts": case.facts_found, "violated": case.violated, "basis": basis_of(p),
            "penalties": penalties_of(p.sanctions), **contact_of(case, taking),
        })
        for p in case.parties.filter(exemption="", kept=False).select_related("case") if has_hearing_right(known, p.ordinal)
    ]  # fmt: skip


@paper(CODE, Document.SERVICE_RECEIPT)
def service_receipt(taking: Taking) -> Contexts:
    """文书送达回执, for the papers that the act has just served"""
    case = case_of(taking)
    services = Service.objects.filter(
        paper__case_file=case.case_file_id, paper__party_no=taking.number, served_on=taking.data["served_on"], withdrawn_on=None
    ).select_related("paper", "proof").order_by("id")  # fmt: skip
    if "paper" in taking.data:
        services = services.filter(paper=taking.data["paper"])
    return [(taking.number, documents.receipt_context(list(services), case_name=case.title))]


@paper(CODE, Document.DEFENCE_RECORD)
def defence_record(taking: Taking) -> Contexts:
    """当事人陈述申辩笔录, on the notice or on the demand"""
    case, data = case_of(taking), taking.data
    answered = Document.DEMAND if taking.step == "answer_demand" else Document.ADVANCE_NOTICE
    party = case.parties.get(ordinal=taking.number)
    return [(party.ordinal, {
        "case_name": case.title, "started_at": data["started_at"][:16], "ended_at": data["ended_at"][:16], "place": data["place"],
        "party_name": party.name, "speaker_name": data["speaker_name"], "speaker_capacity": data["speaker_capacity"],
        "officers": officers_of(case, taking), "recorder": data["recorder"], "notice_number": number_of(case, answered, party.ordinal),
        "statement": data["statement"], "materials": [line for line in data.get("materials", "").splitlines() if line.strip()],
    })]  # fmt: skip


@paper(CODE, Document.DEFENCE_CONSIDERATION)
def defence_consideration(taking: Taking) -> Contexts:
    """陈述申辩复核意见书, for each party that defended itself"""
    case = case_of(taking)
    found: Contexts = []
    for party in case.parties.all():
        rows = list(Defence.objects.filter(party=party, considered_on=taking.on).exclude(finding=""))
        if rows:
            found.append((party.ordinal, {
                "case_name": case.title, "party_name": party.name, "notice_number": number_of(case, Document.ADVANCE_NOTICE, party.ordinal),
                "defence_on": rows[-1].made_on.isoformat(),
                "points": [{"claim": r.statement, "finding": r.finding, "adopted": r.adopted} for r in rows],
                "conclusion": taking.data.get("conclusion") or "详见逐条复核。", "officers": officers_of(case, taking),
            }))  # fmt: skip
    return found


@paper(CODE, Document.LEGAL_OPINION)
def legal_opinion(taking: Taking) -> Contexts:
    """行政处罚法制审核意见书"""
    case, data = case_of(taking), taking.data
    known = facts(case, taking.on)
    assert isinstance(known, CaseFacts)
    assert taking.by is not None
    last = case.acts.filter(step__in=("consider", "conclude")).last()
    qualification = taking.by.qualifications.order_by("obtained_on").first()
    return [(None, {
        "case_name": case.title, "parties": parties_of(case), "submitted_by": "承办机构", "submitted_on": (last.on if last else taking.on).isoformat(),
        "grounds": list(review_grounds(known)), "items": data["items"], "opinion": data["verdict"], "opinion_text": data["reason"],
        "reviewer": taking.by.name, "reviewer_qualification": qualification.number if qualification else "", "reviewed_on": taking.on.isoformat(),
    })]  # fmt: skip


@paper(CODE, Document.DISCUSSION_MINUTES)
def discussion_minutes(taking: Taking) -> Contexts:
    """行政处罚集体讨论记录"""
    case, data = case_of(taking), taking.data
    present = []
    for row in data["statements"]:
        actor = org.actor(Officer.objects.get(pk=row["officer"]), taking.on, case.organ, Role.AGENCY_HEAD)
        present.append({"name": actor.name, "post": actor.post, "opinion": row["opinion"]})
    return [(None, {
        "case_name": case.title, "started_at": data["started_at"][:16], "ended_at": data["ended_at"][:16], "place": data["place"],
        "chair": present[-1]["name"] if present else "", "reporter": data["reporter"], "recorder": data["recorder"],
        "present": [{"name": p["name"], "post": p["post"]} for p in present],
        "observers": [line for line in data.get("observers", "").splitlines() if line.strip()],
        "recused": [f"{r.officer.name}：{r.reason}" for r in case.recusals.filter(granted=True).select_related("officer")],
        "content": data["content"], "statements": [{"name": p["name"], "opinion": p["opinion"]} for p in present],
        "conclusion": data["conclusion"],
    })]  # fmt: skip


def unstopped(text: str) -> str:
    """A statement without the full stop at its end, to stand inside a sentence of ours."""
    return text.strip().rstrip("。；;.")


def stopped(text: str) -> str:
    """A statement with one full stop at its end."""
    return unstopped(text) + "。"


def defence_words(case: PenaltyCase) -> str:
    """What the parties said and what was found on it, in a paragraph."""
    words = []
    for party in case.parties.all():
        rows = list(party.defences.all())
        if rows:
            words += [
                f"{party.name}陈述申辩：{stopped(r.statement)}复核：{unstopped(r.finding)}（{r.adopted}）。"
                for r in rows
            ]
        elif party.waived_on:
            words.append(
                f"{party.name}于{party.waived_on.year}年{party.waived_on.month}月{party.waived_on.day}日明确放弃陈述申辩。"
            )
        elif not party.exemption:
            words.append(f"{party.name}在期限内没有陈述申辩。")
        if heard := hearing_words_of(party):
            words.append(f"{party.name}：{heard}")
    return "\n".join(words)


def hearing_words_of(party: CaseParty) -> str:
    """What became of a party's right to a hearing; after one, the opinion on its record that the decision rests on (65)."""
    case = party.case
    row = queries.hearing_of(case)
    status = row.attendance.get(str(party.ordinal), "") if row else ""
    if row is not None and row.held_on is not None and status:
        held = f"本机关于{row.held_on.year}年{row.held_on.month}月{row.held_on.day}日举行听证"
        if status != queries.PRESENT:
            return f"{held}，当事人{status}，视为放弃听证权利。"
        last = case.acts.filter(step="consider").last()
        finding = str((last.data if last else {}).get("hearing_finding") or "")
        return f"{held}。听证意见：{stopped(row.opinion)}" + (f"根据听证笔录，{stopped(finding)}" if finding else "")
    if party.hearing_waived_on:
        return "当事人明确放弃听证。"
    if party.notices.filter(hearing=True).exists():
        return "当事人在期限内没有要求听证。"
    return ""


@paper(CODE, Document.DISPOSAL_SUBMISSION)
def disposal_submission(taking: Taking) -> Contexts:
    """案件处理呈批表"""
    case = case_of(taking)
    review, discussion = case.reviews.last(), case.discussions.last()
    proposal = "\n".join(f"{p.name}：{'不予处罚' if p.exemption else p.sanctions}" for p in case.parties.all())
    return [(None, {
        "case_name": case.title, "parties": parties_of(case), "facts": case.facts_found, "evidence": evidence_of(case), "violated": case.violated,
        "basis": sorted({b for p in case.parties.select_related("case") for b in basis_of(p)}) or ["《行政处罚法》第五十七条第一款"],
        "discretion": discretion_of_all(case), "defence": defence_words(case) or "没有拟受处罚的当事人。",
        "review": f"{review.reviewer.name}：{review.verdict}。{stopped(review.reason)}" if review else "",
        "discussion": discussion.conclusion if discussion else "", "proposal": proposal, **opinions_of(case, taking),
    })]  # fmt: skip


def _decision(taking: Taking, *, persons: bool) -> Contexts:
    """The decisions on units or on persons: the six contents of 59."""
    case = case_of(taking)
    days = int(law.parameter("payment", taking.on, organ_id=case.organ_id).value)
    found: Contexts = []
    for party in case.parties.filter(exemption="", kept=False).select_related("case", *APPLIED):
        if party.is_person is not persons:
            continue
        sanctions = party.sanctions
        pays = bool((sanctions.fine or Decimal(0)) + (sanctions.confiscation or Decimal(0)))
        notice = number_of(case, Document.ADVANCE_NOTICE, party.ordinal)
        money = {
            "bank_name": case.organ.bank_name, "bank_account": case.organ.bank_account, "account_name": case.organ.bank_account_name, "pay_days": days,
        } if pays else {}  # fmt: skip
        rest = sanctions.measures or sanctions.ban_years or sanctions.ban_for_life
        found.append((party.ordinal, {
            **party_fields(party, "person" if persons else "unit"), "facts": case.facts_found, "evidence": evidence_of(case),
            "violated": case.violated, "basis": basis_of(party), "discretion": discretion_of(case, party),
            "procedure_note": f"本机关于告知书（{notice}）中告知了拟作出的处罚及其事实、理由、依据和权利。{defence_words_of(party)}{hearing_words_of(party)}",
            "penalties": penalties_of(sanctions), "correction": case.correction,
            "performance": "自收到本决定书之日起履行。" if rest or not pays else "", **money, **remedies_of(case),
        }))  # fmt: skip
    return found


def defence_words_of(party: CaseParty) -> str:
    """One party's statements and what became of them."""
    rows = list(party.defences.all())
    if rows:
        return "".join(
            f"当事人陈述申辩：{stopped(r.statement)}经复核，{unstopped(r.finding)}，{r.adopted}。" for r in rows
        )
    if party.waived_on:
        return "当事人明确放弃陈述申辩。"
    return "当事人在期限内没有陈述申辩。"


@paper(CODE, Document.PENALTY_DECISION_UNIT)
def decision_unit(taking: Taking) -> Contexts:
    """行政处罚决定书（单位）"""
    return _decision(taking, persons=False)


@paper(CODE, Document.PENALTY_DECISION_PERSON)
def decision_person(taking: Taking) -> Contexts:
    """行政处罚决定书（个人）"""
    return _decision(taking, persons=True)


@paper(CODE, Document.NO_PENALTY_DECISION)
def no_penalty_decision(taking: Taking) -> Contexts:
    """不予行政处罚决定书, for each exempted party"""
    from fadu.penalty.procedures.exemption import Exemption

    case = case_of(taking)
    return [
        (p.ordinal, {
            **party_fields(p), "facts": case.facts_found, "evidence": evidence_of(case), "ground": p.get_exemption_display(),
            "reason": exemption_words(p), "basis": [str(Exemption[p.exemption].article)], "education": p.education, **remedies_of(case),
        })
        for p in case.parties.exclude(exemption="").select_related("case")
    ]  # fmt: skip


@paper(CODE, Document.TRANSFER_APPROVAL)
def transfer_approval(taking: Taking) -> Contexts:
    """案件移送审批表"""
    case = case_of(taking)
    report = case.crime_reports.last()
    assert report is not None
    return [(None, {
        "case_name": case.title, "parties": parties_of(case) or [{"name": "待查"}], "receiving_body": report.receiving_body,
        "facts": case.facts_found or case.clue, "reason": f"涉嫌{report.offence}：{report.reason}",
        "basis": ["《行政处罚法》第二十七条第一款", "《行政执法机关移送涉嫌犯罪案件的规定》第三条"], **opinions_of(case, taking),
        "officers": officers_of(case, taking) or _proposers(taking),
    })]  # fmt: skip


def _proposers(taking: Taking) -> list[dict[str, str]]:
    """Who proposed, with certificates, where no case officers are appointed yet."""
    people = [o for o in (taking.by_proposer, taking.cosigner) if o]
    certificates = org.valid_certificates(people, taking.on)
    return [{"name": o.name, "certificate": certificates[o.pk].number} for o in people if o.pk in certificates]


@paper(CODE, Document.TRANSFER_LETTER)
def transfer_letter(taking: Taking) -> Contexts:
    """案件移送书, copied to the procuratorate"""
    case, data = case_of(taking), taking.data
    report = case.crime_reports.last()
    assert report is not None
    attachments = [{"name": e.name, "quantity": "1份"} for e in case.evidence.all()] or [
        {"name": "涉嫌犯罪案件情况的调查报告", "quantity": "1份"}
    ]
    contact = contact_of(case, taking)
    return [(None, {
        "case_name": case.title, "receiving_body": report.receiving_body, "filed_on": (case.filed_on or taking.on).isoformat(),
        "facts": case.facts_found or case.clue, "violated": case.violated or [case.cause], "handling": data.get("handling") or "尚未作出行政处罚。",
        "attachments": attachments, "contact": contact["contact"], "contact_phone": contact["contact_phone"], "copied_to": data["copied_to"],
    })]  # fmt: skip


@paper(CODE, Document.CLOSING_APPROVAL)
def closing_approval(taking: Taking) -> Contexts:
    """结案审批表"""
    case = case_of(taking)
    numbers = [p.decision.number for p in case.parties.select_related("decision") if p.decision]
    return [(None, {
        "case_name": case.title, "cause": case.cause, "parties": parties_of(case), "filed_on": (case.filed_on or case.opened_on).isoformat(),
        "decision_number": "、".join(numbers), "result": taking.data["result"], "execution": taking.data["execution"], **opinions_of(case, taking),
    })]  # fmt: skip


@paper(CODE, Document.CASE_FILE_COVER)
def case_file_cover(taking: Taking) -> Contexts:
    """案卷（首页）"""
    case = case_of(taking)
    closed = case.acts.filter(step="close").last()
    result = (
        "\n".join(
            f"{p.name}：{p.decision_sanctions if p.decided else '不予处罚'}" for p in case.parties.exclude(decided=None)
        )
        or "移送公安机关"
    )
    return [(None, {
        "case_name": case.title, "cause": case.cause, "party_names": case.party_names, "result": result,
        "filed_on": (case.filed_on or case.opened_on).isoformat(), "closed_on": (closed.on if closed else taking.on).isoformat(),
        "officers": officers_of(case, taking), "archived_on": taking.on.isoformat(), "archive_number": taking.data["archive_number"],
        "retention": taking.data["retention"], "filed_by": taking.by.name if taking.by else "",
    })]  # fmt: skip


@paper(CODE, Document.RECUSAL_DECISION)
def recusal_decision(taking: Taking) -> Contexts:
    """回避决定书"""
    case = case_of(taking)
    row = case.recusals.filter(officer_id=taking.data["officer"]).last()
    assert row is not None
    post = org.actor(row.officer, taking.on, case.organ).post
    return [(None, {
        "case_name": case.title, "origin": "自行回避" if row.asked_by == row.officer.name else "申请回避", "party_name": row.asked_by,
        "requested_on": row.asked_on.isoformat(), "person": row.officer.name, "person_post": post or "执法人员", "reason": row.reason,
        "decision": "予以回避" if row.granted else "驳回申请", "decision_reason": row.decision,
    })]  # fmt: skip


@paper(CODE, Document.DISCLOSURE_SHEET)
def disclosure_sheet(taking: Taking) -> Contexts:
    """行政处罚信息公开（撤回）表: the publisher states what was checked; nobody else is made to speak"""
    case = case_of(taking)
    withdrawing = taking.step == "withdraw"
    due = case.deadlines.filter(name="撤回公开信息" if withdrawing else "公开处罚决定").last()
    found: Contexts = []
    for party in case.parties.select_related("decision", "disclosure").exclude(decided=None):
        if not hasattr(party, "disclosure") or party.decision is None:
            continue
        row = party.disclosure
        actor = org.actor(taking.by, taking.on, case.organ, Role.PUBLISHER)
        found.append((party.ordinal, {
            "case_name": case.title, "act": "撤回" if withdrawing else "公开", "party_name": row.party_name, "decision_number": row.number,
            "decision_on": row.decided_on.isoformat(), "channel": "本机关网站行政处罚公开栏", "due_on": (due.last_day if due else taking.on).isoformat(),
            "summary": f"{row.facts}\n{row.penalty}", "masking": "自然人姓名隐去名字，证件号码、电话、住址不公开。",
            "reason": taking.data.get("reason", "") if withdrawing else "", "checked": taking.data["checked"],
            "publisher": actor.name, "publisher_post": actor.post, "signed_on": taking.on.isoformat(),
        }))  # fmt: skip
    return found
