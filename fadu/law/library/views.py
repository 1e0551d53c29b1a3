"""The pages of the library: a statute to read, a search, differences between versions, and the import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fadu.kernel.numerals import whole
from fadu.law import models
from fadu.law import queries as facts
from fadu.law.citations import Article, CitationError, Statute
from fadu.law.forms import OnForm
from fadu.law.library import queries, services
from fadu.law.library.citing import article_typed
from fadu.law.library.comparing import Change, Row, Side, compare
from fadu.law.library.forms import SearchForm, UploadForm
from fadu.law.library.models import Passage, PassageKind, StatuteText
from fadu.law.library.showing import shown
from fadu.law.library.tree import Clause
from fadu.law.shell import frame_of
from fadu.record.actor import Actor
from fadu.ui.slots import identity_of

PAGE = 20


def _statute(code: str) -> Statute:
    try:
        return queries.statute_by_code(code)
    except CitationError as error:
        raise Http404(str(error)) from None


# --- reading --------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def statute(request: HttpRequest, code: str) -> HttpResponse:
    """A statute as of a day: its text, or, where that was not imported, all we hold by its articles."""
    asked = OnForm(request.GET)
    state = queries.as_of(_statute(code), asked.day)
    context = {
        "frame": frame_of(request),
        "title": f"《{state.statute.short}》",
        "statute": state.statute,
        "form": asked,
        "state": state,
        "parts": list(_parts(state.text)) if state.text else [],
        "held": [] if state.text else _held(state.statute),
        "others": _comparable(state),
    }
    return render(request, "law/statute.html", context)


def _parts(text: StatuteText) -> Iterator[dict[str, Any]]:
    """The passages of a text, each with the headings that begin at it."""
    headings, begun = text.headings, 0
    for passage in text.passages.defer("grams", "search_text"):
        starting = []
        if passage.path and passage.path[-1] >= begun:
            starting = [
                {"heading": headings[i], "id": f"h{i}", "rank": headings[i].level.value}
                for i in range(begun, passage.path[-1] + 1)
            ]
            begun = passage.path[-1] + 1
        yield {
            "passage": passage,
            "is_clause": passage.kind == PassageKind.CLAUSE,
            "headings": starting,
            "paragraphs": shown(passage.paragraphs),
        }


def _held(cited: Statute) -> list[dict[str, Any]]:
    """What of this floor rests on the statute, by article."""
    rows: dict[Article, list[Any]] = {}
    for fact in facts.facts():
        if fact.article.statute == cited:
            rows.setdefault(fact.article.whole, []).append(fact)
    return [{"article": article, "facts": rows[article]} for article in sorted(rows)]


def _comparable(state: queries.AsOf) -> list[dict[str, Any]]:
    """Pairs of neighbouring versions whose texts are both at hand."""
    with_text = [version for version in state.versions if queries.text_of(version)]
    return [{"old": a, "new": b} for a, b in pairwise(with_text)]


# --- search ---------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search by words; a citation leads to its article at once."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    day = form.day
    if words and (cited := article_typed(words, queries.imported_statutes())):
        given = f"?on={request.GET['on']}" if request.GET.get("on") else ""
        return redirect(reverse("law:article", args=[cited.statute.code, cited.key]) + given)
    page = whole(request.GET.get("page", ""))
    number = page if page is not None and 0 < page <= 10 else 1
    found = queries.search(words, day, first=(number - 1) * PAGE, most=PAGE)
    reachable = min(found.total, queries.RANKED)
    context = {
        "frame": frame_of(request),
        "title": f"在法律库中查找“{words}”" if words else "查找法律条文",
        "form": form,
        "words": words,
        "on": day,
        "found": found,
        "provisions": queries.provisions_with(words, day) if words else [],
        "first": (number - 1) * PAGE + 1,
        "last": (number - 1) * PAGE + len(found.hits),
        "number": number,
        "has_next": number * PAGE < reachable,
        "reachable": reachable,
        "has_texts": queries.has_texts(),
    }
    return render(request, "law/search.html", context)


# --- differences ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _rows(old: tuple[Side, ...], new: tuple[Side, ...]) -> list[Row]:
    return compare(old, new)


def _sides(text: StatuteText) -> tuple[Side, ...]:
    clauses = text.passages.filter(kind=PassageKind.CLAUSE).defer("grams", "search_text")
    return tuple(Side(row.key, row.label, _plain(row)) for row in clauses)


def _plain(passage: Passage) -> str:
    return Clause(passage.number, passage.bis or None, (), passage.paragraphs).plain


@login_not_required
@require_safe
def differences(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions side by side, article by article; without a choice the last two whose texts are at hand."""
    cited = _statute(code)
    versions = [version for version in queries.versions_of(code) if queries.text_of(version)]
    old, new = _chosen(request, versions)
    rows = _rows(_sides(old.text), _sides(new.text)) if old and new else []
    everything = request.GET.get("all") == "1"
    context = {
        "frame": frame_of(request),
        "title": f"《{cited.short}》新旧对照",
        "statute": cited,
        "versions": versions,
        "old": old,
        "new": new,
        "rows": [row for row in rows if everything or row.change is not Change.SAME],
        "everything": everything,
        "counts": [(change.value, n) for change in Change if (n := sum(row.change is change for row in rows))],
    }
    return render(request, "law/differences.html", context)


