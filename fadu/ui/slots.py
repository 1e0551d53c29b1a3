"""The registries by which upper floors add to pages of lower floors: slots, navigation, the masthead, who is asking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLResolver, get_resolver, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Renderer = Callable[[Mapping[str, Any]], str | None]

# --- slots ----------------------------------------------------------------------------------------------------------

_fillers: dict[str, dict[str, tuple[int, Renderer]]] = {}


def slot(name: str, *, order: int = 100) -> Callable[[Renderer], Renderer]:
    """Decorator: what the function answers stands in slot ``name`` of a page, smaller ``order`` first.

    The function is given the page's context and answers HTML (a SafeString; plain text is escaped) or None for
    nothing. Registering the same function again replaces it.
    """

    def register(renderer: Renderer) -> Renderer:
        _fillers.setdefault(name, {})[f"{renderer.__module__}.{renderer.__qualname__}"] = (order, renderer)
        return renderer

    return register


def fill(name: str, context: Mapping[str, Any]) -> list[SafeString]:
    """Everything that stands in slot ``name`` for this page, in order."""
    answers = (renderer(context) for _, renderer in sorted(_fillers.get(name, {}).values(), key=lambda pair: pair[0]))
    return [conditional_escape(answer) for answer in answers if answer]


# --- navigation -----------------------------------------------------------------------------------------------------


class Group(Enum):
    """The groups of the left navigation, in the order in which they stand."""

    DESK = "工作台"
    INSPECTION = "检查"
    CASES = "案件"
    WARNINGS = "预警叫应"
    SUBJECTS = "监管对象"
    LAW = "法规"
    PUBLIC = "公开"
    MANAGE = "管理"


def everyone(request: HttpRequest) -> bool:
    """The permission of an entry that all who are logged in may see."""
    return True


@dataclass(frozen=True)
class NavEntry:
    """One entry of the navigation.

    url_name: reversed without arguments; icon: a name of ``icons.ICONS``; allowed: who sees it; count: a number beside
    it (one query at most, None for no number); on_phone: stands in the bar at the foot of a phone (the first four).
    short: its name there when ``title`` is longer than four characters.
    """

    group: Group
    title: str
    url_name: str
    icon: str = "list"
    order: int = 100
    allowed: Callable[[HttpRequest], bool] = everyone
    count: Callable[[HttpRequest], int | None] | None = None
    on_phone: bool = False
    short: str = ""


@dataclass(frozen=True)
class NavLink:
    """An entry as it stands on one page."""

    title: str
    short: str
    url: str
    icon: str
    count: int | None
    on_phone: bool
    current: bool = False


@dataclass(frozen=True)
class NavGroup:
    """A group with the links this person may see; a group of one link stands as that link alone."""

    title: str
    links: tuple[NavLink, ...]

    @property
    def open(self) -> bool:
        """Whether the present page belongs to this group."""
        return any(link.current for link in self.links)


_entries: dict[str, NavEntry] = {}
_public: dict[str, NavEntry] = {}


def nav(entry: NavEntry) -> NavEntry:
    """Add an entry to the officers' navigation (again for the same url_name: replace it)."""
    _entries[entry.url_name] = entry
    return entry


def public_nav(title: str, url_name: str, *, order: int = 100) -> None:
    """Add an entry to the navigation of the public site."""
    _public[url_name] = NavEntry(Group.PUBLIC, title, url_name, order=order)


