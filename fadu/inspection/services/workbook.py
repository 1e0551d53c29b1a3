"""A version of a checklist as xlsx and back: what is written is read as the same version, and every error names its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import IO, Any

from fadu.inspection.checklists import GENERAL, ITEM_CODE, ITEM_CODE_WORDS, MAJOR, Version, as_mapping, read_version
from fadu.kernel.errors import Invalid
from fadu.law.citations import CitationError, parse
from fadu.law.content.reading import ContentError, node_of
from fadu.subject import sheets
from fadu.subject.ledger.sheet import Sheet
from fadu.subject.models import Subject
from fadu.subject.sheets import Line, Workbook, Written, row_of

ABOUT, ITEMS = "说明", "检查项"
ABOUT_ROWS = {
    "代码": "code", "名称": "title", "监管行业": "sector", "排序": "order", "施行日期": "from", "失效日期": "until", "来源": "source",
    "可信程度": "confidence", "说明": "note",
}  # fmt: skip
NEEDED = ("代码", "名称", "施行日期", "来源")
TEXTS = {"代码": "id", "部位": "area", "检查内容": "content", "检查方法": "how", "标准": "standard"}
# What a cell lists, one after the other; citations are read as such.
LISTS = {
    "义务条款": "obligations",
    "标准规范": "references",
    "处罚条款": "provisions",
    "罚则": "penalties",
    "重大隐患判定": "hazards",
}
CITATIONS = ("义务条款", "罚则")
LEVELS = {"一般": GENERAL, "重大": MAJOR}
COLUMNS = (*TEXTS, *LISTS, "隐患等级", "施行日期", "失效日期", "来源", "可信程度")
WIDE = frozenset({"检查内容", "检查方法", "标准", "义务条款", "标准规范", "罚则", "来源", "内容"})


def write(version: Version) -> bytes:
    """The workbook of a version: what it is, and one row for each item; several citations of a cell stand apart by “；”."""
    values = as_mapping(version.head, (item.values for item in version.items))
    sectors = dict(Subject.Sector.choices)
    about = {**values, "sector": sectors.get(values["sector"], "")}
    return sheets.write([
        Written(ABOUT, ("项目", "内容"), ((title, _said(about[name])) for title, name in ABOUT_ROWS.items()), WIDE),
        Written(ITEMS, COLUMNS, (_item_row(item) for item in values["items"]), WIDE),
    ])  # fmt: skip


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _item_row(item: Mapping[str, Any]) -> list[str]:
    levels = {value: title for title, value in LEVELS.items()}
    cells = {title: item[name] for title, name in TEXTS.items()}
    cells |= {title: "；".join(item[name]) for title, name in LISTS.items()}
    cells |= {
        "隐患等级": levels[item["level"]], "施行日期": _said(item["from"]), "失效日期": _said(item["until"]), "来源": item["source"],
        "可信程度": item["confidence"],
    }  # fmt: skip
    return row_of(COLUMNS, cells)


def read(file: IO[bytes]) -> Workbook:
    """Read a workbook of one version; Invalid when the file is none. Errors at cells are collected, not raised."""
    held = sheets.read(file)
    if ABOUT not in held or ITEMS not in held:
        raise Invalid({"file": f"没有找到“{ABOUT}”和“{ITEMS}”两张工作表。请先下载现行的检查表，照它的格式填写。"})
    book = Workbook()
    book.values = _about(book, held[ABOUT])
    rows = sheets.lines(book, held[ITEMS], ITEMS, (*TEXTS, "义务条款"))
    book.values["items"] = [_item(line) for line in rows]
    if not rows:
        book.wrong(ITEMS, 0, 0, "没有检查项")
    for code, line in _twice(rows):
        line.wrong("代码", f"代码“{code}”、同一施行日期重复")
    return book


def version_in(values: Mapping[str, Any], name: str) -> Version:
    """What was read as a version; Invalid at ``file``, in Chinese, when it cannot be one."""
    try:
        return read_version(node_of(name, "", dated(values)), Subject.Sector.values)
    except ContentError as error:
        raise Invalid({"file": str(error)}) from None


def dated(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping with its days as days, as a file of YAML has them."""
    found: dict[str, Any] = {
        name: date.fromisoformat(value) if name in ("from", "until") and value else value
        for name, value in values.items()
    }
    if "items" in found:
        found["items"] = [dated(item) for item in found["items"]]
    return {name: value for name, value in found.items() if value not in (None, "") or name == "sector"}


def _about(book: Workbook, sheet: Sheet) -> dict[str, Any]:
    lines = {line.get("项目"): line for line in sheets.lines(book, sheet, ABOUT, ("项目", "内容"))}
    values: dict[str, Any] = {
        name: lines[title].get("内容") if title in lines else "" for title, name in ABOUT_ROWS.items()
    }
    for title in NEEDED:
        if not values[ABOUT_ROWS[title]]:
            book.wrong(
                ABOUT, lines[title].number if title in lines else 0, 2 if title in lines else 0, f"请填写“{title}”"
            )
    for title in ("施行日期", "失效日期"):
        values[ABOUT_ROWS[title]] = lines[title].day("内容") if title in lines else None
    values["confidence"] = lines["可信程度"].confidence("内容") if "可信程度" in lines else "model"
    values["order"] = values["order"] or "100"
    if not values["order"].isdecimal():
        lines["排序"].wrong("内容", f"“{values['order']}”不是整数")
        values["order"] = "100"
    values["sector"] = _sector(values["sector"], lines.get("监管行业"))
    return values


def _sector(title: str, line: Line | None) -> str:
    values = {label: value for value, label in Subject.Sector.choices}
    if title and title not in values and line is not None:
        line.wrong("内容", f"“{title}”不在可用值之中（{'、'.join(values)}）；各行业通用的不填")
    return str(values.get(title, ""))


def _item(line: Line) -> dict[str, Any]:
    """One row as the mapping of an item; what is wrong is noted at its cell."""
    row: dict[str, Any] = {name: line.get(title) for title, name in TEXTS.items()}
    for title in TEXTS:
        if not line.get(title):
            line.wrong(title, f"请填写{title}")
    if row["id"] and not ITEM_CODE.fullmatch(row["id"]):
        line.wrong("代码", ITEM_CODE_WORDS)
    row |= {name: line.parts(title, "；") for title, name in LISTS.items()}
    for title in CITATIONS:
        for text in line.parts(title, "；"):
            try:
                parse(text)
            except CitationError as error:
                line.wrong(title, str(error))
    level = line.get("隐患等级") or "一般"
    if level not in LEVELS:
        line.wrong("隐患等级", f"应为{'、'.join(LEVELS)}之一")
    row |= {"level": LEVELS.get(level, GENERAL), "from": line.day("施行日期"), "until": line.day("失效日期")}
    row |= {"source": line.get("来源"), "confidence": line.confidence("可信程度", "") or None}
    return row


def _twice(rows: list[Line]) -> list[tuple[str, Line]]:
    seen: set[tuple[str, str]] = set()
    found = []
    for line in rows:
        key = (line.get("代码"), line.get("施行日期"))
        if key[0] and key in seen:
            found.append((key[0], line))
        seen.add(key)
    return found
