"""How often what the machine controls was checked and fired, counted from what the record keeps; by item of the list."""

from __future__ import annotations

from collections import Counter

from django.db.models import F, Q

from fadu.power import registry
from fadu.power.registry import Tally
from fadu.procedure.declare import Bound, Duty, Procedure
from fadu.procedure.models import Act, Application, Deadline, Matter, Opinion
from fadu.record.models import EvidenceFile


@registry.counts("two_officers")
def two_officers(code: str) -> Tally:
    """Acts that must be done by two or more: each was let through only with them and their certificates."""
    rows = Act.objects.filter(matter__power__code=code).values_list("matter__procedure_key", "step")
    taken = Counter(rows.order_by())
    steps = {
        (key, name) for key, p in Procedure.registry.items() for name, step in p.steps.items() if step.officers > 1
    }
    return Tally(sum(count for pair, count in taken.items() if pair in steps))


@registry.counts("separation")
def separation(code: str) -> Tally:
    """Acts of reviewing, deciding and collecting, and opinions in approvals: at each the person's own acts were read."""
    duties = [Duty.REVIEW.name, Duty.DECIDE.name, Duty.COLLECT.name]
    acts = Act.objects.filter(matter__power__code=code, duty__in=duties).count()
    return Tally(acts + Opinion.objects.filter(application__matter__power__code=code).count())


@registry.counts("approval")
def approval(code: str) -> Tally:
    """Approvals that ended; it fires where one was returned."""
    rows = Application.objects.filter(matter__power__code=code)
    returned = rows.filter(status=Application.Status.RETURNED).count()
    return Tally(rows.filter(status=Application.Status.GRANTED).count() + returned, returned, "退回")


@registry.counts("period")
def period(code: str) -> Tally:
    """Periods of the bureau; it fires where one ran out before it was met, or was warned of."""
    rows = Deadline.objects.filter(matter__power__code=code, bound=Bound.DUTY.name, cancelled_on=None)
    fired = rows.filter(Q(alarmed_on__isnull=False) | Q(ended_on__gt=F("last_day"))).count()
    return Tally(rows.count(), fired, "提醒或者逾期")


@registry.counts("evidence")
def evidence(code: str) -> Tally:
    """Files of evidence kept with their hashes."""
    chains = [matter.chain for matter in Matter.objects.filter(power__code=code).only("procedure_key")]
    return Tally(EvidenceFile.objects.filter(chain__in=chains).count())


@registry.counts("record")
def record(code: str) -> Tally:
    """Acts in the record of the matters."""
    return Tally(Act.objects.filter(matter__power__code=code).count())
