"""The filter bar of a ledger: conditions from the address, applied, and told in words."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import QueryDict

from fadu.ui import wording


class Filters(forms.Form):
    """The filter bar; sent by GET. ``lookups`` maps a field to the lookups of which one must hold.

    primary: fields always in view, the others stand under 更多条件. Override ``narrow`` for what lookups cannot say.
    """

    lookups: ClassVar[dict[str, str | tuple[str, ...]]] = {}
    primary: ClassVar[tuple[str, ...]] = ("q",)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            field.required = False

    def narrow(self, rows: Any) -> Any:
        """The rows that meet every condition that was filled in properly."""
        for name, lookups in self.lookups.items():
            value = self.cleaned_data.get(name)
            if value in (None, "", [], ()) or (hasattr(value, "exists") and not value):
                continue
            any_of = Q()
            for lookup in (lookups,) if isinstance(lookups, str) else lookups:
                any_of |= Q(**{lookup: value})
            rows = rows.filter(any_of)
        return rows

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields always in view."""
        return [self[name] for name in self.fields if name in self.primary]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields under 更多条件."""
        return [self[name] for name in self.fields if name not in self.primary]

    @property
    def more_used(self) -> bool:
        """Whether one of those is filled in (or wrong), so that they must be in view."""
        return any(field.name in self.errors or self.cleaned_data.get(field.name) for field in self.more)

    def in_words(self) -> list[tuple[str, str, str]]:
        """(field, label, value) of each condition in force, as a person reads it."""
        words = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value in (None, "", [], False) or isinstance(field.widget, forms.HiddenInput):
                continue
            words.append((name, str(field.label or name), self._word(field, value)))
        return words

    @staticmethod
    def _word(field: forms.Field, value: Any) -> str:
        if value is True:
            return "是"
        if isinstance(value, date):
            return wording.in_full(value)
        if isinstance(field, forms.ModelChoiceField):
            many = isinstance(field, forms.ModelMultipleChoiceField)
            return "、".join(str(one) for one in value) if many else str(value)
        if isinstance(field, forms.ChoiceField):
            flat: dict[str, str] = {}
            choices: Any = field.choices
            for key, label in choices:
                grouped = isinstance(label, list | tuple)
                flat.update({str(k): str(v) for k, v in (label if grouped else [(key, label)])})
            values = value if isinstance(value, list | tuple) else [value]
            return "、".join(str(flat.get(str(one), one)) for one in values)
        return str(value)
