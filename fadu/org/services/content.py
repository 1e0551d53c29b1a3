"""Loads the divisions from the house's own files; safe to run again."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction

from fadu.org.models import Division

DIVISIONS = Path(__file__).resolve().parent.parent / "data" / "divisions"


@transaction.atomic
def load_content() -> int:
    """Write every division of the files, the changed ones over the old; returns how many there are.

    A division that left the files stays: papers and enterprises may point to it. Raises ValueError when a parent is
    missing or its code is not the beginning of the child's.
    """
    full: dict[str, str] = {}
    local: dict[str, str] = {}
    rows: list[Division] = []
    for path in sorted(DIVISIONS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                code, parent = row["code"], row["parent"] or None
                if parent is not None and (parent not in full or not code.startswith(parent)):
                    raise ValueError(f"{path.name}：{code}{row['name']}的上级{parent}不在它的前面")
                full[code] = full.get(parent or "", "") + row["name"]
                local[code] = row["name"] if len(code) <= 6 else local[code[: {9: 6, 12: 9}[len(code)]]] + row["name"]
                rows.append(
                    Division(
                        code=code,
                        name=row["name"],
                        full_name=full[code],
                        local_name=local[code],
                        level=row["level"],
                        parent_id=parent,
                    )
                )
    Division.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "full_name", "local_name", "level", "parent"],
    )
    return len(rows)
