"""Service of papers: what each method demands and its effective day, from 民事诉讼法 87–95 and 行政处罚法 61."""

from datetime import date

import pytest

from fadu.document.delivery import Method, effective_day, errors_in, in_effect
from fadu.law.citations import parse

TODAY = date(2026, 6, 30)
GOOD = {
    Method.IN_PERSON: {"capacity": "法定代表人"},
    Method.BY_AGENT: {"capacity": "代理人", "authority": "授权委托书"},
    Method.LEFT: {"refusal": "无理由拒收", "place": "示例市矿区路1号", "witnesses": ["示例居委会 褚明"]},
    Method.ELECTRONIC: {"channel": "电子邮件", "address": "a@example.com", "arrived_at": "2026-04-16T08:30"},
    Method.ENTRUSTED: {"entrusted_to": "示例县应急管理局", "received_on": "2026-04-18"},
    Method.BY_POST: {"tracking_number": "EX0001", "address": "示例市矿区路1号", "received_on": "2026-04-18"},
    Method.FORWARDED: {"ground": "受送达人被监禁", "forwarded_by": "示例看守所", "received_on": "2026-04-18"},
    Method.ANNOUNCEMENT: {"ground": "受送达人下落不明", "course": "三次上门未遇，电话停机。", "channel": "示例日报"},
}


def errors(method, details=None, **changes):
    facts = {
        "served_on": date(2026, 4, 15),
        "today": TODAY,
        "receiver": "郑喆",
        "servers": 2,
        "person": False,
        "pictured": False,
    }
    return errors_in(method, GOOD[method] if details is None else details, **(facts | changes))


@pytest.mark.parametrize("method", Method, ids=lambda m: m.code)
def test_a_complete_service_is_accepted(method):
    assert errors(method) == {}


@pytest.mark.parametrize("method", Method, ids=lambda m: m.code)
def test_every_article_is_in_the_section_on_service(method):
    for article in method.articles:
        read = parse(article)
        assert (read.statute.code == "CPL" and 87 <= read.number <= 95) or str(read) == "《行政处罚法》第六十一条第二款"


@pytest.mark.parametrize(
    ("method", "day"),
    [
        (Method.IN_PERSON, date(2026, 4, 15)),  # 87 II: the day on the receipt
        (Method.BY_AGENT, date(2026, 4, 15)),  # 88 II
        (Method.LEFT, date(2026, 4, 15)),  # 89: deemed served
        (Method.ELECTRONIC, date(2026, 4, 16)),  # 90 II: arrival in the system
        (Method.ENTRUSTED, date(2026, 4, 18)),
        (Method.BY_POST, date(2026, 4, 18)),  # 91: the day on the return receipt
        (Method.FORWARDED, date(2026, 4, 18)),  # 94
        (Method.ANNOUNCEMENT, date(2026, 5, 15)),  # 95 I: 30 days, 15 April not counted (85 II)
    ],
)
def test_the_day_service_takes_effect(method, day):
    assert effective_day(method, date(2026, 4, 15), GOOD[method]) == day


@pytest.mark.law("《民事诉讼法》第九十五条")
def test_an_announcement_is_pending_until_its_thirtieth_day_is_over():
    day = effective_day(Method.ANNOUNCEMENT, date(2026, 2, 1), {})
    assert day == date(2026, 3, 3)
    assert not in_effect(Method.ANNOUNCEMENT, day, date(2026, 3, 3))
    assert in_effect(Method.ANNOUNCEMENT, day, date(2026, 3, 4))
    assert in_effect(Method.IN_PERSON, day, date(2026, 3, 3))


@pytest.mark.parametrize("method", Method, ids=lambda m: m.code)
def test_each_detail_is_missed_with_the_article(method):
    for field in method.rule.details:
        if field.required:
            details = {name: value for name, value in GOOD[method].items() if name != field.name}
            assert field.label in errors(method, details)[field.name]


@pytest.mark.law("《民事诉讼法》第八十九条")
def test_leaving_needs_a_witness_or_a_recording():
    details = GOOD[Method.LEFT] | {"witnesses": []}
    assert "第八十九条" in errors(Method.LEFT, details)["witnesses"]
    assert errors(Method.LEFT, details, pictured=True) == {}


@pytest.mark.law("《民事诉讼法》第八十八条")
@pytest.mark.parametrize(
    ("person", "capacity", "accepted"),
    [(True, "本人", True), (True, "法定代表人", False), (False, "本人", False), (False, "负责收件的人", True)],
)
def test_who_may_sign_depends_on_the_party(person, capacity, accepted):
    assert (errors(Method.IN_PERSON, {"capacity": capacity}, person=person) == {}) is accepted


@pytest.mark.law("《民事诉讼法》第八十八条")
def test_family_signs_for_a_person_only_and_an_agent_shows_authority():
    assert "capacity" in errors(Method.BY_AGENT, {"capacity": "同住成年家属"}, person=False)
    assert errors(Method.BY_AGENT, {"capacity": "同住成年家属"}, person=True) == {}
    assert "authority" in errors(Method.BY_AGENT, {"capacity": "指定代收人"})


@pytest.mark.law("《行政处罚法》第四十二条第一款")
@pytest.mark.parametrize("method", [Method.IN_PERSON, Method.BY_AGENT, Method.LEFT])
def test_two_officers_go(method):
    assert "两名以上" in errors(method, servers=1)["served_by"]


@pytest.mark.parametrize(("day", "words"), [("2026-04-14", "不得早于"), ("2026-07-01", "不得晚于"), ("x", "日期")])
def test_the_day_on_the_receipt_lies_between_posting_and_today(day, words):
    assert words in errors(Method.BY_POST, GOOD[Method.BY_POST] | {"received_on": day})["received_on"]


def test_what_a_method_does_not_know_is_refused():
    assert "colour" in errors(Method.IN_PERSON, GOOD[Method.IN_PERSON] | {"colour": "红"})


def test_a_signature_is_asked_for_where_somebody_signs():
    assert "receiver" in errors(Method.IN_PERSON, receiver=" ")
    assert "receiver" not in errors(Method.ANNOUNCEMENT, receiver="")
