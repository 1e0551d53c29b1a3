"""Drafting, examining and publishing a version of a checklist: each by another person, each act in the version's own chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from fadu.inspection import queries
from fadu.inspection.checklists import FIELDS, Version
from fadu.inspection.gate import Fault
from fadu.inspection.models import Checklist, ChecklistItem
from fadu.inspection.services.content import digest_of, version_of, write_items
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.law.statutes import WSL
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.record import services as record

BASIS = (WSL[62, 2],)
MAY_DRAFT = frozenset({Role.LEGAL_REVIEWER, Role.REVIEWER, Role.CLERK})
MAY_REVIEW = frozenset({Role.LEGAL_REVIEWER})
MAY_PUBLISH = frozenset({Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD})
HEAD = ("title", "from_date", "until", "source", "confidence", "note")
State = Checklist.State


class NotPublishable(Refused):
    """The version has faults; ``faults`` says where each of them is."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(*map(str, faults))


def _require(by: Officer, organ: Organ | None, roles: frozenset[Role], work: str) -> None:
    if organ is None:
        raise NotCompetent("随软件发布的检查表不能修改，请由本机关另行拟定一版。")
    if not org.roles_of(by, clock.today(), organ) & roles:
        titles = "、".join(role.title for role in Role if role in roles)
        raise NotCompetent(f"{work}由{organ.name}的{titles}办理。")


def _lock(row: Checklist) -> Checklist:
    return Checklist.objects.select_for_update(of=("self",)).select_related("organ").get(pk=row.pk)


def _open(row: Checklist) -> None:
    if not row.is_open:
        raise OutOfOrder(f"检查表{row.get_state_display()}，不能再改；需要变动的，请退回拟定或者另行拟定一版。")


def _to_change(row: Checklist, by: Officer) -> Checklist:
    """The version, locked, when this officer may change it now."""
    row = _lock(row)
    _require(by, row.organ, MAY_DRAFT, "修改检查表")
    _open(row)
    return row


def _write(row: Checklist, by: Officer, act: str, title: str, **values: Any) -> None:
    on = clock.today()
    record.write(
        row.chain, actor=org.actor(by, on, row.organ), act=f"inspection.checklist.{act}", title=title, on=on, articles=BASIS,
        matter_title=str(row), **values,
    )  # fmt: skip


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


# --- drafting -------------------------------------------------------------------------------------------------------


def _days(from_date: date, until: date | None) -> dict[str, str]:
    """What is wrong with the days of a version, by field."""
    errors = {}
    if from_date < clock.today():
        errors["from_date"] = "施行日期不能早于今天：已经过去的日子按当时的版本。"
    if until is not None and until <= from_date:
        errors["until"] = "失效日期应晚于施行日期。"
    return errors


