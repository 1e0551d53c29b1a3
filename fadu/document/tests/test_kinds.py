"""What each kind of paper is and demands, against the national set of forms and the statutes."""

import pytest

from fadu.document.fields import FieldType
from fadu.document.kinds import SUPPLIED, Document, Seal, Series
from fadu.document.tests.samples import CONTEXTS, OFFICERS
from fadu.law.citations import parse

# form code → title and word, from the national set of 2017 as published (words of 2017 with 安监 read as 应急)
FORMS = {
    "D01": ("立案审批表", "应急立"),
    "D03": ("现场检查记录", "应急检记"),
    "D04": ("现场处理措施决定书", "应急现决"),
    "D05": ("责令限期整改指令书", "应急责改"),
    "D06": ("整改复查意见书", "应急复查"),
    "D15": ("询问通知书", "应急询"),
    "D16": ("询问笔录", None),
    "D24": ("行政处罚告知书", "应急罚告"),
    "D25": ("当事人陈述申辩笔录", None),
    "D26": ("行政处罚听证告知书", "应急听告"),
    "D30": ("案件处理呈批表", "应急处呈"),
    "D31": ("行政处罚集体讨论记录", "应急罚集"),
    "D34": ("行政处罚决定书（单位）", "应急罚"),
    "D35": ("行政处罚决定书（个人）", "应急罚"),
    "D38": ("延期（分期）缴纳罚款审批表", "应急缴审"),
    "D39": ("延期（分期）缴纳罚款批准书", "应急缴批"),
    "D40": ("文书送达回执", "应急回"),
    "D41": ("行政强制执行事先催告书", "应急执行催告"),
    "D42": ("强制执行申请书", "应急强执"),
    "D46": ("结案审批表", "应急结"),
    "D48": ("卷内目录", None),
    "D53": ("行政处罚案件调查报告", "应急终报"),
}


def test_the_forms_of_the_national_set_bear_their_title_and_word():
    ours = {document.form_code: document for document in Document if document.form_code}
    for code, (title, word) in FORMS.items():
        assert (ours[code].title, ours[code].word) == (title, word)
        assert ours[code].confidence == "source"


def test_a_word_that_was_not_seen_in_a_source_says_so():
    for document in Document:
        assert document.confidence in {"source", "memory", "model"}
        if document.form_code not in FORMS and document.numbered:
            assert document.confidence != "source", document.title


@pytest.mark.parametrize("document", Document, ids=lambda d: d.name)
def test_every_basis_is_a_citation_of_a_registered_law(document):
    assert document.basis
    for basis in document.basis:
        assert parse(basis)


@pytest.mark.parametrize("document", Document, ids=lambda d: d.name)
def test_the_full_sample_is_accepted_and_an_empty_one_is_not(document):
    assert document.check(CONTEXTS[document]) == {}
    gaps = document.check({})
    assert gaps
    assert set(gaps) <= {field.name for field in document.fields} | SUPPLIED


@pytest.mark.parametrize("document", Document, ids=lambda d: d.name)
def test_each_required_field_is_missed_by_name(document):
    for field in document.fields:
        if not field.required or field.type is FieldType.FLAG or not field.applies_to(CONTEXTS[document]):
            continue
        context = {name: value for name, value in CONTEXTS[document].items() if name != field.name}
        if field.name == "party_kind":  # without it nothing is known to be asked of the party
            assert field.name in document.check(context)
            continue
        assert field.label in document.check(context)[field.name]


# 行政处罚法 59 I: (一) name and address, (二) facts and evidence, (三) kinds and basis, (四) manner and term of
# performance, (五) ways and terms of remedy; (六) organ and date are supplied by the act of issuing
ELEMENTS = [
    ("party_name", "第一项"),
    ("party_address", "第一项"),
    ("facts", "第二项"),
    ("evidence", "第二项"),
    ("penalties", "第三项"),
    ("basis", "第三项"),
    ("bank_name", "第四项"),
    ("bank_account", "第四项"),
    ("pay_days", "第四项"),
    ("performance", "第四项"),
    ("reconsideration_body", "第五项"),
    ("court", "第五项"),
]


@pytest.mark.law("《行政处罚法》第五十九条")
@pytest.mark.parametrize(("name", "item"), ELEMENTS)
def test_a_decision_that_lacks_an_element_of_article_59_cannot_be_made(name, item):
    document = Document.PENALTY_DECISION_UNIT
    context = {key: value for key, value in CONTEXTS[document].items() if key != name}
    message = document.check(context)[name]
    assert message.startswith("缺少“")
    assert f"《行政处罚法》第五十九条第一款{item}" in message


