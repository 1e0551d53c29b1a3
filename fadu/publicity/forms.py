"""The search on the public site; its errors are sentences, and it needs no JavaScript."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet

from fadu.penalty import queries
from fadu.penalty.models import Disclosure
from fadu.ui.forms import DateField


class DecisionSearch(forms.Form):
    """查处罚决定"""

    q = forms.CharField(label="当事人、案由或者文号", required=False, max_length=60)
    organ = forms.ChoiceField(label="处罚机关", required=False)
    since = DateField(label="决定日期自", required=False)
    until = DateField(label="至", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = queries.disclosed().order_by("organ_name").values_list("organ_name", flat=True).distinct()
        self.fields["organ"].choices = [("", "全部"), *((n, n) for n in names)]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
        """The rows that meet what was filled in."""
        given = self.cleaned_data
        if words := given.get("q", "").strip():
            rows = rows.filter(Q(party_name__icontains=words) | Q(cause__icontains=words) | Q(number__icontains=words))
        if given.get("organ"):
            rows = rows.filter(organ_name=given["organ"])
        if given.get("since"):
            rows = rows.filter(decided_on__gte=given["since"])
        if given.get("until"):
            rows = rows.filter(decided_on__lte=given["until"])
        return rows
