"""Four hundred invented enterprises, spread over the townships of the real divisions."""

from __future__ import annotations

from random import Random

from fadu.demo.people import Staff
from fadu.org.models import Division
from fadu.subject import services, uscc
from fadu.subject.models import Subject

STEMS = (
    "甲山",
    "乙川",
    "丙岭",
    "丁坪",
    "戊水",
    "己原",
    "庚台",
    "辛塬",
    "壬川",
    "癸坡",
    "子沟",
    "丑岩",
    "寅峪",
    "卯原",
    "辰峰",
    "巳湾",
    "午岗",
    "未林",
    "申渡",
    "酉坪",
)
TRADES = {
    "coal": ("煤业", "矿业"), "mine": ("采石", "铁矿"), "hazchem": ("化工", "气体", "加油站"), "fireworks": ("烟花爆竹经营部",),
    "industry": ("机械制造", "铸造", "粉体", "木业", "粮油", "建材"), "other": ("商贸", "仓储"),
}  # fmt: skip


def build(staffs: list[Staff], random: Random, count: int = 400) -> list[Subject]:
    """Register ``count`` enterprises; the larger ones answer to the city, the rest to their county."""
    townships = {
        s.organ.division_id: list(Division.objects.filter(parent=s.organ.division_id).order_by("code"))
        for s in staffs[1:]
    }
    found = []
    for number in range(count):
        staff = staffs[1 + number % 12]
        sector = random.choice(tuple(TRADES))
        trade = random.choice(TRADES[sector])
        serial = f"{ORDINAL[number // 20 % 10]}{ORDINAL[number // 200]}" if number >= 20 else ""
        tail = "" if trade.endswith(("部", "站")) else "有限公司"
        body = f"91140400MA0{number + 1:06}"
        supervising = staffs[0].organ if number % 4 == 0 else staff.organ
        found.append(services.register(
            {
                "kind": "unit", "name": f"示例{STEMS[number % 20]}{serial}{trade}{tail}", "uscc": body + uscc.check_character(body), "sector": sector,
                "risk": random.choice("12334"),
                "legal_representative": f"{random.choice('郑冯褚卫蒋沈韩朱')}示甲", "principal": f"{random.choice('秦尤许何吕施曹严')}示乙",
                "safety_officer": f"{random.choice('华金魏陶姜戚谢邹')}示丙", "division": random.choice(townships[staff.organ.division_id]),
                "organ": supervising, "address": f"示例工业园{number + 1}号", "workforce": random.randint(8, 900),
            },
            by=None,
        ))  # fmt: skip
    return found


ORDINAL = "一二三四五六七八九十"
