"""A small register, messages and callouts for tests; names and numbers are plainly invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fadu.callout.models import Callout, DutyPerson, DutyPost, Holding
from fadu.callout.services import calling
from fadu.kernel import clock
from fadu.org.models import Division, Officer
from fadu.org.tests import universe as people
from fadu.warning import services as warnings
from fadu.warning.models import Warning

SINCE = date(2024, 3, 1)
KINDS = {"county": ("duty", "head"), "township": ("duty",), "village": ("village",)}
RED, YELLOW = "红", "黄"
SEVERITY = {"红": "Extreme", "橙": "Severe", "黄": "Moderate", "蓝": "Minor"}


def person(number: int) -> DutyPerson:
    """An invented person."""
    return DutyPerson(name=f"王示{number}", phone=f"1990001{number:04}", verified_on=clock.today())


def register(prefix: str = "140403", villages: int = 30, without_b: int = 0, doubled: int = 0) -> list[DutyPost]:
    """The posts of a county, its townships and its first villages, A and B each; so many villages without B, or with the
    A of the village before as B.
    """
    rows = Division.objects.filter(code__startswith=prefix, level__in=KINDS).order_by("code")
    wanted = [d for d in rows if d.level != "village"] + [d for d in rows if d.level == "village"][:villages]
    posts, number, duty = [], DutyPerson.objects.count(), {}
    for level in KINDS:
        for division in (d for d in wanted if d.level == level):
            for kind in KINDS[level]:
                above = duty.get(division.code[:9] if level == "village" else division.code[:6])
                post = DutyPost.objects.create(
                    division=division, county=division.code[:6], level=level, kind=kind, above=above, valid_from=SINCE
                )
                if kind == "duty":
                    duty[division.code] = post
                posts.append(post)
    made = DutyPerson.objects.bulk_create([person(number + n) for n in range(2 * len(posts))])
    rows, lacking, twice = [], without_b, doubled
    for n, post in enumerate(posts):
        rows.append(Holding(post=post, slot="A", person=made[2 * n], starts_on=SINCE))
        if post.level == "village" and lacking:
            lacking -= 1
        elif post.level == "village" and twice and posts[n - 1].level == "village":
            twice -= 1
            rows.append(Holding(post=post, slot="B", person=made[2 * (n - 1)], starts_on=SINCE))
        else:
            rows.append(Holding(post=post, slot="B", person=made[2 * n + 1], starts_on=SINCE))
    Holding.objects.bulk_create(rows)
    return posts


def message(
    code: str = "140403", colour: str = YELLOW, status: str = "Exercise", number: int = 1, kind: str = "暴雨",
    sent: datetime | None = None, msg_type: str = "Alert", references: str = "", event: str = "", extra: str = "",
) -> bytes:  # fmt: skip
    """A CAP message for a division."""
    moment = sent or clock.now() - timedelta(minutes=1)
    named = f"<references>{references}</references>" if references else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>EX-{number}</identifier><sender>office@example.org</sender><sent>{moment.isoformat(timespec="seconds")}</sent>
  <status>{status}</status><msgType>{msg_type}</msgType><scope>Public</scope>{"<note>叫应</note>" if status == "Exercise" else ""}{named}
  <info><language>zh-CN</language><category>Met</category><event>{event or kind}</event><urgency>Expected</urgency>
    <severity>{SEVERITY[colour]}</severity><certainty>Likely</certainty><senderName>示例市气象台</senderName>
    <headline>示例市气象台发布{kind}{colour}色预警信号</headline>
    <area><areaDesc>示例东区</areaDesc>{extra}<geocode><valueName>行政区划代码</valueName><value>{code}</value></geocode></area>
  </info>
</alert>""".encode()


def reference(warning: Warning) -> str:
    """How another message names this one."""
    return (
        f"{warning.sender},{warning.identifier},{warning.sent.astimezone(clock.BEIJING).isoformat(timespec='seconds')}"
    )


def town() -> tuple[people.Town, Officer]:
    """The town of the organs, and the head of the city's bureau."""
    made = people.build()
    from fadu.org.roles import Role

    return made, made.officers["市局"][Role.AGENCY_HEAD]


def opened(by: Officer, **given: object) -> Callout:
    """A callout just started."""
    return calling.open_(warnings.take_in(message(**given), by=by), by=by)  # type: ignore[arg-type]
