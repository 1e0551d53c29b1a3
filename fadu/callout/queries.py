"""The register and the callouts as pages and commands ask for them; all rows pass through ``within``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet

from fadu.callout import policy
from fadu.callout.models import AppLine, Call, CalledPost, Callout, DutyPerson, DutyPost, Holding, Terminal
from fadu.callout.states import LIVE
from fadu.kernel import clock
from fadu.org.models import Officer, Organ
from fadu.org.queries import Scope, roles_of
from fadu.org.roles import Role

Row = TypeVar("Row", bound=Model)
# who keeps the register and sees its numbers in full; who starts callouts and enters answers; who lets a drill out
KEEPERS = frozenset({Role.CLERK, Role.REVIEWER})
OPERATORS = KEEPERS | {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}
APPROVERS = frozenset({Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD})


def divisions_of(scope: Scope) -> list[str]:
    """The codes of the divisions whose posts a scope shows: of each organ its own, which stands for all below it."""
    return sorted(Organ.objects.filter(pk__in=scope.organs).values_list("division_id", flat=True))


def within(rows: QuerySet[Row], scope: Scope, path: str = "county") -> QuerySet[Row]:
    """The rows of the counties a scope shows; a county bureau sees its own only, the city all."""
    codes = divisions_of(scope)
    if not codes:
        return rows.none()
    wanted = Q()
    for code in codes:
        wanted |= Q(**{f"{path}__startswith": code[:6]})
    return rows.filter(wanted)


def organ_for(officer: Officer, county: str, roles: frozenset[Role]) -> Organ | None:
    """The organ in which the officer may act for a county today: the county's own, else the city's."""
    from fadu.org.queries import organs_of

    today = clock.today()
    found = [
        organ
        for organ in organs_of(officer, today)
        if county.startswith(str(organ.division_id)) and roles_of(officer, today, organ) & roles
    ]
    return max(found, key=lambda organ: len(str(organ.division_id)), default=None)


# --- the register ---------------------------------------------------------------------------------------------------


def kept_by(rows: QuerySet[DutyPost], officer: Officer) -> QuerySet[DutyPost]:
    """Those of some posts whose register the officer keeps today, and may see every number of; a scope may show more."""
    counties = rows.order_by().values_list("county", flat=True).distinct()
    return rows.filter(county__in=[county for county in counties if organ_for(officer, county, KEEPERS)])


def posts(on: date) -> QuerySet[DutyPost]:
    """The posts in force on a day."""
    return DutyPost.objects.filter(Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on)))


def holdings(on: date) -> QuerySet[Holding]:
    """Who holds which post on a day."""
    return Holding.objects.on(on).filter(Q(post__valid_to=None) | Q(post__valid_to__gte=on), post__valid_from__lte=on)


def stale_before(on: date) -> date:
    """A number verified before this day, or never, is stale."""
    return on - timedelta(days=policy.on(on).verify_days)


def with_holders(rows: QuerySet[DutyPost], on: date) -> QuerySet[DutyPost]:
    """Posts with ``held``: their holders of the day with the person, in two queries more however many posts."""
    held = Holding.objects.on(on).select_related("person").order_by("slot")
    return rows.select_related("division").prefetch_related(Prefetch("holdings", queryset=held, to_attr="held"))


def missing(rows: QuerySet[DutyPost], on: date, slots: Iterable[str] = ("A", "B")) -> QuerySet[DutyPost]:
    """The posts without an A or without a B that day."""
    lacking = Q()
    for slot in slots:
        lacking |= ~Q(Exists(Holding.objects.on(on).filter(post=OuterRef("pk"), slot=slot)))
    return rows.filter(lacking)


def stale(rows: QuerySet[DutyPost], on: date) -> QuerySet[DutyPost]:
    """The posts with a holder whose number was not verified in time."""
    late = Q(person__verified_on=None) | Q(person__verified_on__lt=stale_before(on))
    return rows.filter(Exists(Holding.objects.on(on).filter(late, post=OuterRef("pk"))))


def many(on: date) -> QuerySet[Any]:
    """The keys of the persons who hold more than one post that day."""
    rows = holdings(on).values("person").annotate(n=Count("post", distinct=True)).filter(n__gt=1)
    return rows.values("person")


def doubled(rows: QuerySet[DutyPost], on: date) -> QuerySet[DutyPost]:
    """The posts with a holder who holds others as well."""
    return rows.filter(Exists(Holding.objects.on(on).filter(post=OuterRef("pk"), person__in=many(on))))


def figures(on: date) -> dict[str, int]:
    """The register in figures; people are counted once whatever they hold, a vacancy is an A or a B that nobody is."""
    in_force = posts(on)
    held = holdings(on)
    count = in_force.count()
    return {
        "people": held.values("person").distinct().count(),
        "posts": count,
        "vacancies": 2 * count - held.values("post", "slot").distinct().count(),
        "counties": in_force.filter(level="county").values("division").distinct().count(),
        "townships": in_force.filter(level="township").values("division").distinct().count(),
        "villages": in_force.filter(level="village").values("division").distinct().count(),
    }


def posts_of(person: DutyPerson, on: date) -> list[Holding]:
    """What a person holds that day."""
    return list(holdings(on).filter(person=person).select_related("post__division").order_by("post_id"))


PRESENT = timedelta(seconds=90)  # since a page of calls was last heard of; it tells every half minute


def open_pages(people: Collection[int], now: datetime) -> list[int]:
    """Which of these people have their page of calls open."""
    seen = AppLine.objects.filter(person__in=people, seen_at__gte=now - PRESENT)
    return list(seen.values_list("person_id", flat=True))


def terminals(scope: Scope) -> QuerySet[Terminal]:
    """The broadcast terminals of a scope."""
    return within(Terminal.objects.select_related("division"), scope)


# --- callouts -------------------------------------------------------------------------------------------------------


def callouts(scope: Scope) -> QuerySet[Callout]:
    """The callouts in which a post of the scope is called."""
    if not scope.organs:
        return Callout.objects.none()
    called = within(CalledPost.objects.filter(callout=OuterRef("pk")), scope)
    return Callout.objects.filter(Q(organ__in=scope.organs) | Exists(called)).select_related("warning", "organ")


def standing(person: int) -> list[CalledPost]:
    """The posts of open callouts for which a person was called, by whatever channel; the newest callout first."""
    called = CalledPost.objects.filter(callout__state=Callout.State.OPEN, persons__contains=[person])
    out = Call.objects.filter(called=OuterRef("pk"), person=person, clear=False, attempts__gt=0)
    return list(called.filter(Exists(out)).select_related("callout__warning").order_by("-callout", "pk"))


def turns(posts: Collection[int]) -> dict[int, int]:
    """Of posts that wait: whom the call under way is for, as a number of ``Who``; the highest rung counts."""
    live = Call.objects.filter(called__in=posts, state__in=LIVE, clear=False).order_by("rung")
    return dict(live.values_list("called_id", "who"))


def colours(callout: int) -> dict[str, str]:
    """The highest colour in which posts of each county are called."""
    found = CalledPost.objects.filter(callout=callout).order_by().values_list("county", "colour").distinct()
    return dict(sorted(found, key=lambda pair: policy.rank(pair[1])))


def counted(callout: int) -> dict[str, Any]:
    """Of one callout what the counters say: ``rows``, ``calls`` and ``curve`` in the shape of a recount."""
    found = {}
    with connection.cursor() as cursor:
        for name, statement in COUNTERS.items():
            cursor.execute(statement, {"callout": callout})
            found[name] = named(cursor)
    return found | {"calls": found["calls"][0]}


def recounted(callout: int) -> dict[str, Any]:
    """Of one callout the same, counted anew from the rows of posts and calls."""
    return {"rows": board(callout), "calls": queue(callout), "curve": curve(callout)}


BEFORE = 10  # earlier callouts to compare with


def before(callout: Callout, scope: Scope) -> list[Callout]:
    """The ended callouts of the same kind that started before this one, the latest first; drills only beside drills."""
    rows = callouts(scope).filter(kind=callout.kind, opened_at__lt=callout.opened_at, closed_at__isnull=False)
    return list(rows.exclude(report={}).order_by("-opened_at", "-pk")[:BEFORE])


def board(callout: int) -> list[dict[str, Any]]:
    """Of one callout, for each county and level: posts, answered, by B, by the post above, in time, unreached, waiting."""
    with connection.cursor() as cursor:
        cursor.execute(BOARD, {"callout": callout})
        return named(cursor)


def queue(callout: int) -> dict[str, int]:
    """Of one callout: calls by state, how many were climbed beyond A, how many may have gone out twice."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, {"callout": callout})
        return named(cursor)[0]


