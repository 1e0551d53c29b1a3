"""The demo city's benchmark of discretion: the example set, drafted, reviewed and published by its people on their days."""

from __future__ import annotations

from datetime import date

from fadu.demo.acting import at
from fadu.demo.people import Staff
from fadu.discretion import services
from fadu.discretion.models import BenchmarkSet

SINCE = date(2025, 1, 1)


def build(staffs: list[Staff]) -> BenchmarkSet:
    """Publish the example for the city; the counties, which have none of their own, apply it too."""
    city = staffs[0]
    assert city.clerk
    assert city.legal
    assert city.head
    with at(date(2024, 12, 2), 10):
        made = services.draft_example(organ=city.organ, by=city.clerk, since=SINCE)
    with at(date(2024, 12, 9), 10):
        services.review(made, by=city.legal, opinion="各档在法定幅度之内，没有空档和重叠，同意。")
    with at(date(2024, 12, 16), 10):
        return services.publish(made, by=city.head)
