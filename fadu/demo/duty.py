"""The invented register of duty posts: 5,147 people over the real counties, townships and villages, the same every time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from fadu.callout.models import Callout, DutyPerson, DutyPost, Holding
from fadu.callout.services import drills
from fadu.demo.people import Staff
from fadu.kernel import clock
from fadu.org.models import Division

PEOPLE = 5147
COUNTY = "140423"  # 襄垣县
VACANT_EACH = 10  # of so many villages one has no B
FAMILIES = "李王张刘陈杨赵黄周吴徐孙"
DIGITS = "〇一二三四五六七八九"
SINCE = date(2024, 3, 1)


def person(number: int, today: date) -> DutyPerson:
    """An invented person with an invented number; of thirty numbers one was not verified for months."""
    name = f"{FAMILIES[number % 12]}示{''.join(DIGITS[int(digit)] for digit in f'{number // 12:03}')}"
    verified = None if number % 97 == 0 else today - timedelta(days=70 if number % 30 == 0 else number % 25)
    return DutyPerson(name=name, phone=f"1990000{number:04}", verified_on=verified, verified_by="示例核实员")


def build() -> int:
    """Make posts, people and holdings by a handful of statements; returns the number of people.

    Every post gets an A. A tenth of the villages has no B, and so many others share the B of the village before, that the
    people come to exactly ``PEOPLE``.
    """
    divisions = list(Division.objects.filter(level__in=("county", "township", "village")).order_by("code"))
    kinds = {
        "county": ("duty", "bureau", "deputy", "head"),
        "township": ("duty", "deputy", "head"),
        "village": ("village",),
    }
    duty: dict[str, DutyPost] = {}
    posts: list[DutyPost] = []
    for level in ("county", "township", "village"):
        rows = []
        for division in (d for d in divisions if d.level == level):
            for kind in kinds[level]:
                # a village reports to its township's duty office, everybody else to the county's
                above = duty.get(division.code[:9] if level == "village" else division.code[:6])
                rows.append(
                    DutyPost(
                        division=division,
                        county=division.code[:6],
                        level=level,
                        kind=kind,
                        above=above,
                        valid_from=SINCE,
                    )
                )
        DutyPost.objects.bulk_create(rows, batch_size=1000)
        duty |= {row.division_id: row for row in rows if row.kind == "duty"}
        if level == "county":  # the duty office of a county is above its other posts
            others = [row for row in rows if row.kind != "duty"]
            for row in others:
                row.above = duty[row.division_id]
            DutyPost.objects.bulk_update(others, ["above"])
        posts += rows
    villages = [post for post in posts if post.level == "village"]
    vacant = {post.pk for n, post in enumerate(villages) if n % VACANT_EACH == 3}
    shared = 2 * len(posts) - len(vacant) - PEOPLE
    today = clock.today()
    people: list[DutyPerson] = []
    holding: list[tuple[DutyPost, str, int]] = []
    before: int | None = None
    for post in posts:
        people.append(person(len(people), today))
        holding.append((post, "A", len(people) - 1))
        if post.pk in vacant:
            before = None
            continue
        if post.level == "village" and before is not None and shared > 0:
            holding.append((post, "B", before))
            shared, before = shared - 1, None
            continue
        people.append(person(len(people), today))
        holding.append((post, "B", len(people) - 1))
        before = len(people) - 1 if post.level == "village" else None
    made = DutyPerson.objects.bulk_create(people, batch_size=1000)
    Holding.objects.bulk_create(
        [Holding(post=post, slot=slot, person=made[index], starts_on=SINCE) for post, slot, index in holding],
        batch_size=1000,
    )
    return len(made)


def drill(city: Staff, on: date) -> Callout:
    """One finished drill of a county, by the real engine with the simulator, on the morning of a day."""
    assert city.head is not None
    at = datetime.combine(on, time(9, 30), clock.BEIJING)
    return drills.play(code=COUNTY, colour="红", by=city.head, at=at, step=timedelta(seconds=15))
