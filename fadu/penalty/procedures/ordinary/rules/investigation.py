"""Filing, investigation, preserved evidence, exemption (行政处罚法 22, 33, 36, 42, 46, 54–57): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law import lawfulness
from fadu.law.statutes import APL, WSL
from fadu.penalty.procedures.ordinary.facts import CaseFacts, PartyFact
from fadu.procedure.declare import Verdict, rule


def names_of(parties: list[PartyFact]) -> str:
    """The names of several parties in a sentence."""
    return "、".join(p.name for p in parties)


# --- filing ------------------------------------------------------------------------------------------------------------


@rule(
    "案件在本机关当日施行的权责清单之内",
    APL[17],
    WSL[17],
    reads_input=True,
    unmet="没有选定本机关当日施行的权责清单中的行政处罚事项，不能立案",
)
def within_powers(case: CaseFacts) -> Verdict:
    """No case without a penalty item of the published list in force on the day at the organ (17)."""
    return bool(case.power)


@rule("处罚条款在本机关当日施行的权责清单之内", APL[17], WSL[17], reads_input=True)
def provisions_within_powers(case: CaseFacts) -> Verdict:
    """Each provision applied is the basis of an item that the organ holds that day (17)."""
    for party in case.penalised:
        if party.provision is not None and not party.power:
            return f"{party.name}：本机关当日施行的权责清单中没有以{party.provision.article}为依据的行政处罚事项"
    return True


@rule("违法行为没有超过追溯期限", APL[36], reads_input=True)
def not_time_barred(case: CaseFacts) -> Verdict:
    """Two years from the act, or its end where it went on; five where life, health or finance was harmed (36)."""
    if case.acted_on is None or case.found_on is None:
        return "请填写违法行为发生之日和发现之日"
    if case.ongoing:
        return True  # the period has not begun: it runs from the end of an act that goes on (36 II)
    last = case.limit(case.act_ended_on or case.acted_on, 5 if case.harm else 2)
    if case.found_on <= last:
        return True
    return f"违法行为至{last}已超过{'五' if case.harm else '二'}年追溯期限（{case.found_on}才发现）"


@rule("拟处罚的违法行为没有超过追溯期限", APL[36], reads_input=True)
def no_penalty_time_barred(case: CaseFacts) -> Verdict:
    """By the days as the investigation found them; what is barred is not penalised any more (36)."""
    return not_time_barred.test(case) if case.penalised else True


@rule(
    "违法行为发生在本机关管辖区域内",
    APL[22],
    reads_input=True,
    unmet="违法行为发生地不在本机关管辖区域内，应当移送有管辖权的机关",
)
def in_jurisdiction(case: CaseFacts) -> Verdict:
    """The penalty is for the organ of the place of the act (22)."""
    return case.in_area


@rule("执法人员不少于两人且执法证件当日有效", APL[42, 1])
def two_certified_officers(case: CaseFacts) -> Verdict:
    """At least two, each certified on the day of the act (42 I)."""
    if len(case.officers) < 2:
        return f"承办执法人员只有{len(case.officers)}人，应当不少于两人"
    lapsed = [o.name for o in case.officers if not o.certified]
    return f"{'、'.join(lapsed)}的执法证件当日无效" if lapsed else True


@rule("提出立案的两名执法人员执法证件当日有效", APL[42, 1], reads_input=True)
def two_certified_proposers(case: CaseFacts) -> Verdict:
    """Those who propose the filing become the case officers by it, so they can be counted only with the act (42 I)."""
    return two_certified_officers.test(case)


@rule("确定了当事人", APL[54, 1], reads_input=True, unmet="请至少列明一名当事人")
def has_parties(case: CaseFacts) -> Verdict:
    """A case is against somebody."""
    return bool(case.parties)


# --- investigation -----------------------------------------------------------------------------------------------------


@rule("有证据且证据均经查证属实", APL[46, 2])
def evidence_verified(case: CaseFacts) -> Verdict:
    """Evidence must be verified before it founds a fact (46 II)."""
    if not case.evidence:
        return "案卷中还没有证据"
    return f"{'、'.join(case.unverified)}尚未查证" if case.unverified else True


@rule("询问或者检查制作了笔录", APL[55, 2])
def questioned_or_examined(case: CaseFacts) -> Verdict:
    """Questioning and inspection are put on record (55 II): a 询问笔录, a 勘验、现场笔录, or the record of the visit."""
    if case.paper(Document.QUESTIONING_RECORD) or case.site_records:
        return True
    return "没有询问笔录，也没有勘验、现场检查的笔录"


@rule("对每一当事人提出了处理建议", APL[57, 1], reads_input=True)
def every_party_disposed(case: CaseFacts) -> Verdict:
    """A penalty under a provision, or an exemption on a ground, for each party."""
    open_ones = [p for p in case.parties if p.exemption is None and (p.provision is None or p.proposed.is_empty)]
    return f"{names_of(open_ones)}还没有处理建议" if open_ones else True


@rule("拟处罚在法定种类和幅度之内", APL[4], APL[38, 1], reads_input=True)
def within_the_law(case: CaseFacts) -> Verdict:
    """Each party's sanctions lie within the provision in force on the day of the act (4, 37, 38)."""
    for party in case.penalised:
        if party.provision is None or party.circumstances is None:
            return f"{party.name}没有选定处罚条款"
        if refusals := lawfulness.check(party.provision, party.circumstances, party.proposed.as_proposal()):
            return f"{party.name}：" + "；".join(str(r) for r in refusals)
    return True


