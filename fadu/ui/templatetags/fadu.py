"""Template tags of the house: citations, money, dates, periods, icons, hashes, slots and the shell."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.forms import ChoiceField, Field, FileField
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import URLResolver, get_resolver, get_script_prefix, get_urlconf
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from fadu.kernel import money
from fadu.ui import slots, wording
from fadu.ui.columns import Cell, Kind
from fadu.ui.icons import ICONS

register = template.Library()


# --- law ------------------------------------------------------------------------------------------------------------


def _articles(articles: Any) -> Iterable[object]:
    if not articles:
        return ()
    return (articles,) if isinstance(articles, str) or not isinstance(articles, Iterable) else articles


@register.simple_tag
def articles(cited: Any) -> SafeString:
    """Citations grouped by statute, each a link where a floor offers a page for it; one article or many, or texts."""
    texts = tuple(map(str, _articles(cited)))
    return _linked(texts, slots.article_addresses(), get_script_prefix(), get_resolver(get_urlconf()))


@lru_cache(4096)
def _linked(
    cited: tuple[str, ...], address: Callable[[str], str | None] | None, prefix: str, routes: URLResolver
) -> SafeString:
    """The same for texts among these routes; a page of a case shows dozens, and the declarations name the same all day."""
    groups = []
    for group in wording.group_articles(cited):
        parts = []
        for written, full in group:
            url = address(full) if address else None
            parts.append(format_html('<a href="{}">{}</a>', url, written) if url else format_html("{}", written))
        groups.append(format_html_join("、", "{}", ((part,) for part in parts)))
    return format_html_join("；", "{}", ((group,) for group in groups))


@register.filter
def cite(cited: Any) -> str:
    """The same as ``articles`` in plain text, for attributes and titles."""
    return wording.cite(_articles(cited))


CONFIDENCE = {
    "memory": ("due", "待核：凭记忆", "这一数据没有原文可查，凭记忆写入；核对后可以改正，不必改动程序。"),
    "model": ("info", "样例", "这是为演示而写的样例，不是本地正式文本。"),
}


@register.simple_tag
def confidence(level: str) -> SafeString:
    """A badge for what was written from memory or as a model; nothing for what has a source."""
    if level not in CONFIDENCE:
        return mark_safe("")
    tone, text, title = CONFIDENCE[level]
    return format_html('<span class="fd-tag {}" title="{}">{}</span>', tone, title, text)


# --- money, dates, periods ------------------------------------------------------------------------------------------


def _decimal(amount: Any) -> Decimal | None:
    try:
        return None if amount in (None, "") else Decimal(str(amount))
    except InvalidOperation:
        return None


@register.filter
def plain(amount: Any) -> str:
    """60,000; an empty text for no amount."""
    value = _decimal(amount)
    return "" if value is None else money.plain(value)


@register.filter(name="money")
def in_yuan(amount: Any) -> str:
    """60,000元; an empty text for no amount."""
    text = plain(amount)
    return f"{text}元" if text else ""


@register.filter
def capitals(amount: Any) -> str:
    """陆万元整; an empty text for no amount."""
    value = _decimal(amount)
    return "" if value is None else money.in_capitals(value)


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月23日; an empty text for no day."""
    return wording.in_full(value) if value else ""


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """11月23日; an empty text for no day."""
    return wording.month_and_day(value) if value else ""


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2026年11月23日 14:52; an empty text for no moment."""
    return wording.with_time(value) if value else ""


@register.filter
def weekday(value: date | datetime | None) -> str:
    """星期一; an empty text for no day."""
    return wording.weekday(value) if value else ""


@register.filter(name="period")
def period_filter(value: Any, tone: str | None = None) -> SafeString:
    """A period with its big number, from a sentence (还剩3个工作日) or an object with prefix, number, unit and tone."""
    if not value:
        return mark_safe("")
    shown = value if hasattr(value, "prefix") else wording.period(str(value), tone)
    number = format_html("<b>{}</b>", shown.number) if str(shown.number) else ""
    tone = shown.tone if tone is None else tone
    return format_html('<span class="fd-period {}">{}{}{}</span>', tone, shown.prefix, number, shown.unit)


@register.filter
def as_period(value: Any) -> Any:
    """A sentence as an object with prefix, number, unit and tone; such an object as it is; None for nothing."""
    if not value or hasattr(value, "prefix"):
        return value or None
    return wording.period(str(value))


@register.simple_tag(name="period")
def period_tag(number: Any, unit: str, prefix: str = "还剩", tone: str = "") -> SafeString:
    """A period from its parts: ``{% period 3 "个工作日" tone="due" %}``."""
    return period_filter(wording.Shown(prefix, str(number), unit, tone))


# --- pictures -------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon by its name (``icons.ICONS``; KeyError for another); hidden from readers unless it has a ``label``."""
    if label:
        inner = mark_safe(ICONS[name])
        return format_html('<svg class="fd-ico" viewBox="0 0 20 20" role="img" aria-label="{}">{}</svg>', label, inner)
    return _silent_icon(name)


