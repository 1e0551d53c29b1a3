"""The form that a step asks for, the proposal around it, and the opinion on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict, ErrorList

from fadu.document.delivery import Method, errors_in
from fadu.document.fields import Field as PaperField
from fadu.document.fields import FieldType
from fadu.kernel import clock
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.procedure.models import Matter
from fadu.record import services as record
from fadu.ui.forms import DateField, MomentField, MoneyField, tell


def as_json(value: Any) -> Any:
    """One cleaned value as JSON keeps it: days and moments as ISO text, money as text, rows as their keys."""
    match value:
        case datetime():
            return value.isoformat()
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case QuerySet():
            return [row.pk for row in value]
        case Model():
            return value.pk
        case list() | tuple():
            return [as_json(item) for item in value]
        case _:
            return value


def day(
    label: str, *, required: bool = True, help_text: str = "", past: bool = True, initial: Any = None
) -> forms.Field:
    """A day; with ``past`` it may not lie in the future."""
    return PastDateField(label=label, required=required, help_text=help_text, past=past, initial=initial)


class PastDateField(DateField):
    """A date field that by default refuses a day that has not come."""

    def __init__(self, *, past: bool = True, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        """The date; a ValidationError names what to do."""
        found: date | None = super().clean(value)
        if self.past and found and found > clock.today():
            raise forms.ValidationError(f"{found:%Y-%m-%d}还没有到，请填写今天或者以前的日期。")
        return found


def moment(label: str, *, required: bool = True, help_text: str = "") -> forms.Field:
    """A day with the time."""
    return MomentField(label=label, required=required, help_text=help_text)


def text(
    label: str, *, required: bool = True, help_text: str = "", long: bool = False, most: int | None = None
) -> forms.CharField:
    """A line, or a paragraph."""
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=widget, max_length=most or (None if long else 200)
    )


def money(label: str, *, required: bool = True, help_text: str = "", above_zero: bool = True) -> forms.Field:
    """An amount in yuan, exact, at most two decimals."""
    return MoneyField(
        label=label, required=required, help_text=help_text, min_value=Decimal("0.01") if above_zero else Decimal(0)
    )


ASK_ANEW = "fd_anew"  # posted by a field on which other fields turn: the form comes back, nothing is taken


def asks_anew(field: forms.Field, url: str, row: str) -> None:
    """Let a change of the field fetch its row of the form at ``url`` anew; without a script the next submit does it.

    The row is grown in place, so that focus and what is being typed stay; meanwhile nothing can be sent.
    """
    field.widget.attrs |= {
        "hx-post": url, "hx-trigger": "change", "hx-target": f"#row-{row}", "hx-select": f"#row-{row}", "hx-swap": "outerMorph",
        "hx-vals": f'{{"{ASK_ANEW}": "1"}}', "hx-disable": "button[type=submit]",
    }  # fmt: skip


class StepForm(forms.Form):
    """Base of the forms of steps.

    Made as ``XForm(data, files, matter=…, officer=…, party=…)``. ``rows`` names repeated parts, each a small form; their
    values come out as lists. ``payload`` is what ``take`` is given: JSON values; uploaded files are kept in the vault
    there, and stand in the payload as their sha256.
    """

    rows: ClassVar[dict[str, tuple[str, type[forms.Form], int, int]]] = {}  # name: (label, form, least, blank rows)

    def __init__(
        self, data: Any = None, files: Any = None, *, matter: Matter, officer: Officer, party: int | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.matter, self.officer, self.party = matter, officer, party
        super().__init__(data, files, initial=dict(initial or {}))
        self.rowsets: dict[str, BaseFormSet[forms.Form]] = {}
        for name, (_, form, least, blank) in self.rows.items():
            made = formset_factory(form, extra=blank, min_num=least, validate_min=least > 0, max_num=60)
            self.rowsets[name] = made(
                data, files, prefix=name, initial=(initial or {}).get(name), form_kwargs=self.row_kwargs(name)
            )

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """Extra arguments for the row forms of ``name``."""
        return {}

    @property
    def parts(self) -> list[tuple[str, BaseFormSet[forms.Form]]]:
        """The repeated parts with their labels, for the template."""
        return [(self.rows[name][0], formset) for name, formset in self.rowsets.items()]

    def is_valid(self) -> bool:
        """The form and each of its repeated parts."""
        return all([super().is_valid(), *(formset.is_valid() for formset in self.rowsets.values())])

    def unjudged(self) -> None:
        """Show what was filled in so far without judging it: the form is asked anew and not yet handed in."""
        asked: list[Any] = [self]  # Django keeps what it found wrong here, and looks for it only while there is nothing
        for formset in self.rowsets.values():
            asked += formset.forms
            formset.__dict__ |= {"_errors": [ErrorDict() for _ in formset.forms], "_non_form_errors": ErrorList()}
        for form in asked:
            form._errors = ErrorDict()

    def payload(self, by: Officer) -> dict[str, Any]:
        """The cleaned values as JSON; keeps uploaded files. Only after ``is_valid``."""
        found = {name: self._keep(name, value, by) for name, value in self.cleaned_data.items()}
        for name, formset in self.rowsets.items():
            found[name] = [
                {key: as_json(value) for key, value in row.cleaned_data.items() if key != "DELETE"}
                for row in formset
                if row.has_changed() and row.cleaned_data
            ]
        return found

    def _keep(self, name: str, value: Any, by: Officer) -> Any:
        """A cleaned value as JSON; a file goes into the vault."""
        if isinstance(value, UploadedFile):
            kept = record.keep_evidence(
                value, chain=self.matter.chain, name=value.name or name, made_by=org.actor(by, clock.today(), self.matter.organ).name,
                made_at=clock.now(), place="", note=str(self.fields[name].label or ""),
            )  # fmt: skip
            return kept.sha256
        return as_json(value)


class Nothing(StepForm):
    """For steps that ask for nothing."""


def detail_field(method: Method, declared: PaperField) -> forms.Field:
    """The form field for one particular of a method of service; shown only while the method is chosen."""
    label = f"{declared.label}（{method.title}）"
    match declared.type:
        case FieldType.CHOICE:
            choices = [("", "请选择"), *((c, c) for c in declared.choices)]
            made: forms.Field = forms.ChoiceField(label=label, required=False, choices=choices)
        case FieldType.DATE:
            made = day(label, required=False)
        case FieldType.MOMENT:
            made = moment(label, required=False)
        case FieldType.LONG | FieldType.LINES:
            hint = "一行一项。" if declared.type is FieldType.LINES else ""
            made = text(label, required=False, long=True, help_text=hint)
        case _:
            made = text(label, required=False)
    made.widget.attrs["data-fd-when"] = f"method={method.code}"
    return made


class ServingForm(StepForm):
    """送达: each method asks for what 民事诉讼法 87–95 demand of it, and for its proof.

    A subclass says whether a natural person is served (None: not yet known) and how many officers serve.
    """

    method = forms.ChoiceField(label="送达方式", choices=[(m.code, f"{m.title}（{m.article}）") for m in Method])
    served_on = day("送达日期", help_text="当面或者留置的当日；邮寄、公告填写发出之日。")
    receiver = text("签收人", required=False, most=60)
    proof = forms.FileField(
        label="送达证明", help_text="签收的回执、邮件回单、到达记录、公告截图、照片、录像等；没有证明不能登记送达。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for method in Method:
            for declared in method.rule.details:
                self.fields[f"{method.code}__{declared.name}"] = detail_field(method, declared)
        self.fields["proof"] = self.fields.pop("proof")

    def addressed_to_person(self) -> bool | None:
        """Is a natural person served?"""
        raise NotImplementedError

    def servers(self) -> int:
        """How many officers serve."""
        raise NotImplementedError

    def details(self) -> dict[str, Any]:
        """The particulars of the chosen method, as the service of papers keeps them."""
        method = Method.of(self.cleaned_data["method"])
        found: dict[str, Any] = {}
        for declared in method.rule.details:
            value = self.cleaned_data.get(f"{method.code}__{declared.name}")
            if value in (None, ""):
                continue
            if declared.type is FieldType.LINES:
                value = [line.strip() for line in value.splitlines() if line.strip()]
            elif declared.type is FieldType.MOMENT:
                value = value.astimezone(clock.BEIJING).strftime("%Y-%m-%dT%H:%M")
            found[declared.name] = as_json(value)
        return found

    def clean(self) -> dict[str, Any]:
        """What the chosen method lacks, each at its field."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("method") or not found.get("served_on"):
            return found
        method, proof = Method.of(found["method"]), found.get("proof")
        wrong = errors_in(
            method, self.details(), served_on=found["served_on"], today=clock.today(), receiver=found.get("receiver", ""),
            servers=self.servers(), person=self.addressed_to_person(),
            pictured=bool(proof and (proof.content_type or "").startswith(("image/", "video/", "audio/"))),
        )  # fmt: skip
        own = {f"{method.code}__{field.name}" for field in method.rule.details}
        tell(self, {(f"{method.code}__{n}" if f"{method.code}__{n}" in own else n): s for n, s in wrong.items()})
        return found

    def payload(self, by: Officer) -> dict[str, Any]:
        """Method, days, receiver, particulars of that method, and the proof."""
        found = super().payload(by)
        return {k: v for k, v in found.items() if "__" not in k} | {"details": self.details()}


