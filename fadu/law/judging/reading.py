"""Reading a question from JSON as people write it: names, numerals, dates and amounts in any usual form. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fadu.law.citations import CitationError, Statute, from_numerals, statute_named
from fadu.law.judging.grounds import ground
from fadu.law.judging.question import CaseFacts, PartyKind, PersonFine, Question, Role, Sanctions
from fadu.law.judging.values import NO, WIDE, InputError, amount, choice, day, flag, given, organ, whole
from fadu.law.provisions import Grade

T = TypeVar("T")

# --- the place ------------------------------------------------------------------------------------------------------


def _statute(value: Any) -> tuple[str, Statute | None]:
    if not isinstance(value, str) or not value.strip():
        raise InputError("law", "请写明法律名称")
    name = re.sub(r"\s", "", value).strip("《》")
    # A version may stand behind the name: 安全生产法（2021年修正). The day of the act decides, not the label.
    for tried in (name, re.sub(r"[（(][^（）()]*[）)]》?$", "", name).strip("《》")):
        try:
            return name, statute_named(tried)
        except CitationError:
            continue
    return name, None


_PLACE = re.compile(
    r"(?:第)?([0-9〇零一二两三四五六七八九十百千]+)(?:条)?(?:(?:之|-)([0-9一二三四五六七八九十]+))?(?:条)?"
)


def _number(value: Any, unit: str) -> tuple[int, int | None]:
    """The number of an article, paragraph or item and its 之一; 0 stands for a numeral that no statute has."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    text = re.sub(r"[\s（）()]", "", str(value).translate(WIDE))
    text = text.removesuffix(unit) if unit != "条" else text
    if re.fullmatch(r"-?0+|-[0-9]+", text):
        return 0, None
    match = _PLACE.fullmatch(text)
    if not match:
        raise ValueError
    # What is too large to be a numeral of ours is an article that no statute has.
    main = int(match[1]) if match[1].isdecimal() else from_numerals(match[1])
    return min(main, 99_999), from_numerals(match[2]) if match[2] else None


