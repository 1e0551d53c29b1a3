"""A set of benchmarks as xlsx and back: what is written is read as the same set, and every error names its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import IO, Any

from fadu.discretion.benchmarks.declare import KeyType, Payer
from fadu.discretion.benchmarks.intervals import WordingError, read_interval
from fadu.discretion.benchmarks.reading import plain_json, read_benchmark, read_fact, read_leniency
from fadu.kernel.errors import Invalid
from fadu.law.citations import CitationError, parse
from fadu.law.content.reading import ContentError, node_of
from fadu.law.provisions import Basis, FineType, Stage
from fadu.subject import sheets
from fadu.subject.ledger.sheet import Sheet
from fadu.subject.sheets import Line, Workbook, Written, row_of

ABOUT, TABLES, KEYS, FACTS, LENIENCIES = "说明", "分档", "要素", "情节", "不予处罚"
FRAME = "法定幅度"
WIDE = frozenset({"违法行为", "适用条件", "条件", "说明", "情节", "情形", "依据"})
PLACES: dict[str, tuple[Payer, Stage]] = {
    "单位罚款": (Payer.UNIT, Stage.IMMEDIATE),
    "单位罚款（逾期）": (Payer.UNIT, Stage.UNCORRECTED),
    "单位罚款（情节严重）": (Payer.UNIT, Stage.SERIOUS),
    "单位罚款（事故）": (Payer.UNIT, Stage.ACCIDENT),
    "个人罚款": (Payer.PERSON, Stage.IMMEDIATE),
    "个人罚款（逾期）": (Payer.PERSON, Stage.UNCORRECTED),
    "个人罚款（情节严重）": (Payer.PERSON, Stage.SERIOUS),
    "个人罚款（事故）": (Payer.PERSON, Stage.ACCIDENT),
}
ABOUT_ROWS = {
    "名称": "title", "制定机关": "issuer", "文号": "number", "施行日期": "from", "失效日期": "until", "来源": "source",
    "可信程度": "confidence", "说明": "note", "从轻的比例": "lower", "从重的比例": "upper", "一般情形只用中段": "middle", "比例的可信程度": "bands_confidence",
}  # fmt: skip
TABLE_COLUMNS = ("编号", "违法行为", "处罚依据", "处罚规定", "违反的规定", "档次", "适用条件", "条件", *PLACES, "本档处罚规定", "本档可信程度", "本档说明",
                 "适用自", "适用至", "本表可信程度", "本表说明")  # fmt: skip
KEY_COLUMNS = ("编号", "要素", "名称", "类型", "单位", "最小", "低于", "超出时", "不单独构成", "选项")
FACT_COLUMNS = ("代号", "情节", "依据", "效果", "自动计入", "次数", "与要素重复", "与情形重复", "可信程度")
LENIENCY_COLUMNS = ("代号", "情形", "应当或者可以", "条件", "依据", "适用的表", "可信程度", "说明")
EFFECTS = {"从轻": "lighter", "从轻或者减轻": "lighter_or_mitigated", "从重": "heavier"}
DERIVED = {"反复": "repeated", "逾期": "overdue"}
STAGES = {"逾期未改正": "uncorrected", "情节严重": "serious", "发生事故": "accident"}
SHARES = {
    "上一年年收入": (FineType.PERCENT, Basis.INCOME),
    "违法所得": (FineType.MULTIPLE, Basis.GAINS),
    "货值金额": (FineType.MULTIPLE, Basis.GOODS),
}


# --- writing ---------------------------------------------------------------------------------------------------------


def write(values: Mapping[str, Any]) -> bytes:
    """The workbook of a set, from its mapping; figures as text, so that no program rounds them."""
    told: dict[str, Any] = plain_json(dict(values))
    bands = told.get("bands") or {}
    about = told | {
        "lower": bands.get("lower", ""), "upper": bands.get("upper", ""), "middle": "是" if bands.get("middle") else "否",
        "bands_confidence": bands.get("confidence", ""),
    }  # fmt: skip
    return sheets.write([
        Written(ABOUT, ("项目", "内容"), ((title, str(about.get(name) or "")) for title, name in ABOUT_ROWS.items())),
        Written(TABLES, TABLE_COLUMNS, (row for table in told["benchmarks"] for row in _table_rows(table)), WIDE),
        Written(KEYS, KEY_COLUMNS, (_key_row(table["id"], key) for table in told["benchmarks"] for key in table["keys"])),
        Written(FACTS, FACT_COLUMNS, (_fact_row(fact) for fact in told.get("facts") or ()), WIDE),
        Written(LENIENCIES, LENIENCY_COLUMNS, (_leniency_row(one) for one in told.get("leniencies") or ()), WIDE),
    ])  # fmt: skip


def _table_rows(table: dict[str, Any]) -> Iterable[list[str]]:
    own = {
        "编号": table["id"], "违法行为": table.get("violation") or "", "处罚依据": table.get("basis") or "",
        "处罚规定": "、".join(table.get("provisions") or ()), "违反的规定": "；".join(table.get("duties") or ()),
        "适用自": table.get("from") or "", "适用至": table.get("until") or "", "本表可信程度": table.get("confidence") or "",
        "本表说明": table.get("note") or "",
    }  # fmt: skip
    if table.get("frame"):
        yield row_of(TABLE_COLUMNS, own | {"档次": FRAME} | _fine_cells(table["frame"]))
        own = {"编号": table["id"]}
    for tier in table["tiers"]:
        yield row_of(TABLE_COLUMNS, own | {
            "档次": tier["level"], "适用条件": tier.get("when") or "", "条件": "；".join(tier.get("if") or ()),
            "本档处罚规定": tier.get("provision") or "", "本档可信程度": tier.get("confidence") or "", "本档说明": tier.get("note") or "",
        } | _fine_cells(tier["fines"]))  # fmt: skip
        own = {"编号": table["id"]}


def _fine_cells(fines: Iterable[dict[str, Any]]) -> dict[str, str]:
    titles = {place: title for title, place in PLACES.items()}
    found = {}
    for fine in fines:
        place = (Payer(fine["to"]), Stage(fine.get("stage") or "immediate"))
        prefix = next((name for name, (_, basis) in SHARES.items() if basis.value == fine.get("of")), "")
        unit = {"percent": "%", "multiple": "倍"}.get(fine.get("type") or "", "元")
        found[titles[place]] = f"{prefix}{fine['min']}至{fine['max']}{unit}"
    return found


def _key_row(code: str, key: dict[str, Any]) -> list[str]:
    return row_of(KEY_COLUMNS, {
        "编号": code, "要素": key["id"], "名称": key["title"], "类型": KeyType(key["type"]).title_zh, "单位": key.get("unit") or "",
        "最小": _said(key.get("least")), "低于": _said(key.get("below")), "超出时": key.get("outside") or "",
        "不单独构成": _said(key.get("idle")), "选项": "；".join(key.get("options") or ()),
    })  # fmt: skip


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _fact_row(fact: dict[str, Any]) -> list[str]:
    return row_of(FACT_COLUMNS, {
        "代号": fact["id"], "情节": fact["title"], "依据": fact["basis"], "效果": _key_of(EFFECTS, fact["effect"]),
        "自动计入": _key_of(DERIVED, fact.get("derived")), "次数": _said(fact.get("least")), "与要素重复": "、".join(fact.get("keys") or ()),
        "与情形重复": _key_of(STAGES, fact.get("stage")), "可信程度": fact.get("confidence") or "",
    })  # fmt: skip


def _key_of(names: Mapping[str, str], value: Any) -> str:
    return next((name for name, one in names.items() if one == value), "")


def _leniency_row(one: dict[str, Any]) -> list[str]:
    return row_of(LENIENCY_COLUMNS, {
        "代号": one["id"], "情形": one["title"], "应当或者可以": "应当" if one.get("mandatory") else "可以",
        "条件": "；".join(one.get("conditions") or ()), "依据": one["basis"], "适用的表": "、".join(one.get("benchmarks") or ()),
        "可信程度": one.get("confidence") or "", "说明": one.get("note") or "",
    })  # fmt: skip


# --- reading ---------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> Workbook:
    """Read a workbook of benchmarks; Invalid when the file is none. Errors at cells are collected, not raised."""
    held = sheets.read(file)
    book = Workbook()
    if TABLES not in held or KEYS not in held:
        raise Invalid({"file": f"没有找到“{TABLES}”和“{KEYS}”两张工作表。请先下载现行的表，照它的格式填写。"})
    book.values = _about(book, held.get(ABOUT))
    keys = _keys(book, held[KEYS])
    book.values["facts"] = _rows(book, held.get(FACTS), FACTS, FACT_COLUMNS, _fact)
    book.values["leniencies"] = _rows(book, held.get(LENIENCIES), LENIENCIES, LENIENCY_COLUMNS, _leniency)
    book.values["benchmarks"] = _tables(book, held[TABLES], keys)
    return book


def _about(book: Workbook, sheet: Sheet | None) -> dict[str, Any]:
    told = {line.get("项目"): line for line in sheets.lines(book, sheet, ABOUT, ("项目", "内容"))}
    values: dict[str, Any] = {}
    for title, name in ABOUT_ROWS.items():
        line = told.get(title)
        values[name] = line.get("内容") if line else ""
        if line and name in ("from", "until"):
            values[name] = line.day("内容")
        if line and name == "confidence":
            values[name] = line.confidence("内容", "source")
    for name, title in (("title", "名称"), ("issuer", "制定机关"), ("from", "施行日期"), ("source", "来源")):
        if not values.get(name):
            book.wrong(ABOUT, told[title].number if title in told else 0, 2 if title in told else 0, f"请填写“{title}”")
    bands = {"lower": values.pop("lower") or "0.30", "upper": values.pop("upper") or "0.30", "middle": values.pop("middle") == "是",
             "confidence": values.pop("bands_confidence") or "model"}  # fmt: skip
    for name in ("lower", "upper"):
        try:
            Decimal(bands[name])
        except ArithmeticError:
            title = "从轻的比例" if name == "lower" else "从重的比例"
            book.wrong(ABOUT, told[title].number, 2, f"“{bands[name]}”不是比例，写法如0.30")
            bands[name] = "0.30"
    values["bands"] = bands
    values["from"] = date.fromisoformat(values["from"]) if values.get("from") else None
    values["until"] = date.fromisoformat(values["until"]) if values.get("until") else None
    values["confidence"] = values.get("confidence") or "source"
    return values


def _rows(
    book: Workbook,
    sheet: Sheet | None,
    name: str,
    columns: Iterable[str],
    one: Callable[[Line], dict[str, Any] | None],
) -> list[dict[str, Any]]:
    return [row for line in sheets.lines(book, sheet, name, columns) if (row := one(line)) is not None]


def _fact(line: Line) -> dict[str, Any] | None:
    for title, names in (("效果", EFFECTS), ("自动计入", DERIVED), ("与情形重复", STAGES)):
        if (line.get(title) and line.get(title) not in names) or (title == "效果" and not line.get(title)):
            line.wrong(title, f"应为{'、'.join(names)}之一")
            return None
    row: dict[str, Any] = {
        "id": line.get("代号"), "title": line.get("情节"), "basis": line.get("依据"), "effect": EFFECTS[line.get("效果")],
        "confidence": line.confidence("可信程度"),
    }  # fmt: skip
    if line.get("自动计入"):
        row["derived"] = DERIVED[line.get("自动计入")]
    if line.get("次数"):
        if not line.get("次数").isdecimal():
            line.wrong("次数", "应为整数")
            return None
        row["least"] = int(line.get("次数"))
    if line.get("与要素重复"):
        row["keys"] = line.parts("与要素重复", "、")
    if line.get("与情形重复"):
        row["stage"] = STAGES[line.get("与情形重复")]
    return _readable(line, row, read_fact, {"id": "代号", "title": "情节", "basis": "依据"})


def _leniency(line: Line) -> dict[str, Any] | None:
    if line.get("应当或者可以") not in ("应当", "可以"):
        line.wrong("应当或者可以", "应为应当或者可以")
        return None
    row: dict[str, Any] = {
        "id": line.get("代号"), "title": line.get("情形"), "mandatory": line.get("应当或者可以") == "应当", "conditions": line.parts("条件", "；"),
        "basis": line.get("依据"), "confidence": line.confidence("可信程度"),
    }  # fmt: skip
    if line.get("适用的表"):
        row["benchmarks"] = line.parts("适用的表", "、")
    if line.get("说明"):
        row["note"] = line.get("说明")
    return _readable(line, row, read_leniency, {"id": "代号", "title": "情形", "basis": "依据", "conditions": "条件"})


def _readable(
    line: Line, row: dict[str, Any], reader: Callable[[Any], Any], titles: Mapping[str, str]
) -> dict[str, Any] | None:
    """The row when it reads as what it should be; else the error at the cell of the key that is wrong."""
    try:
        reader(node_of("xlsx", "", row))
    except ContentError as error:
        name = error.key.rpartition(".")[2].split("[")[0]
        line.wrong(titles.get(name, ""), error.problem)
        return None
    return row


def _keys(book: Workbook, sheet: Sheet) -> dict[str, list[dict[str, Any]]]:
    types = {kind.title_zh: kind.value for kind in KeyType}
    found: dict[str, list[dict[str, Any]]] = {}
    for line in sheets.lines(book, sheet, KEYS, KEY_COLUMNS):
        if line.get("类型") not in types:
            line.wrong("类型", f"应为{'、'.join(types)}之一")
            continue
        row: dict[str, Any] = {"id": line.get("要素"), "title": line.get("名称"), "type": types[line.get("类型")]}
        for title, name in (
            ("单位", "unit"),
            ("最小", "least"),
            ("低于", "below"),
            ("超出时", "outside"),
            ("不单独构成", "idle"),
        ):
            if line.get(title):
                row[name] = line.get(title)
        if line.get("选项"):
            row["options"] = line.parts("选项", "；")
        titles = {
            "id": "要素",
            "title": "名称",
            "least": "最小",
            "below": "低于",
            "idle": "不单独构成",
            "options": "选项",
        }
        probe = {"id": "x", "violation": "x", "keys": [row], "tiers": []}
        if _readable(line, probe, read_benchmark, titles) is not None:
            found.setdefault(line.get("编号"), []).append(row)
    return found


def _tables(book: Workbook, sheet: Sheet, keys: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in sheets.lines(book, sheet, TABLES, ("编号", "违法行为", "处罚依据", "档次", "适用条件", "条件")):
        code = line.get("编号")
        if not code:
            line.wrong("编号", "请填写编号；同一张表的各档用同一个编号")
            continue
        if code not in found:
            found[code] = _head(line, code, keys.get(code, []))
        if line.get("档次") == FRAME:
            found[code]["frame"] = _fines(line)
            continue
        tier: dict[str, Any] = {
            "level": line.get("档次"),
            "when": line.get("适用条件"),
            "if": line.parts("条件", "；"),
            "fines": _fines(line),
        }
        for title, name in (("本档处罚规定", "provision"), ("本档说明", "note")):
            if line.get(title):
                tier[name] = line.get(title)
        if line.get("本档可信程度"):
            tier["confidence"] = line.confidence("本档可信程度")
        probe = {"id": code, "violation": "x", "keys": keys.get(code, []), "tiers": [tier]}
        if _readable(line, probe, read_benchmark, {"level": "档次", "if": "条件", "when": "适用条件"}) is not None:
            found[code]["tiers"].append(tier)
    return list(found.values())


def _head(line: Line, code: str, keys: list[dict[str, Any]]) -> dict[str, Any]:
    """What stands for a whole table on the first of its rows."""
    table: dict[str, Any] = {"id": code, "violation": line.get("违法行为")}
    if not keys:
        line.wrong("编号", f"“{KEYS}”表中没有编号{code}的要素")
    citations = [("处罚依据", line.get("处罚依据"))] + [("违反的规定", part) for part in line.parts("违反的规定", "；")]
    readable = []
    for title, text in citations:
        if not text:
            continue
        try:
            parse(text)
        except CitationError as error:
            line.wrong(title, str(error))
        else:
            readable.append((title, text))
    table["basis"] = next((text for title, text in readable if title == "处罚依据"), None)
    table["provisions"] = line.parts("处罚规定", "、")
    table["duties"] = [text for title, text in readable if title == "违反的规定"]
    table |= {"keys": keys, "tiers": []}
    for title, name in (("适用自", "from"), ("适用至", "until")):
        if day := line.day(title):
            table[name] = day
    table["confidence"] = line.confidence("本表可信程度")
    if line.get("本表说明"):
        table["note"] = line.get("本表说明")
    return table


def _fines(line: Line) -> list[dict[str, Any]]:
    """The columns of fines of one row; an error is noted at its cell."""
    found = []
    for title, (payer, stage) in PLACES.items():
        text = line.get(title)
        if not text:
            continue
        row: dict[str, Any] = {"to": payer.value, "stage": stage.value}
        plain = text.replace("元", "").replace("%", "").replace("倍", "")
        for prefix, (kind, basis) in SHARES.items():
            if plain.startswith(prefix):
                plain = plain.removeprefix(prefix).removeprefix("的")
                row |= {"type": kind.value, "of": basis.value}
        try:
            part = read_interval(plain)
        except WordingError:
            line.wrong(
                title,
                f"“{text}”不能识别为罚款幅度，写法如：30000至60000元、3万至6万元、违法所得2至3倍、上一年年收入40至60%",
            )
            continue
        lower = part.start.value if part.start.value.is_finite() else Decimal(0)
        if not part.end.value.is_finite():
            line.wrong(title, f"“{text}”没有上限")
            continue
        found.append(row | {"min": _figure(lower), "max": _figure(part.end.value)})
    return found


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"
