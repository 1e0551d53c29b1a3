"""Planning a visit: subject, days, officers and checklists, before the head approves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from fadu.inspection.models import Checklist, Visit
from fadu.inspection.queries import CODE, as_of
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import WSL
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.power import queries as powers
from fadu.procedure.declare import Refusal
from fadu.procedure.services.matters import appoint, open_matter
from fadu.procedure.services.take import refresh_outlook
from fadu.subject.models import Subject

MAY_PLAN = frozenset({Role.CASE_OFFICER, Role.REVIEWER, Role.CLERK})
METHOD = "现场检查、查阅资料、询问有关人员"


@transaction.atomic
def plan_visit(
    *,
    organ: Organ,
    by: Officer,
    subject: Subject,
    reason: str,
    planned_on: date,
    officers: Iterable[Officer],
    checklists: Iterable[Checklist],
    planned_until: date | None = None,
    reason_detail: str = "",
    method: str = METHOD,
    remarks: str = "",
    on: date | None = None,
) -> Visit:
    """Plan a visit (拟定检查方案): opened as a matter, with at least two certified officers; the head approves it next.

    Refused (OutOfOrder) where no inspection item of the list of powers in force on that day at the organ covers it.
    ``reason`` is a value of ``Visit.Reason``; ``planned_until`` the last day (the first one by default). Raises
    NotCompetent or Invalid with the form's field names. Of each checklist the version in force on the planned day is
    taken. (安全生产法 62 II, 行政处罚法 42 I)
    """
    on = on or clock.today()
    if not org.roles_of(by, on, organ) & MAY_PLAN:
        raise NotCompetent("检查由本机关的承办、审核或者内勤岗位安排。")
    until = planned_until or planned_on
    chosen_lists = list(checklists)
    lists = as_of(chosen_lists, organ, planned_on)
    errors: dict[str, str] = {}
    if subject.is_person:
        errors["subject"] = "检查的对象是生产经营单位，不能是个人，请重新选择。"
    elif subject.status == Subject.Status.DISSOLVED:
        errors["subject"] = f"{subject.name}已经注销，不能安排检查。"
    if planned_on < on:
        errors["planned_on"] = "检查日期不能早于今天。"
    if until < planned_on:
        errors["planned_until"] = "结束日期不能早于开始日期。"
    if not chosen_lists:
        errors["checklists"] = "请至少选择一份检查表。"
    elif without := without_version(chosen_lists, lists, planned_on):
        errors["checklists"] = without
    if not method.strip():
        errors["method"] = "请填写检查方式。"
    if errors:
        raise Invalid(errors)
    power = powers.for_inspection(organ, on, sector=subject.sector, reason=reason)
    if power is None:
        raise OutOfOrder(str(without_power(organ, on, subject)))
    chosen = list({officer.pk: officer for officer in officers}.values())
    visit = open_matter(
        Visit, CODE, organ=organ, title=f"检查{subject.name}"[:200], by=by, on=on, series="inspection", act="拟定检查方案",
        power=power, after={"subject": subject.name, "planned_on": planned_on.isoformat(), "reason": reason, "officers": [o.name for o in chosen]},
        subject=subject, party_names=subject.name, reason=reason, reason_detail=reason_detail.strip(), planned_on=planned_on,
        planned_until=until, method=method.strip(), remarks=remarks.strip(), place=subject.place[:200],
    )  # fmt: skip
    visit.checklists.set(lists)
    appoint(visit, chosen, on=on)
    refresh_outlook(visit, on)
    return visit


def without_version(chosen: Iterable[Checklist], lists: Iterable[Checklist], on: date) -> str:
    """Which of the lists chosen has no version in force on a day; empty when each has."""
    held = {row.code for row in lists}
    missing = "、".join(f"“{row.title}”" for row in chosen if row.code not in held)
    return f"检查表{missing}在{on}没有施行的版本，请改选。" if missing else ""


def without_power(organ: Organ, on: date, subject: Subject) -> Refusal:
    """Why an organ without an inspection item for the enterprise's sector may not visit it (安全生产法 17, 65 I)."""
    sector = subject.get_sector_display() if subject.sector else "这一行业"
    return Refusal(
        f"{organ.name}在{on}施行的权责清单中没有覆盖{sector}的行政检查事项，不能安排检查", (WSL[17], WSL[65, 1])
    )
