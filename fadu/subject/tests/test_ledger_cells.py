"""Cell by cell: what the issue of the import says is fixed, rejected or left empty; expectations worked by hand."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fadu.subject.ledger import cleaning, codes, dates, risks
from fadu.subject.ledger.cleaning import clean_name, clean_phone, clean_text, plain
from fadu.subject.ledger.codes import clean_code
from fadu.subject.ledger.columns import FIELDS, field_of
from fadu.subject.ledger.counties import read_county
from fadu.subject.ledger.dates import NO_END, read_date
from fadu.subject.ledger.reading import Reading
from fadu.subject.ledger.sheet import Cell, Kind, column_letters, column_number, from_serial
from fadu.subject.tests.books import PLACES, code


def text(value: str) -> Cell:
    return Cell(Kind.TEXT, value)


def number(value: float) -> Cell:
    return Cell(Kind.NUMBER, float(value))


def finding(reading: Reading) -> str:
    return reading.finding.code if reading.finding else ""


def moment(*parts: int) -> datetime:
    """A moment as a cell holds it, without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


MARCH_5 = date(2021, 3, 5)


class TestDates:
    """日期：五种写法、序列号、长期"""

    @pytest.mark.parametrize(
        "written",
        [
            "2021-03-05", "2021/3/5", "2021.3.5", "2021年3月5日", "20210305", "２０２１－０３－０５", " 2021-3-5 ", "2021 - 03 - 05",
            "2021-03-05 00:00:00", "2021-03-05T08:30:00", "2021/3/5 0:00", "2021年3月5日（星期五）", "2021年03月05号", "2021.03.05.",
            "二〇二一年三月五日", "二零二一年三月五日", "44260", "2021,3,5", "2021-03-05T00:00:00Z", "2021\u00a0-03-05", "\u200b2021-03-05",
        ],
    )  # fmt: skip
    def test_a_text_becomes_a_day_and_counts_as_fixed(self, written):
        assert read_date(text(written)) == Reading(MARCH_5, True)

    @pytest.mark.parametrize("value", [44260, 44260.0, 44260.75, 20210305])
    def test_a_serial_number_becomes_a_day(self, value):
        """44,197 is 2021-01-01 in Excel; 63 days later is 5 March."""
        assert read_date(number(value)) == Reading(MARCH_5, True)

    def test_the_1904_epoch_of_old_macs(self):
        assert read_date(number(44260 - 1462), date1904=True) == Reading(MARCH_5, True)

    def test_a_real_date_is_taken_as_it_is(self):
        assert read_date(Cell(Kind.DATE, moment(2021, 3, 5))) == Reading(MARCH_5)
        assert read_date(Cell(Kind.DATE, moment(2021, 3, 5, 14, 30))) == Reading(MARCH_5)

    @pytest.mark.parametrize(
        "cell",
        [*map(text, ["2021", "2021年", "2021-03", "2021年3月", "2021.3", "2021/03", "202103", "2021年3月份", "２０２１年"]),
         *map(number, [2021, 202103, 2021.3, 2021.12]), Cell(Kind.MONTH, moment(2021, 3, 1)),
         Cell(Kind.DATE, moment(1905, 7, 13))],
    )  # fmt: skip
    def test_without_a_day_it_is_told_and_left_empty(self, cell):
        """2021 in a cell that is shown as a date is day 2,021 of Excel, 13 July 1905."""
        reading = read_date(cell)
        assert (reading.value, finding(reading)) == (None, "date_partial")

    @pytest.mark.parametrize(
        "cell",
        [
            *map(text, ["2021-02-30", "2021-13-01", "2021年2月29日", "20210431", "2021/0/5", "2021.6.31"]),
            number(20210230),
        ],
    )
    def test_a_full_date_that_no_calendar_has_is_an_error(self, cell):
        assert finding(read_date(cell)) == "date_impossible"

    def test_a_leap_day_is_a_day(self):
        assert read_date(text("2024-02-29")).value == date(2024, 2, 29)

    @pytest.mark.parametrize("written", ["见执照", "21.3.5", "05/03/2021", "2021-03-05/2022-01-01"])
    def test_anything_else_is_told_and_left_empty(self, written):
        reading = read_date(text(written))
        assert (reading.value, finding(reading)) == (None, "date_unreadable")

    @pytest.mark.parametrize(
        "written", ["长期", "长期有效", "永久", "无固定期限", "长 期", "2021-03-05至长期", "2021年3月5日-长期"]
    )
    def test_long_term_means_no_end(self, written):
        assert read_date(text(written), until=True) == Reading(NO_END, True)

    @pytest.mark.parametrize(
        "written",
        [
            "2020-03-06至2021-03-05",
            "2020年3月6日至2021年3月5日",
            "2020.3.6-2021.3.5",
            "2020.3.6—2021.3.5",
            "至2021年3月5日",
            "2021年3月5日止",
        ],
    )
    def test_the_end_of_a_range(self, written):
        assert read_date(text(written), until=True) == Reading(MARCH_5, True)

    @pytest.mark.parametrize("written", ["", " ", "/", "无", "—"])
    def test_nothing_is_nothing(self, written):
        assert read_date(text(written)) == Reading()

    @pytest.mark.parametrize(
        ("serial", "day"),
        [(1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (61, date(1900, 3, 1)), (44197, date(2021, 1, 1))],
    )
    def test_excels_29_february_1900(self, serial, day):
        found = from_serial(serial, False)
        assert found is not None
        assert found.date() == day


class TestCodes:
    """统一社会信用代码：GB 32100-2015"""

    def test_a_right_code(self):
        assert codes.read_code(text("91350100M000100Y43")) == Reading("91350100M000100Y43")

    @pytest.mark.parametrize(
        "written",
        ["91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", " 91350100M000100Y43", "9135 0100 M000 100Y 43", "91350100M000100Y43\n",
         "'91350100M000100Y43", "91350100-M000100Y-43", "\ufeff91350100M000100Y43\u200b", "91350100\u00a0M000100Y43"],
    )  # fmt: skip
    def test_case_width_and_blanks_are_fixed(self, written):
        assert codes.read_code(text(written)) == Reading("91350100M000100Y43", True)

    @pytest.mark.parametrize(
        ("cell", "expected"),
        [
            (None, "code_missing"), (text("无"), "code_missing"), (text("/"), "code_missing"), (Cell(Kind.FORMULA, "=A1"), "code_missing"),
            (Cell(Kind.ERROR, "#N/A"), "code_missing"),
            (text("91350100M000100Y4"), "code_length"), (text("91350100M000100Y431"), "code_length"), (text("M000100Y4"), "code_length"),
            (text("9135O100M000100Y43"), "code_letter"), (text("9I350100M000100Y43"), "code_letter"), (text("9135010SM000100Y43"), "code_letter"),
            (text("91350100V000100Y43"), "code_letter"), (text("91350100Z000100Y43"), "code_letter"),
            (text("91350100M000100Y44"), "code_check"), (number(914403001922038216), "code_number"), (number(9.1e17), "code_number"),
            (text("140400000012345"), "code_registration_number"), (number(140400000012345), "code_number"),
            (text("91350100M000100Y4*"), "code_character"),
        ],
    )  # fmt: skip
    def test_what_is_rejected(self, cell, expected):
        assert finding(codes.read_code(cell)) == expected

    def test_the_organisation_code_within_has_its_own_check_digit(self):
        """GB 11714 worked by hand for MA000001: 22·3 + 10·7 + 0·9 + 0·10 + 0·5 + 0·8 + 0·4 + 1·2 = 138 = 12·11 + 6; 11 - 6 = 5."""
        assert codes.organisation_problem("91140403MA0000015" + "X") == ""
        assert "应当是“5”，现在是“7”" in codes.organisation_problem("91140403MA0000017" + "X")


class TestCounties:
    """所属县区"""

    @pytest.mark.parametrize("name", ["潞州区", "上党区", "沁县", "沁源县"])
    def test_the_names_of_today_stand(self, name):
        reading = read_county(text(name), PLACES)
        assert not reading.fixed
        assert PLACES.counties[str(reading.value)] == name

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("城区", "潞州区"), ("郊区", "潞州区"), ("长治县", "上党区"), ("屯留县", "屯留区"), ("潞城市", "潞城区"), ("潞州", "潞州区"),
            ("上党", "上党区"), ("襄垣", "襄垣县"), ("长治市潞州区", "潞州区"), ("山西省长治市沁源县", "沁源县"), ("长治市城区", "潞州区"),
            ("潞 州 区", "潞州区"), ("潞州区　", "潞州区"), ("140423", "襄垣县"), ("长治潞州区", "潞州区"), ("长治市长治县", "上党区"), ("屯留", "屯留区"), ("潞州区（原城区）", "潞州区"), ("潞州区东街街道", "潞州区"),
        ],
    )  # fmt: skip
    def test_short_and_former_names_are_fixed(self, written, name):
        """The State Council approved the four districts in 2018: 城区 and 郊区 became 潞州区, 长治县 上党区 and so on."""
        reading = read_county(text(written), PLACES)
        assert reading.fixed
        assert PLACES.counties[str(reading.value)] == name

    @pytest.mark.parametrize(
        "written", ["长治市", "长治", "太谷区", "晋城市城区", "某某县", "北京市", "晋城经济技术开发区", "晋城市"]
    )
    def test_what_is_no_county_of_the_city_is_rejected(self, written):
        assert finding(read_county(text(written), PLACES)) == "county_unknown"

    @pytest.mark.parametrize(
        "written", ["开发区", "高新区", "经开区", "长治高新技术产业开发区", "长治经济技术开发区", "长治市高新区"]
    )
    def test_a_development_zone_leaves_the_county_empty(self, written):
        reading = read_county(text(written), PLACES)
        assert (reading.value, finding(reading)) == (None, "county_zone")

    @pytest.mark.parametrize(
        ("area", "fits"),
        [
            ("140403", True),
            ("140402", True),
            ("140411", True),
            ("140400", True),
            ("140000", True),
            ("140404", False),
            ("110105", False),
        ],
    )
    def test_the_division_in_a_code(self, area, fits):
        assert PLACES.code_fits(code(1, area), "140403") is fits


