"""The job of the response, run by procrastinate's worker on the same PostgreSQL."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fadu.response.services import remind_of_overdue


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="response.overdue", name="response.overdue")
def overdue(timestamp: int) -> int:
    """Each minute: remind the desk of the tasks whose time is over; returns how many."""
    return remind_of_overdue()
