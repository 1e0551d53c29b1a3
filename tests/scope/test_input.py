"""Whatever is sent, the program answers with a page: an error at the field, a refusal, a way on; never with a crash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fadu.inspection.tests import universe as visits
from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe as cases
from fadu.procedure import registry
from fadu.procedure.declare import Procedure
from fadu.procedure.forms import StepForm
from fadu.procedure.models import Matter
from fadu.response.tests import universe as responses
from fadu.subject.tests.universe import enterprise
from tests.scope import nasty
from tests.scope.routes import EAST, LISTS, PUBLIC
from tests.scope.test_matrix import _reach
from tests.scope.world import World

few = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
    "derandomize": True,
    "phases": [Phase.generate],
}


@pytest.fixture(scope="module")
def stages(built: World, django_db_blocker: Any) -> Iterator[dict[str, Matter]]:
    """Eastern matters in the states in which most steps can be taken; undone at the end of this file."""
    from fadu.penalty.tests.universe import Bureau

    with django_db_blocker.unblock(), transaction.atomic():
        town = built.town
        with clock.at(cases.START):
            made = PenaltyCase.objects.filter(organ=town.east).earliest("pk")
        first = town.of(town.east, Role.CASE_OFFICER)
        second = made.assignments.exclude(officer=first).first().officer
        people = (Role.REVIEWER, Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.TREASURER, Role.PUBLISHER, Role.ARCHIVIST, Role.CLERK)  # fmt: skip
        bureau = Bureau(town.east, first, second, *(town.of(town.east, role) for role in people))
        found: dict[str, Matter] = {
            "clue": cases.clue(bureau),
            "investigated": cases.investigated(bureau),
            "notified": cases.notified(bureau),
            "served": cases.served(bureau),
        }
        subject = enterprise(town.east, "示东丙铸造有限公司", 931)
        here = visits.Bureau(town.east, dict(town.officers[EAST]), second=second, subject=subject)
        found |= {"on_site": visits.on_site(here), "rectifying": visits.rectifying(here)}
        found["warned"] = responses.opened(town)
        yield found
        transaction.set_rollback(True)


def sent(data: st.DataObject, controls: list[nasty.Control]) -> dict[str, Any]:
    """A filled page; lone halves of characters cannot be sent by a browser, JSON can hold them."""
    values = {control.name: data.draw(control.values, label=control.name) for control in controls}
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }


def post(client: Client, url: str, values: dict[str, Any]) -> int:
    """The status of the answer; an exception in a view comes out here. What was written is undone."""
    with transaction.atomic():
        status: int = client.post(url, values).status_code
        transaction.set_rollback(True)
    return status


def no_crash(client: Client, url: str, examples: int, form: str = "") -> None:
    """Fill in the page in many ways; ``form``: what to fill in where the page offers nothing now."""
    page = client.get(url)
    controls = nasty.controls(page.content.decode()) or nasty.controls(form)
    assert page.status_code == 200
    assert controls, url

    @settings(max_examples=examples, **few)
    @given(st.data())
    def filled(data: st.DataObject) -> None:
        assert post(client, url, sent(data, controls)) < 500

    filled()


# --- forms of steps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(registry.forms))
def test_the_form_of_a_step_takes_anything_and_says_what_is_wrong(
    world: World, stages: dict[str, Matter], code: str
) -> None:
    """Each form bound to arbitrary values is valid or not, shows itself again, and its payload is JSON or refused."""
    kinds = {"inspection": "rectifying", "response": "warned"}
    matter = stages[kinds.get(code.partition(".")[0], "served")]
    _bind(code, matter, world.person(EAST, Role.CASE_OFFICER))


def _html(form: StepForm) -> str:
    """A step's form with its repeated parts, the number of the matter's state, and an opinion for those that are proposed."""
    more = "".join(f'<input name="{name}">' for name in ("revision", "late_reason", "opinion", "cosigner"))
    return f'<form method="post">{form}{"".join(str(rows) for _, rows in form.parts)}{more}</form>'


def _bind(code: str, matter: Matter, officer: Officer) -> None:
    blank = registry.forms[code](matter=matter, officer=officer)
    controls = nasty.controls(_html(blank))

    @settings(max_examples=6, **few)
    @given(st.data())
    def bound(data: st.DataObject) -> None:
        query, files = QueryDict(mutable=True), MultiValueDict()
        for control in controls:
            value = data.draw(control.values | st.just(nasty.SURROGATE), label=control.name)
            if value is not None:
                (files if hasattr(value, "read") else query).appendlist(control.name, value)
        form = registry.forms[code](query, files, matter=matter, officer=officer)
        form.is_valid()
        str(form)

    bound()


def _acts() -> list[tuple[str, str]]:
    """(matter, step): every step, on a matter in which it can be taken where there is one."""
    states = {"clue": "CLUE", "investigated": "INVESTIGATING", "notified": "NOTIFIED", "served": "SERVED", "on_site": "ON_SITE", "rectifying": "RECTIFYING"}  # fmt: skip
    found: dict[tuple[str, str], str] = {}
    for code, kinds in (("penalty.ordinary", ("clue", "investigated", "notified", "served")), ("inspection.routine", ("on_site", "rectifying"))):  # fmt: skip
        procedure = Procedure.version(code, cases.START)
        for kind in kinds:
            for name, step in procedure.steps.items():
                if procedure.State[states[kind]] in step.sources or (code, name) not in found:
                    found[(code, name)] = kind
    return [(kind, name) for (_, name), kind in found.items()]


@pytest.mark.parametrize(("kind", "step"), _acts())
def test_an_act_posted_with_anything_is_answered(world: World, stages: dict[str, Matter], kind: str, step: str) -> None:
    matter = stages[kind]
    declared = matter.procedure.steps[step]
    role = next((role for role in declared.by if role is not Role.CASE_OFFICER), Role.CASE_OFFICER)
    role = Role.CASE_OFFICER if Role.CASE_OFFICER in declared.by or declared.approval else role
    form = _html(registry.forms[declared.code](matter=matter, officer=world.person(EAST, role)))
    no_crash(world.client(EAST, role), reverse("procedure:act", args=[matter.pk, step]), 3, form)


# --- the other pages ----------------------------------------------------------------------------------------------------------

PAGES: list[tuple[str, Role | None]] = [
    ("/login/", None), ("/subject/new/unit/", Role.CLERK), ("/subject/new/business/", Role.CLERK), ("/subject/new/person/", Role.CLERK),
    ("/subject/{subject}/edit/", Role.CLERK), ("/subject/import/", Role.CLERK), ("/inspection/new/", Role.CASE_OFFICER),
    ("/response/places/import/", Role.CLERK), ("/response/places/new/", Role.CLERK),
    ("/penalty/clues/new/", Role.CLERK), ("/reminders/preferences/", Role.CLERK), ("/delegations/", Role.PRINCIPAL_HEAD),
    ("/account/password/", Role.CLERK), ("/law/import/", Role.ADMIN),
    ("/matter/{matter}/", Role.CASE_OFFICER), ("/matter/{matter}/export/", Role.ARCHIVIST),
    ("/verify/{code}/", None), ("/admin/org/user/add/", Role.ADMIN), ("/admin/org/officer/add/", Role.ADMIN), ("/admin/law/parameter/add/", Role.ADMIN),
    ("/admin/org/organ/{organ}/change/", Role.ADMIN), ("/admin/org/appointment/add/", Role.ADMIN),
]  # fmt: skip
POSTS = {  # addresses that are only posted to, with the names that they read
    "/matter/{matter}/comment/": ("text",), "/application/{application}/opinion/": ("agreed", "reason", "stage"),
    "/application/{application}/cosign/": ("stage",), "/application/{application}/withdraw/": ("reason",),
    "/reminders/{reminder}/open/": (), "/reminders/read/": (), "/account/factor/confirm/": ("code",), "/account/factor/begin/": ("code",),
    "/account/factor/renew/": ("what", "password", "code"), "/delegations/{delegation}/revoke/": ("reason",),
    "/security/address/": ("address",), "/security/grants/1/": ("decision", "reason"), "/login/code/": ("code",),
    "/inspection/{visit}/onsite/": ("step", "client_token", "started_at"), "/inspection/{visit}/onsite/problems/": ("step", "client_token", "text"),
    "/inspection/{visit}/onsite/sign/": ("step", "client_token"), "/inspection/{visit}/onsite/reinspect/": ("client_token", "late_reason"),
    "/matter/{matter}/act/reassign/": ("late_reason", "revision", "reason"), "/subject/import/{import}/confirm/": ("x",),
}  # fmt: skip


def _filled(world: World, url: str) -> str:
    from fadu.document.models import Paper

    keys = {name: keys[0] for name, keys in world.rows.items()}
    keys["matter"] = world.rows["matter"][1]
    code = Paper.objects.get(pk=world.rows["paper"][0]).verify_code
    return url.format(**keys, organ=world.town.east.pk, code=code)


@pytest.mark.parametrize(("url", "role"), PAGES)
def test_a_page_filled_in_with_anything_is_answered(world: World, url: str, role: Role | None) -> None:
    no_crash(Client() if role is None else world.client(EAST, role), _filled(world, url), 6)


@pytest.mark.parametrize("kind", ["begin", "checklist", "problems", "sign", "reinspect"])
def test_the_pages_on_site_take_anything(world: World, stages: dict[str, Matter], kind: str) -> None:
    arranged = world.rows["visit"][1]
    on_site, rectifying = stages["on_site"].pk, stages["rectifying"].pk
    url = {
        "begin": f"/inspection/{arranged}/onsite/", "checklist": f"/inspection/{on_site}/onsite/", "problems": f"/inspection/{on_site}/onsite/problems/",
        "sign": f"/inspection/{on_site}/onsite/sign/", "reinspect": f"/inspection/{rectifying}/onsite/reinspect/",
    }[kind]  # fmt: skip
    no_crash(world.client(EAST, Role.CASE_OFFICER), url, 8)


@pytest.mark.parametrize("url", POSTS)
def test_an_address_posted_to_with_anything_answers(world: World, url: str) -> None:
    names = POSTS[url]
    people = [
        None if url.startswith("/login") else Role.SECURITY if "security" in url else Role.CASE_OFFICER,
        Role.REVIEWER,
    ]

    @settings(max_examples=6, **few)
    @given(st.sampled_from(people), st.fixed_dictionaries(dict.fromkeys(names, nasty.value)))
    def posted(role: Role | None, values: dict[str, str]) -> None:
        client = Client() if role is None else world.client(EAST, role)
        clean = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
        assert post(client, _filled(world, url), clean) < 500

    for worst in (nasty.NUL, "9" * 5000):
        for role in people:
            client = Client() if role is None else world.client(EAST, role)
            assert post(client, _filled(world, url), dict.fromkeys(names, worst)) < 500
    posted()


# --- query strings ----------------------------------------------------------------------------------------------------------

NAMES = (
    "q", "page", "sort", "tab", "export", "on", "organ", "since", "until", "state", "source", "sector", "division", "risk", "level", "officer", "chain",
    "subject", "party", "view", "law", "article", "target", "kind", "provision", "old", "new", "all", "download", "next", "code", "outcome", "address", "year",
)  # fmt: skip
ADDRESSES = [
    *LISTS, *sorted(PUBLIC - {"ui:styleguide_refusal"}), "org:people", "org:logins", "org:changes", "org:security", "reminder:deliveries",
    "law:check_penalty",
]  # fmt: skip
AUDITED = {"org:logins": Role.AUDITOR, "org:changes": Role.AUDITOR, "org:security": Role.SECURITY, "reminder:deliveries": Role.ADMIN, "record:readings": Role.PRINCIPAL_HEAD}  # fmt: skip


@pytest.mark.parametrize("name", ADDRESSES)
def test_any_query_string_is_answered(world: World, name: str) -> None:
    url, role = _reach(world, name), AUDITED.get(name, Role.CLERK)
    client = Client() if name in PUBLIC else world.client(EAST, role)

    def answered(pairs: list[tuple[str, str]]) -> None:
        with transaction.atomic():
            assert client.get(f"{url}?{nasty.query(pairs)}").status_code < 500
            transaction.set_rollback(True)

    for worst in (nasty.NUL, "9" * 5000, nasty.SURROGATE):  # what has broken programs before, in every place at once
        answered([(name, worst) for name in NAMES if name not in ("next", "export", "tab")])
        answered([("q", worst), ("tab", worst)])

    @settings(max_examples=6, **few)
    @given(st.lists(st.tuples(st.sampled_from(NAMES), nasty.value), max_size=5))
    def asked(pairs: list[tuple[str, str]]) -> None:
        answered(pairs)

    asked()


@pytest.mark.parametrize("path", [
    "/verify/%00/", "/verify/" + "A" * 300 + "/", "/procedures/%00/", "/procedures/%E6%97%A0/", "/law/wsl/%00/", "/law/wsl/" + "9" * 5000 + "/", "/law/%00/",
    "/law/holidays/" + "9" * 5000 + "/", "/matter/" + "9" * 30 + "/", "/matter/" + "9" * 5000 + "/", "/public/penalties/" + "9" * 30 + "/",
    "/record/evidence/" + "9" * 30 + "/", "/paper/" + "9" * 30 + "/pdf/", "/inspection/1/preview/%00/", "/%00", "/%ED%A0%80/", "/ui/refusal/" + "9" * 30 + "/",
    "/application/1/draft/" + "9" * 40 + "/", "/matter/1/act/nothing/", "/subject/" + "9" * 30 + "/edit/", "/reminders/" + "9" * 30 + "/open/",
    "/admin/org/organ/%00/change/", "/admin/org/organ/" + "9" * 5000 + "/change/", "/admin/?p=%00", "/admin/org/user/?q=%00", "/admin/org/officer/?o=x.y&e=1",
])  # fmt: skip
def test_any_address_is_answered(world: World, path: str) -> None:
    for role in (Role.CASE_OFFICER, Role.ADMIN):
        assert world.client(EAST, role).get(path).status_code < 500
        assert world.client(EAST, role).post(path).status_code < 500
    assert Client().get(path).status_code < 500


def test_a_superlong_key_of_an_account_is_not_found(world: World) -> None:
    assert world.client(EAST, Role.SECURITY).post("/security/accounts/" + "9" * 5000 + "/unlock/").status_code == 404
    assert world.client(EAST, Role.SECURITY).post("/security/grants/" + "9" * 30 + "/").status_code == 404
