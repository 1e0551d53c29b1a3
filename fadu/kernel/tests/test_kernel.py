"""Money in capitals, masking, hashes and the clock: expectations from the rules for bank bills and from plain arithmetic."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fadu.kernel import clock, hashing, masking
from fadu.kernel.memory import remember, remembering
from fadu.kernel.money import in_capitals, plain


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("10", "壹拾元整"), ("105", "壹佰零伍元整"), ("1005", "壹仟零伍元整"), ("60000", "陆万元整"), ("100005", "壹拾万零伍元整"),
        ("20003000", "贰仟万叁仟元整"), ("100000000", "壹亿元整"), ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"), ("0.05", "伍分"),
        ("30.05", "叁拾元零伍分"), ("35.5", "叁拾伍元伍角整"), ("100100", "壹拾万零壹佰元整"),
    ],
)  # fmt: skip
def test_money_is_written_in_capitals(amount, words):
    assert in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001"])
def test_an_amount_that_is_no_money_is_refused(amount):
    with pytest.raises(ValueError, match="金额"):
        in_capitals(Decimal(amount))


def test_money_has_separators_and_no_idle_decimals():
    assert [plain(Decimal(a)) for a in ("60000", "60000.50", "0")] == ["60,000", "60,000.50", "0"]


def test_names_numbers_and_phones_are_masked_in_a_text():
    text = "周示八（身份证140400198001010011，电话13912345678）"
    masked = masking.text(text, ("周示八",))
    assert masked == "周某某（身份证140400***********1，电话139****5678）"


def test_equal_values_have_one_canonical_text():
    assert hashing.canonical({"b": 1, "a": [date(2026, 1, 2), Decimal("1.50")]}) == '{"a":["2026-01-02","1.50"],"b":1}'
    # the standard's test vector for "abc"
    assert hashing.sha256_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_clock_may_be_set_and_is_in_beijing():
    with clock.at(datetime(2026, 1, 1, 20, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 1, 2)
    with clock.at(date(2026, 3, 4)):
        assert clock.now().isoformat() == "2026-03-04T09:00:00+08:00"


def test_a_look_up_is_remembered_within_the_block_only():
    asked: list[int] = []

    def look_up() -> int:
        asked.append(1)
        return len(asked)

    assert remember("key", look_up) == 1
    with remembering():
        assert [remember("key", look_up) for _ in range(3)] == [2, 2, 2]
        with remembering():
            assert remember("key", look_up) == 2
    assert remember("key", look_up) == 3
