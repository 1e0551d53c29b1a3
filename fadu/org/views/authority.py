"""授权代行: who acts for whom in the organ, giving and taking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import delegable, services
from fadu.org.access import OfficerRequest
from fadu.org.forms import DelegationForm
from fadu.org.models import Delegation, Organ
from fadu.org.queries import organs_of, own_roles
from fadu.org.roles import Role
from fadu.ui.forms import tell


def _giving_organ(request: OfficerRequest) -> Organ | None:
    """The organ in which this person holds by post something that may be handed on."""
    today = clock.today()
    needed = delegable.DELEGABLE | {Role.PRINCIPAL_HEAD}
    return next((o for o in organs_of(request.officer, today) if own_roles(request.officer, today, o) & needed), None)


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: OfficerRequest) -> HttpResponse:
    """授权代行: the delegations of one's organs, and the form for who may give one."""
    today, organ = clock.today(), _giving_organ(request)
    form = None
    if organ is not None:
        form = DelegationForm(request.POST if request.method == "POST" else None, giver=request.officer, organ=organ)
        if request.method == "POST" and form.is_valid():
            entered = form.cleaned_data
            try:
                row = services.delegate(
                    request.officer, entered["delegate"], organ=organ, kind=Delegation.Kind(entered["kind"]),
                    approvals=entered["approvals"], starts_on=entered["starts_on"], ends_on=entered["ends_on"], reason=entered["reason"],
                )  # fmt: skip
            except Invalid as error:
                tell(form, error.field_errors)
            else:
                messages.success(
                    request, f"已授权{row.delegate.name}{row.get_kind_display()}，到期自动结束，可以随时收回。"
                )
                return redirect("org:delegations")
    rows = Delegation.objects.filter(organ__in=organs_of(request.officer, today))
    if Role.SECURITY in request.roles:
        rows = Delegation.objects.all()
    rows = rows.select_related("organ", "giver", "delegate", "revoked_by").order_by("-starts_on", "-id")[:100]
    titles = {
        a.key: a.title
        for o in {row.organ_id: row.organ for row in rows}.values()
        for a in delegable.approvals(o, today)
    }
    shown = [
        {
            "row": row, "state": row.state(today), "what": "、".join(titles.get(key, key) for key in row.approvals),
            "may_revoke": not row.revoked_at and today <= row.ends_on and _may_revoke(request, row),
        }
        for row in rows
    ]  # fmt: skip
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "org/delegations.html", {"form": form, "shown": shown, "organ": organ}, status=status)


def _may_revoke(request: OfficerRequest, row: Delegation) -> bool:
    """Whether the button is offered; the service decides."""
    principal = Role.PRINCIPAL_HEAD in own_roles(request.officer, clock.today(), row.organ)
    return row.giver_id == request.officer.pk or principal or Role.SECURITY in request.roles


@require_POST
def revoke_delegation(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take one back, at once."""
    rows = Delegation.objects.all()
    if Role.SECURITY not in request.roles:
        rows = rows.filter(organ__in=organs_of(request.officer, clock.today()))
    services.revoke(get_object_or_404(rows, pk=pk), by=request.officer)
    messages.success(request, "授权已经收回，立即生效。")
    return redirect("org:delegations")
