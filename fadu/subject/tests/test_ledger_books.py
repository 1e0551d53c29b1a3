"""Whole workbooks as bureaus have them: where the header stands, which rows are enterprises, what becomes of each."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from fadu.subject.ledger.package import Unreadable
from fadu.subject.tests.books import HEADER, code, good, judged, of_row, save


def outcomes(path: Path) -> dict[int, str]:
    """Row → outcome."""
    return {row.row: row.outcome.value for row in judged(path).rows}


def codes_of(row: dict, kind: str) -> list[str]:
    return [finding["code"] for finding in row[kind]]


class TestOutcomes:
    """accept, fix, reject: clause by clause"""

    def test_a_row_as_it_should_be_is_accepted(self, tmp_path):
        row = of_row(tmp_path)
        assert (row["row"], row["outcome"], row["fixes"], row["errors"], row["warnings"]) == (2, "accept", [], [], [])

    @pytest.mark.parametrize(
        ("column", "value", "stored"),
        [
            ("成立日期", "2021年3月5日", "2021-03-05"), ("成立日期", "2021-03-05", "2021-03-05"), ("成立日期", 44260, "2021-03-05"),
            ("从业人数", "60", 60), ("联系电话", 13912345678, "13912345678"), ("所属县区", "城区", "潞州区"), ("所属县区", "潞州", "潞州区"),
            ("风险等级", "Ⅰ级", "红（重大风险）"), ("风险等级", "A级", "红（重大风险）"), ("许可证有效期至", "长期", None),
            ("统一社会信用代码", code(1).lower(), code(1)), ("统一社会信用代码", f" {code(1)}", code(1)), ("企业名称", "示例　１有限公司", "示例1有限公司"),
            ("经度", "113.1", 113.1),
        ],
    )  # fmt: skip
    def test_a_reported_change_of_a_cell_is_a_fix(self, tmp_path, column, value, stored):
        row = of_row(tmp_path, **{column: value})
        assert row["outcome"] == "fix"
        assert [(fix["column"], fix["from"], fix["to"]) for fix in row["fixes"]] == [(column, value, stored)]
        assert row["warnings"] == []

    def test_exchanged_coordinates_are_two_fixes(self, tmp_path):
        row = of_row(tmp_path, 经度=36.2, 纬度=113.1)
        assert [(f["column"], f["from"], f["to"]) for f in row["fixes"]] == [
            ("经度", 36.2, 113.1),
            ("纬度", 113.1, 36.2),
        ]

    @pytest.mark.parametrize(
        ("column", "value", "expected"),
        [
            ("企业名称", None, "name_missing"), ("企业名称", "  ", "name_missing"), ("统一社会信用代码", None, "code_missing"),
            ("统一社会信用代码", code(1)[:17], "code_length"), ("统一社会信用代码", code(1)[:17] + "O", "code_letter"),
            ("统一社会信用代码", code(1)[:17] + ("1" if code(1)[17] != "1" else "2"), "code_check"),
            ("统一社会信用代码", 911404030000000000, "code_number"), ("统一社会信用代码", "140400000012345", "code_registration_number"),
            ("成立日期", "2021-02-30", "date_impossible"), ("许可证有效期至", 20211301, "date_impossible"),
            ("所属县区", "某某区", "county_unknown"), ("所属县区", "晋城市城区", "county_unknown"), ("所属县区", None, "county_missing"),
        ],
    )  # fmt: skip
    def test_what_is_rejected(self, tmp_path, column, value, expected):
        row = of_row(tmp_path, **{column: value})
        assert row["outcome"] == "reject"
        assert [(error["column"], error["code"]) for error in row["errors"]] == [(column, expected)]

    @pytest.mark.parametrize(
        ("column", "value", "expected"),
        [
            ("成立日期", "2021", "date_partial"), ("成立日期", 2021, "date_partial"), ("成立日期", "2021年3月", "date_partial"),
            ("从业人数", "约60人", "number_approximate"), ("从业人数", "=1+1", "formula_without_value"), ("所属县区", "经开区", "county_zone"),
            ("所属县区", "=Z1", "county_not_read"), ("许可证有效期至", "=TODAY()", "formula_without_value"), ("风险等级", "待评估", "risk_unknown"),
            ("联系电话", "不便透露", "phone_unreadable"), ("从业人数", "#N/A", "cell_error"),
        ],
    )  # fmt: skip
    def test_what_is_accepted_with_a_warning_and_left_empty(self, tmp_path, column, value, expected):
        book = judged(save(tmp_path / "one.xlsx", [HEADER, good(**{column: value})]))
        row = book.rows[0]
        assert (row.outcome.value, [f.code for _, f in row.warnings], row.fixes) == ("accept", [expected], [])
        field = {
            "成立日期": "established_on",
            "从业人数": "workforce",
            "所属县区": "county",
            "许可证有效期至": "permit_until",
            "风险等级": "risk",
            "联系电话": "phone",
        }
        assert field[column] not in row.values

    def test_a_code_of_another_county_is_kept_with_a_warning(self, tmp_path):
        row = of_row(tmp_path, 统一社会信用代码=code(1, "140423"))
        assert (row["outcome"], codes_of(row, "warnings")) == ("accept", ["code_other_county"])

    def test_a_wrong_organisation_code_is_kept_with_a_warning(self, tmp_path):
        """Character 17 of an otherwise right code is wrong by GB 11714, and the check character is right by GB 32100."""
        from fadu.subject import uscc

        body = code(1)[:16] + ("7" if code(1)[16] != "7" else "8")
        row = of_row(tmp_path, 统一社会信用代码=body + uscc.check_character(body))
        assert (row["outcome"], codes_of(row, "warnings")) == ("accept", ["code_organisation"])

    def test_the_first_good_row_of_a_code_stays(self, tmp_path):
        """The first is rejected for its date, so the second is good, and the third repeats it."""
        rows = [good(1, 成立日期="2021-02-30"), good(1), good(1), good(2)]
        book = judged(save(tmp_path / "a.xlsx", [HEADER, *rows]))
        assert [row.outcome.value for row in book.rows] == ["reject", "accept", "reject", "accept"]
        assert [f.code for _, f in book.rows[2].errors] == ["code_duplicate"]
        assert "第3行" in book.rows[2].errors[0][1].message

    def test_a_fix_and_a_warning_make_a_fix_and_an_error_rejects_all(self, tmp_path):
        assert of_row(tmp_path, 风险等级="红", 从业人数="约60人")["outcome"] == "fix"
        assert of_row(tmp_path, 风险等级="红", 企业名称="")["outcome"] == "reject"


class TestSheets:
    """表头、说明页、合并单元格"""

    def test_titles_over_the_header_notes_and_every_row_that_is_no_enterprise(self, tmp_path):
        path = tmp_path / "a.xlsx"
        rows = [
            ["长治市危险化学品企业台账"], ["填报单位：示例市应急管理局", None, None, None, "填报日期：2026年3月1日"], HEADER,
            ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"], good(1), [], good(2), ["潞州区小计", None, "2家"], HEADER, good(3),
            ["小  计", None, None, None, None, None, 60], ["合计：", "3家", None, None, None, None, 180], [],
            ["注：1. 代码按营业执照填写。"], ["2. 人数为上年末在册人数。"],
            ["填表人：张三", None, None, "审核人：李四", None, "单位负责人（签字）："], ["填报日期：2026年3月1日"],
        ]  # fmt: skip
        save(path, rows, merges=["A1:K1"])
        assert outcomes(path) == {5: "accept", 7: "accept", 10: "accept"}

    def test_labels_and_names_of_signers_in_cells_of_their_own(self, tmp_path):
        rows = [
            HEADER,
            good(1),
            [None, "填表人", "张三", "审核人", "李四", "填报日期", date(2026, 3, 1)],
            ["单位负责人：", None, "（盖章）"],
        ]
        assert outcomes(save(tmp_path / "a.xlsx", rows)) == {2: "accept"}

    def test_pages_a_date_under_the_signatures_and_a_stamp(self, tmp_path):
        """No serial column: every stray text stands in the column of names."""
        title, header = "示例区企业台账", HEADER[1:]
        rows = [
            [title], header, good(1)[1:], ["示例区企业台账（续表）"], header, good(2)[1:], ["以上企业共2家"], ["注：", "数据截至年底"], ["1.按执照填写"],
            ["填表人：张三"], [None] * 6 + ["2026年3月1日"], ["（单位公章）"], [None, None, "潞州区"],
        ]  # fmt: skip
        assert outcomes(save(tmp_path / "a.xlsx", rows)) == {3: "accept", 6: "accept"}

    def test_a_row_with_a_name_alone_or_without_name_is_an_enterprise_that_fails(self, tmp_path):
        rows = [HEADER, [1, "示例1有限公司"], [2, None, None, "潞州区", "重大", None, 60]]
        assert outcomes(save(tmp_path / "a.xlsx", rows)) == {2: "reject", 3: "reject"}

    def test_numbers_filled_in_beforehand_make_no_enterprise(self, tmp_path):
        rows = [HEADER, good(1), *[[number] for number in range(2, 20)]]
        assert outcomes(save(tmp_path / "a.xlsx", rows)) == {2: "accept"}

    def test_a_heading_within_the_table_gives_the_county_of_the_rows_below(self, tmp_path):
        rows = [
            HEADER,
            ["一、潞州区（1家）"],
            good(1, 所属县区=None),
            ["上党区"],
            good(2, 所属县区=None, 统一社会信用代码=code(2, "140404")),
        ]
        book = judged(save(tmp_path / "a.xlsx", rows, merges=["A2:K2", "A4:K4"]))
        assert [(row.row, row.outcome.value, row.values["county"]) for row in book.rows] == [
            (3, "fix", "140403"),
            (5, "fix", "140404"),
        ]

    def test_a_merged_county_counts_for_every_row_it_covers(self, tmp_path):
        rows = [HEADER, good(1), good(2, 所属县区=None), good(3, 所属县区=None), good(4, 所属县区=None)]
        book = judged(save(tmp_path / "a.xlsx", rows, merges=["D2:D4"]))
        assert [row.outcome.value for row in book.rows] == ["accept", "fix", "fix", "reject"]
        place, before, after = book.rows[1].fixes[0]
        assert (place.header, place.cell, before, after) == ("所属县区", "D3", None, "潞州区")

    def test_hidden_rows_are_rows_and_blank_ones_are_not(self, tmp_path):
        path = save(tmp_path / "a.xlsx", [HEADER, good(1), [], good(2)])
        book = openpyxl.load_workbook(path)
        book.active.row_dimensions[4].hidden = True
        book.save(path)
        rows = judged(path).rows
        assert [(row.row, row.outcome.value, [f.code for _, f in row.warnings]) for row in rows] == [
            (2, "accept", []),
            (4, "accept", ["row_hidden"]),
        ]

    def test_a_header_over_two_rows_with_merged_groups(self, tmp_path):
        top = ["序号", "企业名称", "统一社会信用代码", "所属县区", "联系人", None, "安全生产许可证", None, "坐标", None]
        low = [None, None, None, None, "姓名", "电话", "编号", "有效期至", "经度", "纬度"]
        data = [1, "示例1有限公司", code(1), "潞州区", "赵示甲", "13912345678", "示例1号", "2021-03-05", 113.1, 36.2]
        merges = ["A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:H2", "I2:J2"]
        book = judged(save(tmp_path / "a.xlsx", [["台账"], top, low, data], merges=merges))
        assert [row.row for row in book.rows] == [4]
        values = book.rows[0].values
        assert (values["contact"], values["phone"], values["permit_number"], values["permit_until"]) == (
            "赵示甲", ("13912345678",), "示例1号", date(2021, 3, 5),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("top", "low"),
        [
            (["企业名称", "统一社会", "所属", "联系", None], [None, "信用代码", "县区", "联系人", "电话"]),
            (["企业名称", "统一社会信用代码", "所属县区", "从业人数", "电话"], [None, None, None, "（人）", None]),
            (["基本信息", None, None, "联系人", None], ["名称", "统一社会信用代码", "县区", "姓名", "电话"]),
        ],
    )
    def test_a_header_over_two_rows_without_merging(self, tmp_path, top, low):
        book = judged(
            save(tmp_path / "a.xlsx", [["某局台账"], top, low, ["示例1有限公司", code(1), "潞州区", 60, "13912345678"]])
        )
        assert [row.row for row in book.rows] == [4]
        assert not book.rows[0].errors
        assert {"name", "uscc", "county", "phone"} <= set(book.rows[0].values)

    def test_columns_in_another_order_under_other_names(self, tmp_path):
        header = ["属地", "税号", "单位名称", "注册日期", "分级", "职工人数", "手机"]
        book = judged(
            save(
                tmp_path / "a.xlsx",
                [header, ["潞州区", code(1), "示例1有限公司", date(2021, 3, 5), "重大", 60, "13912345678"]],
            )
        )
        assert book.rows[0].as_json()["outcome"] == "accept"
        assert {"county", "uscc", "name", "established_on", "risk", "workforce", "phone"} == set(book.rows[0].values)

    def test_notes_and_hidden_sheets_are_left_aside_and_several_ledgers_read(self, tmp_path):
        path = save(
            tmp_path / "a.xlsx",
            [["填表说明"], ["企业名称：按营业执照填写"], ["统一社会信用代码：18位"]],
            title="填表说明",
        )
        book = openpyxl.load_workbook(path)
        for title, number, hidden in (
            ("填写示例", 9, False),
            ("东片", 1, False),
            ("西片", 2, False),
            ("去年", 3, True),
        ):
            sheet = book.create_sheet(title)
            sheet.append(HEADER)
            sheet.append(good(number))
            sheet.append(good(1))
            sheet.sheet_state = "hidden" if hidden else "visible"
        book.save(path)
        rows = judged(path).rows
        assert [(r.sheet, r.row, r.outcome.value) for r in rows] == [
            ("东片", 2, "accept"),
            ("东片", 3, "reject"),
            ("西片", 2, "accept"),
            ("西片", 3, "reject"),
        ]

    def test_the_title_names_the_county_where_no_column_does(self, tmp_path):
        rows = [["长治市潞州区企业台账"], ["企业名称", "统一社会信用代码", "从业人数"], ["示例1有限公司", code(1), 60]]
        row = judged(save(tmp_path / "a.xlsx", rows)).rows[0]
        assert (row.outcome.value, row.values["county"]) == ("fix", "140403")

    def test_formulas_with_a_stored_value_are_values(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADER)
        for column, value in enumerate(good(1)):
            if isinstance(value, date):
                sheet.write_datetime(1, column, value, book.add_format({"num_format": "yyyy/m/d"}))
            elif column == 6:
                sheet.write_formula(1, column, "=30*2", None, 60)
            elif column == 3:
                sheet.write_formula(1, column, '=CONCATENATE("潞州","区")', None, "潞州区")
            else:
                sheet.write(1, column, value)
        book.close()
        assert outcomes(path) == {2: "accept"}

    @pytest.mark.parametrize(
        ("shown", "outcome", "warnings"),
        [("yyyy-mm-dd", "accept", []), ('yyyy"年"m"月"d"日"', "accept", []), ("[$-804]yyyy/m/d;@", "accept", []), ('yyyy"年"m"月"', "accept", ["date_partial"]), ("0.00", "fix", []), ("General", "fix", [])],
    )  # fmt: skip
    def test_the_format_of_a_cell_decides_whether_it_is_a_date(self, tmp_path, shown, outcome, warnings):
        path = save(tmp_path / "a.xlsx", [HEADER, good(1, 成立日期=44256)])  # 1 March 2021
        book = openpyxl.load_workbook(path)
        book.active["H2"].number_format = shown
        book.save(path)
        row = judged(path).rows[0]
        assert (row.outcome.value, [f.code for _, f in row.warnings]) == (outcome, warnings)

    def test_the_1904_workbook(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for row in (HEADER, good(1)):
            book.active.append(row)
        book.save(path)
        assert judged(path).rows[0].values["established_on"] == date(2021, 3, 5)

    def test_a_sheet_formatted_to_its_last_row_is_not_read_to_it(self, tmp_path):
        path = save(tmp_path / "a.xlsx", [HEADER, good(1), good(2, 所属县区=None)], merges=["D2:D3"])
        book = openpyxl.load_workbook(path)
        book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
        book.active["XFD1"].font = openpyxl.styles.Font(bold=True)
        book.active["A1048575"] = "迷路的一格"
        book.save(path)
        found = judged(path)
        assert [row.outcome.value for row in found.rows] == ["accept", "fix"]
        assert any("读到第3行为止" in remark for remark in found.remarks)


class TestUnreadable:
    """不是台账的文件：说清楚是什么、怎么办"""

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "空的"), ("名称,代码\n".encode("gbk"), "文本文件"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls 格式"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "加了密码"), (b"PK\x03\x04broken", "损坏"),
            (b"<html><table></table></html>", "网页"), (b"\x89PNG\r\n\x1a\n\0\0", "不是 Excel"),
        ],
    )  # fmt: skip
    def test_other_files_are_named(self, tmp_path, content, told):
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        with pytest.raises(Unreadable, match=told):
            judged(path)

    def test_a_workbook_without_a_ledger(self, tmp_path):
        with pytest.raises(Unreadable, match="没有找到表头"):
            judged(save(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]]))

    def test_a_truncated_part_is_told(self, tmp_path):
        path = save(tmp_path / "a.xlsx", [HEADER, *(good(number) for number in range(1, 200))])
        broken = tmp_path / "b.xlsx"
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(broken, "w") as copy:
            for name in whole.namelist():
                data = whole.read(name)
                copy.writestr(name, data[: len(data) // 2] if name.endswith("sheet1.xml") else data)
        with pytest.raises(Unreadable, match="损坏"):
            judged(broken)

    def test_entities_and_bombs_are_refused(self, tmp_path):
        path = save(tmp_path / "a.xlsx", [HEADER, good(1)])
        for number, content in enumerate(
            (b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>', b"<worksheet>" + b" " * 60_000_000)
        ):
            bad = tmp_path / f"bad{number}.xlsx"
            with zipfile.ZipFile(path) as whole, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as copy:
                for name in whole.namelist():
                    copy.writestr(name, content if name.endswith("sheet1.xml") else whole.read(name))
            with pytest.raises(Unreadable, match=r"DOCTYPE|过大"):
                judged(bad)
