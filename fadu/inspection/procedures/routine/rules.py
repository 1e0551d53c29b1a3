"""The clauses of an inspection that are true or false of a visit, each with the article that demands it [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.inspection.procedures.routine.facts import Occasion, VisitFacts
from fadu.law.statutes import APL, CPL, WSL
from fadu.procedure.declare import Verdict, rule
from fadu.procedure.facts import OfficerFact


def _numbers(ordinals: list[int]) -> str:
    return "第" + "、".join(str(n) for n in ordinals) + "项"


def _two(officers: tuple[OfficerFact, ...], who: str) -> Verdict:
    """At least two persons, each with a certificate valid that day."""
    if len(officers) < 2:
        return f"{who}只有{len(officers)}人，应当不少于两人"
    lapsed = [officer.name for officer in officers if not officer.certified]
    return f"{'、'.join(lapsed)}的执法证件当日无效" if lapsed else True


# --- who -----------------------------------------------------------------------------------------------------------


@rule("检查人员不少于两人且执法证件当日有效", APL[42, 1], WSL[67, 2])
def two_certified_officers(visit: VisitFacts) -> Verdict:
    """The officers charged with the visit: at least two, certified on the day of the act (42 I)."""
    return _two(visit.officers, "检查人员")


@rule("到场人员不少于两人且执法证件当日有效", APL[42, 1], WSL[67, 2], reads_input=True)
def two_present(visit: VisitFacts) -> Verdict:
    """Those who came: at least two, certified that day (42 I, 安全生产法 67 II)."""
    return _two(visit.present, "到场的检查人员")


@rule("复查人员不少于两人且执法证件当日有效", APL[42, 1], WSL[67, 2], reads_input=True)
def two_reinspecting(visit: VisitFacts) -> Verdict:
    """Re-inspection is inspection: the same two certified officers (42 I)."""
    return _two(visit.reinspecting, "到场的复查人员")


@rule("检查开始时出示了执法证件", APL[55, 1], WSL[67, 2], reads_input=True,
      unmet="检查前没有出示执法证件，当事人有权拒绝检查，请先出示并记明时间")  # fmt: skip
def certificates_shown(visit: VisitFacts) -> Verdict:
    """The officers show their certificates of their own accord (55 I)."""
    return visit.certificates_shown


@rule("检查在本机关当日施行的权责清单之内", WSL[17], WSL[65, 1],
      unmet="本机关当日施行的权责清单中没有覆盖这次检查的行政检查事项")  # fmt: skip
def within_powers(visit: VisitFacts) -> Verdict:
    """No visit without an item of the published list in force on the day at the organ (安全生产法 17, 65 I)."""
    return bool(visit.power)


# --- the plan -------------------------------------------------------------------------------------------------------


@rule("检查内容已经确定", WSL[62, 2], unmet="请至少选择一份检查表，检查才有内容")
def has_content(visit: VisitFacts) -> Verdict:
    """A plan says what is looked at."""
    return visit.items > 0


# --- the visit ------------------------------------------------------------------------------------------------------


@rule("检查有结果", WSL[68], unmet="检查表中还没有一项有结果，不能结束检查")
def something_checked(visit: VisitFacts) -> Verdict:
    """The record states what was inspected (68); an empty one states nothing."""
    return visit.checked > 0


@rule("每一不符合项都记录了问题", WSL[68])
def every_failure_recorded(visit: VisitFacts) -> Verdict:
    """Problems found and how they are dealt with belong in the record (68)."""
    if not visit.bad_without_finding:
        return True
    return f"“{'”“'.join(visit.bad_without_finding)}”不符合，还没有写明问题"


@rule("每一问题都写明违反的规定", WSL[65, 1, 2], unmet="有的问题没有写明违反的规定")
def every_finding_founded(visit: VisitFacts) -> Verdict:
    """What is ordered to be corrected is a breach of something (65 I 2)."""
    bare = [f.ordinal for f in visit.findings if not f.obligation.strip()]
    return f"{_numbers(bare)}问题没有写明违反的规定" if bare else True


@rule("到场的检查人员都已签名", WSL[68], reads_input=True)
def officers_signed(visit: VisitFacts) -> Verdict:
    """The officers sign the record (68)."""
    missing = [o.name for o in visit.present if o.officer_id not in visit.signed_by(Occasion.VISIT)]
    return f"{'、'.join(missing)}还没有签名" if missing else True


@rule("被检查单位负责人已签名，或者拒绝签名的情况已记明", WSL[68], reads_input=True,
      unmet="请被检查单位负责人签名；拒绝签名的，记明情况")  # fmt: skip
def party_signed_or_refused(visit: VisitFacts) -> Verdict:
    """The enterprise's head signs; a refusal is put on record and reported (68)."""
    found = visit.party_signature(Occasion.VISIT)
    return found is not None and (found.signed or bool(found.refusal.strip()))


# --- measures on site ------------------------------------------------------------------------------------------------


@rule("有未排除的重大事故隐患", WSL[65, 1, 3],
      unmet="没有未排除的重大事故隐患；其他隐患责令立即排除或者限期整改")  # fmt: skip
def major_hazard_open(visit: VisitFacts) -> Verdict:
    """People are withdrawn and work is suspended where a major hazard leaves no safety (65 I 3)."""
    return any(f.major and f.open for f in visit.findings)


@rule("有未解除的现场处理措施", WSL[65, 1, 3], unmet="没有未解除的现场处理措施")
def measure_standing(visit: VisitFacts) -> Verdict:
    """Only what was stopped can be taken up again."""
    return any(one.standing for one in visit.measures) or bool(visit.lifting)


