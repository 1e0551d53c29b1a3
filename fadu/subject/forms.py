"""Entering and changing subjects, and the conditions of their list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from fadu.org.models import Division, Level, Organ
from fadu.org.queries import Scope
from fadu.subject import uscc
from fadu.subject.models import Contact, Industry, Subject
from fadu.subject.queries import search, within
from fadu.subject.services import ContactEntry
from fadu.ui.forms import DateField
from fadu.ui.listing import Filters

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Subject]
    BaseFormSet = forms.BaseFormSet["ContactForm"]
else:
    ModelForm = forms.ModelForm
    BaseFormSet = forms.BaseFormSet

BUSINESS = (
    "name", "uscc", "no_code_reason", "legal_representative", "principal", "safety_officer", "sector", "industry",
    "scale", "risk", "status", "workforce", "established_on", "business_until", "permit_number", "permit_from",
    "permit_until", "division", "address", "site_address", "postcode", "longitude", "latitude", "organ",
)  # fmt: skip
PERSON = (
    "name", "id_kind", "id_number", "no_code_reason", "sex", "born_on", "employer", "job_title", "division", "address",
    "postcode", "organ",
)  # fmt: skip
DAYS = ("born_on", "established_on", "business_until", "permit_from", "permit_until")
OPTIONAL = {
    "scale": Subject.Scale.choices,
    "risk": Subject.Risk.choices,
    "sex": Subject.Sex.choices,
    "id_kind": Subject.IdKind.choices,
}
GROUPS = (
    (
        "身份",
        ("name", "uscc", "id_kind", "id_number", "no_code_reason", "sex", "born_on", "employer", "job_title",
         "legal_representative", "principal", "safety_officer"),
    ),
    ("监管", ("sector", "industry", "scale", "risk", "status", "workforce", "organ")),
    ("证照", ("established_on", "business_until", "permit_number", "permit_from", "permit_until")),
    ("地点", ("division", "address", "site_address", "postcode", "longitude", "latitude")),
    ("变更", ("reason",)),
)  # fmt: skip
REQUIRED = {
    "name": "请填写名称（姓名）。",
    "division": "请选择所在地区。",
    "address": "请填写住所（住址）。",
    "organ": "请选择监管机关。",
    "sector": "请选择监管行业。",
    "status": "请选择状态。",
    "legal_representative": "请填写法定代表人（负责人、经营者）的姓名。",
}


def division_choices(organs: Sequence[Organ]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Counties, and under each its townships, of the areas of some organs; two digits of a code more a level."""
    areas = [organ.division_id for organ in organs]
    rows = Division.objects.filter(level__in=(Level.COUNTY, Level.TOWNSHIP)).values_list("code", "name", "level")
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for code, name, level in rows:
        if not any(code.startswith(area) for area in areas):
            continue
        county = code[:6]
        if level == Level.COUNTY:
            names[county] = name
            groups[county] = [(code, f"{name}（不分乡镇）")]
        else:
            groups.setdefault(county, []).append((code, name))
    return [(names.get(county, ""), choices) for county, choices in groups.items()]


def industry_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Industries under their sections."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for code, name in Industry.objects.values_list("code", "name"):
        if len(code) == 1:
            groups.append((f"{code} {name}", []))
        else:
            groups[-1][1].append((code, f"{code} {name}" if len(code) == 3 else f"　{code} {name}"))
    return groups


