"""Fields of enforcement papers: their types, how a value is checked, and the Chinese message a wrong one gets.

Pure: no Django. A paper's context is plain JSON (text, numbers, lists, dicts), so that it can be frozen and compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeAlias

Context: TypeAlias = Mapping[str, Any]
Errors: TypeAlias = dict[str, str]

MAX_TEXT = 300
MAX_LONG = 20_000
MAX_ROWS = 300
MAX_MONEY = Decimal("1000000000000")


class FieldType(Enum):
    """What kind of value a field holds; the value is the Chinese word shown to whoever edits kinds."""

    TEXT = "短文本"
    LONG = "长文本"
    DATE = "日期"
    MOMENT = "日期和时间"
    MONEY = "金额（元）"
    INTEGER = "整数"
    FLAG = "是否"
    CHOICE = "选项"
    LINES = "逐条文本"
    ROWS = "表格"
    OFFICERS = "执法人员"


@dataclass(frozen=True)
class Field:
    """One field of a paper.

    ``late``: known only when the paper is issued (opinions and signatures of an approval), so a draft may lack it.
    ``only_for``: asked only of a ``unit`` or only of a ``person``. ``element``: the article that demands the field.
    """

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    late: bool = False
    only_for: str | None = None
    element: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[Field, ...] = ()
    minimum: int = 1

    def applies_to(self, context: Context) -> bool:
        """Whether this party (``party_kind``) is asked for the field at all."""
        return self.only_for is None or context.get("party_kind") == self.only_for

    def missing_message(self, title: str) -> str:
        """The sentence shown at the field when it is empty, with the article where one demands it."""
        if self.element:
            return f"缺少“{self.label}”，不得制作《{title}》（{self.element}）"
        return f"请填写“{self.label}”"


def text(name: str, label: str, **options: Any) -> Field:
    """A single line."""
    return Field(name, label, FieldType.TEXT, **options)


def long(name: str, label: str, **options: Any) -> Field:
    """Running text; line breaks make paragraphs."""
    return Field(name, label, FieldType.LONG, **options)


def day(name: str, label: str, **options: Any) -> Field:
    """A calendar date, stored as 2026-01-31."""
    return Field(name, label, FieldType.DATE, **options)


def moment(name: str, label: str, **options: Any) -> Field:
    """A date with hour and minute, stored as 2026-01-31T09:30."""
    return Field(name, label, FieldType.MOMENT, **options)


def money(name: str, label: str, **options: Any) -> Field:
    """An amount in yuan, stored as a decimal string."""
    return Field(name, label, FieldType.MONEY, **options)


def integer(name: str, label: str, **options: Any) -> Field:
    """A whole number of at least 1."""
    return Field(name, label, FieldType.INTEGER, **options)


def flag(name: str, label: str, **options: Any) -> Field:
    """Yes or no; an absent flag is no."""
    return Field(name, label, FieldType.FLAG, **{"required": False, **options})


def choice(name: str, label: str, *choices: str, **options: Any) -> Field:
    """One of a fixed set of Chinese words."""
    return Field(name, label, FieldType.CHOICE, choices=choices, **options)


def lines(name: str, label: str, **options: Any) -> Field:
    """Numbered points, one text each."""
    return Field(name, label, FieldType.LINES, **options)


def rows(name: str, label: str, *columns: Field, **options: Any) -> Field:
    """A table: a list of dicts with the given columns."""
    return Field(name, label, FieldType.ROWS, columns=columns, **options)


def officers(name: str = "officers", label: str = "执法人员", *, minimum: int = 2, **options: Any) -> Field:
    """Officers with certificate number; two different persons unless said otherwise (《行政处罚法》第四十二条第一款)."""
    columns = (text("name", "姓名"), text("certificate", "执法证号"))
    return Field(name, label, FieldType.OFFICERS, columns=columns, minimum=minimum, **options)


def is_empty(value: Any) -> bool:
    """Whether nothing was written: None, blank text, or a list of nothing."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    if isinstance(value, Sequence):
        return all(is_empty(part) for part in value)
    return False


