"""The law pages: statutes, penalty provisions, numbers of law, holidays, and what rests on an article."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fadu.kernel import clock
from fadu.law import queries, wording
from fadu.law.calendar import Calendar
from fadu.law.citations import CitationError, statute_named
from fadu.law.forms import CheckForm, OnForm, ProvisionsForm, StatutesForm
from fadu.law.judging.answering import answer
from fadu.law.library import queries as library
from fadu.law.library.showing import holds, shown
from fadu.law.models import HolidayNotice, StatuteVersion
from fadu.law.provisions import Provision, Sanction, Stage
from fadu.law.shell import frame_of as _frame
from fadu.law.shell import page_of_article
from fadu.ui.forms import written

# --- statutes -------------------------------------------------------------------------------------------------------


def _present(versions: list[StatuteVersion], on: date) -> StatuteVersion | None:
    held = [version for version in versions if version.since <= on and (version.until is None or on < version.until)]
    return held[-1] if held else None


@login_not_required
def statutes(request: HttpRequest) -> HttpResponse:
    """The register of statutes: the version in force on a day, and those before and after it."""
    form = StatutesForm(request.GET)
    on = form.day
    rows = queries.statute_versions().order_by("code", "since").select_related("text")
    if form.is_valid() and form.cleaned_data["kind"]:
        rows = rows.filter(kind=form.cleaned_data["kind"])
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.filter(title__contains=form.cleaned_data["q"].strip())
    by_statute: dict[str, list[StatuteVersion]] = {}
    for row in rows:
        by_statute.setdefault(row.code, []).append(row)
    order = {"law": 0, "regulation": 1, "rule": 2, "interpretation": 3, "local": 4}
    listed: list[dict[str, Any]] = sorted(
        (
            {
                "code": versions[0].code,
                "short": versions[0].short,
                "kind": versions[0].get_kind_display(),
                "issuer": versions[0].issuer,
                "note": versions[0].note,
                # Within a kind, in the order of the register: what every procedure stands on comes first.
                "rank": (order[versions[0].kind], min(version.pk for version in versions)),
                "present": _present(versions, on),
                "versions": [{"version": v, "text": library.text_of(v)} for v in versions],
            }
            for versions in by_statute.values()
        ),
        key=lambda row: row["rank"],
    )
    context = {
        "frame": _frame(request),
        "title": "法律库",
        "form": form,
        "on": on,
        "statutes": listed,
        "texts": sum(bool(one["text"]) for row in listed for one in row["versions"]),
    }
    return render(request, "law/statutes.html", context)


# --- provisions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SanctionRow:
    """One sanction as the table shows it."""

    stage: str
    target: str
    fines: list[str]
    measures: list[str]
    note: str


def _sanction_row(sanction: Sanction) -> SanctionRow:
    stage = "" if sanction.stage is Stage.IMMEDIATE else sanction.stage.title_zh
    grades = "、".join(grade.title_zh for grade in sorted(sanction.grades, key=str))
    return SanctionRow(
        stage=f"{stage}（{grades}）" if grades else stage,
        target=sanction.addressee,
        fines=[wording.fine_range(fine) for fine in sanction.fines],
        measures=wording.measures(sanction),
        note=sanction.note,
    )


def _shown(provisions: Iterable[Provision]) -> list[dict[str, object]]:
    return [
        {"value": provision, "sanctions": [_sanction_row(sanction) for sanction in provision.sanctions]}
        for provision in provisions
    ]


@login_not_required
def provisions(request: HttpRequest) -> HttpResponse:
    """Penalty provisions in force on a day, by law, article, addressee and words; unasked, the laws with their counts."""
    form = ProvisionsForm(request.GET)
    on = form.day
    asked = form.cleaned_data if form.is_valid() else {}
    narrowed = any(asked.get(name) for name in ("law", "article", "target", "q"))
    context: dict[str, Any] = {"frame": _frame(request), "title": "处罚规定", "form": form, "on": on}
    if not narrowed and form.is_valid():
        held = queries.held(on)
        context |= {"held": held, "count": sum(row.provisions for row in held)}
        return render(request, "law/provision_laws.html", context)
    rows = queries.provision_rows(on, statute_named(asked["law"]) if asked.get("law") else None)
    if asked.get("article"):
        rows = rows.filter(number=asked["article"])
    if asked.get("q"):
        rows = rows.filter(violation__contains=asked["q"].strip())
    found = [row.value for row in rows] if narrowed else []
    if asked.get("target"):
        found = [value for value in found if asked["target"] in value.targets]
    context |= {"provisions": _shown(found), "count": len(found)}
    return render(request, "law/provisions.html", context)


@login_not_required
def provision(request: HttpRequest, key: str) -> HttpResponse:
    """One provision in all its versions, with the way to the check."""
    found = queries.provision_versions(key)
    if not found:
        raise Http404("没有这条处罚规定")
    context = {
        "frame": _frame(request),
        "title": found[0].violation,
        "provision": found[0],
        "provisions": _shown(found),
        "officer": getattr(request, "officer", None),
    }
    return render(request, "law/provision.html", context)


# --- the check of a penalty -----------------------------------------------------------------------------------------


def check_penalty(request: HttpRequest) -> HttpResponse:
    """Whether the sanctions of a case are lawful, with the articles; nothing is stored, so it is a GET."""
    form = CheckForm(request.GET) if "article" in request.GET else CheckForm(initial=_cited(request))
    judged = answer(form.asked, numbers=queries.check_numbers()) if form.is_bound and form.is_valid() else None
    context = {"title": "处罚合法性检验", "form": form, "judged": judged}
    return render(request, "law/check_penalty.html", context)


def _cited(request: HttpRequest) -> dict[str, Any]:
    """The place of the provision from whose page the check was opened."""
    found = queries.provision_versions(written(request.GET, "provision")[:40])
    if not found:
        return {}
    place = found[0].article
    return {"law": place.statute.short, "article": place.number, "paragraph": place.paragraph, "item": place.item}


# --- numbers --------------------------------------------------------------------------------------------------------


@login_not_required
def parameters(request: HttpRequest) -> HttpResponse:
    """The numbers of law as they stand on a day, those from memory marked."""
    form = OnForm(request.GET)
    on = form.day
    numbers = sorted(queries.parameters(on), key=lambda number: (not number.unchecked, number.title))
    context = {
        "frame": _frame(request),
        "title": "法定数字",
        "form": form,
        "on": on,
        "numbers": numbers,
        "unchecked": sum(number.unchecked for number in numbers),
    }
    return render(request, "law/parameters.html", context)


# --- holidays -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spell:
    """A row of days off, or one day worked, as a notice gives them under one name."""

    name: str
    first: date
    last: date
    rest: bool

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def _spells(notice: HolidayNotice) -> list[Spell]:
    spells: list[Spell] = []
    for holiday in notice.days.all():
        last = spells[-1] if spells else None
        if (
            last
            and last.rest
            and holiday.rest
            and last.name == holiday.name
            and last.last + timedelta(1) == holiday.day
        ):
            spells[-1] = Spell(last.name, last.first, holiday.day, True)
        else:
            spells.append(Spell(holiday.name, holiday.day, holiday.day, holiday.rest))
    return spells


def _workdays_of(year: int, calendar: Calendar) -> int:
    return calendar.count(date(year - 1, 12, 31), date(year, 12, 31))


@login_not_required
def holidays(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Days of rest and make-up working days of a year, by the notices."""
    years = queries.years_with_notice()
    year = year or clock.today().year
    if not 1950 <= year <= 2200:
        raise Http404("没有这一年的放假安排")
    calendar = queries.calendar()
    context = {
        "frame": _frame(request),
        "title": f"{year}年节假日",
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "known": year in years,
        "workdays": _workdays_of(year, calendar),
        "notices": [{"notice": notice, "spells": _spells(notice)} for notice in queries.notices(year)],
    }
    return render(request, "law/holidays.html", context)


