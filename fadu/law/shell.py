"""What this floor adds to the frame of every page: navigation, the page of an article, and what the search box finds."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse

from fadu.kernel import clock
from fadu.law.citations import Article, CitationError, parse
from fadu.law.library import queries
from fadu.law.library.citing import article_typed
from fadu.ui.slots import Group, NavEntry, article_url, nav, public_nav, slot


@article_url
def page_of(article: str) -> str | None:
    """The page that shows what rests on an article; None for what is no citation of a registered statute."""
    try:
        return _address(article, get_script_prefix())
    except CitationError:
        return None


@lru_cache(4096)
def _address(article: str, prefix: str) -> str:
    """The address of a citation's page; a page of a matter shows dozens of the same few."""
    return page_of_article(parse(article))


def page_of_article(cited: Article) -> str:
    """The address of the page of an article."""
    return reverse("law:article", args=[cited.statute.code, cited.key])


def frame_of(request: HttpRequest) -> str:
    """Officers stay in their shell; the public gets the public site's frame."""
    return "ui/base.html" if request.user.is_authenticated else "ui/public.html"


@slot("search.results", order=500)
def articles_found(context: Mapping[str, Any]) -> str | None:
    """What the library answers to the words in the search box of the shell."""
    words = str(context.get("words") or "")
    if not words:
        return None
    cited = article_typed(words, queries.imported_statutes())
    found = queries.search(words, clock.today(), most=5)
    if not cited and not found.statutes and not found.hits:
        return None
    return render_to_string("law/part/found.html", {"words": words, "cited": cited, "found": found})


nav(NavEntry(Group.LAW, "处罚规定", "law:provisions", icon="scale", order=500, short="处罚"))
nav(NavEntry(Group.LAW, "处罚合法性检验", "law:check_penalty", icon="check", order=505, short="检验"))
nav(NavEntry(Group.LAW, "法律库", "law:statutes", icon="book", order=510))
nav(NavEntry(Group.LAW, "法定数字", "law:parameters", icon="list", order=520, short="数字"))
nav(NavEntry(Group.LAW, "节假日", "law:holidays", icon="calendar", order=530))
public_nav("法律依据", "law:statutes", order=500)
