"""Citations of law as values: ``APL[57, 1, 4]`` and 《行政处罚法》第五十七条第一款第四项 are the same thing, both ways."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, total_ordering
from typing import NamedTuple

DIGITS = "零一二三四五六七八九"
LARGEST = 9999
REPUBLIC = "中华人民共和国"

Key = int | str | None


class CitationError(ValueError):
    """A text that names no article; its message is a Chinese sentence fit to be shown at the field."""


# --- numerals -------------------------------------------------------------------------------------------------------


@cache
def in_numerals(n: int) -> str:
    """The Chinese numeral of n as statutes number their articles (134 → 一百三十四); ValueError outside 1..9999."""
    if not 1 <= n <= LARGEST:
        raise ValueError(f"条、款、项序号应在1至{LARGEST}之间：{n}")
    written, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + sign
        gap = not digit
    return written.removeprefix("一") if written.startswith("一十") else written


_NUMERAL = re.compile(
    r"(?:([一二三四五六七八九])千)?零?(?:([一二三四五六七八九])百)?零?(?:([一二三四五六七八九])十)?零?([一二三四五六七八九])?"
)


def from_numerals(text: str) -> int:
    """The number a Chinese or arabic (also full-width) numeral stands for; CitationError when it is not one."""
    if text.isdecimal():
        n = int(text)
    else:
        plain = text.replace("〇", "零").replace("两", "二")
        plain = re.sub(r"(^|[百零])十", r"\1一十", plain)  # 十五 and 一百十五 are written beside 一百一十五
        match = _NUMERAL.fullmatch(plain)
        places = zip(match.groups(), (1000, 100, 10, 1), strict=True) if match else ()
        n = sum(DIGITS.index(digit) * unit for digit, unit in places if digit)
        # Read back and compare, so that 一百五 (which says 150 and spells 105) and 百零零 are refused, not guessed.
        if n and re.sub(r"(^|[百零])十", r"\1一十", in_numerals(n)) != plain:
            n = 0
    if not 1 <= n <= LARGEST:
        raise CitationError(f"“{text}”不是可用的序号")
    return n


# --- values ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Statute:
    """A law, regulation or rule that code and content cite; ``statute[57, 1]`` is its article.

    code: identifier in our code (``APL``); short: the customary name; full: the name on its title page;
    since: the day the version came into force whose article numbers are cited; aliases: further names that are read.
    """

    code: str
    short: str
    full: str = field(compare=False)
    since: date = field(compare=False)
    aliases: tuple[str, ...] = field(default=(), compare=False)

    def __getitem__(self, key: Key | tuple[Key, ...]) -> "Article":
        """Article, paragraph 款, item 项, sub-item 目: ``[57]``, ``[57, 1, 4]``, ``[59, None, 6]``, ``["134-1", 2]``."""
        parts = key if isinstance(key, tuple) else (key,)
        if not 1 <= len(parts) <= 4:
            raise CitationError(f"{self.code}{list(parts)}：应为条、款、项、目")
        number, bis = _split_number(parts[0])
        paragraph, item, subitem = (_whole(part) for part in (*parts[1:], None, None, None)[:3])
        return Article(self, number, bis, paragraph, item, subitem)

    def at(self, key: str) -> "Article":
        """The article whose ``Article.key`` this is; CitationError for another text."""
        number, *rest = key.split(".")
        if not all(part.isdecimal() for part in rest):
            raise CitationError(f"不能识别的条文位置：{key}")
        return self[(number, *(int(part) or None for part in rest))]

    def __iter__(self) -> Iterator["Article"]:
        # Without this, __getitem__ would make every statute an endless sequence.
        raise TypeError("Statute is not iterable")

    def __str__(self) -> str:
        return f"《{_inner(self.short)}》"

    def __repr__(self) -> str:
        return self.code

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the statute is read, none of them with 书名号."""
        names = (self.short, self.full, REPUBLIC + self.short, *self.aliases)
        return tuple(dict.fromkeys((*names, *map(_inner, names))))


def _inner(name: str) -> str:
    """A name that itself names a law, as it stands within 书名号: the inner ones become 〈〉."""
    return name.replace("《", "〈").replace("》", "〉")


def _whole(part: Key) -> int | None:
    return int(part) if part is not None else None


def _split_number(part: Key) -> tuple[int, int | None]:
    if isinstance(part, int):
        return part, None
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", part or "")
    if not match:
        raise CitationError(f"“{part}”不是条文序号，第一百三十四条之一请写作 134-1")
    return int(match[1]), int(match[2]) if match[2] else None


