"""The list of powers for machines: open to everybody, as the pages are."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from fadu.kernel import clock
from fadu.law.api import OPEN_REFUSALS
from fadu.power import queries
from fadu.power.classes import PowerClass, Risk
from fadu.power.content import Item, risks
from fadu.power.matching import Held

router = Router(tags=["权责清单"])


class Power(Schema):
    """One item of the list."""

    code: str
    cls: PowerClass = Field(description="类别")
    name: str
    group: str = Field(description="主项，没有的为空")
    bases: list[str]
    levels: list[str]
    office: str
    posts: list[str]
    risk: Risk
    procedure: str = Field(description="办理程序的代码，没有的为空")
    since: date
    until: date | None
    source: str
    confidence: str
    note: str


class PowerList(Schema):
    """The list in force on a day."""

    version: str
    title: str
    issuer: str
    document: str
    from_date: date
    until: date | None
    items: list[Power]


class Step(Schema):
    """A step of the flow."""

    name: str
    title: str


class Point(Schema):
    """A risk point."""

    step: str
    risk: str
    level: Risk
    measure: str
    post: str
    controls: list[str]


class PowerDetail(Power):
    """One item with its flow and its risk points."""

    version: str
    flow: str = Field(description="流程名称")
    model: bool = Field(description="流程是否样式（没有办理程序）")
    steps: list[Step]
    risks: list[Point]


class Asked(Schema):
    """Which items."""

    on: date | None = Field(None, description="施行于；不填为今天")
    cls: PowerClass | None = Field(None, description="类别")
    q: str = Field("", description="编码、名称、依据中的词", max_length=100)


def _plain(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Power.model_fields}


def _held(on: date) -> tuple[Any, list[Held]]:
    listed = queries.list_in_force(queries.house(), on)
    if listed is None:
        raise HttpError(404, f"{on}没有施行中的权责清单。")
    return listed, [one for one in queries.items_of(listed) if one.item.in_force(on)]


@router.get("/powers", response={200: PowerList, **OPEN_REFUSALS}, auth=None, summary="权责清单")
def powers(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """The published list in force on a day, all classes or one; open to everybody (安全生产法 17)."""
    listed, held = _held(asked.on or clock.today())
    found = [one for one in queries.search(held, asked.q) if asked.cls is None or one.item.cls is asked.cls]
    return {
        "version": listed.code, "title": listed.title, "issuer": listed.issuer, "document": listed.document,
        "from_date": listed.from_date, "until": listed.until, "items": [_plain(one.item) for one in found],
    }  # fmt: skip


@router.get("/powers/{code}", response={200: PowerDetail, **OPEN_REFUSALS}, auth=None, summary="职权事项")
def power(request: HttpRequest, code: str, on: date | None = None) -> dict[str, Any]:
    """One item of the published list in force on a day, with its flow and its risk points."""
    day = on or clock.today()
    listed, held = _held(day)
    found = next((one.item for one in held if one.item.code == code), None)
    if found is None:
        raise HttpError(404, f"{listed.title}中没有编码为{code}的职权事项。")
    flow = queries.flow_of(found, day)
    points = risks().get(flow.code, ()) if flow else ()
    return {
        **_plain(found), "version": listed.code, "flow": flow.title if flow else "", "model": flow.model if flow else False,
        "steps": [{"name": name, "title": title} for name, title in flow.steps.items()] if flow else [],
        "risks": [{name: getattr(point, name) for name in Point.model_fields} for point in points],
    }  # fmt: skip
