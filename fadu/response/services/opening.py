"""A response opens when a real warning comes in, follows its updates, and learns of its end; drills are opened by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from fadu.kernel import clock
from fadu.kernel.errors import NotCompetent, OutOfOrder, Refused
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.power import queries as powers
from fadu.procedure.services import take
from fadu.procedure.services.matters import open_matter
from fadu.response import queries
from fadu.response.models import Response, ResponsePlan, ResponseTask
from fadu.response.services import reminding
from fadu.warning.models import Warning

log = structlog.get_logger("fadu.response")
POWER = "G023"  # 气象灾害预警叫应与应急响应启动建议
DRILL_MARK = "【演练】"


def hear(warning: Warning, by: Officer | None) -> Response | None:
    """What a warning just taken in means for responses; in the transaction of its receipt, and never against it.

    A real, current warning of a hazard with rules for its colour opens a response at the lowest organ that covers it; one that
    updates another goes on under that one's response; a cancel is noted there. A drill opens nothing: somebody does that. Whatever
    fails here is logged and undone, and the warning stands.
    """
    try:
        with transaction.atomic():
            return _hear(warning, by)
    except (Refused, DatabaseError, LookupError) as error:
        log.error("response not opened", warning=warning.pk, error=str(error)[:300])
        return None


def _hear(warning: Warning, by: Officer | None) -> Response | None:
    """As ``hear``, and what fails is raised."""
    earlier = Response.objects.filter(warning__in=warning.replaces.all(), kind=warning.kind, ended_at=None).first()
    if earlier is not None:
        take(earlier, "follow", by=None, data={"warning": warning.pk})
        return earlier
    opens = warning.kind == Warning.Kind.REAL and warning.standing == Warning.Standing.CURRENT
    if not opens or warning.msg_type == "Cancel":
        return None
    plan, organ = queries.plan_for(warning.signal, clock.today()), queries.organ_for(warning)
    if plan is None or organ is None or not _asked(plan, warning.colour):
        return None
    return _open(warning, organ, plan, by)


def _asked(plan: ResponsePlan, colour: str) -> bool:
    """Whether the rules ask anything at this colour."""
    return any(colour in rule.minutes for rule in plan.rules.all())


def open_response(warning: Warning, *, by: Officer) -> Response:
    """Open the response of a warning by hand: a drill, a hazard without rules, or where the receipt opened none.

    Raises OutOfOrder where the warning sets nothing going or has its response; NotCompetent for whoever sits at no desk of
    the organ. (气象灾害防御条例 34 II)
    """
    if warning.kind == Warning.Kind.TECHNICAL or warning.standing != Warning.Standing.CURRENT:
        raise OutOfOrder(
            f"这份预警{warning.get_standing_display()}（{warning.get_kind_display()}），不能据以开启响应。"
        )
    if Response.objects.filter(warning=warning).exists():
        raise OutOfOrder("这份预警已经开启过响应。")
    organ = queries.organ_for(warning) or org.home_organ(by, clock.today())
    if organ is None or not queries.operates(by, organ):
        raise NotCompetent("响应由预警覆盖范围所属机关的内勤、审核人或者负责人开启。")
    return _open(warning, organ, queries.plan_for(warning.signal, clock.today()), by)


@transaction.atomic
def _open(warning: Warning, organ: Organ, plan: ResponsePlan | None, by: Officer | None) -> Response:
    """The matter with its tasks; the duty officers are told."""
    today, drill = clock.today(), warning.kind == Warning.Kind.DRILL
    frozen = {} if plan is None else {
        "title": plan.title, "source": plan.source, "confidence": plan.confidence, "levels": plan.levels,
        "from": plan.from_date.isoformat(),
    }  # fmt: skip
    title = f"{DRILL_MARK if drill else ''}{warning.headline or warning.event}响应"[:200]
    power = next((one for one in powers.held_by(organ, today) if one.item.code == POWER), None)
    response = open_matter(
        Response, queries.CODE, organ=organ, title=title, by=by, on=today, series="response", act="开启预警响应", power=power,
        after={"warning": warning.sha256, "kind": warning.kind, "colour": warning.colour, "rules": frozen.get("title", "没有规则")},
        warning=warning, kind=warning.kind, hazard=warning.signal or warning.event[:40], colour=warning.colour, plan=frozen,
        begun_at=clock.now(),
    )  # fmt: skip
    set_tasks(response, plan, warning.colour, clock.now())
    reminding.opened(response)
    return response


def set_tasks(response: Response, plan: ResponsePlan | None, colour: str, now: datetime) -> int:
    """Make the tasks that the rules ask at a colour, from now; how many."""
    if plan is None:
        return 0
    number = response.tasks.count()
    rules = [rule for rule in plan.rules.all() if colour in rule.minutes]
    ResponseTask.objects.bulk_create(
        ResponseTask(
            response=response, number=number + n, rule=rule.code, member=rule.member, action=rule.action, colour=colour,
            basis=rule.basis, source=rule.source, confidence=rule.confidence, opened_at=now,
            due_at=now + timedelta(minutes=rule.minutes[colour]),
        )
        for n, rule in enumerate(rules, 1)
    )  # fmt: skip
    return len(rules)
