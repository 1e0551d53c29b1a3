"""Who acts on papers: an officer of the organ, or the words a caller already has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.record.actor import Actor

By: TypeAlias = Officer | Actor | tuple[str, str]


def actor_of(by: By, on: date, organ: Organ) -> Actor:
    """The person as the record keeps them: an officer with the post of that day, or a (name, post) pair as given."""
    if isinstance(by, Actor):
        return by
    if isinstance(by, Officer):
        return org.actor(by, on, organ)
    name, post = by
    return Actor(None, name, post, organ.name)


def people(by: By | Sequence[By], on: date, organ: Organ) -> list[dict[str, Any]]:
    """Several people as plain values, each once: name, post, certificate, officer_id."""
    single = isinstance(by, (Officer, Actor)) or (isinstance(by, tuple) and len(by) == 2 and isinstance(by[0], str))
    found: dict[tuple[Any, str, str], dict[str, Any]] = {}
    for one in [by] if single else by:  # type: ignore[union-attr]
        actor = actor_of(one, on, organ)  # type: ignore[arg-type]
        key = (actor.officer_id, "" if actor.officer_id else actor.name, "" if actor.officer_id else actor.post)
        found[key] = {
            "name": actor.name,
            "post": actor.post,
            "certificate": actor.certificate,
            "officer_id": actor.officer_id,
        }
    return list(found.values())