class TestRisks:
    """四级风险"""

    @pytest.mark.parametrize(
        ("grade", "words"),
        [
            ("1", "红 红色 一级 Ⅰ级 I级 A级 1级 高 Ａ级 a级 一级风险 红色风险 1 重大（红色） 红/重大"),
            ("2", "橙 橙色 二级 Ⅱ级 II级 B级 较高 2"),
            ("3", "黄 黄色 三级 Ⅲ级 III级 C级 中 3"),
            ("4", "蓝 蓝色 四级 Ⅳ级 IV级 D级 4 低（蓝色）"),
        ],
    )
    def test_synonyms_are_fixed(self, grade, words):
        for word in words.split():
            assert risks.read_risk(text(word)) == Reading(grade, True), word

    @pytest.mark.parametrize(
        ("grade", "words"), [("1", "重大风险 重大"), ("2", "较大风险 较大"), ("3", "一般风险 一般"), ("4", "低风险 低")]
    )
    def test_the_gradings_own_words_stand(self, grade, words):
        for word in words.split():
            assert risks.read_risk(text(word)) == Reading(grade)

    def test_a_number_is_a_synonym(self):
        assert risks.read_risk(number(2)) == Reading("2", True)

    @pytest.mark.parametrize("word", ["待评估", "五级", "红或橙", "红（较大）", "0"])
    def test_other_words_are_told_and_left_empty(self, word):
        reading = risks.read_risk(text(word))
        assert (reading.value, finding(reading)) == (None, "risk_unknown")


