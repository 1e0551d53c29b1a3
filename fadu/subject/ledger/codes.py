"""Reads a unified social credit code out of a cell and says exactly what is wrong with it [pure]."""

from __future__ import annotations

import unicodedata

from fadu.subject import uscc
from fadu.subject.ledger.cleaning import is_empty, plain, visible
from fadu.subject.ledger.reading import Reading, told, without_value, written
from fadu.subject.ledger.sheet import Cell, Kind


def clean_code(text: str) -> str:
    """A code as the standard writes it: capitals, half-width, without blanks, hyphens and what cannot be seen."""
    code = uscc.normalised(visible(plain(text))).strip("'`’\"“”")
    return unicodedata.normalize("NFKC", code)  # without the blank before it a mark may join a letter


def read_code(cell: Cell | None) -> Reading:
    """The code in a cell (GB 32100-2015), or why it cannot be stored.

    A number is refused even when it looks whole: Excel keeps 15 digits and makes the rest zeros.
    """
    if cell is None or is_empty(written(cell)) or without_value(cell) is not None:
        return told("code_missing", "请填写18位统一社会信用代码。")
    if cell.kind is not Kind.TEXT:
        return told("code_number", "代码存成了数字，第16位起已经丢失；请把单元格设为文本格式，对照营业执照重新填写。")
    code = clean_code(str(cell.value))
    if not code:
        return told("code_missing", "请填写18位统一社会信用代码。")
    if len(code) == 15 and code.isascii() and code.isdigit():
        return told("code_registration_number", "这是15位的旧注册号，请填写营业执照上的18位统一社会信用代码。")
    problem = uscc.problem(code)
    if problem:
        return told(_kind_of_problem(code), problem)
    return Reading(code, code != cell.value)


def _kind_of_problem(code: str) -> str:
    """Which finding a wrong code is."""
    if any(character in uscc.MISTAKEN for character in code):
        return "code_letter"
    if any(character not in uscc.ALPHABET for character in code):
        return "code_character"
    if len(code) != 18:
        return "code_length"
    return "code_check" if code[2:8].isdigit() else "code_character"


def organisation_problem(code: str) -> str:
    """What is odd about the organisation code inside (GB 11714, characters 9 to 17); empty when nothing is."""
    expected = uscc.organisation_check(code[8:16])
    if expected == code[16]:
        return ""
    return f"第9至17位是组织机构代码，它的校验位应当是“{expected}”，现在是“{code[16]}”；请对照营业执照核对。"
