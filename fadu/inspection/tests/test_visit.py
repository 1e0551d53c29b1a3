"""A visit from plan to end, by real steps."""

from __future__ import annotations

from datetime import date

from fadu.document.models import Paper
from fadu.inspection.tests import universe as u
from fadu.procedure.services import take
from fadu.record.queries import verify_chain


def test_a_visit_that_finds_something_ends_when_all_is_put_right(bureau: u.Bureau) -> None:
    """WSL 65 I 2: found, ordered with a date per item, re-inspected per item, closed."""
    visit = u.rectifying(bureau, "G-10", "G-15", due={1: date(2026, 3, 20), 2: date(2026, 4, 10)})
    visit = u.reinspect(visit, bureau, {1: True}, date(2026, 3, 21))
    assert visit.state == "RECTIFYING"
    visit = u.reinspect(visit, bureau, {2: True}, date(2026, 4, 11))
    assert visit.state == "CORRECTED"
    with u.at(date(2026, 4, 12)):
        take(visit, "close", by=bureau.first)
    visit = u.fresh(visit)
    assert (visit.state, visit.ended_on, visit.open_count, visit.late_count) == ("CLOSED", date(2026, 4, 12), 0, 0)
    numbers = list(Paper.objects.filter(case_file=visit.case_file).order_by("id").values_list("kind", "number"))
    assert numbers == [
        ("INSPECTION_PLAN", "（示）应急检查〔2026〕1号"),
        ("SITE_RECORD", "（示）应急检记〔2026〕1号"),
        ("RECTIFICATION_ORDER", "（示）应急责改〔2026〕1号"),
        ("REINSPECTION_OPINION", "（示）应急复查〔2026〕1号"),
        ("REINSPECTION_OPINION", "（示）应急复查〔2026〕1-2号"),
    ]
    assert verify_chain(visit.chain).ok
