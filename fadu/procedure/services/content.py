"""Loads the approval chains: dated data with a source, idempotent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from fadu.org.roles import Role
from fadu.procedure.models import ApprovalChain
from fadu.procedure.services.deadlines import recompute_provisional

FILE = Path(__file__).resolve().parents[1] / "data" / "approvals.yaml"


@transaction.atomic
def load_content(path: Path = FILE) -> int:
    """Load the common approval chains from ``path``; an organ's own rows are left alone. Returns how many chains.

    Raises ValueError naming file and chain when a row is malformed. Provisional periods are recomputed, since a holiday
    notice may have come with the same load.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text())["chains"]
    for row in rows:
        try:
            for stage in row["stages"]:
                Role(stage["role"])
            defaults = {
                "title": row["title"], "officers": int(row["officers"]), "stages": row["stages"], "source": row["source"],
                "confidence": row["confidence"], "until": row.get("until"),
            }  # fmt: skip
            since: date = row["from"]
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(f"{path.name}：审批链“{row.get('name', '?')}”有误：{error}") from error
        ApprovalChain.objects.update_or_create(name=row["name"], organ=None, from_date=since, defaults=defaults)
    recompute_provisional()
    return len(rows)
