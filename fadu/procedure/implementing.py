"""What the procedures do with an article, for the pages of the law library: 本条在系统中的落实."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string

from fadu.law.citations import Article, Statute
from fadu.procedure import lawindex
from fadu.procedure.declare import Procedure


class Implemented(NamedTuple):
    """One step, condition or period that rests on an article, and the procedure it belongs to."""

    article: Article
    code: str
    procedure: str
    text: str


@cache
def _everything(procedures: tuple[type[Procedure], ...]) -> dict[Statute, list[Implemented]]:
    """By statute, in the order of its articles; reading the declarations takes too long to do it for each page."""
    found: dict[Implemented, None] = {}
    for procedure in procedures:
        for claim in lawindex.of_procedures([procedure]):
            found[Implemented(claim.article, procedure.code, procedure.title, claim.text)] = None
    by_statute: dict[Statute, list[Implemented]] = {}
    for row in sorted(found, key=lambda row: row.article.whole):
        by_statute.setdefault(row.article.statute, []).append(row)
    return by_statute


def implemented(statute: Statute) -> list[Implemented]:
    """Everything in the procedures that rests on an article of the statute."""
    return _everything(tuple(Procedure.registry.values())).get(statute, [])


def of_article(context: Mapping[str, Any]) -> str | None:
    """The part of an article's page: its steps, conditions and periods."""
    article: Article = context["article"]
    rows = [row for row in implemented(article.statute) if row.article.touches(article)]
    return render_to_string("procedure/part/implemented.html", {"rows": rows}) if rows else None


def of_statute(context: Mapping[str, Any]) -> str | None:
    """The part of a statute's page: the same for all its articles."""
    rows = implemented(context["statute"])
    return render_to_string("procedure/part/implemented.html", {"rows": rows, "whole": True}) if rows else None
