"""Every route × every role × a foreign row: not found, and nothing told; the right person, at the same address, is shown it.

The expectation stands in ``routes``, written from the bureau's rule: each organ sees its own, the city's leaders and legal
reviewers also the counties', the three administrators (三员) no matter at all.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from fadu.document.models import Paper
from fadu.org.models import Delegation
from fadu.org.roles import Role
from fadu.penalty.models import PenaltyCase
from fadu.reminder.models import Reminder
from tests.scope.routes import (
    ADMIN_OF,
    API,
    ARGUMENTS,
    CITY,
    EAST,
    ELSEWHERE,
    KEEP_THE_HOUSE,
    LISTS,
    LOOK_DOWN,
    OPEN_API,
    PLACES,
    PUBLIC,
    ROWLESS,
    ROWS,
    WEST,
    sees_the_east,
)
from tests.scope.world import AWAY, TELLING, WESTERN, World

EVERYONE = [(place, role) for place in PLACES for role in Role]
# Every role of the western county; of the city some who do not look down, and 三员 also of the rows' own county.
FOREIGN = [
    *((WEST, role) for role in Role), (CITY, Role.CASE_OFFICER), (CITY, Role.REVIEWER), (CITY, Role.CLERK),
    *((place, role) for place in (CITY, EAST) for role in sorted(KEEP_THE_HOUSE, key=str)),
]  # fmt: skip
assert not any(sees_the_east(*pair) for pair in FOREIGN)
NONE = 99_999_999  # the key of a row that does not exist


# --- what the program has -------------------------------------------------------------------------------------------


def _walk(resolver: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(name, pattern) of every route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, f"{name}{entry.namespace}:" if entry.namespace else name)
        else:
            yield f"{name}{entry.name or ''}", str(entry.pattern)


def test_every_route_says_what_it_opens() -> None:
    told = {*ROWS, *ELSEWHERE, *LISTS, *ROWLESS, *PUBLIC, *API, *OPEN_API}
    silent = []
    for name, pattern in _walk(get_resolver()):
        if name == "" and pattern == "favicon.ico":
            name = "favicon"
        if name not in told and not name.startswith("admin:"):
            silent.append(f"{name or '(no name)'} at {pattern}")
    assert not silent, (
        "a new route must say in tests/scope/routes.py which row it opens, or that it is public or opens none: "
        + "; ".join(silent)
    )


def test_the_tables_name_no_route_that_is_gone_and_none_twice() -> None:
    known = {name or "favicon" for name, _ in _walk(get_resolver())}
    tables = [*ROWS, *ELSEWHERE, *LISTS, *ROWLESS, *PUBLIC, *API, *OPEN_API]
    assert not set(tables) - known, "these routes are gone"
    assert len(tables) == len(set(tables)), "a route opens one thing"


def test_what_is_tried_elsewhere_is_tried_there() -> None:
    root = Path(__file__).resolve().parents[2]
    for file in set(ELSEWHERE.values()):
        assert "404" in (root / file).read_text(), file


def test_the_administration_holds_reference_data_only() -> None:
    models = {name.split(":")[1].split("_")[0] for name, _ in _walk(get_resolver()) if name.endswith("_changelist")}
    # Django's own groups and the queue stand there too; nobody has the right to open them, see below
    assert models - {"auth", "procrastinate"} == ADMIN_OF


# --- asking and reading the answers -----------------------------------------------------------------------------------


def text_of(answer: Any) -> str:
    """All that an answer tells: its page, or the words in its PDF, docx, xlsx or ZIP; its headers too."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    told = " ".join(str(value) for value in answer.headers.values())
    if kind == "application/pdf":
        return told + "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if "spreadsheetml" in kind:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
        return told + " ".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return told + "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return told + body.decode("utf-8", "replace")


def leaks(answer: Any, asked: str = "") -> list[str]:
    """The eastern values that the answer tells; the words asked for, which a search repeats, do not count."""
    text = text_of(answer)
    return [value for value in TELLING if value in text and value not in asked]


def address(name: str, key: int) -> str:
    """The address of a route on a row."""
    return reverse(name, kwargs={"pk": key, **ROWS[name].more})


def in_charge(world: World, name: str, key: int, place: str, role: Role) -> bool:
    """Whether this person may see the row, by the bureau's rule; what is one person's own is that person's."""
    opens = ROWS[name]
    if opens.rows == "reminder":
        return Reminder.objects.get(pk=key).officer_id == world.person(place, role).pk
    if opens.rows == "delegation":  # of the organ; 安全管理员 may end any, which is what they are there for
        return place == EAST or role is Role.SECURITY
    if opens.organ_only:
        return place == EAST and role in opens.may
    if opens.city and place == CITY:
        return role not in KEEP_THE_HOUSE
    return sees_the_east(place, role)


