"""Plainly invented enterprises and persons for tests."""

from __future__ import annotations

from typing import Any

from fadu.org.models import Division, Officer, Organ
from fadu.subject import services, uscc
from fadu.subject.models import Subject


def code(number: int, kind: str = "91") -> str:
    """A right unified social credit code that belongs to nobody."""
    body = f"{kind}140400MA0{number:06}"
    return body + uscc.check_character(body)


def facts(organ: Organ, name: str = "甲山矿业有限公司", number: int = 1, **more: Any) -> dict[str, Any]:
    """The fields of an invented enterprise."""
    return {
        "kind": Subject.Kind.UNIT,
        "name": name,
        "uscc": code(number),
        "sector": Subject.Sector.COAL,
        "risk": Subject.Risk.RED,
        "legal_representative": "赵示甲",
        "division": Division.objects.get(pk=organ.division_id),
        "organ": organ,
        "address": "示例路2号",
        **more,
    }


def enterprise(organ: Organ, name: str = "甲山矿业有限公司", number: int = 1, **more: Any) -> Subject:
    """An invented enterprise, entered by the program."""
    contacts = more.pop("contacts", ())
    by: Officer | None = more.pop("by", None)
    return services.register(facts(organ, name, number, **more), by=by, contacts=contacts)
