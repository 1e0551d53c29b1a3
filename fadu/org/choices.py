"""The choice of an organ in the filter bar of a ledger."""

from __future__ import annotations

from typing import Any

from django import forms

from fadu.org import queries


class OrganChoice(forms.TypedChoiceField):
    """One of the organs, by its key; without a choice all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_organs, coerce=int, empty_value=None, **kwargs)


def _organs() -> list[tuple[Any, str]]:
    return [("", "全部"), *((organ.pk, str(organ)) for organ in queries.organs())]