@pytest.mark.law("《行政处罚法》第五十九条")
def test_a_person_is_named_with_the_home_address():
    document = Document.PENALTY_DECISION_PERSON
    context = {key: value for key, value in CONTEXTS[document].items() if key != "party_home_address"}
    assert "第五十九条第一款第一项" in document.check(context)["party_home_address"]


def test_a_fine_without_an_amount_is_refused():
    document = Document.PENALTY_DECISION_UNIT
    context = CONTEXTS[document] | {"penalties": [{"kind": "罚款", "amount": ""}]}
    assert "数额" in document.check(context)["penalties"]


@pytest.mark.law("《行政处罚法》第五十九条")
def test_decisions_bear_the_official_seal():
    for document in (Document.PENALTY_DECISION_UNIT, Document.PENALTY_DECISION_PERSON, Document.NO_PENALTY_DECISION):
        assert document.seal is Seal.OFFICIAL
        assert document.served


@pytest.mark.law("《行政处罚法》第四十二条第一款")
def test_two_different_officers_sign():
    document = Document.SITE_RECORD
    one = document.check(CONTEXTS[document] | {"officers": OFFICERS[:1]})
    assert "第四十二条第一款" in one["officers"]
    twice = document.check(CONTEXTS[document] | {"officers": [OFFICERS[0], OFFICERS[0]]})
    assert "重复" in twice["officers"]


@pytest.mark.law("《行政处罚法》第五十七条第二款")
def test_the_minutes_hold_the_opinion_of_everyone_present():
    document = Document.DISCUSSION_MINUTES
    context = CONTEXTS[document]
    silent = document.check(context | {"statements": context["statements"][:2]})
    assert "陈望" in silent["statements"]


@pytest.mark.law("《行政处罚法》第四十八条第二款")
def test_a_withdrawal_from_publicity_states_its_reason():
    context = CONTEXTS[Document.DISCLOSURE_SHEET] | {"act": "撤回"}
    assert "第四十八条第二款" in Document.DISCLOSURE_SHEET.check(context)["reason"]


def test_consent_to_electronic_service_needs_an_address():
    context = CONTEXTS[Document.SERVICE_ADDRESS] | {"electronic_address": ""}
    assert "electronic_address" in Document.SERVICE_ADDRESS.check(context)


def test_opinions_may_be_missing_in_a_draft_and_not_in_an_issued_form():
    context = {name: value for name, value in CONTEXTS[Document.CASE_FILING_APPROVAL].items() if name != "opinions"}
    assert Document.CASE_FILING_APPROVAL.check(context, issue=False) == {}
    assert "opinions" in Document.CASE_FILING_APPROVAL.check(context)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("received_on", "2026-02-30", "日期"),
        ("received_on", "20260310", "日期"),
        ("cause", "长" * 301, "300"),
        ("facts", 5, "文字"),
        ("basis", ["", "《安全生产法》第九十七条"], "第1条为空"),
        ("parties", [{"phone": "1"}], "名称"),
        ("parties", [{"name": "甲", "colour": "红"}], "未知的列"),
        ("unheard_of", "x", "没有"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(name, value, words):
    assert words in Document.CASE_FILING_APPROVAL.check(CONTEXTS[Document.CASE_FILING_APPROVAL] | {name: value})[name]


@pytest.mark.parametrize("amount", ["-1", "1.005", "abc", "NaN", "1e20"])
def test_an_amount_is_exact_and_not_negative(amount):
    document = Document.PENALTY_DECISION_UNIT
    context = CONTEXTS[document] | {"penalties": [{"kind": "罚款", "amount": amount}]}
    assert "penalties" in document.check(context)


def test_an_end_before_the_beginning_is_refused():
    context = CONTEXTS[Document.SITE_RECORD] | {"ended_at": "2026-03-10T09:00"}
    assert "不得早于" in Document.SITE_RECORD.check(context)["ended_at"]


def test_a_form_used_by_two_series_is_marked_in_the_one_where_it_is_a_guest():
    assert Document.SERVICE_RECEIPT.word_in(Series.PENALTY) == "应急回"
    assert Document.SERVICE_RECEIPT.word_in("inspection") == "应急检回"
    assert Document.RECTIFICATION_ORDER.word_in("inspection") == "应急责改"
    assert Document.QUESTIONING_RECORD.word_in("inspection") is None


def test_no_two_kinds_share_a_word_but_the_two_decisions():
    seen: dict[str, list[str]] = {}
    for document in Document:
        for series in Series:
            if word := document.word_in(series):
                seen.setdefault(f"{series.key} {word}", []).append(document.name)
    shared = {tuple(names) for names in seen.values() if len(names) > 1}
    assert shared == {("PENALTY_DECISION_UNIT", "PENALTY_DECISION_PERSON")}
