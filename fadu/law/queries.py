"""What other floors ask of the law: provisions, numbers, the calendar, and all that rests on an article."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from fadu.kernel.errors import Refused
from fadu.law import editions, models
from fadu.law.calendar import Calendar
from fadu.law.citations import Article, Statute, statute_named
from fadu.law.content.numbers import Number
from fadu.law.counting import COUNTING_RULES, DAY_RULES
from fadu.law.judging import book
from fadu.law.judging.lighter import lighter_than_all
from fadu.law.judging.numbers import Numbers, numbers_of
from fadu.law.provisions import Kind, Provision

HOLIDAYS = "holidays"


def _in_force(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


# --- statutes -------------------------------------------------------------------------------------------------------


def statute_versions(on: date | None = None) -> QuerySet[models.StatuteVersion]:
    """Versions of statutes, all of them or those in force on a day."""
    rows = models.StatuteVersion.objects.all()
    return rows.filter(_in_force(on)) if on else rows


# --- provisions -----------------------------------------------------------------------------------------------------


def provisions(on: date | None = None, law: Statute | None = None) -> list[Provision]:
    """Penalty provisions in the order of the statute: those in force on a day (all versions without one), of one law."""
    held = editions.kept(editions.PROVISIONS, "all", lambda: [row.value for row in provision_rows()])
    return [one for one in held if (on is None or one.in_force(on)) and (law is None or one.article.statute == law)]


def provision_rows(on: date | None = None, law: Statute | None = None) -> QuerySet[models.Provision]:
    """The same as rows, to be filtered further and to be pointed at."""
    rows = models.Provision.objects.order_by("statute", "number", F("paragraph").asc(nulls_first=True), "item", "key")
    if on:
        rows = rows.filter(_in_force(on))
    return rows.filter(statute=law.code) if law else rows


class Held(NamedTuple):
    """How much of one statute is held on a day: provisions, and how many of them not read in its text."""

    statute: Statute
    provisions: int
    penalties: int
    unread: int


def held(on: date) -> list[Held]:
    """Every statute of which provisions are in force on a day, most of them first."""
    rows = (
        provision_rows(on)
        .order_by()
        .values("statute")
        .annotate(
            provisions=Count("pk"),
            penalties=Count("pk", filter=Q(kind=Kind.PENALTY.value)),
            unread=Count("pk", filter=~Q(confidence__in=("text", "source"))),
        )
        .order_by("-provisions", "statute")
    )
    return [Held(statute_named(r["statute"]), r["provisions"], r["penalties"], r["unread"]) for r in rows]


def provision_versions(key: str) -> list[Provision]:
    """All versions of one provision, the newest first."""
    return [row.value for row in _versions(key)]


def _versions(key: str) -> list[models.Provision]:
    return editions.kept(
        editions.PROVISIONS, key, lambda: list(models.Provision.objects.filter(key=key).order_by("-since"))
    )


def provision(key: str, on: date) -> Provision | None:
    """The version of one provision that is in force on a day, None when none is."""
    in_force = (row for row in _versions(key) if row.since <= on and (row.until is None or row.until > on))
    return next((row.value for row in in_force), None)


def newer_if_lighter(key: str, acted_on: date, decided_on: date) -> Provision | None:
    """The provision in force on the day of the decision that takes the place of one of the act's, being lighter (37)."""
    newer = provision(key, decided_on)
    if newer is None or newer.since <= acted_on:
        return None
    held = book.shipped()
    version = held.version(newer.article.statute, decided_on)
    older = held.predecessors(newer, version.outline, acted_on) if version else ()
    return newer if lighter_than_all(newer, older) else None


# --- numbers --------------------------------------------------------------------------------------------------------


class NumberMissing(Refused):
    """A number of law is not set for that day: the act cannot be reckoned until the bureau enters it."""


def parameter(name: str, on: date, organ_id: int | None = None) -> Number:
    """The number of law of that name as it stands on a day; an organ's own goes before the general one.

    NumberMissing, in Chinese, when none is in force.
    """
    if number := _numbers(on, organ_id).get(name):
        return number
    known = models.Parameter.objects.filter(name=name).order_by("since").first()
    title = f"“{known.title}”" if known else f"“{name}”"
    raise NumberMissing(f"法定数字{title}在{on.isoformat()}没有有效的数值，请先在“法定数字”中登记")


