"""How a statute counts its own periods: which 日 are working days, and the general rules of counting, each by article."""

from dataclasses import dataclass

from fadu.law.citations import Article, Statute
from fadu.law.statutes import ACL, APL, ARL, CPL, PERMIT


@dataclass(frozen=True)
class DayRule:
    """One statute's rule that certain 日 of its own are working days.

    numbers: the numbers of days it names, None when it names all; partys: whether a party's periods are included.
    """

    article: Article
    numbers: frozenset[int] | None
    partys: bool
    title: str

    def makes_workdays(self, n: int, *, partys: bool) -> bool:
        """Whether a period of n 日 of this statute is counted in working days."""
        return (self.partys or not partys) and (self.numbers is None or n in self.numbers)


DAY_RULES: dict[Statute, DayRule] = {
    APL: DayRule(APL[85], frozenset({2, 3, 5, 7}), True, "二、三、五、七日按工作日计算，其他日数按自然日计算"),
    ACL: DayRule(ACL[69], frozenset(range(1, 11)), True, "十日以内（含十日）按工作日计算，其他日数按自然日计算"),
    # The article speaks of the periods in which the organ acts, so an applicant's own period stays in calendar days.
    PERMIT: DayRule(PERMIT[82], None, False, "行政机关实施许可的期限一律按工作日计算；申请人的期限不在此列"),
    ARL: DayRule(ARL[88, 2], frozenset({3, 5, 7, 10}), True, "三、五、七、十日按工作日计算，其他日数按自然日计算"),
}


@dataclass(frozen=True)
class CountingRule:
    """A general rule by which every period is counted."""

    title: str
    articles: tuple[Article, ...]


START_NOT_COUNTED = CountingRule("期间开始的时和日不计算在内", (CPL[85, 2],))
ROLLS = CountingRule(
    "当事人期限的最后一日遇休假日的，顺延至休假后第一个工作日；行政机关自己的办理期限不顺延", (CPL[85, 3],)
)
IN_THE_POST = CountingRule("期限不含在途时间，届满前交邮的不算过期", (CPL[85, 4],))
SURCHARGE_STOPPED = CountingRule("复议、诉讼期间，加处罚款不计算", (APL[73, 3],))
COUNTING_RULES = (START_NOT_COUNTED, ROLLS, IN_THE_POST, SURCHARGE_STOPPED)


def day_rule(statute: Statute, n: int, *, partys: bool = False) -> DayRule | None:
    """The rule that makes n 日 of the statute working days; None when they are calendar days.

    partys: the period is a party's, not the organ's (only 行政许可法 treats the two differently).
    """
    rule = DAY_RULES.get(statute)
    return rule if rule and rule.makes_workdays(n, partys=partys) else None