@rule("没有未决的回避申请", APL[43, 3])
def no_recusal_pending(case: CaseFacts) -> Verdict:
    """Investigation goes on while recusal is undecided, the decision does not."""
    return f"对{'、'.join(case.recusals_pending)}的回避申请尚未决定" if case.recusals_pending else True


@rule("有尚未处理的先行登记保存的证据", APL[56], unmet="没有尚未处理的先行登记保存的证据")
def something_preserved(case: CaseFacts) -> Verdict:
    """There is something on which a decision is due (or the act itself has just decided on the last of it)."""
    return bool(case.preserved) or "disposals" in case.input


@rule("先行登记保存的证据均已作出处理决定", APL[56])
def nothing_left_preserved(case: CaseFacts) -> Verdict:
    """An investigation does not end, nor a case, while an item is left undecided."""
    return f"{'、'.join(case.preserved)}先行登记保存后还没有作出处理决定" if case.preserved else True


# --- exemption ---------------------------------------------------------------------------------------------------------


@rule("全部当事人均不予处罚", APL[57, 1], reads_input=True)
def all_exempt(case: CaseFacts) -> Verdict:
    """The case ends without penalty only where no party is penalised."""
    return f"{names_of(list(case.penalised))}拟予处罚，不能按不予处罚结束全案" if case.penalised else bool(case.parties)


@rule("不予处罚的情形有案卷材料证明", APL[33], APL[57, 1], reads_input=True)
def exemption_grounded(case: CaseFacts) -> Verdict:
    """Each ground's conditions are read from records; the reasons are a named person's statement."""
    for party in case.parties:
        if party.exemption is None:
            continue
        if not party.exemption_reason.strip():
            return f"{party.name}：请写明不予处罚的理由"
        if wanting := _off_the_list(party):
            return f"{party.name}：{wanting}"
        for need in party.exemption.needs:
            if (fault := _lacks(case, party, need)) is not None:
                return f"{party.name}不符合“{party.exemption.title}”：{fault}"
    return True


def _off_the_list(party: PartyFact) -> str:
    """What the list of no penalty asks for beside the ground itself; empty where no list speaks of it."""
    if not party.leniency_listed:
        return ""
    if party.leniency is None:
        return "当日施行的不予处罚清单列有这一情形，请选定清单中的一项，并逐项写明符合条件的事实"
    if party.leniency.unstated:
        return f"清单“{party.leniency.title}”的条件“{party.leniency.unstated[0]}”没有写明符合的事实"
    if party.leniency.wants_first and party.earlier_penalties:
        return f"清单“{party.leniency.title}”要求初次违法，此前已有{party.earlier_penalties}次处罚"
    return ""


def _lacks(case: CaseFacts, party: PartyFact, need: str) -> str | None:
    """What the file lacks for one condition of an exemption, or None."""
    match need:
        case "corrected":
            return None if party.corrected else "没有复查合格或者已经改正的记录"
        case "no_harm":
            return "已认定有危害后果" if case.harm else None
        case "slight_harm":
            return "已认定危害公民生命健康安全" if case.harm else None
        case "first":
            return f"此前已有{party.earlier_penalties}次处罚，不是初次违法" if party.earlier_penalties else None
        case "party_evidence":
            return None if party.evidence_by_party else "没有当事人提供的证据"
        case "under_14":
            if party.age_at_act is None:
                return "没有登记出生日期"
            return None if party.age_at_act < 14 else f"行为时已满{party.age_at_act}周岁"
        case "appraisal":
            return None if party.appraised else "没有鉴定意见"
        case "time_barred":
            return None if not_time_barred.test(case) is not True else "没有超过追溯期限"
    raise ValueError(need)