# --- rows ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
def test_a_foreign_row_is_not_found_and_tells_nothing(world: World, name: str) -> None:
    wrong = []
    for place, role in FOREIGN:
        client = world.client(place, role)
        keys = world.rows[ROWS[name].rows]
        for key in keys if place == WEST else keys[:1]:
            if in_charge(world, name, key, place, role):
                continue
            for method in ("get", "post") if place == WEST else ("post",) if ROWS[name].posts else ("get",):
                answer = getattr(client, method)(address(name, key))
                expected = 405 if _no_method(answer) else 403 if role not in ROWS[name].may else 404
                if answer.status_code != expected or leaks(answer):
                    wrong.append(f"{place} {role.title} {method} {answer.status_code} {leaks(answer)}")
    assert not wrong, "\n".join(wrong)


def _no_method(answer: Any) -> bool:
    """Whether the answer is that the route does not take this method, which says nothing of any row."""
    return answer.status_code == 405 and answer.request["REQUEST_METHOD"] not in answer.headers["Allow"]


def _plain(answer: Any) -> str:
    """The page without what differs from request to request: keys of rows, tokens, the number of the request."""
    return re.sub(r"[0-9A-Za-z_-]{12,}|\d+", "", answer.content.decode())


@pytest.mark.parametrize("name", ROWS)
def test_a_foreign_row_is_answered_as_one_that_does_not_exist(world: World, name: str) -> None:
    """Else the answer itself tells that the row exists."""
    _, role = ROWS[name].right
    for method in ("get", "post"):
        foreign, none = (
            getattr(world.client(WEST, role), method)(address(name, key))
            for key in (world.rows[ROWS[name].rows][0], NONE)
        )
        assert foreign.status_code == none.status_code
        assert _plain(foreign) == _plain(none)


@pytest.mark.parametrize("name", ROWS)
def test_the_right_person_is_shown_it(world: World, name: str) -> None:
    """Without this the test above could pass because nobody sees anything."""
    opens = ROWS[name]
    shown = 0
    for key in world.rows[opens.rows]:
        place, role = opens.right
        client = world.client(place, role)
        if opens.rows == "reminder":
            officer = Reminder.objects.get(pk=key).officer
            owners = [pair for pair in EVERYONE if world.person(*pair) == officer]
            if not owners:
                continue
            client = world.client(*owners[0])
        answer = client.post(address(name, key)) if opens.posts else client.get(address(name, key))
        # whether an act may be taken now is the door's to say; that there is something to act on is shown by any refusal
        assert answer.status_code in ((302, 403, 409, 422) if opens.posts else (200,)), (key, answer.status_code)
        if opens.shows:
            assert any(value in text_of(answer) for value in opens.shows), key
        shown += 1
    assert shown


@pytest.mark.parametrize(
    "name",
    [
        "procedure:matter",
        "procedure:application",
        "inspection:onsite",
        "subject:page",
        "subject:edit",
        "document:paper",
        "record:evidence",
    ],
)
def test_who_is_in_charge_sees_it_whatever_the_role(world: World, name: str) -> None:
    """Own organ: every working post; the city: those who lead or review the law. 403 only where the act is not theirs."""
    key = world.rows[ROWS[name].rows][0]
    for place, role in EVERYONE:
        if sees_the_east(place, role):
            status = world.client(place, role).get(address(name, key)).status_code
            assert status == 200 or (name == "subject:edit" and status == 403), (place, role.title, status)


@pytest.mark.parametrize("name", ROWS)
def test_nobody_is_sent_to_the_login(world: World, name: str) -> None:
    for key in world.rows[ROWS[name].rows]:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address(name, key))
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith(reverse("org:login"))
            assert not leaks(answer)


# --- lists ------------------------------------------------------------------------------------------------------------------


def _lists(world: World) -> Iterator[tuple[str, str]]:
    for name, (queries, _) in LISTS.items():
        for query in queries:
            yield name, query.format(subject=world.rows["subject"][0])


def _url(name: str) -> str:
    return reverse(name, kwargs=ARGUMENTS.get(name, {}))


@pytest.mark.parametrize(("place", "role"), FOREIGN, ids=[f"{place}-{role.value}" for place, role in FOREIGN])
def test_lists_exports_search_and_desk_hold_nothing_foreign(world: World, place: str, role: Role) -> None:
    client, wrong = world.client(place, role), []
    for name, query in _lists(world):
        answer = client.get(_url(name) + query)
        if role not in LISTS[name][1]:
            if answer.status_code not in (403, 404) or leaks(answer):
                wrong.append(f"{name}{query}: {answer.status_code} for a role that may not use it")
        elif answer.status_code != 200:
            wrong.append(f"{name}{query}: {answer.status_code}")
        elif told := leaks(answer, query):
            wrong.append(f"{name}{query} tells {told}")
    assert not wrong, "\n".join(wrong)


