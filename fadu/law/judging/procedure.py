"""Whether the procedure of the case was kept; what is not given counts as in order. Pure."""

from datetime import timedelta

from fadu.kernel.money import plain
from fadu.law.judging.numbers import Numbers
from fadu.law.judging.question import PartyKind, Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.statutes import APL


def procedure(asked: Question, numbers: Numbers) -> list[Finding]:
    """Every fault of procedure."""
    return [
        *_notice(asked),
        *_hearing(asked, numbers),
        *_officers(asked),
        *_noticed_fine(asked),
        *_summary(asked, numbers),
        *_time(asked, numbers),
        *_twice(asked),
    ]


def _notice(asked: Question) -> list[Finding]:
    if asked.facts.notice_given is not False:
        return []
    text = "没有在作出决定前告知拟处罚的内容及事实、理由、依据和陈述申辩权，不得作出决定"
    return [Finding(Code.NO_NOTICE, text, APL[62])]


def _hearing(asked: Question, numbers: Numbers) -> list[Finding]:
    """行政处罚法第六十三条第一款 names the kinds; what a large fine is stands in the dated numbers."""
    if asked.facts.hearing_offered is not False:
        return []
    sanctions, on = asked.sanctions, asked.decided_on
    of_unit, of_person = numbers.get("large_fine_unit", on), numbers.get("large_fine_individual", on)
    own = of_person if asked.party is PartyKind.PERSON else of_unit
    large = (sanctions.fine_entity is not None and sanctions.fine_entity >= own) or any(
        fine.amount >= of_person for fine in sanctions.fines_persons
    )
    reasons = [
        (large, "较大数额罚款", APL[63, 1, 1]),
        (sanctions.confiscated is not None and sanctions.confiscated >= own, "没收较大数额违法所得", APL[63, 1, 2]),
        (sanctions.revocation, "吊销许可证件", APL[63, 1, 3]),
        (sanctions.suspension, "责令停产停业", APL[63, 1, 4]),
        (sanctions.closure, "责令关闭", APL[63, 1, 4]),
    ]
    return [
        Finding(Code.NO_HEARING, f"拟作出{title}，没有告知要求听证的权利", article)
        for applies, title, article in reasons
        if applies
    ][:1]


def _officers(asked: Question) -> list[Finding]:
    if asked.facts.officers is None or asked.facts.officers >= 2:
        return []
    return [Finding(Code.TOO_FEW_OFFICERS, "执法人员少于两人", APL[42, 1])]


def _noticed_fine(asked: Question) -> list[Finding]:
    """The party's fine, or where it has none each person's, against the fine of the notice."""
    noticed = asked.facts.noticed_fine
    if noticed is None:
        return []
    sanctions = asked.sanctions
    fines = (
        [sanctions.fine_entity] if sanctions.fine_entity is not None else [f.amount for f in sanctions.fines_persons]
    )
    if not any(fine > noticed for fine in fines):
        return []
    text = f"罚款{plain(max(fines))}元重于告知的{plain(noticed)}元，不得因陈述、申辩而加重"
    return [Finding(Code.ABOVE_NOTICED_FINE, text, APL[45, 2])]


def _summary(asked: Question, numbers: Numbers) -> list[Finding]:
    if not asked.facts.summary:
        return []
    sanctions, on = asked.sanctions, asked.decided_on
    of_person, of_unit = numbers.get("summary_fine_person", on), numbers.get("summary_fine_unit", on)
    own = of_person if asked.party is PartyKind.PERSON else of_unit
    others = sanctions.confiscation or sanctions.suspension or sanctions.revocation or sanctions.closure
    if others or sanctions.detention_days is not None or sanctions.daily:
        text = "简易程序只能处以警告或者小额罚款，不能给予其他处罚"
    elif sanctions.fine_entity is not None and sanctions.fine_entity > own:
        text = f"简易程序罚款{plain(sanctions.fine_entity)}元超过{plain(own)}元"
    elif large := [fine.amount for fine in sanctions.fines_persons if fine.amount > of_person]:
        text = f"简易程序对公民罚款{plain(max(large))}元超过{plain(of_person)}元"
    else:
        return []
    return [Finding(Code.SUMMARY_LIMIT, text, APL[51])]


def _time(asked: Question, numbers: Numbers) -> list[Finding]:
    """Calendar days, the day of filing not counted (行政处罚法第八十五条 makes only 2, 3, 5 and 7 days working days)."""
    filed, decided = asked.facts.filed_on, asked.decided_on
    if filed is None or decided is None:
        return []
    allowed = int(numbers.get("decision", decided)) + (asked.facts.extended_by or 0)
    if decided - filed <= timedelta(allowed):
        return []
    text = f"自立案{filed.isoformat()}至决定{decided.isoformat()}共{(decided - filed).days}日，超过{allowed}日"
    return [Finding(Code.OVER_TIME, text, APL[60])]


def _twice(asked: Question) -> list[Finding]:
    """A daily fine is no second fine: that one was imposed before is its condition (安全生产法第一百一十二条)."""
    if not asked.facts.fined_before or not asked.sanctions.fines:
        return []
    text = f"同一违法行为已由{asked.facts.fined_before}罚款，不得再给予罚款"
    return [Finding(Code.FINED_TWICE, text, APL[29])]
