"""The form that takes a message in."""

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
