"""Additional fines for late payment and daily fines for continued disobedience: conditions and amounts. Pure."""

from datetime import timedelta
from decimal import Decimal

from fadu.kernel.money import plain
from fadu.law.judging.numbers import Numbers
from fadu.law.judging.question import PartyKind, Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.statutes import ACL, APL, WSL


def additional_fine(asked: Question, numbers: Numbers) -> list[Finding]:
    """行政处罚法第七十二条第一款第一项: three per cent a day, together no more than the fine; it stands still meanwhile a
    remedy is pending (第七十三条第三款). Without the days of delay only the cap is checked.
    """
    amount, facts = asked.sanctions.additional_fine, asked.facts
    if amount is None:
        return []
    if facts.remedy_pending:
        text = "行政复议或者行政诉讼期间不计算加处罚款"
        return [Finding(Code.ADDITIONAL_FINE, text, APL[73, 3])]
    if facts.days_late == 0:
        return [Finding(Code.ADDITIONAL_FINE, "没有逾期，不得加处罚款", APL[72, 1, 1])]
    if facts.base_fine is None:
        text = "没有载明罚款数额，不能计算加处罚款的上限"
        return [Finding(Code.BASE_FINE_UNKNOWN, text, APL[72, 1, 1], undecided=True)]
    on = asked.decided_on
    cap = facts.base_fine * numbers.get("additional_fine_cap", on) / 100
    if amount > cap:
        text = f"加处罚款{plain(amount)}元超出罚款数额{plain(cap)}元"
        return [Finding(Code.ADDITIONAL_FINE, text, ACL[45, 2])]
    if facts.days_late is None:
        return []
    reckoned = facts.base_fine * numbers.get("additional_fine_daily", on) / 100 * facts.days_late
    if amount <= reckoned:
        return []
    text = f"加处罚款{plain(amount)}元超出每日百分之三、{facts.days_late}日的{plain(reckoned)}元"
    return [Finding(Code.ADDITIONAL_FINE, text, APL[72, 1, 1])]


def daily_fine(asked: Question) -> list[Finding]:
    """安全生产法第一百一十二条: ordered to correct, fined, and refusing; by the amount of that fine for each day from the
    day after the order. Only that law has it among those held.
    """
    if not asked.sanctions.daily:
        return []
    basis = WSL[112]
    if asked.statute != WSL:
        return [Finding(Code.DAILY_FINE, f"《{asked.law}》没有规定按日连续处罚", APL[38, 1])]
    if asked.party is PartyKind.PERSON:
        return [Finding(Code.WRONG_SUBJECT, "按日连续处罚只适用于生产经营单位", basis)]
    facts = asked.facts
    refused = facts.refused if facts.refused is not None else asked.prior_order
    if not refused or asked.prior_order is False:
        return [Finding(Code.DAILY_FINE, "没有被责令改正而拒不改正，不得按日连续处罚", basis)]
    if facts.base_fine is not None and facts.base_fine <= 0:
        return [Finding(Code.DAILY_FINE, "没有受到罚款处罚，不得按日连续处罚", basis)]
    if facts.ordered_on and facts.daily_from and facts.daily_from < facts.ordered_on + timedelta(1):
        text = f"按日连续处罚自责令改正之日（{facts.ordered_on.isoformat()}）的次日起，不得自{facts.daily_from.isoformat()}起"
        return [Finding(Code.DAILY_FINE, text, basis)]
    if facts.base_fine is None:
        text = "没有载明原处罚数额，不能判断按日连续处罚"
        return [Finding(Code.BASE_FINE_UNKNOWN, text, basis, undecided=True)]
    since = facts.daily_from or (facts.ordered_on + timedelta(1) if facts.ordered_on else None)
    days = (asked.decided_on - since).days + 1 if since and asked.decided_on else 1
    return _daily_amount(asked.sanctions.daily_fine, facts.base_fine, days)


def _daily_amount(amount: Decimal | None, base: Decimal, days: int) -> list[Finding]:
    """The amount of one day, or of several whole days, no more than have passed from the first to the decision."""
    if amount is None or (amount % base == 0 and 1 <= amount / base <= max(days, 1)):
        return []
    text = (
        f"按日连续处罚{plain(amount)}元，不是原处罚数额{plain(base)}元按日累计的数额（至决定之日最多{max(days, 1)}日）"
    )
    return [Finding(Code.DAILY_FINE, text, WSL[112])]