@cache
def _silent_icon(name: str) -> SafeString:
    return format_html('<svg class="fd-ico" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', mark_safe(ICONS[name]))


@register.simple_tag
def hash_bars(digest: str, title: str = "校验值") -> SafeString:
    """The mark of a sha256: eight little bars and its first and last four digits; nothing for no hash."""
    if not digest:
        return mark_safe("")
    return _hash_bars(digest, title)


@lru_cache(maxsize=4096)
def _hash_bars(digest: str, title: str) -> SafeString:
    """The mark drawn; a page of a matter shows one for each entry and each piece of evidence."""
    bars = "".join(
        f'<rect x="{round(i * 3.3, 1)}" y="{round(12 - h, 1)}" width="2.3" height="{h}"/>'
        for i, h in enumerate(wording.bar_heights(digest))
    )
    return mark_safe(
        f'<span class="fd-hash" title="{escape(title)} {escape(digest)}"><svg viewBox="0 0 26 12" aria-hidden="true">{bars}</svg>'
        f"{escape(wording.short_hash(digest))}</span>"
    )


# --- what stands a dozen times on the page of a matter: put together here, as cells are ------------------------------


@register.simple_tag
def act(act: Mapping[str, Any], group: str) -> SafeString:
    """One act: {key, title, by, basis: articles, note, reasons: [{text, basis, ok}], late: sentence, form_url: htmx, url, button, body: safe html, open, plain: no act that carries the matter on}; group: mine others notyet."""
    mine = group == "mine"
    key, title, url = _plain(act["key"]), _plain(act["title"]), _plain(act.get("url") or "")
    by = f'<span class="by">{_plain(act["by"])}</span>' if act.get("by") else ""
    body, form_url = act.get("body") if mine else None, act.get("form_url") if mine else None
    parts = [f'<div class="act" id="act-{key}">']
    if body:
        parts.append(
            f'<details class="fd-act"{" open" if act.get("open") else ""}><summary><h3>{title}{by}</h3></summary>'
        )
    else:
        head = f'<a href="{url}">{title}</a>' if url and mine else title
        parts.append(f"<h3>{head}{by}</h3>")
    if act.get("basis"):
        note = f"：{_plain(act['note'])}" if act.get("note") else ""
        parts.append(f'<p class="fd-basis">{articles(act["basis"])}{note}</p>')
    if act.get("late"):
        parts.append(f'<p class="fd-why late">{icon("clock")}<span>{_plain(act["late"])}</span></p>')
    for reason in act.get("reasons") or ():
        basis = f'<span class="fd-basis">{articles(reason["basis"])}</span>' if reason.get("basis") else ""
        css, sign = (" ok", "check") if reason.get("ok") else ("", "lock")
        parts.append(f'<p class="fd-why{css}">{icon(sign)}<span>{_plain(reason["text"])}{basis}</span></p>')
    look = f"btn {'btn-plain' if act.get('plain') else 'btn-act'} fd-w-all"
    button = _plain(act.get("button") or act["title"])
    if body:
        parts.append(f'<div class="fd-act-body">{_plain(body)}</div></details>')
    elif form_url:
        parts.append(
            f'<button class="{look}" type="button" hx-get="{_plain(form_url)}" hx-target="#act-{key}" hx-swap="outerHTML">{button}</button>'
        )
    elif mine and url:
        parts.append(f'<a class="{look}" href="{url}">{button}</a>')
    return mark_safe("".join([*parts, "</div>"]))


@register.simple_tag
def entry(entry: Mapping[str, Any]) -> SafeString:
    """One entry of the journal on the line of time: {at: aware moment, title, text, hash, late, here, articles}."""
    at = timezone.localtime(entry["at"])
    css = ("here" if entry.get("here") else "") + (" late" if entry.get("late") else "")
    late = f' <span class="fd-tag late">{_plain(entry["late"])}</span>' if entry.get("late") else ""
    text = f'<br><span class="fd-ink2">{_plain(entry["text"])}</span>' if entry.get("text") else ""
    cited = f'<br><span class="fd-basis">{articles(entry["articles"])}</span>' if entry.get("articles") else ""
    return mark_safe(
        f'<li class="{css}"><time datetime="{at.isoformat()}">{cn_day(at)}<span class="fd-tiny">{at:%H:%M}</span></time>'
        f"<div><b>{_plain(entry['title'])}</b>{late}{text}{cited}</div>{hash_bars(entry['hash'], '记录的校验值')}</li>"
    )


