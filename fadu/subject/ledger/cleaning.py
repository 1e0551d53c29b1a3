"""Cleans what people type: widths, blanks, invisible characters; and reads numbers and telephones [pure]."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from fadu.subject.ledger.reading import NOTHING, Reading, told, without_value, written
from fadu.subject.ledger.sheet import Cell, Kind

EMPTY = frozenset({
    "", "无", "没有", "暂无", "空", "/", "\\", "-", "--", "—", "——", "―", "null", "none", "n/a", "na", "nan",
    "待补", "待补充", "待填", "未填", "未知", "不详", "*", ".", "、",
})  # fmt: skip
LONGEST = max(map(len, EMPTY))
WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff08\uff09]"
APPROXIMATE = re.compile(
    r"约|大概|大约|左右|上下|余|多人|多名|近|不足|不到|以上|以下|以内|[~∼〜～≈≥≤><±+]|\d\s*[-—–至到]\s*\d|几|数十|数百"
)
NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?:人|名|个|位)?")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?(\d{7,8})(?:-(\d{1,6}))?")
LOCAL = re.compile(r"\d{7,8}")


def visible(text: str) -> str:
    """The text without what cannot be seen: control, format and private characters; any blank becomes a plain one."""
    if text.isprintable():  # then the only blank in it is the plain one
        return text
    kept = []
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cn", "Cs"):
            kept.append(character)
    return "".join(kept)


def clean_text(text: str) -> str:
    """A text as stored: full-width digits and letters plain, blanks single and only between words, no leading '."""
    plain = " ".join(visible(text).translate(WIDE).split())
    return plain.lstrip("'`’").strip()


def clean_name(text: str) -> str:
    """A name as stored: besides, no blanks beside a Chinese character, with which bureaus fill short names."""
    return re.sub(rf"(?<={CJK}) +| +(?={CJK})", "", clean_text(text))


def plain(text: str) -> str:
    """The text for reading numbers, dates and codes in it: compatibility forms resolved, outer blanks gone."""
    return visible(unicodedata.normalize("NFKC", visible(text))).strip().lstrip("'`’").strip()


def is_empty(text: str) -> bool:
    """Whether the text says that there is nothing: blank, a dash or slash, 无, 暂无, 不详."""
    if len(text) > LONGEST and text.isalnum():
        return False
    return plain(text).lower() in EMPTY


def read_text(cell: Cell, limit: int, *, name: bool = False) -> Reading:
    """A text of at most ``limit`` characters; numbers become text. ``name``: clean as a name."""
    if (wanting := without_value(cell)) is not None:
        return wanting
    raw = written(cell)
    if is_empty(raw):
        return NOTHING
    text = clean_name(raw) if name else clean_text(raw)
    if len(text) > limit:
        return told("text_too_long", f"最多{limit}个字，现在是{len(text)}个字，这一项留空。")
    return Reading(text, cell.kind is not Kind.TEXT or text != cell.value)


def read_count(cell: Cell) -> Reading:
    """A number of people: 60, 60人, 1,200; not 约60人, 50-60人."""
    if (wanting := without_value(cell)) is not None:
        return wanting
    if cell.kind is Kind.NUMBER:
        number = float(cell.value)  # type: ignore[arg-type]
        if number != int(number) or not 0 <= number <= 9_999_999:
            return told("number_unreadable", f"“{written(cell)}”不是人数，这一项留空；请填写整数。")
        return Reading(int(number))
    raw = written(cell)
    if is_empty(raw):
        return NOTHING
    text = "".join(plain(raw).split()).replace("，", ",")
    if APPROXIMATE.search(text):
        return told("number_approximate", f"“{clean_text(raw)}”不是准确的数，这一项留空；请填写整数。")
    match = NUMBER.fullmatch(text) if cell.kind is Kind.TEXT else None
    if match is None or len(match[1]) > 9 or int(match[1].replace(",", "")) > 9_999_999:
        return told("number_unreadable", f"“{clean_text(raw)[:20]}”不是人数，这一项留空；请填写整数。")
    return Reading(int(match[1].replace(",", "")), True)


def read_phones(cell: Cell, area: str = "0355") -> Reading:
    """The telephone numbers in a cell, as a tuple, each as a mobile number or 0355-2012345-8001.

    ``area`` is the area code whose 0 Excel has dropped from a landline stored as a number.
    """
    if (wanting := without_value(cell)) is not None:
        return wanting
    raw = written(cell)
    if is_empty(raw):
        return NOTHING
    found: list[str] = [whole] if (whole := clean_phone(raw, area)) else []
    pieces = [] if found else re.split(r"[/、,，;；|]|\s和|\s+(?=1[3-9]\d[\d -]{8})|\s+(?=0\d{2,3}[- ])", plain(raw))
    for piece in pieces:
        if piece.strip():
            number = clean_phone(piece, area)
            if not number:
                return told(
                    "phone_unreadable",
                    f"“{clean_text(raw)[:40]}”不是电话号码，这一项留空；请填写11位手机号，或者带区号的座机号。",
                )
            found.append(number)
    return Reading(tuple(dict.fromkeys(found)), cell.kind is not Kind.TEXT or "/".join(found) != cell.value)


def clean_phone(text: str, area: str = "0355") -> str:
    """A telephone number in the spelling of the house; empty when it is none."""
    digits = re.sub(r"[\s()]", "", plain(text))
    digits = re.sub(r"^(?:联系电话|电话|手机)[:：]?", "", digits)
    digits = re.sub(r"[—–―‐‑‒−_]", "-", digits)
    digits = re.sub(r"(?:转|分机|ext\.?)[:：]?-?(?=\d)", "-", digits, flags=re.IGNORECASE)
    digits = re.sub(r"^(?:\+|00)?86-?(?=1[3-9][\d-]{9,11}$)", "", digits)
    if MOBILE.fullmatch(digits.replace("-", "")):
        return digits.replace("-", "")
    if digits.startswith(area[1:]) and len(digits.partition("-")[0]) == 10:
        digits = f"0{digits}"
    digits = re.sub(r"^(0\d{2,3})-(\d{3,4})-(\d{4})$", r"\1-\2\3", digits)
    if match := LANDLINE.fullmatch(digits):
        return f"{match[1]}-{match[2]}" + (f"-{match[3]}" if match[3] else "")
    return digits if LOCAL.fullmatch(digits) else ""


def read_decimal(text: str) -> Decimal | None:
    """Degrees as a decimal: 113.116255, E113.12°, 东经113.12, 113°06′58.5″; None for anything else."""
    bare = re.sub(r"[\s]|东经|北纬|经度|纬度|[EeNn]|[:：]", "", plain(text))
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?[°度]?", bare):
        return Decimal(bare.rstrip("°度"))
    match = re.fullmatch(r"(\d{1,3})[°度](\d{1,2}(?:\.\d+)?)[′'’分](?:(\d{1,2}(?:\.\d+)?)(?:[″\"”秒]|''|′′)?)?", bare)
    if match is None or Decimal(match[2]) >= 60 or Decimal(match[3] or 0) >= 60:
        return None
    return Decimal(match[1]) + Decimal(match[2]) / 60 + Decimal(match[3] or 0) / 3600
