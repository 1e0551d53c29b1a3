"""The citizen identification number of GB 11643: date of birth, sex and check digit [pure]."""

from __future__ import annotations

import unicodedata
from datetime import date

from fadu.kernel.citizen import CHECK_DIGITS, REGIONS, WEIGHTS


def normalised(text: str) -> str:
    """Half-width, without spaces and hyphens, the X as a capital."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in plain if not character.isspace() and character not in "-_")


def check_digit(body: str) -> str:
    """The check digit for the first 17 digits; raises ValueError for anything else."""
    if len(body) != 17 or not (body.isascii() and body.isdigit()):
        raise ValueError("身份证号的前17位应当都是数字")
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def born_on(number: str) -> date | None:
    """The date of birth in the number; None when its eight digits are no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_female(number: str) -> bool:
    """The sex in the number: an even 17th digit is female."""
    return int(number[16]) % 2 == 0


def problem(number: str, today: date) -> str:
    """What is wrong with a normalised number and how to put it right, without repeating it; empty when it is right."""
    if len(number) != 18:
        return f"身份证号应当是18位，现在是{len(number)}位，请对照证件核对。"
    for place, character in enumerate(number, start=1):
        if not (character.isascii() and character.isdigit()) and not (place == 18 and character == "X"):
            return f"身份证号第{place}位不是数字，请对照证件核对。"
    if number[:2] not in REGIONS:
        return "身份证号开头两位不是任何地区的代码，请对照证件核对。"
    born = born_on(number)
    if born is None:
        return "身份证号第7至14位不是一个日期，请对照证件核对出生年月日。"
    if born > today or born.year < 1880:
        return f"身份证号里的出生日期是{born.year}年{born.month}月{born.day}日，不可能，请对照证件核对。"
    if number[17] != check_digit(number[:17]):
        return "身份证号的校验位不对，其中至少有一位填错了，请对照证件逐位核对。"
    return ""
