"""Deferral, surcharge, demand, court, remedies and correction, the term of the case (行政处罚法 60, 66, 72–75; 行政强制法): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from decimal import Decimal

from fadu.kernel.money import plain
from fadu.law.statutes import ACL, APL, ARL, LIT, WSL
from fadu.penalty.procedures.ordinary.facts import CaseFacts, PartyFact
from fadu.procedure.declare import Verdict, rule

# --- deferral, surcharge, demand, court --------------------------------------------------------------------------------


def _concerned(case: CaseFacts) -> list[PartyFact]:
    """The party of the act, or every party that was decided against while none is chosen."""
    return [p for p in case.parties if p.decided is not None and case.party in (None, p.ordinal)]


@rule("罚款尚未缴清", APL[66, 2], unmet="没有尚未缴清的罚款")
def fine_unpaid(case: CaseFacts) -> Verdict:
    """Only what is owed can be deferred."""
    return any(p.decided and p.decided.fine and p.paid < p.owed for p in _concerned(case))


@rule("缴纳安排与尚未缴纳的数额一致", APL[66, 2], reads_input=True)
def plan_covers_what_is_owed(case: CaseFacts) -> Verdict:
    """The instalments add up to what is outstanding, and each is due later than the one before."""
    party = case.one
    plan = case.input.get("instalments") or ()
    if party is None or not plan:
        return "请填写缴纳安排"
    total = sum((Decimal(str(row["amount"])) for row in plan), Decimal(0))
    due = [str(row["due"]) for row in plan]
    if total != party.owed - party.paid:
        return f"各期合计{plain(total)}元，尚未缴纳的是{plain(party.owed - party.paid)}元"
    if due != sorted(set(due)):
        return "各期的缴纳期限应当先后有序，不能相同"
    return True if due[0] > case.on.isoformat() else "缴纳期限应当在今天以后"


@rule("缴纳罚款的期限已过，仍未缴清", APL[67, 3], APL[72, 1])
def payment_overdue(case: CaseFacts) -> Verdict:
    """The term of payment, with what was deferred, has run out (67 III, 66 II)."""
    for party in _concerned(case):
        period = case.period("缴纳罚款", party.ordinal)
        if party.paid < party.principal and period is not None and case.on > period.last_day:
            return True
        if case.party is not None and period is not None and party.paid < party.principal:
            return f"{party.name}缴纳罚款的期限至{period.last_day}届满"
    return "没有逾期未缴的罚款、没收款项"


@rule("决定书已经告知加处罚款的标准", ACL[45, 1], unmet="决定书没有告知加处罚款的标准，不能加处")
def surcharge_told(case: CaseFacts) -> Verdict:
    """The standard must have been told beforehand (行政强制法 45 I)."""
    return any(p.surcharge_told and p.decided is not None and p.decided.fine for p in _concerned(case))


@rule(
    "加处罚款在本机关当日施行的权责清单之内",
    APL[72, 1, 1],
    WSL[17],
    unmet="本机关当日施行的权责清单中没有加处罚款这一行政强制事项",
)
def surcharge_within_powers(case: CaseFacts) -> Verdict:
    """Coercion, too, stands on an item of the published list in force that day (安全生产法 17)."""
    return bool(case.surcharge_power)


@rule("尚未决定加处罚款", APL[72, 1, 1], unmet="已经决定加处罚款，每日自行累计，不用重复决定")
def no_surcharge_yet(case: CaseFacts) -> Verdict:
    """One decision runs until the fine is paid."""
    return any(case.last("surcharge", p.ordinal) is None for p in _concerned(case))


@rule("催告书已经送达", ACL[54], unmet="催告书尚未送达生效")
def demand_served(case: CaseFacts) -> Verdict:
    """A party speaks on a demand that it has."""
    return any(p.demand is not None and p.demand.served_by(case.on) for p in _concerned(case))


@rule("催告书送达满十个工作日，仍未履行", ACL[54], ACL[69])
def demand_run_out(case: CaseFacts) -> Verdict:
    """Ten working days from service are the party's, to perform or to speak (54)."""
    for party in _concerned(case):
        if party.demand is None or not party.demand.served_by(case.on):
            if case.party is not None:
                return f"{party.name}的催告书尚未送达生效，申请强制执行前应当催告"
            continue
        period = case.period("催告", party.ordinal)
        if period is not None and case.on > period.last_day:
            return True
        if period is not None and case.party is not None:
            return f"{party.name}的催告期至{period.last_day}届满"
    return "申请强制执行前应当催告当事人履行"


@rule("行政处罚决定尚未履行", ACL[53], unmet="处罚决定已经履行")
def unperformed(case: CaseFacts) -> Verdict:
    """Something decided is neither paid nor performed."""
    left = [p for p in _concerned(case) if p.paid < p.owed and p.court_ruling not in ("执行完毕", "终结执行")]
    return any(case.last("end_execution", p.ordinal) is None for p in left)