class TestNumbers:
    """人数、电话、经纬度"""

    @pytest.mark.parametrize(
        ("written", "value"),
        [("60", 60), ("60人", 60), ("1,200", 1200), ("６０", 60), (" 60 ", 60), ("60.0", 60), ("0", 0)],
    )
    def test_a_count_written_as_text_is_fixed(self, written, value):
        assert cleaning.read_count(text(written)) == Reading(value, True)

    def test_a_count_that_is_a_number_stands(self):
        assert cleaning.read_count(number(60)) == Reading(60)

    @pytest.mark.parametrize(
        "written", ["约60人", "60余人", "60人左右", "50-60", "50～60人", "60以上", ">60", "几十人", "近60人"]
    )
    def test_about_sixty_is_told_and_left_empty(self, written):
        reading = cleaning.read_count(text(written))
        assert (reading.value, finding(reading)) == (None, "number_approximate")

    @pytest.mark.parametrize(
        "cell", [text("六十"), text("60.5"), number(60.5), number(-3), Cell(Kind.BOOLEAN, True), text("12.5亩")]
    )
    def test_no_number_of_people_is_told_and_left_empty(self, cell):
        reading = cleaning.read_count(cell)
        assert (reading.value, finding(reading)) == (None, "number_unreadable")

    @pytest.mark.parametrize(
        ("cell", "numbers"),
        [
            (number(13912345678), ("13912345678",)), (text("139 1234 5678"), ("13912345678",)), (text("139-1234-5678"), ("13912345678",)),
            (text("+86 13912345678"), ("13912345678",)), (text("１３９１２３４５６７８"), ("13912345678",)),
            (text("03552012345"), ("0355-2012345",)), (number(3552012345), ("0355-2012345",)), (text("(0355)2012345"), ("0355-2012345",)),
            (text("0355—2012345"), ("0355-2012345",)), (text("0355-2012345转8001"), ("0355-2012345-8001",)),
            (text("13912345678/0355-2012346 "), ("13912345678", "0355-2012346")), (text("13912345678、13812345678"), ("13912345678", "13812345678")),
            (text("13912345678 13812345678"), ("13912345678", "13812345678")),
        ],
    )  # fmt: skip
    def test_telephones_come_out_in_one_spelling(self, cell, numbers):
        assert cleaning.read_phones(cell) == Reading(numbers, True)

    @pytest.mark.parametrize("written", ["13912345678", "0355-2012345", "2012345", "0355-2012345-8001"])
    def test_a_telephone_in_the_houses_spelling_stands(self, written):
        assert cleaning.read_phones(text(written)) == Reading((written,))

    @pytest.mark.parametrize("written", ["1391234567", "张三", "139123456789"])
    def test_no_telephone_is_told_and_left_empty(self, written):
        reading = cleaning.read_phones(text(written))
        assert (reading.value, finding(reading)) == (None, "phone_unreadable")

    @pytest.mark.parametrize(
        ("written", "degrees"),
        [
            ("113.116255", "113.116255"),
            ("东经113.12°", "113.12"),
            ("E113.12", "113.12"),
            ("113°30′", "113.5"),
            ("113°6′36″", "113.11"),
        ],
    )
    def test_degrees(self, written, degrees):
        assert str(cleaning.read_decimal(written)) == degrees


