"""What there is to read about responses: facts for the rules, what a person sees, the rules of a day, figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from fadu.kernel import clock
from fadu.org import queries as org
from fadu.org.models import Division, Officer, Organ
from fadu.org.queries import Scope
from fadu.org.roles import Role
from fadu.procedure.facts import MatterFacts
from fadu.procedure.models import Matter
from fadu.procedure.queries import base_facts
from fadu.procedure.registry import facts_of
from fadu.response.content import ladder_of
from fadu.response.levels import Suggestion, suggest
from fadu.response.models import Response, ResponsePlan, ResponseRule, ResponseTask, SafePlace, in_force
from fadu.response.procedures.weather.facts import ResponseFacts
from fadu.response.procedures.weather.procedure import DUTY
from fadu.warning.cap import signals
from fadu.warning.models import Warning

CODE = "response.weather"
# who opens responses, enters what members say on the telephone, and keeps the lists; of an organ's own
KEEPERS = frozenset({Role.CLERK, Role.REVIEWER})
OPERATORS = frozenset(DUTY)


def visible(scope: Scope) -> QuerySet[Response]:
    """The responses that a scope shows."""
    return scope.filter(Response.objects.select_related("organ", "warning", "case_file"))


def operates(officer: Officer, organ: Organ | int) -> bool:
    """Does the officer sit at the desk of that organ today?"""
    row = organ if isinstance(organ, Organ) else Organ.objects.get(pk=organ)
    return bool(org.roles_of(officer, clock.today(), row) & OPERATORS)


def plan_for(hazard: str, on: date) -> ResponsePlan | None:
    """The rules of a hazard in force on a day; None where there are none."""
    return ResponsePlan.objects.filter(in_force(on), hazard=hazard).order_by("-from_date").first()


def rules_in_force(on: date) -> QuerySet[ResponseRule]:
    """Every task rule of the plans in force on a day."""
    return ResponseRule.objects.filter(plan__in=ResponsePlan.objects.filter(in_force(on)))


def without_rules(on: date) -> list[str]:
    """The kinds of weather signal for which there are no rules yet."""
    known = set(ResponsePlan.objects.filter(in_force(on)).values_list("hazard", flat=True))
    version = signals.on(on)
    return [kind.name for kind in (version.kinds if version else ()) if kind.name not in known]


def organ_for(warning: Warning) -> Organ | None:
    """The lowest organ whose division holds every division the warning is for; None where none is recognised."""
    codes = list(warning.areas.values_list("code", flat=True))
    if not codes:
        return None
    organs = Organ.objects.exclude(level=Organ.Level.PROVINCE)
    covering = [one for one in organs if all(code.startswith(str(one.division_id)) for code in codes)]
    return max(covering, key=lambda one: len(str(one.division_id)), default=None)


def counties(warning: Warning) -> int:
    """How many counties the warning is for; a whole city counts all of its own."""
    found: set[str] = set()
    for code in warning.areas.values_list("code", flat=True):
        rows = Division.objects.filter(level="county", code__startswith=code[:6])
        found |= set(rows.values_list("code", flat=True))
    return len(found)


def suggestion(response: Response) -> Suggestion:
    """The level that the rules frozen into the response suggest under its present facts."""
    facts = {
        "counties": counties(response.warning),
        "people": sum(response.evacuations.values_list("people", flat=True)),
        "overdue": overdue(response.tasks.all(), clock.now()).count(),
    }
    return suggest(ladder_of(response.plan.get("levels")), response.colour, facts)


def overdue(tasks: QuerySet[ResponseTask], at: datetime) -> QuerySet[ResponseTask]:
    """Those of some tasks that wait although their time is over."""
    return tasks.filter(state=ResponseTask.State.OPEN, due_at__lt=at)


@facts_of(CODE, "tasks", "evacuations__place")
def response_facts(matter: Matter, on: date) -> MatterFacts:
    """Everything that the rules of a response read of it."""
    response = matter if isinstance(matter, Response) else Response.objects.get(pk=matter.pk)
    tasks = sorted(response.tasks.all(), key=attrgetter("number"))
    moves = sorted(response.evacuations.all(), key=attrgetter("number"))
    return ResponseFacts(
        **base_facts(response, on),
        started=response.level is not None,
        unanswered=tuple(f"{task.member}（第{task.number}项）" for task in tasks if task.state == "open"),
        uncounted=tuple(move.place.name for move in moves if move.arrived is None),
    )


def by_member(tasks: Iterable[ResponseTask]) -> dict[str, list[ResponseTask]]:
    """Tasks under their members, in the order in which the members first come."""
    found: dict[str, list[ResponseTask]] = {}
    for task in tasks:
        found.setdefault(task.member, []).append(task)
    return found


def figures(response: Response) -> dict[str, Any]:
    """The figures of a response: tasks by what became of them, members, people moved."""
    tasks, moves = list(response.tasks.all()), list(response.evacuations.all())
    now = response.ended_at or clock.now()
    done = [task for task in tasks if task.state == ResponseTask.State.DONE]
    waiting = [task for task in tasks if task.state == ResponseTask.State.OPEN]
    return {
        "tasks": len(tasks),
        "done": len(done),
        "late": sum(task.overdue(now) for task in done),
        "waived": sum(task.state == ResponseTask.State.WAIVED for task in tasks),
        "open": len(waiting),
        "answered": len(tasks) - len(waiting),
        "overdue": sum(task.overdue(now) for task in waiting),
        "members": len({task.member for task in tasks}),
        "people": sum(move.people for move in moves),
        "arrived": sum(move.arrived or 0 for move in moves),
    }


def within(rows: QuerySet[SafePlace], scope: Scope) -> QuerySet[SafePlace]:
    """The places of the divisions a scope shows; a county its own, the city all."""
    wanted = Q(pk__in=[])
    for code in Organ.objects.filter(pk__in=scope.organs).values_list("division_id", flat=True):
        wanted |= Q(county__startswith=code[:6])
    return rows.filter(wanted)


def places_of(organ: Organ, kind: SafePlace.Kind) -> QuerySet[SafePlace]:
    """The places of a kind in use within an organ's division."""
    rows = SafePlace.objects.filter(county__startswith=str(organ.division_id)[:6], kind=kind, active=True)
    return rows.select_related("division")


def divisions(scope: Scope) -> QuerySet[Division]:
    """The counties, townships and villages within a scope."""
    wanted = Q(pk__in=[])
    for code in Organ.objects.filter(pk__in=scope.organs).values_list("division_id", flat=True):
        wanted |= Q(code__startswith=code[:6])
    return Division.objects.filter(wanted, level__in=("county", "township", "village")).order_by("code")


def kept_divisions(officer: Officer) -> list[str]:
    """The codes of the divisions whose places the officer keeps today: of the own bureau, or of the city's all."""
    today = clock.today()
    organs = [organ for organ in org.organs_of(officer, today) if org.roles_of(officer, today, organ) & KEEPERS]
    return sorted({str(organ.division_id) for organ in organs})


def keeps(officer: Officer, county: str) -> bool:
    """Does the officer keep the places of a county today: at its own bureau, or at the city's?"""
    return county.startswith(tuple(kept_divisions(officer)))


def kept_by(rows: QuerySet[SafePlace], officer: Officer) -> QuerySet[SafePlace]:
    """Those of some places that the officer keeps today, and may see every number of; a scope may show more."""
    wanted = Q(pk__in=[])
    for code in kept_divisions(officer):
        wanted |= Q(county__startswith=code)
    return rows.filter(wanted)
