"""The daily alarm, run by procrastinate's real worker on the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from fadu.kernel import clock
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.procedure.models import Deadline
from fadu.procedure.services.alarms import raise_alarms
from fadu.procedure.tasks import alarm
from fadu.record import queries as record


@pytest.mark.django_db
def test_an_expired_duty_is_recorded_once():
    """《行政处罚法》第六十条：九十日届满的次日提醒，只记一次"""
    case = universe.filed(universe.bureau())
    day = case.deadlines.get(name="作出处罚决定").last_day
    assert raise_alarms(day) == 0
    assert raise_alarms(day + timedelta(days=1)) == 1
    assert raise_alarms(day + timedelta(days=2)) == 0
    assert record.timeline(case.chain).filter(act="deadline.alarm").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_raises_the_alarm():
    with clock.at(START):
        case = universe.filed(universe.bureau())
    alarm.defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker, ThreadPoolExecutor(1) as thread:
        # in a thread of its own: a browser test may have left an event loop in this one
        thread.submit(worker.run_worker, wait=False, install_signal_handlers=False, listen_notify=False).result(60)
    assert Deadline.objects.get(matter=case, name="作出处罚决定").alarmed_on == clock.today()
    assert record.verify_chain(case.chain).ok


@pytest.mark.django_db
def test_a_job_enqueued_in_a_transaction_that_fails_is_gone():
    from django.db import transaction
    from procrastinate.contrib.django.models import ProcrastinateJob

    class BrokenError(Exception):
        """Ends the transaction."""

    with pytest.raises(BrokenError), transaction.atomic():
        alarm.defer(timestamp=1)
        raise BrokenError
    assert not ProcrastinateJob.objects.filter(task_name="procedure.alarm").exists()