def _part(field: str, value: Any, unit: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        return _number(value, unit)[0]
    except ValueError:
        raise InputError(field, f"“{str(value)[:40]}”不是{unit}的序号") from None


def _article(value: Any) -> tuple[int, int | None, int | None, int | None]:
    """Article and 之一; a paragraph and an item when they are written in one text (第九十七条第一款第四项)."""
    if value is None or value == "":
        raise InputError("article", "请写明条的序号，如97")
    paragraph = item = None
    if isinstance(value, str):
        match = re.fullmatch(r"(.+?条(?:之.)?)(?:第(.+?)款)?(?:第(.+?)项)?", re.sub(r"\s", "", value))
        if match and (match[2] or match[3]):
            value = match[1]
            paragraph, item = _part("paragraph", match[2], "款"), _part("item", match[3], "项")
    try:
        number, bis = _number(value, "条")
    except ValueError:
        raise InputError("article", f"“{str(value)[:40]}”不是条的序号，请写作97或者第九十七条") from None
    return number, bis, paragraph, item


# --- names ----------------------------------------------------------------------------------------------------------

_GRADES = {
    "一般": Grade.ORDINARY, "较大": Grade.LARGER, "重大": Grade.MAJOR, "特别重大": Grade.EXTRAORDINARY,
}  # fmt: skip
_PARTIES = {
    "公司": PartyKind.COMPANY, "单位": PartyKind.COMPANY, "unit": PartyKind.COMPANY, "enterprise": PartyKind.COMPANY,
    "个人": PartyKind.PERSON, "公民": PartyKind.PERSON, "individual": PartyKind.PERSON, "其他": PartyKind.OTHER,
}  # fmt: skip
_ROLES: dict[str, Role] = {"投资人": Role.INVESTOR, "个人": Role.CITIZEN}


def _summary(value: Any) -> bool | None:
    if value is None or value == "":
        return None
    known = {"summary": True, "ordinary": False, "简易": True, "简易程序": True, "普通": False, "普通程序": False}
    if not isinstance(value, str) or value.strip() not in known:
        raise InputError("facts.procedure", "应为summary或者ordinary")
    return known[value.strip()]


def _fined_by(value: Any) -> str:
    """By whom the same act was fined already, "" when by nobody."""
    if value is None or value is False:
        return ""
    if isinstance(value, str):
        return "" if value.strip().lower() in NO | {"none", "null"} else value.strip()[:60]
    if isinstance(value, list | dict):
        return "其他机关" if value else ""
    return "其他机关"


# --- the whole ------------------------------------------------------------------------------------------------------


def _mapping(field: str, value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(field, "应为对象")
    return value


def _persons(value: Any) -> tuple[PersonFine, ...]:
    if value is None:
        return ()
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise InputError("sanctions.fines_persons", "应为列表")
    found = []
    for index, entry in enumerate(value):
        field = f"sanctions.fines_persons[{index}]"
        row = _mapping(field, entry)
        role = choice(f"{field}.role", row.get("role"), Role, _ROLES)
        if fine := amount(f"{field}.amount", row.get("amount")):
            found.append(PersonFine(role, fine))
    return tuple(found)


def _sanctions(row: Mapping[str, Any]) -> Sanctions:
    def at(key: str) -> tuple[str, Any]:
        return f"sanctions.{key}", row.get(key)

    confiscation, daily = row.get("confiscation"), row.get("daily_fine")
    is_number = isinstance(confiscation, int | float) and not isinstance(confiscation, bool)
    return Sanctions(
        fine_entity=amount(*at("fine_entity")) or None,
        fines_persons=_persons(row.get("fines_persons")),
        warning=given(*at("warning")),
        confiscation=given(*at("confiscation")),
        confiscated=amount(*at("confiscation")) if is_number else None,
        suspension=given(*at("suspension")),
        revocation=given(*at("revocation")),
        closure=given(*at("closure")),
        detention_days=whole(*at("detention_days")) or None,
        additional_fine=amount(*at("additional_fine")) or None,
        daily=given(*at("daily_fine")),
        daily_fine=None if isinstance(daily, bool) else amount(*at("daily_fine")) or None,
    )


def _extension(value: Any) -> int | None:
    """Days by which the ninety were lawfully extended; true: without limit, since the number is not given."""
    if value is None or isinstance(value, bool):
        return 100_000 if value else None
    return whole("facts.extension", value)


def _facts(row: Mapping[str, Any]) -> CaseFacts:
    def read(reader: Callable[[str, Any], T], key: str) -> T:
        return reader(f"facts.{key}", row.get(key))

    named = row.get("officers")
    officers = len(named) if isinstance(named, list) else read(whole, "officers")
    if officers is None and (two := read(flag, "two_officers")) is not None:
        officers = 2 if two else 1
    return CaseFacts(
        authority=read(organ, "authority"),
        summary=_summary(row.get("procedure")),
        notice_given=read(flag, "notice_given"),
        hearing_offered=read(flag, "hearing_offered"),
        officers=officers,
        noticed_fine=read(amount, "noticed_fine"),
        filed_on=read(day, "filed_date"),
        found_on=read(day, "found_date"),
        act_ended_on=read(day, "act_end_date"),
        extended_by=_extension(row.get("extension")),
        harm=given("facts.harm", row["harm"]) if row.get("harm") is not None else None,
        gains=read(amount, "unlawful_gains"),
        income=read(amount, "annual_income"),
        goods=read(amount, "goods_value"),
        grade=choice("facts.accident_grade", row.get("accident_grade"), Grade, _GRADES),
        aggravated=read(flag, "aggravated"),
        refused=read(flag, "refused"),
        fined_before=_fined_by(row.get("same_act_fined_by")),
        days_late=read(whole, "days_late"),
        base_fine=read(amount, "base_fine"),
        remedy_pending=read(flag, "remedy_pending"),
        ordered_on=read(day, "order_date"),
        daily_from=read(day, "daily_from"),
    )


def _grounds(value: Any) -> frozenset[str]:
    if value is None or value is False:
        return frozenset()
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) for entry in entries):
        raise InputError("mitigating", '应为条文的列表，如["行政处罚法32(1)"]')
    return frozenset(found for entry in entries if (found := ground(entry)))


def question(row: object) -> Question:
    """The question a JSON object asks; InputError, naming the field, when it cannot be read. Unknown keys are ignored."""
    if not isinstance(row, dict):
        raise InputError("（全文）", "应为JSON对象")
    name, statute = _statute(row.get("law"))
    number, bis, paragraph, item = _article(row.get("article"))
    own_paragraph, own_item = _part("paragraph", row.get("paragraph"), "款"), _part("item", row.get("item"), "项")
    asked = Question(
        law=name,
        statute=statute,
        number=number,
        bis=bis,
        paragraph=own_paragraph if own_paragraph is not None else paragraph,
        item=own_item if own_item is not None else item,
        acted_on=day("act_date", row.get("act_date")),
        decided_on=day("decision_date", row.get("decision_date")),
        party=choice("party", row.get("party"), PartyKind, _PARTIES),
        prior_order=flag("prior_order", row.get("prior_order")),
        grounds=_grounds(row.get("mitigating")),
        sanctions=_sanctions(_mapping("sanctions", row.get("sanctions"))),
        facts=_facts(_mapping("facts", row.get("facts"))),
        id=row.get("id"),
    )
    if asked.acted_on and asked.facts.act_ended_on and asked.facts.act_ended_on < asked.acted_on:
        raise InputError("facts.act_end_date", "行为终了日早于行为日")
    if asked.acted_on and asked.decided_on and asked.decided_on < asked.acted_on:
        raise InputError("decision_date", "决定日早于行为日")
    return asked