class CodeField(forms.CharField):
    """A code or number as people paste it: with blanks, hyphens, full-width or small letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"max_length": 60}))

    def to_python(self, value: Any) -> str:
        """The code as its standard writes it."""
        return uscc.normalised(super().to_python(value) or "")


class SubjectForm(ModelForm):
    """One subject of a given kind; the rules are those of the model, so that every way in obeys the same."""

    reason = forms.CharField(
        label="变更原因",
        max_length=200,
        help_text="例如：企业换发营业执照；现场检查时核实。",
        error_messages={"required": "请写明变更的原因。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Subject
        fields = tuple(dict.fromkeys(BUSINESS + PERSON))
        field_classes: ClassVar[dict[str, Any]] = {
            **dict.fromkeys(DAYS, DateField), "uscc": CodeField, "id_number": CodeField,
        }  # fmt: skip
        error_messages: ClassVar[dict[str, Any]] = {
            "workforce": {"invalid": "人数请填写整数，例如 120。", "min_value": "人数不能小于0。"},
            "longitude": {"invalid": "经度请填写小数，例如 113.116255。"},
            "latitude": {"invalid": "纬度请填写小数，例如 36.195386。"},
        }

    def __init__(self, *args: Any, kind: Subject.Kind, organs: Sequence[Organ], **kwargs: Any) -> None:
        """`kind` says which fields there are, `organs` which organs may be chosen as supervisor."""
        super().__init__(*args, **kwargs)
        self.instance.kind = kind
        person = kind == Subject.Kind.PERSON
        kept = {*(PERSON if person else BUSINESS), "version", *(() if self.instance.pk is None else ("reason",))}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        for name, message in REQUIRED.items():
            if name in self.fields:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = message
        self.fields["name"].label = "姓名" if person else "名称"
        self.fields["address"].label = "住址" if person else "住所"
        self.fields["no_code_reason"].label = "没有证件号的原因" if person else "没有代码的原因"
        self._choices(organs)

    def _choices(self, organs: Sequence[Organ]) -> None:
        """Areas of the organs in question, industries by section, the organs themselves."""
        divisions = division_choices(organs)
        current = self.instance.division if self.instance.division_id else None
        if current is not None and not any(code == current.pk for _, codes in divisions for code, _ in codes):
            divisions = [("现在的地区", [(current.pk, str(current))]), *divisions]
        self.fields["division"] = _RowChoice(
            Division.objects.all(), label="所在地区", choices=[("", "请选择"), *divisions], required=True,
            error_messages={"required": REQUIRED["division"]},
        )  # fmt: skip
        if "industry" in self.fields:
            self.fields["industry"] = _RowChoice(
                Industry.objects.all(), label="国民经济行业", choices=[("", "请选择"), *industry_choices()], required=False,
                help_text="按营业执照的主要经营活动选到大类或者中类。",
            )  # fmt: skip
        for name, choices in OPTIONAL.items():
            if name in self.fields:
                cast(forms.ChoiceField, self.fields[name]).choices = [("", "请选择"), *choices]
        organ = cast("forms.ModelChoiceField[Organ]", self.fields["organ"])
        organ.queryset = Organ.objects.filter(pk__in=[organ.pk for organ in organs])
        if len(organs) == 1:
            organ.empty_label = None
            organ.initial = organs[0].pk

    def add_error(self, field: str | None, error: Any) -> None:
        """A sentence that stands at a field already is not told twice (form and model may both miss a name)."""
        if hasattr(error, "error_dict"):
            new = {
                name: [one for one in errors if not set(one.messages) <= set(self.errors.get(name, ()))]
                for name, errors in error.error_dict.items()
            }
            error = ValidationError({name: errors for name, errors in new.items() if errors})
        super().add_error(field, error)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, those that this kind has."""
        return [
            (title, fields)
            for title, names in GROUPS
            if (fields := [self[name] for name in names if name in self.fields])
        ]

    def values(self) -> dict[str, Any]:
        """The field values for the services."""
        own = {name: value for name, value in self.cleaned_data.items() if name not in ("reason", "version")}
        return {"kind": self.instance.kind, **own}

    def take_errors(self, errors: Mapping[str, str]) -> None:
        """Show at the fields what the services refused."""
        for name, text in errors.items():
            target = name if name in self.fields else None
            if target is None or text not in self.errors.get(target, ()):
                self.add_error(target, text)


