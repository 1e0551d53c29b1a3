"""The jobs of the warnings, run by procrastinate's worker."""

from procrastinate.contrib.django import app

from fadu.warning.intake import sources


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="warning.watch", name="warning.watch")
def watch(timestamp: int) -> int:
    """Each minute: remind of sources that fell silent; returns how many are."""
    return sources.watch()
