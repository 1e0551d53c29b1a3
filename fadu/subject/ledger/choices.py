"""Sector, scale and status as ledgers write them; sorting into the house's classes is no correction of a cell [pure]."""

from __future__ import annotations

import re

from fadu.subject.ledger.cleaning import clean_text, is_empty, plain
from fadu.subject.ledger.reading import NOTHING, Reading, told, without_value, written
from fadu.subject.ledger.sheet import Cell

# in this order: 非煤矿山 before 煤矿; the house's own titles of Subject.Sector, Scale and Status are among the words
CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "sector": (
        ("mine", r"非煤|金属矿|采石|尾矿|露天矿|铁矿"),
        ("coal", r"煤矿|煤炭开采|井工|煤业"),
        ("oil_gas", r"石油天然气|油气|煤层气|石油"),
        ("fireworks", r"烟花|爆竹"),
        ("hazchem", r"危险?化|化工|加油|加气|医药|油品"),
        ("industry", r"工贸|冶金|有色|建材|机械|轻工|纺织|烟草|商贸|铸造|粉尘|制造"),
        ("other", r"其他|其它"),
    ),
    "scale": (("large", r"大型?|大型企业"), ("medium", r"中型?|中型企业"), ("small", r"小型?|小型企业"), ("micro", r"微型?|微型企业|小微")),
    "status": (
        ("dissolved", r".*(?:注销|吊销|关闭).*"),
        ("suspended", r".*(?:停产|停业|歇业|停工|停建|整顿).*"),
        ("active", r".*(?:在业|正常|在营|存续|开业|生产|在产|营业|运营|复工).*"),
    ),
}  # fmt: skip


def read_choice(cell: Cell, key: str) -> Reading:
    """The value for a field of ``CHOICES``; what fits none is told and not stored."""
    if (wanting := without_value(cell)) is not None:
        return wanting
    raw = written(cell)
    if is_empty(raw):
        return NOTHING
    text = "".join(plain(raw).split())
    for value, pattern in CHOICES[key]:
        if re.fullmatch(pattern, text) if key != "sector" else re.search(pattern, text):
            return Reading(value)
    return told("choice_unknown", f"“{clean_text(raw)[:20]}”不在系统的选项里，这一项留空。")
