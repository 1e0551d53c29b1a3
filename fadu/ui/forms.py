"""Form fields that take what people really write, and the renderer that shows every form in the style of the house."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from fadu.kernel import clock
from fadu.kernel.errors import Invalid


class FaduRenderer(DjangoTemplates):
    """``{{ form }}``, ``{{ formset }}`` and ``{{ form.field.as_field_group }}`` come out as the parts of the house."""

    form_template_name = "ui/form/form.html"
    formset_template_name = "ui/form/formset.html"
    field_template_name = "ui/form/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The plain widgets are drawn by code: a filter bar has a hundred options, and a template for each is slow."""
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


# these put text together themselves: the framework's ways to escape cost as much as the rest of a filter bar


def _attributes(attrs: Mapping[str, Any]) -> str:
    """The attributes of an element: True stands bare, False not at all."""
    return "".join(f" {k}" if v is True else f' {k}="{escape(str(v))}"' for k, v in attrs.items() if v is not False)


def _input(widget: Mapping[str, Any]) -> SafeString:
    """An input element."""
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    attrs = _attributes(widget["attrs"])
    return mark_safe(f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{attrs}>')


def _select(widget: Mapping[str, Any]) -> SafeString:
    """A select element with its groups and options."""
    inside = []
    for group, options, _ in widget["optgroups"]:
        drawn = "".join(
            f'<option value="{escape(str(o["value"]))}"{_attributes(o["attrs"])}>{conditional_escape(o["label"])}</option>'
            for o in options
        )
        inside.append(f'<optgroup label="{escape(str(group))}">{drawn}</optgroup>' if group else drawn)
    name, attrs = escape(widget["name"]), _attributes(widget["attrs"])
    return mark_safe(f'<select name="{name}"{attrs}>{"".join(inside)}</select>')


_DRAWN: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    "django/forms/widgets/select.html": _select,
    **{f"django/forms/widgets/{name}.html": _input for name in ("text", "number", "date", "hidden", "email", "tel")},
}


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as plain ones, outer blanks gone: “６０，０００ ” → “60,000”."""
    return unicodedata.normalize("NFKC", text).strip()


def tell(form: forms.Form, errors: Mapping[str, str]) -> None:
    """Put each sentence at its field; what belongs to no field of the form stands at its head."""
    for name, sentence in errors.items():
        form.add_error(name if name in form.fields else None, sentence)


def carried_out(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do the act in a transaction of its own; what was wrong is told at the fields of the form, and nothing has changed."""
    try:
        with transaction.atomic():
            act()
    except Invalid as error:
        tell(form, error.field_errors)
        return False
    return True


def written(data: Mapping[str, Any], name: str) -> str:
    """What stands in ``data`` under ``name`` outside any form, without the NUL that no person types and no database keeps."""
    return str(data.get(name) or "").replace("\0", "")


# --- money and dates ------------------------------------------------------------------------------------------------