# --- one article ----------------------------------------------------------------------------------------------------


@login_not_required
def article(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """An article as of a day and what rests on it: provisions, numbers, rules; upper floors add theirs by the slot."""
    try:
        cited = library.statute_by_code(code).at(key)
    except CitationError as error:
        raise Http404(str(error)) from None
    form = OnForm(request.GET)
    state = library.as_of(cited.statute, form.day)
    passage = library.passage_of(state.text, cited) if state.text else None
    resting = [value for value in queries.provisions() if value.article.touches(cited)]
    known = {f"处罚规定 {value.id}" for value in resting}
    context = {
        "frame": _frame(request),
        "title": str(cited),
        "article": cited,
        "form": form,
        "state": state,
        "passage": passage,
        "headings": [state.text.headings[i] for i in passage.path] if state.text and passage else [],
        "paragraphs": shown(passage.paragraphs, cited, page_of_article) if passage else [],
        "held": passage is not None and holds(passage.paragraphs, cited),
        "neighbours": library.neighbours(passage) if passage else (None, None),
        "provisions": _shown(resting),
        "facts": [
            fact
            for fact in queries.facts()
            if fact.article.touches(cited) and not (fact.kind == "处罚规定" and fact.where in known)
        ],
    }
    return render(request, "law/article.html", context)
