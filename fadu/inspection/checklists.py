"""Versions of checklists as values: reading them from a file or a workbook, and telling two of them apart [pure]."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from fadu.law.content.reading import Node

CODE = re.compile(r"[A-Za-z0-9_-]+")
ITEM_CODE = re.compile(r"\A[^\s/?#]+\Z")  # it stands in addresses
ITEM_CODE_WORDS = "代码不能有空格和“/”“?”“#”，如N-01"
GENERAL, MAJOR = "general", "major"
LEVELS = (GENERAL, MAJOR)
HEAD = ("code", "edition", "title", "sector", "order", "from", "until", "source", "confidence", "note", "items")
ITEM = (
    "id", "area", "content", "how", "standard", "obligations", "references", "provisions", "penalties", "hazards", "level",
    "from", "until", "source", "confidence",
)  # fmt: skip
# What a text may hold at most, as the tables of the database have it.
LONGEST = {
    "code": 40, "edition": 20, "title": 80, "source": 300, "note": 500, "id": 20, "area": 40, "content": 200, "how": 200,
    "standard": 2000, "obligations": 100, "references": 120, "provisions": 40, "penalties": 100, "hazards": 20,
}  # fmt: skip
TITLES = {
    "code": "代码", "area": "部位", "content": "检查内容", "how": "检查方法", "standard": "标准", "obligations": "义务条款",
    "references": "标准规范", "provisions": "处罚条款", "penalties": "罚则", "hazards": "重大隐患判定", "level": "隐患等级",
    "from_date": "施行日期", "until": "失效日期", "source": "来源", "confidence": "可信程度",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """检查项: one thing to look at; in force from ``from_date`` until the day before ``until``, within its version's days."""

    code: str
    area: str
    content: str
    how: str
    standard: str
    obligations: tuple[str, ...]
    references: tuple[str, ...]
    provisions: tuple[str, ...]
    penalties: tuple[str, ...]
    hazards: tuple[str, ...]
    level: str
    from_date: date
    until: date | None
    source: str
    confidence: str

    @property
    def values(self) -> dict[str, Any]:
        """As the columns of a row hold it."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


FIELDS = tuple(field.name for field in fields(Item))


@dataclass(frozen=True)
class Version:
    """检查表, one version, with its items in the order in which they are walked."""

    code: str
    edition: str
    title: str
    sector: str
    order: int
    from_date: date
    until: date | None
    source: str
    confidence: str
    note: str
    items: tuple[Item, ...]

    @property
    def head(self) -> dict[str, Any]:
        """As the columns of a row hold it, without the items."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "items"}


def read_version(root: Node, sectors: Collection[str]) -> Version:
    """A mapping as a version; ``sectors``: the values a sector may have. ContentError names the key that is wrong.

    What is readable but must not be published (no basis, an article that has ceased) is for the gate to tell.
    """
    root.only(*HEAD)
    sector = root.text("sector", "")
    if sector and sector not in sectors:
        raise root.fail("sector", f"“{sector}”不在可用值之中（{'、'.join(sectors)}）")
    since, until = root.day("from"), root.optional_day("until")
    if until and until <= since:
        raise root.fail("until", "失效日应晚于施行日")
    _not_too_long(root, "code", "edition", "title", "source", "note")
    if not CODE.fullmatch(root.text("code")):
        raise root.fail("code", "应由字母、数字、连字符组成，如mine")
    order = root.number("order")
    if order != int(order) or order > 32000:
        raise root.fail("order", "应为不大于32000的整数")
    source, confidence = root.text("source"), root.confidence()
    items = tuple(_item(node, since, source, confidence) for node in root.nodes("items", required=True))
    keys = [(item.code, item.from_date) for item in items]
    if twice := next((code for code, day in keys if keys.count((code, day)) > 1), None):
        raise root.fail(f"items[{twice}]", "同一代码、同一施行日期重复")
    return Version(
        root.text("code"), root.text("edition", str(since.year)), root.text("title"), sector, int(order), since, until,
        source, confidence, root.text("note", ""), items,
    )  # fmt: skip


def _item(node: Node, since: date, source: str, confidence: str) -> Item:
    node.only(*ITEM)
    _not_too_long(node, "id", "area", "content", "how", "standard", "source")
    _not_too_long(node, "obligations", "references", "provisions", "penalties", "hazards")
    if not ITEM_CODE.fullmatch(node.text("id")):
        raise node.fail("id", ITEM_CODE_WORDS)
    level = node.text("level", GENERAL)
    if level not in LEVELS:
        raise node.fail("level", f"“{level}”不在可用值之中（{'、'.join(LEVELS)}）")
    since, until = node.optional_day("from") or since, node.optional_day("until")
    if until and until <= since:
        raise node.fail("until", "失效日应晚于施行日")
    return Item(
        code=node.text("id"), area=node.text("area"), content=node.text("content"), how=node.text("how"),
        standard=node.text("standard"), obligations=tuple(map(str, node.articles("obligations"))),
        references=_texts(node, "references"), provisions=_texts(node, "provisions"),
        penalties=tuple(map(str, node.articles("penalties"))), hazards=_texts(node, "hazards"), level=level,
        from_date=since, until=until, source=node.text("source", source), confidence=node.confidence(confidence),
    )  # fmt: skip


def _texts(node: Node, key: str) -> tuple[str, ...]:
    return tuple(map(str, node.items(key)))


def _not_too_long(node: Node, *keys: str) -> None:
    for key in keys:
        given = node.values.get(key)
        for text in given if isinstance(given, list) else [given]:
            if isinstance(text, str) and len(text) > LONGEST[key]:
                raise node.fail(key, f"文字过长，至多{LONGEST[key]}字")


def as_mapping(head: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns of a version and of its items as the mapping that a file or a workbook holds; the way back of reading."""
    rows = [
        {"id": row["code"], "from": row["from_date"], **{name: row[name] for name in ITEM if name in row}} for row in items
    ]  # fmt: skip
    return {"from": head["from_date"], **{name: head[name] for name in HEAD if name in head}, "items": rows}


@dataclass(frozen=True)
class Difference:
    """What one item is in another version: added, removed, or changed in the fields named, each with both its values."""

    code: str
    content: str
    kind: str
    changes: tuple[tuple[str, str, str], ...] = ()


ADDED, REMOVED, CHANGED = "增加", "删去", "修改"


def differences(before: Iterable[Item], after: Iterable[Item]) -> list[Difference]:
    """What the later version changes, in its own order, then what it no longer holds.

    An item is known by its code; where a code is listed for several periods, by its place among them.
    """
    old, new = _keyed(before), _keyed(after)
    found = []
    for key, item in new.items():
        if key not in old:
            found.append(Difference(item.code, item.content, ADDED))
        elif changes := tuple(_changes(old[key], item)):
            found.append(Difference(item.code, item.content, CHANGED, changes))
    return found + [Difference(item.code, item.content, REMOVED) for key, item in old.items() if key not in new]


def _keyed(items: Iterable[Item]) -> dict[tuple[str, int], Item]:
    found: dict[tuple[str, int], Item] = {}
    for item in items:
        place = sum(code == item.code for code, _ in found)
        found[item.code, place] = item
    return found


def _changes(before: Item, after: Item) -> Iterable[tuple[str, str, str]]:
    for name, title in TITLES.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield title, _said(was), _said(now)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(value) or "无"
    return str(value) if value else "无"