def _chosen(
    request: HttpRequest, versions: list[models.StatuteVersion]
) -> tuple[models.StatuteVersion | None, models.StatuteVersion | None]:
    """The two versions asked for by the days of their coming into force, the older first."""
    if len(versions) < 2:
        return None, None

    def of(name: str, default: models.StatuteVersion) -> models.StatuteVersion:
        try:
            day = date.fromisoformat(request.GET.get(name, ""))
        except ValueError:
            return default
        return next((version for version in versions if version.since == day), default)

    old, new = of("old", versions[-2]), of("new", versions[-1])
    return (old, new) if old.since <= new.since else (new, old)


# --- import ---------------------------------------------------------------------------------------------------------


def _administrator(request: HttpRequest) -> Actor:
    """Who imports; 403 for everybody but the system administrator."""
    if not request.user.has_perm("law.add_statutetext"):
        raise PermissionDenied("法律文本由系统管理员导入，您今天的岗位没有这项职责。")
    who = identity_of(request)
    officer = getattr(request, "officer", None)
    post = who.posts[0] if who and who.posts else "系统管理员"
    name = who.name if who else request.user.get_username()
    return Actor(officer.pk if officer else None, name, post, who.organ if who else "")


def import_page(request: HttpRequest) -> HttpResponse:
    """Upload files; what would become of each stands below until it is confirmed or discarded."""
    _administrator(request)
    assert request.user.pk is not None
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        services.keep_pending(form.sources(), request.user.pk)
        return redirect("law:import")
    waiting = services.preview_texts(services.pending(request.user.pk))
    good = [one for one in waiting if one.outcome in ("added", "updated")]
    context = {
        "frame": frame_of(request),
        "title": "导入法律文本",
        "form": form,
        "waiting": waiting,
        "good": good,
        "refused": [one for one in waiting if one.outcome == "refused"],
    }
    return render(request, "law/import.html", context, status=422 if form.errors else 200)


@require_POST
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Import what waits; what is refused is told once more."""
    by = _administrator(request)
    assert request.user.pk is not None
    done = services.import_texts(services.pending(request.user.pk), by)
    services.discard_pending(request.user.pk)
    context = {"frame": frame_of(request), "title": "导入结果", "rows": done}
    return render(request, "law/imported.html", context)


@require_POST
def discard_import(request: HttpRequest) -> HttpResponse:
    """Forget what waits."""
    _administrator(request)
    assert request.user.pk is not None
    services.discard_pending(request.user.pk)
    messages.success(request, "已清除，没有导入任何文本。")
    return redirect("law:import")
