"""线索登记、案件台账: lists with filters, sorting and an xlsx of exactly the filtered rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fadu.discretion.benchmarks.declare import Payer
from fadu.discretion.benchmarks.wording import place_words
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, Refused
from fadu.law import queries as law
from fadu.law.provisions import Stage
from fadu.org import queries as org
from fadu.org.access import OfficerRequest, require
from fadu.org.choices import OrganChoice
from fadu.penalty import queries
from fadu.penalty.forms import ClueForm
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.penalty.procedures.ordinary.procedure import OrdinaryPenalty
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.penalty.procedures.spread import Spread, apart, by_county, by_officer, spread
from fadu.penalty.services import register_clue
from fadu.penalty.services.clues import MAY_REGISTER
from fadu.procedure.presenting import number_of
from fadu.procedure.queries import search
from fadu.ui.forms import DateField, tell
from fadu.ui.listing import Column, Filters, Kind, Listing, Tab
from fadu.ui.slots import address_of

State = OrdinaryPenalty.State
UNFILED = (State.CLUE.name, State.NOT_FILED.name)


def _page(case: PenaltyCase) -> str:
    """The address of a case."""
    return address_of("procedure:matter", case.pk)


def _fine(case: PenaltyCase) -> Decimal | None:
    """The fines decided in the case, in yuan."""
    fines = [Sanctions.from_json(decided).fine or Decimal(0) for decided in case.decided]  # type: ignore[attr-defined]
    return sum(fines, Decimal(0)) if fines else None


def _paid(case: PenaltyCase) -> Decimal | None:
    """What has been paid."""
    paid: Decimal | None = case.parties.aggregate(total=Sum("payments__amount"))["total"]
    return paid


def _tone(case: PenaltyCase) -> str:
    """The tone of the state's tag."""
    if case.stage in (State.ARCHIVED, State.CLOSED, State.PERFORMED):
        return "ok"
    return "line" if case.stage in (State.NOT_FILED, State.NOT_PENALISED) else "info"


class CaseFilters(Filters):
    """Conditions of the ledger."""

    q = forms.CharField(label="案号、当事人、案由")
    state = forms.ChoiceField(label="阶段", choices=[("", "全部"), *((s.name, s.value) for s in State)])
    source = forms.ChoiceField(label="来源", choices=[("", "全部"), *PenaltyCase.Source.choices])
    organ = OrganChoice(label="办理机关")
    since = forms.DateField(label="登记日期自", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="至", widget=forms.DateInput(attrs={"type": "date"}))
    lookups: ClassVar = {"state": "state", "source": "source", "organ": "organ", "since": "opened_on__gte", "until": "opened_on__lte"}  # fmt: skip
    primary: ClassVar = ("q", "state")

    def narrow(self, rows: QuerySet[PenaltyCase]) -> QuerySet[PenaltyCase]:
        """The other conditions by their lookups, the words by the index."""
        return search(super().narrow(rows), self.cleaned_data.get("q") or "")


SOURCE = Column("来源", "get_source_display", sort="source", phone=False, width=14)
ORGAN = Column("办理机关", "organ.short", sort="organ_id", phone=False, width=20)


class CaseLedger(Listing):
    """案件台账"""

    title = "案件台账"
    unit = "件"
    size = 20
    order: ClassVar = ("-filed_on", "-pk")
    empty = "您能看到的范围内还没有案件。"
    filters = CaseFilters
    tabs: ClassVar = (
        Tab("all", "全部", lambda rows: rows),
        Tab("open", "在办", lambda rows: rows.exclude(state__in=["ARCHIVED", "CLOSED"])),
        Tab(
            "due",
            "十日内届满",
            lambda rows: rows.filter(next_day__lte=date.fromordinal(clock.today().toordinal() + 10)),
        ),
        Tab("late", "有逾期", lambda rows: rows.filter(late_count__gt=0)),
    )
    columns: ClassVar = (
        Column("案号", number_of, sort="case_file__serial", link=_page, width=18),
        Column("当事人和案由", "party_names", sort="party_names", small="cause", small_title="案由", width=40),
        Column("来源", "get_source_display", screen=False, width=14),
        ORGAN,
        Column("阶段", "stage.value", Kind.TAG, sort="state", tone=_tone, width=12),
        Column("立案日期", "filed_on", Kind.DATE, sort="filed_on", phone=False, width=12),
        Column("决定日期", "decided_on", Kind.DATE, sort="decided_on", phone=False, width=12),
        Column("罚款（元）", _fine, Kind.MONEY, phone=False, width=14),
        Column("已缴（元）", _paid, Kind.MONEY, screen=False, width=14),
        Column("届满日", "next_day", Kind.DATE, sort="next_day", width=12),
        Column("逾期次数", "late_count", Kind.NUMBER, sort="late_count", screen=False, width=10),
        Column("办结日期", "ended_on", Kind.DATE, sort="ended_on", screen=False, width=12),
    )


