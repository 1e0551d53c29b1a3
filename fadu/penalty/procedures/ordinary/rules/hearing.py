"""Notice, defence and hearing (行政处罚法 44, 45, 62–65): clauses that are true or false of a case [pure]."""

from __future__ import annotations

from fadu.law.provisions import Measure
from fadu.law.statutes import APL
from fadu.penalty.procedures.ordinary.facts import CaseFacts, PartyFact
from fadu.penalty.procedures.ordinary.rules.investigation import names_of
from fadu.procedure.declare import Verdict, rule

HEARING_MEASURES = {
    Measure.CONFISCATION_OF_GOODS, Measure.SUSPENSION, Measure.CLOSURE, Measure.REVOCATION, Measure.BAN, Measure.LICENCE_SUSPENSION,
}  # fmt: skip


# --- notice and defence ------------------------------------------------------------------------------------------------


def hearing_grounds(case: CaseFacts, party: PartyFact) -> list[str]:
    """Why this party has a right to a hearing (63 I): amount, confiscation, or the kind of sanction."""
    limit, found = case.threshold(party), []
    if (party.proposed.fine or 0) >= limit:
        found.append("较大数额罚款")
    if (party.proposed.confiscation or 0) >= limit:
        found.append("没收较大数额违法所得")
    found += [m.title_zh for m in sorted(party.proposed.measures & HEARING_MEASURES, key=lambda m: m.rank)]
    if party.proposed.ban_years or party.proposed.ban_for_life:
        found.append("限制从业")
    return found


@rule("拟处罚属于听证范围", APL[63, 1])
def hearing_right(case: CaseFacts) -> Verdict:
    """Of the party concerned, else of any party."""
    parties = [p for p in case.penalised if case.party in (None, p.ordinal)]
    return any(hearing_grounds(case, p) for p in parties)


def has_hearing_right(case: CaseFacts, ordinal: int) -> bool:
    """Has the party of that number a right to a hearing?"""
    return any(hearing_grounds(case, p) for p in case.penalised if p.ordinal == ordinal)


@rule("每一拟受处罚的当事人的告知书均已送达", APL[44], APL[62])
def notices_served(case: CaseFacts) -> Verdict:
    """No decision without notice served; an announcement counts only when its term has run (44, 62)."""
    waiting = [p for p in case.penalised if p.notice is None or not p.notice.served_by(case.on)]
    return f"{names_of(waiting)}的告知书尚未送达生效" if waiting else True


@rule("陈述、申辩的期限已过，或者当事人已经陈述申辩、明确放弃", APL[45, 1], APL[62])
def defence_closed(case: CaseFacts) -> Verdict:
    """A party's running right blocks; a defence made or a waiver on record ends the waiting."""
    for party in case.penalised:
        period = case.period("陈述申辩", party.ordinal)
        if not (party.defended or party.waived) and period is not None and period.running(case.on):
            return f"{party.name}的陈述申辩期限至{period.last_day}届满，当事人尚未陈述申辩，也没有放弃"
    return True


@rule("要求听证的期限已过，或者当事人已经放弃", APL[63, 1], APL[64, None, 1])
def hearing_window_closed(case: CaseFacts) -> Verdict:
    """Five working days from service; a waiver on record ends the waiting."""
    for party in case.penalised:
        period = case.period("要求听证", party.ordinal)
        if party.hearing_waived or party.hearing_requested:
            continue
        if period is not None and period.running(case.on):
            return f"{party.name}要求听证的期限至{period.last_day}届满"
    return True


@rule("没有尚未举行的听证", APL[63, 1], APL[65])
def no_hearing_pending(case: CaseFacts) -> Verdict:
    """A requested hearing is held and reported before anything else; it can never be skipped."""
    waiting = _pending(case)
    return f"{names_of(waiting)}已要求听证，听证尚未举行并提出报告；本案须等待听证" if waiting else True


def _asked(case: CaseFacts) -> list[PartyFact]:
    """Who asked for a hearing and did not take the request back."""
    return [p for p in case.penalised if p.hearing_requested and not p.hearing_withdrawn]


def _pending(case: CaseFacts) -> list[PartyFact]:
    """Who asked and was neither heard nor stayed away or left."""
    return [p for p in _asked(case) if not p.heard and not p.hearing_abandoned]


@rule("有当事人要求的听证尚未举行", APL[63, 1], unmet="没有待举行的听证")
def hearing_pending(case: CaseFacts) -> Verdict:
    """A host is appointed and notice given only for a hearing that is still to be held."""
    return bool(_pending(case))


@rule("该当事人已经要求听证", APL[63, 1], unmet="该当事人没有待举行的听证")
def hearing_asked(case: CaseFacts) -> Verdict:
    """Only a request that stands can be withdrawn."""
    return case.party is None or case.party in {p.ordinal for p in _pending(case)}


@rule("该当事人没有要求听证", APL[63, 1], unmet="该当事人已经要求听证；不再要求的，登记撤回听证要求")
def hearing_not_asked(case: CaseFacts) -> Verdict:
    """A request once made is withdrawn, not waived."""
    return case.party is None or not any(p.ordinal == case.party and p.hearing_requested for p in case.penalised)


@rule("已指定听证主持人", APL[64, None, 4], unmet="还没有指定听证主持人")
def host_appointed(case: CaseFacts) -> Verdict:
    """The organ appoints who hosts the hearing."""
    return case.hearing is not None


