"""Ranges of a number as benchmarks write them: 不足 and 超过 exclude the figure, 以上 and 以下 include it [pure].

以上, 以下, 以内 include the figure as 刑法第九十九条 and 治安管理处罚法第一百四十三条 say it; 不足, 不满, 低于, 超过 exclude it. Where
a law reads 以下 without the figure (生产安全事故报告和调查处理条例第三条第二款), its table is written with 不足.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

INFINITE = Decimal("Infinity")
TEN_THOUSAND = Decimal(10_000)
_SMALL = 19


class WordingError(ValueError):
    """A range that cannot be read; the message is a Chinese sentence fit to be shown at the cell."""


@dataclass(frozen=True, order=True)
class Cut:
    """A place between numbers: just before ``value``, or (``after``) just behind it."""

    value: Decimal
    after: bool = False


BOTTOM, TOP = Cut(-INFINITE), Cut(INFINITE, True)


@dataclass(frozen=True)
class Interval:
    """All numbers between two cuts; what 以上 and 不足 say is in which side of the figure the cut lies."""

    start: Cut = BOTTOM
    end: Cut = TOP

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise WordingError("范围的下限应当低于上限")

    def holds(self, value: Decimal | int) -> bool:
        """Whether the number lies within."""
        number = Decimal(value)
        return self.start <= Cut(number) and Cut(number, True) <= self.end

    def within(self, other: Interval) -> bool:
        """Whether every number of this one lies in the other."""
        return other.start <= self.start and self.end <= other.end

    def whole(self) -> Interval:
        """The same for whole numbers, every cut just before a whole number: 3以下 and 不足4 become one."""
        return Interval(_up(self.start), _up(self.end))

    def words(self, unit: str = "", *, whole: bool = False) -> str:
        """As a benchmark writes it, with the unit: 100人以上不足300人, 4至10人, 不足5万元."""
        if whole:
            return self._whole_words(unit)
        return _bounded(_lower(self.start, unit), _upper(self.end, unit))

    def _whole_words(self, unit: str) -> str:
        own = self.whole()
        least = None if own.start.value == -INFINITE else own.start.value
        most = None if own.end.value == INFINITE else own.end.value - 1
        if least is not None and least == most:
            return _figure(least, unit)
        if most is not None and most >= _SMALL:  # 100人以上不足300人 reads better than 100至299人
            return (f"{_figure(least, unit)}以上" if least else "") + f"不足{_figure(most + 1, unit)}"
        if least is not None and most is not None:
            return f"{_bare(least)}至{_figure(most, unit)}"
        if least is not None:
            return f"{_figure(least, unit)}以上"
        return "不限" if most is None else f"{_figure(most, unit)}以下"


def _up(cut: Cut) -> Cut:
    if abs(cut.value) == INFINITE:
        return cut
    floor = cut.value.to_integral_value(rounding="ROUND_FLOOR")
    behind = cut.after or cut.value != floor
    return Cut(floor + 1 if behind else floor)


def _bare(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _figure(value: Decimal, unit: str) -> str:
    """A figure with its unit; yuan in 万元 where that is shorter."""
    if unit == "元" and value >= TEN_THOUSAND and value % 1000 == 0:
        return f"{_bare(value / TEN_THOUSAND)}万元"
    return f"{_bare(value)}{unit}"


def _lower(cut: Cut, unit: str) -> str:
    if cut.value == -INFINITE:
        return ""
    return f"超过{_figure(cut.value, unit)}" if cut.after else f"{_figure(cut.value, unit)}以上"


def _upper(cut: Cut, unit: str) -> str:
    if cut.value == INFINITE:
        return ""
    return f"{_figure(cut.value, unit)}以下" if cut.after else f"不足{_figure(cut.value, unit)}"


def _bounded(lower: str, upper: str) -> str:
    if lower.startswith("超过") and upper.endswith("以下"):
        upper = "不超过" + upper.removesuffix("以下")
    return lower + upper or "不限"


# --- reading --------------------------------------------------------------------------------------------------------

_N = r"(\d+(?:\.\d+)?)\s*([万亿])?"
_U = r"[^\d\s]{0,6}?"
_LOWER = (
    (re.compile(rf"(?:超过|高于|多于|大于){_N}{_U}"), True),
    (re.compile(rf"(?:不低于|不少于|不小于|满){_N}{_U}"), False),
    (re.compile(rf"{_N}{_U}(?:以上|及以上)(?:（含）)?"), False),
)
_UPPER = (
    (re.compile(rf"(?:不足|低于|少于|小于|不满|未满){_N}{_U}"), False),
    (re.compile(rf"(?:不超过|不高于|不多于|至多){_N}{_U}"), True),
    (re.compile(rf"{_N}{_U}(?:以下|以内|及以下)(?:（含）)?"), True),
)
_BETWEEN = re.compile(rf"{_N}{_U}\s*(?:至|到|-|–|—|~)\s*{_N}{_U}")
_ONE = re.compile(rf"{_N}{_U}")


def _number(figure: str, ten_thousand: str | None) -> Decimal:
    try:
        value = Decimal(figure)
    except InvalidOperation:
        raise WordingError(f"“{figure}”不是数字") from None
    return value * {"万": TEN_THOUSAND, "亿": TEN_THOUSAND**2}.get(ten_thousand or "", Decimal(1))


def read_interval(text: str) -> Interval:
    """The range a benchmark's words mean: 不足100, 100以上不足300, 超过5万不超过10万, 4至10, 3以下, 2.

    不足, 低于, 不满 exclude the figure and 超过, 高于 too; 以上, 以下, 以内, 不超过, 不少于 include it, and so does 至 at both
    ends. 万 and 亿 multiply. WordingError, in Chinese, for anything else.
    """
    plain = re.sub(r"\s+", "", text)
    if plain == "不限":
        return Interval()
    for pattern, after in _LOWER:
        if match := pattern.match(plain):
            start = Cut(_number(match[1], match[2]), after)
            rest = plain[match.end() :].removeprefix("，").removeprefix("、")
            if not rest:
                return Interval(start)
            for closing, behind in _UPPER:
                if ending := closing.fullmatch(rest):
                    return Interval(start, Cut(_number(ending[1], ending[2]), behind))
    for pattern, after in _UPPER:
        if match := pattern.fullmatch(plain):
            return Interval(end=Cut(_number(match[1], match[2]), after))
    if match := _BETWEEN.fullmatch(plain):
        shared = match[2] or match[4]  # 3–5万: both are
        return Interval(Cut(_number(match[1], shared)), Cut(_number(match[3], match[4]), True))
    if match := _ONE.fullmatch(plain):
        value = _number(match[1], match[2])
        return Interval(Cut(value), Cut(value, True))
    raise WordingError(f"“{text}”不能识别为范围，写法如：不足100、100以上不足300、超过5、4至10、3以下、2")
