"""Opening a matter, appointing its officers, and noting comments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model

from fadu.document import services as documents
from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.kernel.memory import remembering
from fadu.law import editions
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.power.matching import Held
from fadu.procedure.declare import Procedure
from fadu.procedure.models import Act, Assignment, Comment, Deadline, Matter
from fadu.procedure.queries import laid_out_new
from fadu.procedure.services import deadlines, telling
from fadu.procedure.services.take import look_ahead
from fadu.record import services as record

M = TypeVar("M", bound=Matter)


@remembering()
@transaction.atomic(savepoint=False)
def open_matter(
    model: type[M],
    code: str,
    *,
    organ: Organ,
    title: str,
    by: Officer | None,
    on: date,
    series: str,
    act: str,
    note: str = "",
    after: dict[str, Any] | None = None,
    runs_from: date | None = None,
    power: Held | None = None,
    **fields: Any,
) -> M:
    """Open a matter of procedure ``code`` in its initial state, under the version in force on ``on``.

    ``series`` names the counter of its serial, ``act`` the Chinese name of the opening (登记线索 …); ``fields`` go to the
    model. The opening is the first entry of the matter's chain. The periods that the procedure ``opens`` run from
    ``runs_from`` (``on`` by default). ``power`` is the item of the list of powers on which the matter stands, where that is
    known at the opening. Returns the new row.
    """
    procedure = Procedure.version(code, on)
    number = _number()
    chain = f"{code}/{number}"
    case_file = documents.open_case_file(organ, on.year, series, chain, title)
    matter = model(
        pk=number, id=number, procedure_key=procedure.key(), state=procedure.initial.name, organ=organ, case_file=case_file, title=title,
        opened_on=on, revision=1, power_id=power.pk if power else None, **fields,
    )  # fmt: skip
    opening = Act(
        matter=matter, step="open", title=act, ordinal=1, on=on, at=clock.now(), officer=by, from_state=procedure.initial.name,
        to_state=procedure.initial.name, data=after or {},
    )  # fmt: skip
    running = [deadlines.draft(matter, period, runs_from or on, party=None, on=on) for period in procedure.opens]
    look_ahead(matter, laid_out_new(matter, [opening], running), on)
    matter.save(force_insert=(Model,))
    opening.entry_hash = record.write(
        chain,
        actor=org.actor(by, on, organ),
        act=f"{code}.open",
        title=act,
        on=on,
        before={},
        after={"state": procedure.initial.name, **({"power": power.item.code} if power else {}), **(after or {})},
        note=note,
        matter_title=title,
    ).hash
    opening.save()
    Deadline.objects.bulk_create(running)
    return matter


def _number() -> int:
    """The key of the next matter; it is part of the name of its chain, so it is drawn before anything is written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval(pg_get_serial_sequence('procedure_matter', 'id')), {editions.COLUMN}")
        number, found = cursor.fetchone()
    editions.known(found)
    return int(number)


def appoint(matter: Matter, officers: Iterable[Officer], *, on: date, reason: str = "") -> None:
    """Make ``officers`` the case officers from ``on``; those who are no longer among them end that day.

    Called from effects only, so that the act stands in the journal. Raises Invalid on fewer than two (行政处罚法 42).
    """
    wanted = list({officer.pk: officer for officer in officers}.values())
    if len(wanted) < 2:
        raise Invalid({"officers": "执法人员不得少于两人，请再选一名（《行政处罚法》第四十二条第一款）。"})
    certificates = org.valid_certificates(wanted, on)
    for officer in wanted:
        if officer.pk not in certificates:
            raise Invalid(
                {
                    "officers": f"{officer.name}没有在{on.year}年{on.month}月{on.day}日有效的执法证件，不能承办（《行政处罚法》第四十二条第一款）。"
                }
            )
    keep = {officer.pk for officer in wanted}
    for row in matter.assignments.filter(until=None):
        if row.officer_id in keep:
            keep.discard(row.officer_id)
        else:
            row.until, row.reason = on, reason
            row.save(update_fields=["until", "reason"])
    fresh = [officer for officer in wanted if officer.pk in keep]
    Assignment.objects.bulk_create([Assignment(matter=matter, officer=o, from_date=on, reason=reason) for o in fresh])
    telling.assigned(matter, fresh, on)


@transaction.atomic
def comment(matter: Matter, text: str, *, by: Officer) -> Comment:
    """Note a comment on the matter; it is no step, but it stands in the journal like one."""
    if not text.strip():
        raise Invalid({"text": "请写下内容再提交。"})
    on = clock.today()
    row = Comment.objects.create(matter=matter, officer=by, at=clock.now(), text=text.strip())
    record.write(
        matter.chain, actor=org.actor(by, on, matter.organ), act="comment", title="办案日志", on=on,
        after={"comment": row.pk}, note="", matter_title=matter.title,
    )  # fmt: skip
    telling.mentioned(row)
    return row