def _links(entries: list[NavEntry], request: HttpRequest) -> list[tuple[NavEntry, NavLink]]:
    """Entries as links, the one whose address is the longest beginning of the present path marked as current."""
    known = [(entry, url) for entry in entries if (url := _url(entry.url_name))]
    # the root address begins every path, so it is current only on itself
    under = [url for _, url in known if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(under, key=len, default=None)
    return [
        (
            entry,
            NavLink(
                entry.title,
                entry.short or entry.title,
                url,
                entry.icon,
                entry.count(request) if entry.count else None,
                entry.on_phone,
                url == current,
            ),
        )
        for entry, url in known
    ]


def navigation(request: HttpRequest) -> list[NavGroup]:
    """The officers' navigation as this request may see it, in groups."""
    allowed = [entry for entry in _entries.values() if entry.allowed(request)]
    pairs = _links(sorted(allowed, key=lambda entry: entry.order), request)
    groups: dict[Group, list[NavLink]] = {group: [] for group in Group}
    for entry, link in pairs:
        groups[entry.group].append(link)
    return [NavGroup(group.value, tuple(links)) for group, links in groups.items() if links]


def public_navigation(request: HttpRequest) -> list[NavLink]:
    """The navigation of the public site."""
    return [link for _, link in _links(sorted(_public.values(), key=lambda entry: entry.order), request)]


# --- who is asking, and whose house this is -------------------------------------------------------------------------


@dataclass(frozen=True)
class Identity:
    """The person logged in, as the shell shows them: name, organ, one line per post."""

    name: str
    organ: str = ""
    posts: tuple[str, ...] = ()
    profile_url: str = ""
    logout_url: str = ""


@dataclass(frozen=True)
class Masthead:
    """The bureau whose public site this is: its name, telephone for supervision, the day of the contents."""

    name: str = "应急管理局"
    phone: str = ""
    note: str = ""


_identity: list[Callable[[HttpRequest], Identity | None]] = []
_masthead: list[Callable[[HttpRequest], Masthead | None]] = []
_article_url: list[Callable[[str], str | None]] = []
_search: list[str] = ["search"]


def identity(provider: Callable[[HttpRequest], Identity | None]) -> Callable[[HttpRequest], Identity | None]:
    """Decorator: the function that says who is logged in (the last registered counts)."""
    _identity[:] = [provider]
    return provider


def identity_of(request: HttpRequest) -> Identity | None:
    """The person logged in, by the registered provider or else by the bare user name; None for a visitor."""
    who = _identity[0](request) if _identity else None
    if who is None and getattr(request, "user", None) is not None and request.user.is_authenticated:
        who = Identity(request.user.get_username())
    return who


def masthead(provider: Callable[[HttpRequest], Masthead | None]) -> Callable[[HttpRequest], Masthead | None]:
    """Decorator: the function that names the bureau on the public site."""
    _masthead[:] = [provider]
    return provider


def article_url(provider: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Decorator: the function that gives the address of an article's page, from its printed form 《…》第…条."""
    _article_url[:] = [provider]
    return provider


def search_at(url_name: str) -> None:
    """Name the page that answers the search box of the shell (``q`` in the query string)."""
    _search[:] = [url_name]


def article_addresses() -> Callable[[str], str | None] | None:
    """What answers the address of an article's page; None when no floor offers one."""
    return _article_url[0] if _article_url else None


def _url(name: str) -> str:
    return _address(name, get_script_prefix(), get_resolver(get_urlconf()))


def address_of(name: str, key: int, word: str = "") -> str:
    """The address of the page ``name`` of the number ``key`` (and of ``word`` beside it); a page asks for dozens of them."""
    return _pattern(name, word, get_script_prefix(), get_resolver(get_urlconf())).replace(MARK, str(key))


MARK = "9876543210"


@cache
def _pattern(name: str, word: str, prefix: str, routes: URLResolver) -> str:
    """Such an address among these routes, with a mark where the number stands."""
    return reverse(name, args=[int(MARK), *([word] if word else [])])


@cache
def _address(name: str, prefix: str, routes: URLResolver) -> str:
    """The address of a page without arguments among these routes; the same for everybody, and asked for dozens of times a page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Shell:
    """All that the officers' shell shows around a page."""

    groups: list[NavGroup]
    bar: list[NavLink]
    identity: Identity | None
    home_url: str
    search_url: str
    theme: str

    @cached_property
    def nav(self) -> SafeString:
        """The navigation; it stands twice on a page, beside it and at the foot of a phone, and is drawn once."""
        return _drawn(tuple(self.groups))


@lru_cache(maxsize=512)
def _drawn(groups: tuple[NavGroup, ...]) -> SafeString:
    """The navigation of these groups; who has the same posts sees the same on the same page."""
    return mark_safe(render_to_string("ui/part/nav.html", {"groups": groups}))


def theme_of(request: HttpRequest) -> str:
    """The look this browser has chosen, ``light`` when none."""
    return "dark" if request.COOKIES.get("fd_theme") == "dark" else "light"


def home_url() -> str:
    """Where a person who is logged in starts."""
    try:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    except NoReverseMatch:
        return "/"


def shell(request: HttpRequest) -> Shell:
    """Gather the officers' shell for one request."""
    groups = navigation(request)
    bar = [link for group in groups for link in group.links if link.on_phone][:4]
    return Shell(groups, bar, identity_of(request), home_url(), _url(_search[0]), theme_of(request))


def masthead_of(request: HttpRequest) -> Masthead:
    """The bureau named on the public site."""
    return (_masthead[0](request) if _masthead else None) or Masthead()
