"""The forms of the register, of warnings to be called, and of answers entered by hand."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from fadu.callout import queries
from fadu.callout.models import DutyPost
from fadu.callout.states import Who
from fadu.kernel import clock
from fadu.org.models import PHONE, Division
from fadu.org.queries import Scope
from fadu.ui.forms import DateField, MomentField
from fadu.ui.listing import Filters
from fadu.warning.cap.area import short


class PostFilters(Filters):
    """Which posts are shown."""

    q = forms.CharField(label="姓名或者地名", max_length=40)
    county = forms.ChoiceField(label="县（区）")
    township = forms.ChoiceField(label="乡镇（街道）")
    level = forms.ChoiceField(label="层级", choices=[("", "全部"), *DutyPost.Level.choices])
    kind = forms.ChoiceField(label="岗位", choices=[("", "全部"), *DutyPost.Kind.choices])
    lookups: ClassVar = {
        "q": ("division__local_name__contains", "holdings__person__name__contains"),
        "county": "county",
        "township": "division__code__startswith",
        "level": "level",
        "kind": "kind",
    }
    primary: ClassVar = ("q", "county", "township", "level")

    def __init__(self, data: Any = None, *, scope: Scope, **kwargs: Any) -> None:
        """The counties of the scope; the townships of the county chosen."""
        super().__init__(data, **kwargs)
        counties = queries.within(Division.objects.filter(level="county"), scope, "code").values_list("code", "name")
        self._choices("county", list(counties))
        chosen = str((data or {}).get("county") or "")
        below = Division.objects.filter(level="township", parent=chosen).values_list("code", "name") if chosen else []
        self._choices("township", list(below))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *choices]

    def narrow(self, rows: Any) -> Any:
        """A search by name may meet a post twice."""
        found = super().narrow(rows)
        return found.distinct() if self.cleaned_data.get("q") else found


class HolderForm(forms.Form):
    """Who holds a post from a day on."""

    slot = forms.ChoiceField(label="A/B岗", choices=[("A", "A岗"), ("B", "B岗")])
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名。"})
    phone = forms.CharField(
        label="手机", max_length=20, validators=[PHONE], error_messages={"required": "请填写手机号码。"},
        help_text="只给维护名册和拨打电话的人看全，不写入过程记录。",
    )  # fmt: skip
    mail = forms.EmailField(
        label="邮箱", max_length=120, required=False, help_text="叫应规则用到邮件时才需要；不填则不变。",
        error_messages={"invalid": "请填写邮箱地址，如 name@example.gov.cn。"},
    )  # fmt: skip
    on = DateField(label="自哪一天起", initial=clock.today, error_messages={"required": "请填写起始日期。"})


class ListForm(forms.Form):
    """A list to import."""

    file = forms.FileField(
        label="名册文件",
        help_text="Excel 或者 WPS 的 .xlsx 文件，一行一个岗位；可以在导出的名册上改。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择名册文件。", "empty": "文件是空的，请重新选择。"},
    )


class OpenForm(forms.Form):
    """What a person still has to say before a warning is called."""

    colour = forms.ChoiceField(
        label="按哪一级叫应", choices=[("", "按预警写明的颜色"), *((c, f"{c}色") for c in "红橙黄蓝")], required=False,
        help_text="预警没有写明颜色时必须选择。",
    )  # fmt: skip
    areas = forms.MultipleChoiceField(
        label="另加的县（区）", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="预警的范围识别不了时选择；已经识别的不用选。",
    )  # fmt: skip
    real_channels = forms.BooleanField(
        label="演练走真实通道", required=False, help_text="须经本机关两名负责人批准才开始；不选则用模拟通道，电话不响。"
    )

    def __init__(self, *args: Any, scope: Scope, drill: bool, **kwargs: Any) -> None:
        """The counties of the scope; real channels are a question for drills only."""
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(
            queries.within(Division.objects.filter(level="county"), scope, "code").values_list("code", "name")
        )
        if not drill:
            del self.fields["real_channels"]


class TerminalForm(forms.Form):
    """A terminal of broadcast."""

    code = forms.SlugField(
        label="终端编号", max_length=32, help_text="厂家或者本局编的号，登记后不能改。",
        error_messages={"required": "请填写终端编号。", "invalid": "终端编号由字母、数字、横线组成。"},
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    division = forms.CharField(
        label="区划代码", max_length=12, help_text="终端所在的县、乡镇或者村的代码；这个地方的岗位叫不应时用它广播。",
        error_messages={"required": "请填写区划代码。"},
    )  # fmt: skip
    place = forms.CharField(label="安装位置", max_length=120, required=False)
    enabled = forms.BooleanField(label="在用", required=False)

    def __init__(self, *args: Any, fresh: bool, **kwargs: Any) -> None:
        """The code is written once, when the terminal is entered."""
        super().__init__(*args, **kwargs)
        if not fresh:
            del self.fields["code"]

    def clean_division(self) -> str:
        """As short as we keep codes: filling zeros of twelve digits are taken off."""
        return short(self.cleaned_data["division"]) or str(self.cleaned_data["division"])


HOW = ("电话", "对讲机", "卫星电话", "上门", "其他")


class AnswerForm(forms.Form):
    """A post that was reached otherwise."""

    who = forms.TypedChoiceField(
        label="谁应答", coerce=lambda v: Who(int(v)), choices=[(int(w), w.title) for w in Who if w is not Who.BROADCAST]
    )
    how = forms.ChoiceField(label="怎样联系上的", choices=[(how, how) for how in HOW])
    at = MomentField(label="应答时间", required=False, help_text="不填就是现在。")


class NoteForm(forms.Form):
    """Words at the end of a callout."""

    note = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
