"""Logging in through the bureau's provider of identity (OpenID Connect): authorization code with PKCE, checked ID token."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from joserfc.errors import JoseError
from requests import RequestException

from fadu.kernel import clock

METADATA_HOURS = 1  # after that the provider's addresses and keys are asked for anew
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
FAULTS = (OAuthError, JoseError, RequestException, ValueError, KeyError, RuntimeError)


class IdentityError(Exception):
    """The provider did not vouch for anybody; the message is for the log of the program."""


def is_on() -> bool:
    """Whether the settings name a provider."""
    return bool(settings.OIDC["issuer"] and settings.OIDC["client_id"])


@lru_cache(maxsize=2)
def _client(issuer: str, client_id: str, client_secret: str, hour: int) -> Any:
    """The client for one provider, with its metadata read and checked: the issuer is itself, keys are asymmetric."""
    client = OAuth().register(
        "fadu", overwrite=True, client_id=client_id, client_secret=client_secret or None,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": 10},
    )  # fmt: skip
    metadata = client.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != issuer:
        raise IdentityError(f"the provider calls itself {metadata.get('issuer')} and not {issuer}")
    # HS256 would let whoever knows the client's secret sign; “none” would let anybody
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
    return client


def client() -> Any:
    """The client of the settings; raises IdentityError when the provider does not answer properly."""
    conf = settings.OIDC
    hour = int(clock.now().timestamp()) // (METADATA_HOURS * 3600)
    try:
        return _client(conf["issuer"], conf["client_id"], conf["client_secret"], hour)
    except FAULTS as error:
        raise IdentityError(f"{type(error).__name__}: {error}") from error


def leave_for_provider(request: HttpRequest, callback: str) -> HttpResponseRedirect:
    """Send the visitor to the provider; state, nonce and the code verifier stay in the session."""
    answer: HttpResponseRedirect = client().authorize_redirect(request, callback)
    return answer


def come_back(request: HttpRequest) -> tuple[str, str, str]:
    """Change the code for tokens and check the ID token; answers (subject with its issuer, name, the token itself).

    Checked: state and code verifier of this very session, signature by the provider's published keys, issuer,
    audience, expiry and nonce. Raises IdentityError when anything is wrong.
    """
    conf = settings.OIDC
    found = client()
    issuer = found.server_metadata["issuer"]
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": conf["client_id"]},
        "sub": {"essential": True},
        "nonce": {"essential": True},
    }
    try:
        token = found.authorize_access_token(request, claims_options=options, leeway=60)
        claims = token["userinfo"]
        return f"{issuer}#{claims['sub']}"[:255], str(claims.get(conf["claim"]) or ""), str(token["id_token"])
    except FAULTS as error:
        raise IdentityError(f"{type(error).__name__}: {error}") from error


def farewell(id_token: str, back: str) -> str:
    """The provider's address that ends its session too and leads back to ``back``; empty when it offers none."""
    try:
        return str(client().create_logout_url(post_logout_redirect_uri=back, id_token_hint=id_token)["url"])
    except (*FAULTS, IdentityError):
        return ""
