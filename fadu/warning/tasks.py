"""The jobs of the warnings, run by procrastinate's worker."""

from procrastinate.contrib.django import app

from fadu.warning.intake import refusals, sources


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="warning.watch", name="warning.watch")
def watch(timestamp: int) -> int:
    """Each minute: remind of sources that fell silent; returns how many are."""
    return sources.watch()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="warning.refused", name="warning.refused")
def refused(timestamp: int) -> int:
    """Each minute: remind those who are on duty by now of what was refused and not looked at; returns of how much."""
    return refusals.watch()
