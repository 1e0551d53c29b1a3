"""A hundred visits, each taken as far as its days have come."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from fadu.demo.acting import Work, after, at, moment, workday
from fadu.demo.people import Staff
from fadu.inspection.models import Checklist, Visit
from fadu.inspection.services import plan_visit
from fadu.subject.models import Subject

REASONS = ("plan", "plan", "random", "campaign")


def build(staffs: list[Staff], subjects: list[Subject], last: date, *, city: bool, count: int = 100) -> list[Visit]:
    """Plan and carry out the visits of the city organ, or those of the counties, of ``count`` in all."""
    by_organ = {s.organ.pk: s for s in staffs}
    general = Checklist.objects.get(code="general")
    found = []
    for number in range(count):
        subject = subjects[number * 3 % len(subjects)]
        staff = by_organ[subject.organ_id]
        if (staff is staffs[0]) is not city:
            continue
        random = Random(number)
        day = (
            workday(last, -1 - (count - 6 - number) * 2) if number < count - 6 else workday(last, number - (count - 6))
        )
        pair = (staff.officers[0], staff.officers[1])
        with at(workday(day, -2) if workday(day, -2) <= last else last, 10):
            visit = plan_visit(
                organ=staff.organ,
                by=pair[0],
                subject=subject,
                reason=REASONS[number % 4],
                planned_on=day,
                officers=list(pair),
                checklists=[general],
            )
        work = Work(staff, visit, min(workday(day, -1), last), pair, last)
        run(work, visit, day, number, random)
        found.append(work.fresh())
    return found


def run(work: Work, visit: Visit, day: date, number: int, random: Random) -> None:
    """Carry one visit on: approved, on site, findings, order, re-inspection, closing; until the days run out."""
    if number % 25 == 24:
        return  # still to be approved
    work.approve("arrange")
    if day > work.last or (day == work.last and number % 2):
        return
    work.day = day
    with at(day, 9, 31):
        work.take("begin", started_at=moment(day, 9, 30), shown_at=moment(day, 9, 28), officers=[o.pk for o in work.pair],
                  met_name=visit.subject.principal, met_post="主要负责人", accompanied_by="", place="")  # fmt: skip
    items = list(visit.items())
    bad = set() if number % 5 == 0 else {i.pk for i in random.sample(items, random.randint(1, 3))}
    with at(day, 10, 30):
        photos = [work.keep("现场照片")] if bad else []
        rows: list[dict[str, Any]] = []
        for item in items:
            row: dict[str, Any] = {"item": item.pk, "result": "bad" if item.pk in bad else "ok"}
            if item.pk in bad:
                row |= {"text": f"{item.content}：经查没有做到。", "photos": photos}
            rows.append(row)
        work.take("check", results=rows)
    with at(day, 11, 30):
        signed = {str(o.pk): work.keep(f"{o.name}签名") for o in work.pair}
        met: dict[str, Any] = {"name": visit.subject.principal, "post": "主要负责人"}
        met |= (
            {"refusal": "现场负责人称须请示后再签，拒绝签名。", "witnesses": ["示例园区管委会 陈示"]}
            if number % 17 == 3
            else {"image": work.keep("签名")}
        )
        work.take("finish", ended_at=moment(day, 11, 20), site_opinion="情况属实。", signatures=signed, met=met)
    if not bad:
        with at(day, 15):
            work.take("close")
        return
    due = after(day, 15)
    with at(day, 15):
        work.take("order", terms=[{"finding": f.ordinal, "due": due.isoformat()} for f in work.fresh().findings.all()])
    with at(day, 15, 30):
        work.take("serve", method="in_person", served_on=day.isoformat(), receiver=visit.subject.principal, details={"capacity": "主要负责人"},
                  proof=work.keep("送达回执"), officers=[o.pk for o in work.pair])  # fmt: skip
    again = workday(due, 2)
    if again > work.last:
        return
    work.day = again
    failing = number % 6 == 1
    with at(again, 10):
        results = [
            {"finding": f.ordinal, "corrected": not (failing and f.ordinal == 1), "note": "", "photos": []}
            for f in work.fresh().findings.all()
        ]
        work.take("reinspect", officers=[o.pk for o in work.pair], results=results, opinion="逐项复查，结果如上。")
    if not failing:
        with at(again, 16):
            work.take("close")
