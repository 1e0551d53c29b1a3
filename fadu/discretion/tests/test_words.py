"""不足, 以上, 以下, 超过: what the words include, written by hand from what the law says they mean."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.discretion.benchmarks.intervals import Interval, WordingError, read_interval
from fadu.law.statutes import ACCIDENT, CRIMINAL, PUBLIC_SECURITY

# word, numbers it holds, numbers it does not hold
MEANINGS = (
    ("不足100", ("0", "99", "99.99"), ("100", "101")),
    ("100以上", ("100", "100.01"), ("99.99",)),
    ("100以下", ("100", "0"), ("100.01",)),
    ("超过100", ("100.01",), ("100",)),
    ("不超过100", ("100",), ("100.01",)),
    ("不少于3", ("3",), ("2.99",)),
    ("30日以内", ("30",), ("30.5", "31")),
    ("100人以上不足300人", ("100", "299"), ("99", "300")),
    ("超过1不超过3", ("1.01", "3"), ("1", "3.01")),
    ("3万元以上不足10万元", ("30000", "99999.99"), ("29999.99", "100000")),
    ("4至10", ("4", "10"), ("3", "11")),
    ("1–2条", ("1", "2"), ("0", "3")),
    ("3–5万", ("30000", "50000"), ("29999", "50000.01")),
    ("1亿元以上", ("100000000",), ("99999999",)),
    ("2", ("2",), ("1", "3")),
)


@pytest.mark.law(CRIMINAL[99], PUBLIC_SECURITY[143], ACCIDENT[3, 2])
@pytest.mark.parametrize(("words", "inside", "outside"), MEANINGS, ids=[m[0] for m in MEANINGS])
def test_each_word_includes_and_excludes_as_the_law_reads_it(words, inside, outside):
    read = read_interval(words)
    assert [n for n in inside if not read.holds(Decimal(n))] == []
    assert [n for n in outside if read.holds(Decimal(n))] == []


@pytest.mark.parametrize("words", ["", "很多", "100以上不足50", "若干人", "以上", "不足", "3以下5以上"])
def test_what_says_no_range_is_refused_with_the_way_to_write_it(words):
    with pytest.raises(WordingError):
        read_interval(words)


@given(low=st.integers(0, 10**7), span=st.integers(1, 10**7))
def test_a_range_is_read_back_from_its_own_words(low, span):
    made = read_interval(f"{low}以上不足{low + span}")
    assert read_interval(made.words("人")) == made


@given(low=st.integers(0, 500), span=st.integers(0, 500))
def test_whole_numbers_read_back_from_their_words_are_the_same_numbers(low, span):
    made = read_interval(f"{low}至{low + span}").whole()
    assert read_interval(made.words("人", whole=True)).whole() == made or low == 0


def test_three_or_fewer_and_less_than_four_are_the_same_for_whole_numbers():
    assert read_interval("3以下").whole() == read_interval("不足4").whole()
    assert Interval().words() == "不限"
