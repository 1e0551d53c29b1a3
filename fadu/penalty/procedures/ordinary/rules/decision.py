"""Review, discussion, transfer, decision, service, performance (行政处罚法 27, 57–61, 66, 67): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.kernel.money import plain
from fadu.law.statutes import ACL, APL, CPL, TRANSFER, WSL
from fadu.penalty.procedures.ordinary.facts import CaseFacts
from fadu.penalty.procedures.ordinary.rules.discretion import departures
from fadu.penalty.procedures.ordinary.rules.hearing import hearing_grounds
from fadu.penalty.procedures.ordinary.rules.investigation import names_of
from fadu.procedure.declare import Verdict, rule

# --- review and discussion ---------------------------------------------------------------------------------------------


def review_grounds(case: CaseFacts) -> tuple[str, ...]:
    """Why the case must be legally reviewed: what can be derived, and what a named person has stated with reasons."""
    found = list(case.review_reasons)
    if any(p.heard for p in case.parties):
        found.append("直接关系当事人重大权益，经过听证程序（第五十八条第一款第二项）")
    if len({p.provision.article for p in case.penalised if p.provision}) > 1:
        found.append("涉及多个法律关系（第五十八条第一款第三项）")
    found += [f"本机关法制审核目录：{ground}" for p in case.penalised for ground in hearing_grounds(case, p)]
    return tuple(dict.fromkeys(found))


@rule("属于应当法制审核的案件", APL[58, 1])
def needs_legal_review(case: CaseFacts) -> Verdict:
    """The four cases of 58 I and the bureau's own catalogue."""
    return bool(review_grounds(case))


@rule("法制审核已通过", APL[58, 1], unmet="法制审核尚未通过")
def legally_reviewed(case: CaseFacts) -> Verdict:
    """Without review, or where it did not pass, no decision (58 I)."""
    return "法制审核未通过，应当先按审核意见补正" if case.review_returned else case.review_passed


def grave_grounds(case: CaseFacts) -> tuple[str, ...]:
    """Why the heads must discuss together: complicated, or a grave violation with a heavy penalty (57 II)."""
    found = [case.grave_reason] if case.grave_reason else []
    found += [f"重大违法行为：{ground}" for p in case.penalised for ground in hearing_grounds(case, p)]
    found += departures(case)
    return tuple(dict.fromkeys(found))


@rule("情节复杂或者重大违法行为", APL[57, 2])
def grave_case(case: CaseFacts) -> Verdict:
    """57 II; what counts as grave is the bureau's dated catalogue."""
    return bool(grave_grounds(case))


@rule("负责人已经集体讨论", APL[57, 2], unmet="尚无负责人集体讨论记录")
def collectively_discussed(case: CaseFacts) -> Verdict:
    """The minutes are on file, after the latest notice."""
    return case.discussed


@rule("集体讨论的出席、回避和发言符合要求", APL[57, 2], APL[43, 1], reads_input=True)
def discussion_in_order(case: CaseFacts) -> Verdict:
    """At least two heads, nobody recused or investigating among them, an opinion from each; the head last (bureau's rule)."""
    return "；".join(case.discussion_faults) if case.discussion_faults else True


# --- transfer ----------------------------------------------------------------------------------------------------------


@rule("已提出涉嫌犯罪的书面报告", TRANSFER[5, 1], unmet="专案组尚未提出移送涉嫌犯罪案件的书面报告")
def crime_reported(case: CaseFacts) -> Verdict:
    """Two officers verify and report in writing before the head decides (5 I)."""
    return case.transfer_pending


@rule(
    "没有待决定的移送报告",
    APL[8, 2],
    APL[27, 1],
    TRANSFER[11, 1],
    unmet="涉嫌犯罪的移送报告尚未由正职负责人决定，不得以罚代刑",
)
def no_transfer_pending(case: CaseFacts) -> Verdict:
    """No penalty in place of prosecution (8 II)."""
    return not case.transfer_pending


@rule(
    "案卷记载的后果达到刑事追诉标准", APL[27, 1], TRANSFER[3, 1], unmet="案卷记载的后果没有达到刑事追诉标准，不用认定"
)
def threshold_reached(case: CaseFacts) -> Verdict:
    """Deaths, injuries, losses and gains on record against the figures from which a crime is prosecuted."""
    return bool(case.suspicions)


