"""The four grades of risk and the words that bureaus use for them [pure].

重大、较大、一般、低风险 in red, orange, yellow and blue are the words of the State Council's work-safety commission
(安委办〔2016〕11号, from memory); the rest is usage.
"""

from __future__ import annotations

import re

from fadu.subject.ledger.cleaning import clean_text, is_empty, plain
from fadu.subject.ledger.reading import NOTHING, Reading, told, without_value, written
from fadu.subject.ledger.sheet import Cell, Kind

# the words of the grading itself; whoever writes these needs no correction
OWN = (
    ("重大风险", "重大", "红（重大风险）"),
    ("较大风险", "较大", "橙（较大风险）"),
    ("一般风险", "一般", "黄（一般风险）"),
    ("低风险", "低", "蓝（低风险）"),
)
SYNONYMS = (
    ("红", "1", "一", "i", "a", "甲", "高", "极高", "特大"),
    ("橙", "2", "二", "ii", "b", "乙", "较高", "中高"),
    ("黄", "3", "三", "iii", "c", "丙", "中", "中等"),
    ("蓝", "4", "四", "iv", "d", "丁", "较低", "轻微"),
)
GRADE_OF = {word: str(grade) for grade, words in enumerate(SYNONYMS, start=1) for word in words}
GRADE_OF |= {word: str(grade) for grade, words in enumerate(OWN, start=1) for word in words[:2]}
OWN_WORDS = {word: str(grade) for grade, words in enumerate(OWN, start=1) for word in words}
TITLES = {str(grade): words[2] for grade, words in enumerate(OWN, start=1)}
FRILLS = re.compile(r"风险|等级|级别|安全|颜色|色|级|类|第|[\s\-_.。、,:：/]")


def grade(text: str) -> str:
    """``1`` (red) to ``4`` (blue) for a word or two that agree, such as 红色（重大风险）; empty for anything else."""
    parts = [FRILLS.sub("", part) for part in re.split(r"[()\[\]【】/]", plain(text).lower())]
    grades = {GRADE_OF.get(part, "?") for part in parts if part}
    return grades.pop() if len(grades) == 1 and "?" not in grades else ""


def read_risk(cell: Cell) -> Reading:
    """The grade in a cell; the four grades' own words stand as they are, synonyms are fixed."""
    if (wanting := without_value(cell)) is not None:
        return wanting
    raw = written(cell)
    if is_empty(raw):
        return NOTHING
    if cell.kind is Kind.TEXT and raw in OWN_WORDS:
        return Reading(OWN_WORDS[raw])
    if found := grade(raw):
        return Reading(found, True)
    return told("risk_unknown", f"“{clean_text(raw)[:20]}”不是四级风险（重大、较大、一般、低）之一，这一项留空。")
