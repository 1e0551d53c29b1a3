"""The jobs of the record, run by procrastinate's worker."""

from datetime import timedelta

from procrastinate.contrib.django import app

from fadu.kernel import clock
from fadu.record import seals


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="record.seal", name="record.seal")
def seal(timestamp: int) -> int:
    """Every hour: seal what is over and not yet sealed, so that a missed midnight is made good; returns how many days."""
    return len(seals.seal_until(clock.today() - timedelta(days=1)))
