"""The filter bar of the readings."""

from django import forms

from fadu.ui.filters import Filters
from fadu.ui.forms import DateField


class ReadingFilters(Filters):
    """Who, what, which matter, from when to when."""

    q = forms.CharField(label="姓名或者所阅内容", max_length=60)
    chain = forms.CharField(label="事项", max_length=120)
    since = DateField(label="自")
    until = DateField(label="至")
    primary = ("q", "since", "until")
    lookups = {
        "q": ("name__icontains", "what__icontains"),
        "chain": "chain__icontains",
        "since": "at__date__gte",
        "until": "at__date__lte",
    }


class BlindReadingFilters(ReadingFilters):
    """The same for who may not know what the matters are about: words are looked for in names of readers only."""

    q = forms.CharField(label="姓名", max_length=60)
    lookups = {**ReadingFilters.lookups, "q": "name__icontains"}
