"""Ledgers: pages, order and conditions; the xlsx holds exactly the filtered rows."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django import forms
from django.test import RequestFactory

from fadu.kernel import clock
from fadu.ui import listing as module
from fadu.ui.forms import DateField
from fadu.ui.listing import Column, Filters, Kind, Listing, Tab


@dataclass
class Case:
    pk: int
    number: str
    party: str
    amount: Decimal | None
    opened_on: date
    seen_at: datetime | None = None


class ByName(Filters):
    q = forms.CharField(label="当事人")
    since = DateField(label="立案不早于")
    kind = forms.ChoiceField(label="种类", choices=[("", "全部"), ("p", "普通程序")])

    def narrow(self, rows: Any) -> Any:
        q, since = self.cleaned_data.get("q"), self.cleaned_data.get("since")
        return [r for r in rows if (not q or q in r.party) and (not since or r.opened_on >= since)]


class Ledger(Listing):
    title = "案件台账"
    unit = "件"
    filters = ByName
    order = ("-opened_on",)
    tabs = (
        Tab("all", "全部", lambda rows: rows),
        Tab("fined", "罚款", lambda rows: [r for r in rows if r.amount], counted=True),
    )
    columns = (
        Column("案号", "number", sort="number", link=lambda row: f"/case/{row.pk}"),
        Column("当事人", "party", small=lambda row: f"第{row.pk}家", small_title="序"),
        Column("罚款（元）", "amount", Kind.MONEY, sort="amount"),
        Column("立案", "opened_on", Kind.DATE, sort="opened_on", screen=False),
        Column("查看", "seen_at", Kind.MOMENT),
        Column("本页专用", "pk", export=False),
    )


def cases(n: int) -> list[Case]:
    return [
        Case(
            i,
            f"示应急罚〔2026〕{i}号",
            "=甲山矿业" if i % 2 else "乙川化工",
            Decimal(i * 100) if i % 3 else None,
            date(2026, 1, 1 + i % 28),
        )
        for i in range(1, n + 1)
    ]


def ledger(rows: Any = None, **params: str) -> Ledger:
    return Ledger(RequestFactory().get("/ledger/", params), cases(132) if rows is None else rows)


def numbers(one: Listing) -> list[int]:
    return [row.pk for row in one.rows]


def test_a_page_holds_fifty_rows_and_pages_never_overlap() -> None:
    seen = [pk for page in "123" for pk in numbers(ledger(page=page))]
    assert len(seen) == len(set(seen)) == 132
    assert len(ledger().rows) == 50
    last = ledger(page="3")
    assert (last.first_row, last.last_row, last.has_next) == (101, 132, False)


@pytest.mark.parametrize(("page", "number"), [("0", 1), ("-3", 1), ("x", 1), ("99", 3), ("²", 1), ("9" * 30, 1)])
def test_a_page_that_does_not_exist_leads_to_one_that_does(page: str, number: int) -> None:
    assert ledger(page=page).number == number


def test_the_address_sorts_and_the_head_says_so() -> None:
    one = ledger(sort="-2")
    amounts = [row.amount for row in one.sorted]
    filled = [a for a in amounts if a is not None]
    assert filled == sorted(filled, reverse=True)
    assert amounts[len(filled) :] == [None] * (len(amounts) - len(filled)), "empty values stand last"
    heads = {head["column"].title: head for head in one.heads}
    assert heads["罚款（元）"]["aria"] == "descending"
    assert heads["罚款（元）"]["url"] == "?sort=2"
    assert heads["当事人"]["url"] == "", "a column without a key does not sort"


@pytest.mark.parametrize("sort", ["1", "99", "-", "x", "--2", "2 desc"])
def test_an_order_that_does_not_exist_is_ignored(sort: str) -> None:
    assert ledger(sort=sort).sorted_by is None


def test_conditions_narrow_and_are_told_in_words() -> None:
    one = ledger(q="乙川", since="2026年1月20日", kind="p")
    assert {row.party for row in one.filtered} == {"乙川化工"}
    assert min(row.opened_on for row in one.filtered) >= date(2026, 1, 20)
    assert [(label, words) for _, label, words in one.narrowed] == [
        ("当事人", "乙川"),
        ("立案不早于", "2026年1月20日"),
        ("种类", "普通程序"),
    ]


def test_a_wrong_condition_is_told_at_its_field_and_not_applied() -> None:
    one = ledger(q="乙川", since="明天")
    assert one.filter_form is not None
    assert "since" in one.filter_form.errors
    assert len(one.filtered) == 66
    assert one.filter_form.more_used, "the field with the error is in view"


def test_a_view_narrows_before_the_conditions() -> None:
    one = ledger(tab="fined")
    assert all(row.amount for row in one.filtered)
    assert [(t["title"], t["count"], t["current"]) for t in one.tab_links()] == [
        ("全部", None, False),
        ("罚款", 88, True),
    ]


def read(response: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def test_the_xlsx_holds_exactly_the_filtered_rows_in_order() -> None:
    one = ledger(q="甲山", sort="2", export="xlsx")
    response = one.response()
    assert "%E6%A1%88%E4%BB%B6%E5%8F%B0%E8%B4%A6" in response["Content-Disposition"]
    sheet = read(response).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("案号", "当事人", "序", "罚款（元）", "立案", "查看")
    assert [row[0] for row in rows[1:]] == [row.number for row in one.sorted]
    assert len(rows) == 67
    assert sheet.freeze_panes == "A2"


def test_values_in_the_xlsx_are_real_dates_and_numbers() -> None:
    row = Case(7, "7", "乙川", Decimal("60000.50"), date(2026, 11, 23), datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    cells = next(read(ledger([row], export="xlsx").response()).worksheets[0].iter_rows(min_row=2))
    assert cells[3].value == 60000.5
    assert cells[3].number_format == "#,##0.00"
    assert cells[4].value == datetime(2026, 11, 23)  # noqa: DTZ001 - a sheet has no time zones
    assert cells[4].is_date
    assert cells[5].value == datetime(2026, 11, 23, 7, 30), "Beijing time"  # noqa: DTZ001


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    cell = read(ledger(cases(1), export="xlsx").response()).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("=甲山矿业", "s")


def test_the_xlsx_tells_what_it_is() -> None:
    with clock.at(date(2026, 11, 23)):
        about = dict(read(ledger(q="甲山", tab="fined", export="xlsx").response())["说明"].iter_rows(values_only=True))
    assert about == {
        "名称": "案件台账",
        "导出时间": "2026年11月23日 09:00",
        "行数": "44件",
        "视图": "罚款",
        "当事人": "甲山",
    }


def test_an_empty_ledger_exports_its_heads() -> None:
    assert len(list(read(ledger([], export="xlsx").response()).worksheets[0].iter_rows())) == 1


# --- on real rows


class Permissions(Listing):
    from django.contrib.auth.models import Permission

    title = "权限"
    order = ("codename",)
    columns = (
        Column("名称", "name", sort="name"),
        Column("代码", "codename", sort="codename"),
        Column("类", "content_type.app_label"),
    )


@pytest.mark.django_db
def test_rows_of_the_database_are_sorted_paged_and_counted_by_it(django_assert_max_num_queries: Any) -> None:
    from django.contrib.auth.models import Permission

    rows = Permission.objects.select_related("content_type")
    request = RequestFactory().get("/", {"sort": "-0"})
    with django_assert_max_num_queries(2):
        one = Permissions(request, rows)
        names = [cells[0].value for cells in one.table()]
        counted = one.count
    assert counted == len(rows)
    assert names == list(rows.order_by("-name", "-pk").values_list("name", flat=True)[:50])


@pytest.mark.django_db
def test_beyond_the_limit_rows_are_not_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.models import Permission

    monkeypatch.setattr(module, "EXACT", 20)
    monkeypatch.setattr(Permissions, "size", 10)
    one = Permissions(RequestFactory().get("/", {"page": "3"}), Permission.objects.all())
    assert one.count_text == "20+条"
    assert len(one.rows) == 10, "pages go on beyond what was counted"
    assert one.has_next


@pytest.mark.django_db
def test_an_export_is_never_cut_but_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.models import Permission

    monkeypatch.setattr(module, "EXPORT_LIMIT", 5)
    with pytest.raises(module.TooManyRows, match="缩小筛选范围"):
        Permissions(RequestFactory().get("/", {"export": "xlsx"}), Permission.objects.all()).response()


@pytest.mark.django_db
def test_lookups_narrow_rows_of_the_database() -> None:
    from django.contrib.auth.models import Permission

    class ByCode(Filters):
        q = forms.CharField(label="代码")
        lookups = {"q": ("codename__icontains", "name__icontains")}

    class Found(Permissions):
        filters = ByCode

    one = Found(RequestFactory().get("/", {"q": "session"}), Permission.objects.all())
    assert one.rows
    assert all("session" in (row.codename + row.name).lower() for row in one.rows)


def test_the_number_of_a_paper_is_never_broken_over_lines() -> None:
    whole = {cell.column.title: cell.whole for cell in ledger().table()[0]}
    assert whole["案号"]
    assert not whole["当事人"]