def test_the_words_asked_for_find_no_foreign_row(world: World) -> None:
    """A search repeats its words, so the rows themselves are looked at; the right person finds them by the same words."""
    case = PenaltyCase.objects.get(pk=world.rows["matter"][0])
    number = Paper.objects.filter(case_file=case.case_file).exclude(number="").latest("pk").number
    finds = {"matters": "甲山矿业", "papers": number, "subjects": "甲山矿业"}
    for place, role in [*FOREIGN, *((place, role) for place in (CITY, EAST) for role in LOOK_DOWN), (EAST, Role.CLERK)]:
        for part, words in finds.items():
            answer = world.client(place, role).get(reverse("procedure:search"), {"q": words})
            assert bool(answer.context[part]) is sees_the_east(place, role), (place, role.title, part)


COUNTED = {  # (the east, the west) by hand: what world.build makes
    "inspection:visits": (2, 0), "inspection:findings": (1, 0), "penalty:clues": (2, 1), "penalty:ledger": (1, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_counts_and_exported_rows_are_those_of_the_scope(world: World, name: str) -> None:
    east, west = COUNTED[name]
    for place, role in EVERYONE:
        expected = east if sees_the_east(place, role) else 0
        if sees_the_east(place, role) and place != EAST:
            expected += west
        if place == WEST and role not in {Role.ADMIN, Role.SECURITY, Role.AUDITOR}:
            expected = west
        client = world.client(place, role)
        assert client.get(reverse(name), {"tab": "all"}).context["listing"].count == expected, (place, role.title)
        if role not in (Role.PRINCIPAL_HEAD, Role.CLERK, Role.AUDITOR):
            continue
        exported = client.get(reverse(name), {"tab": "all", "export": "xlsx"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(exported.streaming_content)), read_only=True)
        assert len(list(book.worksheets[0].values)) == expected + 1, (place, role.title)  # one row of titles


def test_counts_by_tab_and_register(world: World) -> None:
    """监管对象: the east has its enterprises and the person, the west its one."""
    east, west = len(world.rows["subject"]), len(world.western["subject"])
    for place, role in EVERYONE:
        sees_west = place == WEST and role not in {Role.ADMIN, Role.SECURITY, Role.AUDITOR}
        expected = east + west if place not in (EAST, WEST) and sees_the_east(place, role) else 0
        expected = east if place == EAST and sees_the_east(place, role) else west if sees_west else expected
        answer = world.client(place, role).get(reverse("subject:list"))
        assert answer.context["listing"].count == expected, (place, role.title)


def test_the_western_people_see_their_own(world: World) -> None:
    client = world.client(WEST, Role.CLERK)
    for address in ("/subject/", "/penalty/clues/", "/search/?q=乙水"):
        assert WESTERN in text_of(client.get(address)), address


def test_the_eastern_people_see_theirs_in_every_list(world: World) -> None:
    for name, query, role in (
        ("inspection:visits", "?tab=all&export=xlsx", Role.REVIEWER), ("inspection:findings", "?tab=all", Role.REVIEWER),
        ("penalty:ledger", "?tab=all&export=xlsx", Role.TREASURER), ("penalty:clues", "?tab=all", Role.PUBLISHER),
        ("subject:list", "?export=xlsx", Role.ARCHIVIST), ("subject:ledger", "", Role.CLERK),
        ("procedure:desk", "", Role.CASE_OFFICER), ("inspection:today", "", Role.CASE_OFFICER),
    ):  # fmt: skip
        assert leaks(world.client(EAST, role).get(reverse(name) + query)), name


def test_why_a_head_is_away_is_told_within_the_organ(world: World) -> None:
    for place, role in EVERYONE:
        told = AWAY in text_of(world.client(place, role).get(reverse("org:delegations")))
        assert told is (place == EAST or role is Role.SECURITY), (place, role.title)


# --- routes without rows -------------------------------------------------------------------------------------------------


def _reach(world: World, name: str) -> str:
    """The address of a route that opens no row of an organ; the person, organ and account are eastern ones."""
    person = world.person(EAST, Role.CLERK)
    found = {
        "officer": person.pk, "organ": world.town.east.pk, "disclosure": world.rows["disclosure"][0], "user": person.user_id,
    }  # fmt: skip
    given = {key: found.get(value, value) for key, value in ARGUMENTS.get(name, {}).items()}
    return "/favicon.ico" if name == "favicon" else reverse(name, kwargs=given)


@pytest.mark.parametrize("name", ROWLESS)
def test_a_page_without_rows_tells_nothing_of_any_matter_and_opens_to_its_roles(world: World, name: str) -> None:
    for role in Role:
        for method in ("get", "post") if name != "org:logout" else ("get",):
            answer = getattr(world.client(WEST, role), method)(_reach(world, name))
            told = [value for value in leaks(answer) if name != "org:organ" or value != "晋示东）"]  # which papers bear
            assert not told, (role.title, method)
            if role not in ROWLESS[name]:
                assert answer.status_code in (403, 405), (role.title, method, answer.status_code)


@pytest.mark.parametrize("name", [*ROWLESS, *LISTS])
def test_nobody_gets_past_the_login(world: World, name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(_reach(world, name))
        assert answer.status_code == 302, (method, answer.status_code)
        assert answer.headers["Location"].startswith(reverse("org:login"))


def _admin_routes(world: World) -> Iterator[str]:
    """Every page of 基础数据, on an eastern row where it takes one."""
    from django.contrib import admin
    from django.contrib.admin.sites import all_sites

    assert [site.name for site in all_sites] == ["admin"]
    yield from (
        reverse(f"admin:{one}")
        for one in ("index", "password_change", "password_change_done", "jsi18n", "autocomplete")
    )
    for label in ("auth", "procrastinate", "law", "org"):
        yield reverse("admin:app_list", args=[label])
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        key = row.pk if row is not None else 1
        yield from (reverse(f"{base}_changelist"), reverse(f"{base}_add"))
        yield from (reverse(f"{base}_{what}", args=[key]) for what in ("change", "history", "delete"))


def test_reference_data_is_for_its_administrator_and_holds_no_matter(world: World) -> None:
    wrong = []
    people = (Role.ADMIN, Role.SECURITY, Role.PRINCIPAL_HEAD)
    clients = {None: Client()} | {role: world.client(WEST, role) for role in people}
    for url in list(_admin_routes(world)):
        for who, client in clients.items():
            for method in ("get", "post") if who is Role.ADMIN else ("get",):
                answer = getattr(client, method)(url)
                closed = answer.status_code in (302, 403, 404, 405)
                for_nobody = any(part in url for part in ("/auth/", "/procrastinate/"))
                if leaks(answer) or (not closed and (who is not Role.ADMIN or for_nobody)):
                    wrong.append(f"{who} {method} {url}: {answer.status_code} {leaks(answer)}")
    assert not wrong, "\n".join(wrong)


# --- the public ---------------------------------------------------------------------------------------------------------------

PERSONAL = ("赵示六", "孙示七", "周示八", "赵示甲", "张某一", "刘某二", "钱举报", "13803550001")
ID_NUMBER = re.compile(r"14040019800101\d{3}[0-9X]")


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_the_public_pages_mask_every_person(world: World, name: str) -> None:
    """《行政处罚法》第五十条: 个人隐私; what is public is the enterprise, the act and the penalty (48)."""
    for query in ("", "?q=甲山", "?q=周示八&page=1"):
        url = _reach(world, name)
        asked = query.partition("=")[2].partition("&")[0]
        text = text_of(Client().get(url + query))
        assert not [value for value in PERSONAL if value in text and value != asked], query
        assert not ID_NUMBER.search(text)


def test_the_public_is_shown_the_decision(world: World) -> None:
    assert "甲山矿业" in text_of(Client().get("/public/penalties/"))
    text = text_of(Client().get(reverse("publicity:decision", args=[world.rows["disclosure"][0]])))
    assert "罚款" in text


@pytest.mark.parametrize("row", ["paper"])
def test_a_verified_paper_does_not_say_whom_it_is_about(world: World, row: str) -> None:
    for key in world.rows[row]:
        code = Paper.objects.get(pk=key).verify_code
        answer = Client().get(reverse("document:verify", args=[code]))
        assert answer.status_code == 200
        assert [value for value in leaks(answer) if value != "晋示东）"] == []


def test_strangers_are_refused_by_the_api_without_a_login_page(world: World) -> None:
    assert Client().post("/api/v1/check-penalty", {}, content_type="application/json").status_code == 401
    assert Client().get("/api/v1/check-penalty").status_code in (401, 405)
    assert Client().get("/api/v1/").status_code in (401, 404)


def test_a_delegation_can_be_taken_back_by_the_security_administrator_of_another_organ(world: World) -> None:
    """安全管理员 ends any delegation (docs/accounts.md); that is why it is no foreign row to them."""
    answer = world.client(WEST, Role.SECURITY).post(address("org:revoke", world.rows["delegation"][0]))
    assert answer.status_code == 302
    assert Delegation.objects.get(pk=world.rows["delegation"][0]).revoked_at