@rule("法定的复议、诉讼期限已经届满", ACL[53])
def remedies_over(case: CaseFacts) -> Verdict:
    """Unused within their terms, or used and the decision stands (53)."""
    for party in _concerned(case):
        if party.remedy is not None:
            return f"{party.name}提起的{party.remedy.kind}尚未结束"
        if any(r.upheld for r in party.remedies):
            continue
        for name in ("申请行政复议", "提起行政诉讼"):
            period = case.period(name, party.ordinal)
            if period is not None and case.on <= period.last_day:
                return f"{party.name}{name}的期限至{period.last_day}届满"
    return True


@rule("没有超过申请强制执行的三个月期限", ACL[53], APL[72, 2])
def within_three_months(case: CaseFacts) -> Verdict:
    """Three months from the end of the remedies, or of a deferral; afterwards the court does not take the case."""
    for party in _concerned(case):
        period = case.period("申请人民法院强制执行", party.ordinal)
        if period is not None and period.ended_on is None and case.on > period.last_day:
            return f"{party.name}：申请人民法院强制执行的期限已于{period.last_day}届满"
    return True


@rule("尚未向人民法院申请", ACL[53], unmet="已经向人民法院申请强制执行")
def not_yet_applied(case: CaseFacts) -> Verdict:
    """One application for one party."""
    return any(case.last("apply_court", p.ordinal) is None for p in _concerned(case))


@rule("已经向人民法院申请强制执行", ACL[55], unmet="没有向人民法院申请过强制执行")
def applied_to_court(case: CaseFacts) -> Verdict:
    """Rulings follow an application."""
    return any(p.court_applied for p in _concerned(case))


@rule("人民法院裁定不予受理或者不予执行", ACL[56, 2], ACL[58, 3], unmet="没有不予受理或者不予执行的裁定")
def court_refused(case: CaseFacts) -> Verdict:
    """Against either ruling the organ may go to the court above within fifteen days."""
    return any(p.court_ruling in ("不予受理", "不予执行") for p in _concerned(case))


# --- remedies and correction -------------------------------------------------------------------------------------------


@rule("没有正在进行的复议、诉讼", APL[73, 3])
def no_remedy_running(case: CaseFacts) -> Verdict:
    """One remedy is recorded at a time; a surcharge is not decided while one runs."""
    for party in _concerned(case):
        if _remedy_open(case, party):
            return f"{party.name}提起的复议、诉讼尚未结束"
    return True


def _remedy_open(case: CaseFacts, party: PartyFact) -> bool:
    """More remedies on record than results; the act that is being done does not count itself."""
    begun = sum(a.step == "record_remedy" and a.party == party.ordinal for a in case.acts)
    return begun > sum(a.step == "end_remedy" and a.party == party.ordinal for a in case.acts)


@rule("有正在进行的复议、诉讼", ARL[64, 1], LIT[70], unmet="没有正在进行的复议、诉讼")
def remedy_running(case: CaseFacts) -> Verdict:
    """A result belongs to a remedy on record."""
    return any(_remedy_open(case, p) for p in _concerned(case))


@rule("已公开的决定被变更、撤销、确认违法或者无效", APL[48, 2])
def published_and_changed(case: CaseFacts) -> Verdict:
    """Then the public text is withdrawn within three working days."""
    return case.changed and any(p.disclosed for p in _concerned(case))


@rule("纠正后的处罚不重于原决定", APL[75, 2], APL[44], reads_input=True)
def correction_not_heavier(case: CaseFacts) -> Verdict:
    """The organ mends its error; a heavier penalty would need a new notice and a new defence."""
    party = case.one
    if party is None or party.annulled is None or party.decided is None:
        return True
    if heavier := party.decided.heavier_than(party.annulled):
        return f"纠正后重于原决定：{'，'.join(heavier)}。需要加重的，应当另行立案并重新告知"
    return "纠正后的处罚与原决定相同" if party.decided == party.annulled else True


@rule("决定已被撤销并责令重新作出", ARL[64, 2], LIT[70], unmet="没有责令重新作出处罚决定的复议决定或者判决")
def remanded(case: CaseFacts) -> Verdict:
    """A new decision needs the paper that orders it."""
    return any(p.remanded for p in case.parties)


@rule("不以同一事实和理由作出相同的处罚", ARL[64, 2], LIT[71], reads_input=True)
def not_the_same_again(case: CaseFacts) -> Verdict:
    """After an annulment for other reasons than procedure, the same penalty needs new evidence."""
    for party in case.penalised:
        if party.annulled is None or party.remand_for_procedure or party.new_evidence:
            continue
        if party.proposed == party.annulled:
            return f"{party.name}的处罚与被撤销的决定相同，也没有新的证据"
    return True


# --- the term of the case ----------------------------------------------------------------------------------------------


@rule("办案期限没有延长过", APL[60], unmet="办案期限已经延长过一次")
def term_not_extended(case: CaseFacts) -> Verdict:
    """Once, by the rule of the ministry's order (from memory)."""
    return not case.since("extend", "file", "redecide")


@rule("办案期限尚未届满", APL[60])
def term_still_running(case: CaseFacts) -> Verdict:
    """What has run out cannot be extended."""
    period = case.period("作出处罚决定")
    if period is None:
        return "没有正在计算的办案期限"
    return True if case.on <= period.last_day else f"办案期限已于{period.last_day}届满，不能再延长"
