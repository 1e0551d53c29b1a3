"""The reference data of organs and people in Django's admin; each save goes into the record, nothing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from fadu.kernel import clock
from fadu.kernel.numerals import whole
from fadu.org import passwords, services
from fadu.org.access import public
from fadu.org.models import (
    Appointment,
    Certificate,
    Department,
    Division,
    Grant,
    LegalQualification,
    Officer,
    Organ,
    Post,
    User,
)
from fadu.org.queries import actor
from fadu.org.roles import Role
from fadu.record.actor import Actor
from fadu.record.services import write

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm

admin.site.site_header = admin.site.site_title = "法度·基础数据"
admin.site.index_title = "机构、岗位、人员和账号"


@public
def _login(request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
    """There is one door: the admin's own login page would pass by the throttle."""
    if request.user.is_authenticated:
        raise PermissionDenied("基础数据由系统管理员维护，您的岗位没有这项职责。")
    return redirect(f"{reverse('org:login')}?{urlencode({'next': request.GET.get('next', reverse('admin:index'))})}")


def _password(request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
    """Passwords are changed on one page."""
    return redirect("org:password")


def _logout(request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
    """Leaving goes through the one door too (it is a form there)."""
    return redirect("org:account")


# setattr: the site is a lazy object whose methods are looked up when its addresses are made
for name, view in (("login", _login), ("password_change", _password), ("logout", _logout)):
    setattr(admin.site, name, view)


def _administrator(request: HttpRequest) -> Actor:
    """Who saves: the officer with the post of 系统管理员, or the superuser under the name of the account."""
    officer = getattr(request, "officer", None)
    if officer is not None:
        return actor(officer, clock.today(), role=Role.ADMIN)
    return Actor(None, request.user.get_username(), "系统管理员")


def _account(request: HttpRequest) -> User:
    """The account that saves; the admin lets nobody in without one."""
    assert isinstance(request.user, User)
    return request.user


class _Chosen(AutocompleteSelect):
    """The choice of a row; shown again with an error it holds what can be the key of a row, and nothing else."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """The chosen row as an option."""
        return super().optgroups(name, [one for one in value if not one or whole(str(one)) is not None], attr)


class ReferenceAdmin(ModelAdmin):
    """Adding and changing with a trace in the record; history is kept, so rows are ended and not deleted."""

    unrecorded: ClassVar[frozenset[str]] = frozenset({"password", "last_login", "session_epoch", "oidc_subject"})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field for a row of another table."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", _Chosen(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def waits(self, request: HttpRequest, grant: Grant) -> None:
        """Tell who saves that the powerful part waits for the security administrator."""
        messages.warning(request, f"“{grant.subject}”已提请安全管理员确认，确认以后才生效。")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes: papers and the record name these rows."""
        return False

    def _values(self, row: models.Model) -> dict[str, str]:
        """The row in words, without what the record must not hold (phones, passwords)."""
        names = {}
        for field in row._meta.concrete_fields:
            if field.name in self.unrecorded or "phone" in field.name:
                continue
            value = getattr(row, f"get_{field.name}_display", lambda field=field: getattr(row, field.name))()
            if field.name == "roles":
                value = "、".join(Role(role).title for role in value)
            names[str(field.verbose_name)] = "" if value is None else str(value)
        return names

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Save and write what changed into the chain of the row."""
        model = type(obj)
        before = self._values(model._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        after = self._values(obj)
        changed = [key for key in after if after[key] != before.get(key, "")]
        if not changed:
            return
        title = f"{'变更' if change else '登记'}{model._meta.verbose_name}"
        write(
            f"org.{model._meta.model_name}/{obj.pk}",
            actor=_administrator(request),
            act=f"org.{model._meta.model_name}.{'change' if change else 'add'}",
            title=title,
            on=clock.today(),
            before={key: before[key] for key in changed if key in before},
            after={key: after[key] for key in changed},
            matter_title=str(obj),
        )


@admin.register(Division)
class DivisionAdmin(ReferenceAdmin):
    """行政区划"""

    list_display = ("code", "full_name", "level")
    list_filter = ("level",)
    search_fields = ("code", "full_name")
    raw_id_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is the key; it is never changed."""
        names = ("full_name", "local_name")
        return ("code", "parent", *names) if obj else names

    def save_model(self, request: HttpRequest, obj: Division, form: ModelForm, change: bool) -> None:
        """The longer names follow from the parent; those of divisions below are renewed by loading the files."""
        obj.full_name = (obj.parent.full_name if obj.parent else "") + obj.name
        obj.local_name = (obj.parent.local_name if obj.parent and len(obj.code) > 6 else "") + obj.name
        super().save_model(request, obj, form, change)


@admin.register(Organ)
class OrganAdmin(ReferenceAdmin):
    """机关"""

    list_display = ("name", "short", "prefix", "level", "parent")
    raw_id_fields = ("division",)
    search_fields = ("name",)


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    """内设机构"""

    list_display = ("name", "organ", "order")
    list_filter = ("organ",)


class PostForm(ModelForm):
    """Roles as boxes with their meaning."""

    roles = forms.MultipleChoiceField(
        label="岗位职责",
        required=False,
        choices=[(role.value, f"{role.title}：{role.meaning}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Post
        fields = ("organ", "department", "title", "roles", "is_principal", "order")


@admin.register(Post)
class PostAdmin(ReferenceAdmin):
    """岗位"""

    form = PostForm
    list_display = ("title", "organ", "department", "role_titles", "is_principal")
    list_filter = ("organ",)
    search_fields = ("title",)
    list_select_related = ("organ", "department")

    def save_model(self, request: HttpRequest, obj: Post, form: ModelForm, change: bool) -> None:
        """What is taken away goes at once; what is added waits for the security administrator (三员分立)."""
        before = Post.objects.get(pk=obj.pk) if change else Post(roles=[])
        add = [role for role in obj.roles if role not in before.roles]
        principal = obj.is_principal and not before.is_principal
        obj.roles = [role for role in obj.roles if role in before.roles]
        obj.is_principal = obj.is_principal and before.is_principal
        super().save_model(request, obj, form, change)
        if add or principal:
            self.waits(request, services.propose_roles(obj, add, principal=principal, by=_account(request)))

    @admin.display(description="岗位职责")
    def role_titles(self, post: Post) -> str:
        """The roles in words."""
        return "、".join(role.title for role in Role if role in post.role_set)


@admin.register(Officer)
class OfficerAdmin(ReferenceAdmin):
    """人员"""

    list_display = ("name", "sex", "user")
    search_fields = ("name", "user__username")
    autocomplete_fields = ("user",)

    def save_model(self, request: HttpRequest, obj: Officer, form: ModelForm, change: bool) -> None:
        """An account may be taken from a person at once; to be given one, the security administrator confirms."""
        before = Officer.objects.get(pk=obj.pk).user_id if change else None
        wanted = obj.user if obj.user_id != before else None
        if wanted is not None:
            obj.user = None
        super().save_model(request, obj, form, change)
        if wanted is not None:
            words = f"账号{wanted.username}归{obj.name}使用"
            kind = Grant.Kind.ACCOUNT
            self.waits(request, services.propose(kind, words, by=_account(request), officer=obj, user=wanted))


class AppointmentForm(ModelForm):
    """An appointment that stands can be ended earlier, never prolonged."""

    class Meta:
        model = Appointment
        fields = ("officer", "post", "starts_on", "ends_on", "acting")

    def clean_ends_on(self) -> Any:
        """Prolonging would give power that nobody has confirmed."""
        wanted = self.cleaned_data["ends_on"]
        if self.instance.pk is not None:
            now = Appointment.objects.get(pk=self.instance.pk).ends_on
            if now is not None and (wanted is None or wanted > now):
                raise forms.ValidationError("任职只能提前结束；要延长的，请从次日起另登记一项任职，由安全管理员确认。")
        return wanted


@admin.register(Appointment)
class AppointmentAdmin(ReferenceAdmin):
    """任职"""

    form = AppointmentForm
    list_display = ("officer", "post", "starts_on", "ends_on", "acting", "confirmed")
    list_filter = ("post__organ", "acting", "confirmed")
    search_fields = ("officer__name", "post__title")
    autocomplete_fields = ("officer", "post")
    list_select_related = ("officer", "post__organ")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What stands may only be ended; anything else is a new appointment, which is confirmed anew."""
        return ("officer", "post", "starts_on", "acting") if obj else ()

    def save_model(self, request: HttpRequest, obj: Appointment, form: ModelForm, change: bool) -> None:
        """A new appointment has no effect before the security administrator confirms it; an end takes effect at once."""
        super().save_model(request, obj, form, change)
        if not change:
            self.waits(request, services.propose_appointment(obj, by=_account(request)))


@admin.register(Certificate)
class CertificateAdmin(ReferenceAdmin):
    """执法证件"""

    list_display = ("number", "officer", "issuer", "valid_from", "valid_to", "revoked_on")
    search_fields = ("number", "officer__name")
    autocomplete_fields = ("officer",)


@admin.register(LegalQualification)
class LegalQualificationAdmin(ReferenceAdmin):
    """法律职业资格"""

    list_display = ("number", "officer", "obtained_on")
    autocomplete_fields = ("officer",)


class AccountForm(ModelForm):
    """An account as the administrator sees it; a password set here has to be changed at the next login."""

    new_password = forms.CharField(
        label="设置初始密码",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="留空则不改动。本人下次登录必须先改密码；已经有人使用的账号，经安全管理员确认才生效，同时解除锁定。",
    )

    class Meta:
        model = User
        fields = ("username", "is_active", "new_password")

    def clean_new_password(self) -> str:
        """A new account needs a password, and every password must be strong enough."""
        password: str = self.cleaned_data["new_password"]
        if password:
            passwords.check(password, self.instance)
        elif self.instance.pk is None:
            raise forms.ValidationError("请设置初始密码。")
        return password


@admin.register(User)
class UserAdmin(ReferenceAdmin):
    """账号"""

    form = AccountForm
    list_display = ("username", "officer_name", "is_active", "must_change_password", "last_login")
    search_fields = ("username", "officer__name")
    list_select_related = ("officer",)

    @admin.display(description="人员")
    def officer_name(self, user: User) -> str:
        """Whose account it is."""
        return user.officer.name if hasattr(user, "officer") else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser touches a superuser's account."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """A password set here is an initial one; over an account in use it waits, as does opening it again."""
        password = form.cleaned_data.get("new_password")
        owned = change and Officer.objects.filter(user=obj.pk).exists()
        reopened = owned and obj.is_active and not User.objects.get(pk=obj.pk).is_active
        if not change:
            obj.set_unusable_password()
        if reopened:
            obj.is_active = False
        super().save_model(request, obj, form, change)
        by, kind = _account(request), Grant.Kind
        if reopened:
            self.waits(request, services.propose(kind.ACTIVATE, f"重新启用账号{obj.username}", by=by, user=obj))
        if password and owned:
            values = {"encoded": make_password(password)}
            words = f"重设账号{obj.username}的密码"
            self.waits(request, services.propose(kind.PASSWORD, words, by=by, user=obj, values=values))
        elif password:
            services.change_password(obj, password, must_change=True)