class ClueLedger(Listing):
    """线索登记"""

    title = "线索登记"
    unit = "条"
    size = 20
    order: ClassVar = ("-received_on", "-pk")
    empty = "还没有登记线索。"
    filters = CaseFilters
    tabs: ClassVar = (
        Tab("open", "待决定", lambda rows: rows.filter(state=State.CLUE.name)),
        Tab("filed", "已立案", lambda rows: rows.exclude(state__in=UNFILED)),
        Tab("refused", "不予立案", lambda rows: rows.filter(state=State.NOT_FILED.name)),
        Tab("all", "全部", lambda rows: rows),
    )
    columns: ClassVar = (
        Column("线索", "title", link=_page, sort="title", width=44),
        SOURCE,
        Column("案由", "cause", screen=False, width=40),
        ORGAN,
        Column("取得日期", "received_on", Kind.DATE, sort="received_on", width=12),
        Column("结果", "stage.value", Kind.TAG, sort="state", tone=_tone, width=12),
        Column("决定期限", "next_day", Kind.DATE, sort="next_day", phone=False, width=12),
    )


# what the ledgers show, sort by and export
LISTED = (
    "procedure_key", "state", "title", "party_names", "cause", "source", "opened_on", "received_on", "filed_on", "decided_on", "ended_on",
    "next_day", "late_count", "organ__short", "case_file__year", "case_file__serial",
)  # fmt: skip


def _rows(request: HttpRequest) -> QuerySet[PenaltyCase]:
    """The cases in the person's scope."""
    rows = queries.visible(request.officer, clock.today())  # type: ignore[attr-defined]
    decided = (
        CaseParty.objects.filter(case=OuterRef("pk"))
        .exclude(decided={})
        .exclude(decided=None)
        .order_by("pk")
        .values("decided")
    )
    return rows.select_related("organ", "case_file").only(*LISTED).annotate(decided=ArraySubquery(decided))


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """案件台账"""
    return CaseLedger(request, _rows(request).exclude(state__in=UNFILED)).response()  # type: ignore[return-value]


@require_safe
def clues(request: HttpRequest) -> HttpResponse:
    """线索登记: every clue with what became of it."""
    may = bool(request.roles & MAY_REGISTER)  # type: ignore[attr-defined]
    return ClueLedger(request, _rows(request)).response(
        new_url=reverse("penalty:new_clue") if may else "", new_title="登记线索"
    )  # type: ignore[return-value]


@require_http_methods(["GET", "HEAD", "POST"])
def new_clue(request: OfficerRequest) -> HttpResponse:
    """登记线索"""
    require(request, *MAY_REGISTER)
    officer = request.officer
    form = ClueForm(request.POST or None, officer=officer)
    refused: tuple[str, ...] = ()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            organ = org.home_organ(officer, clock.today())
            assert organ is not None  # the middleware lets nobody in without a post
            try:
                case = register_clue(organ=organ, by=officer, **form.cleaned_data)
            except Invalid as error:
                tell(form, error.field_errors)
            except Refused as error:
                refused, status = error.reasons, error.status
            else:
                messages.success(request, "线索已登记。请在期限内决定是否立案。")
                return redirect("procedure:matter", pk=case.pk)
    return render(
        request, "penalty/new_clue.html", {"title": "登记线索", "form": form, "refused": refused}, status=status
    )


# --- consistency -----------------------------------------------------------------------------------------------------


class SpanForm(forms.Form):
    """Which decisions to compare."""

    since = DateField(label="决定日期自", required=False)
    until = DateField(label="至", required=False)


@dataclass(frozen=True)
class Compared:
    """One violation on the page of consistency."""

    key: tuple[str, str, str]
    title: str
    article: str
    payer: str
    whole: Spread
    apart: int

    @property
    def query(self) -> str:
        """Its fines in detail."""
        return urlencode(dict(zip(("provision", "payer", "stage"), self.key, strict=True)))


@require_safe
def consistency(request: OfficerRequest) -> HttpResponse:
    """裁量一致性: how far the fines for one violation lie apart across counties and officers, with what lies apart."""
    form = SpanForm(request.GET)
    span = form.cleaned_data if form.is_valid() else {}
    rows = queries.visible(request.officer, clock.today())
    groups = queries.fines_decided(rows, span.get("since"), span.get("until"))
    names = {p.id: (p.violation, str(p.article)) for p in law.provisions()}
    listed = sorted(
        (
            Compared(
                key, names.get(key[0], (key[0], ""))[0], names.get(key[0], ("", ""))[1],
                place_words(Payer(key[1]), Stage(key[2])), spread("", fines), len(apart(fines)),
            )
            for key, fines in groups.items()
        ),
        key=lambda one: (-one.apart, -one.whole.count, one.title),
    )  # fmt: skip
    context: dict[str, Any] = {"title": "裁量一致性", "form": form, "listed": listed}
    chosen = tuple(request.GET.get(name, "") for name in ("provision", "payer", "stage"))
    fines = groups.get((chosen[0], chosen[1], chosen[2]), [])
    if fines:
        odd = apart(fines)
        context |= {
            "one": next(one for one in listed if one.key == chosen), "counties": by_county(fines), "officers": by_officer(fines),
            "fines": sorted(
                ({"fine": one, "why": odd.get(index, "")} for index, one in enumerate(fines)), key=lambda row: (not row["why"],)
            ),
        }  # fmt: skip
    return render(request, "penalty/consistency.html", context)
