"""Acts on the content of the law floor: load it from its files, load a new notice, put a newer number in place."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db import models as db
from django.db import transaction

from fadu.kernel.errors import Invalid
from fadu.kernel.hashing import canonical, sha256_text
from fadu.law import models, queries
from fadu.law.citations import CitationError, parse
from fadu.law.content import notices, numbers, penalties, versions
from fadu.law.content.numbers import UNITS, Number
from fadu.law.content.reading import CONFIDENCES, DATA
from fadu.law.library.services import adopt_versions, close_versions

M = TypeVar("M", bound=db.Model)


@transaction.atomic
def load_content(folder: Path = DATA) -> dict[str, int]:
    """Load all content of this floor; idempotent; ContentError, with nothing changed, when a file is malformed.

    Rows that left the files are removed, except provisions, because cases point at them. Numbers and notices that the
    bureau entered stay. Answers how many rows of each kind the files hold.
    """
    versions_ = versions.versions(folder)
    provisions_ = penalties.provisions(folder)
    numbers_ = numbers.numbers(folder)
    notices_ = notices.notices(folder)
    adopt_versions({(v.statute.code, v.statute.full, v.statute.short) for v in versions_})
    _load(
        models.StatuteVersion,
        ("code", "since"),
        (_version_row(version) for version in versions_),
        # What was imported stays, and so does every version that has a text.
        removable=db.Q(shipped=True, text__isnull=True),
    )
    close_versions()
    _load(models.Provision, ("key", "since"), (_provision_row(provision) for provision in provisions_), remove=False)
    _load(
        models.Parameter,
        ("name", "organ_id", "since", "shipped"),
        (_number_row(number.number) for number in numbers_),
        within=db.Q(shipped=True),
    )
    _load_notices(notices_, shipped=True)
    return {
        "statutes": len(versions_),
        "provisions": len(provisions_),
        "parameters": len(numbers_),
        "holiday_notices": len(notices_),
    }


def _load(
    model: type[M],
    key: Sequence[str],
    rows: Iterable[dict[str, Any]],
    *,
    within: db.Q | None = None,
    remove: bool = True,
    removable: db.Q | None = None,
) -> None:
    """Make the table hold these rows: insert, update those that differ, remove the rest (unless told not to).

    removable: which of the rest may be removed, where not all may.
    """
    scope = model._default_manager.filter(within) if within is not None else model._default_manager.all()
    present = {tuple(getattr(row, name) for name in key): row for row in scope}
    new: list[M] = []
    for row in rows:
        found = present.pop(tuple(row[name] for name in key), None)
        if found is None:
            new.append(model(**row))
        elif any(getattr(found, name) != value for name, value in row.items()):
            model._default_manager.filter(pk=found.pk).update(**row)
    model._default_manager.bulk_create(new)
    if remove and present:
        rest = model._default_manager.filter(removable or db.Q(), pk__in=[row.pk for row in present.values()])
        rest.delete()


def _version_row(version: versions.Version) -> dict[str, Any]:
    return {
        "code": version.statute.code,
        "title": version.statute.full,
        "short": version.statute.short,
        "kind": version.kind,
        "issuer": version.issuer,
        "event": version.event,
        "number": version.number,
        "adopted": version.adopted,
        "since": version.since,
        "until": version.until,
        "source": version.source,
        "confidence": version.confidence,
        "note": version.note,
        "shipped": True,
    }


def _provision_row(sourced: penalties.SourcedProvision) -> dict[str, Any]:
    value = sourced.provision
    return {
        "key": value.id,
        "statute": value.article.statute.code,
        "citation": str(value.article),
        "number": value.article.number,
        "paragraph": value.article.paragraph,
        "item": value.article.item,
        "kind": value.kind.value,
        "violation": value.violation,
        "obligations": [str(article) for article in value.obligations],
        "sanctions": sourced.sanctions,
        "authority": value.authority,
        "offences": list(value.offences),
        "since": value.since,
        "until": value.until,
        "source": sourced.source,
        "confidence": value.confidence,
        "note": value.note,
    }


def _number_row(number: Number, *, shipped: bool = True) -> dict[str, Any]:
    return {
        "name": number.name,
        "title": number.title,
        "value": number.value,
        "unit": number.unit,
        "organ_id": number.organ_id,
        "basis": [str(article) for article in number.basis],
        "since": number.since,
        "until": number.until,
        "source": number.source,
        "confidence": number.confidence,
        "note": number.note,
        "shipped": shipped,
    }


# --- holidays -------------------------------------------------------------------------------------------------------


def load_notices(given: Iterable[notices.Notice]) -> str:
    """Load holiday notices, each the last word of its year so far, and answer the new version of the calendar.

    What was reckoned provisionally is recomputed by whoever finds ``queries.calendar_version()`` changed.
    """
    return _load_notices(given, shipped=False)


@transaction.atomic
def _load_notices(given: Iterable[notices.Notice], *, shipped: bool) -> str:
    orders: Counter[int] = Counter()
    for notice in given:
        if shipped:
            order = orders[notice.year]
            orders[notice.year] += 1
        else:
            others = models.HolidayNotice.objects.filter(year=notice.year).exclude(number=notice.number)
            order = (others.aggregate(last=db.Max("order", default=-1))["last"]) + 1
        facts = {
            "year": notice.year,
            "title": notice.title,
            "issued": notice.issued,
            "order": order,
            "source": notice.source,
            "confidence": notice.confidence,
            "note": notice.note,
        }
        stored, _ = models.HolidayNotice.objects.update_or_create(number=notice.number, defaults=facts)
        days = {day: (True, name) for day, name in notice.off.items()}
        days |= {day: (False, name) for day, name in notice.work.items()}
        present = {holiday.day: (holiday.rest, holiday.name) for holiday in stored.days.all()}
        if days != present:
            stored.days.all().delete()
            models.Holiday.objects.bulk_create(
                models.Holiday(notice=stored, day=day, rest=rest, name=name) for day, (rest, name) in days.items()
            )
    return _note_calendar()


def _note_calendar() -> str:
    days = models.Holiday.objects.order_by("notice__year", "notice__order", "day")
    years = queries.years_with_notice()
    digest = sha256_text(canonical([years, [[day.isoformat(), rest] for day, rest in days.values_list("day", "rest")]]))
    models.Edition.objects.update_or_create(name=queries.HOLIDAYS, defaults={"digest": digest})
    return digest


# --- numbers --------------------------------------------------------------------------------------------------------


def set_parameter(
    name: str,
    value: Decimal,
    *,
    since: date,
    source: str,
    confidence: str = "source",
    organ_id: int | None = None,
    unit: str | None = None,
    title: str | None = None,
    basis: Sequence[str] | None = None,
    note: str = "",
    until: date | None = None,
) -> models.Parameter:
    """Put a newer number in the place of the present one from ``since`` on; title, unit and basis are kept from it.

    organ_id: for one organ only. Older rows stay as they are. Invalid, field by field, when it cannot stand.
    """
    present = models.Parameter.objects.filter(name=name).order_by("-since", "shipped").first()
    facts: dict[str, Any] = {
        "name": name,
        "title": title or (present.title if present else ""),
        "value": value,
        "unit": unit or (present.unit if present else ""),
        "organ_id": organ_id,
        "basis": list(basis) if basis is not None else (present.basis if present else []),
        "since": since,
        "until": until,
        "source": source.strip(),
        "confidence": confidence,
        "note": note,
    }
    check_parameter(**facts)
    return models.Parameter.objects.create(**facts)


WHOLE = {"hours", "workdays", "days", "months", "years", "times"}


def check_parameter(
    *,
    name: str,
    title: str,
    value: Decimal,
    unit: str,
    since: date,
    source: str,
    confidence: str,
    organ_id: int | None = None,
    basis: Sequence[str] = (),
    until: date | None = None,
    note: str = "",
) -> None:
    """Whether such a row may be added; Invalid with a sentence for each field that is wrong."""
    errors: dict[str, str] = {}
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        errors["name"] = "名称用小写英文字母、数字和下划线，如large_fine_unit"
    if not title.strip():
        errors["title"] = "新的法定数字请写明事项"
    if unit not in UNITS:
        errors["unit"] = "请选择单位"
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** 12:
        errors["value"] = "请填写不小于零的数"
    elif unit in WHOLE and value != value.to_integral_value():
        errors["value"] = "期限和次数应为整数"
    if not source.strip():
        errors["source"] = "请写明出处（文件名称、文号、条文）"
    if confidence not in CONFIDENCES:
        errors["confidence"] = "请选择可信程度"
    if until and until <= since:
        errors["until"] = "失效日期应晚于施行日期"
    if models.Parameter.objects.filter(name=name, organ_id=organ_id, since=since, shipped=False).exists():
        errors["since"] = "这一天起已经登记过数值，请改用更晚的施行日期"
    if not isinstance(basis, list | tuple):
        errors["basis"] = '依据应为条文的列表，如["《行政处罚法》第六十三条"]'
    else:
        try:
            for text in basis:
                parse(str(text))
        except CitationError as error:
            errors["basis"] = str(error)
    if errors:
        raise Invalid(errors)
