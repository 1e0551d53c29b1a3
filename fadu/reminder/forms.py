"""How a person wants to be reached."""

from __future__ import annotations

from typing import Any

from django import forms

from fadu.reminder.kinds import Kind
from fadu.reminder.models import KINDS, Preference


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time of day."""

    input_type = "time"


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """提醒设置"""

    mail = forms.EmailField(
        label="邮箱", required=False, error_messages={"invalid": "请填写邮箱，例如 li@yj.example。"}
    )
    mail_kinds = forms.MultipleChoiceField(
        label="发邮件的提醒", required=False, choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    sms_kinds = forms.MultipleChoiceField(
        label="发短信的提醒", required=False, choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = forms.TimeField(
        label="免打扰自", required=False, widget=TimeInput(format="%H:%M"),
        error_messages={"invalid": "请填写时间，例如 22:00。"},
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label="免打扰至", required=False, widget=TimeInput(format="%H:%M"),
        help_text=f"可以跨过零点；“{Kind.MISSED.title}”不受限制。", error_messages={"invalid": "请填写时间，例如 7:00。"},
    )  # fmt: skip

    class Meta:
        model = Preference
        fields = ("mail", "mail_kinds", "mobile", "sms_kinds", "quiet_from", "quiet_until")

    def clean(self) -> dict[str, Any]:
        """A channel needs an address, and quiet hours both ends."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("mail_kinds") and not data.get("mail") and "mail" not in self.errors:
            self.add_error("mail", "选了发邮件的提醒，请填写邮箱。")
        if data.get("sms_kinds") and not data.get("mobile") and "mobile" not in self.errors:
            self.add_error("mobile", "选了发短信的提醒，请填写手机号。")
        if not self.errors and bool(data.get("quiet_from")) != bool(data.get("quiet_until")):
            self.add_error("quiet_until", "免打扰的起止时间请都填写，或者都空着。")
        return data
