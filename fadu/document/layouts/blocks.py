"""The bricks papers are built of: plain dicts, drawn alike by typst (PDF) and python-docx (docx). Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from fadu.document.fields import is_empty
from fadu.document.kinds import Document
from fadu.kernel import money

Block: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """All that is written on one paper: its kind, its context, and what the act of issuing adds."""

    document: Document
    context: dict[str, Any]
    organ: str
    number: str = ""
    issued_on: date | None = None
    images: dict[str, str] = field(default_factory=dict)
    corrects: str = ""

    def __getitem__(self, name: str) -> str:
        """A field as text; empty when it was not filled in."""
        value = self.context.get(name)
        return "" if value is None else str(value).strip()

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A table field."""
        return list(self.context.get(name) or [])

    def lines(self, name: str) -> list[str]:
        """A field of numbered points."""
        return [line.strip() for line in self.context.get(name) or [] if line.strip()]

    def day(self, name: str) -> str:
        """A date field as it is written on papers."""
        return cn_date(self.context.get(name))

    def moment(self, name: str) -> str:
        """A moment field as it is written on papers."""
        return cn_moment(self.context.get(name))

    def span(self, start: str, end: str) -> str:
        """Two moment fields as one span of time."""
        return cn_span(self.context.get(start), self.context.get(end))

    @property
    def is_person(self) -> bool:
        """Whether the party is a person."""
        return self.document is Document.PENALTY_DECISION_PERSON or self["party_kind"] == "person"

    @property
    def you(self) -> str:
        """How the paper addresses its party."""
        return "你" if self.is_person else "你单位"

    def drawn(self, slot: str, index: int = 0) -> str:
        """Path of a signature drawn on a screen for this slot, or nothing."""
        keys = (self.context.get("signatures") or {}).get(slot) or []
        return self.images.get(keys[index], "") if index < len(keys) else ""


def cn_date(value: str | date | None) -> str:
    """2026年1月3日: Arabic digits without leading zeros (GB/T 9704); empty for nothing."""
    if not value:
        return ""
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{day.year}年{day.month}月{day.day}日"


