"""What there is to read about powers: the list in force at an organ, its items, and which of them covers a matter."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from fadu.law import editions
from fadu.law.citations import Article
from fadu.org.models import Organ
from fadu.power import registry
from fadu.power.classes import PowerClass
from fadu.power.content import Item, patterns
from fadu.power.flow import Flow
from fadu.power.matching import Held, for_article, for_visit, held_on, still_held
from fadu.power.models import PowerItem, PowerList

# What is published no longer changes, so its items are read once by each process; the digest is part of the key.
_read: dict[tuple[int, str], tuple[Held, ...]] = {}


def lists(organ: Organ | None) -> QuerySet[PowerList]:
    """The lists that concern an organ: its own, those of the organ above it, those of all."""
    near = [] if organ is None else [key for key in (organ.pk, organ.parent_id) if key]
    return PowerList.objects.filter(Q(organ=None) | Q(organ__in=near))


def list_in_force(organ: Organ | None, on: date) -> PowerList | None:
    """The published list by which an organ works on a day: its own, else its superior's, else the common one."""
    own, above = (organ.pk, organ.parent_id) if organ else (None, None)
    published = editions.kept("powers", (own, above), lambda: _published(organ, own, above))
    return next((row for row in published if row.from_date <= on and (row.until is None or row.until > on)), None)


def _published(organ: Organ | None, own: int | None, above: int | None) -> list[PowerList]:
    """The published lists that concern an organ, the nearest first and of these the newest."""
    nearest = Case(
        *([When(organ=own, then=Value(0))] if own else []),
        *([When(organ=above, then=Value(1))] if above else []),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = lists(organ).filter(state=PowerList.State.PUBLISHED)
    return list(rows.order_by(nearest, "-from_date", "-id"))


def house() -> Organ | None:
    """The organ whose list the public sees: the highest one that is kept here."""
    return Organ.objects.filter(parent=None).order_by("pk").first()


def items_of(listed: PowerList) -> tuple[Held, ...]:
    """The items of a list in their order; those of a published one are read once."""
    key = (listed.pk, listed.digest)
    if listed.state == PowerList.State.PUBLISHED and key in _read:
        return _read[key]
    found = tuple(Held(row.pk, row.value) for row in listed.items.order_by("ordinal", "since"))
    if listed.state == PowerList.State.PUBLISHED:
        _read[key] = found
    return found


def held_by(organ: Organ, on: date, cls: PowerClass | None = None) -> list[Held]:
    """The items in force on that day at that organ, of one class if given; one statement."""
    listed = list_in_force(organ, on)
    return held_on(items_of(listed), organ.level, on, cls) if listed else []


def holds(organ: Organ, on: date, code: str) -> bool:
    """Does the organ hold the item of that code on that day?"""
    return any(one.item.code == code for one in held_by(organ, on))


def for_inspection(organ: Organ, on: date, *, sector: str, reason: str) -> Held | None:
    """The inspection item by which an organ may visit an enterprise of that sector on that day, or None."""
    listed = list_in_force(organ, on)
    return for_visit(items_of(listed), organ.level, on, sector=sector, reason=reason) if listed else None


def for_penalty(organ: Organ, on: date, article: Article) -> Held | None:
    """The penalty item by which an organ may punish under that provision on that day, or None."""
    return for_act_of(organ, on, article, PowerClass.PENALTY)


def for_act_of(organ: Organ, on: date, article: Article, cls: PowerClass) -> Held | None:
    """The item of a class by which an organ may act under that article on that day, or None."""
    listed = list_in_force(organ, on)
    if listed is None:
        return None
    question = (listed.pk, organ.level, on, article, cls)  # the pages of cases ask for the same few articles all day
    return editions.kept("powers", question, lambda: for_article(items_of(listed), organ.level, on, article, cls))


def for_act(organ: Organ, on: date, article: Article, acted_on: date) -> Held | None:
    """The item by which an organ may punish today an act of ``acted_on`` under the provision of that day (从旧).

    The provision may have ceased since: then the item that rested on it must still be held today, on its new basis.
    """
    if (found := for_penalty(organ, on, article)) is not None or acted_on >= on:
        return found
    return still_held(for_penalty(organ, acted_on, article), held_by(organ, on, PowerClass.PENALTY))


def on_article(article: Article, on: date) -> list[Held]:
    """The items of the house's list, in force on a day, that rest on the article or a part of it."""
    listed = list_in_force(house(), on)
    if listed is None:
        return []
    return [
        one
        for one in items_of(listed)
        if one.item.in_force(on) and any(basis.touches(article) for basis in one.item.articles)
    ]


def item_of(listed: PowerList, code: str, on: date) -> PowerItem | None:
    """The row of an item in a list as of a day; else its latest row before, else its next one; None when it has none."""
    rows = list(listed.items.filter(code=code).order_by("since"))
    current = [row for row in rows if row.since <= on and (row.until is None or on < row.until)]
    past = [row for row in rows if row.since <= on]
    found = current or past[-1:] or rows
    return found[0] if found else None


def flow_of(item: Item, on: date) -> Flow | None:
    """How the item is carried out: the declared procedure that runs it, else its pattern."""
    if item.procedure and (flow := registry.flow_of_procedure(item.procedure, on)):
        return flow
    pattern = patterns().get(item.flow)
    return pattern.flow if pattern else None


def search(held: list[Held], words: str) -> list[Held]:
    """Those whose code, name or bases contain every one of the words."""
    wanted = words.split()
    return [
        one
        for one in held
        if all(
            any(
                word.lower() in text.lower() for text in (one.item.code, one.item.name, one.item.group, *one.item.bases)
            )
            for word in wanted
        )
    ]
