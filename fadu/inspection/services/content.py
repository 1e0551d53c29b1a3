"""Loads the checklists: dated content with source and confidence; idempotent, and a malformed file changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from fadu.inspection.models import Checklist, ChecklistItem, Level
from fadu.kernel import clock
from fadu.law.content import penalties
from fadu.law.content.reading import ContentError, Node, read_all
from fadu.subject.models import Subject

FOLDER = Path(__file__).resolve().parents[1] / "data" / "checklists"
HEAD = ("code", "title", "sector", "order", "from", "until", "source", "confidence", "note", "items")
ITEM = (
    "id", "area", "content", "how", "standard", "obligations", "references", "provisions", "penalties", "hazards", "level",
    "from", "until", "source", "confidence",
)  # fmt: skip


@transaction.atomic
def load_content(folder: Path = FOLDER) -> dict[str, int]:
    """Load every checklist of ``folder``; idempotent. Answers how many lists and items the files hold.

    An item that left its file is removed, or ends today where a visit points at it. Raises ContentError naming file and
    key when something is malformed (unknown key, article, provision, level), and then nothing has changed.
    """
    known = {sourced.provision.id for sourced in penalties.provisions()}
    lists = read_all(folder, lambda root: [_checklist(root, known)])
    codes = [values["code"] for values, _ in lists]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ContentError(str(folder.name), twice.pop(), "重复")
    for values, items in lists:
        row, _ = Checklist.objects.update_or_create(code=values.pop("code"), defaults=values)
        _write(row, items)
    return {"checklists": len(lists), "items": sum(len(items) for _, items in lists)}


def _checklist(root: Node, provisions: set[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One file as the values of a list and of its items."""
    root.only(*HEAD)
    sector = root.text("sector", "")
    if sector and sector not in Subject.Sector.values:
        raise root.fail("sector", f"“{sector}”不在可用值之中（{'、'.join(Subject.Sector.values)}）")
    values: dict[str, Any] = {
        "code": root.text("code"), "title": root.text("title"), "sector": sector, "order": int(root.number("order")),
        "from_date": root.day("from"), "until": root.optional_day("until"), "source": root.text("source"),
        "confidence": root.confidence(), "note": root.text("note", ""),
    }  # fmt: skip
    items = [
        _item(node, number, root, values, provisions)
        for number, node in enumerate(root.nodes("items", required=True), 1)
    ]
    keys = [(item["code"], item["from_date"]) for item in items]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise root.fail(f"items[{twice[0][0]}]", "同一代码、同一施行日期重复")
    return values, items


def _item(node: Node, number: int, root: Node, head: dict[str, Any], provisions: set[str]) -> dict[str, Any]:
    node.only(*ITEM)
    level = node.text("level", Level.GENERAL.value)
    if level not in Level.values:
        raise node.fail("level", f"“{level}”不在可用值之中（{'、'.join(Level.values)}）")
    if not node.items("obligations", required=True):
        raise node.fail("obligations", "至少应有一项")
    since = node.optional_day("from") or head["from_date"]
    until = node.optional_day("until")
    if until and until <= since:
        raise node.fail("until", "失效日应晚于施行日")
    for key in node.items("provisions"):
        if key not in provisions:
            raise node.fail("provisions", f"没有处罚条款 {key}")
    return {
        "code": node.text("id"), "ordinal": number, "area": node.text("area"), "content": node.text("content"), "how": node.text("how"),
        "standard": node.text("standard"), "obligations": [str(article) for article in node.articles("obligations")],
        "references": [str(text) for text in node.items("references")], "provisions": list(node.items("provisions")),
        "penalties": [str(article) for article in node.articles("penalties")], "hazards": [str(key) for key in node.items("hazards")],
        "level": level, "from_date": since, "until": until, "source": node.text("source", head["source"]),
        "confidence": node.confidence(head["confidence"]),
    }  # fmt: skip


def _write(checklist: Checklist, items: list[dict[str, Any]]) -> None:
    """Make the list hold these items."""
    present = {(row.code, row.from_date): row for row in checklist.items.all()}
    new = []
    for values in items:
        row = present.pop((values["code"], values["from_date"]), None)
        if row is None:
            new.append(ChecklistItem(checklist=checklist, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            ChecklistItem.objects.filter(pk=row.pk).update(**values)
    ChecklistItem.objects.bulk_create(new)
    for row in present.values():
        if row.checks.exists() or row.findings.exists():
            ChecklistItem.objects.filter(pk=row.pk, until=None).update(until=clock.today())
        else:
            row.delete()