def curve(callout: int) -> list[dict[str, Any]]:
    """Of one callout: answers by minute since it started."""
    with connection.cursor() as cursor:
        cursor.execute(CURVE, {"callout": callout})
        return named(cursor)


def seconds(callout: int) -> dict[str, Any]:
    """Of one callout: median and 95th percentile of seconds to the answer, and answers within the minutes of their call."""
    with connection.cursor() as cursor:
        cursor.execute(SECONDS, {"callout": callout})
        return named(cursor)[0]


def named(cursor: Any) -> list[dict[str, Any]]:
    """The rows of a cursor by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


BOARD = """
SELECT county, level, count(*) AS posts,
  count(*) FILTER (WHERE state = 1) AS answered,
  count(*) FILTER (WHERE state = 1 AND answered_who = 2) AS by_b,
  count(*) FILTER (WHERE state = 1 AND answered_who = 3) AS by_above,
  count(*) FILTER (WHERE state = 1 AND answered_who = 4) AS at_door,
  count(*) FILTER (WHERE state = 0) AS waiting,
  count(*) FILTER (WHERE state = 2) AS unreached,
  count(*) FILTER (WHERE state = 3) AS cancelled,
  count(*) FILTER (WHERE carried) AS carried,
  count(*) FILTER (WHERE rung > 1) AS climbed
