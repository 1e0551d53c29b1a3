"""The one door to the evacuation guide: who may change it, what may stand in it, and what the record holds of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.record import services as record
from fadu.record.privacy import Sensitive, redacted
from fadu.response import queries
from fadu.response.models import SafePlace

FIELDS = (
    "division_id", "kind", "name", "address", "people", "warden", "phone", "deputy", "deputy_phone", "route", "active",
)  # fmt: skip


@transaction.atomic
def keep(places: Sequence[SafePlace], *, by: Officer, note: str = "") -> int:
    """Enter new places and change those there are, all or none, one entry of the record each; how many were written.

    ``note`` goes into the record. A place that changes nothing leaves no trace. Raises NotCompetent where the officer does not
    keep the guide of a place's county, Invalid with the field that is wrong, OutOfOrder where the same place was entered meanwhile.
    """
    for place in places:
        place.county = str(place.division_id)[:6]
    rows = sorted(places, key=lambda place: (place.county, place.pk or 0))  # chains are held in one order by everybody
    known = SafePlace.objects.select_for_update(of=("self",)).filter(pk__in=[place.pk for place in rows if place.pk])
    before = {old.pk: old for old in known.order_by("pk")}
    _demand_keeper({place.county for place in (*rows, *before.values())}, by)
    written = [place for place in rows if place.pk is None or told(place) != told(before[place.pk])]
    for place in written:
        if wrong := faults(place):
            raise Invalid(wrong)
    new = [place for place in written if place.pk is None]
    changed = [place for place in written if place.pk is not None]
    try:
        with transaction.atomic():
            SafePlace.objects.bulk_create(new)
            # by their keys: bulk_update writes a CASE for every cell, and eight thousand places take 19 s instead of 3
            SafePlace.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["pk"], update_fields=["division", "county", *FIELDS[1:]]
            )
    except IntegrityError:
        raise OutOfOrder("同一个地方刚刚由别人登记过了。请重新打开避险转移指南，看过再办。") from None
    _write(written, before, by, note)
    return len(written)


def _demand_keeper(counties: set[str], by: Officer) -> None:
    """Refuse whoever does not keep the guide of each of the counties; raises NotCompetent."""
    if not all(queries.keeps(by, county) for county in sorted(counties)):
        raise NotCompetent("您的岗位不能登记这个地方的重点部位和避险点。")


def told(place: SafePlace) -> tuple[Any, ...]:
    """What a place says, to be compared."""
    return tuple(getattr(place, name) for name in FIELDS)


def faults(place: SafePlace) -> dict[str, str]:
    """What is wrong at which field, each with a sentence that says what to do; that its division exists is not asked."""
    try:
        place.full_clean(exclude=("division", "county"), validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return {name: _sentence(name, found[0]) for name, found in error.error_dict.items()}
    return {}


def _sentence(name: str, error: ValidationError) -> str:
    """A fault in the words of the house."""
    field = SafePlace._meta.get_field(name)
    assert isinstance(field, models.Field)
    if error.code in ("blank", "null"):
        return f"请填写{field.verbose_name}。"
    if error.code == "max_length":
        return f"{field.verbose_name}最多{field.max_length}个字，请缩短。"
    if error.code in ("min_value", "max_value"):
        return f"{field.verbose_name}不合理，请核对。"
    return str(error.messages[0])


def _write(places: Sequence[SafePlace], before: dict[int, SafePlace], by: Officer, note: str) -> None:
    """Each place in the chain of its county; numbers only as keyed hashes."""
    today = clock.today()
    actor = org.actor(by, today)
    record.write_many(
        (
            f"response.places/{place.county}",
            {
                "actor": actor,
                "act": "response.place",
                "title": "更改避险地点" if place.pk in before else "登记避险地点",
                "on": today,
                "before": _as_record(before[place.pk]) if place.pk in before else None,
                "after": _as_record(place),
                "note": redacted(note),
                "matter_title": "避险转移指南",
            },
        )
        for place in places
    )


def _as_record(place: SafePlace) -> dict[str, Any]:
    """A place as the record holds it, which is never erased."""
    where = f"response.places/{place.pk}"
    found: dict[str, Any] = {"division": place.division_id}
    for name in FIELDS[1:]:
        value = getattr(place, name)
        if name in ("phone", "deputy_phone"):
            found[name] = Sensitive(value, where) if value else ""
        else:
            found[name] = redacted(value) if isinstance(value, str) else value
    return found
