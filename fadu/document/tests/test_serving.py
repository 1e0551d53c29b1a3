"""Registering service on real papers: proof, confirmation, order, journal."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from fadu.document import queries, services
from fadu.document.delivery import Method
from fadu.document.kinds import Document
from fadu.document.tests.conftest import CHAIN, TODAY, picture
from fadu.document.tests.samples import CONTEXTS
from fadu.document.tests.test_delivery import GOOD
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.record import queries as record


@pytest.fixture
def decision(make):
    return make(Document.PENALTY_DECISION_UNIT, party_no=1)


@pytest.fixture
def serve(decision, bureau, proof):
    def served(method=Method.IN_PERSON, **changes):
        facts = {
            "method": method,
            "served_on": date(2026, 4, 15),
            "served_by": [bureau.zhou, bureau.wu],
            "receiver": "郑喆",
            "details": GOOD[Method.of(method)],
            "proof": proof,
        }
        return services.serve(decision, **(facts | changes))

    return served


@pytest.mark.parametrize("method", [m for m in Method if m is not Method.ELECTRONIC], ids=lambda m: m.code)
def test_each_method_is_registered_with_its_effective_day(serve, method):
    service = serve(method)
    service.refresh_from_db()
    assert service.way is method
    assert service.addressee == "甲山矿业有限公司"
    days = {Method.BY_POST: 18, Method.ENTRUSTED: 18, Method.FORWARDED: 18}
    expected = date(2026, 5, 15) if method is Method.ANNOUNCEMENT else date(2026, 4, days.get(method, 15))
    assert service.effective_on == expected


def test_service_stands_in_the_journal(serve, decision):
    service = serve()
    entry = record.timeline(CHAIN).last()
    assert (entry.act, entry.on) == ("document.serve", date(2026, 4, 15))
    assert entry.articles == ["《民事诉讼法》第八十七条", "《民事诉讼法》第八十八条"]
    assert entry.papers[0]["number"] == decision.number
    assert entry.data["after"]["effective_on"] == "2026-04-15"
    assert entry.data["after"]["served_by"] == ["周一鸣", "吴思敏"]
    assert [server["certificate"] for server in service.served_by] == ["示例04010001", "示例04010002"]


@pytest.mark.law("《民事诉讼法》第八十七条")
def test_no_service_without_proof_kept_in_this_matter(serve, keep):
    for wrong in (None, "0" * 64, keep(picture("别案"), "别案.jpg", chain="penalty.ordinary/2")):
        with pytest.raises(Invalid) as refused:
            serve(proof=wrong)
        assert "proof" in refused.value.field_errors


def test_proof_may_be_given_by_its_hash(serve, proof):
    assert serve(proof=proof.sha256).proof == proof


@pytest.mark.parametrize(("day", "words"), [(date(2026, 4, 11), "不得早于"), (date(2026, 7, 1), "不得晚于")])
def test_service_lies_between_issue_and_today(serve, day, words):
    with pytest.raises(Invalid) as refused:
        serve(served_on=day)
    assert words in refused.value.field_errors["served_on"]


@pytest.mark.law("《行政处罚法》第四十二条第一款")
def test_the_same_officer_twice_is_one_officer(serve, bureau):
    with pytest.raises(Invalid) as refused:
        serve(served_by=[bureau.zhou, bureau.zhou])
    assert "两名以上" in refused.value.field_errors["served_by"]


def test_a_unit_is_not_served_on_family_nor_by_the_words_of_a_person(serve):
    with pytest.raises(Invalid):
        serve(Method.BY_AGENT, details={"capacity": "同住成年家属"})
    with pytest.raises(Invalid):
        serve(details={"capacity": "本人"})


@pytest.mark.law("《民事诉讼法》第八十九条")
def test_leaving_without_witness_needs_a_picture_as_proof(serve, keep):
    details = GOOD[Method.LEFT] | {"witnesses": []}
    paper_proof = keep(b"%PDF-1.4\n" + _pdf()[9:], "回执.pdf")
    with pytest.raises(Invalid) as refused:
        serve(Method.LEFT, details=details, proof=paper_proof)
    assert "witnesses" in refused.value.field_errors
    assert serve(Method.LEFT, details=details).effective_on == date(2026, 4, 15)


def _pdf() -> bytes:
    from fadu.document.render import overlay

    return overlay([{"w": 200, "h": 200, "number": "1", "void": ""}])


def confirm(make, bureau, *, signed=True, **changes):
    paper = make(Document.SERVICE_ADDRESS, **({"electronic_address": "a@example.com"} | changes))
    if signed:
        services.keep_scan(paper, picture("确认书签名"), name="确认书.jpg", by=bureau.zhou)
    return paper


@pytest.mark.law("《行政处罚法》第六十一条第二款")
def test_electronic_service_takes_effect_on_arrival_under_a_signed_confirmation(serve, make, bureau):
    confirmation = confirm(make, bureau)
    service = serve(Method.ELECTRONIC, receiver="")
    assert service.confirmation == confirmation
    assert service.effective_on == date(2026, 4, 16)


@pytest.mark.law("《行政处罚法》第六十一条第二款")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"electronic_consent": False, "electronic_address": "", "electronic_channel": ""}, "confirmation"),
        ({"signed": False}, "confirmation"),
        ({"party_name": "乙水化工有限公司"}, "confirmation"),
        ({"electronic_address": "other@example.com"}, "address"),
        ({"confirmed_on": "2026-04-16"}, "confirmation"),
    ],
)
def test_electronic_service_is_refused_without_the_right_confirmation(serve, make, bureau, changes, field):
    confirmation = confirm(make, bureau, **changes)
    with pytest.raises(Invalid) as refused:
        serve(Method.ELECTRONIC, receiver="", confirmation=confirmation)
    assert field in refused.value.field_errors


@pytest.mark.law("《行政处罚法》第六十一条第二款")
def test_electronic_service_is_refused_without_any_confirmation(serve):
    with pytest.raises(Invalid) as refused:
        serve(Method.ELECTRONIC, receiver="")
    assert "第六十一条第二款" in refused.value.field_errors["confirmation"]


@pytest.mark.law("《民事诉讼法》第九十五条")
def test_an_announcement_is_pending_and_another_way_may_still_succeed(serve, decision, case_file):
    serve(Method.ANNOUNCEMENT, served_on=date(2026, 6, 20))
    kind = Document.PENALTY_DECISION_UNIT
    assert queries.service_in_effect(decision, TODAY) is None
    assert queries.pending_service(decision, TODAY) is not None
    assert queries.served(case_file, kind, date(2026, 7, 20)) == []
    assert len(queries.served(case_file, kind, date(2026, 7, 21))) == 1
    second = serve(served_on=date(2026, 6, 25))
    assert queries.service_in_effect(decision, TODAY) == second


def test_what_is_served_is_not_served_again_unless_the_entry_is_withdrawn(serve, bureau, decision):
    service = serve()
    with pytest.raises(OutOfOrder, match="已经送达"):
        serve()
    with pytest.raises(Invalid):
        services.withdraw_service(service, reason="", on=TODAY, by=bureau.zhou)
    services.withdraw_service(service, reason="登记错误", on=TODAY, by=bureau.zhou)
    assert record.timeline(CHAIN).last().act == "document.withdraw_service"
    assert queries.service_in_effect(decision, TODAY) is None
    serve()


def test_drafts_void_papers_and_internal_forms_are_not_served(case_file, make, bureau, proof):
    facts = {
        "method": "in_person", "served_on": date(2026, 4, 15), "served_by": [bureau.zhou, bureau.wu], "receiver": "郑喆",
        "details": GOOD[Method.IN_PERSON], "proof": proof,
    }  # fmt: skip
    drafted = services.draft(case_file, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    void = services.void(make(Document.ADVANCE_NOTICE), reason="重复制作", on=date(2026, 4, 12), by=bureau.zhou)
    for paper in (drafted, void, make(Document.LEGAL_OPINION)):
        with pytest.raises(OutOfOrder):
            services.serve(paper, **facts)


def test_the_database_refuses_to_change_service_and_scans(serve, make, bureau):
    serve()
    services.keep_scan(make(Document.QUESTIONING_RECORD), picture("签名"), name="笔录.jpg", by=bureau.zhou)
    for sql in (
        "UPDATE document_service SET effective_on = effective_on + 1",
        "DELETE FROM document_service",
        "UPDATE document_scan SET note = 'x'",
        "DELETE FROM document_scan",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_receipt_lists_what_was_served(serve, make):
    service = serve(Method.LEFT)
    context = services.receipt_context([service], case_name="示例案")
    assert context["papers"][0]["number"] == "（示）应急罚〔2026〕1号"
    assert context["witnesses"] == ["示例居委会 褚明"]
    assert context["remarks"] == "无理由拒收"
    assert Document.SERVICE_RECEIPT.check(context) == {}
    assert make(Document.SERVICE_RECEIPT, **context).number == "（示）应急回〔2026〕1号"
