"""Reads what is typed into the search box as a citation, abbreviations of officers' talk included [pure]."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from fadu.law.citations import Article, CitationError, Statute, parse, statute_named
from fadu.law.library.dating import plain_title

# Only where a whole search is such a name and a number: in running text 安法 would be found inside 治安法.
ABBREVIATIONS = {
    "安法": "安全生产法",
    "安生法": "安全生产法",
    "处罚法": "行政处罚法",
    "行罚法": "行政处罚法",
    "强制法": "行政强制法",
    "行强法": "行政强制法",
    "许可法": "行政许可法",
    "复议法": "行政复议法",
    "行诉法": "行政诉讼法",
    "民诉法": "民事诉讼法",
    "赔偿法": "国家赔偿法",
    "治安法": "治安管理处罚法",
    "治安处罚法": "治安管理处罚法",
    "应对法": "突发事件应对法",
    "突发法": "突发事件应对法",
    "危化法": "危险化学品安全法",
    "危化品法": "危险化学品安全法",
    "危化条例": "危险化学品安全管理条例",
    "危化品条例": "危险化学品安全管理条例",
    "矿安法": "矿山安全法",
    "许可证条例": "安全生产许可证条例",
    "应急条例": "生产安全事故应急条例",
    "煤矿条例": "煤矿安全生产条例",
    "烟花爆竹条例": "烟花爆竹安全管理条例",
    "易制毒条例": "易制毒化学品管理条例",
    "公开条例": "政府信息公开条例",
}
MOST_ARTICLES = 1899
LONGEST_CITATION = 80
_TYPED = re.compile(
    r"《?(?P<name>[^《》0-9]*?)》?\s*(?P<place>第?\s*(?:[0-9]+|[一二三四五六七八九十百千零〇]+)\s*(?:条|-|$|\s|第|之).*|[0-9]+(?:[-.条\s].*)?)"
)
_NUMBERS = re.compile(r"([0-9]+)(?:[-之]([0-9]+))?(?:[.\s]+([0-9]+))?(?:[.\s]+([0-9]+))?(?:[.\s]+([0-9]+))?")


def article_typed(words: str, others: Iterable[Statute] = ()) -> Article | None:
    """The article that a search names and nothing else, None when it names none.

    Takes every form that ``parse`` takes, and: 安全生产法99, 安法第九十九条第一款, 行政处罚法 57 1 4, 刑法134之一,
    安全生产法第99条1款2项. others: statutes that no code cites, by their titles.
    """
    if len(words) > LONGEST_CITATION:
        return None
    found = _typed(unicodedata.normalize("NFKC", words).strip().rstrip("。；;"), others)
    # 安全生产法2021 names a version: no statute has so many articles.
    return found if found and found.number <= MOST_ARTICLES else None


def _typed(text: str, others: Iterable[Statute]) -> Article | None:
    try:
        return parse(text)
    except CitationError:
        pass
    match = _TYPED.fullmatch(text)
    if not match or not match["name"].strip():
        return None
    statute = _statute(match["name"], others)
    return place_in(statute, match["place"].strip()) if statute else None


def _statute(name: str, others: Iterable[Statute]) -> Statute | None:
    plain = plain_title(name.strip().strip("《》"))
    for candidate in (plain, ABBREVIATIONS.get(plain, "")):
        try:
            return statute_named(candidate)
        except CitationError:
            continue
    return next((statute for statute in others if plain in map(plain_title, statute.names)), None)


def place_in(statute: Statute, place: str) -> Article | None:
    """The article of ``statute`` at a place as people write it (第99条1款, 99.1, 九十九条之一); None when it is none."""
    try:
        if numbers := _NUMBERS.fullmatch(place):
            number, bis, *rest = numbers.groups()
            # 0 stands for a part left out, as on the command line.
            return statute[(f"{number}-{bis}" if bis else int(number), *(int(part) or None for part in rest if part))]
        tidy = re.sub(r"\s", "", place)
        tidy = re.sub(r"^(?!第)", "第", tidy)
        tidy = re.sub(r"^第([0-9]+)-([0-9]+)条?", r"第\1条之\2", tidy)
        tidy = re.sub(r"^(第[^条之]+)之", r"\1条之", tidy) if "条" not in tidy else tidy
        tidy = re.sub(r"(?<=[条款项])第?[（(]?([0-9零一二三四五六七八九十]+)[)）]?(?=[款项目])", r"第\1", tidy)
        probe = statute_named("APL")
        read = parse(f"《{probe.short}》{tidy}")
    except (CitationError, ValueError):
        return None
    return Article(statute, read.number, read.bis, read.paragraph, read.item, read.subitem)
