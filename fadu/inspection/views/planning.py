"""拟定检查方案: choose whom to inspect, when, by whom and for what; the head approves it on the matter's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fadu.inspection import queries
from fadu.inspection.forms import PlanForm
from fadu.inspection.services import plan_visit
from fadu.inspection.services.planning import MAY_PLAN
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.kernel.numerals import whole
from fadu.org import queries as org
from fadu.org.access import require
from fadu.subject.models import Subject
from fadu.ui.forms import tell


@require_http_methods(["GET", "HEAD", "POST"])
def new_visit(request: HttpRequest) -> HttpResponse:
    """The form, and the visit it makes; ``?subject=`` chooses the enterprise and the checklists of its sector."""
    require(request, *MAY_PLAN)  # type: ignore[arg-type]
    officer: Any = request.officer  # type: ignore[attr-defined]
    on = clock.today()
    initial: dict[str, Any] = {}
    wanted = whole(request.GET.get("subject", ""))
    if wanted is not None and (subject := request.scope.filter(Subject.objects.filter(pk=wanted)).first()):  # type: ignore[attr-defined]
        initial = {"subject": subject.pk, "checklists": list(queries.suggested_checklists(subject, on))}
    form = PlanForm(request.POST if request.method == "POST" else None, officer=officer, initial=initial)
    if request.method == "POST" and form.is_valid():
        organ = org.home_organ(officer, on)
        if organ is None:
            raise OutOfOrder("您今天没有在任的岗位，不能安排检查。")
        try:
            with transaction.atomic():
                visit = plan_visit(organ=organ, by=officer, **form.cleaned_data)
        except Invalid as error:
            tell(form, error.field_errors)
        except OutOfOrder as error:  # no item of the list of powers covers it: nothing that was entered is lost
            tell(form, {"subject": "；".join(error.reasons)})
        else:
            messages.success(request, "检查方案已拟定，请由检查人员提请审批。")
            return redirect("procedure:matter", pk=visit.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "inspection/new.html", {"title": "安排检查", "form": form}, status=status)
