"""How dates, periods, citations and hashes are written."""

from datetime import UTC, date, datetime

import pytest

from fadu.ui import wording


def test_a_date_is_written_in_chinese_without_leading_zeros() -> None:
    assert wording.in_full(date(2026, 1, 5)) == "2026年1月5日"
    assert wording.month_and_day(date(2026, 11, 23)) == "11月23日"
    assert wording.weekday(date(2026, 11, 23)) == "星期一"
    assert wording.weekday(date(2026, 11, 29)) == "星期日"


def test_a_moment_is_written_in_beijing_time() -> None:
    """23:30 UTC on the 22nd is half past seven on the 23rd in Beijing."""
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert wording.with_time(moment) == "2026年11月23日 07:30"
    assert wording.in_full(moment) == "2026年11月23日"


@pytest.mark.parametrize(
    ("text", "prefix", "number", "unit", "tone"),
    [
        ("还剩20日", "还剩", "20", "日", ""),
        ("还剩4个工作日", "还剩", "4", "个工作日", ""),
        ("还剩3个工作日", "还剩", "3", "个工作日", "due"),
        ("还剩5小时", "还剩", "5", "小时", "due"),
        ("今日届满", "", "今日", "届满", "due"),
        ("已逾期1,201日", "已逾期", "1,201", "日", "late"),
        ("用时2个工作日", "用时", "2", "个工作日", ""),
        ("已中止", "", "", "已中止", ""),
    ],
)
def test_a_period_is_split_into_prefix_number_and_unit(
    text: str, prefix: str, number: str, unit: str, tone: str
) -> None:
    assert wording.period(text) == wording.Shown(prefix, number, unit, tone)


def test_articles_of_one_statute_are_named_once() -> None:
    cited = [
        "《行政处罚法》第五十七条",
        "《安全生产法》第九十七条",
        "《行政处罚法》第五十九条",
        "《行政处罚法》第五十七条",
    ]
    assert wording.cite(cited) == "《行政处罚法》第五十七条、第五十九条；《安全生产法》第九十七条"


def test_a_text_that_names_no_statute_is_kept_as_it_is() -> None:
    assert wording.cite(["本局法制审核办法第九条"]) == "本局法制审核办法第九条"


def test_the_mark_of_a_hash_shows_its_ends_and_eight_bars() -> None:
    digest = "0f" * 32
    assert wording.short_hash(digest) == "0f0f…0f0f"
    assert wording.bar_heights(digest) == [2, 12] * 4