class ProposalForm(forms.Form):
    """What surrounds a step that needs approval: the officers' opinion and the second officer."""

    opinion = forms.CharField(
        label="承办人意见", widget=forms.Textarea(attrs={"rows": 3}), help_text="将印在审批表上。"
    )
    cosigner = forms.ModelChoiceField(
        Officer.objects.none(),
        label="共同承办人",
        required=False,
        empty_label="请选择",
        help_text="须由两名持证人员提出，对方签署后才进入审批。",
    )

    def __init__(
        self, data: Any = None, *, matter: Matter, officer: Officer, prefix: str | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        on = clock.today()
        assigned = Officer.objects.filter(assignments__matter=matter, assignments__until=None)
        pool = assigned if assigned.exists() else org.officers_with(Role.CASE_OFFICER, matter.organ, on)
        self.fields["cosigner"].queryset = pool.exclude(pk=officer.pk).distinct()  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    """Agree, or return with reasons."""

    agreed = forms.TypedChoiceField(
        label="意见",
        choices=[("1", "同意"), ("", "退回")],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
        initial="1",
    )
    reason = forms.CharField(
        label="理由", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="退回的必须写明理由。"
    )


class CommentForm(forms.Form):
    """A note on the matter."""

    text = forms.CharField(label="日志", widget=forms.Textarea(attrs={"rows": 2}))


class ExportForm(forms.Form):
    """What a matter is exported for."""

    purpose = forms.CharField(
        label="用途",
        max_length=200,
        help_text="写明提供给谁、为什么，例如“示例区人民法院，行政诉讼应诉，案号……”。用途记入全过程记录。",
        error_messages={"required": "请写明用途，例如提供给哪个法院、案号是什么。"},
    )
