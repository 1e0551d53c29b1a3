"""Every part of the interface on a few pages with plainly invented contents, for those who build with them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import yaml
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from fadu.kernel import clock
from fadu.ui.forms import DateField, MoneyField, PhotosField, SignatureField
from fadu.ui.icons import ICONS
from fadu.ui.listing import Column, Filters, Kind, Listing, Tab

CONTENT = Path(__file__).with_suffix(".yaml")
SERVICE = (("direct", "直接送达"), ("left", "留置送达"), ("public", "公告送达"))


class ServiceForm(forms.Form):
    """Stands for any form of a step."""

    party = forms.CharField(label="当事人", initial="示例市甲山矿业有限公司")
    amount = MoneyField(label="罚款数额", help_text="单位：元")
    until = DateField(label="整改期限", help_text="自开具之日起，按日计算")
    method = forms.ChoiceField(label="送达方式", choices=SERVICE, widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    checked = forms.BooleanField(label="已出示执法证件", required=False)
    file = forms.FileField(label="送达回证扫描件", required=False)

    def clean_amount(self) -> Decimal:
        """As a rule of law would refuse it."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount > 60000:
            raise forms.ValidationError("陈述申辩后不得加重，请不超过60,000元。")
        return amount


class PhoneForm(forms.Form):
    """Stands for the on-site page."""

    result = forms.ChoiceField(
        label="检查结果", choices=(("y", "符合"), ("x", "不符合"), ("n", "不适用")), widget=forms.RadioSelect
    )
    problem = forms.CharField(label="问题", widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(label="照片", help_text="拍摄时记下时间和位置")
    signature = SignatureField(label="被检查单位负责人签名")
    client_token = forms.CharField(widget=forms.HiddenInput, required=False)


@dataclass(frozen=True)
class Row:
    """A row of the sample ledger."""

    pk: int
    number: str
    party: str
    cause: str
    state: str
    left: str
    amount: Decimal | None
    opened_on: date
    officer: str


STATES = ("调查取证", "已告知", "意见已复核", "已决定", "已送达", "结案")


def rows(today: date) -> list[Row]:
    """Invented cases."""
    names = (
        "甲山矿业",
        "乙川化工",
        "丙岭机械",
        "丁坪烟花",
        "戊水矿业",
        "己原气体",
        "庚台粉体",
        "辛塬粮油",
        "壬川矿业",
        "癸坡加油站",
    )
    left = ("已逾期2日", "今日届满", "还剩1个工作日", "还剩3个工作日", "还剩20日", "还剩41日")
    return [
        Row(
            n,
            f"示应急罚〔2026〕{n}号",
            f"示例市{names[n % 10]}有限公司",
            ("未如实记录事故隐患排查治理情况", "未按规定设置安全警示标志", "特种作业人员无证上岗")[n % 3],
            STATES[n % 6],
            left[n % 6],
            Decimal(5000 * (n % 13)) if n % 4 else None,
            today - timedelta(days=n),
            ("李示一", "王示三", "刘示七")[n % 3],
        )
        for n in range(1, 133)
    ]


class SampleFilters(Filters):
    """The filter bar of the sample ledger."""

    q = forms.CharField(label="案号、当事人")
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *((s, s) for s in STATES)])
    since = DateField(label="立案不早于")
    officer = forms.CharField(label="承办")
    primary = ("q", "state")

    def narrow(self, rows: Any) -> Any:
        """Lists are narrowed by hand; a queryset needs only ``lookups``."""
        said = self.cleaned_data
        return [
            row
            for row in rows
            if (not said.get("q") or said["q"] in row.number + row.party)
            and (not said.get("state") or said["state"] == row.state)
            and (not said.get("since") or row.opened_on >= said["since"])
            and (not said.get("officer") or said["officer"] in row.officer)
        ]


class SampleLedger(Listing):
    """The sample ledger."""

    title = "案件台账"
    unit = "件"
    filters = SampleFilters
    order = ("-opened_on",)
    tabs = (
        Tab("open", "在办", lambda rows: [r for r in rows if r.state != "结案"], counted=True),
        Tab("all", "全部", lambda rows: rows, counted=True),
    )
    columns = (
        Column("案号", "number", sort="number", link=lambda row: "#"),
        Column("当事人、案由", "party", sort="party", small="cause", small_title="案由"),
        Column("状态", "state", Kind.TAG, sort="state"),
        Column("最近的期限", "left", Kind.PERIOD),
        Column("罚款（元）", "amount", Kind.MONEY, sort="amount", phone=False),
        Column("立案", "opened_on", Kind.DATE, sort="opened_on", phone=False),
        Column("承办", "officer", sort="officer", phone=False),
    )


def _flow(steps: list[dict[str, Any]]) -> str:
    """A drawing as procedures make it: boxes with the classes of the stylesheet, no inline style."""
    parts = ['<svg class="fd-flow" viewBox="0 0 720 60" role="img" aria-label="流程图，现处于意见已复核">']
    for n, step in enumerate(steps):
        x = 2 + n * 120
        if n:
            parts.append(f'<path class="{"next" if step["state"] == "todo" else ""}" d="M{x - 28} 30H{x - 2}"/>')
        parts.append(f'<rect class="box {step["state"]}" x="{x}" y="13" width="90" height="34" rx="4"/>')
        parts.append(f'<text x="{x + 45}" y="35">{step["title"]}</text>')
    return mark_safe("".join(parts) + "</svg>")


def sample(request: HttpRequest) -> dict[str, Any]:
    """The contents of the parts page."""
    content: dict[str, Any] = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    content["mine"][0]["body"] = mark_safe(render_to_string("ui/styleguide/act_form.html", request=request))
    return {
        **content,
        "title": "部件",
        "icons": sorted(ICONS),
        "flow": _flow(content["steps"]),
        "amount": Decimal(60000),
    }


View = Callable[..., HttpResponse]


def only_in_debug(view: View) -> View:
    """The page is for those who build: no login, and not there unless DEBUG is on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(guarded)


@only_in_debug
def parts(request: HttpRequest) -> HttpResponse:
    """All parts; a POST shows the form with its errors."""
    form = ServiceForm(
        request.POST or {"party": "示例市甲山矿业有限公司", "amount": "60，001", "until": "明天"}, request.FILES
    )
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(
        request,
        "ui/styleguide/parts.html",
        {**sample(request), "form": form, "clean_form": ServiceForm(prefix="c")},
        status=status,
    )


@only_in_debug
def ledger(request: HttpRequest) -> HttpResponse:
    """A list page with its export."""
    return SampleLedger(request, rows(clock.today())).response()  # type: ignore[return-value]


@only_in_debug
def phone(request: HttpRequest) -> HttpResponse:
    """The on-site parts: camera, signature, draft."""
    form = PhoneForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(request.path + "?done=1")
    status = 422 if request.method == "POST" else 200
    return render(request, "ui/styleguide/phone.html", {"title": "现场检查", "form": form}, status=status)


@only_in_debug
def public(request: HttpRequest) -> HttpResponse:
    """The public shell."""
    return render(request, "ui/styleguide/public.html", {"title": "查一查我们作出的检查与处罚", "form": ServiceForm()})


@only_in_debug
def refusal(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a refusal or fault of this status."""
    reasons = ("法制审核尚未通过（《行政处罚法》第五十八条第一款）",) if status == 409 else ()
    return render(request, "ui/error.html", {"status": status, "reasons": reasons}, status=status)
