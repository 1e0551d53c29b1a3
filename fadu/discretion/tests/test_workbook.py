"""A bureau's own table by xlsx: what is exported is imported as the same, and errors name their cell."""

import io

import openpyxl
import pytest

from fadu.discretion import queries
from fadu.discretion.benchmarks.reading import read_set
from fadu.discretion.services import workbook
from fadu.kernel.errors import Invalid
from fadu.law.content.reading import node_of


@pytest.fixture(scope="module")
def exported():
    return workbook.write(queries.example_content())


def changed(exported, *cells):
    """The exported workbook with some cells overwritten, as a person would in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(exported))
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    stream = io.BytesIO()
    book.save(stream)
    return io.BytesIO(stream.getvalue())


def test_the_fifty_three_tables_come_back_from_xlsx_as_they_went(exported):
    before = read_set(node_of("前", "", queries.example_content()))
    read = workbook.read(io.BytesIO(exported))
    assert read.errors == []
    after = read_set(node_of("后", "", read.values))
    assert after.benchmarks == before.benchmarks
    assert (after.facts, after.leniencies, after.bands) == (before.facts, before.leniencies, before.bands)
    assert (after.title, after.since, after.source, after.note) == (
        before.title,
        before.since,
        before.source,
        before.note,
    )


def test_a_file_saved_again_by_another_program_reads_the_same(exported):
    assert (
        workbook.read(changed(exported)).values["benchmarks"]
        == workbook.read(io.BytesIO(exported)).values["benchmarks"]
    )


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        ("C2", "安全生产法第一千条之", "不能识别"),
        ("H2", "失实之处 若干", "不能识别为范围"),
        ("H2", "没有这个要素 3以上", "没有“没有这个要素”"),
        ("I2", "很多", "不能识别为罚款幅度"),
        ("I2", "3万以上", "没有上限"),
    ],
)
def test_an_error_names_its_cell(exported, cell, value, sentence):
    read = workbook.read(changed(exported, (workbook.TABLES, cell, value)))
    assert [(e["cell"], sentence in e["sentence"]) for e in read.errors] == [(f"分档!{cell}", True)]


def test_a_wrong_key_and_a_wrong_day_name_their_cells(exported):
    read = workbook.read(changed(exported, (workbook.KEYS, "D2", "数目"), (workbook.ABOUT, "B5", "明年")))
    assert {e["cell"] for e in read.errors} >= {"要素!D2", "说明!B5"}


def test_a_key_that_a_form_could_not_ask_for_names_its_cell(exported):
    read = workbook.read(changed(exported, (workbook.KEYS, "B2", "stage")))
    assert [e["cell"] for e in read.errors if e["cell"].startswith("要素")] == ["要素!B2"]


def test_amounts_may_be_written_as_people_write_them(exported):
    read = workbook.read(changed(exported, (workbook.TABLES, "I2", "3万至5万元")))
    fine = read.values["benchmarks"][0]["tiers"][0]["fines"][0]
    assert (read.errors, fine["min"], fine["max"]) == ([], "30000", "50000")


def test_a_file_that_is_no_such_workbook_is_refused_with_the_way_out():
    with pytest.raises(Invalid, match=r"xlsx|Excel|表格"):
        workbook.read(io.BytesIO(b"nothing"))
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(Invalid, match="下载现行的表"):
        workbook.read(io.BytesIO(stream.getvalue()))
