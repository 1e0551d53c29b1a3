"""Deferral, surcharge, demand, application to the court, and what the court does (行政处罚法 66, 72; 行政强制法 45, 53–58)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.kernel.errors import Invalid
from fadu.law.statutes import ACL, APL
from fadu.penalty import queries
from fadu.penalty.models import CaseParty, CourtRuling, Deferral
from fadu.penalty.services.investigating import CODE, iso, party_of
from fadu.penalty.services.noticing import serve_paper
from fadu.procedure.declare import months
from fadu.procedure.registry import Taking, effect
from fadu.procedure.services import deadlines

PAYMENT, COURT = "缴纳罚款", "申请人民法院强制执行"
COURT_TERM = months(COURT, 3, ACL[53], APL[72, 2])


def outstanding(party: CaseParty) -> Decimal:
    """What the party still has to pay of the decision itself, in yuan."""
    sanctions = party.decision_sanctions
    owed = (sanctions.fine or Decimal(0)) + (sanctions.confiscation or Decimal(0))
    return owed - sum((p.amount for p in party.payments.all()), Decimal(0))


@effect(f"{CODE}.serve_paper")
def serve_other(taking: Taking) -> None:
    """送达其他文书: one paper of the party, chosen by name."""
    party = party_of(taking)
    paper = Paper.objects.filter(
        pk=taking.data["paper"], case_file=taking.matter.case_file_id, party_no=party.ordinal, status="issued",
        kind__in=[kind.name for kind in queries.SERVED_APART],
    ).first()  # fmt: skip
    if paper is None:
        raise Invalid({"paper": "这份文书不是该当事人的待送达文书。"})
    if paper.services.filter(withdrawn_on=None).exists():
        raise Invalid({"paper": f"《{Document[paper.kind].title}》已经送达。"})
    serve_paper(taking, [paper], party)


@effect(f"{CODE}.defer")
def defer(taking: Taking) -> None:
    """批准暂缓、分期: the term of payment, and the three months before the court, run from the last day of the plan (72 II)."""
    party, data = party_of(taking), taking.data
    if not data.get("file"):
        raise Invalid({"file": "请上传当事人的书面申请。"})
    plan = data["instalments"]
    until = max(filter(None, (iso(row["due"]) for row in plan)))
    Deferral.objects.create(
        party=party, approved_on=taking.on, manner="分期" if len(plan) > 1 else "延期", reason=data["reason"],
        instalments=[{"nth": n, **row} for n, row in enumerate(plan, 1)], until=until, sha256=data["file"],
    )  # fmt: skip
    running = taking.matter.deadlines.filter(name=PAYMENT, party=party.ordinal, cancelled_on=None).last()
    if running is not None and running.last_day < until:
        counted = running.n + sum(int(n) for n, _ in running.extensions)
        deadlines.lengthen(running, (until - running.starts_on).days - counted, "days")
    court = taking.matter.deadlines.filter(name=COURT, party=party.ordinal, ended_on=None, cancelled_on=None).last()
    if court is not None and court.starts_on < until:
        deadlines.start(taking.matter, COURT_TERM, until, party=party.ordinal, on=taking.on)
    taking.after |= {"party": party.name, "until": until, "instalments": len(plan)}
    taking.note = data["reason"]


@effect(f"{CODE}.surcharge")
def surcharge(taking: Taking) -> None:
    """决定加处罚款: runs from the day after the term of payment until the fine is paid."""
    party = party_of(taking)
    term = taking.matter.deadlines.filter(name=PAYMENT, party=party.ordinal, cancelled_on=None).last()
    if term is None:
        raise Invalid({"party": f"{party.name}没有缴纳罚款的期限。"})
    party.surcharge_from = term.last_day + timedelta(days=1)
    party.save(update_fields=["surcharge_from"])
    taking.after |= {
        "party": party.name,
        "from": party.surcharge_from,
        "accrued": queries.surcharge_of(party, taking.on),
    }
    taking.note = taking.data.get("reason") or ""


@effect(f"{CODE}.demand")
def demand(taking: Taking) -> None:
    """催告: what is owed today stands in the paper."""
    party = party_of(taking)
    taking.after |= {"party": party.name, "outstanding": outstanding(party)}


@effect(f"{CODE}.answer_demand")
def answer_demand(taking: Taking) -> None:
    """听取对催告的陈述申辩: put on record, and what was found on it (行政强制法 36)."""
    party = party_of(taking)
    taking.after |= {"party": party.name, "speaker": taking.data["speaker_name"]}
    taking.note = taking.data["finding"]


@effect(f"{CODE}.apply_court")
def apply_court(taking: Taking) -> None:
    """申请法院强制执行: the application is signed by the head (行政强制法 55 II)."""
    party = party_of(taking)
    taking.after |= {
        "party": party.name, "court": taking.data["court"], "outstanding": outstanding(party),
        "surcharge": queries.surcharge_of(party, taking.on),
    }  # fmt: skip


@effect(f"{CODE}.record_court")
def record_court(taking: Taking) -> None:
    """登记法院裁定和执行情况, with its paper."""
    party, data = party_of(taking), taking.data
    if not data.get("file"):
        raise Invalid({"file": "请上传法院的文书。"})
    CourtRuling.objects.create(
        party=party, on=iso(data["ruled_on"]) or taking.on, court=data["court"], ruling=data["ruling"], document=data["document"],
        sha256=data["file"],
    )  # fmt: skip
    taking.after |= {"party": party.name, "ruling": data["ruling"], "document": data["document"]}


@effect(f"{CODE}.ask_again")
def ask_again(taking: Taking) -> None:
    """向上一级人民法院申请复议 (行政强制法 56 II, 58 III)."""
    party = party_of(taking)
    taking.after |= {"party": party.name}
    taking.note = taking.data["reason"]


@effect(f"{CODE}.end_execution")
def end_execution(taking: Taking) -> None:
    """终结执行: one of the grounds of 行政强制法 40, with its proof."""
    party, data = party_of(taking), taking.data
    if not data.get("file"):
        raise Invalid({"file": "请上传证明终结执行情形的材料。"})
    party.execution_ended_on = taking.on
    party.save(update_fields=["execution_ended_on"])
    deadlines.cancel(taking.matter, [COURT, PAYMENT, "催告"], party=party.ordinal, on=taking.on)
    taking.after |= {"party": party.name, "ground": data["ground"]}
    taking.note = data["reason"]
