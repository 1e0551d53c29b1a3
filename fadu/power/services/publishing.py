"""Drafting, examining and publishing a list of powers: each by another person, each in the list's own chain (安全生产法 17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import WSL
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.power.gate import book, faults
from fadu.power.models import PowerItem, PowerList
from fadu.power.services.content import digest_of
from fadu.record import services as record

BASIS = (WSL[17],)
MAY_DRAFT = frozenset({Role.LEGAL_REVIEWER, Role.REVIEWER, Role.CLERK})
MAY_REVIEW = frozenset({Role.LEGAL_REVIEWER})
MAY_PUBLISH = frozenset({Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD})
FIELDS = (
    "code", "cls", "name", "group", "bases", "levels", "office", "posts", "risk", "procedure", "flow", "sectors", "reasons",
    "general", "since", "until", "source", "confidence", "note",
)  # fmt: skip


def _require(by: Officer, organ: Organ | None, roles: frozenset[Role], work: str) -> None:
    if organ is None:
        raise NotCompetent("随软件发布的清单不能修改，请由本机关另行拟定。")
    if not org.roles_of(by, clock.today(), organ) & roles:
        titles = "、".join(role.title for role in Role if role in roles)
        raise NotCompetent(f"{work}由{organ.name}的{titles}办理。")


def _lock(listed: PowerList) -> PowerList:
    return PowerList.objects.select_for_update(of=("self",)).select_related("organ").get(pk=listed.pk)


def _write(listed: PowerList, by: Officer, act: str, title: str, **values: Any) -> None:
    on = clock.today()
    record.write(
        listed.chain, actor=org.actor(by, on, listed.organ), act=f"power.list.{act}", title=title, on=on, articles=BASIS,
        matter_title=listed.title, **values,
    )  # fmt: skip


@transaction.atomic
def drafted(
    organ: Organ, *, by: Officer, title: str, issuer: str, from_date: date, based_on: PowerList, document: str = ""
) -> PowerList:
    """Draft a list for ``organ`` with the items of ``based_on`` that are not over by then; raises NotCompetent or Invalid."""
    _require(by, organ, MAY_DRAFT, "拟定权责清单")
    errors = {}
    if not title.strip():
        errors["title"] = "请填写清单名称。"
    if not issuer.strip():
        errors["issuer"] = "请填写发布机关，一般是本级人民政府（《安全生产法》第十七条）。"
    if from_date < clock.today():
        errors["from_date"] = "施行日期不能早于今天：已经过去的日子按当时的清单。"
    if PowerList.objects.filter(organ=organ).exclude(state=PowerList.State.PUBLISHED).exists():
        errors["title"] = "本机关已有一份没有公布的清单，请先办完那一份。"
    if errors:
        raise Invalid(errors)
    on = clock.today()
    number = PowerList.objects.filter(organ=organ).count() + 1
    listed = PowerList.objects.create(
        code=f"{from_date.year}-{number}", title=title.strip(), organ=organ, issuer=issuer.strip(), document=document.strip(),
        from_date=from_date, drafted_by=by, drafted_on=on, source=f"以{based_on.title}为底本", confidence=based_on.confidence,
    )  # fmt: skip
    rows = [row for row in based_on.items.all() if row.until is None or row.until > from_date]
    for row in rows:
        row.pk, row.listed = None, listed
        row._state.adding = True
    PowerItem.objects.bulk_create(rows)
    _write(listed, by, "draft", "拟定清单", after={"based_on": based_on.title, "items": len(rows)})
    return listed


@transaction.atomic
def change_list(listed: PowerList, values: Mapping[str, Any], *, by: Officer) -> PowerList:
    """Change title, issuer or first day of a list that is being drafted; raises NotCompetent, OutOfOrder or Invalid."""
    listed = _lock(listed)
    _require(by, listed.organ, MAY_DRAFT, "修改权责清单")
    _open(listed)
    before = {name: getattr(listed, name) for name in ("title", "issuer", "from_date")}
    after = {name: values.get(name, value) for name, value in before.items()}
    if after["from_date"] < clock.today():
        raise Invalid({"from_date": "施行日期不能早于今天：已经过去的日子按当时的清单。"})
    if after != before:
        for name, value in after.items():
            setattr(listed, name, value)
        listed.save(update_fields=list(after))
        _write(listed, by, "change", "修改清单", before=_as_json(before), after=_as_json(after))
    return listed


def _open(listed: PowerList) -> None:
    if not listed.is_open:
        raise OutOfOrder(f"清单{listed.get_state_display()}，事项不能再改；需要变动的，请退回拟定或者另行拟定一份。")


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _check(listed: PowerList, item: PowerItem) -> None:
    """Refuse, field by field, what the gate would refuse of this item alone."""
    errors: dict[str, str] = {}
    same = listed.items.filter(code=item.code).exclude(pk=item.pk)
    for other in same:
        if (item.until is None or other.since < item.until) and (other.until is None or item.since < other.until):
            errors["code"] = f"编码{item.code}在同一时期已经列有“{other.name}”。"
    for fault in faults([item], listed.from_date, listed.until, book()):
        field = "bases" if "依据" in fault.text or "条" in fault.text else "since" if "日期" in fault.text else "name"
        errors.setdefault("since" if "期间" in fault.text else field, fault.text)
    if errors:
        raise Invalid(errors)


@transaction.atomic
def change_item(item: PowerItem, values: Mapping[str, Any], *, by: Officer) -> PowerItem:
    """Change an item of a list that is being drafted; raises NotCompetent, OutOfOrder, or Invalid by field."""
    listed = _lock(item.listed)
    _require(by, listed.organ, MAY_DRAFT, "修改权责清单")
    _open(listed)
    before = model_to_dict(item, FIELDS)
    for name in FIELDS:
        if name in values:
            setattr(item, name, values[name])
    after = model_to_dict(item, FIELDS)
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return item
    _check(listed, item)
    item.save()
    _write(
        listed, by, "change_item", f"修改事项{item.code}", before=_as_json({n: before[n] for n in changed}),
        after=_as_json({n: after[n] for n in changed}),
    )  # fmt: skip
    return item


@transaction.atomic
def add_item(listed: PowerList, values: Mapping[str, Any], *, by: Officer) -> PowerItem:
    """Add an item to a list that is being drafted; raises NotCompetent, OutOfOrder, or Invalid by field."""
    listed = _lock(listed)
    _require(by, listed.organ, MAY_DRAFT, "修改权责清单")
    _open(listed)
    last = listed.items.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    item = PowerItem(listed=listed, ordinal=last + 1, **{name: values[name] for name in FIELDS if name in values})
    _check(listed, item)
    item.save()
    _write(listed, by, "add_item", f"增列事项{item.code}", after=_as_json(model_to_dict(item, FIELDS)))
    return item


@transaction.atomic
def remove_item(item: PowerItem, reason: str, *, by: Officer) -> None:
    """Take an item off a list that is being drafted, with reasons."""
    listed = _lock(item.listed)
    _require(by, listed.organ, MAY_DRAFT, "修改权责清单")
    _open(listed)
    if not reason.strip():
        raise Invalid({"reason": "请写明不再列入的理由和依据。"})
    _write(
        listed,
        by,
        "remove_item",
        f"删去事项{item.code}",
        before={"code": item.code, "name": item.name},
        note=reason.strip(),
    )
    item.delete()


def _pass_gate(listed: PowerList) -> None:
    found = faults(listed.items.all(), listed.from_date, listed.until, book())
    if found:
        more = [f"另有{len(found) - 10}处。"] if len(found) > 10 else []
        raise OutOfOrder(*map(str, found[:10]), *more)


@transaction.atomic
def review(listed: PowerList, *, by: Officer) -> PowerList:
    """审核通过: by a legal reviewer who did not draft it; refused, item by item, while the gate finds faults."""
    listed = _lock(listed)
    _require(by, listed.organ, MAY_REVIEW, "审核权责清单")
    if listed.state != PowerList.State.DRAFT:
        raise OutOfOrder(f"清单{listed.get_state_display()}，不在拟定中。")
    if listed.drafted_by_id == by.pk:
        raise NotCompetent(f"拟定与审核应当分开：{by.name}拟定了这份清单，请由另一名法制审核人员审核。")
    _pass_gate(listed)
    listed.state, listed.reviewed_by, listed.reviewed_on = PowerList.State.REVIEWED, by, clock.today()
    listed.save(update_fields=["state", "reviewed_by", "reviewed_on"])
    _write(listed, by, "review", "审核通过", before={"state": "draft"}, after={"state": "reviewed"})
    return listed


@transaction.atomic
def send_back(listed: PowerList, reason: str, *, by: Officer) -> PowerList:
    """退回拟定, with reasons: by whoever examines or publishes."""
    listed = _lock(listed)
    _require(by, listed.organ, MAY_REVIEW | MAY_PUBLISH, "退回权责清单")
    if listed.state != PowerList.State.REVIEWED:
        raise OutOfOrder(f"清单{listed.get_state_display()}，没有可以退回的审核。")
    if not reason.strip():
        raise Invalid({"reason": "请写明退回的理由。"})
    listed.state, listed.reviewed_by, listed.reviewed_on = PowerList.State.DRAFT, None, None
    listed.save(update_fields=["state", "reviewed_by", "reviewed_on"])
    _write(
        listed, by, "send_back", "退回拟定", before={"state": "reviewed"}, after={"state": "draft"}, note=reason.strip()
    )
    return listed


@transaction.atomic
def publish(listed: PowerList, document: str, *, by: Officer) -> PowerList:
    """公布: by the head, who neither drafted nor examined it; the list before it ends on its first day.

    ``document``: the number of the paper by which it is issued. From here on the database refuses every change.
    """
    listed = _lock(listed)
    _require(by, listed.organ, MAY_PUBLISH, "公布权责清单")
    if listed.state != PowerList.State.REVIEWED:
        raise OutOfOrder(f"清单{listed.get_state_display()}，审核通过后才能公布。")
    if by.pk in (listed.reviewed_by_id, listed.drafted_by_id):
        raise NotCompetent(f"拟定、审核与公布应当分开：{by.name}已经拟定或者审核了这份清单。")
    if not document.strip():
        raise Invalid({"document": "请填写公布清单的文号。"})
    if listed.from_date < clock.today():
        raise OutOfOrder(f"施行日期{listed.from_date}已经过去，请退回拟定，改定施行日期。")
    _pass_gate(listed)
    before = PowerList.objects.select_for_update().filter(organ=listed.organ, state=PowerList.State.PUBLISHED)
    if later := before.filter(from_date__gte=listed.from_date).first():
        raise OutOfOrder(f"“{later.title}”自{later.from_date}起施行，不早于这份清单。")
    before.filter(until=None).update(until=listed.from_date)
    listed.state, listed.published_by, listed.published_on = PowerList.State.PUBLISHED, by, clock.today()
    listed.document = document.strip()
    listed.digest = digest_of(model_to_dict(row, FIELDS) for row in listed.items.order_by("ordinal"))
    listed.save(update_fields=["state", "published_by", "published_on", "document", "digest"])
    _write(
        listed, by, "publish", "公布清单", before={"state": "reviewed"},
        after={"state": "published", "document": listed.document, "items": listed.items.count(), "digest": listed.digest},
    )  # fmt: skip
    return listed
