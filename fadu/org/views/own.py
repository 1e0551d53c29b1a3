"""One's own account: posts, password, second factor, and the log-ins of the last time."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import services
from fadu.org.access import AccountRequest, any_account, caller_of
from fadu.org.forms import FactorForm, PasswordForm, RenewForm
from fadu.org.models import LoginRecord, SecondFactor
from fadu.org.queries import appointments_on, delegations_of, roles_of
from fadu.org.roles import Role
from fadu.org.services import factor as factors
from fadu.org.views.people import certificates_of
from fadu.ui.forms import tell

Outcome, Reason = LoginRecord.Outcome, LoginRecord.Reason


@any_account
@require_safe
def account(request: AccountRequest) -> HttpResponse:
    """我的账号: posts, what each role means, what one can see, who acts for whom, and the last log-ins."""
    today = clock.today()
    officer = request.officer
    return render(
        request,
        "org/account.html",
        {
            "officer": officer,
            "appointments": appointments_on(officer, today) if officer else [],
            "roles": [role for role in Role if role in roles_of(officer, today)],
            "scope": request.scope,
            "delegations": delegations_of(officer, today) if officer else [],
            "certificates": certificates_of(officer) if officer else [],
            "logins": LoginRecord.objects.filter(user=request.user)[:20],
            "has_factor": factors.has_factor(request.user),
            "identity": bool(request.user.oidc_subject),
        },
    )


@any_account
@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: AccountRequest) -> HttpResponse:
    """修改密码; every other session of the account ends with it."""
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_password(request.user, form.cleaned_data["new"], address=caller_of(request).address)
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已经修改；其他地方登录的这个账号需要重新登录。")
        return redirect("org:account")
    context = {"form": form, "expired": services.password_expired(request.user)}
    return render(request, "org/password.html", context, status=422 if form.errors else 200)


def _log(request: AccountRequest, reason: LoginRecord.Reason) -> None:
    """Note a change of the second factor in the log of log-ins."""
    services.log(
        Outcome.FACTOR, user=request.user, username=request.user.username, reason=reason, caller=caller_of(request)
    )


@any_account
@never_cache
@require_safe
def factor(request: AccountRequest) -> HttpResponse:
    """双因素验证: where it stands, the QR code of a factor that has been begun, and what can be done."""
    return _factor_page(request, FactorForm(), RenewForm(user=request.user))


def _factor_page(request: HttpRequest, proof: FactorForm, renewal: RenewForm, status: int = 200) -> HttpResponse:
    """The page of the second factor."""
    row = SecondFactor.objects.filter(user=request.user.pk).select_related("user").first()
    pending = row if row is not None and row.confirmed_at is None else None
    context = {
        "factor": row, "pending": pending, "proof": proof, "renewal": renewal,
        "picture": factors.picture_of(pending) if pending else "", "secret": _grouped(pending) if pending else "",
        "unused": row.codes.filter(used_at=None).count() if row else 0,
        "demanded": factors.must_enrol(request.user, request.roles),  # type: ignore[arg-type, attr-defined]
    }  # fmt: skip
    return render(request, "org/factor.html", context, status=status)


def _grouped(row: SecondFactor) -> str:
    """The secret in groups of four, for who types it."""
    secret = factors.secret_of(row)
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


@any_account
@require_POST
def begin_factor(request: AccountRequest) -> HttpResponse:
    """Make the secret that the phone is to take."""
    factors.begin(request.user)
    return redirect("org:factor")


@any_account
@never_cache
@sensitive_post_parameters("code")
@require_POST
def confirm_factor(request: AccountRequest) -> HttpResponse:
    """Prove it with a first code; the recovery codes are shown this once."""
    form = FactorForm(request.POST)
    if form.is_valid():
        try:
            codes = factors.confirm(request.user, form.cleaned_data["code"])
        except Invalid as error:
            tell(form, error.field_errors)
        else:
            _log(request, Reason.ENROLLED)
            return render(request, "org/recovery_codes.html", {"codes": codes})
    return _factor_page(request, form, RenewForm(user=request.user), 422)


@any_account
@never_cache
@sensitive_post_parameters("password", "code")
@require_POST
def renew_factor(request: AccountRequest) -> HttpResponse:
    """New recovery codes, or the end of the factor; both ask for the password and a code once more."""
    form = RenewForm(request.POST, user=request.user)
    if not form.is_valid():
        return _factor_page(request, FactorForm(), form, 422)
    if form.cleaned_data["what"] == "codes":
        codes = factors.renew_codes(request.user)
        _log(request, Reason.RENEWED)
        return render(request, "org/recovery_codes.html", {"codes": codes})
    factors.remove(request.user)
    _log(request, Reason.REMOVED)
    messages.success(request, "验证器已经停用，登录只需要用户名和密码。")
    return redirect("org:factor")
