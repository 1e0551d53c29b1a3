"""The one form of papers: a file whose hash is compared with that of the issued paper."""

from typing import Any, ClassVar

from django import forms


class CompareForm(forms.Form):
    """A file to be compared; it is hashed and forgotten, never stored."""

    file = forms.FileField(
        label="文书文件（PDF）",
        error_messages={"required": "请选择要比对的文件", "empty": "文件是空的，请重新选择"},
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    LIMIT: ClassVar[int] = 50 * 1024 * 1024

    def clean_file(self) -> Any:
        """Refuse what is far larger than any paper of ours."""
        file = self.cleaned_data["file"]
        if file.size > self.LIMIT:
            raise forms.ValidationError("文件超过 50 MB，不是本机关制作的文书")
        return file
