"""The unified social credit code of GB 32100-2015: 18 characters, the last a check character [pure]."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which are mistaken for 1, 0, 5, U and 2
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # powers of 3, modulo 31
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714, for characters 9 to 16
MISTAKEN = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}


def normalised(text: str) -> str:
    """What people paste, as the standard writes it: half-width capitals without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in plain if not character.isspace() and character not in "-_")


def check_character(body: str) -> str:
    """The check character for the first 17 characters; raises ValueError for any other length or character."""
    if len(body) != 17 or any(character not in ALPHABET for character in body):
        raise ValueError(f"前17位应当由{ALPHABET}组成：{body!r}")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """The check character that ends an organisation code (character 17), from its eight characters (GB 11714)."""
    values = (int(c) if c.isdigit() else ord(c) - ord("A") + 10 for c in body)
    rest = 11 - sum(value * weight for value, weight in zip(values, ORGANISATION_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def problem(code: str) -> str:
    """The sentence that says what is wrong with a normalised code and how to put it right; empty when it is right."""
    if not code:
        return "请填写18位统一社会信用代码。"
    for place, character in enumerate(code, start=1):
        if character in MISTAKEN:
            return f"第{place}位不能是字母{character}（代码里没有I、O、S、V、Z），是不是“{MISTAKEN[character]}”？请对照营业执照核对。"
        if character not in ALPHABET:
            return f"第{place}位的“{character}”不是数字或者大写字母，请对照营业执照核对。"
    if len(code) != 18:
        return f"统一社会信用代码应当是18位，现在是{len(code)}位，请对照营业执照核对。"
    if not code[2:8].isdigit():
        place = next(i for i in range(2, 8) if not code[i].isdigit())
        return f"第3至8位是行政区划代码，应当都是数字，第{place + 1}位却是“{code[place]}”，请对照营业执照核对。"
    expected = check_character(code[:17])
    if code[17] == expected:
        return ""
    # The organisation code inside carries a check character of its own, which tells where to look.
    where = "第9至17位里很可能有错" if organisation_check(code[8:16]) != code[16] else "第1至8位里有错，或者末位有错"
    return f"校验位不对：按前17位推算，第18位应当是“{expected}”，现在是“{code[17]}”。{where}，请对照营业执照核对。"


def is_valid(code: str) -> bool:
    """Whether a normalised code obeys the standard."""
    return not problem(code)