def parameters(on: date, organ_id: int | None = None) -> list[Number]:
    """Every number of law as it stands on a day, by name."""
    return list(_numbers(on, organ_id).values())


def _numbers(on: date, organ_id: int | None) -> dict[str, Number]:
    """By name, in the order of the names: the organ's own before the general one, the latest first."""
    return editions.kept(editions.NUMBERS, (on, organ_id), lambda: _numbers_read(on, organ_id))


def _numbers_read(on: date, organ_id: int | None) -> dict[str, Number]:
    rows = models.Parameter.objects.filter(
        _in_force(on), Q(organ_id=organ_id) | Q(organ_id__isnull=True)
    ).order_by("name", F("organ_id").desc(nulls_last=True), "-since", "shipped")  # fmt: skip
    first: dict[str, Number] = {}
    for row in rows:
        if row.name not in first:
            first[row.name] = row.number
    return first


def check_numbers() -> Numbers:
    """All general numbers as the check of a penalty takes them; what the bureau entered goes before what was shipped."""
    rows = models.Parameter.objects.filter(organ_id__isnull=True).order_by("since", "-shipped")
    return numbers_of(row.number for row in rows)


# --- calendar -------------------------------------------------------------------------------------------------------

_cached: tuple[str, Calendar] | None = None


def calendar_version() -> str:
    """A digest of all holiday notices: when it changes, what was reckoned provisionally is to be reckoned anew."""
    return editions.now().get(HOLIDAYS, "")


def calendar() -> Calendar:
    """The calendar of working days by the notices that are loaded; built once for each state of them."""
    global _cached
    version = calendar_version()
    if _cached is None or _cached[0] != version:
        _cached = (version, _calendar())
    return _cached[1]


def _calendar() -> Calendar:
    days: dict[date, bool] = {}
    # In the order of the notices, so that the last word on a day counts.
    for day, rest in models.Holiday.objects.order_by("notice__year", "notice__order").values_list("day", "rest"):
        days[day] = rest
    return Calendar(
        off=frozenset(day for day, rest in days.items() if rest),
        work=frozenset(day for day, rest in days.items() if not rest and day.weekday() >= 5),
        years=frozenset(models.HolidayNotice.objects.values_list("year", flat=True)),
    )


def notices(year: int) -> QuerySet[models.HolidayNotice]:
    """The notices for one year with their days."""
    return models.HolidayNotice.objects.filter(year=year).prefetch_related("days")


def years_with_notice() -> list[int]:
    """The years for which there is a notice, ascending."""
    return sorted(set(models.HolidayNotice.objects.values_list("year", flat=True)))


# --- what rests on an article ---------------------------------------------------------------------------------------


class Fact(NamedTuple):
    """Something that rests on an article: which, of what kind, in words, and where it is laid down."""

    article: Article
    kind: str
    text: str
    where: str


def facts() -> Iterator[Fact]:
    """Everything of this floor that rests on an article."""
    for row in provision_rows():
        value = row.value
        yield Fact(value.article, "处罚规定", value.violation, f"处罚规定 {value.id}")
        for obligation in value.obligations:
            yield Fact(obligation, "义务", f"违反的处罚见{value.article}：{value.violation}", f"处罚规定 {value.id}")
    for parameter_row in models.Parameter.objects.order_by("name", "organ_id", "since", "shipped"):
        number = parameter_row.number
        for article in number.basis:
            known = "，待核" if number.unchecked else ""
            text = f"{number.title}：{number}（{number.since.isoformat()}起{known}）"
            yield Fact(article, "法定数字", text, f"法定数字 {number.name}")
    for rule in DAY_RULES.values():
        yield Fact(rule.article, "期间", rule.title, "fadu/law/counting.py")
    for general in COUNTING_RULES:
        for article in general.articles:
            yield Fact(article, "期间", general.title, "fadu/law/counting.py")


def facts_about(article: Article) -> list[tuple[str, str, str]]:
    """What of this floor rests on the article, on a part of it or on the whole it is part of: (kind, text, where)."""
    return [(fact.kind, fact.text, fact.where) for fact in facts() if fact.article.touches(article)]