@pytest.mark.parametrize("clean", [clean_text, clean_name, plain, clean_code, clean_phone])
@settings(deadline=None)
@given(written=st.text(max_size=30) | st.text(alphabet="0123456789-() 　１３９Ａa（）'\u200b\u00a0转/中", max_size=20))
def test_cleaning_twice_is_cleaning_once(clean, written):
    assert clean(clean(written)) == clean(written)


@settings(deadline=None)
@given(
    st.dates(date(1927, 6, 1), date(2100, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_every_day_reads_back_in_every_spelling(day, spelling):
    assert dates.read_date(text(day.strftime(spelling))) == Reading(day, True)


@settings(deadline=None)
@given(st.integers(1, 16384))
def test_letters_of_columns(column):
    assert column_number(column_letters(column)) == column


@pytest.mark.parametrize(
    ("written", "stored"),
    [("示例　有限公司 ", "示例有限公司"), ("张　三", "张三"), ("示例\n有限公司", "示例有限公司"), ("ＡＢＣ示例１公司", "ABC示例1公司"),
     ("示例（长治）公司", "示例（长治）公司"), ("ABC Trading 公司", "ABC Trading公司"), ("\u200b示例\ufeff公司", "示例公司")],
)  # fmt: skip
def test_names(written, stored):
    assert clean_name(written) == stored


class TestTitles:
    """列名"""

    @pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
    def test_a_fields_own_name_is_its_title(self, field):
        found = field_of(field.title)
        assert found is not None
        assert found.key == field.key

    @pytest.mark.parametrize(
        ("key", "titles"),
        [
            ("name", "企业名称 单位名称 名称 生产经营单位 生产经营单位名称 企业全称 公司名称 *企业名称 企业名称（全称） 单位名称(盖章) 企业名称（必填） 被检查单位名称 企业（单位）名称 危险化学品企业名称 加油站名称"),
            ("uscc", "统一社会信用代码 社会信用代码 信用代码 统一代码 税号 统一信用代码 机构代码 统一社会信用代码（18位） 统一社会信用代码/注册号 纳税人识别号 企业统一社会信用代码 社会统一信用代码 营业执照号"),
            ("county", "所属县区 县区 县(市、区) 县（市、区） 属地 辖区 所在县区 所属区县 行政区划 所属县（市、区） 县市区 区县 所在地区 所属辖区 管辖县区 县 企业所在县区 县别 注册地县区"),
            ("risk", "风险等级 风险级别 分级 安全风险等级 风险分级 等级 风险等级（红橙黄蓝）"),
            ("phone", "联系电话 手机 电话 联系方式 手机号 手机号码 联系人电话 电话号码"),
            ("workforce", "从业人数 职工人数 从业人员数 员工人数 从业人数（人） 人数 从业人员 职工总数 从业人员数量 用工人数"),
            ("established_on", "成立日期 注册日期 成立时间 注册时间 登记日期 设立日期"),
            ("permit_until", "许可证有效期 有效期至 许可证有效期至 安全生产许可证有效期 到期日期 证书有效期至 有效期 许可证到期日 有效期限"),
            ("permit_from", "发证日期 许可证发证日期 有效期起"),
            ("longitude", "经度 东经 经度（E） 坐标经度"), ("latitude", "纬度 北纬 纬度(N)"),
            ("address", "地址 注册地址 住所 企业地址 详细地址 单位地址 生产经营地址 经营地址"),
            ("legal_representative", "法定代表人 法人 法人代表 法定代表人（负责人） 负责人 法定代表人姓名"),
            ("principal", "主要负责人"), ("contact", "联系人"), ("township", "乡镇 乡镇（街道） 乡镇/街道 所属乡镇 街道"),
            ("serial", "序号 编号"),
        ],
    )  # fmt: skip
    def test_titles_of_bureaus(self, key, titles):
        wrong = []
        for title in titles.split():
            found = field_of(title)
            if found is None or (found.key != key and not (key == "address" and found.key == "site_address")):
                wrong.append((title, found.key if found else None))
        assert wrong == []

    @pytest.mark.parametrize(
        ("above", "title", "key"),
        [("联系人", "姓名", "contact"), ("联系人", "电话", "phone"), ("法定代表人", "姓名", "legal_representative"),
         ("法定代表人", "联系电话", "legal_phone"), ("主要负责人", "手机", "principal_phone"), ("安全生产许可证", "编号", "permit_number"),
         ("安全生产许可证", "有效期至", "permit_until"), ("安全生产许可证", "发证日期", "permit_from"), ("企业基本信息", "名称", "name"), ("坐标", "经度", "longitude"),
         ("企业基本情况", "统一社会信用代码", "uscc"), ("许可证", "有效期", "permit_until"), ("统一社会", "信用代码", "uscc")],
    )  # fmt: skip
    def test_titles_over_two_rows(self, above, title, key):
        found = field_of(title, above)
        assert found is not None
        assert found.key == key