@total_ordering
@dataclass(frozen=True)
class Article:
    """One place in a statute: 条, with 之一 as bis, and optionally 款, 项, 目. Hashable, ordered as in the statute."""

    statute: Statute
    number: int
    bis: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None

    def __post_init__(self) -> None:
        for part in self.parts:
            if part is not None and not 1 <= part <= LARGEST:
                raise CitationError(f"{self.statute}：条、款、项序号应在1至{LARGEST}之间，不能是{part}")
        if self.subitem is not None and self.item is None:
            raise CitationError(f"{self.statute}第{self.number}条：写了目就应写明项")

    @property
    def parts(self) -> tuple[int | None, ...]:
        """Number, bis, paragraph, item, sub-item."""
        return self.number, self.bis, self.paragraph, self.item, self.subitem

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Article):
            return NotImplemented
        mine, theirs = (tuple(part or 0 for part in a.parts) for a in (self, other))
        return (self.statute, mine) < (other.statute, theirs)

    def __str__(self) -> str:
        return self.in_text()

    def __repr__(self) -> str:
        """As it is written in code and found by grep: ``APL[57, 1, 4]``."""
        number = f'"{self.number}-{self.bis}"' if self.bis else str(self.number)
        rest = [self.paragraph, self.item, self.subitem]
        while rest and rest[-1] is None:
            rest.pop()
        return f"{self.statute.code}[{', '.join([number, *map(str, rest)])}]"

    def in_text(self, *, quoted: bool = True, full: bool = False, bracketed: bool = False) -> str:
        """For a sentence; quoted: with 书名号, full: the official name of the law, bracketed: 第（四）项 for 第四项."""
        name = self.statute.full if full else self.statute.short
        return (f"《{_inner(name)}》" if quoted else name) + self.place(bracketed=bracketed)

    def place(self, *, bracketed: bool = False) -> str:
        """The place without the statute's name: 第五十七条第一款第四项."""
        text = f"第{in_numerals(self.number)}条" + (f"之{in_numerals(self.bis)}" if self.bis else "")
        if self.paragraph:
            text += f"第{in_numerals(self.paragraph)}款"
        if self.item:
            text += f"第（{in_numerals(self.item)}）项" if bracketed else f"第{in_numerals(self.item)}项"
        if self.subitem:
            text += f"第{in_numerals(self.subitem)}目"
        return text

    @property
    def whole(self) -> "Article":
        """The whole article (条) this place lies in."""
        return Article(self.statute, self.number, self.bis)

    @property
    def key(self) -> str:
        """The place as it stands in an address: 57.1.4, 59.0.6 (item without paragraph), 134-1.2."""
        rest = [self.paragraph, self.item, self.subitem]
        while rest and rest[-1] is None:
            rest.pop()
        return ".".join([str(self.number) + (f"-{self.bis}" if self.bis else ""), *(str(part or 0) for part in rest)])

    def covers(self, other: "Article") -> bool:
        """Whether other lies in this place: 第五十七条 covers 第五十七条第一款第四项, and every place covers itself."""
        if (self.statute, self.number, self.bis) != (other.statute, other.number, other.bis):
            return False
        narrower = zip(self.parts[2:], other.parts[2:], strict=True)
        return all(mine is None or mine == theirs for mine, theirs in narrower)

    def touches(self, other: "Article") -> bool:
        """Whether one of the two places lies in the other."""
        return self.covers(other) or other.covers(self)


def in_chinese(articles: Iterable[Article], *, full: bool = False) -> str:
    """Several articles as a basis is written: 《行政处罚法》第四十四条、第六十三条；《行政强制法》第五十三条."""
    by_statute: dict[Statute, list[Article]] = {}
    for article in dict.fromkeys(articles):
        by_statute.setdefault(article.statute, []).append(article)
    return "；".join(
        f"《{_inner(statute.full if full else statute.short)}》" + "、".join(a.place() for a in places)
        for statute, places in by_statute.items()
    )


# --- reading --------------------------------------------------------------------------------------------------------

_register: dict[str, Statute] = {}


def register(statute: Statute) -> Statute:
    """Make a statute's names readable by parse(); ValueError when another statute already has one of them."""
    names = (statute.code, *statute.names)
    for name in names:
        if _register.get(name, statute) != statute:
            raise ValueError(f"{name} names both {_register[name]!r} and {statute!r}")
    _register.update(dict.fromkeys(names, statute))
    _pattern.cache_clear()
    return statute


def _known() -> dict[str, Statute]:
    # The statutes register themselves when their module is read; a bare parse() must not depend on who imported it.
    import fadu.law.statutes  # noqa: F401

    return _register


def registered() -> tuple[Statute, ...]:
    """All statutes that parse() reads, in order of their code."""
    return tuple(sorted(set(_known().values())))


def statute_named(name: str) -> Statute:
    """The statute of that name (short, full, alias or code; 书名号 allowed); CitationError when none is registered."""
    plain = re.sub(r"\s", "", name).strip("《》")
    if plain not in _known():
        raise CitationError(f"未收录的法律名称：{name.strip() or '（空）'}")
    return _register[plain]