@rule("措施所针对的重大事故隐患都已复查合格", WSL[65, 1, 3])
def hazards_removed(visit: VisitFacts) -> Verdict:
    """Work is taken up again after the hazard was removed and that was examined (65 I 3)."""
    lifting = visit.lifting
    measures = lifting or tuple(one for one in visit.measures if one.standing)
    unsafe = [visit.unsafe(one) for one in measures]
    if not lifting and not all(unsafe):  # before one is chosen: at least one could be
        return True
    left = sorted({number for numbers in unsafe for number in numbers})
    return f"{_numbers(left)}重大事故隐患还没有复查合格，不能恢复" if left else True


# --- rectification --------------------------------------------------------------------------------------------------


@rule("有需要限期整改的问题", WSL[65, 1, 2], unmet="没有需要限期整改的问题：没有发现问题，或者都已经改正、正在整改")
def something_to_order(visit: VisitFacts) -> Verdict:
    """Something was found that is neither put right nor under order."""
    return any(f.to_order for f in visit.findings) or visit.order_round > visit.taken("order")


@rule("每一未改正的问题都有整改期限", WSL[65, 1, 2], reads_input=True)
def every_open_finding_has_a_term(visit: VisitFacts) -> Verdict:
    """A date for each item (65 I 2)."""
    bare = [f.ordinal for f in visit.findings if f.to_order]
    return f"{_numbers(bare)}问题没有整改期限" if bare else True


@rule("送达生效之日不晚于最早的整改期限", WSL[65, 1, 2], CPL[87], reads_input=True)
def served_in_time(visit: VisitFacts) -> Verdict:
    """A term that ends before the order reaches the enterprise cannot be kept."""
    order = visit.paper(Document.RECTIFICATION_ORDER)
    terms = [f.due for f in visit.findings if f.to_reinspect and f.due and f.order_round == visit.order_round]
    if order is None or order.served_on is None or not terms or order.served_on <= min(terms):
        return True
    return f"送达于{order.served_on}生效，晚于最早的整改期限{min(terms)}：请作废该指令书，另定期限后重新责令"


@rule("责令限期整改指令书已经送达", WSL[65, 1, 2])
def order_served(visit: VisitFacts) -> Verdict:
    """What has not reached the enterprise does not bind it."""
    orders = [p for p in visit.papers if p.kind is Document.RECTIFICATION_ORDER and p.issued_on and not p.void]
    if not orders:
        return "还没有制作责令限期整改指令书"
    unserved = [p.number for p in orders if not p.served_by(visit.on)]
    return f"责令限期整改指令书{'、'.join(unserved)}还没有送达" if unserved else True


@rule("有待复查的问题", WSL[65, 1, 2], unmet="没有待复查的问题")
def something_to_reinspect(visit: VisitFacts) -> Verdict:
    """Something ordered has not been looked at again."""
    return any(f.to_reinspect for f in visit.findings) or visit.reinspections > visit.taken("reinspect")


@rule("全部问题整改合格", WSL[65, 1, 2], unmet="还有问题没有整改合格")
def all_corrected(visit: VisitFacts) -> Verdict:
    """Nothing is left to be put right."""
    return all(not f.open for f in visit.findings)


@rule("还有已责令而未复查的问题", WSL[65, 1, 2], unmet="已责令的问题都复查过了")
def more_to_reinspect(visit: VisitFacts) -> Verdict:
    """Other items still wait for their own day."""
    return any(f.to_reinspect for f in visit.findings)


@rule("申请在整改期限届满前提出", WSL[65, 1, 2], reads_input=True)
def asked_in_time(visit: VisitFacts) -> Verdict:
    """A term that has ended cannot be made longer."""
    late = [f.ordinal for f in visit.findings if f.extension_asked and f.due is not None and f.due < visit.on]
    return f"{_numbers(late)}的整改期限已经届满，不能再延长" if late else True


@rule("有待决定的延期申请", WSL[65, 1, 2], unmet="没有待决定的延期申请")
def extension_pending(visit: VisitFacts) -> Verdict:
    """The enterprise has asked and was not answered."""
    return any(f.extension_asked for f in visit.findings) or visit.extension_round > visit.taken("decide_extension")


# --- the end --------------------------------------------------------------------------------------------------------


@rule("检查发现了问题", APL[54, 2], unmet="检查没有发现问题，没有可以移交的")
def something_found(visit: VisitFacts) -> Verdict:
    """What is referred is a violation that was found."""
    return bool(visit.findings)


@rule("没有遗留问题：没有发现问题、全部整改合格，或者逾期未改的已移交立案", WSL[65, 1, 2])
def nothing_left(visit: VisitFacts) -> Verdict:
    """An inspection ends when nothing is left to be done about what it found (62 II: dealt with in time)."""
    waiting = [f.ordinal for f in visit.findings if f.open and f.corrected is None]
    if waiting:
        return f"{_numbers(waiting)}问题还没有整改合格"
    unreferred = [f.ordinal for f in visit.findings if f.corrected is False and f.referred_on is None]
    if unreferred:
        return f"{_numbers(unreferred)}问题逾期没有改正，应当再次责令整改或者移交立案"
    return True


@rule("现场处理措施都已解除", WSL[65, 1, 3])
def no_measure_standing(visit: VisitFacts) -> Verdict:
    """Nothing that was stopped is forgotten: it is taken up again only with consent (65 I 3)."""
    standing = [one.ordinal for one in visit.measures if one.standing]
    return f"第{'、'.join(map(str, standing))}次现场处理措施还没有解除，应当审查同意后恢复" if standing else True


@rule("检查拍摄了照片", APL[46, 1, 3], unmet="没有照片")
def has_photos(visit: VisitFacts) -> Verdict:
    """Photographs go on a page of their own."""
    return visit.photos > 0
