"""Serials: one counter per organ, year and series; no gap, no double, also when many draw at once."""

import threading
from datetime import date, datetime

import pytest
from django.db import IntegrityError, connections, transaction

from fadu.document import services
from fadu.document.kinds import Document
from fadu.document.models import CaseFile, Counter, Paper
from fadu.document.tests.samples import CONTEXTS
from fadu.kernel import clock
from fadu.kernel.errors import OutOfOrder
from fadu.org.models import Division, Organ


def test_serials_run_without_gap_for_each_organ_year_and_series(bureau):
    def draw(chain, year=2026, series="penalty"):
        return services.draw_serial(services.open_case_file(bureau.organ, year, series, chain, "示例案"))

    assert [draw(f"penalty.ordinary/{n}") for n in range(1, 4)] == [1, 2, 3]
    assert [draw(f"inspection.routine/{n}", series="inspection") for n in range(1, 3)] == [1, 2]
    assert draw("penalty.ordinary/9", year=2027) == 1


def test_a_serial_is_drawn_once(case_file):
    assert services.draw_serial(case_file) == services.draw_serial(case_file) == 1
    assert Counter.objects.get().last == 1


def test_a_matter_that_is_filed_in_the_next_year_bears_that_year(bureau):
    opened = services.open_case_file(bureau.organ, 2026, "penalty", "penalty.ordinary/5", "示例案")
    services.draw_serial(opened, 2027)
    assert (opened.year, opened.serial) == (2027, 1)


def test_a_refused_approval_gives_its_number_back(bureau):
    first = services.open_case_file(bureau.organ, 2026, "penalty", "penalty.ordinary/5", "示例案")
    with pytest.raises(OutOfOrder), transaction.atomic():
        services.draw_serial(first)
        raise OutOfOrder("不予批准")
    second = services.open_case_file(bureau.organ, 2026, "penalty", "penalty.ordinary/6", "示例案")
    assert services.draw_serial(second) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_draws_at_once_give_twenty_numbers_in_a_row():
    organ = Organ.objects.create(
        name="示例市应急管理局", short="市局", prefix="示", level="city", division=Division.objects.get(code="1404"),
        address="示例路", postcode="046000", phone="0355-2000000", reconsideration_body="示例市人民政府", court="示例法院",
    )  # fmt: skip
    files = [services.open_case_file(organ, 2026, "penalty", f"penalty.ordinary/{n}", "示例案") for n in range(20)]
    barrier = threading.Barrier(8)
    drawn: list[int] = []
    failed: list[BaseException] = []

    def work(mine: list[CaseFile]) -> None:
        try:
            barrier.wait(20)
            for one in mine:
                with transaction.atomic():
                    drawn.append(services.draw_serial(one))
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(files[start::8],)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert sorted(drawn) == list(range(1, 21))
    assert sorted(CaseFile.objects.values_list("serial", flat=True)) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_papers_issued_at_once_in_one_matter_get_different_numbers():
    with clock.at(datetime(2026, 6, 30, 10, tzinfo=clock.BEIJING)):
        organ = Organ.objects.create(
            name="示例市应急管理局", short="市局", prefix="示", level="city", division=Division.objects.get(code="1404"),
            address="示例路", postcode="046000", phone="0355-2000000", reconsideration_body="示例市人民政府", court="示例法院",
        )  # fmt: skip
        matter = services.open_case_file(organ, 2026, "penalty", "penalty.ordinary/1", "示例案")
        services.draw_serial(matter)
        context = CONTEXTS[Document.ADVANCE_NOTICE]
        drafts = [
            services.draft(matter, Document.ADVANCE_NOTICE, context, party_no=n, by=("周一鸣", "科员"))
            for n in (1, 2, 3, 4)
        ]
    barrier = threading.Barrier(4)
    failed: list[BaseException] = []

    def work(paper: Paper) -> None:
        try:
            with clock.at(datetime(2026, 6, 30, 10, tzinfo=clock.BEIJING)):
                barrier.wait(20)
                services.issue(paper, on=date(2026, 4, 1), by=("周一鸣", "科员"))
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(paper,)) for paper in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert set(Paper.objects.values_list("number", flat=True)) == {
        "（示）应急罚告〔2026〕1号",
        "（示）应急罚告〔2026〕1-2号",
        "（示）应急罚告〔2026〕1-3号",
        "（示）应急罚告〔2026〕1-4号",
    }


def test_all_papers_of_a_matter_bear_its_serial_with_their_own_word(make):
    assert make(Document.CASE_FILING_APPROVAL).number == "（示）应急立〔2026〕1号"
    assert make(Document.ADVANCE_NOTICE).number == "（示）应急罚告〔2026〕1号"
    assert make(Document.QUESTIONING_RECORD).number == ""


def test_a_second_paper_with_the_same_word_adds_2_also_for_another_party(make):
    assert make(Document.PENALTY_DECISION_UNIT, party_no=1).number == "（示）应急罚〔2026〕1号"
    assert make(Document.PENALTY_DECISION_PERSON, party_no=2).number == "（示）应急罚〔2026〕1-2号"
    assert make(Document.PENALTY_DECISION_PERSON, party_no=3).number == "（示）应急罚〔2026〕1-3号"


def test_a_void_paper_keeps_its_number_and_the_next_one_takes_another(make, bureau):
    first = make(Document.ADVANCE_NOTICE)
    services.void(first, reason="当事人名称有误", on=date(2026, 4, 13), by=bureau.zhou)
    assert make(Document.ADVANCE_NOTICE).number == "（示）应急罚告〔2026〕1-2号"
    first.refresh_from_db()
    assert first.number == "（示）应急罚告〔2026〕1号"


def test_without_a_serial_no_numbered_paper_is_made(bureau):
    opened = services.open_case_file(bureau.organ, 2026, "penalty", "penalty.ordinary/7", "示例案")
    drafted = services.draft(opened, Document.ADVANCE_NOTICE, CONTEXTS[Document.ADVANCE_NOTICE], by=bureau.zhou)
    with pytest.raises(OutOfOrder, match="尚未取得文号"):
        services.issue(drafted, on=date(2026, 4, 1), by=bureau.zhou)
    refusal = services.draft(opened, Document.FILING_REFUSAL, CONTEXTS[Document.FILING_REFUSAL], by=bureau.zhou)
    assert services.issue(refusal, on=date(2026, 4, 1), by=bureau.zhou).number == ""


def refused(sql, parameters=()):
    """The database refuses a statement of the application itself."""
    from django.db import connection

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_the_database_refuses_to_change_a_drawn_serial_or_to_wind_the_counter(case_file):
    refused("UPDATE document_casefile SET serial = 5 WHERE id = %s", [case_file.pk])
    refused("UPDATE document_casefile SET serial = NULL WHERE id = %s", [case_file.pk])
    refused("DELETE FROM document_casefile WHERE id = %s", [case_file.pk])
    refused("UPDATE document_counter SET last = 0")
    refused("UPDATE document_counter SET last = last + 2")
    refused("DELETE FROM document_counter")


def test_an_unknown_series_is_refused(bureau):
    with pytest.raises(ValueError, match="unknown series"):
        services.open_case_file(bureau.organ, 2026, "permit-of-mars", "x/1", "示例案")
