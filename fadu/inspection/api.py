"""Checklists and standards of determination for machines: open to everybody, as the pages are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from fadu.inspection import hazards, queries
from fadu.inspection.models import Checklist, ChecklistItem
from fadu.inspection.showing import chain
from fadu.kernel import clock
from fadu.law.api import OPEN_REFUSALS
from fadu.subject.models import Subject

router = Router(tags=["重点事项清单"])
CONFIDENCE = "source、text、analysis、memory、model；后两种没有经过确认"


class Asked(Schema):
    """As of which day."""

    on: date | None = Field(None, description="施行于；不填为今天")

    @property
    def day(self) -> date:
        """That day."""
        return self.on or clock.today()


class AskedLists(Asked):
    """Which lists."""

    sector: Subject.Sector | None = Field(None, description="监管行业；不填为全部")


class Head(Schema):
    """One version of a checklist."""

    code: str
    edition: str
    title: str
    sector: str = Field(description="监管行业的代号，各行业通用的为空")
    from_date: date
    until: date | None
    source: str
    confidence: str = Field(description=CONFIDENCE)
    note: str
    digest: str


class ListItem(Schema):
    """One item, with the codes of what it leads to."""

    code: str
    area: str
    content: str
    how: str
    standard: str
    obligations: list[str] = Field(description="义务条款")
    references: list[str] = Field(description="标准规范")
    provisions: list[str] = Field(description="处罚条款的代号")
    penalties: list[str] = Field(description="没有收录为处罚条款的罚则")
    hazards: list[str] = Field(description="判定情形的代号")
    level: str = Field(description="general：一般；major：重大")
    from_date: date
    until: date | None
    source: str
    confidence: str = Field(description=CONFIDENCE)


class Lists(Schema):
    """The versions in force on a day."""

    on: date
    checklists: list[Head]


class ListDetail(Head):
    """One version with its items in force on the day."""

    on: date
    items: list[ListItem]


class Situation(Schema):
    """One situation that makes a hazard a major one."""

    standard: str = Field(description="判定标准的代号")
    code: str
    group: str
    number: int
    text: str
    confidence: str = Field(description=CONFIDENCE)


class Penalty(Schema):
    """A penalty provision in force on the day, and the benchmark tables that refine it."""

    key: str
    article: str
    violation: str
    confidence: str = Field(description=CONFIDENCE)
    benchmarks: list[str] = Field(description="裁量基准表的编号")


class ItemDetail(ListItem):
    """One item with all it leads to."""

    checklist: str
    edition: str
    on: date
    judged: list[Situation]
    penalty_provisions: list[Penalty]


class StandardHead(Schema):
    """One version of a standard of determination."""

    code: str
    family: str = Field(description="前后版本相同")
    title: str
    issuer: str
    number: str
    since: date
    until: date | None
    sectors: list[str]
    source: str
    confidence: str = Field(description=CONFIDENCE)
    note: str


class StandardDetail(StandardHead):
    """One version with its situations."""

    in_force: bool = Field(description="在所问的那一天是否施行")
    hazards: list[Situation]


def _of(shape: type[Schema], row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields}


def _held(code: str, on: date) -> Checklist:
    row = queries.public_checklists(on).filter(code=code).first()
    if row is None:
        raise HttpError(404, f"{on}没有施行中的检查表{code}。")
    return row


def _situation(standard: hazards.Standard, hazard: hazards.Hazard) -> dict[str, Any]:
    return {
        "standard": standard.code,
        **{name: getattr(hazard, name) for name in ("code", "group", "number", "text", "confidence")},
    }


@router.get("/checklists", response={200: Lists, **OPEN_REFUSALS}, auth=None, summary="施行中的检查表")
def checklists(request: HttpRequest, asked: Query[AskedLists]) -> dict[str, Any]:
    """The published versions in force on a day, all or those of one sector; open to everybody."""
    rows = queries.public_checklists(asked.day)
    if asked.sector:
        rows = rows.filter(sector=asked.sector)
    return {"on": asked.day, "checklists": [_of(Head, row) for row in rows]}


@router.get("/checklists/{code}", response={200: ListDetail, **OPEN_REFUSALS}, auth=None, summary="一份检查表")
def checklist(request: HttpRequest, code: str, asked: Query[Asked]) -> dict[str, Any]:
    """The version of one list in force on a day, with its items."""
    row = _held(code, asked.day)
    items = [_of(ListItem, item) for item in row.items_on(asked.day)]
    return {**_of(Head, row), "on": asked.day, "items": items}


@router.get("/checklists/{code}/{item}", response={200: ItemDetail, **OPEN_REFUSALS}, auth=None, summary="一个检查项")
def checklist_item(request: HttpRequest, code: str, item: str, asked: Query[Asked]) -> dict[str, Any]:
    """One item: item, standard of determination, articles, penalty provisions, benchmarks, as of a day."""
    row = _held(code, asked.day)
    found: ChecklistItem | None = row.items_on(asked.day).filter(code=item).first()
    if found is None:
        raise HttpError(404, f"{row}中没有代码为{item}的检查项。")
    links = chain(found, asked.day, None)
    penalties = [
        {
            "key": part.row.key, "article": str(part.row.value.article), "violation": part.row.value.violation,
            "confidence": part.row.confidence, "benchmarks": [table.row.code for table in part.tables],
        }
        for part in links.penalties
    ]  # fmt: skip
    return {
        **_of(ListItem, found), "checklist": row.code, "edition": row.edition, "on": asked.day,
        "judged": [_situation(one.standard, one.hazard) for one in links.judged], "penalty_provisions": penalties,
    }  # fmt: skip


@router.get("/hazard-standards", response={200: list[StandardHead], **OPEN_REFUSALS}, auth=None, summary="判定标准")
def hazard_standards(request: HttpRequest, on: date | None = None) -> list[dict[str, Any]]:
    """Every version of every standard of determination, or those in force on a day."""
    rows = hazards.in_force(on) if on else hazards.standards()
    return [_of(StandardHead, one) for one in rows]


@router.get(
    "/hazard-standards/{code}", response={200: StandardDetail, **OPEN_REFUSALS}, auth=None, summary="一版判定标准"
)
def hazard_standard(request: HttpRequest, code: str, asked: Query[Asked]) -> dict[str, Any]:
    """One version of a standard of determination with its situations, and whether it judges hazards of a day."""
    found = hazards.standard(code)
    if found is None:
        raise HttpError(404, f"没有判定标准{code}。")
    situations = [_situation(found, one) for one in found.hazards]
    return {**_of(StandardHead, found), "in_force": found.in_force(asked.day), "hazards": situations}
