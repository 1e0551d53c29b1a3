"""What is asked of people about benchmarks: circumstances, files, opinions; errors are sentences at the field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from fadu.discretion.benchmarks.declare import Key, KeyType, Payer
from fadu.discretion.benchmarks.reading import read_circumstance
from fadu.discretion.models import Benchmark
from fadu.kernel import clock
from fadu.law.citations import parse
from fadu.law.provisions import Stage
from fadu.ui.forms import DateField, MoneyField

WORDS = {"invalid": "请填写数字。", "min_value": "不能小于0。", "max_digits": "数字过大。", "max_whole_digits": "数字过大。",
         "max_decimal_places": "至多两位小数。"}  # fmt: skip


def key_field(key: Key, label: str = "") -> forms.Field:
    """The form field of one circumstance; whether it must be filled depends on the table chosen."""
    title = label or key.title
    united = f"{title}（{key.unit}）" if key.unit else title
    match key.type:
        case KeyType.FLAG:
            return forms.ChoiceField(label=title, required=False, choices=[("", "请选择"), ("yes", "是"), ("no", "否")])
        case KeyType.CHOICE:
            return forms.ChoiceField(label=title, required=False, choices=[("", "请选择"), *key.options])
        case KeyType.WHOLE:
            return forms.IntegerField(
                label=united, required=False, min_value=0, max_value=10**9,
                error_messages={"invalid": "请填写整数。", "min_value": "不能小于0。", "max_value": "数字过大。"},
            )  # fmt: skip
    if key.unit == "元":
        return MoneyField(label=united, required=False)
    return forms.DecimalField(
        label=united, required=False, min_value=0, max_digits=14, decimal_places=2, error_messages=WORDS
    )


class AskForm(forms.Form):
    """我会被怎么处理: a violation, then its circumstances; nothing is stored, so it is a GET."""

    table = forms.ChoiceField(label="违法行为")
    payer = forms.ChoiceField(label="对象", choices=[(p.value, p.title_zh) for p in Payer])
    stage = forms.ChoiceField(label="处理的阶段")

    def __init__(self, *args: Any, tables: list[Benchmark], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in tables:
            groups.setdefault(str(parse(row.basis).whole) if row.basis else "", []).append((row.code, row.violation))
        self.fields["table"].choices = [("", "请选择"), *groups.items()]  # type: ignore[attr-defined]
        chosen = str(self.data.get("table", "")) if self.is_bound else ""
        self.row = next((row for row in tables if row.code == chosen), None)
        if self.row is None:
            del self.fields["payer"], self.fields["stage"]
        else:
            self._ask(self.row)

    def _ask(self, row: Benchmark) -> None:
        places = dict.fromkeys(fine.place for tier in row.value.tiers for fine in tier.fines)
        payers, stages = dict.fromkeys(p for p, _ in places), dict.fromkeys(s for _, s in places)
        self.places = places
        self.fields["payer"].choices = [(p.value, p.title_zh) for p in payers]  # type: ignore[attr-defined]
        self.fields["stage"].choices = [(s.value, s.title_zh) for s in stages]  # type: ignore[attr-defined]
        for key in row.value.keys:
            self.fields[key.name] = key_field(key)
        shares = {fine.basis for tier in row.value.tiers for fine in tier.fines if fine.basis}
        for basis in shares:
            if basis.value not in self.fields:
                self.fields[basis.value] = MoneyField(label=f"{basis.title_zh}（元）", required=False)
        facts = [(fact.code, fact.title) for fact in row.set.fact_values]
        self.fields["facts"] = forms.MultipleChoiceField(
            label="有没有下列情形", required=False, choices=facts, widget=forms.CheckboxSelectMultiple
        )
        if "answer" not in self.data:  # the circumstances have not been asked for yet: nothing is wrong with them
            self.is_bound = False
            self.initial = {"table": row.code}

    def clean(self) -> dict[str, Any]:
        """Every circumstance must be given; amounts that are shares of something as well."""
        found: dict[str, Any] = super().clean() or {}
        if self.row is None:
            return found
        for name, field in self.fields.items():
            if (
                name not in ("table", "payer", "stage", "facts")
                and found.get(name) in (None, "")
                and name not in self.errors
            ):
                self.add_error(name, f"请填写或者选择“{field.label}”。")
        payer, stage = found.get("payer"), found.get("stage")
        if payer and stage and (Payer(payer), Stage(stage)) not in self.places:
            self.add_error("stage", "这一阶段法律没有规定对这一对象的罚款，请改选阶段或者对象。")
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The circumstances as the judging takes them."""
        assert self.row is not None
        found: dict[str, Any] = {}
        for key in self.row.value.keys:
            found[key.name] = read_circumstance(key, self.cleaned_data.get(key.name))
        for name in ("income", "gains", "goods"):
            value = self.cleaned_data.get(name)
            if isinstance(value, Decimal):
                found[name] = value
        return found


class FileForm(forms.Form):
    """A bureau's own table."""

    file = forms.FileField(
        label="基准文件", help_text="Excel 或者 WPS 的 .xlsx 文件，格式与导出的相同。", widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip


class OpinionForm(forms.Form):
    """An opinion on a draft."""

    opinion = forms.CharField(
        label="意见", widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "请写明意见。"}
    )


class EndForm(forms.Form):
    """The end of a set."""

    on = DateField(label="停止适用日期", error_messages={"required": "请填写日期。"})
    reason = forms.CharField(label="理由和文件", max_length=200, error_messages={"required": "请写明理由。"})


class SinceForm(forms.Form):
    """From which day a draft shall apply."""

    since = DateField(label="施行日期", initial=clock.today, error_messages={"required": "请填写日期。"})


class SearchForm(forms.Form):
    """Which tables to list."""

    q = forms.CharField(label="违法行为或者条文", required=False, max_length=60)
