"""The length of a period as law states it: a number and a unit, and how it reads in Chinese."""

from dataclasses import dataclass
from enum import StrEnum

from fadu.law.calendar import PeriodError
from fadu.law.citations import Article, Statute
from fadu.law.counting import day_rule

LONGEST = 100_000


class Unit(StrEnum):
    """The units in which law counts; the value is what is stored, ``words`` what is read."""

    HOURS = "hours"
    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"

    @property
    def words(self) -> str:
        """The unit behind a number: 5个工作日, 15日."""
        return {"hours": "小时", "workdays": "个工作日", "days": "日", "months": "个月", "years": "年"}[self.value]


@dataclass(frozen=True)
class Length:
    """So many hours, working days, days, months or years; 0 means the same day. PeriodError when n is not such a number."""

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if isinstance(self.n, bool) or not isinstance(self.n, int) or not 0 <= self.n <= LONGEST:
            raise PeriodError(f"期限应为0至{LONGEST}之间的整数：{self.n}")

    def __str__(self) -> str:
        return f"{self.n}{self.unit.words}"


def hours(n: int) -> Length:
    """So many hours (小时)."""
    return Length(n, Unit.HOURS)


def workdays(n: int) -> Length:
    """So many working days (工作日)."""
    return Length(n, Unit.WORKDAYS)


def days(n: int) -> Length:
    """So many calendar days (自然日)."""
    return Length(n, Unit.DAYS)


def months(n: int) -> Length:
    """So many months."""
    return Length(n, Unit.MONTHS)


def years(n: int) -> Length:
    """So many years."""
    return Length(n, Unit.YEARS)


def unit_of_days(statute: Statute, n: int, *, partys: bool = False) -> tuple[Unit, Article | None]:
    """What n 日 of that statute are, and by which article: 行政处罚法85, 行政强制法69, 行政许可法82, 行政复议法88.

    partys: the period is a party's own (行政许可法82 speaks of the organ's only). Without such an article: calendar days
    and None. A statute that writes 工作日 itself needs no asking.
    """
    rule = day_rule(statute, n, partys=partys)
    return (Unit.WORKDAYS, rule.article) if rule else (Unit.DAYS, None)


def days_of(statute: Statute, n: int, *, partys: bool = False) -> Length:
    """So many 日 of that statute as a length in the unit the statute itself gives them."""
    return Length(n, unit_of_days(statute, n, partys=partys)[0])
