"""The statutes that code and content cite, as values: ``from fadu.law.statutes import APL`` then ``APL[57, 1, 4]``.

The date is the day the version came into force whose article numbers are cited; the whole history of versions, with
sources, is content (``fadu/law/data/statutes.yaml``).
"""

from datetime import date

from fadu.law.citations import REPUBLIC, Statute, register


def _law(code: str, short: str, since: date, *aliases: str) -> Statute:
    return register(Statute(code, short, REPUBLIC + short, since, aliases))


def _rule(code: str, title: str, since: date, *aliases: str) -> Statute:
    return register(Statute(code, title, title, since, aliases))


# Laws that every procedure stands on.
APL = _law("APL", "行政处罚法", date(2021, 7, 15))
ACL = _law("ACL", "行政强制法", date(2012, 1, 1))
ARL = _law("ARL", "行政复议法", date(2024, 1, 1))
LIT = _law("LIT", "行政诉讼法", date(2017, 7, 1))
CPL = _law("CPL", "民事诉讼法", date(2024, 1, 1))
PERMIT = _law("PERMIT", "行政许可法", date(2019, 4, 23))
COMPENSATION = _law("COMPENSATION", "国家赔偿法", date(2013, 1, 1))
PUBLIC_SECURITY = _law("PUBLIC_SECURITY", "治安管理处罚法", date(2026, 1, 1))
CRIMINAL = _law("CRIMINAL", "刑法", date(1997, 10, 1))
ARCHIVES = _law("ARCHIVES", "档案法", date(2021, 1, 1))

# Laws of the field.
WSL = _law("WSL", "安全生产法", date(2021, 9, 1))
EMERGENCY = _law("EMERGENCY", "突发事件应对法", date(2024, 11, 1))
HAZCHEM = _law("HAZCHEM", "危险化学品安全法", date(2026, 5, 1))
MINES = _law("MINES", "矿山安全法", date(2009, 8, 27))
FIRE = _law("FIRE", "消防法", date(2021, 4, 29))
FLOOD = _law("FLOOD", "防洪法", date(2016, 7, 2))
WEATHER = _law("WEATHER", "气象法", date(2016, 11, 7))

# Regulations of the State Council.
TRANSFER = _rule(
    "TRANSFER", "行政执法机关移送涉嫌犯罪案件的规定", date(2020, 8, 7), "移送涉嫌犯罪案件的规定", "移送规定"
)
ARL_RULES = register(
    Statute("ARL_RULES", "行政复议法实施条例", REPUBLIC + "行政复议法实施条例", date(2026, 7, 1), ("复议法实施条例",))
)
SUPERVISION = _rule("SUPERVISION", "行政执法监督条例", date(2026, 2, 1))
FINE_COLLECTION = _rule("FINE_COLLECTION", "罚款决定与罚款收缴分离实施办法", date(1998, 1, 1))
DISCLOSURE = register(
    Statute("DISCLOSURE", "政府信息公开条例", REPUBLIC + "政府信息公开条例", date(2019, 5, 15), ("信息公开条例",))
)
MAJOR_DECISIONS = _rule("MAJOR_DECISIONS", "重大行政决策程序暂行条例", date(2019, 9, 1))
RECORD_FILING = _rule("RECORD_FILING", "法规规章备案审查条例", date(2024, 11, 1))
ARCHIVES_RULES = register(Statute("ARCHIVES_RULES", "档案法实施条例", REPUBLIC + "档案法实施条例", date(2024, 3, 1)))
LICENCE = _rule("LICENCE", "安全生产许可证条例", date(2014, 7, 29))
ACCIDENT = _rule("ACCIDENT", "生产安全事故报告和调查处理条例", date(2007, 6, 1), "事故条例")
ACCIDENT_RESPONSE = _rule("ACCIDENT_RESPONSE", "生产安全事故应急条例", date(2019, 4, 1))
HAZCHEM_RULES = _rule("HAZCHEM_RULES", "危险化学品安全管理条例", date(2013, 12, 7))
PRECURSORS = _rule("PRECURSORS", "易制毒化学品管理条例", date(2018, 9, 18))
FIREWORKS = _rule("FIREWORKS", "烟花爆竹安全管理条例", date(2016, 2, 6))
COAL = _rule("COAL", "煤矿安全生产条例", date(2024, 5, 1))
COAL_OLD = _rule("COAL_OLD", "国务院关于预防煤矿生产安全事故的特别规定", date(2013, 7, 18))
COAL_INSPECTION = _rule("COAL_INSPECTION", "煤矿安全监察条例", date(2013, 7, 18))
GEOHAZARD = _rule("GEOHAZARD", "地质灾害防治条例", date(2004, 3, 1))
DROUGHT = register(Statute("DROUGHT", "抗旱条例", REPUBLIC + "抗旱条例", date(2009, 2, 26)))
FOREST_FIRE = _rule("FOREST_FIRE", "森林防火条例", date(2009, 1, 1))
WEATHER_DISASTER = _rule("WEATHER_DISASTER", "气象灾害防御条例", date(2017, 10, 7))

# Rules and judicial interpretations.
PROCURATOR_TRANSFER = _rule(
    "PROCURATOR_TRANSFER",
    "人民检察院办理行政执法机关移送涉嫌犯罪案件的规定",
    date(2001, 12, 3),
    "检察院办理移送案件规定",
)
SAFETY_CRIMES = _rule(
    "SAFETY_CRIMES",
    "最高人民法院、最高人民检察院关于办理危害生产安全刑事案件适用法律若干问题的解释",
    date(2015, 12, 16),
    "法释2015-22",
)
SAFETY_CRIMES_2 = _rule(
    "SAFETY_CRIMES_2",
    "最高人民法院、最高人民检察院关于办理危害生产安全刑事案件适用法律若干问题的解释（二）",
    date(2022, 12, 19),
    "法释2022-19",
)
LIT_INTERPRETATION = _rule(
    "LIT_INTERPRETATION",
    "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释",
    date(2018, 2, 8),
    "行政诉讼法解释",
)
MARKET_PUBLICITY = _rule("MARKET_PUBLICITY", "市场监督管理行政处罚信息公示规定", date(2021, 9, 1))
# The ministry's order that replaced the former measures on 2026-02-01: its text and article numbers are not at hand.
WORK_SAFETY_PENALTIES = _rule(
    "WORK_SAFETY_PENALTIES", "安全生产违法行为行政处罚办法", date(2026, 2, 1), "应急管理部令第18号"
)
HAZARD_RULES = _rule("HAZARD_RULES", "安全生产事故隐患排查治理暂行规定", date(2008, 2, 1), "隐患排查治理暂行规定")
