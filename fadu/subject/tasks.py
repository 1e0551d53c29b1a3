"""The jobs of the subject floor: a sent ledger is checked and imported apart from the pages."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fadu.subject.services import batches


@app.task(name="subject.ledger_check", lock="subject.ledger")
def ledger_check(batch: int) -> None:
    """Read and judge a sent ledger."""
    batches.check(batch)


@app.task(name="subject.ledger_import", lock="subject.ledger")
def ledger_import(batch: int) -> None:
    """Import a ledger that was confirmed."""
    batches.import_(batch)
