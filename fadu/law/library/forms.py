"""What can be asked of the library and given to it; a bad answer is told at its field and what was typed is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from fadu.law.forms import OnForm
from fadu.law.library.files import LARGEST_FILE, SUFFIXES
from fadu.law.library.ranking import LONGEST_QUERY
from fadu.law.library.services import Source
from fadu.ui.forms import DateField, FilesField, FilesInput

MOST_FILES = 200
LARGEST_UPLOAD = 60 * 1024**2


class SearchForm(OnForm):
    """Words, or a citation, and the day whose law is meant."""

    q = forms.CharField(
        label="词语或者条文",
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "停产停业 罚款，或者 安全生产法99"}),
        error_messages={"max_length": f"请不要超过{LONGEST_QUERY}个字"},
    )
    field_order = ("q", "on")


class UploadForm(forms.Form):
    """Files of statutes; the day only where the file does not tell it."""

    texts = FilesField(
        label="法律文本",
        help_text="可以一次选择多个.md或者.docx文件。国家法律法规数据库（flk.npc.gov.cn）下载的docx可以直接上传。",
        widget=FilesInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": "请选择要导入的文件。"},
    )
    since = DateField(
        label="施行日期",
        required=False,
        help_text="题注、正文和文件名都没有写明施行日期时才填写，一次只能有一个文件。",
    )

    def clean_texts(self) -> list[Any]:
        """Not more than a person means to send at once."""
        files: list[Any] = self.cleaned_data["texts"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多{MOST_FILES}个文件，请分几次上传。")
        if sum(file.size for file in files) > LARGEST_UPLOAD:
            raise forms.ValidationError(f"一次最多{LARGEST_UPLOAD // 1024**2} MB，请分几次上传。")
        return files

    def clean(self) -> dict[str, Any]:
        """One day is the day of one text."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("since") and len(cleaned.get("texts") or []) > 1:
            self.add_error("since", "施行日期只能为一个文件指定，请一次上传一个。")
        return cleaned

    def sources(self) -> list[Source]:
        """The files as the importer takes them; of one that is too large only enough to say so."""
        since = self.cleaned_data["since"]
        return [Source(file.name, file.read(LARGEST_FILE + 1), since) for file in self.cleaned_data["texts"]]