FROM callout_calledpost WHERE callout_id = %(callout)s GROUP BY county, level ORDER BY county, level
"""
QUEUE = """
SELECT count(*) AS calls, count(*) FILTER (WHERE state = 0) AS queued, count(*) FILTER (WHERE state = 1) AS claimed,
  count(*) FILTER (WHERE state IN (2, 3)) AS out, count(*) FILTER (WHERE state = 4) AS answered,
  count(*) FILTER (WHERE state = 5) AS failed, count(*) FILTER (WHERE state = 6) AS expired,
  count(*) FILTER (WHERE state = 7) AS uncertain, count(*) FILTER (WHERE state = 8) AS cancelled,
  count(*) FILTER (WHERE who = 2) AS to_b, count(*) FILTER (WHERE who = 3) AS to_above,
  count(*) FILTER (WHERE who = 4) AS to_door, coalesce(sum(repeats), 0)::bigint AS repeats
FROM callout_call WHERE callout_id = %(callout)s AND NOT clear
"""
CURVE = """
SELECT floor(extract(epoch FROM p.answered_at - c.opened_at) / 60)::int AS minute, count(*) AS answered,
  count(*) FILTER (WHERE p.answered_who = 1) AS by_a, count(*) FILTER (WHERE p.answered_who > 1) AS by_others
FROM callout_calledpost p JOIN callout_callout c ON c.id = p.callout_id
WHERE p.callout_id = %(callout)s AND p.state = 1 AND NOT p.carried GROUP BY 1 ORDER BY 1
"""
# the same from the counters, in the same order
COUNTERS = {
    "rows": """
SELECT county, level, sum(n)::bigint AS posts,
  coalesce(sum(n) FILTER (WHERE state = 1), 0)::bigint AS answered,
  coalesce(sum(n) FILTER (WHERE state = 1 AND who = 2), 0)::bigint AS by_b,
  coalesce(sum(n) FILTER (WHERE state = 1 AND who = 3), 0)::bigint AS by_above,
  coalesce(sum(n) FILTER (WHERE state = 1 AND who = 4), 0)::bigint AS at_door,
  coalesce(sum(n) FILTER (WHERE state = 0), 0)::bigint AS waiting,
  coalesce(sum(n) FILTER (WHERE state = 2), 0)::bigint AS unreached,
  coalesce(sum(n) FILTER (WHERE state = 3), 0)::bigint AS cancelled,
  coalesce(sum(n) FILTER (WHERE carried), 0)::bigint AS carried,
  coalesce(sum(n) FILTER (WHERE climbed), 0)::bigint AS climbed
FROM callout_stat WHERE callout_id = %(callout)s AND what = 'post'
GROUP BY county, level HAVING sum(n) > 0 ORDER BY county, level
""",
    "calls": """
SELECT coalesce(sum(n) FILTER (WHERE what = 'call'), 0)::bigint AS calls,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 0), 0)::bigint AS queued,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 1), 0)::bigint AS claimed,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state IN (2, 3)), 0)::bigint AS out,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 4), 0)::bigint AS answered,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 5), 0)::bigint AS failed,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 6), 0)::bigint AS expired,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 7), 0)::bigint AS uncertain,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND state = 8), 0)::bigint AS cancelled,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND who = 2), 0)::bigint AS to_b,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND who = 3), 0)::bigint AS to_above,
  coalesce(sum(n) FILTER (WHERE what = 'call' AND who = 4), 0)::bigint AS to_door,
  coalesce(sum(n) FILTER (WHERE what = 'repeat'), 0)::bigint AS repeats
FROM callout_stat WHERE callout_id = %(callout)s AND what <> 'post'
""",
    "curve": """
SELECT minute, sum(n)::bigint AS answered, coalesce(sum(n) FILTER (WHERE who = 1), 0)::bigint AS by_a,
  coalesce(sum(n) FILTER (WHERE who > 1), 0)::bigint AS by_others
FROM callout_stat WHERE callout_id = %(callout)s AND what = 'post' AND minute IS NOT NULL
GROUP BY minute HAVING sum(n) > 0 ORDER BY minute
""",
}
SECONDS = """
SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM p.answered_at - c.opened_at))::numeric, 1)::float
    AS median,
  round(percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM p.answered_at - c.opened_at))::numeric, 1)::float
    AS p95,
  count(*) FILTER (WHERE p.answered_at <= c.opened_at + interval '5 minutes') AS within_five
FROM callout_calledpost p JOIN callout_callout c ON c.id = p.callout_id
WHERE p.callout_id = %(callout)s AND p.state = 1 AND NOT p.carried
"""
