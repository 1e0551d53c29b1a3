"""What is asked for on the pages of powers: filters, a draft, an item, the number of the paper that publishes."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms

from fadu.kernel import clock
from fadu.law.models import CONFIDENCE_CHOICES
from fadu.power.classes import Holder, PowerClass, Risk
from fadu.power.content import patterns
from fadu.power.models import PowerItem, PowerList
from fadu.subject.models import Subject
from fadu.ui.forms import DateField, Lines
from fadu.ui.listing import Filters

ANY = ("", "全部")
WIDE = {"rows": 3}


class PowerFilters(Filters):
    """Conditions of the list."""

    q = forms.CharField(label="编码、名称或者依据")
    cls = forms.ChoiceField(label="类别", choices=[ANY, *((c.value, c.value) for c in PowerClass)])
    level = forms.ChoiceField(label="行使层级", choices=[ANY, *((h.value, f"{h.value}级") for h in Holder)])
    risk = forms.ChoiceField(label="风险等级", choices=[ANY, *((r.value, r.value) for r in Risk)])
    on = DateField(label="施行于")
    primary: ClassVar = ("q", "cls", "level")

    def narrow(self, rows: list[PowerItem]) -> list[PowerItem]:
        """The items that meet every condition; words may stand in code, name, whole item or basis."""
        given = self.cleaned_data
        words = str(given.get("q") or "").lower().split()
        return [
            row
            for row in rows
            if (not given.get("cls") or row.cls == given["cls"])
            and (not given.get("level") or given["level"] in row.levels)
            and (not given.get("risk") or row.risk == given["risk"])
            and all(word in " ".join((row.code, row.name, row.group, *row.bases)).lower() for word in words)
        ]


class OnForm(forms.Form):
    """The day as of which a page is read."""

    on = DateField(label="施行于", required=False)

    @property
    def day(self) -> date:
        """That day; today when none or a bad one was given."""
        chosen: date | None = self.cleaned_data.get("on") if self.is_valid() else None
        return chosen or clock.today()


class ListForm(forms.Form):
    """拟定清单"""

    title = forms.CharField(label="名称", max_length=100)
    issuer = forms.CharField(
        label="发布机关", max_length=80, help_text="一般是本级人民政府（《安全生产法》第十七条）。"
    )
    from_date = DateField(label="施行日期")


class DraftForm(ListForm):
    """拟定新的清单"""

    based_on = forms.ModelChoiceField(
        PowerList.objects.none(), label="底本", empty_label="请选择", help_text="复制其中到施行日期仍然有效的事项。"
    )

    def __init__(self, *args: Any, bases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].queryset = bases  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """职权事项"""

    code = forms.CharField(label="编码", max_length=20)
    cls = forms.ChoiceField(label="类别", choices=[(c.value, c.value) for c in PowerClass])
    name = forms.CharField(label="职权名称", max_length=200)
    group = forms.CharField(label="主项", max_length=200, required=False, help_text="本事项是某一事项的子项的填写。")
    bases = Lines(label="依据", help_text="一行一条，如：《安全生产法》第九十七条第四项。")
    levels = forms.MultipleChoiceField(
        label="行使层级", choices=[(h.value, f"{h.value}级") for h in Holder], widget=forms.CheckboxSelectMultiple
    )
    office = forms.CharField(label="承办机构", max_length=60)
    posts = Lines(label="责任岗位", required=False, help_text="一行一个。")
    risk = forms.ChoiceField(label="风险等级", choices=[(r.value, r.value) for r in Risk])
    procedure = forms.CharField(
        label="办理程序", max_length=40, required=False, help_text="由系统办理的程序的代码，如 penalty.ordinary。"
    )
    flow = forms.ChoiceField(label="流程样式", required=False, help_text="没有办理程序的，选一种样式。")
    sectors = forms.MultipleChoiceField(
        label="监管行业", required=False, choices=Subject.Sector.choices, widget=forms.CheckboxSelectMultiple,
        help_text="行政检查事项覆盖的行业。",
    )  # fmt: skip
    since = DateField(label="施行日期")
    until = DateField(label="失效日期", required=False)
    source = forms.CharField(label="来源", max_length=300)
    confidence = forms.ChoiceField(label="可信程度", choices=CONFIDENCE_CHOICES)
    note = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea(attrs=WIDE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["flow"].choices = [("", "没有"), *((p.code, p.title) for p in patterns().values())]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """退回、删去的理由"""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs=WIDE))


class PublishForm(forms.Form):
    """公布"""

    document = forms.CharField(label="文号", max_length=100, help_text="公布这份清单的文件的文号。")