_N = r"[0-9０-９零〇一二两三四五六七八九十百千]+"
_S = r"\s*"
_PARTS = (
    rf"(?:第{_S}(?P<paragraph>{_N}){_S}款)?{_S}"
    rf"(?:第{_S}[（(]?{_S}(?P<item>{_N}){_S}[）)]?{_S}项)?{_S}"
    rf"(?:第{_S}[（(]?{_S}(?P<subitem>{_N}){_S}[）)]?{_S}目)?"
)
_ARTICLE = rf"(?:第{_S}(?P<number>{_N}){_S}条(?:{_S}之{_S}(?P<bis>{_N}))?|(?P<bare>[0-9０-９]+)(?:-(?P<barebis>[0-9]+))?(?![0-9０-９.年月日]){_S}条?)"
_CODE = r"(?P<code>[A-Z][A-Z0-9_]*)\[\"?(?P<codes>[0-9]+(?:-[0-9]+)?\"?(?:,\s*(?:[0-9]+|None)){0,3})\]"
_NEXT = re.compile(
    rf"{_S}(?:[、，,和及与]|以及|或者){_S}第{_S}(?P<number>{_N}){_S}条(?:{_S}之{_S}(?P<bis>{_N}))?{_S}{_PARTS}"
)
_NEXT_PART = re.compile(
    rf"{_S}(?:[、，,和及与]|以及|或者){_S}(?:第{_S}(?P<paragraph>{_N}){_S}款)?{_S}"
    rf"(?:第{_S}[（(]?{_S}(?P<item>{_N}){_S}[）)]?{_S}项)?"
)


@cache
def _pattern() -> re.Pattern[str]:
    # Longest first, or 行政复议法 would be read out of 行政复议法实施条例.
    names = sorted((re.escape(name) for name in _known() if not name.isascii()), key=len, reverse=True)
    # A year of the version may stand behind the name: 《安全生产法》（2021年修正）第九十七条.
    version = rf"(?:{_S}[（(][^（）()《》]{{1,20}}[）)])?"
    return re.compile(
        rf"(?:《{_S}(?P<quoted>{'|'.join(names)}){version}{_S}》{version}|(?P<name>{'|'.join(names)}){version})"
        rf"{_S}{_ARTICLE}{_S}{_PARTS}|{_CODE}"
    )


def _article(statute: Statute, found: dict[str, str | None]) -> Article:
    def number(*keys: str) -> int | None:
        text = next((value for key in keys if (value := found.get(key))), None)
        return from_numerals(text) if text else None

    return Article(
        statute,
        number("number", "bare") or 0,
        number("bis", "barebis"),
        number("paragraph"),
        number("item"),
        number("subitem"),
    )


def _read(match: re.Match[str]) -> Article:
    if code := match["code"]:
        parts = [part.strip().strip('"') for part in match["codes"].split(",")]
        return statute_named(code)[tuple(None if part == "None" else part for part in parts)]
    return _article(_register[match["quoted"] or match["name"]], match.groupdict())


def parse(text: str) -> Article:
    """Read one citation, e.g. 《行政处罚法》第五十七条第一款第（四）项, 行政处罚法58, 《刑法》第134条之一, APL[57, 1, 4].

    CitationError, in Chinese, when the law is not registered or the text is not one citation and nothing else.
    """
    plain = text.strip()
    if match := _pattern().fullmatch(plain):
        return _read(match)
    if not plain:
        raise CitationError("请写明法律名称和条文，例如：《行政处罚法》第五十七条第一款第四项")
    raise CitationError(_what_is_wrong(plain))


def _what_is_wrong(plain: str) -> str:
    example = "写法示例：《行政处罚法》第五十七条第一款第四项"
    if plain.startswith("第") or plain[0].isdecimal():
        return f"没有写明法律名称：{plain}。{example}"
    if any(plain.removeprefix("《").startswith(name) for name in _register):
        return f"不能识别的条文引用：{plain}。{example}"
    named = re.match(rf"《([^《》]+)》|([^《》0-9０-９\s]+?)(?=第{_S}{_N}|[0-9０-９]|\s|$)", plain)
    name = next((group for group in named.groups() if group), plain) if named else plain
    return f"未收录的法律名称：{name}"


class Found(NamedTuple):
    """A citation found in running text and where it stands."""

    article: Article
    start: int
    end: int


def parse_all(text: str) -> list[Found]:
    """Every citation of a registered statute in running text, in order, with its place.

    Reads on through lists: 《行政处罚法》第四十四条、第六十三条第一款第一项、第二项 gives three. Laws that are not
    registered and numerals that are none are passed over.
    """
    found: list[Found] = []
    position = 0
    while match := _pattern().search(text, position):
        position = match.end()
        try:
            found.append(Found(_read(match), match.start(), match.end()))
        except CitationError:
            continue
        while True:
            last = found[-1].article
            try:
                if following := _NEXT.match(text, position):
                    article = _article(last.statute, following.groupdict())
                elif (following := _NEXT_PART.match(text, position)) and (following["paragraph"] or following["item"]):
                    paragraph = from_numerals(following["paragraph"]) if following["paragraph"] else last.paragraph
                    item = from_numerals(following["item"]) if following["item"] else None
                    article = Article(last.statute, last.number, last.bis, paragraph, item)
                else:
                    break
            except CitationError:
                break
            found.append(Found(article, following.start() + _lead(following), following.end()))
            position = following.end()
    return found


def _lead(match: re.Match[str]) -> int:
    return match[0].index("第")
