"""Benchmarks to and from the mappings that files, the database and xlsx share; every complaint names its place [pure]."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from fadu.discretion.benchmarks.declare import (
    Bands,
    Benchmark,
    Fact,
    Fine,
    Key,
    KeyType,
    Leniency,
    Payer,
    Test,
    Tier,
)
from fadu.discretion.benchmarks.intervals import WordingError, read_interval
from fadu.law.content.reading import Node, node_of
from fadu.law.provisions import Basis, FineType, Stage

AND = " 且 "
YES, NO = "是", "否"


@dataclass(frozen=True)
class Content:
    """One set of benchmarks as a file holds it."""

    title: str
    issuer: str
    number: str
    since: date
    until: date | None
    source: str
    confidence: str
    note: str
    bands: Bands
    facts: tuple[Fact, ...]
    leniencies: tuple[Leniency, ...]
    tables: tuple[dict[str, Any], ...]
    values: dict[str, Any] = field(compare=False, default_factory=dict)

    @property
    def benchmarks(self) -> tuple[Benchmark, ...]:
        """The tables as values."""
        return tuple(
            read_benchmark(node_of(self.title, f"benchmarks[{t.get('id', i)}]", t)) for i, t in enumerate(self.tables)
        )


def read_set(root: Node) -> Content:
    """A set of benchmarks from its file; ContentError names file, key and what is wrong."""
    root.only(
        *("title", "issuer", "number", "from", "until", "source", "confidence", "note", "bands", "facts", "leniencies"),
        "benchmarks",
    )
    content = Content(
        title=root.text("title"), issuer=root.text("issuer"), number=root.text("number", ""), since=root.day("from"),
        until=root.optional_day("until"), source=root.text("source"), confidence=root.confidence(), note=root.text("note", ""),
        bands=read_bands(node_of(root.file, "bands", root.values.get("bands") or {})),
        facts=tuple(read_fact(node) for node in root.nodes("facts")),
        leniencies=tuple(read_leniency(node) for node in root.nodes("leniencies")),
        tables=tuple(root.items("benchmarks", required=True)), values=root.values,
    )  # fmt: skip
    for node in root.nodes("benchmarks"):
        read_benchmark(node)
    return content


def read_bands(node: Node) -> Bands:
    """The shares of 从轻 and 从重."""
    node.only("lower", "upper", "middle", "confidence")
    lower = node.optional_number("lower")
    upper = node.optional_number("upper")
    made = Bands(
        lower if lower is not None else Bands.lower, upper if upper is not None else Bands.upper,
        bool(node.values.get("middle", False)), node.confidence("model"),
    )  # fmt: skip
    if not 0 <= made.lower <= 1 or not 0 <= made.upper <= 1 or made.lower + made.upper > 1:
        raise node.fail("lower", "从轻、从重的比例应在0至1之间，合计不超过1")
    return made


def read_fact(node: Node) -> Fact:
    """A mitigating or aggravating circumstance."""
    node.only("id", "title", "basis", "effect", "derived", "least", "keys", "stage", "confidence", "note")
    effect = node.text("effect")
    if effect not in ("lighter", "lighter_or_mitigated", "heavier"):
        raise node.fail("effect", "应为lighter、lighter_or_mitigated或者heavier")
    return Fact(
        code=node.text("id"), title=node.text("title"), basis=node.text("basis"), lightens=effect != "heavier",
        mitigates=effect == "lighter_or_mitigated", derived=node.text("derived", ""), least=int(node.values.get("least", 1)),
        keys=tuple(map(str, node.items("keys"))), confidence=node.confidence("model"),
        stage=node.choice("stage", Stage) if node.values.get("stage") else None,
    )  # fmt: skip


def read_leniency(node: Node) -> Leniency:
    """An entry of the lists of no penalty."""
    node.only("id", "title", "mandatory", "conditions", "basis", "benchmarks", "confidence", "note")
    return Leniency(
        code=node.text("id"), title=node.text("title"), mandatory=bool(node.values.get("mandatory", False)),
        conditions=tuple(map(str, node.items("conditions", required=True))), basis=node.text("basis"),
        benchmarks=tuple(map(str, node.items("benchmarks"))), confidence=node.confidence("model"), note=node.text("note", ""),
    )  # fmt: skip


def read_benchmark(node: Node) -> Benchmark:
    """One table. A basis that is left out is read as none, so that the gate can say so with its place."""
    node.only(
        *("id", "violation", "basis", "provisions", "duties", "keys", "tiers", "frame", "from", "until", "confidence"),
        "note",
    )
    keys = tuple(_key(one) for one in node.nodes("keys"))
    return Benchmark(
        code=node.text("id"), violation=node.text("violation", "") if node.values.get("violation") else "",
        basis=node.article("basis") if node.values.get("basis") else None, keys=keys,
        tiers=tuple(_tier(one, keys) for one in node.nodes("tiers")), provisions=tuple(map(str, node.items("provisions"))),
        duties=node.articles("duties"), frame=_fines(node, "frame"),
        since=_day(node, "from"), until=_day(node, "until"), confidence=node.text("confidence", "model"), note=node.text("note", ""),
    )  # fmt: skip


def _day(node: Node, key: str) -> date | None:
    """A day as YAML (a date) or JSON (its text) holds it."""
    value = node.values.get(key)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise node.fail(key, "应为日期，如2021-09-01") from None
    return node.optional_day(key)


# what the forms that ask for circumstances call their own fields
RESERVED = frozenset({"table", "payer", "stage", "facts", "answer", "csrfmiddlewaretoken"})


def _key(node: Node) -> Key:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", node.text("id")) or node.text("id") in RESERVED:
        raise node.fail("id", "要素的代号用小写英文字母、数字和下划线，如employees")
    node.only("id", "title", "type", "unit", "least", "below", "outside", "idle", "options")
    options: list[tuple[str, str]] = []
    for index, value in enumerate(node.items("options")):
        name, _, title = str(value).partition("=")
        options.append((name.strip() if title else str(index), (title or name).strip()))
    for _, title in [("", node.text("title")), *options]:
        if " " in title or (title != node.text("title") and "、" in title):
            raise node.fail("title", f"“{title}”：要素和选项的名称中不能有空格，选项的名称中不能有顿号")
    least = node.optional_number("least")
    return Key(
        name=node.text("id"), title=node.text("title"), type=node.choice("type", KeyType), unit=node.text("unit", ""),
        least=least if least is not None else Decimal(0), below=node.optional_number("below"), outside=node.text("outside", ""),
        idle=_interval(node, "idle", str(node.values["idle"])) if node.values.get("idle") is not None else None,
        options=tuple(options),
    )  # fmt: skip


def _interval(node: Node, key: str, text: str) -> Any:
    try:
        return read_interval(text)
    except WordingError as error:
        raise node.fail(key, str(error)) from None


def _tier(node: Node, keys: tuple[Key, ...]) -> Tier:
    node.only("level", "when", "if", "fines", "provision", "confidence", "note")
    graded: list[Test] = []
    also: list[tuple[Test, ...]] = []
    for index, text in enumerate(node.items("if")):
        clause = read_clause(node, f"if[{index}]", str(text), keys)
        if len(clause) == 1 and clause[0].yes is None:
            graded.append(clause[0])
        else:
            also.append(clause)
    return Tier(
        level=node.text("level"), when=node.text("when", "") if node.values.get("when") else "", graded=tuple(graded), also=tuple(also),
        fines=_fines(node, "fines"), provision=node.text("provision", ""),
        confidence=node.text("confidence", ""), note=node.text("note", ""),
    )  # fmt: skip


def read_clause(node: Node, place: str, text: str, keys: tuple[Key, ...]) -> tuple[Test, ...]:
    """Conditions that hold together, joined by 且: “从业人员 100以上不足300”, “高危单位 是 且 职责 2以上”."""
    tests = []
    for part in text.split(AND.strip()):
        title, _, rest = part.strip().partition(" ")
        key = next((key for key in keys if title in (key.title, key.name)), None)
        if key is None:
            raise node.fail(place, f"没有“{title}”这一要素；条件的写法是“要素 范围”，中间空一格")
        tests.append(_test(node, place, key, rest.strip()))
    return tuple(tests)


def _test(node: Node, place: str, key: Key, rest: str) -> Test:
    if key.type is KeyType.FLAG:
        if rest not in (YES, NO):
            raise node.fail(place, f"“{key.title}”的条件应为是或者否")
        return Test(key.name, yes=rest == YES, written=rest)
    if key.type is KeyType.CHOICE:
        titles = {title: value for value, title in key.options} | {value: value for value, _ in key.options}
        chosen = [one.strip() for one in rest.split("、")]
        if unknown := [one for one in chosen if one not in titles]:
            raise node.fail(place, f"“{key.title}”没有“{unknown[0]}”这一选项")
        return Test(key.name, options=frozenset(titles[one] for one in chosen), written=rest)
    return Test(key.name, range=_interval(node, place, rest), written=rest)


def _fines(node: Node, key: str) -> tuple[Fine, ...]:
    """The fines in one order, however they are written: units first, the mildest stage first."""
    return tuple(sorted((_fine(one) for one in node.nodes(key)), key=lambda f: (f.payer is Payer.PERSON, f.stage.rank)))


def _fine(node: Node) -> Fine:
    node.only("to", "stage", "min", "max", "type", "of")
    kind = node.choice("type", FineType, FineType.YUAN)
    basis = node.choice("of", Basis) if node.values.get("of") is not None else None
    if (basis is None) != (kind is FineType.YUAN):
        raise node.fail("of", "以元计的幅度不写基数，其他的应当写明基数")
    return Fine(
        node.choice("to", Payer), node.choice("stage", Stage, Stage.IMMEDIATE), node.number("min"), node.number("max"), kind, basis
    )  # fmt: skip


# --- circumstances ---------------------------------------------------------------------------------------------------


def read_circumstance(key: Key, value: Any) -> Any:
    """One circumstance as it is entered or kept (text, number, yes/no) as the judging takes it; None when not given.

    What is no number stays as it is, so that the judging says what is wrong with it.
    """
    if value is None or value == "":
        return None
    if key.type is KeyType.FLAG:
        return (
            value
            if isinstance(value, bool)
            else {"yes": True, "no": False, YES: True, NO: False}.get(str(value), value)
        )
    if key.type is KeyType.CHOICE:
        return str(value)
    try:
        number = Decimal(str(value))
        return int(number) if number == number.to_integral_value() else number
    except ArithmeticError:
        return value


# --- writing ---------------------------------------------------------------------------------------------------------


def plain_json(value: Any) -> Any:
    """A mapping of YAML as JSON keeps it: days as text, numbers exact as text."""
    match value:
        case dict():
            return {str(key): plain_json(one) for key, one in value.items()}
        case list() | tuple():
            return [plain_json(one) for one in value]
        case date():
            return value.isoformat()
        case Decimal() | float():
            return str(value)
        case _:
            return value
