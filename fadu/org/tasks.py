"""The jobs of the floor of people, run by procrastinate's worker."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from fadu.kernel import clock


# 20:20 in UTC is 04:20 in Beijing
@app.periodic(cron="20 20 * * *")
@app.task(queueing_lock="org.forget_sessions", name="org.forget_sessions")
def forget_sessions(timestamp: int) -> int:
    """Each night: forget the sessions that have run out, which nobody can come back to; returns how many."""
    gone, _ = Session.objects.filter(expire_date__lte=clock.now()).delete()
    return gone
