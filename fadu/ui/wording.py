"""How dates, periods, citations and hashes are written for a reader; the template tags only wrap these."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day(value: date | datetime) -> date:
    """The calendar day in Beijing on which a day or moment falls."""
    return _local(value).date() if isinstance(value, datetime) else value


def in_full(value: date | datetime) -> str:
    """2026年11月23日."""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日"


def month_and_day(value: date | datetime) -> str:
    """11月23日, for places where the year is plain."""
    day = _day(value)
    return f"{day.month}月{day.day}日"


def with_time(value: datetime) -> str:
    """2026年11月23日 14:52."""
    return f"{in_full(value)} {_local(value):%H:%M}"


def weekday(value: date | datetime) -> str:
    """星期一."""
    return "星期" + WEEKDAYS[_day(value).weekday()]


# --- periods --------------------------------------------------------------------------------------------------------

SOON = 3  # days or working days left from which a period is shown as nearly over
TONES = ("", "due", "late", "ok")
_COUNTED = re.compile(r"(?P<prefix>\D+?)(?P<number>\d[\d,]*)(?P<unit>\D.*)")


@dataclass(frozen=True)
class Shown:
    """A period as it is shown: 还剩 + 3 + 个工作日, in one of ``TONES``; upper floors may offer any object of this shape."""

    prefix: str
    number: str
    unit: str
    tone: str = ""


def period(text: str, tone: str | None = None) -> Shown:
    """Split a sentence such as 还剩3个工作日 into what stands small and large; the tone follows from it unless given."""
    if text.startswith("今日"):
        return Shown("", "今日", text.removeprefix("今日"), tone if tone is not None else "due")
    match = _COUNTED.fullmatch(text)
    if match is None:
        return Shown("", "", text, tone or "")
    if tone is None:
        left = int(match["number"].replace(",", ""))
        if "逾期" in match["prefix"]:
            tone = "late"
        elif "还剩" in match["prefix"] and (left <= SOON or "小时" in match["unit"]):
            tone = "due"
    return Shown(match["prefix"], match["number"], match["unit"], tone or "")


# --- citations ------------------------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"(《[^》]+》(?:（[^）]*）)?)(.+)")


def group_articles(articles: Iterable[object]) -> list[list[tuple[str, str]]]:
    """Group printed citations by statute, first mention first.

    Each inner list holds (what is written, the full citation): the first of a statute is written with its title, the
    others without; a second mention of the same article is dropped.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    seen: set[str] = set()
    for article in articles:
        full = str(article)
        if full in seen:
            continue
        seen.add(full)
        match = _ARTICLE.fullmatch(full)
        statute, rest = (match[1], match[2]) if match else (full, "")
        group = groups.setdefault(statute, [])
        group.append((rest if group else full, full))
    return list(groups.values())


def cite(articles: Iterable[object]) -> str:
    """《行政处罚法》第五十七条、第五十九条；《安全生产法》第九十七条."""
    return "；".join("、".join(written for written, _ in group) for group in group_articles(articles))


# --- hashes ---------------------------------------------------------------------------------------------------------


def short_hash(digest: str) -> str:
    """The first and last four hexadecimal digits: 8b5c…c4df."""
    return f"{digest[:4]}…{digest[-4:]}"


def bar_heights(digest: str) -> list[float]:
    """Heights (2–12) of the eight little bars, one for each of the first eight hexadecimal digits."""
    return [round(2 + int(digit, 16) * 2 / 3, 1) for digit in digest[:8]]