@rule("达到刑事追诉标准的，已经移送，或者认定不涉嫌犯罪并写明了理由", APL[27, 1], APL[8, 2], TRANSFER[3, 1])
def crime_answered(case: CaseFacts) -> Verdict:
    """No fine in place of prosecution: the question is answered by name, or the police have answered it (27 I)."""
    if not case.suspicions or case.crime_answered:
        return True
    return f"{case.suspicions[0]}，是否涉嫌犯罪还没有结论；应当报告并移送公安机关，或者由正职负责人认定不涉嫌犯罪并写明理由"


@rule(
    "司法机关已将案件移回",
    APL[27, 1],
    TRANSFER[10],
    reads_input=True,
    unmet="没有公安、检察机关不予立案或者移回案件的文书",
)
def returned_by_justice(case: CaseFacts) -> Verdict:
    """The case comes back only with the paper that sends it back."""
    return case.returned_by_police


@rule("公安机关已立案", TRANSFER[12], unmet="没有公安机关的立案通知书")
def accepted_by_police(case: CaseFacts) -> Verdict:
    """A transferred case is closed only when the police have taken it."""
    return case.transferred_reply == "accepted"


@rule("有需要送达该当事人的其他文书", CPL[87], unmet="没有待送达该当事人的其他文书")
def something_to_serve(case: CaseFacts) -> Verdict:
    """Papers that have no step of service of their own."""
    return "paper" in case.input or any(p.unserved for p in case.parties if case.party in (None, p.ordinal))


@rule("送达的是催告书", ACL[54], reads_input=True)
def serves_a_demand(case: CaseFacts) -> Verdict:
    """The ten working days run from the service of the demand."""
    return any(p.kind is Document.DEMAND and str(p.paper_id) == str(case.input.get("paper")) for p in case.papers)


# --- decision, service, performance ------------------------------------------------------------------------------------


@rule("全部决定书均已送达", APL[61, 1])
def all_decisions_served(case: CaseFacts) -> Verdict:
    """Each party's own decision; service takes effect, it is not clicked."""
    waiting = [p for p in case.parties if p.decision is None or not p.decision.served_by(case.on)]
    return f"{names_of(waiting)}的决定书尚未送达生效" if waiting else bool(case.parties)


@rule("罚款、没收款项已全部缴清，其他处罚已履行", APL[66, 1], APL[67, 3])
def all_performed(case: CaseFacts) -> Verdict:
    """Read from vouchers; measures other than money from a statement with evidence."""
    for party in case.parties:
        if party.decided is None or party.execution_ended:
            continue
        if party.paid < party.owed:
            return f"{party.name}应缴{plain(party.owed)}元，已缴{plain(party.paid)}元"
        if party.to_be_done and not party.performed_otherwise:
            return f"{party.name}的其他处罚没有履行的记录"
    return True


@rule("决定中有罚款、没收以外需要履行的处罚", APL[66, 1], unmet="决定中没有罚款、没收以外需要履行的处罚")
def something_to_perform(case: CaseFacts) -> Verdict:
    """A suspension, a revocation, a ban …; money is registered from its vouchers."""
    return any(p.to_be_done for p in case.parties if case.party in (None, p.ordinal))


@rule("决定已经公开", APL[48, 1], WSL[78, 2], unmet="处罚决定没有公开过，无从撤回")
def disclosed(case: CaseFacts) -> Verdict:
    """Only what was published can be withdrawn."""
    return any(p.disclosed for p in case.parties)


@rule("决定已被变更、撤销、确认违法或者确认无效", APL[48, 2], unmet="没有决定被变更、撤销、确认违法或者确认无效的记录")
def decision_changed(case: CaseFacts) -> Verdict:
    """The withdrawal rests on the paper that changed the decision."""
    return case.changed


@rule("各项决定已送达；移送的，公安机关已立案", APL[61, 1], TRANSFER[12])
def ready_to_close(case: CaseFacts) -> Verdict:
    """Performed and exempted cases need every decision served, transferred ones the notice that the police filed the case."""
    if case.state.name == "TRANSFERRED":
        return accepted_by_police.test(case) or accepted_by_police.unmet
    return all_decisions_served.test(case)
