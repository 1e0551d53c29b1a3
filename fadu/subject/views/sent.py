"""The two pages of a list that is sent as xlsx, whatever it lists: sending one, and its preview with the confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from fadu.kernel.errors import Refused
from fadu.org.access import OfficerRequest
from fadu.subject import lists
from fadu.subject.models import SentList
from fadu.ui.forms import tell

PAST = 20  # lists sent before that the page shows


@dataclass(frozen=True)
class SentPages:
    """What the pages of one kind of list are made of. Who may open them is asked by the views that call ``send`` and ``preview``.

    keep(file, name, by=) judges and keeps a list, confirm(list, by=) writes it; ``columns``: key → title, ``outcomes``: in words;
    ``preview_url``: the name of the preview's route; two templates.
    """

    model: type[SentList]
    form: type[forms.Form]
    keep: Callable[..., SentList]
    confirm: Callable[..., SentList]
    columns: Mapping[str, str]
    outcomes: Mapping[str, str]
    preview_url: str
    template: str
    preview_template: str

    def send(self, request: OfficerRequest) -> HttpResponse:
        """Send a list; below, what was sent before."""
        form = self.form(request.POST, request.FILES) if request.method == "POST" else self.form()
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                batch = self.keep(file.file, file.name, by=request.officer)
            except Refused as refused:
                tell(form, getattr(refused, "field_errors", {"": "；".join(refused.reasons)}))
            else:
                return redirect(self.preview_url, pk=batch.pk)
        batches = self.model._default_manager.filter(sent_by=request.officer)[:PAST]
        context: dict[str, Any] = {"form": form, "batches": batches, "columns": self.columns.values()}
        return render(request, self.template, context, status=422 if form.is_bound else 200)

    def preview(self, request: OfficerRequest, pk: int) -> HttpResponse:
        """What would become of each line; confirming writes it. Somebody else's list does not exist."""
        batch = get_object_or_404(self.model, pk=pk, sent_by=request.officer)
        if request.method == "POST":
            self.confirm(batch, by=request.officer)
            messages.success(request, "已导入。")
            return redirect(self.preview_url, pk=pk)
        context = lists.preview(batch, request.GET.get("view", ""), self.outcomes)
        return render(request, self.preview_template, context)
