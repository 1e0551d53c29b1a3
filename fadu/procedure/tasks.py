"""The jobs of the procedure floor, run by procrastinate's worker on the same PostgreSQL."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fadu.kernel import clock
from fadu.procedure.services.alarms import raise_alarms
from fadu.procedure.services.telling import warn_of_near


# procrastinate reckons cron in UTC: 22:10 there is 06:10 in Beijing
@app.periodic(cron="10 22 * * *")
@app.task(queueing_lock="procedure.alarm", name="procedure.alarm")
def alarm(timestamp: int) -> int:
    """Each morning: mark and record the duties of the bureau that have run out, and tell of those that soon will; returns how many have."""
    today = clock.today()
    warn_of_near(today)
    return raise_alarms(today)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="procedure.requeue", name="procedure.requeue")
async def requeue_stalled(timestamp: int) -> int:
    """Put back the jobs whose worker died: procrastinate itself never retries them."""
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)
