"""What may never stand in the record in clear: ID numbers, mobile numbers and the names of informants.

An entry can never be erased, so such a value enters only as a keyed hash with a reference to the row that holds it.
ID numbers and mobile numbers are recognised in any text; an informant's name is not recognisable, so whoever writes it
wraps it in ``Sensitive``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from fadu.kernel import hashing
from fadu.kernel.citizen import CHECK_DIGITS, REGIONS, WEIGHTS
from fadu.kernel.errors import Refused

# full-width digits and letters are the same number to a reader; the mapping keeps every character's position
NARROW = str.maketrans("０１２３４５６７８９Ｘｘ－　＋", "0123456789Xx- +")
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![0-9A-Za-z])")
# no match inside a decimal fraction such as a coordinate, nor a sum of money with cents
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?<!\d\.)(?:\+?86[ -]?)?(1[3-9]\d(?:[ -]?\d{4}){2})(?![0-9A-Za-z])(?!\.\d)")
SHORTEST = 11  # digits of a mobile number; no shorter text can hold a personal number


class SensitiveInRecord(Refused):
    """A text meant for the record holds an ID number or a mobile number in clear (422)."""

    status = 422

    def __init__(self, where: str, what: str) -> None:
        """``where``: the part of the entry, in Chinese; ``what``: 身份证件号码 or 手机号码."""
        self.where, self.what = where, what
        super().__init__(f"“{where}”中有{what}。过程记录不得更改、删除，不能写入个人号码，请删去号码后再提交")


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value that enters the record only as a keyed hash; ``reference`` tells where the value itself is kept."""

    value: str = field(repr=False)
    reference: str

    def as_record(self) -> dict[str, object]:
        """``{"keyed": HMAC, "ref": reference}``."""
        return {"keyed": hashing.keyed(_squeezed(self.value)), "ref": self.reference}


def _squeezed(text: str) -> str:
    """The number or name without blanks and hyphens, in narrow characters, so that spellings of one value hash equal."""
    return text.translate(NARROW).replace(" ", "").replace("-", "").strip()


def is_id_number(number: str) -> bool:
    """Is this an 18-digit ID number: region, date of birth and check digit (GB 11643)?"""
    if len(number) != 18 or not number[:17].isdigit() or number[:2] not in REGIONS:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return born.year >= 1880 and number[17].upper() == CHECK_DIGITS[total % 11]


def findings(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Each personal number in ``text``: what it is, its start and end, and the number without blanks."""
    if len(text) < SHORTEST:
        return
    narrow = text.translate(NARROW)
    for match in ID_NUMBER.finditer(narrow):
        if is_id_number(number := _squeezed(match[0])):
            yield "身份证件号码", match.start(), match.end(), number
    for match in MOBILE.finditer(narrow):
        yield "手机号码", match.start(), match.end(), _squeezed(match[1])


def redacted(text: str) -> str:
    """``text`` with each personal number replaced by 〔…〕 and the first 16 digits of its keyed hash."""
    for what, start, end, number in sorted(findings(text), key=lambda found: found[1], reverse=True):
        text = f"{text[:start]}〔{what} {hashing.keyed(number)[:16]}〕{text[end:]}"
    return text
