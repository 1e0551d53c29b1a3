"""A hundred thousand posts through the real engine: nobody missed, nobody twice, and the board's counters right to the last."""

from __future__ import annotations

from argparse import Namespace

import pytest

from bench import callout as bench
from fadu.callout import queries
from fadu.callout.models import Call, CalledPost, Callout
from fadu.callout.states import LIVE, Post

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
POSTS = 100_000


def test_of_a_hundred_thousand_posts_nobody_is_missed_and_nobody_called_twice():
    told = bench.ours(POSTS, Namespace(batch=500, silent=0.2, wait=2))
    assert (told["missed"], told["twice"]) == (0, 0)
    callout = Callout.objects.get()
    assert CalledPost.objects.filter(callout=callout).count() == POSTS
    assert not CalledPost.objects.filter(callout=callout, state=Post.WAITING).exists()
    assert not Call.objects.filter(callout=callout, state__in=LIVE).exists()
    counts = queries.counted(callout.pk)
    assert counts == queries.recounted(callout.pk)
    assert sum(row["answered"] + row["unreached"] for row in counts["rows"]) == POSTS
