"""How conditions and fines of a benchmark read in Chinese: one wording for tables, traces, xlsx and papers [pure]."""

from __future__ import annotations

from decimal import Decimal

from fadu.discretion.benchmarks.declare import Fine, Key, Payer, Test
from fadu.law.provisions import FineType, Stage
from fadu.law.wording import amount, number

STAGES = {
    Stage.IMMEDIATE: "",
    Stage.UNCORRECTED: "逾期未改正",
    Stage.SERIOUS: "情节严重",
    Stage.ACCIDENT: "发生事故",
}


def key_value(key: Key, value: object) -> str:
    """A circumstance as it is read: 从业人员150人, 属于高危单位, 不属于高危单位."""
    if key.measured:
        figure = Decimal(str(value))
        return f"{key.title}{amount(figure) if key.unit == '元' else number(figure) + key.unit}"
    if isinstance(value, bool):
        return key.title if value else f"没有“{key.title}”的情形"
    return f"{key.title}：{key.option(str(value))}"


def test_words(key: Key, test: Test) -> str:
    """A condition: 从业人员100人以上不足300人; 属于…; 级别为一级、二级."""
    if test.range is not None:
        return f"{key.title}{test.range.words(key.unit, whole=key.whole)}"
    if test.options:
        return f"{key.title}为{'、'.join(title for value, title in key.options if value in test.options)}"
    return key.title if test.yes else f"没有“{key.title}”的情形"


def fine_words(fine: Fine) -> str:
    """The range of a tier without payer and stage: 3万元至6万元, 违法所得的2倍至3倍, 上一年年收入的40%."""
    if fine.type is FineType.YUAN:
        if fine.lower == fine.upper:
            return amount(fine.upper)
        return f"{amount(fine.lower)}至{amount(fine.upper)}" if fine.lower else f"{amount(fine.upper)}以下"
    unit = "%" if fine.type is FineType.PERCENT else "倍"
    basis = fine.basis.title_zh if fine.basis else ""
    if fine.lower == fine.upper:
        return f"{basis}的{number(fine.upper)}{unit}"
    return f"{basis}的{number(fine.lower)}{unit}至{number(fine.upper)}{unit}"


def place_words(payer: Payer, stage: Stage) -> str:
    """Whom and when: 单位, 单位（逾期未改正）."""
    return payer.title_zh + (f"（{STAGES.get(stage, stage.title_zh)}）" if stage is not Stage.IMMEDIATE else "")