class MoneyField(forms.DecimalField):
    """An amount in yuan; takes 60000, 60,000, ６０，０００, ￥60,000.50, 60000元 and 6万元."""

    default_error_messages = {"invalid": "请填写金额，单位为元，例如 60,000 或者 60,000.50。"}
    _written = re.compile(r"[¥￥]?\s*(\d[\d,，]*(?:\.\d{1,2})?)\s*(万)?\s*元?")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", Decimal(0))
        super().__init__(max_digits=14, decimal_places=2, **kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A text box: a number box would refuse the separators that people write."""
        return {}

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The amount, or a sentence that shows how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal | int):
            return Decimal(value)
        match = self._written.fullmatch(half_width(str(value)))
        if match is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        amount = Decimal(match[1].replace(",", "").replace("，", ""))
        return amount * 10000 if match[2] else amount

    def prepare_value(self, value: Any) -> Any:
        """Amounts are shown with separators; what was typed is shown as typed."""
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value


_DATE = re.compile(r"(\d{4})\s*(?:[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))")


def read_date(text: str) -> date | None:
    """A day from 2026年12月3日, 2026-12-3, 2026.12.3, 2026/12/3 or 20261203 (full-width too); None for anything else."""
    match = _DATE.fullmatch(half_width(text))
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Picker:
    """A picker shows nothing for what it cannot read: then a text box keeps what was typed."""

    _iso = re.compile("")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Falls back to a text box for a value that is not in the picker's form."""
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        written = context["widget"]["value"]
        if written and not self._iso.fullmatch(written):
            context["widget"]["type"] = "text"
        return context


class DateInput(_Picker, forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"
    _iso = re.compile(r"\d{4}-\d\d-\d\d")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """A day written in another way is shown in the picker's form."""
        if isinstance(value, str) and (day := read_date(value)):
            return day.isoformat()
        return super().format_value(value)


class DateField(forms.DateField):
    """A day; the picker sends 2026-12-03, and a person without one may write it in five ways."""

    widget = DateInput
    default_error_messages = {"invalid": "请填写日期，例如 2026年12月3日。"}

    def to_python(self, value: Any) -> date | None:
        """The day, or a sentence that shows how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        day = read_date(str(value))
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentInput(_Picker, forms.DateTimeInput):
    """The browser's own picker of a day and time."""

    input_type = "datetime-local"
    _iso = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment in Beijing time; takes the picker's form and 2026年12月3日 14:30 in its spellings."""

    widget = MomentInput
    default_error_messages = {"invalid": "请填写日期和时间，例如 2026年12月3日 14:30。"}
    _written = re.compile(r"(?P<day>.+?)[T\s日]\s*(?P<hour>\d{1,2})\s*[:时]\s*(?P<minute>\d{1,2})(?::\d{2})?\s*分?")

    def to_python(self, value: Any) -> datetime | None:
        """The moment, aware; or a sentence that shows how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value if timezone.is_aware(value) else timezone.make_aware(value)
        match = self._written.fullmatch(half_width(str(value)))
        day = read_date(match["day"]) if match else None
        if match is None or day is None or int(match["hour"]) > 23 or int(match["minute"]) > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return datetime(day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), tzinfo=clock.BEIJING)


# --- files, photographs, signatures ---------------------------------------------------------------------------------


class Lines(forms.CharField):
    """Several texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The lines that are not empty."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list, empty when none was sent and none is required."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file checked as a single one would be."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(file, initial) for file in files]


class Photo:
    """A photograph from the phone: the file, and what the phone said of the moment and place (None where it could not).

    taken_at: aware; latitude and longitude in degrees (WGS 84), accuracy in metres; place_note: why there is no place.
    """

    def __init__(self, file: "UploadedFile[Any]", said: dict[str, Any]) -> None:
        self.file = file
        self.taken_at = self._moment(said.get("taken_at"))
        given = said.get("place")
        place: dict[str, Any] = given if isinstance(given, dict) else {}
        self.latitude = self._number(place.get("latitude"), 90)
        self.longitude = self._number(place.get("longitude"), 180)
        self.accuracy = self._number(place.get("accuracy"), 1e7)
        self.place_note = str(said.get("place_note") or "")[:100]

    @staticmethod
    def _moment(text: Any) -> datetime | None:
        try:
            moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        except ValueError:
            return None
        return timezone.localtime(moment) if timezone.is_aware(moment) else None

    @staticmethod
    def _number(value: Any, limit: float) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if -limit <= value <= limit else None

    @property
    def place(self) -> str:
        """北纬36.19512°，东经113.10562°（5米内), or why the phone gave no place, or an empty text."""
        if self.latitude is None or self.longitude is None:
            return self.place_note
        ns, ew = ("北纬" if self.latitude >= 0 else "南纬"), ("东经" if self.longitude >= 0 else "西经")
        near = f"（{self.accuracy:.0f}米内）" if self.accuracy is not None else ""
        return f"{ns}{abs(self.latitude):.5f}°，{ew}{abs(self.longitude):.5f}°{near}"


class PhotosInput(FilesInput):
    """The camera button with its list of shots; sends the files and, beside them, what the phone said (JSON)."""

    template_name = "ui/widget/photos.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the name of the field that carries what the phone said."""
        context = super().get_context(name, value, {"accept": "image/*", "capture": "environment", **(attrs or {})})
        context["widget"]["said_name"] = f"{name}_said"
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Photo]:
        """The photographs in the order in which they were taken."""
        sent = files.getlist(name) if isinstance(files, MultiValueDict) else [files[name]] if name in files else []
        try:
            said = json.loads(data.get(f"{name}_said") or "[]")
        except ValueError:
            said = []
        said = [entry if isinstance(entry, dict) else {} for entry in said] if isinstance(said, list) else []
        return [Photo(file, said[i] if i < len(said) else {}) for i, file in enumerate(sent)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether no photograph was sent."""
        return name not in files


class PhotosField(FilesField):
    """Photographs taken on the spot; cleans to a list of ``Photo``."""

    widget = PhotosInput
    default_error_messages = {"picture": "“%(name)s”不是照片，请重新拍摄或者选择照片。"}

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        """Each photograph must call itself a picture; whether it is one is found out by the vault, which reads it."""
        photos: Sequence[Photo] = data or []
        super().clean([photo.file for photo in photos], initial)
        for photo in photos:
            if not (photo.file.content_type or "").startswith("image/"):
                raise ValidationError(self.error_messages["picture"], code="picture", params={"name": photo.file.name})
        return list(photos)


class SignatureInput(forms.FileInput):
    """A pad to sign on with a finger; sends a PNG. Without scripts it is a plain choice of a picture."""

    template_name = "ui/widget/signature.html"


class SignatureField(forms.FileField):
    """A signature on the screen; cleans to the PNG file."""

    widget = SignatureInput
    default_error_messages = {
        "required": "请在此处签名。",
        "png": "签名没有传到，请重新签名。",
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The signature, or a request to sign again when the file is no PNG."""
        file = super().clean(data, initial)
        if file and file.read(8) != b"\x89PNG\r\n\x1a\n":
            raise ValidationError(self.error_messages["png"], code="png")
        if file:
            file.seek(0)
        return file
