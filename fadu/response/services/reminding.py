"""Who is told of a response: the desk when it opens, when a task is late, and when its warning is lifted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from fadu.kernel import clock
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.procedure.services.take import lock
from fadu.reminder.kinds import Kind
from fadu.reminder.services import settle, tell
from fadu.response.models import Response, ResponseTask

DESK = (Role.CLERK, Role.REVIEWER)
HEADS = (Role.AGENCY_HEAD,)


def _people(organ: Organ, roles: Iterable[Role]) -> list[Officer]:
    """Whoever holds one of the roles in the organ today."""
    today = clock.today()
    return list({one.pk: one for role in roles for one in org.officers_with(role, organ, today)}.values())


def _page(response: Response) -> str:
    return reverse("response:page", args=[response.pk])


def opened(response: Response) -> None:
    """The desk and the heads are told that a response has opened."""
    tell(
        Kind.ASSIGNED, _people(response.organ, (*DESK, *HEADS)), key=f"response/{response.pk}/opened", url=_page(response),
        text=f"{response.title}：已经开启，请布置、催收任务。", subject=response.chain,
    )  # fmt: skip


def lifted(response: Response) -> None:
    """The warning is over: whoever may end the response is told."""
    tell(
        Kind.ASSIGNED, _people(response.organ, (*DESK, *HEADS)), key=f"response/{response.pk}/lifted", url=_page(response),
        text=f"{response.title}：预警已经解除，请决定是否结束响应。", subject=response.chain,
    )  # fmt: skip


def answered(task: ResponseTask) -> None:
    """Nobody is reminded of it any more."""
    settle(f"response-task/{task.pk}")


def remind_of_overdue() -> int:
    """Tell the desk, at night too, of each task that waits although its time is over, once; how many.

    The response's row is locked first, as by whoever answers, so that nobody is reminded of what was just done.
    """
    now = clock.now()
    late = ResponseTask.objects.filter(state="open", due_at__lt=now, reminded_at=None, response__ended_at=None)
    told = 0
    for key in sorted(set(late.values_list("response_id", flat=True))):
        with transaction.atomic():
            response = lock(Response.objects.get(pk=key))
            assert isinstance(response, Response)
            people = _people(response.organ, DESK)
            for task in late.filter(response=response):
                text = f"{response.title}：{task.member}的任务已经逾期，请催办：{task.action}"
                tell(
                    Kind.MISSED, people, key=f"response-task/{task.pk}", url=_page(response), text=text[:300],
                    subject=response.chain,
                )  # fmt: skip
                ResponseTask.objects.filter(pk=task.pk).update(reminded_at=now)
                told += 1
    return told