def cn_moment(value: str | None) -> str:
    """2026年1月3日9时30分; empty for nothing."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value)
    return f"{cn_date(value)}{moment.hour}时{moment.minute}分"


def cn_span(start: str | None, end: str | None) -> str:
    """From one moment to another; the day is written once when both lie on it."""
    first, last = cn_moment(start), cn_moment(end)
    if not first or not last:
        return first or last
    day = cn_date(start)
    return f"{first}至{last.removeprefix(day) if last.startswith(day) else last}"


def yuan(amount: str | Decimal) -> str:
    """人民币陆万元整（￥60,000）: capitals first, as on every paper about money."""
    exact = Decimal(str(amount))
    return f"人民币{money.in_capitals(exact)}（￥{money.plain(exact)}）"


def numbered(items: Iterable[str]) -> list[str]:
    """1. …  2. …; a single item stays without a number."""
    items = list(items)
    return items if len(items) == 1 else [f"{number}. {item}" for number, item in enumerate(items, 1)]


def articles(items: Sequence[str]) -> str:
    """Several citations within a sentence."""
    return "、".join(items)


def ended(sentence: str) -> str:
    """The sentence with its full stop, whether or not one was typed."""
    sentence = sentence.strip()
    return sentence if not sentence or sentence[-1] in "。！？；" else sentence + "。"


def unended(sentence: str) -> str:
    """The sentence without a stop, to be continued."""
    return sentence.strip().rstrip("。；")


def matter(case_name: str) -> str:
    """A case within a sentence: 某某一案, whether or not its name ends with 案."""
    return case_name.strip().removesuffix("一案").removesuffix("案") + "一案"


def in_brackets(number: str) -> str:
    """A number behind the title of its paper; one that begins with a bracket needs no second one."""
    return number if number.startswith("（") else f"（{number}）"


def paragraphs(value: str) -> list[str]:
    """The paragraphs of running text."""
    return [line.strip() for line in value.splitlines() if line.strip()]


def para(value: str, *, indent: bool = True, kind: str = "text") -> Block:
    """One paragraph of body text; ``kind`` is text or small."""
    return {"t": "para", "text": value, "indent": indent, "kind": kind}


def paras(value: str) -> list[Block]:
    """Running text as paragraphs."""
    return [para(line) for line in paragraphs(value)]


def points(items: Iterable[str]) -> list[Block]:
    """Numbered points as paragraphs."""
    return [para(item) for item in numbered(items)]


def heading(value: str) -> Block:
    """A heading within a paper (一、…)."""
    return {"t": "heading", "text": value}


def line(*pairs: tuple[str, str] | tuple[str, str, float]) -> Block:
    """A line of labelled blanks: (label, value, share of the width)."""
    cells = [{"label": pair[0], "value": pair[1], "share": pair[2] if len(pair) > 2 else 1} for pair in pairs]
    return {"t": "line", "cells": cells}


def label(value: str, *, rows: int = 1, cols: int = 1) -> Block:
    """A printed cell of a form."""
    return {"label": value, "rows": rows, "cols": cols}


def cell(
    value: str | Sequence[str] = "",
    *,
    cols: int = 1,
    rows: int = 1,
    least: int = 0,
    middle: bool = False,
    foot: Sequence[str] = (),
) -> Block:
    """A filled-in cell of a form.

    ``least``: height in mm at least; ``middle``: the text stands in its middle; ``foot``: lines at its lower right
    (signature, date).
    """
    texts = paragraphs(value) if isinstance(value, str) else [text for text in value if text]
    return {
        "text": texts,
        "cols": cols,
        "rows": rows,
        "least": least,
        "middle": middle,
        "foot": [text for text in foot if text],
    }


def grid(columns: Sequence[float], *rows: Sequence[Block]) -> Block:
    """A form with printed and filled-in cells; ``columns``: shares of the width."""
    return {"t": "grid", "columns": list(columns), "rows": [list(row) for row in rows]}


def table(columns: Sequence[float], head: Sequence[str], rows: Iterable[Sequence[str]], *, least: int = 0) -> Block:
    """A list with a head repeated on every page; ``least``: number of rows drawn at least."""
    body = [list(map(str, row)) for row in rows]
    if len(body) < least:
        body += [[""] * len(head) for _ in range(least - len(body))]
    return {"t": "table", "columns": list(columns), "head": list(head), "rows": body}


def questions(items: Iterable[tuple[str, str]]) -> Block:
    """Questions and answers of a record."""
    return {"t": "qa", "items": [{"q": q, "a": a} for q, a in items]}


def sign(label: str, *, name: str = "", certificate: str = "", image: str = "", dated: bool = False) -> Block:
    """One place to sign by hand: who, with the printed name and certificate number beside it."""
    return {"label": label, "name": name, "certificate": certificate, "image": image, "dated": dated}


def signs(*places: Block) -> Block:
    """The signature lines of a paper."""
    return {"t": "signs", "places": [place for place in places if place]}


def officer_signs(sheet: Sheet, label: str, slot: str, field: str = "officers") -> list[Block]:
    """A place to sign for each officer, with certificate number (《行政处罚法》第四十二条第一款)."""
    return [
        sign(label, name=row["name"], certificate=row["certificate"], image=sheet.drawn(slot, index))
        for index, row in enumerate(sheet.rows(field))
    ]


def seal(sheet: Sheet, *, on: str = "") -> Block:
    """Organ, date and the place of the seal."""
    return {
        "t": "seal",
        "organ": sheet.organ,
        "on": on or cn_date(sheet.issued_on) or "年　月　日",
        "mark": sheet.document.seal.value,
    }


def copies(sheet: Sheet, text: str) -> Block:
    """The printed note at the foot: how many copies and who keeps them."""
    return {"t": "note", "text": text}


BLANK_BELOW: Block = {"t": "blank"}


def images(items: Iterable[Block]) -> Block:
    """Photographs with the table below each."""
    return {"t": "images", "items": list(items)}


def joined(*parts: str, by: str = "　") -> str:
    """Non-empty parts with a wide space between."""
    return by.join(part for part in parts if part)


def empty(value: Any) -> bool:
    """Whether a field was left empty."""
    return is_empty(value)
