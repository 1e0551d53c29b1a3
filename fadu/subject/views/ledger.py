"""导入台账: send a file, look at what would become of each row, confirm, take the rejected rows back."""

from __future__ import annotations

import io
from typing import Any, ClassVar

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org.access import OfficerRequest, require
from fadu.subject.forms import LedgerForm
from fadu.subject.models import LedgerImport, LedgerRow
from fadu.subject.queries import IMPORTERS, importing_organs, ledger_imports
from fadu.subject.services import batches, handback
from fadu.ui.columns import Column
from fadu.ui.listing import XLSX, Listing

VIEWS = (
    ("", "全部", "rows"), ("reject", "不能采用", "reject"), ("fix", "更正后采用", "fix"), ("accept", "直接采用", "accept"), ("warned", "有提醒", "warned"),
)  # fmt: skip
TONES: dict[str, str] = {"accept": "ok", "fix": "info", "reject": "late"}


def _batch(request: OfficerRequest, pk: int) -> LedgerImport:
    """The import, when it is one the person may see."""
    require(request, *IMPORTERS)
    return get_object_or_404(ledger_imports(request.officer, clock.today()), pk=pk)


@require_http_methods(["GET", "POST"])
def send(request: OfficerRequest) -> HttpResponse:
    """Send a ledger; below, the imports of the own organ."""
    require(request, *IMPORTERS)
    form = LedgerForm(request.POST, request.FILES) if request.method == "POST" else LedgerForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = batches.send(file.file, file.name, by=request.officer)
        except Invalid as invalid:
            for name, sentence in invalid.field_errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            return redirect("subject:ledger-page", pk=batch.pk)
    today = clock.today()
    context = {
        "form": form,
        "imports": ledger_imports(request.officer, today)[:20],
        "organs": importing_organs(request.officer, today),
    }
    return render(request, "subject/ledger_send.html", context, status=422 if form.is_bound else 200)


class Rows(Listing):
    """The judged rows of an import, fifty a page."""

    title = "台账的行"
    unit = "行"
    order: ClassVar[tuple[str, ...]] = ("place",)
    exportable = False
    columns: ClassVar[tuple[Column, ...]] = (Column("行号", "row"),)


@require_safe
def page(request: OfficerRequest, pk: int) -> HttpResponse:
    """One import: how far it is, and every row with what is told at its cells."""
    batch = _batch(request, pk)
    chosen = request.GET.get("view", "")
    rows = batch.rows.all()
    if chosen == "warned":
        rows = rows.filter(warned=True)
    elif chosen in LedgerRow.Outcome.values:
        rows = rows.filter(outcome=chosen)
    else:
        chosen = ""
    tabs = [
        {
            "title": title,
            "count": batch.counts.get(count, 0),
            "current": key == chosen,
            "url": f"?view={key}" if key else "?",
        }
        for key, title, count in VIEWS
    ]
    listing = Rows(request, rows)
    context = {"batch": batch, "tabs": tabs, "listing": listing, "tones": TONES, "work": _work(batch)}
    return render(request, "subject/ledger_page.html", context)


def _work(batch: LedgerImport) -> dict[str, Any]:
    """What the bar of progress shows."""
    return {
        "title": batch.get_state_display(),
        "done": batch.done,
        "total": batch.total or 1,
        "note": "可以离开这一页，处理好了还在“导入台账”里。",
        "poll_url": reverse("subject:ledger-progress", args=[batch.pk]) if batch.running else "",
    }


@require_safe
def progress(request: OfficerRequest, pk: int) -> HttpResponse:
    """The bar alone; when the work is over, the order to load the page anew."""
    batch = _batch(request, pk)
    if not batch.running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "ui/part/progress.html", _work(batch))


@require_POST
def confirm(request: OfficerRequest, pk: int) -> HttpResponse:
    """Import what was shown."""
    batch = _batch(request, pk)
    batches.confirm(batch, by=request.officer)
    messages.success(request, "已经开始导入。")
    return redirect("subject:ledger-page", pk=pk)


@require_safe
def rejected(request: OfficerRequest, pk: int) -> FileResponse:
    """The rejected rows as xlsx, with the reasons, to mend and send again."""
    batch = _batch(request, pk)
    content = handback.workbook(batch)
    return FileResponse(
        io.BytesIO(content), content_type=XLSX, as_attachment=True, filename=f"不能采用的行-{batch.file_name}"
    )
