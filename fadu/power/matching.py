"""Which item of the list covers a visit or a penalty provision: the root key of every matter [pure]."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fadu.law.citations import Article
from fadu.power.classes import Holder, PowerClass
from fadu.power.content import Item


@dataclass(frozen=True)
class Held:
    """An item of a published list, and the key of its row."""

    pk: int
    item: Item


def held_on(held: Iterable[Held], level: str, on: date, cls: PowerClass | None = None) -> list[Held]:
    """The items in force on that day that an organ of this level (``city`` …) holds; of one class if given."""
    return [
        one
        for one in held
        if (cls is None or one.item.cls is cls)
        and one.item.in_force(on)
        and level in {Holder(holder).level for holder in one.item.levels}
    ]


def for_visit(held: Iterable[Held], level: str, on: date, *, sector: str, reason: str) -> Held | None:
    """The inspection item that covers a visit: by what led to it, else by the sector, else the general one; or None."""
    found = held_on(held, level, on, PowerClass.INSPECTION)
    for fits in (
        [one for one in found if reason in one.item.reasons],
        [one for one in found if sector in one.item.sectors],
        [one for one in found if one.item.general],
    ):
        if fits:
            return fits[0]
    return None


def still_held(then: Held | None, now: Iterable[Held]) -> Held | None:
    """The item that stands today for one of an earlier day: of the same code, or of the same code since divided."""
    if then is None:
        return None
    root = then.item.code.partition("-")[0]
    return next((one for one in now if one.item.code.partition("-")[0] == root), None)


def for_article(held: Iterable[Held], level: str, on: date, article: Article, cls: PowerClass) -> Held | None:
    """The item of a class whose basis is this article, or lies in it, or holds it; the narrowest of several; or None."""
    found = [
        (max(sum(part is not None for part in basis.parts) for basis in fitting), -number, one)
        for number, one in enumerate(held_on(held, level, on, cls))
        if (fitting := [basis for basis in one.item.articles if basis.touches(article)])
    ]
    return max(found, key=lambda row: row[:2])[2] if found else None
