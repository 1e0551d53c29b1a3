"""Logging in, one's own account, delegations, and what the administrators decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from fadu.kernel import clock
from fadu.org import delegable, passwords
from fadu.org.models import Appointment, Delegation, Officer, Organ, User
from fadu.org.queries import own_roles
from fadu.org.roles import Role
from fadu.org.services import factor
from fadu.ui.forms import DateField
from fadu.ui.listing import Filters


class LoginForm(forms.Form):
    """用户名和密码."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
        error_messages={"required": "请填写用户名。"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )


class PeopleFilters(Filters):
    """The conditions of 机构与人员: a name, an organ."""

    q = forms.CharField(label="姓名", max_length=40)
    organ = forms.ModelChoiceField(label="机关", queryset=Organ.objects.all(), empty_label="全部机关")
    primary = ("q", "organ")


class PasswordForm(forms.Form):
    """The old password once, the new one twice."""

    old = forms.CharField(
        label="现在的密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": "请填写现在的密码。"},
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请填写新密码。"},
    )
    again = forms.CharField(
        label="再输一遍新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请把新密码再输一遍。"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """`user`: whose password it is."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = passwords.in_words()

    def clean_old(self) -> str:
        """The old password must be right."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError("现在的密码不对，请重新输入。")
        return old

    def clean_new(self) -> str:
        """The new password must satisfy the validators of the settings."""
        new: str = self.cleaned_data["new"]
        if new == self.data.get("old"):
            raise forms.ValidationError("新密码和现在的密码一样，请换一个。")
        passwords.check(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        """Both entries must agree."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        return data


class CodeForm(forms.Form):
    """The code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}),
        help_text="验证器上现在的6位数字；手机不在身边的，用一个恢复码。",
        error_messages={"required": "请填写验证码。"},
    )


class FactorForm(forms.Form):
    """The first code, which proves that the phone has taken the secret."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="扫码以后，验证器上显示的6位数字。",
        error_messages={"required": "请填写验证码。"},
    )


class RenewForm(forms.Form):
    """Changing the second factor asks for both factors once more: an unguarded screen is not enough."""

    what = forms.ChoiceField(label="办理", choices=[("codes", "换发恢复码"), ("remove", "停用验证器")])
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )
    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        error_messages={"required": "请填写验证码。"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """`user`: whose factor it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """The password first; a code is used up only when the password is right."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if not self.user.check_password(data["password"]):
            self.add_error("password", "密码不对，请重新输入。")
        elif factor.verify(self.user, data["code"]) is None:
            self.add_error("code", "验证码不对，请看验证器上现在的6位数字。")
        return data


class DelegationForm(forms.Form):
    """授权代行: to whom, what, from when to when, and why."""

    delegate = forms.ModelChoiceField(
        label="代行人",
        queryset=Officer.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择代行人。"},
    )
    kind = forms.ChoiceField(label="范围", widget=forms.RadioSelect, error_messages={"required": "请选择范围。"})
    approvals = forms.MultipleChoiceField(
        label="代行的审批",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只选“代行审批”时填。法律规定由行政机关负责人作出的决定，请授权给本机关的负责人。",
    )
    starts_on = DateField(label="自", error_messages={"required": "请填写开始日期。"})
    ends_on = DateField(
        label="至", help_text="最后一天；到期自动结束。", error_messages={"required": "请填写截止日期。"}
    )
    reason = forms.CharField(
        label="事由", max_length=200, help_text="例如“外出学习”。", error_messages={"required": "请写明事由。"}
    )

    def __init__(self, *args: Any, giver: Officer, organ: Organ, **kwargs: Any) -> None:
        """`giver` holds in `organ` what he may hand on; only that is offered."""
        today = clock.today()
        super().__init__(*args, **kwargs)
        self.initial = {"starts_on": today, "kind": "approvals"}
        mine = own_roles(giver, today, organ)
        working = Appointment.objects.on(today).filter(post__organ=organ).exclude(officer=giver)
        people = Officer.objects.filter(pk__in=working.values("officer")).order_by("id")
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]
        kinds = Delegation.Kind.choices if Role.PRINCIPAL_HEAD in mine else [Delegation.Kind.choices[0]]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        offered = delegable.offered(organ, today, mine)
        self.fields["approvals"].choices = [(a.key, a.title) for a in offered]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Why a grant is not confirmed."""

    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="不确认的，请写明理由。")


class FindAccount(forms.Form):
    """The account that the security administrator has to see to."""

    q = forms.CharField(label="用户名或者姓名", max_length=60, error_messages={"required": "请填写用户名或者姓名。"})

    def found(self) -> list[User]:
        """Accounts of that name, ten at most."""
        words = self.cleaned_data["q"].strip()
        rows = User.objects.filter(Q(username__icontains=words) | Q(officer__name__icontains=words))
        return list(rows.select_related("officer").order_by("username")[:10])
