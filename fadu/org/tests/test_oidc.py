"""Logging in through a real provider of identity, started as a process of its own, over loopback."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from fadu.org import oidc
from fadu.org.models import LoginRecord, User
from fadu.org.roles import Role
from fadu.org.services import factor
from fadu.org.tests import universe
from fadu.org.tests.identity_provider import CLIENT, PASSWORD, SECRET

pytestmark = pytest.mark.django_db
PROGRAM = Path(__file__).with_name("identity_provider.py")


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The provider, running."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("provider") / "log"
    with log.open("w") as output, subprocess.Popen([sys.executable, str(PROGRAM), str(port)], stderr=output) as process:
        address = f"http://localhost:{port}/o"
        try:
            for _ in range(300):
                try:
                    if requests.get(f"{address}/.well-known/openid-configuration", timeout=5).ok:
                        break
                except requests.ConnectionError:
                    time.sleep(0.1)
                assert process.poll() is None, log.read_text()
            yield address
        finally:
            process.terminate()


@pytest.fixture
def provider(issuer: str, settings: Any) -> str:
    """The provider named in the settings."""
    oidc._client.cache_clear()
    settings.OIDC = {
        "issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "claim": "preferred_username", "title": "市统一身份认证"
    }  # fmt: skip
    return issuer


@pytest.fixture
def town() -> universe.Town:
    return universe.build()


@pytest.fixture
def user(town) -> User:
    return universe.account(town.of(town.city, Role.CLERK), "lishi")


def form_of(page: requests.Response) -> dict[str, str]:
    """The hidden fields of the page's form."""
    inputs = re.findall(r"<input[^>]*>", page.text)
    pairs = [(re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def vouch(address: str, person: str = "id-lishi", agent: requests.Session | None = None) -> str:
    """What a person does at the provider: log in, agree; answers the address that leads back."""
    agent = agent or requests.Session()
    page = agent.get(address, timeout=10)
    if "password" in page.text:
        form = form_of(page) | {"username": person, "password": PASSWORD}
        page = agent.post(page.url, data=form, timeout=10)
    answer = agent.post(page.url, data=form_of(page) | {"allow": "Authorize"}, timeout=10, allow_redirects=False)
    return answer.headers["Location"]


def local(address: str) -> str:
    """Path and query of an address of ours."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def depart(client: Client, target: str = "/people/") -> str:
    answer = client.get(f"/login/identity/?next={target}")
    assert answer.status_code == 302
    return answer["Location"]


def test_a_person_vouched_for_is_let_in_and_the_account_is_bound(client, provider, user):
    assert "市统一身份认证" in client.get("/login/").content.decode()
    asked = parse_qs(urlsplit(depart(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    back = vouch(depart(client))
    answer = client.get(local(back))
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert client.get("/people/").status_code == 200
    user.refresh_from_db()
    assert user.oidc_subject.startswith(f"{provider}#")
    record = LoginRecord.objects.get(outcome="success")
    assert (record.user, record.way) == (user, "oidc")


def test_a_code_works_once_and_only_in_the_session_that_asked(client, provider, user):
    back = local(vouch(depart(client)))
    assert Client().get(back).status_code == 422
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 422
    assert LoginRecord.objects.filter(outcome="failure", reason="oidc_refused").count() == 2


def test_the_wrong_verifier_is_refused_by_the_provider(client, provider, user):
    """PKCE: who steals the code on its way has no verifier."""
    back = local(vouch(depart(client)))
    tamper(client, "code_verifier", "x" * 48)
    assert client.get(back).status_code == 422


def test_a_token_for_another_request_is_refused(client, provider, user):
    """随机数"""
    back = local(vouch(depart(client)))
    tamper(client, "nonce", "another")
    answer = client.get(back)
    assert answer.status_code == 422
    assert "统一身份认证没有通过" in answer.content.decode()
    assert client.get("/people/").status_code == 302


def tamper(client: Client, name: str, value: str) -> None:
    """Change what the session kept for the way back."""
    session = client.session
    kept = [key for key in list(session.keys()) if key.startswith("_state_")]
    for key in kept:
        data = session[key]
        data["data"][name] = value
        session[key] = data
    assert kept
    session.save()


def test_a_token_for_another_client_is_refused(client, provider, user, monkeypatch):
    """受众"""
    back = local(vouch(depart(client)))
    monkeypatch.setitem(oidc.settings.OIDC, "client_id", "another")
    monkeypatch.setattr(oidc, "client", lambda: oidc._client(provider, CLIENT, SECRET, 0))
    assert client.get(back).status_code == 422


def test_a_token_signed_with_a_foreign_key_is_refused(client, provider, user):
    """JWKS: the signature counts, not what the token says of itself."""
    from joserfc.jwk import KeySet, RSAKey

    back = local(vouch(depart(client)))
    found = oidc.client()
    foreign = RSAKey.generate_key(2048, {"kid": found.fetch_jwk_set()["keys"][0]["kid"]})
    found.server_metadata["jwks"] = KeySet([foreign]).as_dict()
    assert client.get(back).status_code == 422


def test_a_provider_that_calls_itself_otherwise_is_not_asked(client, provider, user, settings):
    # the same document from an address that is not the issuer's own; and one that does not answer
    for address in (f"{provider}/../o", "http://127.0.0.1:9/o"):
        settings.OIDC = settings.OIDC | {"issuer": address}
        answer = client.get("/login/identity/")
        assert answer.status_code == 422
        assert "请用用户名和密码登录" in answer.content.decode()


def test_keys_that_anybody_could_use_are_not_taken(provider):
    metadata = oidc.client().load_server_metadata()
    assert "HS256" not in metadata["id_token_signing_alg_values_supported"]
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]


def test_who_has_no_account_here_is_not_given_one(client, provider, user):
    answer = client.get(local(vouch(depart(client), "id-stranger")))
    assert answer.status_code == 422
    assert "没有可用的账号" in answer.content.decode()
    assert User.objects.count() == 1
    assert LoginRecord.objects.get().reason == "oidc_unknown"


def test_a_bound_account_is_not_opened_by_its_name_alone(client, provider, user):
    """用户名在统一身份认证里改给别人用，也打不开原来的账号"""
    user.oidc_subject = f"{provider}#somebody-else"
    user.save()
    assert client.get(local(vouch(depart(client)))).status_code == 422


def test_a_closed_account_stays_closed(client, provider, user):
    User.objects.update(is_active=False)
    assert client.get(local(vouch(depart(client)))).status_code == 422
    user.refresh_from_db()
    assert user.oidc_subject is None


def test_the_second_factor_stands_before_this_door_too(client, provider, user):
    import pyotp

    from fadu.kernel import clock

    factor.begin(user)
    totp = pyotp.TOTP(factor.secret_of(user.second_factor))
    moment = int(clock.now().timestamp())
    factor.confirm(user, totp.at(moment - 30))
    assert client.get(local(vouch(depart(client))))["Location"] == "/login/code/"
    assert client.get("/people/").status_code == 302
    answer = client.post("/login/code/", {"code": totp.at(moment)})
    assert answer["Location"] == "/people/"
    assert LoginRecord.objects.get(outcome="success").way == "oidc"


def test_logging_out_ends_the_session_at_the_provider_too(client, provider, user):
    agent = requests.Session()
    client.get(local(vouch(depart(client), agent=agent)))
    away = client.post("/logout/")["Location"]
    assert away.startswith(f"{provider}/logout/")
    answer = agent.get(away, timeout=10, allow_redirects=False)
    assert answer.headers["Location"].startswith("http://testserver/login/")
    again = agent.get(depart(client), timeout=10)
    assert "password" in again.text


def test_without_a_provider_the_addresses_are_not_there(client):
    assert client.get("/login/identity/").status_code == 404
    assert client.get("/login/identity/back/").status_code == 404
    assert "统一身份" not in client.get("/login/").content.decode()


def test_after_the_provider_nobody_is_sent_to_a_foreign_site(client, provider, user):
    back = vouch(depart(client, "https://evil.example/"))
    assert "evil" not in client.get(local(back))["Location"]