@rule("听证主持人不是本案调查人员，没有回避", APL[64, None, 4], reads_input=True)
def host_independent(case: CaseFacts) -> Verdict:
    """The host did not investigate the case, and was not recused on a party's application."""
    if case.hearing is None:
        return True
    if case.hearing.host_investigated:
        return f"{case.hearing.host}是本案调查人员，不能主持听证"
    return f"{case.hearing.host}已经回避，请另行指定主持人" if case.hearing.host_recused else True


@rule("在举行听证的七个工作日前通知", APL[64, None, 2], reads_input=True)
def hearing_far_enough(case: CaseFacts) -> Verdict:
    """The day fixed leaves seven working days from today, before which nobody can be notified any more."""
    hearing = case.hearing
    if hearing is None or hearing.held_at is None or hearing.latest_notice is None:
        return "请填写举行听证的时间"
    if case.on <= hearing.latest_notice:
        return True
    return f"{hearing.held_at}举行听证的，最迟应当在{hearing.latest_notice}通知当事人，请另定日期"


@rule("听证会通知书已在七个工作日前送达要求听证的当事人", APL[64, None, 2])
def hearing_notified_in_time(case: CaseFacts) -> Verdict:
    """Each party that asked has its notice, and it took effect in time."""
    hearing = case.hearing
    if hearing is None or hearing.held_at is None or hearing.latest_notice is None:
        return "还没有通知举行听证的时间、地点"
    for party in _asked(case):
        notice = party.hearing_notice
        if notice is None or not notice.served_by(case.on):
            return f"{party.name}的听证会通知书尚未送达生效"
        if notice.served_on is not None and notice.served_on > hearing.latest_notice:
            return f"{party.name}的听证会通知书{notice.served_on}才送达，距听证不足七个工作日，请另行通知举行的时间"
    return True


@rule("在通知的日期举行听证", APL[64, None, 2], reads_input=True)
def hearing_day_reached(case: CaseFacts) -> Verdict:
    """The hearing is held on the day of which the parties were notified."""
    hearing = case.hearing
    if hearing is None or hearing.held_at is None or hearing.held_on is None:
        return "请填写举行听证的时间"
    if hearing.held_on == hearing.held_at:
        return True
    return f"通知当事人在{hearing.held_at}举行听证，不能登记为{hearing.held_on}"


@rule("每一当事人的代理人不超过二人", APL[64, None, 5], reads_input=True)
def agents_within_two(case: CaseFacts) -> Verdict:
    """A party may be represented by one or two persons."""
    many = [row for row in case.input.get("attendance", ()) if len(_lines(row.get("agents", ""))) > 2]
    names = {p.ordinal: p.name for p in case.parties}
    return "；".join(f"{names.get(int(row['party']), '')}的代理人超过二人" for row in many) if many else True


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@rule("听证已经举行，尚未提出报告", APL[65])
def hearing_held(case: CaseFacts) -> Verdict:
    """A report rests on the record of a hearing."""
    if case.hearing is None or case.hearing.held_on is None:
        return "听证尚未举行"
    return "听证报告已经提出" if case.since("report_hearing", "hold_hearing") else True


@rule("经过听证", APL[65])
def was_heard(case: CaseFacts) -> Verdict:
    """Some party was heard on the present notice."""
    return any(p.heard for p in case.penalised)


@rule("根据听证笔录提出处理意见", APL[65], reads_input=True, unmet="本案经过听证，请写明依据听证笔录的处理意见")
def rests_on_the_record(case: CaseFacts) -> Verdict:
    """After a hearing the organ decides according to its record (65)."""
    return bool(str(case.input.get("hearing_finding", "")).strip())


@rule("在期限内提出听证要求", APL[64, None, 1], reads_input=True)
def hearing_asked_in_time(case: CaseFacts) -> Verdict:
    """The right is the party's while it runs; the day is that on which the request arrived."""
    period = case.period("要求听证", case.party)
    if period is None:
        return "没有正在计算的听证要求期限（告知书尚未送达，或者拟处罚不属于听证范围）"
    return True if case.on <= period.last_day else f"要求听证的期限已于{period.last_day}届满"


@rule("逐条复核了当事人的陈述申辩", APL[45, 1], reads_input=True)
def defences_considered(case: CaseFacts) -> Verdict:
    """Facts, reasons and evidence put forward must be examined, and adopted where they stand (45 I)."""
    answered = {int(point["party"]) for point in case.input.get("points", ()) if str(point.get("finding", "")).strip()}
    silent = [p for p in case.penalised if p.defended and p.ordinal not in answered]
    return f"{names_of(silent)}的陈述申辩还没有复核意见" if silent else True


@rule("未重于最近一次送达的告知书", APL[45, 2], reads_input=True)
def not_heavier_than_noticed(case: CaseFacts) -> Verdict:
    """Every sanction of every party against the latest served notice; to go beyond needs new facts and a new notice."""
    for party in case.penalised:
        if party.noticed is None:
            return f"{party.name}没有被告知过拟处罚的内容"
        if heavier := party.proposed.heavier_than(party.noticed):
            return f"{party.name}的处罚重于告知的内容：{'，'.join(heavier)}。确有新的事实的，应当重新告知"
    return True
