"""Content of the law floor in the administration: readable; a number of law is changed by adding a newer row."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from fadu.kernel.errors import Invalid
from fadu.law import models, services, wording


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Content that comes with the software: shown, not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


@admin.register(models.StatuteVersion)
class StatuteVersionAdmin(ReadOnly):
    """法律版本"""

    list_display = ("short", "event", "since", "until", "confidence")
    list_filter = ("kind", "confidence")
    search_fields = ("title",)


@admin.register(models.Provision)
class ProvisionAdmin(ReadOnly):
    """处罚规定"""

    list_display = ("citation", "violation", "kind", "since", "until", "confidence")
    list_filter = ("kind", "confidence")
    search_fields = ("violation", "citation")
    fields = (
        "citation", "violation", "kind", "duties", "punishments", "authority", "crimes", "since", "until", "source",
        "confidence", "note",
    )  # fmt: skip

    @admin.display(description="义务条文")
    def duties(self, obj: models.Provision) -> str:
        """The articles that impose the duty."""
        return "、".join(obj.obligations) or "—"

    @admin.display(description="处罚")
    def punishments(self, obj: models.Provision) -> str:
        """Each sanction in words, as the pages of the library say it."""
        return "；".join(wording.sanction(one) for one in obj.value.sanctions) or "—"

    @admin.display(description="可能涉及的罪名")
    def crimes(self, obj: models.Provision) -> str:
        """The offences that may be at stake."""
        return "、".join(obj.offences) or "—"


@admin.register(models.HolidayNotice)
class HolidayNoticeAdmin(ReadOnly):
    """放假通知"""

    list_display = ("year", "number", "title", "issued", "confidence")


class _Articles(forms.JSONField):
    """A list of articles; what is wrong is shown again as it was typed, since read as JSON it may be no text at all."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed."""
        return initial if self.disabled else forms.fields.InvalidJSONInput(data or "")

    def to_python(self, value: Any) -> Any:
        """The list; half a character, which JSON can hold and the database cannot, is refused."""
        found = super().to_python(value)
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None
        return found


class ParameterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A newer number; checked by the same rules as everywhere."""

    basis = _Articles(label="依据", required=False)

    class Meta:
        model = models.Parameter
        fields = (
            "name",
            "title",
            "value",
            "unit",
            "organ_id",
            "since",
            "until",
            "basis",
            "source",
            "confidence",
            "note",
        )

    def clean(self) -> dict[str, Any]:
        """Put the service's refusals at their fields; what was typed stays."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["basis"] = cleaned.get("basis") or []
        if not self.errors:
            try:
                services.check_parameter(**cleaned)
            except Invalid as refused:
                for name, sentence in refused.field_errors.items():
                    self.add_error(name or None, sentence)
        return cleaned


@admin.register(models.Parameter)
class ParameterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """法定数字: a row is never edited or removed, a newer one is added."""

    form = ParameterForm
    list_display = ("title", "number", "organ_id", "since", "until", "confidence", "shipped")
    list_filter = ("confidence", "shipped", "unit")
    search_fields = ("title", "name")

    @admin.display(description="数值", ordering="value")
    def number(self, obj: models.Parameter) -> str:
        """The number with its unit, without idle zeros."""
        return f"{wording.number(obj.value)}{obj.get_unit_display()}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only looking: a published row is not edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No: what was decided by it must stay readable."""
        return False