def _edition(organ: Organ, code: str, from_date: date) -> str:
    """The name of the organ's next version of a list: its year, with a number from the second one of a year."""
    taken = set(Checklist.objects.filter(organ=organ, code=code).values_list("edition", flat=True))
    names = (f"{from_date.year}" + (f"-{number}" if number > 1 else "") for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


@transaction.atomic
def drafted(organ: Organ, *, by: Officer, based_on: Checklist, from_date: date, title: str = "") -> Checklist:
    """Draft a version for ``organ`` as a copy of ``based_on``, the items that are over by then left out.

    Raises NotCompetent, or Invalid with the names of the form's fields.
    """
    held = version_of(based_on)
    items = tuple(item for item in held.items if item.until is None or item.until > from_date)
    values = {**held.head, "title": title.strip() or held.title, "from_date": from_date, "until": None}
    version = Version(**{**values, "source": f"以{based_on}为底本", "items": items})
    return draft_version(organ, version, by=by, based_on=str(based_on))


@transaction.atomic
def draft_version(organ: Organ, version: Version, *, by: Officer, based_on: str) -> Checklist:
    """Draft what was read or copied; ``based_on``: the version or the file it comes from, for the record."""
    _require(by, organ, MAY_DRAFT, "拟定检查表")
    errors = _days(version.from_date, version.until)
    if Checklist.objects.filter(organ=organ, code=version.code).exclude(state=State.PUBLISHED).exists():
        errors["title"] = f"“{version.title}”已有一版没有公布，请先办完或者删除那一版。"
    if errors:
        raise Invalid(errors)
    head = {**version.head, "edition": _edition(organ, version.code, version.from_date)}
    row = Checklist.objects.create(organ=organ, drafted_by=by, drafted_on=clock.today(), **head)
    write_items(row, version)
    _write(row, by, "draft", "拟定检查表", after={"based_on": based_on, "items": len(version.items)})
    return row


@transaction.atomic
def change_head(row: Checklist, values: Mapping[str, Any], *, by: Officer) -> Checklist:
    """Change title, days, source or note of a draft; raises NotCompetent, OutOfOrder or Invalid."""
    row = _to_change(row, by)
    before = {name: getattr(row, name) for name in HEAD}
    after = {name: values.get(name, value) for name, value in before.items()}
    if errors := _days(after["from_date"], after["until"]):
        raise Invalid(errors)
    if after != before:
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=list(after))
        _write(row, by, "change", "修改检查表", before=_as_json(before), after=_as_json(after))
    return row


def _check(row: Checklist, item: ChecklistItem) -> None:
    """Refuse, field by field, what the gate would refuse of this item alone."""
    mine = [fault for fault in queries.faults_of_item(row, item) if fault.code == item.code]
    if mine:
        raise Invalid({fault.field: fault.text for fault in reversed(mine)})


@transaction.atomic
def add_item(row: Checklist, values: Mapping[str, Any], *, by: Officer) -> ChecklistItem:
    """Add an item at the end of a draft; raises NotCompetent, OutOfOrder, or Invalid at the fields that are wrong."""
    row = _to_change(row, by)
    last = row.items.aggregate(last=Max("ordinal"))["last"] or 0
    item = ChecklistItem(checklist=row, ordinal=last + 1, **{name: values[name] for name in FIELDS})
    _check(row, item)
    item.save()
    _write(row, by, "add_item", f"增列检查项{item.code}", after=_as_json(item.value.values))
    return item


@transaction.atomic
def change_item(item: ChecklistItem, values: Mapping[str, Any], *, by: Officer) -> ChecklistItem:
    """Change an item of a draft; raises NotCompetent, OutOfOrder, or Invalid at the fields that are wrong."""
    row = _to_change(item.checklist, by)
    item = ChecklistItem.objects.select_related("checklist").get(pk=item.pk)
    before = item.value.values
    after = {**before, **{name: values[name] for name in FIELDS if name in values}}
    changed = [name for name in FIELDS if after[name] != before[name]]
    if not changed:
        return item
    for name in changed:
        setattr(item, name, after[name])
    _check(row, item)
    item.save(update_fields=changed)
    said = {name: (before[name], after[name]) for name in changed}
    _write(
        row, by, "change_item", f"修改检查项{item.code}", before=_as_json({n: was for n, (was, _) in said.items()}),
        after=_as_json({n: now for n, (_, now) in said.items()}),
    )  # fmt: skip
    return item


@transaction.atomic
def move_item(item: ChecklistItem, up: bool, *, by: Officer) -> None:
    """Let an item of a draft and its neighbour change places; at the end of the list nothing happens."""
    row = _to_change(item.checklist, by)
    items = list(row.items.order_by("ordinal", "id"))
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    for ordinal, one in enumerate(items, 1):
        one.ordinal = ordinal
    ChecklistItem.objects.bulk_update(items, ["ordinal"])
    _write(row, by, "move_item", f"移动检查项{item.code}", before={"place": place + 1}, after={"place": other + 1})


@transaction.atomic
def remove_item(item: ChecklistItem, reason: str, *, by: Officer) -> None:
    """Take an item off a draft, with reasons."""
    row = _to_change(item.checklist, by)
    if not reason.strip():
        raise Invalid({"reason": "请写明不再列入的理由。"})
    before = {"code": item.code, "content": item.content}
    _write(row, by, "remove_item", f"删去检查项{item.code}", before=before, note=reason.strip())
    item.delete()


