"""Tells the rows of a ledger that hold an enterprise from headings, sums, signatures and notes [pure]."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from fadu.subject.ledger.cleaning import is_empty, plain
from fadu.subject.ledger.codes import clean_code
from fadu.subject.ledger.columns import Reads, squeezed
from fadu.subject.ledger.counties import Places
from fadu.subject.ledger.header import Header
from fadu.subject.ledger.reading import written
from fadu.subject.ledger.sheet import Cell, Kind


class RowKind(StrEnum):
    """What a row below the header is; only DATA gets an entry."""

    DATA = "data"
    BLANK = "blank"
    HEADER = "header"
    BAND = "band"
    TOTAL = "total"
    SIGNATURE = "signature"
    NOTE = "note"


TOTAL = re.compile(
    r".{0,14}(?:小计|合计|总计|共计|累计|汇总|总数)(?:\([^)]*\))?[:：]?(?:\D{0,4}\d[\d,.]*\D{0,6})*|(?:以上|截至)?.{0,12}共(?:计|有)?\d+[家户个]\D{0,6}"
)
SIGNER = (
    r"(?:填表|填报|制表|经办|审核|复核|核对|审批|批准|审签|统计|报送|联系|上报|校核|编制|录入|签发)(?:单位)?(?:负责)?(?:人|人员|者|领导|意见)?|"
    r"(?:单位|部门|科室|主要|分管|企业|局|科)?(?:负责人|领导)|(?:填表|填报|制表|审核|上报|报送|编制|统计|签字|盖章|填写)(?:日期|时间|单位)|签字|签名|盖章|公章|单位|日期"
)
SIGNATURE = re.compile(
    rf"(?:{SIGNER})(?:及)?(?:电话|联系电话)?(?:\((?:签字|签名|盖章|公章|签章|章)\)|签字|签名|盖章|签章)?\s*(?:[:：].*)"
)
SIGNATURE_LABEL = re.compile(
    r"(?:填表|填报|制表|经办|审核|复核|审批|统计)(?:负责)?人(?:员)?(?:\(?(?:签字|签名|盖章)\)?)?|"
    r"(?:单位|部门|主要|分管)?(?:负责人|领导)\(?(?:签字|签名|盖章|签章)\)?|(?:填表|填报|制表|审核|上报)(?:日期|时间|单位)|\(?(?:单位|加盖)?(?:盖章|公章)\)?|"
    r"(?:单位|填报单位)\(?(?:盖章|公章|章)\)?"
)
NOTE = re.compile(
    r"(?:附?注|备注|说明|填表说明|填报说明|填写说明|附注|注意事项?|备注说明|提示|温馨提示|数据来源)\s*(?:\d|[:：、.]).*|[※*★▲].+|(?:填表|填报|填写)说明.*"
)
NOTE_MORE = re.compile(r"(?:\(?\d{1,2}\)?[.、)．]|[①-⑳]|[一二三四五六七八九十]、|\([一二三四五六七八九十]\)).+")
ORDINAL_BAND = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]+[部类章节]).{1,40}"
)
COUNTING = re.compile(r"\(?[（(]?(\d{1,3}|[甲乙丙丁戊己庚辛壬癸])[)）]?")
INSTRUCTION = re.compile(
    r"\(?(?:必填|选填|非必填|可选|必填项|选填项|下拉选择|文本|日期|数字|数值|格式.*|例[:：如].*|填写.*)\)?"
)
SAMPLE = re.compile(r"(?:填写)?(?:示例|样例|例|例如|范例|示范|举例)(?:行)?[:：]?")


class RowTeller:
    """Tells rows apart, one after another: what follows a note is more likely a note."""

    def __init__(self, header: Header, places: Places, wide: Mapping[int, int], above: Collection[str] = ()) -> None:
        """``wide``: row → how many columns its widest merged cell spans; ``above``: the texts above the header, which
        come again on each page of some sheets.
        """
        self.above = {squeezed(text) for text in above}
        self.header, self.places, self.wide = header, places, wide
        self.mapped = {c.number: c.field for c in header.columns if c.field.reads is not Reads.SERIAL}
        self.code = header.column("uscc")
        self.name = header.column("name")
        self.after_note = False

    def kind(self, row: int, cells: Mapping[int, Cell]) -> RowKind:
        """What a row is."""
        if self._has_code(cells):
            self.after_note = False
            return RowKind.DATA
        texts = {column: plain(written(cell)) for column, cell in cells.items() if cell.kind is not Kind.FORMULA}
        texts = {column: text for column, text in texts.items() if text}
        if (special := self._special(row, texts)) is not None:
            self.after_note = special is RowKind.NOTE or (self.after_note and special is RowKind.BLANK)
            return special
        said = [self.mapped[c].key for c, cell in cells.items() if c in self.mapped and not is_empty(written(cell))]
        if not said:
            return RowKind.BLANK
        # a day under the signatures, a county filled in beforehand: one cell that is neither name nor code is nobody
        return RowKind.DATA if len(said) > 1 or said[0] in ("name", "uscc") else RowKind.NOTE

    def _has_code(self, cells: Mapping[int, Cell]) -> bool:
        """Whether the code column holds something like a code; then the row is an enterprise whatever else it says."""
        cell = cells.get(self.code.number) if self.code else None
        return cell is not None and cell.kind is Kind.TEXT and re.fullmatch(
            r"(?=.*\d)[0-9A-Z]{12,22}", clean_code(str(cell.value))
        ) is not None  # fmt: skip

    def _special(self, row: int, texts: Mapping[int, str]) -> RowKind | None:
        """What a row without a code is, if not an enterprise."""
        if not texts:
            return RowKind.BLANK
        bare = ["".join(text.split()) for text in texts.values()]
        first = bare[0]
        if self._repeats_header(row, texts):
            return RowKind.HEADER
        if any(TOTAL.fullmatch(text) for text in bare[:4]):
            return RowKind.TOTAL
        if any(SIGNATURE.fullmatch(text) for text in bare[:2]) or self._signed(texts):
            return RowKind.SIGNATURE
        if NOTE.fullmatch(first) or (self.after_note and len(bare) <= 2 and NOTE_MORE.fullmatch(first)):
            return RowKind.NOTE
        if SAMPLE.fullmatch(first) and next(iter(texts)) not in self.mapped:
            return RowKind.NOTE
        if self._is_band(row, texts):
            return RowKind.BAND
        if self.after_note and len(bare) == 1 and next(iter(texts)) not in self.mapped:
            return RowKind.NOTE
        return None

    def _signed(self, texts: Mapping[int, str]) -> bool:
        """填表人 | 张三 | 审核人 | 李四: labels alone in their cells, or a label with a name in a row otherwise short."""
        bare = ["".join(text.split()) for text in texts.values()]
        labels = [text for text in bare if SIGNATURE_LABEL.fullmatch(text) or SIGNATURE.fullmatch(text)]
        return bool(labels) and (SIGNATURE_LABEL.fullmatch(bare[0]) is not None or len(labels) * 2 >= len(bare))

    def _repeats_header(self, row: int, texts: Mapping[int, str]) -> bool:
        """The titles once more, the line of column numbers under them, or instructions such as 必填."""
        words = [squeezed(text) for text in texts.values()]
        again = sum(word in self.header.words for word in words)
        if again == len(words) or (again >= 2 and again * 5 >= len(words) * 3):
            return True
        if row > self.header.last + 2:
            return False
        values = ["".join(text.split()) for text in texts.values()]
        if len(values) >= 3 and all(COUNTING.fullmatch(text) for text in values):
            return True
        return all(INSTRUCTION.fullmatch(text) or re.fullmatch(r"\(.*\)", text) for text in values)

    def _is_band(self, row: int, texts: Mapping[int, str]) -> bool:
        """A heading within the table: one text over merged cells, a numbered heading, or a county's name alone."""
        filled = list(texts.items())
        column, text = filled[0]
        if all(re.sub(r"[(（]?续表?[)）]?$", "", squeezed(one)) in self.above for _, one in filled):
            return True
        if len(filled) == 1:
            spans = self.wide.get(row, 1)
            if spans >= 3 or spans * 2 > self.header.width:
                return True
            if ORDINAL_BAND.fullmatch("".join(text.split())) or column not in self.mapped:
                return True
        named = texts.get(self.name.number, "") if self.name else ""
        alone = all(
            self.mapped[c].key in ("name", "county", "workforce") for c, _ in filled if c in self.mapped
        )  # fmt: skip
        return (
            bool(named)
            and alone
            and ("".join(named.split()) in self.places.above or self.places.county(named) is not None)
        )


def band_county(texts: str, places: Places) -> str | None:
    """The county a heading within the table names: 潞州区, 一、潞州区（12家）; None when it names none."""
    bare = re.sub(
        r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]+|[(（].*[)）]$|[:：]$", "", "".join(plain(texts).split())
    )
    return places.county(bare) or places.in_text(bare)
