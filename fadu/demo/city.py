"""The demo city: people, enterprises, visits and cases by real steps, the same every time but for keys and hashes."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from datetime import date
from random import Random

from django.conf import settings
from django.db import transaction

from fadu.demo import benchmarks, cases, duty, enterprises, people, powers, responses, visits
from fadu.inspection.models import Visit
from fadu.kernel import clock
from fadu.kernel.memory import remembering
from fadu.law import queries as law
from fadu.org.models import Officer, Organ
from fadu.penalty.models import PenaltyCase
from fadu.record.models import Entry
from fadu.subject.models import Subject

SEED = 1404
VISITS, CASES = 100, len(cases.GOALS)


class NotEmptyError(Exception):
    """The database holds a bureau that is not the demo's, or a city that was left half built."""


def last_day() -> date:
    """The last working day whose hours are all over: everything done in the city lies on it or before."""
    return law.calendar().shift(clock.today(), -1)


def build() -> str:
    """Build the city and return a line that counts it; does nothing when it stands. Raises NotEmptyError.

    The counties' visits are made by a second process: the work is mostly Python's, and the machine has two cores.
    """
    if Organ.objects.exists():
        if not Organ.objects.filter(name=people.CITY).exists():
            raise NotEmptyError("库里已经有机关，不建示例城市。示例城市请用空库，如：FADU_DATABASE=fadu_demo make demo")
        if Visit.objects.count() < VISITS or PenaltyCase.objects.count() < CASES:
            raise NotEmptyError(
                "上一次没有建完示例城市。请换一个空库，如：FADU_DATABASE=fadu_demo2 make demo，或者删除 var 后重来。"
            )
        return "示例城市已经建好。"
    began = time.perf_counter()
    gc.disable()  # nothing made here is garbage before the end; looking for it costs a tenth of the time
    with transaction.atomic():
        staffs = people.build()
        powers.build(staffs[0])
        subjects = enterprises.build(staffs, Random(SEED))
        benchmarks.build(staffs)
        duty.build()
    command = [sys.executable, str(settings.ROOT_DIR / "manage.py"), "build-demo", "--counties"]
    with subprocess.Popen(command) as other:
        with remembering(), transaction.atomic():
            made = visits.build(staffs, subjects, last_day(), city=True, count=VISITS)
            cases.build(staffs, subjects, made, last_day())
            duty.drill(staffs[0], last_day())
            responses.build(staffs[0], last_day())
        if other.wait() != 0:
            raise NotEmptyError("县（区）的检查没有建完，原因见上。")
    return (
        f"示例城市已建好：{len(staffs)}个机关、{Officer.objects.count()}名人员、{len(subjects)}家企业、{Visit.objects.count()}次检查、"
        f"{PenaltyCase.objects.count()}件案件、{Entry.objects.count()}条记录，用时{time.perf_counter() - began:.0f}秒。"
    )


def build_counties() -> None:
    """The visits of the twelve counties, in a city whose people and enterprises stand."""
    gc.disable()
    with remembering(), transaction.atomic():
        visits.build(people.standing(), list(Subject.objects.order_by("pk")), last_day(), city=False, count=VISITS)