@transaction.atomic
def remove(row: Checklist, *, by: Officer) -> None:
    """Throw a draft away; its record stays."""
    row = _to_change(row, by)
    _write(row, by, "remove", "删除检查表草稿", before={"title": row.title, "items": row.items.count()})
    row.delete()


# --- into force -----------------------------------------------------------------------------------------------------


def _pass_gate(row: Checklist) -> None:
    if found := queries.faults_in(row):
        raise NotPublishable(found)


@transaction.atomic
def review(row: Checklist, *, by: Officer) -> Checklist:
    """审核通过: by a legal reviewer who did not draft it; refused, item by item, while the gate finds faults."""
    row = _lock(row)
    _require(by, row.organ, MAY_REVIEW, "审核检查表")
    if row.state != State.DRAFT:
        raise OutOfOrder(f"检查表{row.get_state_display()}，不在拟定中。")
    if row.drafted_by_id == by.pk:
        raise NotCompetent(f"拟定与审核应当分开：{by.name}拟定了这份检查表，请由另一名法制审核人员审核。")
    _pass_gate(row)
    row.state, row.reviewed_by, row.reviewed_on = State.REVIEWED, by, clock.today()
    row.save(update_fields=["state", "reviewed_by", "reviewed_on"])
    _write(row, by, "review", "审核通过", before={"state": "draft"}, after={"state": "reviewed"})
    return row


@transaction.atomic
def send_back(row: Checklist, reason: str, *, by: Officer) -> Checklist:
    """退回拟定, with reasons: by whoever examines or publishes."""
    row = _lock(row)
    _require(by, row.organ, MAY_REVIEW | MAY_PUBLISH, "退回检查表")
    if row.state != State.REVIEWED:
        raise OutOfOrder(f"检查表{row.get_state_display()}，没有可以退回的审核。")
    if not reason.strip():
        raise Invalid({"reason": "请写明退回的理由。"})
    row.state, row.reviewed_by, row.reviewed_on = State.DRAFT, None, None
    row.save(update_fields=["state", "reviewed_by", "reviewed_on"])
    _write(
        row, by, "send_back", "退回拟定", before={"state": "reviewed"}, after={"state": "draft"}, note=reason.strip()
    )
    return row


@transaction.atomic
def publish(row: Checklist, *, by: Officer) -> Checklist:
    """公布: by the head, who neither drafted nor examined it; the version before it ends on its first day.

    From here on the database refuses every change. Visits made by an earlier version keep it.
    """
    row = _lock(row)
    _require(by, row.organ, MAY_PUBLISH, "公布检查表")
    if row.state != State.REVIEWED:
        raise OutOfOrder(f"检查表{row.get_state_display()}，审核通过后才能公布。")
    if by.pk in (row.reviewed_by_id, row.drafted_by_id):
        raise NotCompetent(f"拟定、审核与公布应当分开：{by.name}已经拟定或者审核了这份检查表。")
    if row.from_date < clock.today():
        raise OutOfOrder(f"施行日期{row.from_date}已经过去，请退回拟定，改定施行日期。")
    before = Checklist.objects.select_for_update().filter(organ=row.organ, code=row.code, state=State.PUBLISHED)
    list(before)  # locked: two versions of one list are not published at once
    _pass_gate(row)
    before.filter(until=None, from_date__lt=row.from_date).update(until=row.from_date)
    row.state, row.published_by, row.published_on = State.PUBLISHED, by, clock.today()
    row.digest = digest_of(version_of(row))
    row.save(update_fields=["state", "published_by", "published_on", "digest"])
    _write(
        row, by, "publish", "公布检查表", before={"state": "reviewed"},
        after={"state": "published", "from_date": row.from_date, "items": row.items.count(), "digest": row.digest},
    )  # fmt: skip
    return row
