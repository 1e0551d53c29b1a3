"""A bureau with the people who make a benchmark, and a set on its way into force."""

from __future__ import annotations

from datetime import date
from typing import Any

from fadu.discretion import services
from fadu.discretion.models import BenchmarkSet
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.org.tests.universe import officer


class Makers:
    """Who drafts, reviews and publishes at an organ; each another person."""

    def __init__(self, organ: Organ, drafter: Officer, reviewer: Officer, head: Officer) -> None:
        self.organ, self.drafter, self.reviewer, self.head = organ, drafter, reviewer, head

    def draft(self, values: dict[str, Any] | None = None, since: date = date(2025, 1, 1)) -> BenchmarkSet:
        """The shipped example, or what is given, as a draft."""
        if values is None:
            return services.draft_example(organ=self.organ, by=self.drafter, since=since)
        return services.draft(values, organ=self.organ, by=self.drafter, since=since)

    def publish(self, values: dict[str, Any] | None = None, since: date = date(2025, 1, 1)) -> BenchmarkSet:
        """The same, reviewed and published."""
        row = services.review(self.draft(values, since), by=self.reviewer, opinion="同意。")
        return services.publish(row, by=self.head)


def makers(organ: Organ) -> Makers:
    """Three people of their own."""
    return Makers(
        organ, officer(organ, "起示甲", Role.CLERK), officer(organ, "审示乙", Role.LEGAL_REVIEWER),
        officer(organ, "公示丙", Role.AGENCY_HEAD),
    )  # fmt: skip
