"""Single values of a question as people write them: amounts, days, yes and no, numbers, names of organs. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from fadu.law.provisions import Organ, Titled

E = TypeVar("E", bound=Titled)
LARGEST = Decimal(10) ** 15


class InputError(ValueError):
    """A question that cannot be read: which field, and what is wrong with it in Chinese."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}：{problem}")


# --- single values --------------------------------------------------------------------------------------------------

_UNITS = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
_AMOUNT = re.compile(r"(?:人民币|¥|￥)?\s*([0-9]+(?:\.[0-9]+)?)\s*(元|万元?|亿元?)?整?")
WIDE = str.maketrans("０１２３４５６７８９．，－（）／", "0123456789.,-()/")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?")
YES = {"true", "yes", "是", "有", "1"}
NO = {"false", "no", "否", "无", "没有", "0", ""}


def amount(field: str, value: Any) -> Decimal | None:
    """An amount of yuan, 0 or more: 50000, "50,000元", "5万元"; None when not given."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise InputError(field, "应为金额")
    text, unit = str(value).translate(WIDE).replace(",", "").strip(), ""
    if text in ("无", "没有"):
        return Decimal(0)
    if isinstance(value, str):
        match = _AMOUNT.fullmatch(text)
        if not match:
            raise InputError(field, f"“{value[:40]}”不是金额，请写作50000或者5万元")
        text, unit = match[1], match[2] or ""
    try:
        number = Decimal(text) * _UNITS[unit]
    except InvalidOperation:
        raise InputError(field, "应为金额") from None
    if not number.is_finite() or not 0 <= number <= LARGEST:
        raise InputError(field, "金额应不小于零且不超过一千万亿元")
    return number


def day(field: str, value: Any) -> date | None:
    """A day: 2026-05-01, 2026/5/1, 2026年5月1日; None when not given."""
    if value is None or value == "":
        return None
    match = _DAY.fullmatch(value.translate(WIDE).strip()) if isinstance(value, str) else None
    try:
        return date(*map(int, match.groups())) if match else _refuse_day(field, value)
    except ValueError:
        return _refuse_day(field, value)


def _refuse_day(field: str, value: Any) -> date:
    raise InputError(field, f"“{str(value)[:40]}”不是日期，请写作2026-05-01")


def flag(field: str, value: Any) -> bool | None:
    """True or false, also as 是、否; None when not given."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | str) and str(value).strip().lower() in YES | NO:
        return str(value).strip().lower() in YES
    raise InputError(field, "应为true或者false")


def given(field: str, value: Any) -> bool:
    """Whether a sanction is imposed: true, any text that is no “no”, any number above zero."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, int | float):
        if not value >= 0:
            raise InputError(field, "应为true、文字或者不小于零的数")
        return value > 0
    if isinstance(value, str):
        return value.strip().lower() not in NO
    if isinstance(value, list | dict):
        return bool(value)
    raise InputError(field, "应为true、文字或者数")


def whole(field: str, value: Any) -> int | None:
    """A whole number of days or persons, 0 or more; None when not given."""
    if value is None or value == "":
        return None
    text = str(value).translate(WIDE).strip().removesuffix("天").removesuffix("日")
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}(\.0+)?", text):
        raise InputError(field, f"“{str(value)[:40]}”不是整数")
    return int(Decimal(text))


def choice(field: str, value: Any, kind: type[E], aliases: Mapping[str, E]) -> E | None:
    """A member by its value, its Chinese title or an alias; None when not given."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value.strip()
        for member in kind:
            if text.lower() == member.value or text == member.title_zh:
                return member
        if text in aliases:
            return aliases[text]
    known = "、".join(member.value for member in kind)
    raise InputError(field, f"“{str(value)[:40]}”不在可用值之中（{known}）")


# --- organs ---------------------------------------------------------------------------------------------------------

# By the first word that occurs in the name; the order matters where one name contains another.
_ORGANS: tuple[tuple[str, Organ], ...] = (
    ("应急", Organ.EMERGENCY), ("安全生产监督", Organ.EMERGENCY), ("安监", Organ.EMERGENCY),
    ("消防", Organ.FIRE), ("公安", Organ.PUBLIC_SECURITY), ("住房", Organ.HOUSING), ("住建", Organ.HOUSING),
    ("建设", Organ.HOUSING), ("人民政府", Organ.GOVERNMENT), ("海事", Organ.MARITIME), ("港口", Organ.PORT),
    ("交通", Organ.TRANSPORT), ("市场监", Organ.MARKET), ("工商", Organ.MARKET), ("质监", Organ.MARKET),
    ("生态环境", Organ.ECOLOGY), ("环保", Organ.ECOLOGY), ("环境保护", Organ.ECOLOGY), ("矿山安全", Organ.MINE_SAFETY),
    ("能源", Organ.ENERGY), ("煤炭", Organ.ENERGY), ("工业和信息", Organ.INDUSTRY), ("工信", Organ.INDUSTRY),
    ("自然资源", Organ.NATURAL_RESOURCES), ("水利", Organ.WATER), ("水务", Organ.WATER), ("农业", Organ.AGRICULTURE),
    ("民航", Organ.CIVIL_AVIATION), ("民用航空", Organ.CIVIL_AVIATION), ("铁路", Organ.RAILWAY), ("邮政", Organ.POST),
    ("卫生", Organ.HEALTH), ("卫健", Organ.HEALTH), ("药品", Organ.DRUG), ("药监", Organ.DRUG), ("商务", Organ.COMMERCE),
    ("海关", Organ.CUSTOMS), ("监察", Organ.SUPERVISION), ("税务", Organ.TAX), ("法院", Organ.COURT), ("政府", Organ.GOVERNMENT),
)  # fmt: skip
# By the first part that occurs in an English name that is no code of ours.
_ORGAN_ALIASES = {
    "emergency": Organ.EMERGENCY, "police": Organ.PUBLIC_SECURITY, "public_security": Organ.PUBLIC_SECURITY,
    "fire": Organ.FIRE, "construction": Organ.HOUSING, "housing": Organ.HOUSING, "government": Organ.GOVERNMENT,
    "traffic": Organ.TRANSPORT, "transport": Organ.TRANSPORT, "harbour": Organ.PORT, "maritime": Organ.MARITIME,
    "market": Organ.MARKET, "environment": Organ.ECOLOGY, "ecolog": Organ.ECOLOGY, "mine": Organ.MINE_SAFETY,
    "coal": Organ.ENERGY, "energy": Organ.ENERGY, "industry": Organ.INDUSTRY, "resource": Organ.NATURAL_RESOURCES,
    "water": Organ.WATER, "agricult": Organ.AGRICULTURE, "aviation": Organ.CIVIL_AVIATION, "rail": Organ.RAILWAY,
    "post": Organ.POST, "health": Organ.HEALTH, "drug": Organ.DRUG, "commerce": Organ.COMMERCE, "tax": Organ.TAX,
    "customs": Organ.CUSTOMS, "court": Organ.COURT,
}  # fmt: skip


def organ(field: str, value: Any) -> Organ | None:
    """The organ by its code or by a Chinese name; one that is not told apart counts as another department."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise InputError(field, "应为机关")
    text = value.strip()
    if text.lower() in set(Organ):
        return Organ(text.lower())
    lower = text.lower()
    words = (*_ORGANS, *_ORGAN_ALIASES.items())
    return next((found for word, found in words if word in lower), Organ.OTHER)
