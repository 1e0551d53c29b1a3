"""The job that carries a reminder out of the house, on procrastinate's queue in the same PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from fadu.reminder.models import Delivery


@app.task(name="reminder.send")
def send(delivery: int) -> str:
    """Send one delivery; answers its status. What fails for a time enqueues itself again, later."""
    from fadu.reminder import services

    return str(services.send(delivery))


def send_later(row: Delivery, at: datetime | None = None) -> None:
    """Enqueue the job in the caller's transaction: at once, or not before ``at``."""
    app.configure_task("reminder.send", schedule_at=at).defer(delivery=row.pk)
