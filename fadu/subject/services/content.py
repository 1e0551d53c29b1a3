"""Loads the industry table from the house's own file; safe to run again."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml
from django.db import transaction

from fadu.subject.models import Industry

DATA = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_content() -> int:
    """Write every industry of the file, the changed ones over the old; returns how many there are."""
    confidence = yaml.safe_load((DATA / "sources.yaml").read_text(encoding="utf-8"))["industries.csv"]["confidence"]
    with (DATA / "industries.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            Industry(code=row["code"], name=row["name"], parent_id=row["parent"] or None, confidence=confidence)
            for row in csv.DictReader(lines)
        ]
    Industry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "parent", "confidence"]
    )
    return len(rows)
