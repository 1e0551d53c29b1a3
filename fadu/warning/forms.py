"""The form that takes a message in, and the note of who has looked at a refused one."""

from __future__ import annotations

from typing import Any

from django import forms

from fadu.warning.cap.reading import MAX_BYTES


class MessageForm(forms.Form):
    """A file as the weather office's platform gave it."""

    file = forms.FileField(
        label="预警报文",
        help_text="CAP 1.2 或者国家突发事件预警信息发布系统的 XML 文件，原样上传，不要改动。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.cap"}),
        error_messages={"required": "请选择报文文件。", "empty": "文件是空的，请重新选择。"},
    )

    def clean_file(self) -> bytes:
        """The bytes; one more than may be is enough to be refused with the reason."""
        data: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return data


class LookForm(forms.Form):
    """What came of looking at a refused message."""

    note = forms.CharField(
        label="核对的结果",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明是什么、怎么处理的，例如：已电话核实，是测试报文；或者：确是暴雨预警，已请气象台重发并收到。",
        error_messages={"required": "请写明核对的结果。"},
    )
    alike = forms.BooleanField(required=False)
    until = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput())

    def __init__(self, *args: Any, alike: int, until: int | None, **kwargs: Any) -> None:
        """alike: how many others wait with the same fault, of which ``until`` is the newest; without any nothing is offered."""
        super().__init__(*args, **kwargs)
        if not alike:
            del self.fields["alike"], self.fields["until"]
            return
        self.fields["alike"].label = f"同一来源、同一名称、原因相同的另外{alike}份一并记为看过"
        self.fields["until"].initial = until
