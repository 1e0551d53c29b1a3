"""Which approvals may be delegated: a registry that the procedure floor fills, since the approvals stand there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fadu.org.roles import Role

if TYPE_CHECKING:
    from fadu.org.models import Organ

# What a person in charge may hand on for single approvals. The principal head's own (移送) is not among them: the law
# gives it to the principal or to whoever is in charge for the time (《行政执法机关移送涉嫌犯罪案件的规定》第五条).
DELEGABLE = frozenset({Role.REVIEWER, Role.AGENCY_HEAD})


@dataclass(frozen=True)
class Approval:
    """An approval by its key: its Chinese title, and the roles at the stages of its chain."""

    key: str
    title: str
    roles: frozenset[Role]


Provider = Callable[["Organ", date], "list[Approval]"]
_providers: list[Provider] = []


def provider(function: Provider) -> Provider:
    """Decorator: the function that lists the approvals of an organ on a day (the last registered counts)."""
    _providers[:] = [function]
    return function


def approvals(organ: Organ, on: date) -> list[Approval]:
    """The approvals of the organ on that day; none while no floor offers any."""
    return _providers[0](organ, on) if _providers else []


def offered(organ: Organ, on: date, roles: frozenset[Role]) -> list[Approval]:
    """Those of which somebody with ``roles`` may hand on his stage."""
    return [approval for approval in approvals(organ, on) if approval.roles & roles & DELEGABLE]
