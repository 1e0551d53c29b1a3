"""Loads the rules of the response: dated content with source and confidence; idempotent."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from fadu.response.content import FOLDER, Plan, plans
from fadu.response.models import ResponsePlan, ResponseRule


@transaction.atomic
def load_content(folder: Path = FOLDER) -> dict[str, int]:
    """Load every plan of ``folder``; running it again changes nothing. Answers how many plans and tasks the files hold.

    Responses copy the rules when they open, so a rule that left its file simply goes. Raises ContentError naming file and key
    when something is malformed, and then nothing has changed.
    """
    found = plans(folder)
    for plan in found:
        values = {
            "title": plan.title, "levels": plan.levels, "until": plan.until, "source": plan.source,
            "confidence": plan.confidence, "note": plan.note,
        }  # fmt: skip
        row, _ = ResponsePlan.objects.update_or_create(hazard=plan.hazard, from_date=plan.since, defaults=values)
        _write(row, plan)
    return {"plans": len(found), "tasks": sum(len(plan.tasks) for plan in found)}


def _write(row: ResponsePlan, plan: Plan) -> None:
    """Make the plan hold these rules and no others."""
    for ordinal, task in enumerate(plan.tasks, 1):
        values = asdict(task) | {"ordinal": ordinal, "basis": list(task.basis)}
        ResponseRule.objects.update_or_create(plan=row, code=values.pop("code"), defaults=values)
    row.rules.exclude(code__in=[task.code for task in plan.tasks]).delete()
