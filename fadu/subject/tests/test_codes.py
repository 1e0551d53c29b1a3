"""The check characters, against numbers published by others and the algorithms of the standards."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel.grams import folded, grams, needed
from fadu.subject import idnumber, uscc

# The example in the text of GB 32100-2015, and four codes printed on business licences that their holders publish.
PUBLISHED = [
    "91350100M000100Y43",
    "914403001922038216",
    "91440300708461136T",
    "91110000802100433B",
    "91330100799655058B",
]


class TestUnifiedSocialCreditCode:
    """统一社会信用代码：GB 32100-2015"""

    @pytest.mark.parametrize("code", PUBLISHED)
    def test_published_codes_are_right(self, code):
        assert uscc.problem(code) == ""

    @given(
        st.text(alphabet=uscc.ALPHABET, min_size=9, max_size=9), st.text(alphabet="0123456789", min_size=6, max_size=6)
    )
    def test_the_weighted_sum_of_all_18_is_divisible_by_31(self, organisation, area):
        """The rule of the standard stated from the other side: the check character takes the weight 1."""
        body = f"91{area}{organisation}"[:17]
        code = body + uscc.check_character(body)
        assert uscc.is_valid(code)
        total = sum(uscc.ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
        assert (total + uscc.ALPHABET.index(code[17])) % 31 == 0

    @given(st.sampled_from(PUBLISHED), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
    def test_one_wrong_character_is_always_found(self, code, place, character):
        wrong = code[:place] + character + code[place + 1 :]
        assert uscc.is_valid(wrong) is (wrong == code)

    @given(st.sampled_from(PUBLISHED), st.integers(0, 16))
    def test_two_neighbours_exchanged_are_always_found(self, code, place):
        wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert uscc.is_valid(wrong) is (wrong == code)

    @pytest.mark.parametrize(
        ("code", "told"),
        [
            ("", "请填写18位"),
            ("91350100M000100Y4", "现在是17位"),
            ("91350100M000100Y431", "现在是19位"),
            ("9135O100M000100Y43", "第5位不能是字母O（代码里没有I、O、S、V、Z），是不是“0”"),
            ("91350100M000100Y4?", "第18位的“?”"),
            ("91350100M000100Y44", "第18位应当是“3”，现在是“4”"),
            ("91A50100M000100Y43", "第3位却是“A”"),
            ("91350100M000110Y43", "第9至17位里很可能有错"),
            ("91350110M000100Y43", "第1至8位里有错"),
        ],
    )
    def test_what_is_wrong_is_told_with_the_place(self, code, told):
        assert told in uscc.problem(code)

    def test_what_people_paste_is_put_right_first(self):
        assert uscc.normalised(" ９１３５０１００ｍ０００１００Ｙ４３\n") == "91350100M000100Y43"
        assert uscc.normalised("9135-0100-M000-100Y-43") == "91350100M000100Y43"

    @pytest.mark.parametrize("body", ["9135010", "91350100M000100YI"])
    def test_only_17_right_characters_have_a_check_character(self, body):
        with pytest.raises(ValueError, match="前17位"):
            uscc.check_character(body)


class TestIdNumber:
    """公民身份号码：GB 11643"""

    TODAY = date(2026, 11, 23)

    @pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])  # the examples in GB 11643-1999
    def test_the_examples_of_the_standard_are_right(self, number):
        assert idnumber.problem(number, self.TODAY) == ""

    def test_birth_and_sex_are_read_from_it(self):
        assert idnumber.born_on("11010519491231002X") == date(1949, 12, 31)
        assert idnumber.is_female("11010519491231002X")
        assert not idnumber.is_female("440524188001010014")

    @given(st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 9))
    def test_one_wrong_digit_is_always_found(self, born, order, digit):
        body = f"140403{born:%Y%m%d}{order:03}"
        number = body + idnumber.check_digit(body)
        assert idnumber.problem(number, self.TODAY) == ""
        wrong = number[:16] + str(digit) + number[17]
        assert (idnumber.problem(wrong, self.TODAY) == "") is (wrong == number)

    @pytest.mark.parametrize(
        ("number", "told"),
        [
            ("1101051949123100", "现在是16位"),
            ("11010519491231002A", "第18位不是数字"),
            ("99010519491231002X", "开头两位"),
            ("11010519491331002X", "第7至14位不是一个日期"),
            ("110105202712310020", "不可能"),
            ("110105194912310021", "校验位不对"),
        ],
    )
    def test_what_is_wrong_is_told_without_repeating_the_number(self, number, told):
        sentence = idnumber.problem(number, self.TODAY)
        assert told in sentence
        assert number not in sentence

    def test_small_letters_and_blanks_are_put_right_first(self):
        assert idnumber.normalised(" 110105 19491231 002x") == "11010519491231002X"


class TestGrams:
    """名称检索"""

    text = st.text(alphabet="甲乙丙山水矿业有限公司ABC12 ", min_size=1, max_size=20)

    @given(text, st.data())
    def test_every_part_of_a_name_finds_it(self, name, data):
        start = data.draw(st.integers(0, len(name)))
        part = name[start : data.draw(st.integers(start, len(name)))]
        assert set(needed(part)) <= set(grams(name))

    def test_blanks_case_and_width_do_not_matter(self):
        assert folded("甲山 ＡＢＣ 矿业") == "甲山abc矿业"
