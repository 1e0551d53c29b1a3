"""Service of papers: what each method demands and the day it takes effect. Pure: no Django.

《行政处罚法》第六十一条 sends to《民事诉讼法》第八十七条至第九十五条 (numbers of the 2023 text).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from fadu.document.fields import Errors, Field, choice, day, is_empty, lines, long, moment, problem, text

CPL = "《民事诉讼法》"
APL = "《行政处罚法》"
ANNOUNCEMENT_DAYS = 30  # 《民事诉讼法》第九十五条第一款
OWN = ("本人", "法定代表人", "主要负责人", "负责收件的人")
FOR_OTHERS = ("同住成年家属", "代理人", "指定代收人")


@dataclass(frozen=True)
class Rule:
    """One method: its article, what must be on file, and whether two officers go."""

    title: str
    articles: tuple[str, ...]
    details: tuple[Field, ...]
    receiver: bool = True
    two_officers: bool = False


class Method(Enum):
    """送达方式. The member's name in small letters is what the database stores."""

    IN_PERSON = Rule(
        "直接送达",
        (CPL + "第八十七条", CPL + "第八十八条"),
        (choice("capacity", "签收人身份", *OWN),),
        two_officers=True,
    )
    BY_AGENT = Rule(
        "代收送达",
        (CPL + "第八十八条",),
        (
            choice("capacity", "代收人身份", *FOR_OTHERS),
            text("authority", "代收依据（授权委托书、送达地址确认书等）", required=False),
        ),
        two_officers=True,
    )
    LEFT = Rule(
        "留置送达",
        (CPL + "第八十九条",),
        (
            long("refusal", "拒收事由"),
            text("place", "留置地点（住所）"),
            lines("witnesses", "见证人（姓名、所在基层组织或者单位）", required=False),
        ),
        receiver=False,
        two_officers=True,
    )
    ELECTRONIC = Rule(
        "电子送达",
        (APL + "第六十一条第二款", CPL + "第九十条"),
        (
            text("channel", "电子送达方式"),
            text("address", "电子地址（号码）"),
            moment("arrived_at", "到达时间"),
        ),
        receiver=False,
    )
    ENTRUSTED = Rule(
        "委托送达",
        (CPL + "第九十一条",),
        (text("entrusted_to", "受托机关"), day("received_on", "签收日期")),
    )
    BY_POST = Rule(
        "邮寄送达",
        (CPL + "第九十一条",),
        (text("tracking_number", "邮件号"), text("address", "邮寄地址"), day("received_on", "回执注明的收件日期")),
    )
    FORWARDED = Rule(
        "转交送达",
        (CPL + "第九十二条", CPL + "第九十三条", CPL + "第九十四条"),
        (
            choice("ground", "转交情形", "受送达人是军人", "受送达人被监禁", "受送达人被采取强制性教育措施"),
            text("forwarded_by", "转交的机关、单位"),
            day("received_on", "签收日期"),
        ),
    )
    ANNOUNCEMENT = Rule(
        "公告送达",
        (CPL + "第九十五条",),
        (
            choice("ground", "公告送达的原因", "受送达人下落不明", "用其他方式无法送达"),
            long("course", "原因和经过"),
            text("channel", "公告载体"),
        ),
        receiver=False,
    )

    @property
    def code(self) -> str:
        """What the database stores."""
        return self.name.lower()

    @property
    def rule(self) -> Rule:
        """The demands of the method."""
        return self.value

    @property
    def title(self) -> str:
        """Chinese name."""
        return self.value.title

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles the method rests on."""
        return self.value.articles

    @property
    def article(self) -> str:
        """The same within a sentence, each statute named once."""
        written = ""
        for article in self.value.articles:
            name, place = article.split("》")
            written += ("、" if written else "") + (place if name in written else article)
        return written

    @classmethod
    def of(cls, code: str | Method) -> Method:
        """The method of a stored code; raises ValueError for an unknown one."""
        if isinstance(code, cls):
            return code
        try:
            return cls[str(code).upper()]
        except KeyError:
            raise ValueError(f"unknown method of service: {code}") from None


def errors_in(
    method: Method,
    details: Mapping[str, Any],
    *,
    served_on: date,
    today: date,
    receiver: str,
    servers: int,
    person: bool | None,
    pictured: bool,
) -> Errors:
    """Field → sentence for all that the method lacks.

    ``servers``: number of different officers; ``person``: whether the party is a person (None: not known);
    ``pictured``: whether the proof is a photograph, a film or a sound recording.
    """
    rule = method.rule
    errors: Errors = {}
    known = {field.name for field in rule.details}
    for name in details:
        if name not in known:
            errors[name] = f"{method.title}没有“{name}”这一项"
    for field in rule.details:
        value = details.get(field.name)
        if is_empty(value):
            if field.required:
                errors[field.name] = f"{method.title}应当写明“{field.label}”（{method.article}）"
        elif wrong := problem(field, value):
            errors[field.name] = wrong
    if rule.receiver and not receiver.strip():
        errors["receiver"] = f"请填写签收人（{method.article}）"
    if rule.two_officers and servers < 2:
        errors["served_by"] = f"{method.title}应当由两名以上执法人员实施（{APL}第四十二条第一款）"
    elif servers < 1:
        errors["served_by"] = "请填写送达人"
    for name in {"received_on", "arrived_at"} & known - errors.keys():
        arrived = _day(details[name])
        if arrived < served_on:
            errors[name] = "收到日期不得早于发出日期"
        elif arrived > today:
            errors[name] = "收到日期不得晚于今天"
    if "capacity" not in errors and (wrong_capacity := _capacity_error(method, details, person)):
        errors.update(wrong_capacity)
    if method is Method.LEFT and not errors.get("witnesses") and is_empty(details.get("witnesses")) and not pictured:
        errors["witnesses"] = f"留置送达应当有见证人，或者以拍照、录像等方式记录送达过程（{CPL}第八十九条）"
    return errors


def _capacity_error(method: Method, details: Mapping[str, Any], person: bool | None) -> Errors:
    """Who may sign: a person in person, a unit by its head or mail room (《民事诉讼法》第八十八条第一款)."""
    capacity = details.get("capacity")
    if method is Method.IN_PERSON and person is not None and (capacity == "本人") is not person:
        right = "本人" if person else "法定代表人、主要负责人或者负责收件的人"
        return {"capacity": f"应当由{right}签收（{CPL}第八十八条第一款）"}
    if method is Method.BY_AGENT:
        if capacity == "同住成年家属" and person is False:
            return {"capacity": f"受送达人是单位的，不能由家属代收（{CPL}第八十八条第一款）"}
        if capacity in ("代理人", "指定代收人") and is_empty(details.get("authority")):
            return {"authority": f"由{capacity}签收的，应当写明代收依据（{CPL}第八十八条第一款）"}
    return {}


def effective_day(method: Method, served_on: date, details: Mapping[str, Any]) -> date:
    """The day service takes effect; ``served_on`` is the day the bureau acted (handed over, left, sent, published).

    In person, by agent, left: the day itself (87 II, 88 II, 89). By post, entrusted, forwarded: the day on the receipt
    (91, 94). Electronic: the day of arrival (90 II). Announcement: when 30 days from publication have run, the day of
    publication not counted (95 I, 85 II).
    """
    match method:
        case Method.BY_POST | Method.ENTRUSTED | Method.FORWARDED:
            return _day(details["received_on"])
        case Method.ELECTRONIC:
            return _day(details["arrived_at"])
        case Method.ANNOUNCEMENT:
            return served_on + timedelta(days=ANNOUNCEMENT_DAYS)
        case _:
            return served_on


def in_effect(method: Method, effective_on: date, on: date) -> bool:
    """Whether service has taken effect on a day; an announcement only once its 30th day is over."""
    return on > effective_on if method is Method.ANNOUNCEMENT else on >= effective_on


def _day(value: str | date) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else datetime.fromisoformat(value).date()
