"""What is asked for on the pages of checklists: a draft, its head, an item, a workbook."""

from __future__ import annotations

from typing import Any

from django import forms

from fadu.inspection.checklists import ITEM_CODE, ITEM_CODE_WORDS, LONGEST
from fadu.inspection.models import Level
from fadu.law.citations import CitationError, parse
from fadu.law.models import CONFIDENCE_CHOICES
from fadu.ui.forms import DateField, Lines

LONG = {"rows": 3}


class DraftForm(forms.Form):
    """拟定新的一版: from which day it shall apply."""

    from_date = DateField(label="施行日期", help_text="复制其中到这一天仍然有效的检查项。")


class HeadForm(forms.Form):
    """检查表"""

    title = forms.CharField(label="名称", max_length=LONGEST["title"])
    from_date = DateField(label="施行日期")
    until = DateField(label="失效日期", required=False, help_text="没有定的不填；后一版施行时自动终止。")
    source = forms.CharField(label="来源", max_length=LONGEST["source"])
    confidence = forms.ChoiceField(label="可信程度", choices=CONFIDENCE_CHOICES)
    note = forms.CharField(label="说明", max_length=LONGEST["note"], required=False, widget=forms.Textarea(attrs=LONG))


class Citations(Lines):
    """Articles of statutes, one a line, each kept as it is printed."""

    def clean(self, value: Any) -> Any:
        """The citations; the first line that is none is told."""
        found = []
        for line in super().clean(value):
            try:
                found.append(str(parse(line)))
            except CitationError as error:
                raise forms.ValidationError(f"“{line}”：{error}。请写成：《安全生产法》第三十五条。") from None
        return found


class ShortLines(Lines):
    """Texts, one a line, none of them longer than its column."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def clean(self, value: Any) -> Any:
        """The lines; the first that is too long is told."""
        found = super().clean(value)
        if long := next((line for line in found if len(line) > self.most), None):
            raise forms.ValidationError(f"“{long[:20]}…”过长，一行至多{self.most}字。")
        return found


class ItemForm(forms.Form):
    """检查项"""

    code = forms.RegexField(
        ITEM_CODE, label="代码", max_length=LONGEST["id"], help_text="如N-01。", error_messages={"invalid": f"{ITEM_CODE_WORDS}。"}
    )  # fmt: skip
    area = forms.CharField(label="部位", max_length=LONGEST["area"])
    content = forms.CharField(label="检查内容", max_length=LONGEST["content"])
    how = forms.CharField(label="检查方法", max_length=LONGEST["how"])
    standard = forms.CharField(label="标准", max_length=LONGEST["standard"], widget=forms.Textarea(attrs=LONG))
    obligations = Citations(
        label="义务条款", required=False, help_text="一行一条，如：《安全生产法》第四十一条第二款。没有依据的不能公布。"
    )
    references = ShortLines(
        label="标准规范", required=False, most=LONGEST["references"], help_text="国家标准、行业标准、文件，一行一个。"
    )
    provisions = ShortLines(
        label="处罚条款", required=False, most=LONGEST["provisions"],
        help_text="一行一个代号，如wsl_102_p1；代号在“处罚规定”页查。",
    )  # fmt: skip
    penalties = Citations(label="罚则", required=False, help_text="没有收录为处罚条款的，一行一条写明条文。")
    hazards = ShortLines(
        label="重大隐患判定", required=False, most=LONGEST["hazards"],
        help_text="一行一个代号，如KCB88-U-1；代号在“判定标准”页查。",
    )  # fmt: skip
    level = forms.ChoiceField(label="隐患等级", choices=Level.choices, widget=forms.RadioSelect)
    from_date = DateField(label="施行日期")
    until = DateField(label="失效日期", required=False)
    source = forms.CharField(label="来源", max_length=LONGEST["source"])
    confidence = forms.ChoiceField(label="可信程度", choices=CONFIDENCE_CHOICES)


class WorkbookForm(forms.Form):
    """A bureau's own checklist."""

    file = forms.FileField(
        label="检查表文件", help_text="Excel 或者 WPS 的 .xlsx 文件，格式与下载的相同。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip
