"""What penalty does when a step is taken below it: a visit that refers a violation becomes a clue."""

from __future__ import annotations

from fadu.inspection.models import Visit
from fadu.penalty.services.clues import register_clue
from fadu.procedure.events import StepTaken, on_step


@on_step("inspection.routine.refer")
def offer_case_filing(event: StepTaken) -> None:
    """移交立案: the clue register takes the visit's violation over, with its enterprise and its day (行政处罚法 54 II)."""
    visit = event.matter
    assert isinstance(visit, Visit)
    data = event.taking.data
    register_clue(
        organ=visit.organ, by=None, source="visit", source_detail=str(visit.case_file.serial and f"{visit.case_file.year}年第{visit.case_file.serial}号检查"),
        cause=data["cause"], clue=data["reason"], subject=visit.subject, visit=visit, received_on=event.act.on,
        found_on=visit.started_at.date() if visit.started_at else event.act.on, on=event.act.on,
    )  # fmt: skip
