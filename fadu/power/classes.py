"""The seven classes of powers, the levels of government that hold them and the grades of integrity risk [pure]."""

from __future__ import annotations

from enum import StrEnum


class PowerClass(StrEnum):
    """职权类别, in the order of the list."""

    PERMIT = "行政许可"
    PENALTY = "行政处罚"
    COMPULSION = "行政强制"
    INSPECTION = "行政检查"
    CONFIRMATION = "行政确认"
    AWARD = "行政奖励"
    OTHER = "其他权力"


class Holder(StrEnum):
    """The level of government whose bureau holds a power."""

    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"

    @property
    def level(self) -> str:
        """The level as an organ bears it."""
        return {"省": "province", "市": "city", "县": "county"}[self.value]


class Risk(StrEnum):
    """廉政风险等级."""

    HIGH = "高"
    MIDDLE = "中"
    LOW = "低"