class _RowChoice(forms.ChoiceField):
    """A grouped choice that cleans to the row."""

    def __init__(self, rows: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def prepare_value(self, value: Any) -> Any:
        """The key of a row."""
        return getattr(value, "pk", value)

    def clean(self, value: Any) -> Any:
        """The row chosen, None when nothing was."""
        key = super().clean(value)
        return self.rows.get(pk=key) if key else None


class ContactForm(forms.Form):
    """One contact; a row left empty is no contact."""

    role = forms.ChoiceField(label="身份", choices=[("", "请选择"), *Contact.Role.choices], required=False)
    name = forms.CharField(label="姓名", max_length=60, required=False)
    phone = forms.CharField(
        label="电话", max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def clean_phone(self) -> str:
        """A telephone number in one of its spellings."""
        phone = "".join(self.cleaned_data["phone"].split())
        if phone:
            Contact._meta.get_field("phone").run_validators(phone)
        return phone

    def clean(self) -> dict[str, Any]:
        """A row is filled in wholly or not at all."""
        data = self.cleaned_data
        if data.get("phone") and not data.get("role"):
            self.add_error("role", "请选择这位联系人的身份。")
        if (data.get("name") or data.get("role")) and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "请填写这位联系人的电话；不要这位联系人的，请把这一行都清空。")
        return data


class Contacts(BaseFormSet):
    """All contacts of a subject."""

    def entries(self) -> list[ContactEntry]:
        """The rows that are filled in, for the services."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("phone")]
        return [ContactEntry(role=row["role"], name=row["name"], phone=row["phone"]) for row in rows]


ContactFormSet = forms.formset_factory(ContactForm, formset=Contacts, extra=2, max_num=10, absolute_max=12)


class SubjectFilters(Filters):
    """The conditions of the list: by name or code, area, sector, risk, organ and so on."""

    q = forms.CharField(label="名称或者代码", max_length=100)
    division = forms.ChoiceField(label="地区")
    sector = forms.ChoiceField(label="监管行业", choices=[("", "全部行业"), *Subject.Sector.choices])
    risk = forms.ChoiceField(label="风险等级", choices=[("", "全部等级"), *Subject.Risk.choices])
    kind = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *Subject.Kind.choices])
    scale = forms.ChoiceField(label="规模", choices=[("", "全部规模"), *Subject.Scale.choices])
    status = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *Subject.Status.choices])
    organ = forms.ChoiceField(label="监管机关")

    lookups: ClassVar[dict[str, str | tuple[str, ...]]] = {
        "sector": "sector",
        "risk": "risk",
        "kind": "kind",
        "scale": "scale",
        "status": "status",
        "organ": "organ",
    }
    primary: ClassVar[tuple[str, ...]] = ("q", "division", "sector", "risk")

    def __init__(self, data: Any = None, *, scope: Scope, **kwargs: Any) -> None:
        """`scope` limits areas and organs to those whose rows the person can see anyway."""
        super().__init__(data, **kwargs)
        organs = list(scope.filter(Organ.objects.all(), "pk"))
        cast(forms.ChoiceField, self.fields["division"]).choices = [("", "全部地区"), *_areas(organs)]
        if len(organs) > 1:
            choices = [("", "全部机关"), *((str(organ.pk), organ.name) for organ in organs)]
            cast(forms.ChoiceField, self.fields["organ"]).choices = choices
        else:
            del self.fields["organ"]

    def narrow(self, rows: Any) -> Any:
        """The rows that meet every condition."""
        rows = search(super().narrow(rows), self.cleaned_data.get("q") or "")
        division = self.cleaned_data.get("division")
        return within(rows, division) if division else rows


def _areas(organs: Sequence[Organ]) -> list[tuple[str, Any]]:
    """The areas of the filter: the counties of a city's scope, the townships of a county's."""
    groups = division_choices(organs)
    if len(groups) == 1:
        return groups[0][1][1:]
    return [(choices[0][0][:6], county) for county, choices in groups]


class LedgerForm(forms.Form):
    """A ledger to import."""

    file = forms.FileField(
        label="台账文件",
        help_text="Excel 或者 WPS 的 .xlsx 文件。表头在哪一行、列名和次序，都不必改。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择台账文件。", "empty": "文件是空的，请重新选择。"},
    )