def plain(value: Any) -> Any:
    """A value as JSON holds it: dates in ISO form, Decimal as text, tuples as lists."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part) for part in value]
    return value


def problem(field: Field, value: Any) -> str | None:
    """What is wrong with a non-empty value of this field, as a Chinese sentence; None when it is good."""
    match field.type:
        case FieldType.TEXT:
            return _text_problem(field, value, MAX_TEXT)
        case FieldType.LONG:
            return _text_problem(field, value, MAX_LONG)
        case FieldType.DATE:
            return None if _is_day(value) else f"“{field.label}”应为日期，例如 2026-01-31"
        case FieldType.MOMENT:
            return None if _is_moment(value) else f"“{field.label}”应为日期和时间，例如 2026-01-31 09:30"
        case FieldType.MONEY:
            return _money_problem(field, value)
        case FieldType.INTEGER:
            whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
            return None if whole else f"“{field.label}”应为不小于1的整数"
        case FieldType.FLAG:
            return None if isinstance(value, bool) else f"“{field.label}”应为是或者否"
        case FieldType.CHOICE:
            return None if value in field.choices else f"“{field.label}”应为：{'、'.join(field.choices)}"
        case FieldType.LINES:
            return _lines_problem(field, value)
        case FieldType.ROWS:
            return _rows_problem(field, value)
        case FieldType.OFFICERS:
            return _rows_problem(field, value) or _same_officer_problem(field, value)


def _text_problem(field: Field, value: Any, limit: int) -> str | None:
    if not isinstance(value, str):
        return f"“{field.label}”应为文字"
    return f"“{field.label}”不得超过{limit}字（现有{len(value)}字）" if len(value) > limit else None


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)  # the compact 20260131 is not how a paper stores it
    except (TypeError, ValueError):
        return False


def _is_moment(value: Any) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return len(value) >= len("2026-01-31T09:30")


def _money_problem(field: Field, value: Any) -> str | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return f"“{field.label}”应为金额，例如 60000 或者 60000.50"
    if not amount.is_finite() or amount < 0 or amount >= MAX_MONEY or amount != amount.quantize(Decimal("0.01")):
        return f"“{field.label}”应为不小于零、最多两位小数的金额"
    return None


def _lines_problem(field: Field, value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        return f"“{field.label}”应逐条填写"
    if len(value) > MAX_ROWS:
        return f"“{field.label}”不得超过{MAX_ROWS}条"
    for number, line in enumerate(value, 1):
        if not line.strip():
            return f"“{field.label}”第{number}条为空"
        if len(line) > MAX_LONG:
            return f"“{field.label}”第{number}条不得超过{MAX_LONG}字"
    return None


def _rows_problem(field: Field, value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return f"“{field.label}”应为表格"
    if len(value) > MAX_ROWS:
        return f"“{field.label}”不得超过{MAX_ROWS}行"
    known = {column.name for column in field.columns}
    for number, row in enumerate(value, 1):
        if strange := set(row) - known:
            return f"“{field.label}”第{number}行有未知的列：{'、'.join(sorted(strange))}"
        for column in field.columns:
            cell = row.get(column.name)
            if is_empty(cell):
                if column.required:
                    return f"“{field.label}”第{number}行缺少“{column.label}”"
            elif wrong := problem(column, cell):
                return f"“{field.label}”第{number}行：{wrong}"
    if len(value) < field.minimum:
        article = (
            "（《行政处罚法》第四十二条第一款）" if field.type is FieldType.OFFICERS and field.minimum == 2 else ""
        )
        return f"“{field.label}”不得少于{field.minimum}{'人' if field.type is FieldType.OFFICERS else '行'}{article}"
    return None


def _same_officer_problem(field: Field, value: list[dict[str, Any]]) -> str | None:
    certificates = [row["certificate"].strip() for row in value]
    if len(set(certificates)) < len(certificates):
        return f"“{field.label}”的执法证号重复：应为不同的人员（《行政处罚法》第四十二条第一款）"
    return None
