"""Reads the lines of a statute into its tree of 编章节条款项目 and says in Chinese what is wrong with them [pure]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from fadu.law.citations import CitationError, from_numerals
from fadu.law.library.files import Line, Malformed, Problem, lines_of
from fadu.law.library.tree import Annex, Clause, Heading, Item, Level, Paragraph, StatuteText, Subitem, label_of

INFO_END = "<!-- INFO END -->"
LONGEST_TITLE = 120
_N = r"[0-9０-９零〇一二两三四五六七八九十百千]+"
_HEADING = re.compile(rf"第 ?({_N}) ?(分编|编|章|节)(?: (.{{0,60}})|([^ 、和及或与至的规中所以，。；：:].{{0,24}}))?")
_CLAUSE = re.compile(rf"第 ?({_N}) ?条(?: ?之({_N}))?( |$)?(.*)")
_LISTED = re.compile(r"([一二三四五六七八九十百]+)、(.+)")
_ITEM = re.compile(r"[（(] ?([一二三四五六七八九十百]+) ?[)）] ?(.*)")
_SUBITEM = re.compile(r"([0-9]{1,3})[.．、] ?(?![0-9])(.*)")
_ANNEX = re.compile(rf"附 ?[表件录图]? ?(?:{_N})?(?: ?[：:] ?.{{0,60}}| .{{0,60}})?")
_NOTE = re.compile(r"[（(]?(根据)? ?[0-9０-９]{4}年")
_FOOTNOTE = re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩]")
# Behind a number of an article that is only mentioned at the head of a paragraph: 第三条、…, 第三条规定的….
_MENTIONED = "第、，,。；;：:和及或与至中所的规以款"
_LEVELS = {"编": Level.PART, "分编": Level.SUBPART, "章": Level.CHAPTER, "节": Level.SECTION}


@dataclass(frozen=True)
class Parsed:
    """A text and what somebody should look at although it could be read."""

    text: StatuteText
    warnings: tuple[Problem, ...]


def parse_file(name: str, content: bytes) -> Parsed:
    """Read a file; Malformed, with every problem and its line, when it is no complete statute."""
    return parse_lines(lines_of(name, content), marked=not name.lower().endswith(".docx"))


def parse_lines(lines: Sequence[Line], *, marked: bool) -> Parsed:
    """Read lines; marked: the title is a Markdown heading of the first level. Malformed with every problem."""
    reader = _Reader(_style(lines), unit="行" if marked else "段")
    rest = reader.head(lines, marked)
    for line in rest:
        reader.take(line)
    return reader.done()


class _Style(Enum):
    """How the articles of a file begin."""

    SPACED = "第一条 …"
    CLOSE = "第一条…"
    LISTED = "一、…"


def _style(lines: Sequence[Line]) -> _Style:
    """The style of a file: blanks behind the numbers anywhere mean blanks everywhere."""
    matches = [match for line in lines if (match := _CLAUSE.fullmatch(line.text))]
    if any(match[3] is not None for match in matches):
        return _Style.SPACED
    if any(match[4][0] not in _MENTIONED for match in matches):
        return _Style.CLOSE
    return _Style.LISTED if any(_LISTED.fullmatch(line.text) for line in lines) else _Style.SPACED


def _squeezed(text: str) -> str:
    return text.replace(" ", "")


@dataclass(frozen=True)
class _Start:
    """The head of an article: number, 之, and the words behind; close: no blank stands between."""

    number: int
    bis: int | None
    words: str
    close: bool


def _start(text: str) -> _Start | None:
    """The head of an article, if the line may be one; CitationError for a number that is none."""
    match = _CLAUSE.fullmatch(text)
    if not match or (match[3] is None and match[4][0] in _MENTIONED):
        return None
    bis = from_numerals(match[2]) if match[2] else None
    return _Start(from_numerals(match[1]), bis, match[4], match[3] is None)


@dataclass
class _Open:
    """An article that is being read."""

    number: int
    bis: int | None
    path: tuple[int, ...]
    line: int
    paragraphs: list[tuple[str, list[tuple[int, str, list[Subitem]]]]] = field(default_factory=list)

    def closed(self) -> Clause:
        return Clause(
            self.number,
            self.bis,
            self.path,
            tuple(
                Paragraph(text, tuple(Item(n, words, tuple(subs)) for n, words, subs in items))
                for text, items in self.paragraphs
            ),
        )


class _Reader:
    """What has been read so far; ``take`` adds a line."""

    def __init__(self, style: _Style, unit: str) -> None:
        self.style, self.unit, self.listed = style, unit, style is _Style.LISTED
        self.title = ""
        self.notes: list[str] = []
        self.preamble: list[str] = []
        self.headings: list[Heading] = []
        self.clauses: list[_Open] = []
        self.seen: dict[tuple[int, int], int] = {}  # number and 之 → the line where it stands
        self.close: dict[tuple[int, int], int] = {}  # the same for lines that lack only the blank of an article
        self.annexes: list[tuple[str, list[str]]] = []
        self.footnotes: list[str] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.path: tuple[int, ...] = ()
        self.contents: list[Heading] | None = None  # while reading the table of contents
        self.listing: list[Heading] = []
        self.current: _Open | None = None
        self.unattached = False  # a heading stands and no article under it yet

    def bad(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))

    # --- title and notes

    def head(self, lines: Sequence[Line], marked: bool) -> list[Line]:
        """Take the title and the notes below it; answer the lines that remain."""
        rest = list(lines)
        if marked:
            if rest and rest[0].depth == 1:
                self.title = _squeezed(rest.pop(0).text)
        else:
            while rest and len(self.title) < LONGEST_TITLE and self._in_title(rest[0].text):
                self.title += _squeezed(rest.pop(0).text)
        if not self.title:
            how = "第一行应当是“# 法律名称”" if marked else "第一段应当是法律名称"
            self.bad(lines[0].number, f"缺少标题：{how}")
        elif len(self.title) > LONGEST_TITLE:
            self.bad(lines[0].number, f"标题超过{LONGEST_TITLE}字，不像是法律名称")
        end = next((i for i, line in enumerate(rest) if line.text == INFO_END), None)
        if end is not None:
            self.notes = [line.text for line in rest[:end]]
            return rest[end + 1 :]
        depth = 0
        while rest and not self._structural(rest[0].text) and (depth > 0 or _NOTE.match(rest[0].text)):
            text = rest.pop(0).text
            depth += sum(text.count(c) for c in "（(") - sum(text.count(c) for c in "）)")
            self.notes.append(text)
        return rest

    def _in_title(self, text: str) -> bool:
        return not self._structural(text) and not _NOTE.match(text) and text[0] not in "（(" and "。" not in text

    def _structural(self, text: str) -> bool:
        try:
            return bool(self._heading(text) or _start(text)) or _squeezed(text) == "目录"
        except CitationError:
            return True

    # --- body

    def take(self, line: Line) -> None:
        """Read one line of the body."""
        if line.text.startswith("<!--"):
            return
        if self.annexes:
            self._annexed(line)
            return
        if line.depth == 1:
            self.bad(line.number, f"一个文件只能有一部法律，这里又有一个标题：{line.text[:40]}")
            return
        if self._contents(line):
            return
        try:
            if heading := self._heading(line.text):
                self._head_of(heading, line)
            elif not self._clause(line):
                self._within(line)
        except CitationError as error:
            self.bad(line.number, str(error))

    @staticmethod
    def _heading(text: str) -> Heading | None:
        if _squeezed(text) == "附则":
            return Heading(Level.PART, None, "附则")
        match = _HEADING.fullmatch(text)
        title = (match[3] or match[4] or "") if match else ""
        if not match or title.endswith(("。", "；", "：", ":")) or (match[4] and re.search("[，。；：]", title)):
            return None
        return Heading(_LEVELS[match[2]], from_numerals(match[1]), _squeezed(title))

    def _contents(self, line: Line) -> bool:
        """Whether the line belongs to the table of contents, which ends where its first entry comes again."""
        if _squeezed(line.text) == "目录" and not self.clauses:
            self.contents = []
            return True
        if self.contents is None:
            return False
        try:
            heading = self._heading(line.text)
            clause = None if self.listed else _start(line.text)
        except CitationError:
            return False
        # Not by the title: in the contents the number of the page may stand behind it.
        again = heading is not None and [(h.level, h.number) for h in self.contents[:1]] == [
            (heading.level, heading.number)
        ]
        if again or clause or (self.contents and _squeezed(line.text) in {"序言", "前言"} and self.preamble):
            self.listing, self.contents = self.contents, None
            return False
        if heading:
            self.contents.append(heading)
        return True

    def _head_of(self, heading: Heading, line: Line) -> None:
        above = tuple(i for i in self.path if self.headings[i].level.value < heading.level.value)
        if heading.number is None:
            above = ()
        last = next((i for i in self.path if self.headings[i].level is heading.level), None)
        counted = next((h.number for h in reversed(self.headings) if h.level is heading.level and h.number), 0)
        before = self.headings[last].number if last is not None else None
        if heading.number and before and heading.number <= before:
            what = "重复" if heading.number == before else "倒退"
            self.bad(line.number, f"{heading.label}的序号{what}：前面已经是{self.headings[last or 0].label}")
        elif heading.number and before and heading.number != before + 1:
            self.warnings.append(
                Problem(line.number, f"{self.headings[last or 0].label}之后是{heading.label}，序号不连续")
            )
        # In some codes the chapters go on counting from one part to the next.
        elif heading.number and last is None and heading.number != counted + 1 and heading.number != 1:
            self.warnings.append(Problem(line.number, f"{heading.label}之前没有第一{heading.level.sign}"))
        self.path = (*above, len(self.headings))
        self.headings.append(heading)
        self.current, self.unattached = None, True

    def _clause(self, line: Line) -> bool:
        found = self._begun(line)
        if found is None:
            return False
        self._in_order(line.number, found.number, found.bis)
        self.current = _Open(found.number, found.bis, self.path, line.number)
        self.clauses.append(self.current)
        self.unattached = False
        if found.words:
            self.current.paragraphs.append((found.words, []))
        return True

    def _begun(self, line: Line) -> _Start | None:
        """The article that begins in this line, by the style of the file."""
        if self.listed:
            match = _LISTED.fullmatch(line.text)
            return _Start(from_numerals(match[1]), None, match[2], True) if match else None
        found = _start(line.text)
        if found is None or not found.close:
            return found
        last = self.clauses[-1] if self.clauses else None
        before, here = (last.number, last.bis or 0) if last else (0, 0), (found.number, found.bis or 0)
        if self.style is _Style.CLOSE and here in {(before[0] + 1, 0), (before[0], before[1] + 1)}:
            return found
        # It may only mention that article. If that article then turns out to be missing, it was its head after all.
        self.close.setdefault(here, line.number)
        return None

    def _in_order(self, line: int, number: int, bis: int | None) -> None:
        last = self.clauses[-1] if self.clauses else None
        label = label_of(number, bis, listed=self.listed)
        before = (last.number, last.bis or 0) if last else (0, 0)
        here = (number, bis or 0)
        if twice := self.seen.get(here):
            self.bad(line, f"{label}重复：第{twice}{self.unit}已经有{label}")
        elif last and here < before:
            previous = label_of(last.number, last.bis, listed=self.listed)
            self.bad(line, f"条的序号倒退：{previous}之后是{label}")
        elif here not in {(before[0] + 1, 0), (before[0], before[1] + 1)}:
            previous = f"{label_of(last.number, last.bis, listed=self.listed)}之后" if last else "第一个条文"
            self.warnings.append(Problem(line, f"{previous}是{label}，中间缺条，请核对文本是否完整"))
        self.seen.setdefault(here, line)

    def _within(self, line: Line) -> None:
        """A line that begins no article: a paragraph, an item, a sub-item, an annex, a footnote or the preamble."""
        text = line.text
        if self.clauses and _ANNEX.fullmatch(text) and (line.depth or len(_squeezed(text)) <= 40):
            self.annexes.append((text, []))
        elif line.depth and _squeezed(text) not in {"序言", "前言"}:
            self.bad(line.number, f"不认识的标题“{text[:40]}”：标题应当是编、章、节、附则或者附件")
        elif not self.clauses and not self.headings:
            self.preamble.append(text)
        elif self.unattached:
            self._after_heading(line)
        elif _FOOTNOTE.match(text):
            self.footnotes.append(text)
        else:
            self._paragraph(line)

    def _after_heading(self, line: Line) -> None:
        heading = self.headings[-1]
        if not heading.title and len(line.text) <= 40 and "。" not in line.text:
            self.headings[-1] = Heading(heading.level, heading.number, _squeezed(line.text))
        else:
            self.bad(line.number, f"“{heading}”之下、第一条之前有不属于任何一条的文字：{line.text[:20]}…")

    def _paragraph(self, line: Line) -> None:
        clause = self.current
        assert clause is not None
        text = line.text
        if match := _ITEM.fullmatch(text):
            if not clause.paragraphs:
                clause.paragraphs.append(("", []))
            items = clause.paragraphs[-1][1]
            number = from_numerals(match[1])
            if number != len(items) + 1:
                where = label_of(clause.number, clause.bis, listed=self.listed)
                self.warnings.append(Problem(line.number, f"{where}的项不连续：第{len(items) + 1}项写作（{match[1]}）"))
            items.append((number, match[2], []))
        elif (match := _SUBITEM.fullmatch(text)) and clause.paragraphs and clause.paragraphs[-1][1]:
            clause.paragraphs[-1][1][-1][2].append(Subitem(int(match[1]), match[2]))
        else:
            if _SUBITEM.fullmatch(text):
                self.warnings.append(Problem(line.number, f"数字编号不在任何一项之下，按款读入：{text[:20]}"))
            clause.paragraphs.append((text, []))

    def _annexed(self, line: Line) -> None:
        last = self.clauses[-1]
        try:
            found = None if self.listed else _start(line.text)
        except CitationError:
            found = None
        if found and not found.close and (found.number, found.bis) == (last.number + 1, None):
            label = label_of(found.number, None)
            self.bad(line.number, f"“{self.annexes[-1][0]}”之后又有{label}，看不出它属于正文还是附件")
        if _ANNEX.fullmatch(line.text) and (line.depth or re.match(r"附[表件录图]", line.text)):
            self.annexes.append((line.text, []))
        elif _FOOTNOTE.match(line.text):
            self.footnotes.append(line.text)
        else:
            self.annexes[-1][1].append(line.text)

    # --- end

    def done(self) -> Parsed:
        """The whole text; Malformed when there were problems."""
        if not self.clauses:
            self.bad(0, "没有读到条文：条文应当另起一行，写作“第一条 ……”")
        for (number, bis), line in self.close.items():
            due = self.style is _Style.CLOSE or number <= max(self.seen, default=(0, 0))[0] + 1
            if (number, bis) not in self.seen and due:
                label = label_of(number, bis or None)
                self.bad(line, f"看不出“{label}”是不是新的一条：是的话，请在条号后面加空格")
        for clause in self.clauses:
            if not any(words or items for words, items in clause.paragraphs):
                self.bad(clause.line, f"{label_of(clause.number, clause.bis, listed=self.listed)}没有内容")
        if self.unattached:
            self.bad(0, f"“{self.headings[-1]}”之下没有条文，文本可能不完整")
        if self.problems:
            raise Malformed(*sorted(self.problems, key=lambda problem: problem.line))
        present = {(h.level, h.number) for h in self.headings}
        if missing := [str(h) for h in self.listing if (h.level, h.number) not in present]:
            self.warnings.append(Problem(0, f"目录里有、正文里没有：{'、'.join(missing[:5])}"))
        text = StatuteText(
            self.title,
            tuple(self.notes),
            tuple(self.preamble),
            tuple(self.headings),
            tuple(clause.closed() for clause in self.clauses),
            tuple(Annex(title, tuple(lines)) for title, lines in self.annexes),
            tuple(self.footnotes),
            self.listed,
        )
        return Parsed(text, tuple(self.warnings))
