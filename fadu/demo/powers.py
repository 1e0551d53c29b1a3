"""The city's own list of powers: drafted by the clerk, examined by the legal reviewer, published by the head."""

from __future__ import annotations

from datetime import date

from fadu.demo.acting import at
from fadu.demo.people import Staff
from fadu.power import services
from fadu.power.models import PowerList

DRAFTED, REVIEWED, PUBLISHED, FIRST = date(2026, 4, 13), date(2026, 4, 17), date(2026, 4, 24), date(2026, 5, 1)


def build(city: Staff) -> PowerList:
    """Bring the list of 2026 into force for the city and its counties, from the day of the new law on chemicals."""
    assert city.clerk
    assert city.legal
    assert city.head
    common = PowerList.objects.get(code="2026", organ=None)
    with at(DRAFTED):
        listed = services.drafted(
            city.organ, by=city.clerk, title="示例市应急管理局安全生产权力和责任清单（2026年）", issuer="示例市人民政府",
            from_date=FIRST, based_on=common,
        )  # fmt: skip
    with at(REVIEWED):
        services.review(listed, by=city.legal)
    with at(PUBLISHED):
        return services.publish(listed, "示政发〔2026〕示例1号", by=city.head)