# --- page -----------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query string of this page with ``changes`` applied; None takes a parameter away."""
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def shell(context: Context) -> slots.Shell | None:
    """The officers' shell of this request (navigation, who, search, look); None without a request."""
    request: HttpRequest | None = context.get("request")
    return slots.shell(request) if request is not None else None


@register.simple_tag(takes_context=True)
def public_shell(context: Context) -> dict[str, Any]:
    """Navigation and masthead of the public site."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {"links": [], "masthead": slots.Masthead()}
    return {"links": slots.public_navigation(request), "masthead": slots.masthead_of(request)}


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str) -> SafeString:
    """Everything upper floors have put into slot ``name`` of this page."""
    page: dict[str, Any] = {str(key): value for key, value in context.flatten().items()}
    return mark_safe("".join(slots.fill(name, page)))


@register.filter
def layout(request: Any, status: int = 200) -> str:
    """The frame of a page that tells of a refusal: a fragment for htmx, the shell for an officer, else a bare page.

    A fault (500 and above) is told on a bare page, which asks nothing of the database that may be the fault.
    """
    if getattr(request, "htmx", False) and not getattr(request.htmx, "boosted", False):
        return "ui/fragment.html"
    if status >= 500:
        return "ui/bare.html"
    user = getattr(request, "user", None)
    return "ui/base.html" if user is not None and user.is_authenticated else "ui/bare.html"


# --- forms ----------------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, **attrs: Any) -> SafeString:
    """A whole field (label, hint, control, error); attributes go to the control: ``{% field form.amount rows=3 %}``."""
    if attrs:
        bound.field.widget.attrs.update({key.replace("_", "-"): value for key, value in attrs.items()})
    return bound.as_field_group()


@register.filter
def sentences(bound: BoundField) -> list[str]:
    """The errors of a field; the bare “required” of the framework becomes what to do: 请填写…, 请选择…."""
    asked = "请选择" if isinstance(bound.field, ChoiceField | FileField) else "请填写"
    bare = str(Field.default_error_messages["required"])
    label = str(bound.label).rstrip("：:？?") if bound.label else ""
    found = []
    for error in bound.errors.as_data():
        for message in error.messages:
            found.append(f"{asked}{label}。" if label and error.code == "required" and message == bare else message)
    return found


@register.simple_tag
def form_errors(form: Any) -> list[Mapping[str, str]]:
    """The errors of a form or formset as (href, text), for the summary at its head."""
    forms = form.forms if hasattr(form, "forms") else [form]
    found: list[Mapping[str, str]] = []
    if hasattr(form, "non_form_errors"):
        found += [{"href": "", "text": text} for text in form.non_form_errors()]
    for one in forms:
        for name, messages in one.errors.items():
            if name not in one.fields:
                found += [{"href": "", "text": text} for text in messages]
                continue
            bound = one[name]
            href = "" if bound.is_hidden else f"#{bound.auto_id}"
            for text in sentences(bound):
                named = not bound.label or str(bound.label) in text
                found.append({"href": href, "text": text if named else f"{bound.label}：{text}"})
    return found


@register.simple_tag
def cell(cell: Cell) -> SafeString:
    """One cell of a ledger's table, as HTML; put together here because a page of a ledger has hundreds of them."""
    column = cell.column
    names = f"k-{cell.kind}{' r' if column.kind.numeric else ''}{' nb' if cell.whole else ''}"
    shown = _plain(_shown(cell))
    if cell.url and cell.value not in (None, ""):
        shown = f'<a href="{_plain(cell.url)}">{shown}</a>'
    small = f'<br><span class="fd-small fd-ink2">{_plain(cell.small)}</span>' if cell.small else ""
    hidden = "" if column.phone else " fd-hide-s"
    return mark_safe(f'<td role="cell" data-label="{_plain(column.title)}" class="{names}{hidden}">{shown}{small}</td>')


def _plain(value: Any) -> str:
    """A value as HTML, escaped unless it is HTML already."""
    return str(value) if hasattr(value, "__html__") else escape(str(value))


def _shown(cell: Cell) -> Any:
    """A cell's value as its kind shows it."""
    value = cell.value
    if value is None or value == "":
        return mark_safe('<span class="fd-ink3">—</span>')
    match cell.column.kind:
        case Kind.DATE:
            return cn_date(value)
        case Kind.MOMENT:
            return cn_datetime(value)
        case Kind.MONEY | Kind.NUMBER:
            return plain(value)
        case Kind.TAG:
            return mark_safe(f'<span class="fd-tag {escape(cell.tone)}">{_plain(value)}</span>')
        case Kind.PERIOD:
            return mark_safe(render_to_string("ui/part/period_tag.html", {"period": value}))
        case Kind.ARTICLES:
            return articles(value)
    return value


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """The value under ``key`` of a mapping, None when there is none."""
    return mapping.get(key) if mapping else None
