"""Reads the day in a cell: five spellings, serial numbers, real dates; 长期 means that there is no end [pure]."""

from __future__ import annotations

import re
from datetime import date, datetime

from fadu.subject.ledger.cleaning import clean_text, is_empty, plain
from fadu.subject.ledger.reading import NOTHING, Reading, told, without_value, written
from fadu.subject.ledger.sheet import Cell, Kind, from_serial

NO_END = date.max  # what is stored for 长期: later than every day, so that comparisons need no exception
ENDLESS = re.compile(r"(长期(有效|经营)?|永久(有效|存续)?|永续|无?固定期限|无(固定)?期限|无限期|不限期?|不约定期限)")
FULL = re.compile(r"(\d{4})[-./,、年\s]{1,3}(\d{1,2})[-./,、月\s]{1,3}(\d{1,2})[日号]?|(\d{4})(\d{2})(\d{2})")
PARTIAL = re.compile(
    r"((?:19|20)\d{2})年?|((?:19|20)\d{2})[-./,、年\s]{1,3}(\d{1,2})月?份?|((?:19|20)\d{2})(0[1-9]|1[0-2])"
)
CLOCK = re.compile(
    r"[T\s]*(?:上午|下午)?\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?[秒分]?\s*(?:Z|[+-]\d\d:?\d\d)?$"
)
AROUND = re.compile(
    r"^(?:自|从|至|到|截至|截止|有效期至?|成立于)[:：]?|(?:\(?(?:星期|周)[一二三四五六日天]\)?|起|止|前|到期|为止|以前)$"
)
CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
SERIALS = range(10_000, 80_000)  # 1927 to 2119: a number outside is no day that a ledger would hold
NONSENSE = range(1900, 2101)  # as a serial number, a day of 1905; in truth a year in a cell that is shown as a date


def read_date(cell: Cell, *, until: bool = False, date1904: bool = False) -> Reading:
    """The day in a cell. ``until``: the day something ends, where 长期 is allowed and a range means its end.

    A real date is taken as it is; a text or a serial number is stored as a date and counts as fixed. Year or year and
    month alone are told and not stored; a full date that no calendar has is an error.
    """
    if (wanting := without_value(cell)) is not None:
        return wanting
    if cell.kind in (Kind.DATE, Kind.MONTH):
        return _from_moment(cell, date1904)
    if cell.kind is Kind.NUMBER:
        return _from_number(float(cell.value), date1904)  # type: ignore[arg-type]
    raw = written(cell)
    if is_empty(raw):
        return NOTHING
    text = plain(raw)
    if until:
        text = _end_of_range(text)
        if ENDLESS.fullmatch("".join(text.split())):
            return Reading(NO_END, True)
    return _from_text(text, clean_text(raw), date1904)


def _from_moment(cell: Cell, date1904: bool) -> Reading:
    """A real date; what only looks like one is told."""
    moment = cell.value
    assert isinstance(moment, datetime)
    serial = (moment - datetime(1904 if date1904 else 1899, 1 if date1904 else 12, 1 if date1904 else 30)).days  # noqa: DTZ001
    if serial in NONSENSE:
        return _partial(str(serial))
    if cell.kind is Kind.MONTH and moment.day == 1:
        return _partial(f"{moment.year}年{moment.month}月")
    return Reading(moment.date())


def _from_number(number: float, date1904: bool) -> Reading:
    """20210305, the serial 44260, or only 2021, 202103, 2021.3."""
    shown = f"{number:.10g}"
    if number == int(number):
        if 19000000 <= number < 21010000:
            return _day(shown[:4], shown[4:6], shown[6:], shown)
        if int(number) in NONSENSE or (190000 < number < 210013 and 1 <= int(number) % 100 <= 12):
            return _partial(shown)
    elif 1900 <= number < 2101:
        return _partial(shown)
    if int(number) in SERIALS and (moment := from_serial(number, date1904)) is not None:
        return Reading(moment.date(), True)
    return _unreadable(shown)


def _from_text(text: str, shown: str, date1904: bool) -> Reading:
    """A text in one of the spellings."""
    text = AROUND.sub("", AROUND.sub("", text).strip()).strip()
    text = _arabic(CLOCK.sub("", text).strip().rstrip("."))
    if match := FULL.fullmatch(text):
        year, month, day = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
        return _day(year, month, day, shown)
    if PARTIAL.fullmatch(text):
        return _partial(shown)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in SERIALS:
        moment = from_serial(float(text), date1904)
        return Reading(moment.date(), True) if moment else _unreadable(shown)
    return _unreadable(shown)


def _end_of_range(text: str) -> str:
    """The later part of 2021-03-05至2026-03-04."""
    parts = re.split(r"\s*(?:至|到|~|∼|—+|–|--|\s-\s)\s*", text)
    if len(parts) == 1 and (match := re.fullmatch(r"(\d{4}[./年]\d{1,2}[./月]\d{1,2}日?)-(.+)", text)):
        return match[2]
    return parts[-1].strip() or text if len(parts) == 2 else text


def _arabic(text: str) -> str:
    """二〇二一年三月十五日 in digits; any other text as it is."""
    match = re.fullmatch(
        r"([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})日)?)?",
        text,
    )
    if match is None:
        return text
    year = match[1].translate(CHINESE)
    numbers = [_small(part) for part in match.groups()[1:] if part]
    return "-".join([year, *map(str, numbers)])


def _small(text: str) -> int:
    """十五 → 15, 二十 → 20, 三 → 3."""
    if "十" not in text:
        return int(text.translate(CHINESE))
    tens, _, ones = text.partition("十")
    return 10 * int(tens.translate(CHINESE) or 1) + int(ones.translate(CHINESE) or 0)


def _day(year: str, month: str, day: str, shown: str) -> Reading:
    """The day of three numbers, or an error when the calendar has none."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return told("date_impossible", f"“{shown}”：日历上没有这一天，请核对。")
    if not 1800 <= found.year <= 2200 and found != NO_END:
        return told("date_impossible", f"“{shown}”：年份不合常理，请核对。")
    return Reading(found, True)


def _partial(shown: str) -> Reading:
    return told("date_partial", f"“{shown}”没有写到日，这一项留空；请填写年月日。")


def _unreadable(shown: str) -> Reading:
    return told("date_unreadable", f"“{shown[:30]}”不是日期，这一项留空；请填写年月日，例如 2021-03-05。")
