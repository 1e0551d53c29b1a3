"""What comes of reading one cell: the value to store, whether it was changed on the way, and what is wrong [pure]."""

from __future__ import annotations

from typing import NamedTuple

from fadu.subject.ledger.sheet import Cell, Kind

# code → (whether it makes the row fail, what it means); docs/enterprise-import.md prints this table
FINDINGS: dict[str, tuple[bool, str]] = {
    "name_missing": (True, "没有企业名称"),
    "name_too_long": (True, "企业名称超过100个字"),
    "code_missing": (True, "没有统一社会信用代码"),
    "code_number": (True, "代码存成了数字，末几位已经丢失"),
    "code_registration_number": (True, "填的是15位的旧注册号"),
    "code_length": (True, "代码不是18位"),
    "code_letter": (True, "代码里有不会出现的字母I、O、S、V、Z"),
    "code_character": (True, "代码里有不会出现的符号，或者行政区划位不是数字"),
    "code_check": (True, "代码的校验位不对"),
    "code_duplicate": (True, "代码和前面的行重复"),
    "date_impossible": (True, "写全了年月日，但是没有这一天"),
    "county_missing": (True, "没有所属县区"),
    "county_unknown": (True, "不是本市的县区"),
    "county_not_yours": (True, "不在您所在机关的管辖区域"),
    "kept_by_other_organ": (True, "已经由您管辖区域以外的机关监管"),
    "number_approximate": (False, "约数或者范围，没有采用"),
    "number_unreadable": (False, "不是数，没有采用"),
    "date_partial": (False, "只有年或者年月，没有采用"),
    "date_unreadable": (False, "不是日期，没有采用"),
    "date_future": (False, "日期在今天以后"),
    "date_order": (False, "止期早于起期"),
    "county_zone": (False, "开发区不是县区，县区留空"),
    "county_not_read": (False, "县区的公式没有结果，县区留空"),
    "township_unknown": (False, "县区里没有这个乡镇（街道），没有采用"),
    "risk_unknown": (False, "不是四级风险之一，没有采用"),
    "phone_unreadable": (False, "不是电话号码，没有采用"),
    "coordinate_unreadable": (False, "不是经纬度，没有采用"),
    "coordinate_alone": (False, "经度和纬度只有一个，没有采用"),
    "coordinate_far": (False, "不在本市范围"),
    "choice_unknown": (False, "不是系统里的选项，没有采用"),
    "text_too_long": (False, "太长，没有采用"),
    "formula_without_value": (False, "公式没有计算结果，没有采用"),
    "cell_error": (False, "单元格是错误值，没有采用"),
    "code_other_county": (False, "代码里的行政区划是别的县区"),
    "code_organisation": (False, "代码第9至17位（组织机构代码）的校验位不对"),
    "name_repeated": (False, "和别的行同名而代码不同"),
    "row_hidden": (False, "这一行在表里是隐藏的，仍然读取"),
}


class Finding(NamedTuple):
    """Something to tell at a cell: a key of ``FINDINGS`` and the sentence that says what to do."""

    code: str
    message: str

    @property
    def is_error(self) -> bool:
        """Whether it makes the row fail."""
        return FINDINGS[self.code][0]


class Reading(NamedTuple):
    """``value`` is None where nothing is stored; ``fixed`` where what is stored is not what was written."""

    value: object = None
    fixed: bool = False
    finding: Finding | None = None


NOTHING = Reading()


def told(code: str, message: str, value: object = None, *, fixed: bool = False) -> Reading:
    """A reading with a finding."""
    return Reading(value, fixed, Finding(code, message))


def written(cell: Cell | None) -> str:
    """The cell as a person sees it, near enough; an empty text for an empty cell."""
    if cell is None:
        return ""
    kind, value = cell
    if kind is Kind.NUMBER:
        return f"{value:.15g}" if abs(float(value)) < 1e15 else f"{value:.0f}"  # type: ignore[arg-type]
    if kind in (Kind.DATE, Kind.MONTH):
        return value.isoformat(" ").removesuffix(" 00:00:00")  # type: ignore[union-attr]
    if kind is Kind.BOOLEAN:
        return "TRUE" if value else "FALSE"
    return str(value)


def without_value(cell: Cell) -> Reading | None:
    """The reading of a cell that holds a formula without a result or an error value; None for any other."""
    if cell.kind is Kind.FORMULA:
        return told(
            "formula_without_value", "公式没有计算结果，这一项留空；请在 Excel 里重新计算后保存，或者改成数值。"
        )
    if cell.kind is Kind.ERROR:
        return told("cell_error", f"单元格是错误值{cell.value}，这一项留空；请改成正确的内容。")
    return None
